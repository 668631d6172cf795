//! What can happen between a link and its payment: the amount changes while the page is open, a card is refused and another is
//! taken on the same page, the network is away, the payment is only a test.

use acquit_simulator::{Fault, Handle, PaymentSnapshot};

use crate::connecting::{desk_at, invoice_for_a_new_customer, simulator};
use crate::customer::Browser;
use crate::harness::{Desk, Keychain, named};

/// The documented test cards.
pub(crate) const GOOD_CARD: &str = "4242 4242 4242 4242";
const ASKS_3DS: &str = "3787 0081 0990 001";
pub(crate) const LIVE_KEY: &str = "sk_live_0123456789abcdef";
const TEST_KEY: &str = "sk_test_0123456789abcdef";

/// Connects with a key and finalises one invoice of 96,60 € for Marchand.
pub(crate) async fn invoiced(desk: &Desk, key: &str) {
    desk.fill("Clé secrète", key).await;
    desk.click_text("Vérifier et activer").await;
    desk.wait_text("Montants acceptés").await;
    invoice_for_a_new_customer(desk).await;
}

/// The payment that PayPlug made last.
pub(crate) fn last_payment(payplug: &Handle) -> PaymentSnapshot {
    payplug.payments().pop().unwrap()
}

async fn address(desk: &Desk) -> String {
    desk.title_of(".url span").await
}

#[tokio::test]
async fn the_amount_changes_while_the_customer_has_the_page_open() {
    let simulator = simulator().await;
    let payplug = simulator.handle();
    let desk = desk_at(&simulator, Keychain::Real).await;
    invoiced(&desk, LIVE_KEY).await;
    desk.click_text("Copier le lien").await;
    desk.wait_text("Lien copié").await;
    let old = address(&desk).await;
    let browser = Browser::start().await;
    browser.open(&old).await;

    desk.click_text("Enregistrer un règlement").await;
    desk.wait_text("Un lien de 96,60 € est payable.").await;
    desk.wait_text("il ne restera rien à payer").await;
    desk.fill("Montant reçu", "40").await;
    desk.wait_text("remplacé par un lien du reste dû").await;
    desk.click_text("Enregistrer le règlement").await;
    desk.wait_text("Réglée en partie").await;
    desk.wait_text("56,60 €").await;
    // The customer holds the old link: the invoice says so until the new one leaves.
    desk.wait_text("Lien à renvoyer").await;
    browser.pay_here(GOOD_CARD).await;
    assert_ne!(browser.outcome().await, "paid");

    let new = address(&desk).await;
    assert_ne!(new, old);
    desk.click_text("Copier le lien").await;
    desk.wait_gone("Lien à renvoyer").await;
    assert_eq!(browser.pay_with(&new, GOOD_CARD).await, "paid");
    browser.stop().await;
    desk.press("F5").await;
    desk.wait_text("Acquittée").await;
    let paid: Vec<i64> = payplug
        .payments()
        .iter()
        .filter(|payment| payment.is_paid)
        .map(|payment| payment.amount)
        .collect();
    assert_eq!(paid, [5_660]);
    desk.click_text("Paiements en ligne").await;
    desk.wait_text("Lien retiré").await;
    desk.click_text("Payés 1").await;
    desk.wait_gone("Lien retiré").await;
    desk.wait_text("56,60").await;
    simulator.stop().await;
}

#[tokio::test]
async fn a_payment_follows_a_refusal_on_the_same_page() {
    let simulator = simulator().await;
    let desk = desk_at(&simulator, Keychain::Real).await;
    invoiced(&desk, LIVE_KEY).await;
    let browser = Browser::start().await;
    browser.open(&address(&desk).await).await;
    browser.pay_here(ASKS_3DS).await;
    browser.click("decline").await;
    // The page asks again; PayPlug tells nothing of the refusal as long as the customer can go on.
    browser.pay_here(GOOD_CARD).await;
    assert_eq!(browser.outcome().await, "paid");
    browser.stop().await;
    desk.press("F5").await;
    desk.wait_text("Acquittée").await;
    let payments = simulator.handle().payments();
    let [payment] = payments.as_slice() else {
        panic!("one payment, not {payments:?}")
    };
    assert_eq!(payment.attempts.len(), 1);
    desk.click_text("Paiements en ligne").await;
    desk.wait_text("Visa •• 4242").await;
    desk.fill("Chercher un paiement", "4242").await;
    desk.wait_text("Marchand").await;
    desk.fill("Chercher un paiement", "1800").await;
    desk.wait_text("Aucun paiement pour").await;
    simulator.stop().await;
}

#[tokio::test]
async fn a_refused_card_says_why_wherever_it_is_shown() {
    let simulator = simulator().await;
    let payplug = simulator.handle();
    let desk = desk_at(&simulator, Keychain::Real).await;
    invoiced(&desk, LIVE_KEY).await;
    let id = last_payment(&payplug).id;
    payplug.refuse(&id, "insufficient_funds", true).unwrap();
    desk.press("F5").await;
    desk.wait_text("La carte a été refusée").await;
    desk.wait_text("Provision insuffisante.").await;
    desk.click_text("Paiements en ligne").await;
    desk.wait_text("provision insuffisante").await;
    desk.click_text("Refusés 1").await;
    desk.wait_text("Marchand").await;
    desk.click_text("Abandonnés 0").await;
    desk.wait_text("Aucun paiement ici").await;
    desk.click_text("Clients").await;
    desk.click_first(".rows [role=row]").await;
    desk.wait_text("Ses paiements en ligne").await;
    desk.wait_text("provision insuffisante").await;
    simulator.stop().await;
}

#[tokio::test]
async fn an_hour_without_network_loses_nothing_and_does_nothing_twice() {
    let simulator = simulator().await;
    let payplug = simulator.handle();
    let desk = desk_at(&simulator, Keychain::Real).await;
    invoiced(&desk, LIVE_KEY).await;
    let id = last_payment(&payplug).id;
    // Nothing gets through any more; meanwhile the customer pays, and an invoice is made.
    payplug.push_faults(vec![Fault::Reset; 10_000]);
    payplug.pay(&id, "4242424242424242").unwrap();
    desk.press("F5").await;
    desk.wait_text("Vérification impossible").await;
    desk.click_text("Paiements en ligne").await;
    desk.wait_text("PayPlug ne répond pas. Rien n’est perdu")
        .await;
    desk.wait_text("Dernière réussite").await;
    desk.press("Ctrl+n").await;
    desk.wait_text("Avant de finaliser").await;
    desk.fill("Client", "Mar").await;
    desk.click_first(".choices .o").await;
    desk.fill("Désignation, ligne 1", "Robinet").await;
    desk.fill("Prix HT, ligne 1", "50").await;
    desk.press("Ctrl+Enter").await;
    desk.wait_text("Elle reçoit son numéro définitif").await;
    desk.click_text(named("Finaliser").within(".dialog")).await;
    desk.wait_text("En création").await;
    desk.wait_text("Le lien de paiement arrive dès que PayPlug répond.")
        .await;
    // The network is back.
    payplug.clear_faults();
    desk.press("F5").await;
    desk.wait_text("Lien actif").await;
    desk.wait_text("Paiements à jour").await;
    desk.click_text("Paiements en ligne").await;
    desk.click_text("Payés 1").await;
    desk.wait_text("96,60").await;
    desk.click_text("En attente 1").await;
    desk.wait_text("60,00").await;
    let amounts: Vec<i64> = payplug.payments().iter().map(|one| one.amount).collect();
    assert_eq!(amounts, [9_660, 6_000]);
    simulator.stop().await;
}

#[tokio::test]
async fn a_test_payment_never_enters_the_books() {
    let simulator = simulator().await;
    let payplug = simulator.handle();
    let desk = desk_at(&simulator, Keychain::Real).await;
    invoiced(&desk, TEST_KEY).await;
    desk.wait_text("Lien d’essai").await;
    let id = last_payment(&payplug).id;
    payplug.pay(&id, "4242424242424242").unwrap();
    desk.press("F5").await;
    desk.wait_text("Payé (test)").await;
    desk.wait_text("la facture reste due").await;
    desk.wait_text("Reste à recevoir").await;
    assert!(!desk.text().await.contains("Acquittée"));
    desk.click_text("Paiements en ligne").await;
    desk.wait_text("Payé (test)").await;
    desk.wait_text("hors des comptes").await;
    // The sale is in the books, a payment is not.
    desk.click_text("Comptabilité").await;
    desk.wait_text("équilibrée au centime").await;
    desk.wait_text("1 écriture pas encore exportée").await;
    assert!(!desk.text().await.contains("512700"));
    simulator.stop().await;
}

#[tokio::test]
async fn what_is_at_payplug_and_not_here_is_told_and_can_be_put_aside() {
    let simulator = simulator().await;
    let payplug = simulator.handle();
    let desk = desk_at(&simulator, Keychain::Real).await;
    invoiced(&desk, LIVE_KEY).await;
    let stranger = payplug.create_in_portal(26_400).unwrap();
    payplug.pay(&stranger.id, "4242424242424242").unwrap();
    desk.click_text("Paiements en ligne").await;
    desk.press("F5").await;
    desk.wait_text("Chez PayPlug, pas ici").await;
    desk.wait_text("264,00 €").await;
    desk.wait_text("Rien n’a été enregistré.").await;
    // What brought money can be attached to an invoice, or become one.
    desk.click_text("Rattacher…").await;
    desk.wait_text("Quelle facture ce paiement de 264,00 € règle-t-il ?")
        .await;
    desk.press("Escape").await;
    desk.wait_gone("Quelle facture ce paiement").await;
    desk.wait_text("Créer la facture").await;
    assert_eq!(desk.overflows().await, Vec::<String>::new());
    desk.click_text("Écarter").await;
    desk.wait_gone("Chez PayPlug, pas ici").await;
    simulator.stop().await;
}
