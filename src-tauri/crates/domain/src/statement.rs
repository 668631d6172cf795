//! What a customer has still to pay, as a statement of account (*relevé de compte*) tells it.

use jiff::civil::Date;

use crate::date::days_late;
use crate::invoice::Finalised;
use crate::money::Cents;
use crate::numbering::DocumentNumber;
use crate::receipt::Standing;

/// An invoice with something to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// Number.
    pub number: DocumentNumber,
    /// Issue date.
    pub issue_date: Date,
    /// Due date.
    pub due_date: Date,
    /// What the works are about.
    pub title: Option<String>,
    /// Total incl. VAT.
    pub gross: Cents,
    /// Everything that lowered it: the total less this is what remains.
    pub lowered: Cents,
    /// The part of it that is no payment: retention and other deductions, deposits, credit notes.
    pub deducted: Cents,
    /// Still to pay.
    pub remaining: Cents,
    /// Days past the due date; 0 when it is not late.
    pub days_late: i32,
}

impl Owed {
    /// What an invoice asks for on a day; none where nothing may be asked for. `kept`: what was
    /// received and did not go back.
    #[must_use]
    pub fn of(document: &Finalised, standing: &Standing, kept: Cents, today: Date) -> Option<Self> {
        let remaining = standing.payable();
        if !document.is_invoice() || !remaining.is_positive() {
            return None;
        }
        let gross = document.totals.gross;
        let lowered = gross - remaining;
        Some(Self {
            number: document.number,
            issue_date: document.issue_date,
            due_date: document.due_date,
            title: document.content.title.clone(),
            gross,
            lowered,
            deducted: lowered - kept,
            remaining,
            days_late: days_late(document.due_date, today),
        })
    }
}

/// What several invoices come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Count of the invoices.
    pub count: usize,
    /// Sum of what remains.
    pub due: Cents,
    /// Count of those past their due date.
    pub late_count: usize,
    /// What remains of those.
    pub late: Cents,
}

/// Sums up what is owed.
#[must_use]
pub fn sums<'a>(owed: impl IntoIterator<Item = &'a Owed>) -> Sums {
    let mut sums = Sums::default();
    for one in owed {
        sums.count += 1;
        sums.due += one.remaining;
        if one.days_late > 0 {
            sums.late_count += 1;
            sums.late += one.remaining;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::{Owed, sums};
    use crate::invoice::Finalised;
    use crate::money::Cents;
    use crate::receipt::{Movements, standing};
    use crate::tests::{invoice, spec_content};

    fn owed(document: &Finalised, movements: Movements, today: Date) -> Option<Owed> {
        let standing = standing(document.totals.net_due, movements);
        let kept = movements.received - movements.given_back;
        Owed::of(document, &standing, kept, today)
    }

    #[test]
    fn what_lowered_an_invoice_is_told_apart_from_what_was_paid() {
        let document = invoice(spec_content());
        let totals = &document.totals;
        let movements = Movements {
            received: Cents::new(30_000),
            credited: Cents::new(1_000),
            ..Movements::default()
        };
        let found = owed(&document, movements, document.due_date).unwrap();
        assert_eq!(found.remaining, totals.net_due - Cents::new(31_000));
        assert_eq!(found.gross - found.lowered, found.remaining);
        // Five percent are retained.
        let retained = totals.gross - totals.net_due;
        assert!(retained.is_positive());
        assert_eq!(found.deducted, retained + Cents::new(1_000));
        assert_eq!(found.days_late, 0);
    }

    #[test]
    fn nothing_is_asked_for_of_what_is_settled_or_waits_for_a_decision() {
        let document = invoice(spec_content());
        let paid = Movements {
            received: document.totals.net_due,
            ..Movements::default()
        };
        let given_back = Movements {
            given_back: Cents::new(500),
            ..paid
        };
        assert_eq!(owed(&document, paid, document.due_date), None);
        assert_eq!(owed(&document, given_back, document.due_date), None);
        let decided = Movements {
            decided: Cents::new(500),
            ..given_back
        };
        let again = owed(&document, decided, document.due_date).unwrap();
        assert_eq!(again.remaining, Cents::new(500));
    }

    #[test]
    fn sums_tell_what_is_late_apart() {
        let document = invoice(spec_content());
        let none = Movements::default();
        let due = document.due_date;
        let on_time = owed(&document, none, due).unwrap();
        let late = owed(&document, none, due.tomorrow().unwrap()).unwrap();
        assert_eq!(late.days_late, 1);
        let found = sums([&on_time, &late]);
        assert_eq!((found.count, found.late_count), (2, 1));
        assert_eq!(
            (found.due, found.late),
            (late.remaining + on_time.remaining, late.remaining)
        );
    }
}
