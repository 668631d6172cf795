//! Movements of the PayPlug account that somebody records or reverses: as typed, and the entries that they make.

use acquit_app::Entry;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::account::ProposedLine;
use super::{FieldError, iso};

/// A movement as typed.
#[derive(Clone, Debug, Deserialize, Type)]
pub(crate) struct MovementForm {
    /// What it is: `invoice`, `fee` or `transfer`.
    pub(crate) kind: String,
    /// Number of the invoice, or a reference.
    pub(crate) piece: String,
    /// Day.
    pub(crate) date: String,
    /// Sum of an invoice without VAT.
    pub(crate) net: String,
    /// VAT of an invoice, or within a fee.
    pub(crate) vat: String,
    /// Amount of a fee incl. VAT, or of a transfer.
    pub(crate) amount: String,
}

/// An entry that a movement or its reversal makes.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct MovementEntry {
    /// Day that it is booked on.
    pub(crate) date: String,
    /// What happened.
    pub(crate) label: String,
    /// Its lines.
    pub(crate) lines: Vec<ProposedLine>,
}

impl From<&Entry> for MovementEntry {
    fn from(entry: &Entry) -> Self {
        Self {
            date: iso(entry.date()),
            label: entry.label().to_owned(),
            lines: entry.lines().iter().map(Into::into).collect(),
        }
    }
}

/// What recording or reversing a movement comes to.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct MovementAnswer {
    /// What is wrong, field by field; then nothing is recorded.
    pub(crate) errors: Vec<FieldError>,
    /// The entries, to be confirmed or recorded.
    pub(crate) entries: Vec<MovementEntry>,
}
