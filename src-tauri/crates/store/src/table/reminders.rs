//! Reminders: which mail reminds of which invoice at which level, the owner's plan, and who is left alone.

use std::collections::BTreeMap;

use acquit_domain::Cents;
use acquit_domain::date::paris_day;
use acquit_domain::id::{CustomerId, InvoiceId, MailId};
use acquit_domain::reminder::{Level, Past, ReminderPlan};
use jiff::civil::Date;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{cents, date, instant, json, text, to_json, to_word, word};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-26-30-reminders",
    sql: "CREATE TABLE reminders (
            mail_id TEXT NOT NULL REFERENCES mails (id),
            invoice_id TEXT NOT NULL REFERENCES documents (id),
            level TEXT NOT NULL CHECK (level IN ('before_due', 'first', 'second', 'third', 'formal_notice')),
            day TEXT NOT NULL,
            is_void INTEGER NOT NULL DEFAULT 0 CHECK (is_void IN (0, 1)),
            PRIMARY KEY (mail_id, invoice_id)
          ) STRICT, WITHOUT ROWID;
          CREATE UNIQUE INDEX one_reminder ON reminders (invoice_id, level) WHERE NOT is_void;
          CREATE INDEX reminders_of_invoice ON reminders (invoice_id);
          CREATE TRIGGER reminders_fixed BEFORE UPDATE OF mail_id, invoice_id, level, day ON reminders
            BEGIN SELECT RAISE(ABORT, 'frozen: reminders'); END;
          CREATE TRIGGER reminders_frozen_delete BEFORE DELETE ON reminders
            BEGIN SELECT RAISE(ABORT, 'frozen: reminders'); END;
          CREATE TABLE reminder_plan (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            body TEXT NOT NULL
          ) STRICT;
          CREATE TABLE reminder_exclusions (
            customer_id TEXT PRIMARY KEY REFERENCES customers (id)
          ) STRICT, WITHOUT ROWID;
          CREATE TABLE reminder_pauses (
            invoice_id TEXT PRIMARY KEY REFERENCES documents (id),
            until TEXT NOT NULL
          ) STRICT, WITHOUT ROWID;",
}];

/// An outstanding invoice that a reminder may be due for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemindableRow {
    /// Which invoice.
    pub invoice: InvoiceId,
    /// Whose.
    pub customer: CustomerId,
    /// When it was issued.
    pub issue_date: Date,
    /// When it was due.
    pub due_date: Date,
    /// Still to pay, as cached.
    pub remaining: Cents,
    /// Reminders that it had.
    pub past: Vec<Past>,
}

/// An invoice that a mail reminds of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReminderRow {
    /// Which invoice.
    pub invoice: InvoiceId,
    /// How firmly.
    pub level: Level,
}

fn past(row: &Row<'_>) -> rusqlite::Result<Past> {
    Ok(Past {
        level: word(row, "level")?,
        // A reminder counts from the day it left.
        day: paris_day(instant(row, "changed_at")?),
    })
}

impl Reader<'_> {
    /// Outstanding invoices due by `horizon` whose customers are reminded, which are not put off beyond
    /// `today`, and of which no reminder is still on its way; oldest due first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn remindable(&self, horizon: Date, today: Date) -> Result<Vec<RemindableRow>, Error> {
        let mut had: BTreeMap<InvoiceId, Vec<Past>> = BTreeMap::new();
        let rows = self.all(
            "SELECT reminders.invoice_id, level, mails.changed_at FROM reminders
             JOIN invoice_list ON invoice_list.id = reminders.invoice_id
             JOIN mails ON mails.id = reminders.mail_id
             WHERE NOT is_void AND invoice_list.status IN ('finalised', 'partly_paid')",
            [],
            |row| Ok((text::<InvoiceId>(row, "invoice_id")?, past(row)?)),
        )?;
        for (invoice, past) in rows {
            had.entry(invoice).or_default().push(past);
        }
        self.all(
            "SELECT invoice_list.id, documents.customer_id, due_date, remaining,
               json_extract(documents.body, '$.issue_date') AS issue_date
             FROM invoice_list JOIN documents ON documents.id = invoice_list.id
             WHERE invoice_list.kind = 'invoice' AND status IN ('finalised', 'partly_paid') AND due_date <= ?1
               AND documents.customer_id NOT IN (SELECT customer_id FROM reminder_exclusions)
               AND invoice_list.id NOT IN (SELECT invoice_id FROM reminder_pauses WHERE until > ?2)
               AND NOT EXISTS (SELECT 1 FROM reminders JOIN mails ON mails.id = reminders.mail_id
                               WHERE reminders.invoice_id = invoice_list.id AND NOT is_void
                                 AND mails.state NOT IN ('sent', 'elsewhere'))
             ORDER BY due_date, invoice_list.seq",
            (horizon.to_string(), today.to_string()),
            |row| {
                let invoice = text(row, "id")?;
                Ok(RemindableRow {
                    invoice,
                    customer: text(row, "customer_id")?,
                    issue_date: date(row, "issue_date")?,
                    due_date: date(row, "due_date")?,
                    remaining: cents(row, "remaining")?,
                    past: had.remove(&invoice).unwrap_or_default(),
                })
            },
        )
    }

    /// Whether a mail was written as a reminder.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn is_reminder(&self, mail: MailId) -> Result<bool, Error> {
        self.one(
            "SELECT EXISTS (SELECT 1 FROM reminders WHERE mail_id = ?1)",
            [mail.to_string()],
            |row| row.get(0),
        )
    }

    /// What a mail reminds of, in the order of due dates: nothing of what it was taken back for.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn reminders_of_mail(&self, mail: MailId) -> Result<Vec<ReminderRow>, Error> {
        self.all(
            "SELECT reminders.invoice_id, level FROM reminders
             JOIN invoice_list ON invoice_list.id = reminders.invoice_id
             WHERE mail_id = ?1 AND NOT is_void ORDER BY due_date, invoice_list.seq",
            [mail.to_string()],
            |row| {
                Ok(ReminderRow {
                    invoice: text(row, "invoice_id")?,
                    level: word(row, "level")?,
                })
            },
        )
    }

    /// The owner's plan; none before it was first kept.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn reminder_plan(&self) -> Result<Option<ReminderPlan>, Error> {
        self.first("SELECT body FROM reminder_plan", [], |row| {
            json(row, "body")
        })
    }

    /// Whether reminders are proposed for a customer.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn is_reminded(&self, customer: CustomerId) -> Result<bool, Error> {
        self.one(
            "SELECT NOT EXISTS (SELECT 1 FROM reminder_exclusions WHERE customer_id = ?1)",
            [customer.to_string()],
            |row| row.get(0),
        )
    }
}

impl Writer<'_> {
    /// Records that a mail reminds of an invoice.
    ///
    /// # Errors
    /// A constraint when the invoice had a reminder of this level that stands.
    pub fn insert_reminder(&self, mail: MailId, row: ReminderRow, day: Date) -> Result<(), Error> {
        self.execute(
            "INSERT INTO reminders (mail_id, invoice_id, level, day) VALUES (?1, ?2, ?3, ?4)",
            (
                mail.to_string(),
                row.invoice.to_string(),
                to_word(&row.level)?,
                day.to_string(),
            ),
        )?;
        Ok(())
    }

    /// A mail that was taken back reminded of nothing: its levels are free again.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn void_reminders(&self, mail: MailId) -> Result<(), Error> {
        self.execute(
            "UPDATE reminders SET is_void = 1 WHERE mail_id = ?1",
            [mail.to_string()],
        )?;
        Ok(())
    }

    /// A mail left without an invoice that asks for nothing any more: that level is free again.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn void_reminder(&self, mail: MailId, invoice: InvoiceId) -> Result<(), Error> {
        self.execute(
            "UPDATE reminders SET is_void = 1 WHERE mail_id = ?1 AND invoice_id = ?2",
            (mail.to_string(), invoice.to_string()),
        )?;
        Ok(())
    }

    /// Keeps the owner's plan.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_reminder_plan(&self, plan: &ReminderPlan) -> Result<(), Error> {
        self.execute(
            "INSERT OR REPLACE INTO reminder_plan (one, body) VALUES (1, ?1)",
            [to_json(plan)?],
        )?;
        Ok(())
    }

    /// Whether reminders are proposed for a customer.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_reminded(&self, customer: CustomerId, is_reminded: bool) -> Result<(), Error> {
        let sql = if is_reminded {
            "DELETE FROM reminder_exclusions WHERE customer_id = ?1"
        } else {
            "INSERT OR IGNORE INTO reminder_exclusions (customer_id) VALUES (?1)"
        };
        self.execute(sql, [customer.to_string()])?;
        Ok(())
    }

    /// No reminder of an invoice is proposed before a day.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn pause_reminders(&self, invoice: InvoiceId, until: Date) -> Result<(), Error> {
        self.execute(
            "INSERT OR REPLACE INTO reminder_pauses (invoice_id, until) VALUES (?1, ?2)",
            (invoice.to_string(), until.to_string()),
        )?;
        Ok(())
    }
}
