//! *Comptabilité › TVA*: VAT due per rate with the rows behind it, from month to quarter, and its files.

use std::path::PathBuf;

use crate::harness::Desk;
use crate::journeys::demonstration;

/// The files kept so far, by name.
fn files(desk: &Desk) -> Vec<String> {
    let folder: PathBuf = desk.documents_dir().join("Acquit/Comptabilité/TVA");
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().display().to_string())
        .collect();
    names.sort();
    names
}

async fn in_order(desk: &Desk) {
    assert_eq!(desk.axe().await, []);
    assert_eq!(desk.overflows().await, Vec::<String>::new());
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
    assert_eq!(desk.csp_violations().await, Vec::<String>::new());
}

#[tokio::test]
async fn vat_due_is_shown_per_rate_filtered_and_kept() {
    let desk = demonstration().await;
    desk.click_text("Comptabilité").await;
    desk.wait_text("Préparer le lot n° 1").await;
    desk.click_text("TVA").await;
    desk.wait_text("TVA exigible,").await;
    // The demonstration has receipts of this year.
    desk.choose("Période", "Année").await;
    desk.wait_text("TVA exigible, année").await;
    desk.wait_text("Par taux").await;
    desk.wait_text("Règlement").await;
    desk.screenshot("year").await;
    in_order(&desk).await;

    let all = desk.count("section:last-of-type tbody tr").await;
    desk.click_first(".vat-sums tbody button").await;
    desk.wait_text("Détail à").await;
    desk.wait_text("Tous les taux").await;
    assert!(desk.count("section:last-of-type tbody tr").await <= all);
    desk.screenshot("one-rate").await;
    in_order(&desk).await;
    desk.click_text("Tous les taux").await;
    desk.wait_gone("Détail à").await;

    desk.click_text("Enregistrer en CSV").await;
    desk.wait_text("Fichier enregistré.").await;
    desk.click_text("Enregistrer en PDF").await;
    desk.wait_text(".pdf").await;
    desk.click_text("Encaissements à déclarer (CSV)").await;
    desk.wait_text("Encaissements à déclarer 2").await;
    let names = files(&desk);
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(names[0].starts_with("Encaissements à déclarer ") && names[0].ends_with(".csv"));
    assert!(
        names[1].ends_with(".csv") && names[2].ends_with(".pdf"),
        "{names:?}"
    );

    // A year without any: the one before the last two.
    desk.click_text("Période précédente").await;
    desk.click_text("Période précédente").await;
    desk.click_text("Période précédente").await;
    desk.wait_text("Aucune TVA n’est devenue exigible sur cette période.")
        .await;
    in_order(&desk).await;
    desk.click_text("Période suivante").await;
    desk.wait_text("TVA exigible, année").await;
    desk.choose("Période", "Trimestre").await;
    desk.wait_text("trimestre").await;
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
}
