//! The loop, as its people live it: a new invoice, a card in a browser, *Acquittée* without a click, the export.

use crate::customer::Browser;
use crate::harness::{Desk, DeskOptions, named};

/// Opens the demonstration company from the first start.
pub(crate) async fn demonstration() -> Desk {
    let desk = Desk::open(DeskOptions::default()).await;
    desk.wait_text("Par quoi commencer ?").await;
    desk.click_text("Essayer").await;
    desk.wait_text("Entreprise de démonstration.").await;
    desk.wait_text("Derniers paiements").await;
    desk
}

/// Writes an invoice of one line and finalises it; its number.
async fn finalised(desk: &Desk, title: &str, price: &str) -> String {
    desk.click_text("Nouvelle facture").await;
    desk.wait_text("Avant de finaliser").await;
    desk.fill("Client", "a").await;
    desk.press("Down").await;
    desk.press("Enter").await;
    desk.fill("Objet", title).await;
    desk.fill("Désignation, ligne 1", "Dépannage de la chaudière")
        .await;
    desk.fill("Prix HT, ligne 1", price).await;
    desk.press("Tab").await;
    desk.wait_text("Enregistré à").await;
    desk.click_text("Finaliser…").await;
    desk.wait_text("Elle reçoit son numéro définitif").await;
    desk.click_text(named("Finaliser").within(".dialog")).await;
    desk.wait_text("Historique").await;
    desk.wait_text("Lien actif").await;
    number(desk).await
}

async fn number(desk: &Desk) -> String {
    let text = desk.text().await;
    let (_, rest) = text.split_once("Finalisée sous le n° ").unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

/// The address that the person would copy.
async fn address(desk: &Desk) -> String {
    desk.title_of(".url span").await
}

#[tokio::test]
async fn an_invoice_is_paid_from_the_first_start_to_the_export() {
    let desk = demonstration().await;
    let number = finalised(&desk, "Chaudière de la loge", "100").await;
    desk.wait_text("120,00 € TTC").await;
    let browser = Browser::start().await;
    let outcome = browser
        .pay_with(&address(&desk).await, "4242 4242 4242 4242")
        .await;
    assert_eq!(outcome, "paid");
    browser.stop().await;
    // Nobody clicks: the background check sees it.
    desk.wait_text("Acquittée").await;
    desk.wait_text("120,00 € reçus de").await;
    desk.wait_text(&format!("{number} est acquittée.")).await;

    desk.click_text("Comptabilité").await;
    desk.wait_text("équilibrées au centime").await;
    desk.click_text("Créer le lot pour le cabinet").await;
    desk.wait_text("Lot n° 1 créé.").await;
    let folder = desk.documents_dir().join("Acquit/Comptabilité/Lot 1");
    let files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|file| file.extension().is_none_or(|end| end != "zip"))
        .collect();
    let [file] = files.as_slice() else {
        panic!("one file, not {files:?}")
    };
    let bytes = std::fs::read(file).unwrap();
    let written = String::from_utf8_lossy(&bytes);
    let card: Vec<&str> = written
        .lines()
        .filter(|line| line.starts_with("PP\t") && line.contains(&number))
        .collect();
    assert!(
        card.iter()
            .any(|line| line.contains("\t512700\t") || line.contains("\t511")),
        "{number} is not in the PayPlug journal of {}:\n{written}",
        file.display()
    );
    assert_eq!(desk.csp_violations().await, Vec::<String>::new());
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_refused_card_is_told_and_settles_nothing() {
    let desk = demonstration().await;
    let number = finalised(&desk, "Robinet de la cave", "50").await;
    let browser = Browser::start().await;
    let outcome = browser
        .pay_with(&address(&desk).await, "4000 0000 0000 0051")
        .await;
    assert_ne!(outcome, "paid");
    browser.stop().await;
    desk.wait_text("La carte a été refusée").await;
    desk.wait_text("La banque a refusé la carte.").await;
    desk.wait_text("60,00 € TTC").await;
    desk.click_text("Accueil").await;
    desk.wait_text(&number).await;
    desk.wait_text("Carte refusée pour").await;
}

#[tokio::test]
async fn the_loop_is_done_by_keyboard_alone() {
    let desk = Desk::open(DeskOptions::default()).await;
    desk.wait_text("Par quoi commencer ?").await;
    desk.tab_to("Essayer").await;
    desk.press("Enter").await;
    desk.wait_text("Derniers paiements").await;
    desk.press("Ctrl+n").await;
    desk.wait_text("Avant de finaliser").await;
    desk.tab_to("Client").await;
    desk.type_text("a").await;
    desk.press("Down").await;
    desk.press("Enter").await;
    desk.tab_to("Désignation, ligne 1").await;
    desk.type_text("Débouchage").await;
    desk.press("Enter").await;
    desk.type_text("2").await;
    desk.press("Enter").await;
    desk.type_text("h").await;
    desk.press("Enter").await;
    desk.type_text("45").await;
    desk.press("Tab").await;
    desk.wait_text("108,00 €").await;
    desk.press("Ctrl+Enter").await;
    desk.wait_text("Elle reçoit son numéro définitif").await;
    desk.tab_to("Finaliser").await;
    desk.press("Enter").await;
    desk.wait_text("Lien actif").await;
    let browser = Browser::start().await;
    browser
        .pay_with(&address(&desk).await, "4242 4242 4242 4242")
        .await;
    browser.stop().await;
    desk.wait_text("Acquittée").await;
    desk.tab_to("Comptabilité").await;
    desk.press("Enter").await;
    desk.wait_text("équilibrées au centime").await;
    desk.tab_to("Créer le lot pour le cabinet").await;
    desk.press("Enter").await;
    desk.wait_text("Lot n° 1 créé.").await;
}

#[tokio::test]
async fn what_is_typed_survives_a_power_cut() {
    let mut desk = Desk::open(DeskOptions::default()).await;
    own_company(&desk).await;
    desk.press("Ctrl+n").await;
    desk.fill("Objet", "Fuite au troisième").await;
    desk.fill("Prix HT, ligne 1", "douze").await;
    desk.wait_text("Enregistré à").await;
    desk.kill().await;
    desk.restart().await;
    desk.wait_text("À encaisser").await;
    desk.click_text("Factures").await;
    desk.wait_text("Brouillon").await;
    desk.click_first(".rows [role=row]").await;
    desk.wait_value("Objet", "Fuite au troisième").await;
    desk.wait_value("Prix HT, ligne 1", "douze").await;
}

#[tokio::test]
async fn a_cheque_is_recorded_and_the_invoice_cancelled() {
    let desk = demonstration().await;
    finalised(&desk, "Radiateur", "200").await;
    desk.click_text("Enregistrer un règlement").await;
    desk.wait_text("Moyen de paiement").await;
    desk.fill("Montant reçu", "beaucoup").await;
    desk.click_text("Enregistrer le règlement").await;
    desk.wait_text("Ce n’est pas un nombre").await;
    desk.fill("Montant reçu", "40").await;
    desk.choose("Moyen de paiement", "Chèque").await;
    desk.click_text("Enregistrer le règlement").await;
    desk.wait_text("chèque").await;
    desk.wait_text("200,00 €").await;
    desk.wait_text("Réglée en partie").await;
}

/// Shows the customer of the first invoice behind a filter.
async fn customer_of_first(desk: &Desk, filter: &str) {
    desk.visit(&format!("/factures?filtre={filter}")).await;
    desk.click_first(".rows [role=row]").await;
    desk.wait_text("Historique").await;
    desk.click_first("main a[href*='/clients/']").await;
    desk.wait_text("Ses factures").await;
}

#[tokio::test]
async fn who_owes_something_gets_a_statement_of_account() {
    let desk = demonstration().await;
    customer_of_first(&desk, "late").await;
    desk.screenshot("customer-who-owes").await;
    desk.click_text("Relevé de compte").await;
    desk.wait_text("Relevé enregistré").await;
    let folder = desk.documents_dir().join("Acquit/Relevés");
    let files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let [file] = files.as_slice() else {
        panic!("one file, not {files:?}")
    };
    assert!(std::fs::read(file).unwrap().starts_with(b"%PDF-"));
    assert_eq!(desk.page_errors().await, Vec::<String>::new());

    customer_of_first(&desk, "settled").await;
    desk.wait_gone("Relevé de compte").await;
}

/// Makes a company of one's own by hand.
pub(crate) async fn own_company(desk: &Desk) {
    desk.wait_text("Par quoi commencer ?").await;
    desk.click_text("Créer").await;
    desk.fill("SIRET", "12").await;
    desk.click_text("Continuer").await;
    desk.wait_text("SIRET").await;
    desk.fill("SIRET", "81234567600017").await;
    desk.fill("Raison sociale", "Ferrand Plomberie Chauffage")
        .await;
    desk.fill("Adresse", "14 rue du Port-Neuf").await;
    desk.fill("Code postal", "37540").await;
    desk.fill("Ville", "Saint-Cyr-sur-Loire").await;
    desk.click_text("Continuer").await;
    desk.wait_text("IBAN").await;
    desk.click_text("Continuer").await;
    desk.wait_text("Assureur décennal").await;
    desk.click_text("Créer mon entreprise").await;
    desk.wait_text("Votre première facture").await;
}

#[tokio::test]
async fn what_is_typed_just_before_leaving_is_kept() {
    let desk = demonstration().await;
    desk.press("Ctrl+n").await;
    desk.wait_text("Avant de finaliser").await;
    desk.fill("Objet", "Fuite sous l’évier").await;
    // No pause: the last words are saved as the screen goes.
    desk.visit("/clients").await;
    desk.wait_text("Nouveau client").await;
    desk.visit("/factures?filtre=drafts").await;
    desk.click_first(".rows [role=row]").await;
    desk.wait_value("Objet", "Fuite sous l’évier").await;
}
