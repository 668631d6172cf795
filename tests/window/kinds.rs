//! Deposits, situations and final invoices by clicks; a correction; a check list that leads to what mends it.

use std::time::Duration;

use crate::harness::{Desk, DeskOptions, named, wait_until};
use crate::journeys::own_company;

/// A new company, without PayPlug: money comes by other means.
async fn company() -> Desk {
    let desk = Desk::open(DeskOptions::default()).await;
    own_company(&desk).await;
    desk
}

/// Begins a document of a kind of the menu beside *Nouvelle facture*.
async fn begin(desk: &Desk, kind: &str) {
    desk.click_text("Autre type de document").await;
    desk.click_text(kind).await;
    desk.wait_text("Avant de finaliser").await;
}

/// Makes the customer on the way.
async fn for_marchand(desk: &Desk) {
    desk.fill("Client", "Marchand").await;
    desk.click_text("Nouveau client « Marchand »").await;
    desk.wait_value("Nom", "Marchand").await;
    desk.fill("Adresse", "8 impasse des Tuiliers").await;
    desk.fill("Code postal", "37000").await;
    desk.fill("Ville", "Tours").await;
    desk.click_text("Ajouter le client").await;
    desk.wait_value("Client", "Marchand").await;
}

/// Finalises what is in the editor once it asks for this.
async fn finalise(desk: &Desk, question: &str) {
    desk.press("Ctrl+Enter").await;
    desk.wait_text(question).await;
    desk.click_text(named("Finaliser").within(".dialog")).await;
    desk.wait_text("Historique").await;
}

#[tokio::test]
async fn a_deposit_is_paid_and_the_final_invoice_takes_it_off() {
    let desk = company().await;
    begin(&desk, "Facture d’acompte").await;
    desk.wait_text("La TVA de l’acompte est due à son encaissement.")
        .await;
    for_marchand(&desk).await;
    desk.fill("Désignation, ligne 1", "Acompte à la commande")
        .await;
    desk.fill("Prix HT, ligne 1", "300").await;
    finalise(&desk, "Finaliser l’acompte de 360,00 € pour Marchand ?").await;
    desk.wait_text("AC-").await;
    desk.wait_gone("L’acompte est réglé").await;

    desk.click_text("Enregistrer un règlement").await;
    desk.fill("Montant reçu", "360").await;
    desk.click_text("Enregistrer le règlement").await;
    desk.wait_text("Acquittée").await;
    desk.wait_text("L’acompte est réglé : il peut être déduit.")
        .await;
    desk.screenshot("deposit-paid").await;
    desk.click_text("Facture de solde").await;

    desk.wait_text("Nouvelle facture de solde").await;
    desk.wait_value("Client", "Marchand").await;
    desk.fill("Désignation, ligne 1", "Salle de bain").await;
    desk.fill("Prix HT, ligne 1", "1000").await;
    desk.wait_text("Acomptes déduits").await;
    desk.wait_text("840,00 €").await;
    desk.screenshot("final-draft").await;
    finalise(
        &desk,
        "Finaliser la facture de solde de 840,00 € pour Marchand ?",
    )
    .await;
    desk.wait_text("360,00 € d’acomptes déduits").await;
    desk.wait_text("Documents déduits").await;
    desk.click_first(".taken a").await;
    desk.wait_text("Déduite dans F-").await;
    // What a later invoice takes off is neither taken off again nor taken back.
    desk.wait_gone("il peut être déduit").await;
    desk.click_text("Autres actions").await;
    desk.wait_text("Dupliquer").await;
    assert!(!desk.text().await.contains("Corriger…"));
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_deposit_that_is_not_paid_cannot_be_taken_off() {
    let desk = company().await;
    begin(&desk, "Facture d’acompte").await;
    for_marchand(&desk).await;
    desk.fill("Désignation, ligne 1", "Acompte à la commande")
        .await;
    desk.fill("Prix HT, ligne 1", "300").await;
    finalise(&desk, "Finaliser l’acompte de 360,00 €").await;
    desk.press("Ctrl+n").await;
    desk.wait_text("Avant de finaliser").await;
    desk.choose("Type de document", "Facture de solde").await;
    desk.wait_text("Choisissez d’abord le client.").await;
    desk.fill("Client", "Mar").await;
    desk.click_first(".choices .o").await;
    desk.wait_text("pas encore réglé : il se déduit une fois encaissé")
        .await;
    assert_eq!(desk.count(".deduct input:disabled").await, 1);
}

#[tokio::test]
async fn a_situation_is_followed_by_the_next_one() {
    let desk = company().await;
    begin(&desk, "Situation de travaux").await;
    desk.wait_text("Choisissez d’abord le client.").await;
    for_marchand(&desk).await;
    desk.wait_text("Première situation : rien à déduire pour ce client.")
        .await;
    desk.fill("Désignation, ligne 1", "Colonne d’eau").await;
    desk.fill("Prix HT, ligne 1", "1000").await;
    desk.fill("Avancement, ligne 1", "30").await;
    finalise(&desk, "Finaliser la situation de 360,00 € pour Marchand ?").await;
    desk.wait_text("Situation n° 1").await;
    desk.click_text("Situation suivante").await;

    desk.wait_text("Déjà facturé (situations)").await;
    desk.wait_value("Avancement, ligne 1", "30").await;
    desk.fill("Avancement, ligne 1", "70").await;
    desk.wait_text("Travaux réalisés HT").await;
    desk.wait_text("480,00 €").await;
    desk.screenshot("situation-draft").await;
    assert_eq!(desk.overflows().await, Vec::<String>::new());
    finalise(&desk, "Finaliser la situation de 480,00 € pour Marchand ?").await;
    desk.wait_text("Situation n° 2").await;
    desk.wait_text("Documents déduits").await;
    desk.screenshot("situation").await;
    desk.click(".side a[href='#/factures']").await;
    desk.wait_text("Situation n° 1").await;
    desk.wait_text("Situation n° 2").await;
    // The first is taken off by the second: only that one can be gone on from.
    desk.click_first(".rows [role=row]").await;
    desk.wait_text("Situation n° 2 : la suite du chantier.")
        .await;
    desk.click_first(".taken a").await;
    desk.wait_text("Déduite dans F-").await;
    desk.wait_gone("la suite du chantier").await;
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_mistake_is_corrected_by_a_credit_note_and_a_new_draft() {
    let desk = company().await;
    desk.press("Ctrl+n").await;
    desk.wait_text("Avant de finaliser").await;
    for_marchand(&desk).await;
    desk.fill("Désignation, ligne 1", "Recherche de fuite")
        .await;
    desk.fill("Prix HT, ligne 1", "80,50").await;
    finalise(&desk, "Finaliser la facture de 96,60 € pour Marchand ?").await;
    desk.click_text("Autres actions").await;
    desk.click_text("Corriger…").await;
    desk.wait_text("Un avoir l’annule, avec son numéro").await;
    desk.screenshot("correct-dialog").await;
    desk.click_text(named("Annuler et corriger").within(".dialog"))
        .await;
    desk.wait_text("Nouvelle facture").await;
    desk.wait_value("Désignation, ligne 1", "Recherche de fuite")
        .await;
    desk.fill("Prix HT, ligne 1", "70").await;
    finalise(&desk, "Finaliser la facture de 84,00 € pour Marchand ?").await;
    desk.visit("/factures").await;
    desk.wait_text("Annulée").await;
    desk.wait_text("84,00").await;
}

#[tokio::test]
async fn a_draft_is_doubled_with_what_cannot_be_read_yet() {
    let desk = company().await;
    desk.press("Ctrl+n").await;
    desk.wait_text("Avant de finaliser").await;
    desk.fill("Objet", "Fuite sous l’évier").await;
    desk.fill("Désignation, ligne 1", "Dépannage").await;
    desk.wait_text("Enregistré à").await;
    let script = "return location.hash.slice(1);";
    let before = desk.script(script, Vec::new()).await.unwrap();
    desk.click_text("Autres actions").await;
    desk.click_text("Dupliquer").await;
    desk.wait_address_leaves(before.as_str().unwrap()).await;
    desk.wait_value("Désignation, ligne 1", "Dépannage").await;
    desk.visit("/factures?filtre=drafts").await;
    desk.wait_text("Brouillons 2").await;
}

/// Waits until the field of that name has the focus.
async fn wait_focus(desk: &Desk, name: &str) {
    wait_until(Duration::from_secs(15), async || {
        match desk.focused().await {
            focus if focus == name => Ok(()),
            other => Err(format!("“{other}” has the focus, not “{name}”")),
        }
    })
    .await;
}

#[tokio::test]
async fn every_item_of_the_check_list_leads_to_its_field() {
    let desk = company().await;
    desk.press("Ctrl+n").await;
    desk.wait_text("Avant de finaliser").await;
    for_marchand(&desk).await;
    desk.fill("Désignation, ligne 1", "Recherche de fuite")
        .await;
    desk.fill("Prix HT, ligne 1", "80,50").await;
    desk.choose("TVA, ligne 1", "10 %").await;
    let editor = desk
        .script("return location.hash.slice(1);", Vec::new())
        .await
        .unwrap();
    let editor = editor.as_str().unwrap();
    desk.wait_text("L’immatriculation manque").await;
    desk.fill("Désignation, ligne 1", "Recherche de fuite 漢字")
        .await;
    desk.wait_text("Le caractère « 漢 » ne peut pas être imprimé")
        .await;
    desk.screenshot("check-list").await;
    desk.click("[data-mention=character_not_printable] button")
        .await;
    wait_focus(&desk, "Désignation, ligne 1").await;
    desk.fill("Désignation, ligne 1", "Recherche de fuite")
        .await;
    desk.wait_gone("ne peut pas être imprimé").await;

    desk.click("[data-mention=site_address_missing] button")
        .await;
    wait_focus(&desk, "Chantier facultatif").await;
    desk.click("[data-mention=register_missing] a").await;
    wait_focus(&desk, "Immatriculation facultatif").await;
    desk.type_text("RCS Tours").await;
    desk.visit(editor).await;
    desk.wait_text("Avant de finaliser").await;
    desk.wait_gone("L’immatriculation manque").await;
    desk.click("[data-mention=customer_email_missing] a").await;
    wait_focus(&desk, "E-mail facultatif").await;
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
}

#[tokio::test]
async fn each_line_says_what_it_is_where_works_and_goods_are_sold_together() {
    let desk = company().await;
    desk.press("Ctrl+n").await;
    desk.wait_text("Avant de finaliser").await;
    for_marchand(&desk).await;
    desk.fill("Désignation, ligne 1", "Ballon de 300 litres")
        .await;
    desk.fill("Prix HT, ligne 1", "80,50").await;
    desk.click_text("Remises, déductions, référence et notes")
        .await;
    desk.choose("Catégorie", "Services et biens").await;
    desk.choose("Nature, ligne 1", "Fourniture").await;
    desk.screenshot("natures").await;
    assert_eq!(desk.overflows().await, Vec::<String>::new());
    finalise(&desk, "Finaliser la facture de 96,60 € pour Marchand ?").await;
    desk.visit("/comptabilite").await;
    desk.wait_text("707000").await;
    desk.wait_gone("704000").await;
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
}
