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

#[cfg(test)]
mod tests {
    use super::{PageProgress, Reading, cheaper};

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
}
