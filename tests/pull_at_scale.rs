//! Ten thousand open links: what a pull asks, and that it writes nothing when nothing is new.

use std::collections::BTreeMap;

use acquit_domain::remote::PaymentId;
use acquit_simulator::Mode;
use acquit_tests::scale::{document, open_links, put_links, tables};
use acquit_tests::{START_S, World};

const LINKS: u32 = 10_000;

/// A live trial file with so many open links, none of them read yet, and what it holds.
async fn world_of(links: u32, together: u32) -> (World, BTreeMap<String, u64>) {
    let mut world = World::trial(31, "sk_live_scale").await;
    // The template's own wish is refused for its amount, so that it asks for nothing.
    let template = world.issue(30_000).id;
    world.acquit.sync().await.unwrap();
    let mut template = document(&world.acquit, template);
    let amount = acquit_domain::Cents::new(12_000);
    template.totals.net_due = amount;
    let open = open_links(links, together, START_S);
    let payments = open.iter().map(|link| link.payment(amount)).collect();
    let made = world.payplug.make_earlier(Mode::Live, payments).unwrap();
    let placed: Vec<_> = open
        .into_iter()
        .zip(made)
        .map(|(link, made)| (link, PaymentId::parse(&made.id).unwrap(), made.payment_url))
        .collect();
    put_links(&world.path(), &template, &placed);
    // Another process: nothing is remembered of earlier reading.
    world.acquit = world.another_handle();
    let holds = held(&world);
    (world, holds)
}

/// All tables but the turn and the state of the reconciler.
fn held(world: &World) -> BTreeMap<String, u64> {
    let mut tables = tables(&world.path());
    assert!(tables.remove("leases").is_some() && tables.remove("reconcilers").is_some());
    assert!(
        tables.contains_key("links") && tables.contains_key("audit"),
        "{tables:?}"
    );
    tables
}

#[tokio::test]
async fn ten_thousand_links_are_a_hundred_pages_and_nothing_new_writes_nothing() {
    for together in [1, 37] {
        let (world, before) = world_of(LINKS, together).await;
        for run in 0..2 {
            let report = world.acquit.sync().await.unwrap();
            assert!(report.errors.is_empty(), "{:?}", report.errors);
            assert_eq!(report.checked, u64::from(LINKS));
            assert!(report.requests <= 101, "{} requests", report.requests);
            assert!(held(&world) == before, "run {run} wrote something");
        }
        let report = world.acquit.pull_due().await.unwrap();
        assert_eq!((report.checked, report.requests), (0, 0), "nothing is due");
        assert!(held(&world) == before);
    }
}

#[tokio::test]
async fn what_is_due_by_age_is_asked_the_cheapest_way() {
    let (world, before) = world_of(1_000, 1).await;
    world.acquit.sync().await.unwrap();
    // Six hours later everything is due, but for the day's comparison.
    world.advance(6 * 3_600);
    let report = world.acquit.pull_due().await.unwrap();
    assert_eq!((report.checked, report.requests), (1_000, 10));
    // Half an hour later only what is younger than a week is: 80 days hold 1,000 links, so some 87.
    world.advance(1_800);
    let report = world.acquit.pull_due().await.unwrap();
    assert!((60..110).contains(&report.checked), "{}", report.checked);
    assert_eq!(report.requests, 1, "they are all on the first page");
    assert!(held(&world) == before);
}
