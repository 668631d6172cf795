//! *Comptabilité › Écritures* and *Clôtures*.

use acquit_app::{ClosingPeriod, ClosingYear, PeriodState, ReadEntry};
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Money, instant, iso};

/// Which entries are asked for, as typed.
#[derive(Clone, Debug, Deserialize, Type)]
pub(crate) struct EntryQuery {
    /// Code of one journal, or empty for all.
    pub(crate) journal: String,
    /// What the number of an account, or the code of a customer's own, begins with.
    pub(crate) account: String,
    /// First day; the beginning when empty.
    pub(crate) from: String,
    /// Last day; the end when empty.
    pub(crate) to: String,
    /// Text of a label, a piece, a customer, or an amount.
    pub(crate) words: String,
    /// Go on after the entry with this identity.
    pub(crate) after: Option<String>,
    /// At most so many.
    pub(crate) limit: u32,
}

/// A line of an entry.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct JournalEntryLine {
    /// Account.
    pub(crate) account: String,
    /// Its name, or that of the customer whose own account it is.
    pub(crate) label: String,
    /// The customer's own account, on collective ones.
    pub(crate) auxiliary: Option<String>,
    /// Debit.
    pub(crate) debit: Money,
    /// Credit.
    pub(crate) credit: Money,
    /// Letter code.
    pub(crate) letter: Option<String>,
}

/// An entry of the journal.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct JournalEntry {
    /// Identity.
    pub(crate) id: String,
    /// Date.
    pub(crate) date: String,
    /// Code of its journal.
    pub(crate) journal: String,
    /// Name of its journal.
    pub(crate) journal_label: String,
    /// Reference of its piece.
    pub(crate) piece: String,
    /// Label.
    pub(crate) label: String,
    /// Day it was recorded.
    pub(crate) recorded_on: String,
    /// The invoice or credit note that it belongs to.
    pub(crate) invoice: Option<String>,
    /// Its number.
    pub(crate) number: Option<String>,
    /// The batch that it was exported in.
    pub(crate) batch: Option<u32>,
    /// Its number in exports (EcritureNum).
    pub(crate) export_number: Option<u32>,
    /// Lines.
    pub(crate) lines: Vec<JournalEntryLine>,
}

impl From<ReadEntry> for JournalEntry {
    fn from(read: ReadEntry) -> Self {
        let count = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let entry = &read.entry;
        let lines = entry.lines().iter().zip(&read.letters);
        let lines = lines.map(|(line, letter)| JournalEntryLine {
            account: line.account.clone(),
            label: line
                .auxiliary
                .as_ref()
                .map_or(&line.account_label, |own| &own.label)
                .clone(),
            auxiliary: line.auxiliary.as_ref().map(|own| own.code.clone()),
            debit: line.debit.into(),
            credit: line.credit.into(),
            letter: letter.clone(),
        });
        let (invoice, number) = read.document.clone().unzip();
        Self {
            id: read.seq.to_string(),
            date: iso(entry.date()),
            journal_label: entry.journal().label().to_owned(),
            piece: entry.piece().to_owned(),
            label: entry.label().to_owned(),
            recorded_on: iso(read.recorded_on),
            invoice: invoice.map(|id| id.to_string()),
            number,
            batch: read.exported.map(|(batch, _)| count(batch)),
            export_number: read.exported.map(|(_, number)| count(number)),
            lines: lines.collect(),
            journal: read.journal_code,
        }
    }
}

/// Where a period stands.
#[derive(Clone, Copy, Debug, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PeriodWord {
    /// Not over yet.
    Running,
    /// Over and open.
    Open,
    /// Over and open, and all of it exported.
    Exported,
    /// Closed.
    Closed,
}

/// A month of a fiscal year.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct ClosingRow {
    /// First day.
    pub(crate) first: String,
    /// Last day: up to which it is closed.
    pub(crate) last: String,
    /// Count of its entries.
    pub(crate) entries: u32,
    /// Where it stands.
    pub(crate) state: PeriodWord,
    /// When it was closed.
    pub(crate) closed_at: Option<String>,
    /// Entries up to its last day that no export has taken.
    pub(crate) unexported: u32,
    /// Whether it is a whole month, and not the part of one that a fiscal year begins or ends in.
    pub(crate) is_month: bool,
    /// Whether the fiscal year ends with it.
    pub(crate) ends_year: bool,
}

/// A fiscal year as its periods stand.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct ClosingPage {
    /// First day.
    pub(crate) first: String,
    /// Last day.
    pub(crate) last: String,
    /// A day of the fiscal year before, if the books reach there.
    pub(crate) previous: Option<String>,
    /// A day of the fiscal year after, if the books reach there.
    pub(crate) next: Option<String>,
    /// The last closed day.
    pub(crate) closed_until: Option<String>,
    /// Its periods in order.
    pub(crate) periods: Vec<ClosingRow>,
}

impl From<ClosingYear> for ClosingPage {
    fn from(year: ClosingYear) -> Self {
        let row = |period: &ClosingPeriod| {
            let count = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
            let (state, closed_at) = match period.state {
                PeriodState::Running => (PeriodWord::Running, None),
                PeriodState::Open => (PeriodWord::Open, None),
                PeriodState::Exported => (PeriodWord::Exported, None),
                PeriodState::Closed { at } => (PeriodWord::Closed, Some(instant(at))),
            };
            ClosingRow {
                first: iso(period.first),
                last: iso(period.last),
                entries: count(period.entries),
                state,
                closed_at,
                unexported: count(period.unexported),
                is_month: period.first.day() == 1 && period.last == period.last.last_of_month(),
                ends_year: period.last == year.last,
            }
        };
        Self {
            first: iso(year.first),
            last: iso(year.last),
            previous: year.previous.map(iso),
            next: year.next.map(iso),
            closed_until: year.closed_until.map(iso),
            periods: year.periods.iter().map(row).collect(),
        }
    }
}
