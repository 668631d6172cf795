//! Pure rules of Acquit: money, VAT, documents, numbering, payment links, settlement, audit chain.
//!
//! Nothing here reads a clock, a file or the network; instants, dates, ids and numbers are passed in.
//! Types that are stored derive `serde`; field names of PayPlug, SQL and sentences for people live
//! elsewhere.

pub mod adjustment;
pub mod attach;
pub mod chain;
pub mod company;
pub mod customer;
pub mod date;
pub mod decimal;
pub mod error;
pub mod given_back;
pub mod id;
pub mod invoice;
pub mod limits;
pub mod link;
pub mod mail;
pub mod money;
pub mod numbering;
pub mod quantity;
pub mod receipt;
pub mod refund;
pub mod reminder;
pub mod remote;
pub mod rendition;
pub mod rounding;
pub mod schedule;
pub mod settlement;
pub mod statement;
pub mod template;
pub mod text;
pub mod vat;

pub use error::{At, Error, Rule};
pub use money::Cents;

#[cfg(test)]
mod tests;
