//! When a dead link is replaced, and when the customer must get the new one (`payment-links.md` § 1).

use jiff::{SignedDuration, Timestamp};

use super::Mode;

/// By itself a dead link is replaced at most once in so long.
const PAUSE: SignedDuration = SignedDuration::from_hours(24);

/// What the rules ask of one link of an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastLink {
    /// When it was wished for.
    pub wished_at: Timestamp,
    /// Whether it took the place of a dead one although nothing was about to carry it.
    pub by_itself: bool,
    /// When it last left for the customer.
    pub carried_at: Option<Timestamp>,
    /// With which key it was made, once it was.
    pub mode: Option<Mode>,
}

/// Whether the dead link that ends `links` (all of one invoice, oldest first) may be replaced now
/// although nothing is about to carry the new one: at most once in 24 h, and never again before one
/// made since was carried.
#[must_use]
pub fn may_replace_by_itself(links: &[PastLink], now: Timestamp) -> bool {
    let Some(last) = links.iter().rposition(|link| link.by_itself) else {
        return true;
    };
    let since = &links[last..];
    let was_carried = since.iter().any(|link| link.carried_at.is_some());
    was_carried && now.duration_since(since[0].wished_at) >= PAUSE
}

/// Whether the open link that ends `links` takes the place of one that left for the customer, and
/// has not left itself: theirs does not work any more. What a Test key made never left for one.
#[must_use]
pub fn is_to_send_again(links: &[PastLink]) -> bool {
    let Some((open, before)) = links.split_last() else {
        return false;
    };
    let had_left = |link: &PastLink| link.carried_at.is_some() && link.mode == open.mode;
    open.carried_at.is_none() && before.iter().any(had_left)
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{Mode, PastLink, is_to_send_again, may_replace_by_itself};

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(1_795_424_400).unwrap() + SignedDuration::from_hours(hours)
    }

    /// `s`: made by itself, `.`: made otherwise; then `c` where it was carried; one link each hour.
    fn links(story: &str) -> Vec<PastLink> {
        let made = story.split_whitespace().zip(0..);
        made.map(|(word, hour)| PastLink {
            wished_at: at(hour),
            by_itself: word.starts_with('s'),
            carried_at: word.ends_with('c').then(|| at(hour)),
            mode: Some(Mode::Live),
        })
        .collect()
    }

    #[test]
    fn a_dead_link_is_replaced_once_and_again_only_after_a_day_and_a_carrier() {
        for (story, now, expected) in [
            // Nothing was made by itself yet: once is free, carried or not.
            (".", 0, true),
            (".c", 0, true),
            (". .c .", 2, true),
            // Made by itself: neither a day nor a carrier alone is enough.
            (". s", 100, false),
            (". sc", 24, false),
            (". sc", 25, true),
            (".c s", 100, false),
            // What was made for a carrier since counts as carried; the day is the last of its own.
            (". s .c", 24, false),
            (". s .c", 25, true),
            (". sc s", 100, false),
            (". sc sc", 26, true),
            (". sc sc", 25, false),
            // The clock was set back: wait.
            (". sc", -50, false),
        ] {
            let found = may_replace_by_itself(&links(story), at(now));
            assert_eq!(found, expected, "{story:?} at {now} h");
        }
        assert!(may_replace_by_itself(&[], at(0)));
    }

    #[test]
    fn a_customer_gets_the_new_link_when_the_old_one_had_left() {
        for (story, expected) in [
            ("", false),
            (".", false),
            (".c", false),
            (". .", false),
            (".c .", true),
            (".c s", true),
            (".c .c", false),
            (".c . s", true),
            (".c .c s", true),
        ] {
            assert_eq!(is_to_send_again(&links(story)), expected, "{story:?}");
        }
        let mut after_test = links(".c .");
        after_test[0].mode = Some(Mode::Test);
        assert!(
            !is_to_send_again(&after_test),
            "no customer had a test link"
        );
    }
}
