//! What was decided on the accounts of invoices: overpayments and small differences. Append-only.

use acquit_domain::Cents;
use acquit_domain::adjustment::Adjusted;
use acquit_domain::id::InvoiceId;
use jiff::Timestamp;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{cents, instant, json, to_json};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-26-11-adjustments",
    sql: "-- The body is what the audit record holds; the columns are for sums and for finding it.
          CREATE TABLE adjustments (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            invoice_id TEXT NOT NULL REFERENCES documents (id),
            target_id TEXT REFERENCES documents (id) CHECK ((target_id IS NOT NULL) = (kind = 'set_off')),
            kind TEXT NOT NULL CHECK (kind IN ('returned', 'kept', 'set_off', 'missing', 'too_much')),
            amount INTEGER NOT NULL CHECK (amount > 0),
            body TEXT NOT NULL,
            recorded_at INTEGER NOT NULL,
            CHECK (target_id IS NULL OR target_id <> invoice_id)
          ) STRICT;
          CREATE INDEX adjustments_of_invoice ON adjustments (invoice_id, seq);
          CREATE INDEX adjustments_towards ON adjustments (target_id, seq) WHERE target_id IS NOT NULL;
          CREATE TRIGGER adjustments_frozen_update BEFORE UPDATE ON adjustments
            BEGIN SELECT RAISE(ABORT, 'frozen: adjustments'); END;
          CREATE TRIGGER adjustments_frozen_delete BEFORE DELETE ON adjustments
            BEGIN SELECT RAISE(ABORT, 'frozen: adjustments'); END;",
}];

/// A decision with when it was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdjustmentRow {
    /// The decision.
    pub adjusted: Adjusted,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// Count and sums of all adjustments of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdjustmentTotals {
    /// Count.
    pub count: u64,
    /// Kept for customers.
    pub kept: Cents,
    /// Missing, given up.
    pub missing: Cents,
    /// Too much, gained.
    pub too_much: Cents,
}

fn read(row: &Row<'_>) -> rusqlite::Result<AdjustmentRow> {
    Ok(AdjustmentRow {
        adjusted: json(row, "body")?,
        recorded_at: instant(row, "recorded_at")?,
    })
}

impl Reader<'_> {
    /// What was decided on an invoice's account, and set off against it, in order of recording.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn adjustments_of(&self, invoice: InvoiceId) -> Result<Vec<AdjustmentRow>, Error> {
        self.all(
            "SELECT * FROM adjustments WHERE invoice_id = ?1 OR target_id = ?1 ORDER BY seq",
            [invoice.to_string()],
            read,
        )
    }

    /// Count and sums of all adjustments.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn adjustment_totals(&self) -> Result<AdjustmentTotals, Error> {
        self.one(
            "SELECT COUNT(*) AS n,
               COALESCE(SUM(amount) FILTER (WHERE kind = 'kept'), 0) AS kept,
               COALESCE(SUM(amount) FILTER (WHERE kind = 'missing'), 0) AS missing,
               COALESCE(SUM(amount) FILTER (WHERE kind = 'too_much'), 0) AS too_much
             FROM adjustments",
            [],
            |row| {
                Ok(AdjustmentTotals {
                    count: row.get("n")?,
                    kept: cents(row, "kept")?,
                    missing: cents(row, "missing")?,
                    too_much: cents(row, "too_much")?,
                })
            },
        )
    }

    /// Adjustments whose columns are not what their body says (there must be none).
    ///
    /// # Errors
    /// A failure of the database.
    pub fn adjustments_against_bodies(&self) -> Result<Vec<i64>, Error> {
        self.all(
            "SELECT seq FROM adjustments
             WHERE invoice_id <> json_extract(body, '$.invoice') OR amount <> json_extract(body, '$.amount')
               OR kind <> json_extract(body, '$.adjustment.kind')
               OR target_id IS NOT json_extract(body, '$.adjustment.target')",
            [],
            |row| row.get("seq"),
        )
    }
}

impl Writer<'_> {
    /// Records a decision on an invoice's account.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn insert_adjustment(&self, adjusted: &Adjusted, now: Timestamp) -> Result<(), Error> {
        let target = adjusted.adjustment.target();
        self.execute(
            "INSERT INTO adjustments (invoice_id, target_id, kind, amount, body, recorded_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                adjusted.invoice.to_string(),
                target.map(|target| target.to_string()),
                adjusted.adjustment.code(),
                adjusted.amount.get(),
                to_json(adjusted)?,
                now.as_microsecond(),
            ),
        )?;
        Ok(())
    }
}
