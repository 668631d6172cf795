//! `cargo xtask soak` plays many more histories than CI; `cargo xtask mutants` plants faults that the histories alone must find.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::step::{Failure, output, root};

/// Histories of a soak where none are asked for.
const SOAK: u64 = 20_000;
/// Random histories for each base history whose every crash point is tried.
const HISTORIES_A_BASE: u64 = 100;
/// Where the mutations lie.
const MUTATIONS: &str = "tests/mutations";

/// Plays so many histories and the crash points of a hundredth as many, and tells the figures.
pub(crate) fn soak(asked: Option<&String>) -> Result<(), Failure> {
    let histories = match asked {
        None => SOAK,
        Some(text) => text
            .parse()
            .map_err(|_| format!("“{text}” is no number of histories"))?,
    };
    let binary = build(&root())?;
    let start = Instant::now();
    let mut command = Command::new(binary);
    command
        .args(["part", "--nocapture"])
        .env("ACQUIT_HISTORIES", histories.to_string())
        .env("ACQUIT_BASES", (histories / HISTORIES_A_BASE).to_string())
        .stdout(Stdio::piped());
    let mut child = command
        .spawn()
        .map_err(|error| format!("the histories cannot be started: {error}"))?;
    let lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
    let (mut played, mut tried) = (Figures::default(), Figures::default());
    for line in lines.map_while(Result::ok) {
        println!("{line}");
        let Some(figures) = line.split_once("figures: ").map(|(_, figures)| figures) else {
            continue;
        };
        if figures.starts_with("bases=") {
            tried.add(figures);
        } else {
            played.add(figures);
        }
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    println!("random: {}", played.words());
    println!("every crash point: {}", tried.words());
    println!("in {} s", start.elapsed().as_secs());
    if status.success() {
        Ok(())
    } else {
        Err("a history failed: its seed stands above".to_owned())
    }
}

/// Sums of `name=number` words; `seconds` of parts that run side by side are left out.
#[derive(Default)]
struct Figures(BTreeMap<String, u64>);

impl Figures {
    fn add(&mut self, words: &str) {
        for word in words.split_whitespace() {
            let Some((name, number)) = word.split_once('=') else {
                continue;
            };
            if let (true, Ok(number)) = (name != "seconds", number.parse::<u64>()) {
                *self.0.entry(name.to_owned()).or_default() += number;
            }
        }
    }

    fn words(&self) -> String {
        let words = self
            .0
            .iter()
            .map(|(name, number)| format!("{name}={number}"));
        words.collect::<Vec<_>>().join(" ")
    }
}

/// Plants each mutation in a copy of the tree and plays the histories until one of them fails.
pub(crate) fn mutants() -> Result<(), Failure> {
    let tree = root().join("target/mutants/tree");
    copy_tree(&tree)?;
    let mut found = Vec::new();
    let mut survivors = Vec::new();
    for patch in patches()? {
        let name = patch
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        apply(&tree, &patch, false)?;
        let start = Instant::now();
        let outcome = build(&tree).and_then(|binary| first_failure(&binary));
        apply(&tree, &patch, true)?;
        match outcome? {
            Some(line) => {
                println!("{name}: found by {line} ({} s)", start.elapsed().as_secs());
                found.push(name);
            }
            None => survivors.push(name),
        }
    }
    if survivors.is_empty() && !found.is_empty() {
        println!("{} mutations, all found", found.len());
        return Ok(());
    }
    Err(format!("not found: {}", survivors.join(", ")))
}

/// The mutations, by name.
fn patches() -> Result<Vec<PathBuf>, Failure> {
    let folder = root().join(MUTATIONS);
    let entries = fs::read_dir(&folder).map_err(|error| format!("{MUTATIONS}: {error}"))?;
    let mut patches: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "patch"))
        .collect();
    patches.sort();
    Ok(patches)
}

/// Copies what git knows or would know; what is the same already is left alone, so that little is built again.
fn copy_tree(tree: &Path) -> Result<(), Failure> {
    let all = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let listed = output(crate::step::command("git", &all)).ok_or("git ls-files failed")?;
    for name in listed.lines() {
        let (from, to) = (root().join(name), tree.join(name));
        let Ok(bytes) = fs::read(&from) else {
            continue;
        };
        if fs::read(&to).is_ok_and(|there| there == bytes) {
            continue;
        }
        let copied =
            fs::create_dir_all(to.parent().unwrap_or(tree)).and_then(|()| fs::write(&to, bytes));
        copied.map_err(|error| format!("{}: {error}", to.display()))?;
    }
    Ok(())
}

/// Applies a patch to the copy, or takes it back.
fn apply(tree: &Path, patch: &Path, back: bool) -> Result<(), Failure> {
    let mut command = Command::new("git");
    command.arg("apply");
    if back {
        command.arg("--reverse");
    }
    // The copy lies inside a repository and is none of its own.
    command
        .arg(patch)
        .current_dir(tree)
        .env("GIT_CEILING_DIRECTORIES", root().join("target/mutants"));
    crate::step::status(&mut command)
        .map_err(|failure| format!("{} does not apply: {failure}", patch.display()))
}

/// Builds the histories of a tree in its own target folder: cargo tells equal packages of two trees apart by nothing else.
fn build(tree: &Path) -> Result<PathBuf, Failure> {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    // The whole workspace chooses the features: what `cargo xtask test` built is used again.
    let arguments = ["test", "--workspace", "--test", "histories", "--no-run"];
    let built = Command::new(program)
        .args(arguments)
        .current_dir(tree)
        .env("CARGO_TARGET_DIR", tree.join("target"))
        .output()
        .map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&built.stderr).into_owned();
    if !built.status.success() {
        return Err(format!("the histories do not build\n{said}"));
    }
    let path = executable(&said).ok_or("cargo names no executable")?;
    Ok(tree.join(path))
}

/// The path in `Executable tests/histories/main.rs (PATH)`.
fn executable(said: &str) -> Option<&str> {
    let line = said
        .lines()
        .find(|line| line.trim_start().starts_with("Executable"))?;
    line.split_once('(')?.1.strip_suffix(')')
}

/// Plays the histories until one fails; its first line, which names the seed.
fn first_failure(binary: &Path) -> Result<Option<String>, Failure> {
    let mut child = Command::new(binary)
        .args(["part", "--nocapture"])
        .env("RUST_BACKTRACE", "0")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("the histories cannot be started: {error}"))?;
    let lines = BufReader::new(child.stderr.take().ok_or("no output")?).lines();
    let found = lines
        .map_while(Result::ok)
        .find(|line| line.starts_with("seed "));
    // It may have ended by itself.
    child.kill().ok();
    child.wait().map_err(|error| error.to_string())?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mutation_still_applies() {
        let patches = patches().unwrap();
        assert!(patches.len() >= 5, "{patches:?}");
        for patch in patches {
            let mut check = crate::step::command("git", &["apply", "--check"]);
            check.arg(&patch);
            assert_eq!(
                crate::step::status(&mut check),
                Ok(()),
                "{}",
                patch.display()
            );
        }
    }

    #[test]
    fn figures_are_summed() {
        let mut figures = Figures::default();
        figures.add("histories=3 before_work=1 seconds=9");
        figures.add("histories=4 before_work=2 seconds=9");
        assert_eq!(figures.words(), "before_work=3 histories=7");
    }

    #[test]
    fn the_executable_is_named() {
        let said =
            "   Compiling x\n  Executable tests/histories/main.rs (/t/debug/deps/histories-1)\n";
        assert_eq!(executable(said), Some("/t/debug/deps/histories-1"));
        assert_eq!(executable("nothing"), None);
    }
}
