//! Every route: axe-core finds nothing, no screen scrolls sideways, and a picture of each is kept to be looked at.

use crate::harness::{Desk, DeskOptions, named};
use crate::journeys::{demonstration, own_company};

/// The router's own list.
fn routes() -> Vec<(String, String)> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/routes.json");
    let list: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    list.as_array()
        .unwrap()
        .iter()
        .map(|route| (text(&route["name"]), text(&route["path"])))
        .collect()
}

async fn look(desk: &Desk, name: &str) {
    desk.screenshot(name).await;
    assert_eq!(desk.axe().await, [], "axe-core on {name}");
    assert_eq!(desk.overflows().await, Vec::<String>::new(), "{name}");
    assert_eq!(desk.csp_violations().await, Vec::<String>::new(), "{name}");
    assert_eq!(desk.page_errors().await, Vec::<String>::new(), "{name}");
}

/// The route with the identity of something that is there.
async fn with_identity(desk: &Desk, path: &str) -> String {
    if !path.contains(":id") {
        return path.to_owned();
    }
    let (list, wanted) = if path.starts_with("/clients") {
        ("/clients", ".rows [role=row]")
    } else if path.ends_with("/modifier") {
        ("/factures?filtre=drafts", ".rows [role=row]")
    } else {
        ("/factures?filtre=outstanding", ".rows [role=row]")
    };
    desk.visit(list).await;
    desk.click_first(wanted).await;
    let address = desk.wait_address_leaves(list).await;
    if path.ends_with("/envoyer") {
        format!("{address}/envoyer")
    } else {
        address
    }
}

async fn look_at_all(size: (u32, u32)) {
    let tag = size.0;
    let desk = Desk::open(DeskOptions {
        size,
        ..DeskOptions::default()
    })
    .await;
    desk.wait_text("Par quoi commencer ?").await;
    look(&desk, &format!("{tag}-first-start")).await;
    desk.click_text("Créer").await;
    desk.wait_text("Votre en-tête").await;
    look(&desk, &format!("{tag}-new-company")).await;
    desk.click_text("Retour").await;
    desk.click_text("Essayer").await;
    desk.wait_text("Derniers paiements").await;
    for (name, path) in routes() {
        if name == "first-start" || name == "new-company" {
            continue;
        }
        let path = with_identity(&desk, &path).await;
        desk.visit(&path).await;
        desk.wait_no_skeleton().await;
        look(&desk, &format!("{tag}-{name}")).await;
    }
    desk.visit("/nulle-part").await;
    desk.wait_text("Cette page n’existe pas").await;
    look(&desk, &format!("{tag}-missing")).await;
}

#[tokio::test]
async fn every_route_is_in_order_in_the_smallest_window() {
    look_at_all((1280, 800)).await;
}

#[tokio::test]
async fn every_route_is_in_order_on_a_large_screen() {
    look_at_all((1920, 1080)).await;
}

#[tokio::test]
async fn dialogs_and_empty_lists_are_in_order() {
    let desk = demonstration().await;
    desk.click_text("Clients").await;
    desk.fill("Chercher un client", "zzzz").await;
    desk.wait_text("Aucun client pour").await;
    look(&desk, "no-result").await;
    desk.click_text("Nouveau client").await;
    desk.wait_text("Type de client").await;
    desk.click_text("Ajouter le client").await;
    look(&desk, "sheet-with-errors").await;
    desk.press("Escape").await;
    desk.visit("/factures?filtre=outstanding").await;
    desk.click_first(".rows [role=row]").await;
    desk.wait_text("Historique").await;
    desk.press("r").await;
    desk.wait_text("Moyen de paiement").await;
    look(&desk, "receipt-dialog").await;
}

#[tokio::test]
async fn what_gives_money_back_is_in_order() {
    let desk = demonstration().await;
    desk.visit("/factures?filtre=settled").await;
    desk.click_first(".rows [role=row]").await;
    desk.wait_text("Historique").await;
    look(&desk, "settled").await;
    for (action, words, name) in [
        ("Avoir partiel…", "Montant TTC de l’avoir", "credit-dialog"),
        (
            "Enregistrer une contestation…",
            "Montant repris",
            "chargeback-dialog",
        ),
    ] {
        desk.click_text("Autres actions").await;
        desk.click_text(action).await;
        desk.wait_text(words).await;
        look(&desk, name).await;
        desk.press("Escape").await;
        desk.wait_gone(words).await;
    }
    desk.click_text("Rembourser…").await;
    desk.wait_text("Combien rembourser").await;
    desk.click_text("Une partie").await;
    desk.wait_text("Montant à rembourser").await;
    look(&desk, "refund-dialog").await;
    desk.fill("Montant à rembourser", "12").await;
    desk.click_text(named("Rembourser 12,00 €").within(".dialog"))
        .await;
    desk.wait_text("que devient cette somme").await;
    desk.wait_gone("Montant à rembourser").await;
    look(&desk, "decision").await;
    desk.click_text("Établir un avoir").await;
    desk.wait_text("Établir un avoir de 12,00 € ?").await;
    look(&desk, "decision-credit").await;
    desk.press("Escape").await;
    desk.click_text("Autres actions").await;
    desk.click_text("Enregistrer une contestation…").await;
    desk.click_text("Enregistrer la contestation").await;
    desk.wait_text("Perdue…").await;
    look(&desk, "disputed").await;
    desk.click_text("Perdue…").await;
    desk.wait_text("Date de la décision").await;
    look(&desk, "outcome-dialog").await;
    desk.click_text("Noter perdue").await;
    desk.wait_text("Passer en perte").await;
    desk.visit("/paiements").await;
    desk.wait_no_skeleton().await;
    look(&desk, "payments-with-a-dispute").await;
    desk.fill("Chercher un paiement", "zzzz").await;
    desk.wait_text("Aucun paiement pour").await;
    look(&desk, "payments-no-result").await;
}

#[tokio::test]
async fn a_new_company_has_empty_screens_in_order() {
    let desk = Desk::open(DeskOptions::default()).await;
    own_company(&desk).await;
    for (name, path, words) in [
        ("home", "/", "Votre première facture"),
        ("invoices", "/factures", "Votre première facture"),
        ("late", "/factures?filtre=late", "Aucune facture ici"),
        ("customers", "/clients", "Votre premier client"),
        (
            "online",
            "/paiements",
            "Aucun paiement en ligne pour l’instant",
        ),
        ("accounting", "/comptabilite", "Rien à exporter"),
        (
            "payments",
            "/parametres/paiement-en-ligne",
            "Coller la clé secrète",
        ),
    ] {
        desk.visit(path).await;
        desk.wait_text(words).await;
        look(&desk, &format!("empty-{name}")).await;
    }
    desk.visit("/factures/00000000-0000-0000-0000-000000000000")
        .await;
    desk.wait_text("Copier pour l’assistance").await;
    look(&desk, "error-invoice").await;
}
