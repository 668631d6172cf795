//! What PayPlug tells too late: paid or given back on a day that was closed before anybody read of it.

use acquit_app::{Cause, VatPeriod};
use acquit_domain::receipt::Status;
use acquit_tests::{World, books, crash_after};
use jiff::civil::{Date, date};

use super::{CARD, DAY_S, close_november, december, entries, raw};

const PAID: Date = date(2026, 11, 28);
const BOOKED: Date = date(2026, 12, 1);

/// Date, journal, label and piece date of each entry that is not of sales, oldest first.
fn moved(world: &World) -> Vec<(Date, &'static str, String, Date)> {
    let mut entries = entries(world);
    entries.sort_by_key(|entry| entry.seq);
    let moved = entries.into_iter().map(|read| read.entry);
    moved
        .filter(|entry| entry.journal().code() != "VE")
        .map(|entry| {
            let label = entry.label().to_owned();
            (
                entry.date(),
                entry.journal().code(),
                label,
                entry.piece_date(),
            )
        })
        .collect()
}

/// Day and cents of each row of VAT due by a receipt or refund, in a month.
fn due(world: &World, month: &str) -> Vec<(Cause, Date, i64)> {
    let period = VatPeriod::parse(month).unwrap();
    let found = world.acquit.vat_return(period).unwrap();
    let rows = found.rows.iter().map(|listed| &listed.row);
    rows.map(|row| (row.cause, row.date, row.vat.get()))
        .collect()
}

/// An invoice of 220.00 whose customer pays on the 28th while nobody reads; November is closed since.
async fn paid_unseen(seed: u64) -> (World, acquit_domain::id::InvoiceId) {
    let world = World::demonstration(seed).await;
    let id = world.issue(200).id;
    world.acquit.sync().await.unwrap();
    world.advance(5 * DAY_S);
    world.payplug.pay(&world.payment(id), CARD).unwrap();
    world.advance(5 * DAY_S);
    close_november(&world);
    (world, id)
}

#[tokio::test]
async fn a_card_that_was_paid_before_the_closing_is_booked_on_the_first_open_day() {
    let (world, id) = paid_unseen(711).await;
    world.acquit.sync().await.unwrap();
    let view = world.acquit.invoice(id).unwrap();
    assert_eq!(view.standing.status, Status::Settled);
    assert_eq!(
        view.receipts[0].receipt.date, PAID,
        "the receipt keeps its day"
    );
    let found = moved(&world);
    let days: Vec<(Date, &str)> = found.iter().map(|entry| (entry.0, entry.1)).collect();
    assert_eq!(days, [(BOOKED, "PP"), (BOOKED, "OD")]);
    for (_, _, label, _) in &found {
        assert!(label.ends_with("(du 28/11/2026)"), "{label}");
    }
    assert_eq!(found[0].3, PAID, "the piece keeps its day");
    // VAT falls due where it is booked: the return of November was made without it.
    assert_eq!(due(&world, "2026-11"), []);
    assert_eq!(due(&world, "2026-12"), [(Cause::Receipt, BOOKED, 2_000)]);
    books::holds(&world);
    // Once.
    world.acquit.sync().await.unwrap();
    assert_eq!(moved(&world).len(), 2);
}

#[tokio::test]
async fn a_refund_in_the_portal_before_the_closing_is_booked_likewise() {
    let world = World::demonstration(712).await;
    let id = world.issue(200).id;
    world.acquit.sync().await.unwrap();
    let payment = world.payment(id);
    world.payplug.pay(&payment, CARD).unwrap();
    world.acquit.sync().await.unwrap();
    world.advance(3 * DAY_S);
    world.payplug.refund(&payment, 5_500).unwrap();
    world.advance(7 * DAY_S);
    close_november(&world);
    world.acquit.sync().await.unwrap();
    let late: Vec<_> = moved(&world)
        .into_iter()
        .filter(|entry| entry.0 == BOOKED)
        .collect();
    assert_eq!(late.len(), 2, "{late:?}");
    for (_, _, label, _) in &late {
        assert!(label.ends_with("(du 26/11/2026)"), "{label}");
    }
    assert_eq!(due(&world, "2026-12"), [(Cause::Refund, BOOKED, -500)]);
    books::holds(&world);
}

#[tokio::test]
async fn where_nothing_was_closed_nothing_moves() {
    let world = World::demonstration(713).await;
    let id = world.issue(200).id;
    world.acquit.sync().await.unwrap();
    world.payplug.pay(&world.payment(id), CARD).unwrap();
    december(&world);
    world.acquit.sync().await.unwrap();
    let found = moved(&world);
    assert!(found.iter().all(|entry| entry.0 == date(2026, 11, 23)));
    assert!(found.iter().all(|entry| !entry.2.contains("(du ")));
    let noted: u64 = raw(&world)
        .query_row("SELECT COUNT(*) FROM late_bookings", [], |row| row.get(0))
        .unwrap();
    assert_eq!(noted, 0);
}

#[tokio::test]
async fn a_late_payment_that_is_told_to_a_dying_program_is_booked_once() {
    let (mut world, id) = paid_unseen(714).await;
    let mut polls = 1;
    while crash_after(polls, world.acquit.sync()).await.is_none() {
        world.restart();
        polls += 3;
    }
    assert_eq!(moved(&world).len(), 2);
    assert_eq!(world.acquit.invoice(id).unwrap().receipts.len(), 1);
    books::holds(&world);
}

#[tokio::test]
async fn verify_sees_when_the_day_of_a_booking_was_changed() {
    let (world, _) = paid_unseen(715).await;
    world.acquit.sync().await.unwrap();
    books::holds(&world);
    let change = "UPDATE late_bookings SET booked_on = '2027-01-01'";
    let refused = raw(&world).execute_batch(change).unwrap_err();
    assert!(refused.to_string().contains("frozen"), "{refused}");
    let forced = format!("DROP TRIGGER late_bookings_frozen_update; {change}");
    raw(&world).execute_batch(&forced).unwrap();
    let found = world.acquit.verify().unwrap().broken.unwrap();
    assert_eq!(found.invariant, "3 late bookings");
}
