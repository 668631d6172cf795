//! Receipts, their allocation, refunds. Each PayPlug id at most once.

use acquit_domain::Cents;
use acquit_domain::id::{InvoiceId, ReceiptId};
use acquit_domain::receipt::{PayplugSource, Receipt, Refund};
use acquit_domain::remote::{Card, PaymentId, RefundId};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{cents, date, instant, mistyped, text, to_word, word};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-23-50-receipts",
    sql: "CREATE TABLE receipts (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            invoice_id TEXT NOT NULL REFERENCES documents (id),
            date TEXT NOT NULL,
            amount INTEGER NOT NULL CHECK (amount > 0),
            means TEXT NOT NULL,
            payment TEXT UNIQUE CHECK ((payment IS NOT NULL) = (means = 'card_payplug')),
            paid_at INTEGER,
            card_brand TEXT,
            card_last4 TEXT,
            recorded_at INTEGER NOT NULL
          ) STRICT;
          CREATE INDEX receipts_of_invoice ON receipts (invoice_id, seq, amount);
          CREATE TRIGGER receipts_frozen_update BEFORE UPDATE ON receipts
            BEGIN SELECT RAISE(ABORT, 'frozen: receipts'); END;
          CREATE TRIGGER receipts_frozen_delete BEFORE DELETE ON receipts
            BEGIN SELECT RAISE(ABORT, 'frozen: receipts'); END;
          -- The part of a receipt that settles its invoice; the rest is the customer's credit.
          CREATE TABLE allocations (
            receipt_id TEXT NOT NULL REFERENCES receipts (id),
            invoice_id TEXT NOT NULL REFERENCES documents (id),
            amount INTEGER NOT NULL CHECK (amount > 0),
            PRIMARY KEY (receipt_id, invoice_id)
          ) STRICT, WITHOUT ROWID;
          CREATE TABLE refunds (
            id TEXT PRIMARY KEY,
            receipt_id TEXT NOT NULL REFERENCES receipts (id),
            date TEXT NOT NULL,
            amount INTEGER NOT NULL CHECK (amount > 0),
            recorded_at INTEGER NOT NULL
          ) STRICT, WITHOUT ROWID;
          CREATE INDEX refunds_of_receipt ON refunds (receipt_id, amount);
          CREATE TRIGGER refunds_frozen_update BEFORE UPDATE ON refunds
            BEGIN SELECT RAISE(ABORT, 'frozen: refunds'); END;
          CREATE TRIGGER refunds_frozen_delete BEFORE DELETE ON refunds
            BEGIN SELECT RAISE(ABORT, 'frozen: refunds'); END;",
}];

/// A receipt and the sum of its refunds.
#[derive(Clone, Debug)]
pub struct ReceiptRow {
    /// The receipt.
    pub receipt: Receipt,
    /// Sum of its refunds.
    pub refunded: Cents,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// What came in over some days; refunds, chargebacks and overpayments given back taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceivedSums {
    /// By card through PayPlug.
    pub card: Cents,
    /// By any other means.
    pub other: Cents,
}

const RECEIPTS: &str = "SELECT r.*, (SELECT COALESCE(SUM(f.amount), 0) FROM refunds f WHERE f.receipt_id = r.id) AS refunded
     FROM receipts r";

fn source(row: &Row<'_>) -> rusqlite::Result<Option<PayplugSource>> {
    let Some(payment) = row.get::<_, Option<String>>("payment")? else {
        return Ok(None);
    };
    let card = Card {
        brand: row.get("card_brand")?,
        last4: row.get("card_last4")?,
    };
    Ok(Some(PayplugSource {
        payment: PaymentId::parse(&payment).ok_or_else(|| mistyped("payment"))?,
        paid_at: instant(row, "paid_at")?,
        card: (card.brand.is_some() || card.last4.is_some()).then_some(card),
    }))
}

fn read(row: &Row<'_>) -> rusqlite::Result<ReceiptRow> {
    let receipt = Receipt {
        id: text(row, "id")?,
        invoice: text(row, "invoice_id")?,
        date: date(row, "date")?,
        amount: cents(row, "amount")?,
        means: word(row, "means")?,
        payplug: source(row)?,
    };
    Ok(ReceiptRow {
        receipt,
        refunded: cents(row, "refunded")?,
        recorded_at: instant(row, "recorded_at")?,
    })
}

impl Reader<'_> {
    /// The receipts of an invoice, oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn receipts_of(&self, invoice: InvoiceId) -> Result<Vec<ReceiptRow>, Error> {
        self.all(
            &format!("{RECEIPTS} WHERE r.invoice_id = ?1 ORDER BY r.seq"),
            [invoice.to_string()],
            read,
        )
    }

    /// The receipt of a PayPlug payment.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn receipt_of_payment(&self, payment: &PaymentId) -> Result<Option<ReceiptRow>, Error> {
        self.first(
            &format!("{RECEIPTS} WHERE r.payment = ?1"),
            [payment.as_str()],
            read,
        )
    }

    /// The last receipts of all invoices, newest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn last_receipts(&self, limit: u32) -> Result<Vec<ReceiptRow>, Error> {
        self.all(
            &format!("{RECEIPTS} ORDER BY r.seq DESC LIMIT ?1"),
            [limit],
            read,
        )
    }

    /// What came in from `first` to `last`.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn received_between(&self, first: Date, last: Date) -> Result<ReceivedSums, Error> {
        self.one(
            "SELECT COALESCE(SUM(amount) FILTER (WHERE means = 'card_payplug'), 0)
                 - (SELECT COALESCE(SUM(amount), 0) FROM refunds WHERE date BETWEEN ?1 AND ?2)
                 - (SELECT COALESCE(SUM(amount), 0) FROM chargebacks WHERE date BETWEEN ?1 AND ?2)
                 + (SELECT COALESCE(SUM(c.amount), 0) FROM chargebacks c
                    JOIN chargeback_outcomes o ON o.chargeback_id = c.id
                    WHERE o.outcome = 'won' AND o.date BETWEEN ?1 AND ?2) AS card,
               COALESCE(SUM(amount) FILTER (WHERE means <> 'card_payplug'), 0)
                 - (SELECT COALESCE(SUM(amount), 0) FROM adjustments
                    WHERE kind = 'returned' AND json_extract(body, '$.date') BETWEEN ?1 AND ?2) AS other
             FROM receipts WHERE date BETWEEN ?1 AND ?2",
            (first.to_string(), last.to_string()),
            |row| {
                Ok(ReceivedSums {
                    card: cents(row, "card")?,
                    other: cents(row, "other")?,
                })
            },
        )
    }

    /// The refunds of an invoice's receipts, in order of recording.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn refunds_of(&self, invoice: InvoiceId) -> Result<Vec<Refund>, Error> {
        self.all(
            "SELECT f.* FROM refunds f JOIN receipts r ON r.id = f.receipt_id
             WHERE r.invoice_id = ?1 ORDER BY f.recorded_at, f.id",
            [invoice.to_string()],
            |row| {
                let id: String = row.get("id")?;
                Ok(Refund {
                    id: RefundId::parse(&id).ok_or_else(|| mistyped("id"))?,
                    receipt: text(row, "receipt_id")?,
                    date: date(row, "date")?,
                    amount: cents(row, "amount")?,
                })
            },
        )
    }

    /// When the refunds of an invoice's receipts were recorded, and how much each is.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn refund_times_of(&self, invoice: InvoiceId) -> Result<Vec<(Timestamp, Cents)>, Error> {
        self.all(
            "SELECT f.recorded_at AS recorded_at, f.amount AS amount
             FROM refunds f JOIN receipts r ON r.id = f.receipt_id
             WHERE r.invoice_id = ?1 ORDER BY f.recorded_at, f.id",
            [invoice.to_string()],
            |row| Ok((instant(row, "recorded_at")?, cents(row, "amount")?)),
        )
    }

    /// Invoices with something to pay of which money went back.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn refunded_outstanding(&self) -> Result<Vec<InvoiceId>, Error> {
        self.all(
            "SELECT DISTINCT l.id AS id FROM receipts r JOIN invoice_list l ON l.id = r.invoice_id
             WHERE l.status IN ('finalised', 'partly_paid')
               AND (EXISTS (SELECT 1 FROM refunds f WHERE f.receipt_id = r.id)
                 OR EXISTS (SELECT 1 FROM chargebacks c WHERE c.receipt_id = r.id))
             ORDER BY l.seq",
            [],
            |row| text(row, "id"),
        )
    }

    /// Whether a refund is recorded.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn has_refund(&self, id: &RefundId) -> Result<bool, Error> {
        self.one(
            "SELECT EXISTS (SELECT 1 FROM refunds WHERE id = ?1)",
            [id.as_str()],
            |row| row.get(0),
        )
    }

    /// Receipts whose allocations exceed their amount (there must be none).
    ///
    /// # Errors
    /// A failure of the database.
    pub fn overallocated_receipts(&self) -> Result<Vec<ReceiptId>, Error> {
        self.all(
            "SELECT r.id AS id FROM receipts r JOIN allocations a ON a.receipt_id = r.id
             GROUP BY r.id HAVING SUM(a.amount) > r.amount",
            [],
            |row| text(row, "id"),
        )
    }

    /// Paid links without exactly one receipt of their amount (there must be none).
    ///
    /// # Errors
    /// A failure of the database.
    pub fn paid_links_without_receipt(&self) -> Result<Vec<String>, Error> {
        self.all(
            "SELECT l.payment AS payment FROM links l LEFT JOIN receipts r ON r.payment = l.payment
             WHERE l.state IN ('paid', 'partly_refunded', 'refunded', 'disputed')
             GROUP BY l.payment HAVING COUNT(r.id) <> 1 OR MAX(r.amount) <> MAX(l.amount)
             UNION ALL
             SELECT r.payment FROM receipts r LEFT JOIN links l ON l.payment = r.payment
             WHERE r.payment IS NOT NULL AND (l.id IS NULL OR l.state NOT IN ('paid', 'partly_refunded', 'refunded', 'disputed'))",
            [],
            |row| row.get("payment"),
        )
    }

    /// Count of receipts, sum of card receipts, sum of refunds.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn receipt_sums(&self) -> Result<(u64, Cents, Cents), Error> {
        self.one(
            "SELECT COUNT(*) AS n, COALESCE(SUM(CASE WHEN means = 'card_payplug' THEN amount END), 0) AS cards,
               (SELECT COALESCE(SUM(amount), 0) FROM refunds) AS back FROM receipts",
            [],
            |row| Ok((row.get("n")?, cents(row, "cards")?, cents(row, "back")?)),
        )
    }
}

impl Writer<'_> {
    /// Records a receipt and the part of it that settles its invoice.
    ///
    /// # Errors
    /// A constraint `receipts.payment` when that PayPlug payment has a receipt already.
    pub fn insert_receipt(
        &self,
        receipt: &Receipt,
        allocated: Cents,
        now: Timestamp,
    ) -> Result<(), Error> {
        let source = receipt.payplug.as_ref();
        let card = source.and_then(|source| source.card.as_ref());
        self.execute(
            "INSERT INTO receipts (id, invoice_id, date, amount, means, payment, paid_at, card_brand, card_last4, recorded_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            (
                receipt.id.to_string(),
                receipt.invoice.to_string(),
                receipt.date.to_string(),
                receipt.amount.get(),
                to_word(&receipt.means)?,
                source.map(|source| source.payment.as_str()),
                source.map(|source| source.paid_at.as_microsecond()),
                card.and_then(|card| card.brand.as_deref()),
                card.and_then(|card| card.last4.as_deref()),
                now.as_microsecond(),
            ),
        )?;
        if allocated.is_positive() {
            self.execute(
                "INSERT INTO allocations (receipt_id, invoice_id, amount) VALUES (?1, ?2, ?3)",
                (
                    receipt.id.to_string(),
                    receipt.invoice.to_string(),
                    allocated.get(),
                ),
            )?;
        }
        Ok(())
    }

    /// Records a refund.
    ///
    /// # Errors
    /// A constraint `refunds.id` when it is recorded already.
    pub fn insert_refund(&self, refund: &Refund, now: Timestamp) -> Result<(), Error> {
        self.execute(
            "INSERT INTO refunds (id, receipt_id, date, amount, recorded_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            (
                refund.id.as_str(),
                refund.receipt.to_string(),
                refund.date.to_string(),
                refund.amount.get(),
                now.as_microsecond(),
            ),
        )?;
        Ok(())
    }
}
