//! Civil dates and the day of an instant in France.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ZonedDateTime};

use crate::error::Rule;

/// The time zone of the books: `Europe/Paris`, compiled in so that no machine's settings matter.
static PARIS: TimeZone = jiff::tz::get!("Europe/Paris");

/// An instant as a clock in France shows it.
#[must_use]
pub fn in_paris(instant: Timestamp) -> ZonedDateTime {
    instant.to_zoned_datetime(PARIS.clone())
}

/// The day in France of an instant (dates of receipts: `payment-links.md` § 3).
#[must_use]
pub fn paris_day(instant: Timestamp) -> Date {
    in_paris(instant).date()
}

/// Noon of a day in France; none beyond the calendar.
#[must_use]
pub fn at_noon(day: Date) -> Option<Timestamp> {
    PARIS.to_timestamp(day.at(12, 0, 0, 0)).ok()
}

/// ISO 8601 with seconds and the offset of France: `2026-11-03T09:12:44+01:00`.
#[must_use]
pub fn paris_iso(instant: Timestamp) -> String {
    in_paris(instant)
        .strftime("%Y-%m-%dT%H:%M:%S%:z")
        .to_string()
}

/// The due date `payment_days` after the issue date (C. com. art. L441-10).
///
/// # Errors
/// [`Rule::NotADate`] beyond the calendar.
pub fn due_date(issue: Date, payment_days: u16) -> Result<Date, Rule> {
    issue
        .checked_add(Span::new().days(i64::from(payment_days)))
        .map_err(|_| Rule::NotADate)
}

/// Days that have passed since a due date; 0 when it is not late.
#[must_use]
pub fn days_late(due: Date, today: Date) -> i32 {
    today.since(due).map_or(0, |span| span.get_days().max(0))
}

/// Reads `YYYY-MM-DD`, nothing else, between the years 2000 and 2199.
///
/// # Errors
/// [`Rule::NotADate`].
pub fn parse(text: &str) -> Result<Date, Rule> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    match text.parse::<Date>() {
        Ok(date) if shape && (2000..2200).contains(&date.year()) => Ok(date),
        _ => Err(Rule::NotADate),
    }
}

/// `18/11/2026`, as on forms.
#[must_use]
pub fn french_short(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}

/// `18 novembre 2026`, as on paper (`1er` for the first).
#[must_use]
pub fn french_long(date: Date) -> String {
    const MONTHS: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    let month = usize::try_from(date.month() - 1)
        .ok()
        .and_then(|index| MONTHS.get(index));
    let day = if date.day() == 1 {
        "1er".to_owned()
    } else {
        date.day().to_string()
    };
    format!("{day}\u{a0}{} {}", month.unwrap_or(&""), date.year())
}

#[cfg(test)]
mod tests {
    use super::{days_late, due_date, french_long, paris_day, paris_iso, parse};
    use crate::error::Rule;
    use jiff::Timestamp;
    use jiff::civil::date;

    #[test]
    fn the_day_is_that_of_france_in_winter_and_summer() {
        let winter: Timestamp = "2026-12-31T23:30:00Z".parse().unwrap();
        assert_eq!(paris_day(winter), date(2027, 1, 1));
        assert_eq!(paris_iso(winter), "2027-01-01T00:30:00+01:00");
        let summer: Timestamp = "2026-06-30T22:00:00Z".parse().unwrap();
        assert_eq!(paris_day(summer), date(2026, 7, 1));
    }

    #[test]
    fn only_iso_dates_are_read() {
        assert_eq!(parse("2026-02-28"), Ok(date(2026, 2, 28)));
        for bad in [
            "2026-02-29",
            "26-02-28",
            "2026-2-28",
            "2026-02-28T00:00:00",
            "+002026-02-28",
            "",
            "1999-12-31",
            "28/02/2026",
        ] {
            assert_eq!(parse(bad), Err(Rule::NotADate), "{bad}");
        }
    }

    #[test]
    fn due_dates_cross_months() {
        assert_eq!(due_date(date(2026, 11, 2), 30), Ok(date(2026, 12, 2)));
        assert_eq!(days_late(date(2026, 11, 28), date(2026, 12, 2)), 4);
        assert_eq!(days_late(date(2025, 12, 2), date(2026, 12, 2)), 365);
        assert_eq!(days_late(date(2026, 12, 2), date(2026, 12, 2)), 0);
        assert_eq!(days_late(date(2026, 12, 3), date(2026, 12, 2)), 0);
        assert_eq!(french_long(date(2026, 12, 1)), "1er\u{a0}décembre 2026");
    }
}
