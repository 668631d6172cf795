//! How to ask PayPlug as little as possible: single reads or pages (`payment-links.md` § 2).

/// What one page told about the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageProgress {
    /// Pages read so far.
    pub pages: u32,
    /// Age span covered so far, newest to oldest payment seen, in seconds.
    pub covered_s: i64,
    /// From the oldest payment seen back to the oldest link to watch, in seconds.
    pub uncovered_s: i64,
    /// Whether PayPlug has more pages.
    pub has_more: bool,
}

/// How to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Read the next page.
    Page,
    /// Read each remaining link by itself.
    Singles,
}

/// Chooses the cheaper way for `unseen` links still to read. Before the first page nothing is known
/// of the list: two links or fewer are read one by one.
#[must_use]
pub fn cheaper(unseen: usize, progress: Option<PageProgress>) -> Reading {
    let Some(progress) = progress else {
        return if unseen <= 2 {
            Reading::Singles
        } else {
            Reading::Page
        };
    };
    if !progress.has_more || progress.uncovered_s <= 0 {
        return Reading::Singles;
    }
    let pages_left = if progress.covered_s <= 0 {
        1
    } else {
        (i128::from(progress.uncovered_s) * i128::from(progress.pages)
            / i128::from(progress.covered_s))
            + 1
    };
    if pages_left < i128::try_from(unseen).unwrap_or(i128::MAX) {
        Reading::Page
    } else {
        Reading::Singles
    }
}

/// How long a link of some age waits for its next look: young ones are watched closely
/// (`payment-links.md` § 2).
#[must_use]
pub fn patience_s(age_s: i64) -> i64 {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    match age_s {
        ..600 => 15,
        600..7_200 => MINUTE,
        7_200..DAY_S => 5 * MINUTE,
        DAY_S..604_800 => 30 * MINUTE,
        604_800..5_184_000 => 2 * HOUR,
        _ => DAY / 4,
    }
}

const DAY_S: i64 = 86_400;

/// How long to wait after so many failures in a row: twice as long each time, half an hour at most.
#[must_use]
pub fn back_off_s(failures: u32) -> i64 {
    const FIRST: i64 = 15;
    const MOST: i64 = 1_800;
    FIRST
        .checked_shl(failures.saturating_sub(1))
        .filter(|seconds| (FIRST..=MOST).contains(seconds))
        .unwrap_or(MOST)
}

#[cfg(test)]
mod tests {
    use super::{PageProgress, Reading, back_off_s, cheaper, patience_s};

    const HALF_WAY: PageProgress = PageProgress {
        pages: 1,
        covered_s: 1000,
        uncovered_s: 1000,
        has_more: true,
    };

    #[test]
    fn few_links_are_read_one_by_one() {
        assert_eq!(cheaper(2, None), Reading::Singles);
        assert_eq!(cheaper(3, None), Reading::Page);
        assert_eq!(cheaper(2, Some(HALF_WAY)), Reading::Singles);
        assert_eq!(cheaper(3, Some(HALF_WAY)), Reading::Page);
    }

    #[test]
    fn an_old_link_far_behind_many_payments_is_read_by_itself() {
        let far = PageProgress {
            uncovered_s: 1_000_000,
            ..HALF_WAY
        };
        assert_eq!(cheaper(50, Some(far)), Reading::Singles);
        assert_eq!(cheaper(5_000, Some(far)), Reading::Page);
        assert_eq!(
            cheaper(
                50,
                Some(PageProgress {
                    has_more: false,
                    ..HALF_WAY
                })
            ),
            Reading::Singles
        );
        assert_eq!(
            cheaper(
                50,
                Some(PageProgress {
                    uncovered_s: 0,
                    ..HALF_WAY
                })
            ),
            Reading::Singles
        );
    }

    #[test]
    fn the_older_a_link_the_longer_it_waits() {
        let waits: Vec<i64> = [0, 599, 600, 7_200, 86_400, 604_800, 5_184_000, i64::MAX]
            .map(patience_s)
            .to_vec();
        assert_eq!(waits, [15, 15, 60, 300, 1_800, 7_200, 21_600, 21_600]);
        assert!(waits.is_sorted());
    }

    #[test]
    fn failures_double_the_wait_up_to_half_an_hour() {
        let waits = [1, 2, 3, 7, 8, 40, u32::MAX].map(back_off_s);
        assert_eq!(waits, [15, 30, 60, 960, 1_800, 1_800, 1_800]);
    }
}
