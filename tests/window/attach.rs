//! *Comptabilité › Compte PayPlug*: a payment that belongs to no invoice is attached to one, or becomes one.

use crate::account::{hand_over, in_order};
use crate::harness::{Desk, named};
use crate::kinds::{company, finalise, for_marchand};

/// Two payments that were asked for in the portal.
const STATEMENT: &str = "Date;Type;Libellé;Montant;Référence
05/10/2026;Paiement;Dépannage du 5 octobre;96,60;pay_1portal
06/10/2026;Paiement;Recherche de fuite;120,00;pay_2portal
";

async fn to_the_account(desk: &Desk) {
    desk.click_text("Comptabilité").await;
    desk.wait_text("Exports").await;
    desk.click_text("Compte PayPlug").await;
}

#[tokio::test]
async fn payments_without_invoice_are_attached_until_no_difference_is_left() {
    let desk = company().await;
    desk.press("Ctrl+n").await;
    desk.wait_text("Avant de finaliser").await;
    for_marchand(&desk).await;
    desk.fill("Désignation, ligne 1", "Ballon").await;
    desk.fill("Prix HT, ligne 1", "80,50").await;
    finalise(&desk, "Finaliser la facture de 96,60 € pour Marchand ?").await;
    to_the_account(&desk).await;
    desk.wait_text("Aucun relevé pour ce mois").await;
    hand_over(&desk, 0, "octobre.csv", STATEMENT).await;
    desk.wait_text("Octobre 2026").await;
    desk.wait_text("2 différences, toutes expliquées").await;
    desk.screenshot("without-invoice").await;
    in_order(&desk).await;

    // Somebody looks for the invoice, reads what will happen, and decides.
    desk.click_text(named("Rattacher…").nth(1)).await;
    desk.wait_text("Quelle facture ce paiement de 96,60 € règle-t-il ?")
        .await;
    desk.wait_text("Acquit ne devine pas : choisissez la facture.")
        .await;
    desk.fill("Facture ou client", "personne").await;
    desk.wait_text("Aucune facture à payer ne correspond.")
        .await;
    desk.fill("Facture ou client", "marchand").await;
    desk.wait_text("reste 96,60 €").await;
    desk.click(".owing input").await;
    desk.wait_text("qui est acquittée.").await;
    desk.screenshot("choosing").await;
    in_order(&desk).await;
    desk.click_text(named("Rattacher").within(".dialog")).await;
    desk.wait_text("96,60 € rattachés à F-").await;
    desk.wait_text("1 différence, expliquée").await;

    // The other one has no invoice yet.
    desk.click_text("Créer la facture").await;
    desk.wait_text("Brouillon prêt").await;
    desk.wait_text("Avant de finaliser").await;
    desk.wait_value("Désignation, ligne 1", "Recherche de fuite")
        .await;
    desk.wait_value("Prix HT, ligne 1", "100,00").await;
    desk.screenshot("draft").await;
    desk.fill("Client", "Mar").await;
    desk.click_first(".choices .o").await;
    desk.wait_value("Client", "Marchand").await;
    finalise(&desk, "Finaliser la facture de 120,00 € pour Marchand ?").await;
    to_the_account(&desk).await;
    desk.wait_text("Aucun relevé pour ce mois").await;
    let longer = format!("{STATEMENT}07/10/2026;Virement;Virement vers la banque;-50,00;\n");
    hand_over(&desk, 0, "octobre-suite.csv", &longer).await;
    desk.wait_text("Octobre 2026").await;
    desk.wait_text("2 différences, toutes expliquées").await;
    desk.click_text("Accepter l’écriture proposée").await;
    desk.wait_text("1 différence, expliquée").await;
    desk.click_text("Rattacher…").await;
    desk.wait_text("reste 120,00 €").await;
    desk.click(".owing input").await;
    desk.click_text(named("Rattacher").within(".dialog")).await;
    desk.wait_text("Relevé et compte sont d’accord au centime.")
        .await;
    desk.wait_gone("Rattacher…").await;
    in_order(&desk).await;
}
