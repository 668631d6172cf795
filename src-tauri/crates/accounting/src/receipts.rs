//! Receipts, and the VAT that falls due with them.

use std::collections::BTreeMap;

use acquit_domain::Cents;
use acquit_domain::invoice::credit::Taken;
use acquit_domain::invoice::totals::by_nature;
use acquit_domain::invoice::{Finalised, NatureTotal};
use acquit_domain::receipt::{PaymentMeans, Receipt};
use acquit_domain::vat::StandardRate;
use jiff::civil::Date;

use crate::chart::Chart;
use crate::entry::{AuxiliaryAccount, Entry, Journal, Lines};
use crate::error::Error;
use crate::sales::awaits_receipt;

/// The entry of a receipt: money account against 411. The piece is PayPlug's transaction, or the
/// invoice's number for other means.
///
/// # Errors
/// [`Error::Unbalanced`], which one amount on both sides excludes.
pub fn receipt(
    receipt: &Receipt,
    document: &Finalised,
    chart: &Chart,
    customer: &AuxiliaryAccount,
) -> Result<Option<Entry>, Error> {
    let (journal, money) = chart.money(receipt.means);
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
        .credit(chart.customers().of(customer), receipt.amount);
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
/// incl. VAT less the same; R: `received` (receipts less refunds and chargebacks), held between 0
/// and G. The retention stays in G.
#[must_use]
pub fn vat_due(
    document: &Finalised,
    taken: Taken<'_>,
    received: Cents,
) -> BTreeMap<StandardRate, Cents> {
    let gone = taken.credited_gross() + taken.written_off();
    let gross = (document.totals.gross - gone).at_least_zero();
    let received = received.at_least_zero().min(gross);
    let mut awaiting = vat_awaiting(document, &parts_of(document));
    let credited = taken.notes.iter().map(parts_of);
    for parts in credited.chain([taken.lost.to_vec()]) {
        for (rate, vat) in vat_awaiting(document, &parts) {
            *awaiting.entry(rate).or_default() -= vat;
        }
    }
    awaiting
        .into_iter()
        .map(|(rate, vat)| (rate, vat.share(received.get(), gross.get())))
        .collect()
}

fn parts_of(document: &Finalised) -> Vec<NatureTotal> {
    by_nature(&document.content, &document.totals)
}

/// VAT of parts of a document that waits for the receipt, per rate.
fn vat_awaiting(document: &Finalised, parts: &[NatureTotal]) -> BTreeMap<StandardRate, Cents> {
    let mut awaiting = BTreeMap::new();
    for part in parts {
        if let Some(rate) = part
            .treatment
            .rate()
            .filter(|_| awaits_receipt(document, part.nature))
        {
            *awaiting.entry(rate).or_default() += part.vat;
        }
    }
    awaiting
}

/// The entry that moves VAT from awaiting to due by the difference of two cumulative states (back
/// again after a refund); `None` when nothing changes.
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
