//! Invoices: rows of the list, the page of one, the form of a draft.

use acquit_app::message;
use acquit_app::{
    Asked, Attempt, ChargebackView, Document, Event, InvoiceView, MailState as Stands, MailView,
    ReceiptView, Rendition, Summary,
};
use acquit_domain::invoice::mentions::Missing;
use acquit_domain::invoice::{DeductionKind, Totals};
use acquit_domain::link::LinkState;
use acquit_domain::receipt::{ChargebackOutcome, Status};
use acquit_domain::{Cents, date};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::happened::EventRow;
use super::kinds::{DocumentWord, NamedDocument, TakenOff};
use super::link::{DeadLink, Link};
use super::mail::{MailRow, MailState};
use super::money_back::{ChargebackRow, RefundWish};
use super::retention::{RenditionRow, RetentionRow};
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
    /// Finalised, nothing received, not yet due; its PDF or link left by another way.
    Finalised,
    /// Finalised, never sent.
    ToSend,
    /// Accepted by the mail server, nothing received, not yet due.
    Sent,
    /// Its mail waits to leave.
    Sending,
    /// Refused for good by the mail server.
    MailRefused,
    /// Its mail may have arrived, or not.
    MailUnclear,
    /// Something received, not yet due.
    PartlyPaid,
    /// Past its due date.
    Late,
    /// The customer's bank took the money back, and nothing was decided yet.
    Disputed,
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
    /// Which kind of document it is, or is to become.
    pub(crate) document: DocumentWord,
    /// Which situation of its works it is, from 1.
    pub(crate) situation: Option<u32>,
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
    /// State of its latest mail.
    pub(crate) mail_state: Option<MailState>,
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
            document: summary.kind.into(),
            situation: summary.situation.and_then(|which| which.try_into().ok()),
            number: summary.number.map(|number| number.to_string()),
            customer: summary.customer,
            customer_code: summary.customer_code,
            title: summary.title,
            issue_date: summary.issue_date.map(iso),
            due_date: summary.due_date.map(iso),
            gross: summary.gross.into(),
            remaining: summary.remaining.into(),
            state: match summary.link {
                Some(LinkState::Disputed(_)) if summary.remaining.is_positive() => {
                    RowState::Disputed
                }
                _ => on_its_way(
                    state(kind, summary.status, days_late),
                    summary.mail.as_ref(),
                    summary.has_left,
                ),
            },
            days_late,
            link_state: summary.link.map(|link| link.code().to_owned()),
            mail_state: summary.mail.as_ref().map(MailState::from),
        }
    }

    /// A row for typed text that never was a draft.
    pub(crate) fn unfinished(id: String, label: String) -> Self {
        Self {
            id,
            kind: RowKind::Unfinished,
            document: DocumentWord::Invoice,
            situation: None,
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
            mail_state: None,
        }
    }
}

fn days_late(status: Status, due: Option<Date>, today: Date) -> i32 {
    match (status, due) {
        (Status::Finalised | Status::PartlyPaid, Some(due)) => date::days_late(due, today),
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

/// What an invoice that nothing else is to be said of went through on its way to the customer.
const fn on_its_way(state: RowState, mail: Option<&Stands>, has_left: bool) -> RowState {
    match (state, mail) {
        (RowState::Finalised, Some(Stands::Refused(_))) => RowState::MailRefused,
        (RowState::Finalised, Some(Stands::Unclear)) => RowState::MailUnclear,
        (RowState::Finalised, Some(Stands::Queued { .. } | Stands::HandingOver)) => {
            RowState::Sending
        }
        (RowState::Finalised, Some(Stands::Sent)) => RowState::Sent,
        (RowState::Finalised, None) if !has_left => RowState::ToSend,
        (state, _) => state,
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
    /// How much of it the customer's bank took back, and has not lost since.
    pub(crate) taken_back: Money,
    /// Means, as in `cli.md`.
    pub(crate) means: String,
    /// Brand and last four digits of the card.
    pub(crate) card: Option<String>,
    /// Number of the transaction at PayPlug.
    pub(crate) payment: Option<String>,
}

impl ReceiptRow {
    fn of(view: &ReceiptView, chargebacks: &[ChargebackView]) -> Self {
        let receipt = &view.receipt;
        let source = receipt.payplug.as_ref();
        Self {
            date: iso(receipt.date),
            amount: receipt.amount.into(),
            refunded: view.refunded.into(),
            taken_back: taken_back(view, chargebacks).into(),
            means: receipt.means.code().to_owned(),
            card: super::home::card_of(receipt),
            payment: source.map(|source| source.payment.as_str().to_owned()),
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
            field: missing.field().into_owned(),
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
    /// What went back and is not decided yet.
    pub(crate) undecided: Money,
    /// Whether what is not decided may be given up: a chargeback was lost.
    pub(crate) can_write_off: bool,
    /// How much a credit note may still credit.
    pub(crate) creditable: Money,
    /// Whether something of it can be given back to a card.
    pub(crate) can_refund: bool,
    /// How much the customer's bank can still take back.
    pub(crate) disputable: Money,
    /// Refunds asked for here, oldest first.
    pub(crate) refund_wishes: Vec<RefundWish>,
    /// Chargebacks, oldest first.
    pub(crate) chargebacks: Vec<ChargebackRow>,
    /// Its latest link.
    pub(crate) link: Option<Link>,
    /// Links that PayPlug closed before they were paid, oldest first.
    pub(crate) dead_links: Vec<DeadLink>,
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
    pub(crate) credits: Option<NamedDocument>,
    /// Situations and deposits that it takes off.
    pub(crate) taken_off: Vec<TakenOff>,
    /// Deposits that it takes off, incl. VAT.
    pub(crate) deposits: Money,
    /// The document that takes this one off.
    pub(crate) deducted_by: Option<NamedDocument>,
    /// Whether a next situation can follow.
    pub(crate) can_go_on: bool,
    /// Whether a final invoice can follow.
    pub(crate) can_close: bool,
    /// Whether it can be taken back, alone or to be put right.
    pub(crate) can_correct: bool,
    /// E-mail of the customer.
    pub(crate) customer_email: Option<String>,
    /// Its mails, newest first.
    pub(crate) mails: Vec<MailRow>,
    /// Whether it can be sent by mail.
    pub(crate) can_mail: bool,
    /// Its retention, where it has one.
    pub(crate) retention: Option<RetentionRow>,
    /// PDFs that somebody was given, newest first.
    pub(crate) renditions: Vec<RenditionRow>,
}

impl InvoicePage {
    /// The page as of `today`; `on_card` is what is left of its card payments.
    pub(crate) fn of(
        view: &InvoiceView,
        summary: Summary,
        events: &[Event],
        on_card: Cents,
        mails: &[MailView],
        renditions: &[Rendition],
        today: Date,
    ) -> Self {
        let (totals, credits, email) = match &view.document {
            Document::Draft {
                totals, customer, ..
            } => (totals, None, customer.email.as_ref()),
            Document::Finalised(document) => {
                let credits = document.kind.credits();
                let credits =
                    credits.map(|credits| NamedDocument::new(credits.id, &credits.number));
                (&document.totals, credits, document.buyer.email.as_ref())
            }
        };
        let received: Cents = view
            .receipts
            .iter()
            .map(|row| row.receipt.amount - row.refunded - taken_back(row, &view.chargebacks))
            .sum();
        Self {
            row: InvoiceRow::of(summary, today),
            deductions: deductions(totals),
            net_due: totals.net_due.into(),
            received: received.into(),
            customer_credit: view.standing.customer_credit.into(),
            awaits_decision: view.standing.awaits_decision,
            undecided: view.undecided.into(),
            can_write_off: view.chargebacks.iter().any(is_lost),
            creditable: view.creditable.into(),
            can_refund: on_card.is_positive(),
            disputable: on_card.into(),
            refund_wishes: view.refund_wishes.iter().map(Into::into).collect(),
            chargebacks: view.chargebacks.iter().map(Into::into).collect(),
            link: view
                .link
                .as_ref()
                .map(|link| Link::of(link, &view.link_history)),
            dead_links: view.link_history.dead.iter().map(Into::into).collect(),
            attempts: view.attempts.iter().rev().map(AttemptRow::from).collect(),
            receipts: view
                .receipts
                .iter()
                .map(|row| ReceiptRow::of(row, &view.chargebacks))
                .collect(),
            events: events.iter().map(EventRow::from).collect(),
            missing: view.missing.iter().copied().map(Into::into).collect(),
            credited_by: view.credited_by.iter().map(ToString::to_string).collect(),
            credits,
            taken_off: taken_off(view),
            deposits: totals.deposits.into(),
            deducted_by: None,
            can_go_on: false,
            can_close: false,
            can_correct: false,
            customer_email: email.map(|email| email.as_str().to_owned()),
            mails: mails.iter().map(MailRow::from).collect(),
            can_mail: matches!(view.document, Document::Finalised(_)),
            retention: view
                .retention
                .map(|retention| RetentionRow::of(retention, view.standing.status)),
            renditions: renditions.iter().rev().map(RenditionRow::from).collect(),
        }
    }

    /// With the document that takes this one off, and what can follow it: a situation until a next one
    /// goes on from it, a deposit once it is settled.
    pub(crate) fn deducted_in(self, later: Option<NamedDocument>) -> Self {
        let stands = self.row.kind == RowKind::Invoice && self.row.state != RowState::Cancelled;
        let is_free = stands && later.is_none();
        let is_situation = self.row.document == DocumentWord::Progress;
        let is_paid_deposit =
            self.row.document == DocumentWord::Deposit && self.row.state == RowState::Settled;
        Self {
            can_go_on: is_free && is_situation,
            can_close: is_free && (is_situation || is_paid_deposit),
            can_correct: is_free,
            deducted_by: later,
            ..self
        }
    }
}

fn taken_off(view: &InvoiceView) -> Vec<TakenOff> {
    let content = match &view.document {
        Document::Draft { draft, .. } => &draft.content,
        Document::Finalised(document) => &document.content,
    };
    content.earlier.iter().map(Into::into).collect()
}

/// What the customer's bank took of a receipt, less what came back.
fn taken_back(view: &ReceiptView, chargebacks: &[ChargebackView]) -> Cents {
    chargebacks
        .iter()
        .filter(|other| other.chargeback.receipt == view.receipt.id)
        .filter(|other| !matches!(other.outcome, Some((ChargebackOutcome::Won, _))))
        .map(|other| other.chargeback.amount)
        .sum()
}

fn is_lost(view: &ChargebackView) -> bool {
    matches!(view.outcome, Some((ChargebackOutcome::Lost, _)))
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
