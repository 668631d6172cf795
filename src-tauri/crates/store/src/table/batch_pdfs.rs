//! The ZIP of invoices that went along with an export batch. Append-only: what went along stays known when the
//! batch is undone.

use acquit_accounting::Journal;
use acquit_domain::id::InvoiceId;
use jiff::civil::Date;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::text;
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-27-62-batch-pdfs",
    sql: "CREATE TABLE batch_pdfs (
            batch INTEGER PRIMARY KEY REFERENCES export_batches (batch),
            name TEXT NOT NULL,
            documents INTEGER NOT NULL CHECK (documents > 0)
          ) STRICT;
          CREATE TRIGGER batch_pdfs_frozen_update BEFORE UPDATE ON batch_pdfs
            BEGIN SELECT RAISE(ABORT, 'frozen: batch_pdfs'); END;
          CREATE TRIGGER batch_pdfs_frozen_delete BEFORE DELETE ON batch_pdfs
            BEGIN SELECT RAISE(ABORT, 'frozen: batch_pdfs'); END;",
}];

impl Reader<'_> {
    /// The documents that the sales entries not yet exported are of, dated up to `until`, of one journal or all,
    /// in order of recording. An entry of sales refers to its document by number.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unexported_documents(
        &self,
        until: Date,
        journal: Option<Journal>,
    ) -> Result<Vec<InvoiceId>, Error> {
        self.all(
            "SELECT d.id AS id FROM entries e JOIN documents d ON d.number = json_extract(e.body, '$.piece')
             LEFT JOIN exported_entries x ON x.entry = e.seq
             WHERE x.entry IS NULL AND e.date <= ?1 AND e.journal = ?2 AND (?3 IS NULL OR e.journal = ?3) ORDER BY e.seq",
            (
                until.to_string(),
                Journal::Sales.code(),
                journal.map(|journal| journal.code()),
            ),
            |row| text(row, "id"),
        )
    }

    /// The documents that the sales entries of a batch are of, in its order.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn documents_of_batch(&self, batch: u64) -> Result<Vec<InvoiceId>, Error> {
        self.all(
            "SELECT d.id AS id FROM exported_entries x JOIN entries e ON e.seq = x.entry
             JOIN documents d ON d.number = json_extract(e.body, '$.piece')
             WHERE x.batch = ?1 AND e.journal = ?2 ORDER BY x.number",
            (batch, Journal::Sales.code()),
            |row| text(row, "id"),
        )
    }
}

impl Writer<'_> {
    /// Records that a ZIP of so many documents goes along with a batch.
    ///
    /// # Errors
    /// A constraint where one does already.
    pub fn insert_batch_pdfs(&self, batch: u64, name: &str, documents: u64) -> Result<(), Error> {
        self.execute(
            "INSERT INTO batch_pdfs (batch, name, documents) VALUES (?1, ?2, ?3)",
            (batch, name, documents),
        )?;
        Ok(())
    }
}
