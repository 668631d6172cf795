//! *Comptabilité › Exports*.

use acquit_app::EarlierExport;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Money, french, instant, iso};

/// An export that is asked for, as typed.
#[derive(Clone, Debug, Deserialize, Type)]
pub(crate) struct ExportPlan {
    /// Up to which day.
    pub(crate) until: String,
    /// Code of one journal, or empty for all.
    pub(crate) journal: String,
    /// `fec` or `csv`.
    pub(crate) format: String,
    /// Whether the PDFs of its invoices go along in a ZIP.
    pub(crate) pdfs: bool,
}

/// Entries of one journal.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct JournalLine {
    /// Code.
    pub(crate) code: String,
    /// Name.
    pub(crate) label: String,
    /// Count of entries.
    pub(crate) entries: u32,
    /// Sum of debits, equal to that of credits.
    pub(crate) debit: Money,
}

/// Movements of one account.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct AccountLine {
    /// Account.
    pub(crate) account: String,
    /// Label.
    pub(crate) label: String,
    /// Sum of debits.
    pub(crate) debit: Money,
    /// Sum of credits.
    pub(crate) credit: Money,
}

/// What an export would take.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct ExportPreview {
    /// Number the batch would have.
    pub(crate) batch: u32,
    /// The last day taken, as it was understood.
    pub(crate) until: String,
    /// Count of entries.
    pub(crate) entries: u32,
    /// Sum of debits.
    pub(crate) debit: Money,
    /// Sum of credits.
    pub(crate) credit: Money,
    /// By journal.
    pub(crate) journals: Vec<JournalLine>,
    /// By account.
    pub(crate) accounts: Vec<AccountLine>,
    /// What the accountant's program would stumble over, in French.
    pub(crate) anomalies: Vec<String>,
    /// Name of the file.
    pub(crate) file_name: String,
    /// Folder of the file.
    pub(crate) folder: String,
    /// Count of the documents that its sales are of.
    pub(crate) documents: u32,
}

impl ExportPreview {
    pub(crate) fn of(
        preview: acquit_app::ExportPreview,
        until: jiff::civil::Date,
        file_name: String,
        folder: String,
    ) -> Self {
        let count = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            batch: count(preview.batch),
            documents: count(preview.documents),
            until: iso(until),
            entries: count(preview.journals.iter().map(|sum| sum.entries).sum()),
            debit: Money(preview.journals.iter().map(|sum| sum.debit.get()).sum()),
            credit: Money(preview.journals.iter().map(|sum| sum.credit.get()).sum()),
            journals: preview
                .journals
                .into_iter()
                .map(|sum| JournalLine {
                    label: sum.journal.label().to_owned(),
                    code: sum.code,
                    entries: count(sum.entries),
                    debit: sum.debit.into(),
                })
                .collect(),
            anomalies: preview
                .anomalies
                .into_iter()
                .map(|sentence| sentence.fr)
                .collect(),
            accounts: preview
                .accounts
                .into_iter()
                .map(|sum| AccountLine {
                    account: sum.account,
                    label: sum.label,
                    debit: sum.debit.into(),
                    credit: sum.credit.into(),
                })
                .collect(),
            file_name,
            folder,
        }
    }
}

/// An earlier batch.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct EarlierBatch {
    /// Number.
    pub(crate) batch: u32,
    /// Up to which day.
    pub(crate) until: String,
    /// `fec` or `csv`.
    pub(crate) format: String,
    /// Code of its journal, when it was one.
    pub(crate) journal: Option<String>,
    /// When it was made.
    pub(crate) created_at: String,
    /// When it was undone, if it was.
    pub(crate) undone_at: Option<String>,
    /// Name of its file; unknown for a batch of an older version.
    pub(crate) file_name: Option<String>,
    /// Count of entries.
    pub(crate) entries: u32,
    /// Count of lines.
    pub(crate) lines: u32,
    /// Sum of debits, equal to that of credits.
    pub(crate) debit: Money,
    /// Whether it is the latest that stands, which alone may be undone.
    pub(crate) can_be_undone: bool,
    /// Count of the documents in the ZIP that went along; 0 without one.
    pub(crate) pdfs: u32,
    /// Whether the books are closed up to its last day.
    pub(crate) is_closed: bool,
}

impl From<EarlierExport> for EarlierBatch {
    fn from(export: EarlierExport) -> Self {
        let batch = export.batch;
        let count = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            batch: count(batch.batch),
            until: iso(batch.until),
            format: batch.format,
            journal: batch.journal,
            created_at: instant(batch.created_at),
            undone_at: batch.undone_at.map(instant),
            file_name: batch.file_name,
            entries: count(batch.entries),
            lines: count(batch.lines),
            debit: batch.debit.into(),
            can_be_undone: export.can_be_undone,
            pdfs: count(batch.pdfs),
            is_closed: export.is_closed,
        }
    }
}

/// An export that was written.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct Exported {
    /// Number of the batch.
    pub(crate) batch: u32,
    /// Where the file is.
    pub(crate) file: String,
    /// Count of entries.
    pub(crate) entries: u32,
    /// Where the ZIP of its invoices is, where one went along.
    pub(crate) zip: Option<String>,
    /// What the reader of the file should know.
    pub(crate) warnings: Vec<String>,
}

impl From<acquit_app::ExportSummary> for Exported {
    fn from(summary: acquit_app::ExportSummary) -> Self {
        Self {
            batch: u32::try_from(summary.batch).unwrap_or(u32::MAX),
            file: summary.file.display().to_string(),
            entries: u32::try_from(summary.entries).unwrap_or(u32::MAX),
            zip: summary.pdfs.map(|pdfs| pdfs.file.display().to_string()),
            warnings: summary.warnings.into_iter().map(french).collect(),
        }
    }
}
