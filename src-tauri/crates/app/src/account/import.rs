//! Statements come in: a file of the portal, or PayPlug's own report over the network. What is not sure is asked.

use std::time::Duration;

use acquit_accounting::statement::{
    Kept, Mapping, Meaning, Source, Statement, StatementLine, Table, guess, read, signature,
};
use acquit_accounting::text_file::decoded;
use acquit_domain::At;
use acquit_domain::limits::FILE_NAME_MAX;
use acquit_domain::link::Mode;
use acquit_domain::text::single_line;
use acquit_store::{Reader, StatementRow, Writer};
use jiff::Span;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::{ColumnView, Imported, ImportedStatement};
use crate::{Acquit, Error};

/// Values of a column that are shown beside its header.
const EXAMPLES: usize = 3;

/// How long a report is waited for: it is made in the background (reference § 7.2), and all of it is about a minute.
const WAITS_S: [u64; 9] = [0, 1, 2, 3, 5, 8, 10, 15, 15];

/// A file with what is known of it before it is read.
pub(super) struct Given<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) name: &'a str,
    pub(super) source: Source,
    /// The days that were asked for; a file of the portal tells them by its lines.
    pub(super) days: Option<(Date, Date)>,
}

impl Acquit {
    /// Imports a statement of the PayPlug account from PayPlug's portal. The columns are recognised by their headers, or
    /// read as `mapping` says, which is kept for the next file with the same headers.
    ///
    /// # Errors
    /// [`Error::NotAStatement`], [`Error::WrongColumns`].
    pub fn import_statement(
        &self,
        bytes: &[u8],
        name: &str,
        mapping: Option<Mapping>,
    ) -> Result<Imported, Error> {
        let given = Given {
            bytes,
            name,
            source: Source::Portal,
            days: None,
        };
        self.import(&given, mapping)
    }

    /// Fetches PayPlug's accounting report of these days of France and imports it.
    ///
    /// # Errors
    /// [`Error::NotConnected`], [`Error::TestAccount`], [`Error::ReportNotReady`], a day in the future, or PayPlug's.
    pub async fn fetch_report(&self, from: Date, to: Date) -> Result<Imported, Error> {
        let to = self.passed_day(Some(to), from)?;
        let remote = self.current_remote().await?;
        if remote.mode == Mode::Test {
            return Err(Error::TestAccount);
        }
        // A day of France begins on the evening before in UTC.
        let day = Span::new().days(1);
        let first = from.checked_sub(day).unwrap_or(from);
        let mut report = remote.request_report(first, to).await?;
        for wait in WAITS_S {
            if report.url.is_some() {
                break;
            }
            self.parts.clock().pause(Duration::from_secs(wait)).await;
            report = remote.report(&report.id).await?;
        }
        if report.is_live != remote.mode.is_live() {
            return Err(Error::ModeMismatch);
        }
        let url = report.url.ok_or(Error::ReportNotReady)?;
        let bytes = remote.download(&url).await?;
        let yesterday = self.parts.today().checked_sub(day).unwrap_or(to);
        // More may happen today: the report covers it only when nothing else is left.
        let until = to.min(yesterday.max(from));
        let name = format!("Relevé PayPlug du {from} au {to}");
        let given = Given {
            bytes: &bytes,
            name: &name,
            source: Source::Report,
            days: Some((from, until)),
        };
        self.import(&given, None)
    }

    fn import(&self, given: &Given<'_>, mapping: Option<Mapping>) -> Result<Imported, Error> {
        let name = single_line(given.name, FILE_NAME_MAX).at("name")?;
        let sha256 = hash(given);
        if let Some(row) = self.file.read(|reader| reader.statement_of_hash(&sha256))? {
            return Ok(Imported::AlreadyThere {
                name: row.name,
                imported_at: row.imported_at,
            });
        }
        let table = Table::read(&decoded(given.bytes)).map_err(Error::NotAStatement)?;
        let is_confirmed = mapping.is_some();
        let Some(mapping) = self.meanings(&table, mapping, false)? else {
            return Ok(Imported::Columns(columns(&table)));
        };
        let statement = read(&table, &mapping, given.source);
        if unsure(&table, &statement, is_confirmed) {
            return Ok(Imported::Columns(columns(&table)));
        }
        let today = self.parts.today();
        let Some((first, last)) = given.days.or_else(|| covered(&statement, today)) else {
            return Ok(Imported::Columns(columns(&table)));
        };
        let row = StatementRow {
            seq: 0,
            name,
            source: given.source,
            sha256,
            first,
            last,
            opening: statement.opening,
            breaks: statement.breaks.clone(),
            imported_at: self.parts.now(),
        };
        self.file.write(|writer| {
            if is_confirmed {
                let signature = signature(&table.headers);
                writer.insert_statement_mapping(&signature, &mapping, self.parts.now())?;
            }
            self.keep(writer, row, statement)
        })
    }

    /// Records a statement with the lines that no other has shown, and its audit record.
    fn keep(
        &self,
        writer: &Writer<'_>,
        row: StatementRow,
        statement: Statement,
    ) -> Result<Imported, Error> {
        let not_understood = statement.unread.len() as u64;
        let lines = statement.lines.into_iter().map(Kept::Line);
        let unread = statement.unread.into_iter().map(Kept::Unread);
        let mut kept: Vec<Kept> = lines.chain(unread).collect();
        kept.sort_by_key(Kept::place);
        let mut others = Others::covering(writer, &row)?;
        let seq = writer.insert_statement(&row)?;
        let mut known = 0;
        for line in &kept {
            if writer.has_statement_entry(line.key())? || others.show(line) {
                known += 1;
            } else {
                writer.insert_statement_entry(seq, line)?;
            }
        }
        let lines = kept.len() as u64;
        let body = (seq, &row.name, &row.sha256, row.first, row.last, lines);
        self.audit(writer, "statement_imported", &body)?;
        Ok(Imported::Done(ImportedStatement {
            statement: seq,
            from: row.first,
            to: row.last,
            lines,
            known,
            not_understood,
        }))
    }

    /// The meanings of a file's columns: as given, as confirmed before, or as guessed where that is sure.
    pub(super) fn meanings(
        &self,
        table: &Table,
        given: Option<Mapping>,
        plain: bool,
    ) -> Result<Option<Mapping>, Error> {
        let count = table.headers.len();
        if let Some(mapping) = given {
            mapping.check(count, plain).map_err(Error::WrongColumns)?;
            return Ok(Some(mapping));
        }
        let signature = signature(&table.headers);
        let kept = self
            .file
            .read(|reader| reader.statement_mapping(&signature))?;
        let mapping = kept.unwrap_or_else(|| guess(&table.headers));
        Ok(mapping.check(count, plain).is_ok().then_some(mapping))
    }
}

/// Lines of other statements about the days of one that comes in. The same movement has an id on one statement and none,
/// or another, on the next.
struct Others(Vec<StatementLine>);

impl Others {
    fn covering(reader: &Reader<'_>, row: &StatementRow) -> Result<Self, Error> {
        let spans = reader.statements()?;
        let is_covered = |line: &StatementLine| {
            let mut spans = spans.iter();
            spans.any(|span| (span.first..=span.last).contains(&line.date))
        };
        let lines = reader.statement_entries(row.first, row.last)?.into_iter();
        let lines = lines.filter_map(|row| row.kept.movement(row.answer.as_ref()));
        Ok(Self(lines.filter(is_covered).collect()))
    }

    /// Whether another statement shows a movement of the same day, kind and amount that no line has taken yet. Ids of the
    /// API are the same everywhere: two of them are two movements.
    fn show(&mut self, kept: &Kept) -> bool {
        let Kept::Line(line) = kept else {
            return false;
        };
        let of_api = |line: &StatementLine| {
            let id = line.id.as_deref().unwrap_or_default();
            id.starts_with("pay_") || id.starts_with("re_")
        };
        let same = |other: &StatementLine| {
            (other.date, other.kind, other.amount) == (line.date, line.kind, line.amount)
                && !(of_api(other) && of_api(line))
        };
        let found = self.0.iter().position(same);
        if let Some(at) = found {
            self.0.swap_remove(at);
        }
        found.is_some()
    }
}

/// Columns to ask the meaning of.
pub(super) fn columns(table: &Table) -> Vec<ColumnView> {
    let guessed = guess(&table.headers).0;
    let columns = table.headers.iter().enumerate();
    columns
        .map(|(at, header)| {
            let cells = table
                .records
                .iter()
                .filter_map(|record| record.cells.get(at));
            let filled = cells.filter(|cell| !cell.is_empty()).take(EXAMPLES);
            ColumnView {
                header: header.clone(),
                examples: filled.map(|cell| cell.chars().take(40).collect()).collect(),
                guess: guessed.get(at).copied().unwrap_or(Meaning::Other),
            }
        })
        .collect()
}

/// Columns that were guessed, and whose lines do not read so; none at all is no statement either.
fn unsure(table: &Table, statement: &Statement, is_confirmed: bool) -> bool {
    !is_confirmed && statement.lines.len() * 2 < table.records.len()
}

/// The days that a file of the portal covers: whole months, up to its last line in the month that is not over.
fn covered(statement: &Statement, today: Date) -> Option<(Date, Date)> {
    let first = statement.lines.iter().map(|line| line.date).min()?;
    let last = statement.lines.iter().map(|line| line.date).max()?;
    let end = last.last_of_month();
    Some((first.first_of_month(), if end < today { end } else { last }))
}

/// What tells a file from every other; a report that says the same about other days is another one.
fn hash(given: &Given<'_>) -> String {
    let mut digest = Sha256::new();
    if let Some((from, to)) = given.days {
        digest.update(format!("{from} {to}\n"));
    }
    digest.update(given.bytes);
    let bytes = digest.finalize();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
