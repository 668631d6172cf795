//! The one computation of totals: it feeds the window, the paper, the entries and the link.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Content;
use super::line::{DeductionKind, DeductionValue, Line, Nature};
use crate::error::{Error, Rule};
use crate::money::Cents;
use crate::vat::VatTreatment;

/// No line, base or total goes beyond a hundred million euros: keeps every sum far inside `i64`.
const AMOUNT_MAX: Cents = Cents::new(10_000_000_000);

/// Totals of one VAT category and rate (BG-23).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateTotal {
    /// Category and rate.
    pub treatment: VatTreatment,
    /// Sum of rounded line amounts.
    pub lines: Cents,
    /// Part of the discount on the whole (BG-20).
    pub discount: Cents,
    /// Taxable base (BT-116).
    pub base: Cents,
    /// VAT (BT-117).
    pub vat: Cents,
}

/// A deduction in cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeductionTotal {
    /// Why.
    pub kind: DeductionKind,
    /// How much.
    pub amount: Cents,
}

/// Totals of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Amount of each charged line, in order (BT-131).
    pub lines: Vec<Cents>,
    /// Per category and rate, ascending.
    pub by_rate: Vec<RateTotal>,
    /// Discount on the whole (BT-107).
    pub discount: Cents,
    /// Total excl. VAT (BT-109).
    pub net: Cents,
    /// Total VAT (BT-110).
    pub vat: Cents,
    /// Total incl. VAT (BT-112).
    pub gross: Cents,
    /// Deposits already invoiced, incl. VAT (BT-113).
    pub deposits: Cents,
    /// Each deduction.
    pub deductions: Vec<DeductionTotal>,
    /// Sum of the deductions.
    pub deducted: Cents,
    /// What the document asks for now.
    pub net_due: Cents,
    /// Base and VAT per rate and nature where they were split off an invoice and do not follow from
    /// the lines: on credit notes for a part. Empty elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_nature: Vec<NatureTotal>,
}

impl Totals {
    /// The retention among the deductions.
    #[must_use]
    pub fn retention(&self) -> Cents {
        self.deductions_of(DeductionKind::Retention)
    }

    /// Sum of the deductions of one kind.
    #[must_use]
    pub fn deductions_of(&self, kind: DeductionKind) -> Cents {
        self.deductions
            .iter()
            .filter(|deduction| deduction.kind == kind)
            .map(|deduction| deduction.amount)
            .sum()
    }
}

/// Computes the totals of a content: VAT per category on the sum of rounded lines (EN 16931,
/// BR-CO-17), deductions on the total incl. VAT.
///
/// # Errors
/// [`Rule::TooLarge`] beyond a hundred million euros, [`Rule::NegativeBase`] where lines taken back
/// exceed the rest of their rate, [`Rule::DeductionsExceedTotal`].
pub fn totals(content: &Content) -> Result<Totals, Error> {
    let (lines, mut by_rate) = sums_by_rate(content)?;
    for rate in &mut by_rate {
        rate.discount = content.discount.of(rate.lines);
        rate.base = rate.lines - rate.discount;
        rate.vat = rate.treatment.vat_on(rate.base);
    }
    let net: Cents = by_rate.iter().map(|rate| rate.base).sum();
    let vat: Cents = by_rate.iter().map(|rate| rate.vat).sum();
    let gross = net + vat;
    if gross > AMOUNT_MAX {
        return Err(Error::at("lines", Rule::TooLarge));
    }
    let deductions: Vec<DeductionTotal> = content
        .deductions
        .iter()
        .map(|deduction| DeductionTotal {
            kind: deduction.kind,
            amount: match deduction.value {
                DeductionValue::Percent(percent) => percent.of(gross),
                DeductionValue::Amount(amount) => amount,
            },
        })
        .collect();
    let deducted: Cents = deductions.iter().map(|deduction| deduction.amount).sum();
    if deducted > gross {
        return Err(Error::at("deductions", Rule::DeductionsExceedTotal));
    }
    Ok(Totals {
        discount: by_rate.iter().map(|rate| rate.discount).sum(),
        lines,
        by_rate,
        net,
        vat,
        gross,
        deposits: Cents::ZERO,
        deductions,
        deducted,
        net_due: gross - deducted,
        by_nature: Vec::new(),
    })
}

/// Rounded lines, and their sums per category and rate.
fn sums_by_rate(content: &Content) -> Result<(Vec<Cents>, Vec<RateTotal>), Error> {
    let mut lines = Vec::new();
    let mut sums: BTreeMap<VatTreatment, (Cents, usize)> = BTreeMap::new();
    for (index, item) in content.items.iter().enumerate() {
        let Some(line) = item.line() else { continue };
        let amount = line.amount();
        if amount.abs() > AMOUNT_MAX {
            return Err(Error::at(
                format!("lines[{index}].quantity"),
                Rule::TooLarge,
            ));
        }
        lines.push(amount);
        let (sum, last_taken_back) = sums.entry(line.vat).or_default();
        *sum += amount;
        if amount.is_negative() {
            *last_taken_back = index;
        }
    }
    let mut by_rate = Vec::with_capacity(sums.len());
    for (treatment, (sum, last_taken_back)) in sums {
        if sum.is_negative() {
            return Err(Error::at(
                format!("lines[{last_taken_back}].quantity"),
                Rule::NegativeBase,
            ));
        }
        if sum > AMOUNT_MAX {
            return Err(Error::at("lines", Rule::TooLarge));
        }
        let zero = Cents::ZERO;
        by_rate.push(RateTotal {
            treatment,
            lines: sum,
            discount: zero,
            base: zero,
            vat: zero,
        });
    }
    Ok((lines, by_rate))
}

/// Base excl. VAT and VAT of one rate and one nature; parts of a rate add up to its total.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NatureTotal {
    /// What is sold.
    pub nature: Nature,
    /// Category and rate.
    pub treatment: VatTreatment,
    /// Part of the base.
    pub base: Cents,
    /// Part of the VAT.
    pub vat: Cents,
}

impl NatureTotal {
    /// Base and VAT together.
    #[must_use]
    pub fn gross(&self) -> Cents {
        self.base + self.vat
    }
}

/// Splits each rate's base and VAT over the natures sold, to the cent, by largest remainder.
///
/// Lines taken back of a nature that has nothing else at that rate count with the rate's first
/// nature, so that no part is negative. Parts that were split off an invoice are taken as they are.
#[must_use]
pub fn by_nature(content: &Content, totals: &Totals) -> Vec<NatureTotal> {
    if !totals.by_nature.is_empty() {
        return totals.by_nature.clone();
    }
    let mut parts = Vec::new();
    for rate in &totals.by_rate {
        let mut sums: BTreeMap<Nature, Cents> = BTreeMap::new();
        let charged = content.items.iter().filter_map(|item| item.line());
        for line in charged.filter(|line: &&Line| line.vat == rate.treatment) {
            *sums.entry(line.nature).or_default() += line.amount();
        }
        let natures: Vec<Nature> = sums.keys().copied().collect();
        let weights: Vec<Cents> = sums.values().map(|sum| sum.at_least_zero()).collect();
        let bases = rate.base.allocate(&weights);
        let vats = rate.vat.allocate(&bases);
        for (index, nature) in natures.into_iter().enumerate() {
            let (base, vat) = (bases[index], vats[index]);
            if !base.is_zero() || !vat.is_zero() {
                parts.push(NatureTotal {
                    nature,
                    treatment: rate.treatment,
                    base,
                    vat,
                });
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests;
