//! Accounting entries and lettering. Entries are never edited: what is known later (batch, number,
//! letter) stands beside them.

use acquit_accounting::{Entry, Journal};
use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{cents, date, json, mistyped, optional_text, text, to_json};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-23-60-entries",
    sql: "CREATE TABLE entries (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            journal TEXT NOT NULL,
            date TEXT NOT NULL,
            invoice_id TEXT REFERENCES documents (id),
            body TEXT NOT NULL,
            recorded_on TEXT NOT NULL,
            recorded_at INTEGER NOT NULL
          ) STRICT;
          CREATE INDEX entries_of_invoice ON entries (invoice_id, seq);
          CREATE INDEX entries_by_date ON entries (date, journal, seq);
          CREATE TRIGGER entries_frozen_update BEFORE UPDATE ON entries
            BEGIN SELECT RAISE(ABORT, 'frozen: entries'); END;
          CREATE TRIGGER entries_frozen_delete BEFORE DELETE ON entries
            BEGIN SELECT RAISE(ABORT, 'frozen: entries'); END;
          -- The lines of the body, for sums by account.
          CREATE TABLE entry_lines (
            entry INTEGER NOT NULL REFERENCES entries (seq),
            line INTEGER NOT NULL,
            account TEXT NOT NULL,
            auxiliary TEXT,
            debit INTEGER NOT NULL CHECK (debit >= 0),
            credit INTEGER NOT NULL CHECK (credit >= 0),
            PRIMARY KEY (entry, line),
            CHECK ((debit = 0) <> (credit = 0))
          ) STRICT, WITHOUT ROWID;
          CREATE INDEX entry_lines_by_account ON entry_lines (account, auxiliary, debit, credit);
          CREATE TRIGGER entry_lines_frozen_update BEFORE UPDATE ON entry_lines
            BEGIN SELECT RAISE(ABORT, 'frozen: entry_lines'); END;
          CREATE TRIGGER entry_lines_frozen_delete BEFORE DELETE ON entry_lines
            BEGIN SELECT RAISE(ABORT, 'frozen: entry_lines'); END;
          CREATE TABLE letters (
            entry INTEGER NOT NULL,
            line INTEGER NOT NULL,
            code INTEGER NOT NULL,
            date TEXT NOT NULL,
            PRIMARY KEY (entry, line),
            FOREIGN KEY (entry, line) REFERENCES entry_lines (entry, line)
          ) STRICT, WITHOUT ROWID;
          CREATE INDEX letters_by_code ON letters (code, entry, line);
          CREATE TABLE letter_counter (singleton INTEGER PRIMARY KEY CHECK (singleton = 1), last INTEGER NOT NULL) STRICT;
          INSERT INTO letter_counter VALUES (1, 0);
          CREATE TABLE export_batches (
            batch INTEGER PRIMARY KEY AUTOINCREMENT,
            format TEXT NOT NULL,
            until TEXT NOT NULL,
            journal TEXT,
            created_at INTEGER NOT NULL,
            undone_at INTEGER
          ) STRICT;
          CREATE TABLE exported_entries (
            entry INTEGER PRIMARY KEY REFERENCES entries (seq),
            batch INTEGER NOT NULL REFERENCES export_batches (batch),
            number INTEGER NOT NULL UNIQUE
          ) STRICT;
          CREATE INDEX exported_entries_of_batch ON exported_entries (batch, number, entry);
          -- Letters as the batch said them, so that it can be had again byte for byte.
          CREATE TABLE exported_letters (
            entry INTEGER NOT NULL REFERENCES exported_entries (entry),
            line INTEGER NOT NULL,
            code INTEGER NOT NULL,
            date TEXT NOT NULL,
            PRIMARY KEY (entry, line)
          ) STRICT, WITHOUT ROWID;",
}];

/// Entries that no batch holds, up to a date (1), of one journal or all (2).
pub(crate) const UNEXPORTED: &str = "FROM entries e LEFT JOIN exported_entries x ON x.entry = e.seq
     WHERE x.entry IS NULL AND e.date <= ?1 AND (?2 IS NULL OR e.journal = ?2)";

const UNEXPORTED_LINES: &str = "FROM entries e JOIN entry_lines l ON l.entry = e.seq
     LEFT JOIN exported_entries x ON x.entry = e.seq
     WHERE x.entry IS NULL AND e.date <= ?1 AND (?2 IS NULL OR e.journal = ?2)";

/// An entry with what the store knows of it.
#[derive(Clone, Debug)]
pub struct StoredEntry {
    /// Order of recording.
    pub seq: i64,
    /// The entry.
    pub entry: Entry,
    /// The document it belongs to.
    pub invoice: Option<InvoiceId>,
    /// Day it was recorded (ValidDate).
    pub recorded_on: Date,
}

/// An entry to record.
#[derive(Clone, Debug)]
pub struct EntryRow {
    /// The entry.
    pub entry: Entry,
    /// The document it belongs to.
    pub invoice: Option<InvoiceId>,
    /// Day in France it is recorded.
    pub recorded_on: Date,
}

/// A line by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineRef {
    /// Sequence of the entry.
    pub entry: i64,
    /// Place in the entry, from 0.
    pub line: i64,
}

/// A lettered line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetterRow {
    /// Which line.
    pub at: LineRef,
    /// Sequence of the code.
    pub code: u64,
    /// Date of the lettering.
    pub date: Date,
}

/// What the entries not yet exported add up to in one journal, of those that were recorded under one chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalSum {
    /// The journal.
    pub journal: Journal,
    /// Sequence of the last of these entries: the journal has the code of its time.
    pub last: i64,
    /// Count of entries.
    pub entries: u64,
    /// Count of lines.
    pub lines: u64,
    /// Sum of debits.
    pub debit: Cents,
    /// Sum of credits.
    pub credit: Cents,
}

/// What the entries not yet exported add up to on one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSum {
    /// Account.
    pub account: String,
    /// Its label, as the entries say it.
    pub label: String,
    /// Sum of debits.
    pub debit: Cents,
    /// Sum of credits.
    pub credit: Cents,
}

pub(super) fn stored(row: &Row<'_>) -> rusqlite::Result<StoredEntry> {
    Ok(StoredEntry {
        seq: row.get("seq")?,
        entry: json(row, "body")?,
        invoice: optional_text(row, "invoice_id")?,
        recorded_on: date(row, "recorded_on")?,
    })
}

pub(super) fn letter(row: &Row<'_>) -> rusqlite::Result<LetterRow> {
    Ok(LetterRow {
        at: LineRef {
            entry: row.get("entry")?,
            line: row.get("line")?,
        },
        code: row.get("code")?,
        date: date(row, "date")?,
    })
}

impl Reader<'_> {
    /// The entries of a document, in order of recording.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn entries_of(&self, invoice: InvoiceId) -> Result<Vec<StoredEntry>, Error> {
        self.all(
            "SELECT * FROM entries WHERE invoice_id = ?1 ORDER BY seq",
            [invoice.to_string()],
            stored,
        )
    }

    /// The documents that have an entry dated from `first` to `last`, and those that a set-off of these
    /// days has no entry of its own for; in the order of their identities.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn documents_moved(&self, first: Date, last: Date) -> Result<Vec<InvoiceId>, Error> {
        self.all(
            "SELECT invoice_id AS id FROM entries WHERE date BETWEEN ?1 AND ?2 AND invoice_id IS NOT NULL
             UNION
             SELECT invoice_id FROM adjustments WHERE target_id IS NOT NULL AND json_extract(body, '$.date') BETWEEN ?1 AND ?2
             UNION
             SELECT target_id FROM adjustments WHERE target_id IS NOT NULL AND json_extract(body, '$.date') BETWEEN ?1 AND ?2
             ORDER BY id",
            (first.to_string(), last.to_string()),
            |row| text(row, "id"),
        )
    }

    /// A page of all entries in order of recording.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn entries_after(&self, after: i64, limit: u32) -> Result<Vec<StoredEntry>, Error> {
        self.all(
            "SELECT * FROM entries WHERE seq > ?1 ORDER BY seq LIMIT ?2",
            (after, limit),
            stored,
        )
    }

    /// Debits and credits of an account over the whole file.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn account_sums(&self, account: &str) -> Result<(Cents, Cents), Error> {
        self.one(
            "SELECT COALESCE(SUM(debit), 0) AS debit, COALESCE(SUM(credit), 0) AS credit FROM entry_lines WHERE account = ?1",
            [account],
            |row| Ok((cents(row, "debit")?, cents(row, "credit")?)),
        )
    }

    /// Entries whose lines do not balance (there must be none).
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unbalanced_entries(&self) -> Result<Vec<i64>, Error> {
        self.all(
            "SELECT entry FROM entry_lines GROUP BY entry HAVING SUM(debit) <> SUM(credit)",
            [],
            |row| row.get(0),
        )
    }

    /// Letters of the lines of a document.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn letters_of(&self, invoice: InvoiceId) -> Result<Vec<LetterRow>, Error> {
        self.all(
            "SELECT l.* FROM letters l JOIN entries e ON e.seq = l.entry WHERE e.invoice_id = ?1 ORDER BY l.entry, l.line",
            [invoice.to_string()],
            letter,
        )
    }

    /// Whether a batch that stands says a letter code.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn is_letter_exported(&self, code: u64) -> Result<bool, Error> {
        self.one(
            "SELECT EXISTS (SELECT 1 FROM exported_letters WHERE code = ?1)",
            [code],
            |row| row.get(0),
        )
    }

    /// Letter codes whose lines do not add up to zero per account (there must be none).
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unbalanced_letters(&self) -> Result<Vec<u64>, Error> {
        self.all(
            "SELECT l.code AS code FROM letters l JOIN entry_lines x ON x.entry = l.entry AND x.line = l.line
             GROUP BY l.code, x.account, x.auxiliary HAVING SUM(x.debit) <> SUM(x.credit)",
            [],
            |row| row.get(0),
        )
    }

    /// Count of the entries not yet exported, dated up to `until`, of one journal or all.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unexported(&self, until: Date, journal: Option<Journal>) -> Result<u64, Error> {
        self.one(
            &format!("SELECT COUNT(*) {UNEXPORTED}"),
            (until.to_string(), journal.map(|journal| journal.code())),
            |row| row.get(0),
        )
    }

    /// What [`Reader::unexported`] counts, by journal, and apart for each chart that was set meanwhile.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unexported_by_journal(
        &self,
        until: Date,
        journal: Option<Journal>,
    ) -> Result<Vec<JournalSum>, Error> {
        self.all(
            &format!(
                "SELECT e.journal AS journal, MAX(e.seq) AS last, COUNT(DISTINCT e.seq) AS entries, COUNT(*) AS lines,
                   SUM(l.debit) AS debit, SUM(l.credit) AS credit {UNEXPORTED_LINES}
                 GROUP BY e.journal, (SELECT COUNT(*) FROM charts c WHERE c.after_entry < e.seq)
                 ORDER BY e.journal, last"
            ),
            (until.to_string(), journal.map(|journal| journal.code())),
            |row| {
                let code: String = row.get("journal")?;
                Ok(JournalSum {
                    journal: Journal::from_code(&code).ok_or_else(|| mistyped("journal"))?,
                    last: row.get("last")?,
                    entries: row.get("entries")?,
                    lines: row.get("lines")?,
                    debit: cents(row, "debit")?,
                    credit: cents(row, "credit")?,
                })
            },
        )
    }

    /// What [`Reader::unexported`] counts, by account.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unexported_by_account(
        &self,
        until: Date,
        journal: Option<Journal>,
    ) -> Result<Vec<AccountSum>, Error> {
        self.all(
            &format!(
                "SELECT l.account AS account,
                   MAX(json_extract(e.body, '$.lines[' || l.line || '].account_label')) AS label,
                   SUM(l.debit) AS debit, SUM(l.credit) AS credit
                 {UNEXPORTED_LINES} GROUP BY l.account ORDER BY l.account"
            ),
            (until.to_string(), journal.map(|journal| journal.code())),
            |row| {
                Ok(AccountSum {
                    account: row.get("account")?,
                    label: row.get("label")?,
                    debit: cents(row, "debit")?,
                    credit: cents(row, "credit")?,
                })
            },
        )
    }

    /// The entry with a sequence.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn entry(&self, seq: i64) -> Result<Option<StoredEntry>, Error> {
        self.first("SELECT * FROM entries WHERE seq = ?1", [seq], stored)
    }

    /// Counts of entries and of numbers given, and the highest number given.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn entry_counts(&self) -> Result<(u64, u64, u64), Error> {
        self.one(
            "SELECT (SELECT COUNT(*) FROM entries) AS entries, COUNT(*) AS exported, COALESCE(MAX(number), 0) AS last
             FROM exported_entries",
            [],
            |row| Ok((row.get("entries")?, row.get("exported")?, row.get("last")?)),
        )
    }
}

impl Writer<'_> {
    /// Records an entry; its sequence.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn insert_entry(&self, row: &EntryRow, now: Timestamp) -> Result<i64, Error> {
        let entry = &row.entry;
        self.execute(
            "INSERT INTO entries (journal, date, invoice_id, body, recorded_on, recorded_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                entry.journal().code(),
                entry.date().to_string(),
                row.invoice.map(|invoice| invoice.to_string()),
                to_json(entry)?,
                row.recorded_on.to_string(),
                now.as_microsecond(),
            ),
        )?;
        let seq = self.connection.last_insert_rowid();
        for (place, line) in (0_i64..).zip(entry.lines()) {
            self.execute(
                "INSERT INTO entry_lines (entry, line, account, auxiliary, debit, credit) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                (
                    seq,
                    place,
                    &line.account,
                    line.auxiliary.as_ref().map(|auxiliary| auxiliary.code.as_str()),
                    line.debit.get(),
                    line.credit.get(),
                ),
            )?;
        }
        Ok(seq)
    }

    /// Ties lines together under the next letter code; the code's sequence.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn letter(&self, lines: &[LineRef], date: Date) -> Result<u64, Error> {
        self.execute("UPDATE letter_counter SET last = last + 1", [])?;
        let code: u64 = self.one("SELECT last FROM letter_counter", [], |row| row.get(0))?;
        for line in lines {
            self.execute(
                "INSERT INTO letters (entry, line, code, date) VALUES (?1, ?2, ?3, ?4)",
                (line.entry, line.line, code, date.to_string()),
            )?;
        }
        Ok(code)
    }

    /// Takes a letter code off its lines.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn unletter(&self, code: u64) -> Result<(), Error> {
        self.execute("DELETE FROM letters WHERE code = ?1", [code])?;
        Ok(())
    }
}
