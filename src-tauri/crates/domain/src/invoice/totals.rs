//! The one computation of totals: it feeds the window, the paper, the entries and the link.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Content;
use super::earlier::{EarlierKind, check_deposits, invoiced, parts_of};
use super::line::{DeductionKind, Line, Nature};
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
    /// What earlier situations asked for, excl. VAT.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub earlier: Cents,
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
    /// Base and VAT per rate and nature where they do not follow from the lines alone: on credit notes
    /// for a part, and after earlier situations. Empty elsewhere.
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

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
const fn is_nothing(amount: &Cents) -> bool {
    amount.is_zero()
}

/// Computes the totals of a content: VAT per category on the sum of rounded lines (EN 16931,
/// BR-CO-17), deductions on the total incl. VAT.
///
/// # Errors
/// [`Rule::TooLarge`] beyond a hundred million euros, [`Rule::NegativeBase`] where lines taken back
/// exceed the rest of their rate, [`Rule::LessThanBefore`] where earlier situations do,
/// [`Rule::DepositBeyondRate`], [`Rule::DeductionsExceedTotal`].
pub fn totals(content: &Content) -> Result<Totals, Error> {
    let (lines, mut by_rate) = sums_by_rate(content)?;
    for rate in &mut by_rate {
        rate.discount = content.discount.of(rate.lines);
        rate.base = rate.lines - rate.discount;
        rate.vat = rate.treatment.vat_on(rate.base);
    }
    take_off_situations(content, &mut by_rate)?;
    check_deposits(&content.earlier, &by_rate)?;
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
            amount: deduction.amount(gross),
        })
        .collect();
    let deducted: Cents = deductions.iter().map(|deduction| deduction.amount).sum();
    let deposits: Cents = parts_of(&content.earlier, EarlierKind::Deposit)
        .map(NatureTotal::gross)
        .sum();
    if deducted + deposits > gross {
        return Err(Error::at("deductions", Rule::DeductionsExceedTotal));
    }
    let mut totals = Totals {
        discount: by_rate.iter().map(|rate| rate.discount).sum(),
        lines,
        by_rate,
        net,
        vat,
        gross,
        deposits,
        deductions,
        deducted,
        net_due: gross - deposits - deducted,
        by_nature: Vec::new(),
    };
    if has_situations(content) {
        totals.by_nature = since_situations(content, &totals);
    }
    Ok(totals)
}

pub(super) fn has_situations(content: &Content) -> bool {
    parts_of(&content.earlier, EarlierKind::Situation)
        .next()
        .is_some()
}

/// Takes what earlier situations asked for off base and VAT: VAT is rounded on what was done
/// altogether, so that the situations of a contract add up to it to the cent.
fn take_off_situations(content: &Content, by_rate: &mut [RateTotal]) -> Result<(), Error> {
    let less = || Err(Error::at("lines", Rule::LessThanBefore));
    for (treatment, (base, vat)) in invoiced(&content.earlier) {
        if base.is_zero() && vat.is_zero() {
            continue;
        }
        let Some(rate) = by_rate.iter_mut().find(|rate| rate.treatment == treatment) else {
            return less();
        };
        rate.earlier = base;
        rate.base -= base;
        rate.vat -= vat;
        if rate.base.is_negative() || rate.vat.is_negative() {
            return less();
        }
    }
    Ok(())
}

/// What is new per rate and nature. A nature that came to less than before counts with its rate's
/// others, so that no part is negative.
fn since_situations(content: &Content, totals: &Totals) -> Vec<NatureTotal> {
    let mut parts = Vec::new();
    for rate in &totals.by_rate {
        let mut sums: BTreeMap<Nature, Cents> = BTreeMap::new();
        let charged = content.items.iter().filter_map(|item| item.line());
        for line in charged.filter(|line: &&Line| line.vat == rate.treatment) {
            *sums.entry(line.nature).or_default() += line.amount();
        }
        let natures: Vec<Nature> = sums.keys().copied().collect();
        let altogether = rate.base + rate.earlier;
        let weights: Vec<Cents> = sums.values().map(|sum| sum.at_least_zero()).collect();
        let before = |nature: Nature| -> Cents {
            parts_of(&content.earlier, EarlierKind::Situation)
                .filter(|part| part.treatment == rate.treatment && part.nature == nature)
                .map(|part| part.base)
                .sum()
        };
        let new: Vec<Cents> = natures
            .iter()
            .zip(altogether.allocate(&weights))
            .map(|(nature, base)| (base - before(*nature)).at_least_zero())
            .collect();
        parts.extend(cells(rate, &natures, &new));
    }
    parts
}

/// Base and VAT of a rate over natures, to the cent, by weights.
fn cells(rate: &RateTotal, natures: &[Nature], weights: &[Cents]) -> Vec<NatureTotal> {
    let bases = rate.base.allocate(weights);
    let vats = rate.vat.allocate(&bases);
    let all = natures.iter().zip(bases.into_iter().zip(vats));
    all.filter(|(_, (base, vat))| !base.is_zero() || !vat.is_zero())
        .map(|(nature, (base, vat))| NatureTotal {
            nature: *nature,
            treatment: rate.treatment,
            base,
            vat,
        })
        .collect()
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
            earlier: zero,
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
/// nature, so that no part is negative. Parts that do not follow from the lines are taken as they are.
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
        parts.extend(cells(rate, &natures, &weights));
    }
    parts
}

#[cfg(test)]
mod tests;
