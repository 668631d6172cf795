//! Time of our side: it stands still until it is moved, and who sleeps is woken by moving it.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use acquit_app::{Clock, Pause};
use jiff::{SignedDuration, Timestamp};

/// Which of the processes on one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Process {
    /// The one whose steps are counted.
    First,
    /// Another one on the same file.
    Second,
}

struct Sleeper {
    process: Process,
    until: Timestamp,
    waker: Option<Waker>,
}

struct Inner {
    now: Timestamp,
    running: Process,
    sleepers: BTreeMap<u64, Sleeper>,
    next: u64,
}

/// A clock for both processes; only one of them runs at a time.
#[derive(Clone)]
pub(crate) struct VirtualClock(Arc<Mutex<Inner>>);

impl VirtualClock {
    pub(crate) fn at(now: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            now,
            running: Process::First,
            sleepers: BTreeMap::new(),
            next: 0,
        })))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says who runs from now on: sleeps that begin are his.
    pub(crate) fn run(&self, process: Process) {
        self.inner().running = process;
    }

    /// Until when a process sleeps, if it does.
    pub(crate) fn asleep(&self, process: Process) -> Option<Timestamp> {
        let inner = self.inner();
        let of_it = inner
            .sleepers
            .values()
            .filter(|sleeper| sleeper.process == process);
        of_it.map(|sleeper| sleeper.until).min()
    }

    /// Moves time; it never goes back.
    pub(crate) fn move_to(&self, now: Timestamp) {
        let mut inner = self.inner();
        inner.now = inner.now.max(now);
        let now = inner.now;
        for sleeper in inner.sleepers.values_mut() {
            if sleeper.until <= now
                && let Some(waker) = sleeper.waker.take()
            {
                waker.wake();
            }
        }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        self.inner().now
    }

    fn pause(&self, delay: Duration) -> Pause {
        let delay = SignedDuration::try_from(delay).unwrap_or(SignedDuration::MAX);
        Box::pin(Sleep {
            clock: self.clone(),
            delay,
            key: None,
        })
    }
}

struct Sleep {
    clock: VirtualClock,
    delay: SignedDuration,
    key: Option<u64>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let (delay, key) = (self.delay, self.key);
        let clock = self.clock.clone();
        let mut inner = clock.inner();
        let key = key.unwrap_or_else(|| {
            let (key, until) = (inner.next, inner.now + delay);
            let process = inner.running;
            inner.next += 1;
            inner.sleepers.insert(
                key,
                Sleeper {
                    process,
                    until,
                    waker: None,
                },
            );
            key
        });
        self.key = Some(key);
        let now = inner.now;
        match inner.sleepers.get_mut(&key) {
            Some(sleeper) if sleeper.until > now => {
                sleeper.waker = Some(context.waker().clone());
                Poll::Pending
            }
            _ => {
                inner.sleepers.remove(&key);
                Poll::Ready(())
            }
        }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            self.clock.inner().sleepers.remove(&key);
        }
    }
}
