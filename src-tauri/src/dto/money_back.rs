//! Money given back: refunds, chargebacks, the decision after them, credit notes for a part.

use acquit_app::{ChargebackView, RefundTerms, RefundWishState, RefundWishView, message};
use acquit_domain::receipt::ChargebackOutcome;
use acquit_domain::refund::CLOCK_SKEW;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::payment::card_words;
use super::{FieldError, Money, french, instant, iso};

/// How far a refund that was asked for has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WishState {
    /// No request has left yet: it can be withdrawn.
    Requested,
    /// A request left; PayPlug has not confirmed.
    Attempted,
    /// Given back.
    Done,
    /// PayPlug refused it.
    Refused,
    /// Withdrawn before any request left.
    Withdrawn,
}

/// A refund that was asked for here.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct RefundWish {
    /// Identity.
    pub(crate) id: String,
    /// How much.
    pub(crate) amount: Money,
    /// When it was asked for.
    pub(crate) wished_at: String,
    /// How far it has come.
    pub(crate) state: WishState,
    /// Why it was refused, in French.
    pub(crate) sentence: Option<String>,
}

impl From<&RefundWishView> for RefundWish {
    fn from(view: &RefundWishView) -> Self {
        let (state, sentence) = match &view.state {
            RefundWishState::Requested => (WishState::Requested, None),
            RefundWishState::Attempted => (WishState::Attempted, None),
            RefundWishState::Done => (WishState::Done, None),
            RefundWishState::Refused { code } => (
                WishState::Refused,
                Some(french(message::refund_refusal(code))),
            ),
            RefundWishState::Withdrawn => (WishState::Withdrawn, None),
        };
        Self {
            id: view.id.to_string(),
            amount: view.amount.into(),
            wished_at: instant(view.wished_at),
            state,
            sentence,
        }
    }
}

/// How a chargeback ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// The money came back.
    Won,
    /// It did not.
    Lost,
}

impl From<ChargebackOutcome> for Outcome {
    fn from(outcome: ChargebackOutcome) -> Self {
        match outcome {
            ChargebackOutcome::Won => Self::Won,
            ChargebackOutcome::Lost => Self::Lost,
        }
    }
}

impl From<Outcome> for ChargebackOutcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Won => Self::Won,
            Outcome::Lost => Self::Lost,
        }
    }
}

/// Money that the customer's bank took back.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct ChargebackRow {
    /// Identity.
    pub(crate) id: String,
    /// How much.
    pub(crate) amount: Money,
    /// Day.
    pub(crate) date: String,
    /// How it ended.
    pub(crate) outcome: Option<Outcome>,
    /// Day on which it ended.
    pub(crate) closed_on: Option<String>,
}

impl From<&ChargebackView> for ChargebackRow {
    fn from(view: &ChargebackView) -> Self {
        Self {
            id: view.chargeback.id.to_string(),
            amount: view.chargeback.amount.into(),
            date: iso(view.chargeback.date),
            outcome: view.outcome.map(|(outcome, _)| outcome.into()),
            closed_on: view.outcome.map(|(_, date)| iso(date)),
        }
    }
}

/// What can be given back of a card payment.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct RefundPlan {
    /// What was paid by card.
    pub(crate) paid: Money,
    /// What of it can still be given back.
    pub(crate) refundable: Money,
    /// The least that PayPlug gives back.
    pub(crate) min: Money,
    /// Not yet, but from then on.
    pub(crate) opens_at: Option<String>,
    /// Not after.
    pub(crate) until: Option<String>,
    /// Not any more.
    pub(crate) is_over: bool,
    /// Brand and last four digits of the card.
    pub(crate) card: Option<String>,
}

impl RefundPlan {
    /// The terms as of `now`: decided once, so that nothing moves while somebody reads.
    pub(crate) fn of(terms: &RefundTerms, now: Timestamp) -> Self {
        Self {
            paid: terms.paid.into(),
            refundable: terms.refundable.into(),
            min: terms.min.into(),
            opens_at: terms
                .from
                .filter(|from| *from > now + CLOCK_SKEW)
                .map(instant),
            until: terms.until.map(instant),
            is_over: terms.until.is_some_and(|until| until < now),
            card: terms.card.as_ref().map(card_words),
        }
    }
}

/// A refund as typed.
#[derive(Clone, Debug, Deserialize, Type)]
pub(crate) struct RefundForm {
    /// Whether all that can be given back is meant.
    pub(crate) is_whole: bool,
    /// Else how much.
    pub(crate) amount: String,
}

/// What asking for a refund came to.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct RefundAnswer {
    /// What cannot be read, or is too much; nothing was asked for then.
    pub(crate) errors: Vec<FieldError>,
    /// Whether PayPlug has confirmed it already.
    pub(crate) is_done: bool,
}

/// A chargeback as typed.
#[derive(Clone, Debug, Deserialize, Type)]
pub(crate) struct ChargebackForm {
    /// Number of the transaction that was taken back; the latest when empty.
    pub(crate) payment: String,
    /// How much.
    pub(crate) amount: String,
    /// Day; today when empty.
    pub(crate) date: String,
}

/// What becomes of money that went back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DecisionWord {
    /// A credit note for it.
    Credit,
    /// The customer owes it again.
    CollectAgain,
    /// It is lost.
    WriteOff,
}

/// What a credit note for a part came to.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct CreditAnswer {
    /// What cannot be read, or is too much; nothing was issued then.
    pub(crate) errors: Vec<FieldError>,
    /// Identity of the credit note.
    pub(crate) note: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::RefundPlan;
    use acquit_app::RefundTerms;
    use acquit_domain::Cents;
    use jiff::{SignedDuration, Timestamp};

    #[test]
    fn only_a_period_that_is_not_open_is_told() {
        let paid_at = Timestamp::UNIX_EPOCH;
        let day = SignedDuration::from_hours(24);
        let terms = RefundTerms {
            paid: Cents::new(9_660),
            refundable: Cents::new(9_660),
            min: Cents::new(10),
            from: Some(paid_at),
            until: Some(paid_at + day),
            card: None,
        };
        let told = |now| {
            let plan = RefundPlan::of(&terms, now);
            (plan.opens_at.is_some(), plan.is_over)
        };
        // PayPlug's clock and ours differ by some seconds.
        assert_eq!(
            told(paid_at - SignedDuration::from_secs(20)),
            (false, false)
        );
        assert_eq!(told(paid_at - day), (true, false));
        assert_eq!(told(paid_at + day + day), (false, true));
    }
}
