//! The history of an invoice.

use acquit_app::{AdjustmentView, Event, Happened, MailState, message};
use acquit_domain::adjustment::Adjustment;
use acquit_domain::receipt::ChargebackOutcome;
use serde::Serialize;
use specta::Type;

use super::{Money, french, instant};

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
    /// A refund was asked for here.
    RefundAsked,
    /// The customer's bank took the money back.
    ChargedBack,
    /// It came back.
    ChargebackWon,
    /// It did not.
    ChargebackLost,
    /// What went back is owed again.
    CollectAgain,
    /// What went back is lost.
    WrittenOff,
    /// The retention was released.
    RetentionReleased,
    /// An overpayment was given back.
    OverpaymentReturned,
    /// An overpayment is kept for the customer.
    OverpaymentKept,
    /// An overpayment pays another invoice.
    SetOffTo,
    /// The overpayment of another invoice pays this one.
    SetOffFrom,
    /// A small difference was given up.
    DifferenceMissing,
    /// A small difference was gained.
    DifferenceTooMuch,
    /// Cheques were taken to the bank.
    ChequesDeposited,
    /// A credit note was issued.
    Credited,
    /// A mail left.
    Mailed,
    /// A mail was refused for good.
    MailRefused,
    /// Whether a mail arrived is not known.
    MailUnclear,
    /// A mail was opened in the person's own mail program.
    MailElsewhere,
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

const fn mailed(state: &MailState) -> EventKind {
    match state {
        MailState::Refused(_) => EventKind::MailRefused,
        MailState::Unclear => EventKind::MailUnclear,
        MailState::Elsewhere => EventKind::MailElsewhere,
        _ => EventKind::Mailed,
    }
}

const fn adjusted(row: &AdjustmentView) -> EventKind {
    match row.adjusted.adjustment {
        Adjustment::Returned { .. } => EventKind::OverpaymentReturned,
        Adjustment::Kept => EventKind::OverpaymentKept,
        Adjustment::SetOff { .. } if row.is_incoming => EventKind::SetOffFrom,
        Adjustment::SetOff { .. } => EventKind::SetOffTo,
        Adjustment::Missing => EventKind::DifferenceMissing,
        Adjustment::TooMuch => EventKind::DifferenceTooMuch,
    }
}

impl From<&Event> for EventRow {
    fn from(event: &Event) -> Self {
        let (kind, amount, detail, means) = match &event.what {
            Happened::Finalised(number) => {
                (EventKind::Finalised, None, Some(number.to_string()), None)
            }
            Happened::LinkReady(amount) => (EventKind::LinkReady, Some(*amount), None, None),
            Happened::LinkRefused(reason) => {
                let why = french(message::refusal_cause(*reason));
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
            Happened::RetentionReleased(amount) => {
                (EventKind::RetentionReleased, Some(*amount), None, None)
            }
            Happened::Adjusted(row) => {
                let other = row.other.map(|number| number.to_string());
                (adjusted(row), Some(row.adjusted.amount), other, None)
            }
            Happened::ChequesDeposited(reference, amount) => {
                let slip = Some(reference.clone());
                (EventKind::ChequesDeposited, Some(*amount), slip, None)
            }
            Happened::Credited(number) => {
                (EventKind::Credited, None, Some(number.to_string()), None)
            }
            Happened::Mailed(recipients, state) => {
                let to: Vec<&str> = recipients.seen().map(|email| email.as_str()).collect();
                (mailed(state), None, Some(to.join(", ")), None)
            }
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
