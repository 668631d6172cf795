//! What needs a decision: two accounts of one payment that do not agree.

use acquit_domain::id::InvoiceId;
use jiff::Timestamp;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{instant, optional_text};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-23-71-anomalies",
    sql: "CREATE TABLE anomalies (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            code TEXT NOT NULL,
            payment TEXT NOT NULL,
            invoice_id TEXT REFERENCES documents (id),
            ours TEXT NOT NULL,
            theirs TEXT NOT NULL,
            seen_at INTEGER NOT NULL,
            resolved_at INTEGER,
            UNIQUE (code, payment)
          ) STRICT;",
}];

/// An anomaly with both sides of the difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnomalyRow {
    /// Stable code.
    pub code: String,
    /// PayPlug's id.
    pub payment: String,
    /// The invoice, where one is concerned.
    pub invoice: Option<InvoiceId>,
    /// What we know.
    pub ours: String,
    /// What PayPlug says.
    pub theirs: String,
    /// When it was first seen.
    pub seen_at: Timestamp,
}

fn read(row: &Row<'_>) -> rusqlite::Result<AnomalyRow> {
    Ok(AnomalyRow {
        code: row.get("code")?,
        payment: row.get("payment")?,
        invoice: optional_text(row, "invoice_id")?,
        ours: row.get("ours")?,
        theirs: row.get("theirs")?,
        seen_at: instant(row, "seen_at")?,
    })
}

impl Reader<'_> {
    /// Anomalies nobody resolved yet, oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn open_anomalies(&self) -> Result<Vec<AnomalyRow>, Error> {
        self.all(
            "SELECT * FROM anomalies WHERE resolved_at IS NULL ORDER BY seq",
            [],
            read,
        )
    }
}

impl Writer<'_> {
    /// Records an anomaly, once as long as both sides say the same; one that was resolved is open
    /// again when they say something else. Whether it is open now.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn insert_anomaly(&self, row: &AnomalyRow) -> Result<bool, Error> {
        self.execute(
            "INSERT INTO anomalies (code, payment, invoice_id, ours, theirs, seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (code, payment) DO UPDATE SET ours = ?4, theirs = ?5, seen_at = ?6, resolved_at = NULL
             WHERE ours <> ?4 OR theirs <> ?5",
            (
                &row.code,
                &row.payment,
                row.invoice.map(|invoice| invoice.to_string()),
                &row.ours,
                &row.theirs,
                row.seen_at.as_microsecond(),
            ),
        )?;
        self.one(
            "SELECT resolved_at IS NULL FROM anomalies WHERE code = ?1 AND payment = ?2",
            (&row.code, &row.payment),
            |found| found.get(0),
        )
    }

    /// Records that somebody has looked; whether there was anything to look at.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn resolve_anomaly(
        &self,
        code: &str,
        payment: &str,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let resolved = self.execute(
            "UPDATE anomalies SET resolved_at = ?3 WHERE code = ?1 AND payment = ?2 AND resolved_at IS NULL",
            (code, payment, now.as_microsecond()),
        )?;
        Ok(resolved == 1)
    }
}
