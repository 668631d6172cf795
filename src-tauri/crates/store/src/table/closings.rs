//! Closings of the books (`accounting.md` § 4): each up to a day, for ever; and what came by itself for a closed
//! day, with the day that it was booked on. Append-only.

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{date, instant};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-27-61-closings",
    sql: "CREATE TABLE closings (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            until TEXT NOT NULL UNIQUE,
            -- Entries dated up to that day that no export had taken.
            unexported INTEGER NOT NULL CHECK (unexported >= 0),
            -- The last entry that was recorded before: no clock decides what came after the closing.
            after_entry INTEGER NOT NULL CHECK (after_entry >= 0),
            closed_at INTEGER NOT NULL
          ) STRICT;
          CREATE TRIGGER closings_in_order BEFORE INSERT ON closings
            WHEN NEW.until <= (SELECT MAX(until) FROM closings)
            BEGIN SELECT RAISE(ABORT, 'frozen: closings'); END;
          CREATE TRIGGER closings_frozen_update BEFORE UPDATE ON closings
            BEGIN SELECT RAISE(ABORT, 'frozen: closings'); END;
          CREATE TRIGGER closings_frozen_delete BEFORE DELETE ON closings
            BEGIN SELECT RAISE(ABORT, 'frozen: closings'); END;
          -- The last guard: the rule itself is that of the books, which says it with the field at fault.
          CREATE TRIGGER entries_in_open_period BEFORE INSERT ON entries
            WHEN NEW.date <= (SELECT MAX(until) FROM closings)
            BEGIN SELECT RAISE(ABORT, 'frozen: closings'); END;
          -- What happened on a closed day and was booked on a later one: receipts and refunds by their id, movements of
          -- the PayPlug account by kind and piece.
          CREATE TABLE late_bookings (
            movement TEXT PRIMARY KEY,
            happened_on TEXT NOT NULL,
            booked_on TEXT NOT NULL,
            CHECK (booked_on > happened_on)
          ) STRICT, WITHOUT ROWID;
          CREATE TRIGGER late_bookings_frozen_update BEFORE UPDATE ON late_bookings
            BEGIN SELECT RAISE(ABORT, 'frozen: late_bookings'); END;
          CREATE TRIGGER late_bookings_frozen_delete BEFORE DELETE ON late_bookings
            BEGIN SELECT RAISE(ABORT, 'frozen: late_bookings'); END;",
}];

/// A closing of the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClosingRow {
    /// The last closed day.
    pub until: Date,
    /// Count of entries up to that day that no export had taken.
    pub unexported: u64,
    /// Sequence of the last entry before it; 0 for none.
    pub after_entry: i64,
    /// When it was closed.
    pub closed_at: Timestamp,
}

/// Entries of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthSum {
    /// First day of the month.
    pub month: Date,
    /// Count of its entries.
    pub entries: u64,
    /// Count of those that no export has taken.
    pub unexported: u64,
}

fn closing(row: &Row<'_>) -> rusqlite::Result<ClosingRow> {
    Ok(ClosingRow {
        until: date(row, "until")?,
        unexported: row.get("unexported")?,
        after_entry: row.get("after_entry")?,
        closed_at: instant(row, "closed_at")?,
    })
}

impl Reader<'_> {
    /// Every closing, oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn closings(&self) -> Result<Vec<ClosingRow>, Error> {
        self.all("SELECT * FROM closings ORDER BY seq", [], closing)
    }

    /// The last closed day.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn closed_until(&self) -> Result<Option<Date>, Error> {
        self.first(
            "SELECT until FROM closings ORDER BY until DESC LIMIT 1",
            [],
            |row| date(row, "until"),
        )
    }

    /// The day that a movement was booked on, where that is later than it happened.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn booked_late(&self, movement: &str) -> Result<Option<Date>, Error> {
        self.first(
            "SELECT booked_on FROM late_bookings WHERE movement = ?1",
            [movement],
            |row| date(row, "booked_on"),
        )
    }

    /// Every movement that was booked later than it happened, with both days, by its id.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn late_bookings(&self) -> Result<Vec<(String, Date, Date)>, Error> {
        self.all(
            "SELECT movement, happened_on, booked_on FROM late_bookings ORDER BY movement",
            [],
            |row| {
                Ok((
                    row.get("movement")?,
                    date(row, "happened_on")?,
                    date(row, "booked_on")?,
                ))
            },
        )
    }

    /// Entries dated from `first` to `last`, by month; months without any are left out.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn entries_by_month(&self, first: Date, last: Date) -> Result<Vec<MonthSum>, Error> {
        self.all(
            "SELECT substr(e.date, 1, 7) || '-01' AS month, COUNT(*) AS entries, COUNT(*) - COUNT(x.entry) AS unexported
             FROM entries e LEFT JOIN exported_entries x ON x.entry = e.seq
             WHERE e.date BETWEEN ?1 AND ?2 GROUP BY 1 ORDER BY 1",
            (first.to_string(), last.to_string()),
            |row| {
                Ok(MonthSum {
                    month: date(row, "month")?,
                    entries: row.get("entries")?,
                    unexported: row.get("unexported")?,
                })
            },
        )
    }

    /// Count of entries dated up to a day that no export has taken.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unexported_count(&self, until: Date) -> Result<u64, Error> {
        self.one(
            "SELECT COUNT(*) - COUNT(x.entry) FROM entries e LEFT JOIN exported_entries x ON x.entry = e.seq
             WHERE e.date <= ?1",
            [until.to_string()],
            |row| row.get(0),
        )
    }

    /// First and last date of all entries.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn entry_span(&self) -> Result<Option<(Date, Date)>, Error> {
        self.first(
            "SELECT MIN(date) AS first, MAX(date) AS last FROM entries HAVING COUNT(*) > 0",
            [],
            |row| Ok((date(row, "first")?, date(row, "last")?)),
        )
    }

    /// Entries that were recorded after a closing and are dated in what it closed (there must be none). Each
    /// day is compared with the closing that closed it first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn entries_in_closed_periods(&self) -> Result<Vec<i64>, Error> {
        self.all(
            "SELECT e.seq AS seq FROM closings c
             JOIN entries e ON e.date <= c.until
               AND e.date > COALESCE((SELECT MAX(b.until) FROM closings b WHERE b.seq < c.seq), '')
             WHERE e.seq > c.after_entry ORDER BY e.seq",
            [],
            |row| row.get("seq"),
        )
    }
}

impl Writer<'_> {
    /// Closes the books up to a day.
    ///
    /// # Errors
    /// [`Error::Frozen`] where they are closed up to that day or a later one.
    pub fn insert_closing(
        &self,
        until: Date,
        unexported: u64,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.execute(
            "INSERT INTO closings (until, unexported, after_entry, closed_at) VALUES (?1, ?2, ?3, ?4)",
            (until.to_string(), unexported, self.last_entry()?, now.as_microsecond()),
        )?;
        Ok(())
    }

    /// Notes the day that a movement of a closed day is booked on.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn insert_late_booking(
        &self,
        movement: &str,
        happened_on: Date,
        booked_on: Date,
    ) -> Result<(), Error> {
        self.execute(
            "INSERT INTO late_bookings (movement, happened_on, booked_on) VALUES (?1, ?2, ?3)",
            (movement, happened_on.to_string(), booked_on.to_string()),
        )?;
        Ok(())
    }
}
