//! Contracts in the books: deposits, situations, final invoices and what is credited of them.

use acquit_domain::Cents;
use acquit_domain::invoice::credit::{Taken, full_credit_note, partial_credit_note};
use acquit_domain::invoice::earlier::{Candidate, earlier};
use acquit_domain::invoice::{
    Content, DeductionKind, DraftKind, Earlier, Finalised, Item, Line, Nature, Operation,
};
use acquit_domain::quantity::Percent;
use acquit_domain::vat::{StandardRate, VatBasis, VatTreatment};
use proptest::collection::vec;
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use proptest::sample::select;

use super::{balances, noted};
use crate::Chart;
use crate::entry::Entry;
use crate::receipts::{vat_due, vat_transfer};
use crate::tests::{
    DAY, account, any_line, content, customer, deduction, facts, finalised_as, issue, line,
};

const INTERMEDIATE: VatTreatment = VatTreatment::Standard(StandardRate::Intermediate);
const NORMAL: VatTreatment = VatTreatment::Standard(StandardRate::Normal);

fn final_kind() -> DraftKind {
    DraftKind::Final {
        follows: Vec::new(),
    }
}

fn situation_kind() -> DraftKind {
    DraftKind::Progress {
        follows: Vec::new(),
    }
}

fn services(lines: Vec<Line>) -> Content {
    content(Operation::Services, lines)
}

fn after(documents: &[&Finalised]) -> Vec<Earlier> {
    let free = |document| Candidate {
        document,
        taken: Taken::default(),
        settled: true,
        deducted_by: None,
    };
    let all: Vec<Candidate<'_>> = documents.iter().copied().map(free).collect();
    earlier(customer().id, &all, &[]).unwrap()
}

fn document(kind: DraftKind, counter: u32, content: Content, basis: VatBasis) -> Finalised {
    finalised_as(kind, counter, content, basis).expect("the content keeps the rules")
}

fn sale(document: &Finalised) -> Option<Entry> {
    crate::sales::invoice(document, &Chart::default(), &account()).unwrap()
}

/// The VAT that falls due once all of an invoice is settled, as an entry.
fn settled(invoice: &Finalised, notes: &[Finalised]) -> Option<Entry> {
    let due = |notes, received| {
        vat_due(
            invoice,
            Taken {
                notes,
                lost: &[],
                ..Taken::default()
            },
            received,
        )
    };
    let none = due(&[], Cents::ZERO);
    let all = due(notes, invoice.totals.gross);
    vat_transfer(invoice, &none, &all, DAY, &Chart::default()).unwrap()
}

/// Debit less credit of the accounts that begin so.
fn sum<'e>(entries: impl IntoIterator<Item = &'e Entry>, prefix: &str) -> Cents {
    let found = balances(entries).into_iter();
    found
        .filter(|(account, _)| account.starts_with(prefix))
        .map(|(_, balance)| balance)
        .sum()
}

/// The example of `accounting.md` § 2: deposit 3 000 + 300, contract 10 000 + 1 000.
#[test]
fn the_deposit_of_the_specification_is_taken_off_with_its_vat() {
    for (basis, vat) in [
        (VatBasis::OnReceipt, "445742"),
        (VatBasis::OnInvoice, "445712"),
    ] {
        let deposit = document(
            DraftKind::Deposit,
            1,
            services(vec![line("1", "3000.00", INTERMEDIATE, Nature::Works)]),
            basis,
        );
        let entry = sale(&deposit).unwrap();
        assert_eq!(entry.label(), "Acompte AC-2026-00001 Hélène Marchand");
        assert_eq!(
            facts(&entry),
            [
                ("411000", "CMARCHAND", 330_000, 0),
                ("419100", "", 0, 300_000),
                ("445742", "", 0, 30_000),
            ]
        );
        let contract = Content {
            earlier: after(&[&deposit]),
            ..services(vec![line("1", "10000.00", INTERMEDIATE, Nature::Works)])
        };
        let last = document(final_kind(), 2, contract, basis);
        let entry = sale(&last).unwrap();
        assert_eq!(entry.label(), "Solde F-2026-00002 Hélène Marchand");
        assert_eq!(
            facts(&entry),
            [
                ("411000", "CMARCHAND", 770_000, 0),
                ("419100", "", 300_000, 0),
                ("704000", "", 0, 1_000_000),
                (vat, "", 0, 70_000),
            ]
        );
        // Half of the 7 700.00 brings half of the 700.00, where VAT waits.
        let half = vat_due(&last, Taken::default(), Cents::new(385_000));
        let waits = basis == VatBasis::OnReceipt;
        let expected = if waits { 35_000 } else { 0 };
        assert_eq!(half[&StandardRate::Intermediate], Cents::new(expected));
        let note = full_credit_note(&last, Taken::default(), issue()).unwrap();
        assert_eq!(
            facts(&noted(&note, &last, &[]).unwrap()),
            [
                ("411000", "CMARCHAND", 0, 770_000),
                ("419100", "", 0, 300_000),
                ("704000", "", 1_000_000, 0),
                (vat, "", 70_000, 0),
            ]
        );
        let note = full_credit_note(&deposit, Taken::default(), issue()).unwrap();
        assert_eq!(
            facts(&noted(&note, &deposit, &[]).unwrap()),
            [
                ("411000", "CMARCHAND", 0, 330_000),
                ("419100", "", 300_000, 0),
                ("445742", "", 30_000, 0),
            ]
        );
    }
}

/// VAT of deposits on goods waits too, since 2023.
#[test]
fn a_deposit_on_goods_waits_for_its_receipt() {
    let goods = content(
        Operation::Goods,
        vec![line("1", "100.00", NORMAL, Nature::Goods)],
    );
    let deposit = document(DraftKind::Deposit, 1, goods, VatBasis::OnInvoice);
    let entry = sale(&deposit).unwrap();
    assert_eq!(facts(&entry)[2], ("445741", "", 0, 2_000));
    let due = vat_due(&deposit, Taken::default(), Cents::new(6_000));
    assert_eq!(due[&StandardRate::Normal], Cents::new(1_000));
}

/// 600.00 of works and 400.00 of goods at 20 %: 120.00 wait, 80.00 fell due; a deposit of 750.00
/// charged 150.00, which come off what waits first.
#[test]
fn a_deposit_comes_off_what_waits_then_off_what_fell_due() {
    let deposit = document(
        DraftKind::Deposit,
        1,
        services(vec![line("1", "750.00", NORMAL, Nature::Works)]),
        VatBasis::OnReceipt,
    );
    let lines = vec![
        line("1", "600.00", NORMAL, Nature::Works),
        line("1", "400.00", NORMAL, Nature::Goods),
    ];
    let both = Content {
        earlier: after(&[&deposit]),
        ..content(Operation::Both, lines)
    };
    let last = document(final_kind(), 2, both, VatBasis::OnReceipt);
    let entry = sale(&last).unwrap();
    let expected = [
        ("411000", "CMARCHAND", 30_000, 0),
        ("419100", "", 75_000, 0),
        ("704000", "", 0, 60_000),
        ("707000", "", 0, 40_000),
        ("445711", "", 0, 5_000),
    ];
    assert_eq!(facts(&entry), expected);
    // Two notes for half each: what waits and what fell due come back to nothing.
    let first = partial_credit_note(&last, Taken::default(), Cents::new(15_000), issue()).unwrap();
    let notes = [first];
    let taken = Taken {
        notes: &notes,
        lost: &[],
        ..Taken::default()
    };
    let rest = full_credit_note(&last, taken, issue()).unwrap();
    let entries = [
        Some(entry),
        noted(&notes[0], &last, &[]),
        noted(&rest, &last, &notes),
    ];
    for (account, balance) in balances(entries.iter().flatten()) {
        assert_eq!(balance, Cents::ZERO, "{account}");
    }
}

#[test]
fn a_situation_books_what_is_new_in_it() {
    let works = |progress: &str| Line {
        progress: Some(Percent::parse(progress).unwrap()),
        ..line("1", "10000.00", INTERMEDIATE, Nature::Works)
    };
    let basis = VatBasis::OnReceipt;
    let first = document(situation_kind(), 1, services(vec![works("30")]), basis);
    let second = Content {
        earlier: after(&[&first]),
        deductions: vec![deduction(DeductionKind::Retention, "5")],
        ..services(vec![works("75.5")])
    };
    let entry = sale(&document(situation_kind(), 2, second, basis)).unwrap();
    assert_eq!(entry.label(), "Situation F-2026-00002 Hélène Marchand");
    // 4 550.00 + 455.00, of which 250.25 are held back.
    assert_eq!(
        facts(&entry),
        [
            ("411000", "CMARCHAND", 475_475, 0),
            ("411700", "CMARCHAND", 25_025, 0),
            ("704000", "", 0, 455_000),
            ("445742", "", 0, 45_500),
        ]
    );
}

/// A deposit of one share, a situation of another, and the final invoice that takes both off.
fn contract(
    contract: &Content,
    deposit: u32,
    progress: u32,
    basis: VatBasis,
) -> Option<[Finalised; 3]> {
    let share = |of: u32| {
        let part = |item: &Item| {
            let line = item.line()?;
            let progress = Percent::parse(&of.to_string()).ok();
            Some(Line {
                progress,
                ..line.clone()
            })
        };
        contract.items.iter().filter_map(part).collect::<Vec<_>>()
    };
    let charged = |line: Line| {
        let price = line.amount();
        let bare = || crate::tests::line("1", &price.decimal(), line.vat, line.nature);
        (!price.is_negative()).then(bare)
    };
    let lines: Vec<Line> = share(deposit).into_iter().filter_map(charged).collect();
    if lines.is_empty() {
        return None;
    }
    let first = finalised_as(DraftKind::Deposit, 1, services(lines), basis)?;
    let started = Content {
        items: share(progress).into_iter().map(Item::Line).collect(),
        ..contract.clone()
    };
    let second = finalised_as(situation_kind(), 2, started, basis)?;
    let rest = Content {
        earlier: after(&[&first, &second]),
        ..contract.clone()
    };
    let last = finalised_as(final_kind(), 3, rest, basis)?;
    Some([first, second, last])
}

fn note_issue(counter: u32) -> acquit_domain::invoice::credit::Issue {
    let number = format!("A-2026-{counter:05}").parse().unwrap();
    acquit_domain::invoice::credit::Issue { number, ..issue() }
}

proptest! {
    #[test]
    fn contracts_leave_nothing_waiting(
        lines in vec(any_line(), 1..6),
        deposit in 1_u32..40,
        progress in 0_u32..50,
        operation in select(vec![Operation::Services, Operation::Goods, Operation::Both]),
        basis in select(vec![VatBasis::OnReceipt, VatBasis::OnInvoice]),
    ) {
        let whole = content(operation, lines);
        let Some(documents) = contract(&whole, deposit, progress, basis) else { return Ok(()) };
        let sales: Vec<Entry> = documents.iter().filter_map(sale).collect();
        prop_assert!(sales.iter().all(Entry::is_balanced));
        let [_, second, last] = &documents;
        let paid: Vec<Entry> = documents.iter().filter_map(|one| settled(one, &[])).collect();
        let books = || sales.iter().chain(&paid);
        prop_assert_eq!(sum(books(), "419100"), Cents::ZERO);
        prop_assert_eq!(sum(books(), "44574"), Cents::ZERO);
        let (net, vat) = (second.totals.net + last.totals.net, second.totals.vat + last.totals.vat);
        prop_assert_eq!(sum(books(), "70"), -net);
        prop_assert_eq!(sum(books(), "44571"), -vat);
    }

    #[test]
    fn credit_notes_on_a_final_invoice_leave_nothing_behind(
        lines in vec(any_line(), 1..6),
        deposit in 1_u32..60,
        share in 1_i64..100,
        operation in select(vec![Operation::Services, Operation::Both]),
    ) {
        let whole = content(operation, lines);
        let Some([first, _, last]) = contract(&whole, deposit, 0, VatBasis::OnReceipt) else { return Ok(()) };
        let amount = last.totals.net_due.share(share, 100);
        let Ok(part) = partial_credit_note(&last, Taken::default(), amount, note_issue(1)) else { return Ok(()) };
        let notes = [part];
        let part_entry = noted(&notes[0], &last, &[]);
        let kept: Vec<Entry> = [sale(&first), sale(&last), part_entry.clone(), settled(&first, &[]), settled(&last, &notes)]
            .into_iter().flatten().collect();
        prop_assert!(kept.iter().all(Entry::is_balanced));
        prop_assert_eq!(sum(&kept, "44574"), Cents::ZERO);
        let taken = Taken { notes: &notes, lost: &[], ..Taken::default() };
        let Ok(rest) = full_credit_note(&last, taken, note_issue(2)) else { return Ok(()) };
        let gone = [sale(&last), part_entry, noted(&rest, &last, &notes)];
        for (account, balance) in balances(gone.iter().flatten()) {
            prop_assert_eq!(balance, Cents::ZERO, "{}", account);
        }
    }
}
