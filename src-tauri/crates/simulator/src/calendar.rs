//! Instants as calendar days. PayPlug's reports count UTC days (reference § 7.2), so the whole
//! pretended account does.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// The UTC day and time of an instant (unix seconds).
pub(crate) fn utc(seconds: i64) -> DateTime {
    let instant = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    TimeZone::UTC.to_datetime(instant)
}

/// The first instant of the month after this one's.
pub(crate) fn next_month(seconds: i64) -> i64 {
    let next = utc(seconds).date().first_of_month().checked_add(1.month());
    next.ok()
        .and_then(|day| {
            TimeZone::UTC
                .to_timestamp(day.to_datetime(jiff::civil::Time::midnight()))
                .ok()
        })
        .map_or(i64::MAX, Timestamp::as_second)
}

/// Reads `YYYY-MM-DD` and nothing else.
pub(crate) fn day(text: &str) -> Option<Date> {
    let dashes = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
    dashes.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_month_starts_at_midnight_on_its_first_day() {
        let november = 1_795_392_852; // 2026-11-22
        assert_eq!(utc(next_month(november)).to_string(), "2026-12-01T00:00:00");
        assert_eq!(
            utc(next_month(next_month(november))).to_string(),
            "2027-01-01T00:00:00"
        );
    }

    #[test]
    fn days_are_read_in_one_form_only() {
        assert!(day("2026-11-30").is_some());
        for text in [
            "2026-11-31",
            "20261130",
            "2026-1-30",
            "30/11/2026",
            "2026-11-3é",
            "",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
