//! Drafts and finalised documents.

use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::{Draft, Finalised};
use acquit_domain::receipt::Standing;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{json, to_json, to_word};
use crate::table::invoice_list::Enlisted;
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-23-30-invoices",
    sql: "CREATE TABLE drafts (
            id TEXT PRIMARY KEY,
            customer_id TEXT NOT NULL REFERENCES customers (id),
            body TEXT NOT NULL,
            created_at INTEGER NOT NULL
          ) STRICT, WITHOUT ROWID;
          CREATE TABLE documents (
            id TEXT PRIMARY KEY,
            number TEXT NOT NULL UNIQUE,
            series TEXT NOT NULL,
            year INTEGER NOT NULL,
            counter INTEGER NOT NULL CHECK (counter > 0),
            kind TEXT NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
            issue_date TEXT NOT NULL,
            customer_id TEXT NOT NULL REFERENCES customers (id),
            credits TEXT REFERENCES documents (id) CHECK ((kind = 'credit_note') = (credits IS NOT NULL)),
            net_due INTEGER NOT NULL,
            body TEXT NOT NULL,
            finalised_at INTEGER NOT NULL,
            UNIQUE (series, year, counter)
          ) STRICT, WITHOUT ROWID;
          CREATE INDEX documents_credits ON documents (credits, net_due) WHERE credits IS NOT NULL;
          CREATE TRIGGER documents_frozen_update BEFORE UPDATE ON documents
            BEGIN SELECT RAISE(ABORT, 'frozen: documents'); END;
          CREATE TRIGGER documents_frozen_delete BEFORE DELETE ON documents
            BEGIN SELECT RAISE(ABORT, 'frozen: documents'); END;
          -- Derived statuses, apart from the frozen row; newest first by seq.
          CREATE TABLE invoice_list (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            status TEXT NOT NULL,
            remaining INTEGER NOT NULL,
            customer_credit INTEGER NOT NULL
          ) STRICT;
          CREATE INDEX invoice_list_status ON invoice_list (status, seq, id, remaining, customer_credit);",
}];

impl Reader<'_> {
    /// A draft.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn draft(&self, id: InvoiceId) -> Result<Option<Draft>, Error> {
        self.first(
            "SELECT body FROM drafts WHERE id = ?1",
            [id.to_string()],
            |row| json(row, "body"),
        )
    }

    /// A finalised document.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn document(&self, id: InvoiceId) -> Result<Option<Finalised>, Error> {
        self.first(
            "SELECT body FROM documents WHERE id = ?1",
            [id.to_string()],
            |row| json(row, "body"),
        )
    }

    /// The stored bytes of a finalised document, as its audit record hashed them.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn document_bytes(&self, id: InvoiceId) -> Result<Option<Vec<u8>>, Error> {
        self.first(
            "SELECT body FROM documents WHERE id = ?1",
            [id.to_string()],
            |row| row.get::<_, String>(0).map(String::into_bytes),
        )
    }

    /// Count of finalised documents.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn document_count(&self) -> Result<u64, Error> {
        self.one("SELECT COUNT(*) FROM documents", [], |row| row.get(0))
    }

    /// A page of finalised documents by id, after `after`, for whole-file checks.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn documents_after(
        &self,
        after: Option<InvoiceId>,
        limit: u32,
    ) -> Result<Vec<Finalised>, Error> {
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        self.all(
            "SELECT body FROM documents WHERE id > ?1 ORDER BY id LIMIT ?2",
            (after, limit),
            |row| json(row, "body"),
        )
    }

    /// The credit notes of an invoice, oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn credit_notes(&self, invoice: InvoiceId) -> Result<Vec<Finalised>, Error> {
        self.all(
            "SELECT body FROM documents WHERE credits = ?1 ORDER BY year, counter",
            [invoice.to_string()],
            |row| json(row, "body"),
        )
    }
}

impl Writer<'_> {
    /// Adds a draft to the file and the list.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn insert_draft(
        &self,
        draft: &Draft,
        standing: &Standing,
        searchable: &str,
    ) -> Result<(), Error> {
        let id = draft.id.to_string();
        self.execute(
            "INSERT INTO drafts (id, customer_id, body, created_at) VALUES (?1, ?2, ?3, ?4)",
            (
                &id,
                draft.customer.to_string(),
                to_json(draft)?,
                draft.created_at.as_microsecond(),
            ),
        )?;
        self.enlist(&Enlisted::draft(draft.id, standing, searchable))
    }

    /// Changes a draft.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn update_draft(
        &self,
        draft: &Draft,
        standing: &Standing,
        searchable: &str,
    ) -> Result<(), Error> {
        self.execute(
            "UPDATE drafts SET customer_id = ?2, body = ?3 WHERE id = ?1",
            (
                draft.id.to_string(),
                draft.customer.to_string(),
                to_json(draft)?,
            ),
        )?;
        self.enlist(&Enlisted::draft(draft.id, standing, searchable))
    }

    /// Deletes a draft; whether there was one.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn delete_draft(&self, id: InvoiceId) -> Result<bool, Error> {
        let deleted = self.execute("DELETE FROM drafts WHERE id = ?1", [id.to_string()])?;
        if deleted > 0 {
            self.delist(id)?;
        }
        Ok(deleted > 0)
    }

    /// Turns a draft into its document: the draft goes, the frozen row comes, the id stays.
    /// Returns the bytes as stored, for the audit record.
    ///
    /// # Errors
    /// A failure of the database; nothing is kept of it.
    pub fn insert_document(
        &self,
        document: &Finalised,
        standing: &Standing,
        searchable: &str,
    ) -> Result<Vec<u8>, Error> {
        let id = document.id.to_string();
        let credits = document.kind.credits();
        let credits = credits.map(|credits| credits.id.to_string());
        let body = to_json(document)?;
        let number = document.number;
        self.execute("DELETE FROM drafts WHERE id = ?1", [&id])?;
        self.execute(
            "INSERT INTO documents (id, number, series, year, counter, kind, issue_date, customer_id, credits, net_due, body, finalised_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            (
                &id,
                number.to_string(),
                to_word(&number.series)?,
                number.year,
                number.counter,
                document.kind.code(),
                document.issue_date.to_string(),
                document.buyer.id.to_string(),
                credits,
                document.totals.net_due.get(),
                &body,
                document.finalised_at.as_microsecond(),
            ),
        )?;
        self.note_taken_off(document)?;
        self.enlist(&Enlisted {
            id: document.id,
            kind: if document.is_invoice() {
                "invoice"
            } else {
                "credit_note"
            },
            due_date: document.is_invoice().then_some(document.due_date),
            standing,
            searchable,
        })?;
        Ok(body.into_bytes())
    }
}
