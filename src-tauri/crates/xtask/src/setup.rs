//! What is missing on this machine, and installing it.

use std::fs;
use std::io::IsTerminal;
use std::path::PathBuf;

use crate::step::{Failure, command, output, root, status};

/// Programs that the tests use, each with the Debian package that brings it.
const PROGRAMS: [(&str, &str); 9] = [
    ("qpdf", "qpdf"),                          // PDF syntax
    ("pdftotext", "poppler-utils"),            // text and pictures of pages
    ("zbarimg", "zbar-tools"),                 // reads the QR code back
    ("chromium", "chromium"),                  // the customer's browser
    ("chromedriver", "chromium-driver"),       // and its remote control
    ("gnome-keyring-daemon", "gnome-keyring"), // a real keychain
    ("dbus-run-session", "dbus"),              // with a bus of its own; the tests start both
    ("python3", "python3"),                    // the outside judges
    ("cc", "build-essential"),                 // SQLite, TLS
];

/// Installs missing Debian packages; other systems are told what is missing.
pub(crate) fn packages() -> Result<(), Failure> {
    let wanted = missing();
    if wanted.is_empty() {
        println!("      nothing is missing");
        return Ok(());
    }
    println!("      missing on this machine: {}", wanted.join(" "));
    if !is_program("apt-get") {
        return Err(format!(
            "this is no Debian; install what corresponds to: {}",
            wanted.join(" ")
        ));
    }
    let user = if output(command("id", &["-u"])).is_some_and(|id| id.trim() == "0") {
        User::Root
    } else if is_program("sudo") {
        // Without a terminal nobody can type the password: better a refusal than a wait.
        User::Sudo {
            may_ask: std::io::stdin().is_terminal(),
        }
    } else {
        return Err(format!(
            "neither root nor sudo; as root: apt-get install {}",
            wanted.join(" ")
        ));
    };
    let apt = |arguments: &[&str]| {
        let line = apt_line(user, arguments);
        status(&mut command(line[0], &line[1..]))
    };
    apt(&["update"])?;
    apt(&[
        &["install", "--yes", "--no-install-recommends"],
        wanted.as_slice(),
    ]
    .concat())?;
    match missing() {
        still if still.is_empty() => Ok(()),
        still => Err(format!(
            "still missing after apt-get install: {}",
            still.join(" ")
        )),
    }
}

/// Who may install packages.
#[derive(Clone, Copy)]
enum User {
    Root,
    Sudo { may_ask: bool },
}

/// The whole command line of one apt-get.
fn apt_line<'a>(user: User, arguments: &[&'a str]) -> Vec<&'a str> {
    let mut line = match user {
        User::Root => vec!["env"],
        User::Sudo { may_ask: true } => vec!["sudo", "env"],
        User::Sudo { may_ask: false } => vec!["sudo", "-n", "env"],
    };
    line.extend(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]);
    line.extend(arguments);
    line
}

/// Debian packages whose program is not there.
fn missing() -> Vec<&'static str> {
    let programs = PROGRAMS.iter().filter(|(program, _)| !is_program(program));
    let mut missing: Vec<&str> = programs.map(|(_, package)| *package).collect();
    // Debian splits what `python3 -m venv` needs from python3.
    if output(command("python3", &["-c", "import ensurepip, venv"])).is_none() {
        missing.push("python3-venv");
    }
    missing
}

fn is_program(name: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(name).is_file())
}

/// A Python with what the outside judges need, made once, and again when the list or the Python changes.
pub(crate) fn judges() -> Result<PathBuf, Failure> {
    let folder = root().join("target/judges");
    let python = folder.join("bin/python");
    let requirements = fs::read_to_string(root().join("tests/judges/requirements.txt"))
        .map_err(|error| format!("tests/judges/requirements.txt: {error}"))?;
    let version = output(command("python3", &["-VV"])).unwrap_or_default();
    let wanted = format!("{version}{requirements}");
    let stamp = folder.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) && python.is_file() {
        println!("      already there: {}", folder.display());
        return Ok(python);
    }
    let place = folder.to_string_lossy().into_owned();
    status(&mut command("python3", &["-m", "venv", "--clear", &place]))?;
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--requirement",
    ];
    let mut install = command(&python.to_string_lossy(), &pip);
    status(install.arg("tests/judges/requirements.txt"))?;
    fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))?;
    Ok(python)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apt_is_called_as_the_user_may() {
        let line = |user| apt_line(user, &["update"]).join(" ");
        let apt = "env DEBIAN_FRONTEND=noninteractive apt-get -qq update";
        assert_eq!(line(User::Root), apt);
        assert_eq!(line(User::Sudo { may_ask: true }), format!("sudo {apt}"));
        assert_eq!(
            line(User::Sudo { may_ask: false }),
            format!("sudo -n {apt}")
        );
    }

    #[test]
    fn a_program_is_looked_for_on_the_path() {
        assert!(is_program("sh") || cfg!(windows));
        assert!(!is_program("no-such-program-here"));
    }
}
