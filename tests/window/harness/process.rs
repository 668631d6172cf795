//! A program that ends with us: in a process group of its own, killed with all it started when it is dropped, and by the kernel
//! when the thread that started it is gone.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A running program; dropping it ends its whole group.
pub(crate) struct Running {
    /// Its streams, as far as they are piped.
    pub(crate) child: Child,
}

impl Running {
    /// Starts a prepared command. `prepare` adds arguments, environment and streams.
    pub(crate) fn start(
        program: impl AsRef<OsStr>,
        prepare: impl FnOnce(&mut Command),
    ) -> Result<Running, String> {
        use std::os::unix::process::CommandExt;
        let name = program.as_ref().to_string_lossy().into_owned();
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "KILL", "--"])
            .arg(program)
            .process_group(0);
        prepare(&mut command);
        let child = command
            .spawn()
            .map_err(|error| format!("{name} cannot be started: {error}"))?;
        Ok(Running { child })
    }

    /// The first line of its standard output, which must be piped; an empty line is a program that ended without a word.
    pub(crate) fn first_line(&mut self) -> Result<String, String> {
        let output = self.child.stdout.take().ok_or("its output is not piped")?;
        let mut line = String::new();
        BufReader::new(output)
            .read_line(&mut line)
            .map_err(|error| error.to_string())?;
        Ok(line.trim().to_owned())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        signal("KILL", &format!("-{}", self.child.id()));
        self.child.wait().ok();
    }
}

/// Sends a signal to a process, or to a group when the id has a minus before it.
pub(crate) fn signal(name: &str, process: &str) {
    // The shell's own `kill`: the program of that name is not installed everywhere.
    Command::new("sh")
        .args(["-c", "kill -s \"$1\" -- \"$2\"", "sh", name, process])
        .stderr(Stdio::null())
        .status()
        .ok();
}
