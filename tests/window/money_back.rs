//! Money that goes back: refunds from here and from the portal, chargebacks won and lost, and the decision that follows.

use acquit_simulator::{Handle, Simulator};
use serde_json::json;

use crate::connecting::{desk_at, simulator};
use crate::harness::{Desk, Keychain, named};
use crate::paying::{LIVE_KEY, invoiced, last_payment};

/// A desk whose one invoice, of 96,60 € for Marchand, was paid by card; the payment's id.
async fn paid(simulator: &Simulator) -> (Desk, Handle, String) {
    let payplug = simulator.handle();
    let desk = desk_at(simulator, Keychain::Real).await;
    invoiced(&desk, LIVE_KEY).await;
    let id = last_payment(&payplug).id;
    payplug.pay(&id, "4242424242424242").unwrap();
    desk.press("F5").await;
    desk.wait_text("Acquittée").await;
    desk.wait_text("carte Visa •• 4242").await;
    (desk, payplug, id)
}

fn given_back(payplug: &Handle, id: &str) -> Vec<i64> {
    let payment = payplug.payment(id).unwrap();
    payment.refunds.iter().map(|refund| refund.amount).collect()
}

#[tokio::test]
async fn a_payment_is_given_back_in_two_parts() {
    let simulator = simulator().await;
    let (desk, payplug, id) = paid(&simulator).await;
    desk.click_text("Rembourser…").await;
    desk.wait_text("Les frais du paiement ne sont pas rendus par PayPlug")
        .await;
    desk.wait_text("Rembourser 96,60 € à Marchand ?").await;
    // Paid a moment ago, and refundable from then on: nothing says “not yet”.
    assert!(!desk.text().await.contains("qu’à partir du"));
    desk.click_text("Une partie").await;
    desk.fill("Montant à rembourser", "1000").await;
    desk.click_text(named("Rembourser 1 000,00 €").within(".dialog"))
        .await;
    desk.wait_text("dépasse ce qui peut encore être remboursé (96,60 €)")
        .await;
    assert!(given_back(&payplug, &id).is_empty());
    desk.fill("Montant à rembourser", "30").await;
    desk.click_text(named("Rembourser 30,00 €").within(".dialog"))
        .await;
    desk.wait_text("dont 30,00 € remboursés").await;
    assert_eq!(given_back(&payplug, &id), [3_000]);
    // Nothing more is asked before the owner has chosen.
    desk.wait_text("30,00 € rendus sur").await;
    desk.click_text("Encaisser de nouveau").await;
    desk.wait_text("30,00 € à encaisser de nouveau").await;
    desk.wait_gone("que devient cette somme").await;
    desk.wait_text("Lien actif").await;

    desk.click_text("Autres actions").await;
    desk.click_text("Rembourser…").await;
    desk.wait_text("Rembourser 66,60 € à Marchand ?").await;
    desk.click_text(named("Rembourser 66,60 €").within(".dialog"))
        .await;
    desk.wait_text("dont 96,60 € remboursés").await;
    assert_eq!(given_back(&payplug, &id), [3_000, 6_660]);
    desk.click_text("Paiements en ligne").await;
    desk.click_text("Remboursés 1").await;
    desk.wait_text("−96,60").await;
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
    simulator.stop().await;
}

#[tokio::test]
async fn a_refund_made_in_the_portal_leads_to_a_decision() {
    let simulator = simulator().await;
    let (desk, payplug, id) = paid(&simulator).await;
    payplug.refund(&id, 2_000).unwrap();
    desk.press("F5").await;
    desk.wait_text("dont 20,00 € remboursés").await;
    desk.click_text("Accueil").await;
    desk.wait_text("Argent rendu à Marchand").await;
    desk.click_text("Décider").await;
    desk.wait_text("20,00 € rendus sur").await;
    desk.click_text("Établir un avoir").await;
    desk.wait_text("Établir un avoir de 20,00 € ?").await;
    desk.click_text("Établir l’avoir").await;
    desk.wait_text("Avoir établi").await;
    desk.wait_gone("que devient cette somme").await;
    desk.wait_text("Acquittée").await;
    desk.wait_text("Réduite par l’avoir").await;
    desk.click_text("Accueil").await;
    desk.wait_text("Rien d’autre à décider.").await;
    desk.wait_gone("Argent rendu à Marchand").await;
    simulator.stop().await;
}

/// Records that the bank took everything back.
async fn dispute(desk: &Desk) {
    desk.click_text("Autres actions").await;
    desk.click_text("Enregistrer une contestation…").await;
    desk.wait_value("Montant repris", "96,60").await;
    desk.click_text("Enregistrer la contestation").await;
    desk.wait_text("Contestation de 96,60 € enregistrée").await;
    desk.wait_text("Contestée").await;
}

#[tokio::test]
async fn a_chargeback_asks_which_payment_when_there_were_two() {
    let simulator = simulator().await;
    let (desk, payplug, first) = paid(&simulator).await;
    payplug.refund(&first, 5_000).unwrap();
    desk.press("F5").await;
    desk.wait_text("50,00 € rendus sur").await;
    desk.click_text("Encaisser de nouveau").await;
    desk.wait_text("Lien actif").await;
    let second = last_payment(&payplug).id;
    assert_ne!(second, first);
    payplug.pay(&second, "4242424242424242").unwrap();
    desk.press("F5").await;
    desk.wait_text("Acquittée").await;

    desk.click_text("Autres actions").await;
    desk.click_text("Enregistrer une contestation…").await;
    // The latest is proposed; the amount follows the choice.
    desk.wait_value("Montant repris", "50,00").await;
    let of_first = json!(format!(".dialog option[value={first}]"));
    let label = desk
        .script("return document.querySelector(a).label;", vec![of_first])
        .await
        .unwrap();
    desk.choose("Paiement contesté", label.as_str().unwrap())
        .await;
    desk.wait_value("Montant repris", "46,60").await;
    desk.screenshot("chargeback").await;
    desk.click_text("Enregistrer la contestation").await;
    desk.wait_text("Contestation de 46,60 € enregistrée").await;
    desk.click_text("Paiements en ligne").await;
    desk.click_text("Contestés 1").await;
    desk.wait_text("46,60").await;
    simulator.stop().await;
}

#[tokio::test]
async fn a_chargeback_that_is_lost_is_written_off() {
    let simulator = simulator().await;
    let (desk, _payplug, _id) = paid(&simulator).await;
    dispute(&desk).await;
    desk.click_text("Paiements en ligne").await;
    desk.click_text("Contestés 1").await;
    desk.click_first(".rows [role=row]").await;
    desk.click_text("Perdue…").await;
    desk.wait_text("Contestation de 96,60 € perdue ?").await;
    desk.click_text("Noter perdue").await;
    desk.click_text("Passer en perte").await;
    desk.wait_text("Passer 96,60 € en perte ?").await;
    desk.click_text(named("Passer en perte").within(".dialog"))
        .await;
    desk.wait_text("96,60 € passés en perte").await;
    desk.wait_gone("que devient cette somme").await;
    desk.click_text("Comptabilité").await;
    desk.wait_text("équilibrées au centime").await;
    desk.wait_text("654000").await;
    simulator.stop().await;
}

#[tokio::test]
async fn a_chargeback_that_is_won_restores_the_receipt() {
    let simulator = simulator().await;
    let (desk, _payplug, _id) = paid(&simulator).await;
    dispute(&desk).await;
    desk.click_text("Gagnée…").await;
    desk.wait_text("Contestation de 96,60 € gagnée ?").await;
    desk.fill("Date de la décision", "hier").await;
    desk.click_text("Noter gagnée").await;
    desk.wait_text("Ce n’est pas une date").await;
    desk.fill("Date de la décision", "").await;
    desk.click_text("Noter gagnée").await;
    desk.wait_text("Contestation gagnée, 96,60 €").await;
    desk.wait_text("Acquittée").await;
    desk.wait_gone("que devient cette somme").await;
    simulator.stop().await;
}

#[tokio::test]
async fn a_part_of_an_invoice_is_credited_before_it_is_paid() {
    let simulator = simulator().await;
    let payplug = simulator.handle();
    let desk = desk_at(&simulator, Keychain::Real).await;
    invoiced(&desk, LIVE_KEY).await;
    desk.click_text("Autres actions").await;
    desk.click_text("Avoir partiel…").await;
    desk.wait_text("Au plus 96,60 €.").await;
    desk.fill("Montant TTC de l’avoir", "12").await;
    desk.click_text("Établir l’avoir de 12,00 €").await;
    desk.wait_text("Réduite par l’avoir").await;
    desk.wait_text("84,60 €").await;
    desk.wait_text("Lien actif").await;
    let open: Vec<i64> = payplug
        .payments()
        .iter()
        .filter(|payment| !payment.is_aborted)
        .map(|payment| payment.amount)
        .collect();
    assert_eq!(open, [8_460]);
    simulator.stop().await;
}
