//! The retention (*retenue de garantie*, loi 71-584 du 16 juillet 1971): held back from the net due, and
//! due once it is released.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::Finalised;
use super::credit::Taken;
use super::line::DeductionKind;
use crate::error::{Error, Rule};
use crate::money::Cents;

/// The law releases a retention a year after the reception of the works (loi 71-584, art. 2).
fn a_year() -> Span {
    1.year()
}

/// When a retention is released where nothing else was agreed: a year after the issue date, as no
/// other day is known of the reception. None beyond the calendar.
#[must_use]
pub fn usual_release(issue: Date) -> Option<Date> {
    issue.checked_add(a_year()).ok()
}

/// What an invoice says of its retention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// What is held back; zero where a bond stands in for it.
    pub amount: Cents,
    /// When it is to be released, the latest where there are several; none for a bond.
    pub release_on: Option<Date>,
    /// Whether a bank's bond stands in for all of it (loi 71-584, art. 1).
    pub bond: bool,
}

/// The retention of an invoice; none where it has none, or for a credit note.
#[must_use]
pub fn retention(invoice: &Finalised) -> Option<Retention> {
    let deductions = invoice.content.deductions.iter();
    let held: Vec<_> = deductions
        .filter(|one| one.kind == DeductionKind::Retention)
        .collect();
    if !invoice.is_invoice() || held.is_empty() {
        return None;
    }
    // Documents of before release dates were kept say none: the law's holds.
    let day = |given: Option<Date>| given.or_else(|| usual_release(invoice.issue_date));
    let dates = held
        .iter()
        .filter(|one| !one.bond)
        .filter_map(|one| day(one.release_on));
    Some(Retention {
        amount: invoice.totals.retention(),
        release_on: dates.max(),
        bond: held.iter().all(|one| one.bond),
    })
}

/// What a release makes due: all that is held back.
///
/// # Errors
/// [`Rule::NoRetention`], [`Rule::AlreadyReleased`], [`Rule::AlreadyCancelled`].
pub fn releasable(invoice: &Finalised, taken: Taken<'_>) -> Result<Cents, Error> {
    let held = retention(invoice).map_or(Cents::ZERO, |retention| retention.amount);
    let broken = if !held.is_positive() {
        Rule::NoRetention
    } else if taken.released.is_positive() {
        Rule::AlreadyReleased
    } else if taken.cancels(invoice) {
        Rule::AlreadyCancelled
    } else {
        return Ok(held);
    };
    Err(Error::at("id", broken))
}

#[cfg(test)]
mod tests;
