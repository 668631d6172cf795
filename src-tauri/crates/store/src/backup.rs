//! Consistent copies of a file that is in use.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::backup::Backup;

use crate::error::Error;

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
    let mut target = Connection::open(&copy)?;
    Backup::new(connection, &mut target)?.run_to_completion(256, Duration::ZERO, None)?;
    Ok(copy)
}
