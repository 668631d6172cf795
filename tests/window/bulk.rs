//! Several invoices chosen in the list and sent together: what will happen, how far it is, what became of it.

use serde_json::json;

use crate::connecting::simulator;
use crate::harness::{Desk, named};
use crate::mailing::{CUSTOMER, desk_near, mailbox, mails};
use crate::post_office::{PASSWORD, PostOffice};

/// One more invoice for the one customer, from their page.
async fn one_more(desk: &Desk) {
    desk.visit("/clients").await;
    desk.click_first(".rows [role=row]").await;
    desk.click_text("Facturer ce client").await;
    desk.wait_value("Client", "Marchand").await;
    desk.fill("Désignation, ligne 1", "Recherche de fuite")
        .await;
    desk.fill("Prix HT, ligne 1", "80,50").await;
    desk.press("Ctrl+Enter").await;
    desk.wait_text("Elle reçoit son numéro définitif").await;
    desk.click_text("Finaliser").await;
    desk.wait_text("Lien actif").await;
}

/// Chooses the three invoices by their boxes, and asks to send them.
async fn choose_three(desk: &Desk) {
    desk.visit("/factures").await;
    for number in 1..=3 {
        let label = format!("Choisir la facture F-2026-0000{number}");
        desk.click_text(label.as_str()).await;
    }
    desk.wait_text("3 factures").await;
    desk.wait_text("289,80 € à encaisser").await;
}

#[tokio::test]
async fn three_are_chosen_and_sent_and_the_refused_one_is_told() {
    let simulator = simulator().await;
    let mut office = PostOffice::open();
    let desk = desk_near(&simulator, &office).await;
    for _ in 0..2 {
        one_more(&desk).await;
    }
    mailbox(&desk, &office, PASSWORD).await;
    desk.wait_text("Le message d’essai a été accepté").await;

    // Nobody to write to: each is named, with what mends it.
    choose_three(&desk).await;
    desk.press("Escape").await;
    desk.wait_gone("289,80 € à encaisser").await;
    choose_three(&desk).await;
    desk.screenshot("chosen").await;
    desk.click_text(named("Envoyer").within(".selbar")).await;
    desk.wait_text("Aucune facture ne peut partir.").await;
    desk.wait_text("Le client n’a pas d’adresse e-mail.").await;
    desk.click_text(named("Ouvrir la fiche").nth(1)).await;
    desk.fill("E-mail facultatif", CUSTOMER).await;
    desk.wait_text("Enregistré à").await;

    office.follow(&json!([
        { "do": "accept" },
        { "at": "rcpt", "do": { "answer": "550 5.1.1 no such user" } },
    ]));
    choose_three(&desk).await;
    desk.click_text(named("Envoyer").within(".selbar")).await;
    desk.wait_text("3 factures partent").await;
    desk.screenshot("plan").await;
    desk.click_text("Envoyer 3 factures").await;
    desk.wait_text("Envoi terminé").await;
    desk.wait_text("2 sur 3 envoyées").await;
    desk.wait_text("1 facture refusée").await;
    desk.wait_text(&format!("L’adresse {CUSTOMER} est refusée"))
        .await;
    desk.screenshot("summary").await;
    assert_eq!(desk.axe().await, []);
    // The trial of the mailbox, and two of three.
    assert_eq!(mails(&office, 3).await.len(), 3);
    desk.click_text(named("Voir la facture")).await;
    desk.wait_text("Historique").await;

    // What left is not sent again unless somebody wants it.
    choose_three(&desk).await;
    desk.click_text(named("Envoyer").within(".selbar")).await;
    desk.wait_text("2 factures déjà parties").await;
    desk.wait_text("a été refusée").await;
    desk.click_text("Renvoyer aussi celles qui sont déjà parties")
        .await;
    desk.click_text("Envoyer 2 factures").await;
    desk.wait_text("Envoi terminé").await;
    desk.wait_text("2 sur 2 envoyées").await;
    assert_eq!(mails(&office, 5).await.len(), 5);
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
    assert_eq!(desk.csp_violations().await, Vec::<String>::new());
    simulator.stop().await;
}

#[tokio::test]
async fn all_are_chosen_by_the_box_in_the_head_and_by_keys() {
    let simulator = simulator().await;
    let office = PostOffice::open();
    let desk = desk_near(&simulator, &office).await;
    for _ in 0..2 {
        one_more(&desk).await;
    }
    desk.visit("/factures").await;
    desk.click_text("Choisir les 3 factures affichées").await;
    desk.wait_text("289,80 € à encaisser").await;
    desk.click_text("Effacer la sélection").await;
    desk.wait_gone("289,80 € à encaisser").await;
    desk.tab_to("Liste des factures").await;
    desk.press("Space").await;
    desk.wait_text("96,60 € à encaisser").await;
    desk.press("Down").await;
    desk.press("Space").await;
    desk.wait_text("193,20 € à encaisser").await;
    // Without a mailbox the way to one is shown, and nothing can be sent.
    desk.click_text(named("Envoyer").within(".selbar")).await;
    desk.wait_text("Aucune adresse d’envoi n’est réglée.").await;
    desk.click_text("Régler l’envoi").await;
    desk.wait_text("Adresse e-mail").await;
    simulator.stop().await;
}
