//! Making and opening a company file: pragmas, integrity, version gate, permissions.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::Error;
use crate::migrate;
use crate::{CompanyFile, FILE_NAME};

/// How long a writer waits for another process before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Most memory for pages, in KiB: enough for what a file of some thousand invoices is asked for again and again.
const CACHE_KIB: i32 = 32 * 1024;

impl CompanyFile {
    /// Makes a new, empty company file in `folder` (made if missing, owner-only).
    ///
    /// # Errors
    /// [`Error::Exists`] when there is one, [`Error::Io`] when the folder cannot be made.
    pub fn create(folder: &Path, now: Timestamp) -> Result<Self, Error> {
        let path = folder.join(FILE_NAME);
        if path.exists() {
            return Err(Error::Exists(path));
        }
        fs::create_dir_all(folder).map_err(|source| Error::Io {
            path: folder.to_owned(),
            source,
        })?;
        restrict(folder, 0o700)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        Self::connect(&path, flags, now)
    }

    /// Opens the company file of `folder` and brings its form up to date.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Damaged`], [`Error::TooNew`], or a failure of the migration
    /// (then the file is as it was).
    pub fn open(folder: &Path, now: Timestamp) -> Result<Self, Error> {
        let path = folder.join(FILE_NAME);
        if !path.is_file() {
            return Err(Error::Missing(path));
        }
        Self::connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE, now)
    }

    fn connect(path: &Path, flags: OpenFlags, now: Timestamp) -> Result<Self, Error> {
        let mut connection =
            Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.set_prepared_statement_cache_capacity(128);
        // Without this, a statement that compares with the condition of a partial index is compiled again for every
        // value bound to it: a fifth of what finalising cost.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        connection.pragma_update(None, "trusted_schema", "OFF")?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        restrict(path, 0o600)?;
        migrate::migrate(&mut connection, path, now)?;
        Ok(Self {
            connection: Mutex::new(connection),
            path: path.to_owned(),
            observer: OnceLock::new(),
        })
    }
}

impl crate::Reader<'_> {
    /// SQLite's own check of the whole file; the first fault it names.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn integrity_fault(&self) -> Result<Option<String>, Error> {
        // A search index checks what it remembers; only a query makes it see what another process wrote.
        self.first("SELECT rowid FROM invoice_search LIMIT 1", [], |row| {
            row.get::<_, i64>(0)
        })?;
        let verdict = self.one("PRAGMA integrity_check(1)", [], |row| {
            row.get::<_, String>(0)
        })?;
        if verdict != "ok" {
            return Ok(Some(verdict));
        }
        self.first("PRAGMA foreign_key_check", [], |row| {
            row.get::<_, String>(0)
        })
    }
}

/// Owner-only permissions (`architecture.md` § 3); other systems keep the profile's own.
#[cfg(unix)]
pub(crate) fn restrict(path: &Path, mode: u32) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })
}

#[cfg(not(unix))]
pub(crate) fn restrict(_: &Path, _: u32) -> Result<(), Error> {
    Ok(())
}
