//! `cargo xtask test`: everything CI runs, fast checks first.

use crate::setup;
use crate::step::{Failure, Steps, cargo, output};

/// Path of the judges' Python, for the tests.
const JUDGES: &str = "ACQUIT_JUDGES_PYTHON";

/// Libraries of a window; the headless companion carries none.
const WINDOW: [&str; 8] = [
    "tauri",
    "wry",
    "tao",
    "gtk",
    "webkit2gtk",
    "webkit6",
    "javascriptcore",
    "soup3",
];

/// Runs every check and every test; ends with the runner's own summary.
pub(crate) fn test() -> Result<(), Failure> {
    let mut steps = Steps::of(12);
    steps.check("what is missing", setup::tests)?;
    let judges = steps.check("outside judges", setup::judges)?;
    steps.check("what the interface is made of", setup::interface)?;
    steps.run("format", cargo(&["fmt", "--all", "--check"]))?;
    steps.check("acquit-cli without a window", headless)?;
    steps.check("licences and bans", licences)?;
    steps.run("types of the interface", setup::npm(&["run", "check"]))?;
    steps.run("tests of the interface", setup::npm(&["test"]))?;
    let lints = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ];
    steps.run("lints", cargo(&lints))?;
    // With the features that the tests ask for: built once, and the binaries that the contract's tests start are among it.
    steps.run(
        "build",
        cargo(&["test", "--workspace", "--no-run", "--quiet"]),
    )?;
    steps.run(
        "examples in the documentation",
        cargo(&["test", "--workspace", "--doc", "--quiet"]),
    )?;
    let nextest = output(cargo(&["nextest", "--version"])).is_some();
    let mut tests = if nextest {
        cargo(&["nextest", "run", "--workspace", "--no-fail-fast"])
    } else {
        cargo(&[
            "test",
            "--workspace",
            "--lib",
            "--bins",
            "--tests",
            "--no-fail-fast",
        ])
    };
    tests.env(JUDGES, judges);
    steps.last("tests", tests)
}

/// Runs the tests of the window so many times; the first that fails ends it.
pub(crate) fn repeat_window(times: &str) -> Result<(), Failure> {
    let times: u32 = times
        .parse()
        .map_err(|_| format!("“{times}” is no number of times"))?;
    for time in 1..=times {
        println!("run {time} of {times}");
        // The whole workspace chooses the features: what `cargo xtask test` built is used again.
        let run = ["test", "--workspace", "--test", "window", "--quiet"];
        crate::step::status(&mut cargo(&run))?;
    }
    println!("{times} runs without a failure");
    Ok(())
}

/// `cargo build -p acquit-cli` must need no WebKit and no Node.
fn headless() -> Result<(), Failure> {
    let arguments = [
        "tree",
        "--package",
        "acquit-cli",
        "--prefix",
        "none",
        "--edges",
        "normal,build",
    ];
    let tree = output(cargo(&arguments)).ok_or("cargo tree failed")?;
    let crates = tree.lines().filter_map(|line| line.split(' ').next());
    match of_a_window(crates).as_slice() {
        [] => Ok(()),
        found => Err(format!("acquit-cli depends on {}", found.join(", "))),
    }
}

/// Crates that belong to a window: one of the list, its `-sys` binding, or a part of Tauri.
fn of_a_window<'a>(crates: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let of_a_window =
        |name: &&str| WINDOW.contains(&name.trim_end_matches("-sys")) || name.starts_with("tauri-");
    let mut found: Vec<&str> = crates.filter(of_a_window).collect();
    found.dedup();
    found
}

/// cargo-deny takes minutes to build: it is used where it is.
fn licences() -> Result<(), Failure> {
    if output(cargo(&["deny", "--version"])).is_none() {
        println!("      skipped: cargo-deny is not installed (cargo install cargo-deny)");
        return Ok(());
    }
    crate::step::status(&mut cargo(&[
        "deny",
        "--all-features",
        "check",
        "licenses",
        "bans",
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_of_a_window_is_found() {
        let crates = [
            "acquit-app",
            "gtk-sys",
            "webkit2gtk",
            "tauri-utils",
            "tauri",
            "target-lexicon",
        ];
        let found = of_a_window(crates.into_iter());
        assert_eq!(found, ["gtk-sys", "webkit2gtk", "tauri-utils", "tauri"]);
        assert!(of_a_window(["serde", "taoism", "gtkless"].into_iter()).is_empty());
    }
}
