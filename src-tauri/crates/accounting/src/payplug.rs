//! Movements of the PayPlug account other than receipts, and debts given up after them.

use acquit_domain::Cents;
use acquit_domain::invoice::credit::Taken;
use acquit_domain::invoice::{Finalised, NatureTotal};
use acquit_domain::receipt::{Chargeback, Receipt, Refund};
use jiff::civil::Date;

use crate::chart::Chart;
use crate::entry::{AuxiliaryAccount, Entry, Journal, Lines};
use crate::error::Error;
use crate::vat::of_invoice;

/// The entry of a refund: 411 against the account that the money came into (512700). The piece is
/// PayPlug's id of the refund.
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
    let label = format!(
        "Remboursement carte PayPlug {} {}",
        document.number, document.buyer.name
    );
    let (journal, money) = chart.money(receipt.means);
    let lines = Lines::new()
        .debit(chart.customers().of(customer), refund.amount)
        .credit(money, refund.amount);
    let piece = refund.id.as_str();
    Entry::new(journal, refund.date, piece, refund.date, label, lines)
}

/// The entry of a chargeback: 411 against 512700. The piece is PayPlug's transaction, as nothing
/// else names it; its fee is booked from a statement line of its own (`accounting.md` § 2).
///
/// # Errors
/// [`Error::Unbalanced`], which one amount on both sides excludes.
pub fn chargeback(
    chargeback: &Chargeback,
    receipt: &Receipt,
    document: &Finalised,
    chart: &Chart,
    customer: &AuxiliaryAccount,
) -> Result<Option<Entry>, Error> {
    let (number, buyer) = (document.number, &document.buyer.name);
    let label = format!("Contestation carte PayPlug {number} {buyer}");
    let lines = taken_back(chargeback.amount, receipt, chart, customer);
    disputed(receipt, document, chargeback.date, chart, label, lines)
}

/// The entry of a chargeback that was won on `date`: the inverse of [`chargeback`].
///
/// # Errors
/// [`Error::Unbalanced`], which one amount on both sides excludes.
pub fn chargeback_won(
    chargeback: &Chargeback,
    date: Date,
    receipt: &Receipt,
    document: &Finalised,
    chart: &Chart,
    customer: &AuxiliaryAccount,
) -> Result<Option<Entry>, Error> {
    let (number, buyer) = (document.number, &document.buyer.name);
    let label = format!("Contestation gagnée carte PayPlug {number} {buyer}");
    let lines = taken_back(chargeback.amount, receipt, chart, customer).mirrored();
    disputed(receipt, document, date, chart, label, lines)
}

fn taken_back(
    amount: Cents,
    receipt: &Receipt,
    chart: &Chart,
    customer: &AuxiliaryAccount,
) -> Lines {
    let (_, money) = chart.money(receipt.means);
    Lines::new()
        .debit(chart.customers().of(customer), amount)
        .credit(money, amount)
}

fn disputed(
    receipt: &Receipt,
    document: &Finalised,
    date: Date,
    chart: &Chart,
    label: String,
    lines: Lines,
) -> Result<Option<Entry>, Error> {
    let (journal, _) = chart.money(receipt.means);
    let number = document.number.to_string();
    let source = receipt.payplug.as_ref();
    let piece = source.map_or(number.as_str(), |source| source.payment.as_str());
    Entry::new(journal, date, piece, date, label, lines)
}

/// The entry of a debt given up as lost: 654000 excl. VAT and the VAT (44574x where it waited for
/// the money, else 44571x) against 411. A deposit sold nothing yet: there 419100 goes instead of a
/// loss. `lost` is what leaves the invoice, per rate and nature, after what was `taken` off it before.
///
/// # Errors
/// [`Error::Unbalanced`], which equal sums on both sides exclude.
pub fn lost_debt(
    document: &Finalised,
    taken: Taken<'_>,
    lost: &[NatureTotal],
    date: Date,
    chart: &Chart,
    customer: &AuxiliaryAccount,
) -> Result<Option<Entry>, Error> {
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
        chart.lost_debts()
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
        lines.credit(chart.customers().of(customer), gross),
    )
}

#[cfg(test)]
mod tests;
