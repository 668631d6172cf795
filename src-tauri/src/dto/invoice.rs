//! Invoices: rows of the list, the page of one, the form of a draft.

use acquit_app::message;
use acquit_app::{Asked, Attempt, Document, Event, Happened, InvoiceView, ReceiptView, Summary};
use acquit_domain::Cents;
use acquit_domain::invoice::mentions::Missing;
use acquit_domain::invoice::{DeductionKind, Totals};
use acquit_domain::link::{LinkState, Mode, PaymentLink};
use acquit_domain::receipt::{ChargebackOutcome, Status};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Money, french, instant, iso};

/// What a row of the list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RowKind {
    /// Typed text that is no draft yet.
    Unfinished,
    /// A draft.
    Draft,
    /// An invoice with a number.
    Invoice,
    /// A credit note.
    CreditNote,
}

/// Where an invoice stands, as the list words it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RowState {
    /// Not finalised.
    Draft,
    /// Finalised, nothing received, not yet due.
    Finalised,
    /// Something received, not yet due.
    PartlyPaid,
    /// Past its due date.
    Late,
    /// Nothing due any more.
    Settled,
    /// Credited in full.
    Cancelled,
    /// A credit note.
    Credit,
}

/// A row of the list.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct InvoiceRow {
    /// Identity.
    pub(crate) id: String,
    /// What it is.
    pub(crate) kind: RowKind,
    /// Number.
    pub(crate) number: Option<String>,
    /// Name of the customer.
    pub(crate) customer: String,
    /// Code of the customer.
    pub(crate) customer_code: String,
    /// What the works are about.
    pub(crate) title: Option<String>,
    /// Issue date.
    pub(crate) issue_date: Option<String>,
    /// Due date.
    pub(crate) due_date: Option<String>,
    /// Total incl. VAT.
    pub(crate) gross: Money,
    /// Still to pay.
    pub(crate) remaining: Money,
    /// Where it stands.
    pub(crate) state: RowState,
    /// Days past the due date.
    pub(crate) days_late: i32,
    /// State of its latest link, as in `cli.md`.
    pub(crate) link_state: Option<String>,
}

impl InvoiceRow {
    /// A row as of `today`.
    pub(crate) fn of(summary: Summary, today: Date) -> Self {
        let kind = match (&summary.number, summary.is_credit_note) {
            (None, _) => RowKind::Draft,
            (_, true) => RowKind::CreditNote,
            _ => RowKind::Invoice,
        };
        let days_late = days_late(summary.status, summary.due_date, today);
        Self {
            id: summary.id.to_string(),
            kind,
            number: summary.number.map(|number| number.to_string()),
            customer: summary.customer,
            customer_code: summary.customer_code,
            title: summary.title,
            issue_date: summary.issue_date.map(iso),
            due_date: summary.due_date.map(iso),
            gross: summary.gross.into(),
            remaining: summary.remaining.into(),
            state: state(kind, summary.status, days_late),
            days_late,
            link_state: summary.link.map(|link| link.code().to_owned()),
        }
    }

    /// A row for typed text that never was a draft.
    pub(crate) fn unfinished(id: String, label: String) -> Self {
        Self {
            id,
            kind: RowKind::Unfinished,
            number: None,
            customer: label,
            customer_code: String::new(),
            title: None,
            issue_date: None,
            due_date: None,
            gross: Money(0),
            remaining: Money(0),
            state: RowState::Draft,
            days_late: 0,
            link_state: None,
        }
    }
}

fn days_late(status: Status, due: Option<Date>, today: Date) -> i32 {
    match (status, due) {
        (Status::Finalised | Status::PartlyPaid, Some(due)) if due < today => {
            today.since(due).map_or(0, |span| span.get_days())
        }
        _ => 0,
    }
}

const fn state(kind: RowKind, status: Status, days_late: i32) -> RowState {
    match (kind, status) {
        (RowKind::CreditNote, _) => RowState::Credit,
        (_, Status::Draft) => RowState::Draft,
        (_, Status::Settled) => RowState::Settled,
        (_, Status::Cancelled) => RowState::Cancelled,
        (_, Status::Finalised | Status::PartlyPaid) if days_late > 0 => RowState::Late,
        (_, Status::Finalised) => RowState::Finalised,
        (_, Status::PartlyPaid) => RowState::PartlyPaid,
    }
}

/// A saved filter of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ListPart {
    /// Everything.
    All,
    /// Drafts.
    Drafts,
    /// With something to pay.
    Outstanding,
    /// Past their due date.
    Late,
    /// With nothing to pay any more.
    Settled,
    /// Credit notes.
    CreditNotes,
}

impl ListPart {
    pub(crate) const fn asked(self, today: Date) -> Asked {
        match self {
            Self::All => Asked::All,
            Self::Drafts => Asked::Status(Status::Draft),
            Self::Outstanding => Asked::Outstanding,
            Self::Late => Asked::Late(today),
            Self::Settled => Asked::Settled,
            Self::CreditNotes => Asked::CreditNotes,
        }
    }
}

/// A page of the list that is asked for.
#[derive(Clone, Debug, Deserialize, Type)]
pub(crate) struct ListQuery {
    /// Which part.
    pub(crate) part: ListPart,
    /// Words that number, customer or title must hold.
    pub(crate) words: String,
    /// The last row seen.
    pub(crate) after: Option<String>,
    /// At most so many rows.
    pub(crate) limit: u32,
}

/// Counts beside the saved filters.
#[derive(Clone, Copy, Debug, Serialize, Type)]
pub(crate) struct ListCounts {
    /// Everything.
    pub(crate) all: u32,
    /// Drafts.
    pub(crate) drafts: u32,
    /// With something to pay.
    pub(crate) outstanding: u32,
    /// Past their due date.
    pub(crate) late: u32,
    /// With nothing to pay any more.
    pub(crate) settled: u32,
    /// Credit notes.
    pub(crate) credit_notes: u32,
}

impl From<acquit_app::ListCounts> for ListCounts {
    fn from(counts: acquit_app::ListCounts) -> Self {
        Self {
            all: counts.all,
            drafts: counts.drafts,
            outstanding: counts.outstanding,
            late: counts.late,
            settled: counts.settled,
            credit_notes: counts.credit_notes,
        }
    }
}

/// A payment link.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct Link {
    /// Its state, as in `cli.md`.
    pub(crate) state: String,
    /// Why there is none.
    pub(crate) reason: Option<String>,
    /// How much it asks for.
    pub(crate) amount: Money,
    /// The page where the customer pays, while it can be paid.
    pub(crate) url: Option<String>,
    /// The page's address as a QR code, in SVG.
    pub(crate) qr_svg: Option<String>,
    /// Whether it was made with a Test key.
    pub(crate) is_test: bool,
    /// Whether it takes the place of one that the customer may hold: theirs is dead.
    pub(crate) replaces_another: bool,
}

impl Link {
    pub(crate) fn of(link: &PaymentLink, events: &[Event]) -> Self {
        let hosted = match &link.state {
            LinkState::Open(hosted) => Some(hosted),
            _ => None,
        };
        let reason = match link.state {
            LinkState::Refused { reason } => Some(french(message::refusal(reason))),
            _ => None,
        };
        let made = |event: &&Event| matches!(event.what, Happened::LinkReady(_));
        Self {
            state: link.state.code().to_owned(),
            reason,
            amount: link.amount.into(),
            url: hosted.map(|hosted| hosted.url.clone()),
            qr_svg: hosted.and_then(|hosted| acquit_app::qr_svg(&hosted.url).ok()),
            is_test: link
                .state
                .hosted()
                .is_some_and(|hosted| hosted.mode == Mode::Test),
            replaces_another: hosted.is_some() && events.iter().filter(made).count() > 1,
        }
    }
}

/// A failed try.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct AttemptRow {
    /// When it was seen.
    pub(crate) at: String,
    /// PayPlug's code.
    pub(crate) code: String,
    /// Why, in French.
    pub(crate) sentence: String,
}

impl From<&Attempt> for AttemptRow {
    fn from(attempt: &Attempt) -> Self {
        Self {
            at: instant(attempt.at),
            code: attempt.outcome.clone(),
            sentence: french(message::attempt(&attempt.outcome)),
        }
    }
}

/// Money that came in.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct ReceiptRow {
    /// Day.
    pub(crate) date: String,
    /// How much.
    pub(crate) amount: Money,
    /// How much of it went back.
    pub(crate) refunded: Money,
    /// Means, as in `cli.md`.
    pub(crate) means: String,
    /// Brand and last four digits of the card.
    pub(crate) card: Option<String>,
    /// Number of the transaction at PayPlug.
    pub(crate) payment: Option<String>,
}

impl From<&ReceiptView> for ReceiptRow {
    fn from(view: &ReceiptView) -> Self {
        let receipt = &view.receipt;
        let source = receipt.payplug.as_ref();
        Self {
            date: iso(receipt.date),
            amount: receipt.amount.into(),
            refunded: view.refunded.into(),
            means: receipt.means.code().to_owned(),
            card: super::home::card_of(receipt),
            payment: source.map(|source| source.payment.as_str().to_owned()),
        }
    }
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EventKind {
    /// It got its number.
    Finalised,
    /// A link was made.
    LinkReady,
    /// A link was not possible.
    LinkRefused,
    /// A link was taken back.
    LinkWithdrawn,
    /// A try failed.
    Attempt,
    /// Money came in.
    Received,
    /// Paid with a Test key.
    PaidInTest,
    /// Money went back.
    Refunded,
    /// A credit note was issued.
    Credited,
    /// A refund was asked for here.
    RefundAsked,
    /// The customer's bank took money back.
    ChargedBack,
    /// A dispute was won.
    ChargebackWon,
    /// A dispute was lost.
    ChargebackLost,
    /// What was given back is to be paid again.
    CollectAgain,
    /// A debt was given up as lost.
    WrittenOff,
}

/// One line of the history.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct EventRow {
    /// When.
    pub(crate) at: String,
    /// What.
    pub(crate) kind: EventKind,
    /// How much, where it is about money.
    pub(crate) amount: Option<Money>,
    /// A number or a sentence that belongs to it.
    pub(crate) detail: Option<String>,
    /// Means of a receipt.
    pub(crate) means: Option<String>,
}

impl From<&Event> for EventRow {
    fn from(event: &Event) -> Self {
        let (kind, amount, detail, means) = match &event.what {
            Happened::Finalised(number) => {
                (EventKind::Finalised, None, Some(number.to_string()), None)
            }
            Happened::LinkReady(amount) => (EventKind::LinkReady, Some(*amount), None, None),
            Happened::LinkRefused(reason) => {
                let why = french(message::refusal(*reason));
                (EventKind::LinkRefused, None, Some(why), None)
            }
            Happened::LinkWithdrawn(amount) => {
                (EventKind::LinkWithdrawn, Some(*amount), None, None)
            }
            Happened::Attempt(code) => {
                let why = french(message::attempt(code));
                (EventKind::Attempt, None, Some(why), None)
            }
            Happened::Received(receipt) => (
                EventKind::Received,
                Some(receipt.amount),
                super::home::card_of(receipt),
                Some(receipt.means.code().to_owned()),
            ),
            Happened::PaidInTest(amount) => (EventKind::PaidInTest, Some(*amount), None, None),
            Happened::Refunded(amount) => (EventKind::Refunded, Some(*amount), None, None),
            Happened::Credited(number) => {
                (EventKind::Credited, None, Some(number.to_string()), None)
            }
            Happened::RefundAsked(amount) => (EventKind::RefundAsked, Some(*amount), None, None),
            Happened::ChargedBack(amount) => (EventKind::ChargedBack, Some(*amount), None, None),
            Happened::ChargebackClosed(outcome, amount) => {
                let kind = match outcome {
                    ChargebackOutcome::Won => EventKind::ChargebackWon,
                    ChargebackOutcome::Lost => EventKind::ChargebackLost,
                };
                (kind, Some(*amount), None, None)
            }
            Happened::CollectAgain(amount) => (EventKind::CollectAgain, Some(*amount), None, None),
            Happened::WrittenOff(amount) => (EventKind::WrittenOff, Some(*amount), None, None),
        };
        Self {
            at: instant(event.at),
            kind,
            amount: amount.map(Money::from),
            detail,
            means,
        }
    }
}

/// Something that the law wants and the data lack.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct MissingMention {
    /// Stable code.
    pub(crate) code: String,
    /// One French sentence.
    pub(crate) sentence: String,
    /// The field that mends it (`company.…`, `customer.…` or of the draft).
    pub(crate) field: String,
}

impl From<Missing> for MissingMention {
    fn from(missing: Missing) -> Self {
        Self {
            code: missing.code().to_owned(),
            sentence: french(message::warning(missing)),
            field: missing.field().to_owned(),
        }
    }
}

/// Something taken off the net due.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct DeductionRow {
    /// `retention`, `prorata` or `other`.
    pub(crate) kind: String,
    /// How much.
    pub(crate) amount: Money,
}

/// Everything known of one invoice.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct InvoicePage {
    /// As in the list.
    pub(crate) row: InvoiceRow,
    /// What is taken off the total incl. VAT.
    pub(crate) deductions: Vec<DeductionRow>,
    /// What the document asks for.
    pub(crate) net_due: Money,
    /// Received so far, refunds taken off.
    pub(crate) received: Money,
    /// What the customer paid too much.
    pub(crate) customer_credit: Money,
    /// After a refund the owner decides before anything more is asked.
    pub(crate) awaits_decision: bool,
    /// Its latest link.
    pub(crate) link: Option<Link>,
    /// Failed tries, newest first.
    pub(crate) attempts: Vec<AttemptRow>,
    /// Receipts, oldest first.
    pub(crate) receipts: Vec<ReceiptRow>,
    /// History, oldest first.
    pub(crate) events: Vec<EventRow>,
    /// What the law wants and the data lack.
    pub(crate) missing: Vec<MissingMention>,
    /// Numbers of its credit notes.
    pub(crate) credited_by: Vec<String>,
    /// The invoice that this credit note credits.
    pub(crate) credits: Option<String>,
    /// E-mail of the customer.
    pub(crate) customer_email: Option<String>,
}

impl InvoicePage {
    pub(crate) fn of(view: &InvoiceView, summary: Summary, events: &[Event], today: Date) -> Self {
        let (totals, credits, email) = match &view.document {
            Document::Draft {
                totals, customer, ..
            } => (totals, None, customer.email.as_ref()),
            Document::Finalised(document) => {
                let credits = match &document.kind {
                    acquit_domain::invoice::DocumentKind::CreditNote { credits } => {
                        Some(credits.number.to_string())
                    }
                    acquit_domain::invoice::DocumentKind::Invoice => None,
                };
                (&document.totals, credits, document.buyer.email.as_ref())
            }
        };
        let received: Cents = view
            .receipts
            .iter()
            .map(|row| row.receipt.amount - row.refunded)
            .sum();
        Self {
            row: InvoiceRow::of(summary, today),
            deductions: deductions(totals),
            net_due: totals.net_due.into(),
            received: received.into(),
            customer_credit: view.standing.customer_credit.into(),
            awaits_decision: view.standing.awaits_decision,
            link: view.link.as_ref().map(|link| Link::of(link, events)),
            attempts: view.attempts.iter().rev().map(AttemptRow::from).collect(),
            receipts: view.receipts.iter().map(ReceiptRow::from).collect(),
            events: events.iter().map(EventRow::from).collect(),
            missing: view.missing.iter().copied().map(Into::into).collect(),
            credited_by: view.credited_by.iter().map(ToString::to_string).collect(),
            credits,
            customer_email: email.map(|email| email.as_str().to_owned()),
        }
    }
}

pub(super) fn deductions(totals: &Totals) -> Vec<DeductionRow> {
    let named = totals.deductions.iter().map(|deduction| DeductionRow {
        kind: match deduction.kind {
            DeductionKind::Retention => "retention",
            DeductionKind::Prorata => "prorata",
            DeductionKind::Other => "other",
        }
        .to_owned(),
        amount: deduction.amount.into(),
    });
    named.collect()
}
