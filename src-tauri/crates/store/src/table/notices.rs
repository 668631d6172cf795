//! What to tell the owner, and how each reconciler last fared.

use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{cents, instant, optional_instant, text, to_word, word};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-23-72-notices",
    sql: "CREATE TABLE notices (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            invoice_id TEXT NOT NULL REFERENCES documents (id),
            amount INTEGER NOT NULL,
            at INTEGER NOT NULL,
            shown_at INTEGER
          ) STRICT;
          CREATE INDEX notices_to_show ON notices (seq) WHERE shown_at IS NULL;
          CREATE TABLE reconcilers (
            name TEXT PRIMARY KEY,
            last_run_at INTEGER NOT NULL,
            last_success_at INTEGER,
            last_error TEXT,
            failures INTEGER NOT NULL
          ) STRICT, WITHOUT ROWID;",
}];

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A customer paid.
    Paid,
    /// A customer paid more than was due: the excess is theirs.
    PaidTooMuch,
    /// A payment was given back.
    Refunded,
    /// A try failed: the link is dead.
    Refused,
    /// Paid with a Test key.
    PaidInTest,
    /// The customer's bank took a payment back.
    ChargedBack,
    /// PayPlug refuses a refund that was asked for here.
    RefundRefused,
}

/// Something to tell the owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    /// What happened.
    pub kind: NoticeKind,
    /// To which invoice.
    pub invoice: InvoiceId,
    /// How much money it is about.
    pub amount: Cents,
    /// When.
    pub at: Timestamp,
}

/// How a reconciler last fared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReconcilerRow {
    /// When it last ran.
    pub last_run_at: Timestamp,
    /// When it last succeeded.
    pub last_success_at: Option<Timestamp>,
    /// Code of its last error, if the last run failed.
    pub last_error: Option<String>,
    /// Failed runs in a row.
    pub failures: u32,
}

impl Reader<'_> {
    /// What the owner was not told yet, oldest first, each with its place in that order.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn notices_to_show(&self, limit: u32) -> Result<Vec<(i64, NoticeRow)>, Error> {
        self.all(
            "SELECT * FROM notices WHERE shown_at IS NULL ORDER BY seq LIMIT ?1",
            [limit],
            |row| {
                let notice = NoticeRow {
                    kind: word(row, "kind")?,
                    invoice: text(row, "invoice_id")?,
                    amount: cents(row, "amount")?,
                    at: instant(row, "at")?,
                };
                Ok((row.get("seq")?, notice))
            },
        )
    }

    /// How a reconciler last fared.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn reconciler(&self, name: &str) -> Result<Option<ReconcilerRow>, Error> {
        self.first("SELECT * FROM reconcilers WHERE name = ?1", [name], |row| {
            Ok(ReconcilerRow {
                last_run_at: instant(row, "last_run_at")?,
                last_success_at: optional_instant(row, "last_success_at")?,
                last_error: row.get("last_error")?,
                failures: row.get("failures")?,
            })
        })
    }
}

impl Writer<'_> {
    /// Adds something to tell.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn insert_notice(&self, row: &NoticeRow) -> Result<(), Error> {
        self.execute(
            "INSERT INTO notices (kind, invoice_id, amount, at) VALUES (?1, ?2, ?3, ?4)",
            (
                to_word(&row.kind)?,
                row.invoice.to_string(),
                row.amount.get(),
                row.at.as_microsecond(),
            ),
        )?;
        Ok(())
    }

    /// Marks a notice as told; whether it was not told before.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn mark_notice_shown(&self, seq: i64, now: Timestamp) -> Result<bool, Error> {
        let marked = self.execute(
            "UPDATE notices SET shown_at = ?2 WHERE seq = ?1 AND shown_at IS NULL",
            (seq, now.as_microsecond()),
        )?;
        Ok(marked == 1)
    }

    /// Records how a reconciler fared: `None` is a success.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_reconciler(
        &self,
        name: &str,
        now: Timestamp,
        error: Option<&str>,
    ) -> Result<(), Error> {
        self.execute(
            "INSERT INTO reconcilers (name, last_run_at, last_success_at, last_error, failures)
             VALUES (?1, ?2, CASE WHEN ?3 IS NULL THEN ?2 END, ?3, ?3 IS NOT NULL)
             ON CONFLICT (name) DO UPDATE SET last_run_at = ?2, last_error = ?3,
               last_success_at = CASE WHEN ?3 IS NULL THEN ?2 ELSE last_success_at END,
               failures = CASE WHEN ?3 IS NULL THEN 0 ELSE failures + 1 END",
            (name, now.as_microsecond(), error),
        )?;
        Ok(())
    }
}
