//! The audit chain, append-only.

use acquit_domain::chain::{AuditRecord, GENESIS, Hash};
use jiff::Timestamp;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{instant, mistyped};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-23-70-audit",
    sql: "CREATE TABLE audit (
            sequence INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            kind TEXT NOT NULL,
            body BLOB NOT NULL,
            previous BLOB NOT NULL CHECK (LENGTH(previous) = 32),
            hash BLOB NOT NULL UNIQUE CHECK (LENGTH(hash) = 32),
            signature BLOB,
            key_id TEXT,
            CHECK ((signature IS NULL) = (key_id IS NULL))
          ) STRICT;
          -- A record written while no keychain ran may be signed later, and only that.
          CREATE TRIGGER audit_frozen_update BEFORE UPDATE ON audit
            WHEN OLD.signature IS NOT NULL OR NEW.sequence <> OLD.sequence OR NEW.at <> OLD.at OR NEW.actor <> OLD.actor
              OR NEW.kind <> OLD.kind OR NEW.body <> OLD.body OR NEW.previous <> OLD.previous OR NEW.hash <> OLD.hash
            BEGIN SELECT RAISE(ABORT, 'frozen: audit'); END;
          CREATE TRIGGER audit_frozen_delete BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'frozen: audit'); END;",
}];

fn hash(row: &Row<'_>, column: &str) -> rusqlite::Result<Hash> {
    let bytes: Vec<u8> = row.get(column)?;
    bytes.try_into().map_err(|_| mistyped(column))
}

fn read(row: &Row<'_>) -> rusqlite::Result<(AuditRecord, Hash)> {
    let record = AuditRecord {
        sequence: row.get("sequence")?,
        at: instant(row, "at")?,
        actor: row.get("actor")?,
        kind: row.get("kind")?,
        body: row.get("body")?,
        previous: hash(row, "previous")?,
        signature: row.get("signature")?,
        key_id: row.get("key_id")?,
    };
    Ok((record, hash(row, "hash")?))
}

impl Reader<'_> {
    /// A page of the chain with the stored hashes, after a sequence.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn audit_after(&self, after: u64, limit: u32) -> Result<Vec<(AuditRecord, Hash)>, Error> {
        self.all(
            "SELECT * FROM audit WHERE sequence > ?1 ORDER BY sequence LIMIT ?2",
            (after, limit),
            read,
        )
    }

    /// Sequence and hash of the last record.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn audit_head(&self) -> Result<(u64, Hash), Error> {
        let head = self.first(
            "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1",
            [],
            |row| Ok((row.get("sequence")?, hash(row, "hash")?)),
        )?;
        Ok(head.unwrap_or((0, GENESIS)))
    }
}

impl Writer<'_> {
    /// Appends a record to the chain.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn append_audit(
        &self,
        actor: &str,
        kind: &str,
        body: Vec<u8>,
        at: Timestamp,
    ) -> Result<(), Error> {
        let (last, previous) = self.audit_head()?;
        let record = AuditRecord {
            sequence: last + 1,
            at,
            actor: actor.to_owned(),
            kind: kind.to_owned(),
            body,
            previous,
            signature: None,
            key_id: None,
        };
        self.execute(
            "INSERT INTO audit (sequence, at, actor, kind, body, previous, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (
                record.sequence,
                record.at.as_microsecond(),
                &record.actor,
                &record.kind,
                &record.body,
                record.previous,
                record.hash(),
            ),
        )?;
        Ok(())
    }
}
