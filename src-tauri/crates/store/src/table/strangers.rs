//! Payments that PayPlug has and this file does not know (`payment-links.md` § 2).

use acquit_domain::Cents;
use acquit_domain::link::Mode;
use acquit_domain::remote::PaymentId;
use jiff::Timestamp;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{cents, instant, mistyped, optional_instant, to_word, word};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-25-73-strangers",
    sql: "CREATE TABLE strangers (
            payment TEXT PRIMARY KEY,
            mode TEXT NOT NULL CHECK (mode IN ('demo', 'test', 'live')),
            amount INTEGER NOT NULL,
            is_paid INTEGER NOT NULL CHECK (is_paid IN (0, 1)),
            created_at INTEGER NOT NULL,
            paid_at INTEGER,
            description TEXT,
            seen_at INTEGER NOT NULL,
            dismissed_at INTEGER
          ) STRICT, WITHOUT ROWID;",
}];

/// A payment at PayPlug that is not here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stranger {
    /// PayPlug's id.
    pub payment: PaymentId,
    /// With which key it was read.
    pub mode: Mode,
    /// How much it asks for.
    pub amount: Cents,
    /// Whether it was paid.
    pub is_paid: bool,
    /// When PayPlug created it.
    pub created_at: Timestamp,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
    /// What the payer was shown.
    pub description: Option<String>,
    /// When it was first seen, or first seen paid.
    pub seen_at: Timestamp,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Stranger> {
    let payment: String = row.get("payment")?;
    Ok(Stranger {
        payment: PaymentId::parse(&payment).ok_or_else(|| mistyped("payment"))?,
        mode: word(row, "mode")?,
        amount: cents(row, "amount")?,
        is_paid: row.get("is_paid")?,
        created_at: instant(row, "created_at")?,
        paid_at: optional_instant(row, "paid_at")?,
        description: row.get("description")?,
        seen_at: instant(row, "seen_at")?,
    })
}

impl Reader<'_> {
    /// Strangers nobody dismissed, newest first. What became a link of ours meanwhile is none.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn strangers(&self) -> Result<Vec<Stranger>, Error> {
        self.all(
            "SELECT * FROM strangers s WHERE dismissed_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM links k WHERE k.payment = s.payment)
             ORDER BY created_at DESC, payment",
            [],
            read,
        )
    }

    /// The stranger with an id, dismissed or not, as it was last seen.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn stranger(&self, payment: &PaymentId) -> Result<Option<Stranger>, Error> {
        self.first(
            "SELECT * FROM strangers WHERE payment = ?1",
            [payment.as_str()],
            read,
        )
    }

    /// Whether a payment is noted as a stranger already, and if so, whether as paid.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn stranger_paid(&self, payment: &PaymentId) -> Result<Option<bool>, Error> {
        self.first(
            "SELECT is_paid FROM strangers WHERE payment = ?1",
            [payment.as_str()],
            |row| row.get(0),
        )
    }
}

impl Writer<'_> {
    /// Notes a stranger, or that one was paid: then it asks to be looked at again.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn upsert_stranger(&self, row: &Stranger) -> Result<(), Error> {
        self.execute(
            "INSERT INTO strangers (payment, mode, amount, is_paid, created_at, paid_at, description, seen_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (payment) DO UPDATE SET is_paid = ?4, paid_at = ?6, seen_at = ?8, dismissed_at = NULL
             WHERE is_paid <> ?4",
            (
                row.payment.as_str(),
                to_word(&row.mode)?,
                row.amount.get(),
                row.is_paid,
                row.created_at.as_microsecond(),
                row.paid_at.map(Timestamp::as_microsecond),
                &row.description,
                row.seen_at.as_microsecond(),
            ),
        )?;
        Ok(())
    }

    /// Forgets a stranger that can no longer bring money.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn forget_stranger(&self, payment: &PaymentId) -> Result<(), Error> {
        self.execute(
            "DELETE FROM strangers WHERE payment = ?1",
            [payment.as_str()],
        )?;
        Ok(())
    }

    /// Records that somebody has looked; whether there was anything to look at.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn dismiss_stranger(&self, payment: &PaymentId, now: Timestamp) -> Result<bool, Error> {
        let dismissed = self.execute(
            "UPDATE strangers SET dismissed_at = ?2 WHERE payment = ?1 AND dismissed_at IS NULL",
            (payment.as_str(), now.as_microsecond()),
        )?;
        Ok(dismissed == 1)
    }
}
