//! *Paramètres › Comptabilité*: accounts, journals, customers, the basis of VAT and the accountant's plan by clicks, and
//! the file for the accountant that has them.

use std::path::PathBuf;

use acquit_app::chart::{Chart, Use};

use crate::account::hand_over;
use crate::harness::{Desk, named};
use crate::kinds::{company, finalise, for_marchand};

/// The usual accounts but for the bank, and two of their own.
fn plan() -> String {
    let mut text =
        "Compte;Intitulé\n512100;Crédit Agricole\n512710;PayPlug encaissements\n".to_owned();
    for (one, account) in Chart::default().accounts() {
        if one != Use::Bank {
            text.push_str(&format!("{};{}\n", account.number.as_str(), account.label));
        }
    }
    text.push_str("DURAND;Durand Paul\n");
    text
}

/// The columns of each line of the one FEC of the first batch.
fn fec(desk: &Desk) -> Vec<Vec<String>> {
    let folder = desk.documents_dir().join("Acquit/Comptabilité/Lot 1");
    let files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|file| file.extension().is_some_and(|end| end == "txt"))
        .collect();
    let [file] = files.as_slice() else {
        panic!("one FEC, not {files:?}")
    };
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text.lines().skip(1);
    lines
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect()
}

async fn in_order(desk: &Desk) {
    assert_eq!(desk.axe().await, []);
    assert_eq!(desk.overflows().await, Vec::<String>::new());
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
    assert_eq!(desk.csp_violations().await, Vec::<String>::new());
}

async fn save(desk: &Desk) {
    desk.click_text(named("Enregistrer").within("form")).await;
}

/// Sets accounts, customers and a journal; what is wrong is told beside its field and changes nothing.
async fn set_accounts(desk: &Desk) {
    desk.click_text("Paramètres").await;
    desk.click_text(named("Comptabilité").within(".snav")).await;
    desk.wait_value("Compte PayPlug", "512700").await;
    desk.wait_value("Journal Ventes", "VE").await;
    in_order(desk).await;
    desk.fill("Compte PayPlug", "401000").await;
    desk.fill("Journal Ventes", "BQ").await;
    save(desk).await;
    desk.wait_text("Ce compte doit commencer par").await;
    assert_eq!(desk.count("[data-path=payplug] .err").await, 1);
    assert!(desk.count("[data-path^=journal_] .err").await >= 1);
    desk.screenshot("refused").await;
    in_order(desk).await;
    desk.fill("Compte PayPlug", "512710").await;
    desk.fill("Journal Ventes", "VT").await;
    desk.choose("Comptes clients", "Un seul compte pour tous les clients")
        .await;
    save(desk).await;
    desk.wait_text("Comptes enregistrés").await;
    assert_eq!(desk.count("form .err").await, 0);
    desk.wait_value("Compte PayPlug", "512710").await;
}

/// Takes in the accountant's plan: an account that it does not have is chosen anew.
async fn take_plan(desk: &Desk) {
    hand_over(desk, 0, "plan.csv", "Bonjour").await;
    desk.wait_text("Aucun compte n’a été trouvé dans ce fichier")
        .await;
    hand_over(desk, 0, "plan.csv", &plan()).await;
    desk.wait_text("1 ligne n’a pas été comprise").await;
    desk.wait_text("DURAND;Durand Paul").await;
    desk.wait_text("Ce compte n’est pas dans le plan comptable importé")
        .await;
    assert_eq!(desk.count("[data-path=bank] .err").await, 1);
    desk.screenshot("plan").await;
    in_order(desk).await;
    desk.fill("Banque", "512100").await;
    // The list of the plan's accounts is out of the way.
    desk.press("Tab").await;
    save(desk).await;
    desk.wait_text("Crédit Agricole").await;
    assert_eq!(desk.count("form .err").await, 0);
}

/// VAT falls due with the invoice from today on.
async fn change_basis(desk: &Desk) {
    desk.choose("Régime", "Sur les débits (à la facture)").await;
    desk.fill("À partir du", "01/01/2020").await;
    desk.click_text("Changer le régime").await;
    desk.wait_text("La date est avant celle de l’opération concernée")
        .await;
    assert_eq!(desk.count("[data-path=from] .err").await, 1);
    let today = acquit_app::Parts::system().today();
    desk.fill("À partir du", &today.strftime("%d/%m/%Y").to_string())
        .await;
    desk.click_text("Changer le régime").await;
    desk.wait_text("Régime de TVA enregistré").await;
    desk.screenshot("set").await;
    in_order(desk).await;
}

#[tokio::test]
async fn what_is_set_is_in_the_file_for_the_accountant() {
    let desk = company().await;
    set_accounts(&desk).await;
    take_plan(&desk).await;
    change_basis(&desk).await;

    desk.press("Ctrl+n").await;
    desk.wait_text("Avant de finaliser").await;
    for_marchand(&desk).await;
    desk.fill("Désignation, ligne 1", "Ballon").await;
    desk.fill("Prix HT, ligne 1", "100").await;
    finalise(&desk, "Finaliser la facture de 120,00 € pour Marchand ?").await;
    desk.click_text("Enregistrer un règlement").await;
    desk.fill("Montant reçu", "120").await;
    desk.click_text("Enregistrer le règlement").await;
    desk.wait_text("Acquittée").await;

    desk.click_text("Comptabilité").await;
    desk.click_text("Compte PayPlug").await;
    desk.click_text("Saisir un mouvement").await;
    desk.fill("Numéro de la facture", "FA-1").await;
    desk.fill("Montant HT", "10").await;
    desk.fill("TVA", "2").await;
    desk.click_text("Voir l’écriture").await;
    desk.wait_text("512710 PayPlug").await;
    desk.click_text("Enregistrer l’écriture").await;
    desk.wait_text("écriture enregistrée").await;

    // The preview has the codes that are written.
    desk.click_text("Exports").await;
    desk.wait_text("équilibrées au centime").await;
    let codes =
        "return [...document.querySelectorAll('[aria-labelledby=by-journal] tbody td:first-child')]
        .map((cell) => cell.textContent).join(' ');";
    assert_eq!(desk.script(codes, Vec::new()).await.unwrap(), "BQ PP VT");
    desk.screenshot("preview").await;
    in_order(&desk).await;
    desk.click_text("Créer le lot pour le cabinet").await;
    desk.wait_text("Lot n° 1 créé.").await;
    let rows = fec(&desk);
    let mut accounts: Vec<(&str, &str)> = rows
        .iter()
        .map(|row| (row[0].as_str(), row[4].as_str()))
        .collect();
    accounts.sort_unstable();
    assert_eq!(
        accounts,
        [
            ("BQ", "411000"),
            ("BQ", "512100"),
            ("PP", "445660"),
            ("PP", "512710"),
            ("PP", "627800"),
            ("VT", "411000"),
            ("VT", "445711"),
            ("VT", "704000"),
        ]
    );
    assert!(
        rows.iter().all(|row| row[6].is_empty()),
        "one account for all"
    );
}
