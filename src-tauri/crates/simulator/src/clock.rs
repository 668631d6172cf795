//! The pretended account's clock: where it starts, and what was advanced.

use crate::error::Error;

/// The last instant that the simulator accepts to reach (unix seconds, year 9000).
const LATEST: i64 = 221_845_392_000;

/// Where the simulator's time comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockSource {
    /// The system's clock plus what was advanced.
    System,
    /// This instant (unix seconds) plus what was advanced: time stands still otherwise, so that
    /// two runs with the same seed write the same instants.
    Fixed(i64),
    /// The system's clock, so many seconds late, plus what was advanced.
    Late(i64),
}

/// A clock that only goes forward.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    source: ClockSource,
    advanced_seconds: i64,
    latest: i64,
}

impl Clock {
    pub(crate) fn new(source: ClockSource) -> Clock {
        Clock {
            source,
            advanced_seconds: 0,
            latest: i64::MIN,
        }
    }

    /// Unix seconds. Never less than an earlier answer, even if the system's clock is set back:
    /// movements of the account are kept in the order of their instants.
    pub(crate) fn now(&mut self) -> i64 {
        let start = match self.source {
            ClockSource::System => system_seconds(),
            ClockSource::Fixed(seconds) => seconds,
            ClockSource::Late(seconds) => system_seconds().saturating_sub(seconds),
        };
        self.latest = self.latest.max(start.saturating_add(self.advanced_seconds));
        self.latest
    }

    /// Moves the clock forward.
    pub(crate) fn advance(&mut self, seconds: i64) -> Result<i64, Error> {
        if seconds < 0 || seconds > LATEST.saturating_sub(self.now()) {
            return Err(Error::Clock { seconds });
        }
        self.advanced_seconds = self.advanced_seconds.saturating_add(seconds);
        Ok(self.now())
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the simulator stands for another company's server, which has a clock of its own"
)]
fn system_seconds() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .ok()
        .and_then(|elapsed| i64::try_from(elapsed.as_secs()).ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_when_advanced() {
        let mut clock = Clock::new(ClockSource::Fixed(1_000));
        assert_eq!(clock.now(), 1_000);
        assert_eq!(clock.now(), 1_000);
        assert_eq!(clock.advance(60).unwrap(), 1_060);
        assert_eq!(clock.now(), 1_060);
    }

    #[test]
    fn the_clock_never_goes_back_nor_out_of_its_range() {
        let mut clock = Clock::new(ClockSource::Fixed(1_000));
        assert!(clock.advance(-1).is_err());
        assert!(clock.advance(i64::MAX).is_err());
        assert_eq!(clock.now(), 1_000);
    }

    #[test]
    fn a_late_clock_catches_up_when_advanced() {
        let mut late = Clock::new(ClockSource::Late(86_400));
        let mut system = Clock::new(ClockSource::System);
        assert!(late.now() <= system.now() - 86_400);
        assert!(late.advance(86_400).unwrap() + 60 > system.now());
    }

    #[test]
    fn the_system_clock_is_past_2025() {
        assert!(Clock::new(ClockSource::System).now() > 1_735_689_600);
    }
}
