//! Consistent copies of a file that is in use, and a file made of one again.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};

use crate::error::Error;
use crate::migrate;
use crate::open::restrict;
use crate::{CompanyFile, FILE_NAME};

/// Pages copied at once, between which others may write.
const PAGES: i32 = 1_024;

/// Copies the file beside itself before its form changes.
pub(crate) fn before_migration(
    connection: &Connection,
    path: &Path,
    now: Timestamp,
) -> Result<PathBuf, Error> {
    let copy = path.with_file_name(format!(
        "acquit-before-{}.sqlite",
        now.strftime("%Y%m%dT%H%M%SZ")
    ));
    copy_pages(connection, &copy)?;
    Ok(copy)
}

fn copy_pages(connection: &Connection, to: &Path) -> Result<(), Error> {
    let mut target = Connection::open(to)?;
    Backup::new(connection, &mut target)?.run_to_completion(PAGES, Duration::ZERO, None)?;
    Ok(())
}

impl CompanyFile {
    /// Writes what the file holds at one moment into a file of its own, whole or not at all, and checks it.
    /// Others may go on using this one; they start the copy anew when they write.
    ///
    /// # Errors
    /// [`Error::Exists`] when `to` is this very file, [`Error::Damaged`] when the copy does not pass
    /// SQLite's check, a failure of the disk.
    pub fn back_up(&self, to: &Path) -> Result<(), Error> {
        if fs::canonicalize(to).ok() == fs::canonicalize(self.path()).ok() {
            return Err(Error::Exists(to.to_owned()));
        }
        let partial = Partial::beside(to)?;
        copy_pages(&self.lock(), partial.path())?;
        let copy = Connection::open(partial.path())?;
        // One file, that a reader without write access can open too.
        copy.pragma_update(None, "journal_mode", "DELETE")?;
        check(&copy)?;
        drop(copy);
        restrict(partial.path(), 0o600)?;
        partial.keep_as(to)
    }

    /// Makes the company file of `folder` out of a backup, which stays as it is. Mails that waited when it was
    /// made may have left since: their owner decides on them.
    ///
    /// # Errors
    /// [`Error::Exists`] when the folder holds a company file, [`Error::Damaged`] for anything but a sound
    /// company file, [`Error::TooNew`], a failure of the disk. Nothing is left behind then.
    pub fn restore(backup: &Path, folder: &Path, now: Timestamp) -> Result<Self, Error> {
        let path = folder.join(FILE_NAME);
        if path.exists() {
            return Err(Error::Exists(path));
        }
        let is_new = !folder.exists();
        fs::create_dir_all(folder).map_err(|source| io(folder, source))?;
        let restored = Self::restore_into(backup, &path, now);
        if restored.is_err() && is_new {
            // Only an empty folder goes.
            let _ = fs::remove_dir(folder);
        }
        restored
    }

    fn restore_into(backup: &Path, path: &Path, now: Timestamp) -> Result<Self, Error> {
        let partial = Partial::beside(path)?;
        fs::copy(backup, partial.path()).map_err(|source| io(backup, source))?;
        restrict(partial.path(), 0o600)?;
        let copy = Connection::open_with_flags(
            partial.path(),
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        migrate::gate(&copy)?;
        check(&copy)?;
        if !copy.table_exists(None, "company")? {
            return Err(Error::Damaged("no company in it".to_owned()));
        }
        copy.pragma_update(None, "journal_mode", "DELETE")?;
        drop(copy);
        partial.keep_as(path)?;
        let folder = path.parent().unwrap_or(path);
        restrict(folder, 0o700)?;
        let file = Self::open(folder, now)?;
        file.write(|writer| writer.leave_waiting_mails_to_decide(now))?;
        Ok(file)
    }
}

/// SQLite's own check of the whole database.
fn check(connection: &Connection) -> Result<(), Error> {
    let verdict: String =
        connection.pragma_query_value(None, "integrity_check", |row| row.get(0))?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(Error::Damaged(verdict))
    }
}

fn io(path: &Path, source: std::io::Error) -> Error {
    Error::Io {
        path: path.to_owned(),
        source,
    }
}

/// A file that is not whole yet, beside its place; it goes away unless it is kept.
struct Partial(PathBuf);

impl Partial {
    fn beside(place: &Path) -> Result<Self, Error> {
        let invalid = || io(place, std::io::ErrorKind::InvalidInput.into());
        let mut name = place.file_name().ok_or_else(invalid)?.to_owned();
        name.push(format!(".{}.partial", std::process::id()));
        let partial = place.with_file_name(name);
        File::create_new(&partial).map_err(|source| io(&partial, source))?;
        Ok(Self(partial))
    }

    fn path(&self) -> &Path {
        &self.0
    }

    fn keep_as(self, place: &Path) -> Result<(), Error> {
        let file = File::open(&self.0).map_err(|source| io(&self.0, source))?;
        file.sync_all().map_err(|source| io(&self.0, source))?;
        fs::rename(&self.0, place).map_err(|source| io(place, source))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // After keeping it there is nothing to remove.
        let _ = fs::remove_file(&self.0);
        for side in ["-journal", "-wal", "-shm"] {
            let mut name = self.0.as_os_str().to_owned();
            name.push(side);
            let _ = fs::remove_file(PathBuf::from(name));
        }
    }
}
