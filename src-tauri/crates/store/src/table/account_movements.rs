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

pub(crate) const STEPS: &[Step] = &[
    Step {
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
},
    // A piece and a line may be booked again once they were reversed: `movement_reversals` holds that neither is booked
    // twice at a time.
    Step {
        id: "2026-11-27-70-account-movements-again",
        sql: "DROP TRIGGER account_movements_frozen_update;
          DROP TRIGGER account_movements_frozen_delete;
          DROP INDEX account_movements_by_date;
          DROP TRIGGER transfer_arrivals_frozen_update;
          DROP TRIGGER transfer_arrivals_frozen_delete;
          ALTER TABLE account_movements RENAME TO account_movements_before;
          ALTER TABLE transfer_arrivals RENAME TO transfer_arrivals_before;
          CREATE TABLE account_movements (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL CHECK (kind IN ('invoice', 'fee', 'transfer')),
            piece TEXT NOT NULL,
            -- How often the piece was booked, with this: above one only after reversals.
            booking INTEGER NOT NULL CHECK (booking >= 1),
            date TEXT NOT NULL,
            amount INTEGER NOT NULL CHECK (amount <> 0),
            vat INTEGER NOT NULL,
            line INTEGER REFERENCES statement_entries (seq),
            after_entry INTEGER NOT NULL,
            recorded_at INTEGER NOT NULL,
            UNIQUE (kind, piece, booking)
          ) STRICT;
          INSERT INTO account_movements
            SELECT seq, kind, piece, 1, date, amount, vat, line, after_entry, recorded_at FROM account_movements_before;
          CREATE INDEX account_movements_by_date ON account_movements (date, seq);
          CREATE INDEX account_movements_of_line ON account_movements (line);
          CREATE TRIGGER account_movements_frozen_update BEFORE UPDATE ON account_movements
            BEGIN SELECT RAISE(ABORT, 'frozen: account_movements'); END;
          CREATE TRIGGER account_movements_frozen_delete BEFORE DELETE ON account_movements
            BEGIN SELECT RAISE(ABORT, 'frozen: account_movements'); END;
          CREATE TABLE transfer_arrivals (
            movement INTEGER PRIMARY KEY REFERENCES account_movements (seq),
            date TEXT NOT NULL,
            -- The last entry that was recorded before that of the arrival.
            after_entry INTEGER NOT NULL,
            recorded_at INTEGER NOT NULL
          ) STRICT;
          INSERT INTO transfer_arrivals
            SELECT a.movement, a.date,
              (SELECT MIN(e.seq) - 1 FROM entries e JOIN entry_lines l ON l.entry = e.seq AND l.credit = m.amount
                 WHERE e.seq > m.after_entry AND e.journal = 'BQ' AND e.invoice_id IS NULL
                   AND json_extract(e.body, '$.piece') = m.piece),
              a.recorded_at
            FROM transfer_arrivals_before a JOIN account_movements m ON m.seq = a.movement;
          CREATE TRIGGER transfer_arrivals_frozen_update BEFORE UPDATE ON transfer_arrivals
            BEGIN SELECT RAISE(ABORT, 'frozen: transfer_arrivals'); END;
          CREATE TRIGGER transfer_arrivals_frozen_delete BEFORE DELETE ON transfer_arrivals
            BEGIN SELECT RAISE(ABORT, 'frozen: transfer_arrivals'); END;
          DROP TABLE transfer_arrivals_before;
          DROP TABLE account_movements_before;",
    },
];

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
    /// Sequence of the last entry before that of its arrival.
    pub arrived_after: Option<i64>,
    /// The day that its reversal is booked on; then it counts no more.
    pub reversed: Option<Date>,
}

/// Count and sums of all movements, in cents. A reversal takes back what its movement did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MovementSums {
    /// Count.
    pub count: u64,
    /// Sum of what left the account, by movements and by reversals of fees that were given back.
    pub left: Cents,
    /// Sum of what came back, by fees that were given back and by reversals.
    pub came_back: Cents,
    /// VAT in all fees and invoices that stand, less that of fees given back.
    pub vat: Cents,
    /// Transfers that stand and have not arrived.
    pub in_transit: Cents,
}

/// The id of a movement in `late_bookings`; that of a later booking of the same piece begins with its number.
const LATE_ID: &str =
    "CASE m.booking WHEN 1 THEN '' ELSE m.booking || ':' END || m.kind || ':' || m.piece";

fn movements(rest: &str) -> String {
    format!(
        "SELECT m.*, a.date AS arrived, a.after_entry AS arrived_after, r.date AS reversed,
           COALESCE(l.booked_on, m.date) AS booked FROM account_movements m
         LEFT JOIN transfer_arrivals a ON a.movement = m.seq
         LEFT JOIN movement_reversals r ON r.movement = m.seq
         LEFT JOIN late_bookings l ON l.movement = {LATE_ID} {rest}"
    )
}

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
        arrived_after: row.get("arrived_after")?,
        reversed: optional_text(row, "reversed")?,
    })
}

impl Reader<'_> {
    /// The movement of a kind with a piece that was not reversed.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn movement(&self, kind: MovementKind, piece: &str) -> Result<Option<MovementRow>, Error> {
        self.first(
            &movements("WHERE m.kind = ?1 AND m.piece = ?2 AND r.movement IS NULL"),
            (to_word(&kind)?, piece),
            read,
        )
    }

    /// The id that the next booking of a piece has in `late_bookings`.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn late_id(&self, kind: MovementKind, piece: &str) -> Result<String, Error> {
        self.one(
            &format!(
                "SELECT {LATE_ID} FROM (SELECT ?1 AS kind, ?2 AS piece, COUNT(*) + 1 AS booking
                   FROM account_movements WHERE kind = ?1 AND piece = ?2) m"
            ),
            (to_word(&kind)?, piece),
            |row| row.get(0),
        )
    }

    /// Whether a movement was booked from a line of a statement, and stands.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn is_booked(&self, line: u64) -> Result<bool, Error> {
        self.one(
            "SELECT EXISTS (SELECT 1 FROM account_movements m LEFT JOIN movement_reversals r ON r.movement = m.seq
               WHERE m.line = ?1 AND r.movement IS NULL)",
            [line],
            |row| row.get(0),
        )
    }

    /// The movements dated, booked or reversed from `first` to `last`, by day.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn movements_between(&self, first: Date, last: Date) -> Result<Vec<MovementRow>, Error> {
        self.all(
            &movements(
                "WHERE m.date BETWEEN ?1 AND ?2 OR l.booked_on BETWEEN ?1 AND ?2 OR r.date BETWEEN ?1 AND ?2
                 ORDER BY m.date, m.seq",
            ),
            (first.to_string(), last.to_string()),
            read,
        )
    }

    /// Transfers that have not arrived, then those that have, latest first, without those that were reversed; at most
    /// `limit`.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn transfers(&self, limit: u32) -> Result<Vec<MovementRow>, Error> {
        self.all(
            &movements(
                "WHERE m.kind = 'transfer' AND r.movement IS NULL
                 ORDER BY a.date IS NOT NULL, m.date DESC, m.seq DESC LIMIT ?1",
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
            "SELECT COUNT(*) AS n,
               COALESCE(SUM(ABS(m.amount)) FILTER (WHERE m.amount > 0 OR r.movement IS NOT NULL), 0) AS went,
               COALESCE(SUM(ABS(m.amount)) FILTER (WHERE m.amount < 0 OR r.movement IS NOT NULL), 0) AS came_back,
               COALESCE(SUM(m.vat) FILTER (WHERE r.movement IS NULL), 0) AS vat,
               COALESCE(SUM(m.amount) FILTER (WHERE m.kind = 'transfer' AND a.date IS NULL AND r.movement IS NULL), 0)
                 AS in_transit
             FROM account_movements m LEFT JOIN transfer_arrivals a ON a.movement = m.seq
             LEFT JOIN movement_reversals r ON r.movement = m.seq",
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
    /// A constraint `account_movements` where the piece or the line is booked and was not reversed.
    pub fn insert_movement(
        &self,
        movement: &Movement,
        line: Option<u64>,
        now: Timestamp,
    ) -> Result<u64, Error> {
        self.execute(
            "INSERT INTO account_movements (kind, piece, date, amount, vat, line, after_entry, recorded_at, booking)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, COUNT(*) + 1 FROM account_movements WHERE kind = ?1 AND piece = ?2",
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

    /// Records that a transfer arrived, before its entry.
    ///
    /// # Errors
    /// A constraint `transfer_arrivals.movement` when it had arrived before.
    pub fn insert_arrival(&self, movement: u64, on: Date, now: Timestamp) -> Result<(), Error> {
        self.execute(
            "INSERT INTO transfer_arrivals (movement, date, after_entry, recorded_at) VALUES (?1, ?2, ?3, ?4)",
            (movement, on.to_string(), self.last_entry()?, now.as_microsecond()),
        )?;
        Ok(())
    }
}
