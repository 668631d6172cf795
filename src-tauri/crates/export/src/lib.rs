//! File layouts that accountants load: small streaming writers over the same entries.

mod clean;
mod csv;
mod error;
mod fec;
pub mod vat;
mod zip;

use std::io::Write;

use acquit_accounting::Entry;
use acquit_domain::Cents;
use jiff::civil::Date;

pub use error::WriteError;
pub use fec::{fec_file_name, is_fec_file_name};
pub use zip::ZipWriter;

/// A layout of `cli.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// FEC: 18 columns of LPF art. A47 A-1.
    Fec,
    /// CSV for people and spreadsheets.
    Csv,
}

impl Format {
    /// Every layout.
    pub const ALL: [Self; 2] = [Self::Fec, Self::Csv];

    /// The word of `cli.md`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fec => "fec",
            Self::Csv => "csv",
        }
    }

    /// The layout with a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.code() == code)
    }
}

/// First word of each label in a file that must not be taken for real books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Real books.
    None,
    /// The demonstration company.
    Demonstration,
    /// A trial file.
    Trial,
}

impl Mark {
    /// The word itself; none on real books.
    #[must_use]
    pub const fn word(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Demonstration => Some("DEMONSTRATION"),
            Self::Trial => Some("ESSAI"),
        }
    }

    /// The label with its mark.
    pub(crate) fn on(self, label: &str) -> String {
        match self.word() {
            None => label.to_owned(),
            Some(word) => format!("{word} {label}"),
        }
    }
}

/// A letter on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its code.
    pub code: String,
    /// Its date.
    pub date: Date,
}

/// An entry as a batch numbers it.
#[derive(Clone, Debug)]
pub struct ExportEntry {
    /// EcritureNum, continuous over batches.
    pub number: u64,
    /// The entry.
    pub entry: Entry,
    /// JournalCode, as the books' settings had it when the entry was recorded.
    pub journal_code: String,
    /// Day of recording (ValidDate).
    pub recorded_on: Date,
    /// One place a line: its letter, if the whole code is in the batch.
    pub letters: Vec<Option<Letter>>,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Count of entries.
    pub entries: u64,
    /// Count of lines.
    pub lines: u64,
    /// Sum of debits.
    pub debit: Cents,
    /// Sum of credits.
    pub credit: Cents,
}

/// Writes entries one by one: a file of any length needs the memory of one entry.
///
/// # Errors
/// [`WriteError::Source`] when an entry cannot be had, [`WriteError::Output`] when it cannot be
/// written.
pub fn write<E>(
    format: Format,
    mark: Mark,
    entries: impl Iterator<Item = Result<ExportEntry, E>>,
    out: &mut impl Write,
) -> Result<Summary, WriteError<E>> {
    let header = match format {
        Format::Fec => fec::header(),
        Format::Csv => csv::header(),
    };
    out.write_all(header.as_bytes())?;
    let mut summary = Summary::default();
    for entry in entries {
        let entry = entry.map_err(WriteError::Source)?;
        let rows = match format {
            Format::Fec => fec::rows(&entry, mark),
            Format::Csv => csv::rows(&entry, mark),
        };
        out.write_all(rows.as_bytes())?;
        let (debit, credit) = entry.entry.sums();
        summary.entries += 1;
        summary.lines += entry.entry.lines().len() as u64;
        summary.debit += debit;
        summary.credit += credit;
    }
    Ok(summary)
}

#[cfg(test)]
mod tests;
