//! The real window, driven as a person drives it: clicks and keys on a screen of its own.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod account;
mod accountant;
mod attach;
mod books;
mod bulk;
mod closing;
mod connecting;
#[path = "../customer/mod.rs"]
mod customer;
mod exports;
mod harness;
mod harness_works;
mod journeys;
mod kinds;
mod looks;
mod mailing;
mod money_back;
mod numbering;
mod paying;
#[path = "../post_office/mod.rs"]
mod post_office;
mod reminders;
mod retention;
mod settling;
mod together;
mod vat;
#[expect(
    unreachable_pub,
    reason = "it is public in the crate that it is shared with"
)]
#[path = "../src/zipped.rs"]
mod zipped;
