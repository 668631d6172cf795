//! Migrations: a copy first, then every missing step in one transaction, or none.
//!
//! Steps live in the file of their table and are collected here by id. `user_version` is a forward
//! gate only: it rises when an older program would damage a newer file.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};

use crate::backup;
use crate::error::Error;
use crate::table;

/// One step of one table.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    /// `YYYY-MM-DD-NN-subject`; steps run in this order.
    pub(crate) id: &'static str,
    /// What it does.
    pub(crate) sql: &'static str,
}

/// Newest form that this program writes.
const FORM_VERSION: u32 = 1;

/// Brings the file up to date. Reads first: an up-to-date file takes no write lock.
pub(crate) fn migrate(
    connection: &mut Connection,
    path: &Path,
    now: Timestamp,
) -> Result<(), Error> {
    gate(connection)?;
    let steps = table::steps();
    if missing(connection, &steps)?.is_empty() {
        return Ok(());
    }
    if !applied(connection)?.is_empty() {
        backup::before_migration(connection, path, now)?;
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have migrated while this one waited for the lock.
    for step in missing(&transaction, &steps)? {
        transaction.execute_batch(step.sql)?;
        transaction.execute(
            "INSERT INTO migrations (id, applied_at) VALUES (?1, ?2)",
            (step.id, now.as_microsecond()),
        )?;
    }
    transaction.pragma_update(None, "user_version", FORM_VERSION)?;
    transaction.commit()?;
    Ok(())
}

pub(crate) fn gate(connection: &Connection) -> Result<(), Error> {
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > FORM_VERSION {
        Err(Error::TooNew {
            found,
            known: FORM_VERSION,
        })
    } else {
        Ok(())
    }
}

fn applied(connection: &Connection) -> Result<BTreeSet<String>, Error> {
    if !connection.table_exists(None, "migrations")? {
        return Ok(BTreeSet::new());
    }
    let mut statement = connection.prepare("SELECT id FROM migrations")?;
    let ids = statement.query_map([], |row| row.get(0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

fn missing(connection: &Connection, steps: &[Step]) -> Result<Vec<Step>, Error> {
    let applied = applied(connection)?;
    Ok(steps
        .iter()
        .filter(|step| !applied.contains(step.id))
        .copied()
        .collect())
}
