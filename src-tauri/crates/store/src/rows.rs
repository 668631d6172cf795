//! How values cross between Rust and SQLite: instants as microseconds, dates as ISO text, amounts as
//! cents, documents as JSON.

use acquit_domain::Cents;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Params, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Reader;
use crate::error::Error;

/// Reads one column as a type that parses from text.
pub(crate) fn text<T: std::str::FromStr>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let raw: String = row.get(column)?;
    raw.parse().map_err(|_| mistyped(column))
}

/// Reads one nullable column as a type that parses from text.
pub(crate) fn optional_text<T: std::str::FromStr>(
    row: &Row<'_>,
    column: &str,
) -> rusqlite::Result<Option<T>> {
    let raw: Option<String> = row.get(column)?;
    raw.map(|raw| raw.parse().map_err(|_| mistyped(column)))
        .transpose()
}

/// Reads cents.
pub(crate) fn cents(row: &Row<'_>, column: &str) -> rusqlite::Result<Cents> {
    row.get(column).map(Cents::new)
}

/// Reads an instant.
pub(crate) fn instant(row: &Row<'_>, column: &str) -> rusqlite::Result<Timestamp> {
    Timestamp::from_microsecond(row.get(column)?).map_err(|_| mistyped(column))
}

/// Reads a nullable instant.
pub(crate) fn optional_instant(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Timestamp>> {
    let raw: Option<i64> = row.get(column)?;
    raw.map(|raw| Timestamp::from_microsecond(raw).map_err(|_| mistyped(column)))
        .transpose()
}

/// Reads a date.
pub(crate) fn date(row: &Row<'_>, column: &str) -> rusqlite::Result<Date> {
    text(row, column)
}

/// Reads a JSON document.
pub(crate) fn json<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let raw: String = row.get(column)?;
    serde_json::from_str(&raw).map_err(|_| mistyped(column))
}

/// Reads an enum stored as its snake-case word (its serde name).
pub(crate) fn word<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let raw: String = row.get(column)?;
    serde_json::from_value(serde_json::Value::String(raw)).map_err(|_| mistyped(column))
}

/// Writes a JSON document.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String, Error> {
    Ok(serde_json::to_string(value)?)
}

/// Writes an enum as its snake-case word.
pub(crate) fn to_word<T: Serialize>(value: &T) -> Result<String, Error> {
    match serde_json::to_value(value)? {
        serde_json::Value::String(word) => Ok(word),
        _ => Err(Error::Unreadable { what: "word" }),
    }
}

/// A column that does not hold what its type says.
pub(crate) fn mistyped(column: &str) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(0, column.to_owned(), Type::Text)
}

impl Reader<'_> {
    /// All rows of a query.
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(parameters, read)?;
        Ok(rows.collect::<rusqlite::Result<Vec<T>>>()?)
    }

    /// The first row of a query, if any.
    pub(crate) fn first<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row(parameters, read).optional()?)
    }

    /// The only row of a query that always has one (sums, counts).
    pub(crate) fn one<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row(parameters, read)?)
    }
}

impl crate::Writer<'_> {
    /// Executes a statement; the count of rows it changed.
    pub(crate) fn execute(&self, sql: &str, parameters: impl Params) -> Result<usize, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.execute(parameters)?)
    }
}
