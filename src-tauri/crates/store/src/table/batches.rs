//! Export batches: which entries left together under which numbers, what their file was, and which
//! batch was undone (`accounting.md` § 4). A batch that stands is frozen with its entries and letters.

use acquit_accounting::Journal;
use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::rendition::Sha256Hex;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Row;

use super::entries::{LetterRow, StoredEntry, UNEXPORTED, letter, stored};
use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{cents, date, instant, optional_instant, optional_text, text};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-26-70-batches",
    sql: "-- What a batch was when it was written; it stays when the batch is undone. Name and hash are unknown
          -- for batches that are older than this table.
          CREATE TABLE export_files (
            batch INTEGER PRIMARY KEY REFERENCES export_batches (batch),
            name TEXT,
            sha256 TEXT CHECK (length(sha256) = 64),
            entries INTEGER NOT NULL,
            lines INTEGER NOT NULL,
            debit INTEGER NOT NULL,
            credit INTEGER NOT NULL,
            CHECK (debit = credit),
            CHECK ((name IS NULL) = (sha256 IS NULL))
          ) STRICT;
          INSERT INTO export_files
            SELECT b.batch, NULL, NULL, COUNT(DISTINCT x.entry), COUNT(l.entry), COALESCE(SUM(l.debit), 0), COALESCE(SUM(l.credit), 0)
            FROM export_batches b LEFT JOIN exported_entries x ON x.batch = b.batch LEFT JOIN entry_lines l ON l.entry = x.entry
            GROUP BY b.batch;
          CREATE INDEX exported_letters_by_code ON exported_letters (code);
          CREATE TRIGGER export_files_frozen_update BEFORE UPDATE ON export_files
            BEGIN SELECT RAISE(ABORT, 'frozen: export_files'); END;
          CREATE TRIGGER export_files_frozen_delete BEFORE DELETE ON export_files
            BEGIN SELECT RAISE(ABORT, 'frozen: export_files'); END;
          -- All that changes of a batch is that it is undone: once, and only the latest that stands.
          CREATE TRIGGER export_batches_frozen_update BEFORE UPDATE ON export_batches
            WHEN OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL OR NEW.batch <> OLD.batch OR NEW.format <> OLD.format
              OR NEW.until <> OLD.until OR NEW.journal IS NOT OLD.journal OR NEW.created_at <> OLD.created_at
              OR EXISTS (SELECT 1 FROM export_batches o WHERE o.batch > OLD.batch AND o.undone_at IS NULL)
            BEGIN SELECT RAISE(ABORT, 'frozen: export_batches'); END;
          CREATE TRIGGER export_batches_frozen_delete BEFORE DELETE ON export_batches
            BEGIN SELECT RAISE(ABORT, 'frozen: export_batches'); END;
          CREATE TRIGGER exported_entries_frozen_update BEFORE UPDATE ON exported_entries
            BEGIN SELECT RAISE(ABORT, 'frozen: exported_entries'); END;
          CREATE TRIGGER exported_entries_frozen_delete BEFORE DELETE ON exported_entries
            WHEN (SELECT undone_at FROM export_batches WHERE batch = OLD.batch) IS NULL
            BEGIN SELECT RAISE(ABORT, 'frozen: exported_entries'); END;
          CREATE TRIGGER exported_letters_frozen_update BEFORE UPDATE ON exported_letters
            BEGIN SELECT RAISE(ABORT, 'frozen: exported_letters'); END;
          CREATE TRIGGER exported_letters_frozen_delete BEFORE DELETE ON exported_letters
            WHEN (SELECT b.undone_at FROM exported_entries x JOIN export_batches b ON b.batch = x.batch
                  WHERE x.entry = OLD.entry) IS NULL
            BEGIN SELECT RAISE(ABORT, 'frozen: exported_letters'); END;",
}];

const BATCHES: &str = "SELECT b.*, f.name, f.sha256, f.entries, f.lines, f.debit, f.credit, p.name AS pdf_name, p.documents AS pdfs
     FROM export_batches b JOIN export_files f ON f.batch = b.batch LEFT JOIN batch_pdfs p ON p.batch = b.batch";

/// The file of a batch, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchFile {
    /// Its name, without its folder.
    pub name: String,
    /// Hash of its bytes.
    pub sha256: Sha256Hex,
    /// Count of its entries.
    pub entries: u64,
    /// Count of their lines.
    pub lines: u64,
    /// Sum of debits.
    pub debit: Cents,
    /// Sum of credits.
    pub credit: Cents,
}

/// An export batch, standing or undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchRow {
    /// Its number, never given twice.
    pub batch: u64,
    /// Code of its format.
    pub format: String,
    /// Up to which date.
    pub until: Date,
    /// One journal, or all.
    pub journal: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was undone.
    pub undone_at: Option<Timestamp>,
    /// Name of its file; unknown for a batch of an older version.
    pub file_name: Option<String>,
    /// Hash of the bytes of its file; unknown likewise.
    pub sha256: Option<Sha256Hex>,
    /// Count of its entries when it was made.
    pub entries: u64,
    /// Count of their lines.
    pub lines: u64,
    /// Sum of debits.
    pub debit: Cents,
    /// Sum of credits.
    pub credit: Cents,
    /// Name of the ZIP of invoices that went along with it.
    pub pdf_name: Option<String>,
    /// Count of the documents in that ZIP; 0 without one.
    pub pdfs: u64,
}

fn batch_row(row: &Row<'_>) -> rusqlite::Result<BatchRow> {
    Ok(BatchRow {
        batch: row.get("batch")?,
        format: row.get("format")?,
        until: date(row, "until")?,
        journal: row.get("journal")?,
        created_at: instant(row, "created_at")?,
        undone_at: optional_instant(row, "undone_at")?,
        file_name: row.get("name")?,
        sha256: optional_text(row, "sha256")?,
        entries: row.get("entries")?,
        lines: row.get("lines")?,
        debit: cents(row, "debit")?,
        credit: cents(row, "credit")?,
        pdf_name: row.get("pdf_name")?,
        pdfs: row.get::<_, Option<u64>>("pdfs")?.unwrap_or_default(),
    })
}

impl Reader<'_> {
    /// All batches, oldest first, the undone ones too.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn batches(&self) -> Result<Vec<BatchRow>, Error> {
        self.all(&format!("{BATCHES} ORDER BY b.batch"), [], batch_row)
    }

    /// The batch with a number.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn batch(&self, batch: u64) -> Result<Option<BatchRow>, Error> {
        self.first(&format!("{BATCHES} WHERE b.batch = ?1"), [batch], batch_row)
    }

    /// The latest batch that stands: the only one that may be undone.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn latest_batch(&self) -> Result<Option<u64>, Error> {
        self.one(
            "SELECT MAX(batch) FROM export_batches WHERE undone_at IS NULL",
            [],
            |row| row.get(0),
        )
    }

    /// A page of a batch: number and entry, after a number.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn batch_page(
        &self,
        batch: u64,
        after: u64,
        limit: u32,
    ) -> Result<Vec<(u64, StoredEntry)>, Error> {
        self.all(
            "SELECT e.*, x.number AS number FROM exported_entries x JOIN entries e ON e.seq = x.entry
             WHERE x.batch = ?1 AND x.number > ?2 ORDER BY x.number LIMIT ?3",
            (batch, after, limit),
            |row| Ok((row.get("number")?, stored(row)?)),
        )
    }

    /// First and last date of the entries of a batch.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn batch_span(&self, batch: u64) -> Result<Option<(Date, Date)>, Error> {
        self.first(
            "SELECT MIN(e.date) AS first, MAX(e.date) AS last FROM exported_entries x JOIN entries e ON e.seq = x.entry
             WHERE x.batch = ?1 HAVING COUNT(*) > 0",
            [batch],
            |row| Ok((date(row, "first")?, date(row, "last")?)),
        )
    }

    /// Letters as a batch says them, for its entries numbered from `first` to `last`, in their order.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn exported_letters(
        &self,
        batch: u64,
        first: u64,
        last: u64,
    ) -> Result<Vec<LetterRow>, Error> {
        self.all(
            "SELECT l.* FROM exported_entries x JOIN exported_letters l ON l.entry = x.entry
             WHERE x.batch = ?1 AND x.number BETWEEN ?2 AND ?3 ORDER BY l.entry, l.line",
            (batch, first, last),
            letter,
        )
    }

    /// Invoices of which a batch says letters.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn invoices_lettered_in(&self, batch: u64) -> Result<Vec<InvoiceId>, Error> {
        self.all(
            "SELECT DISTINCT e.invoice_id AS invoice_id FROM exported_entries x
             JOIN exported_letters l ON l.entry = x.entry JOIN entries e ON e.seq = x.entry
             WHERE x.batch = ?1 AND e.invoice_id IS NOT NULL ORDER BY e.invoice_id",
            [batch],
            |row| text(row, "invoice_id"),
        )
    }

    /// Batches that do not hold what they were made with, or are undone and hold something (there
    /// must be none).
    ///
    /// # Errors
    /// A failure of the database.
    pub fn batches_against_entries(&self) -> Result<Vec<u64>, Error> {
        self.all(
            "SELECT b.batch FROM export_batches b LEFT JOIN export_files f ON f.batch = b.batch
             LEFT JOIN (SELECT x.batch AS batch, COUNT(DISTINCT x.entry) AS entries, COUNT(*) AS lines,
                          SUM(l.debit) AS debit, SUM(l.credit) AS credit
                        FROM exported_entries x JOIN entry_lines l ON l.entry = x.entry GROUP BY x.batch) s
               ON s.batch = b.batch
             WHERE CASE WHEN b.undone_at IS NOT NULL THEN s.batch IS NOT NULL
                   ELSE f.entries IS NOT s.entries OR f.lines IS NOT s.lines OR f.debit IS NOT s.debit OR f.credit IS NOT s.credit END
             ORDER BY b.batch",
            [],
            |row| row.get(0),
        )
    }
}

impl Writer<'_> {
    /// Makes a batch of the entries not yet exported up to a date, of one journal or all, in order of recording and
    /// numbered on from the last number, and freezes the letters that are whole within it; the batch's number, none
    /// where there is nothing to export. [`Writer::insert_batch_file`] completes it in the same transaction.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn insert_batch(
        &self,
        format: &str,
        until: Date,
        journal: Option<Journal>,
        now: Timestamp,
    ) -> Result<Option<u64>, Error> {
        if self.unexported(until, journal)? == 0 {
            return Ok(None);
        }
        let (until, journal) = (until.to_string(), journal.map(|journal| journal.code()));
        self.execute(
            "INSERT INTO export_batches (format, until, journal, created_at) VALUES (?1, ?2, ?3, ?4)",
            (format, &until, journal, now.as_microsecond()),
        )?;
        let batch: u64 = self.one("SELECT MAX(batch) FROM export_batches", [], |row| {
            row.get(0)
        })?;
        let (_, _, number) = self.entry_counts()?;
        self.execute(
            &format!(
                "INSERT INTO exported_entries (entry, batch, number)
                 SELECT e.seq, ?3, ?4 + ROW_NUMBER() OVER (ORDER BY e.seq) {UNEXPORTED} ORDER BY e.seq"
            ),
            (until, journal, batch, number),
        )?;
        // EcritureLet only when every line of the code is in this batch (accounting.md section 4).
        self.execute(
            "INSERT INTO exported_letters (entry, line, code, date)
             SELECT l.entry, l.line, l.code, l.date FROM letters l
             WHERE l.code IN (SELECT DISTINCT l1.code FROM letters l1 JOIN exported_entries x ON x.entry = l1.entry WHERE x.batch = ?1)
               AND NOT EXISTS (SELECT 1 FROM letters o LEFT JOIN exported_entries y ON y.entry = o.entry AND y.batch = ?1
                               WHERE o.code = l.code AND y.entry IS NULL)",
            [batch],
        )?;
        Ok(Some(batch))
    }

    /// Records what the file of a batch is.
    ///
    /// # Errors
    /// A constraint where the batch has a file already, or its sums differ.
    pub fn insert_batch_file(&self, batch: u64, file: &BatchFile) -> Result<(), Error> {
        self.execute(
            "INSERT INTO export_files (batch, name, sha256, entries, lines, debit, credit) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (
                batch,
                &file.name,
                file.sha256.as_str(),
                file.entries,
                file.lines,
                file.debit.get(),
                file.credit.get(),
            ),
        )?;
        Ok(())
    }

    /// Undoes the latest batch that stands: its entries and their numbers are free again, and what
    /// its file was stays known.
    ///
    /// # Errors
    /// [`Error::Frozen`] for any other batch.
    pub fn undo_batch(&self, batch: u64, now: Timestamp) -> Result<(), Error> {
        self.execute(
            "UPDATE export_batches SET undone_at = ?2 WHERE batch = ?1",
            (batch, now.as_microsecond()),
        )?;
        self.execute(
            "DELETE FROM exported_letters WHERE entry IN (SELECT entry FROM exported_entries WHERE batch = ?1)",
            [batch],
        )?;
        self.execute("DELETE FROM exported_entries WHERE batch = ?1", [batch])?;
        Ok(())
    }
}
