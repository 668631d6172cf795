//! Documents put on paper, read back by lopdf and by the programs that a customer's computer has.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod codes;
mod facturx;
mod fixtures;
mod invoices;
mod judges;
mod kinds;
mod mentions;
mod pictures;
mod preview;
mod renditions;
mod statements;
mod structure;
mod tagging;
mod vat;
mod walker;
