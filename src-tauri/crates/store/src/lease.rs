//! One pull at a time across processes: a lease row with an expiry (`payment-links.md` § 2), and a
//! lock of the operating system that tells at once when its holder died.

use std::fs::{File, OpenOptions, TryLockError};

use jiff::Timestamp;

use crate::error::Error;
use crate::migrate::Step;
use crate::{CompanyFile, Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-23-90-leases",
    sql: "CREATE TABLE leases (
            name TEXT PRIMARY KEY,
            holder TEXT NOT NULL,
            expires_at INTEGER NOT NULL
          ) STRICT, WITHOUT ROWID;",
}];

/// What the operating system says of a turn on a company file.
#[derive(Debug)]
pub enum TurnLock {
    /// Ours until it is dropped or the process ends, however it ends.
    Ours(File),
    /// Another handle has it, in a process that lives.
    Taken,
    /// This disk keeps no locks: the row's expiry alone decides.
    Unknown,
}

impl CompanyFile {
    /// Asks the system for the turn named `name`, without waiting. The lock lies in a file of its
    /// own, because the database's own locks belong to SQLite.
    #[must_use]
    pub fn lock_turn(&self, name: &str) -> TurnLock {
        let path = self.path().with_extension(format!("{name}.lock"));
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        owner_only(&mut options);
        let Ok(file) = options.open(path) else {
            return TurnLock::Unknown;
        };
        match file.try_lock() {
            Ok(()) => TurnLock::Ours(file),
            Err(TryLockError::WouldBlock) => TurnLock::Taken,
            Err(TryLockError::Error(_)) => TurnLock::Unknown,
        }
    }
}

#[cfg(unix)]
fn owner_only(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn owner_only(_: &mut OpenOptions) {}

impl Writer<'_> {
    /// Takes a lease for `holder`, who has [`TurnLock::Ours`]: whoever the row names is dead.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn take_over_lease(
        &self,
        name: &str,
        holder: &str,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        self.execute(
            "INSERT INTO leases (name, holder, expires_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET holder = ?2, expires_at = ?3",
            (name, holder, expires_at.as_microsecond()),
        )?;
        Ok(())
    }

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
