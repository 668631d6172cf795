//! Retentions that are held back, and their releases. Both append-only.

use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::Finalised;
use acquit_domain::invoice::retention::retention;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{cents, date, instant, text};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-26-21-retentions",
    sql: "-- What the frozen documents say, so that nobody has to read them all to know what is to be released.
          CREATE TABLE retentions (
            invoice_id TEXT PRIMARY KEY REFERENCES documents (id),
            amount INTEGER NOT NULL CHECK (amount > 0),
            release_on TEXT NOT NULL
          ) STRICT, WITHOUT ROWID;
          CREATE INDEX retentions_by_day ON retentions (release_on, invoice_id);
          CREATE TABLE retention_releases (
            invoice_id TEXT PRIMARY KEY REFERENCES documents (id),
            date TEXT NOT NULL,
            amount INTEGER NOT NULL CHECK (amount > 0),
            due_on TEXT NOT NULL,
            recorded_at INTEGER NOT NULL
          ) STRICT, WITHOUT ROWID;
          -- Documents of before said no day: the law's, a year after the issue date.
          INSERT INTO retentions (invoice_id, amount, release_on)
            SELECT d.id, SUM(json_extract(e.value, '$.amount')), date(d.issue_date, '+1 year')
            FROM documents d, json_each(d.body, '$.totals.deductions') e
            WHERE d.credits IS NULL AND json_extract(e.value, '$.kind') = 'retention'
            GROUP BY d.id HAVING SUM(json_extract(e.value, '$.amount')) > 0;
          CREATE TRIGGER retentions_frozen_update BEFORE UPDATE ON retentions
            BEGIN SELECT RAISE(ABORT, 'frozen: retentions'); END;
          CREATE TRIGGER retentions_frozen_delete BEFORE DELETE ON retentions
            BEGIN SELECT RAISE(ABORT, 'frozen: retentions'); END;
          CREATE TRIGGER retention_releases_frozen_update BEFORE UPDATE ON retention_releases
            BEGIN SELECT RAISE(ABORT, 'frozen: retention_releases'); END;
          CREATE TRIGGER retention_releases_frozen_delete BEFORE DELETE ON retention_releases
            BEGIN SELECT RAISE(ABORT, 'frozen: retention_releases'); END;",
}];

/// A retention that was released: the customer owes it from then on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReleaseRow {
    /// The day of the release.
    pub date: Date,
    /// How much: all that was held back.
    pub amount: Cents,
    /// When what is due then is to be paid.
    pub due_on: Date,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

fn release(row: &Row<'_>) -> rusqlite::Result<ReleaseRow> {
    Ok(ReleaseRow {
        date: date(row, "date")?,
        amount: cents(row, "amount")?,
        due_on: date(row, "due_on")?,
        recorded_at: instant(row, "recorded_at")?,
    })
}

impl Reader<'_> {
    /// The release of an invoice's retention, once there was one.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn retention_release(&self, invoice: InvoiceId) -> Result<Option<ReleaseRow>, Error> {
        self.first(
            "SELECT * FROM retention_releases WHERE invoice_id = ?1",
            [invoice.to_string()],
            release,
        )
    }

    /// What is noted of an invoice's retention: how much is held back, and until when.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn retention_noted(&self, invoice: InvoiceId) -> Result<Option<(Cents, Date)>, Error> {
        self.first(
            "SELECT amount, release_on FROM retentions WHERE invoice_id = ?1",
            [invoice.to_string()],
            |row| Ok((cents(row, "amount")?, date(row, "release_on")?)),
        )
    }

    /// Invoices whose retention was to be released by `today` and was not, longest ago first; none that
    /// is cancelled.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn retentions_to_release(&self, today: Date) -> Result<Vec<InvoiceId>, Error> {
        self.all(
            "SELECT r.invoice_id AS id FROM retentions r JOIN invoice_list l ON l.id = r.invoice_id
             WHERE r.release_on <= ?1 AND l.status <> 'cancelled'
               AND r.invoice_id NOT IN (SELECT invoice_id FROM retention_releases)
             ORDER BY r.release_on, r.invoice_id",
            [today.to_string()],
            |row| text(row, "id"),
        )
    }

    /// Count and sum of all releases.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn release_sums(&self) -> Result<(u64, Cents), Error> {
        self.one(
            "SELECT COUNT(*) AS n, COALESCE(SUM(amount), 0) AS amount FROM retention_releases",
            [],
            |row| Ok((row.get("n")?, cents(row, "amount")?)),
        )
    }
}

impl Writer<'_> {
    /// Notes what a finalised document holds back, where it does.
    pub(crate) fn note_retention(&self, document: &Finalised) -> Result<(), Error> {
        let Some(held) = retention(document).filter(|held| held.amount.is_positive()) else {
            return Ok(());
        };
        let Some(release_on) = held.release_on else {
            return Ok(());
        };
        self.execute(
            "INSERT INTO retentions (invoice_id, amount, release_on) VALUES (?1, ?2, ?3)",
            (
                document.id.to_string(),
                held.amount.get(),
                release_on.to_string(),
            ),
        )?;
        Ok(())
    }

    /// Records that a retention is released, and that what is due then is to be paid by another day.
    ///
    /// # Errors
    /// A constraint `retention_releases.invoice_id` when it was released before.
    pub fn insert_retention_release(
        &self,
        invoice: InvoiceId,
        row: &ReleaseRow,
    ) -> Result<(), Error> {
        let id = invoice.to_string();
        self.execute(
            "INSERT INTO retention_releases (invoice_id, date, amount, due_on, recorded_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            (
                &id,
                row.date.to_string(),
                row.amount.get(),
                row.due_on.to_string(),
                row.recorded_at.as_microsecond(),
            ),
        )?;
        self.execute(
            "UPDATE invoice_list SET due_date = ?2 WHERE id = ?1",
            (&id, row.due_on.to_string()),
        )?;
        Ok(())
    }
}
