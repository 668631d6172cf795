//! Drafts and finalised documents as different types; what both contain.

pub mod credit;
pub mod earlier;
pub mod line;
pub mod mentions;
pub mod retention;
pub mod totals;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use earlier::{Earlier, EarlierKind};
pub use line::{Deduction, DeductionKind, DeductionValue, Item, Line, Nature, Operation};
pub use retention::Retention;
pub use totals::{DeductionTotal, NatureTotal, RateTotal, Totals};

use crate::company::Company;
use crate::customer::Customer;
use crate::date;
use crate::error::{At, Error, Rule};
use crate::id::{CustomerId, InvoiceId};
use crate::numbering::{DocumentNumber, Series};
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
    /// Situations and deposits that are taken off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Earlier>,
}

impl Content {
    /// Whether it goes on from situations before, and takes them off.
    #[must_use]
    pub fn continues_situations(&self) -> bool {
        let mut earlier = self.earlier.iter();
        earlier.any(|one| one.what == EarlierKind::Situation)
    }

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
            if let Err((field, rule)) = deduction.check() {
                return Err(Error::at(format!("deductions[{index}].{field}"), rule));
            }
        }
        totals::totals(self)
    }
}

/// What a draft is to become. Documents that it continues or credits are named by identity until it is
/// finalised: what they stand for is read then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftKind {
    /// An invoice for all of it (*facture directe*).
    #[default]
    Invoice,
    /// A deposit (*facture d'acompte*).
    Deposit,
    /// A situation: its lines say how far the works have come altogether.
    Progress {
        /// The situation before, and deposits to take off.
        follows: Vec<InvoiceId>,
    },
    /// The final invoice (*facture de solde*): all of the works.
    Final {
        /// The last situation, and deposits to take off.
        follows: Vec<InvoiceId>,
    },
    /// A credit note with lines of its own.
    CreditNote {
        /// The invoice it credits.
        credits: InvoiceId,
    },
}

impl DraftKind {
    /// The word of `cli.md`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::Deposit => "deposit",
            Self::Progress { .. } => "progress",
            Self::Final { .. } => "final",
            Self::CreditNote { .. } => "credit_note",
        }
    }

    /// The documents that it names.
    #[must_use]
    pub fn refers_to(&self) -> &[InvoiceId] {
        match self {
            Self::Invoice | Self::Deposit => &[],
            Self::Progress { follows } | Self::Final { follows } => follows,
            Self::CreditNote { credits } => std::slice::from_ref(credits),
        }
    }

    /// The series that its number comes from.
    #[must_use]
    pub const fn series(&self) -> Series {
        match self {
            Self::Deposit => Series::Deposit,
            Self::CreditNote { .. } => Series::CreditNote,
            Self::Invoice | Self::Progress { .. } | Self::Final { .. } => Series::Invoice,
        }
    }

    /// Whether the content may stand on a document of this kind.
    ///
    /// # Errors
    /// [`Rule::ProgressNotHere`] for a progress elsewhere than on a situation,
    /// [`Rule::DeductionNotHere`] on deposits and credit notes.
    pub fn check(&self, content: &Content) -> Result<(), Error> {
        let has_progress = |item: &Item| item.line().is_some_and(|line| line.progress.is_some());
        let progress = content.items.iter().position(has_progress);
        if let (Some(index), false) = (progress, matches!(self, Self::Progress { .. })) {
            let field = format!("lines[{index}].progress");
            return Err(Error::at(field, Rule::ProgressNotHere));
        }
        let bare = matches!(self, Self::Deposit | Self::CreditNote { .. });
        if bare && !content.deductions.is_empty() {
            return Err(Error::at("deductions", Rule::DeductionNotHere));
        }
        Ok(())
    }
}

/// An invoice in the making: no number, may still change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Identity, kept when finalised.
    pub id: InvoiceId,
    /// What it is to become.
    #[serde(default)]
    pub kind: DraftKind,
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
    /// 386, *facture d'acompte*.
    Deposit,
    /// 380, *situation de travaux*: what was done so far, less the situations before.
    Progress,
    /// 380, *facture de solde*: all of the works, less situations and deposits.
    Final,
    /// 381, *avoir*: gives back what an invoice asked for.
    CreditNote {
        /// The invoice it credits (BG-3).
        credits: Reference,
        /// Whether that was a deposit (503).
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        of_deposit: bool,
    },
}

impl DocumentKind {
    /// The word of `cli.md`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::Deposit => "deposit",
            Self::Progress => "progress",
            Self::Final => "final",
            Self::CreditNote { .. } => "credit_note",
        }
    }

    /// The invoice that a credit note credits.
    #[must_use]
    pub const fn credits(&self) -> Option<&Reference> {
        match self {
            Self::CreditNote { credits, .. } => Some(credits),
            _ => None,
        }
    }

    /// The document code of UNTDID 1001 (BT-3).
    #[must_use]
    pub const fn type_code(&self) -> &'static str {
        match self {
            Self::Invoice | Self::Progress | Self::Final => "380",
            Self::Deposit => "386",
            Self::CreditNote {
                of_deposit: false, ..
            } => "381",
            Self::CreditNote {
                of_deposit: true, ..
            } => "503",
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
    /// What it is.
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

    /// Whether it asks for money: every kind but the credit note.
    #[must_use]
    pub const fn is_invoice(&self) -> bool {
        !matches!(self.kind, DocumentKind::CreditNote { .. })
    }

    /// Whether it is a deposit, or gives one back: it stands in the books as one (419100).
    #[must_use]
    pub const fn is_of_deposit(&self) -> bool {
        matches!(
            self.kind,
            DocumentKind::Deposit
                | DocumentKind::CreditNote {
                    of_deposit: true,
                    ..
                }
        )
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
/// the transaction that stores the result; so is what earlier documents asked for ([`earlier`]). A draft
/// that credits becomes a document by [`credit::credit_note_of_lines`].
///
/// # Errors
/// A rule of [`DraftKind::check`] or [`Content::check`], [`Rule::DueBeforeIssue`], or
/// [`Rule::ReleaseBeforeIssue`].
pub fn finalise(
    draft: Draft,
    number: DocumentNumber,
    issue_date: Date,
    seller: Company,
    buyer: Customer,
    finalised_at: Timestamp,
) -> Result<Finalised, Error> {
    let kind = match draft.kind {
        DraftKind::Invoice => DocumentKind::Invoice,
        DraftKind::Deposit => DocumentKind::Deposit,
        DraftKind::Progress { .. } => DocumentKind::Progress,
        DraftKind::Final { .. } => DocumentKind::Final,
        DraftKind::CreditNote { .. } => return Err(Error::at("kind", Rule::NotAnInvoice)),
    };
    draft.kind.check(&draft.content)?;
    let totals = draft.content.check(&seller)?;
    let due_date = match draft.due_date {
        Some(due_date) => due_date,
        None => date::due_date(issue_date, seller.payment_days).at("due_date")?,
    };
    if due_date < issue_date {
        return Err(Error::at("due_date", Rule::DueBeforeIssue));
    }
    let mut content = draft.content;
    date_releases(&mut content, issue_date)?;
    Ok(Finalised {
        id: draft.id,
        kind,
        number,
        issue_date,
        due_date,
        seller,
        buyer,
        content,
        totals,
        finalised_at,
    })
}

/// Gives each retention that says no day the usual one: what is printed is what is frozen.
fn date_releases(content: &mut Content, issue_date: Date) -> Result<(), Error> {
    for (index, deduction) in content.deductions.iter_mut().enumerate() {
        if deduction.kind != DeductionKind::Retention || deduction.bond {
            continue;
        }
        if deduction.release_on.is_some_and(|day| day < issue_date) {
            let field = format!("deductions[{index}].release_on");
            return Err(Error::at(field, Rule::ReleaseBeforeIssue));
        }
        deduction.release_on = deduction
            .release_on
            .or_else(|| retention::usual_release(issue_date));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
