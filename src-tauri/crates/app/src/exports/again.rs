//! What becomes of a batch afterwards (`accounting.md` § 4): its file is had again byte for byte, and
//! the latest one can be undone.

use std::path::Path;

use acquit_accounting::Journal;
use acquit_export::Format;
use acquit_store::{BatchFile, BatchRow, Reader};

use super::pdfs::WithPdfs;
use super::writing::{failed, mark, no_folder, write_batch};
use super::{no_invoice, not_one_file, warnings};
use crate::files::company_of;
use crate::ledger::letter;
use crate::view::ExportSummary;
use crate::{Acquit, Error};

impl Acquit {
    /// Writes the file of a batch again, byte for byte as it was: the same entries under the same
    /// numbers, with the letters of that day, whatever was lettered since.
    ///
    /// # Errors
    /// [`Error::UnknownBatch`], [`Error::BatchUndone`], [`Error::ExportChanged`] where the bytes would
    /// not be those of then, or a failure of the disk. No file is made.
    pub fn export_again(&self, batch: u64, file: &Path) -> Result<ExportSummary, Error> {
        no_folder(file)?;
        let (row, format, written, warnings) = self.file.read(|reader| {
            let row = standing(reader, batch)?;
            let format = Format::from_code(&row.format).ok_or(Error::Inconsistent("format"))?;
            let company = company_of(reader)?;
            let written = write_batch(reader, format, mark(company.nature), batch, file)?;
            if !is_the_same(&row, &written.file) {
                return Err(Error::ExportChanged(batch));
            }
            let warnings = warnings(format, file, &company.company, &reader.batch_span(batch)?);
            Ok((row, format, written, warnings))
        })?;
        let sums = written.place(file).map_err(|source| failed(file, source))?;
        Ok(ExportSummary {
            batch,
            format,
            journal: row.journal.as_deref().and_then(Journal::from_code),
            file: file.to_owned(),
            entries: sums.entries,
            lines: sums.lines,
            debit: sums.debit,
            credit: sums.credit,
            pdfs: None,
            warnings,
        })
    }

    /// The same with the ZIP of its invoices beside it, as they are now: what was paid since is stamped so.
    ///
    /// # Errors
    /// As for [`Self::export_again`], [`Error::OneFileForTwo`] and [`Error::ExportStopped`].
    pub fn export_again_with_pdfs(
        &self,
        batch: u64,
        file: &Path,
        pdfs: &WithPdfs<'_>,
    ) -> Result<ExportSummary, Error> {
        not_one_file(file, pdfs.file)?;
        let documents = self.file.read(|reader| {
            standing(reader, batch)?;
            Ok::<_, Error>(reader.documents_of_batch(batch)?)
        })?;
        let zipped = self.zip(documents, batch, pdfs)?;
        let mut summary = self.export_again(batch, file)?;
        summary.pdfs = zipped
            .place(pdfs.file)
            .map_err(|source| failed(pdfs.file, source))?;
        if summary.pdfs.is_none() {
            summary.warnings.push(no_invoice());
        }
        Ok(summary)
    }

    /// Undoes the latest batch that stands: its entries are free, and the next export takes them again
    /// under the same numbers. Its letters are then held to today's facts, as if it had never been.
    ///
    /// # Errors
    /// [`Error::UnknownBatch`], [`Error::BatchUndone`], or [`Error::NotLatestBatch`].
    pub fn undo_export(&self, batch: u64) -> Result<BatchRow, Error> {
        self.file.write(|writer| {
            let row = standing(writer, batch)?;
            if let Some(latest) = writer.latest_batch()?
                && latest != batch
            {
                return Err(Error::NotLatestBatch { batch, latest });
            }
            let lettered = writer.invoices_lettered_in(batch)?;
            writer.undo_batch(batch, self.parts.now())?;
            for invoice in lettered {
                letter(writer, invoice)?;
            }
            let body = (batch, &row.format, row.entries, row.debit);
            self.audit(writer, "export_undone", &body)?;
            writer.batch(batch)?.ok_or(Error::UnknownBatch(batch))
        })
    }
}

/// A batch that was not undone.
fn standing(reader: &Reader<'_>, batch: u64) -> Result<BatchRow, Error> {
    let row = reader.batch(batch)?.ok_or(Error::UnknownBatch(batch))?;
    if row.undone_at.is_some() {
        return Err(Error::BatchUndone(batch));
    }
    Ok(row)
}

/// Whether what was written is what the accountant has. The hash is unknown of a batch of an older
/// version: its sums speak for it, and what it holds is frozen.
fn is_the_same(then: &BatchRow, now: &BatchFile) -> bool {
    let hash = then.sha256.as_ref().is_none_or(|hash| *hash == now.sha256);
    let counts = (then.entries, then.lines) == (now.entries, now.lines);
    hash && counts && (then.debit, then.credit) == (now.debit, now.credit)
}
