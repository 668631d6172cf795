//! Movements of the PayPlug account that no customer makes: its invoice, single fees, transfers to the bank.

use acquit_domain::Cents;
use acquit_domain::date::french_short;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::chart::Chart;
use crate::entry::{Entry, Journal, Lines};
use crate::error::Error;

/// What took money off the PayPlug account (`accounting.md` § 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// PayPlug's monthly invoice, debited in one go incl. VAT.
    Invoice,
    /// A fee with a statement line of its own, such as that of a chargeback.
    Fee,
    /// A transfer to the company's bank account.
    Transfer,
}

impl MovementKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Invoice, Self::Fee, Self::Transfer];

    /// The kind with a word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Its word, in files and on the command line.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::Fee => "fee",
            Self::Transfer => "transfer",
        }
    }
}

/// One such movement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// What it is.
    pub kind: MovementKind,
    /// Number of PayPlug's invoice, reference of the statement's line or of the transfer: the piece of its entries.
    pub piece: String,
    /// Day it left the account, in France.
    pub date: Date,
    /// What left the account, in cents incl. VAT; below zero for a fee that is given back.
    pub amount: Cents,
    /// VAT in it that the company deducts, in cents; zero for transfers and under the franchise.
    pub vat: Cents,
}

impl Movement {
    /// What the movement changes the balance of the account by, in cents.
    #[must_use]
    pub fn effect(&self) -> Cents {
        -self.amount
    }

    /// What its entry says in the column of labels (FEC `EcritureLib`).
    fn label(&self) -> String {
        match self.kind {
            MovementKind::Invoice => format!("Facture PayPlug {}", self.piece),
            MovementKind::Fee => format!("Frais PayPlug {}", self.piece),
            MovementKind::Transfer => format!("Virement PayPlug {}", self.piece),
        }
    }
}

/// The entry of a movement on the day it leaves the account. Invoice and fee: 627800 and 445660 against 512700; the VAT is
/// that of the invoice, never a sum of roundings. Transfer: 580000 against 512700.
///
/// # Errors
/// [`Error::Unbalanced`], which one amount on both sides excludes.
pub fn left(movement: &Movement, chart: &Chart) -> Result<Option<Entry>, Error> {
    let lines = match movement.kind {
        MovementKind::Invoice | MovementKind::Fee => Lines::new()
            .debit(chart.fees(), movement.amount - movement.vat)
            .debit(chart.vat_on_fees(), movement.vat),
        MovementKind::Transfer => Lines::new().debit(chart.in_transit(), movement.amount),
    };
    let (piece, date) = (movement.piece.as_str(), movement.date);
    Entry::new(
        Journal::Payplug,
        date,
        piece,
        date,
        movement.label(),
        lines.credit(chart.payplug(), movement.amount),
    )
}

/// The entry of a transfer that arrived: the bank (512000) as the chart says now, against 580000 as it was when the
/// transfer left.
///
/// # Errors
/// [`Error::Unbalanced`], which one amount on both sides excludes.
pub fn arrived(
    transfer: &Movement,
    on: Date,
    left_under: &Chart,
    now: &Chart,
) -> Result<Option<Entry>, Error> {
    let lines = Lines::new()
        .debit(now.bank(), transfer.amount)
        .credit(left_under.in_transit(), transfer.amount);
    let piece = transfer.piece.as_str();
    let label = format!("{} du {}", transfer.label(), french_short(transfer.date));
    Entry::new(Journal::Bank, on, piece, transfer.date, label, lines)
}

/// What undoes an entry of a movement, or of the arrival of a transfer: its inverse, on the accounts that it was booked on.
/// An entry is never edited (`accounting.md` § 2); `on` is the first open day not before its own.
#[must_use]
pub fn reversed(entry: &Entry, on: Date) -> Entry {
    entry.mirrored(on, format!("Annulation {}", entry.label()))
}

/// The VAT in a fee of PayPlug's of which only the total is known: 20 % of what it is without VAT. It is PayPlug's own
/// figure to the cent, because that is rounded once from the sum without VAT.
#[must_use]
pub fn vat_in(total: Cents) -> Cents {
    total.share(1, 6)
}

#[cfg(test)]
mod tests {
    use super::{Movement, MovementKind, arrived, left, reversed, vat_in};
    use crate::chart::Chart;
    use crate::entry::{Entry, Journal};
    use crate::tests::{DAY, facts};
    use acquit_domain::Cents;
    use jiff::civil::date;
    use proptest::prelude::{Just, Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};
    use std::collections::BTreeMap;

    fn movement(kind: MovementKind, piece: &str, amount: i64, vat: i64) -> Movement {
        Movement {
            kind,
            piece: piece.to_owned(),
            date: DAY,
            amount: Cents::new(amount),
            vat: Cents::new(vat),
        }
    }

    #[test]
    fn the_monthly_invoice_is_fees_and_the_vat_of_the_invoice() {
        // 9.93 + 4.98 + 22.81 + 0.18 + 36.30 + 0.18 = 74.38; VAT 14.876: 14.88, where line by line it would be 14.89.
        let invoice = movement(MovementKind::Invoice, "PP-2026-01", 8_926, 1_488);
        let entry = left(&invoice, &Chart::default()).unwrap().unwrap();
        assert_eq!((entry.journal(), entry.date()), (Journal::Payplug, DAY));
        assert_eq!(entry.piece(), "PP-2026-01");
        assert_eq!(entry.label(), "Facture PayPlug PP-2026-01");
        assert_eq!(
            facts(&entry),
            [
                ("627800", "", 7_438, 0),
                ("445660", "", 1_488, 0),
                ("512700", "", 0, 8_926)
            ]
        );
    }

    #[test]
    fn under_the_franchise_the_fee_is_all_of_it() {
        let fee = movement(MovementKind::Fee, "CB-01-FRAIS", 1_800, 0);
        let entry = left(&fee, &Chart::default()).unwrap().unwrap();
        assert_eq!(
            facts(&entry),
            [("627800", "", 1_800, 0), ("512700", "", 0, 1_800)]
        );
    }

    #[test]
    fn a_fee_that_is_given_back_goes_the_other_way() {
        let fee = movement(MovementKind::Fee, "CB-01-FRAIS-R", -1_800, -300);
        let entry = left(&fee, &Chart::default()).unwrap().unwrap();
        assert_eq!(
            facts(&entry),
            [
                ("627800", "", 0, 1_500),
                ("445660", "", 0, 300),
                ("512700", "", 1_800, 0)
            ]
        );
        assert_eq!(fee.effect(), Cents::new(1_800));
    }

    #[test]
    fn a_transfer_is_on_its_way_until_it_arrives() {
        let chart = Chart::default();
        let transfer = movement(MovementKind::Transfer, "VIR-01", 500_000, 0);
        let entry = left(&transfer, &chart).unwrap().unwrap();
        assert_eq!(entry.journal(), Journal::Payplug);
        assert_eq!(
            facts(&entry),
            [("580000", "", 500_000, 0), ("512700", "", 0, 500_000)]
        );
        let on = date(2027, 1, 4);
        let entry = arrived(&transfer, on, &chart, &chart).unwrap().unwrap();
        assert_eq!((entry.journal(), entry.date()), (Journal::Bank, on));
        assert_eq!((entry.piece(), entry.piece_date()), ("VIR-01", DAY));
        assert_eq!(
            facts(&entry),
            [("512000", "", 500_000, 0), ("580000", "", 0, 500_000)]
        );
    }

    #[test]
    fn nothing_is_no_entry() {
        let nothing = movement(MovementKind::Fee, "0", 0, 0);
        assert_eq!(left(&nothing, &Chart::default()), Ok(None));
    }

    #[test]
    fn what_was_booked_wrongly_is_booked_the_other_way() {
        let invoice = movement(MovementKind::Invoice, "PP-2026-01", 8_926, 1_488);
        let entry = left(&invoice, &Chart::default()).unwrap().unwrap();
        let on = date(2027, 1, 1);
        let undone = reversed(&entry, on);
        assert_eq!((undone.journal(), undone.date()), (Journal::Payplug, on));
        assert_eq!(
            (undone.piece(), undone.piece_date(), undone.label()),
            ("PP-2026-01", DAY, "Annulation Facture PayPlug PP-2026-01")
        );
        assert_eq!(
            facts(&undone),
            [
                ("627800", "", 0, 7_438),
                ("445660", "", 0, 1_488),
                ("512700", "", 8_926, 0)
            ]
        );
    }

    /// Any movement that may be booked.
    fn movements() -> impl Strategy<Value = Movement> {
        let kinds = prop_oneof![
            Just(MovementKind::Invoice),
            Just(MovementKind::Fee),
            Just(MovementKind::Transfer)
        ];
        (kinds, 1_i64..10_000_000, 0_i64..=100, proptest::bool::ANY).prop_map(
            |(kind, amount, share, comes_back)| {
                let share = if kind == MovementKind::Transfer {
                    0
                } else {
                    share
                };
                let sign = if comes_back && kind == MovementKind::Fee {
                    -1
                } else {
                    1
                };
                movement(kind, "P-1", sign * amount, sign * amount * share / 100)
            },
        )
    }

    /// What entries leave on each account, in cents; debit less credit.
    fn left_on(entries: &[Entry]) -> BTreeMap<&str, Cents> {
        let mut sums = BTreeMap::new();
        for line in entries.iter().flat_map(Entry::lines) {
            *sums.entry(line.account.as_str()).or_insert(Cents::ZERO) += line.debit - line.credit;
        }
        sums
    }

    proptest! {
        #[test]
        fn a_movement_and_its_reversal_leave_nothing_on_any_account(of in movements(), days in 0_i64..400) {
            let chart = Chart::default();
            let on = DAY.checked_add(jiff::Span::new().days(days)).unwrap();
            let mut entries = vec![left(&of, &chart).unwrap().unwrap()];
            if of.kind == MovementKind::Transfer {
                entries.push(arrived(&of, DAY, &chart, &chart).unwrap().unwrap());
            }
            let undone: Vec<Entry> = entries.iter().map(|entry| reversed(entry, on)).collect();
            for (entry, undone) in entries.iter().zip(&undone) {
                prop_assert!(undone.is_balanced());
                prop_assert_eq!(undone.date(), on);
                prop_assert_eq!(undone.lines().len(), entry.lines().len());
            }
            entries.extend(undone);
            let sums = left_on(&entries);
            prop_assert!(sums.values().all(|sum| sum.is_zero()), "{:?}", sums);
        }

        #[test]
        fn vat_taken_out_of_the_total_is_that_of_the_invoice(net in 0_i64..10_000_000) {
            let vat = Cents::new(net).share(20, 100);
            prop_assert_eq!(vat_in(Cents::new(net) + vat), vat);
        }
    }
}
