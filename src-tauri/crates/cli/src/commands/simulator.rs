//! `simulator`: PayPlug on a loopback port, until it is interrupted.

use std::net::SocketAddr;

use acquit_simulator::{Options, Simulator};

use crate::error::Error;
use crate::output::{Answer, print_line};

/// Runs the simulator until Ctrl-C or SIGTERM.
pub(super) async fn run(listen: SocketAddr, seed: u64, control: bool) -> Result<Answer, Error> {
    let options = Options {
        seed,
        control,
        ..Options::default()
    };
    let simulator = Simulator::start(listen, options)
        .await
        .map_err(Error::Simulator)?;
    print_line(&format!("listening on {}", simulator.base_url()));
    interrupted().await?;
    simulator.stop().await;
    Ok(Answer::silent())
}

#[cfg(unix)]
async fn interrupted() -> Result<(), Error> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminated = signal(SignalKind::terminate()).map_err(Error::System)?;
    tokio::select! {
        outcome = tokio::signal::ctrl_c() => outcome.map_err(Error::System),
        _ = terminated.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn interrupted() -> Result<(), Error> {
    tokio::signal::ctrl_c().await.map_err(Error::System)
}
