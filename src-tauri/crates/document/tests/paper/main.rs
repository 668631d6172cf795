//! Documents put on paper, read back by lopdf and by the programs that a customer's computer has.

mod fixtures;
mod judges;
mod mentions;
mod pictures;
mod structure;
