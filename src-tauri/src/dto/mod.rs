//! Plain data that crosses to the window, typed for TypeScript. Money is integer cents, dates are
//! ISO 8601, instants RFC 3339; the window only formats them.

mod account;
mod accounting;
mod attach;
mod bookkeeping;
mod bulk;
mod closing;
mod customer;
mod draft;
mod happened;
mod home;
mod invoice;
mod kinds;
mod link;
mod mail;
mod money_back;
mod movement;
mod numbering;
mod payment;
mod reminder;
mod retention;
mod settings;
mod settling;
mod vat;

use acquit_app::message::Sentence;
use acquit_domain::Cents;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use specta::Type;

pub(crate) use account::{AccountPage, BankImport, LineAnswerForm, StatementImport};
pub(crate) use accounting::{EarlierBatch, ExportPlan, ExportPreview, Exported};
pub(crate) use attach::{AttachPage, PaymentDraft};
pub(crate) use bookkeeping::{
    BasisWord, BooksAnswer, BooksForm, BooksPage, PlanAnswer, chart_errors,
};
pub(crate) use bulk::{BulkForm, BulkPlan, BulkStanding};
pub(crate) use closing::{ClosingPage, EntryQuery, JournalEntry};
pub(crate) use customer::{ContactForm, CustomerForm, CustomerPage, CustomerRow};
pub(crate) use draft::{
    CustomerChoice, DeductionForm, DraftAnswer, DraftForm, InvoiceForm, LineForm, LineKind,
    ReceiptForm,
};
pub(crate) use home::Home;
pub(crate) use invoice::{InvoicePage, InvoiceRow, ListCounts, ListPart, ListQuery};
pub(crate) use kinds::{DeductibleRow, NamedDocument, WorksSoFar};
pub(crate) use mail::{
    Composer, MailAnswer, MailFile, MailForm, MailLibrary, MailPage, MailPreview, MailProposal,
    MailRow, MailTextAnswer, MailTextForm, MailboxAnswer, MailboxForm, MailboxPage, eml_name,
};
pub(crate) use money_back::{
    ChargebackForm, CreditAnswer, DecisionWord, Outcome, RefundAnswer, RefundForm, RefundPlan,
};
pub(crate) use movement::{MovementAnswer, MovementEntry, MovementForm};
pub(crate) use numbering::{NumberSeries, NumberingAnswer, NumberingRow};
pub(crate) use payment::{
    AnomalyLine, OnlinePayment, PaymentCounts, PaymentQuery, StrangerLine, ToResolve,
};
pub(crate) use reminder::{
    ReminderChoice, ReminderPlanAnswer, ReminderPlanForm, ReminderSums, RemindersPage,
    RemindersSent,
};
pub(crate) use settings::{CompanyForm, ConnectionPage, Opening, Pull, PullState, Start, Tape};
pub(crate) use settling::{AdjustmentForm, ChequesPage, SetOffRow, SlipForm};
pub(crate) use vat::VatPage;

/// Integer cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub(crate) struct Money(#[specta(type = specta_typescript::Number)] pub(crate) i64);

impl From<Cents> for Money {
    fn from(cents: Cents) -> Self {
        Self(cents.get())
    }
}

/// A field of a form that cannot be read, with the sentence to show under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub(crate) struct FieldError {
    /// Path of the field, such as `lines[2].quantity`.
    pub(crate) field: String,
    /// Stable code.
    pub(crate) code: String,
    /// One French sentence.
    pub(crate) sentence: String,
}

pub(crate) fn french(sentence: Sentence) -> String {
    sentence.fr
}

pub(crate) fn iso(date: Date) -> String {
    date.to_string()
}

pub(crate) fn instant(at: Timestamp) -> String {
    at.to_string()
}
