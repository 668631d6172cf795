//! Who takes off whom: situations and deposits, and the later documents that deduct them. What a
//! document takes off stands in its body; here it can be asked for from the other end.

use acquit_domain::id::{CustomerId, InvoiceId};
use acquit_domain::invoice::{EarlierKind, Finalised};
use acquit_domain::numbering::DocumentNumber;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{text, to_word, word};
use crate::{Reader, Writer};

// A condition of a table cannot be altered, and a copy of the table would touch frozen rows. It is no part
// of what is stored, so that its text alone changes (SQLite, *Making other kinds of table schema
// changes*); the new table that follows makes every other connection read the form again.
pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-26-10-kinds",
    sql: "PRAGMA writable_schema = ON;
          UPDATE sqlite_schema SET sql = replace(sql,
            'CHECK (kind IN (''invoice'', ''credit_note''))',
            'CHECK (kind IN (''invoice'', ''deposit'', ''progress'', ''final'', ''credit_note''))')
          WHERE type = 'table' AND name = 'documents';
          PRAGMA writable_schema = RESET;
          CREATE TABLE taken_off (
            document_id TEXT NOT NULL REFERENCES documents (id),
            earlier_id TEXT NOT NULL REFERENCES documents (id),
            what TEXT NOT NULL CHECK (what IN ('situation', 'deposit')),
            PRIMARY KEY (document_id, earlier_id),
            CHECK (document_id <> earlier_id)
          ) STRICT, WITHOUT ROWID;
          CREATE INDEX taken_off_earlier ON taken_off (earlier_id, document_id);
          CREATE TRIGGER taken_off_frozen_update BEFORE UPDATE ON taken_off
            BEGIN SELECT RAISE(ABORT, 'frozen: taken_off'); END;
          CREATE TRIGGER taken_off_frozen_delete BEFORE DELETE ON taken_off
            BEGIN SELECT RAISE(ABORT, 'frozen: taken_off'); END;",
}];

impl Reader<'_> {
    /// The document that takes an earlier one off, the first of them; those cancelled in full do not count.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn deducted_by(&self, earlier: InvoiceId) -> Result<Option<DocumentNumber>, Error> {
        self.first(
            "SELECT d.number FROM taken_off t
             JOIN documents d ON d.id = t.document_id JOIN invoice_list l ON l.id = t.document_id
             WHERE t.earlier_id = ?1 AND l.status <> 'cancelled'
             ORDER BY l.seq LIMIT 1",
            [earlier.to_string()],
            |row| text(row, "number"),
        )
    }

    /// Deposits and last situations of a customer that nothing takes off yet, oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn deductible(&self, customer: CustomerId) -> Result<Vec<InvoiceId>, Error> {
        self.all(
            "SELECT d.id FROM documents d JOIN invoice_list l ON l.id = d.id
             WHERE d.customer_id = ?1 AND d.kind IN ('deposit', 'progress') AND l.status <> 'cancelled'
               AND NOT EXISTS (SELECT 1 FROM taken_off t JOIN invoice_list later ON later.id = t.document_id
                               WHERE t.earlier_id = d.id AND later.status <> 'cancelled')
             ORDER BY d.issue_date, l.seq",
            [customer.to_string()],
            |row| text(row, "id"),
        )
    }

    /// What a document takes off, by id.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn taken_off_by(
        &self,
        document: InvoiceId,
    ) -> Result<Vec<(InvoiceId, EarlierKind)>, Error> {
        self.all(
            "SELECT earlier_id, what FROM taken_off WHERE document_id = ?1 ORDER BY earlier_id",
            [document.to_string()],
            |row| Ok((text(row, "earlier_id")?, word(row, "what")?)),
        )
    }

    /// Earlier documents that are taken off twice: deposits by two documents, situations by two that do
    /// not follow each other. Documents cancelled in full take nothing off.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn taken_off_twice(&self) -> Result<Vec<InvoiceId>, Error> {
        self.all(
            "WITH counts AS (SELECT t.document_id, t.earlier_id, t.what FROM taken_off t
                             JOIN invoice_list l ON l.id = t.document_id WHERE l.status <> 'cancelled')
             SELECT earlier_id FROM counts
             WHERE what = 'deposit'
                OR document_id NOT IN (SELECT earlier_id FROM counts WHERE what = 'situation')
             GROUP BY earlier_id HAVING COUNT(*) > 1",
            [],
            |row| text(row, "earlier_id"),
        )
    }
}

impl Writer<'_> {
    /// Notes what a document takes off; a credit note gives back and takes nothing off.
    pub(crate) fn note_taken_off(&self, document: &Finalised) -> Result<(), Error> {
        if !document.is_invoice() {
            return Ok(());
        }
        for earlier in &document.content.earlier {
            self.execute(
                "INSERT INTO taken_off (document_id, earlier_id, what) VALUES (?1, ?2, ?3)",
                (
                    document.id.to_string(),
                    earlier.document.id.to_string(),
                    to_word(&earlier.what)?,
                ),
            )?;
        }
        Ok(())
    }
}
