//! `simulator`: PayPlug on a loopback port, until it is interrupted.

use std::net::SocketAddr;

use acquit_simulator::{Options, Simulator};

use super::signals::interrupted;
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
