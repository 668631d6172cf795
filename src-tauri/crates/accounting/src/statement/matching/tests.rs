//! Statement beside books.

use std::collections::BTreeSet;

use acquit_domain::Cents;
use jiff::Span;
use jiff::civil::{Date, date};
use proptest::prelude::{Just, Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::{Cause, Context, Known, Listed, missing_days, reconcile};
use crate::statement::{LineKind, StatementLine};

const DAY: Date = date(2026, 10, 15);

fn later(days: i32) -> Date {
    DAY.checked_add(Span::new().days(days)).unwrap()
}

fn listed(line: u64, kind: LineKind, date: Date, cents: i64, id: Option<&str>) -> Listed {
    let payment = id.filter(|id| id.starts_with("pay_"));
    Listed {
        line,
        says: StatementLine {
            place: 1,
            key: line.to_string(),
            date,
            kind,
            amount: Cents::new(cents),
            vat: None,
            id: id.map(str::to_owned),
            payment: payment.map(str::to_owned),
            label: String::new(),
            balance: None,
        },
    }
}

fn known(kind: LineKind, date: Date, cents: i64, piece: &str) -> Known {
    Known {
        kind,
        piece: piece.to_owned(),
        payment: piece.starts_with("pay_").then(|| piece.to_owned()),
        date,
        amount: Cents::new(cents),
        line: None,
    }
}

fn set(payments: &[&str]) -> BTreeSet<String> {
    payments.iter().map(|one| (*one).to_owned()).collect()
}

fn context() -> Context {
    Context {
        received: set(&["pay_1"]),
        linked: set(&["pay_1", "pay_2"]),
        covered: vec![(date(2026, 10, 1), date(2026, 10, 31))],
    }
}

#[test]
fn ids_tie_whatever_the_day_and_amounts_are_compared() {
    let lines = [
        listed(1, LineKind::Payment, DAY, 64_000, Some("pay_1")),
        listed(2, LineKind::Refund, DAY, -12_000, Some("re_1")),
    ];
    let books = [
        known(LineKind::Refund, later(-1), -12_000, "re_1"),
        known(LineKind::Payment, later(9), 60_000, "pay_1"),
    ];
    let outcome = reconcile(&lines, &books, &context());
    assert_eq!(outcome.matched, [(1, 0)]);
    assert_eq!(outcome.differing, [(0, 1)]);
    assert!(outcome.not_booked.is_empty() && outcome.not_listed.is_empty());
}

#[test]
fn without_an_id_the_nearest_day_decides_and_a_week_is_the_most() {
    let lines = [
        listed(1, LineKind::Transfer, DAY, -250_000, None),
        listed(2, LineKind::Transfer, later(3), -250_000, None),
        listed(3, LineKind::Transfer, later(16), -250_000, None),
    ];
    let books = [
        known(LineKind::Transfer, later(4), -250_000, "VIR-2"),
        known(LineKind::Transfer, later(1), -250_000, "VIR-1"),
        known(LineKind::Transfer, later(8), -250_000, "VIR-3"),
    ];
    let outcome = reconcile(&lines, &books, &context());
    assert_eq!(outcome.matched, [(0, 1), (1, 0)]);
    assert_eq!(outcome.not_booked, [(2, Cause::TransferNotBooked)]);
    assert_eq!(outcome.not_listed, [(2, Cause::NotOnStatement)]);
}

#[test]
fn what_was_booked_from_a_line_stays_with_it() {
    let lines = [
        listed(1, LineKind::Fee, DAY, -1_800, None),
        listed(2, LineKind::Fee, DAY, -1_800, None),
    ];
    let mut fee = known(LineKind::Fee, DAY, -1_800, "FRAIS-2026-10-15");
    fee.line = Some(2);
    let outcome = reconcile(&lines, &[fee], &context());
    assert_eq!(outcome.matched, [(1, 0)]);
    assert_eq!(outcome.not_booked, [(0, Cause::FeeNotBooked)]);
}

#[test]
fn a_chargeback_is_tied_by_its_payment_not_by_its_piece() {
    let mut line = listed(1, LineKind::Chargeback, DAY, -64_000, Some("cb_1"));
    line.says.payment = Some("pay_1".to_owned());
    let books = [
        known(LineKind::Payment, DAY, 64_000, "pay_1"),
        known(LineKind::Chargeback, DAY, -64_000, "pay_1"),
    ];
    let outcome = reconcile(&[line], &books, &context());
    assert_eq!(outcome.matched, [(0, 1)]);
}

#[test]
fn each_difference_has_its_cause() {
    let causes = |listed: Listed| reconcile(&[listed], &[], &context()).not_booked[0].1;
    let of = |kind, cents, id| causes(listed(1, kind, DAY, cents, Some(id)));
    assert_eq!(of(LineKind::Invoice, -100, "INV"), Cause::InvoiceNotBooked);
    assert_eq!(of(LineKind::Fee, -100, "mv"), Cause::FeeNotBooked);
    assert_eq!(of(LineKind::Fee, 100, "mv"), Cause::FeeNotBooked);
    assert_eq!(of(LineKind::Transfer, -100, "mv"), Cause::TransferNotBooked);
    assert_eq!(of(LineKind::Transfer, 100, "mv"), Cause::WrongWay);
    assert_eq!(of(LineKind::Payment, 100, "pay_2"), Cause::NotPulled);
    assert_eq!(
        of(LineKind::Payment, 100, "pay_9"),
        Cause::PaymentWithoutInvoice
    );
    assert_eq!(of(LineKind::Payment, -100, "pay_2"), Cause::WrongWay);
    assert_eq!(of(LineKind::Refund, -100, "pay_2"), Cause::NotPulled);
    assert_eq!(
        of(LineKind::Refund, -100, "re_9"),
        Cause::BackWithoutInvoice
    );
    assert_eq!(
        of(LineKind::Chargeback, -100, "pay_1"),
        Cause::ChargebackNotBooked
    );
    assert_eq!(
        of(LineKind::Chargeback, -100, "pay_2"),
        Cause::BackWithoutInvoice
    );
    assert_eq!(
        of(LineKind::ChargebackWon, 100, "pay_1"),
        Cause::ChargebackWonNotBooked
    );
    assert_eq!(
        of(LineKind::ChargebackWon, 100, "pay_9"),
        Cause::BackWithoutInvoice
    );
    let uncovered = [known(LineKind::Payment, date(2026, 11, 2), 100, "pay_1")];
    let outcome = reconcile(&[], &uncovered, &context());
    assert_eq!(outcome.not_listed, [(0, Cause::NotCovered)]);
}

#[test]
fn days_that_no_statement_covers_are_found() {
    let october = |day| date(2026, 10, day);
    let spans = [
        (october(12), october(20)),
        (october(1), october(9)),
        (october(3), october(5)),
    ];
    assert_eq!(
        missing_days(&spans, october(1), october(31)),
        [(october(10), october(11)), (october(21), october(31))]
    );
    assert_eq!(missing_days(&spans, october(2), october(9)), []);
    assert_eq!(
        missing_days(&[], october(2), october(2)),
        [(october(2), october(2))]
    );
    assert_eq!(missing_days(&spans, october(5), october(4)), []);
}

fn any_kind() -> impl Strategy<Value = LineKind> {
    prop_oneof![
        Just(LineKind::Payment),
        Just(LineKind::Refund),
        Just(LineKind::Chargeback),
        Just(LineKind::Fee),
        Just(LineKind::Transfer),
    ]
}

fn any_listed() -> impl Strategy<Value = Listed> {
    (any_kind(), 0_i32..20, -3_i64..3, 0_u8..4).prop_map(|(kind, day, cents, id)| {
        let id = format!("pay_{id}");
        listed(0, kind, later(day), cents, Some(&id))
    })
}

fn any_known() -> impl Strategy<Value = Known> {
    (
        any_kind(),
        0_i32..20,
        -3_i64..3,
        0_u8..4,
        proptest::option::of(0_u64..6),
    )
        .prop_map(|(kind, day, cents, id, line)| Known {
            line,
            ..known(kind, later(day), cents, &format!("pay_{id}"))
        })
}

proptest! {
    #[test]
    fn matched_and_listed_are_all_and_balances_add_up(
        mut lines in proptest::collection::vec(any_listed(), 0..12),
        books in proptest::collection::vec(any_known(), 0..12),
    ) {
        for (at, listed) in (0_u64..).zip(&mut lines) {
            listed.line = at;
        }
        let outcome = reconcile(&lines, &books, &context());
        let pairs = || outcome.matched.iter().chain(&outcome.differing);
        let mut from_lines: Vec<usize> = pairs().map(|(line, _)| *line).collect();
        from_lines.extend(outcome.not_booked.iter().map(|(line, _)| *line));
        from_lines.sort_unstable();
        prop_assert_eq!(from_lines, (0..lines.len()).collect::<Vec<_>>());
        let mut from_books: Vec<usize> = pairs().map(|(_, known)| *known).collect();
        from_books.extend(outcome.not_listed.iter().map(|(known, _)| *known));
        from_books.sort_unstable();
        prop_assert_eq!(from_books, (0..books.len()).collect::<Vec<_>>());
        // Statement less books is what the differences add up to.
        let says = |at: usize| lines[at].says.amount;
        let differences: Cents = outcome.differing.iter().map(|(line, known)| says(*line) - books[*known].amount).sum();
        let not_booked: Cents = outcome.not_booked.iter().map(|(line, _)| says(*line)).sum();
        let not_listed: Cents = outcome.not_listed.iter().map(|(known, _)| books[*known].amount).sum();
        let statement: Cents = lines.iter().map(|listed| listed.says.amount).sum();
        let ledger: Cents = books.iter().map(|known| known.amount).sum();
        prop_assert_eq!(statement - ledger, differences + not_booked - not_listed);
        for (line, known) in &outcome.matched {
            prop_assert_eq!(says(*line), books[*known].amount);
            prop_assert!(lines[*line].says.kind == books[*known].kind || books[*known].line == Some(lines[*line].line));
        }
    }
}
