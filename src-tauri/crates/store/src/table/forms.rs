//! Typed text that is no draft, customer or company yet, kept so that nothing typed is ever lost.
//!
//! A form is here only while it cannot be read; what it becomes replaces it.

use jiff::Timestamp;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::instant;
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-24-10-forms",
    sql: "CREATE TABLE forms (
            subject TEXT PRIMARY KEY,
            label TEXT NOT NULL,
            body TEXT NOT NULL,
            saved_at INTEGER NOT NULL
          ) STRICT, WITHOUT ROWID;",
}];

/// A form as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormRow {
    /// What it is the form of, such as `invoice:` and an id.
    pub subject: String,
    /// What a list calls it.
    pub label: String,
    /// The typed text, in the form's own layout.
    pub body: String,
    /// When it was last kept.
    pub saved_at: Timestamp,
}

impl Reader<'_> {
    /// The kept form of a subject.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn form(&self, subject: &str) -> Result<Option<FormRow>, Error> {
        self.first("SELECT * FROM forms WHERE subject = ?1", [subject], read)
    }

    /// The kept forms whose subject starts with `kind`, last typed first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn forms_of(&self, kind: &str) -> Result<Vec<FormRow>, Error> {
        self.all(
            "SELECT * FROM forms WHERE SUBSTR(subject, 1, LENGTH(?1)) = ?1 ORDER BY saved_at DESC",
            [kind],
            read,
        )
    }
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<FormRow> {
    Ok(FormRow {
        subject: row.get("subject")?,
        label: row.get("label")?,
        body: row.get("body")?,
        saved_at: instant(row, "saved_at")?,
    })
}

impl Writer<'_> {
    /// Keeps a form.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn keep_form(&self, row: &FormRow) -> Result<(), Error> {
        self.execute(
            "INSERT INTO forms (subject, label, body, saved_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (subject) DO UPDATE SET label = ?2, body = ?3, saved_at = ?4",
            (
                &row.subject,
                &row.label,
                &row.body,
                row.saved_at.as_microsecond(),
            ),
        )?;
        Ok(())
    }

    /// Drops the form of a subject; whether there was one.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn drop_form(&self, subject: &str) -> Result<bool, Error> {
        Ok(self.execute("DELETE FROM forms WHERE subject = ?1", [subject])? > 0)
    }
}
