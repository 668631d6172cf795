//! What earlier documents already asked for, and a later one takes off: the situations before
//! (*situations de travaux*), and deposits (*acomptes*; CGI art. 289-I-1-c).
//!
//! Situations are taken off the base of their rates, VAT with them, so that any number of situations
//! and the final invoice add up to the contract to the cent. Deposits are taken off the total incl.
//! VAT (BT-113), with their VAT for the books (`accounting.md` § 2).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::credit::{Taken, left};
use super::totals::{NatureTotal, RateTotal};
use super::{DocumentKind, Draft, Finalised, Reference};
use crate::error::{Error, Rule};
use crate::id::{CustomerId, InvoiceId};
use crate::money::Cents;
use crate::numbering::DocumentNumber;
use crate::vat::VatTreatment;

/// What an earlier document was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EarlierKind {
    /// A situation of the same works.
    Situation,
    /// A deposit.
    Deposit,
}

/// An earlier document that is taken off, as it stood: what credit notes took back is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    /// Which document (BG-3).
    pub document: Reference,
    /// What it was.
    pub what: EarlierKind,
    /// What it asked for, per rate and nature.
    pub parts: Vec<NatureTotal>,
}

impl Earlier {
    /// What it asked for, excl. VAT.
    #[must_use]
    pub fn net(&self) -> Cents {
        self.parts.iter().map(|part| part.base).sum()
    }

    /// Its VAT.
    #[must_use]
    pub fn vat(&self) -> Cents {
        self.parts.iter().map(|part| part.vat).sum()
    }

    /// What it asked for, incl. VAT.
    #[must_use]
    pub fn gross(&self) -> Cents {
        self.net() + self.vat()
    }

    /// What it asked for at each rate, excl. VAT; rates of nothing are left out.
    #[must_use]
    pub fn bases(&self) -> BTreeMap<VatTreatment, Cents> {
        let mut bases: BTreeMap<VatTreatment, Cents> = BTreeMap::new();
        for part in &self.parts {
            *bases.entry(part.treatment).or_default() += part.base;
        }
        bases.retain(|_, base| !base.is_zero());
        bases
    }
}

/// The parts of all earlier documents of one kind.
pub fn parts_of(
    earlier: &[Earlier],
    what: EarlierKind,
) -> impl Iterator<Item = &NatureTotal> + Clone {
    let of_kind = earlier.iter().filter(move |one| one.what == what);
    of_kind.flat_map(|one| one.parts.iter())
}

/// Base and VAT per rate that earlier situations asked for.
pub(super) fn invoiced(earlier: &[Earlier]) -> BTreeMap<VatTreatment, (Cents, Cents)> {
    let mut sums: BTreeMap<VatTreatment, (Cents, Cents)> = BTreeMap::new();
    for part in parts_of(earlier, EarlierKind::Situation) {
        let (base, vat) = sums.entry(part.treatment).or_default();
        *base += part.base;
        *vat += part.vat;
    }
    sums
}

/// Whether a document charges at least what its deposits charged, at each rate: their VAT is taken
/// back rate by rate.
///
/// # Errors
/// [`Rule::DepositBeyondRate`].
pub(super) fn check_deposits(earlier: &[Earlier], by_rate: &[RateTotal]) -> Result<(), Error> {
    let mut sums: BTreeMap<VatTreatment, (Cents, Cents)> = BTreeMap::new();
    for part in parts_of(earlier, EarlierKind::Deposit) {
        let (base, vat) = sums.entry(part.treatment).or_default();
        *base += part.base;
        *vat += part.vat;
    }
    let charged = |treatment| by_rate.iter().find(|rate| rate.treatment == treatment);
    let within = |(treatment, (base, vat)): (&VatTreatment, &(Cents, Cents))| {
        base.is_zero() && vat.is_zero()
            || charged(*treatment).is_some_and(|rate| *base <= rate.base && *vat <= rate.vat)
    };
    if sums.iter().all(within) {
        Ok(())
    } else {
        Err(Error::at("refers_to", Rule::DepositBeyondRate))
    }
}

/// A document that a later one may take off, with what happened to it.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// The document.
    pub document: &'a Finalised,
    /// What was taken off it.
    pub taken: Taken<'a>,
    /// Whether nothing of it is due any more.
    pub settled: bool,
    /// The document that takes it off already, unless that was cancelled.
    pub deducted_by: Option<DocumentNumber>,
}

/// What a draft that continues earlier documents takes off them. `named` are the documents that the
/// draft names, `chain` all those that the named situations followed; a chain is taken off whole.
///
/// # Errors
/// [`Rule::ReferenceOfAnother`] customer, [`Rule::NotDeductible`] for what is neither situation nor
/// deposit or was cancelled, [`Rule::AlreadyDeducted`].
pub fn earlier(
    customer: CustomerId,
    named: &[Candidate<'_>],
    chain: &[Candidate<'_>],
) -> Result<Vec<Earlier>, Error> {
    for (index, candidate) in named.iter().enumerate() {
        check_candidate(customer, candidate)
            .map_err(|rule| Error::at(format!("refers_to[{index}]"), rule))?;
    }
    let mut all: Vec<Earlier> = Vec::new();
    for candidate in named.iter().chain(chain) {
        let document = candidate.document;
        let known = all.iter().any(|one| one.document.id == document.id);
        if known || candidate.taken.cancels(document) {
            continue;
        }
        let what = match document.kind {
            DocumentKind::Deposit => EarlierKind::Deposit,
            _ => EarlierKind::Situation,
        };
        let mut parts = left(document, candidate.taken);
        parts.retain(|part| !part.base.is_zero() || !part.vat.is_zero());
        all.push(Earlier {
            document: document.reference(),
            what,
            parts,
        });
    }
    all.sort_by_key(|one| (one.what, one.document.issue_date, one.document.number));
    Ok(all)
}

fn check_candidate(customer: CustomerId, candidate: &Candidate<'_>) -> Result<(), Rule> {
    let document = candidate.document;
    let number = document.number;
    if document.buyer.id != customer {
        return Err(Rule::ReferenceOfAnother { number });
    }
    let deductible = matches!(
        document.kind,
        DocumentKind::Deposit | DocumentKind::Progress
    );
    if !deductible || candidate.taken.cancels(document) {
        return Err(Rule::NotDeductible { number });
    }
    match candidate.deducted_by {
        Some(by) => Err(Rule::AlreadyDeducted { number, by }),
        None => Ok(()),
    }
}

/// Whether the deposits that a draft names are settled: only then are they taken off.
///
/// # Errors
/// [`Rule::DepositUnpaid`].
pub fn check_settled(named: &[Candidate<'_>]) -> Result<(), Error> {
    let unpaid = |candidate: &Candidate<'_>| {
        candidate.document.kind == DocumentKind::Deposit && !candidate.settled
    };
    match named.iter().position(unpaid) {
        Some(index) => {
            let number = named[index].document.number;
            let field = format!("refers_to[{index}]");
            Err(Error::at(field, Rule::DepositUnpaid { number }))
        }
        None => Ok(()),
    }
}

/// The situations that a document took off: with it they are the chain that a next one continues.
#[must_use]
pub fn chain_of(document: &Finalised) -> Vec<InvoiceId> {
    let earlier = document.content.earlier.iter();
    earlier
        .filter(|one| one.what == EarlierKind::Situation)
        .map(|one| one.document.id)
        .collect()
}

/// The draft of the situation after this one: the same works, as far as they had come.
#[must_use]
pub fn next_situation(situation: &Finalised, draft: Draft) -> Draft {
    let mut content = situation.content.clone();
    content.earlier = Vec::new();
    Draft {
        kind: super::DraftKind::Progress {
            follows: vec![situation.id],
        },
        customer: situation.buyer.id,
        content,
        ..draft
    }
}

#[cfg(test)]
mod tests;
