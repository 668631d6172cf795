//! Exports for the accountant: each takes what was not exported yet, as a numbered batch.

mod again;
mod pdfs;
mod writing;

use std::path::Path;

use acquit_accounting::Journal;
use acquit_accounting::chart::Plan;
use acquit_domain::Cents;
use acquit_export::{Format, is_fec_file_name};
use acquit_store::{AccountSum, BatchRow, Reader, Writer};
use jiff::civil::Date;

use crate::files::company_of;
use crate::journal::code_at;
use crate::ledger::closed;
use crate::message::{Sentence, before_closing, not_in_plan};
use crate::view::ExportSummary;
use crate::{Acquit, Error};
use pdfs::Zipped;
pub use pdfs::{PdfProgress, PdfsWritten, WithPdfs, pdfs_file_name};
pub(crate) use writing::mark;
use writing::{Written, no_folder, write_batch};

/// What an export is asked to take, and where its file goes.
struct Asked<'a> {
    format: Format,
    until: Date,
    journal: Option<Journal>,
    file: &'a Path,
}

/// A batch that is recorded, and whose file has not got its name yet.
struct Recorded {
    batch: u64,
    written: Written,
    warnings: Vec<Sentence>,
}

impl Acquit {
    /// Writes the entries not yet exported up to a date, in one journal or all, to `file`, and
    /// records them as a batch: no entry is ever exported twice. The batch is recorded before its
    /// file gets its name, so that whatever stops in between leaves a batch that
    /// [`Self::export_again`] writes, never a file whose entries count as new.
    ///
    /// # Errors
    /// [`Error::NothingToExport`] (no file is made), or a failure of the disk (then nothing counts
    /// as exported); [`Error::ExportNotPlaced`] where the batch stands and only its file is missing.
    pub fn export(
        &self,
        format: Format,
        until: Date,
        journal: Option<Journal>,
        file: &Path,
    ) -> Result<ExportSummary, Error> {
        let asked = Asked {
            format,
            until,
            journal,
            file,
        };
        no_folder(file)?;
        let recorded = self
            .file
            .write(|writer| self.record_batch(writer, &asked))?;
        place(&asked, recorded, None)
    }

    /// The same with the PDFs of the batch's invoices in a ZIP beside it; no ZIP where it has none. They are
    /// made before anything is recorded: what stops meanwhile leaves neither batch nor file.
    ///
    /// # Errors
    /// As for [`Self::export`], [`Error::OneFileForTwo`] and [`Error::ExportStopped`].
    pub fn export_with_pdfs(
        &self,
        format: Format,
        until: Date,
        journal: Option<Journal>,
        file: &Path,
        pdfs: &WithPdfs<'_>,
    ) -> Result<ExportSummary, Error> {
        let asked = Asked {
            format,
            until,
            journal,
            file,
        };
        no_folder(file)?;
        not_one_file(file, pdfs.file)?;
        loop {
            let (next, documents) = self.file.read(|reader| {
                if reader.unexported(until, journal)? == 0 {
                    return Err(Error::NothingToExport);
                }
                let last = reader.batches()?.last().map_or(0, |batch| batch.batch);
                Ok((last + 1, reader.unexported_documents(until, journal)?))
            })?;
            let zipped = self.zip(documents, next, pdfs)?;
            let recorded = self.file.write(|writer| {
                if writer.unexported_documents(until, journal)? != zipped.documents {
                    return Ok(None);
                }
                let recorded = self.record_batch(writer, &asked)?;
                if zipped.count() > 0 {
                    let name = pdfs.file.file_name().unwrap_or_default();
                    let (name, count) = (name.to_string_lossy(), zipped.count());
                    writer.insert_batch_pdfs(recorded.batch, &name, count)?;
                }
                Ok::<_, Error>(Some(recorded))
            })?;
            // None: an invoice was issued while the PDFs were made. They are made again, with its own.
            if let Some(recorded) = recorded {
                return place(&asked, recorded, Some((zipped, pdfs.file)));
            }
        }
    }

    /// Records a batch, and writes its file beside its place.
    fn record_batch(&self, writer: &Writer<'_>, asked: &Asked<'_>) -> Result<Recorded, Error> {
        let (format, until, journal) = (asked.format, asked.until, asked.journal);
        let row = company_of(writer)?;
        let batch = writer.insert_batch(format.code(), until, journal, self.parts.now())?;
        let batch = batch.ok_or(Error::NothingToExport)?;
        let written = write_batch(writer, format, mark(row.nature), batch, asked.file)?;
        writer.insert_batch_file(batch, &written.file)?;
        let (sums, code) = (&written.file, format.code());
        let body = (batch, code, sums.entries, sums.debit, sums.sha256.as_str());
        self.audit(writer, "entries_exported", &body)?;
        let span = writer.batch_span(batch)?;
        Ok(Recorded {
            batch,
            written,
            warnings: warnings(format, asked.file, &row.company, &span),
        })
    }
}

/// Gives the files of a recorded batch their names.
fn place(
    asked: &Asked<'_>,
    recorded: Recorded,
    zipped: Option<(Zipped, &Path)>,
) -> Result<ExportSummary, Error> {
    let Recorded {
        batch,
        written,
        mut warnings,
    } = recorded;
    let not_placed = |path: &Path, source| Error::ExportNotPlaced {
        batch,
        path: path.to_owned(),
        source,
    };
    let sums = written
        .place(asked.file)
        .map_err(|source| not_placed(asked.file, source))?;
    let mut pdfs = None;
    if let Some((zipped, target)) = zipped {
        pdfs = zipped
            .place(target)
            .map_err(|source| not_placed(target, source))?;
        if pdfs.is_none() {
            warnings.push(no_invoice());
        }
    }
    Ok(ExportSummary {
        batch,
        format: asked.format,
        journal: asked.journal,
        file: asked.file.to_owned(),
        entries: sums.entries,
        lines: sums.lines,
        debit: sums.debit,
        credit: sums.credit,
        pdfs,
        warnings,
    })
}

/// Refuses one name for the export and its ZIP: the second would be written over the first.
fn not_one_file(export: &Path, zip: &Path) -> Result<(), Error> {
    if export == zip {
        return Err(Error::OneFileForTwo(zip.to_owned()));
    }
    Ok(())
}

fn no_invoice() -> Sentence {
    Sentence::new(
        "Ce lot ne contient aucune facture : il n’y a pas de ZIP.",
        "This batch holds no invoice: there is no ZIP.",
    )
}

/// What an export would take of one journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalPreview {
    /// The journal.
    pub journal: Journal,
    /// Its code, as the file will have it.
    pub code: String,
    /// Count of entries.
    pub entries: u64,
    /// Count of lines.
    pub lines: u64,
    /// Sum of debits, in cents.
    pub debit: Cents,
    /// Sum of credits, in cents.
    pub credit: Cents,
}

/// What an export would take.
#[derive(Clone, Debug)]
pub struct ExportPreview {
    /// Number the batch would have.
    pub batch: u64,
    /// By journal; one whose code changed meanwhile stands there with each.
    pub journals: Vec<JournalPreview>,
    /// By account.
    pub accounts: Vec<AccountSum>,
    /// Count of the documents that its sales are of.
    pub documents: u64,
    /// What the accountant's program would stumble over.
    pub anomalies: Vec<Sentence>,
}

/// An earlier export.
#[derive(Clone, Debug)]
pub struct EarlierExport {
    /// The batch.
    pub batch: BatchRow,
    /// Whether it is the latest that stands, which alone may be undone.
    pub can_be_undone: bool,
    /// Whether the books are closed up to its last day.
    pub is_closed: bool,
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
            let accounts = reader.unexported_by_account(until, journal)?;
            let plan = reader.plan()?;
            let mut anomalies = missing_accounts(plan.as_ref().map(|(plan, _)| plan), &accounts);
            anomalies.extend(before_closed(reader, until, journal)?);
            Ok(ExportPreview {
                batch: last + 1,
                journals: by_code(reader, until, journal)?,
                documents: reader.unexported_documents(until, journal)?.len() as u64,
                anomalies,
                accounts,
            })
        })
    }

    /// Earlier exports, newest first, the undone ones too.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn exports(&self) -> Result<Vec<EarlierExport>, Error> {
        self.file.read(|reader| {
            let latest = reader.latest_batch()?;
            let closed = closed(reader)?;
            let batches = reader.batches()?.into_iter().rev();
            Ok(batches
                .map(|batch| EarlierExport {
                    can_be_undone: latest == Some(batch.batch),
                    is_closed: closed.holds(batch.until),
                    batch,
                })
                .collect())
        })
    }
}

/// What is not exported yet, by journal under the code that its entries are written with: that of their own time.
fn by_code(
    reader: &Reader<'_>,
    until: Date,
    journal: Option<Journal>,
) -> Result<Vec<JournalPreview>, Error> {
    let charts = reader.charts()?;
    let mut found: Vec<JournalPreview> = Vec::new();
    for sum in reader.unexported_by_journal(until, journal)? {
        let code = code_at(&charts, sum.journal, sum.last);
        let same = |one: &&mut JournalPreview| one.journal == sum.journal && one.code == code;
        if let Some(one) = found.iter_mut().find(same) {
            one.entries += sum.entries;
            one.lines += sum.lines;
            one.debit += sum.debit;
            one.credit += sum.credit;
        } else {
            found.push(JournalPreview {
                journal: sum.journal,
                code,
                entries: sum.entries,
                lines: sum.lines,
                debit: sum.debit,
                credit: sum.credit,
            });
        }
    }
    Ok(found)
}

/// Entries of a period that was closed before they were exported, if there are any.
fn before_closed(
    reader: &Reader<'_>,
    until: Date,
    journal: Option<Journal>,
) -> Result<Option<Sentence>, Error> {
    let Some(closed) = reader.closed_until()? else {
        return Ok(None);
    };
    let late = reader.unexported(closed.min(until), journal)?;
    Ok((late > 0).then(|| before_closing(late)))
}

/// Accounts that the imported plan does not have; none without a plan.
fn missing_accounts(plan: Option<&Plan>, accounts: &[AccountSum]) -> Vec<Sentence> {
    let Some(plan) = plan else {
        return Vec::new();
    };
    let missing = accounts.iter().filter(|sum| !plan.holds(&sum.account));
    missing
        .map(|sum| not_in_plan(&sum.account, &sum.label))
        .collect()
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
