//! `acquit-cli` as an outside program meets it: the real binary, real files, and where they are needed a real keychain daemon and the
//! simulator in a process of its own.
#![expect(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

mod account;
mod backups;
mod closing;
mod common;
mod contract;
mod exports;
mod facturx;
mod given_back;
#[cfg(target_os = "linux")]
mod keychain;
#[cfg(target_os = "linux")]
mod killed;
mod kinds;
#[cfg(target_os = "linux")]
mod mailing;
#[cfg(target_os = "linux")]
mod online;
#[cfg(target_os = "linux")]
#[path = "../../../../../tests/post_office/mod.rs"]
mod post_office;
mod refusals;
mod settling;
mod vat;
#[cfg(target_os = "linux")]
mod watching;
