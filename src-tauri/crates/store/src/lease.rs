//! One pull at a time across processes: a lease row with an expiry (`payment-links.md` § 2).

use jiff::Timestamp;

use crate::error::Error;
use crate::migrate::Step;
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-23-90-leases",
    sql: "CREATE TABLE leases (
            name TEXT PRIMARY KEY,
            holder TEXT NOT NULL,
            expires_at INTEGER NOT NULL
          ) STRICT, WITHOUT ROWID;",
}];

impl Writer<'_> {
    /// Takes or renews a lease for `holder`; `false` when somebody else holds it.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn take_lease(
        &self,
        name: &str,
        holder: &str,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool, Error> {
        let taken = self.execute(
            "INSERT INTO leases (name, holder, expires_at) VALUES (?1, ?2, ?4)
             ON CONFLICT (name) DO UPDATE SET holder = ?2, expires_at = ?4
             WHERE holder = ?2 OR expires_at <= ?3",
            (
                name,
                holder,
                now.as_microsecond(),
                expires_at.as_microsecond(),
            ),
        )?;
        Ok(taken == 1)
    }

    /// Gives a lease back, if `holder` has it.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn release_lease(&self, name: &str, holder: &str) -> Result<(), Error> {
        self.execute(
            "DELETE FROM leases WHERE name = ?1 AND holder = ?2",
            (name, holder),
        )?;
        Ok(())
    }
}

impl Reader<'_> {
    /// Who holds a lease now.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn lease_holder(&self, name: &str, now: Timestamp) -> Result<Option<String>, Error> {
        self.first(
            "SELECT holder FROM leases WHERE name = ?1 AND expires_at > ?2",
            (name, now.as_microsecond()),
            |row| row.get(0),
        )
    }
}
