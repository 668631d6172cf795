//! What the program promises, seen from outside its services: over a real file, the simulator over HTTP, a real mail server.
#![expect(clippy::unwrap_used, reason = "what fails in a helper fails its test")]
#![expect(clippy::expect_used, reason = "a run without its Python says so")]

mod account;
mod bookkeeping;
mod browser;
mod closing;
mod customer;
mod demonstration;
mod exports;
mod failure_sentences;
mod journeys;
mod judged_simulator;
mod kinds;
mod link_life;
mod mails;
mod money_back;
mod numbering;
mod payments;
mod pull_at_scale;
mod pull_loop;
mod secrets_nowhere;
mod security;
mod settling;
mod vat;
mod worked_out;
mod year;
