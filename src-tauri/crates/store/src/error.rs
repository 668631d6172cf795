//! What can go wrong with a company file.

use std::path::PathBuf;

use rusqlite::ErrorCode;

/// A failure of the company file. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no company file in the folder.
    #[error("no company file at {0}")]
    Missing(PathBuf),
    /// There is one already.
    #[error("a company file exists at {0}")]
    Exists(PathBuf),
    /// Another process kept the write lock for too long.
    #[error("the file is busy")]
    Busy,
    /// No space left.
    #[error("the disk is full")]
    DiskFull,
    /// Not a database, or a damaged one.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// Written by a newer version of Acquit.
    #[error("the file has version {found}, this program knows {known}")]
    TooNew {
        /// Version of the file.
        found: u32,
        /// Newest version that this program knows.
        known: u32,
    },
    /// The database refused a change of something frozen.
    #[error("frozen: {0}")]
    Frozen(String),
    /// A uniqueness or check rule of the database was broken.
    #[error("constraint {0}")]
    Constraint(String),
    /// A stored value cannot be read back.
    #[error("unreadable {what}")]
    Unreadable {
        /// What it is.
        what: &'static str,
    },
    /// The operating system refused.
    #[error("{path}: {source}")]
    Io {
        /// Which path.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Any other failure of SQLite.
    #[error(transparent)]
    Sqlite(rusqlite::Error),
}

impl Error {
    /// Whether a constraint named so was broken (`receipts.payment`, `one_active_link` …).
    #[must_use]
    pub fn is_constraint(&self, name: &str) -> bool {
        matches!(self, Self::Constraint(found) if found == name)
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(failure, message) = &error else {
            return Self::Sqlite(error);
        };
        let message = message.clone().unwrap_or_default();
        match failure.code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
            ErrorCode::DiskFull => Self::DiskFull,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged(message),
            // SQLite names the constraint after a colon; our triggers raise `frozen: <table>`.
            ErrorCode::ConstraintViolation => match message.split_once(": ") {
                Some(("frozen", table)) => Self::Frozen(table.to_owned()),
                Some((_, name)) => Self::Constraint(name.to_owned()),
                None => Self::Constraint(message),
            },
            _ => Self::Sqlite(error),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(_: serde_json::Error) -> Self {
        Self::Unreadable { what: "document" }
    }
}
