//! Entries of released retentions, with amounts worked out by hand, and that 411700 ends at zero.

use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::Finalised;
use acquit_domain::invoice::credit::{Issue, Taken, full_credit_note, partial_credit_note};
use acquit_domain::invoice::retention::releasable;
use acquit_domain::receipt::PaymentMeans;
use acquit_domain::vat::StandardRate;
use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use uuid::Uuid;

use super::released;
use crate::chart::Chart;
use crate::entry::{Entry, Journal};
use crate::receipts::{receipt, vat_due};
use crate::sales::invoice as sales;
use crate::tests::{account, any_invoice, facts, invoice, receipt_of, spec_content};

fn release_of(document: &Finalised) -> Option<Entry> {
    let amount = releasable(document, Taken::default()).ok()?;
    let day = date(2027, 11, 2);
    released(document, amount, day, &Chart::default(), &account()).unwrap()
}

/// What an account comes to over entries, debit less credit.
fn balance(of: &str, entries: &[Entry]) -> Cents {
    let lines = entries.iter().flat_map(|entry| entry.lines());
    lines
        .filter(|line| line.account == of)
        .map(|line| line.debit - line.credit)
        .sum()
}

fn issue(sequence: u32) -> Issue {
    Issue {
        id: InvoiceId::new(Uuid::from_u128(u128::from(sequence) + 10)),
        number: format!("A-2027-{sequence:05}").parse().unwrap(),
        date: date(2027, 11, 3),
        at: Timestamp::UNIX_EPOCH,
    }
}

/// 5 % of 2 182.76 were held back.
#[test]
fn a_release_moves_the_retention_to_the_customers_account() {
    let entry = release_of(&invoice(spec_content())).unwrap();
    assert_eq!(
        facts(&entry),
        [
            ("411000", "CMARCHAND", 10_914, 0),
            ("411700", "CMARCHAND", 0, 10_914),
        ]
    );
    assert_eq!(entry.journal(), Journal::Miscellaneous);
    assert_eq!(entry.date(), date(2027, 11, 2));
    assert!(entry.is_balanced());
}

/// VAT 233.80: 222.11 fell due with 2 073.62, nothing more with the release, the last 11.69 (10 %:
/// 156.00 − 148.20 = 7.80; 20 %: 77.80 − 73.91 = 3.89) with the 109.14.
#[test]
fn the_vat_of_the_retention_falls_due_when_it_is_paid() {
    let document = invoice(spec_content());
    let due = |received: i64, released: i64| {
        let taken = Taken {
            released: Cents::new(released),
            ..Taken::default()
        };
        let found = vat_due(&document, taken, Cents::new(received));
        [StandardRate::Intermediate, StandardRate::Normal].map(|rate| found[&rate].get())
    };
    assert_eq!(due(207_362, 0), [14_820, 7_391]);
    assert_eq!(due(207_362, 10_914), [14_820, 7_391]);
    assert_eq!(due(218_276, 10_914), [15_600, 7_780]);
}

#[test]
fn after_its_receipts_nothing_is_left_on_either_account() {
    let document = invoice(spec_content());
    let chart = Chart::default();
    let mut entries = vec![sales(&document, &chart, &account()).unwrap().unwrap()];
    entries.extend(release_of(&document));
    for cents in [207_362, 10_914] {
        let paid = receipt_of(&document, cents, PaymentMeans::Transfer);
        entries.extend(receipt(&paid, &document, &chart, &account()).unwrap());
    }
    assert_eq!(balance("411700", &entries), Cents::ZERO);
    assert_eq!(balance("411000", &entries), Cents::ZERO);
}

proptest! {
    /// Whatever was credited before and after: the release empties 411700, and a full credit note
    /// leaves both accounts at zero.
    #[test]
    fn nothing_is_held_back_after_a_release(document in any_invoice(), share in 0_i64..1_000, share_after in 0_i64..1_000) {
        let chart = Chart::default();
        if let Some(release) = release_of(&document) {
            let held = document.totals.retention();
            let mut entries: Vec<Entry> = sales(&document, &chart, &account()).unwrap().into_iter().collect();
            let mut notes: Vec<Finalised> = Vec::new();
            let before = document.totals.net_due.share(share, 1_000);
            notes.extend(partial_credit_note(&document, Taken::default(), before, issue(1)));
            entries.push(release);
            for note in &notes {
                entries.extend(sales(note, &chart, &account()).unwrap());
            }
            prop_assert_eq!(balance("411700", &entries), Cents::ZERO);

            let after = |notes: &[Finalised], document: &Finalised, whole: bool| {
                let taken = Taken { notes, released: held, ..Taken::default() };
                let amount = document.totals.net_due.share(share_after, 2_000);
                if whole { full_credit_note(document, taken, issue(3)) } else { partial_credit_note(document, taken, amount, issue(2)) }
            };
            for whole in [false, true] {
                if let Ok(note) = after(&notes, &document, whole) {
                    entries.extend(sales(&note, &chart, &account()).unwrap());
                    notes.push(note);
                }
            }
            prop_assert_eq!(balance("411700", &entries), Cents::ZERO);
            prop_assert_eq!(balance("411000", &entries), Cents::ZERO);
            prop_assert!(notes.iter().any(|note| note.totals.gross.is_positive()));
        }
    }
}
