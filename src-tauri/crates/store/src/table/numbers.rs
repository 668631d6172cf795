//! Numbers given so far, and how the next ones are spelled. There is no counter to diverge: the documents
//! themselves are counted. Their column `year` holds the key of the period (`0`, `YYYY` or `YYYYMM`), so
//! that its unique constraint holds for every kind of period.

use acquit_domain::id::InvoiceId;
use acquit_domain::numbering::{DocumentNumber, Pattern, Period, Place, Series};
use jiff::civil::Date;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{date, mistyped, text, to_word, word};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[
    Step {
        id: "2026-11-26-51-issue-dates",
        sql: "CREATE INDEX documents_by_issue_date ON documents (series, issue_date);",
    },
    Step {
        id: "2026-11-26-60-numbering",
        sql: "CREATE TABLE numbering_patterns (
            series TEXT PRIMARY KEY,
            pattern TEXT NOT NULL
          ) STRICT, WITHOUT ROWID;
          -- Where a counter begins whose first numbers were given by another program or pattern.
          CREATE TABLE numbering_starts (
            series TEXT NOT NULL,
            period INTEGER NOT NULL CHECK (period >= 0),
            first INTEGER NOT NULL CHECK (first > 0),
            PRIMARY KEY (series, period)
          ) STRICT, WITHOUT ROWID;",
    },
];

fn period(row: &Row<'_>) -> rusqlite::Result<Period> {
    Period::from_key(row.get("year")?).map_err(|_| mistyped("year"))
}

impl Reader<'_> {
    /// Issue date of the last document of a series, in any period: dates never go back within a series.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn last_issue_date(&self, series: Series) -> Result<Option<Date>, Error> {
        self.first(
            "SELECT issue_date FROM documents WHERE series = ?1 ORDER BY issue_date DESC LIMIT 1",
            [to_word(&series)?],
            |row| date(row, "issue_date"),
        )
    }

    /// The last counter given in a series and period; none when it has no document.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn last_counter(&self, series: Series, period: Period) -> Result<Option<u32>, Error> {
        self.one(
            "SELECT MAX(counter) FROM documents WHERE series = ?1 AND year = ?2",
            (to_word(&series)?, period.key()),
            |row| row.get(0),
        )
    }

    /// Every series and period that has documents.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn numbered_periods(&self) -> Result<Vec<(Series, Period)>, Error> {
        self.all(
            "SELECT DISTINCT series, year FROM documents ORDER BY series, year",
            [],
            |row| Ok((word(row, "series")?, period(row)?)),
        )
    }

    /// Every counter of a series and period, ascending.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn counters(&self, series: Series, period: Period) -> Result<Vec<u32>, Error> {
        self.all(
            "SELECT counter FROM documents WHERE series = ?1 AND year = ?2 ORDER BY counter",
            (to_word(&series)?, period.key()),
            |row| row.get(0),
        )
    }

    /// The document with a number.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn document_id(&self, number: DocumentNumber) -> Result<Option<InvoiceId>, Error> {
        self.first(
            "SELECT id FROM documents WHERE number = ?1",
            [number.as_str()],
            |row| text(row, "id"),
        )
    }

    /// The first number given so far of which `is_it` holds, with the place that it was given for.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn find_number(
        &self,
        mut is_it: impl FnMut(&DocumentNumber, Place) -> bool,
    ) -> Result<Option<DocumentNumber>, Error> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT number, series, year, counter FROM documents")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let number = text(row, "number")?;
            let place = Place {
                series: word(row, "series")?,
                period: period(row)?,
                counter: row.get("counter")?,
            };
            if is_it(&number, place) {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }

    /// How the owner wants a series spelled; none where nothing was asked for.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn pattern(&self, series: Series) -> Result<Option<Pattern>, Error> {
        self.first(
            "SELECT pattern FROM numbering_patterns WHERE series = ?1",
            [to_word(&series)?],
            |row| {
                let typed: String = row.get("pattern")?;
                Pattern::parse(&typed).map_err(|_| mistyped("pattern"))
            },
        )
    }

    /// Where the counter of a series and period begins; none where it begins at 1.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn numbering_start(&self, series: Series, period: Period) -> Result<Option<u32>, Error> {
        self.first(
            "SELECT first FROM numbering_starts WHERE series = ?1 AND period = ?2",
            (to_word(&series)?, period.key()),
            |row| row.get("first"),
        )
    }
}

impl Writer<'_> {
    /// Keeps how a series is spelled from the next number on.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_pattern(&self, series: Series, pattern: &Pattern) -> Result<(), Error> {
        self.execute(
            "INSERT OR REPLACE INTO numbering_patterns (series, pattern) VALUES (?1, ?2)",
            (to_word(&series)?, pattern.text()),
        )?;
        Ok(())
    }

    /// Keeps where the counter of a series and period begins. Whether it has begun is the caller's to
    /// look at, in the same transaction.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_numbering_start(
        &self,
        series: Series,
        period: Period,
        first: u32,
    ) -> Result<(), Error> {
        self.execute(
            "INSERT OR REPLACE INTO numbering_starts (series, period, first) VALUES (?1, ?2, ?3)",
            (to_word(&series)?, period.key(), first),
        )?;
        Ok(())
    }
}
