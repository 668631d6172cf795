//! Statements of the PayPlug account that were imported, each file once. Append-only.

use acquit_accounting::statement::{Break, Source};
use acquit_domain::Cents;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{date, instant, json, optional_text, to_json, to_word, word};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-27-21-statements",
    sql: "CREATE TABLE statements (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            source TEXT NOT NULL CHECK (source IN ('report', 'portal')),
            sha256 TEXT NOT NULL UNIQUE,
            first TEXT NOT NULL,
            last TEXT NOT NULL CHECK (last >= first),
            -- A balance and the day that it opens, where the file tells balances.
            opening INTEGER,
            opening_on TEXT CHECK ((opening IS NULL) = (opening_on IS NULL)),
            breaks TEXT NOT NULL,
            imported_at INTEGER NOT NULL
          ) STRICT;
          CREATE INDEX statements_by_day ON statements (first, last);
          CREATE TRIGGER statements_frozen_update BEFORE UPDATE ON statements
            BEGIN SELECT RAISE(ABORT, 'frozen: statements'); END;
          CREATE TRIGGER statements_frozen_delete BEFORE DELETE ON statements
            BEGIN SELECT RAISE(ABORT, 'frozen: statements'); END;",
}];

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementRow {
    /// Order of import; 0 before it is recorded.
    pub seq: u64,
    /// Name of its file.
    pub name: String,
    /// Where it comes from.
    pub source: Source,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// First day that it covers.
    pub first: Date,
    /// Last day that it covers.
    pub last: Date,
    /// The balance before the movements of a day, in cents, where the file tells balances.
    pub opening: Option<(Date, Cents)>,
    /// Where its balances show that lines are missing.
    pub breaks: Vec<Break>,
    /// When it was imported.
    pub imported_at: Timestamp,
}

fn read(row: &Row<'_>) -> rusqlite::Result<StatementRow> {
    let opening = row.get::<_, Option<i64>>("opening")?.map(Cents::new);
    let opening_on: Option<Date> = optional_text(row, "opening_on")?;
    Ok(StatementRow {
        seq: row.get("seq")?,
        name: row.get("name")?,
        source: word(row, "source")?,
        sha256: row.get("sha256")?,
        first: date(row, "first")?,
        last: date(row, "last")?,
        opening: opening_on.zip(opening),
        breaks: json(row, "breaks")?,
        imported_at: instant(row, "imported_at")?,
    })
}

impl Reader<'_> {
    /// Every statement, in the order of the days that they cover.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn statements(&self) -> Result<Vec<StatementRow>, Error> {
        self.all("SELECT * FROM statements ORDER BY first, seq", [], read)
    }

    /// The statement that was imported from a file with this hash.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn statement_of_hash(&self, sha256: &str) -> Result<Option<StatementRow>, Error> {
        self.first("SELECT * FROM statements WHERE sha256 = ?1", [sha256], read)
    }
}

impl Writer<'_> {
    /// Records a statement; its sequence.
    ///
    /// # Errors
    /// A constraint `statements.sha256` for a file that was imported before.
    pub fn insert_statement(&self, row: &StatementRow) -> Result<u64, Error> {
        self.execute(
            "INSERT INTO statements (name, source, sha256, first, last, opening, opening_on, breaks, imported_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            (
                &row.name,
                to_word(&row.source)?,
                &row.sha256,
                row.first.to_string(),
                row.last.to_string(),
                row.opening.map(|(_, balance)| balance.get()),
                row.opening.map(|(day, _)| day.to_string()),
                to_json(&row.breaks)?,
                row.imported_at.as_microsecond(),
            ),
        )?;
        self.one("SELECT MAX(seq) FROM statements", [], |row| row.get(0))
    }
}
