//! Receipts, and the VAT that falls due with them.

use std::collections::BTreeMap;

use acquit_domain::Cents;
use acquit_domain::invoice::credit::Taken;
use acquit_domain::invoice::{DeductionKind, Finalised};
use acquit_domain::receipt::{PaymentMeans, Receipt};
use acquit_domain::vat::StandardRate;
use jiff::civil::Date;

use crate::chart::{Chart, Charts};
use crate::entry::{AuxiliaryAccount, Entry, Journal, Lines};
use crate::error::Error;
use crate::vat::of_invoice;

/// The entry of a receipt: money account against 411. The piece is PayPlug's transaction, or the
/// invoice's number for other means.
///
/// # Errors
/// [`Error::Unbalanced`], which one amount on both sides excludes.
pub fn receipt<'a>(
    receipt: &Receipt,
    document: &Finalised,
    charts: impl Into<Charts<'a>>,
    customer: &AuxiliaryAccount,
) -> Result<Option<Entry>, Error> {
    let charts = charts.into();
    let (journal, money) = charts.counterpart.money(receipt.means);
    let number = document.number.to_string();
    let piece = receipt
        .payplug
        .as_ref()
        .map_or(number.as_str(), |source| source.payment.as_str());
    let label = format!(
        "{} {number} {}",
        means_words(receipt.means),
        document.buyer.name
    );
    let lines = Lines::new()
        .debit(money, receipt.amount)
        .credit(charts.document.customers().of(customer), receipt.amount);
    Entry::new(journal, receipt.date, piece, receipt.date, label, lines)
}

const fn means_words(means: PaymentMeans) -> &'static str {
    match means {
        PaymentMeans::CardPayplug => "Règlement carte PayPlug",
        PaymentMeans::Cheque => "Règlement chèque",
        PaymentMeans::Transfer => "Règlement virement",
        PaymentMeans::Cash => "Règlement espèces",
        PaymentMeans::DirectDebit => "Règlement prélèvement",
        PaymentMeans::CardTerminal => "Règlement carte (terminal)",
        PaymentMeans::Other => "Règlement",
    }
}

/// Cumulative VAT due per rate by what was received so far: `round(V × R ÷ G)` (`accounting.md`
/// § 2). V: VAT booked as awaiting, less what `taken` away by credit notes and lost debts; G: total
/// incl. VAT less its deposits, less the same, deposits given back apart, and less *compte prorata* and
/// other deductions (467000), which never come as money: their VAT falls due along with the rest. R:
/// `received` ([`acquit_domain::receipt::Movements::settling`]), held between 0 and G. The retention
/// stays in G. Where nothing is left to receive, R is G and all of V is due.
#[must_use]
pub fn vat_due(
    document: &Finalised,
    taken: Taken<'_>,
    received: Cents,
) -> BTreeMap<StandardRate, Cents> {
    let (received, gross) = settling(document, taken, received);
    let of_awaiting = |vat: Cents| match gross {
        Cents::ZERO => vat,
        _ => vat.share(received.get(), gross.get()),
    };
    of_invoice(document, taken)
        .into_iter()
        .map(|(rate, vat)| (rate, of_awaiting(vat.awaiting)))
        .collect()
}

/// R, held between its bounds, and G of [`vat_due`].
pub(crate) fn settling(document: &Finalised, taken: Taken<'_>, received: Cents) -> (Cents, Cents) {
    let given_back: Cents = taken.notes.iter().map(|note| note.totals.deposits).sum();
    let gone = taken.credited_gross() - given_back + taken.written_off();
    let never = others(document) - taken.notes.iter().map(others).sum();
    let gross = (document.totals.gross - document.totals.deposits - gone - never).at_least_zero();
    (received.at_least_zero().min(gross), gross)
}

/// What a document holds back besides the retention (467000).
fn others(document: &Finalised) -> Cents {
    let totals = &document.totals;
    totals.deductions_of(DeductionKind::Prorata) + totals.deductions_of(DeductionKind::Other)
}

/// The entry that moves VAT from awaiting to due by the difference of two cumulative states (back
/// again after a refund), on the accounts of the chart that the document was booked under; `None` when
/// nothing changes.
///
/// # Errors
/// [`Error::Unbalanced`], which one amount on both sides excludes.
pub fn vat_transfer(
    document: &Finalised,
    before: &BTreeMap<StandardRate, Cents>,
    after: &BTreeMap<StandardRate, Cents>,
    date: Date,
    chart: &Chart,
) -> Result<Option<Entry>, Error> {
    let mut lines = Lines::new();
    for rate in StandardRate::ALL {
        let of =
            |state: &BTreeMap<StandardRate, Cents>| state.get(&rate).copied().unwrap_or_default();
        let due = of(after) - of(before);
        lines = lines
            .debit(chart.vat_awaiting(rate), due)
            .credit(chart.vat_due(rate), due);
    }
    let piece = document.number.to_string();
    let label = format!("TVA sur encaissement {piece} {}", document.buyer.name);
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
