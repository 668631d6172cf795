//! Statements of the PayPlug account and of the bank (`accounting.md` § 3): read by the meaning of their columns, then
//! matched with the books.

mod columns;
mod matching;
mod read;
mod rows;

use acquit_domain::Cents;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use columns::{Mapping, MappingFault, Meaning, guess, signature};
pub use matching::{Cause, Context, Known, Listed, Reconciliation, missing_days, reconcile};
pub use read::{Break, Reason, Source, Statement, Unread, amount_of, day_of, read};
pub use rows::{Table, TableFault};

/// What moved the account, as a statement says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// A customer paid by card.
    Payment,
    /// Money went back to a customer.
    Refund,
    /// A customer's bank took money back.
    Chargeback,
    /// A dispute was won: the money came again.
    ChargebackWon,
    /// A single fee, such as that of a chargeback.
    Fee,
    /// PayPlug's monthly invoice.
    Invoice,
    /// A transfer to the bank; on a statement of the bank, one that came in.
    Transfer,
}

impl LineKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Payment,
        Self::Refund,
        Self::Chargeback,
        Self::ChargebackWon,
        Self::Fee,
        Self::Invoice,
        Self::Transfer,
    ];

    /// Its word, in files and on the command line.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Refund => "refund",
            Self::Chargeback => "chargeback",
            Self::ChargebackWon => "chargeback_won",
            Self::Fee => "fee",
            Self::Invoice => "invoice",
            Self::Transfer => "transfer",
        }
    }

    /// The kind with a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A line of a statement that was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementLine {
    /// Which line of the file, from 1.
    pub place: u32,
    /// What tells it from every other line of any statement: PayPlug's id, or all that it says.
    pub key: String,
    /// Its day, in France.
    pub date: Date,
    /// What it is.
    pub kind: LineKind,
    /// What it changes the balance by, in cents with its sign.
    pub amount: Cents,
    /// The VAT in a fee, in cents without sign, where the statement tells it.
    pub vat: Option<Cents>,
    /// PayPlug's id of it.
    pub id: Option<String>,
    /// PayPlug's id of the payment that it is about.
    pub payment: Option<String>,
    /// What the statement says of it.
    pub label: String,
    /// The balance after it, in cents, where the statement tells it.
    pub balance: Option<Cents>,
}

/// What somebody says about a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It is this. Day and amount count only where the line did not tell them.
    Is {
        /// What.
        kind: LineKind,
        /// On which day, in France.
        date: Date,
        /// What it changes the balance by, in cents with its sign.
        amount: Cents,
    },
    /// It is left as it is.
    SetAside {
        /// Why.
        reason: String,
    },
}

/// A line of a statement, understood or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// Understood.
    Line(StatementLine),
    /// Not understood.
    Unread(Unread),
}

impl Kept {
    /// What tells it from every other line of any statement.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Line(line) => &line.key,
            Self::Unread(unread) => &unread.key,
        }
    }

    /// Its line of the file, from 1.
    #[must_use]
    pub const fn place(&self) -> u32 {
        match self {
            Self::Line(line) => line.place,
            Self::Unread(unread) => unread.place,
        }
    }

    /// The movement that it is, with what was answered about it; none while it is not understood.
    #[must_use]
    pub fn movement(&self, answer: Option<&Answer>) -> Option<StatementLine> {
        let said = match answer {
            Some(Answer::Is { kind, date, amount }) => Some((*kind, *date, *amount)),
            _ => None,
        };
        match (self, said) {
            (Self::Line(line), None) => Some(line.clone()),
            (Self::Line(line), Some((kind, ..))) => Some(StatementLine {
                kind,
                ..line.clone()
            }),
            (Self::Unread(_), None) => None,
            (Self::Unread(unread), Some((kind, date, amount))) => Some(StatementLine {
                place: unread.place,
                key: unread.key.clone(),
                date,
                kind,
                amount,
                vat: None,
                id: None,
                payment: None,
                label: unread.text.clone(),
                balance: None,
            }),
        }
    }
}
