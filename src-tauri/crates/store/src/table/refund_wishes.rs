//! Refunds that are asked for here: at most one open wish per invoice, each with our own UUID.

use acquit_domain::Cents;
use acquit_domain::id::{InvoiceId, ReceiptId, RefundWishId};
use acquit_domain::refund::{RefundWish, RefundWishState};
use acquit_domain::remote::RefundId;
use jiff::Timestamp;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{cents, instant, mistyped, text};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-25-22-refund-wishes",
    sql: "CREATE TABLE refund_wishes (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            invoice_id TEXT NOT NULL REFERENCES documents (id),
            receipt_id TEXT NOT NULL REFERENCES receipts (id),
            amount INTEGER NOT NULL CHECK (amount > 0),
            state TEXT NOT NULL CHECK (state IN ('requested', 'attempted', 'done', 'refused', 'withdrawn')),
            code TEXT CHECK ((code IS NOT NULL) = (state = 'refused')),
            refund_id TEXT UNIQUE REFERENCES refunds (id) CHECK ((refund_id IS NOT NULL) = (state = 'done')),
            wished_at INTEGER NOT NULL,
            changed_at INTEGER NOT NULL
          ) STRICT;
          CREATE UNIQUE INDEX one_open_refund_wish ON refund_wishes (invoice_id)
            WHERE state IN ('requested', 'attempted');
          CREATE INDEX refund_wishes_of_invoice ON refund_wishes (invoice_id, seq);
          -- What was wished for never changes, only where it stands.
          CREATE TRIGGER refund_wishes_fixed BEFORE UPDATE OF id, invoice_id, receipt_id, amount, wished_at ON refund_wishes
            BEGIN SELECT RAISE(ABORT, 'frozen: refund_wishes'); END;
          CREATE TRIGGER refund_wishes_frozen_delete BEFORE DELETE ON refund_wishes
            BEGIN SELECT RAISE(ABORT, 'frozen: refund_wishes'); END;",
}];

/// A wish and when its state last changed.
#[derive(Clone, Debug)]
pub struct RefundWishRow {
    /// The wish.
    pub wish: RefundWish,
    /// When its state last changed.
    pub changed_at: Timestamp,
}

fn state(row: &Row<'_>) -> rusqlite::Result<RefundWishState> {
    let code: String = row.get("state")?;
    Ok(match code.as_str() {
        "requested" => RefundWishState::Requested,
        "attempted" => RefundWishState::Attempted,
        "done" => RefundWishState::Done,
        "refused" => RefundWishState::Refused {
            code: row.get("code")?,
        },
        "withdrawn" => RefundWishState::Withdrawn,
        _ => return Err(mistyped("state")),
    })
}

fn read(row: &Row<'_>) -> rusqlite::Result<RefundWishRow> {
    Ok(RefundWishRow {
        wish: RefundWish {
            id: text(row, "id")?,
            invoice: text(row, "invoice_id")?,
            receipt: text(row, "receipt_id")?,
            amount: cents(row, "amount")?,
            state: state(row)?,
            wished_at: instant(row, "wished_at")?,
        },
        changed_at: instant(row, "changed_at")?,
    })
}

impl Reader<'_> {
    /// A wish.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn refund_wish(&self, id: RefundWishId) -> Result<Option<RefundWishRow>, Error> {
        self.first(
            "SELECT * FROM refund_wishes WHERE id = ?1",
            [id.to_string()],
            read,
        )
    }

    /// All wishes of an invoice, oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn refund_wishes_of(&self, invoice: InvoiceId) -> Result<Vec<RefundWishRow>, Error> {
        self.all(
            "SELECT * FROM refund_wishes WHERE invoice_id = ?1 ORDER BY seq",
            [invoice.to_string()],
            read,
        )
    }

    /// Wishes that the refund outbox has to move, oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn open_refund_wishes(&self) -> Result<Vec<RefundWishRow>, Error> {
        self.all(
            "SELECT * FROM refund_wishes WHERE state IN ('requested', 'attempted') ORDER BY seq",
            [],
            read,
        )
    }

    /// How much the open wishes would take of a receipt.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn wished_back(&self, receipt: ReceiptId) -> Result<Cents, Error> {
        self.one(
            "SELECT COALESCE(SUM(amount), 0) AS wished FROM refund_wishes
             WHERE receipt_id = ?1 AND state IN ('requested', 'attempted')",
            [receipt.to_string()],
            |row| cents(row, "wished"),
        )
    }

    /// Whether a refund of a wish's receipt became known after the wish: while the wish is open, it
    /// is another one's.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn is_overtaken(&self, wish: RefundWishId) -> Result<bool, Error> {
        self.one(
            "SELECT EXISTS (SELECT 1 FROM refund_wishes w JOIN refunds f ON f.receipt_id = w.receipt_id
                            WHERE w.id = ?1 AND f.recorded_at > w.wished_at)",
            [wish.to_string()],
            |row| row.get(0),
        )
    }

    /// Wishes said to be done without a refund of their receipt (there must be none).
    ///
    /// # Errors
    /// A failure of the database.
    pub fn wishes_without_refund(&self) -> Result<Vec<RefundWishId>, Error> {
        self.all(
            "SELECT w.id AS id FROM refund_wishes w LEFT JOIN refunds f ON f.id = w.refund_id
             WHERE w.state = 'done' AND (f.id IS NULL OR f.receipt_id <> w.receipt_id)",
            [],
            |row| text(row, "id"),
        )
    }
}

impl Writer<'_> {
    /// Adds a wish.
    ///
    /// # Errors
    /// A constraint `refund_wishes.invoice_id` when the invoice has an open wish already.
    pub fn insert_refund_wish(&self, wish: &RefundWish) -> Result<(), Error> {
        self.execute(
            "INSERT INTO refund_wishes (id, invoice_id, receipt_id, amount, state, wished_at, changed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
            (
                wish.id.to_string(),
                wish.invoice.to_string(),
                wish.receipt.to_string(),
                wish.amount.get(),
                wish.state.code(),
                wish.wished_at.as_microsecond(),
            ),
        )?;
        Ok(())
    }

    /// Records where a wish stands now; `refund` is the one that was made, once it is.
    ///
    /// # Errors
    /// A constraint `refund_wishes.refund_id` when another wish has that refund.
    pub fn set_refund_wish(
        &self,
        id: RefundWishId,
        state: &RefundWishState,
        refund: Option<&RefundId>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let code = match state {
            RefundWishState::Refused { code } => Some(code.as_str()),
            _ => None,
        };
        self.execute(
            "UPDATE refund_wishes SET state = ?2, code = ?3, refund_id = ?4, changed_at = ?5 WHERE id = ?1",
            (
                id.to_string(),
                state.code(),
                code,
                refund.map(RefundId::as_str),
                now.as_microsecond(),
            ),
        )?;
        Ok(())
    }
}
