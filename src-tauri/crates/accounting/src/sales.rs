//! Invoices and credit notes as entries.

use acquit_domain::Cents;
use acquit_domain::invoice::credit::Taken;
use acquit_domain::invoice::totals::by_nature;
use acquit_domain::invoice::{DeductionKind, DocumentKind, EarlierKind, Finalised, NatureTotal};

use crate::chart::{Chart, Charts};
use crate::entry::{AuxiliaryAccount, Entry, Journal, Lines, Place};
use crate::error::Error;
pub use crate::vat::awaits_receipt;
use crate::vat::{ByRate, of_invoice, of_parts};

/// The entry of a finalised document that asks for money: 411, 411700, 467000 and the deposits it takes
/// off (419100, excl. VAT) against sales, or 419100 for a deposit, and VAT less that of its deposits
/// (`accounting.md` § 2). `None` when the total is zero.
///
/// # Errors
/// [`Error::Unbalanced`], which the totals exclude.
pub fn invoice<'a>(
    document: &Finalised,
    charts: impl Into<Charts<'a>>,
    customer: &AuxiliaryAccount,
) -> Result<Option<Entry>, Error> {
    let vat = of_invoice(document, Taken::default());
    entry(document, &vat, charts.into(), customer)
}

/// The entry of a credit note: the mirror of what it takes off `invoice`, off which `taken` was taken
/// before, on the accounts that `invoice` was booked on. VAT goes back as the difference of what the books
/// hold before and after, so that deposits and any number of notes leave nothing behind.
///
/// # Errors
/// [`Error::Unbalanced`], which the totals exclude.
pub fn credit_note<'a>(
    note: &Finalised,
    invoice: &Finalised,
    taken: Taken<'_>,
    charts: impl Into<Charts<'a>>,
    customer: &AuxiliaryAccount,
) -> Result<Option<Entry>, Error> {
    let notes: Vec<Finalised> = taken.notes.iter().chain([note]).cloned().collect();
    let after = of_invoice(
        invoice,
        Taken {
            notes: &notes,
            ..taken
        },
    );
    let mut vat = of_invoice(invoice, taken);
    for (rate, left) in after {
        let of_note = vat.entry(rate).or_default();
        *of_note = of_note.less(left);
    }
    entry(note, &vat, charts.into(), customer)
}

fn entry(
    document: &Finalised,
    vat: &ByRate,
    charts: Charts<'_>,
    customer: &AuxiliaryAccount,
) -> Result<Option<Entry>, Error> {
    let chart = charts.document;
    let totals = &document.totals;
    let others =
        totals.deductions_of(DeductionKind::Prorata) + totals.deductions_of(DeductionKind::Other);
    let mut lines = Lines::new()
        .debit(chart.customers().of(customer), totals.net_due)
        .debit(chart.retention().of(customer), totals.retention())
        .debit(chart.other_deductions(), others);
    for (place, deposits) in deposits_taken_off(document, charts) {
        lines = lines.debit(place, deposits);
    }
    let parts = by_nature(&document.content, totals);
    for part in &parts {
        let place = if document.is_of_deposit() {
            chart.deposits()
        } else {
            chart.sale_at(part.nature, part.treatment)
        };
        lines = lines.credit(place, part.base);
    }
    lines = vat_lines(lines, document, &parts, vat, chart);
    if !document.is_invoice() {
        lines = lines.mirrored();
    }
    let piece = document.number.to_string();
    let label = format!("{} {piece} {}", word(document), document.buyer.name);
    Entry::new(
        Journal::Sales,
        document.issue_date,
        &piece,
        document.issue_date,
        label,
        lines,
    )
}

/// The deposits that a document takes off, excl. VAT, on the accounts that they were booked on.
fn deposits_taken_off(document: &Finalised, charts: Charts<'_>) -> Vec<(Place, Cents)> {
    let mut sums: Vec<(Place, Cents)> = Vec::new();
    let earlier = document.content.earlier.iter();
    for one in earlier.filter(|one| one.what == EarlierKind::Deposit) {
        let place = charts.deposit(one.document.number);
        match sums.iter_mut().find(|(known, _)| *known == place) {
            Some((_, sum)) => *sum += one.net(),
            None => sums.push((place, one.net())),
        }
    }
    sums
}

/// A line for the VAT of each part; at a rate whose parts are not all that moves, a line for each account.
fn vat_lines(
    mut lines: Lines,
    document: &Finalised,
    parts: &[NatureTotal],
    vat: &ByRate,
    chart: &Chart,
) -> Lines {
    let plain = of_parts(document, parts);
    for (rate, moved) in vat {
        if plain.get(rate).copied().unwrap_or_default() != *moved {
            lines = lines
                .credit(chart.vat_awaiting(*rate), moved.awaiting)
                .credit(chart.vat_due(*rate), moved.due);
            continue;
        }
        let at_rate = |part: &&NatureTotal| part.treatment.rate() == Some(*rate);
        for part in parts.iter().filter(at_rate) {
            let place = if awaits_receipt(document, part.nature) {
                chart.vat_awaiting(*rate)
            } else {
                chart.vat_due(*rate)
            };
            lines = lines.credit(place, part.vat);
        }
    }
    lines
}

const fn word(document: &Finalised) -> &'static str {
    match document.kind {
        DocumentKind::Invoice => "Facture",
        DocumentKind::Deposit => "Acompte",
        DocumentKind::Progress => "Situation",
        DocumentKind::Final => "Solde",
        DocumentKind::CreditNote { .. } => "Avoir",
    }
}

#[cfg(test)]
mod tests;
