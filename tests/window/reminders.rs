//! Reminders: what is late is proposed at home, looked at, sent with three clicks, and proposed no more.

use std::time::Duration;

use acquit_app::Parts;
use acquit_simulator::Simulator;
use jiff::ToSpan;
use serde_json::json;

use crate::connecting::simulator;
use crate::harness::{Desk, DeskOptions, Keychain, named, wait_until};
use crate::journeys::own_company;
use crate::mailing::{CUSTOMER, mailbox, mails};
use crate::paying::{LIVE_KEY, last_payment};
use crate::post_office::{PASSWORD, PostOffice};

/// A desk whose window trusts the office's certificate, with PayPlug connected and no invoice: a late one must be
/// the first of its series.
async fn desk_without_invoices(simulator: &Simulator, office: &PostOffice) -> Desk {
    let authority = office.authority().display().to_string();
    let desk = Desk::open(DeskOptions {
        keychain: Keychain::Real,
        arguments: vec!["--api-base".to_owned(), simulator.base_url()],
        environment: vec![("SSL_CERT_FILE".to_owned(), authority)],
        ..DeskOptions::default()
    })
    .await;
    own_company(&desk).await;
    desk.click_text("Paramètres").await;
    desk.click_text("Paiement en ligne").await;
    desk.fill("Clé secrète", LIVE_KEY).await;
    desk.click_text("Vérifier et activer").await;
    desk.wait_text("Montants acceptés").await;
    desk
}

/// A day before today in France, as it is typed.
fn days_ago(days: i32) -> String {
    let day = Parts::system().today().saturating_sub(days.days());
    day.strftime("%d/%m/%Y").to_string()
}

/// An invoice of 96,60 € that Marchand should have paid twenty days ago.
async fn late_invoice(desk: &Desk, email: &str) {
    desk.press("Ctrl+n").await;
    desk.wait_text("Avant de finaliser").await;
    desk.fill("Client", "Marchand").await;
    desk.click_text("Nouveau client « Marchand »").await;
    desk.wait_value("Nom", "Marchand").await;
    desk.fill("Adresse", "8 impasse des Tuiliers").await;
    desk.fill("Code postal", "37000").await;
    desk.fill("Ville", "Tours").await;
    desk.fill("E-mail facultatif", email).await;
    desk.click_text("Ajouter le client").await;
    desk.wait_value("Client", "Marchand").await;
    desk.fill("Date", &days_ago(50)).await;
    desk.fill("Échéance", &days_ago(20)).await;
    desk.fill("Désignation, ligne 1", "Recherche de fuite")
        .await;
    desk.fill("Prix HT, ligne 1", "80,50").await;
    desk.press("Ctrl+Enter").await;
    desk.wait_text("Elle reçoit son numéro définitif").await;
    desk.click_text("Finaliser").await;
    desk.wait_text("Lien actif").await;
}

async fn in_order(desk: &Desk) {
    assert_eq!(desk.axe().await, []);
    assert_eq!(desk.overflows().await, Vec::<String>::new());
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
    assert_eq!(desk.csp_violations().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_late_invoice_is_reminded_of_with_three_clicks_and_once() {
    let simulator = simulator().await;
    let office = PostOffice::open();
    let desk = desk_without_invoices(&simulator, &office).await;
    late_invoice(&desk, CUSTOMER).await;
    mailbox(&desk, &office, PASSWORD).await;
    desk.wait_text("Le message d’essai a été accepté").await;
    desk.click_text("Accueil").await;
    desk.wait_text("1 facture en retard, 96,60 €").await;
    desk.wait_text("Elle a 20 jours de retard. La relance est prête.")
        .await;
    desk.screenshot("home").await;

    // One.
    desk.click_text("Relire et envoyer").await;
    desk.wait_text("Marchand").await;
    desk.wait_text("1re relance").await;
    desk.wait_text(&format!("à {CUSTOMER}")).await;
    desk.wait_text("20 jours de retard").await;
    desk.wait_text("96,60 €").await;
    desk.screenshot("proposed").await;
    in_order(&desk).await;
    // Two.
    desk.click_text("Envoyer 1 relance").await;
    desk.wait_text("Envoyer 1 relance ?").await;
    desk.wait_text("À 1 client, pour 96,60 € en tout.").await;
    desk.screenshot("question").await;
    // Three.
    desk.click_text(named("Envoyer").within(".dialog")).await;
    desk.wait_text("1 relance part").await;
    desk.wait_text("Aucune relance aujourd’hui").await;
    desk.screenshot("empty").await;
    in_order(&desk).await;

    // The trial of the mailbox, and the reminder.
    let sent = mails(&office, 2).await.remove(1);
    let link = last_payment(&simulator.handle()).payment_url;
    assert_eq!(sent["envelope"]["to"], json!([CUSTOMER]));
    assert!(sent["text"].as_str().unwrap().contains(&link), "{sent}");
    assert_eq!(sent["links"], json!([link]));
    let subject = sent["headers"]["Subject"].as_str().unwrap();
    assert!(subject.contains("F-"), "{subject}");

    // It is still late, but nobody is reminded again today.
    desk.click_text("Accueil").await;
    desk.wait_text("1 facture en retard, 96,60 €").await;
    desk.wait_text("La plus ancienne a 20 jours.").await;
    desk.wait_gone("Relire et envoyer").await;
    assert_eq!(mails(&office, 2).await.len(), 2);
    simulator.stop().await;
}

#[tokio::test]
async fn what_keeps_a_reminder_back_is_told_and_mended_where_it_stands() {
    let simulator = simulator().await;
    let office = PostOffice::open();
    let desk = desk_without_invoices(&simulator, &office).await;
    late_invoice(&desk, "").await;
    desk.visit("/factures").await;
    desk.click_text("Relances").await;
    desk.wait_text("Aucune adresse d’envoi n’est réglée.").await;
    desk.wait_text("Pas d’adresse e-mail").await;
    desk.screenshot("kept-back").await;
    in_order(&desk).await;
    desk.click_text("Compléter la fiche").await;
    desk.fill("E-mail facultatif", CUSTOMER).await;
    desk.wait_text("Enregistré à").await;
    mailbox(&desk, &office, PASSWORD).await;
    desk.wait_text("Le message d’essai a été accepté").await;

    desk.visit("/relances").await;
    desk.click_text("Voir le message").await;
    desk.wait_text("1re relance pour Marchand").await;
    desk.wait_text("Payer 96,60 € par carte").await;
    desk.screenshot("message").await;
    desk.press("Escape").await;
    desk.wait_gone("1re relance pour Marchand").await;
    // What is put aside is not counted, and nothing can be sent without anything.
    desk.click_text("Envoyer à Marchand : 1re relance").await;
    desk.wait_text("Aucune relance cochée").await;
    desk.click_text("Envoyer à Marchand : 1re relance").await;
    desk.wait_text("Envoyer 1 relance").await;
    desk.click_text("Reporter d’une semaine").await;
    desk.wait_text("Relance reportée d’une semaine").await;
    desk.wait_text("Aucune relance aujourd’hui").await;
    assert_eq!(mails(&office, 1).await.len(), 1);
    simulator.stop().await;
}

#[tokio::test]
async fn steps_are_checked_and_a_customer_can_be_left_in_peace() {
    let simulator = simulator().await;
    let office = PostOffice::open();
    let desk = desk_without_invoices(&simulator, &office).await;
    late_invoice(&desk, CUSTOMER).await;
    desk.visit("/relances").await;
    desk.click_text("Régler les relances").await;
    let second = || named("Jours après l’échéance").within("[data-path='steps.second']");
    // A step that comes before a milder one is not kept.
    desk.fill(second(), "3").await;
    desk.click_text("Enregistrer").await;
    wait_until(Duration::from_secs(15), async || {
        match desk.count("[data-path='steps.second'] .err").await {
            1 => Ok(()),
            others => Err(format!("{others} errors under the second step")),
        }
    })
    .await;
    desk.screenshot("steps").await;
    in_order(&desk).await;
    desk.fill(second(), "16").await;
    desk.click_text("Enregistrer").await;
    desk.wait_text("Relances réglées").await;
    desk.wait_text("Modifier les textes").await;

    desk.visit("/relances").await;
    desk.click_text("Marchand").await;
    desk.click_text("Proposer des relances pour ce client")
        .await;
    desk.screenshot("customer").await;
    desk.click_text("Accueil").await;
    desk.wait_text("La plus ancienne a 20 jours.").await;
    desk.wait_gone("Relire et envoyer").await;
    simulator.stop().await;
}
