//! What all handlers of one simulator share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::announce::Watcher;
use crate::state::State;

/// A cheap clone of one simulator's insides.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    base_url: String,
    hosts: Vec<String>,
    stopping: watch::Receiver<bool>,
    watcher: Mutex<Option<Watcher>>,
    /// How often requests that were held were released, and whether they went on the last time.
    releases: watch::Sender<(u64, bool)>,
}

impl Shared {
    /// `hosts`: the values of the `Host` header that are answered.
    pub(crate) fn new(
        state: State,
        base_url: String,
        hosts: Vec<String>,
        stopping: watch::Receiver<bool>,
    ) -> Shared {
        Shared {
            inner: Arc::new(Inner {
                state: Mutex::new(state),
                base_url,
                hosts,
                stopping,
                watcher: Mutex::new(None),
                releases: watch::Sender::new((0, false)),
            }),
        }
    }

    /// Never held over an `await`.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.inner
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.inner.base_url
    }

    pub(crate) fn hosts(&self) -> &[String] {
        &self.inner.hosts
    }

    pub(crate) fn watcher(&self) -> Option<Watcher> {
        let watcher = self.inner.watcher.lock();
        watcher.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_watcher(&self, watcher: Watcher) {
        let mut place = self
            .inner
            .watcher
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *place = Some(watcher);
    }

    /// Lets every request that is held go on, or be lost.
    pub(crate) fn release(&self, goes_on: bool) {
        self.inner
            .releases
            .send_modify(|(count, last)| (*count, *last) = (*count + 1, goes_on));
    }

    /// Waits for the next release; `false` if the request is lost, or the simulator was stopped meanwhile.
    pub(crate) async fn wait_for_release(&self) -> bool {
        let mut releases = self.inner.releases.subscribe();
        let mut stopping = self.inner.stopping.clone();
        tokio::select! {
            changed = releases.changed() => changed.is_ok() && releases.borrow().1,
            _ = stopping.wait_for(|is_stopping| *is_stopping) => false,
        }
    }

    /// Waits; `false` if the simulator was stopped meanwhile.
    pub(crate) async fn wait(&self, delay: Duration) -> bool {
        let mut stopping = self.inner.stopping.clone();
        tokio::select! {
            () = tokio::time::sleep(delay) => true,
            _ = stopping.wait_for(|is_stopping| *is_stopping) => false,
        }
    }
}
