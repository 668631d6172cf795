//! Lines of statements, understood or not, and what somebody said about them. Append-only; a line that two statements
//! show is there once.

use acquit_accounting::statement::{Answer, Kept, Known, LineKind};
use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::numbering::DocumentNumber;
use acquit_domain::remote::PaymentId;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{cents, date, json, to_json, word};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[
    Step {
    id: "2026-11-27-22-statement-entries",
    sql: "CREATE TABLE statement_entries (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            statement INTEGER NOT NULL REFERENCES statements (seq),
            key TEXT NOT NULL UNIQUE,
            -- Of lines that were understood alone.
            date TEXT,
            amount INTEGER CHECK ((amount IS NULL) = (date IS NULL)),
            body TEXT NOT NULL
          ) STRICT;
          CREATE INDEX statement_entries_by_date ON statement_entries (date, seq, amount);
          CREATE INDEX statement_entries_unread ON statement_entries (seq) WHERE date IS NULL;
          CREATE TRIGGER statement_entries_frozen_update BEFORE UPDATE ON statement_entries
            BEGIN SELECT RAISE(ABORT, 'frozen: statement_entries'); END;
          CREATE TRIGGER statement_entries_frozen_delete BEFORE DELETE ON statement_entries
            BEGIN SELECT RAISE(ABORT, 'frozen: statement_entries'); END;
          -- The latest about a line counts; day and amount are those of a line that did not tell them.
          CREATE TABLE statement_answers (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            line INTEGER NOT NULL REFERENCES statement_entries (seq),
            date TEXT,
            amount INTEGER,
            body TEXT NOT NULL,
            recorded_at INTEGER NOT NULL
          ) STRICT;
          CREATE INDEX statement_answers_of_line ON statement_answers (line, seq);
          CREATE TRIGGER statement_answers_frozen_update BEFORE UPDATE ON statement_answers
            BEGIN SELECT RAISE(ABORT, 'frozen: statement_answers'); END;
          CREATE TRIGGER statement_answers_frozen_delete BEFORE DELETE ON statement_answers
            BEGIN SELECT RAISE(ABORT, 'frozen: statement_answers'); END;",
    },
    Step {
        id: "2026-11-27-61-statement-payments",
        sql: "CREATE INDEX statement_entries_by_payment ON statement_entries (json_extract(body, '$.line.payment'));",
    },
];

/// A line of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementEntryRow {
    /// Order of recording.
    pub seq: u64,
    /// Name of its statement's file.
    pub statement: String,
    /// What it says.
    pub kept: Kept,
    /// What was said about it last.
    pub answer: Option<Answer>,
}

/// A movement of the account that comes from a customer, as the books have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownRow {
    /// The movement.
    pub known: Known,
    /// The day it is booked on: later than it happened where that was closed.
    pub booked: Date,
    /// Its invoice.
    pub invoice: InvoiceId,
    /// Number of the invoice.
    pub number: DocumentNumber,
    /// Name of the customer.
    pub customer: String,
}

/// Each line with the last answer about it.
const ENTRIES: &str = "SELECT e.seq AS seq, e.body AS body, s.name AS name, a.body AS answer
     FROM statement_entries e JOIN statements s ON s.seq = e.statement
     LEFT JOIN statement_answers a ON a.seq = (SELECT MAX(seq) FROM statement_answers WHERE line = e.seq)";

fn read(row: &Row<'_>) -> rusqlite::Result<StatementEntryRow> {
    let answered: Option<String> = row.get("answer")?;
    Ok(StatementEntryRow {
        seq: row.get("seq")?,
        statement: row.get("name")?,
        kept: json(row, "body")?,
        answer: match answered {
            Some(_) => Some(json(row, "answer")?),
            None => None,
        },
    })
}

/// Receipts, refunds, chargebacks and those that were won, of PayPlug alone: what happened or was booked in a span.
const KNOWN: &str = "SELECT k.*, d.number AS number, json_extract(d.body, '$.buyer.name') AS customer
     FROM (SELECT 'payment' AS kind, r.payment AS piece, r.payment, r.date, COALESCE(l.booked_on, r.date) AS booked,
             r.amount, r.invoice_id, r.seq
             FROM receipts r LEFT JOIN late_bookings l ON l.movement = r.id
             WHERE r.payment IS NOT NULL AND (r.date BETWEEN ?1 AND ?2 OR l.booked_on BETWEEN ?1 AND ?2)
           UNION ALL
           SELECT 'refund', f.id, r.payment, f.date, COALESCE(l.booked_on, f.date), -f.amount, r.invoice_id, r.seq
             FROM refunds f JOIN receipts r ON r.id = f.receipt_id LEFT JOIN late_bookings l ON l.movement = f.id
             WHERE f.date BETWEEN ?1 AND ?2 OR l.booked_on BETWEEN ?1 AND ?2
           UNION ALL
           SELECT 'chargeback', r.payment, r.payment, c.date, c.date, -c.amount, r.invoice_id, c.seq
             FROM chargebacks c JOIN receipts r ON r.id = c.receipt_id WHERE c.date BETWEEN ?1 AND ?2
           UNION ALL
           SELECT 'chargeback_won', r.payment, r.payment, o.date, o.date, c.amount, r.invoice_id, c.seq
             FROM chargeback_outcomes o JOIN chargebacks c ON c.id = o.chargeback_id
             JOIN receipts r ON r.id = c.receipt_id WHERE o.outcome = 'won' AND o.date BETWEEN ?1 AND ?2) k
     JOIN documents d ON d.id = k.invoice_id ORDER BY k.date, k.seq, k.kind, k.piece";

fn known(row: &Row<'_>) -> rusqlite::Result<KnownRow> {
    let kind: LineKind = word(row, "kind")?;
    Ok(KnownRow {
        known: Known {
            kind,
            piece: row.get("piece")?,
            payment: row.get("payment")?,
            date: date(row, "date")?,
            amount: cents(row, "amount")?,
            line: None,
        },
        booked: date(row, "booked")?,
        invoice: crate::rows::text(row, "invoice_id")?,
        number: crate::rows::text(row, "number")?,
        customer: row.get("customer")?,
    })
}

impl Reader<'_> {
    /// Lines of the days from `first` to `last`, and those that were said to be of these days; in order of recording.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn statement_entries(
        &self,
        first: Date,
        last: Date,
    ) -> Result<Vec<StatementEntryRow>, Error> {
        self.all(
            &format!(
                "{ENTRIES} WHERE e.date BETWEEN ?1 AND ?2 OR (e.date IS NULL AND a.date BETWEEN ?1 AND ?2) ORDER BY e.seq"
            ),
            (first.to_string(), last.to_string()),
            read,
        )
    }

    /// The line with a sequence.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn statement_entry(&self, seq: u64) -> Result<Option<StatementEntryRow>, Error> {
        self.first(&format!("{ENTRIES} WHERE e.seq = ?1"), [seq], read)
    }

    /// The lines about a PayPlug payment, of whatever kind, in order of recording.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn statement_entries_of(
        &self,
        payment: &PaymentId,
    ) -> Result<Vec<StatementEntryRow>, Error> {
        self.all(
            &format!("{ENTRIES} WHERE json_extract(e.body, '$.line.payment') = ?1 ORDER BY e.seq"),
            [payment.as_str()],
            read,
        )
    }

    /// Lines that were not understood and nobody said anything about.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn statement_entries_unread(&self) -> Result<Vec<StatementEntryRow>, Error> {
        self.all(
            &format!("{ENTRIES} WHERE e.date IS NULL AND a.seq IS NULL ORDER BY e.seq"),
            [],
            read,
        )
    }

    /// Whether a statement has shown a line already.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn has_statement_entry(&self, key: &str) -> Result<bool, Error> {
        self.one(
            "SELECT EXISTS (SELECT 1 FROM statement_entries WHERE key = ?1)",
            [key],
            |row| row.get(0),
        )
    }

    /// What the lines of the days from `first` to `last` add up to, in cents.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn statement_sum(&self, first: Date, last: Date) -> Result<Cents, Error> {
        self.one(
            "SELECT (SELECT COALESCE(SUM(amount), 0) FROM statement_entries WHERE date BETWEEN ?1 AND ?2)
               + (SELECT COALESCE(SUM(a.amount), 0) FROM statement_entries e JOIN statement_answers a
                    ON a.seq = (SELECT MAX(seq) FROM statement_answers WHERE line = e.seq)
                  WHERE e.date IS NULL AND a.date BETWEEN ?1 AND ?2) AS moved",
            (first.to_string(), last.to_string()),
            |row| cents(row, "moved"),
        )
    }

    /// What customers paid, got back and disputed at PayPlug on the days from `first` to `last`, or what was booked on
    /// them, as the books have it.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn known_of_customers(&self, first: Date, last: Date) -> Result<Vec<KnownRow>, Error> {
        self.all(KNOWN, (first.to_string(), last.to_string()), known)
    }

    /// What is booked on an account up to a day: debits less credits, in cents.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn account_balance(&self, account: &str, until: Date) -> Result<Cents, Error> {
        self.one(
            "SELECT COALESCE(SUM(l.debit - l.credit), 0) AS balance FROM entry_lines l JOIN entries e ON e.seq = l.entry
             WHERE l.account = ?1 AND e.date <= ?2",
            (account, until.to_string()),
            |row| cents(row, "balance"),
        )
    }
}

impl Writer<'_> {
    /// Records a line of a statement.
    ///
    /// # Errors
    /// A constraint `statement_entries.key` for a line that is there already.
    pub fn insert_statement_entry(&self, statement: u64, kept: &Kept) -> Result<(), Error> {
        let (date, amount) = match kept {
            Kept::Line(line) => (Some(line.date.to_string()), Some(line.amount.get())),
            Kept::Unread(_) => (None, None),
        };
        self.execute(
            "INSERT INTO statement_entries (statement, key, date, amount, body) VALUES (?1, ?2, ?3, ?4, ?5)",
            (statement, kept.key(), date, amount, to_json(kept)?),
        )?;
        Ok(())
    }

    /// Records what somebody said about a line.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn insert_statement_answer(
        &self,
        line: u64,
        answer: &Answer,
        now: Timestamp,
    ) -> Result<(), Error> {
        let (date, amount) = match answer {
            Answer::Is { date, amount, .. } => (Some(date.to_string()), Some(amount.get())),
            Answer::SetAside { .. } => (None, None),
        };
        self.execute(
            "INSERT INTO statement_answers (line, date, amount, body, recorded_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            (line, date, amount, to_json(answer)?, now.as_microsecond()),
        )?;
        Ok(())
    }
}
