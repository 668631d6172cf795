//! Drafts and finalised documents as different types; what both contain.

pub mod credit;
pub mod line;
pub mod mentions;
pub mod totals;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use line::{Deduction, DeductionKind, DeductionValue, Item, Line, Nature, Operation};
pub use totals::{DeductionTotal, NatureTotal, RateTotal, Totals};

use crate::company::Company;
use crate::customer::Customer;
use crate::date;
use crate::error::{At, Error, Rule};
use crate::id::{CustomerId, InvoiceId};
use crate::numbering::DocumentNumber;
use crate::quantity::Percent;

/// Most items on one document.
pub const LINES_MAX: usize = 2_000;

/// What a document says, apart from who, when and its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Category of operation.
    pub operation: Operation,
    /// What the works are about.
    pub title: Option<String>,
    /// Where the works are (*chantier*).
    pub site_address: Option<String>,
    /// The buyer's reference (BT-10, BT-13).
    pub customer_reference: Option<String>,
    /// Free remarks (BT-22).
    pub notes: Option<String>,
    /// Lines, sections and comments in order.
    pub items: Vec<Item>,
    /// Discount on the whole.
    pub discount: Percent,
    /// Deductions from the net due.
    pub deductions: Vec<Deduction>,
}

impl Content {
    /// Checks what the fields alone cannot: at least one line, limits, totals, franchise.
    ///
    /// # Errors
    /// The first rule that is broken, with its field as in `cli.md`.
    pub fn check(&self, company: &Company) -> Result<Totals, Error> {
        if self.items.len() > LINES_MAX {
            return Err(Error::at("lines", Rule::TooManyLines { most: LINES_MAX }));
        }
        if !self.items.iter().any(|item| item.line().is_some()) {
            return Err(Error::at("lines", Rule::NoLine));
        }
        if company.franchise {
            let taxed = |item: &Item| item.line().is_some_and(|line| line.vat.category() != "E");
            if let Some(index) = self.items.iter().position(taxed) {
                return Err(Error::at(
                    format!("lines[{index}].vat_rate"),
                    Rule::VatUnderFranchise,
                ));
            }
        }
        for (index, deduction) in self.deductions.iter().enumerate() {
            if let DeductionValue::Amount(amount) = deduction.value
                && !amount.is_positive()
            {
                return Err(Error::at(
                    format!("deductions[{index}].amount"),
                    Rule::NotPositive,
                ));
            }
        }
        totals::totals(self)
    }
}

/// An invoice in the making: no number, may still change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Identity, kept when finalised.
    pub id: InvoiceId,
    /// Whom it is for.
    pub customer: CustomerId,
    /// Issue date asked for; the day of finalising when absent.
    pub issue_date: Option<Date>,
    /// Due date asked for; issue date plus the payment days when absent.
    pub due_date: Option<Date>,
    /// What it says.
    pub content: Content,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What a finalised document is (UNTDID 1001).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DocumentKind {
    /// 380, *facture*.
    Invoice,
    /// 381, *avoir*: gives back what an invoice asked for.
    CreditNote {
        /// The invoice it credits (BG-3).
        credits: Reference,
    },
}

impl DocumentKind {
    /// The word of `cli.md`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::CreditNote { .. } => "credit_note",
        }
    }
}

/// A preceding document (BG-3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// Its identity.
    pub id: InvoiceId,
    /// Its number (BT-25).
    pub number: DocumentNumber,
    /// Its issue date (BT-26).
    pub issue_date: Date,
}

/// A document with a number: frozen, never altered after (CGI art. 289, I-3° bis of art. 286).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finalised {
    /// Identity, the draft's.
    pub id: InvoiceId,
    /// Invoice or credit note.
    #[serde(flatten)]
    pub kind: DocumentKind,
    /// Number in its series (BT-1).
    pub number: DocumentNumber,
    /// Issue date (BT-2).
    pub issue_date: Date,
    /// Due date (BT-9).
    pub due_date: Date,
    /// The seller as it was.
    pub seller: Company,
    /// The buyer as it was.
    pub buyer: Customer,
    /// What it says.
    pub content: Content,
    /// Its totals.
    pub totals: Totals,
    /// When it was finalised.
    pub finalised_at: Timestamp,
}

impl Finalised {
    /// How another document refers to this one.
    #[must_use]
    pub fn reference(&self) -> Reference {
        Reference {
            id: self.id,
            number: self.number,
            issue_date: self.issue_date,
        }
    }

    /// Whether it is an invoice (and not a credit note).
    #[must_use]
    pub const fn is_invoice(&self) -> bool {
        matches!(self.kind, DocumentKind::Invoice)
    }
}

/// The issue date of the next document of a series: the date asked for or today, never in the
/// future, never before the last of the series (chronological numbering, 242 nonies A).
///
/// # Errors
/// [`Rule::IssuedInFuture`] or [`Rule::IssuedBeforeLast`].
pub fn issue_date(
    asked: Option<Date>,
    today: Date,
    last_of_series: Option<Date>,
) -> Result<Date, Error> {
    let date = asked.unwrap_or(today);
    if date > today {
        return Err(Error::at("issue_date", Rule::IssuedInFuture { date }));
    }
    match last_of_series {
        Some(last) if date < last => Err(Error::at("issue_date", Rule::IssuedBeforeLast { last })),
        _ => Ok(date),
    }
}

/// Turns a draft into a document. Pure: number, date and instant are decided by the caller inside
/// the transaction that stores the result.
///
/// # Errors
/// A rule of [`Content::check`], or [`Rule::DueBeforeIssue`].
pub fn finalise(
    draft: Draft,
    number: DocumentNumber,
    issue_date: Date,
    seller: Company,
    buyer: Customer,
    finalised_at: Timestamp,
) -> Result<Finalised, Error> {
    let totals = draft.content.check(&seller)?;
    let due_date = match draft.due_date {
        Some(due_date) => due_date,
        None => date::due_date(issue_date, seller.payment_days).at("due_date")?,
    };
    if due_date < issue_date {
        return Err(Error::at("due_date", Rule::DueBeforeIssue));
    }
    Ok(Finalised {
        id: draft.id,
        kind: DocumentKind::Invoice,
        number,
        issue_date,
        due_date,
        seller,
        buyer,
        content: draft.content,
        totals,
        finalised_at,
    })
}

#[cfg(test)]
mod tests;
