//! The customer in a real browser: headless Chromium, driven through WebDriver, on the page behind
//! the link of an invoice.

use acquit_app::Format;
use acquit_domain::link::LinkState;
use acquit_domain::receipt::Status;
use acquit_tests::World;
use fantoccini::Locator;

use crate::customer::Browser;

fn url_of(world: &World, invoice: acquit_domain::id::InvoiceId) -> String {
    let link = world.acquit.invoice(invoice).unwrap().link.unwrap();
    let LinkState::Open(hosted) = link.state else {
        panic!("no page: {:?}", link.state)
    };
    hosted.url
}

#[tokio::test]
async fn a_customer_pays_in_a_browser_and_a_refused_card_settles_nothing() {
    let world = World::demonstration(7).await;
    let (paid, refused) = (world.issue(420), world.issue(180));
    world.acquit.sync().await.unwrap();
    let browser = Browser::start().await;

    let outcome = browser
        .pay_with(&url_of(&world, paid.id), "4242 4242 4242 4242")
        .await;
    assert_eq!(outcome, "paid");
    let outcome = browser
        .pay_with(&url_of(&world, refused.id), "4000 0000 0000 0051")
        .await;
    assert_ne!(outcome, "paid");
    // The paid page cannot be paid twice.
    browser.client.goto(&url_of(&world, paid.id)).await.unwrap();
    assert!(browser.client.find(Locator::Id("pay")).await.is_err());
    browser.stop().await;

    let report = world.acquit.sync().await.unwrap();
    assert_eq!(report.settled.len(), 1, "{report:?}");
    let paid = world.acquit.invoice(paid.id).unwrap();
    assert_eq!(paid.standing.status, Status::Settled);
    let refused = world.acquit.invoice(refused.id).unwrap();
    assert_eq!(refused.standing.status, Status::Finalised);
    assert!(refused.receipts.is_empty());
    assert_eq!(refused.attempts[0].outcome, "card_declined");

    let folder = tempfile::tempdir().unwrap();
    let fec = folder.path().join("812345676FEC20261231.txt");
    world
        .acquit
        .export(Format::Fec, world.acquit.today(), None, &fec)
        .unwrap();
    let written = std::fs::read_to_string(fec).unwrap();
    let payment = report.settled[0].payment.to_string();
    let line = written
        .lines()
        .find(|line| line.starts_with("PP\t") && line.contains("512700"))
        .unwrap();
    assert!(line.contains(&payment) && line.contains("462,00"), "{line}");
}
