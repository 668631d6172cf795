//! Gap-free numbers: a counter per series and year.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Rule};

/// A series of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Series {
    /// Invoices, `F-`.
    Invoice,
    /// Credit notes, `A-`.
    CreditNote,
    /// Deposits, `AC-`.
    Deposit,
}

impl Series {
    /// Every series.
    pub const ALL: [Self; 3] = [Self::Invoice, Self::CreditNote, Self::Deposit];

    /// What stands before the year.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Invoice => "F",
            Self::CreditNote => "A",
            Self::Deposit => "AC",
        }
    }
}

/// The number of a document (BT-1): `F-2026-00042`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentNumber {
    /// Its series.
    pub series: Series,
    /// The year of its issue date.
    pub year: i16,
    /// Its place in series and year, from 1.
    pub counter: u32,
}

/// Five digits, and BR-FR-01's 35 characters are far away.
const COUNTER_MAX: u32 = 99_999;

impl DocumentNumber {
    /// The number after `last` (0 when the series has none in that year).
    ///
    /// # Errors
    /// [`Rule::SeriesExhausted`] after 99,999.
    pub fn following(series: Series, year: i16, last: u32) -> Result<Self, Error> {
        if last >= COUNTER_MAX {
            return Err(Error::at("number", Rule::SeriesExhausted));
        }
        Ok(Self {
            series,
            year,
            counter: last + 1,
        })
    }
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}-{:04}-{:05}",
            self.series.prefix(),
            self.year,
            self.counter
        )
    }
}

impl FromStr for DocumentNumber {
    type Err = Rule;

    fn from_str(text: &str) -> Result<Self, Rule> {
        let mut parts = text.split('-');
        let (Some(prefix), Some(year), Some(counter), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Rule::UnknownChoice);
        };
        let series = Series::ALL
            .into_iter()
            .find(|series| series.prefix() == prefix);
        let number = Self {
            series: series.ok_or(Rule::UnknownChoice)?,
            year: year.parse().map_err(|_| Rule::UnknownChoice)?,
            counter: counter.parse().map_err(|_| Rule::UnknownChoice)?,
        };
        // Only the canonical spelling names a document.
        if number.to_string() == text {
            Ok(number)
        } else {
            Err(Rule::UnknownChoice)
        }
    }
}

impl Serialize for DocumentNumber {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DocumentNumber {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The first hole or repetition in a series and year, given its counters in ascending order:
/// the counter that was expected where another stood.
#[must_use]
pub fn first_gap(ascending: impl IntoIterator<Item = u32>) -> Option<u32> {
    let wrong = |(expected, counter): &(u32, u32)| expected != counter;
    (1..)
        .zip(ascending)
        .find(wrong)
        .map(|(expected, _)| expected)
}

#[cfg(test)]
mod tests {
    use super::{DocumentNumber, Series, first_gap};
    use proptest::prelude::{prop_assert_eq, proptest};

    #[test]
    fn numbers_follow_each_other_until_the_series_is_full() {
        let first = DocumentNumber::following(Series::Invoice, 2026, 0).unwrap();
        assert_eq!(first.to_string(), "F-2026-00001");
        assert!(DocumentNumber::following(Series::CreditNote, 2026, 99_999).is_err());
        assert_eq!("F-2026-1".parse::<DocumentNumber>().ok(), None);
        assert_eq!("X-2026-00001".parse::<DocumentNumber>().ok(), None);
    }

    #[test]
    fn gaps_and_repetitions_are_found() {
        assert_eq!(first_gap([1, 2, 3]), None);
        assert_eq!(first_gap([1, 3]), Some(2));
        assert_eq!(first_gap([1, 1]), Some(2));
        assert_eq!(first_gap([2]), Some(1));
    }

    proptest! {
        #[test]
        fn a_written_number_reads_back(year in 2000_i16..2200, last in 0_u32..99_999) {
            let number = DocumentNumber::following(Series::CreditNote, year, last).unwrap();
            prop_assert_eq!(number.to_string().parse(), Ok(number));
        }
    }
}
