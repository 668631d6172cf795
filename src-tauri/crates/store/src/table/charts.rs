//! The books' settings: every chart of accounts that was set, with the last entry before it. Append-only:
//! what was booked under a chart goes on to be met under it.

use acquit_accounting::Chart;
use acquit_domain::id::InvoiceId;
use jiff::Timestamp;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{instant, json, to_json};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-26-41-charts",
    sql: "CREATE TABLE charts (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            -- The last entry that was recorded before: no clock decides what was booked under which chart.
            after_entry INTEGER NOT NULL CHECK (after_entry >= 0),
            body TEXT NOT NULL,
            set_at INTEGER NOT NULL
          ) STRICT;
          CREATE TRIGGER charts_frozen_update BEFORE UPDATE ON charts
            BEGIN SELECT RAISE(ABORT, 'frozen: charts'); END;
          CREATE TRIGGER charts_frozen_delete BEFORE DELETE ON charts
            BEGIN SELECT RAISE(ABORT, 'frozen: charts'); END;",
}];

/// A chart that was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartRow {
    /// Sequence of the last entry before it; 0 for none.
    pub after_entry: i64,
    /// The chart.
    pub chart: Chart,
    /// When it was set.
    pub set_at: Timestamp,
}

fn chart(row: &Row<'_>) -> rusqlite::Result<ChartRow> {
    Ok(ChartRow {
        after_entry: row.get("after_entry")?,
        chart: json(row, "body")?,
        set_at: instant(row, "set_at")?,
    })
}

impl Reader<'_> {
    /// Every chart that was set, oldest first; before the first one the usual chart holds.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn charts(&self) -> Result<Vec<ChartRow>, Error> {
        self.all("SELECT * FROM charts ORDER BY seq", [], chart)
    }

    /// The chart that holds for the next entry.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn chart_now(&self) -> Result<Chart, Error> {
        let row = self.first("SELECT * FROM charts ORDER BY seq DESC LIMIT 1", [], chart)?;
        Ok(row.map_or_else(Chart::default, |row| row.chart))
    }

    /// The chart that an entry was recorded under.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn chart_of_entry(&self, entry: i64) -> Result<Chart, Error> {
        let row = self.first(
            "SELECT * FROM charts WHERE after_entry < ?1 ORDER BY seq DESC LIMIT 1",
            [entry],
            chart,
        )?;
        Ok(row.map_or_else(Chart::default, |row| row.chart))
    }

    /// The first entry of a document, which is that of its issue; none where nothing was booked.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn first_entry_of(&self, invoice: InvoiceId) -> Result<Option<i64>, Error> {
        self.one(
            "SELECT MIN(seq) FROM entries WHERE invoice_id = ?1",
            [invoice.to_string()],
            |row| row.get(0),
        )
    }

    /// The first entry of a document that refers to a piece: the receipt, for PayPlug's payment.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn entry_of_piece(&self, invoice: InvoiceId, piece: &str) -> Result<Option<i64>, Error> {
        self.one(
            "SELECT MIN(seq) FROM entries WHERE invoice_id = ?1 AND json_extract(body, '$.piece') = ?2",
            (invoice.to_string(), piece),
            |row| row.get(0),
        )
    }

    /// The last entry that was recorded; 0 for none.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn last_entry(&self) -> Result<i64, Error> {
        self.one("SELECT COALESCE(MAX(seq), 0) FROM entries", [], |row| {
            row.get(0)
        })
    }
}

impl Writer<'_> {
    /// Sets the chart for the entries to come.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn insert_chart(&self, chart: &Chart, now: Timestamp) -> Result<(), Error> {
        self.execute(
            "INSERT INTO charts (after_entry, body, set_at) VALUES (?1, ?2, ?3)",
            (self.last_entry()?, to_json(chart)?, now.as_microsecond()),
        )?;
        Ok(())
    }
}
