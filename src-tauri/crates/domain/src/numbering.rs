//! Gap-free numbers: a counter per series and period, spelled by a pattern that the owner may change
//! (CGI ann. II art. 242 nonies A: unique, chronological, continuous).

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Rule};

mod pattern;
mod rule;

pub use pattern::Pattern;
pub use rule::NumberRule;

/// Most characters of a number (BT-1, BR-FR-01).
pub const NUMBER_MAX: usize = 35;

/// The last counter of a period: six digits.
pub const COUNTER_MAX: u32 = 999_999;

/// A series of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Series {
    /// Invoices, `F-` unless the owner wants otherwise.
    Invoice,
    /// Credit notes, `A-`.
    CreditNote,
    /// Deposit invoices, `AC-`.
    Deposit,
}

impl Series {
    /// Every series.
    pub const ALL: [Self; 3] = [Self::Invoice, Self::CreditNote, Self::Deposit];

    /// Its word in files and for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::CreditNote => "credit_note",
            Self::Deposit => "deposit",
        }
    }

    /// The series of a word.
    ///
    /// # Errors
    /// [`Rule::UnknownChoice`].
    pub fn from_code(code: &str) -> Result<Self, Rule> {
        let known = Self::ALL.into_iter().find(|series| series.code() == code);
        known.ok_or(Rule::UnknownChoice)
    }
}

/// The number of a document (BT-1), as it is written: `F-2026-00042`. Letters without accents, digits
/// and `+ - _ /`, 35 at most (BR-FR-01, BR-FR-02).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentNumber {
    // Zeros fill it up, and no number holds one: bytes compare as the texts do.
    bytes: [u8; NUMBER_MAX],
    length: u8,
}

/// Whether a number may hold a character (BR-FR-02).
const fn is_allowed(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '+' | '-' | '_' | '/')
}

impl DocumentNumber {
    /// The number as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let written = self.bytes.get(..usize::from(self.length));
        // Only ASCII gets in.
        written
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }

    /// The number as a part of a file's name: `/` would name a folder.
    #[must_use]
    pub fn in_file_name(&self) -> String {
        self.as_str().replace('/', "-")
    }
}

impl FromStr for DocumentNumber {
    type Err = Rule;

    fn from_str(text: &str) -> Result<Self, Rule> {
        if text.is_empty() {
            return Err(Rule::Empty);
        }
        if let Some(wrong) = text.chars().find(|character| !is_allowed(*character)) {
            return Err(NumberRule::Character(wrong).into());
        }
        let too_long = Rule::from(NumberRule::TooLong { most: NUMBER_MAX });
        let mut bytes = [0; NUMBER_MAX];
        let Some(written) = bytes.get_mut(..text.len()) else {
            return Err(too_long);
        };
        written.copy_from_slice(text.as_bytes());
        let length = u8::try_from(text.len()).map_err(|_| too_long)?;
        Ok(Self { bytes, length })
    }
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl fmt::Debug for DocumentNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), formatter)
    }
}

impl Serialize for DocumentNumber {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for DocumentNumber {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What a counter counts through before it begins anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// It never begins anew.
    Endless,
    /// A calendar year of issue dates.
    Year(i16),
    /// A month of a calendar year.
    Month(i16, i8),
}

impl Period {
    /// The key that files hold: 0 for an endless counter, `YYYY` for a year, `YYYYMM` for a month.
    #[must_use]
    pub fn key(self) -> i32 {
        match self {
            Self::Endless => 0,
            Self::Year(year) => i32::from(year),
            Self::Month(year, month) => i32::from(year) * 100 + i32::from(month),
        }
    }

    /// The period of a key.
    ///
    /// # Errors
    /// [`Rule::NotADate`] where no period has it.
    pub fn from_key(key: i32) -> Result<Self, Rule> {
        let short = |number: i32| i16::try_from(number).map_err(|_| Rule::NotADate);
        match key {
            0 => Ok(Self::Endless),
            1..=9_999 => short(key).map(Self::Year),
            10_001..=999_912 if (1..=12).contains(&(key % 100)) => {
                let month = i8::try_from(key % 100).map_err(|_| Rule::NotADate)?;
                short(key / 100).map(|year| Self::Month(year, month))
            }
            _ => Err(Rule::NotADate),
        }
    }
}

impl fmt::Display for Period {
    /// `2026`, `2026-11`, and nothing for what never ends.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Endless => Ok(()),
            Self::Year(year) => write!(formatter, "{year:04}"),
            Self::Month(year, month) => write!(formatter, "{year:04}-{month:02}"),
        }
    }
}

/// Where a document stands among all others: two never stand at the same place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Its series.
    pub series: Series,
    /// What its counter counts through.
    pub period: Period,
    /// Its place in it, from 1, or from where another program stopped.
    pub counter: u32,
}

impl fmt::Display for Place {
    /// `invoice 2026 42`
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.series.code())?;
        if self.period != Period::Endless {
            write!(formatter, " {}", self.period)?;
        }
        write!(formatter, " {}", self.counter)
    }
}

/// The next number of a series, and the place that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// As it is written.
    pub number: DocumentNumber,
    /// Where it stands.
    pub place: Place,
}

/// The number of a document dated `date`, at the counter that follows `last`: the last counter given in
/// its period, or the one before the first.
///
/// # Errors
/// [`Rule::SeriesExhausted`] after [`COUNTER_MAX`].
pub fn following(
    series: Series,
    pattern: &Pattern,
    date: Date,
    last: u32,
) -> Result<Numbered, Error> {
    if last >= COUNTER_MAX {
        return Err(Error::at("number", Rule::SeriesExhausted));
    }
    let counter = last + 1;
    let number = pattern.number(date, counter);
    Ok(Numbered {
        number: number.map_err(|rule| Error::at("number", rule))?,
        place: Place {
            series,
            period: pattern.period(date),
            counter,
        },
    })
}

/// The first counter of a period as an owner types it, who made the numbers before in another program.
///
/// # Errors
/// [`NumberRule::NotACounter`] beyond 1 … [`COUNTER_MAX`].
pub fn first_counter(typed: u32) -> Result<u32, Rule> {
    if (1..=COUNTER_MAX).contains(&typed) {
        Ok(typed)
    } else {
        Err(NumberRule::NotACounter { most: COUNTER_MAX }.into())
    }
}

/// The first hole or repetition in a series and period, given its first counter and its counters in
/// ascending order: the counter that was expected where another stood.
#[must_use]
pub fn first_gap(first: u32, ascending: impl IntoIterator<Item = u32>) -> Option<u32> {
    let wrong = |(expected, counter): &(u32, u32)| expected != counter;
    (first..)
        .zip(ascending)
        .find(wrong)
        .map(|(expected, _)| expected)
}

#[cfg(test)]
mod tests;
