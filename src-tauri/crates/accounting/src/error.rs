//! What an entry refuses.

use acquit_domain::Cents;

/// A defect stopped before it is written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Debits and credits differ.
    #[error("entry {piece} is out of balance: {debit:?} / {credit:?}")]
    Unbalanced {
        /// Reference of the piece.
        piece: String,
        /// Sum of debits.
        debit: Cents,
        /// Sum of credits.
        credit: Cents,
    },
}
