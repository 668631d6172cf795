//! Entries of receipts, and the VAT that falls due with them.

use std::collections::BTreeMap;

use acquit_domain::Cents;
use acquit_domain::invoice::credit::Taken;
use acquit_domain::invoice::{Content, Finalised, Nature, Operation};
use acquit_domain::receipt::PaymentMeans;
use acquit_domain::vat::{StandardRate, VatBasis, VatTreatment};
use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};

use super::{receipt, vat_due, vat_transfer};
use crate::Chart;
use crate::entry::{Entry, Journal};
use crate::tests::{
    DAY, account, any_invoice, card_receipt, content, credit_note, facts, invoice, invoice_on,
    line, receipt_of, spec_content,
};

type Due = BTreeMap<StandardRate, Cents>;

fn due(document: &Finalised, notes: &[Finalised], received: i64) -> Due {
    vat_due(
        document,
        Taken {
            notes,
            lost: &[],
            ..Taken::default()
        },
        Cents::new(received),
    )
}

fn transfer(document: &Finalised, before: &Due, after: &Due) -> Option<Entry> {
    vat_transfer(document, before, after, DAY, &Chart::default()).unwrap()
}

fn total(due: &Due) -> Cents {
    due.values().copied().sum()
}

/// What the sales entry books as awaiting, by rate.
fn awaiting(document: &Finalised) -> Due {
    let chart = Chart::default();
    let entry = crate::sales::invoice(document, &chart, &account()).unwrap();
    let lines: Vec<_> = entry.iter().flat_map(Entry::lines).cloned().collect();
    let booked = |account: &str| -> Cents {
        lines
            .iter()
            .filter(|line| line.account == account)
            .map(|line| line.credit)
            .sum()
    };
    let accounts = ["445744", "445743", "445742", "445741"];
    StandardRate::ALL
        .into_iter()
        .zip(accounts.map(booked))
        .filter(|(_, vat)| !vat.is_zero())
        .collect()
}

fn without_zeros(due: Due) -> Due {
    due.into_iter().filter(|(_, vat)| !vat.is_zero()).collect()
}

/// An invoice with some cumulative receipts, refunds making them fall again.
fn any_history() -> impl Strategy<Value = (Finalised, Vec<i64>)> {
    (any_invoice(), proptest::collection::vec(-20_i64..130, 0..8)).prop_map(|(document, shares)| {
        let gross = document.totals.gross.get();
        let states = shares
            .into_iter()
            .map(|percent| gross * percent / 100)
            .collect();
        (document, states)
    })
}

#[test]
fn each_means_has_its_journal_account_and_words() {
    let document = invoice(spec_content());
    for (means, journal, money, words) in [
        (
            PaymentMeans::Cheque,
            Journal::Bank,
            "511200",
            "Règlement chèque",
        ),
        (
            PaymentMeans::Transfer,
            Journal::Bank,
            "512000",
            "Règlement virement",
        ),
        (
            PaymentMeans::Cash,
            Journal::Cash,
            "530000",
            "Règlement espèces",
        ),
        (
            PaymentMeans::DirectDebit,
            Journal::Bank,
            "512000",
            "Règlement prélèvement",
        ),
        (
            PaymentMeans::CardTerminal,
            Journal::Bank,
            "512000",
            "Règlement carte (terminal)",
        ),
        (PaymentMeans::Other, Journal::Bank, "512000", "Règlement"),
    ] {
        let received = receipt_of(&document, 100_000, means);
        let entry = receipt(&received, &document, &Chart::default(), &account())
            .unwrap()
            .unwrap();
        assert_eq!((entry.journal(), entry.date()), (journal, DAY));
        assert_eq!(
            entry.label(),
            format!("{words} F-2026-00042 Hélène Marchand")
        );
        assert_eq!(entry.piece(), "F-2026-00042");
        assert_eq!(
            facts(&entry),
            [(money, "", 100_000, 0), ("411000", "CMARCHAND", 0, 100_000)]
        );
    }
}

#[test]
fn a_card_receipt_carries_the_transaction() {
    let document = invoice(spec_content());
    let received = card_receipt(&document, 207_362);
    let entry = receipt(&received, &document, &Chart::default(), &account())
        .unwrap()
        .unwrap();
    assert_eq!(entry.journal(), Journal::Payplug);
    assert_eq!(entry.piece(), "pay_5iHMDxy4ABR4YBVW4UscIn");
    assert_eq!(
        entry.label(),
        "Règlement carte PayPlug F-2026-00042 Hélène Marchand"
    );
    assert_eq!(
        facts(&entry),
        [
            ("512700", "", 207_362, 0),
            ("411000", "CMARCHAND", 0, 207_362)
        ]
    );
}

/// The example of `accounting.md` § 2.
#[test]
fn the_vat_of_the_retention_waits_with_it() {
    let document = invoice(spec_content());
    let none = due(&document, &[], 0);
    let paid = due(&document, &[], 207_362);
    let expected = [
        (StandardRate::Intermediate, 14_820),
        (StandardRate::Normal, 7_391),
    ];
    assert_eq!(
        paid,
        expected.map(|(rate, vat)| (rate, Cents::new(vat))).into()
    );
    assert_eq!(total(&paid), Cents::new(22_211));

    let entry = transfer(&document, &none, &paid).unwrap();
    assert_eq!(
        (entry.journal(), entry.date()),
        (Journal::Miscellaneous, DAY)
    );
    assert_eq!(
        (entry.piece(), entry.piece_date()),
        ("F-2026-00042", document.issue_date)
    );
    assert_eq!(
        entry.label(),
        "TVA sur encaissement F-2026-00042 Hélène Marchand"
    );
    assert_eq!(
        facts(&entry),
        [
            ("445742", "", 14_820, 0),
            ("445712", "", 0, 14_820),
            ("445741", "", 7_391, 0),
            ("445711", "", 0, 7_391),
        ]
    );

    let whole = due(&document, &[], 218_276);
    assert_eq!(total(&whole), document.totals.vat);
    let rest = transfer(&document, &paid, &whole).unwrap();
    assert_eq!(rest.sums().0, Cents::new(23_380 - 22_211));
}

#[test]
fn only_vat_that_waits_falls_due_with_the_money() {
    let normal = VatTreatment::Standard(StandardRate::Normal);
    let mixed = vec![
        line("1", "100.00", normal, Nature::Works),
        line("1", "300.00", normal, Nature::Goods),
    ];
    let paid = |operation, basis| {
        let document = invoice_on(content(operation, mixed.clone()), basis);
        (
            total(&due(&document, &[], 48_000)),
            total(&due(&document, &[], 12_000)),
        )
    };
    let cents = |whole, quarter| (Cents::new(whole), Cents::new(quarter));
    assert_eq!(
        paid(Operation::Services, VatBasis::OnReceipt),
        cents(8_000, 2_000)
    );
    assert_eq!(
        paid(Operation::Both, VatBasis::OnReceipt),
        cents(2_000, 500)
    );
    assert_eq!(paid(Operation::Goods, VatBasis::OnReceipt), cents(0, 0));
    assert_eq!(paid(Operation::Services, VatBasis::OnInvoice), cents(0, 0));
}

#[test]
fn what_a_credit_note_takes_back_leaves_both_sides_of_the_fraction() {
    let normal = VatTreatment::Standard(StandardRate::Normal);
    let of = |price: &str| -> Content {
        content(
            Operation::Services,
            vec![line("1", price, normal, Nature::Works)],
        )
    };
    let document = invoice(of("1000.00"));
    let part = credit_note(&invoice(of("500.00")));
    let part = [part];
    assert_eq!(total(&due(&document, &part, 30_000)), Cents::new(5_000));
    assert_eq!(total(&due(&document, &part, 60_000)), Cents::new(10_000));
    assert_eq!(
        total(&due(&document, &part, 120_000)),
        Cents::new(10_000),
        "R is held to G"
    );
    let whole = credit_note(&document);
    assert_eq!(
        total(&due(&document, &[whole], 120_000)),
        Cents::ZERO,
        "G is nothing"
    );
}

#[test]
fn a_refund_takes_the_vat_back() {
    let document = invoice(spec_content());
    let (paid, refunded) = (due(&document, &[], 207_362), due(&document, &[], 0));
    let back = transfer(&document, &paid, &refunded).unwrap();
    assert_eq!(
        facts(&back),
        [
            ("445742", "", 0, 14_820),
            ("445712", "", 14_820, 0),
            ("445741", "", 0, 7_391),
            ("445711", "", 7_391, 0),
        ]
    );
    assert_eq!(transfer(&document, &paid, &paid), None, "nothing changed");
}

proptest! {
    #[test]
    fn nothing_is_due_before_money_and_all_of_it_with_the_last_cent(document in any_invoice()) {
        let gross = document.totals.gross.get();
        prop_assert_eq!(without_zeros(due(&document, &[], 0)), Due::new());
        prop_assert_eq!(without_zeros(due(&document, &[], -gross)), Due::new());
        prop_assert_eq!(without_zeros(due(&document, &[], gross)), awaiting(&document));
        prop_assert_eq!(due(&document, &[], gross + 1_000), due(&document, &[], gross));
    }

    #[test]
    fn more_money_never_means_less_vat(document in any_invoice(), one in -50_000_i64..9_000_000, other in -50_000_i64..9_000_000) {
        let (less, more) = (due(&document, &[], one.min(other)), due(&document, &[], one.max(other)));
        let whole = due(&document, &[], document.totals.gross.get());
        for (rate, vat) in &less {
            prop_assert!(!vat.is_negative() && *vat <= more[rate] && more[rate] <= whole[rate]);
        }
    }

    #[test]
    fn a_full_credit_note_leaves_no_vat_due(document in any_invoice(), received in 0_i64..9_000_000) {
        prop_assert_eq!(total(&due(&document, &[credit_note(&document)], received)), Cents::ZERO);
    }

    /// Whatever came and went in whatever order, the books say what the last state says.
    #[test]
    fn the_transfers_of_a_history_add_up_to_what_is_due((document, states) in any_history()) {
        let mut before = Due::new();
        let mut booked: BTreeMap<String, Cents> = BTreeMap::new();
        for received in &states {
            let after = due(&document, &[], *received);
            let entry = transfer(&document, &before, &after);
            prop_assert_eq!(entry.is_none(), without_zeros(before) == without_zeros(after.clone()));
            for line in entry.iter().flat_map(Entry::lines) {
                *booked.entry(line.account.clone()).or_default() += line.credit - line.debit;
            }
            prop_assert!(entry.is_none_or(|entry| entry.is_balanced()));
            before = after;
        }
        let (due_accounts, awaiting_accounts) = (["445714", "445713", "445712", "445711"], ["445744", "445743", "445742", "445741"]);
        for ((rate, collected), awaiting) in StandardRate::ALL.into_iter().zip(due_accounts).zip(awaiting_accounts) {
            let expected = before.get(&rate).copied().unwrap_or_default();
            let of = |account: &str| booked.get(account).copied().unwrap_or_default();
            prop_assert_eq!((of(collected), of(awaiting)), (expected, -expected), "{:?}", rate);
        }
    }
}
