//! How a series spells its numbers: characters that stay, and what comes from the date and the counter.

use std::fmt::Write as _;
use std::iter;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    COUNTER_MAX, DocumentNumber, NUMBER_MAX, NumberRule, Period, Place, Series, is_allowed,
};
use crate::error::Rule;

/// Digits of [`COUNTER_MAX`], and of the widest counter that an owner may ask for.
const COUNTER_DIGITS: usize = 6;

/// A part of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// A character that stays.
    Literal(char),
    /// `{AAAA}`: the year of the issue date.
    Year,
    /// `{AA}`: its last two digits.
    ShortYear,
    /// `{MM}`: its month.
    Month,
    /// `{N}` … `{NNNNNN}`: the counter with as many digits at least.
    Counter(usize),
}

/// What is known of one place of all numbers that a pattern gives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Letter(char),
    AnyDigit,
}

/// How a series spells its numbers, `F-{AAAA}-{NNNNN}`, checked: allowed characters only, the counter
/// exactly once, year and month at most once, and never longer than BT-1 allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern {
    parts: Vec<Part>,
}

/// What a number says of itself when it is read by a pattern.
#[derive(Clone, Copy, Debug, Default)]
struct Reading {
    year: Option<i16>,
    month: Option<i8>,
    counter: u32,
}

impl Pattern {
    /// The pattern of a series whose owner asked for none (`cli.md`).
    #[must_use]
    pub fn default_of(series: Series) -> Self {
        let letters = match series {
            Series::Invoice => "F-",
            Series::CreditNote => "A-",
            Series::Deposit => "AC-",
        };
        let mut parts: Vec<Part> = letters.chars().map(Part::Literal).collect();
        parts.extend([Part::Year, Part::Literal('-'), Part::Counter(5)]);
        Self { parts }
    }

    /// Reads a pattern as people type it; blanks around it and small letters in braces are forgiven.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse(typed: &str) -> Result<Self, Rule> {
        let pattern = Self {
            parts: parts(typed.trim())?,
        };
        pattern.check().map(|()| pattern)
    }

    /// The pattern as people type it.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(character) => text.push(*character),
                Part::Year => text.push_str("{AAAA}"),
                Part::ShortYear => text.push_str("{AA}"),
                Part::Month => text.push_str("{MM}"),
                Part::Counter(width) => {
                    text.push('{');
                    text.extend(iter::repeat_n('N', *width));
                    text.push('}');
                }
            }
        }
        text
    }

    /// What the counter counts through at a date: it begins anew each year if the year is written, each
    /// month if year and month are, else never. A month alone would give a number again a year later.
    #[must_use]
    pub fn period(&self, date: Date) -> Period {
        self.period_of(date.year(), date.month())
    }

    fn period_of(&self, year: i16, month: i8) -> Period {
        let has_year = self.has(|part| matches!(part, Part::Year | Part::ShortYear));
        let has_month = self.has(|part| matches!(part, Part::Month));
        match (has_year, has_month) {
            (true, true) => Period::Month(year, month),
            (true, false) => Period::Year(year),
            (false, _) => Period::Endless,
        }
    }

    /// The number of a date and a counter.
    ///
    /// # Errors
    /// [`Rule::SeriesExhausted`] beyond [`COUNTER_MAX`].
    pub fn number(&self, date: Date, counter: u32) -> Result<DocumentNumber, Rule> {
        if counter > COUNTER_MAX {
            return Err(Rule::SeriesExhausted);
        }
        self.spelled(date.year(), date.month(), counter).parse()
    }

    fn spelled(&self, year: i16, month: i8, counter: u32) -> String {
        let mut text = String::new();
        for part in &self.parts {
            let written = match *part {
                Part::Literal(character) => text.write_char(character),
                Part::Year => write!(text, "{year:04}"),
                Part::ShortYear => write!(text, "{:02}", year.rem_euclid(100)),
                Part::Month => write!(text, "{month:02}"),
                Part::Counter(width) => write!(text, "{counter:0width$}"),
            };
            // Writing to a string does not fail.
            debug_assert!(written.is_ok());
        }
        text
    }

    /// Whether no number of this pattern is one of `other`, whatever the dates and counters: at some
    /// place, counted from the beginning or from the end, one always has a character that the other
    /// never has there. This is simple to see for people as well, and it refuses rather too much:
    /// `2026-{NNN}` is not told apart from `{AAAA}-{NNN}`. Letters that differ only in their size are
    /// the same, as they are in the names of files.
    #[must_use]
    pub fn is_told_apart_from(&self, other: &Self) -> bool {
        let differs = |(ours, theirs): (Known, Known)| match (ours, theirs) {
            (Known::Letter(one), Known::Letter(two)) => !one.eq_ignore_ascii_case(&two),
            (Known::Letter(one), Known::AnyDigit) | (Known::AnyDigit, Known::Letter(one)) => {
                !one.is_ascii_digit()
            }
            (Known::AnyDigit, Known::AnyDigit) => false,
        };
        let forward = known(self.parts.iter()).zip(known(other.parts.iter()));
        let backward = known(self.parts.iter().rev()).zip(known(other.parts.iter().rev()));
        forward.chain(backward).any(differs)
    }

    /// Whether this pattern of `series` could give a number that was given already to another document,
    /// however it was spelled then: the place of the number is not the one that the pattern would give
    /// it for.
    #[must_use]
    pub fn could_repeat(&self, series: Series, number: &DocumentNumber, place: Place) -> bool {
        let Some(reading) = self.read(number.as_str()) else {
            return false;
        };
        let year = reading.year.unwrap_or_default();
        let period = self.period_of(year, reading.month.unwrap_or_default());
        let same = Place {
            series,
            period,
            counter: reading.counter,
        };
        same != place
    }

    /// Reads a number that this pattern gives; nothing of any other text. Two digits of a year are of
    /// this century.
    fn read(&self, text: &str) -> Option<Reading> {
        let others: usize = self.parts.iter().map(|part| part.fixed_width()).sum();
        let mut rest = text;
        let mut reading = Reading::default();
        for part in &self.parts {
            let width = match part {
                // All other parts are of one width: what they leave is the counter's.
                Part::Counter(_) => text.len().checked_sub(others)?,
                _ => part.fixed_width(),
            };
            let (mine, after) = rest.split_at_checked(width)?;
            rest = after;
            match part {
                Part::Literal(_) => {}
                Part::Year => reading.year = Some(digits(mine)?),
                Part::ShortYear => reading.year = Some(2000 + digits::<i16>(mine)?),
                Part::Month => reading.month = Some(digits(mine)?),
                Part::Counter(_) => reading.counter = digits(mine)?,
            }
        }
        let month = reading.month.unwrap_or(1);
        let is_possible = (1..=COUNTER_MAX).contains(&reading.counter) && (1..=12).contains(&month);
        let spelled = self.spelled(reading.year.unwrap_or_default(), month, reading.counter);
        (is_possible && spelled.eq_ignore_ascii_case(text)).then_some(reading)
    }

    fn has(&self, is_it: fn(&Part) -> bool) -> bool {
        self.parts.iter().any(is_it)
    }

    fn count(&self, is_it: fn(&Part) -> bool) -> usize {
        self.parts.iter().filter(|part| is_it(part)).count()
    }

    fn check(&self) -> Result<(), Rule> {
        let Some(first) = self.parts.first() else {
            return Err(Rule::Empty);
        };
        if let Part::Literal(character) = first
            && !character.is_ascii_alphanumeric()
        {
            return Err(NumberRule::Beginning.into());
        }
        if self.count(|part| matches!(part, Part::Counter(_))) != 1 {
            return Err(NumberRule::NotOneCounter.into());
        }
        if self.count(|part| matches!(part, Part::Year | Part::ShortYear)) > 1
            || self.count(|part| matches!(part, Part::Month)) > 1
        {
            return Err(NumberRule::RepeatedDate.into());
        }
        let others: usize = self.parts.iter().map(|part| part.fixed_width()).sum();
        if others + COUNTER_DIGITS > NUMBER_MAX {
            return Err(NumberRule::TooLong { most: NUMBER_MAX }.into());
        }
        Ok(())
    }
}

impl Part {
    /// Reads what stands between braces.
    fn token(word: &str) -> Result<Self, Rule> {
        match word.to_ascii_uppercase().as_str() {
            "AAAA" => Ok(Self::Year),
            "AA" => Ok(Self::ShortYear),
            "MM" => Ok(Self::Month),
            upper if upper.bytes().all(|byte| byte == b'N') && is_counter(upper) => {
                Ok(Self::Counter(upper.len()))
            }
            _ => Err(NumberRule::UnknownPart(word.to_owned()).into()),
        }
    }

    /// Characters that it always takes; none for the counter, whose width grows.
    const fn fixed_width(self) -> usize {
        match self {
            Self::Literal(_) => 1,
            Self::Year => 4,
            Self::ShortYear | Self::Month => 2,
            Self::Counter(_) => 0,
        }
    }
}

const fn is_counter(word: &str) -> bool {
    matches!(word.len(), 1..=COUNTER_DIGITS)
}

/// Cuts a typed pattern into its parts.
fn parts(typed: &str) -> Result<Vec<Part>, Rule> {
    let mut parts = Vec::new();
    let mut rest = typed;
    while let Some(character) = rest.chars().next() {
        if let Some(opened) = rest.strip_prefix('{') {
            let (word, after) = opened
                .split_once('}')
                .ok_or_else(|| NumberRule::UnknownPart(opened.to_owned()))?;
            parts.push(Part::token(word)?);
            rest = after;
        } else if is_allowed(character) {
            parts.push(Part::Literal(character));
            rest = rest.get(character.len_utf8()..).unwrap_or_default();
        } else {
            return Err(NumberRule::Character(character).into());
        }
    }
    Ok(parts)
}

/// What is known of each place from one end on, up to where the counter may grow.
fn known<'a>(parts: impl Iterator<Item = &'a Part>) -> impl Iterator<Item = Known> {
    let mut is_open = true;
    parts
        .map_while(move |part| {
            let was_open = is_open;
            is_open &= !matches!(part, Part::Counter(_));
            was_open.then_some(*part)
        })
        .flat_map(|part| match part {
            Part::Literal(character) => iter::repeat_n(Known::Letter(character), 1),
            Part::Counter(width) => iter::repeat_n(Known::AnyDigit, width),
            dated => iter::repeat_n(Known::AnyDigit, dated.fixed_width()),
        })
}

/// Digits and nothing else.
fn digits<T: std::str::FromStr>(text: &str) -> Option<T> {
    let all = text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().ok()).flatten()
}

impl TryFrom<String> for Pattern {
    type Error = Rule;

    fn try_from(text: String) -> Result<Self, Rule> {
        Self::parse(&text)
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.text()
    }
}
