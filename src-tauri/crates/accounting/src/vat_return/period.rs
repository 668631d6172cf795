//! Periods of a VAT return: a month, a quarter, a year, or any days.

use acquit_domain::Rule;
use acquit_domain::date::{french_long, parse};
use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// Years that a period may lie in, as those of dates.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2199;

/// A period of a VAT return, by the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Period {
    /// A month (CA3).
    Month {
        /// Its first day.
        first: Date,
    },
    /// A quarter (CA3, CGI art. 287).
    Quarter {
        /// Its first day.
        first: Date,
    },
    /// A calendar year.
    Year {
        /// Its first day.
        first: Date,
    },
    /// Any days, both included.
    Days {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
}

impl Period {
    /// Reads `2026-11`, `2026-T4`, `2026` or `2026-01-01..2026-03-31`, nothing else, between the years
    /// 2000 and 2199.
    ///
    /// # Errors
    /// [`Rule::NotADate`], also where the last day lies before the first.
    pub fn parse(text: &str) -> Result<Self, Rule> {
        if let Some((from, to)) = text.split_once("..") {
            let (from, to) = (parse(from)?, parse(to)?);
            return if from <= to {
                Ok(Self::Days { from, to })
            } else {
                Err(Rule::NotADate)
            };
        }
        let (year, rest) = text.split_once('-').unwrap_or((text, ""));
        let year = number(year, 4)?;
        if !YEARS.contains(&year) {
            return Err(Rule::NotADate);
        }
        let first = |month: i16| -> Result<Date, Rule> {
            let month = i8::try_from(month).map_err(|_| Rule::NotADate)?;
            Date::new(year, month, 1).map_err(|_| Rule::NotADate)
        };
        match rest.strip_prefix('T') {
            Some(quarter) => match number(quarter, 1)? {
                quarter @ 1..=4 => Ok(Self::Quarter {
                    first: first(3 * quarter - 2)?,
                }),
                _ => Err(Rule::NotADate),
            },
            None if text.contains('-') => Ok(Self::Month {
                first: first(number(rest, 2)?)?,
            }),
            None => Ok(Self::Year { first: first(1)? }),
        }
    }

    /// The month of a day.
    #[must_use]
    pub fn month_of(day: Date) -> Self {
        Self::Month {
            first: day.first_of_month(),
        }
    }

    /// The period of the same length before this one; of days, as many days.
    #[must_use]
    pub fn previous(self) -> Self {
        self.shifted(-1)
    }

    /// The period of the same length after this one.
    #[must_use]
    pub fn next(self) -> Self {
        self.shifted(1)
    }

    fn shifted(self, by: i32) -> Self {
        let months = |first: Date, count: i32| {
            let span = Span::new().months(by * count);
            first.saturating_add(span)
        };
        match self {
            Self::Month { first } => Self::Month {
                first: months(first, 1),
            },
            Self::Quarter { first } => Self::Quarter {
                first: months(first, 3),
            },
            Self::Year { first } => Self::Year {
                first: months(first, 12),
            },
            Self::Days { from, to } => {
                let count = to.since(from).map_or(0, |span| span.get_days()) + 1;
                let span = Span::new().days(by * count);
                Self::Days {
                    from: from.saturating_add(span),
                    to: to.saturating_add(span),
                }
            }
        }
    }

    /// First and last day.
    #[must_use]
    pub fn days(self) -> (Date, Date) {
        let until = |first: Date, span: Span| {
            let last = first.saturating_add(span).saturating_sub(1.day());
            (first, last)
        };
        match self {
            Self::Month { first } => until(first, 1.month()),
            Self::Quarter { first } => until(first, 3.months()),
            Self::Year { first } => until(first, 1.year()),
            Self::Days { from, to } => (from, to),
        }
    }

    /// Whether a day lies in it.
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        let (from, to) = self.days();
        (from..=to).contains(&day)
    }

    /// As [`Period::parse`] reads it, and as files are named.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Month { first } => format!("{:04}-{:02}", first.year(), first.month()),
            Self::Quarter { first } => format!("{:04}-T{}", first.year(), quarter_of(first)),
            Self::Year { first } => format!("{:04}", first.year()),
            Self::Days { from, to } => format!("{from}..{to}"),
        }
    }

    /// In French: `novembre 2026`, `4e trimestre 2026`, `année 2026`, `du 1er janvier 2026 au 31 mars 2026`.
    #[must_use]
    pub fn french(self) -> String {
        match self {
            Self::Month { first } => {
                let day = french_long(first);
                let month = day.split_once('\u{a0}').map(|(_, month)| month);
                month.unwrap_or_default().to_owned()
            }
            Self::Quarter { first } => {
                let ordinal = match quarter_of(first) {
                    1 => "1er".to_owned(),
                    quarter => format!("{quarter}e"),
                };
                format!("{ordinal}\u{a0}trimestre {}", first.year())
            }
            Self::Year { first } => format!("année {}", first.year()),
            Self::Days { from, to } => {
                format!("du {} au {}", french_long(from), french_long(to))
            }
        }
    }
}

fn quarter_of(first: Date) -> i8 {
    (first.month() + 2) / 3
}

/// A number of exactly so many digits.
fn number(text: &str, digits: usize) -> Result<i16, Rule> {
    let only_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if text.len() != digits || !only_digits {
        return Err(Rule::NotADate);
    }
    text.parse().map_err(|_| Rule::NotADate)
}

#[cfg(test)]
mod tests {
    use super::Period;
    use jiff::civil::date;

    #[test]
    fn periods_are_those_of_the_calendar() {
        for (text, from, to, words) in [
            (
                "2026-11",
                date(2026, 11, 1),
                date(2026, 11, 30),
                "novembre 2026",
            ),
            (
                "2028-02",
                date(2028, 2, 1),
                date(2028, 2, 29),
                "février 2028",
            ),
            (
                "2026-T1",
                date(2026, 1, 1),
                date(2026, 3, 31),
                "1er\u{a0}trimestre 2026",
            ),
            (
                "2026-T4",
                date(2026, 10, 1),
                date(2026, 12, 31),
                "4e\u{a0}trimestre 2026",
            ),
            ("2026", date(2026, 1, 1), date(2026, 12, 31), "année 2026"),
            (
                "2026-01-15..2026-03-31",
                date(2026, 1, 15),
                date(2026, 3, 31),
                "du 15\u{a0}janvier 2026 au 31\u{a0}mars 2026",
            ),
        ] {
            let period = Period::parse(text).unwrap();
            assert_eq!(period.days(), (from, to), "{text}");
            assert_eq!(period.code(), text);
            assert_eq!(period.french(), words);
            assert!(period.contains(from) && period.contains(to));
            assert!(!period.contains(from.yesterday().unwrap()));
            assert!(!period.contains(to.tomorrow().unwrap()));
        }
        for (text, before, after) in [
            ("2026-01", "2025-12", "2026-02"),
            ("2026-T4", "2026-T3", "2027-T1"),
            ("2026", "2025", "2027"),
            (
                "2026-03-01..2026-03-10",
                "2026-02-19..2026-02-28",
                "2026-03-11..2026-03-20",
            ),
        ] {
            let period = Period::parse(text).unwrap();
            assert_eq!(period.previous().code(), before);
            assert_eq!(period.next().code(), after);
        }
        let month = Period::month_of(date(2026, 11, 26));
        assert_eq!(month, Period::parse("2026-11").unwrap());
    }

    #[test]
    fn nothing_else_is_a_period() {
        for bad in [
            "",
            "26-11",
            "2026-",
            "2026-1",
            "2026-13",
            "2026-00",
            "2026-T0",
            "2026-T5",
            "2026-T",
            "2026-t4",
            "2026-11-02",
            "1999",
            "2200-01",
            "+026-01",
            "2026-01-02..2026-01-01",
            "2026-01-01..",
            "2026-01-01..2026-02-30",
        ] {
            assert!(Period::parse(bad).is_err(), "{bad}");
        }
    }
}
