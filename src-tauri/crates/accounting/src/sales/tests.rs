//! Entries of invoices and credit notes.

use std::collections::BTreeMap;

use acquit_domain::Cents;
use acquit_domain::invoice::credit::Taken;
use acquit_domain::invoice::{Content, DeductionKind, Finalised, Nature, Operation};
use acquit_domain::quantity::Percent;
use acquit_domain::vat::{StandardRate, VatBasis, VatTreatment};
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

use crate::Chart;
use crate::entry::{Entry, Journal};
use crate::tests::{
    DAY, account, any_invoice, content, credit_note, deduction, facts, invoice_on, line,
    spec_content,
};

mod contracts;

const NORMAL: VatTreatment = VatTreatment::Standard(StandardRate::Normal);

fn entry_on(content: Content, basis: VatBasis) -> Option<Entry> {
    super::invoice(&invoice_on(content, basis), &Chart::default(), &account()).unwrap()
}

fn accounts(operation: Operation, basis: VatBasis) -> Vec<String> {
    let lines = vec![
        line("1", "100.00", NORMAL, Nature::Works),
        line("1", "100.00", NORMAL, Nature::Goods),
    ];
    let entry = entry_on(content(operation, lines), basis).unwrap();
    entry
        .lines()
        .iter()
        .map(|line| line.account.clone())
        .collect()
}

/// The entry of a credit note after others.
fn noted(note: &Finalised, invoice: &Finalised, before: &[Finalised]) -> Option<Entry> {
    let taken = Taken {
        notes: before,
        lost: &[],
    };
    super::credit_note(note, invoice, taken, &Chart::default(), &account()).unwrap()
}

/// Debit less credit, by account.
fn balances<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> BTreeMap<&'e str, Cents> {
    let mut balances: BTreeMap<&str, Cents> = BTreeMap::new();
    for line in entries.into_iter().flat_map(Entry::lines) {
        *balances.entry(&line.account).or_default() += line.debit - line.credit;
    }
    balances
}

#[test]
fn an_invoice_asks_its_customer_and_waits_with_the_vat() {
    let entry = entry_on(spec_content(), VatBasis::OnReceipt).unwrap();
    assert_eq!(
        (entry.journal(), entry.date(), entry.piece_date()),
        (Journal::Sales, DAY, DAY)
    );
    assert_eq!(entry.piece(), "F-2026-00042");
    assert_eq!(entry.label(), "Facture F-2026-00042 Hélène Marchand");
    assert_eq!(
        facts(&entry),
        [
            ("411000", "CMARCHAND", 207_362, 0),
            ("411700", "CMARCHAND", 10_914, 0),
            ("704000", "", 0, 155_996),
            ("707000", "", 0, 38_900),
            ("445742", "", 0, 15_600),
            ("445741", "", 0, 7_780),
        ]
    );
}

#[test]
fn vat_falls_due_by_operation_and_basis_not_by_nature() {
    let (works, goods) = ("704000", "707000");
    let with = |vat: &[&'static str]| [&["411000", works, goods], vat].concat();
    use VatBasis::{OnInvoice, OnReceipt};
    assert_eq!(
        accounts(Operation::Services, OnReceipt),
        with(&["445741", "445741"])
    );
    assert_eq!(
        accounts(Operation::Services, OnInvoice),
        with(&["445711", "445711"])
    );
    assert_eq!(
        accounts(Operation::Goods, OnReceipt),
        with(&["445711", "445711"])
    );
    assert_eq!(
        accounts(Operation::Both, OnReceipt),
        with(&["445741", "445711"])
    );
    assert_eq!(
        accounts(Operation::Both, OnInvoice),
        with(&["445711", "445711"])
    );
}

#[test]
fn no_vat_is_booked_where_none_is_charged() {
    for vat in [
        VatTreatment::ReverseCharge,
        VatTreatment::Exempt,
        VatTreatment::Export,
    ] {
        let lines = vec![line("2", "150.00", vat, Nature::Services)];
        let entry = entry_on(content(Operation::Services, lines), VatBasis::OnReceipt).unwrap();
        let expected = [
            ("411000", "CMARCHAND", 30_000, 0),
            ("706000", "", 0, 30_000),
        ];
        assert_eq!(facts(&entry), expected, "{vat:?}");
    }
}

#[test]
fn other_deductions_stand_apart_from_the_retention() {
    let lines = vec![line("1", "1000.00", NORMAL, Nature::Works)];
    let deductions = vec![
        deduction(DeductionKind::Retention, "5"),
        deduction(DeductionKind::Prorata, "2"),
        deduction(DeductionKind::Other, "1"),
    ];
    let content = Content {
        deductions,
        ..content(Operation::Services, lines)
    };
    let entry = entry_on(content, VatBasis::OnInvoice).unwrap();
    assert_eq!(
        facts(&entry),
        [
            ("411000", "CMARCHAND", 110_400, 0),
            ("411700", "CMARCHAND", 6_000, 0),
            ("467000", "", 3_600, 0),
            ("704000", "", 0, 100_000),
            ("445711", "", 0, 20_000),
        ]
    );
}

#[test]
fn an_invoice_of_nothing_gives_no_entry() {
    let lines = vec![line("1", "100.00", NORMAL, Nature::Works)];
    let discount = Percent::parse("100").unwrap();
    let content = Content {
        discount,
        ..content(Operation::Services, lines)
    };
    assert_eq!(entry_on(content, VatBasis::OnReceipt), None);
}

#[test]
fn a_credit_note_is_the_mirror_of_its_invoice() {
    let invoice = invoice_on(spec_content(), VatBasis::OnReceipt);
    let note = credit_note(&invoice);
    let entry = noted(&note, &invoice, &[]).unwrap();
    assert_eq!(entry.piece(), "A-2026-00007");
    assert_eq!(entry.label(), "Avoir A-2026-00007 Hélène Marchand");
    assert_eq!(entry.date(), note.issue_date);
    assert_eq!(
        facts(&entry),
        [
            ("411000", "CMARCHAND", 0, 207_362),
            ("411700", "CMARCHAND", 0, 10_914),
            ("704000", "", 155_996, 0),
            ("707000", "", 38_900, 0),
            ("445742", "", 15_600, 0),
            ("445741", "", 7_780, 0),
        ]
    );
}

proptest! {
    #[test]
    fn every_invoice_balances_and_says_its_totals(document in any_invoice()) {
        let totals = &document.totals;
        let entry = super::invoice(&document, &Chart::default(), &account()).unwrap();
        prop_assert_eq!(entry.is_none(), totals.gross.is_zero());
        let found = balances(&entry);
        let sum = |prefix: &str| -> Cents {
            found.iter().filter(|(account, _)| account.starts_with(prefix)).map(|(_, sum)| *sum).sum()
        };
        prop_assert_eq!(sum("411000"), totals.net_due);
        prop_assert_eq!(sum("411700"), totals.retention());
        prop_assert_eq!(sum("467000"), totals.deducted - totals.retention());
        prop_assert_eq!(sum("70"), -totals.net);
        prop_assert_eq!(sum("445"), -totals.vat);
        let one_sided = |entry: &Entry| entry.lines().iter().all(|line| line.debit.is_zero() != line.credit.is_zero());
        prop_assert!(entry.iter().all(|entry| entry.is_balanced() && one_sided(entry)));
    }

    #[test]
    fn an_invoice_and_its_full_credit_note_leave_nothing(document in any_invoice()) {
        let note = credit_note(&document);
        let sale = super::invoice(&document, &Chart::default(), &account()).unwrap();
        let entries = [sale, noted(&note, &document, &[])];
        for (account, balance) in balances(entries.iter().flatten()) {
            prop_assert_eq!(balance, Cents::ZERO, "{}", account);
        }
    }
}
