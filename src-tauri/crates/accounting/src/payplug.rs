//! Movements of the PayPlug account other than receipts.

use acquit_domain::invoice::Finalised;
use acquit_domain::receipt::{Receipt, Refund};

use crate::chart::Chart;
use crate::entry::{AuxiliaryAccount, Entry, Journal, Lines};
use crate::error::Error;

/// The entry of a refund: 411 / 512700. The piece is PayPlug's id of the refund.
///
/// # Errors
/// [`Error::Unbalanced`], which one amount on both sides excludes.
pub fn refund(
    refund: &Refund,
    receipt: &Receipt,
    document: &Finalised,
    chart: &Chart,
    customer: &AuxiliaryAccount,
) -> Result<Option<Entry>, Error> {
    let label = format!("Remboursement carte PayPlug {} {}", document.number, document.buyer.name);
    let lines = Lines::new()
        .debit(chart.customers().of(customer), refund.amount)
        .credit(chart.payplug(), refund.amount);
    Entry::new(Journal::Payplug, refund.date, refund.id.as_str(), receipt.date, label, lines)
}
