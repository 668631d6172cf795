//! What ends a command that runs until somebody says so.

use crate::error::Error;

/// Waits for Ctrl-C or SIGTERM.
#[cfg(unix)]
pub(super) async fn interrupted() -> Result<(), Error> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminated = signal(SignalKind::terminate()).map_err(Error::System)?;
    tokio::select! {
        outcome = tokio::signal::ctrl_c() => outcome.map_err(Error::System),
        _ = terminated.recv() => Ok(()),
    }
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
pub(super) async fn interrupted() -> Result<(), Error> {
    tokio::signal::ctrl_c().await.map_err(Error::System)
}
