//! The mailbox that mails leave through (its password is in the keychain alone), saved texts, and files
//! that mails can carry.

use acquit_domain::id::{MailFileId, MailTextId};
use acquit_domain::text::Email;
use jiff::Timestamp;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{instant, mistyped, text};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-26-05-mailbox",
    sql: "CREATE TABLE mailbox (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            address TEXT NOT NULL,
            name TEXT NOT NULL,
            host TEXT NOT NULL,
            port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
            security TEXT NOT NULL CHECK (security IN ('tls', 'starttls', 'plain')),
            login TEXT NOT NULL,
            checked_at INTEGER NOT NULL
          ) STRICT;
          CREATE TABLE mail_texts (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            role TEXT UNIQUE,
            name TEXT NOT NULL,
            subject TEXT NOT NULL,
            body TEXT NOT NULL
          ) STRICT;
          CREATE TABLE mail_thanks (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            text_id TEXT NOT NULL REFERENCES mail_texts (id) ON DELETE CASCADE
          ) STRICT;
          CREATE TABLE mail_files (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            media_type TEXT NOT NULL,
            bytes BLOB NOT NULL,
            is_always INTEGER NOT NULL CHECK (is_always IN (0, 1)),
            is_listed INTEGER NOT NULL CHECK (is_listed IN (0, 1)),
            added_at INTEGER NOT NULL
          ) STRICT;
          CREATE TRIGGER mail_files_fixed BEFORE UPDATE OF id, name, media_type, bytes ON mail_files
            BEGIN SELECT RAISE(ABORT, 'frozen: mail_files'); END;",
}];

/// A mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxRow {
    /// Whose mails it sends.
    pub address: Email,
    /// The name that customers read.
    pub name: String,
    /// The server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Word of how the connection is encrypted.
    pub security: String,
    /// Name of the account.
    pub login: String,
    /// When the server last accepted it.
    pub checked_at: Timestamp,
}

/// A saved text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailTextRow {
    /// Identity.
    pub id: MailTextId,
    /// Word of what it is proposed for; none for a text of the owner's own.
    pub role: Option<String>,
    /// What the owner calls it.
    pub name: String,
    /// Subject, with variables.
    pub subject: String,
    /// Body, with variables.
    pub body: String,
}

/// A file that mails can carry, without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailFileRow {
    /// Identity.
    pub id: MailFileId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub media_type: String,
    /// Its length in bytes.
    pub size: u64,
    /// Goes with every invoice.
    pub is_always: bool,
}

const FILE: &str = "SELECT id, name, media_type, LENGTH(bytes) AS size, is_always FROM mail_files";

fn read_text(row: &Row<'_>) -> rusqlite::Result<MailTextRow> {
    Ok(MailTextRow {
        id: text(row, "id")?,
        role: row.get("role")?,
        name: row.get("name")?,
        subject: row.get("subject")?,
        body: row.get("body")?,
    })
}

fn read_file(row: &Row<'_>) -> rusqlite::Result<MailFileRow> {
    Ok(MailFileRow {
        id: text(row, "id")?,
        name: row.get("name")?,
        media_type: row.get("media_type")?,
        size: row.get("size")?,
        is_always: row.get("is_always")?,
    })
}

impl Reader<'_> {
    /// The mailbox.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn mailbox(&self) -> Result<Option<MailboxRow>, Error> {
        self.first("SELECT * FROM mailbox", [], |row| {
            let address: String = row.get("address")?;
            Ok(MailboxRow {
                address: Email::parse(&address).map_err(|_| mistyped("address"))?,
                name: row.get("name")?,
                host: row.get("host")?,
                port: row.get("port")?,
                security: row.get("security")?,
                login: row.get("login")?,
                checked_at: instant(row, "checked_at")?,
            })
        })
    }

    /// Saved texts, oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn mail_texts(&self) -> Result<Vec<MailTextRow>, Error> {
        self.all("SELECT * FROM mail_texts ORDER BY seq", [], read_text)
    }

    /// The text that thanks customers for card payments; none when they are not thanked.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn thanks_text(&self) -> Result<Option<MailTextRow>, Error> {
        self.first(
            "SELECT mail_texts.* FROM mail_texts JOIN mail_thanks ON mail_thanks.text_id = mail_texts.id",
            [],
            read_text,
        )
    }

    /// Files of the library, by name.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn mail_files(&self) -> Result<Vec<MailFileRow>, Error> {
        let sql = format!("{FILE} WHERE is_listed ORDER BY name, added_at");
        self.all(&sql, [], read_file)
    }

    /// A file, whether it is still in the library or only with mails.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn mail_file(&self, id: MailFileId) -> Result<Option<MailFileRow>, Error> {
        let sql = format!("{FILE} WHERE id = ?1");
        self.first(&sql, [id.to_string()], read_file)
    }

    /// The content of a file.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn mail_file_bytes(&self, id: MailFileId) -> Result<Option<Vec<u8>>, Error> {
        self.first(
            "SELECT bytes FROM mail_files WHERE id = ?1",
            [id.to_string()],
            |row| row.get(0),
        )
    }
}

impl Writer<'_> {
    /// Keeps the mailbox, in place of an earlier one.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_mailbox(&self, row: &MailboxRow) -> Result<(), Error> {
        self.execute(
            "INSERT OR REPLACE INTO mailbox (one, address, name, host, port, security, login, checked_at)
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (
                row.address.as_str(),
                &row.name,
                &row.host,
                row.port,
                &row.security,
                &row.login,
                row.checked_at.as_microsecond(),
            ),
        )?;
        Ok(())
    }

    /// Forgets the mailbox.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn drop_mailbox(&self) -> Result<(), Error> {
        self.execute("DELETE FROM mailbox", [])?;
        Ok(())
    }

    /// Keeps a saved text; one of the same id is changed, but for its role.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn keep_mail_text(&self, row: &MailTextRow) -> Result<(), Error> {
        self.execute(
            "INSERT INTO mail_texts (id, role, name, subject, body) VALUES (?1, ?5, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET name = ?2, subject = ?3, body = ?4",
            (
                row.id.to_string(),
                &row.name,
                &row.subject,
                &row.body,
                &row.role,
            ),
        )?;
        Ok(())
    }

    /// Chooses the text that thanks customers; none to thank no more.
    ///
    /// # Errors
    /// A constraint when there is no such text.
    pub fn set_thanks_text(&self, id: Option<MailTextId>) -> Result<(), Error> {
        self.execute("DELETE FROM mail_thanks", [])?;
        if let Some(id) = id {
            self.execute(
                "INSERT INTO mail_thanks (one, text_id) VALUES (1, ?1)",
                [id.to_string()],
            )?;
        }
        Ok(())
    }

    /// Deletes a saved text; whether there was one.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn delete_mail_text(&self, id: MailTextId) -> Result<bool, Error> {
        let deleted = self.execute("DELETE FROM mail_texts WHERE id = ?1", [id.to_string()])?;
        Ok(deleted == 1)
    }

    /// Adds a file to the library.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn insert_mail_file(
        &self,
        row: &MailFileRow,
        bytes: &[u8],
        now: Timestamp,
    ) -> Result<(), Error> {
        self.execute(
            "INSERT INTO mail_files (id, name, media_type, bytes, is_always, is_listed, added_at)
             VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6)",
            (
                row.id.to_string(),
                &row.name,
                &row.media_type,
                bytes,
                row.is_always,
                now.as_microsecond(),
            ),
        )?;
        Ok(())
    }

    /// Whether a file goes with every invoice; whether there is such a file.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_mail_file_always(&self, id: MailFileId, is_always: bool) -> Result<bool, Error> {
        let changed = self.execute(
            "UPDATE mail_files SET is_always = ?2 WHERE id = ?1 AND is_listed",
            (id.to_string(), is_always),
        )?;
        Ok(changed == 1)
    }

    /// Takes a file off the library; mails that carry it keep it. Whether there was one.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn remove_mail_file(&self, id: MailFileId) -> Result<bool, Error> {
        let deleted = self.execute(
            "DELETE FROM mail_files WHERE id = ?1 AND is_listed
             AND NOT EXISTS (SELECT 1 FROM mail_attachments WHERE file_id = ?1)",
            [id.to_string()],
        )?;
        if deleted == 1 {
            return Ok(true);
        }
        let hidden = self.execute(
            "UPDATE mail_files SET is_listed = 0, is_always = 0 WHERE id = ?1 AND is_listed",
            [id.to_string()],
        )?;
        Ok(hidden == 1)
    }
}
