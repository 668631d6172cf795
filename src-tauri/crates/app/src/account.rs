//! The PayPlug account reconciled to the cent (`accounting.md` § 3): statements beside books, fees, invoices and transfers.

mod bank;
mod import;
mod propose;
mod record;
mod reverse;
mod show;
mod verify;
mod view;

pub use acquit_accounting::movements::{Movement, MovementKind};
pub use acquit_accounting::statement::{Answer, Cause, LineKind, Mapping, Meaning, Reason, Source};
pub use view::{
    AccountRow, AccountView, Balances, BankImported, ColumnView, Difference, Imported,
    ImportedStatement, NewMovement, NewPayplugInvoice, NewStatementFee, NewTransfer, Resolution,
    RowState, TransferView, UnreadView,
};
