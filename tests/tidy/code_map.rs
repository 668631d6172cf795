//! The code map of ARCHITECTURE.md against the files there are.
//!
//! The map is the fenced block that opens with a line of three backticks and `map`. Each of its lines is a path, at least one
//! space, and a few words on what the file is for; indentation and empty lines are free. A path is relative to `src-tauri/`
//! (`crates/domain/src/money.rs`), or to the root where it begins with `tests/`. A path that ends in `/` is a folder; each
//! crate has such a line.

use std::collections::BTreeSet;

/// Faults of the map: `files` are the Rust files from the root, `folders` the crates' folders (`src-tauri/crates/domain`).
pub(crate) fn faults(architecture: &str, files: &[String], folders: &[String]) -> Vec<String> {
    let Some(block) = block(architecture) else {
        return vec!["ARCHITECTURE.md: no block that opens with ```map".to_owned()];
    };
    let mut faults = Vec::new();
    let mut listed = BTreeSet::new();
    for line in block.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (path, what) = line.split_once(' ').unwrap_or((line, ""));
        if what.trim().is_empty() {
            faults.push(format!("{path}: the map does not say what it is for"));
        }
        if !listed.insert(from_root(path)) {
            faults.push(format!("{path}: twice in the map"));
        }
    }
    let folders = folders.iter().map(|folder| format!("{folder}/"));
    let wanted: BTreeSet<String> = files.iter().cloned().chain(folders).collect();
    let known_folder =
        |path: &str| path.ends_with('/') && wanted.iter().any(|file| file.starts_with(path));
    faults.extend(
        wanted
            .difference(&listed)
            .map(|path| format!("{path}: not in the map")),
    );
    let extra = listed
        .difference(&wanted)
        .filter(|path| !known_folder(path));
    faults.extend(extra.map(|path| format!("{path}: in the map, but not there")));
    faults
}

fn block(architecture: &str) -> Option<&str> {
    let (_, after) = architecture.split_once("\n```map\n")?;
    Some(after.split_once("\n```")?.0)
}

fn from_root(path: &str) -> String {
    if path.starts_with("tests/") {
        path.to_owned()
    } else {
        format!("src-tauri/{path}")
    }
}

mod tests {
    use super::*;

    fn check(map: &str) -> Vec<String> {
        let files = ["src-tauri/crates/domain/src/money.rs", "tests/tidy.rs"].map(str::to_owned);
        faults(
            &format!("# Title\n\n```map\n{map}\n```\n"),
            &files,
            &["src-tauri/crates/domain".to_owned()],
        )
    }

    const TRUE_MAP: &str = "crates/domain/  rules\n  crates/domain/src/money.rs  cents\n\ntests/  outside\ntests/tidy.rs  this";

    #[test]
    fn a_true_map_is_fine() {
        assert_eq!(check(TRUE_MAP), Vec::<String>::new());
    }

    #[test]
    fn a_map_that_lies_is_seen() {
        let without = |part: &str| TRUE_MAP.replace(part, "");
        assert_eq!(
            check(&without("tests/tidy.rs  this")),
            ["tests/tidy.rs: not in the map"]
        );
        assert_eq!(
            check(&without("crates/domain/  rules")),
            ["src-tauri/crates/domain/: not in the map"]
        );
        assert_eq!(check(&without("  cents")).len(), 1);
        let gone = format!("{TRUE_MAP}\ncrates/domain/src/gone.rs  nothing\ncrates/gone/  nothing");
        assert_eq!(check(&gone).len(), 2);
        assert_eq!(check(&format!("{TRUE_MAP}\ntests/tidy.rs  again")).len(), 1);
        assert_eq!(faults("# No map", &[], &[]).len(), 1);
    }
}
