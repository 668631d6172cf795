//! *Comptabilité › Clôtures* and *Écritures*: a month is closed for ever after a question, what is dated in it is
//! refused at its field, and the journal is read, filtered and followed to its invoice.

use jiff::civil::Date;

use crate::harness::{Desk, named};
use crate::journeys::demonstration;

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// The last day of last month, and the name of that month.
fn last_month() -> (Date, String) {
    let today = acquit_app::Parts::system().today();
    let day = today.first_of_month().yesterday().unwrap();
    let month = usize::try_from(day.month()).unwrap();
    (day, format!("{} {}", MONTHS[month - 1], day.year()))
}

async fn in_order(desk: &Desk) {
    assert_eq!(desk.axe().await, []);
    assert_eq!(desk.overflows().await, Vec::<String>::new());
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
    assert_eq!(desk.csp_violations().await, Vec::<String>::new());
}

#[tokio::test]
async fn last_month_is_closed_and_nothing_is_dated_in_it() {
    let (day, month) = last_month();
    let desk = demonstration().await;
    desk.click_text("Comptabilité").await;
    desk.click_text("Clôtures").await;
    desk.wait_text("Aucune période n’est close pour l’instant.")
        .await;
    if day.month() == 12 {
        desk.click_text("Exercice précédent").await;
    }
    desk.wait_text(&format!("Clore {month}…")).await;
    desk.screenshot("open").await;
    in_order(&desk).await;
    desk.click_text(format!("Clore {month}…").as_str()).await;
    desk.wait_text(&format!("Clore {month} ?")).await;
    desk.wait_text("n’ont pas encore été exportées").await;
    desk.wait_text("personne ne peut l’annuler").await;
    desk.screenshot("asked").await;
    in_order(&desk).await;
    // A look is no closing.
    desk.press("Escape").await;
    desk.wait_gone("personne ne peut l’annuler").await;
    desk.wait_text("Aucune période n’est close pour l’instant.")
        .await;
    desk.click_text(format!("Clore {month}…").as_str()).await;
    desk.click_text(named("Clore définitivement").within(".dialog"))
        .await;
    desk.wait_text("La comptabilité est close jusqu’au").await;
    desk.wait_gone(&format!("Clore {month}…")).await;
    desk.screenshot("closed").await;
    in_order(&desk).await;

    // A cheque of last month comes too late for its books.
    desk.visit("/factures?filtre=late").await;
    desk.click_first(".rows [role=row]").await;
    desk.click_text("Enregistrer un règlement").await;
    desk.fill("Date", &day.strftime("%d/%m/%Y").to_string())
        .await;
    desk.click_text("Enregistrer le règlement").await;
    desk.wait_text("La comptabilité est close jusqu’au").await;
    desk.screenshot("refused").await;
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
}

#[tokio::test]
async fn the_journal_is_read_filtered_and_followed_to_an_invoice() {
    let desk = demonstration().await;
    desk.click_text("Comptabilité").await;
    desk.click_text("Écritures").await;
    desk.wait_text("704000").await;
    desk.screenshot("journal").await;
    in_order(&desk).await;
    let all = desk.count(".rows [role=row]").await;
    desk.choose("Journal", "PP · PayPlug").await;
    desk.wait_gone("704000").await;
    desk.wait_text("512700").await;
    assert!(desk.count(".rows [role=row]").await < all);
    desk.fill("Compte", "999").await;
    desk.wait_text("Aucune écriture ne correspond").await;
    in_order(&desk).await;
    desk.click_text("Tout afficher").await;
    desk.wait_text("704000").await;
    desk.fill("Du", "32/01/2026").await;
    desk.press("Tab").await;
    desk.wait_text("écrivez-la ainsi").await;
    desk.fill("Du", "01/01/2001").await;
    desk.fill("Chercher une écriture", "personne de ce nom")
        .await;
    desk.wait_text("Aucune écriture ne correspond").await;
    desk.fill("Chercher une écriture", "").await;
    desk.wait_text("704000").await;
    desk.click_first(".rows [role=row]").await;
    desk.wait_text("Historique").await;
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
}
