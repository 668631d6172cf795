//! What was paid too much is decided on, a few cents are given up, and cheques go to the bank.

use crate::harness::{Desk, named};
use crate::kinds::{company, finalise, for_marchand};

/// An invoice of 96,60 € for Marchand, of which a cheque brings so much.
async fn with_a_cheque(desk: &Desk, amount: &str, is_too_much: bool) {
    desk.press("Ctrl+n").await;
    desk.wait_text("Avant de finaliser").await;
    for_marchand(desk).await;
    desk.fill("Désignation, ligne 1", "Ballon").await;
    desk.fill("Prix HT, ligne 1", "80,50").await;
    finalise(desk, "Finaliser la facture de 96,60 € pour Marchand ?").await;
    desk.click_text("Enregistrer un règlement").await;
    desk.fill("Montant reçu", amount).await;
    desk.choose("Moyen de paiement", "Chèque").await;
    desk.click_text("Enregistrer le règlement").await;
    if is_too_much {
        desk.click(".dialog input[type=checkbox]").await;
        desk.click_text("Enregistrer le règlement").await;
    }
}

#[tokio::test]
async fn an_overpayment_is_kept_and_its_cheque_goes_to_the_bank() {
    let desk = company().await;
    with_a_cheque(&desk, "100", true).await;
    desk.wait_text("3,40 € payés en trop").await;
    desk.click_text("Décider…").await;
    desk.wait_text("Marchand · 3,40 € payés en trop").await;
    desk.choose("Que faire", "Le garder en avoir à valoir")
        .await;
    desk.fill("Montant", "3,41").await;
    desk.click_text(named("Enregistrer").within(".dialog"))
        .await;
    desk.wait_text("3,40 €").await;
    desk.screenshot("overpayment").await;
    desk.fill("Montant", "3,40").await;
    desk.click_text(named("Enregistrer").within(".dialog"))
        .await;
    desk.wait_text("Trop-perçu de 3,40 € gardé en avoir à valoir")
        .await;
    desk.wait_gone("payés en trop").await;

    desk.click_text("Comptabilité").await;
    desk.wait_text("Chèques à remettre en banque").await;
    desk.fill("Référence du bordereau", "REM-1").await;
    desk.screenshot("cheques").await;
    assert_eq!(desk.overflows().await, Vec::<String>::new());
    desk.click_text("Remettre en banque").await;
    desk.wait_text("REM-1 · 1\u{a0}chèque").await;
    desk.wait_text("Aucun chèque n’attend.").await;
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_few_cents_that_are_missing_are_given_up() {
    let desk = company().await;
    with_a_cheque(&desk, "96,57", false).await;
    desk.wait_text("Réglée en partie").await;
    desk.click_text("Autres actions").await;
    desk.click_text("Solder l’écart…").await;
    desk.wait_text("Marchand · il manque 0,03 €").await;
    desk.click_text(named("Enregistrer").within(".dialog"))
        .await;
    desk.wait_text("Écart de 0,03 € soldé : manquant, passé en charges")
        .await;
    desk.wait_text("Acquittée").await;
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
}
