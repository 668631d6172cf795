//! Runs the binary as an outside program does.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// What a run of the binary gave.
#[derive(Debug)]
pub(crate) struct Run {
    /// Exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) output: String,
    /// Standard error.
    pub(crate) errors: String,
}

impl Run {
    /// The one JSON document on standard output.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.output).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The error of the one JSON document: code, field.
    pub(crate) fn refusal(&self) -> (String, Option<String>) {
        let document = self.json();
        let text = |name: &str| document["error"][name].as_str().map(str::to_owned);
        (
            text("code").unwrap_or_else(|| panic!("no code: {self:?}")),
            text("field"),
        )
    }
}

/// The binary, ready for arguments.
pub(crate) fn binary() -> Command {
    Command::new(env!("CARGO_BIN_EXE_acquit-cli"))
}

/// Runs the binary with arguments and standard input.
pub(crate) fn run_with(arguments: &[&str], input: &[u8]) -> Run {
    ended(binary().args(arguments), input)
}

/// Runs a command to its end.
pub(crate) fn ended(command: &mut Command, input: &[u8]) -> Run {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses before reading closes the pipe: no fault of the test.
    let _ = child.stdin.take().unwrap().write_all(input);
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().unwrap();
    Run {
        code: status.code().unwrap(),
        output: String::from_utf8(stdout).unwrap(),
        errors: String::from_utf8(stderr).unwrap(),
    }
}

/// Runs the binary with arguments.
pub(crate) fn run(arguments: &[&str]) -> Run {
    run_with(arguments, b"")
}

/// Runs a command on a folder with `--json` and expects success.
pub(crate) fn done(arguments: &[&str]) -> Value {
    let run = run(&[arguments, &["--json"]].concat());
    assert_eq!(run.code, 0, "{arguments:?}: {run:?}");
    run.json()
}

/// A file of the real invoices.
pub(crate) fn real(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../tests/fixtures/real")
        .join(name)
}

/// A file of the real invoices as JSON.
pub(crate) fn real_json(name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(real(name)).unwrap()).unwrap()
}

/// A folder with a company file and all the real customers.
#[derive(Debug)]
pub(crate) struct Office {
    /// Removed when dropped.
    pub(crate) folder: tempfile::TempDir,
    /// The company file's folder.
    pub(crate) data: String,
}

impl Office {
    /// Makes it for one of the real companies.
    pub(crate) fn of(company: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("dossier").display().to_string();
        done(&[
            "init",
            "--data",
            &data,
            "--company",
            &real(company).display().to_string(),
        ]);
        let office = Self { folder, data };
        for customer in real_json("customers.json").as_array().unwrap() {
            let file = office.file("customer.json", customer.to_string().as_bytes());
            done(&["customer", "add", "--data", &office.data, &file]);
        }
        office
    }

    /// Writes a file beside the company file and gives its path.
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    /// Everything that can be counted in the file.
    pub(crate) fn contents(&self) -> [Value; 3] {
        [
            done(&["customer", "list", "--data", &self.data]),
            done(&["invoice", "list", "--limit", "1000", "--data", &self.data]),
            done(&["verify", "--data", &self.data]),
        ]
    }
}

/// A simulator in a process of its own, ended when dropped.
#[derive(Debug)]
pub(crate) struct RunningSimulator {
    process: Child,
    /// `http://127.0.0.1:PORT`.
    pub(crate) base: String,
}

impl RunningSimulator {
    /// Starts it and waits for its first line.
    pub(crate) fn start() -> Self {
        let arguments = ["simulator", "--listen", "127.0.0.1:0", "--control"];
        let mut process = binary()
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let base = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap()
            .to_owned();
        Self { process, base }
    }
}

impl Drop for RunningSimulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
