//! Invoices and credit notes as entries.

use acquit_domain::invoice::totals::by_nature;
use acquit_domain::invoice::{DeductionKind, Finalised, Nature, Operation};
use acquit_domain::vat::VatBasis;

use crate::chart::Chart;
use crate::entry::{AuxiliaryAccount, Entry, Journal, Lines};
use crate::error::Error;

/// Whether VAT on a nature waits for the receipt (`accounting.md` § 1; CGI art. 269-2): services
/// follow the company's basis, goods fall due with the invoice, mixed documents go line by line.
#[must_use]
pub fn awaits_receipt(document: &Finalised, nature: Nature) -> bool {
    let goods = match document.content.operation {
        Operation::Services => false,
        Operation::Goods => true,
        Operation::Both => nature == Nature::Goods,
    };
    !goods && document.seller.vat_basis == VatBasis::OnReceipt
}

/// The entry of a finalised document: 411, 411700, 467000 against sales and VAT; a credit note is
/// the mirror of what it credits. `None` when the total is zero.
///
/// # Errors
/// [`Error::Unbalanced`], which the totals exclude.
pub fn invoice(
    document: &Finalised,
    chart: &Chart,
    customer: &AuxiliaryAccount,
) -> Result<Option<Entry>, Error> {
    let totals = &document.totals;
    let others =
        totals.deductions_of(DeductionKind::Prorata) + totals.deductions_of(DeductionKind::Other);
    let mut lines = Lines::new()
        .debit(chart.customers().of(customer), totals.net_due)
        .debit(chart.retention().of(customer), totals.retention())
        .debit(chart.other_deductions(), others);
    let parts = by_nature(&document.content, totals);
    for part in &parts {
        lines = lines.credit(chart.sale(part.nature), part.base);
    }
    for part in &parts {
        if let Some(rate) = part.treatment.rate() {
            let waits = awaits_receipt(document, part.nature);
            let place = if waits {
                chart.vat_awaiting(rate)
            } else {
                chart.vat_due(rate)
            };
            lines = lines.credit(place, part.vat);
        }
    }
    let (word, lines) = if document.is_invoice() {
        ("Facture", lines)
    } else {
        ("Avoir", lines.mirrored())
    };
    let piece = document.number.to_string();
    let label = format!("{word} {piece} {}", document.buyer.name);
    Entry::new(
        Journal::Sales,
        document.issue_date,
        &piece,
        document.issue_date,
        label,
        lines,
    )
}

#[cfg(test)]
mod tests;
