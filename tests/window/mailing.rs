//! Mails: a mailbox that is set up, an invoice that leaves with its link, what the owner is told when it does not.

use std::time::Duration;

use acquit_simulator::Simulator;
use serde_json::{Value, json};

use crate::connecting::{invoice_for_a_new_customer, simulator};
use crate::harness::{Desk, DeskOptions, Keychain, named, wait_until};
use crate::journeys::own_company;
use crate::paying::{LIVE_KEY, last_payment};
use crate::post_office::{ADDRESS, PASSWORD, PostOffice};

pub(crate) const CUSTOMER: &str = "jm@client.example";
const MANAGER: &str = "c.petitjean@syndic.example";
const ACCOUNTS: &str = "compta@syndic.example";

/// A desk whose window trusts the office's certificate, with PayPlug connected and one invoice of 96,60 € for Marchand.
pub(crate) async fn desk_near(simulator: &Simulator, office: &PostOffice) -> Desk {
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
    invoice_for_a_new_customer(&desk).await;
    desk
}

/// Types the office's account into *Paramètres › Messagerie*, with some password.
pub(crate) async fn mailbox(desk: &Desk, office: &PostOffice, password: &str) {
    desk.click_text("Paramètres").await;
    desk.click_text("Messagerie").await;
    desk.fill("Adresse e-mail", ADDRESS).await;
    desk.choose("Fournisseur de messagerie", "Autre fournisseur")
        .await;
    desk.fill("Serveur d’envoi", "127.0.0.1").await;
    desk.fill("Port", &office.port).await;
    desk.fill("Mot de passe", password).await;
    desk.click_text("Vérifier et enregistrer").await;
}

/// Opens the one invoice and its composer, and names the customer.
async fn compose(desk: &Desk) {
    desk.visit("/factures").await;
    desk.click_first(".rows [role=row]").await;
    desk.wait_text("Historique").await;
    desk.click_text("Envoyer").await;
    desk.wait_text("Ce que votre client verra").await;
    desk.fill("Destinataires", CUSTOMER).await;
    desk.wait_text("Payer 96,60 € par carte").await;
}

async fn send(desk: &Desk) {
    compose(desk).await;
    desk.click_text("Envoyer à jm@…").await;
    desk.wait_text("E-mail en file d’envoi").await;
}

/// Waits until the office has so many messages.
pub(crate) async fn mails(office: &PostOffice, count: usize) -> Vec<Value> {
    wait_until(Duration::from_secs(20), async || {
        let mails = office.mails();
        if mails.len() == count {
            Ok(mails)
        } else {
            Err(format!("{} messages, not {count}", mails.len()))
        }
    })
    .await
}

#[tokio::test]
async fn a_mailbox_is_set_up_and_an_invoice_leaves_with_its_link() {
    let simulator = simulator().await;
    let office = PostOffice::open();
    let desk = desk_near(&simulator, &office).await;
    desk.visit("/factures").await;
    desk.wait_text("À envoyer").await;
    mailbox(&desk, &office, "un mauvais mot de passe").await;
    desk.wait_text("Votre messagerie refuse le mot de passe")
        .await;
    desk.fill("Mot de passe", PASSWORD).await;
    desk.click_text("Vérifier et enregistrer").await;
    desk.wait_text("Le message d’essai a été accepté").await;
    desk.screenshot("mailbox").await;
    assert!(!desk.text().await.contains(PASSWORD));
    assert_eq!(
        mails(&office, 1).await[0]["envelope"]["to"],
        json!([ADDRESS])
    );
    // Thanks are off until somebody wants them.
    desk.click_text("Textes et pièces jointes").await;
    desk.choose("Après un paiement par carte", "Facture acquittée")
        .await;

    compose(&desk).await;
    desk.click_text("Insérer une variable").await;
    desk.click_text("Échéance {échéance}").await;
    desk.wait_text("à payer avant le").await;
    desk.screenshot("composer").await;
    desk.click_text("Envoyer à jm@…").await;
    desk.wait_text("Envoyée").await;
    let link = last_payment(&simulator.handle()).payment_url;
    let sent = mails(&office, 2).await.remove(1);
    assert_eq!(sent["envelope"]["to"], json!([CUSTOMER]));
    assert!(sent["text"].as_str().unwrap().contains(&link), "{sent}");
    assert_eq!(sent["links"], json!([link]));
    desk.click_text("Facture F-2026-00001").await;
    desk.wait_text("E-mail de F-2026-00001").await;
    desk.screenshot("history").await;
    desk.press("Escape").await;

    let payplug = simulator.handle();
    payplug
        .pay(&last_payment(&payplug).id, "4242424242424242")
        .unwrap();
    desk.press("F5").await;
    desk.wait_text("Acquittée").await;
    let thanks = mails(&office, 3).await.remove(2);
    let subject = thanks["headers"]["Subject"].as_str().unwrap();
    assert_eq!(subject, "Facture F-2026-00001 acquittée");
    assert_eq!(thanks["links"], json!([]));
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
    assert_eq!(desk.csp_violations().await, Vec::<String>::new());
    simulator.stop().await;
}

#[tokio::test]
async fn two_contacts_are_typed_written_to_and_greeted() {
    let simulator = simulator().await;
    let office = PostOffice::open();
    let desk = desk_near(&simulator, &office).await;
    desk.click_text("Clients").await;
    desk.click_first(".rows [role=row]").await;
    desk.wait_value("Adresse", "8 impasse des Tuiliers").await;
    desk.click_text("Ajouter un contact").await;
    let of =
        |place: usize, what: &str| named(what).within(&format!("[data-path='contacts[{place}]']"));
    desk.choose(of(0, "Civilité"), "Madame").await;
    desk.fill(of(0, "Nom"), "Petitjean").await;
    desk.fill(of(0, "Fonction"), "Gérance").await;
    desk.click_text(of(0, "Reçoit les factures")).await;
    // What is missing is said under its field, and what is typed stays.
    desk.wait_text("Indiquez l’adresse à laquelle envoyer les factures.")
        .await;
    desk.fill(of(0, "E-mail"), MANAGER).await;
    desk.wait_gone("Indiquez l’adresse à laquelle envoyer les factures.")
        .await;
    desk.click_text("Ajouter un contact").await;
    desk.fill(of(1, "E-mail"), MANAGER).await;
    desk.wait_text("Un autre contact de ce client a déjà cette adresse.")
        .await;
    desk.screenshot("contacts").await;
    // A refused save loses nothing: the page shows it again.
    desk.visit("/factures").await;
    desk.wait_text("Nouvelle facture").await;
    desk.visit("/clients").await;
    desk.click_first(".rows [role=row]").await;
    desk.wait_text("Petitjean").await;
    desk.fill(of(1, "E-mail"), ACCOUNTS).await;
    desk.click_text(of(1, "Reçoit les factures")).await;
    desk.wait_gone("Un autre contact de ce client a déjà cette adresse.")
        .await;
    desk.wait_text("Enregistré à").await;

    desk.visit("/factures").await;
    desk.click_first(".rows [role=row]").await;
    desk.wait_text("Historique").await;
    desk.click_text("Envoyer").await;
    desk.wait_value("Destinataires", &format!("{MANAGER}, {ACCOUNTS}"))
        .await;
    desk.wait_text("Bonjour Madame Petitjean,").await;
    desk.wait_text("Petitjean, Gérance").await;
    desk.screenshot("composer-contacts").await;
    desk.click_text("Insérer une variable").await;
    desk.wait_text("{civilité}").await;
    desk.press("Escape").await;
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
    assert_eq!(desk.csp_violations().await, Vec::<String>::new());
    simulator.stop().await;
}

#[tokio::test]
async fn a_refused_address_is_on_the_home_screen_with_what_to_do() {
    let simulator = simulator().await;
    let mut office = PostOffice::open();
    let desk = desk_near(&simulator, &office).await;
    mailbox(&desk, &office, PASSWORD).await;
    desk.wait_text("Le message d’essai a été accepté").await;
    office.follow(&json!([{ "at": "rcpt", "do": { "answer": "550 5.1.1 no such user" } }]));
    send(&desk).await;
    desk.wait_text("Refusé").await;
    desk.click_text("Accueil").await;
    desk.wait_text("E-mail refusé pour Marchand").await;
    desk.wait_text("elle n’existe sans doute pas").await;
    desk.screenshot("home").await;
    desk.click_text("Voir").await;
    desk.wait_text(&format!("L’adresse {CUSTOMER} est refusée"))
        .await;
    // The customer says that their box was full: once more.
    desk.click_text("Réessayer").await;
    desk.wait_text("Envoyée").await;
    assert_eq!(
        mails(&office, 2).await[1]["envelope"]["to"],
        json!([CUSTOMER])
    );
    desk.click_text("Accueil").await;
    desk.wait_gone("E-mail refusé pour Marchand").await;
    simulator.stop().await;
}

#[tokio::test]
async fn a_mail_that_may_have_arrived_asks_its_sender() {
    let simulator = simulator().await;
    let mut office = PostOffice::open();
    let desk = desk_near(&simulator, &office).await;
    mailbox(&desk, &office, PASSWORD).await;
    desk.wait_text("Le message d’essai a été accepté").await;
    office.follow(&json!([{ "at": "after", "do": "cut" }]));
    send(&desk).await;
    desk.wait_text("On ne sait pas s’il est arrivé.").await;
    desk.click_text("Accueil").await;
    desk.click_text("Décider").await;
    desk.wait_text("On ne sait pas s’il est arrivé.").await;
    desk.screenshot("unclear").await;
    desk.click_text("Il est arrivé").await;
    desk.wait_text("Envoyée").await;
    // Nobody sent it again.
    assert_eq!(mails(&office, 2).await.len(), 2);
    simulator.stop().await;
}

#[tokio::test]
async fn without_a_mailbox_a_mail_says_how_to_send_it() {
    let simulator = simulator().await;
    let office = PostOffice::open();
    let desk = desk_near(&simulator, &office).await;
    compose(&desk).await;
    desk.wait_text("Aucune adresse d’envoi n’est réglée.").await;
    desk.click_text("Régler l’envoi").await;
    desk.wait_text("Adresse e-mail").await;
    // A mailbox that takes no passwords: no form that can only fail.
    desk.fill("Adresse e-mail", "ferrand@outlook.fr").await;
    desk.wait_gone("Mot de passe").await;
    desk.screenshot("outlook").await;
    desk.visit("/factures").await;
    desk.click_first(".rows [role=row]").await;
    desk.click_text("Envoyer").await;
    // What was typed is still there.
    desk.wait_value("Destinataires", CUSTOMER).await;
    desk.click_text(named("Ouvrir dans ma messagerie")).await;
    wait_until(Duration::from_secs(15), async || {
        let folder = desk.documents_dir().join("Acquit/E-mails");
        let found = std::fs::read_dir(&folder)
            .ok()
            .and_then(|mut folders| folders.next());
        let file = found.map(|folder| folder.unwrap().path().join("Facture F-2026-00001.eml"));
        file.filter(|file| file.is_file())
            .ok_or_else(|| format!("nothing in {}", folder.display()))
    })
    .await;
    simulator.stop().await;
}
