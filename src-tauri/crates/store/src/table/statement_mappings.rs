//! What the columns of statements mean, as somebody confirmed it: by the headers of the file. Append-only, the latest counts.

use acquit_accounting::statement::Mapping;
use jiff::Timestamp;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{json, to_json};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-27-23-statement-mappings",
    sql: "CREATE TABLE statement_mappings (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            signature TEXT NOT NULL,
            body TEXT NOT NULL,
            confirmed_at INTEGER NOT NULL
          ) STRICT;
          CREATE INDEX statement_mappings_by_signature ON statement_mappings (signature, seq);
          CREATE TRIGGER statement_mappings_frozen_update BEFORE UPDATE ON statement_mappings
            BEGIN SELECT RAISE(ABORT, 'frozen: statement_mappings'); END;
          CREATE TRIGGER statement_mappings_frozen_delete BEFORE DELETE ON statement_mappings
            BEGIN SELECT RAISE(ABORT, 'frozen: statement_mappings'); END;",
}];

impl Reader<'_> {
    /// The meanings that were confirmed for files with these headers.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn statement_mapping(&self, signature: &str) -> Result<Option<Mapping>, Error> {
        self.first(
            "SELECT body FROM statement_mappings WHERE signature = ?1 ORDER BY seq DESC LIMIT 1",
            [signature],
            |row| json(row, "body"),
        )
    }
}

impl Writer<'_> {
    /// Keeps the meanings that were confirmed for files with these headers.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn insert_statement_mapping(
        &self,
        signature: &str,
        mapping: &Mapping,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.execute(
            "INSERT INTO statement_mappings (signature, body, confirmed_at) VALUES (?1, ?2, ?3)",
            (signature, to_json(mapping)?, now.as_microsecond()),
        )?;
        Ok(())
    }
}
