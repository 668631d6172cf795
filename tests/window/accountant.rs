//! An accountant's month in five clicks: from the home screen to the FEC of last month with its invoices.

use std::path::{Path, PathBuf};

use crate::harness::Desk;
use crate::journeys::demonstration;
use crate::zipped::unzipped;

/// Who counts each click.
struct Hand<'d> {
    desk: &'d Desk,
    clicks: u32,
}

impl Hand<'_> {
    async fn click(&mut self, name: &str) {
        self.clicks += 1;
        self.desk.click_text(name).await;
    }
}

/// The files of the first batch by the end of their names.
fn files(desk: &Desk) -> (PathBuf, PathBuf) {
    let folder = desk.documents_dir().join("Acquit/Comptabilité/Lot 1");
    let files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 2, "{files:?}");
    let ending = |end: &str| {
        let found = files
            .iter()
            .find(|file| file.extension().is_some_and(|it| it == end));
        found.unwrap().clone()
    };
    (ending("txt"), ending("zip"))
}

/// The pieces of the sales in a FEC, and its debit less its credit.
fn read(fec: &Path) -> (Vec<String>, i64) {
    let text = std::fs::read_to_string(fec).unwrap();
    let (mut sold, mut balance) = (Vec::new(), 0);
    for line in text.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let amount = |place: usize| -> i64 { columns[place].replace(',', "").parse().unwrap() };
        balance += amount(11) - amount(12);
        if columns[0] == "VE" {
            sold.push(columns[8].to_owned());
        }
    }
    sold.sort();
    sold.dedup();
    (sold, balance)
}

#[tokio::test]
async fn an_accountants_month_takes_five_clicks_at_most() {
    let desk = demonstration().await;
    let mut hand = Hand {
        desk: &desk,
        clicks: 0,
    };
    hand.click("Comptabilité").await;
    desk.wait_text("Préparer le lot n° 1").await;
    hand.click("Fin du mois dernier").await;
    desk.wait_gone("Fin du mois dernier").await;
    desk.wait_text("équilibrées au centime").await;
    desk.screenshot("ready").await;
    hand.click("Créer le lot pour le cabinet").await;
    desk.wait_text("Lot n° 1 créé.").await;
    assert!(hand.clicks <= 5, "{} clicks", hand.clicks);
    desk.wait_text("-factures.zip").await;
    desk.wait_text("FEC + PDF").await;
    desk.screenshot("written").await;
    assert_eq!(desk.axe().await, []);
    assert_eq!(desk.overflows().await, Vec::<String>::new());

    let (fec, zip) = files(&desk);
    let name = zip.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("DEMONSTRATION-"), "{name}");
    let (sold, balance) = read(&fec);
    assert_eq!(balance, 0);
    let pdfs = unzipped(&std::fs::read(&zip).unwrap());
    let names: Vec<String> = sold.iter().map(|number| format!("{number}.pdf")).collect();
    assert!(
        !names.is_empty(),
        "the demonstration sold something last month"
    );
    assert_eq!(pdfs.keys().cloned().collect::<Vec<String>>(), names);
    assert!(pdfs.values().all(|bytes| bytes.starts_with(b"%PDF-")));

    // Lost, both are written again.
    std::fs::remove_file(&fec).unwrap();
    std::fs::remove_file(&zip).unwrap();
    desk.click_text("Récrire le fichier").await;
    desk.wait_text("Fichier du lot n° 1 récrit").await;
    assert_eq!(files(&desk), (fec, zip));
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
    assert_eq!(desk.csp_violations().await, Vec::<String>::new());
}

#[tokio::test]
async fn without_the_box_there_is_no_zip() {
    let desk = demonstration().await;
    desk.click_text("Comptabilité").await;
    desk.wait_text("équilibrées au centime").await;
    desk.click_text("Factures PDF (ZIP)").await;
    desk.click_text("Créer le lot pour le cabinet").await;
    desk.wait_text("Lot n° 1 créé.").await;
    let folder = desk.documents_dir().join("Acquit/Comptabilité/Lot 1");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1);
    desk.wait_gone("FEC + PDF").await;
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
}
