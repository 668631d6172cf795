//! Money: integer cents of euro, never a float.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

use crate::decimal;
use crate::error::Rule;
use crate::rounding::divide_half_away;

/// An amount in euro cents.
///
/// Inputs are bounded by [`decimal::parse`] and lines by [`crate::invoice::LINES_MAX`], so sums stay
/// far inside `i64`; every profile keeps overflow checks on, so a broken bound can never wrap.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Cents(i64);

impl Cents {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// An amount from a number of cents.
    #[must_use]
    pub const fn new(cents: i64) -> Self {
        Self(cents)
    }

    /// The number of cents.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Reads a decimal string of euros such as `"1250.00"`.
    ///
    /// # Errors
    /// The rule of [`decimal::parse`] that the text breaks.
    pub fn parse(text: &str) -> Result<Self, Rule> {
        decimal::parse(text, 2).map(Self)
    }

    /// Euros with two decimals and a point, as in JSON: `1250.00`.
    #[must_use]
    pub fn decimal(self) -> String {
        decimal::fixed(self.0, 2)
    }

    /// Whether there is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether the amount is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether the amount is above zero.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// The amount without its sign.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// The amount, or zero when it is negative.
    #[must_use]
    pub fn at_least_zero(self) -> Self {
        self.max(Self::ZERO)
    }

    /// `self × numerator ÷ denominator`, rounded once, half away from zero.
    /// A zero denominator gives zero: a share of nothing is nothing.
    #[must_use]
    pub fn share(self, numerator: i64, denominator: i64) -> Self {
        if denominator == 0 {
            return Self::ZERO;
        }
        let sign = i128::from(denominator.signum());
        let product = i128::from(self.0) * i128::from(numerator) * sign;
        Self::from_wide(divide_half_away(
            product,
            i128::from(denominator.unsigned_abs()),
        ))
    }

    /// Narrows a rounded intermediate; saturates, which bounded inputs never reach.
    pub(crate) fn from_wide(value: i128) -> Self {
        Self(i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX }))
    }

    /// Splits the amount over `weights` to the cent by largest remainder; parts add up exactly.
    /// Weights must not be negative; with no weight at all, everything goes to the first part.
    #[must_use]
    pub fn allocate(self, weights: &[Self]) -> Vec<Self> {
        let total: i128 = weights.iter().map(|weight| i128::from(weight.0)).sum();
        let mut parts = vec![Self::ZERO; weights.len()];
        if weights.is_empty() {
            return parts;
        }
        if total <= 0 {
            parts[0] = self;
            return parts;
        }
        let amount = i128::from(self.0.abs());
        let mut left = amount;
        let mut remainders: Vec<(i128, usize)> = Vec::with_capacity(weights.len());
        for (index, weight) in weights.iter().enumerate() {
            let product = amount * i128::from(weight.0);
            let floor = product / total;
            parts[index] = Self::from_wide(floor);
            left -= floor;
            remainders.push((product % total, index));
        }
        remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        for (_, index) in remainders {
            if left == 0 {
                break;
            }
            parts[index].0 += 1;
            left -= 1;
        }
        if self.0 < 0 {
            parts.iter_mut().for_each(|part| part.0 = -part.0);
        }
        parts
    }
}

impl Add for Cents {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Cents {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Cents {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Cents {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Cents {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// An amount as French readers expect it: `2 278,80`, U+202F between thousands, U+2212 for minus.
#[must_use]
pub fn french_amount(amount: Cents) -> String {
    let magnitude = amount.0.unsigned_abs();
    let sign = if amount.is_negative() { "\u{2212}" } else { "" };
    format!(
        "{sign}{},{:02}",
        group_thousands(magnitude / 100),
        magnitude % 100
    )
}

/// [`french_amount`] with the euro sign after a no-break space.
#[must_use]
pub fn french_euros(amount: Cents) -> String {
    format!("{}\u{a0}€", french_amount(amount))
}

/// Digits grouped by three with U+202F.
#[must_use]
pub fn group_thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 2);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::{Cents, french_amount, french_euros};
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    #[test]
    fn amounts_read_as_a_french_reader_expects() {
        assert_eq!(french_euros(Cents::new(227_880)), "2\u{202f}278,80\u{a0}€");
        assert_eq!(french_amount(Cents::new(-5)), "\u{2212}0,05");
        assert_eq!(
            french_amount(Cents::new(123_456_789)),
            "1\u{202f}234\u{202f}567,89"
        );
    }

    #[test]
    fn json_amounts_have_two_decimals() {
        assert_eq!(
            Cents::parse("1250.00").map(Cents::decimal).ok().as_deref(),
            Some("1250.00")
        );
        assert_eq!(Cents::new(-7).decimal(), "-0.07");
    }

    proptest! {
        #[test]
        fn parts_add_up_and_are_fair(total in -1_000_000_i64..1_000_000, weights in proptest::collection::vec(0_i64..10_000, 1..8)) {
            let weights: Vec<Cents> = weights.into_iter().map(Cents::new).collect();
            let parts = Cents::new(total).allocate(&weights);
            prop_assert_eq!(parts.iter().copied().sum::<Cents>(), Cents::new(total));
            let sum: Cents = weights.iter().copied().sum();
            if !sum.is_zero() {
                for (part, weight) in parts.iter().zip(&weights) {
                    let exact = i128::from(total) * i128::from(weight.get());
                    let gap = (i128::from(part.get()) * i128::from(sum.get()) - exact).abs();
                    prop_assert!(gap < i128::from(sum.get()), "a part is off by a cent or more");
                }
            }
        }

        #[test]
        fn a_whole_share_is_the_amount(amount in -1_000_000_000_i64..1_000_000_000, whole in 1_i64..1_000_000) {
            prop_assert_eq!(Cents::new(amount).share(whole, whole), Cents::new(amount));
            prop_assert_eq!(Cents::new(amount).share(0, whole), Cents::ZERO);
        }
    }
}
