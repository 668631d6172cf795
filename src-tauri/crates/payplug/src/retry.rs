//! The arithmetic of waiting: how long after how many failures, and what `Retry-After` says.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

/// First wait after a failure.
const FIRST: Duration = Duration::from_secs(10);
/// Longest wait: *Actualiser* asks at once anyway.
const LONGEST: Duration = Duration::from_secs(6 * 3_600);

/// How long to wait after this many failures in a row: 10 s, doubling, with up to half of it again
/// as jitter, never less than PayPlug asks for, never more than 6 h. After a success, no time.
#[must_use]
pub fn next_delay(failures: u32, retry_after: Option<Duration>, jitter_0_to_999: u16) -> Duration {
    let doubled = failures
        .checked_sub(1)
        .map(|doublings| FIRST.saturating_mul(2_u32.saturating_pow(doublings)));
    let least = doubled
        .unwrap_or_default()
        .max(retry_after.unwrap_or_default())
        .min(LONGEST);
    let jitter = least / 2_000 * u32::from(jitter_0_to_999.min(999));
    (least + jitter).min(LONGEST)
}

/// Reads a `Retry-After` header: seconds, or an HTTP date, which is compared with the answer's own
/// `Date` because our clock may be wrong.
pub(crate) fn retry_after(value: Option<&str>, date: Option<&str>) -> Option<Duration> {
    let value = value?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit mean a very long time.
        let seconds = value.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(LONGEST));
    }
    let wait = http_date(value)?.duration_since(http_date(date?)?);
    Some(Duration::try_from(wait).unwrap_or_default().min(LONGEST))
}

fn http_date(text: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{next_delay, retry_after};

    const fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    #[test]
    fn waits_double_up_to_six_hours() {
        let waits: Vec<u64> = (0..6).map(|n| next_delay(n, None, 0).as_secs()).collect();
        assert_eq!(waits, [0, 10, 20, 40, 80, 160]);
        for failures in [12, 13, 33, 34, 1_000, u32::MAX] {
            assert_eq!(
                next_delay(failures, None, 999),
                seconds(21_600),
                "{failures}"
            );
        }
    }

    #[test]
    fn jitter_adds_up_to_a_half() {
        assert!(next_delay(1, None, 500) > seconds(12) && next_delay(1, None, 500) < seconds(13));
        assert!(next_delay(1, None, 999) < seconds(15));
        assert_eq!(next_delay(1, None, u16::MAX), next_delay(1, None, 999));
    }

    #[test]
    fn payplugs_wish_is_a_minimum() {
        assert_eq!(next_delay(1, Some(seconds(60)), 0), seconds(60));
        assert_eq!(next_delay(5, Some(seconds(60)), 0), seconds(160));
        assert_eq!(next_delay(0, Some(seconds(60)), 0), seconds(60));
        assert_eq!(next_delay(1, Some(Duration::MAX), 999), seconds(21_600));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = Some("Wed, 21 Oct 2026 07:28:00 GMT");
        for (value, date, expected) in [
            (Some("120"), None, Some(seconds(120))),
            (Some(" 0 "), None, Some(seconds(0))),
            (Some("99999999999999999999999"), None, Some(seconds(21_600))),
            (
                Some("Wed, 21 Oct 2026 07:30:00 GMT"),
                now,
                Some(seconds(120)),
            ),
            (Some("Wed, 21 Oct 2026 07:00:00 GMT"), now, Some(seconds(0))),
            (Some("Wed, 21 Oct 2026 07:30:00 GMT"), None, None),
            (Some("-5"), now, None),
            (Some("1.5"), now, None),
            (Some("soon"), now, None),
            (Some(""), now, None),
            (None, now, None),
        ] {
            assert_eq!(retry_after(value, date), expected, "{value:?}");
        }
    }
}
