//! PayPlug on loopback, written from the public reference alone: the API with its two modes, a
//! payment page in French where a person in a browser pays, is refused or leaves, the movements
//! of the pretended account, and faults on demand. It shares no type with the client: two
//! independent readings of the reference catch each other's mistakes.
//!
//! Notifications are not sent: nothing of ours could receive them, `notification.response_code`
//! stays `null`.

mod account;
mod address;
mod calendar;
mod card;
mod clock;
mod connection;
mod control;
mod error;
mod failure;
mod faults;
mod guard;
mod handle;
mod html;
mod ids;
mod model;
mod page;
mod report;
mod routes;
mod shared;
mod state;
mod validate;
mod wire;

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::serve;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use account::{Movement, MovementKind};
pub use clock::ClockSource;
pub use error::Error;
pub use faults::Fault;
pub use handle::{
    AccountSnapshot, AttemptSnapshot, EarlierPayment, Handle, PaymentSnapshot, RefundSnapshot,
};
pub use model::Mode;

/// How long a connection in the middle of a request may hold up [`Simulator::stop`].
const STOP_TIMEOUT: Duration = Duration::from_secs(1);

/// How the pretended account behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// The same seed gives the same ids and page tokens.
    pub seed: u64,
    /// Whether the control routes are served.
    pub control: bool,
    /// Where the time comes from.
    pub clock: ClockSource,
    /// The company's name on the payment page.
    pub accept_company: Option<String>,
    /// The company's town on the payment page.
    pub company_city: Option<String>,
    /// The least that a payment may be, in cents (99 in most sources, 30 in recent ones).
    pub min_amount: i64,
    /// The most that a payment may be, in cents.
    pub max_amount: i64,
    /// How long a payment can be refunded (180 in the official mock).
    pub refund_window_days: u32,
    /// Whether `hosted_payment.sent_by` may be `OTHER`; it is the value with the weakest source.
    pub accepts_sent_by_other: bool,
    /// Balance of each mode's account at the start, in cents.
    pub opening_balance: i64,
    /// How late the answer of [`Fault::Slow`] comes.
    pub slow_answer: Duration,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            seed: 1,
            control: false,
            clock: ClockSource::System,
            accept_company: None,
            company_city: None,
            min_amount: 99,
            max_amount: 2_000_000,
            refund_window_days: 180,
            accepts_sent_by_other: true,
            opening_balance: 0,
            slow_answer: Duration::from_secs(15),
        }
    }
}

/// A running simulator; stopped by [`Simulator::stop`] or when dropped.
#[derive(Debug)]
pub struct Simulator {
    handle: Handle,
    base_url: String,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
}

impl Simulator {
    /// Binds the address (port 0 = any) and serves on a task of the current tokio runtime.
    ///
    /// # Errors
    /// The address is not loopback, or cannot be bound.
    pub async fn start(address: SocketAddr, options: Options) -> Result<Simulator, Error> {
        if !address.ip().is_loopback() {
            return Err(Error::NotLoopback(address));
        }
        let failed = |source| Error::Bind { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let bound = listener.local_addr().map_err(failed)?;
        let base_url = format!("http://{bound}");
        let (stop, mut stopping) = watch::channel(false);
        let state = state::State::new(options);
        let shared = shared::Shared::new(state, base_url.clone(), hosts(bound), stopping.clone());
        let app = routes::router(shared.clone());
        let app = app.into_make_service_with_connect_info::<connection::Connection>();
        let until_stopped = async move {
            // An error means that the sender is gone, which is a stop as well.
            stopping.wait_for(|is_stopping| *is_stopping).await.ok();
        };
        let server = tokio::spawn(async move {
            let listener = connection::CuttableListener(listener);
            serve(listener, app)
                .with_graceful_shutdown(until_stopped)
                .await
                .ok();
        });
        Ok(Simulator {
            handle: Handle::new(shared),
            base_url,
            stop,
            server,
        })
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn base_url(&self) -> String {
        self.base_url.clone()
    }

    /// Direct control, the same operations as the control routes.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Stops listening, answers what is being answered and closes every connection; slow answers
    /// are cut short.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        let ended = tokio::time::timeout(STOP_TIMEOUT, &mut self.server).await;
        if ended.is_err() {
            self.server.abort();
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

/// The `Host` headers that are answered: our own names with our own port.
fn hosts(bound: SocketAddr) -> Vec<String> {
    let port = bound.port();
    let ip = match bound.ip() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    };
    [ip.as_str(), "127.0.0.1", "localhost", "[::1]"]
        .map(|name| format!("{name}:{port}"))
        .into()
}
