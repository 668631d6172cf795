//! `cargo xtask map`: the code map of ARCHITECTURE.md, from the files there are.
//!
//! What a line says is written by hand and kept. A file that is new takes the first sentence of its own `//!`; a file that is
//! gone leaves. `tests/tidy/code_map.rs` holds the map to the files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::step::{Failure, root};

const OPEN: &str = "```map\n";
const CLOSE: &str = "```\n";
/// Stands until the file has its `//!`, which tidy asks for.
const UNKNOWN: &str = "(no purpose given)";

/// Rewrites the map inside ARCHITECTURE.md.
pub(crate) fn write() -> Result<(), Failure> {
    let path = root().join("ARCHITECTURE.md");
    let text = fs::read_to_string(&path).map_err(|error| format!("ARCHITECTURE.md: {error}"))?;
    let mut files = BTreeMap::new();
    for folder in ["src-tauri", "tests"] {
        collect(&root(), folder, &mut files).map_err(|error| format!("{folder}: {error}"))?;
    }
    let new =
        updated(&text, &files).ok_or("ARCHITECTURE.md has no block that opens with ```map")?;
    fs::write(&path, new).map_err(|error| format!("ARCHITECTURE.md: {error}"))?;
    println!("ARCHITECTURE.md: {} files in the map", files.len());
    Ok(())
}

/// Every Rust file below a folder, from the root, with its first sentence.
fn collect(root: &Path, folder: &str, files: &mut BTreeMap<String, String>) -> std::io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{folder}/{name}");
        if entry.path().is_dir() {
            if name != "target" && name != "node_modules" && !name.starts_with('.') {
                collect(root, &path, files)?;
            }
        } else if Path::new(&name)
            .extension()
            .is_some_and(|extension| extension == "rs")
        {
            let purpose = purpose(&fs::read_to_string(entry.path())?);
            files.insert(path, purpose);
        }
    }
    Ok(())
}

/// The first sentence of the `//!` at the head of a file.
fn purpose(text: &str) -> String {
    let lines = text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim);
    let paragraph: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    let paragraph = paragraph.join(" ");
    let sentence = paragraph
        .split(". ")
        .next()
        .unwrap_or_default()
        .trim_end_matches('.');
    if sentence.is_empty() {
        UNKNOWN.to_owned()
    } else {
        sentence.to_owned()
    }
}

/// The text with its map block rewritten; nothing where there is no block.
fn updated(text: &str, files: &BTreeMap<String, String>) -> Option<String> {
    let (before, rest) = text.split_once(OPEN)?;
    let (old, after) = rest.split_at(rest.find(CLOSE)?);
    let kept: BTreeMap<&str, &str> = old
        .lines()
        .filter_map(|line| line.trim().split_once(' '))
        .filter(|(_, kept)| kept.trim() != UNKNOWN)
        .collect();
    let mut lines = BTreeMap::new();
    for (file, purpose) in files {
        let path = file.strip_prefix("src-tauri/").unwrap_or(file);
        lines.insert(path.to_owned(), purpose.as_str());
    }
    for folder in folders(files) {
        let library = files.get(&format!("src-tauri/{folder}src/lib.rs"));
        let purpose = library.or_else(|| files.get(&format!("src-tauri/{folder}src/main.rs")));
        lines.insert(folder, purpose.map_or(UNKNOWN, String::as_str));
    }
    let lines = lines.iter().map(|(path, purpose)| {
        let purpose = kept.get(path.as_str()).map_or(*purpose, |kept| kept.trim());
        let indent = if path.ends_with('/') { "" } else { "  " };
        format!("{:<52} {purpose}", format!("{indent}{path}"))
    });
    Some(format!(
        "{before}{OPEN}{}\n{after}",
        lines.collect::<Vec<_>>().join("\n")
    ))
}

/// The crates' folders as the map writes them: `crates/domain/`.
fn folders(files: &BTreeMap<String, String>) -> BTreeSet<String> {
    let names = files.keys().filter_map(|file| {
        file.strip_prefix("src-tauri/crates/")
            .and_then(|rest| rest.split('/').next())
    });
    names.map(|name| format!("crates/{name}/")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_purpose_is_the_first_sentence() {
        assert_eq!(
            purpose("//! Money in\n//! cents. More.\n\nfn a() {}"),
            "Money in cents"
        );
        assert_eq!(purpose("fn a() {}"), UNKNOWN);
    }

    #[test]
    fn words_written_by_hand_stay_and_gone_files_leave() {
        let files = BTreeMap::from(
            [
                ("src-tauri/crates/domain/src/lib.rs", "Pure rules"),
                ("src-tauri/crates/domain/src/money.rs", "Money"),
                ("tests/cli.rs", "The contract"),
            ]
            .map(|(path, purpose)| (path.to_owned(), purpose.to_owned())),
        );
        let text = "# A\n\n```map\n  crates/domain/src/money.rs   by hand\ncrates/gone/src/lib.rs x\n```\nEnd\n";
        let new = updated(text, &files).unwrap();
        let words: Vec<&str> = new.split_whitespace().collect();
        let wanted = "# A ```map crates/domain/ Pure rules crates/domain/src/lib.rs Pure rules \
            crates/domain/src/money.rs by hand tests/cli.rs The contract ``` End";
        assert_eq!(words.join(" "), wanted);
        assert_eq!(updated(&new, &files).unwrap(), new);
        assert_eq!(updated("# No map", &files), None);
        assert!(
            updated("```map\n```\n", &files)
                .unwrap()
                .ends_with("The contract\n```\n")
        );
    }
}
