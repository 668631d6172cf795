//! The first screen.

use acquit_app::{Decision, MailState, message};
use acquit_domain::receipt::Receipt;
use jiff::civil::Date;
use serde::Serialize;
use specta::Type;

use super::{InvoiceRow, Money, ReminderSums, french, instant, iso};

/// What asks for a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PendingKind {
    /// PayPlug and the file disagree.
    Anomaly,
    /// Money was given back.
    AfterRefund,
    /// A card was refused.
    Refused,
    /// A retention was to be released by now.
    Retention,
    /// A mail did not leave, and needs the owner.
    MailRefused,
    /// Whether a mail arrived is not known.
    MailUnclear,
}

/// Something that only the owner can decide.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct Pending {
    /// What.
    pub(crate) kind: PendingKind,
    /// The invoice, where one is concerned.
    pub(crate) invoice: Option<InvoiceRow>,
    /// Why, in French.
    pub(crate) sentence: Option<String>,
    /// Both sides, as recorded: ours, PayPlug's.
    pub(crate) sides: Option<(String, String)>,
    /// When it was seen.
    pub(crate) at: Option<String>,
    /// The mail, where one is concerned.
    pub(crate) mail: Option<String>,
    /// The retention, where one is concerned.
    pub(crate) held: Option<Held>,
}

/// A retention that was to be released by now.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct Held {
    /// How much is held back.
    pub(crate) amount: Money,
    /// When it was to be released.
    pub(crate) release_on: String,
}

impl Pending {
    pub(crate) fn of(decision: Decision, today: Date) -> Self {
        match decision {
            Decision::Anomaly { anomaly, invoice } => Self {
                kind: PendingKind::Anomaly,
                invoice: invoice.map(|invoice| InvoiceRow::of(*invoice, today)),
                sentence: None,
                sides: Some((
                    french(message::side(&anomaly.ours)),
                    french(message::side(&anomaly.theirs)),
                )),
                at: Some(instant(anomaly.seen_at)),
                mail: None,
                held: None,
            },
            Decision::AfterRefund(invoice) => Self {
                kind: PendingKind::AfterRefund,
                invoice: Some(InvoiceRow::of(*invoice, today)),
                sentence: None,
                sides: None,
                at: None,
                mail: None,
                held: None,
            },
            Decision::Refused {
                invoice,
                outcome,
                at,
            } => Self {
                kind: PendingKind::Refused,
                invoice: Some(InvoiceRow::of(*invoice, today)),
                sentence: Some(french(message::attempt(&outcome))),
                sides: None,
                at: Some(instant(at)),
                mail: None,
                held: None,
            },
            Decision::Mail { invoice, mail, at } => Self {
                kind: match mail.state {
                    MailState::Unclear => PendingKind::MailUnclear,
                    _ => PendingKind::MailRefused,
                },
                invoice: Some(InvoiceRow::of(*invoice, today)),
                sentence: super::mail::sentence(&mail.state),
                sides: None,
                at: Some(instant(at)),
                mail: Some(mail.id.to_string()),
                held: None,
            },
            Decision::Retention {
                invoice,
                amount,
                release_on,
            } => Self {
                kind: PendingKind::Retention,
                invoice: Some(InvoiceRow::of(*invoice, today)),
                sentence: None,
                sides: None,
                at: None,
                mail: None,
                held: Some(Held {
                    amount: amount.into(),
                    release_on: iso(release_on),
                }),
            },
        }
    }
}

/// A payment that came in.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct PaymentRow {
    /// The invoice.
    pub(crate) invoice: InvoiceRow,
    /// How much.
    pub(crate) amount: Money,
    /// Means, as in `cli.md`.
    pub(crate) means: String,
    /// Brand and last four digits of the card.
    pub(crate) card: Option<String>,
    /// Day.
    pub(crate) date: String,
    /// Instant, where it is known.
    pub(crate) at: Option<String>,
}

impl PaymentRow {
    pub(crate) fn of(receipt: &Receipt, invoice: InvoiceRow) -> Self {
        Self {
            invoice,
            amount: receipt.amount.into(),
            means: receipt.means.code().to_owned(),
            card: card_of(receipt),
            date: iso(receipt.date),
            at: receipt
                .payplug
                .as_ref()
                .map(|source| instant(source.paid_at)),
        }
    }
}

/// Brand and last four digits of the card of a receipt.
pub(super) fn card_of(receipt: &Receipt) -> Option<String> {
    let card = receipt.payplug.as_ref()?.card.as_ref()?;
    Some(super::payment::card_words(card))
}

/// The first screen.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct Home {
    /// Today in France.
    pub(crate) today: String,
    /// Still to come in.
    pub(crate) due: Money,
    /// Count of invoices with something to pay.
    pub(crate) due_count: u32,
    /// The part past its due date.
    pub(crate) late: Money,
    /// Count of invoices past their due date.
    pub(crate) late_count: u32,
    /// Days since the earliest missed due date.
    pub(crate) late_days: i32,
    /// Came in this month by card.
    pub(crate) received_card: Money,
    /// Came in this month by other means.
    pub(crate) received_other: Money,
    /// Last payments, newest first.
    pub(crate) last_payments: Vec<PaymentRow>,
    /// Outstanding invoices that fall due next.
    pub(crate) soon: Vec<InvoiceRow>,
    /// Until when `soon` looks.
    pub(crate) soon_until: String,
    /// What asks for a decision.
    pub(crate) decisions: Vec<Pending>,
    /// Reminders that are due today.
    pub(crate) reminders: Option<ReminderSums>,
    /// Count of documents of any kind: none at all is a new company.
    pub(crate) documents: u32,
    /// Whether online payment is connected.
    pub(crate) is_connected: bool,
}

impl Home {
    pub(crate) fn of(
        home: acquit_app::Home,
        today: Date,
        documents: u32,
        is_connected: bool,
    ) -> Self {
        let sums = home.outstanding;
        Self {
            today: iso(today),
            due: sums.due.into(),
            due_count: sums.due_count,
            late: sums.late.into(),
            late_count: sums.late_count,
            late_days: sums
                .oldest_due
                .and_then(|due| today.since(due).ok())
                .map_or(0, |span| span.get_days()),
            received_card: home.received.card.into(),
            received_other: home.received.other.into(),
            last_payments: home
                .last_payments
                .into_iter()
                .map(|(receipt, invoice)| PaymentRow::of(&receipt, InvoiceRow::of(invoice, today)))
                .collect(),
            soon: home
                .soon
                .into_iter()
                .map(|summary| InvoiceRow::of(summary, today))
                .collect(),
            soon_until: iso(home.soon_until),
            decisions: home
                .decisions
                .into_iter()
                .map(|decision| Pending::of(decision, today))
                .collect(),
            reminders: ReminderSums::of(home.reminders),
            documents,
            is_connected,
        }
    }
}
