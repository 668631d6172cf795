//! Accounting entries, derived from documents, receipts and movements by pure functions.
//!
//! Entries are made when an event is recorded and never edited; a correction is a new event. The
//! rules are those of `accounting.md`; account numbers live in [`Chart`].

pub mod adjustments;
pub mod auxiliary;
pub mod chart;
pub mod cheques;
pub mod closing;
pub mod entry;
pub mod error;
pub mod lettering;
pub mod movements;
pub mod payplug;
pub mod receipts;
pub mod retention;
pub mod sales;
pub mod statement;
pub mod text_file;
mod vat;
pub mod vat_return;

pub use auxiliary::auxiliary_code;
pub use chart::{Chart, Charts};
pub use entry::{AuxiliaryAccount, Entry, EntryLine, Journal, Lines, Place};
pub use error::Error;
pub use lettering::letter_code;

#[cfg(test)]
mod tests;
