//! What all handlers of one simulator share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

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

    /// Waits; `false` if the simulator was stopped meanwhile.
    pub(crate) async fn wait(&self, delay: Duration) -> bool {
        let mut stopping = self.inner.stopping.clone();
        tokio::select! {
            () = tokio::time::sleep(delay) => true,
            _ = stopping.wait_for(|is_stopping| *is_stopping) => false,
        }
    }
}
