//! `cargo xtask run`: builds Acquit and plays the demonstration.

use std::fs;
use std::path::{Path, PathBuf};

use crate::step::{Failure, Steps, cargo, root};

const BEFORE: &str = "\
Acquit n’a pas encore de fenêtre : sa démonstration va se jouer, sans clé, ni réseau, ni écran.
  Une entreprise du bâtiment facture, ses clients paient sur un PayPlug simulé, le comptable reçoit ses écritures.
Acquit has no window yet: its demonstration will play, without key, network or screen.
  A building firm invoices, its customers pay on a simulated PayPlug, the accountant gets the entries.
";

/// Builds the command line and plays the whole loop into `target/demonstration`; `more` goes to `acquit-cli demo`.
pub(crate) fn run(more: &[String]) -> Result<(), Failure> {
    println!("{BEFORE}");
    let folder = root().join("target/demonstration");
    let place = folder.to_string_lossy().into_owned();
    let mut steps = Steps::of(2);
    steps.run("build", cargo(&["build", "--package", "acquit-cli"]))?;
    let mut demo = cargo(&[
        "run",
        "--quiet",
        "--package",
        "acquit-cli",
        "--",
        "demo",
        "--out",
        &place,
    ]);
    demo.args(more);
    steps.run("demonstration", demo)?;
    let mut files = Vec::new();
    collect(&folder, &mut files).map_err(|error| format!("{place}: {error}"))?;
    files.sort();
    if !files.iter().any(|file| is_a(file, "pdf")) {
        return Err(format!("the demonstration left no PDF in {place}"));
    }
    println!(
        "\nFactures (PDF, avec lien de paiement et QR code) / Invoices (PDF, with payment link and QR code):"
    );
    files
        .iter()
        .filter(|file| is_a(file, "pdf"))
        .for_each(|file| println!("  {}", file.display()));
    println!("Pour le comptable / For the accountant:");
    let books = files
        .iter()
        .filter(|file| is_a(file, "txt") || is_a(file, "csv"));
    books.for_each(|file| println!("  {}", file.display()));
    Ok(())
}

fn is_a(file: &Path, extension: &str) -> bool {
    file.extension().is_some_and(|found| found == extension)
}

/// Every file below a folder.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
