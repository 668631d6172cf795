//! Chargebacks, how they ended, and what the owner decided after money went back. All append-only.

use acquit_domain::Cents;
use acquit_domain::given_back::Decision;
use acquit_domain::id::{ChargebackId, InvoiceId, ReceiptId};
use acquit_domain::receipt::{Chargeback, ChargebackOutcome};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{
    cents, date, instant, json, optional_instant, optional_text, text, to_json, to_word, word,
};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-25-20-given-back",
    sql: "CREATE TABLE chargebacks (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            receipt_id TEXT NOT NULL REFERENCES receipts (id),
            date TEXT NOT NULL,
            amount INTEGER NOT NULL CHECK (amount > 0),
            recorded_at INTEGER NOT NULL
          ) STRICT;
          CREATE INDEX chargebacks_of_receipt ON chargebacks (receipt_id, seq);
          CREATE TRIGGER chargebacks_frozen_update BEFORE UPDATE ON chargebacks
            BEGIN SELECT RAISE(ABORT, 'frozen: chargebacks'); END;
          CREATE TRIGGER chargebacks_frozen_delete BEFORE DELETE ON chargebacks
            BEGIN SELECT RAISE(ABORT, 'frozen: chargebacks'); END;
          CREATE TABLE chargeback_outcomes (
            chargeback_id TEXT PRIMARY KEY REFERENCES chargebacks (id),
            outcome TEXT NOT NULL CHECK (outcome IN ('won', 'lost')),
            date TEXT NOT NULL,
            recorded_at INTEGER NOT NULL
          ) STRICT, WITHOUT ROWID;
          CREATE TRIGGER chargeback_outcomes_frozen_update BEFORE UPDATE ON chargeback_outcomes
            BEGIN SELECT RAISE(ABORT, 'frozen: chargeback_outcomes'); END;
          CREATE TRIGGER chargeback_outcomes_frozen_delete BEFORE DELETE ON chargeback_outcomes
            BEGIN SELECT RAISE(ABORT, 'frozen: chargeback_outcomes'); END;
          -- The body names the refunds and chargebacks that a decision is about.
          CREATE TABLE decisions (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            invoice_id TEXT NOT NULL REFERENCES documents (id),
            choice TEXT NOT NULL,
            amount INTEGER NOT NULL CHECK (amount > 0),
            body TEXT NOT NULL,
            recorded_at INTEGER NOT NULL
          ) STRICT;
          CREATE INDEX decisions_of_invoice ON decisions (invoice_id, seq);
          CREATE TRIGGER decisions_frozen_update BEFORE UPDATE ON decisions
            BEGIN SELECT RAISE(ABORT, 'frozen: decisions'); END;
          CREATE TRIGGER decisions_frozen_delete BEFORE DELETE ON decisions
            BEGIN SELECT RAISE(ABORT, 'frozen: decisions'); END;",
}];

/// A chargeback and how it ended.
#[derive(Clone, Debug)]
pub struct ChargebackRow {
    /// The chargeback.
    pub chargeback: Chargeback,
    /// How it ended and on which day, once it has.
    pub outcome: Option<(ChargebackOutcome, Date)>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// When its end was recorded.
    pub closed_at: Option<Timestamp>,
}

impl ChargebackRow {
    /// Whether the money is away: not won (again).
    #[must_use]
    pub fn counts(&self) -> bool {
        !matches!(self.outcome, Some((ChargebackOutcome::Won, _)))
    }
}

/// Counts and sums of all chargebacks of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChargebackSums {
    /// Count.
    pub count: u64,
    /// Sum of all.
    pub taken: Cents,
    /// Sum of those that were won.
    pub won: Cents,
}

const CHARGEBACKS: &str =
    "SELECT c.*, o.outcome AS outcome, o.date AS closed_on, o.recorded_at AS closed_at
     FROM chargebacks c LEFT JOIN chargeback_outcomes o ON o.chargeback_id = c.id";

fn read(row: &Row<'_>) -> rusqlite::Result<ChargebackRow> {
    let closed_on: Option<Date> = optional_text(row, "closed_on")?;
    let outcome = match closed_on {
        Some(date) => Some((word(row, "outcome")?, date)),
        None => None,
    };
    Ok(ChargebackRow {
        chargeback: Chargeback {
            id: text(row, "id")?,
            receipt: text(row, "receipt_id")?,
            date: date(row, "date")?,
            amount: cents(row, "amount")?,
        },
        outcome,
        recorded_at: instant(row, "recorded_at")?,
        closed_at: optional_instant(row, "closed_at")?,
    })
}

impl Reader<'_> {
    /// The chargebacks of an invoice's receipts, in order of recording.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn chargebacks_of(&self, invoice: InvoiceId) -> Result<Vec<ChargebackRow>, Error> {
        self.all(
            &format!(
                "{CHARGEBACKS} JOIN receipts r ON r.id = c.receipt_id WHERE r.invoice_id = ?1 ORDER BY c.seq"
            ),
            [invoice.to_string()],
            read,
        )
    }

    /// Counts and sums of all chargebacks.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn chargeback_sums(&self) -> Result<ChargebackSums, Error> {
        self.one(
            "SELECT COUNT(*) AS n, COALESCE(SUM(c.amount), 0) AS taken,
               COALESCE(SUM(c.amount) FILTER (WHERE o.outcome = 'won'), 0) AS won
             FROM chargebacks c LEFT JOIN chargeback_outcomes o ON o.chargeback_id = c.id",
            [],
            |row| {
                Ok(ChargebackSums {
                    count: row.get("n")?,
                    taken: cents(row, "taken")?,
                    won: cents(row, "won")?,
                })
            },
        )
    }

    /// What was decided on an invoice, with the instant, in order of recording.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn decisions_of(&self, invoice: InvoiceId) -> Result<Vec<(Decision, Timestamp)>, Error> {
        self.all(
            "SELECT body, recorded_at FROM decisions WHERE invoice_id = ?1 ORDER BY seq",
            [invoice.to_string()],
            |row| Ok((json(row, "body")?, instant(row, "recorded_at")?)),
        )
    }

    /// Count of all decisions.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn decision_count(&self) -> Result<u64, Error> {
        self.one("SELECT COUNT(*) FROM decisions", [], |row| row.get(0))
    }

    /// Receipts of which more was refunded, or more charged back, than came in (there must be none).
    ///
    /// # Errors
    /// A failure of the database.
    pub fn receipts_given_back_twice(&self) -> Result<Vec<ReceiptId>, Error> {
        self.all(
            "SELECT r.id AS id FROM receipts r JOIN refunds f ON f.receipt_id = r.id
             GROUP BY r.id HAVING SUM(f.amount) > r.amount
             UNION ALL
             SELECT r.id FROM receipts r JOIN chargebacks c ON c.receipt_id = r.id
             LEFT JOIN chargeback_outcomes o ON o.chargeback_id = c.id
             WHERE o.outcome IS NOT 'won' GROUP BY r.id HAVING SUM(c.amount) > r.amount",
            [],
            |row| text(row, "id"),
        )
    }

    /// Payments whose link says other of refunds and disputes than is recorded (there must be none).
    ///
    /// # Errors
    /// A failure of the database.
    pub fn links_against_movements(&self) -> Result<Vec<String>, Error> {
        self.all(
            "SELECT l.payment AS payment FROM links l JOIN receipts r ON r.payment = l.payment
             WHERE l.state <> CASE
               WHEN EXISTS (SELECT 1 FROM chargebacks c LEFT JOIN chargeback_outcomes o ON o.chargeback_id = c.id
                            WHERE c.receipt_id = r.id AND o.outcome IS NOT 'won') THEN 'disputed'
               WHEN (SELECT SUM(f.amount) FROM refunds f WHERE f.receipt_id = r.id) = r.amount THEN 'refunded'
               WHEN EXISTS (SELECT 1 FROM refunds f WHERE f.receipt_id = r.id) THEN 'partly_refunded'
               ELSE 'paid' END",
            [],
            |row| row.get("payment"),
        )
    }
}

impl Writer<'_> {
    /// Records a chargeback.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn insert_chargeback(&self, chargeback: &Chargeback, now: Timestamp) -> Result<(), Error> {
        self.execute(
            "INSERT INTO chargebacks (id, receipt_id, date, amount, recorded_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            (
                chargeback.id.to_string(),
                chargeback.receipt.to_string(),
                chargeback.date.to_string(),
                chargeback.amount.get(),
                now.as_microsecond(),
            ),
        )?;
        Ok(())
    }

    /// Records how a chargeback ended.
    ///
    /// # Errors
    /// A constraint `chargeback_outcomes.chargeback_id` when it had ended before.
    pub fn insert_chargeback_outcome(
        &self,
        chargeback: ChargebackId,
        outcome: ChargebackOutcome,
        date: Date,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.execute(
            "INSERT INTO chargeback_outcomes (chargeback_id, outcome, date, recorded_at) VALUES (?1, ?2, ?3, ?4)",
            (
                chargeback.to_string(),
                to_word(&outcome)?,
                date.to_string(),
                now.as_microsecond(),
            ),
        )?;
        Ok(())
    }

    /// Records a decision.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn insert_decision(
        &self,
        invoice: InvoiceId,
        decision: &Decision,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.execute(
            "INSERT INTO decisions (invoice_id, choice, amount, body, recorded_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            (
                invoice.to_string(),
                to_word(&decision.choice)?,
                decision.amount.get(),
                to_json(decision)?,
                now.as_microsecond(),
            ),
        )?;
        Ok(())
    }
}
