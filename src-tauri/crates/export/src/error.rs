//! Why an export stopped.

use std::io;

/// A failure on one side of the writer.
#[derive(Debug, thiserror::Error)]
pub enum WriteError<E> {
    /// An entry cannot be had.
    #[error("entries")]
    Source(E),
    /// The output refused.
    #[error(transparent)]
    Output(#[from] io::Error),
}
