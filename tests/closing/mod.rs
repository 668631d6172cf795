//! Closing of the books over a real file: what people date is refused there, what comes by itself is booked on the
//! first open day, and nothing slips in, whatever stops in between.

mod journal;
mod late;
mod random;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use acquit_app::message::sentence;
use acquit_app::{
    Boundary, Error, Format, InvoiceView, NewChargeback, NewReceipt, PeriodState, ReadEntry,
};
use acquit_domain::Cents;
use acquit_domain::adjustment::Adjustment;
use acquit_domain::id::InvoiceId;
use acquit_domain::receipt::{ChargebackOutcome, PaymentMeans};
use acquit_domain::vat::StandardRate;
use acquit_tests::{World, books, invoice};
use jiff::civil::{Date, date};
use rusqlite::Connection;

pub(crate) const CARD: &str = "4242424242424242";
pub(crate) const DAY_S: i64 = 86_400;
/// The month that the worlds begin in, on its 23rd.
pub(crate) const NOVEMBER: Date = date(2026, 11, 30);

/// Moves on to the 3rd of December, ten days after the worlds begin.
pub(crate) fn december(world: &World) {
    world.advance(10 * DAY_S);
}

/// Closes November, whatever was not exported of it.
pub(crate) fn close_november(world: &World) {
    world.acquit.close_period(NOVEMBER, u64::MAX).unwrap();
}

pub(crate) async fn received(
    world: &World,
    id: InvoiceId,
    cents: i64,
    date: Option<Date>,
) -> Result<InvoiceView, Error> {
    let cheque = NewReceipt {
        amount: Cents::new(cents),
        means: PaymentMeans::Cheque,
        date,
        overpayment: true,
    };
    world.acquit.add_receipt(id, cheque).await
}

/// Code and field of a refusal.
pub(crate) fn refused<T>(outcome: Result<T, Error>) -> (&'static str, String) {
    let Err(error) = outcome else {
        panic!("not refused")
    };
    (error.code(), error.field().unwrap_or_default().to_owned())
}

fn closed(field: &str) -> (&'static str, String) {
    ("period_closed", field.to_owned())
}

/// A look into the file past the code under test.
pub(crate) fn raw(world: &World) -> Connection {
    Connection::open(world.acquit.path()).unwrap()
}

/// Every entry, newest first.
pub(crate) fn entries(world: &World) -> Vec<ReadEntry> {
    let all = acquit_app::EntryFilter {
        limit: 1_000,
        ..acquit_app::EntryFilter::default()
    };
    world.acquit.entries(&all).unwrap()
}

fn exported(world: &World, until: Date, file: &Path) {
    world.acquit.export(Format::Csv, until, None, file).unwrap();
}

fn broken(world: &World) -> &'static str {
    let found = world.acquit.verify().unwrap().broken;
    found.map_or("nothing", |found| found.invariant)
}

#[tokio::test]
async fn a_month_is_closed_once_when_it_is_over_and_whoever_closes_knows_what_is_left() {
    let world = World::demonstration(701).await;
    world.issue(200);
    let running = world.acquit.close_period(NOVEMBER, u64::MAX);
    let told = sentence(running.as_ref().unwrap_err()).fr;
    assert!(told.contains("à partir du 01/12/2026"), "{told}");
    assert_eq!(refused(running), ("period_not_over", "until".to_owned()));

    december(&world);
    let middle = world.acquit.close_period(date(2026, 11, 15), u64::MAX);
    assert_eq!(refused(middle), ("not_a_period_end", "until".to_owned()));
    let left = world.acquit.close_period(NOVEMBER, 0);
    let told = sentence(left.as_ref().unwrap_err()).fr;
    assert!(told.contains("jusqu’au 30/11/2026"), "{told}");
    assert_eq!(refused(left), ("unexported_entries", "until".to_owned()));
    assert_eq!(world.acquit.closings().unwrap(), []);

    let folder = tempfile::tempdir().unwrap();
    exported(&world, NOVEMBER, &folder.path().join("novembre.csv"));
    let row = world.acquit.close_period(NOVEMBER, 0).unwrap();
    assert_eq!((row.until, row.unexported), (NOVEMBER, 0));
    assert_eq!(world.acquit.closings().unwrap(), [row]);
    assert!(world.acquit.exports().unwrap()[0].is_closed);

    for again in [NOVEMBER, date(2026, 10, 31)] {
        let outcome = world.acquit.close_period(again, u64::MAX);
        assert_eq!(refused(outcome), closed("until"));
    }
    books::holds(&world);
    let counted = world.acquit.verify().unwrap().checked;
    assert!(counted.contains(&("closings", 1)), "{counted:?}");
}

#[tokio::test]
async fn what_people_date_in_a_closed_period_is_refused_at_its_field_and_changes_nothing() {
    let world = World::demonstration(702).await;
    let open = world.issue(200).id;
    let too_much = world.issue(100).id;
    received(&world, too_much, 12_000, None).await.unwrap();
    let paid = world.issue(300).id;
    world.acquit.sync().await.unwrap();
    world.payplug.pay(&world.payment(paid), CARD).unwrap();
    world.acquit.sync().await.unwrap();
    december(&world);
    close_november(&world);
    let before = entries(&world).len();
    let then = date(2026, 11, 28);

    let mut late = invoice(&[("100", StandardRate::Intermediate)]);
    late.issue_date = Some(then);
    let draft = world.acquit.add_invoice(late).unwrap();
    assert_eq!(draft.obstacles.len(), 1, "told before it is finalised");
    assert_eq!(draft.obstacles[0].field, "issue_date");
    let outcome = world.acquit.finalise(draft.id);
    let told = sentence(outcome.as_ref().unwrap_err()).fr;
    assert!(told.contains("close jusqu’au 30/11/2026"), "{told}");
    assert_eq!(refused(outcome), closed("issue_date"));

    let receipt = received(&world, open, 5_000, Some(NOVEMBER)).await;
    assert_eq!(refused(receipt), closed("date"));
    let given = world
        .acquit
        .adjust(too_much, Adjustment::Kept, Cents::new(1_000), Some(then))
        .await;
    assert_eq!(refused(given), closed("date"));
    let cheques = world.acquit.cheques_to_deposit().unwrap();
    let slip = world
        .acquit
        .deposit_cheques("REM-1", &[cheques[0].receipt], Some(then));
    assert_eq!(refused(slip), closed("date"));
    let taken = |date| NewChargeback {
        date,
        ..NewChargeback::default()
    };
    let disputed = world.acquit.record_chargeback(paid, taken(Some(then)));
    assert_eq!(refused(disputed), closed("date"));
    assert_eq!(entries(&world).len(), before);
    books::holds(&world);

    // The same on an open day.
    let day = Some(date(2026, 12, 1));
    let view = world.acquit.record_chargeback(paid, taken(day)).unwrap();
    let chargeback = view.chargebacks[0].chargeback.id;
    let won = ChargebackOutcome::Won;
    let early = world
        .acquit
        .close_chargeback(paid, chargeback, won, Some(then));
    assert_ne!(refused(early).0, "");
    world
        .acquit
        .close_chargeback(paid, chargeback, won, day)
        .unwrap();
    received(&world, open, 5_000, day).await.unwrap();
    world
        .acquit
        .deposit_cheques("REM-1", &[cheques[0].receipt], day)
        .unwrap();
    books::holds(&world);
}

#[tokio::test]
async fn an_old_invoice_is_credited_today() {
    let world = World::demonstration(703).await;
    let id = world.issue(200).id;
    december(&world);
    close_november(&world);
    let note = world.acquit.cancel(id).await.unwrap();
    let dated: Vec<Date> = entries(&world)
        .iter()
        .filter(|entry| entry.entry.piece().starts_with("A-"))
        .map(|entry| entry.entry.date())
        .collect();
    assert_eq!(dated, [date(2026, 12, 3)]);
    assert!(matches!(note.document, acquit_app::Document::Finalised(_)));
    books::holds(&world);
}

#[tokio::test]
async fn what_was_not_exported_before_its_closing_is_told_and_can_be_exported_yet() {
    let world = World::demonstration(710).await;
    world.issue(200);
    december(&world);
    let anomalies = || {
        let preview = world.acquit.export_preview(NOVEMBER, None).unwrap();
        let told = preview.anomalies.into_iter();
        told.map(|one| one.fr).collect::<Vec<String>>()
    };
    assert!(anomalies().is_empty());
    close_november(&world);
    let told = anomalies();
    assert_eq!(told.len(), 1);
    assert!(
        told[0].contains("écriture est d’une période déjà close"),
        "{told:?}"
    );
    let folder = tempfile::tempdir().unwrap();
    exported(&world, NOVEMBER, &folder.path().join("novembre.csv"));
    assert!(anomalies().is_empty());
    books::holds(&world);
}

#[tokio::test]
async fn a_closing_is_whole_or_not_at_all() {
    for (at, is_closed) in [
        (Boundary::BeforeCommit, false),
        (Boundary::AfterCommit, true),
    ] {
        let mut world = World::demonstration(704).await;
        let id = world.issue(200).id;
        december(&world);
        let dies = move |boundary| assert_ne!(boundary, at, "the program dies here");
        assert!(world.acquit.observe_transactions(Box::new(dies)));
        let close = || world.acquit.close_period(NOVEMBER, u64::MAX).map(|_| ());
        assert!(catch_unwind(AssertUnwindSafe(close)).is_err());
        world.restart();
        assert_eq!(
            world.acquit.closings().unwrap().len(),
            usize::from(is_closed)
        );
        books::holds(&world);
        let receipt = received(&world, id, 5_000, Some(NOVEMBER)).await;
        assert_eq!(receipt.is_err(), is_closed);
        books::holds(&world);
    }
}

#[tokio::test]
async fn another_program_that_is_open_keeps_to_the_closing() {
    let mut world = World::demonstration(705).await;
    let id = world.issue(200).id;
    let other = world.another_handle();
    december(&world);
    close_november(&world);
    let receipt = NewReceipt {
        amount: Cents::new(5_000),
        means: PaymentMeans::Transfer,
        date: Some(NOVEMBER),
        overpayment: false,
    };
    let outcome = other.add_receipt(id, receipt).await;
    assert_eq!(refused(outcome), closed("date"));
}

#[tokio::test]
async fn the_file_itself_refuses_and_verify_sees_what_was_slipped_in() {
    let planted = |seed| async move {
        let world = World::demonstration(seed).await;
        world.issue(200);
        december(&world);
        close_november(&world);
        books::holds(&world);
        world
    };
    const SLIP_IN: &str = "INSERT INTO entries (journal, date, invoice_id, body, recorded_on, recorded_at)
        SELECT journal, date, NULL, body, recorded_on, recorded_at FROM entries WHERE seq = 1;
        INSERT INTO entry_lines SELECT (SELECT MAX(seq) FROM entries), line, account, auxiliary, debit, credit
          FROM entry_lines WHERE entry = 1;";
    let world = planted(706).await;
    let refused = raw(&world).execute_batch(SLIP_IN).unwrap_err();
    assert!(refused.to_string().contains("frozen"), "{refused}");
    for change in [
        "UPDATE closings SET until = '2026-10-31'",
        "DELETE FROM closings",
        "INSERT INTO closings (until, unexported, after_entry, closed_at) VALUES ('2026-10-31', 0, 0, 0)",
    ] {
        let refused = raw(&world).execute_batch(change).unwrap_err();
        assert!(
            refused.to_string().contains("frozen"),
            "{change}: {refused}"
        );
    }
    let without = "DROP TRIGGER entries_in_open_period;";
    let opened = "UPDATE entries SET journal = journal;";
    assert!(raw(&world).execute_batch(opened).is_err());
    raw(&world)
        .execute_batch(&format!("{without}{SLIP_IN}"))
        .unwrap();
    assert_eq!(broken(&world), "3 closed periods");

    let world = planted(707).await;
    let reopened = "DROP TRIGGER closings_frozen_delete; DELETE FROM closings;";
    raw(&world).execute_batch(reopened).unwrap();
    assert_eq!(broken(&world), "3 closings");

    let world = planted(708).await;
    let moved =
        "DROP TRIGGER closings_frozen_update; UPDATE closings SET after_entry = after_entry + 1;";
    raw(&world).execute_batch(moved).unwrap();
    assert_eq!(broken(&world), "3 closings");
}

#[tokio::test]
async fn the_fiscal_year_tells_where_each_month_stands() {
    let world = World::demonstration(709).await;
    world.issue(200);
    let year = world.acquit.closing_year(date(2026, 11, 23)).unwrap();
    assert_eq!(
        (year.first, year.last),
        (date(2026, 1, 1), date(2026, 12, 31))
    );
    assert_eq!((year.previous, year.next), (None, None));
    let state = |month: usize| {
        let year = world.acquit.closing_year(NOVEMBER).unwrap();
        let period = year.periods[month - 1];
        (period.state, period.entries, period.unexported)
    };
    assert_eq!(state(10), (PeriodState::Open, 0, 0));
    assert_eq!(state(11), (PeriodState::Running, 1, 0));
    december(&world);
    assert_eq!(state(11), (PeriodState::Open, 1, 1));
    let folder = tempfile::tempdir().unwrap();
    exported(&world, NOVEMBER, &folder.path().join("novembre.csv"));
    assert_eq!(state(11), (PeriodState::Exported, 1, 0));
    let row = world.acquit.close_period(date(2026, 10, 31), 0).unwrap();
    let at = row.closed_at;
    assert_eq!(state(1).0, PeriodState::Closed { at });
    assert_eq!(state(10).0, PeriodState::Closed { at });
    assert_eq!(state(11).0, PeriodState::Exported);
    assert_eq!(state(12).0, PeriodState::Running);
    world.advance(40 * DAY_S);
    let year = world.acquit.closing_year(NOVEMBER).unwrap();
    assert_eq!(year.next, Some(date(2027, 12, 31)));
    assert_eq!(year.closed_until, Some(date(2026, 10, 31)));
    let next = world.acquit.closing_year(date(2027, 12, 31)).unwrap();
    assert_eq!(next.previous, Some(date(2026, 12, 31)));
}
