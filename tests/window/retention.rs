//! The retention of an invoice, from the editor to its release; and duplicates, kept with what left before.

use crate::connecting::{desk_at, draft_for_a_new_customer, finalise, simulator};
use crate::harness::{Keychain, named};
use crate::paying::{LIVE_KEY, last_payment};

#[tokio::test]
async fn a_retention_is_agreed_told_and_released() {
    let simulator = simulator().await;
    let payplug = simulator.handle();
    let desk = desk_at(&simulator, Keychain::Real).await;
    desk.fill("Clé secrète", LIVE_KEY).await;
    desk.click_text("Vérifier et activer").await;
    desk.wait_text("Montants acceptés").await;
    draft_for_a_new_customer(&desk).await;
    desk.click_text("Remises, déductions, référence et notes")
        .await;
    desk.fill("Retenue de garantie", "5").await;
    desk.fill("Retenue libérée le", "30/06/2099").await;
    // 5 % of 96,60 €.
    desk.wait_text("4,83 €").await;
    finalise(&desk).await;
    desk.wait_text("Retenue de garantie 4,83 € · à libérer le 30 juin 2099")
        .await;
    assert_eq!(last_payment(&payplug).amount, 9_177);

    desk.click_text("Libérer la retenue").await;
    desk.wait_text("Libérer la retenue de 4,83 € sur F-").await;
    desk.click_text(named("Libérer la retenue").within(".dialog"))
        .await;
    desk.wait_text("Retenue de garantie 4,83 € · libérée le")
        .await;
    desk.wait_text("Retenue de garantie libérée, 4,83 € à payer")
        .await;
    desk.wait_text("Lien de paiement créé, 96,60 €").await;
    assert_eq!(last_payment(&payplug).amount, 9_660);
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
    simulator.stop().await;
}

#[tokio::test]
async fn a_duplicate_says_so_and_stands_among_what_left() {
    let simulator = simulator().await;
    let desk = desk_at(&simulator, Keychain::Real).await;
    crate::paying::invoiced(&desk, LIVE_KEY).await;
    assert!(!desk.text().await.contains("Exemplaires remis"));
    desk.press("p").await;
    desk.wait_text("original, essai, en fichier").await;
    desk.click_text("Autres actions").await;
    desk.click_text("Télécharger un duplicata").await;
    desk.wait_text("duplicata, essai, en fichier").await;
    let folder = desk.documents_dir().join("Acquit/Factures");
    let files = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = files
        .map(|entry| entry.unwrap().file_name().display().to_string())
        .collect();
    names.sort();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names[0].ends_with(" duplicata.pdf"), "{names:?}");
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
    simulator.stop().await;
}
