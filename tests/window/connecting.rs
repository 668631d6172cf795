//! *Paramètres › Paiement en ligne*: keys that are wrong, good, taken back; a computer without a keychain.

use std::net::{Ipv4Addr, SocketAddr};

use acquit_simulator::{Options, Simulator};

use crate::harness::{Desk, DeskOptions, Keychain, named};
use crate::journeys::own_company;

pub(crate) async fn simulator() -> Simulator {
    let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    Simulator::start(any_port, Options::default())
        .await
        .unwrap()
}

pub(crate) async fn desk_at(simulator: &Simulator, keychain: Keychain) -> Desk {
    let desk = Desk::open(DeskOptions {
        keychain,
        arguments: vec!["--api-base".to_owned(), simulator.base_url()],
        ..DeskOptions::default()
    })
    .await;
    own_company(&desk).await;
    desk.click_text("Paramètres").await;
    desk.click_text("Paiement en ligne").await;
    desk.wait_text("Coller la clé secrète").await;
    desk
}

#[tokio::test]
async fn a_wrong_key_is_refused_a_good_one_kept_and_a_revoked_one_told() {
    let simulator = simulator().await;
    let desk = desk_at(&simulator, Keychain::Real).await;
    desk.click_text("Vérifier et activer").await;
    desk.wait_text("Collez la clé secrète").await;
    desk.fill("Clé secrète", "bonjour").await;
    desk.click_text("Vérifier et activer").await;
    desk.wait_text("elle commence par sk_live_ ou sk_test_")
        .await;
    desk.fill("Clé secrète", "sk_test_wrong1234567890").await;
    desk.click_text("Vérifier et activer").await;
    desk.wait_text("Copier pour l’assistance").await;
    desk.fill("Clé secrète", "sk_test_0123456789abcdef").await;
    desk.click_text("Vérifier et activer").await;
    desk.wait_text("Montants acceptés").await;
    desk.wait_text("Paiements à jour").await;
    assert!(!desk.text().await.contains("0123456789abcdef"));
    invoice_for_a_new_customer(&desk).await;
    simulator.handle().revoke_keys(true);
    desk.press("F5").await;
    desk.wait_text("Vérification impossible").await;
    // The list of payments says it too, and what is still there.
    desk.click_text("Paiements en ligne").await;
    desk.wait_text("La dernière vérification n’a pas abouti.")
        .await;
    desk.wait_text("PayPlug refuse cette clé").await;
    desk.wait_text("En attente (test)").await;
    desk.click_text("Paramètres").await;
    desk.click_text("Paiement en ligne").await;
    desk.wait_text("La dernière vérification n’a pas abouti")
        .await;
    simulator.handle().revoke_keys(false);
    desk.press("F5").await;
    desk.wait_text("Paiements à jour").await;
    desk.click_text("Déconnecter…").await;
    desk.wait_text("Déconnecter PayPlug ?").await;
    desk.wait_text("1 lien reste payable").await;
    desk.click_text("Déconnecter").await;
    desk.wait_text("Coller la clé secrète").await;
    simulator.stop().await;
}

#[tokio::test]
async fn without_a_keychain_a_sentence_says_what_to_install_and_the_rest_works() {
    let simulator = simulator().await;
    let mut desk = desk_at(&simulator, Keychain::None).await;
    desk.fill("Clé secrète", "sk_test_0123456789abcdef").await;
    desk.click_text("Vérifier et activer").await;
    desk.wait_text("gnome-keyring").await;
    desk.click_text("Clients").await;
    desk.wait_text("Votre premier client").await;
    desk.click_text("Paramètres").await;
    desk.click_text("Paiement en ligne").await;
    // The service is installed: no restart is asked for.
    desk.start_keychain().await;
    desk.fill("Clé secrète", "sk_test_0123456789abcdef").await;
    desk.click_text("Vérifier et activer").await;
    desk.wait_text("Montants acceptés").await;
    simulator.stop().await;
}

#[tokio::test]
async fn the_key_changes_from_test_to_live_and_back_with_what_becomes_of_open_links() {
    let simulator = simulator().await;
    let payplug = simulator.handle();
    let desk = desk_at(&simulator, Keychain::Real).await;
    desk.wait_text("environ deux jours ouvrés").await;
    desk.wait_text("32 pays").await;
    desk.click_text("Voir les pays").await;
    desk.wait_text("Monaco").await;
    desk.fill("Clé secrète", "sk_test_0123456789abcdef").await;
    desk.click_text("Vérifier et activer").await;
    desk.wait_text("PayPlug est connecté, en mode test").await;
    invoice_for_a_new_customer(&desk).await;
    desk.click_text("Paramètres").await;
    desk.click_text("Paiement en ligne").await;
    desk.click_text("Changer de clé…").await;
    desk.wait_text("1 lien d’essai ouvert est retiré").await;
    desk.fill("Clé secrète", "sk_live_0123456789abcdef").await;
    desk.click_text(named("Vérifier et activer").within(".dialog"))
        .await;
    desk.wait_text("PayPlug est connecté, en réel").await;
    desk.wait_text("conservée dans le trousseau").await;
    desk.press("F5").await;
    desk.click_text("Paiements en ligne").await;
    desk.wait_text("Lien retiré (test)").await;
    desk.click_text("En attente 1").await;
    desk.wait_gone("(test)").await;
    let payments = payplug.payments();
    let modes: Vec<(bool, bool)> = payments
        .iter()
        .map(|payment| (payment.is_live, payment.is_aborted))
        .collect();
    assert_eq!(modes, [(false, true), (true, false)]);

    desk.click_text("Paramètres").await;
    desk.click_text("Paiement en ligne").await;
    desk.choose("3-D Secure", "Toujours demander").await;
    desk.wait_text("3-D Secure : toujours demandé").await;
    desk.click_text("Revenir à la clé de test…").await;
    desk.wait_text("1 lien réel reste payable et surveillé")
        .await;
    desk.click_text("Utiliser la clé de test").await;
    desk.wait_text("PayPlug est connecté, en mode test").await;
    // A live link is still read, with its own key.
    payplug.pay(&payments[1].id, "4242424242424242").unwrap();
    desk.press("F5").await;
    desk.click_text("Paiements en ligne").await;
    desk.click_text("Payés 1").await;
    desk.wait_text("Visa •• 4242").await;
    simulator.stop().await;
}

/// An invoice whose customer is made on the way, without leaving the editor.
pub(crate) async fn invoice_for_a_new_customer(desk: &Desk) {
    draft_for_a_new_customer(desk).await;
    finalise(desk).await;
}

/// A draft of 96,60 € incl. VAT whose customer is made on the way; the editor stays open.
pub(crate) async fn draft_for_a_new_customer(desk: &Desk) {
    desk.press("Ctrl+n").await;
    desk.wait_text("Avant de finaliser").await;
    desk.fill("Client", "Marchand").await;
    desk.click_text("Nouveau client « Marchand »").await;
    desk.wait_value("Nom", "Marchand").await;
    desk.fill("Adresse", "8 impasse des Tuiliers").await;
    desk.fill("Code postal", "37000").await;
    desk.fill("Ville", "Tours").await;
    desk.click_text("Ajouter le client").await;
    desk.wait_value("Client", "Marchand").await;
    desk.fill("Désignation, ligne 1", "Recherche de fuite")
        .await;
    desk.fill("Prix HT, ligne 1", "80,50").await;
}

/// Gives the draft in the editor its number, at the second try.
pub(crate) async fn finalise(desk: &Desk) {
    desk.press("Ctrl+Enter").await;
    desk.wait_text("Elle reçoit son numéro définitif").await;
    desk.press("Escape").await;
    desk.wait_gone("Elle reçoit son numéro définitif").await;
    desk.press("Ctrl+Enter").await;
    desk.wait_text("Elle reçoit son numéro définitif").await;
    desk.click_text("Finaliser").await;
    desk.wait_text("Lien actif").await;
}
