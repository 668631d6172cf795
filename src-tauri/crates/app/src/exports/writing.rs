//! How a batch becomes a file: streamed beside its place, hashed on the way, and given its name once
//! the batch is recorded.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::iter::Peekable;
use std::path::{Path, PathBuf};

use acquit_accounting::letter_code;
use acquit_domain::link::FileNature;
use acquit_domain::rendition::Sha256Hex;
use acquit_export::{ExportEntry, Format, Letter, Mark, Summary, WriteError, write};
use acquit_store::{BatchFile, ChartRow, LetterRow, Reader, StoredEntry};
use sha2::{Digest, Sha256};

use crate::Error;
use crate::journal::journal_code;

/// Entries read at a time: an export of any length needs constant memory.
const PAGE: u32 = 1_000;

/// A batch that is written and has not got its name yet; dropped, nothing of it is left.
pub(super) struct Written {
    pub(super) file: BatchFile,
    draft: Draft,
}

impl Written {
    /// Gives the file its name, over whatever bears it.
    pub(super) fn place(self, target: &Path) -> io::Result<BatchFile> {
        self.draft.place(target)?;
        Ok(self.file)
    }
}

/// A file beside its place, so that the rename stays on one disk.
pub(super) struct Draft {
    path: Option<PathBuf>,
}

impl Draft {
    /// The number of the batch keeps the drafts of two programs apart; what a crash left of the same
    /// batch is written over.
    pub(super) fn create(target: &Path, batch: u64) -> Result<(Self, File), Error> {
        let mut name = target.file_name().unwrap_or_default().to_owned();
        name.push(format!(".lot-{batch}.partial"));
        let path = target.with_file_name(name);
        let file = File::create(&path).map_err(|source| failed(&path, source))?;
        let path = Some(path);
        Ok((Self { path }, file))
    }

    pub(super) fn place(mut self, target: &Path) -> io::Result<()> {
        if let Some(path) = &self.path {
            fs::rename(path, target)?;
        }
        self.path = None;
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            let _absent_is_fine = fs::remove_file(path);
        }
    }
}

/// Refuses a folder as a file before anything is recorded.
pub(super) fn no_folder(file: &Path) -> Result<(), Error> {
    if file.is_dir() || file.file_name().is_none() {
        return Err(failed(file, io::ErrorKind::IsADirectory.into()));
    }
    Ok(())
}

/// What marks the labels of a file that must not be taken for real books (`accounting.md` § 4).
pub(crate) fn mark(nature: FileNature) -> Mark {
    match nature {
        FileNature::Real => Mark::None,
        FileNature::Trial => Mark::Trial,
        FileNature::Demonstration => Mark::Demonstration,
    }
}

pub(super) fn failed(path: &Path, source: io::Error) -> Error {
    Error::Io {
        path: path.to_owned(),
        source,
    }
}

/// Writes a batch beside `target`, safe on the disk.
pub(super) fn write_batch(
    reader: &Reader<'_>,
    format: Format,
    mark: Mark,
    batch: u64,
    target: &Path,
) -> Result<Written, Error> {
    let io = |source| failed(target, source);
    let (draft, file) = Draft::create(target, batch)?;
    let mut out = BufWriter::new(Hashed::new(file));
    let entries = BatchEntries::new(reader, batch)?;
    let summary = write(format, mark, entries, &mut out).map_err(|error| match error {
        WriteError::Source(error) => error,
        WriteError::Output(source) => io(source),
    })?;
    let hashed = out.into_inner().map_err(|error| io(error.into_error()))?;
    let sha256 = hashed.finish().map_err(io)?;
    let file = batch_file(target, summary, sha256);
    Ok(Written { file, draft })
}

fn batch_file(target: &Path, summary: Summary, sha256: Sha256Hex) -> BatchFile {
    let name = target.file_name().unwrap_or_default();
    BatchFile {
        name: name.to_string_lossy().into_owned(),
        sha256,
        entries: summary.entries,
        lines: summary.lines,
        debit: summary.debit,
        credit: summary.credit,
    }
}

/// A file that is hashed while it is written.
struct Hashed {
    file: File,
    hasher: Sha256,
}

impl Hashed {
    fn new(file: File) -> Self {
        Self {
            file,
            hasher: Sha256::new(),
        }
    }

    fn finish(self) -> io::Result<Sha256Hex> {
        self.file.sync_all()?;
        Ok(Sha256Hex::of_digest(&self.hasher.finalize()))
    }
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.hasher.update(bytes.get(..count).unwrap_or(bytes));
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Streams a batch page by page.
struct BatchEntries<'r> {
    reader: &'r Reader<'r>,
    batch: u64,
    charts: Vec<ChartRow>,
    last: u64,
    page: Page,
}

/// Entries of a batch that follow each other, and the letters of them all.
struct Page {
    entries: std::vec::IntoIter<(u64, StoredEntry)>,
    letters: Peekable<std::vec::IntoIter<LetterRow>>,
}

impl Page {
    fn after(reader: &Reader<'_>, batch: u64, last: u64) -> Result<Self, Error> {
        let entries = reader.batch_page(batch, last, PAGE)?;
        let letters = match (entries.first(), entries.last()) {
            (Some((first, _)), Some((last, _))) => reader.exported_letters(batch, *first, *last)?,
            _ => Vec::new(),
        };
        Ok(Self {
            entries: entries.into_iter(),
            letters: letters.into_iter().peekable(),
        })
    }

    fn next(&mut self) -> Option<(u64, StoredEntry, Vec<Option<Letter>>)> {
        let (number, stored) = self.entries.next()?;
        let mut letters = vec![None; stored.entry.lines().len()];
        while let Some(row) = self.letters.next_if(|row| row.at.entry <= stored.seq) {
            let place = usize::try_from(row.at.line).ok();
            if let Some(place) = place.and_then(|line| letters.get_mut(line)) {
                *place = Some(Letter {
                    code: letter_code(row.code),
                    date: row.date,
                });
            }
        }
        Some((number, stored, letters))
    }
}

impl<'r> BatchEntries<'r> {
    fn new(reader: &'r Reader<'r>, batch: u64) -> Result<Self, Error> {
        Ok(Self {
            reader,
            batch,
            charts: reader.charts()?,
            last: 0,
            page: Page::after(reader, batch, 0)?,
        })
    }
}

impl Iterator for BatchEntries<'_> {
    type Item = Result<ExportEntry, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = match self.page.next() {
            Some(next) => next,
            None => {
                self.page = match Page::after(self.reader, self.batch, self.last) {
                    Ok(page) => page,
                    Err(error) => return Some(Err(error)),
                };
                self.page.next()?
            }
        };
        let (number, stored, letters) = next;
        self.last = number;
        Some(Ok(ExportEntry {
            number,
            journal_code: journal_code(&self.charts, &stored),
            entry: stored.entry,
            recorded_on: stored.recorded_on,
            letters,
        }))
    }
}
