//! The accountant's charts of accounts that were imported. Append-only; the last one counts.

use acquit_accounting::chart::Plan;
use jiff::Timestamp;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{instant, to_json};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-26-42-plans",
    sql: "CREATE TABLE plans (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            -- Nothing: from then on no plan is held against.
            body TEXT,
            imported_at INTEGER NOT NULL
          ) STRICT;
          CREATE TRIGGER plans_frozen_update BEFORE UPDATE ON plans
            BEGIN SELECT RAISE(ABORT, 'frozen: plans'); END;
          CREATE TRIGGER plans_frozen_delete BEFORE DELETE ON plans
            BEGIN SELECT RAISE(ABORT, 'frozen: plans'); END;",
}];

impl Reader<'_> {
    /// The accountant's plan with the moment of its import; none where none is held against.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn plan(&self) -> Result<Option<(Plan, Timestamp)>, Error> {
        let found = self.first(
            "SELECT body, imported_at FROM plans ORDER BY seq DESC LIMIT 1",
            [],
            |row| {
                let body: Option<String> = row.get("body")?;
                Ok((body, instant(row, "imported_at")?))
            },
        )?;
        let Some((Some(body), at)) = found else {
            return Ok(None);
        };
        Ok(Some((serde_json::from_str(&body)?, at)))
    }
}

impl Writer<'_> {
    /// Keeps the accountant's plan, or goes without one from now on.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn insert_plan(&self, plan: Option<&Plan>, now: Timestamp) -> Result<(), Error> {
        self.execute(
            "INSERT INTO plans (body, imported_at) VALUES (?1, ?2)",
            (plan.map(to_json).transpose()?, now.as_microsecond()),
        )?;
        Ok(())
    }
}
