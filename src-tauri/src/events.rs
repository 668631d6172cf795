//! What the window is told without asking.

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri_specta::Event;

use crate::dto::{Money, Pull};

/// Who changed something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Source {
    /// This window.
    User,
    /// The background check of payments.
    Pull,
    /// Another window or program on the same file.
    Elsewhere,
}

/// Something in the company's file changed: what is shown may be old.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
pub(crate) struct Changed {
    /// Who did it.
    pub(crate) source: Source,
}

/// The status line of the background check changed.
#[derive(Clone, Debug, Serialize, Type, Event)]
pub(crate) struct PullChanged {
    /// The line.
    pub(crate) pull: Pull,
}

/// How far the PDFs of an export are.
#[derive(Clone, Copy, Debug, Serialize, Type, Event)]
pub(crate) struct ExportProgress {
    /// How many are written.
    pub(crate) done: u32,
    /// Of how many.
    pub(crate) all: u32,
}

/// What happened to an invoice while nobody looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NewsKind {
    /// A customer paid.
    Paid,
    /// A customer paid more than was due.
    PaidTooMuch,
    /// A payment was given back.
    Refunded,
    /// A card was refused.
    Refused,
    /// Paid with a Test key.
    PaidInTest,
    /// The customer's bank took a payment back.
    ChargedBack,
    /// PayPlug refuses a refund that was asked for here.
    RefundRefused,
}

/// Something to tell in a toast.
#[derive(Clone, Debug, Serialize, Type, Event)]
pub(crate) struct News {
    /// What happened.
    pub(crate) kind: NewsKind,
    /// Identity of the invoice.
    pub(crate) invoice: String,
    /// Its number.
    pub(crate) number: String,
    /// Name of the customer.
    pub(crate) customer: String,
    /// How much money it is about.
    pub(crate) amount: Money,
    /// Whether nothing is due on the invoice any more.
    pub(crate) is_settled: bool,
}
