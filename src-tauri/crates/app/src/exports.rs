//! Exports for the accountant: each takes what was not exported yet, as a numbered batch.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use acquit_accounting::{Journal, letter_code};
use acquit_domain::Cents;
use acquit_domain::link::FileNature;
use acquit_export::{
    ExportEntry, Format, Letter, Mark, Summary, WriteError, is_fec_file_name, write,
};
use acquit_store::{AccountSum, BatchRow, JournalSum, Reader, StoredEntry};
use jiff::civil::Date;

use crate::files::company_of;
use crate::message::Sentence;
use crate::view::ExportSummary;
use crate::{Acquit, Error};

/// Entries read at a time: an export of any length needs constant memory.
const PAGE: u32 = 1_000;

impl Acquit {
    /// Writes the entries not yet exported up to a date, in one journal or all, to `file`, and
    /// records them as a batch: no entry is ever exported twice.
    ///
    /// # Errors
    /// [`Error::NothingToExport`] (no file is made), or a failure of the disk (then nothing counts
    /// as exported).
    pub fn export(
        &self,
        format: Format,
        until: Date,
        journal: Option<Journal>,
        file: &Path,
    ) -> Result<ExportSummary, Error> {
        let draft = partial_path(file);
        let outcome = self.file.write(|writer| {
            let entries = writer.unexported(until, journal)?;
            if entries.is_empty() {
                return Err(Error::NothingToExport);
            }
            let row = company_of(writer)?;
            let batch =
                writer.insert_batch(format.code(), until, journal, &entries, self.parts.now())?;
            let summary = write_batch(writer, format, mark(row.nature), batch, &draft)?;
            self.audit(
                writer,
                "entries_exported",
                &(batch, format.code(), summary.entries, summary.debit),
            )?;
            let warnings = warnings(format, file, &row.company, &writer.batch_span(batch)?);
            Ok((batch, summary, warnings))
        });
        let (batch, summary, warnings) = outcome.inspect_err(|_| {
            let _absent_is_fine = fs::remove_file(&draft);
        })?;
        fs::rename(&draft, file).map_err(|source| Error::Io {
            path: file.to_owned(),
            source,
        })?;
        Ok(ExportSummary {
            batch,
            format,
            journal,
            file: file.to_owned(),
            entries: summary.entries,
            lines: summary.lines,
            debit: summary.debit,
            credit: summary.credit,
            warnings,
        })
    }
}

/// What an export would take.
#[derive(Clone, Debug)]
pub struct ExportPreview {
    /// Number the batch would have.
    pub batch: u64,
    /// By journal.
    pub journals: Vec<JournalSum>,
    /// By account.
    pub accounts: Vec<AccountSum>,
}

/// An earlier export.
#[derive(Clone, Debug)]
pub struct EarlierExport {
    /// The batch.
    pub batch: BatchRow,
    /// Count of its entries.
    pub entries: u64,
    /// Sum of its debits.
    pub debit: Cents,
}

impl Acquit {
    /// What an export up to a date would take, without taking it.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn export_preview(
        &self,
        until: Date,
        journal: Option<Journal>,
    ) -> Result<ExportPreview, Error> {
        self.file.read(|reader| {
            let last = reader.batches()?.last().map_or(0, |batch| batch.batch);
            Ok(ExportPreview {
                batch: last + 1,
                journals: reader.unexported_by_journal(until, journal)?,
                accounts: reader.unexported_by_account(until, journal)?,
            })
        })
    }

    /// Earlier exports, newest first.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn exports(&self) -> Result<Vec<EarlierExport>, Error> {
        self.file.read(|reader| {
            let batches = reader.batches()?;
            let mut exports = Vec::with_capacity(batches.len());
            for batch in batches.into_iter().rev() {
                let (entries, debit) = reader.batch_sums(batch.batch)?;
                exports.push(EarlierExport {
                    batch,
                    entries,
                    debit,
                });
            }
            Ok(exports)
        })
    }
}

fn mark(nature: FileNature) -> Mark {
    match nature {
        FileNature::Real => Mark::None,
        FileNature::Trial => Mark::Trial,
        FileNature::Demonstration => Mark::Demonstration,
    }
}

/// Beside the target, so that the rename stays on one disk.
fn partial_path(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    file.with_file_name(name)
}

fn write_batch(
    reader: &Reader<'_>,
    format: Format,
    mark: Mark,
    batch: u64,
    path: &Path,
) -> Result<Summary, Error> {
    let io = |source| Error::Io {
        path: path.to_owned(),
        source,
    };
    let mut out = BufWriter::new(File::create(path).map_err(io)?);
    let summary = write(format, mark, BatchEntries::new(reader, batch), &mut out).map_err(
        |error| match error {
            WriteError::Source(error) => error,
            WriteError::Output(source) => io(source),
        },
    )?;
    out.flush().map_err(io)?;
    out.into_inner()
        .map_err(|error| io(error.into_error()))?
        .sync_all()
        .map_err(io)?;
    Ok(summary)
}

/// Streams a batch page by page.
struct BatchEntries<'r> {
    reader: &'r Reader<'r>,
    batch: u64,
    last: u64,
    page: std::vec::IntoIter<(u64, StoredEntry)>,
}

impl<'r> BatchEntries<'r> {
    fn new(reader: &'r Reader<'r>, batch: u64) -> Self {
        Self {
            reader,
            batch,
            last: 0,
            page: Vec::new().into_iter(),
        }
    }

    fn entry(&self, number: u64, stored: StoredEntry) -> Result<ExportEntry, Error> {
        let mut letters = vec![None; stored.entry.lines().len()];
        for row in self.reader.exported_letters(stored.seq)? {
            if let Some(place) = usize::try_from(row.at.line)
                .ok()
                .and_then(|line| letters.get_mut(line))
            {
                *place = Some(Letter {
                    code: letter_code(row.code),
                    date: row.date,
                });
            }
        }
        Ok(ExportEntry {
            number,
            entry: stored.entry,
            recorded_on: stored.recorded_on,
            letters,
        })
    }
}

impl Iterator for BatchEntries<'_> {
    type Item = Result<ExportEntry, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let (number, stored) = match self.page.next() {
            Some(next) => next,
            None => {
                self.page = match self.reader.batch_page(self.batch, self.last, PAGE) {
                    Ok(page) => page.into_iter(),
                    Err(error) => return Some(Err(error.into())),
                };
                self.page.next()?
            }
        };
        self.last = number;
        Some(self.entry(number, stored))
    }
}

/// What the reader of the file should know (`cli.md`): a name that the norm would not accept, and a
/// file over several fiscal years.
fn warnings(
    format: Format,
    file: &Path,
    company: &acquit_domain::company::Company,
    span: &Option<(Date, Date)>,
) -> Vec<Sentence> {
    let mut warnings = Vec::new();
    if format != Format::Fec {
        return warnings;
    }
    let name = file
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    if !is_fec_file_name(name) {
        warnings.push(Sentence::new(
            "Le nom du fichier n’est pas celui d’un FEC (SIREN, « FEC », date de clôture, .txt) : l’administration le demanderait ainsi.",
            "The file name is not that of a FEC (SIREN, “FEC”, end of the fiscal year, .txt).",
        ));
    }
    if let Some((first, last)) = span
        && company.fiscal_year_end.holding(*first) != company.fiscal_year_end.holding(*last)
    {
        warnings.push(Sentence::new(
            "Ce fichier couvre plusieurs exercices : un FEC est normalement d’un seul exercice.",
            "This file spans several fiscal years.",
        ));
    }
    warnings
}
