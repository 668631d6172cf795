//! Several programs on one file, and a second start.

use acquit_app::{Acquit, NewCustomer, Parts};
use acquit_domain::company::Address;
use acquit_domain::customer::CustomerKind;
use acquit_domain::text::Country;

use crate::harness::{Desk, DeskOptions};
use crate::journeys::own_company;

#[tokio::test]
async fn what_another_program_writes_shows_by_itself() {
    let desk = Desk::open(DeskOptions::default()).await;
    own_company(&desk).await;
    desk.click_text("Clients").await;
    desk.wait_text("Votre premier client").await;
    let folder = desk
        .home_dir()
        .join(".local/share/fr.acquit.desktop/entreprise");
    let other = Acquit::open(&folder, Parts::system()).unwrap();
    let customer = NewCustomer {
        code: None,
        name: "Hélène Marchand".to_owned(),
        kind: CustomerKind::Private,
        address: Address {
            line1: "8 impasse des Tuiliers".to_owned(),
            line2: None,
            postcode: "37000".to_owned(),
            city: "Tours".to_owned(),
            country: Country::parse("FR").unwrap(),
        },
        siren: None,
        vat_number: None,
        email: None,
        phone: None,
        contacts: Vec::new(),
    };
    other.add_customer(customer).unwrap();
    desk.wait_text("Hélène Marchand").await;
    // And the window writes while the other program has the file open.
    desk.press("Ctrl+n").await;
    desk.fill("Objet", "À deux").await;
    desk.wait_text("Enregistré à").await;
    assert_eq!(other.unfinished_drafts().unwrap().len(), 1);
}

#[tokio::test]
async fn a_second_start_hands_over_to_the_first() {
    let desk = Desk::open(DeskOptions::default()).await;
    desk.wait_text("Par quoi commencer ?").await;
    let mut second = desk.beside(std::path::Path::new(env!("CARGO_BIN_EXE_acquit")));
    let status = second.env("DISPLAY", desk.display()).status().unwrap();
    assert!(status.success());
    assert!(desk.is_running());
    desk.wait_text("Par quoi commencer ?").await;
}
