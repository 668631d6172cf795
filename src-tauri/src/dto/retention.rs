//! The retention of an invoice, and the renditions of a document that left.

use acquit_app::{Rendition, RetentionView};
use acquit_domain::receipt::Status;
use serde::Serialize;
use specta::Type;

use super::{Money, instant, iso};

/// What is held back of an invoice.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct RetentionRow {
    /// How much is or was held back; nothing where a bond stands in for it.
    pub(crate) amount: Money,
    /// When it is to be released.
    pub(crate) release_on: Option<String>,
    /// Whether a bank's bond stands in for it.
    pub(crate) bond: bool,
    /// When it was released.
    pub(crate) released_on: Option<String>,
    /// Whether it can be released now.
    pub(crate) can_release: bool,
}

impl RetentionRow {
    pub(crate) fn of(retention: RetentionView, status: Status) -> Self {
        Self {
            amount: retention.amount.into(),
            release_on: retention.release_on.map(iso),
            bond: retention.bond,
            released_on: retention.released.map(|released| iso(released.date)),
            can_release: retention.is_held() && status != Status::Cancelled,
        }
    }
}

/// A PDF that somebody was given.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct RenditionRow {
    /// SHA-256 of its bytes.
    pub(crate) sha256: String,
    /// When it left.
    pub(crate) at: String,
    /// `mail`, `file` or `print`.
    pub(crate) way: String,
    /// `original`, `settled`, `duplicate`, `provisional`, `trial`, `demonstration`, `test_link`.
    pub(crate) marks: Vec<String>,
}

impl From<&Rendition> for RenditionRow {
    fn from(rendition: &Rendition) -> Self {
        let marks = rendition.marks.iter();
        Self {
            sha256: rendition.sha256.to_string(),
            at: instant(rendition.left_at),
            way: rendition.way.code().to_owned(),
            marks: marks.map(|mark| mark.code().to_owned()).collect(),
        }
    }
}
