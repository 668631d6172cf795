//! Running one command as one step, with its name and duration.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Why a task stopped, in one line.
pub(crate) type Failure = String;

/// The repository's root, where every step runs.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(3).unwrap_or(here).to_owned()
}

/// A command at the repository's root.
pub(crate) fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// The cargo that started this task, at the repository's root.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    command(&program, arguments)
}

/// What a command prints, if it can be run and succeeds.
pub(crate) fn output(mut command: Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The steps of a task: each says its name when it starts and its time when it is done; the first that fails ends the task.
pub(crate) struct Steps {
    total: usize,
    begun: usize,
    done: Vec<(&'static str, Duration)>,
}

impl Steps {
    /// None begun yet, of `total`.
    pub(crate) fn of(total: usize) -> Steps {
        Steps {
            total,
            begun: 0,
            done: Vec::new(),
        }
    }

    /// Runs a command as one step; its output goes through as it comes.
    pub(crate) fn run(&mut self, name: &'static str, mut command: Command) -> Result<(), Failure> {
        self.check(name, || status(&mut command))
    }

    /// Runs a step of our own.
    pub(crate) fn check<T>(
        &mut self,
        name: &'static str,
        step: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.begin(name);
        let start = Instant::now();
        let outcome = step();
        let took = start.elapsed();
        match outcome {
            Ok(value) => {
                println!("      {name}: done in {}", seconds(took));
                self.done.push((name, took));
                Ok(value)
            }
            Err(failure) => Err(format!(
                "step “{name}” failed after {}: {failure}",
                seconds(took)
            )),
        }
    }

    /// Runs the last step, whose own last lines are to be the task's. What it says on standard error, where nextest
    /// says everything, goes to standard output, unchanged.
    pub(crate) fn last(mut self, name: &'static str, mut command: Command) -> Result<(), Failure> {
        self.summary();
        self.begin(name);
        let start = Instant::now();
        command.stderr(std::io::stdout());
        status(&mut command).map_err(|failure| {
            format!(
                "step “{name}” failed after {}: {failure}",
                seconds(start.elapsed())
            )
        })
    }

    fn begin(&mut self, name: &str) {
        self.begun += 1;
        println!("[{}/{}] {name}", self.begun, self.total);
        // A child writes past our buffer: what we said comes first.
        std::io::stdout().flush().ok();
    }

    fn summary(&self) {
        println!("\nPassed so far:");
        for (name, took) in &self.done {
            println!("{:>10}  {name}", seconds(*took));
        }
        println!();
    }
}

/// Runs a command that must succeed.
pub(crate) fn status(command: &mut Command) -> Result<(), Failure> {
    let program = Path::new(command.get_program());
    let program = program
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{program}: {status}")),
        Err(error) => Err(format!("{program} cannot be started: {error}")),
    }
}

/// Seconds to the tenth.
fn seconds(time: Duration) -> String {
    format!("{}.{} s", time.as_secs(), time.subsec_millis() / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_holds_the_workspace() {
        assert!(root().join("Cargo.lock").is_file() && root().join("src-tauri/crates").is_dir());
    }

    #[test]
    fn the_first_step_that_fails_is_named() {
        let mut steps = Steps::of(2);
        assert_eq!(steps.check("fine", || Ok(7)), Ok(7));
        let failure = steps
            .run("missing", Command::new("no-such-program-here"))
            .unwrap_err();
        assert!(failure.contains("“missing” failed"), "{failure}");
        assert!(
            failure.contains("no-such-program-here cannot be started"),
            "{failure}"
        );
    }

    #[test]
    fn a_command_that_fails_has_no_output() {
        assert_eq!(output(Command::new("no-such-program-here")), None);
        assert!(output(cargo(&["--version"])).unwrap().starts_with("cargo "));
        assert_eq!(output(cargo(&["no-such-command"])), None);
    }

    #[test]
    fn times_are_told_to_the_tenth() {
        assert_eq!(seconds(Duration::from_millis(61_290)), "61.2 s");
        assert_eq!(seconds(Duration::ZERO), "0.0 s");
    }
}
