//! The loop that pulls while a program is open: the same for the window and for `sync --watch`
//! (`payment-links.md` § 2). Every wake-up, whatever its cause, takes one path.

use std::time::Duration;

use acquit_payplug::next_delay;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::view::SyncReport;
use crate::{Acquit, Error};

/// While it waits, the loop looks so often whether the computer slept or another program gave it
/// something to do.
const LOOK: Duration = Duration::from_secs(15);
/// The wall clock may run ahead of the monotonic one by so much without a sleep (it is set now and
/// then).
const SLEEP_LEAST: Duration = Duration::from_secs(60);
/// What failed on single links is tried again no sooner; the others go on by the schedule.
const SINGLE_FAILURE: Duration = Duration::from_secs(60);
/// Failures that are not PayPlug's doing (no network, a locked keychain) count up to here: asking
/// again costs PayPlug nothing, and the network may be back any time.
const OWN_FAILURES_MAX: u32 = 5;

/// Why a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// It is time.
    Due,
    /// Somebody asks: by hand, by coming back to the window, or because the network is back.
    Asked,
    /// The computer slept.
    Slept,
    /// The loop is to end.
    Ended,
}

/// What lets time pass between two pulls.
pub trait Pace {
    /// Waits as long as that, or until something else wakes the loop.
    fn rest(&mut self, wait: Duration) -> impl Future<Output = Woken> + Send;
}

/// A run of the loop that ended.
#[derive(Debug)]
pub struct Pulled {
    /// What it did, or why it could not run at all.
    pub outcome: Result<SyncReport, Error>,
    /// How long until the next one, if nothing wakes the loop before.
    pub next_in: Duration,
}

/// What the loop tells.
#[derive(Debug)]
pub enum Told {
    /// A run begins.
    Begins,
    /// It ended.
    Ended(Pulled),
}

impl Acquit {
    /// Pulls what is due, tells, waits, and so on until `pace` says that it is to end. When somebody
    /// asks, or after the computer slept, everything counts as due, whatever the schedule and the
    /// back-off.
    pub async fn watch(&self, pace: &mut impl Pace, mut tell: impl FnMut(Told)) {
        let (mut woken, mut failures) = (Woken::Due, 0);
        loop {
            tell(Told::Begins);
            let outcome = match woken {
                Woken::Due => self.pull_due().await,
                Woken::Asked | Woken::Slept => self.pull_all().await,
                Woken::Ended => return,
            };
            let next_in = self.wait_after(&outcome, &mut failures);
            let is_backing_off = failures > 0;
            tell(Told::Ended(Pulled { outcome, next_in }));
            woken = self.rest(pace, next_in, is_backing_off).await;
            if woken == Woken::Ended {
                return;
            }
        }
    }

    /// Waits in short steps: another program may have made a link meanwhile. A back-off is not cut
    /// short by that.
    async fn rest(&self, pace: &mut impl Pace, wait: Duration, is_backing_off: bool) -> Woken {
        let mut left = wait;
        while !left.is_zero() {
            let step = left.min(LOOK);
            let woken = pace.rest(step).await;
            if woken != Woken::Due {
                return woken;
            }
            left -= step;
            if !is_backing_off && let Ok(next) = self.next_pull_in() {
                // What is due at once has just been waited for.
                left = left.min(next.saturating_sub(super::SHORTEST_WAIT));
            }
        }
        Woken::Due
    }

    /// How long to wait after a run: by the schedule, somewhat longer when single links failed, longer
    /// and longer while PayPlug is out of reach; at least as long as it asks.
    fn wait_after(&self, outcome: &Result<SyncReport, Error>, failures: &mut u32) -> Duration {
        let is_foreign = match outcome {
            Ok(report) if report.is_cut_short => {
                Some(report.errors.iter().any(|error| is_payplugs(&error.code)))
            }
            Ok(_) | Err(Error::NotConnected) => None,
            Err(error) => Some(is_payplugs(error.code())),
        };
        let report = outcome.as_ref().ok();
        let retry_after = report.and_then(|report| report.retry_after);
        let Some(is_payplugs) = is_foreign else {
            *failures = 0;
            let has_errors = report.is_some_and(|report| !report.errors.is_empty());
            let least = if has_errors {
                SINGLE_FAILURE
            } else {
                Duration::ZERO
            };
            let next = self.next_pull_in().unwrap_or(LOOK).max(least);
            return retry_after.map_or(next, |asked| next.max(asked));
        };
        *failures = failures.saturating_add(1);
        let counted = if is_payplugs {
            *failures
        } else {
            (*failures).min(OWN_FAILURES_MAX)
        };
        next_delay(counted, retry_after, self.parts.jitter())
    }
}

/// Whether PayPlug itself answered that it cannot now.
fn is_payplugs(code: &str) -> bool {
    matches!(
        code,
        "payplug_busy" | "payplug_unavailable" | "payplug_unclear"
    )
}

/// The pace of a real program: the computer's clocks, a future that asks, and one that ends it all.
pub struct UntilAsked<'a, A, E> {
    acquit: &'a Acquit,
    asked: A,
    ended: E,
}

impl<'a, A, E> UntilAsked<'a, A, E> {
    /// `asked` is called for a future that ends when somebody asks; `ended` for one that ends when
    /// the loop is to end. Both are dropped and asked for again with every step.
    pub const fn new(acquit: &'a Acquit, asked: A, ended: E) -> Self {
        Self {
            acquit,
            asked,
            ended,
        }
    }
}

impl<A, AF, E, EF> Pace for UntilAsked<'_, A, E>
where
    A: Fn() -> AF + Send + Sync,
    AF: Future<Output = ()> + Send,
    E: Fn() -> EF + Send + Sync,
    EF: Future<Output = ()> + Send,
{
    async fn rest(&mut self, wait: Duration) -> Woken {
        let (wall, steady) = (self.acquit.now(), Instant::now());
        tokio::select! {
            () = (self.ended)() => Woken::Ended,
            () = (self.asked)() => Woken::Asked,
            () = tokio::time::sleep(wait) => {
                if slept(wall, self.acquit.now(), steady.elapsed()) {
                    Woken::Slept
                } else {
                    Woken::Due
                }
            }
        }
    }
}

/// Whether the wall clock went on while the monotonic one stood still: the computer slept.
fn slept(before: Timestamp, now: Timestamp, steady: Duration) -> bool {
    let wall = Duration::try_from(now.duration_since(before)).unwrap_or_default();
    wall.saturating_sub(steady) >= SLEEP_LEAST
}

#[cfg(test)]
mod tests {
    use super::{SLEEP_LEAST, slept};
    use jiff::{SignedDuration, Timestamp};
    use std::time::Duration;

    #[test]
    fn a_wall_clock_far_ahead_of_the_steady_one_means_sleep() {
        let at = |seconds| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds);
        let fifteen = Duration::from_secs(15);
        for (wall_s, expected) in [
            (15, false),
            (17, false),
            (74, false),
            (75, true),
            (90_000, true),
        ] {
            assert_eq!(slept(at(0), at(wall_s), fifteen), expected, "{wall_s}");
        }
        assert!(!slept(at(1_000), at(0), fifteen), "set back");
        assert_eq!(SLEEP_LEAST.as_secs(), 60);
    }
}
