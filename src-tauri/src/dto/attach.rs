//! A payment that no link asked for, the invoices that it could settle, and the draft that is made of it.

use acquit_app::{AttachChoice, Attachable};
use serde::Serialize;
use specta::Type;

use super::{Money, iso};

/// A payment that no link asked for.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct AttachPage {
    /// Number of the transaction at PayPlug.
    pub(crate) payment: String,
    /// How much it brought.
    pub(crate) amount: Money,
    /// Day it was paid on.
    pub(crate) paid_on: String,
    /// What its customer was shown.
    pub(crate) description: Option<String>,
    /// Invoices with something to pay: those that ask for just that first, then the newest.
    pub(crate) choices: Vec<AttachRow>,
}

impl From<Attachable> for AttachPage {
    fn from(found: Attachable) -> Self {
        Self {
            payment: found.payment.as_str().to_owned(),
            amount: found.amount.into(),
            paid_on: iso(found.paid_on),
            description: found.description,
            choices: found.invoices.into_iter().map(AttachRow::from).collect(),
        }
    }
}

/// An invoice that a payment could settle.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct AttachRow {
    /// Identity.
    pub(crate) id: String,
    /// Number.
    pub(crate) number: String,
    /// Name of the customer.
    pub(crate) customer: String,
    /// What the works are about.
    pub(crate) title: Option<String>,
    /// What is still to pay.
    pub(crate) remaining: Money,
    /// What would still be to pay after it.
    pub(crate) left: Money,
    /// What would be paid too much.
    pub(crate) credit: Money,
}

impl From<AttachChoice> for AttachRow {
    fn from(choice: AttachChoice) -> Self {
        let number = choice.invoice.number;
        Self {
            id: choice.invoice.id.to_string(),
            number: number.map_or_else(String::new, |number| number.to_string()),
            customer: choice.invoice.customer,
            title: choice.invoice.title,
            remaining: choice.invoice.remaining.into(),
            left: choice.foreseen.left.into(),
            credit: choice.foreseen.credit.into(),
        }
    }
}

/// A draft that was made of a payment.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct PaymentDraft {
    /// Identity of the draft.
    pub(crate) id: String,
    /// What the payment brought.
    pub(crate) amount: Money,
    /// Total of the draft incl. VAT: the same, or a cent below where no price comes to it.
    pub(crate) total: Money,
}
