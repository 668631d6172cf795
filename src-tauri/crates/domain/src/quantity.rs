//! Quantities, unit prices and percentages as scaled integers.

use serde::{Deserialize, Serialize};

use crate::decimal;
use crate::error::Rule;
use crate::money::Cents;
use crate::rounding::divide_half_away;

/// Decimals of a quantity (BT-129; French rules allow four).
const QUANTITY_SCALE: u32 = 4;
/// Decimals of a unit price (BT-146; French rules allow six).
const PRICE_SCALE: u32 = 6;
/// Decimals of a percentage.
const PERCENT_SCALE: u32 = 2;

/// A quantity with up to four decimals (BT-129). May be negative: a line taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Quantity(i64);

impl Quantity {
    /// One.
    pub const ONE: Self = Self(10_000);

    /// Reads a decimal string with at most four decimals.
    ///
    /// # Errors
    /// The rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, Rule> {
        decimal::parse(text, QUANTITY_SCALE).map(Self)
    }

    /// Without trailing zeros: `14.5`.
    #[must_use]
    pub fn decimal(self) -> String {
        decimal::shortest(self.0, QUANTITY_SCALE)
    }

    /// Whether something is taken back.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

/// A price for one unit, excl. VAT, with up to six decimals (BT-146). Never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnitPrice(i64);

impl UnitPrice {
    /// A price in whole cents; below zero it is nothing.
    #[must_use]
    pub fn from_cents(cents: Cents) -> Self {
        Self(cents.at_least_zero().get() * 10_000)
    }

    /// Reads a decimal string of euros with at most six decimals.
    ///
    /// # Errors
    /// The rule that the text breaks; [`Rule::Negative`] below zero (a negative unit price is
    /// refused by the e-invoicing rules: the quantity carries the sign).
    pub fn parse(text: &str) -> Result<Self, Rule> {
        let price = decimal::parse(text, PRICE_SCALE)?;
        if price < 0 {
            Err(Rule::Negative)
        } else {
            Ok(Self(price))
        }
    }

    /// At least two decimals, no further trailing zeros: `78.40`, `0.125`.
    #[must_use]
    pub fn decimal(self) -> String {
        let shortest = decimal::shortest(self.0, PRICE_SCALE);
        match shortest.split_once('.') {
            Some((_, fraction)) if fraction.len() >= 2 => shortest,
            Some((whole, fraction)) => format!("{whole}.{fraction:0<2}"),
            None => format!("{shortest}.00"),
        }
    }
}

/// A percentage between 0 and 100 with up to two decimals (discounts, deductions).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Percent(u32);

/// One hundred per cent in hundredths of a per cent.
const WHOLE: u32 = 10_000;

impl Percent {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// All of it.
    pub const HUNDRED: Self = Self(WHOLE);

    /// Reads a decimal string with at most two decimals, between 0 and 100.
    ///
    /// # Errors
    /// The rule that the text breaks; [`Rule::NotAPercentage`] outside 0 … 100.
    pub fn parse(text: &str) -> Result<Self, Rule> {
        let value = decimal::parse(text, PERCENT_SCALE)?;
        match u32::try_from(value) {
            Ok(percent) if percent <= WHOLE => Ok(Self(percent)),
            _ => Err(Rule::NotAPercentage),
        }
    }

    /// Without trailing zeros: `5.5`.
    #[must_use]
    pub fn decimal(self) -> String {
        decimal::shortest(i64::from(self.0), PERCENT_SCALE)
    }

    /// Whether nothing is taken.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// This percentage of an amount, rounded once.
    #[must_use]
    pub fn of(self, amount: Cents) -> Cents {
        amount.share(i64::from(self.0), i64::from(WHOLE))
    }

    /// This percentage a year of an amount, over some days, rounded once.
    #[must_use]
    pub fn a_year_of(self, amount: Cents, days: i32) -> Cents {
        amount.share(i64::from(self.0) * i64::from(days), i64::from(WHOLE) * 365)
    }
}

/// The amount of a line excl. VAT (BT-131): quantity × unit price less its discount, rounded once.
#[must_use]
pub fn line_amount(quantity: Quantity, price: UnitPrice, discount: Percent) -> Cents {
    let kept = i128::from(WHOLE - discount.0);
    let product = i128::from(quantity.0) * i128::from(price.0) * kept;
    // quantity 10^4 × price 10^6 × hundredths of per cent 10^4, less the 10^2 of cents
    Cents::from_wide(divide_half_away(
        product,
        10_i128.pow(QUANTITY_SCALE + PRICE_SCALE + 2),
    ))
}

#[cfg(test)]
mod tests {
    use super::{Percent, Quantity, UnitPrice, line_amount};
    use crate::error::Rule;
    use crate::money::Cents;

    fn amount(quantity: &str, price: &str, discount: &str) -> Result<Cents, Rule> {
        Ok(line_amount(
            Quantity::parse(quantity)?,
            UnitPrice::parse(price)?,
            Percent::parse(discount)?,
        ))
    }

    #[test]
    fn a_line_is_rounded_once() {
        assert_eq!(amount("14.5", "78.40", "5"), Ok(Cents::new(107_996)));
        assert_eq!(amount("3", "0.335", "0"), Ok(Cents::new(101)));
        assert_eq!(amount("-3", "0.335", "0"), Ok(Cents::new(-101)));
        assert_eq!(amount("1", "10.05", "10"), Ok(Cents::new(905)));
        assert_eq!(amount("0.0001", "0.000001", "0"), Ok(Cents::ZERO));
        assert_eq!(amount("1", "99.99", "100"), Ok(Cents::ZERO));
    }

    #[test]
    fn limits_are_refused_by_name() {
        assert_eq!(
            Quantity::parse("1.00001"),
            Err(Rule::TooManyDecimals { most: 4 })
        );
        assert_eq!(UnitPrice::parse("-1"), Err(Rule::Negative));
        assert_eq!(Percent::parse("100.01"), Err(Rule::NotAPercentage));
        assert_eq!(Percent::parse("-1"), Err(Rule::NotAPercentage));
    }

    #[test]
    fn decimals_are_written_as_the_contract_says() {
        assert_eq!(
            UnitPrice::parse("78.4").map(UnitPrice::decimal),
            Ok("78.40".to_owned())
        );
        assert_eq!(
            UnitPrice::parse("0.125000").map(UnitPrice::decimal),
            Ok("0.125".to_owned())
        );
        assert_eq!(
            Quantity::parse("14.50").map(Quantity::decimal),
            Ok("14.5".to_owned())
        );
        assert_eq!(
            Percent::parse("5.50").map(Percent::decimal),
            Ok("5.5".to_owned())
        );
    }
}
