//! What the services take in and give back: plain values, no rule of their own.

use std::path::PathBuf;
use std::time::Duration;

use acquit_accounting::Journal;
use acquit_domain::Cents;
use acquit_domain::adjustment::Adjusted;
use acquit_domain::company::{Address, Company};
use acquit_domain::customer::{Contact, Customer, CustomerKind};
use acquit_domain::id::{CustomerId, InvoiceId, ReceiptId};
use acquit_domain::invoice::mentions::Missing;
use acquit_domain::invoice::{
    Content, DocumentKind, Draft, DraftKind, Finalised, Reference, Totals,
};
use acquit_domain::link::{Mode, PaymentLink};
use acquit_domain::numbering::DocumentNumber;
use acquit_domain::receipt::{Chargeback, ChargebackOutcome, PaymentMeans, Receipt, Standing};
use acquit_domain::refund::RefundWishState;
use acquit_domain::remote::{AccountLimits, AccountPermissions, Card, PaymentId, RefundId};
use acquit_domain::text::{Email, Siren, VatNumber};
use acquit_export::Format;
use acquit_store::{Asked, PaymentForm};
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use crate::exports::PdfsWritten;

/// A company to make a file for.
#[derive(Clone, Debug)]
pub struct NewCompany {
    /// Its identity.
    pub company: Company,
    /// Its logo, read once and kept in the file.
    pub logo_path: Option<PathBuf>,
}

/// A customer to add.
#[derive(Clone, Debug)]
pub struct NewCustomer {
    /// Code; the next `CL-0001` when absent.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Private or professional.
    pub kind: CustomerKind,
    /// Postal address.
    pub address: Address,
    /// SIREN.
    pub siren: Option<Siren>,
    /// VAT number.
    pub vat_number: Option<VatNumber>,
    /// E-mail.
    pub email: Option<Email>,
    /// Telephone.
    pub phone: Option<String>,
    /// People there, in their order.
    pub contacts: Vec<Contact>,
}

/// Kinds of documents that people make.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// An invoice for all of it.
    #[default]
    Invoice,
    /// A deposit.
    Deposit,
    /// A situation.
    Progress,
    /// A final invoice.
    Final,
    /// A credit note with lines of its own.
    CreditNote,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Invoice,
        Self::Deposit,
        Self::Progress,
        Self::Final,
        Self::CreditNote,
    ];

    /// The word of `cli.md`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::Deposit => "deposit",
            Self::Progress => "progress",
            Self::Final => "final",
            Self::CreditNote => "credit_note",
        }
    }
}

impl From<&DraftKind> for Kind {
    fn from(kind: &DraftKind) -> Self {
        match kind {
            DraftKind::Invoice => Self::Invoice,
            DraftKind::Deposit => Self::Deposit,
            DraftKind::Progress { .. } => Self::Progress,
            DraftKind::Final { .. } => Self::Final,
            DraftKind::CreditNote { .. } => Self::CreditNote,
        }
    }
}

impl From<&DocumentKind> for Kind {
    fn from(kind: &DocumentKind) -> Self {
        match kind {
            DocumentKind::Invoice => Self::Invoice,
            DocumentKind::Deposit => Self::Deposit,
            DocumentKind::Progress => Self::Progress,
            DocumentKind::Final => Self::Final,
            DocumentKind::CreditNote { .. } => Self::CreditNote,
        }
    }
}

/// What a draft is to become, and the documents that it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewKind {
    /// What it is to become.
    pub kind: Kind,
    /// Situations and deposits to take off, or the one invoice to credit, each by number or id.
    pub refers_to: Vec<String>,
}

/// A deposit or a last situation that a next document of its customer may take off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deductible {
    /// Identity.
    pub id: InvoiceId,
    /// Number.
    pub number: DocumentNumber,
    /// [`Kind::Deposit`] or [`Kind::Progress`].
    pub kind: Kind,
    /// Issue date.
    pub issue_date: Date,
    /// What the works are about.
    pub title: Option<String>,
    /// What it asked for incl. VAT, less what credit notes took back: so much would be taken off.
    pub gross: Cents,
    /// Whether nothing of it is due any more: only then a deposit can be taken off.
    pub settled: bool,
}

/// A draft to add.
#[derive(Clone, Debug)]
pub struct NewInvoice {
    /// What it is to become.
    pub kind: NewKind,
    /// Code of the customer.
    pub customer: String,
    /// Issue date asked for.
    pub issue_date: Option<Date>,
    /// Due date asked for.
    pub due_date: Option<Date>,
    /// What it says.
    pub content: Content,
}

/// Money received outside PayPlug.
#[derive(Clone, Copy, Debug)]
pub struct NewReceipt {
    /// How much.
    pub amount: Cents,
    /// How; never [`PaymentMeans::CardPayplug`].
    pub means: PaymentMeans,
    /// Day received; today when absent.
    pub date: Option<Date>,
    /// Whether more than the net due is meant.
    pub overpayment: bool,
}

/// A draft or a finalised document.
#[derive(Clone, Debug)]
pub enum Document {
    /// Without number.
    Draft {
        /// The draft.
        draft: Box<Draft>,
        /// Its customer as of now.
        customer: Box<Customer>,
        /// Its totals as of now.
        totals: Totals,
    },
    /// Frozen.
    Finalised(Box<Finalised>),
}

/// A refused or abandoned try on a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it was seen.
    pub at: Timestamp,
    /// PayPlug's failure code.
    pub outcome: String,
}

/// A receipt and what went back of it.
#[derive(Clone, Debug)]
pub struct ReceiptView {
    /// The receipt.
    pub receipt: Receipt,
    /// Sum of its refunds.
    pub refunded: Cents,
}

/// A decision on an invoice's account, as that invoice sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdjustmentView {
    /// The decision.
    pub adjusted: Adjusted,
    /// Whether it is the credit of another invoice that pays this one.
    pub is_incoming: bool,
    /// Number of the invoice at the other end of a set-off.
    pub other: Option<DocumentNumber>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// An invoice that an overpayment may pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetOffTarget {
    /// Identity.
    pub id: InvoiceId,
    /// Number.
    pub number: DocumentNumber,
    /// Issue date.
    pub issue_date: Date,
    /// What the works are about.
    pub title: Option<String>,
    /// What is still to pay.
    pub remaining: Cents,
}

/// A cheque that waits to be taken to the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChequeView {
    /// Its receipt.
    pub receipt: ReceiptId,
    /// The invoice that it pays.
    pub invoice: InvoiceId,
    /// Number of the invoice.
    pub number: DocumentNumber,
    /// Name of the customer.
    pub customer: String,
    /// Day received.
    pub date: Date,
    /// How much.
    pub amount: Cents,
}

/// A refund that was asked for here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundWishView {
    /// Our UUID.
    pub id: Uuid,
    /// How much.
    pub amount: Cents,
    /// When it was wished for.
    pub wished_at: Timestamp,
    /// Where it stands.
    pub state: RefundWishState,
}

/// A chargeback and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargebackView {
    /// The chargeback.
    pub chargeback: Chargeback,
    /// How it ended and on which day, once it has.
    pub outcome: Option<(ChargebackOutcome, Date)>,
}

/// What can be given back of a card payment, and when (PayPlug's `refundable_after` and
/// `refundable_until`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundTerms {
    /// How much was paid.
    pub paid: Cents,
    /// What is left: less refunds, chargebacks and refunds under way.
    pub refundable: Cents,
    /// The least refund.
    pub min: Cents,
    /// From when on, where PayPlug says so.
    pub from: Option<Timestamp>,
    /// Until when, where PayPlug says so.
    pub until: Option<Timestamp>,
    /// The card.
    pub card: Option<Card>,
}

/// A chargeback to record.
#[derive(Clone, Debug, Default)]
pub struct NewChargeback {
    /// The payment that was taken back; the latest one by card with something left when absent.
    pub payment: Option<PaymentId>,
    /// How much; what was not refunded of the payment when absent.
    pub amount: Option<Cents>,
    /// Day; today when absent.
    pub date: Option<Date>,
}

/// A link that died at PayPlug: how long one lives is not known otherwise (`payment-links.md` § 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeadLink {
    /// When PayPlug created it.
    pub made_at: Timestamp,
    /// When PayPlug was first seen to report its failure.
    pub died_at: Timestamp,
}

/// What the links of an invoice went through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkHistory {
    /// The open link takes the place of one that left for the customer, and has not left itself.
    pub to_send_again: bool,
    /// Those that died, oldest first.
    pub dead: Vec<DeadLink>,
}

/// The retention of an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetentionView {
    /// What is or was held back; zero where a bond stands in for it.
    pub amount: Cents,
    /// When it is to be released; none for a bond.
    pub release_on: Option<Date>,
    /// Whether a bank's bond stands in for it.
    pub bond: bool,
    /// Its release, once there was one.
    pub released: Option<Released>,
}

impl RetentionView {
    /// Whether it still waits to be released.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.amount.is_positive() && self.released.is_none()
    }
}

/// The release of a retention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Released {
    /// On which day.
    pub date: Date,
    /// When what is due since then is to be paid.
    pub due_on: Date,
}

/// Everything known of one invoice or credit note.
#[derive(Clone, Debug)]
pub struct InvoiceView {
    /// Identity.
    pub id: InvoiceId,
    /// What it says.
    pub document: Document,
    /// Where it stands.
    pub standing: Standing,
    /// Its latest link.
    pub link: Option<PaymentLink>,
    /// What became of its links before, and whether the customer must get the new one.
    pub link_history: LinkHistory,
    /// Refused and abandoned tries, oldest first.
    pub attempts: Vec<Attempt>,
    /// Receipts, oldest first.
    pub receipts: Vec<ReceiptView>,
    /// What was decided on overpayments and small differences, and set off against it, oldest first.
    pub adjustments: Vec<AdjustmentView>,
    /// Its credit notes.
    pub credited_by: Vec<DocumentNumber>,
    /// Refunds that were asked for here, oldest first.
    pub refund_wishes: Vec<RefundWishView>,
    /// Chargebacks, oldest first.
    pub chargebacks: Vec<ChargebackView>,
    /// What was given back, is still to pay and waits for a decision.
    pub undecided: Cents,
    /// What a credit note for a part could still take.
    pub creditable: Cents,
    /// Its retention, where it has one.
    pub retention: Option<RetentionView>,
    /// What the law wants and the data lack.
    pub missing: Vec<Missing>,
    /// What it takes off or credits.
    pub refers_to: Vec<Reference>,
    /// On a draft: what would stop finalising now, with its field (`deposit_unpaid`, a situation that
    /// was taken off meanwhile).
    pub obstacles: Vec<acquit_domain::Error>,
}

impl InvoiceView {
    /// What it is, or is to become.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match &self.document {
            Document::Finalised(document) => (&document.kind).into(),
            Document::Draft { draft, .. } => (&draft.kind).into(),
        }
    }

    /// The customer of a finalised document.
    #[must_use]
    pub fn buyer(&self) -> Option<CustomerId> {
        match &self.document {
            Document::Finalised(document) => Some(document.buyer.id),
            Document::Draft { .. } => None,
        }
    }

    /// When what a document asks for is to be paid: the delay of a released retention runs from its
    /// release.
    #[must_use]
    pub fn due_date(&self, document: &Finalised) -> Date {
        let released = self.retention.and_then(|retention| retention.released);
        released.map_or(document.due_date, |released| released.due_on)
    }
}

/// Which invoices to list, newest first.
#[derive(Clone, Debug)]
pub struct InvoiceFilter {
    /// Which part of the list.
    pub asked: Asked,
    /// Only those whose number, customer or title hold these words.
    pub words: String,
    /// At most so many (1 … 1,000).
    pub limit: u32,
    /// Those after this one in the list.
    pub after: Option<InvoiceId>,
}

/// A connected PayPlug account.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Mode of the key.
    pub mode: Mode,
    /// What the account allows.
    pub limits: AccountLimits,
    /// What PayPlug has opened for it.
    pub permissions: AccountPermissions,
    /// In which form it takes payments; with [`PaymentForm::Hosted`] PayPlug may close links early.
    pub form: PaymentForm,
    /// Whether new links are made with it.
    pub is_current: bool,
    /// Whether 3-D Secure is always asked for (a setting of the file), or left to PayPlug.
    pub force_3ds: bool,
    /// When it was connected.
    pub connected_at: Timestamp,
}

/// A payment that settled something during a run.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The invoice.
    pub invoice: DocumentNumber,
    /// How much came in.
    pub amount: Cents,
    /// PayPlug's id.
    pub payment: PaymentId,
}

/// A refund recorded during a run.
#[derive(Clone, Debug)]
pub struct Refunded {
    /// The invoice.
    pub invoice: DocumentNumber,
    /// How much went back.
    pub amount: Cents,
    /// PayPlug's id.
    pub refund: RefundId,
}

/// Something to look at, or something that failed, during a run.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The invoice, where one is concerned.
    pub invoice: Option<DocumentNumber>,
    /// Stable code.
    pub code: String,
    /// One plain sentence in the language asked for by the caller.
    pub sentence: crate::message::Sentence,
}

/// What one run of the reconcilers did.
#[derive(Clone, Debug, Default)]
pub struct SyncReport {
    /// Links compared with PayPlug.
    pub checked: u64,
    /// Requests sent.
    pub requests: u64,
    /// Receipts recorded.
    pub settled: Vec<Settled>,
    /// Refunds recorded.
    pub refunds: Vec<Refunded>,
    /// What somebody must look at.
    pub anomalies: Vec<Notice>,
    /// What failed and will be tried again.
    pub errors: Vec<Notice>,
    /// Mails that left.
    pub mails: usize,
    /// Mails that did not.
    pub mail_errors: Vec<Notice>,
    /// How long PayPlug asks to be left alone, where it does.
    pub retry_after: Option<Duration>,
    /// Whether the run ended early, as going on would only have failed again: no network, no key,
    /// PayPlug out of order.
    pub is_cut_short: bool,
}

/// An export that was written.
#[derive(Clone, Debug)]
pub struct ExportSummary {
    /// Number of the batch.
    pub batch: u64,
    /// Layout.
    pub format: Format,
    /// Journal, when only one was asked for.
    pub journal: Option<Journal>,
    /// Where it was written.
    pub file: PathBuf,
    /// Count of entries.
    pub entries: u64,
    /// Count of lines.
    pub lines: u64,
    /// Sum of debits.
    pub debit: Cents,
    /// Sum of credits.
    pub credit: Cents,
    /// The ZIP of invoices that went along.
    pub pdfs: Option<PdfsWritten>,
    /// What the reader of the file should know.
    pub warnings: Vec<crate::message::Sentence>,
}

/// Outcome of `verify`.
#[derive(Clone, Debug)]
pub struct Verification {
    /// What was checked, with counts, by name.
    pub checked: Vec<(&'static str, u64)>,
    /// The first broken invariant.
    pub broken: Option<Break>,
}

/// A broken invariant of `payment-links.md` § 4.
#[derive(Clone, Debug)]
pub struct Break {
    /// Its number and short name.
    pub invariant: &'static str,
    /// What was found, with the document concerned.
    pub what: String,
}
