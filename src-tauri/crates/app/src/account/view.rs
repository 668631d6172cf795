//! What the services of the PayPlug account take in and give back.

use acquit_accounting::Entry;
use acquit_accounting::movements::MovementKind;
use acquit_accounting::statement::{Cause, LineKind, Meaning, Reason};
use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::numbering::DocumentNumber;
use acquit_domain::remote::PaymentId;
use jiff::Timestamp;
use jiff::civil::Date;

/// PayPlug's monthly invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPayplugInvoice {
    /// Its number: the piece of its entry.
    pub number: String,
    /// The day it was debited.
    pub date: Date,
    /// Its sum without VAT, in cents.
    pub net: Cents,
    /// Its VAT, in cents: that of the invoice, never a sum of roundings.
    pub vat: Cents,
}

/// A fee with a statement line of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStatementFee {
    /// Reference of the line: the piece of its entry.
    pub line: String,
    /// Its day.
    pub date: Date,
    /// What it took off the account, in cents incl. VAT.
    pub amount: Cents,
    /// The VAT in it, in cents.
    pub vat: Cents,
}

/// A transfer that left for the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTransfer {
    /// Its reference: the piece of its entries.
    pub reference: String,
    /// The day it left.
    pub date: Date,
    /// How much, in cents.
    pub amount: Cents,
}

/// A movement of the account that is recorded by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewMovement {
    /// PayPlug's monthly invoice.
    Invoice(NewPayplugInvoice),
    /// A single fee.
    Fee(NewStatementFee),
    /// A transfer that left.
    Transfer(NewTransfer),
}

/// A transfer from the PayPlug account to the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferView {
    /// Its reference: the piece of its entries.
    pub reference: String,
    /// The day it left.
    pub date: Date,
    /// How much, in cents.
    pub amount: Cents,
    /// The day it arrived at the bank.
    pub arrived: Option<Date>,
}

/// A column of a statement whose meaning is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnView {
    /// Its header, as the file says.
    pub header: String,
    /// Its first values that are not blank.
    pub examples: Vec<String>,
    /// What it seems to be.
    pub guess: Meaning,
}

/// What importing a statement came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Imported {
    /// The columns are not sure: the same import with their meanings is wanted. Nothing was kept.
    Columns(Vec<ColumnView>),
    /// This very file was imported before; nothing changed.
    AlreadyThere {
        /// Under which name.
        name: String,
        /// When.
        imported_at: Timestamp,
    },
    /// Its lines are in the file now.
    Done(ImportedStatement),
}

/// A statement that was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedStatement {
    /// Its sequence.
    pub statement: u64,
    /// First day that it covers.
    pub from: Date,
    /// Last day that it covers.
    pub to: Date,
    /// Count of its lines.
    pub lines: u64,
    /// Of these, count of lines that an earlier statement had already.
    pub known: u64,
    /// Of these, count of lines that were not understood.
    pub not_understood: u64,
}

/// What importing a statement of the bank came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BankImported {
    /// The columns are not sure: the same import with their meanings is wanted.
    Columns(Vec<ColumnView>),
    /// Transfers that were found on it, with the day of their arrival; none when they were known.
    Done(Vec<TransferView>),
}

/// Balances of a span of days, in cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balances {
    /// Before the first day.
    pub opening: Cents,
    /// After the last day.
    pub closing: Cents,
}

/// Where a movement stands in statement and books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowState {
    /// In both, to the cent.
    Matched,
    /// A difference that an entry proposed here resolves.
    Proposed,
    /// A difference that somebody must decide on.
    ToDecide,
    /// A difference that a newer statement or another month resolves by itself.
    Waiting,
    /// A difference that somebody looked at and left, with a reason.
    SetAside,
}

/// One movement: statement at the left, books at the right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Its line on a statement.
    pub line: Option<u64>,
    /// Its day.
    pub date: Date,
    /// What it is.
    pub kind: LineKind,
    /// Who or what it is about: the customer's name, or what the statement says.
    pub label: String,
    /// The invoice that it is about.
    pub invoice: Option<(InvoiceId, DocumentNumber)>,
    /// The fee, invoice or transfer that the books have, by its piece: it may be reversed
    /// ([`crate::Acquit::reverse_movement`]).
    pub movement: Option<(MovementKind, String)>,
    /// What the statement says, in cents with its sign.
    pub statement: Option<Cents>,
    /// What the books say, in cents with its sign.
    pub ledger: Option<Cents>,
    /// Where it stands.
    pub state: RowState,
}

/// What would resolve a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// These entries, once they are accepted by the line's sequence ([`crate::Acquit::accept_proposals`]).
    Entries(Vec<Entry>),
    /// Reading PayPlug: the payment has a link here, or the money went back there.
    Pull,
    /// A newer statement: the movement is too recent for those that there are.
    NewerStatement,
    /// Nothing: its counterpart is outside the days looked at.
    Nothing,
    /// A person: who looks, then sets it aside with a reason.
    Decide,
}

/// A difference between statement and books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The line of a statement; none for what only the books have.
    pub line: Option<u64>,
    /// The piece of the entry; none for what only the statement has.
    pub piece: Option<String>,
    /// PayPlug's id of a payment that belongs to no invoice here: what [`crate::Acquit::attach_payment`] takes.
    pub unasked: Option<PaymentId>,
    /// Its day.
    pub date: Date,
    /// What it is.
    pub kind: LineKind,
    /// Who or what it is about.
    pub label: String,
    /// The invoice that it is about.
    pub invoice: Option<(InvoiceId, DocumentNumber)>,
    /// Statement less books, in cents.
    pub amount: Cents,
    /// Where it comes from.
    pub cause: Cause,
    /// What resolves it.
    pub resolution: Resolution,
    /// Why it was set aside.
    pub set_aside: Option<String>,
}

/// A line of a statement that was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadView {
    /// Its sequence.
    pub line: u64,
    /// Which statement.
    pub statement: String,
    /// Which line of the file, from 1.
    pub place: u32,
    /// What it says.
    pub text: String,
    /// Why it was not understood.
    pub reason: Reason,
    /// The day that was read.
    pub date: Option<Date>,
    /// The amount that was read, in cents with its sign.
    pub amount: Option<Cents>,
}

/// The PayPlug account over some days, statement beside books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountView {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Number of the account (512x).
    pub account: String,
    /// Balances as the statements say; none where no statement covers a day of the span. Closing is opening plus movements.
    pub statement: Option<Balances>,
    /// Balances of the books.
    pub ledger: Balances,
    /// When the latest statement that covers a day of the span was imported.
    pub received_at: Option<Timestamp>,
    /// All movements, by day.
    pub rows: Vec<AccountRow>,
    /// What differs; together they are closing less closing, less what the openings differ by.
    pub differences: Vec<Difference>,
    /// Lines that were not understood, whatever their day.
    pub not_understood: Vec<UnreadView>,
    /// Spans of days that no statement covers, up to today.
    pub missing_days: Vec<(Date, Date)>,
    /// Days whose statement says another balance than its lines add up to, with the amount that is missing in cents.
    pub breaks: Vec<(Date, Cents)>,
    /// Transfers that have not arrived yet, whatever their day.
    pub in_transit: Vec<TransferView>,
}
