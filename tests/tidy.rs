//! Holds the code to ARCHITECTURE.md: what the compiler does not check. Each rule is tested against planted faults first, so
//! that a rule which sees nothing fails as well.
#![expect(
    clippy::expect_used,
    reason = "a tree that cannot be read fails the run"
)]

use std::fs;
use std::path::Path;

#[path = "tidy/code_map.rs"]
mod code_map;
#[path = "tidy/manifest.rs"]
mod manifest;
#[path = "tidy/rules.rs"]
mod rules;
#[path = "tidy/rules_tests.rs"]
mod rules_tests;
#[path = "tidy/source.rs"]
mod source;

use source::Source;

/// The rule holds in every file of ours.
fn holds(rule: fn(&Source) -> Vec<String>) {
    let sources = source::all_sources();
    assert!(sources.len() > 50, "the tree was not found");
    none(sources.iter().flat_map(rule).collect());
}

/// No fault, or all of them one a line.
fn none(faults: Vec<String>) {
    assert!(
        faults.is_empty(),
        "{} faults\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// The crates' folders from the root, `tests` left out.
fn crate_folders() -> Vec<String> {
    let crates = source::root().join("src-tauri/crates");
    let mut folders: Vec<String> = fs::read_dir(crates)
        .expect("the crates' folder can be listed")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .map(|name| format!("src-tauri/crates/{name}"))
        .collect();
    folders.sort();
    folders
}

#[test]
fn dependencies_go_one_way() {
    let folders = crate_folders();
    assert!(folders.len() > 5, "the crates were not found");
    let mut faults = Vec::new();
    for folder in folders.iter().map(String::as_str).chain(["tests"]) {
        let name = folder.rsplit('/').next().expect("a path has a last part");
        faults.extend(manifest::faults(
            name,
            &source::read(&format!("{folder}/Cargo.toml")),
        ));
    }
    faults.extend(manifest::faults(
        "desktop",
        &source::read("src-tauri/Cargo.toml"),
    ));
    none(faults);
}

#[test]
fn every_crate_inherits_strict_lints() {
    none(manifest::workspace_faults(&source::read("Cargo.toml")));
}

#[test]
fn there_is_no_sql_outside_store() {
    holds(rules::sql_outside_store);
}

#[test]
fn money_quantities_and_rates_are_never_floats() {
    holds(rules::floats_in_money);
}

#[test]
fn files_and_functions_are_short() {
    holds(rules::too_long);
}

#[test]
fn every_file_says_what_it_is_for() {
    holds(rules::undocumented);
}

#[test]
fn rules_know_no_clock_no_chance_and_no_world() {
    holds(rules::impure_rules);
}

#[test]
fn nothing_is_switched_off_or_left_for_later() {
    holds(rules::escapes);
}

#[test]
fn names_say_what_a_thing_knows() {
    holds(rules::vague_names);
}

#[test]
fn no_crate_knows_the_window_framework() {
    holds(rules::tauri_in_a_crate);
}

#[test]
fn no_test_sleeps() {
    holds(rules::sleeping_tests);
}

#[test]
fn modules_of_tests_are_compiled_for_tests_alone() {
    holds(rules::tests_in_the_product);
}

#[test]
fn the_code_map_is_true() {
    let files = source::files_under(&["src-tauri", "tests"], "rs");
    none(code_map::faults(
        &source::read("ARCHITECTURE.md"),
        &files,
        &crate_folders(),
    ));
}

#[test]
fn the_outside_judges_are_the_ones_we_were_given() {
    let ours = source::root().join("tests/judges");
    for judge in [
        "judge_facturx.py",
        "judge_fec.py",
        "judge_simulator.py",
        "requirements.txt",
    ] {
        assert!(
            ours.join(judge).is_file(),
            "tests/judges/{judge} is missing"
        );
    }
    let given = source::root().join("../shared/checks");
    if given.is_dir() {
        none(differences(&given, &ours));
    }
}

#[test]
fn a_changed_judge_is_seen() {
    let ours = source::root().join("tests/judges");
    let changed = tempfile::tempdir().expect("a folder can be made");
    for name in ["judge_fec.py", "requirements.txt"] {
        fs::copy(ours.join(name), changed.path().join(name)).expect("a judge can be copied");
    }
    assert_eq!(
        differences(changed.path(), changed.path()),
        Vec::<String>::new()
    );
    assert_eq!(
        differences(&ours, changed.path()).len(),
        3,
        "three files are missing"
    );
    fs::write(changed.path().join("requirements.txt"), "").expect("a file can be written");
    assert_eq!(
        differences(changed.path(), &ours),
        ["requirements.txt differs"]
    );
}

/// Files of `given` that `ours` lacks or holds otherwise.
fn differences(given: &Path, ours: &Path) -> Vec<String> {
    let mut faults = Vec::new();
    for entry in fs::read_dir(given).expect("the judges' folder can be listed") {
        let entry = entry.expect("the judges' folder can be listed");
        if entry.path().is_file() {
            let name = entry.file_name();
            let theirs = fs::read(entry.path()).expect("a judge can be read");
            if fs::read(ours.join(&name)).ok() != Some(theirs) {
                faults.push(format!("{} differs", name.to_string_lossy()));
            }
        }
    }
    faults.sort();
    faults
}
