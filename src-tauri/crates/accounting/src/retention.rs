//! The retention once it is released: from the account of what is held back to the customer's.

use acquit_domain::Cents;
use acquit_domain::invoice::Finalised;
use jiff::civil::Date;

use crate::chart::Chart;
use crate::entry::{AuxiliaryAccount, Entry, Journal, Lines};
use crate::error::Error;

/// The entry of a retention that is released on `date`: 411 against 411700 (`accounting.md` § 2). Its
/// VAT stays awaiting until the money comes.
///
/// # Errors
/// [`Error::Unbalanced`], which one amount on both sides excludes.
pub fn released(
    document: &Finalised,
    amount: Cents,
    date: Date,
    chart: &Chart,
    customer: &AuxiliaryAccount,
) -> Result<Option<Entry>, Error> {
    let piece = document.number.to_string();
    let label = format!(
        "Retenue de garantie libérée {piece} {}",
        document.buyer.name
    );
    let lines = Lines::new()
        .debit(chart.customers().of(customer), amount)
        .credit(chart.retention().of(customer), amount);
    Entry::new(
        Journal::Miscellaneous,
        date,
        &piece,
        document.issue_date,
        label,
        lines,
    )
}

#[cfg(test)]
mod tests;
