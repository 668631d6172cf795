//! When a link is read again, and how to ask PayPlug as little as possible: single reads or pages
//! (`payment-links.md` § 2).

use crate::link::LinkState;

/// What one page told about the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageProgress {
    /// Pages read so far.
    pub pages: u32,
    /// Payments on them.
    pub seen: u32,
    /// Age span covered so far, newest to oldest payment seen, in seconds.
    pub covered_s: i64,
    /// From the oldest payment seen back to the oldest link to watch, in seconds; negative once the
    /// pages are past it. At 0 the next page may hold more payments of that very second.
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
/// of the list: two links or fewer are read one by one. Afterwards the pages still needed are
/// estimated from how closely payments lie so far; where they all lie in one second nothing can be
/// estimated, and pages go on until they have cost as much as single reads would.
#[must_use]
pub fn cheaper(unseen: usize, progress: Option<PageProgress>) -> Reading {
    let unseen = i128::try_from(unseen).unwrap_or(i128::MAX);
    let Some(progress) = progress else {
        return if unseen <= 2 {
            Reading::Singles
        } else {
            Reading::Page
        };
    };
    if !progress.has_more || progress.uncovered_s < 0 {
        return Reading::Singles;
    }
    let (pages, seen) = (i128::from(progress.pages), i128::from(progress.seen));
    let pages_left = if progress.covered_s > 0 {
        // `seen` payments have one gap less between them, and a page ends with a gap.
        let gaps = i128::from(progress.uncovered_s) * (seen - 1);
        let per_page = i128::from(progress.covered_s) * seen;
        ((gaps * pages + per_page - 1) / per_page).max(1)
    } else {
        pages
    };
    if pages_left < unseen {
        Reading::Page
    } else {
        Reading::Singles
    }
}

/// Why a link is still read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Watch {
    /// A customer may pay it: open, or being taken back.
    Payable,
    /// It ended without payment; a late one settles as usual (`payment-links.md` § 1).
    Ended,
    /// Paid, disputed or not: a refund made in the portal shows.
    Refundable,
}

impl Watch {
    /// Why a link in this state is read, if it is.
    #[must_use]
    pub const fn of(state: &LinkState) -> Option<Self> {
        match state {
            LinkState::Open(_) | LinkState::Aborting(_) => Some(Self::Payable),
            LinkState::Dead(_) | LinkState::Aborted(_) => Some(Self::Ended),
            LinkState::Paid(_) | LinkState::PartlyRefunded(_) | LinkState::Disputed(_) => {
                Some(Self::Refundable)
            }
            LinkState::Requested { .. }
            | LinkState::Refused { .. }
            | LinkState::PaidTest(_)
            | LinkState::Refunded(_) => None,
        }
    }
}

const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 60 * MINUTE_S;
/// Paid links, and the comparison with all that PayPlug has, take a day.
pub const DAY_S: i64 = 24 * HOUR_S;

/// How long a link of some age, in seconds, waits for its next look: young ones are watched closely,
/// 15 s just after sending, 6 h after 60 days (`payment-links.md` § 2).
#[must_use]
pub fn patience_s(age_s: i64) -> i64 {
    match age_s {
        ..600 => 15,
        600..7_200 => MINUTE_S,
        7_200..DAY_S => 5 * MINUTE_S,
        DAY_S..604_800 => 30 * MINUTE_S,
        604_800..5_184_000 => 2 * HOUR_S,
        _ => 6 * HOUR_S,
    }
}

/// How long a link waits from one look to the next. `age_s`: seconds since it was made or last left
/// for the customer, or since it ended. One that ended is asked for less often than one that waits
/// to be paid.
#[must_use]
pub fn interval_s(watch: Watch, age_s: i64) -> i64 {
    match watch {
        Watch::Payable => patience_s(age_s),
        Watch::Ended => patience_s(age_s).max(5 * MINUTE_S),
        Watch::Refundable => DAY_S,
    }
}

/// Seconds until a link is due; 0 when it is. `since_read_s`: seconds since its last look, `None`
/// when there was none. A clock that was set back makes it due.
#[must_use]
pub fn due_in_s(watch: Watch, age_s: i64, since_read_s: Option<i64>) -> i64 {
    match since_read_s {
        Some(since) if since >= 0 => (interval_s(watch, age_s) - since).max(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
