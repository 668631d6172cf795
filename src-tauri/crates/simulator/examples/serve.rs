//! Serves the simulator by itself until it is stopped: `serve ADDRESS [control]`.

use std::io::Write;
use std::net::SocketAddr;

use acquit_simulator::{Options, Simulator};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let address: SocketAddr = arguments
        .next()
        .unwrap_or("127.0.0.1:0".to_owned())
        .parse()?;
    let control = arguments.next().is_some_and(|word| word == "control");
    let options = Options {
        control,
        accept_company: Some("Ferrand Plomberie Chauffage".to_owned()),
        company_city: Some("Saint-Cyr-sur-Loire".to_owned()),
        ..Options::default()
    };
    let simulator = Simulator::start(address, options).await?;
    let mut output = std::io::stdout();
    writeln!(output, "listening on {}", simulator.base_url())?;
    output.flush()?;
    tokio::signal::ctrl_c().await?;
    simulator.stop().await;
    Ok(())
}
