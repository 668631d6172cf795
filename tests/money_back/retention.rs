//! Retentions: held back, released once, and paid like the rest of their invoice; with amounts worked
//! out by hand.

use std::collections::BTreeMap;

use acquit_app::Decision;
use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::{Deduction, DeductionKind, DeductionValue};
use acquit_domain::quantity::Percent;
use acquit_domain::receipt::Status;
use acquit_domain::vat::StandardRate;
use acquit_tests::{World, invoice};

use super::decided::{broken, plant};
use super::{CARD, accounts, balances, cents, holds, link_state, settle, view};

const DAY: i64 = 24 * 3_600;

/// 1 100.00 incl. VAT at 10 %, of which 55.00 are held back.
fn held(world: &World, change: impl Fn(&mut Deduction)) -> InvoiceId {
    let five = DeductionValue::Percent(Percent::parse("5").unwrap());
    let mut deduction = Deduction::new(DeductionKind::Retention, five);
    change(&mut deduction);
    let mut new = invoice(&[("1000", StandardRate::Intermediate)]);
    new.content.deductions = vec![deduction];
    let draft = world.acquit.add_invoice(new).unwrap();
    world.acquit.finalise(draft.id).unwrap().id
}

fn retentions_at_home(world: &World) -> Vec<(InvoiceId, Cents)> {
    let decisions = world.acquit.home().unwrap().decisions.into_iter();
    let held = decisions.filter_map(|decision| match decision {
        Decision::Retention {
            invoice, amount, ..
        } => Some((invoice.id, amount)),
        _ => None,
    });
    held.collect()
}

#[tokio::test]
async fn a_released_retention_is_due_gets_its_link_and_is_paid() {
    let world = World::demonstration(301).await;
    let id = held(&world, |_| {});
    let asked = view(&world, id);
    assert_eq!(asked.standing.remaining, cents(104_500));
    let retention = asked.retention.unwrap();
    assert_eq!(retention.amount, cents(5_500));
    assert_eq!(retention.release_on, "2027-11-23".parse().ok());
    settle(&world, id).await;
    world.advance(10 * DAY);

    let released = world.acquit.release_retention(id, None).unwrap();
    assert_eq!(
        (released.standing.status, released.standing.remaining),
        (Status::PartlyPaid, cents(5_500))
    );
    // Thirty days from the release, not from the invoice.
    let day = released.retention.unwrap().released.unwrap();
    assert_eq!(day.date, "2026-12-03".parse().unwrap());
    assert_eq!(day.due_on, "2027-01-02".parse().unwrap());
    let listed = world.acquit.summary(id).unwrap();
    assert_eq!(listed.due_date, Some(day.due_on));
    assert_eq!(link_state(&world, id), "requested");
    holds(&world);
    world.acquit.sync().await.unwrap();
    let link = view(&world, id).link.unwrap();
    assert_eq!((link.state.code(), link.amount), ("open", cents(5_500)));
    world.payplug.pay(&world.payment(id), CARD).unwrap();
    world.acquit.sync().await.unwrap();
    assert_eq!(view(&world, id).standing.status, Status::Settled);
    assert_eq!(view(&world, id).receipts.len(), 2);
    holds(&world);
    // Nothing is held back any more, and all of the VAT fell due.
    let expected = [
        ("512700", 110_000),
        ("704000", -100_000),
        ("445712", -10_000),
    ];
    assert_eq!(balances(&world), accounts(&expected));

    let again = world.acquit.release_retention(id, None).unwrap_err();
    assert_eq!(again.code(), "already_released");
}

#[tokio::test]
async fn before_the_money_comes_the_vat_of_the_retention_waits() {
    let world = World::demonstration(302).await;
    let id = held(&world, |_| {});
    settle(&world, id).await;
    world.acquit.release_retention(id, None).unwrap();
    // 95.00 of 100.00 fell due with 1 045.00 of 1 100.00.
    let expected = [
        ("411000", 5_500),
        ("512700", 104_500),
        ("704000", -100_000),
        ("445712", -9_500),
        ("445742", -500),
    ];
    assert_eq!(balances(&world), accounts(&expected));
    holds(&world);
}

#[tokio::test]
async fn a_release_while_the_link_is_open_raises_what_it_asks_for() {
    let world = World::demonstration(303).await;
    let id = held(&world, |_| {});
    world.acquit.sync().await.unwrap();
    let before = world.payment(id);
    let released = world.acquit.release_retention(id, None).unwrap();
    assert_eq!(released.standing.remaining, cents(110_000));
    // It was due before: its due date stays.
    let due = released.retention.unwrap().released.unwrap().due_on;
    assert_eq!(due, "2026-12-23".parse().unwrap());
    world.acquit.sync().await.unwrap();
    world.acquit.sync().await.unwrap();
    assert!(world.payplug.payment(&before).unwrap().is_aborted);
    let link = view(&world, id).link.unwrap();
    assert_eq!((link.state.code(), link.amount), ("open", cents(110_000)));
    holds(&world);
}

#[tokio::test]
async fn a_cancellation_after_the_release_leaves_nothing_in_the_books() {
    let world = World::demonstration(304).await;
    let id = held(&world, |_| {});
    world.acquit.release_retention(id, None).unwrap();
    assert_eq!(view(&world, id).creditable, cents(110_000));
    world.acquit.credit(id, cents(107_000)).await.unwrap();
    let rest = world.acquit.cancel(id).await.unwrap();
    assert_eq!(view(&world, id).standing.status, Status::Cancelled);
    assert_eq!(view(&world, id).standing.customer_credit, Cents::ZERO);
    assert!(!world.acquit.pdf(rest.id).await.unwrap().is_empty());
    assert!(!world.acquit.pdf(id).await.unwrap().is_empty());
    assert_eq!(balances(&world), BTreeMap::new());
    holds(&world);
}

#[tokio::test]
async fn what_was_never_held_or_is_cancelled_cannot_be_released() {
    let world = World::demonstration(305).await;
    let code = |id, date: Option<&str>| {
        let date = date.map(|date| date.parse().unwrap());
        let refused = world.acquit.release_retention(id, date).unwrap_err();
        refused.code().to_owned()
    };
    assert_eq!(code(world.issue(100).id, None), "no_retention");
    let bonded = held(&world, |one| one.bond = true);
    assert_eq!(view(&world, bonded).standing.remaining, cents(110_000));
    assert_eq!(code(bonded, None), "no_retention");
    let id = held(&world, |_| {});
    assert_eq!(code(id, Some("2026-11-24")), "date_in_future");
    assert_eq!(code(id, Some("2026-11-22")), "date_too_early");
    world.acquit.cancel(id).await.unwrap();
    assert_eq!(code(id, None), "already_cancelled");
    holds(&world);
}

#[tokio::test]
async fn the_home_screen_tells_when_a_release_date_has_come() {
    let world = World::demonstration(306).await;
    let soon = held(&world, |one| {
        one.release_on = "2026-12-31".parse().ok();
    });
    let later = held(&world, |_| {});
    let cancelled = held(&world, |one| {
        one.release_on = "2026-12-31".parse().ok();
    });
    world.acquit.cancel(cancelled).await.unwrap();
    world.advance(37 * DAY);
    assert_eq!(retentions_at_home(&world), [], "30 December");
    world.advance(DAY);
    assert_eq!(retentions_at_home(&world), [(soon, cents(5_500))]);
    world.acquit.release_retention(soon, None).unwrap();
    assert_eq!(retentions_at_home(&world), []);
    world.advance(327 * DAY);
    assert_eq!(retentions_at_home(&world), [(later, cents(5_500))]);
}

#[tokio::test]
async fn a_planted_release_is_found() {
    let world = World::demonstration(307).await;
    held(&world, |_| {});
    holds(&world);
    plant(
        &world,
        "INSERT INTO retention_releases SELECT invoice_id, '2026-11-23', 5400, '2026-12-23', 0 FROM retentions",
    );
    assert_eq!(broken(&world), "1 net due");
}
