//! The records of a CSV file: `;`, `,` or tabs between cells, quotes around them, lines before the header.

use super::columns::recognised;
use super::read::{amount_of, day_of};

/// Longest text that is read, in bytes: years of movements.
const BYTES_MAX: usize = 20_000_000;

/// Lines among which the header is looked for.
const HEADER_WITHIN: usize = 30;

/// Columns that make a line a header.
const HEADER_COLUMNS: usize = 2;

/// One record and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its first line in the file, from 1.
    pub place: u32,
    /// Its cells, trimmed.
    pub cells: Vec<String>,
}

impl Record {
    /// What the record says, cells apart.
    pub(super) fn text(&self) -> String {
        self.cells.join(" | ")
    }

    fn is_blank(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }
}

/// A file as columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The header of each column; numbered ones where the file has none.
    pub headers: Vec<String>,
    /// Records before the header: titles, the name of the account.
    pub before: Vec<Record>,
    /// The records.
    pub records: Vec<Record>,
}

/// Why a file is no statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableFault {
    /// Nothing is in it, or a single column.
    #[error("no columns")]
    NoColumns,
    /// Longer than any statement.
    #[error("the file is too long")]
    TooLong,
}

impl Table {
    /// Reads a file's text.
    ///
    /// # Errors
    /// [`TableFault`].
    pub fn read(text: &str) -> Result<Self, TableFault> {
        if text.len() > BYTES_MAX {
            return Err(TableFault::TooLong);
        }
        let tried = [';', ',', '\t'].map(|sign| records(text, sign));
        // The sign that gives the clearest header wins; then the one that gives the most columns.
        let best = tried
            .into_iter()
            .max_by_key(|records| (header_at(records).map(|(_, count)| count), width(records)));
        let records = best.unwrap_or_default();
        if width(&records) < 2 {
            return Err(TableFault::NoColumns);
        }
        Ok(Self::of(records))
    }

    fn of(mut records: Vec<Record>) -> Self {
        if let Some((at, _)) = header_at(&records) {
            let rest = records.split_off(at + 1);
            let headers = records.pop().map(|record| record.cells);
            return Self {
                headers: headers.unwrap_or_default(),
                before: records,
                records: rest,
            };
        }
        let is_data = |record: &Record| {
            let cells = &record.cells;
            cells
                .iter()
                .any(|cell| day_of(cell).is_some() || amount_of(cell).is_some())
        };
        if records.first().is_some_and(|record| !is_data(record)) {
            let headers = records.remove(0).cells;
            return Self {
                headers,
                before: Vec::new(),
                records,
            };
        }
        let headers = (1..=width(&records)).map(|number| format!("Colonne {number}"));
        Self {
            headers: headers.collect(),
            before: Vec::new(),
            records,
        }
    }
}

/// Where the header is: the record with the most columns that are recognised, the first among equals.
fn header_at(records: &[Record]) -> Option<(usize, usize)> {
    let counted = records
        .iter()
        .take(HEADER_WITHIN)
        .enumerate()
        .map(|(at, record)| {
            let count = record.cells.iter().filter(|cell| recognised(cell)).count();
            (at, count)
        });
    counted
        .filter(|(_, count)| *count >= HEADER_COLUMNS)
        .max_by_key(|(at, count)| (*count, usize::MAX - at))
}

/// The widest of the first records.
fn width(records: &[Record]) -> usize {
    let first = records.iter().take(HEADER_WITHIN);
    first
        .map(|record| record.cells.len())
        .max()
        .unwrap_or_default()
}

/// All records that are not blank. Quotes keep separators and line ends; two quotes stand for one.
fn records(text: &str, separator: char) -> Vec<Record> {
    let mut all = Vec::new();
    let mut record = Record {
        place: 1,
        cells: vec![String::new()],
    };
    let (mut line, mut quoted) = (1_u32, false);
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let starts = record.cells.last().is_some_and(String::is_empty);
        match sign {
            '"' if quoted && signs.peek() == Some(&'"') => {
                signs.next();
                push(&mut record, '"');
            }
            '"' if quoted || starts => quoted = !quoted,
            '\r' if !quoted => {}
            '\n' if !quoted => {
                line += 1;
                let next = Record {
                    place: line,
                    cells: vec![String::new()],
                };
                keep(&mut all, std::mem::replace(&mut record, next));
            }
            _ if sign == separator && !quoted => record.cells.push(String::new()),
            _ => {
                line += u32::from(sign == '\n');
                push(&mut record, sign);
            }
        }
    }
    keep(&mut all, record);
    all
}

fn push(record: &mut Record, sign: char) {
    if let Some(cell) = record.cells.last_mut() {
        cell.push(sign);
    }
}

fn keep(all: &mut Vec<Record>, mut record: Record) {
    for cell in &mut record.cells {
        *cell = cell.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    if !record.is_blank() {
        all.push(record);
    }
}

#[cfg(test)]
mod tests {
    use super::{Table, TableFault};

    #[test]
    fn quotes_keep_separators_and_line_ends() {
        let table =
            Table::read("Date;Montant;Libellé\n\"01/10/2026\";\"1 000,00\";\"a;\"\"b\"\"\nc\"\n")
                .unwrap();
        assert_eq!(table.headers, ["Date", "Montant", "Libellé"]);
        assert_eq!(
            table.records[0].cells,
            ["01/10/2026", "1 000,00", "a;\"b\" c"]
        );
        assert_eq!(table.records[0].place, 2);
    }

    #[test]
    fn titles_before_the_header_are_kept_apart() {
        let text = "Relevé de compte PayPlug\nDu 01/10/2026 au 31/10/2026;;\n\nDate;Type;Montant\n02/10/2026;Paiement;640,00\n";
        let table = Table::read(text).unwrap();
        assert_eq!(table.before.len(), 2);
        assert_eq!((table.headers.len(), table.records.len()), (3, 1));
        assert_eq!(table.records[0].place, 5);
    }

    #[test]
    fn a_file_without_header_has_numbered_columns() {
        let table = Table::read("2026-10-02,640.00,x\n").unwrap();
        assert_eq!(table.headers, ["Colonne 1", "Colonne 2", "Colonne 3"]);
        assert_eq!(table.records.len(), 1);
    }

    #[test]
    fn a_letter_is_no_statement() {
        assert_eq!(Table::read("Bonjour\nMadame"), Err(TableFault::NoColumns));
        assert_eq!(Table::read(""), Err(TableFault::NoColumns));
        assert_eq!(
            Table::read(&"a".repeat(20_000_001)),
            Err(TableFault::TooLong)
        );
    }
}
