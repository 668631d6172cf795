//! Reversals of movements of the PayPlug account: what was recorded wrongly counts no more. Append-only.

use acquit_accounting::movements::MovementKind;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::to_word;
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-27-71-movement-reversals",
    sql: "CREATE TABLE movement_reversals (
            movement INTEGER PRIMARY KEY REFERENCES account_movements (seq),
            -- The day of the reversing entry on the PayPlug account.
            date TEXT NOT NULL,
            reason TEXT NOT NULL CHECK (reason <> ''),
            recorded_at INTEGER NOT NULL
          ) STRICT;
          CREATE INDEX movement_reversals_by_date ON movement_reversals (date);
          CREATE TRIGGER movement_reversals_frozen_update BEFORE UPDATE ON movement_reversals
            BEGIN SELECT RAISE(ABORT, 'frozen: movement_reversals'); END;
          CREATE TRIGGER movement_reversals_frozen_delete BEFORE DELETE ON movement_reversals
            BEGIN SELECT RAISE(ABORT, 'frozen: movement_reversals'); END;
          -- A piece and a line are booked once, and again only after a reversal.
          CREATE TRIGGER account_movements_once BEFORE INSERT ON account_movements
            WHEN EXISTS (SELECT 1 FROM account_movements m LEFT JOIN movement_reversals r ON r.movement = m.seq
              WHERE r.movement IS NULL AND (m.kind = NEW.kind AND m.piece = NEW.piece OR m.line = NEW.line))
            BEGIN SELECT RAISE(ABORT, 'booked: account_movements'); END;
          -- What was reversed arrives no more.
          CREATE TRIGGER transfer_arrivals_stand BEFORE INSERT ON transfer_arrivals
            WHEN EXISTS (SELECT 1 FROM movement_reversals WHERE movement = NEW.movement)
            BEGIN SELECT RAISE(ABORT, 'reversed: transfer_arrivals'); END;",
}];

impl Reader<'_> {
    /// Whether a movement of a kind with a piece was reversed.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn was_reversed(&self, kind: MovementKind, piece: &str) -> Result<bool, Error> {
        self.one(
            "SELECT EXISTS (SELECT 1 FROM movement_reversals r JOIN account_movements m ON m.seq = r.movement
               WHERE m.kind = ?1 AND m.piece = ?2)",
            (to_word(&kind)?, piece),
            |row| row.get(0),
        )
    }
}

impl Writer<'_> {
    /// Records that a movement is reversed by an entry on a day, and why.
    ///
    /// # Errors
    /// A constraint `movement_reversals.movement` where it was reversed before.
    pub fn insert_movement_reversal(
        &self,
        movement: u64,
        on: Date,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.execute(
            "INSERT INTO movement_reversals (movement, date, reason, recorded_at) VALUES (?1, ?2, ?3, ?4)",
            (movement, on.to_string(), reason, now.as_microsecond()),
        )?;
        Ok(())
    }
}
