//! Movements of the PayPlug account other than receipts, and debts given up after them.

use acquit_domain::Cents;
use acquit_domain::invoice::credit::Taken;
use acquit_domain::invoice::{Finalised, NatureTotal};
use acquit_domain::receipt::{Chargeback, Receipt, Refund};
use jiff::civil::Date;

use crate::chart::{Chart, Charts};
use crate::entry::{AuxiliaryAccount, Entry, Journal, Lines};
use crate::error::Error;
use crate::vat::of_invoice;

/// The entry of a refund: 411 against the account that the money came into (512700). The piece is
/// PayPlug's id of the refund.
///
/// # Errors
/// [`Error::Unbalanced`], which one amount on both sides excludes.
pub fn refund<'a>(
    refund: &Refund,
    receipt: &Receipt,
    document: &Finalised,
    charts: impl Into<Charts<'a>>,
    customer: &AuxiliaryAccount,
) -> Result<Option<Entry>, Error> {
    let charts = charts.into();
    let label = format!(
        "Remboursement carte PayPlug {} {}",
        document.number, document.buyer.name
    );
    let (journal, money) = charts.counterpart.money(receipt.means);
    let lines = Lines::new()
        .debit(charts.document.customers().of(customer), refund.amount)
        .credit(money, refund.amount);
    let piece = refund.id.as_str();
    Entry::new(journal, refund.date, piece, refund.date, label, lines)
}

/// The entry of a chargeback: 411, or 416000 by setting, against 512700. The piece is PayPlug's transaction, as nothing
/// else names it; its fee is booked from a statement line of its own (`accounting.md` § 2).
///
/// # Errors
/// [`Error::Unbalanced`], which one amount on both sides excludes.
pub fn chargeback<'a>(
    chargeback: &Chargeback,
    receipt: &Receipt,
    document: &Finalised,
    charts: impl Into<Charts<'a>>,
    customer: &AuxiliaryAccount,
) -> Result<Option<Entry>, Error> {
    let (number, buyer) = (document.number, &document.buyer.name);
    let label = format!("Contestation carte PayPlug {number} {buyer}");
    let charts = charts.into();
    let lines = taken_back(chargeback.amount, receipt, charts, customer);
    disputed(receipt, document, chargeback.date, charts, label, lines)
}

/// The entry of a chargeback that was won on `date`: the inverse of [`chargeback`].
///
/// # Errors
/// [`Error::Unbalanced`], which one amount on both sides excludes.
pub fn chargeback_won<'a>(
    chargeback: &Chargeback,
    date: Date,
    receipt: &Receipt,
    document: &Finalised,
    charts: impl Into<Charts<'a>>,
    customer: &AuxiliaryAccount,
) -> Result<Option<Entry>, Error> {
    let (number, buyer) = (document.number, &document.buyer.name);
    let label = format!("Contestation gagnée carte PayPlug {number} {buyer}");
    let charts = charts.into();
    let lines = taken_back(chargeback.amount, receipt, charts, customer).mirrored();
    disputed(receipt, document, date, charts, label, lines)
}

fn taken_back(
    amount: Cents,
    receipt: &Receipt,
    charts: Charts<'_>,
    customer: &AuxiliaryAccount,
) -> Lines {
    let (_, money) = charts.counterpart.money(receipt.means);
    Lines::new()
        .debit(charts.document.disputed().of(customer), amount)
        .credit(money, amount)
}

fn disputed(
    receipt: &Receipt,
    document: &Finalised,
    date: Date,
    charts: Charts<'_>,
    label: String,
    lines: Lines,
) -> Result<Option<Entry>, Error> {
    let (journal, _) = charts.counterpart.money(receipt.means);
    let number = document.number.to_string();
    let source = receipt.payplug.as_ref();
    let piece = source.map_or(number.as_str(), |source| source.payment.as_str());
    Entry::new(journal, date, piece, date, label, lines)
}

/// The entry of a debt given up as lost: 654000 excl. VAT and the VAT (44574x where it waited for
/// the money, else 44571x) against 411, or 416000 by setting. A deposit sold nothing yet: there 419100 goes instead of a
/// loss. `lost` is what leaves the invoice, per rate and nature, after what was `taken` off it before.
///
/// # Errors
/// [`Error::Unbalanced`], which equal sums on both sides exclude.
pub fn lost_debt<'a>(
    document: &Finalised,
    taken: Taken<'_>,
    lost: &[NatureTotal],
    date: Date,
    charts: impl Into<Charts<'a>>,
    customer: &AuxiliaryAccount,
) -> Result<Option<Entry>, Error> {
    let charts = charts.into();
    let chart = charts.document;
    let base: Cents = lost.iter().map(|part| part.base).sum();
    let gross: Cents = lost.iter().map(NatureTotal::gross).sum();
    let all = [taken.lost, lost].concat();
    let mut after = of_invoice(
        document,
        Taken {
            lost: &all,
            ..taken
        },
    );
    let place = if document.is_of_deposit() {
        chart.deposits()
    } else {
        charts.counterpart.lost_debts()
    };
    let mut lines = Lines::new().debit(place, base);
    for (rate, before) in of_invoice(document, taken) {
        let gone = before.less(after.remove(&rate).unwrap_or_default());
        lines = lines
            .debit(chart.vat_awaiting(rate), gone.awaiting)
            .debit(chart.vat_due(rate), gone.due);
    }
    let piece = document.number.to_string();
    let label = format!("Créance perdue {piece} {}", document.buyer.name);
    Entry::new(
        Journal::Miscellaneous,
        date,
        &piece,
        document.issue_date,
        label,
        lines.credit(chart.disputed().of(customer), gross),
    )
}

/// What of a debt stands on the account of disputed ones (416000): what was charged back and not won, as
/// far as it is still owed.
#[must_use]
pub fn still_disputed(charged_back: Cents, owed: Cents) -> Cents {
    charged_back.min(owed.at_least_zero()).at_least_zero()
}

/// The entry that brings the disputed account (416000) from what it `holds` of a document to what it
/// `should` hold, against 411: an invoice that is paid or credited after all is disputed no more. `None`
/// when nothing changes, or without an account of its own.
///
/// # Errors
/// [`Error::Unbalanced`], which one amount on both sides excludes.
pub fn dispute_moved(
    document: &Finalised,
    holds: Cents,
    should: Cents,
    date: Date,
    chart: &Chart,
    customer: &AuxiliaryAccount,
) -> Result<Option<Entry>, Error> {
    let (disputed, customers) = (chart.disputed(), chart.customers());
    if disputed == customers {
        return Ok(None);
    }
    let moved = should - holds;
    let lines = Lines::new()
        .debit(disputed.of(customer), moved)
        .credit(customers.of(customer), moved);
    let piece = document.number.to_string();
    let label = format!("Créance contestée {piece} {}", document.buyer.name);
    let journal = Journal::Miscellaneous;
    Entry::new(journal, date, &piece, document.issue_date, label, lines)
}

#[cfg(test)]
mod tests;
