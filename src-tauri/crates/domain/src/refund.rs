//! The life of a refund that is asked for here, from the wish to the money (`payment-links.md` § 3):
//! states, events, the next step, and what PayPlug allows (reference § 6).

use jiff::{SignedDuration, Timestamp};

use crate::date::paris_day;
use crate::error::{Error, Rule};
use crate::id::{InvoiceId, ReceiptId, RefundWishId};
use crate::money::Cents;

/// The least that PayPlug gives back (support article 360021318292).
pub const REFUND_MIN: Cents = Cents::new(10);

/// PayPlug's clock and ours may differ by so much; within it, PayPlug decides.
pub const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(5);

/// Where a wish stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundWishState {
    /// Wished for; no request has left, or the only ones did not reach PayPlug.
    Requested,
    /// A request was about to leave: PayPlug may have made the refund although no answer came.
    Attempted,
    /// The refund is recorded.
    Done,
    /// Not possible.
    Refused {
        /// Stable code of the reason.
        code: String,
    },
    /// Taken back by the owner before any request left.
    Withdrawn,
}

impl RefundWishState {
    /// The word of `cli.md`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Attempted => "attempted",
            Self::Done => "done",
            Self::Refused { .. } => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether the refund may still be made: at most one such wish per invoice.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Requested | Self::Attempted)
    }
}

/// A refund that the owner wishes for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundWish {
    /// Our UUID, in the refund's `metadata`.
    pub id: RefundWishId,
    /// The invoice.
    pub invoice: InvoiceId,
    /// The card receipt that is to be reduced.
    pub receipt: ReceiptId,
    /// How much; at least [`REFUND_MIN`].
    pub amount: Cents,
    /// Where it stands.
    pub state: RefundWishState,
    /// When it was wished for.
    pub wished_at: Timestamp,
}

/// Something that happens to a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundEvent {
    /// A request is about to leave.
    Attempted,
    /// The first request did not reach PayPlug, or PayPlug did nothing with it.
    NotSent,
    /// The refund exists at PayPlug, however it came to be known.
    Found,
    /// It cannot be made.
    Refused {
        /// Stable code of the reason.
        code: String,
    },
    /// The owner takes it back.
    Withdrawn,
}

/// The next state, or the transition is impossible.
///
/// # Errors
/// [`Rule::ImpossibleTransition`].
pub fn transition(state: RefundWishState, event: RefundEvent) -> Result<RefundWishState, Error> {
    use RefundWishState as S;
    Ok(match (state, event) {
        (S::Requested | S::Attempted, RefundEvent::Attempted) => S::Attempted,
        (S::Attempted, RefundEvent::NotSent) => S::Requested,
        // A refusal that was misunderstood is put right by the money itself.
        (S::Requested | S::Attempted | S::Refused { .. }, RefundEvent::Found) => S::Done,
        (S::Requested | S::Attempted, RefundEvent::Refused { code }) => S::Refused { code },
        (S::Requested, RefundEvent::Withdrawn) => S::Withdrawn,
        _ => return Err(Error::at("refund", Rule::ImpossibleTransition)),
    })
}

/// What the refund outbox does next for one wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundStep {
    /// Nothing to do.
    Rest,
    /// Ask PayPlug for the refund.
    Send,
    /// Look for it by our UUID before anything else; only where it is not there, ask again.
    Search,
}

/// Decides the next step from where a wish stands.
#[must_use]
pub const fn next_step(state: &RefundWishState) -> RefundStep {
    match state {
        RefundWishState::Requested => RefundStep::Send,
        RefundWishState::Attempted => RefundStep::Search,
        RefundWishState::Done | RefundWishState::Refused { .. } | RefundWishState::Withdrawn => {
            RefundStep::Rest
        }
    }
}

/// What can be given back of a card receipt, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refundable {
    /// What is left: the receipt less its refunds, its chargebacks and open wishes.
    pub left: Cents,
    /// From when PayPlug takes refunds (`refundable_after`), where it says so.
    pub from: Option<Timestamp>,
    /// Until when (`refundable_until`), where it says so.
    pub until: Option<Timestamp>,
}

impl Refundable {
    /// Checks an amount at an instant.
    ///
    /// # Errors
    /// [`Rule::MoreThanRefundable`], [`Rule::RefundBelowMinimum`], [`Rule::RefundTooEarly`],
    /// [`Rule::RefundTooLate`].
    pub fn check(&self, amount: Cents, now: Timestamp) -> Result<(), Error> {
        let rule = if !self.left.is_positive() || amount > self.left {
            Rule::MoreThanRefundable {
                refundable: self.left.at_least_zero(),
            }
        } else if amount < REFUND_MIN {
            Rule::RefundBelowMinimum { least: REFUND_MIN }
        } else if let Some(from) = self.from.filter(|from| now + CLOCK_SKEW < *from) {
            Rule::RefundTooEarly {
                from: paris_day(from),
            }
        } else if let Some(until) = self.until.filter(|until| now > *until) {
            Rule::RefundTooLate {
                until: paris_day(until),
            }
        } else {
            return Ok(());
        };
        Err(Error::at("amount", rule))
    }
}

#[cfg(test)]
mod tests {
    use super::{RefundEvent, RefundStep, RefundWishState, Refundable, next_step, transition};
    use crate::error::Rule;
    use crate::money::Cents;
    use jiff::civil::date;
    use jiff::{SignedDuration, Timestamp};

    fn refused() -> String {
        "payplug_rejected".to_owned()
    }

    fn states() -> [RefundWishState; 5] {
        [
            RefundWishState::Requested,
            RefundWishState::Attempted,
            RefundWishState::Done,
            RefundWishState::Refused { code: refused() },
            RefundWishState::Withdrawn,
        ]
    }

    fn events() -> [RefundEvent; 5] {
        [
            RefundEvent::Attempted,
            RefundEvent::NotSent,
            RefundEvent::Found,
            RefundEvent::Refused { code: refused() },
            RefundEvent::Withdrawn,
        ]
    }

    /// State, then what each event makes of it; `-` where it is impossible.
    const TABLE: [&str; 5] = [
        // from      attempted not_sent  found refused withdrawn
        "requested   attempted -         done  refused withdrawn",
        "attempted   attempted requested done  refused -",
        "done        -         -         -     -       -",
        "refused     -         -         done  -       -",
        "withdrawn   -         -         -     -       -",
    ];

    #[test]
    fn every_event_in_every_state_does_what_the_table_says() {
        for (state, row) in states().into_iter().zip(TABLE) {
            let words: Vec<&str> = row.split_whitespace().collect();
            assert_eq!((state.code(), words.len()), (words[0], 6));
            for (event, expected) in events().into_iter().zip(&words[1..]) {
                let what = format!("{} {event:?}", state.code());
                match (transition(state.clone(), event), *expected) {
                    (Err(error), "-") => {
                        assert_eq!(error.rule, Rule::ImpossibleTransition, "{what}");
                    }
                    (found, expected) => {
                        assert_eq!(found.map(|state| state.code()), Ok(expected), "{what}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_may_have_been_made_is_looked_for_first_and_what_ended_rests() {
        let steps = states().map(|state| next_step(&state));
        use RefundStep::{Rest, Search, Send};
        assert_eq!(steps, [Send, Search, Rest, Rest, Rest]);
        let open = states().map(|state| state.is_open());
        assert_eq!(open, [true, true, false, false, false]);
    }

    #[test]
    fn an_amount_is_held_to_what_is_left_and_to_the_window() {
        let from: Timestamp = "2026-11-03T10:00:00Z".parse().unwrap();
        let until: Timestamp = "2027-05-02T10:00:00Z".parse().unwrap();
        let terms = Refundable {
            left: Cents::new(1_000),
            from: Some(from),
            until: Some(until),
        };
        let check = |cents, now| {
            terms
                .check(Cents::new(cents), now)
                .map_err(|error| error.rule)
        };
        let second = SignedDuration::from_secs(1);
        assert_eq!(check(10, from), Ok(()));
        assert_eq!(check(1_000, until), Ok(()));
        let least = Cents::new(10);
        for low in [9, 0, -5] {
            assert_eq!(check(low, from), Err(Rule::RefundBelowMinimum { least }));
        }
        let refundable = Cents::new(1_000);
        assert_eq!(
            check(1_001, from),
            Err(Rule::MoreThanRefundable { refundable })
        );
        let late = Rule::RefundTooLate {
            until: date(2027, 5, 2),
        };
        assert_eq!(check(10, until + second), Err(late));
        let early = Rule::RefundTooEarly {
            from: date(2026, 11, 3),
        };
        assert_eq!(check(10, from - second), Ok(()), "clocks differ a little");
        assert_eq!(check(10, from - SignedDuration::from_hours(1)), Err(early));
        let nothing = Refundable {
            left: Cents::ZERO,
            ..terms
        };
        let refundable = Cents::ZERO;
        for amount in [0, 10, 1_000] {
            assert_eq!(
                nothing
                    .check(Cents::new(amount), from)
                    .map_err(|error| error.rule),
                Err(Rule::MoreThanRefundable { refundable })
            );
        }
        let unbounded = Refundable {
            from: None,
            until: None,
            ..terms
        };
        assert_eq!(unbounded.check(Cents::new(10), until + second), Ok(()));
    }
}
