//! What patterns, numbers and counters may not be.

use super::{DocumentNumber, Series};
use crate::error::Rule;

/// A rule of numbering that an input breaks; as `&'static str` its stable code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum NumberRule {
    /// A character that no number may hold (BR-FR-02).
    #[error("{0:?} in a number")]
    #[strum(serialize = "number_character")]
    Character(char),
    /// A number that would begin with a sign.
    #[error("a number begins with a letter or a digit")]
    #[strum(serialize = "number_beginning")]
    Beginning,
    /// A number longer than BT-1 allows (BR-FR-01).
    #[error("a number longer than {most} characters")]
    #[strum(serialize = "number_too_long")]
    TooLong {
        /// Most characters accepted.
        most: usize,
    },
    /// Braces around something that no pattern knows.
    #[error("{0} is no part of a pattern")]
    #[strum(serialize = "unknown_pattern_part")]
    UnknownPart(String),
    /// A pattern without a counter, or with several.
    #[error("not exactly one counter")]
    NotOneCounter,
    /// A pattern that writes the year or the month twice.
    #[error("year or month twice")]
    RepeatedDate,
    /// A pattern that another series could meet.
    #[error("not told apart from {0:?}")]
    LikeAnotherSeries(Series),
    /// A pattern that could give a number again that a document has.
    #[error("could give {0} again")]
    #[strum(serialize = "number_given")]
    Given(DocumentNumber),
    /// Not a counter of a series.
    #[error("not a counter")]
    NotACounter {
        /// The last counter.
        most: u32,
    },
    /// Documents are numbered in the series and period: where it begins is settled.
    #[error("numbering has begun")]
    #[strum(serialize = "numbering_begun")]
    Begun,
}

impl From<NumberRule> for Rule {
    fn from(rule: NumberRule) -> Self {
        Self::Number(rule)
    }
}
