//! What the owner decides on an invoice's account besides money that comes: an overpayment given back,
//! kept or set off, a small difference given up (`accounting.md` § 2).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Rule};
use crate::id::{CustomerId, InvoiceId};
use crate::money::Cents;
use crate::receipt::{PaymentMeans, Standing};

/// What small differences of one invoice may come to, either way, in cents. No text gives an amount:
/// this keeps to slips of the pen and bank charges, so that neither a debt nor what belongs to the
/// customer goes by this way.
pub const SMALL_DIFFERENCE_MAX: Cents = Cents::new(500);

/// A decision on the account of an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Adjustment {
    /// What was paid too much was given back, by other means than PayPlug's refund.
    Returned {
        /// How it went back.
        means: PaymentMeans,
    },
    /// What was paid too much is kept for the customer (*avoir à valoir*, 419700).
    Kept,
    /// What was paid too much pays another invoice of the same customer.
    SetOff {
        /// The invoice that it pays.
        target: InvoiceId,
    },
    /// A small difference that is missing is given up (658000).
    Missing,
    /// A small difference that was paid too much is a gain (758000).
    TooMuch,
}

impl Adjustment {
    /// Its stable word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Returned { .. } => "returned",
            Self::Kept => "kept",
            Self::SetOff { .. } => "set_off",
            Self::Missing => "missing",
            Self::TooMuch => "too_much",
        }
    }

    /// Whether it writes a small difference off.
    #[must_use]
    pub const fn is_small_difference(self) -> bool {
        matches!(self, Self::Missing | Self::TooMuch)
    }

    /// The other invoice that it pays.
    #[must_use]
    pub const fn target(self) -> Option<InvoiceId> {
        match self {
            Self::SetOff { target } => Some(target),
            _ => None,
        }
    }
}

/// Means that an overpayment can go back by: a card payment goes back by PayPlug's refund, and nobody
/// debits himself.
#[must_use]
pub const fn gives_back(means: PaymentMeans) -> bool {
    !matches!(means, PaymentMeans::CardPayplug | PaymentMeans::DirectDebit)
}

/// A decision as it is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjusted {
    /// The invoice whose account was decided on; of a set-off, the one that was paid too much.
    pub invoice: InvoiceId,
    /// What was decided.
    pub adjustment: Adjustment,
    /// How much, in cents; always above zero.
    pub amount: Cents,
    /// Day, in France.
    pub date: Date,
}

/// What adjustments come to on the account of one invoice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AdjustmentSums {
    /// What left the account: returned, kept, set off elsewhere, gained.
    pub taken_out: Cents,
    /// What settles it as money would: credit of other invoices, small differences given up.
    pub brought_in: Cents,
    /// The small differences among both.
    pub small: Cents,
}

/// Sums up what `adjusted` (of this invoice, or towards it) come to on its account.
#[must_use]
pub fn sums(invoice: InvoiceId, adjusted: &[Adjusted]) -> AdjustmentSums {
    let mut sums = AdjustmentSums::default();
    for one in adjusted {
        let small = one.adjustment.is_small_difference() && one.invoice == invoice;
        if small {
            sums.small += one.amount;
        }
        if one.adjustment.target() == Some(invoice)
            || one.invoice == invoice && one.adjustment == Adjustment::Missing
        {
            sums.brought_in += one.amount;
        } else if one.invoice == invoice {
            sums.taken_out += one.amount;
        }
    }
    sums
}

/// An invoice's account as an adjustment sees it.
#[derive(Clone, Copy, Debug)]
pub struct Side {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its customer.
    pub customer: CustomerId,
    /// Where it stands.
    pub standing: Standing,
    /// Small differences written off before.
    pub small: Cents,
}

/// Whether an adjustment of `amount` fits the account of `source` and, for a set-off, that of the
/// invoice that it pays: more than nothing, no more than was paid too much (or, missing, than is still
/// to pay), no more than [`SMALL_DIFFERENCE_MAX`] of small differences for an invoice, and credit stays
/// with its customer.
///
/// # Errors
/// [`Rule::NotPositive`], [`Rule::UnknownChoice`], [`Rule::MoreThanOverpaid`],
/// [`Rule::MoreThanDue`], [`Rule::NotSmall`], [`Rule::NoSetOff`].
pub fn check(
    adjustment: Adjustment,
    amount: Cents,
    source: &Side,
    target: Option<&Side>,
) -> Result<(), Error> {
    if !amount.is_positive() {
        return Err(Error::at("amount", Rule::NotPositive));
    }
    match adjustment {
        Adjustment::Returned { means } if !gives_back(means) => {
            return Err(Error::at("means", Rule::UnknownChoice));
        }
        Adjustment::Missing => at_most(amount, source.standing.remaining)?,
        _ => {
            let credit = source.standing.customer_credit;
            if amount > credit {
                return Err(Error::at("amount", Rule::MoreThanOverpaid { credit }));
            }
        }
    }
    if adjustment.is_small_difference() && source.small + amount > SMALL_DIFFERENCE_MAX {
        let most = (SMALL_DIFFERENCE_MAX - source.small).at_least_zero();
        return Err(Error::at("amount", Rule::NotSmall { most }));
    }
    if let Some(named) = adjustment.target() {
        let pays = target.filter(|target| {
            target.invoice == named
                && target.invoice != source.invoice
                && target.customer == source.customer
                && target.standing.remaining.is_positive()
        });
        let pays = pays.ok_or_else(|| Error::at("target", Rule::NoSetOff))?;
        at_most(amount, pays.standing.remaining)?;
    }
    Ok(())
}

fn at_most(amount: Cents, remaining: Cents) -> Result<(), Error> {
    if amount > remaining {
        return Err(Error::at("amount", Rule::MoreThanDue { remaining }));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
