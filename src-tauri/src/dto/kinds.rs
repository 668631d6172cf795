//! Situations, deposits and final invoices: what takes off what.

use acquit_app::{Deductible, Kind};
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::{Earlier, EarlierKind};
use acquit_domain::numbering::DocumentNumber;
use serde::Serialize;
use specta::Type;

use super::{LineForm, Money, iso};

/// What a document is, or is to become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DocumentWord {
    /// An invoice for all of it.
    Invoice,
    /// A deposit.
    Deposit,
    /// A situation.
    Progress,
    /// A final invoice.
    Final,
    /// A credit note.
    CreditNote,
}

impl From<Kind> for DocumentWord {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Invoice => Self::Invoice,
            Kind::Deposit => Self::Deposit,
            Kind::Progress => Self::Progress,
            Kind::Final => Self::Final,
            Kind::CreditNote => Self::CreditNote,
        }
    }
}

/// Another document that is named, to lead to it.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct NamedDocument {
    /// Identity.
    pub(crate) id: String,
    /// Number.
    pub(crate) number: String,
}

impl NamedDocument {
    pub(crate) fn new(id: InvoiceId, number: &DocumentNumber) -> Self {
        Self {
            id: id.to_string(),
            number: number.to_string(),
        }
    }
}

/// A situation or a deposit of a customer that nothing takes off yet.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct DeductibleRow {
    /// Identity.
    pub(crate) id: String,
    /// Number.
    pub(crate) number: String,
    /// A deposit or a situation.
    pub(crate) document: DocumentWord,
    /// Issue date.
    pub(crate) issue_date: String,
    /// What the works are about.
    pub(crate) title: Option<String>,
    /// What would be taken off, incl. VAT.
    pub(crate) gross: Money,
    /// Whether it can be taken off: a deposit only once it is settled.
    pub(crate) is_free: bool,
}

impl From<Deductible> for DeductibleRow {
    fn from(deductible: Deductible) -> Self {
        Self {
            id: deductible.id.to_string(),
            number: deductible.number.to_string(),
            document: deductible.kind.into(),
            issue_date: iso(deductible.issue_date),
            title: deductible.title,
            gross: deductible.gross.into(),
            is_free: deductible.settled || deductible.kind != Kind::Deposit,
        }
    }
}

/// An earlier document that a document takes off.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct TakenOff {
    /// Identity.
    pub(crate) id: String,
    /// Number.
    pub(crate) number: String,
    /// A deposit or a situation.
    pub(crate) document: DocumentWord,
    /// Issue date.
    pub(crate) issue_date: String,
    /// How much, incl. VAT.
    pub(crate) gross: Money,
}

impl From<&Earlier> for TakenOff {
    fn from(earlier: &Earlier) -> Self {
        Self {
            id: earlier.document.id.to_string(),
            number: earlier.document.number.to_string(),
            document: match earlier.what {
                EarlierKind::Situation => DocumentWord::Progress,
                EarlierKind::Deposit => DocumentWord::Deposit,
            },
            issue_date: iso(earlier.document.issue_date),
            gross: earlier.gross().into(),
        }
    }
}

/// The works of a situation as far as they had come, to go on from there.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct WorksSoFar {
    /// What they are about.
    pub(crate) title: String,
    /// Discount on the whole, in per cent.
    pub(crate) discount_percent: String,
    /// Lines, headings and remarks.
    pub(crate) lines: Vec<LineForm>,
}
