//! *Paramètres › Numérotation*: a pattern with its next number, a first number taken over, and what is refused
//! beside its field.

use crate::harness::{Desk, DeskOptions, named};
use crate::journeys::own_company;

async fn settings() -> Desk {
    let desk = Desk::open(DeskOptions::default()).await;
    own_company(&desk).await;
    desk.click_text("Paramètres").await;
    desk.click_text("Numérotation").await;
    desk.wait_text("Prochain avoir : A-").await;
    desk
}

/// Finalises an invoice for a new customer.
async fn invoice(desk: &Desk) {
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
    desk.press("Ctrl+Enter").await;
    desk.wait_text("Elle reçoit son numéro définitif").await;
    desk.click_text("Finaliser").await;
}

async fn in_order(desk: &Desk) {
    assert_eq!(desk.axe().await, []);
    assert_eq!(desk.overflows().await, Vec::<String>::new());
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
    assert_eq!(desk.csp_violations().await, Vec::<String>::new());
}

#[tokio::test]
async fn numbers_go_on_from_another_program_and_are_spelled_as_the_owner_likes() {
    let desk = settings().await;
    desk.wait_text("Déjà 42 factures cette année dans un autre logiciel ? Indiquez 43.")
        .await;
    desk.fill("Première facture", "43").await;
    desk.wait_text("-00043").await;
    desk.fill("Modèle des factures", "FAC{NNNN}").await;
    desk.wait_text("Prochaine facture : FAC0043").await;
    desk.wait_text("Déjà 42 factures dans un autre logiciel ?")
        .await;
    desk.screenshot("numbering").await;
    in_order(&desk).await;

    // Kept without a button: it is still there after a look elsewhere.
    desk.click_text(named("Entreprise").within(".snav")).await;
    desk.wait_value("Raison sociale", "Ferrand Plomberie Chauffage")
        .await;
    desk.click_text("Numérotation").await;
    desk.wait_value("Modèle des factures", "FAC{NNNN}").await;
    desk.wait_value("Première facture", "43").await;

    invoice(&desk).await;
    desk.wait_text("FAC0043").await;
    desk.visit("/parametres/numerotation").await;
    desk.wait_text("Prochaine facture : FAC0044").await;
    desk.wait_text("La numérotation a commencé : le premier numéro ne change plus.")
        .await;
    // Credit notes have not begun.
    desk.wait_value("Premier avoir", "1").await;
    in_order(&desk).await;
}

#[tokio::test]
async fn what_is_no_pattern_or_could_meet_another_series_is_said_beside_the_field() {
    let desk = settings().await;
    desk.fill("Modèle des avoirs", "F-{AAAA}-{NNN}").await;
    desk.wait_text("pourrait donner le même numéro que vos factures")
        .await;
    desk.fill("Modèle des avoirs", "AV-{AAAA}").await;
    desk.wait_text("Il faut un compteur, et un seul").await;
    desk.fill("Modèle des factures", "N° {NNN}").await;
    desk.wait_text("« ° » n’est pas permis dans un numéro")
        .await;
    desk.fill("Première facture d’acompte", "huit").await;
    desk.wait_text("Indiquez un nombre de 1 à 999999").await;
    desk.screenshot("numbering-refused").await;
    in_order(&desk).await;
    // Nothing of it was kept, and what is right is taken at once.
    desk.fill("Modèle des avoirs", "AV-{AAAA}-{NNN}").await;
    desk.wait_text("Prochain avoir : AV-").await;
    desk.visit("/parametres/entreprise").await;
    desk.wait_value("Raison sociale", "Ferrand Plomberie Chauffage")
        .await;
    desk.visit("/parametres/numerotation").await;
    desk.wait_value("Modèle des factures", "F-{AAAA}-{NNNNN}")
        .await;
    desk.wait_value("Modèle des avoirs", "AV-{AAAA}-{NNN}")
        .await;
}
