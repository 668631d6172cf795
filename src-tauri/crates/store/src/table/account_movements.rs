//! Fees, monthly invoices and transfers of the PayPlug account, and the arrival of transfers at the bank. Append-only.

use acquit_accounting::movements::{Movement, MovementKind};
use acquit_domain::Cents;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{cents, date, optional_text, to_word, word};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-27-24-account-movements",
    sql: "CREATE TABLE account_movements (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL CHECK (kind IN ('invoice', 'fee', 'transfer')),
            piece TEXT NOT NULL,
            date TEXT NOT NULL,
            amount INTEGER NOT NULL CHECK (amount <> 0),
            vat INTEGER NOT NULL,
            -- The line of a statement that it was booked from: no line is booked twice.
            line INTEGER UNIQUE REFERENCES statement_entries (seq),
            -- The last entry that was recorded before: under which chart it was booked.
            after_entry INTEGER NOT NULL,
            recorded_at INTEGER NOT NULL,
            UNIQUE (kind, piece)
          ) STRICT;
          CREATE INDEX account_movements_by_date ON account_movements (date, seq);
          CREATE TRIGGER account_movements_frozen_update BEFORE UPDATE ON account_movements
            BEGIN SELECT RAISE(ABORT, 'frozen: account_movements'); END;
          CREATE TRIGGER account_movements_frozen_delete BEFORE DELETE ON account_movements
            BEGIN SELECT RAISE(ABORT, 'frozen: account_movements'); END;
          CREATE TABLE transfer_arrivals (
            movement INTEGER PRIMARY KEY REFERENCES account_movements (seq),
            date TEXT NOT NULL,
            recorded_at INTEGER NOT NULL
          ) STRICT;
          CREATE TRIGGER transfer_arrivals_frozen_update BEFORE UPDATE ON transfer_arrivals
            BEGIN SELECT RAISE(ABORT, 'frozen: transfer_arrivals'); END;
          CREATE TRIGGER transfer_arrivals_frozen_delete BEFORE DELETE ON transfer_arrivals
            BEGIN SELECT RAISE(ABORT, 'frozen: transfer_arrivals'); END;",
}];

/// A movement with what the store knows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovementRow {
    /// Order of recording.
    pub seq: u64,
    /// The movement.
    pub movement: Movement,
    /// The day it is booked on: later than its own where that was closed.
    pub booked: Date,
    /// The line of a statement that it was booked from.
    pub line: Option<u64>,
    /// Sequence of the last entry before it.
    pub after_entry: i64,
    /// The day it arrived at the bank; transfers alone.
    pub arrived: Option<Date>,
}

/// Count and sums of all movements, in cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MovementSums {
    /// Count.
    pub count: u64,
    /// Sum of what left the account.
    pub left: Cents,
    /// Sum of fees that were given back.
    pub came_back: Cents,
    /// VAT in all fees and invoices, less that of fees given back.
    pub vat: Cents,
    /// Transfers that left and have not arrived.
    pub in_transit: Cents,
}

const MOVEMENTS: &str = "SELECT m.*, a.date AS arrived, COALESCE(l.booked_on, m.date) AS booked FROM account_movements m
     LEFT JOIN transfer_arrivals a ON a.movement = m.seq
     LEFT JOIN late_bookings l ON l.movement = m.kind || ':' || m.piece";

fn read(row: &Row<'_>) -> rusqlite::Result<MovementRow> {
    Ok(MovementRow {
        seq: row.get("seq")?,
        movement: Movement {
            kind: word(row, "kind")?,
            piece: row.get("piece")?,
            date: date(row, "date")?,
            amount: cents(row, "amount")?,
            vat: cents(row, "vat")?,
        },
        booked: date(row, "booked")?,
        line: row.get("line")?,
        after_entry: row.get("after_entry")?,
        arrived: optional_text(row, "arrived")?,
    })
}

impl Reader<'_> {
    /// The movement of a kind with a piece.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn movement(&self, kind: MovementKind, piece: &str) -> Result<Option<MovementRow>, Error> {
        self.first(
            &format!("{MOVEMENTS} WHERE m.kind = ?1 AND m.piece = ?2"),
            (to_word(&kind)?, piece),
            read,
        )
    }

    /// Whether a movement was booked from a line of a statement.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn is_booked(&self, line: u64) -> Result<bool, Error> {
        self.one(
            "SELECT EXISTS (SELECT 1 FROM account_movements WHERE line = ?1)",
            [line],
            |row| row.get(0),
        )
    }

    /// The movements dated or booked from `first` to `last`, by day.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn movements_between(&self, first: Date, last: Date) -> Result<Vec<MovementRow>, Error> {
        self.all(
            &format!("{MOVEMENTS} WHERE m.date BETWEEN ?1 AND ?2 OR l.booked_on BETWEEN ?1 AND ?2 ORDER BY m.date, m.seq"),
            (first.to_string(), last.to_string()),
            read,
        )
    }

    /// Transfers that have not arrived, then those that have, latest first; at most `limit`.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn transfers(&self, limit: u32) -> Result<Vec<MovementRow>, Error> {
        self.all(
            &format!(
                "{MOVEMENTS} WHERE m.kind = 'transfer' ORDER BY a.date IS NOT NULL, m.date DESC, m.seq DESC LIMIT ?1"
            ),
            [limit],
            read,
        )
    }

    /// Count and sums of all movements.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn movement_sums(&self) -> Result<MovementSums, Error> {
        self.one(
            "SELECT COUNT(*) AS n, COALESCE(SUM(m.amount) FILTER (WHERE m.amount > 0), 0) AS went,
               COALESCE(-SUM(m.amount) FILTER (WHERE m.amount < 0), 0) AS came_back,
               COALESCE(SUM(m.vat), 0) AS vat,
               COALESCE(SUM(m.amount) FILTER (WHERE m.kind = 'transfer' AND a.date IS NULL), 0) AS in_transit
             FROM account_movements m LEFT JOIN transfer_arrivals a ON a.movement = m.seq",
            [],
            |row| {
                Ok(MovementSums {
                    count: row.get("n")?,
                    left: cents(row, "went")?,
                    came_back: cents(row, "came_back")?,
                    vat: cents(row, "vat")?,
                    in_transit: cents(row, "in_transit")?,
                })
            },
        )
    }
}

impl Writer<'_> {
    /// Records a movement, before its entry; its sequence.
    ///
    /// # Errors
    /// A constraint `account_movements.kind, account_movements.piece` or `account_movements.line` for what is booked
    /// already.
    pub fn insert_movement(
        &self,
        movement: &Movement,
        line: Option<u64>,
        now: Timestamp,
    ) -> Result<u64, Error> {
        self.execute(
            "INSERT INTO account_movements (kind, piece, date, amount, vat, line, after_entry, recorded_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            (
                to_word(&movement.kind)?,
                &movement.piece,
                movement.date.to_string(),
                movement.amount.get(),
                movement.vat.get(),
                line,
                self.last_entry()?,
                now.as_microsecond(),
            ),
        )?;
        self.one("SELECT MAX(seq) FROM account_movements", [], |row| {
            row.get(0)
        })
    }

    /// Records that a transfer arrived.
    ///
    /// # Errors
    /// A constraint `transfer_arrivals.movement` when it had arrived before.
    pub fn insert_arrival(&self, movement: u64, on: Date, now: Timestamp) -> Result<(), Error> {
        self.execute(
            "INSERT INTO transfer_arrivals (movement, date, recorded_at) VALUES (?1, ?2, ?3)",
            (movement, on.to_string(), now.as_microsecond()),
        )?;
        Ok(())
    }
}
