//! What is missing on this machine, and installing it.

use std::fs;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::Command;

use crate::step::{Failure, command, output, root, status};

/// How a Debian package is known to be there.
enum Sign {
    /// Its program is on the path.
    Program(&'static str),
    /// Its library can be linked.
    Library(&'static str),
}
use Sign::{Library, Program};

/// What the window is built with, each with the Debian package that brings it.
const WINDOW: [(Sign, &str); 4] = [
    (Program("cc"), "build-essential"), // SQLite, TLS
    (Program("pkg-config"), "pkg-config"),
    (Library("webkit2gtk-4.1"), "libwebkit2gtk-4.1-dev"),
    (Library("dbus-1"), "libdbus-1-dev"),
];

/// What the tests use beyond that.
const TESTS: [(Sign, &str); 11] = [
    (Program("qpdf"), "qpdf"),                          // PDF syntax
    (Program("pdftotext"), "poppler-utils"),            // text and pictures of pages
    (Program("zbarimg"), "zbar-tools"),                 // reads the QR code back
    (Program("chromium"), "chromium"),                  // the customer's browser
    (Program("chromedriver"), "chromium-driver"),       // and its remote control
    (Program("gnome-keyring-daemon"), "gnome-keyring"), // a real keychain
    (Program("dbus-run-session"), "dbus"), // with a bus of its own; the tests start both
    (Program("python3"), "python3"),       // the outside judges
    (Program("Xvfb"), "xvfb"),             // a screen for the window
    (Program("WebKitWebDriver"), "webkit2gtk-driver"), // and its remote control
    (Program("import"), "imagemagick"),    // pictures of that screen
];

/// Installs what building the window needs.
pub(crate) fn window() -> Result<(), Failure> {
    packages(&|| missing(&[&WINDOW]))
}

/// Installs what the tests need, the window's packages included.
pub(crate) fn tests() -> Result<(), Failure> {
    packages(&|| {
        let mut missing = missing(&[&WINDOW, &TESTS]);
        // Debian splits what `python3 -m venv` needs from python3.
        if output(command("python3", &["-c", "import ensurepip, venv"])).is_none() {
            missing.push("python3-venv");
        }
        missing
    })
}

/// Installs missing Debian packages; other systems are told what is missing.
fn packages(missing: &dyn Fn() -> Vec<&'static str>) -> Result<(), Failure> {
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

/// Installs what the interface is made of, as its lock file says, unless it is there.
pub(crate) fn interface() -> Result<(), Failure> {
    if !is_program("npm") {
        return Err(
            "Node.js is missing: install 20.19 or newer, with npm (https://nodejs.org)".to_owned(),
        );
    }
    let changed = |path: &str| {
        fs::metadata(root().join(path))
            .and_then(|file| file.modified())
            .ok()
    };
    let installed = changed("ui/node_modules/.package-lock.json");
    if installed.is_some() && installed >= changed("ui/package-lock.json") {
        println!("      already there: ui/node_modules");
        return Ok(());
    }
    status(&mut npm(&["ci", "--no-audit", "--no-fund"]))
}

/// npm on the interface.
pub(crate) fn npm(arguments: &[&str]) -> Command {
    command("npm", &[&["--prefix", "ui"], arguments].concat())
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

/// Debian packages that are not there.
fn missing(lists: &[&[(Sign, &'static str)]]) -> Vec<&'static str> {
    let wanted = lists.iter().copied().flatten();
    let missing = wanted.filter(|(sign, _)| match sign {
        Program(program) => !is_program(program),
        Library(name) => output(command("pkg-config", &["--exists", name])).is_none(),
    });
    missing.map(|(_, package)| *package).collect()
}

fn is_program(name: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(name).is_file())
}

/// What the tests' Python needs: the outside judges, and the mail server.
const PYTHON_NEEDS: [&str; 2] = [
    "tests/judges/requirements.txt",
    "tests/smtp/requirements.txt",
];

/// A Python with what the outside judges and the tests' mail server need, made once, and again when a list or the Python
/// changes.
pub(crate) fn judges() -> Result<PathBuf, Failure> {
    python("target/judges", &PYTHON_NEEDS)
}

/// A Python in `folder` with what `lists` name.
pub(crate) fn python(folder: &str, lists: &[&str]) -> Result<PathBuf, Failure> {
    let folder = root().join(folder);
    let python = folder.join("bin/python");
    let mut wanted = output(command("python3", &["-VV"])).unwrap_or_default();
    for list in lists {
        let read = fs::read_to_string(root().join(list));
        wanted.push_str(&read.map_err(|error| format!("{list}: {error}"))?);
    }
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
    ];
    let mut install = command(&python.to_string_lossy(), &pip);
    for list in lists {
        install.args(["--requirement", list]);
    }
    status(&mut install)?;
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
