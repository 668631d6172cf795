//! Credit notes: a finalised invoice is never changed, it is credited, in full or in part.
//!
//! A part is split over the invoice's rates and natures in proportion to what is left of them. The
//! VAT of a rate is rounded cumulatively: after any number of notes, `round(V × credited ÷ G)` of it
//! is credited, so that the last cent of a rate brings exactly the rest of its VAT. Debts written off
//! (`accounting.md` § 2, *chargeback*) are split in the same way and count with the notes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::earlier::{Earlier, EarlierKind};
use super::line::{Deduction, DeductionKind, DeductionValue, Item, Line, Nature};
use super::totals::{
    DeductionTotal, NatureTotal, RateTotal, Totals, by_nature, has_situations, totals,
};
use super::{Content, DocumentKind, Draft, Finalised};
use crate::error::{Error, Rule};
use crate::id::InvoiceId;
use crate::money::Cents;
use crate::numbering::DocumentNumber;
use crate::quantity::{Percent, Quantity, UnitPrice};
use crate::vat::VatTreatment;

/// What makes a document of a credit note.
#[derive(Clone, Copy, Debug)]
pub struct Issue {
    /// Identity.
    pub id: InvoiceId,
    /// Number in the series of credit notes.
    pub number: DocumentNumber,
    /// Issue date.
    pub date: Date,
    /// When it is finalised.
    pub at: Timestamp,
}

/// What was taken off an invoice before.
#[derive(Clone, Copy, Debug, Default)]
pub struct Taken<'a> {
    /// Its credit notes.
    pub notes: &'a [Finalised],
    /// Parts written off as lost debts.
    pub lost: &'a [NatureTotal],
    /// The retention, once it is released: it can be credited like the rest of the net due.
    pub released: Cents,
}

impl Taken<'_> {
    /// Sum of what was written off, incl. VAT.
    #[must_use]
    pub fn written_off(&self) -> Cents {
        self.lost.iter().map(NatureTotal::gross).sum()
    }

    /// Sum of the credit notes, incl. VAT.
    #[must_use]
    pub fn credited_gross(&self) -> Cents {
        self.notes.iter().map(|note| note.totals.gross).sum()
    }

    /// Whether the notes credit the whole of an invoice.
    #[must_use]
    pub fn cancels(&self, invoice: &Finalised) -> bool {
        !self.notes.is_empty() && self.credited_gross() == invoice.totals.gross
    }
}

/// What can still be credited in part: the net due less what was taken off it. What is held back and
/// other deductions are left to the full cancellation.
#[must_use]
pub fn creditable(invoice: &Finalised, taken: Taken<'_>) -> Cents {
    let credited: Cents = taken.notes.iter().map(|note| note.totals.net_due).sum();
    (invoice.totals.net_due + taken.released - credited - taken.written_off()).at_least_zero()
}

/// Base and VAT per rate and nature that nothing has taken off yet; what is left may be zero, never
/// less.
#[must_use]
pub fn left(invoice: &Finalised, taken: Taken<'_>) -> Vec<NatureTotal> {
    let mut left = by_nature(&invoice.content, &invoice.totals);
    let notes = taken.notes.iter();
    let credited = notes.flat_map(|note| by_nature(&note.content, &note.totals));
    for part in credited.chain(taken.lost.iter().copied()) {
        let same =
            |of: &&mut NatureTotal| (of.treatment, of.nature) == (part.treatment, part.nature);
        if let Some(of) = left.iter_mut().find(same) {
            of.base -= part.base;
            of.vat -= part.vat;
        }
    }
    left
}

/// Splits an amount incl. VAT off what is left of an invoice.
///
/// # Errors
/// [`Rule::NotAnInvoice`], [`Rule::NotPositive`], [`Rule::MoreThanCreditable`].
pub fn split(
    invoice: &Finalised,
    taken: Taken<'_>,
    amount: Cents,
) -> Result<Vec<NatureTotal>, Error> {
    if !invoice.is_invoice() {
        return Err(Error::at("id", Rule::NotAnInvoice));
    }
    if !amount.is_positive() {
        return Err(Error::at("amount", Rule::NotPositive));
    }
    let creditable = creditable(invoice, taken);
    if amount > creditable {
        return Err(Error::at("amount", Rule::MoreThanCreditable { creditable }));
    }
    let left = left(invoice, taken);
    let of_rate = |rate: &RateTotal| -> Vec<NatureTotal> {
        let cells = left.iter().filter(|cell| cell.treatment == rate.treatment);
        cells.copied().collect()
    };
    let gross = |cells: &[NatureTotal]| cells.iter().map(NatureTotal::gross).sum::<Cents>();
    let rates = &invoice.totals.by_rate;
    let weights: Vec<Cents> = rates.iter().map(|rate| gross(&of_rate(rate))).collect();
    let mut parts = Vec::new();
    for (rate, share) in rates.iter().zip(amount.allocate(&weights)) {
        parts.extend(split_rate(rate, &of_rate(rate), share));
    }
    Ok(parts)
}

/// The part of one rate: its VAT by cumulative rounding, then both over the natures.
fn split_rate(rate: &RateTotal, left: &[NatureTotal], share: Cents) -> Vec<NatureTotal> {
    let (bases, vats): (Vec<Cents>, Vec<Cents>) =
        left.iter().map(|cell| (cell.base, cell.vat)).unzip();
    let (base_left, vat_left): (Cents, Cents) =
        (bases.iter().copied().sum(), vats.iter().copied().sum());
    let whole = rate.base + rate.vat;
    let taken = whole - base_left - vat_left + share;
    let vat = rate.vat.share(taken.get(), whole.get()) - (rate.vat - vat_left);
    let vat = vat.at_least_zero().min(vat_left).min(share);
    let cells = left
        .iter()
        .zip((share - vat).allocate(&bases))
        .zip(vat.allocate(&vats));
    cells
        .map(|((cell, base), vat)| NatureTotal { base, vat, ..*cell })
        .filter(|part| !part.base.is_zero() || !part.vat.is_zero())
        .collect()
}

/// The credit note that takes back all that is left of an invoice, with the rest of its deductions.
/// Where nothing was credited before it has the same content and the same amounts; seller and buyer
/// are as they were (BG-3 cites the invoice).
///
/// # Errors
/// [`Rule::NotAnInvoice`] for a credit note, [`Rule::AlreadyCancelled`] when nothing is left,
/// [`Rule::WrittenOff`] when a part was given up as lost: that part cannot be credited too.
pub fn full_credit_note(
    invoice: &Finalised,
    taken: Taken<'_>,
    issue: Issue,
) -> Result<Finalised, Error> {
    if !invoice.is_invoice() {
        return Err(Error::at("id", Rule::NotAnInvoice));
    }
    if taken.cancels(invoice) {
        return Err(Error::at("id", Rule::AlreadyCancelled));
    }
    if !taken.lost.is_empty() {
        return Err(Error::at("id", Rule::WrittenOff));
    }
    if taken.notes.is_empty() {
        let (content, totals) = as_it_stands(invoice, taken);
        return Ok(note(invoice, issue, content, totals));
    }
    let mut parts = left(invoice, taken);
    parts.retain(|part| !part.base.is_zero() || !part.vat.is_zero());
    let what = format!("Solde de la facture {} après avoir partiel", invoice.number);
    let off = TakenOff {
        deductions: as_it_stands(invoice, taken).1.deductions,
        deposits: deposits_of(invoice),
    };
    Ok(part_note(invoice, issue, &what, parts, off))
}

/// Content and totals of an invoice as a full credit note mirrors them: a retention that was released is
/// held back no more (`accounting.md` § 2).
fn as_it_stands(invoice: &Finalised, taken: Taken<'_>) -> (Content, Totals) {
    let (mut content, mut totals) = (invoice.content.clone(), invoice.totals.clone());
    if taken.released.is_positive() {
        let stays = |kind: DeductionKind| kind != DeductionKind::Retention;
        content.deductions.retain(|one| stays(one.kind));
        totals.deductions.retain(|one| stays(one.kind));
        totals.deducted -= taken.released;
        totals.net_due += taken.released;
    }
    (content, totals)
}

/// The credit note for an amount incl. VAT that is less than the whole.
///
/// # Errors
/// A rule of [`split`].
pub fn partial_credit_note(
    invoice: &Finalised,
    taken: Taken<'_>,
    amount: Cents,
    issue: Issue,
) -> Result<Finalised, Error> {
    let parts = split(invoice, taken, amount)?;
    let is_whole = taken.notes.is_empty() && amount == invoice.totals.gross;
    if is_whole && taken.lost.is_empty() {
        return full_credit_note(invoice, taken, issue);
    }
    let what = format!("Avoir partiel sur la facture {}", invoice.number);
    let off = TakenOff::default();
    Ok(part_note(invoice, issue, &what, parts, off))
}

/// The credit note that a draft with lines of its own becomes: what its lines take back, at most what is
/// left of each rate. The last of a rate takes the rest of its VAT.
///
/// # Errors
/// A rule of [`Content::check`]; [`Rule::NotAnInvoice`], [`Rule::ReferenceOfAnother`] customer,
/// [`Rule::MoreThanLeftAtRate`], [`Rule::MoreThanCreditable`].
pub fn credit_note_of_lines(
    draft: Draft,
    invoice: &Finalised,
    taken: Taken<'_>,
    issue: Issue,
) -> Result<Finalised, Error> {
    let refers = "refers_to[0]";
    let number = invoice.number;
    if !invoice.is_invoice() {
        return Err(Error::at(refers, Rule::NotAnInvoice));
    }
    if invoice.buyer.id != draft.customer {
        return Err(Error::at(refers, Rule::ReferenceOfAnother { number }));
    }
    draft.kind.check(&draft.content)?;
    let totals = credited_totals(&draft.content, invoice, taken)?;
    Ok(note(invoice, issue, draft.content, totals))
}

/// Totals of a credit note with lines of its own.
///
/// # Errors
/// As for [`credit_note_of_lines`].
pub fn credited_totals(
    content: &Content,
    invoice: &Finalised,
    taken: Taken<'_>,
) -> Result<Totals, Error> {
    let mut found = content.check(&invoice.seller)?;
    let asked = by_nature(content, &found);
    let left = left(invoice, taken);
    let mut parts = Vec::new();
    for rate in &mut found.by_rate {
        let at_rate = |cell: &&NatureTotal| cell.treatment == rate.treatment;
        let cells: Vec<NatureTotal> = left.iter().filter(at_rate).copied().collect();
        let base_left: Cents = cells.iter().map(|cell| cell.base).sum();
        let vat_left: Cents = cells.iter().map(|cell| cell.vat).sum();
        if rate.base > base_left {
            return Err(Error::at("lines", Rule::MoreThanLeftAtRate));
        }
        rate.vat = if rate.base == base_left {
            vat_left
        } else {
            rate.vat.min(vat_left)
        };
        let wanted: Vec<NatureTotal> = asked.iter().filter(at_rate).copied().collect();
        parts.extend(spread(rate, &cells, &wanted));
    }
    found.vat = found.by_rate.iter().map(|rate| rate.vat).sum();
    found.gross = found.net + found.vat;
    found.net_due = found.gross;
    found.by_nature = parts;
    let creditable = creditable(invoice, taken);
    if found.gross > creditable {
        return Err(Error::at("lines", Rule::MoreThanCreditable { creditable }));
    }
    Ok(found)
}

/// A rate of a credit note over what is left of the natures: each gets what the lines say as far as it
/// has it, the rest goes where something is left.
fn spread(rate: &RateTotal, cells: &[NatureTotal], wanted: &[NatureTotal]) -> Vec<NatureTotal> {
    let of = |nature: Nature| {
        let same = wanted.iter().filter(|part| part.nature == nature);
        same.map(|part| part.base).sum::<Cents>()
    };
    let mut bases: Vec<Cents> = cells
        .iter()
        .map(|cell| of(cell.nature).min(cell.base).at_least_zero())
        .collect();
    let mut rest = rate.base - bases.iter().copied().sum::<Cents>();
    for (base, cell) in bases.iter_mut().zip(cells) {
        let more = rest.min(cell.base - *base).at_least_zero();
        *base += more;
        rest -= more;
    }
    let whole: Cents = cells.iter().map(|cell| cell.vat).sum();
    let vats = if rate.vat == whole {
        cells.iter().map(|cell| cell.vat).collect()
    } else {
        rate.vat.allocate(&bases)
    };
    let all = cells.iter().zip(bases.into_iter().zip(vats));
    all.map(|(cell, (base, vat))| NatureTotal { base, vat, ..*cell })
        .filter(|part| !part.base.is_zero() || !part.vat.is_zero())
        .collect()
}

/// What a note takes off besides what it credits.
#[derive(Default)]
struct TakenOff {
    deductions: Vec<DeductionTotal>,
    deposits: Vec<Earlier>,
}

/// The deposits that an invoice took off: its full credit note gives them back.
fn deposits_of(invoice: &Finalised) -> Vec<Earlier> {
    let earlier = invoice.content.earlier.iter();
    earlier
        .filter(|one| one.what == EarlierKind::Deposit)
        .cloned()
        .collect()
}

fn note(invoice: &Finalised, issue: Issue, content: Content, totals: Totals) -> Finalised {
    Finalised {
        id: issue.id,
        kind: DocumentKind::CreditNote {
            credits: invoice.reference(),
            of_deposit: invoice.kind == DocumentKind::Deposit,
        },
        number: issue.number,
        issue_date: issue.date,
        due_date: issue.date,
        finalised_at: issue.at,
        seller: invoice.seller.clone(),
        buyer: invoice.buyer.clone(),
        content,
        totals,
    }
}

/// A note with one line for each rate and nature.
fn part_note(
    invoice: &Finalised,
    issue: Issue,
    what: &str,
    parts: Vec<NatureTotal>,
    off: TakenOff,
) -> Finalised {
    let several = parts
        .windows(2)
        .any(|pair| pair[0].treatment == pair[1].treatment);
    let items = parts.iter().map(|part| {
        Item::Line(Line {
            description: if several {
                format!("{what} – {}", nature_words(part.nature))
            } else {
                what.to_owned()
            },
            quantity: Quantity::ONE,
            unit: None,
            unit_price: UnitPrice::from_cents(part.base),
            discount: Percent::ZERO,
            vat: part.treatment,
            nature: part.nature,
            progress: None,
        })
    });
    let content = Content {
        items: items.collect(),
        notes: None,
        discount: Percent::ZERO,
        deductions: off
            .deductions
            .iter()
            .map(|one| Deduction::new(one.kind, DeductionValue::Amount(one.amount)))
            .collect(),
        earlier: off.deposits,
        ..invoice.content.clone()
    };
    let deposits = content.earlier.iter().map(Earlier::gross).sum();
    let totals = totals_of(parts, deposits, off.deductions);
    note(invoice, issue, content, totals)
}

const fn nature_words(nature: Nature) -> &'static str {
    match nature {
        Nature::Works => "travaux",
        Nature::Services => "prestations de services",
        Nature::Goods => "fournitures",
    }
}

/// Totals of parts that were split off: nothing is computed anew.
fn totals_of(parts: Vec<NatureTotal>, deposits: Cents, deductions: Vec<DeductionTotal>) -> Totals {
    let mut by_rate: BTreeMap<VatTreatment, (Cents, Cents)> = BTreeMap::new();
    for part in &parts {
        let (base, vat) = by_rate.entry(part.treatment).or_default();
        *base += part.base;
        *vat += part.vat;
    }
    let net: Cents = parts.iter().map(|part| part.base).sum();
    let vat: Cents = parts.iter().map(|part| part.vat).sum();
    let deducted: Cents = deductions.iter().map(|deduction| deduction.amount).sum();
    let rates = by_rate
        .into_iter()
        .map(|(treatment, (base, vat))| RateTotal {
            treatment,
            lines: base,
            discount: Cents::ZERO,
            earlier: Cents::ZERO,
            base,
            vat,
        });
    Totals {
        lines: parts.iter().map(|part| part.base).collect(),
        by_rate: rates.collect(),
        discount: Cents::ZERO,
        net,
        vat,
        gross: net + vat,
        deposits,
        deductions,
        deducted,
        net_due: net + vat - deposits - deducted,
        by_nature: parts,
    }
}

/// Whether the totals of a document follow from what it says: computed anew, or, where they were
/// split off an invoice, line by line.
#[must_use]
pub fn totals_follow(document: &Finalised) -> bool {
    let (content, found) = (&document.content, &document.totals);
    if found.by_nature.is_empty() || has_situations(content) {
        return totals(content).is_ok_and(|expected| expected == *found);
    }
    if document.is_invoice() {
        return false;
    }
    is_split_off(content, found) || are_of_lines(content, found)
}

/// Whether each line of a credit note is a part that was split off its invoice.
fn is_split_off(content: &Content, found: &Totals) -> bool {
    let lines: Vec<&Line> = content.items.iter().filter_map(Item::line).collect();
    let of_part = |(line, part): (&&Line, &NatureTotal)| {
        (line.vat, line.nature, line.amount()) == (part.treatment, part.nature, part.base)
    };
    let (parts, deductions) = (found.by_nature.clone(), found.deductions.clone());
    lines.len() == found.by_nature.len()
        && lines.iter().zip(&found.by_nature).all(of_part)
        && *found == totals_of(parts, found.deposits, deductions)
}

/// Whether the VAT of a credit note may be that of its own lines. One line for each rate and nature looks like
/// a part that was split off; then the VAT itself tells.
fn rounds_for_itself(note: &&Finalised) -> bool {
    let of_base = |rate: &RateTotal| rate.vat == rate.treatment.vat_on(rate.base);
    !is_split_off(&note.content, &note.totals) || note.totals.by_rate.iter().all(of_base)
}

/// Whether the totals of a credit note are those of its lines, but for the VAT, which is held by what is
/// left of its invoice ([`stays_within`]).
fn are_of_lines(content: &Content, found: &Totals) -> bool {
    let Ok(mut expected) = totals(content) else {
        return false;
    };
    if expected.by_rate.len() != found.by_rate.len() {
        return false;
    }
    for (rate, stored) in expected.by_rate.iter_mut().zip(&found.by_rate) {
        rate.vat = stored.vat;
    }
    expected.vat = found.by_rate.iter().map(|rate| rate.vat).sum();
    expected.gross = expected.net + expected.vat;
    expected.net_due = expected.gross;
    expected.by_nature.clone_from(&found.by_nature);
    let adds_up = |rate: &RateTotal| {
        let at_rate = |part: &&NatureTotal| part.treatment == rate.treatment;
        let parts = || found.by_nature.iter().filter(at_rate);
        parts().map(|part| part.base).sum::<Cents>() == rate.base
            && parts().map(|part| part.vat).sum::<Cents>() == rate.vat
    };
    expected == *found && found.by_rate.iter().all(adds_up)
}

/// Whether what was taken off an invoice stays within it, and its VAT is what cumulative rounding
/// makes of it; notes with lines of their own round for themselves, a cent each.
#[must_use]
pub fn stays_within(invoice: &Finalised, taken_off: Taken<'_>) -> bool {
    let left = left(invoice, taken_off);
    let within = |cell: &NatureTotal| !cell.base.is_negative() && !cell.vat.is_negative();
    let rounded = |rate: &RateTotal| {
        let cells = || left.iter().filter(|cell| cell.treatment == rate.treatment);
        let whole = rate.base + rate.vat;
        let taken = whole - cells().map(NatureTotal::gross).sum::<Cents>();
        let vat = rate.vat - cells().map(|cell| cell.vat).sum::<Cents>();
        let off = (vat - rate.vat.share(taken.get(), whole.get())).abs();
        let by_themselves = taken_off.notes.iter().filter(rounds_for_itself).count();
        off == Cents::ZERO || taken != whole && off.get() <= by_themselves.try_into().unwrap_or(0)
    };
    let sum = taken_off.credited_gross() + taken_off.written_off();
    let rest: Cents = left.iter().map(NatureTotal::gross).sum();
    left.iter().all(within)
        && invoice.totals.by_rate.iter().all(rounded)
        && sum + rest == invoice.totals.gross
}

#[cfg(test)]
mod tests;
