//! What the owner decides after money went back (`payment-links.md` § 3): nothing is asked for until
//! each refund and chargeback was decided on.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Rule};
use crate::invoice::NatureTotal;
use crate::money::Cents;
use crate::receipt::ChargebackOutcome;

/// What becomes of the amount that was given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// The customer is to pay it again (*à encaisser de nouveau*).
    CollectAgain,
    /// A credit note takes it off the invoice (*avoir*).
    Credit,
    /// A lost chargeback is given up as a lost debt (*perte*).
    WriteOff,
}

impl Choice {
    /// The word of `cli.md`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::CollectAgain => "collect-again",
            Self::Credit => "credit",
            Self::WriteOff => "write-off",
        }
    }
}

/// What took money back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The owner, here or in PayPlug's portal.
    Refund,
    /// The customer's bank; with how the dispute ended.
    Chargeback(Option<ChargebackOutcome>),
}

/// One movement that took money of a receipt back, and what was decided on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenBack {
    /// Id of the refund or chargeback.
    pub movement: String,
    /// How much.
    pub amount: Cents,
    /// What took it.
    pub cause: Cause,
    /// Choices made so far, oldest first.
    pub choices: Vec<Choice>,
}

impl GivenBack {
    /// A chargeback that was won gave the money back to us: it counts no more.
    #[must_use]
    pub const fn counts(&self) -> bool {
        !matches!(self.cause, Cause::Chargeback(Some(ChargebackOutcome::Won)))
    }

    fn is_undecided(&self) -> bool {
        self.counts() && self.choices.is_empty()
    }

    /// Lost, and not yet taken off the invoice in any way.
    fn may_be_written_off(&self) -> bool {
        self.cause == Cause::Chargeback(Some(ChargebackOutcome::Lost))
            && self
                .choices
                .iter()
                .all(|choice| *choice == Choice::CollectAgain)
    }
}

/// What a choice decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The movements it is about.
    pub movements: Vec<String>,
    /// How much of the net due it is about.
    pub amount: Cents,
}

/// A decision as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What was chosen.
    pub choice: Choice,
    /// How much of the net due it is about.
    pub amount: Cents,
    /// The refunds and chargebacks that it decides on.
    pub movements: Vec<String>,
    /// For [`Choice::WriteOff`], and only for it: what leaves the invoice, per rate and nature.
    pub lost: Vec<NatureTotal>,
}

/// Sums of what counts as given back, and of the part that was decided on.
#[must_use]
pub fn sums(movements: &[GivenBack]) -> (Cents, Cents) {
    let counting = || movements.iter().filter(|movement| movement.counts());
    let decided = counting().filter(|movement| !movement.is_undecided());
    (
        counting().map(|movement| movement.amount).sum(),
        decided.map(|movement| movement.amount).sum(),
    )
}

/// How much of what is still to pay waits for a decision: what only returned an overpayment needs
/// none.
#[must_use]
pub fn undecided(movements: &[GivenBack], remaining: Cents) -> Cents {
    let (given_back, decided) = sums(movements);
    (given_back - decided).min(remaining).at_least_zero()
}

/// What a choice decides now, with `remaining` still to pay and `creditable` left to take off.
///
/// # Errors
/// [`Rule::NothingToDecide`], [`Rule::NoLostChargeback`].
pub fn decide(
    choice: Choice,
    movements: &[GivenBack],
    remaining: Cents,
    creditable: Cents,
) -> Result<Decided, Error> {
    let concerned: Vec<&GivenBack> = movements
        .iter()
        .filter(|movement| match choice {
            Choice::CollectAgain | Choice::Credit => movement.is_undecided(),
            Choice::WriteOff => movement.may_be_written_off(),
        })
        .collect();
    let whole: Cents = concerned.iter().map(|movement| movement.amount).sum();
    let amount = match choice {
        Choice::CollectAgain => whole.min(remaining),
        Choice::Credit | Choice::WriteOff => whole.min(remaining).min(creditable),
    };
    if choice == Choice::WriteOff && concerned.is_empty() {
        return Err(Error::at("id", Rule::NoLostChargeback));
    }
    if !amount.is_positive() {
        return Err(Error::at("id", Rule::NothingToDecide));
    }
    Ok(Decided {
        movements: concerned
            .into_iter()
            .map(|movement| movement.movement.clone())
            .collect(),
        amount,
    })
}

#[cfg(test)]
mod tests {
    use super::{Cause, Choice, GivenBack, decide, sums, undecided};
    use crate::error::Rule;
    use crate::money::Cents;
    use crate::receipt::ChargebackOutcome::{Lost, Won};
    use proptest::prelude::{Strategy, prop_assert, proptest};

    fn moved(name: &str, cents: i64, cause: Cause, choices: &[Choice]) -> GivenBack {
        GivenBack {
            movement: name.to_owned(),
            amount: Cents::new(cents),
            cause,
            choices: choices.to_vec(),
        }
    }

    fn decided(
        choice: Choice,
        movements: &[GivenBack],
        remaining: i64,
        creditable: i64,
    ) -> Result<(Vec<String>, i64), Rule> {
        let (remaining, creditable) = (Cents::new(remaining), Cents::new(creditable));
        match decide(choice, movements, remaining, creditable) {
            Ok(found) => Ok((found.movements, found.amount.get())),
            Err(error) => Err(error.rule),
        }
    }

    #[test]
    fn a_choice_is_about_everything_that_was_not_decided_yet() {
        let movements = [
            moved("re_1", 100, Cause::Refund, &[Choice::CollectAgain]),
            moved("re_2", 200, Cause::Refund, &[]),
            moved("cb_1", 400, Cause::Chargeback(None), &[]),
            moved("cb_2", 800, Cause::Chargeback(Some(Won)), &[]),
        ];
        assert_eq!(sums(&movements), (Cents::new(700), Cents::new(100)));
        assert_eq!(undecided(&movements, Cents::new(700)), Cents::new(600));
        let both = Ok((vec!["re_2".to_owned(), "cb_1".to_owned()], 600));
        assert_eq!(decided(Choice::CollectAgain, &movements, 700, 0), both);
        assert_eq!(decided(Choice::Credit, &movements, 700, 1_000), both);
    }

    #[test]
    fn giving_an_overpayment_back_asks_for_no_decision() {
        let refund = [moved("re_1", 300, Cause::Refund, &[])];
        assert_eq!(undecided(&refund, Cents::ZERO), Cents::ZERO);
        assert_eq!(
            decided(Choice::CollectAgain, &refund, 0, 1_000),
            Err(Rule::NothingToDecide)
        );
        assert_eq!(undecided(&refund, Cents::new(100)), Cents::new(100));
        assert_eq!(
            decided(Choice::Credit, &refund, 100, 1_000),
            Ok((vec!["re_1".to_owned()], 100))
        );
    }

    #[test]
    fn only_a_lost_chargeback_is_written_off_and_only_once() {
        let with = |cause, choices: &[Choice]| [moved("cb", 500, cause, choices)];
        let write_off = |movements: &[GivenBack]| decided(Choice::WriteOff, movements, 500, 500);
        let lost = Cause::Chargeback(Some(Lost));
        let done = Ok((vec!["cb".to_owned()], 500));
        assert_eq!(write_off(&with(lost, &[])), done);
        assert_eq!(write_off(&with(lost, &[Choice::CollectAgain])), done);
        for not in [
            with(Cause::Refund, &[]),
            with(Cause::Chargeback(None), &[]),
            with(Cause::Chargeback(Some(Won)), &[]),
            with(lost, &[Choice::WriteOff]),
            with(lost, &[Choice::CollectAgain, Choice::Credit]),
        ] {
            assert_eq!(write_off(&not), Err(Rule::NoLostChargeback), "{not:?}");
        }
        assert_eq!(
            decided(Choice::WriteOff, &with(lost, &[]), 0, 0),
            Err(Rule::NothingToDecide),
            "the customer paid again"
        );
    }

    fn any_movement() -> impl Strategy<Value = GivenBack> {
        let cause = proptest::sample::select(vec![
            Cause::Refund,
            Cause::Chargeback(None),
            Cause::Chargeback(Some(Won)),
            Cause::Chargeback(Some(Lost)),
        ]);
        let choices = proptest::collection::vec(
            proptest::sample::select(vec![Choice::CollectAgain, Choice::Credit, Choice::WriteOff]),
            0..3,
        );
        (1_i64..10_000, cause, choices)
            .prop_map(|(cents, cause, choices)| moved("x", cents, cause, &choices))
    }

    proptest! {
        #[test]
        fn no_choice_is_about_more_than_is_to_pay_or_was_given_back(
            movements in proptest::collection::vec(any_movement(), 0..6),
            remaining in 0_i64..30_000,
            creditable in 0_i64..30_000,
        ) {
            let (given_back, before) = sums(&movements);
            prop_assert!(before <= given_back && !before.is_negative());
            for choice in [Choice::CollectAgain, Choice::Credit, Choice::WriteOff] {
                if let Ok((_, amount)) = decided(choice, &movements, remaining, creditable) {
                    prop_assert!(amount > 0 && amount <= remaining && amount <= given_back.get());
                    prop_assert!(choice == Choice::CollectAgain || amount <= creditable);
                }
            }
        }
    }
}
