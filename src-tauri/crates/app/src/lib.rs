//! Services and reconcilers: everything the window and the command line can do, without a screen.
//!
//! [`Acquit`] is one open company file with the parts that services need. Its methods are grouped by
//! subject, one file each; what runs in the background lives below `background`.

mod background;
mod context;
mod customers;
pub mod demo;
mod error;
mod exports;
mod files;
mod invoicing;
mod ledger;
pub mod message;
mod paper;
mod payplug;
mod receipts;
mod refunds;
mod settle;
mod verify;
mod view;

use acquit_accounting::Chart;
use acquit_store::CompanyFile;

pub use acquit_accounting::Journal;
pub use acquit_export::{Format, fec_file_name, is_fec_file_name};
pub use acquit_secrets::{Keychain, MemoryKeychain};
pub use context::{Clock, Parts, SetClock, SystemClock};
pub use error::{Error, payplug_code, rule_code};
pub use view::{
    Attempt, Break, Connection, Document, ExportSummary, InvoiceFilter, InvoiceView, NewCompany,
    NewCustomer, NewInvoice, NewReceipt, Notice, ReceiptView, Refunded, Settled, SyncReport,
    Verification,
};

/// One open company file and everything that can be done with it.
pub struct Acquit {
    file: CompanyFile,
    parts: Parts,
    chart: Chart,
}
