//! Statements of account: what is asked for, what is left out, and what leaves with them.

use std::process::Command;

use acquit_app::NewReceipt;
use acquit_domain::receipt::PaymentMeans;
use acquit_tests::{World, customer};

use super::{cents, holds, paid, view};

const DAY: i64 = 24 * 3_600;

/// The text of a PDF as poppler reads it, every kind of space an ordinary one.
fn text_of(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("statement.pdf");
    std::fs::write(&file, pdf).unwrap();
    let output = Command::new("pdftotext")
        .arg("-layout")
        .arg(&file)
        .arg("-")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_statement_asks_for_what_is_owed_and_for_nothing_else() {
    let world = World::trial(131, "sk_live_statement").await;
    let late = world.issue(100).id;
    world.acquit.sync().await.unwrap();
    let cheque = NewReceipt {
        amount: cents(4_000),
        means: PaymentMeans::Cheque,
        date: None,
        overpayment: false,
    };
    world.acquit.add_receipt(late, cheque).await.unwrap();
    // Due after thirty days.
    world.advance(35 * DAY);
    let settled = paid(&world, 200).await;
    let given_back = paid(&world, 300).await;
    world
        .payplug
        .refund(&world.payment(given_back), 10_000)
        .unwrap();
    let credited = world.issue(400).id;
    let open = world.issue(500).id;
    world.acquit.sync().await.unwrap();
    world.acquit.credit(credited, cents(4_000)).await.unwrap();
    world.acquit.sync().await.unwrap();
    assert!(view(&world, given_back).standing.awaits_decision);

    let (name, pdf) = world.acquit.statement("CL-0001").unwrap();
    assert_eq!(name, "Relevé de compte CL-0001 du 2026-12-28.pdf");
    let text = text_of(&pdf);
    for words in [
        "Relevé de compte",
        "établi le 28 décembre 2026",
        "3 factures à régler, dont 1 en retard",
        "110,00 40,00 70,00",
        "5 jours de retard",
        "440,00 40,00 400,00",
        "dont 40,00 € déduits",
        "550,00 0,00 550,00",
        "1 020,00 €",
        "dont 70,00 € en retard",
        "ESSAI",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(!text.contains("LIEN DE TEST"), "{text}");
    let number = |id| world.acquit.summary(id).unwrap().number.unwrap();
    let place = |id| text.find(&number(id).to_string());
    assert!(place(late) < place(credited) && place(credited) < place(open));
    assert_eq!((place(settled), place(given_back)), (None, None));
    assert!(!text.contains(" A-2026"), "{text}");
    holds(&world);
}

#[tokio::test]
async fn who_owes_nothing_gets_no_statement() {
    let world = World::demonstration(132).await;
    let refused = |code: &str| world.acquit.statement(code).unwrap_err().code();
    assert_eq!(refused("CL-0001"), "nothing_owed");
    assert_eq!(refused("CL-9999"), "unknown_customer");
    let other = world.acquit.add_customer(customer("Zoé Lefèvre")).unwrap();
    world.issue(100);
    assert!(world.acquit.statement("CL-0001").is_ok());
    assert_eq!(refused(&other.code), "nothing_owed");
}

#[tokio::test]
async fn the_links_of_a_statement_are_marked_and_leave_with_it() {
    let world = World::demonstration(133).await;
    let id = world.issue(100).id;
    world.acquit.sync().await.unwrap();
    let has_left = || world.acquit.summary(id).unwrap().has_left;
    assert!(!has_left());
    let (_, pdf) = world.acquit.statement("CL-0001").unwrap();
    assert!(has_left());
    let (_, again) = world.acquit.statement("CL-0001").unwrap();
    assert!(again == pdf, "the same moment gives the same bytes");
    let text = text_of(&pdf);
    for words in ["DÉMONSTRATION", "Payer par carte"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(!text.contains("LIEN DE TEST"), "{text}");
}

#[tokio::test]
async fn a_test_link_of_a_trial_is_marked_on_its_statement() {
    let world = World::trial(134, "sk_test_statement").await;
    world.issue(100);
    world.acquit.sync().await.unwrap();
    let (_, pdf) = world.acquit.statement("CL-0001").unwrap();
    let text = text_of(&pdf);
    for words in ["ESSAI", "LIEN DE TEST", "Payer par carte"] {
        assert!(text.contains(words), "{words} in {text}");
    }
}
