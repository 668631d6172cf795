//! Exports for the accountant: each takes what was not exported yet, as a numbered batch.

mod again;
mod writing;

use std::path::Path;

use acquit_accounting::Journal;
use acquit_accounting::chart::Plan;
use acquit_export::{Format, is_fec_file_name};
use acquit_store::{AccountSum, BatchRow, JournalSum};
use jiff::civil::Date;

use crate::files::company_of;
use crate::message::{Sentence, not_in_plan};
use crate::view::ExportSummary;
use crate::{Acquit, Error};
pub(crate) use writing::mark;
use writing::{no_folder, write_batch};

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
        no_folder(file)?;
        let (batch, written, warnings) = self.file.write(|writer| {
            let entries = writer.unexported(until, journal)?;
            if entries.is_empty() {
                return Err(Error::NothingToExport);
            }
            let row = company_of(writer)?;
            let batch =
                writer.insert_batch(format.code(), until, journal, &entries, self.parts.now())?;
            let written = write_batch(writer, format, mark(row.nature), batch, file)?;
            writer.insert_batch_file(batch, &written.file)?;
            let (sums, code) = (&written.file, format.code());
            let body = (batch, code, sums.entries, sums.debit, sums.sha256.as_str());
            self.audit(writer, "entries_exported", &body)?;
            let warnings = warnings(format, file, &row.company, &writer.batch_span(batch)?);
            Ok((batch, written, warnings))
        })?;
        let sums = written
            .place(file)
            .map_err(|source| Error::ExportNotPlaced {
                batch,
                path: file.to_owned(),
                source,
            })?;
        Ok(ExportSummary {
            batch,
            format,
            journal,
            file: file.to_owned(),
            entries: sums.entries,
            lines: sums.lines,
            debit: sums.debit,
            credit: sums.credit,
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
            Ok(ExportPreview {
                batch: last + 1,
                journals: reader.unexported_by_journal(until, journal)?,
                anomalies: missing_accounts(plan.as_ref().map(|(plan, _)| plan), &accounts),
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
            let batches = reader.batches()?.into_iter().rev();
            Ok(batches
                .map(|batch| EarlierExport {
                    can_be_undone: latest == Some(batch.batch),
                    batch,
                })
                .collect())
        })
    }
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
