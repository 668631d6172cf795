//! Documents put on paper, read back by lopdf and by the programs that a customer's computer has.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixtures;
mod judges;
mod mentions;
mod preview;
mod speed;
mod statements;
mod structure;
mod tagging;
mod walker;
