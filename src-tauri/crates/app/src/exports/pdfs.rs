//! The PDFs of a batch's invoices in one ZIP beside its file (`accounting.md` § 4): one PDF in memory at a time,
//! and no name before all of them are written.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use acquit_domain::id::InvoiceId;
use acquit_domain::link::FileNature;
use acquit_export::ZipWriter;

use super::mark;
use super::writing::{Draft, failed, no_folder};
use crate::view::Document;
use crate::{Acquit, Error};

/// How far the PDFs of an export are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PdfProgress {
    /// How many are written.
    pub done: u64,
    /// Of how many.
    pub all: u64,
}

/// A ZIP of PDFs that is asked for beside an export.
pub struct WithPdfs<'a> {
    /// Where it goes.
    pub file: &'a Path,
    /// Is told before each PDF and after the last one; may stop the export, which leaves nothing then.
    pub told: &'a dyn Fn(PdfProgress) -> ControlFlow<()>,
}

/// A ZIP that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PdfsWritten {
    /// Where.
    pub file: PathBuf,
    /// How many documents are in it.
    pub documents: u64,
}

/// A ZIP that has not got its name yet; dropped, nothing of it is left.
pub(super) struct Zipped {
    /// The documents it holds, in the order of their entries.
    pub(super) documents: Vec<InvoiceId>,
    /// None without any document: there is no ZIP of nothing.
    draft: Option<Draft>,
}

impl Zipped {
    pub(super) fn count(&self) -> u64 {
        self.documents.len() as u64
    }

    /// Gives the ZIP its name, over whatever bears it.
    pub(super) fn place(self, target: &Path) -> io::Result<Option<PdfsWritten>> {
        let documents = self.count();
        let Some(draft) = self.draft else {
            return Ok(None);
        };
        draft.place(target)?;
        let file = target.to_owned();
        Ok(Some(PdfsWritten { file, documents }))
    }
}

/// The usual name of the ZIP beside an export's file: `NAME-factures.zip`; its first word says where a file must
/// not be taken for real books.
#[must_use]
pub fn pdfs_file_name(export: &Path, nature: FileNature) -> String {
    let stem = export.file_stem().unwrap_or_default().to_string_lossy();
    match mark(nature).word() {
        None => format!("{stem}-factures.zip"),
        Some(word) => format!("{word}-{stem}-factures.zip"),
    }
}

impl Acquit {
    /// Writes the PDFs of documents beside the place of their ZIP. Nothing is asked of PayPlug.
    pub(super) fn zip(
        &self,
        documents: Vec<InvoiceId>,
        batch: u64,
        pdfs: &WithPdfs<'_>,
    ) -> Result<Zipped, Error> {
        no_folder(pdfs.file)?;
        if documents.is_empty() {
            return Ok(Zipped {
                documents,
                draft: None,
            });
        }
        let (draft, file) = Draft::create(pdfs.file, batch)?;
        self.write_pdfs(&documents, file, pdfs)?;
        Ok(Zipped {
            documents,
            draft: Some(draft),
        })
    }

    fn write_pdfs(
        &self,
        documents: &[InvoiceId],
        file: File,
        pdfs: &WithPdfs<'_>,
    ) -> Result<(), Error> {
        let failed = |source| failed(pdfs.file, source);
        let all = documents.len() as u64;
        let told = |done| match (pdfs.told)(PdfProgress { done, all }) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Error::ExportStopped),
        };
        let mut zip = ZipWriter::new(BufWriter::new(file));
        let mut names = BTreeSet::new();
        for (done, id) in (0..).zip(documents) {
            told(done)?;
            let view = self.invoice(*id)?;
            let Document::Finalised(document) = &view.document else {
                return Err(Error::Inconsistent("document of an entry"));
            };
            let name = free_name(&document.number.in_file_name(), &mut names);
            let printed = self.printed_of(&view, false)?;
            zip.add(&name, &printed.bytes).map_err(failed)?;
        }
        let out = zip.finish().map_err(failed)?;
        let file = out
            .into_inner()
            .map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(failed)?;
        told(all)
    }
}

/// A name that no other file has: numbers may differ only by what no file name holds.
fn free_name(number: &str, taken: &mut BTreeSet<String>) -> String {
    let mut name = format!("{number}.pdf");
    let mut again = 1_u32;
    // Some file systems do not tell capitals from small letters.
    while !taken.insert(name.to_lowercase()) {
        again += 1;
        name = format!("{number} ({again}).pdf");
    }
    name
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::{free_name, pdfs_file_name};
    use acquit_domain::link::FileNature;

    #[test]
    fn the_zip_is_named_after_the_export_and_marked() {
        let fec = Path::new("/tmp/812345676FEC20261231.txt");
        let name = |nature| pdfs_file_name(fec, nature);
        assert_eq!(name(FileNature::Real), "812345676FEC20261231-factures.zip");
        let marked = "DEMONSTRATION-812345676FEC20261231-factures.zip";
        assert_eq!(name(FileNature::Demonstration), marked);
        assert!(name(FileNature::Trial).starts_with("ESSAI-"));
    }

    #[test]
    fn no_two_files_have_one_name() {
        let mut taken = BTreeSet::new();
        let mut name = |number: &str| free_name(number, &mut taken);
        assert_eq!(name("2026-1"), "2026-1.pdf");
        assert_eq!(name("2026-1"), "2026-1 (2).pdf");
        assert_eq!(name("f-1"), "f-1.pdf");
        assert_eq!(name("F-1"), "F-1 (2).pdf");
    }
}
