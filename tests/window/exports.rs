//! *Comptabilité*: earlier exports are written again and the latest is undone, after a question in plain words.

use std::path::{Path, PathBuf};

use crate::harness::{Desk, named};
use crate::journeys::demonstration;

/// The one export of a batch, beside the ZIP of its invoices.
fn file_of(desk: &Desk, batch: u32) -> PathBuf {
    let folder = desk
        .documents_dir()
        .join(format!("Acquit/Comptabilité/Lot {batch}"));
    let files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|file| file.extension().is_none_or(|end| end != "zip"))
        .collect();
    let [file] = files.as_slice() else {
        panic!("one file, not {files:?}")
    };
    file.clone()
}

fn bytes(file: &Path) -> Vec<u8> {
    std::fs::read(file).unwrap()
}

async fn in_order(desk: &Desk) {
    assert_eq!(desk.axe().await, []);
    assert_eq!(desk.overflows().await, Vec::<String>::new());
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
    assert_eq!(desk.csp_violations().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_lost_file_is_written_again_and_the_latest_export_undone() {
    let desk = demonstration().await;
    desk.click_text("Comptabilité").await;
    desk.wait_text("équilibrées au centime").await;
    desk.wait_text("Préparer le lot n° 1").await;
    desk.wait_text("Aucun lot pour l’instant.").await;
    desk.click_text("Créer le lot pour le cabinet").await;
    desk.wait_text("Lot n° 1 créé.").await;
    desk.wait_text("Rien à exporter jusqu’à cette date.").await;
    let first = file_of(&desk, 1);
    let written = bytes(&first);

    std::fs::remove_file(&first).unwrap();
    desk.click_text("Récrire le fichier").await;
    desk.wait_text("Fichier du lot n° 1 récrit, identique au premier.")
        .await;
    assert_eq!(bytes(&file_of(&desk, 1)), written);
    desk.screenshot("rewritten").await;
    in_order(&desk).await;

    desk.click_text("Annuler cet export…").await;
    desk.wait_text("Annuler l’export du lot n° 1 ?").await;
    desk.wait_text("redeviennent à exporter").await;
    desk.screenshot("undo-asked").await;
    in_order(&desk).await;
    // A look is no undoing.
    desk.press("Escape").await;
    desk.wait_gone("redeviennent à exporter").await;
    desk.wait_text("Rien à exporter jusqu’à cette date.").await;
    desk.click_text("Annuler cet export…").await;
    desk.click_text(named("Annuler cet export").within(".dialog"))
        .await;
    desk.wait_text("Lot n° 1 annulé").await;
    desk.wait_text("Préparer le lot n° 2").await;
    desk.wait_text("équilibrées au centime").await;
    desk.wait_gone("Récrire le fichier").await;
    desk.screenshot("undone").await;
    in_order(&desk).await;

    // The next export takes them again: the same file, in the folder of its own batch.
    desk.click_text("Créer le lot pour le cabinet").await;
    desk.wait_text("Lot n° 2 créé.").await;
    assert_eq!(bytes(&file_of(&desk, 2)), written);
    assert_eq!(desk.count(".batches tbody tr").await, 2);
    in_order(&desk).await;
}
