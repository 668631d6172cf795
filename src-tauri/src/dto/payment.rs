//! *Paiements en ligne*: one line for each link, and what does not agree with PayPlug.

use acquit_app::{AnomalyRow, PaymentLine, Stranger, message};
use acquit_domain::link::{LinkState, Mode};
use acquit_domain::remote::Card;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{InvoiceRow, Money, french, instant};

/// A saved filter of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PaymentPart {
    /// Everything.
    All,
    /// The customer can pay, or soon will.
    Pending,
    /// The last try was refused.
    Refused,
    /// The page was left.
    Abandoned,
    /// Paid.
    Paid,
    /// Given back, wholly or in part.
    Refunded,
    /// Disputed by the customer's bank.
    Disputed,
}

impl From<PaymentPart> for acquit_app::PaymentPart {
    fn from(part: PaymentPart) -> Self {
        match part {
            PaymentPart::All => Self::All,
            PaymentPart::Pending => Self::Pending,
            PaymentPart::Refused => Self::Refused,
            PaymentPart::Abandoned => Self::Abandoned,
            PaymentPart::Paid => Self::Paid,
            PaymentPart::Refunded => Self::Refunded,
            PaymentPart::Disputed => Self::Disputed,
        }
    }
}

/// A page of the list that is asked for.
#[derive(Clone, Debug, Deserialize, Type)]
pub(crate) struct PaymentQuery {
    /// Which part.
    pub(crate) part: PaymentPart,
    /// Words that invoice, customer, card or transaction must hold.
    pub(crate) words: String,
    /// Rows after the one with this id.
    pub(crate) after: Option<String>,
    /// At most so many rows.
    pub(crate) limit: u32,
}

/// Counts beside the saved filters.
#[derive(Clone, Copy, Debug, Serialize, Type)]
pub(crate) struct PaymentCounts {
    /// Everything.
    pub(crate) all: u32,
    /// The customer can pay, or soon will.
    pub(crate) pending: u32,
    /// The last try was refused.
    pub(crate) refused: u32,
    /// The page was left.
    pub(crate) abandoned: u32,
    /// Paid.
    pub(crate) paid: u32,
    /// Given back.
    pub(crate) refunded: u32,
    /// Disputed.
    pub(crate) disputed: u32,
}

impl From<acquit_app::PaymentCounts> for PaymentCounts {
    fn from(counts: acquit_app::PaymentCounts) -> Self {
        Self {
            all: counts.all,
            pending: counts.pending,
            refused: counts.refused,
            abandoned: counts.abandoned,
            paid: counts.paid,
            refunded: counts.refunded,
            disputed: counts.disputed,
        }
    }
}

/// What became of a link, as the list words it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PaymentOutcome {
    /// Asked for at PayPlug, not confirmed yet.
    Requested,
    /// The customer can pay.
    Pending,
    /// The customer could pay, but holds a link that does not work any more.
    ToSendAgain,
    /// Being taken back.
    Aborting,
    /// Taken back.
    Withdrawn,
    /// Not possible.
    NoLink,
    /// The last try was refused.
    Refused,
    /// The page was left.
    Abandoned,
    /// Paid.
    Paid,
    /// Given back in part.
    PartlyRefunded,
    /// Given back in full.
    Refunded,
    /// Disputed.
    Disputed,
}

/// One line of the list.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct OnlinePayment {
    /// Identity of the link.
    pub(crate) id: String,
    /// Identity of the invoice.
    pub(crate) invoice: String,
    /// Its number.
    pub(crate) number: String,
    /// Name of the customer.
    pub(crate) customer: String,
    /// When it came to where it stands.
    pub(crate) at: String,
    /// Where it stands.
    pub(crate) outcome: PaymentOutcome,
    /// Whether it was made with a Test key: never in the books.
    pub(crate) is_test: bool,
    /// Whether something is still to be done about it.
    pub(crate) asks: bool,
    /// How much it asks for.
    pub(crate) amount: Money,
    /// How much of it went back.
    pub(crate) given_back: Money,
    /// Brand and last four digits of the card.
    pub(crate) card: Option<String>,
    /// Why it failed, or why there is no link, in French.
    pub(crate) sentence: Option<String>,
    /// Count of failed tries before.
    pub(crate) tries: u32,
    /// Number of the transaction at PayPlug.
    pub(crate) payment: Option<String>,
}

impl OnlinePayment {
    pub(crate) fn of(line: PaymentLine) -> Self {
        let last = line.attempts.last();
        let failure = last.map(|attempt| attempt.outcome.as_str());
        let outcome = match outcome(&line.link.state, failure) {
            PaymentOutcome::Pending if line.to_send_again => PaymentOutcome::ToSendAgain,
            outcome => outcome,
        };
        let failed = matches!(outcome, PaymentOutcome::Refused | PaymentOutcome::Abandoned);
        let sentence = match line.link.state {
            LinkState::Refused { reason } => Some(french(message::refusal_cause(reason))),
            _ if failed => last.map(|attempt| french(message::attempt(&attempt.outcome))),
            _ => None,
        };
        let hosted = line.link.state.hosted();
        Self {
            id: line.link.id.to_string(),
            invoice: line.link.invoice.to_string(),
            number: line.number.to_string(),
            customer: line.customer,
            at: instant(match last {
                Some(attempt) if failed => attempt.at,
                _ => line.at,
            }),
            outcome,
            is_test: hosted.is_some_and(|hosted| hosted.mode == Mode::Test),
            asks: outcome == PaymentOutcome::ToSendAgain
                || (outcome == PaymentOutcome::Refused && line.remaining.is_positive()),
            amount: line.link.amount.into(),
            given_back: line.given_back.into(),
            card: line.card.as_ref().map(card_words),
            sentence,
            tries: u32::try_from(line.attempts.len()).unwrap_or(u32::MAX),
            payment: hosted.map(|hosted| hosted.payment.as_str().to_owned()),
        }
    }
}

/// A failed try says more than the state of a link that was taken back after it.
fn outcome(state: &LinkState, failure: Option<&str>) -> PaymentOutcome {
    use PaymentOutcome as O;
    match (state, failure) {
        (LinkState::Paid(_) | LinkState::PaidTest(_), _) => O::Paid,
        (LinkState::PartlyRefunded(_), _) => O::PartlyRefunded,
        (LinkState::Refunded(_), _) => O::Refunded,
        (LinkState::Disputed(_), _) => O::Disputed,
        (_, Some("timeout" | "aborted")) => O::Abandoned,
        (_, Some(_)) => O::Refused,
        (LinkState::Requested { .. }, None) => O::Requested,
        (LinkState::Refused { .. }, None) => O::NoLink,
        (LinkState::Open(_), None) => O::Pending,
        (LinkState::Aborting(_), None) => O::Aborting,
        (LinkState::Aborted(_) | LinkState::Dead(_), None) => O::Withdrawn,
    }
}

/// Brand and last four digits: `Visa •• 4242`.
pub(crate) fn card_words(card: &Card) -> String {
    let brand = card.brand.as_deref().unwrap_or("Carte");
    match &card.last4 {
        Some(last4) => format!("{brand}\u{a0}••\u{a0}{last4}"),
        None => brand.to_owned(),
    }
}

/// A payment on which PayPlug and Acquit do not agree.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct AnomalyLine {
    /// Stable code of what does not agree.
    pub(crate) code: String,
    /// Number of the transaction at PayPlug.
    pub(crate) payment: String,
    /// The invoice, where one is concerned.
    pub(crate) invoice: Option<InvoiceRow>,
    /// What Acquit knows.
    pub(crate) ours: String,
    /// What PayPlug says.
    pub(crate) theirs: String,
    /// When it was first seen.
    pub(crate) seen_at: String,
}

impl AnomalyLine {
    pub(crate) fn of(row: AnomalyRow, invoice: Option<InvoiceRow>) -> Self {
        Self {
            ours: french(message::side(&row.ours)),
            theirs: french(message::side(&row.theirs)),
            code: row.code,
            payment: row.payment,
            invoice,
            seen_at: instant(row.seen_at),
        }
    }
}

/// A payment at PayPlug that Acquit did not ask for.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct StrangerLine {
    /// Number of the transaction at PayPlug.
    pub(crate) payment: String,
    /// Whether it was made with a Test key.
    pub(crate) is_test: bool,
    /// How much.
    pub(crate) amount: Money,
    /// Whether it was paid.
    pub(crate) is_paid: bool,
    /// When PayPlug made it.
    pub(crate) created_at: String,
    /// When it was paid.
    pub(crate) paid_at: Option<String>,
    /// What its customer was shown.
    pub(crate) description: Option<String>,
}

impl From<Stranger> for StrangerLine {
    fn from(stranger: Stranger) -> Self {
        Self {
            payment: stranger.payment.as_str().to_owned(),
            is_test: stranger.mode == Mode::Test,
            amount: stranger.amount.into(),
            is_paid: stranger.is_paid,
            created_at: instant(stranger.created_at),
            paid_at: stranger.paid_at.map(instant),
            description: stranger.description,
        }
    }
}

/// What somebody must look at.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct ToResolve {
    /// Payments on which PayPlug and Acquit do not agree, oldest first.
    pub(crate) anomalies: Vec<AnomalyLine>,
    /// Payments at PayPlug that are not here.
    pub(crate) strangers: Vec<StrangerLine>,
}
