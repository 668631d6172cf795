//! The company file: one SQLite database a company, and the only SQL of the workspace.
//!
//! [`CompanyFile::read`] and [`CompanyFile::write`] hand out a [`Reader`] or a [`Writer`] inside one
//! transaction; methods that change something exist on [`Writer`] alone. Each file below `table`
//! holds the SQL, the row types, the queries and the migration steps of one subject.

mod backup;
mod error;
mod lease;
mod migrate;
mod observe;
mod open;
mod rows;
mod search;
mod table;

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use rusqlite::{Connection, Savepoint, Transaction, TransactionBehavior};

pub use error::Error;
pub use lease::TurnLock;
pub use observe::Boundary;
pub use table::account_movements::{MovementRow, MovementSums};
pub use table::adjustments::{AdjustmentRow, AdjustmentTotals};
pub use table::anomalies::AnomalyRow;
pub use table::batches::{BatchFile, BatchRow};
pub use table::charts::ChartRow;
pub use table::closings::{ClosingRow, MonthSum};
pub use table::company::{CompanyRow, ConnectionRow, PaymentForm};
pub use table::customers::CustomerRow;
pub use table::deposit_slips::{ChequeRow, ChequeSums, SlipRow};
pub use table::entries::{AccountSum, EntryRow, JournalSum, LetterRow, LineRef, StoredEntry};
pub use table::forms::FormRow;
pub use table::given_back::{ChargebackRow, ChargebackSums};
pub use table::invoice_list::{Asked, ListCounts, ListFilter, ListRow, Outstanding};
pub use table::journal::{JournalFilter, JournalRow};
pub use table::links::{AttemptRow, LinkRow, WatchedRow};
pub use table::mailbox::{MailFileRow, MailTextRow, MailboxRow};
pub use table::mails::MailRow;
pub use table::notices::{NoticeKind, NoticeRow, ReconcilerRow};
pub use table::payments::{PaymentCounts, PaymentFilter, PaymentPart, PaymentRow};
pub use table::receipts::{ReceiptRow, ReceivedSums};
pub use table::refund_wishes::RefundWishRow;
pub use table::reminders::{RemindableRow, ReminderRow};
pub use table::retentions::ReleaseRow;
pub use table::statement_entries::{KnownRow, StatementEntryRow};
pub use table::statements::StatementRow;
pub use table::strangers::Stranger;
pub use table::vat_bases::VatBasisRow;

/// Name of the database inside a company's folder.
pub const FILE_NAME: &str = "acquit.sqlite";

/// An open company file.
pub struct CompanyFile {
    connection: Mutex<Connection>,
    path: PathBuf,
    observer: OnceLock<observe::Observer>,
}

/// Sees the file as it is.
pub struct Reader<'c> {
    connection: &'c Connection,
}

/// Changes the file; everything done through one writer is committed together or not at all.
pub struct Writer<'c> {
    reader: Reader<'c>,
}

impl<'c> Deref for Writer<'c> {
    type Target = Reader<'c>;
    fn deref(&self) -> &Reader<'c> {
        &self.reader
    }
}

/// What a piece of work is done in; rolled back unless it is committed.
enum Scope<'c> {
    /// A transaction.
    Whole(Transaction<'c>),
    /// A part of the transaction of a file that [rushes](CompanyFile::rush).
    Part(Savepoint<'c>),
}

impl<'c> Scope<'c> {
    fn open(connection: &'c mut Connection, behavior: TransactionBehavior) -> Result<Self, Error> {
        Ok(if connection.is_autocommit() {
            Self::Whole(connection.transaction_with_behavior(behavior)?)
        } else {
            Self::Part(connection.savepoint()?)
        })
    }

    fn commit(self) -> Result<(), Error> {
        match self {
            Self::Whole(transaction) => transaction.commit()?,
            Self::Part(savepoint) => savepoint.commit()?,
        }
        Ok(())
    }
}

impl Deref for Scope<'_> {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        match self {
            Self::Whole(transaction) => transaction,
            Self::Part(savepoint) => savepoint,
        }
    }
}

impl CompanyFile {
    /// Path of the database.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `work` on one consistent view of the file.
    ///
    /// # Errors
    /// What `work` returns, or an [`Error`] of the database.
    pub fn read<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.lock();
        let scope = Scope::open(&mut connection, TransactionBehavior::Deferred)?;
        work(&Reader { connection: &scope })
    }

    /// Runs `work` in one transaction that takes the write lock at once; commits when it succeeds.
    ///
    /// # Errors
    /// What `work` returns (then nothing was written), or an [`Error`] of the database.
    pub fn write<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Writer<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.lock();
        let before = connection.total_changes();
        let scope = Scope::open(&mut connection, TransactionBehavior::Immediate)?;
        let outcome = work(&Writer {
            reader: Reader { connection: &scope },
        })?;
        let changes = scope.total_changes() != before;
        if changes {
            self.tell(Boundary::BeforeCommit);
        }
        scope.commit()?;
        drop(connection);
        if changes {
            self.tell(Boundary::AfterCommit);
        }
        Ok(outcome)
    }

    /// A number that changes when another handle or process has written to the file.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn foreign_version(&self) -> Result<i64, Error> {
        let connection = self.lock();
        Ok(connection.pragma_query_value(None, "data_version", |row| row.get(0))?)
    }

    /// A panic elsewhere left no half-done transaction (it was rolled back), so the lock is usable.
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
