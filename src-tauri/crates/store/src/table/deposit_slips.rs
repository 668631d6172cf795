//! Deposit slips and the cheques on them, each cheque on one slip. Append-only.

use acquit_domain::Cents;
use acquit_domain::id::{InvoiceId, ReceiptId};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{cents, date, instant, text};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-26-12-deposit-slips",
    sql: "CREATE TABLE deposit_slips (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            reference TEXT NOT NULL UNIQUE,
            date TEXT NOT NULL,
            amount INTEGER NOT NULL CHECK (amount > 0),
            recorded_at INTEGER NOT NULL
          ) STRICT;
          CREATE TRIGGER deposit_slips_frozen_update BEFORE UPDATE ON deposit_slips
            BEGIN SELECT RAISE(ABORT, 'frozen: deposit_slips'); END;
          CREATE TRIGGER deposit_slips_frozen_delete BEFORE DELETE ON deposit_slips
            BEGIN SELECT RAISE(ABORT, 'frozen: deposit_slips'); END;
          CREATE TABLE deposited_cheques (
            receipt_id TEXT PRIMARY KEY REFERENCES receipts (id),
            slip INTEGER NOT NULL REFERENCES deposit_slips (seq)
          ) STRICT, WITHOUT ROWID;
          CREATE INDEX deposited_cheques_of_slip ON deposited_cheques (slip, receipt_id);
          CREATE TRIGGER deposited_cheques_frozen_update BEFORE UPDATE ON deposited_cheques
            BEGIN SELECT RAISE(ABORT, 'frozen: deposited_cheques'); END;
          CREATE TRIGGER deposited_cheques_frozen_delete BEFORE DELETE ON deposited_cheques
            BEGIN SELECT RAISE(ABORT, 'frozen: deposited_cheques'); END;
          CREATE INDEX receipts_by_cheque ON receipts (seq) WHERE means = 'cheque';",
}];

/// A cheque in the drawer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChequeRow {
    /// Its receipt.
    pub receipt: ReceiptId,
    /// The invoice that it pays.
    pub invoice: InvoiceId,
    /// Day received, in France.
    pub date: Date,
    /// How much.
    pub amount: Cents,
}

/// A deposit slip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlipRow {
    /// Reference, unique over all slips.
    pub reference: String,
    /// Day it was taken to the bank, in France.
    pub date: Date,
    /// Sum of its cheques.
    pub amount: Cents,
    /// Count of its cheques.
    pub cheques: u32,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// Count and sums of all slips, and of all cheques.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChequeSums {
    /// Count of slips.
    pub slips: u64,
    /// Sum of all cheques that came in.
    pub received: Cents,
    /// Sum of all slips.
    pub deposited: Cents,
}

fn slip(row: &Row<'_>) -> rusqlite::Result<SlipRow> {
    Ok(SlipRow {
        reference: row.get("reference")?,
        date: date(row, "date")?,
        amount: cents(row, "amount")?,
        cheques: row.get("cheques")?,
        recorded_at: instant(row, "recorded_at")?,
    })
}

const SLIPS: &str =
    "SELECT s.*, (SELECT COUNT(*) FROM deposited_cheques d WHERE d.slip = s.seq) AS cheques
     FROM deposit_slips s";

impl Reader<'_> {
    /// Cheques that were not taken to the bank yet, oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn cheques_to_deposit(&self) -> Result<Vec<ChequeRow>, Error> {
        self.all(
            "SELECT id, invoice_id, date, amount FROM receipts
             WHERE means = 'cheque' AND id NOT IN (SELECT receipt_id FROM deposited_cheques)
             ORDER BY seq",
            [],
            |row| {
                Ok(ChequeRow {
                    receipt: text(row, "id")?,
                    invoice: text(row, "invoice_id")?,
                    date: date(row, "date")?,
                    amount: cents(row, "amount")?,
                })
            },
        )
    }

    /// Slips, newest first; at most `limit`.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn deposit_slips(&self, limit: u32) -> Result<Vec<SlipRow>, Error> {
        self.all(
            &format!("{SLIPS} ORDER BY s.seq DESC LIMIT ?1"),
            [limit],
            slip,
        )
    }

    /// Whether a slip has this reference.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn has_deposit_slip(&self, reference: &str) -> Result<bool, Error> {
        self.one(
            "SELECT EXISTS (SELECT 1 FROM deposit_slips WHERE reference = ?1)",
            [reference],
            |row| row.get(0),
        )
    }

    /// The slips that cheques of an invoice went to the bank with, and how much of each is of them.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn deposit_slips_of(&self, invoice: InvoiceId) -> Result<Vec<(SlipRow, Cents)>, Error> {
        self.all(
            "SELECT s.*, COUNT(*) AS cheques, SUM(r.amount) AS own
             FROM receipts r JOIN deposited_cheques d ON d.receipt_id = r.id
             JOIN deposit_slips s ON s.seq = d.slip
             WHERE r.invoice_id = ?1 GROUP BY s.seq ORDER BY s.seq",
            [invoice.to_string()],
            |row| Ok((slip(row)?, cents(row, "own")?)),
        )
    }

    /// Count and sums of all slips and cheques.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn cheque_sums(&self) -> Result<ChequeSums, Error> {
        self.one(
            "SELECT (SELECT COUNT(*) FROM deposit_slips) AS slips,
               (SELECT COALESCE(SUM(amount), 0) FROM receipts WHERE means = 'cheque') AS received,
               (SELECT COALESCE(SUM(amount), 0) FROM deposit_slips) AS deposited",
            [],
            |row| {
                Ok(ChequeSums {
                    slips: row.get("slips")?,
                    received: cents(row, "received")?,
                    deposited: cents(row, "deposited")?,
                })
            },
        )
    }

    /// Slips that are not the sum of their cheques, or hold something else (there must be none).
    ///
    /// # Errors
    /// A failure of the database.
    pub fn slips_against_cheques(&self) -> Result<Vec<String>, Error> {
        self.all(
            "SELECT s.reference AS reference FROM deposit_slips s
             LEFT JOIN deposited_cheques d ON d.slip = s.seq LEFT JOIN receipts r ON r.id = d.receipt_id
             GROUP BY s.seq
             HAVING COALESCE(SUM(r.amount), 0) <> s.amount OR COUNT(*) FILTER (WHERE r.means <> 'cheque') > 0",
            [],
            |row| row.get("reference"),
        )
    }
}

impl Writer<'_> {
    /// Records a slip with its cheques.
    ///
    /// # Errors
    /// A constraint `deposit_slips.reference` or `deposited_cheques.receipt_id` for what there is already.
    pub fn insert_deposit_slip(&self, row: &SlipRow, receipts: &[ReceiptId]) -> Result<(), Error> {
        self.execute(
            "INSERT INTO deposit_slips (reference, date, amount, recorded_at) VALUES (?1, ?2, ?3, ?4)",
            (
                &row.reference,
                row.date.to_string(),
                row.amount.get(),
                row.recorded_at.as_microsecond(),
            ),
        )?;
        for receipt in receipts {
            self.execute(
                "INSERT INTO deposited_cheques (receipt_id, slip)
                 SELECT ?1, seq FROM deposit_slips WHERE reference = ?2",
                (receipt.to_string(), &row.reference),
            )?;
        }
        Ok(())
    }
}
