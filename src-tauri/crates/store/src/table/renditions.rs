//! Renditions that left the house: their bytes once for each hash, and a row for each time one left.
//! Both append-only.

use acquit_domain::id::{InvoiceId, MailId};
use acquit_domain::rendition::{Mark, Rendition, Sha256Hex};
use jiff::Timestamp;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{instant, json, text, to_json, to_word, word};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-26-20-renditions",
    sql: "-- Drafts leave too, and may be gone later: no reference to the document.
          CREATE TABLE renditions (
            sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
            bytes BLOB NOT NULL
          ) STRICT;
          CREATE TABLE renditions_left (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            document_id TEXT NOT NULL,
            sha256 TEXT NOT NULL REFERENCES renditions (sha256),
            way TEXT NOT NULL CHECK (way IN ('mail', 'file', 'print')),
            marks TEXT NOT NULL,
            left_at INTEGER NOT NULL
          ) STRICT;
          CREATE INDEX renditions_left_of ON renditions_left (document_id, seq);
          -- What a mail carries whose content leaves: it counts as left once the mail does.
          CREATE TABLE renditions_carried (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            mail_id TEXT NOT NULL,
            document_id TEXT NOT NULL,
            sha256 TEXT NOT NULL REFERENCES renditions (sha256),
            marks TEXT NOT NULL
          ) STRICT;
          CREATE INDEX renditions_carried_by ON renditions_carried (mail_id, seq);
          CREATE TRIGGER renditions_frozen_update BEFORE UPDATE ON renditions
            BEGIN SELECT RAISE(ABORT, 'frozen: renditions'); END;
          CREATE TRIGGER renditions_frozen_delete BEFORE DELETE ON renditions
            BEGIN SELECT RAISE(ABORT, 'frozen: renditions'); END;
          CREATE TRIGGER renditions_left_frozen_update BEFORE UPDATE ON renditions_left
            BEGIN SELECT RAISE(ABORT, 'frozen: renditions_left'); END;
          CREATE TRIGGER renditions_left_frozen_delete BEFORE DELETE ON renditions_left
            BEGIN SELECT RAISE(ABORT, 'frozen: renditions_left'); END;",
}];

fn rendition(row: &Row<'_>) -> rusqlite::Result<Rendition> {
    Ok(Rendition {
        document: text(row, "document_id")?,
        sha256: text(row, "sha256")?,
        way: word(row, "way")?,
        marks: json(row, "marks")?,
        left_at: instant(row, "left_at")?,
    })
}

impl Reader<'_> {
    /// What left of a document, oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn renditions_of(&self, document: InvoiceId) -> Result<Vec<Rendition>, Error> {
        self.all(
            "SELECT * FROM renditions_left WHERE document_id = ?1 ORDER BY seq",
            [document.to_string()],
            rendition,
        )
    }

    /// The bytes that are kept under a hash, as they are: the caller checks them.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn rendition_bytes(&self, sha256: &Sha256Hex) -> Result<Option<Vec<u8>>, Error> {
        self.first(
            "SELECT bytes FROM renditions WHERE sha256 = ?1",
            [sha256.as_str()],
            |row| row.get("bytes"),
        )
    }

    /// A page of hashes after `after`, for whole-file checks.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn rendition_hashes_after(
        &self,
        after: Option<&Sha256Hex>,
        limit: u32,
    ) -> Result<Vec<Sha256Hex>, Error> {
        let after = after.map_or("", Sha256Hex::as_str);
        self.all(
            "SELECT sha256 FROM renditions WHERE sha256 > ?1 ORDER BY sha256 LIMIT ?2",
            (after, limit),
            |row| text(row, "sha256"),
        )
    }

    /// Hashes that left and have no bytes (there must be none).
    ///
    /// # Errors
    /// A failure of the database.
    pub fn renditions_without_bytes(&self) -> Result<Vec<String>, Error> {
        self.all(
            "SELECT DISTINCT sha256 FROM renditions_left WHERE sha256 NOT IN (SELECT sha256 FROM renditions)",
            [],
            |row| row.get("sha256"),
        )
    }

    /// How often a rendition left.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn rendition_count(&self) -> Result<u64, Error> {
        self.one("SELECT COUNT(*) FROM renditions_left", [], |row| row.get(0))
    }
}

impl Writer<'_> {
    /// Keeps the bytes under their hash, unless they are kept already.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn keep_rendition(&self, sha256: &Sha256Hex, bytes: &[u8]) -> Result<(), Error> {
        self.execute(
            "INSERT OR IGNORE INTO renditions (sha256, bytes) VALUES (?1, ?2)",
            (sha256.as_str(), bytes),
        )?;
        Ok(())
    }

    /// Notes what a mail carries whose content is about to leave.
    ///
    /// # Errors
    /// A constraint where the bytes are not kept.
    pub fn insert_carried(
        &self,
        mail: MailId,
        document: InvoiceId,
        sha256: &Sha256Hex,
        marks: &[Mark],
    ) -> Result<(), Error> {
        self.execute(
            "INSERT INTO renditions_carried (mail_id, document_id, sha256, marks) VALUES (?1, ?2, ?3, ?4)",
            (
                mail.to_string(),
                document.to_string(),
                sha256.as_str(),
                to_json(&marks)?,
            ),
        )?;
        Ok(())
    }

    /// Forgets what a mail carried in a try that failed.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn forget_carried(&self, mail: MailId) -> Result<(), Error> {
        self.execute(
            "DELETE FROM renditions_carried WHERE mail_id = ?1",
            [mail.to_string()],
        )?;
        Ok(())
    }

    /// A mail has left: what it carried has left with it.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn carried_left(&self, mail: MailId, now: Timestamp) -> Result<(), Error> {
        self.execute(
            "INSERT INTO renditions_left (document_id, sha256, way, marks, left_at)
             SELECT document_id, sha256, 'mail', marks, ?2 FROM renditions_carried WHERE mail_id = ?1 ORDER BY seq",
            (mail.to_string(), now.as_microsecond()),
        )?;
        self.forget_carried(mail)
    }

    /// Records that a rendition left, with the bytes that [`Writer::keep_rendition`] kept.
    ///
    /// # Errors
    /// A constraint where the bytes are not kept.
    pub fn insert_rendition(&self, left: &Rendition) -> Result<(), Error> {
        self.execute(
            "INSERT INTO renditions_left (document_id, sha256, way, marks, left_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            (
                left.document.to_string(),
                left.sha256.as_str(),
                to_word(&left.way)?,
                to_json(&left.marks)?,
                left.left_at.as_microsecond(),
            ),
        )?;
        Ok(())
    }
}
