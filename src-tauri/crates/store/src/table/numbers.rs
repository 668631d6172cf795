//! Numbers given so far. There is no counter to diverge: the documents themselves are counted.

use acquit_domain::id::InvoiceId;
use acquit_domain::numbering::{DocumentNumber, Series};
use jiff::civil::Date;

use crate::Reader;
use crate::error::Error;
use crate::rows::{date, text, to_word};

impl Reader<'_> {
    /// Issue date of the last document of a series, in any year.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn last_issue_date(&self, series: Series) -> Result<Option<Date>, Error> {
        self.first(
            "SELECT issue_date FROM documents WHERE series = ?1 ORDER BY year DESC, counter DESC LIMIT 1",
            [to_word(&series)?],
            |row| date(row, "issue_date"),
        )
    }

    /// The last counter given in a series and year, 0 when none was.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn last_counter(&self, series: Series, year: i16) -> Result<u32, Error> {
        self.one(
            "SELECT COALESCE(MAX(counter), 0) FROM documents WHERE series = ?1 AND year = ?2",
            (to_word(&series)?, year),
            |row| row.get(0),
        )
    }

    /// Every series and year that has documents.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn numbered_years(&self) -> Result<Vec<(Series, i16)>, Error> {
        self.all(
            "SELECT DISTINCT series, year FROM documents ORDER BY series, year",
            [],
            |row| Ok((crate::rows::word(row, "series")?, row.get("year")?)),
        )
    }

    /// Every counter of a series and year, ascending.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn counters(&self, series: Series, year: i16) -> Result<Vec<u32>, Error> {
        self.all(
            "SELECT counter FROM documents WHERE series = ?1 AND year = ?2 ORDER BY counter",
            (to_word(&series)?, year),
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
            [number.to_string()],
            |row| text(row, "id"),
        )
    }
}
