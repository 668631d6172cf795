//! *Comptabilité › Compte PayPlug*: a statement beside the books, and each of its differences resolved by a click.

use std::time::Duration;

use serde_json::json;

use crate::harness::{Desk, named, wait_until};
use crate::kinds::company;

/// A monthly invoice, a transfer, and a line that nobody understands: none of them is in the books.
const STATEMENT: &str = "Date;Type;Libellé;Montant;Référence
01/10/2026;Facture;Facture PayPlug de septembre;-89,84;INV-2026-09
19/10/2026;Virement;Virement vers la banque;-2 000,00;
21/10/2026;Geste commercial;Avoir;5,00;x1
";

/// Hands a file over as the system's own dialog would, to the field of that place; no driver can click in that dialog.
pub(crate) async fn hand_over(desk: &Desk, place: u64, name: &str, text: &str) {
    let give = "const input = document.querySelectorAll('input[type=file]')[a];
        const files = new DataTransfer();
        files.items.add(new File([c], b, { type: 'text/csv' }));
        input.files = files.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));";
    let given = vec![json!(place), json!(name), json!(text)];
    desk.script(give, given).await.unwrap();
}

pub(crate) async fn in_order(desk: &Desk) {
    assert_eq!(desk.axe().await, []);
    assert_eq!(desk.overflows().await, Vec::<String>::new());
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
    assert_eq!(desk.csp_violations().await, Vec::<String>::new());
}

/// Waits until the account shows so many movements, between its two balances.
async fn shows_movements(desk: &Desk, count: u64) {
    wait_until(Duration::from_secs(15), async || {
        match desk.count(".account tbody tr").await {
            found if found == count + 2 => Ok(()),
            found => Err(format!("{found} rows, not {count} and two balances")),
        }
    })
    .await;
}

async fn at_the_account() -> Desk {
    let desk = company().await;
    desk.click_text("Comptabilité").await;
    desk.wait_text("Exports").await;
    desk.click_text("Compte PayPlug").await;
    desk.wait_text("Aucun relevé pour ce mois").await;
    desk
}

#[tokio::test]
async fn three_differences_of_a_statement_are_resolved() {
    let desk = at_the_account().await;
    desk.screenshot("empty").await;
    in_order(&desk).await;
    hand_over(&desk, 0, "octobre.csv", STATEMENT).await;
    desk.wait_text("Octobre 2026").await;
    desk.wait_text("2 différences, toutes expliquées").await;
    desk.wait_text("1 ligne non comprise").await;
    desk.wait_text("−2 089,84 €").await;
    desk.screenshot("differences").await;
    in_order(&desk).await;

    // What the third line is, is said.
    desk.click_text(named("Dire ce que c’est…").within(".unread"))
        .await;
    desk.wait_text("Cette ligne de relevé").await;
    desk.choose("C’est", "Frais PayPlug").await;
    desk.wait_value("Montant (− si débité)", "5,00").await;
    desk.screenshot("answer").await;
    desk.click_text(named("Enregistrer").within(".dialog"))
        .await;
    desk.wait_text("3 différences, toutes expliquées").await;
    desk.wait_gone("1 ligne non comprise").await;
    desk.wait_text("−2 084,84 €").await;

    // One is booked by itself, the others together.
    desk.click_text(named("Enregistrer cette écriture").nth(1))
        .await;
    desk.wait_text("2 différences, toutes expliquées").await;
    desk.click_text("Tout accepter : 2 écritures").await;
    desk.wait_text("Relevé et compte sont d’accord au centime.")
        .await;
    desk.wait_text("3 mouvements, 3 rapprochés d’eux-mêmes.")
        .await;
    assert_eq!(desk.count(".account .dif").await, 0);
    desk.screenshot("agreed").await;
    in_order(&desk).await;

    // The transfer arrives; a day before it left is refused.
    desk.wait_text("Virements en route").await;
    desk.fill("Arrivé le", "18/10/2026").await;
    desk.click_text("Noter l’arrivée : VIR-2026-10-19").await;
    desk.wait_text("19/10/2026").await;
    desk.fill("Arrivé le", "21/10/2026").await;
    desk.click_text("Noter l’arrivée : VIR-2026-10-19").await;
    desk.wait_text("Arrivée de VIR-2026-10-19 notée").await;
    desk.wait_gone("Virements en route").await;

    hand_over(&desk, 0, "octobre.csv", STATEMENT).await;
    desk.wait_text("Ce relevé est déjà là : rien n’a changé")
        .await;
    desk.click_text("Mois précédent").await;
    desk.wait_text("Septembre 2026").await;
    desk.click_text("Mois suivant").await;
    desk.wait_text("Octobre 2026").await;
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
}

#[tokio::test]
async fn unknown_columns_are_asked_and_a_letter_is_refused() {
    let desk = at_the_account().await;
    hand_over(&desk, 0, "lettre.txt", "Bonjour").await;
    desk.wait_text("Ce fichier n’a pas de colonnes").await;
    let unknown = "Quand,Quoi,Combien\n2026-10-05,Virement,-500.00\n";
    hand_over(&desk, 0, "inconnu.csv", unknown).await;
    desk.wait_text("Que contient chaque colonne ?").await;
    desk.choose("Quand", "Date").await;
    desk.choose("Quoi", "Type d’opération").await;
    desk.click_text("Importer ainsi").await;
    desk.wait_text("Choisissez soit une colonne de montant")
        .await;
    desk.choose("Combien", "Montant").await;
    desk.screenshot("columns").await;
    assert_eq!(desk.axe().await, []);
    assert_eq!(desk.overflows().await, Vec::<String>::new());
    desk.click_text("Importer ainsi").await;
    desk.wait_text("Octobre 2026").await;
    desk.wait_text("1 différence, expliquée").await;
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
}

#[tokio::test]
async fn movements_are_typed_shown_and_reversed() {
    let desk = at_the_account().await;
    desk.click_text("Saisir un mouvement").await;
    desk.wait_text("Pour ce qu’aucun relevé ne montre encore.")
        .await;
    desk.click_text("Voir l’écriture").await;
    // Number, amount and VAT; the day is today's.
    desk.wait_text("Ce champ ne peut pas être vide.").await;
    assert_eq!(desk.count(".dialog .err").await, 3);
    desk.fill("Numéro de la facture", "FA-2026-10").await;
    desk.fill("Montant HT", "74,38").await;
    desk.fill("TVA", "-14,88").await;
    desk.click_text("Voir l’écriture").await;
    desk.wait_text("La TVA dépasse le montant TTC").await;
    assert_eq!(desk.count(".dialog .err").await, 1);
    desk.fill("TVA", "14,88").await;
    desk.wait_text("TTC : 89,26 €").await;
    desk.click_text("Voir l’écriture").await;
    desk.wait_text("Facture PayPlug FA-2026-10").await;
    desk.wait_text("627800").await;
    desk.screenshot("typed").await;
    in_order(&desk).await;
    // What is changed is shown anew before it is recorded.
    desk.fill("TVA", "14,87").await;
    desk.wait_gone("Enregistrer l’écriture").await;
    desk.fill("TVA", "14,88").await;
    desk.click_text("Voir l’écriture").await;
    desk.click_text("Enregistrer l’écriture").await;
    desk.wait_text("Facture PayPlug FA-2026-10 : écriture enregistrée")
        .await;
    shows_movements(&desk, 1).await;
    desk.wait_text("−89,26 €").await;

    desk.click_text("Saisir un mouvement").await;
    desk.fill("Numéro de la facture", "FA-2026-10").await;
    desk.fill("Montant HT", "1").await;
    desk.fill("TVA", "0").await;
    desk.click_text("Voir l’écriture").await;
    desk.wait_text("Un mouvement du compte PayPlug porte déjà cette référence")
        .await;
    desk.choose("Nature", "Frais isolé").await;
    desk.fill("Référence", "CB-1").await;
    desk.fill("Montant TTC", "18").await;
    desk.fill("Dont TVA", "3").await;
    desk.click_text("Voir l’écriture").await;
    desk.click_text("Enregistrer l’écriture").await;
    shows_movements(&desk, 2).await;
    desk.click_text("Saisir un mouvement").await;
    desk.choose("Nature", "Virement vers la banque").await;
    desk.fill("Référence du virement", "VIR-1").await;
    desk.fill("Montant", "50").await;
    desk.click_text("Voir l’écriture").await;
    desk.wait_text("580000").await;
    desk.click_text("Enregistrer l’écriture").await;
    shows_movements(&desk, 3).await;
    desk.click_text("Noter l’arrivée : VIR-1").await;
    desk.wait_gone("Virements en route").await;
    desk.wait_text("−157,26 €").await;

    // The transfer goes back with its arrival; no reason, no reversal.
    desk.click_text("Annuler cette écriture… Virement vers la banque, VIR-1")
        .await;
    desk.wait_text("Une écriture ne s’efface pas").await;
    desk.wait_text("512000").await;
    assert_eq!(desk.count(".dialog .ec").await, 2);
    desk.click_text("Annuler l’écriture").await;
    desk.wait_text("Ce champ ne peut pas être vide.").await;
    desk.fill("Raison", "Saisi deux fois").await;
    desk.screenshot("reversing").await;
    in_order(&desk).await;
    desk.click_text("Annuler l’écriture").await;
    desk.wait_text("écriture annulée").await;
    shows_movements(&desk, 2).await;
    desk.wait_text("−107,26 €").await;
    desk.screenshot("reversed").await;
    in_order(&desk).await;
}

#[tokio::test]
async fn a_line_is_booked_again_once_its_entry_was_reversed() {
    let desk = at_the_account().await;
    hand_over(&desk, 0, "octobre.csv", STATEMENT).await;
    desk.wait_text("Octobre 2026").await;
    desk.click_text("Tout accepter : 2 écritures").await;
    desk.wait_text("Aucune différence").await;
    shows_movements(&desk, 2).await;
    desk.click_text("Annuler cette écriture… Facture PayPlug de septembre")
        .await;
    desk.fill("Raison", "TVA fausse").await;
    desk.click_text("Annuler l’écriture").await;
    desk.wait_text("1 différence, expliquée").await;
    shows_movements(&desk, 2).await;
    desk.screenshot("again").await;
    in_order(&desk).await;
    desk.click_text("Enregistrer cette écriture").await;
    desk.wait_text("Aucune différence").await;
    shows_movements(&desk, 2).await;
    assert_eq!(desk.page_errors().await, Vec::<String>::new());
}
