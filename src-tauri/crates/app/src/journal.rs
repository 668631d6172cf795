//! The journal as it is read: every entry with its lines, letters, batch and invoice.

use acquit_accounting::{Entry, Journal, letter_code};
use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_store::{ChartRow, JournalFilter, JournalRow, Reader, StoredEntry};
use jiff::civil::Date;

use crate::invoicing::PAGE_MAX;
use crate::{Acquit, Error};

/// Which entries are asked for.
#[derive(Clone, Debug, Default)]
pub struct EntryFilter {
    /// Of one journal, or of all.
    pub journal: Option<Journal>,
    /// On accounts, or customers’ own accounts, that begin so.
    pub account: String,
    /// Dated on this day or later.
    pub from: Option<Date>,
    /// Dated on this day or earlier.
    pub to: Option<Date>,
    /// Found by this text: label, piece, amount of a line, or what finds their invoice.
    pub words: String,
    /// Those after the entry with this sequence.
    pub after: Option<i64>,
    /// At most so many (1 … 1,000).
    pub limit: u32,
}

/// An entry as it is read.
#[derive(Clone, Debug)]
pub struct ReadEntry {
    /// Order of recording.
    pub seq: i64,
    /// The entry.
    pub entry: Entry,
    /// Code of its journal in exports.
    pub journal_code: String,
    /// Day it was recorded.
    pub recorded_on: Date,
    /// The document that it belongs to, with its number.
    pub document: Option<(InvoiceId, String)>,
    /// Batch and number of its export.
    pub exported: Option<(u64, u64)>,
    /// Letter code of each line, where it has one.
    pub letters: Vec<Option<String>>,
}

impl Acquit {
    /// A page of the journal, the latest date first; of one date, what was recorded last.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn entries(&self, filter: &EntryFilter) -> Result<Vec<ReadEntry>, Error> {
        let filter = JournalFilter {
            journal: filter.journal,
            account: filter.account.clone(),
            from: filter.from,
            to: filter.to,
            amount: amount(&filter.words),
            words: filter.words.clone(),
            after: filter.after,
            limit: filter.limit.clamp(1, PAGE_MAX),
        };
        self.file.read(|reader| {
            let charts = reader.charts()?;
            let rows = reader.journal(&filter)?.into_iter();
            rows.map(|row| read_entry(reader, &charts, row)).collect()
        })
    }
}

fn read_entry(
    reader: &Reader<'_>,
    charts: &[ChartRow],
    row: JournalRow,
) -> Result<ReadEntry, Error> {
    let stored = row.stored;
    let mut letters = vec![None; stored.entry.lines().len()];
    for letter in reader.letters_of_entry(stored.seq)? {
        let place = usize::try_from(letter.at.line).ok();
        if let Some(place) = place.and_then(|line| letters.get_mut(line)) {
            *place = Some(letter_code(letter.code));
        }
    }
    Ok(ReadEntry {
        seq: stored.seq,
        journal_code: journal_code(charts, &stored),
        recorded_on: stored.recorded_on,
        document: stored.invoice.zip(row.document),
        exported: row.exported,
        entry: stored.entry,
        letters,
    })
}

/// The code of an entry's journal under the chart that it was recorded under.
pub(crate) fn journal_code(charts: &[ChartRow], stored: &StoredEntry) -> String {
    code_at(charts, stored.entry.journal(), stored.seq)
}

/// The code that a journal had when an entry was recorded.
pub(crate) fn code_at(charts: &[ChartRow], journal: Journal, entry: i64) -> String {
    let mut latest_first = charts.iter().rev();
    latest_first
        .find(|row| row.after_entry < entry)
        .map_or(journal.code(), |row| row.chart.journal_code(journal))
        .to_owned()
}

/// What was typed as an amount: `2 182,76`, `2182.76 €`.
fn amount(typed: &str) -> Option<Cents> {
    let plain: String = typed
        .chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '€')
        .map(|letter| if letter == ',' { '.' } else { letter })
        .collect();
    Cents::parse(&plain)
        .ok()
        .filter(|amount| amount.is_positive())
}

#[cfg(test)]
mod tests {
    use super::amount;
    use acquit_domain::Cents;

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for typed in ["2182,76", "2 182,76", "2\u{202f}182,76\u{a0}€", "2182.76"] {
            assert_eq!(amount(typed), Some(Cents::new(218_276)), "{typed}");
        }
        for typed in ["", "Marchand", "F-2026-00001", "-5", "0"] {
            assert_eq!(amount(typed), None, "{typed}");
        }
    }
}
