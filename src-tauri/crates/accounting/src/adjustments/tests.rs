//! Entries of decisions on an account, and their VAT, with amounts worked out by hand.

use acquit_domain::Cents;
use acquit_domain::adjustment::{Adjusted, Adjustment};
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::credit::Taken;
use acquit_domain::receipt::{Movements, PaymentMeans};
use acquit_domain::vat::StandardRate;
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use uuid::Uuid;

use super::adjusted;
use crate::chart::Chart;
use crate::entry::{Entry, Journal};
use crate::receipts::vat_due;
use crate::tests::{DAY, account, any_invoice, facts, invoice, spec_content};

fn entry_of(adjustment: Adjustment, cents: i64) -> Option<Entry> {
    let document = invoice(spec_content());
    let decided = Adjusted {
        invoice: document.id,
        adjustment,
        amount: Cents::new(cents),
        date: DAY,
    };
    adjusted(&decided, &document, &Chart::default(), &account()).unwrap()
}

#[test]
fn what_was_paid_too_much_leaves_the_customers_account() {
    let own = ("411000", "CMARCHAND", 15_724, 0);
    for (means, journal, money) in [
        (PaymentMeans::Transfer, Journal::Bank, "512000"),
        (PaymentMeans::Cheque, Journal::Bank, "512000"),
        (PaymentMeans::Cash, Journal::Cash, "530000"),
    ] {
        let entry = entry_of(Adjustment::Returned { means }, 15_724).unwrap();
        assert_eq!(entry.journal(), journal);
        assert_eq!(entry.piece(), "F-2026-00042");
        assert_eq!(
            entry.label(),
            "Trop-perçu rendu F-2026-00042 Hélène Marchand"
        );
        assert_eq!(facts(&entry), [own, (money, "", 0, 15_724)], "{means:?}");
    }
    let kept = entry_of(Adjustment::Kept, 15_724).unwrap();
    assert_eq!(kept.journal(), Journal::Miscellaneous);
    assert_eq!(facts(&kept), [own, ("419700", "CMARCHAND", 0, 15_724)]);
    let gained = entry_of(Adjustment::TooMuch, 15_724).unwrap();
    assert_eq!(facts(&gained), [own, ("758000", "", 0, 15_724)]);
}

#[test]
fn what_is_missing_is_a_loss() {
    let entry = entry_of(Adjustment::Missing, 3).unwrap();
    assert_eq!(entry.journal(), Journal::Miscellaneous);
    assert_eq!(
        facts(&entry),
        [("658000", "", 3, 0), ("411000", "CMARCHAND", 0, 3)]
    );
}

#[test]
fn a_set_off_is_no_entry_of_its_own() {
    let target = InvoiceId::new(Uuid::from_u128(7));
    assert_eq!(entry_of(Adjustment::SetOff { target }, 15_724), None);
}

/// 2 182.76 with 233.80 of VAT, 109.14 retained. Three cents short of 2 073.62, the difference makes due
/// what the money did not: 222.11 as if all had come.
#[test]
fn the_vat_of_a_missing_difference_falls_due_and_that_of_an_overpayment_stays() {
    let document = invoice(spec_content());
    let due = |received: i64, taken_out: i64, brought_in: i64| {
        let movements = Movements {
            received: Cents::new(received),
            taken_out: Cents::new(taken_out),
            brought_in: Cents::new(brought_in),
            ..Movements::default()
        };
        let found = vat_due(&document, Taken::default(), movements.settling());
        [StandardRate::Intermediate, StandardRate::Normal].map(|rate| found[&rate].get())
    };
    assert_eq!(due(207_359, 0, 3), [14_820, 7_391]);
    assert_eq!(due(0, 0, 207_362), [14_820, 7_391]);
    assert_eq!(due(230_000, 0, 0), [15_600, 7_780], "above the total: all");
    assert_eq!(
        due(230_000, 22_638, 0),
        [14_820, 7_391],
        "down to what is due"
    );
    assert_eq!(due(230_000, 11_724, 0), [15_600, 7_780]);
}

proptest! {
    /// Credit that leaves one invoice for another takes as much R there as it brings here.
    #[test]
    fn every_entry_balances_on_the_customers_account(document in any_invoice(), cents in 1_i64..900_000, which in 0_usize..4) {
        let adjustment = [
            Adjustment::Returned { means: PaymentMeans::Cash },
            Adjustment::Kept,
            Adjustment::Missing,
            Adjustment::TooMuch,
        ][which];
        let decided = Adjusted { invoice: document.id, adjustment, amount: Cents::new(cents), date: DAY };
        let entry = adjusted(&decided, &document, &Chart::default(), &account()).unwrap().unwrap();
        prop_assert!(entry.is_balanced());
        let own: i64 = entry.lines().iter().filter(|line| line.account == "411000")
            .map(|line| line.debit.get() - line.credit.get()).sum();
        prop_assert_eq!(own, if adjustment == Adjustment::Missing { -cents } else { cents });
    }
}
