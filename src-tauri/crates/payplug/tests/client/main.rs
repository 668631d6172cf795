//! The client against servers that answer whatever a test writes, on loopback.
#![expect(
    clippy::unwrap_used,
    reason = "what a test's set-up cannot do, fails it"
)]

mod answers;
mod conformance;
mod failures;
mod lists;
mod reports;
mod requests;
mod secrecy;
mod support;
mod tls;
