//! Services and reconcilers: everything the window and the command line can do, without a screen.
//!
//! [`Acquit`] is one open company file with the parts that services need. Its methods are grouped by
//! subject, one file each; what runs in the background lives below `background`.

mod account;
mod adjust;
mod attach;
mod background;
mod backup;
mod bookkeeping;
mod bulk;
mod chargebacks;
mod cheques;
mod closing;
mod context;
mod customers;
mod decisions;
pub mod demo;
mod drafts;
mod error;
mod exports;
mod files;
mod following;
mod forms;
mod home;
mod invoicing;
mod journal;
mod ledger;
mod letters;
mod library;
mod lists;
mod mailbox;
pub mod message;
mod numbering;
mod paper;
mod payments;
mod payplug;
mod receipts;
mod references;
mod refunds;
mod reminders;
mod renditions;
mod retention;
mod sending;
mod settle;
mod statement;
mod strangers;
mod telling;
mod timeline;
mod values;
mod vat_return;
mod verify;
mod view;

use acquit_store::CompanyFile;
use mimalloc::MiMalloc;

pub use account::{
    AccountRow, AccountView, Answer, Balances, BankImported, Cause as DifferenceCause, ColumnView,
    Difference, Imported, ImportedStatement, LineKind, Mapping, Meaning, Movement, MovementKind,
    NewMovement, NewPayplugInvoice, NewStatementFee, NewTransfer, Reason, Resolution, RowState,
    Source, TransferView, UnreadView,
};
pub use acquit_accounting::chart;
pub use acquit_accounting::vat_return::{
    CashedRow, Cause, Listed, Period as VatPeriod, RateSum, VatReturn, VatRow,
};
pub use acquit_accounting::{Entry, EntryLine, Journal};
pub use acquit_domain::mail::{MailState, Recipients};
pub use acquit_domain::refund::RefundWishState;
pub use acquit_domain::rendition::{Mark, Rendition, Sha256Hex, Way};
pub use acquit_export::vat::cause_words;
pub use acquit_export::{Format, fec_file_name, is_fec_file_name};
pub use acquit_mail::{Advice, PRESETS, Preset, Roots, Security, Server, words as mail_words};
pub use acquit_secrets::{Keychain, MemoryKeychain};
pub use acquit_store::{
    AnomalyRow, Asked, BatchRow, Boundary, ClosingRow, FormRow, ListCounts, MailFileRow,
    MailTextRow, NoticeKind, PaymentCounts, PaymentForm, PaymentPart, ReconcilerRow, SlipRow,
    Stranger, VatBasisRow,
};
pub use attach::{AttachChoice, Attachable};
pub use background::mails::PostReport;
pub use background::watch::{Pace, Pulled, Told, UntilAsked, Woken};
pub use bookkeeping::{Bookkeeping, PlanImport};
pub use bulk::{BulkOrder, BulkPlan, BulkStanding, Foreseen, LeftOut, Planned};
pub use closing::{ClosingPeriod, ClosingYear, PeriodState};
pub use context::{Clock, Parts, Pause, SetClock, SystemClock};
pub use customers::Proposal;
pub use drafts::SavedDraft;
pub use error::{Error, payplug_code, rule_code};
pub use exports::{
    EarlierExport, ExportPreview, JournalPreview, PdfProgress, PdfsWritten, WithPdfs,
    pdfs_file_name,
};
pub use forms::FormOf;
pub use home::{Decision, Home};
pub use journal::{EntryFilter, ReadEntry};
pub use letters::{Shown, ShownBlock};
pub use lists::Summary;
pub use mailbox::{Mailbox, NewMailbox};
pub use numbering::SeriesNumbering;
pub use paper::qr_svg;
pub use payments::{PaymentFilter, PaymentLine};
pub use payplug::COUNTRIES;
pub use reminders::{
    Chosen, Proposals, ProposedInvoice, ProposedMail, ReminderSums, RemindersSent,
};
pub use renditions::Printed;
pub use sending::{Composition, MailView, NewMail, PreparedMail};
pub use telling::News;
pub use timeline::{Event, Happened};
pub use view::{
    AdjustmentView, Attempt, Break, ChargebackView, ChequeView, Connection, DeadLink, Deductible,
    Document, ExportSummary, InvoiceFilter, InvoiceView, Kind, LinkHistory, NewChargeback,
    NewCompany, NewCustomer, NewInvoice, NewKind, NewReceipt, Notice, ReceiptView, RefundTerms,
    RefundWishView, Refunded, Released, RetentionView, SetOffTarget, Settled, SyncReport,
    Verification,
};

/// Of every program, for they all link this crate.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// One open company file and everything that can be done with it.
pub struct Acquit {
    file: CompanyFile,
    parts: Parts,
    /// What this process remembers of its reading at PayPlug.
    reads: background::Reads,
}
