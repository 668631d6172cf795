//! `cargo xtask run`: builds Acquit and opens its window; without a display it plays the demonstration.

use std::fs;
use std::path::{Path, PathBuf};

use crate::setup;
use crate::step::{Failure, Steps, cargo, root};

const WINDOW: &str = "\
Acquit va s’ouvrir dans une fenêtre. Au premier démarrage, choisissez « Essayer » : aucune clé n’est nécessaire.
Acquit is about to open in a window. At the first start choose “Essayer”: no key is needed.
";

const HEADLESS: &str = "\
Aucun écran ici : la démonstration va se jouer sans fenêtre, sans clé et sans réseau.
  Une entreprise du bâtiment facture, ses clients paient sur un PayPlug simulé, le comptable reçoit ses écritures.
No display here: the demonstration will play without window, key or network.
  A building firm invoices, its customers pay on a simulated PayPlug, the accountant gets the entries.
";

/// Opens the window where there is a display (`more` goes to it), else plays the demonstration (`more` goes to `acquit-cli demo`).
pub(crate) fn run(more: &[String]) -> Result<(), Failure> {
    if has_display(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty())) {
        window(more)
    } else {
        demonstration(more)
    }
}

/// Whether a window can be shown: always, but on Linux without X or Wayland.
fn has_display(is_set: impl Fn(&str) -> bool) -> bool {
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

fn window(more: &[String]) -> Result<(), Failure> {
    println!("{WINDOW}");
    let mut steps = Steps::of(4);
    steps.check("what is missing", setup::window)?;
    steps.check("what the interface is made of", setup::interface)?;
    steps.run("build", cargo(&["build", "--package", "acquit-desktop"]))?;
    let mut open = cargo(&["run", "--quiet", "--package", "acquit-desktop", "--"]);
    open.args(more);
    steps.run("window", open)
}

/// Builds the command line and plays the whole loop into `target/demonstration`.
fn demonstration(more: &[String]) -> Result<(), Failure> {
    println!("{HEADLESS}");
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

#[cfg(test)]
mod tests {
    use super::has_display;

    #[test]
    fn a_display_is_x_or_wayland() {
        assert!(has_display(|name| name == "DISPLAY"));
        assert!(has_display(|name| name == "WAYLAND_DISPLAY"));
        assert_eq!(has_display(|_| false), !cfg!(target_os = "linux"));
    }
}
