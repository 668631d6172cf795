//! Client of PayPlug's REST API: accounts, payments, refunds, accounting reports.
//!
//! The only place that knows PayPlug's field names and what its statuses mean. Every answer is
//! untrusted (`payment-links.md` § 2): bodies are bounded, unknown fields ignored, and a field that
//! is missing or of another type is an error that names it, on that payment alone.
//!
//! `client` asks, through `transport`, which bounds and classifies; `wire` writes what we ask and
//! reads what comes; `convert` turns that into the domain's facts; `retry` is the arithmetic of
//! waiting; `key` and `address` are what may be trusted with what.

mod address;
mod client;
mod convert;
mod error;
mod key;
mod report;
mod retry;
mod transport;
mod wire;

pub use address::{BaseAddress, UrlPolicy, accept_payment_url};
pub use client::{Buyer, BuyerName, Client, NewPayment, PaymentForm, Timeouts};
pub use convert::{Account, Misread, PaymentPage};
pub use error::{Doubt, Error, Rejected};
pub use key::SecretKey;
pub use report::{REPORT_MAX_BYTES, Report, ReportId, ReportUrl};
pub use retry::next_delay;
