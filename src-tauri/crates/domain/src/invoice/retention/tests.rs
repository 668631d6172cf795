//! Retentions, their dates and bonds, and what is credited after a release, with amounts by hand.

use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use uuid::Uuid;

use super::{Retention, releasable, retention};
use crate::error::{Error, Rule};
use crate::id::InvoiceId;
use crate::invoice::credit::{
    Issue, Taken, creditable, full_credit_note, partial_credit_note, stays_within, totals_follow,
};
use crate::invoice::{Deduction, DeductionKind, DeductionValue, Finalised};
use crate::money::Cents;
use crate::numbering::Series;
use crate::tests::{DAY, any_content, company, customer, draft, invoice, number, spec_content};

fn issue() -> Issue {
    Issue {
        id: InvoiceId::new(Uuid::from_u128(9)),
        number: number(Series::CreditNote, 1),
        date: DAY,
        at: Timestamp::UNIX_EPOCH,
    }
}

fn released(cents: i64, notes: &[Finalised]) -> Taken<'_> {
    Taken {
        notes,
        released: Cents::new(cents),
        ..Taken::default()
    }
}

fn with(change: impl Fn(&mut Deduction)) -> Result<Finalised, Error> {
    let mut content = spec_content();
    change(&mut content.deductions[0]);
    let at = Timestamp::UNIX_EPOCH;
    let number = number(Series::Invoice, 42);
    crate::invoice::finalise(draft(content), number, DAY, company(), customer(), at)
}

#[test]
fn a_retention_is_due_a_year_after_its_invoice_unless_another_day_is_said() {
    let usual = with(|_| {}).unwrap();
    assert_eq!(
        retention(&usual),
        Some(Retention {
            amount: Cents::new(10_914),
            release_on: Some(date(2027, 11, 2)),
            bond: false
        })
    );
    let said = with(|one| one.release_on = Some(date(2027, 6, 30))).unwrap();
    let found = retention(&said).unwrap().release_on;
    assert_eq!(found, Some(date(2027, 6, 30)));
    let early = with(|one| one.release_on = Some(date(2026, 11, 1)));
    let refused = Error::at("deductions[0].release_on", Rule::ReleaseBeforeIssue);
    assert_eq!(early, Err(refused));
}

#[test]
fn documents_without_a_day_keep_their_bytes_and_get_the_laws() {
    let mut old = with(|_| {}).unwrap();
    old.content.deductions[0].release_on = None;
    let written = serde_json::to_string(&old.content.deductions).unwrap();
    assert_eq!(written, r#"[{"kind":"retention","value":{"percent":500}}]"#);
    let read: Vec<Deduction> = serde_json::from_str(&written).unwrap();
    assert_eq!(read, old.content.deductions);
    let found = retention(&old).unwrap().release_on;
    assert_eq!(found, Some(date(2027, 11, 2)));
}

#[test]
fn a_bond_stands_in_for_the_retention() {
    let bonded = with(|one| one.bond = true).unwrap();
    assert_eq!(bonded.totals.net_due, bonded.totals.gross);
    assert_eq!(
        retention(&bonded),
        Some(Retention {
            amount: Cents::ZERO,
            release_on: None,
            bond: true
        })
    );
    let refused = Err(Error::at("id", Rule::NoRetention));
    assert_eq!(releasable(&bonded, Taken::default()), refused);
    assert!(totals_follow(&bonded));
}

#[test]
fn release_and_bond_stand_on_retentions_alone() {
    let refused = |change: fn(&mut Deduction)| with(change).unwrap_err();
    let only = |field: &str| Error::at(format!("deductions[0].{field}"), Rule::OnlyForRetention);
    let fixed = DeductionValue::Amount(Cents::new(100));
    let other = Deduction::new(DeductionKind::Other, fixed);
    assert_eq!(other.amount(Cents::new(5_000)), Cents::new(100));
    assert_eq!(
        refused(|one| (one.kind, one.bond) = (DeductionKind::Prorata, true)),
        only("bond")
    );
    assert_eq!(
        refused(|one| {
            (one.kind, one.release_on) = (DeductionKind::Other, Some(date(2027, 1, 1)));
        }),
        only("release_on")
    );
    assert_eq!(
        refused(|one| (one.bond, one.release_on) = (true, Some(date(2027, 1, 1)))),
        only("release_on")
    );
}

#[test]
fn a_retention_is_released_once_and_never_after_a_cancellation() {
    let invoice = with(|_| {}).unwrap();
    let held = Cents::new(10_914);
    assert_eq!(releasable(&invoice, Taken::default()), Ok(held));
    let again = releasable(&invoice, released(10_914, &[]));
    assert_eq!(again, Err(Error::at("id", Rule::AlreadyReleased)));
    let notes = [full_credit_note(&invoice, Taken::default(), issue()).unwrap()];
    let cancelled = releasable(&invoice, released(0, &notes));
    assert_eq!(cancelled, Err(Error::at("id", Rule::AlreadyCancelled)));
    assert_eq!(retention(&notes[0]), None, "a credit note holds nothing");
}

/// 2 182.76 in all, 109.14 of it held back and released: the note gives all of it back.
#[test]
fn after_the_release_a_credit_note_asks_for_the_retention_too() {
    let invoice = with(|_| {}).unwrap();
    let taken = released(10_914, &[]);
    assert_eq!(creditable(&invoice, taken), Cents::new(218_276));
    let whole = full_credit_note(&invoice, taken, issue()).unwrap();
    assert_eq!(whole.totals.net_due, Cents::new(218_276));
    assert_eq!(whole.totals.retention(), Cents::ZERO);
    assert!(totals_follow(&whole));
    let same = partial_credit_note(&invoice, taken, Cents::new(218_276), issue()).unwrap();
    assert_eq!(same.totals, whole.totals);

    let part = partial_credit_note(&invoice, taken, Cents::new(210_000), issue()).unwrap();
    let notes = [part];
    let rest = full_credit_note(&invoice, released(10_914, &notes), issue()).unwrap();
    assert_eq!(rest.totals.net_due, Cents::new(8_276));
    assert_eq!(rest.totals.retention(), Cents::ZERO);
    assert!(totals_follow(&rest));
}

proptest! {
    #[test]
    fn parts_and_rest_give_back_what_was_asked_and_released(content in any_content(), share in 1_i64..1_000, later: bool) {
        let at = Timestamp::UNIX_EPOCH;
        let made = crate::invoice::finalise(draft(content), number(Series::Invoice, 42), DAY, company(), customer(), at);
        if let Ok(invoice) = made
            && let Ok(held) = releasable(&invoice, Taken::default())
        {
            let before = if later { 0 } else { held.get() };
            let amount = creditable(&invoice, released(before, &[])).share(share, 1_000);
            let mut notes: Vec<Finalised> = partial_credit_note(&invoice, released(before, &[]), amount, issue()).into_iter().collect();
            let rest = full_credit_note(&invoice, released(held.get(), &notes), issue());
            notes.extend(rest);
            let credited: Cents = notes.iter().map(|note| note.totals.net_due).sum();
            let kept: Cents = notes.iter().map(|note| note.totals.retention()).sum();
            prop_assert_eq!(credited, invoice.totals.net_due + held);
            prop_assert_eq!(kept, Cents::ZERO);
            prop_assert!(notes.iter().all(totals_follow));
            prop_assert!(stays_within(&invoice, released(held.get(), &notes)));
        }
    }
}

#[test]
fn the_example_holds_back_what_the_specification_says() {
    let found = invoice(spec_content());
    assert_eq!(retention(&found).unwrap().amount, Cents::new(10_914));
}
