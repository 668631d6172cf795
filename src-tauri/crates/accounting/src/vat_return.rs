//! The VAT return: what fell due per rate in a period, with the list behind each figure, and what was
//! cashed where VAT waits for the money.
//!
//! Causes are not stored with entries: the events of an invoice are replayed in the order in which they
//! were recorded, through the functions that made the entries. So the rows add up to the accounts of VAT
//! collected (44571x) to the cent.

mod period;
mod replay;

use std::collections::BTreeMap;

use acquit_domain::Cents;
use acquit_domain::adjustment::{Adjusted, Adjustment};
use acquit_domain::invoice::{Finalised, NatureTotal};
use acquit_domain::numbering::DocumentNumber;
use acquit_domain::vat::StandardRate;
use jiff::civil::Date;

pub use self::period::Period;
pub use self::replay::{Replayed, replay};

/// What happened to an invoice after it was issued, as far as its VAT depends on it.
#[derive(Clone, Debug)]
pub enum Moved {
    /// Money came.
    Received(Cents),
    /// Money was given back by PayPlug.
    Refunded(Cents),
    /// The customer's bank took money back.
    ChargedBack(Cents),
    /// A dispute was won: the money came again.
    ChargebackWon(Cents),
    /// A credit note was issued.
    Credited(Box<Finalised>),
    /// A debt was given up as lost: what leaves the invoice.
    Lost(Vec<NatureTotal>),
    /// The retention was released.
    Released(Cents),
    /// An overpayment or a small difference was decided on, or credit of another invoice came.
    Adjusted(Adjusted),
}

/// Something that happened to an invoice.
#[derive(Clone, Debug)]
pub struct Event {
    /// Day in France that its entries are dated.
    pub date: Date,
    /// What names it: the number of a credit note, PayPlug's id of a payment or refund, else the number
    /// of the invoice.
    pub piece: String,
    /// What.
    pub what: Moved,
}

/// Why VAT fell due, or ceased to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The document was issued, and its VAT waits for nothing.
    Issued,
    /// Money came.
    Receipt,
    /// Money was given back, by PayPlug or otherwise.
    Refund,
    /// The customer's bank took money back.
    Chargeback,
    /// A dispute was won.
    ChargebackWon,
    /// A credit note.
    CreditNote,
    /// A debt given up as lost.
    LostDebt,
    /// The retention was released.
    Released,
    /// An overpayment was kept for the customer.
    Kept,
    /// Credit of one invoice paid another.
    SetOff,
    /// A small difference was written off.
    SmallDifference,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 11] = [
        Self::Issued,
        Self::Receipt,
        Self::Refund,
        Self::Chargeback,
        Self::ChargebackWon,
        Self::CreditNote,
        Self::LostDebt,
        Self::Released,
        Self::Kept,
        Self::SetOff,
        Self::SmallDifference,
    ];

    /// Its stable word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Issued => "document",
            Self::Receipt => "receipt",
            Self::Refund => "refund",
            Self::Chargeback => "chargeback",
            Self::ChargebackWon => "chargeback_won",
            Self::CreditNote => "credit_note",
            Self::LostDebt => "lost",
            Self::Released => "released",
            Self::Kept => "kept",
            Self::SetOff => "set_off",
            Self::SmallDifference => "difference",
        }
    }

    /// The cause of what follows from an event.
    #[must_use]
    pub const fn of(moved: &Moved) -> Self {
        match moved {
            Moved::Received(_) => Self::Receipt,
            Moved::Refunded(_) => Self::Refund,
            Moved::ChargedBack(_) => Self::Chargeback,
            Moved::ChargebackWon(_) => Self::ChargebackWon,
            Moved::Credited(_) => Self::CreditNote,
            Moved::Lost(_) => Self::LostDebt,
            Moved::Released(_) => Self::Released,
            Moved::Adjusted(adjusted) => match adjusted.adjustment {
                Adjustment::Returned { .. } => Self::Refund,
                Adjustment::Kept => Self::Kept,
                Adjustment::SetOff { .. } => Self::SetOff,
                Adjustment::Missing | Adjustment::TooMuch => Self::SmallDifference,
            },
        }
    }
}

/// VAT that fell due by one event at one rate; below zero where it ceased to be due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VatRow {
    /// Day of the entry.
    pub date: Date,
    /// What names the event ([`Event::piece`]); the document's number for [`Cause::Issued`].
    pub piece: String,
    /// Why.
    pub cause: Cause,
    /// At which rate.
    pub rate: StandardRate,
    /// Its base excl. VAT, in cents: the base of what waits × VAT due of it ÷ its VAT, as the difference
    /// of two cumulative states, so that an invoice whose VAT is due has all of its base in the return.
    pub base: Cents,
    /// The VAT, in cents (44571x).
    pub vat: Cents,
}

/// What one event cashed incl. VAT, per rate, where VAT waits for the money (CGI art. 290 A: data of
/// payments); below zero where money went back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CashedRow {
    /// Day of the event.
    pub date: Date,
    /// What names the event.
    pub piece: String,
    /// Why.
    pub cause: Cause,
    /// Cents incl. VAT per rate; no zeros.
    pub by_rate: BTreeMap<StandardRate, Cents>,
}

/// A row with the document that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// Number of the invoice.
    pub document: DocumentNumber,
    /// Name of its customer.
    pub customer: String,
    /// The row.
    pub row: T,
}

/// What fell due at one rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateSum {
    /// The rate.
    pub rate: StandardRate,
    /// Base excl. VAT, in cents ([`VatRow::base`]).
    pub base: Cents,
    /// VAT due, in cents.
    pub vat: Cents,
}

/// VAT due of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VatReturn {
    /// Which period.
    pub period: Period,
    /// What fell due per rate, the highest rate first.
    pub rates: Vec<RateSum>,
    /// The list behind, in order of date, then of document.
    pub rows: Vec<Listed<VatRow>>,
}

impl VatReturn {
    /// The return of a period out of the rows of any events: those of other days are left out.
    #[must_use]
    pub fn new(period: Period, rows: impl IntoIterator<Item = Listed<VatRow>>) -> Self {
        let rows = rows.into_iter();
        let mut rows: Vec<_> = rows
            .filter(|listed| period.contains(listed.row.date))
            .collect();
        rows.sort_by_key(|listed| (listed.row.date, listed.document));
        let sum_of = |rate: StandardRate| {
            let mut at_rate = rows.iter().filter(|one| one.row.rate == rate).peekable();
            at_rate.peek()?;
            let (base, vat) = at_rate.fold((Cents::ZERO, Cents::ZERO), |(base, vat), one| {
                (base + one.row.base, vat + one.row.vat)
            });
            Some(RateSum { rate, base, vat })
        };
        let rates = StandardRate::ALL.into_iter().rev().filter_map(sum_of);
        Self {
            period,
            rates: rates.collect(),
            rows,
        }
    }

    /// All VAT that fell due, in cents.
    #[must_use]
    pub fn total(&self) -> Cents {
        self.rates.iter().map(|sum| sum.vat).sum()
    }
}

/// What was cashed from `from` to `to`, in order of date, then of document: the rows of other days are
/// left out.
#[must_use]
pub fn cashed_between(
    (from, to): (Date, Date),
    rows: impl IntoIterator<Item = Listed<CashedRow>>,
) -> Vec<Listed<CashedRow>> {
    let rows = rows.into_iter();
    let mut rows: Vec<_> = rows
        .filter(|listed| (from..=to).contains(&listed.row.date))
        .collect();
    rows.sort_by_key(|listed| (listed.row.date, listed.document));
    rows
}

#[cfg(test)]
mod tests;
