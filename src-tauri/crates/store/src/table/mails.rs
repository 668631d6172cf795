//! Mails: the outbox and the history. What was written never changes, only where it stands.

use acquit_domain::id::{CustomerId, InvoiceId, MailFileId, MailId};
use acquit_domain::mail::{Mail, MailState, Trouble};
use jiff::Timestamp;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{instant, json, mistyped, text, to_json};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-26-10-mails",
    sql: "CREATE TABLE mails (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            invoice_id TEXT NOT NULL REFERENCES documents (id),
            recipients TEXT NOT NULL,
            subject TEXT NOT NULL,
            body TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('queued', 'handing_over', 'sent', 'refused', 'unclear', 'withdrawn', 'elsewhere')),
            tries INTEGER NOT NULL,
            next_at INTEGER CHECK ((next_at IS NOT NULL) = (state = 'queued')),
            since INTEGER CHECK ((since IS NOT NULL) = (state = 'queued')),
            message_id TEXT UNIQUE,
            code TEXT,
            address TEXT,
            shown TEXT,
            is_thanks INTEGER NOT NULL DEFAULT 0 CHECK (is_thanks IN (0, 1)),
            written_at INTEGER NOT NULL,
            changed_at INTEGER NOT NULL,
            CHECK (state <> 'refused' OR code IS NOT NULL)
          ) STRICT;
          CREATE UNIQUE INDEX one_thanks ON mails (invoice_id) WHERE is_thanks;
          CREATE INDEX mails_of_invoice ON mails (invoice_id, seq);
          CREATE INDEX mails_waiting ON mails (seq, next_at) WHERE state = 'queued';
          CREATE INDEX mails_by_time ON mails (next_at) WHERE state = 'queued';
          CREATE INDEX mails_leaving ON mails (seq) WHERE state = 'handing_over';
          CREATE INDEX mails_to_decide ON mails (seq) WHERE state IN ('queued', 'refused', 'unclear');
          CREATE TABLE mail_attachments (
            mail_id TEXT NOT NULL REFERENCES mails (id),
            file_id TEXT NOT NULL REFERENCES mail_files (id),
            PRIMARY KEY (mail_id, file_id)
          ) STRICT, WITHOUT ROWID;
          CREATE TRIGGER mails_fixed BEFORE UPDATE OF id, invoice_id, recipients, subject, body, is_thanks, written_at ON mails
            BEGIN SELECT RAISE(ABORT, 'frozen: mails'); END;
          CREATE TRIGGER mails_frozen_delete BEFORE DELETE ON mails
            BEGIN SELECT RAISE(ABORT, 'frozen: mails'); END;
          CREATE TRIGGER mail_attachments_frozen BEFORE UPDATE ON mail_attachments
            BEGIN SELECT RAISE(ABORT, 'frozen: mail_attachments'); END;
          CREATE TRIGGER mail_attachments_frozen_delete BEFORE DELETE ON mail_attachments
            BEGIN SELECT RAISE(ABORT, 'frozen: mail_attachments'); END;",
}];

/// A mail as it is kept.
#[derive(Clone, Debug)]
pub struct MailRow {
    /// The mail.
    pub mail: Mail,
    /// Message-ID, from the moment it first leaves.
    pub message_id: Option<String>,
    /// What the customer sees, in the form that its writer chose; none before it first leaves.
    pub shown: Option<String>,
    /// When its state last changed.
    pub changed_at: Timestamp,
}

fn state(row: &Row<'_>) -> rusqlite::Result<MailState> {
    let word: String = row.get("state")?;
    let trouble = || -> rusqlite::Result<Option<Trouble>> {
        let code: Option<String> = row.get("code")?;
        let address = row.get("address")?;
        Ok(code.map(|code| Trouble { code, address }))
    };
    Ok(match word.as_str() {
        "queued" => MailState::Queued {
            tries: row.get("tries")?,
            next_at: instant(row, "next_at")?,
            since: instant(row, "since")?,
            trouble: trouble()?,
        },
        "handing_over" => MailState::HandingOver,
        "sent" => MailState::Sent,
        "refused" => MailState::Refused(trouble()?.ok_or_else(|| mistyped("code"))?),
        "unclear" => MailState::Unclear,
        "withdrawn" => MailState::Withdrawn,
        "elsewhere" => MailState::Elsewhere,
        _ => return Err(mistyped("state")),
    })
}

fn read(row: &Row<'_>) -> rusqlite::Result<MailRow> {
    Ok(MailRow {
        mail: Mail {
            id: text(row, "id")?,
            invoice: text(row, "invoice_id")?,
            recipients: json(row, "recipients")?,
            subject: row.get("subject")?,
            body: row.get("body")?,
            state: state(row)?,
            written_at: instant(row, "written_at")?,
        },
        message_id: row.get("message_id")?,
        shown: row.get("shown")?,
        changed_at: instant(row, "changed_at")?,
    })
}

impl Reader<'_> {
    /// A mail.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn mail(&self, id: MailId) -> Result<Option<MailRow>, Error> {
        self.first("SELECT * FROM mails WHERE id = ?1", [id.to_string()], read)
    }

    /// The mails of an invoice, reminders of several invoices included, newest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn mails_of(&self, invoice: InvoiceId) -> Result<Vec<MailRow>, Error> {
        self.all(
            "SELECT * FROM mails
             WHERE invoice_id = ?1 OR id IN (SELECT mail_id FROM reminders WHERE invoice_id = ?1)
             ORDER BY seq DESC",
            [invoice.to_string()],
            read,
        )
    }

    /// The mails of a customer's invoices, newest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn mails_of_customer(
        &self,
        customer: CustomerId,
        limit: u32,
    ) -> Result<Vec<MailRow>, Error> {
        self.all(
            "SELECT mails.* FROM mails JOIN documents ON documents.id = mails.invoice_id
             WHERE documents.customer_id = ?1 ORDER BY mails.seq DESC LIMIT ?2",
            (customer.to_string(), limit),
            read,
        )
    }

    /// Where an invoice stands with its mails: that one was sent tells more than what came later; else the
    /// latest. What was taken back does not count.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn latest_mail_state(&self, invoice: InvoiceId) -> Result<Option<MailState>, Error> {
        self.first(
            "SELECT * FROM mails
             WHERE (invoice_id = ?1 OR id IN (SELECT mail_id FROM reminders WHERE invoice_id = ?1)) AND state <> 'withdrawn'
             ORDER BY state = 'sent' DESC, seq DESC LIMIT 1",
            [invoice.to_string()],
            state,
        )
    }

    /// Mails that wait, oldest first: those whose time has come by `now`, and those whose time lies beyond
    /// `far`, as the clock was set back.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn due_mails(&self, now: Timestamp, far: Timestamp) -> Result<Vec<MailId>, Error> {
        self.all(
            "SELECT id FROM mails WHERE state = 'queued' AND (next_at <= ?1 OR next_at > ?2) ORDER BY seq",
            [now.as_microsecond(), far.as_microsecond()],
            |row| text(row, "id"),
        )
    }

    /// When the next waiting mail is due.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn next_mail_at(&self) -> Result<Option<Timestamp>, Error> {
        self.one(
            "SELECT MIN(next_at) AS next FROM mails WHERE state = 'queued'",
            [],
            |row| crate::rows::optional_instant(row, "next"),
        )
    }

    /// Mails whose content was about to leave, last changed before an instant.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn mails_handing_over(&self, before: Timestamp) -> Result<Vec<MailId>, Error> {
        self.all(
            "SELECT id FROM mails WHERE state = 'handing_over' AND changed_at < ?1 ORDER BY seq",
            [before.as_microsecond()],
            |row| text(row, "id"),
        )
    }

    /// Mails that ended without arriving, whose outcome is not known, or that wait after a failure,
    /// oldest first. One that the same invoice was sent after does not count any more, but for a reminder:
    /// it may be about others.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn mails_in_trouble(&self) -> Result<Vec<MailRow>, Error> {
        self.all(
            "SELECT * FROM mails WHERE state IN ('queued', 'refused', 'unclear')
               AND (state = 'unclear' OR code IS NOT NULL)
               AND (state = 'unclear' OR id IN (SELECT mail_id FROM reminders WHERE NOT is_void) OR NOT EXISTS (SELECT 1 FROM mails later WHERE later.invoice_id = mails.invoice_id
                               AND later.seq > mails.seq AND later.state IN ('sent', 'elsewhere')))
             ORDER BY seq",
            [],
            read,
        )
    }

    /// Addresses that mails of a customer went to, the latest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn addresses_used(
        &self,
        customer: CustomerId,
    ) -> Result<Vec<acquit_domain::mail::Recipients>, Error> {
        self.all(
            "SELECT recipients FROM mails JOIN documents ON documents.id = mails.invoice_id
             WHERE documents.customer_id = ?1 ORDER BY mails.seq DESC LIMIT 20",
            [customer.to_string()],
            |row| json(row, "recipients"),
        )
    }

    /// Whether the customer was thanked for an invoice already.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn is_thanked(&self, invoice: InvoiceId) -> Result<bool, Error> {
        self.one(
            "SELECT EXISTS (SELECT 1 FROM mails WHERE invoice_id = ?1 AND is_thanks)",
            [invoice.to_string()],
            |row| row.get(0),
        )
    }

    /// The mails of an invoice that wait, but for reminders: those leave, or not, by what is still to pay
    /// of all their invoices.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn waiting_mails_of(&self, invoice: InvoiceId) -> Result<Vec<MailRow>, Error> {
        self.all(
            "SELECT * FROM mails WHERE invoice_id = ?1 AND state = 'queued'
               AND id NOT IN (SELECT mail_id FROM reminders) ORDER BY seq",
            [invoice.to_string()],
            read,
        )
    }

    /// Where the mails end now: what is written later is [newer](Self::has_mail_since).
    ///
    /// # Errors
    /// A failure of the database.
    pub fn mail_mark(&self) -> Result<i64, Error> {
        self.one("SELECT COALESCE(MAX(seq), 0) FROM mails", [], |row| {
            row.get(0)
        })
    }

    /// Whether a mail of an invoice was written after a [mark](Self::mail_mark), whatever became of it.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn has_mail_since(&self, invoice: InvoiceId, mark: i64) -> Result<bool, Error> {
        self.one(
            "SELECT EXISTS (SELECT 1 FROM mails
               WHERE (invoice_id = ?1 OR id IN (SELECT mail_id FROM reminders WHERE invoice_id = ?1)) AND seq > ?2)",
            (invoice.to_string(), mark),
            |row| row.get(0),
        )
    }

    /// The files of a mail.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn files_of_mail(&self, id: MailId) -> Result<Vec<MailFileId>, Error> {
        self.all(
            "SELECT file_id FROM mail_attachments WHERE mail_id = ?1",
            [id.to_string()],
            |row| text(row, "file_id"),
        )
    }
}

impl Writer<'_> {
    /// Adds a mail and what goes with it.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn insert_mail(&self, mail: &Mail, files: &[MailFileId]) -> Result<(), Error> {
        self.insert(mail, false)?;
        for file in files {
            self.execute(
                "INSERT INTO mail_attachments (mail_id, file_id) VALUES (?1, ?2)",
                (mail.id.to_string(), file.to_string()),
            )?;
        }
        Ok(())
    }

    /// Adds the mail that thanks for an invoice: one at most, whatever else is sent.
    ///
    /// # Errors
    /// A constraint `mails.invoice_id` when there was one.
    pub fn insert_thanks(&self, mail: &Mail) -> Result<(), Error> {
        self.insert(mail, true)
    }

    fn insert(&self, mail: &Mail, is_thanks: bool) -> Result<(), Error> {
        self.execute(
            "INSERT INTO mails (id, invoice_id, recipients, subject, body, state, tries, next_at, since, is_thanks, written_at, changed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?7, ?8, ?9, ?9)",
            (
                mail.id.to_string(),
                mail.invoice.to_string(),
                to_json(&mail.recipients)?,
                &mail.subject,
                &mail.body,
                mail.state.code(),
                next_at(&mail.state),
                is_thanks,
                mail.written_at.as_microsecond(),
            ),
        )?;
        Ok(())
    }

    /// Records where a mail stands now.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_mail_state(
        &self,
        id: MailId,
        state: &MailState,
        now: Timestamp,
    ) -> Result<(), Error> {
        let tries = match state {
            MailState::Queued { tries, .. } => *tries,
            _ => 0,
        };
        let since = match state {
            MailState::Queued { since, .. } => Some(since.as_microsecond()),
            _ => None,
        };
        let trouble = state.trouble();
        self.execute(
            "UPDATE mails SET state = ?2, tries = ?3, next_at = ?4, code = ?5, address = ?6, changed_at = ?7, since = ?8 WHERE id = ?1",
            (
                id.to_string(),
                state.code(),
                tries,
                next_at(state),
                trouble.map(|trouble| &trouble.code),
                trouble.and_then(|trouble| trouble.address.as_ref()),
                now.as_microsecond(),
                since,
            ),
        )?;
        Ok(())
    }

    /// Leaves every mail that waits or is being handed over for its owner to decide: in a restored file nobody
    /// knows whether it left.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn leave_waiting_mails_to_decide(&self, now: Timestamp) -> Result<(), Error> {
        self.execute(
            "UPDATE mails SET state = 'unclear', next_at = NULL, since = NULL, code = NULL, address = NULL, changed_at = ?1
             WHERE state IN ('queued', 'handing_over')",
            [now.as_microsecond()],
        )?;
        Ok(())
    }

    /// Keeps what the customer sees of a mail, as it leaves, and its Message-ID, which stays the first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_mail_shown(&self, id: MailId, shown: &str, message_id: &str) -> Result<(), Error> {
        self.execute(
            "UPDATE mails SET shown = ?2, message_id = COALESCE(message_id, ?3) WHERE id = ?1",
            (id.to_string(), shown, message_id),
        )?;
        Ok(())
    }
}

fn next_at(state: &MailState) -> Option<i64> {
    match state {
        MailState::Queued { next_at, .. } => Some(next_at.as_microsecond()),
        _ => None,
    }
}
