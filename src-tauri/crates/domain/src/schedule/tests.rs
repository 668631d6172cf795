//! The schedule as a table, and the cheaper way of reading against every list it may meet.

use jiff::Timestamp;
use proptest::prelude::{Just, prop_assert, proptest};
use proptest::strategy::Strategy;

use super::{DAY_S, PageProgress, Reading, Watch, cheaper, due_in_s, interval_s, patience_s};
use crate::link::{Hosted, LinkState, Mode, RefusalReason};
use crate::remote::PaymentId;

const HALF_WAY: PageProgress = PageProgress {
    pages: 1,
    seen: 100,
    covered_s: 1000,
    uncovered_s: 1000,
    has_more: true,
};

#[test]
fn few_links_are_read_one_by_one() {
    assert_eq!(cheaper(0, None), Reading::Singles);
    assert_eq!(cheaper(2, None), Reading::Singles);
    assert_eq!(cheaper(3, None), Reading::Page);
    assert_eq!(cheaper(1, Some(HALF_WAY)), Reading::Singles);
    assert_eq!(cheaper(2, Some(HALF_WAY)), Reading::Page);
}

#[test]
fn an_old_link_far_behind_many_payments_is_read_by_itself() {
    let far = PageProgress {
        uncovered_s: 1_000_000,
        ..HALF_WAY
    };
    assert_eq!(cheaper(50, Some(far)), Reading::Singles);
    assert_eq!(cheaper(5_000, Some(far)), Reading::Page);
    let last_page = PageProgress {
        has_more: false,
        ..HALF_WAY
    };
    assert_eq!(cheaper(50, Some(last_page)), Reading::Singles);
    let past = PageProgress {
        uncovered_s: -1,
        ..HALF_WAY
    };
    assert_eq!(cheaper(50, Some(past)), Reading::Singles);
}

#[test]
fn a_page_that_ends_in_the_second_of_the_oldest_link_is_not_the_last() {
    let at_the_boundary = PageProgress {
        uncovered_s: 0,
        ..HALF_WAY
    };
    assert_eq!(cheaper(50, Some(at_the_boundary)), Reading::Page);
    let all_in_one_second = PageProgress {
        covered_s: 0,
        ..at_the_boundary
    };
    assert_eq!(cheaper(9_900, Some(all_in_one_second)), Reading::Page);
}

/// Requests for the watched places of a list, newest first, where payment `i` was made at `made[i]`
/// seconds, as the pull asks them: pages of `length` while they are cheaper, then single reads.
fn requests(made: &[i64], watched: &[usize], length: usize) -> usize {
    let oldest = watched.iter().map(|place| made[*place]).min().unwrap();
    let (mut unseen, mut pages, mut covered_s) = (watched.len(), 0_u32, 0);
    let mut progress = None;
    while cheaper(unseen, progress) == Reading::Page {
        let first = pages as usize * length;
        let page = &made[first..(first + length).min(made.len())];
        unseen -= watched
            .iter()
            .filter(|place| (first..first + length).contains(place))
            .count();
        pages += 1;
        // From the newest of the list on: the gap between two pages counts as well.
        covered_s = covered_s.max(made[0] - page[page.len() - 1]);
        progress = Some(PageProgress {
            pages,
            seen: u32::try_from((first + page.len()).min(made.len())).unwrap(),
            covered_s,
            uncovered_s: page[page.len() - 1] - oldest,
            has_more: first + length < made.len(),
        });
    }
    pages as usize + unseen
}

fn list_and_watched() -> impl Strategy<Value = (usize, Vec<usize>)> {
    (1_usize..400).prop_flat_map(|count| {
        let places = proptest::collection::btree_set(0..count, 1..=count);
        (
            Just(count),
            places.prop_map(|set| set.into_iter().collect()),
        )
    })
}

proptest! {
    #[test]
    fn never_more_than_the_cheaper_way_and_one(
        (count, watched) in list_and_watched(), gap_s in 1_i64..100_000, length in 2_usize..30,
    ) {
        let made: Vec<i64> = (0..count).map(|place| 1_000_000_000 - place as i64 * gap_s).collect();
        let pages = watched[watched.len() - 1] / length + 1;
        let asked = requests(&made, &watched, length);
        prop_assert!(asked <= watched.len().min(pages) + 1, "{asked}: {} links, {pages} pages", watched.len());
    }

    #[test]
    fn payments_of_one_second_cost_at_most_twice_the_cheaper_way((count, watched) in list_and_watched(), length in 1_usize..30) {
        let pages = watched[watched.len() - 1] / length + 1;
        let asked = requests(&vec![1_000_000_000; count], &watched, length);
        prop_assert!(asked <= 2 * watched.len().min(pages) + 1, "{asked}: {} links, {pages} pages", watched.len());
    }
}

#[test]
fn ten_thousand_links_of_one_second_are_a_hundred_pages() {
    let watched: Vec<usize> = (0..10_000).collect();
    assert_eq!(requests(&[1_000_000_000; 10_000], &watched, 100), 100);
}

#[test]
fn the_older_a_link_the_longer_it_waits() {
    let waits: Vec<i64> = [-5, 0, 599, 600, 7_200, 86_400, 604_800, 5_184_000, i64::MAX]
        .map(patience_s)
        .to_vec();
    assert_eq!(waits, [15, 15, 15, 60, 300, 1_800, 7_200, 21_600, 21_600]);
    assert!(waits.is_sorted());
}

#[test]
fn ages_and_last_looks_say_what_is_due() {
    use Watch::{Ended, Payable, Refundable};
    for (watch, age_s, since_read_s, expected) in [
        // Never read: at once, whatever it is.
        (Payable, 0, None, 0),
        (Ended, DAY_S, None, 0),
        (Refundable, DAY_S, None, 0),
        // Just sent: every 15 s.
        (Payable, 30, Some(0), 15),
        (Payable, 30, Some(14), 1),
        (Payable, 30, Some(15), 0),
        (Payable, 30, Some(3_600), 0),
        // An hour, a day, a week, two months old.
        (Payable, 3_600, Some(59), 1),
        (Payable, DAY_S, Some(1_000), 800),
        (Payable, 7 * DAY_S, Some(7_199), 1),
        (Payable, 60 * DAY_S, Some(0), 21_600),
        (Payable, 60 * DAY_S, Some(21_600), 0),
        // Ended: never closer than five minutes.
        (Ended, 0, Some(15), 285),
        (Ended, 0, Some(300), 0),
        (Ended, 29 * DAY_S, Some(3_600), 3_600),
        // Paid: daily, however young.
        (Refundable, 0, Some(60), DAY_S - 60),
        (Refundable, 399 * DAY_S, Some(DAY_S), 0),
        // The clock was set back.
        (Payable, 60 * DAY_S, Some(-1), 0),
    ] {
        let what = format!("{watch:?} aged {age_s} read {since_read_s:?} ago");
        assert_eq!(due_in_s(watch, age_s, since_read_s), expected, "{what}");
    }
    assert!(interval_s(Ended, 0) >= interval_s(Payable, 0));
}

#[test]
fn what_may_still_change_at_payplug_is_watched() {
    let hosted = Hosted {
        payment: PaymentId::parse("pay_1").unwrap(),
        url: "https://secure.payplug.com/pay/1".to_owned(),
        mode: Mode::Live,
        created_at: Timestamp::UNIX_EPOCH,
    };
    let reason = RefusalReason::NothingDue;
    for (state, expected) in [
        (LinkState::Requested { attempted_at: None }, None),
        (LinkState::Refused { reason }, None),
        (LinkState::Open(hosted.clone()), Some(Watch::Payable)),
        (LinkState::Aborting(hosted.clone()), Some(Watch::Payable)),
        (LinkState::Aborted(hosted.clone()), Some(Watch::Ended)),
        (LinkState::Dead(hosted.clone()), Some(Watch::Ended)),
        (LinkState::Paid(hosted.clone()), Some(Watch::Refundable)),
        (
            LinkState::PartlyRefunded(hosted.clone()),
            Some(Watch::Refundable),
        ),
        (LinkState::PaidTest(hosted.clone()), None),
        (LinkState::Refunded(hosted.clone()), None),
        (LinkState::Disputed(hosted), Some(Watch::Refundable)),
    ] {
        assert_eq!(Watch::of(&state), expected, "{}", state.code());
    }
}
