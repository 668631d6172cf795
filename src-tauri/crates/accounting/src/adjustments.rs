//! Overpayments and small differences as entries (`accounting.md` § 2).

use acquit_domain::adjustment::{Adjusted, Adjustment};
use acquit_domain::invoice::Finalised;
use acquit_domain::receipt::PaymentMeans;

use crate::chart::Chart;
use crate::entry::{AuxiliaryAccount, Entry, Journal, Lines, Place};
use crate::error::Error;

/// The entry of a decision on an invoice's account: 411 against where the amount goes, 658000 against
/// 411 for what is missing. `None` for a set-off, which would move an amount from a customer's 411 to
/// the same 411. The piece is the invoice's number.
///
/// # Errors
/// [`Error::Unbalanced`], which one amount on both sides excludes.
pub fn adjusted(
    adjusted: &Adjusted,
    document: &Finalised,
    chart: &Chart,
    customer: &AuxiliaryAccount,
) -> Result<Option<Entry>, Error> {
    let (date, amount) = (adjusted.date, adjusted.amount);
    let (journal, words, other) = match adjusted.adjustment {
        Adjustment::SetOff { .. } => return Ok(None),
        Adjustment::Returned { means } => {
            let (journal, place) = money_out(means, chart);
            (journal, "Trop-perçu rendu", place)
        }
        Adjustment::Kept => {
            let place = chart.customer_credit().of(customer);
            (Journal::Miscellaneous, "Trop-perçu gardé à valoir", place)
        }
        Adjustment::Missing => (
            Journal::Miscellaneous,
            "Écart de règlement",
            chart.small_losses(),
        ),
        Adjustment::TooMuch => (
            Journal::Miscellaneous,
            "Écart de règlement",
            chart.small_gains(),
        ),
    };
    let own = chart.customers().of(customer);
    let lines = if adjusted.adjustment == Adjustment::Missing {
        Lines::new().debit(other, amount).credit(own, amount)
    } else {
        Lines::new().debit(own, amount).credit(other, amount)
    };
    let piece = document.number.to_string();
    let label = format!("{words} {piece} {}", document.buyer.name);
    Entry::new(journal, date, &piece, document.issue_date, label, lines)
}

/// Journal and account that money leaves from. A cheque of one's own leaves the bank account: 511200
/// holds those of customers only.
fn money_out(means: PaymentMeans, chart: &Chart) -> (Journal, Place) {
    match means {
        PaymentMeans::Cheque => (Journal::Bank, chart.bank()),
        _ => chart.money(means),
    }
}

#[cfg(test)]
mod tests;
