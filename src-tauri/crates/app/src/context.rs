//! Where the clock, randomness, the keychain and the acting user come from: nothing below reads them.

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use acquit_domain::date::paris_day;
use acquit_mail::Roots;
use acquit_secrets::{Keychain, SystemKeychain};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Waits. The computer's time passes unless a clock says otherwise.
    fn pause(&self, delay: Duration) -> Pause {
        Box::pin(tokio::time::sleep(delay))
    }
}

/// A wait that ends by itself.
pub type Pause = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The computer's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that is set by hand (demonstration, tests).
#[derive(Debug)]
pub struct SetClock {
    now: Mutex<Timestamp>,
}

impl SetClock {
    /// A clock that stands at an instant.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self {
            now: Mutex::new(now),
        }
    }

    /// Sets the clock.
    pub fn set(&self, now: Timestamp) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The computer's clock, some time late; it can catch up (the demonstration's past).
#[derive(Debug)]
pub(crate) struct LateClock {
    late: Mutex<SignedDuration>,
}

impl LateClock {
    /// A clock that is `late`.
    pub(crate) fn new(late: SignedDuration) -> Self {
        Self {
            late: Mutex::new(late),
        }
    }

    /// Lets the clock catch up by `step`, up to the present.
    pub(crate) fn catch_up(&self, step: SignedDuration) {
        let mut late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        *late = (*late - step).max(SignedDuration::ZERO);
    }
}

impl Clock for LateClock {
    fn now(&self) -> Timestamp {
        let late = *self.late.lock().unwrap_or_else(PoisonError::into_inner);
        SystemClock.now() - late
    }
}

/// What the services are built from.
#[derive(Clone)]
pub struct Parts {
    clock: Arc<dyn Clock>,
    randomness: Arc<Mutex<ChaCha20Rng>>,
    keychain: Arc<dyn Keychain>,
    actor: String,
    roots: Roots,
    sink: Option<PathBuf>,
}

impl Parts {
    /// The computer's clock, randomness and keychain; the owner acts.
    #[must_use]
    pub fn system() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            randomness: Arc::new(Mutex::new(ChaCha20Rng::from_rng(&mut rand::rng()))),
            keychain: Arc::new(SystemKeychain::new()),
            actor: "owner".to_owned(),
            roots: Roots::default(),
            sink: None,
        }
    }

    /// A set clock, seeded randomness and a keychain of one's own.
    #[must_use]
    pub fn set(clock: Arc<dyn Clock>, seed: u64, keychain: Arc<dyn Keychain>, actor: &str) -> Self {
        let randomness = Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed)));
        Self {
            clock,
            randomness,
            keychain,
            actor: actor.to_owned(),
            roots: Roots::default(),
            sink: None,
        }
    }

    /// The same, with one more authority whose certificates mail servers may show.
    #[must_use]
    pub fn trusting(self, roots: Roots) -> Self {
        Self { roots, ..self }
    }

    /// The same, where the mails of a demonstration fall into a folder and reach nobody.
    #[must_use]
    pub fn mailing_to(self, folder: &Path) -> Self {
        Self {
            sink: Some(folder.to_owned()),
            ..self
        }
    }

    /// A late clock, the computer's randomness and a keychain of one's own.
    pub(crate) fn late(clock: Arc<LateClock>, keychain: Arc<dyn Keychain>, actor: &str) -> Self {
        Self {
            clock,
            keychain,
            actor: actor.to_owned(),
            ..Self::system()
        }
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The clock.
    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// Today in France.
    #[must_use]
    pub fn today(&self) -> Date {
        paris_day(self.now())
    }

    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// The keychain.
    #[must_use]
    pub fn keychain(&self) -> Arc<dyn Keychain> {
        Arc::clone(&self.keychain)
    }

    /// Whose certificates mail servers may show.
    pub(crate) const fn roots(&self) -> &Roots {
        &self.roots
    }

    /// Where the mails of a demonstration go.
    pub(crate) fn sink(&self) -> Option<&Path> {
        self.sink.as_deref()
    }

    /// A number from 0 to 999, for waits that must not fall together.
    #[must_use]
    pub fn jitter(&self) -> u16 {
        let mut bytes = [0_u8; 2];
        self.randomness
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(&mut bytes);
        u16::from_le_bytes(bytes) % 1_000
    }

    /// A fresh random UUID.
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        let mut bytes = [0_u8; 16];
        self.randomness
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}
