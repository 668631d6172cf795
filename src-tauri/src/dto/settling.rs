//! Overpayments, small differences, and cheques that go to the bank.

use acquit_app::{ChequeView, SetOffTarget, SlipRow};
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Money, iso};

/// What is decided about an overpayment or a small difference, as typed.
#[derive(Clone, Debug, Deserialize, Type)]
pub(crate) struct AdjustmentForm {
    /// `returned`, `kept`, `set_off`, `missing` or `too_much`.
    pub(crate) choice: String,
    /// How it went back, as in `cli.md`; for `returned` alone.
    pub(crate) means: String,
    /// The invoice that it pays; for `set_off` alone.
    pub(crate) target: String,
    /// How much.
    pub(crate) amount: String,
    /// Day; today when empty.
    pub(crate) date: String,
}

/// An invoice that an overpayment can pay.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct SetOffRow {
    /// Identity.
    pub(crate) id: String,
    /// Number.
    pub(crate) number: String,
    /// What the works are about.
    pub(crate) title: Option<String>,
    /// What is still to pay.
    pub(crate) remaining: Money,
}

impl From<SetOffTarget> for SetOffRow {
    fn from(target: SetOffTarget) -> Self {
        Self {
            id: target.id.to_string(),
            number: target.number.to_string(),
            title: target.title,
            remaining: target.remaining.into(),
        }
    }
}

/// A cheque that waits to be taken to the bank.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct ChequeLine {
    /// Its receipt.
    pub(crate) receipt: String,
    /// The invoice that it pays.
    pub(crate) invoice: String,
    /// Number of the invoice.
    pub(crate) number: String,
    /// Name of the customer.
    pub(crate) customer: String,
    /// Day received.
    pub(crate) date: String,
    /// How much.
    pub(crate) amount: Money,
}

impl From<ChequeView> for ChequeLine {
    fn from(cheque: ChequeView) -> Self {
        Self {
            receipt: cheque.receipt.to_string(),
            invoice: cheque.invoice.to_string(),
            number: cheque.number.to_string(),
            customer: cheque.customer,
            date: iso(cheque.date),
            amount: cheque.amount.into(),
        }
    }
}

/// A deposit slip.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct SlipLine {
    /// Its reference.
    pub(crate) reference: String,
    /// Day.
    pub(crate) date: String,
    /// Sum of its cheques.
    pub(crate) amount: Money,
    /// Count of its cheques.
    pub(crate) cheques: u32,
}

impl From<SlipRow> for SlipLine {
    fn from(slip: SlipRow) -> Self {
        Self {
            reference: slip.reference,
            date: iso(slip.date),
            amount: slip.amount.into(),
            cheques: slip.cheques,
        }
    }
}

/// Cheques in the drawer, and the latest slips.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct ChequesPage {
    /// Oldest first.
    pub(crate) cheques: Vec<ChequeLine>,
    /// Newest first.
    pub(crate) slips: Vec<SlipLine>,
}

/// A deposit slip as typed.
#[derive(Clone, Debug, Deserialize, Type)]
pub(crate) struct SlipForm {
    /// The bank's or one's own reference of the slip.
    pub(crate) reference: String,
    /// Receipts of the cheques.
    pub(crate) receipts: Vec<String>,
    /// Day; today when empty.
    pub(crate) date: String,
}
