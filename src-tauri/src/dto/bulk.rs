//! Many invoices sent at once: the plan, the order, where it stands.

use acquit_app::message;
use acquit_app::{self as app, BulkOrder, Foreseen, LeftOut, Planned};
use acquit_domain::id::InvoiceId;
use acquit_domain::mail::Trouble;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::french;
use super::mail::MailRow;

/// Why an invoice stays out of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BulkReason {
    /// The customer has no address.
    NoAddress,
    /// The customer's address was refused before.
    AddressRefused,
    /// A mail of it waits already.
    Waiting,
    /// Its mail may have arrived.
    Unclear,
    /// It is cancelled.
    Cancelled,
    /// Its link is a test.
    TestLink,
}

impl From<&LeftOut> for BulkReason {
    fn from(why: &LeftOut) -> Self {
        match why {
            LeftOut::NoAddress => Self::NoAddress,
            LeftOut::AddressRefused(_) => Self::AddressRefused,
            LeftOut::Waiting => Self::Waiting,
            LeftOut::Unclear => Self::Unclear,
            LeftOut::Cancelled => Self::Cancelled,
            LeftOut::TestLink => Self::TestLink,
        }
    }
}

/// An invoice that stays out of a batch.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct BulkLeftOut {
    /// Identity of the invoice.
    pub(crate) invoice: String,
    /// Its number.
    pub(crate) number: String,
    /// Name of the customer.
    pub(crate) customer: String,
    /// Code of the customer.
    pub(crate) customer_code: String,
    /// Why.
    pub(crate) reason: BulkReason,
    /// The address at fault.
    pub(crate) address: Option<String>,
}

/// What sending invoices at once will do.
#[derive(Clone, Debug, Default, Serialize, Type)]
pub(crate) struct BulkPlan {
    /// Ids of those that are sent.
    pub(crate) ready: Vec<String>,
    /// Ids of those that left before.
    pub(crate) again: Vec<String>,
    /// Those that are not sent.
    pub(crate) left_out: Vec<BulkLeftOut>,
    /// Whether there is something to send through.
    pub(crate) has_mailbox: bool,
    /// The moment of the plan, to be handed back.
    #[specta(type = specta_typescript::Number)]
    pub(crate) mark: i64,
}

impl From<app::BulkPlan> for BulkPlan {
    fn from(plan: app::BulkPlan) -> Self {
        let mut told = Self {
            has_mailbox: plan.has_mailbox,
            mark: plan.mark,
            ..Self::default()
        };
        for planned in plan.invoices {
            match &planned.foreseen {
                Foreseen::Ready { .. } => told.ready.push(planned.invoice.to_string()),
                Foreseen::Again { .. } => told.again.push(planned.invoice.to_string()),
                Foreseen::LeftOut(why) => told.left_out.push(left_out(&planned, why)),
            }
        }
        told
    }
}

fn left_out(planned: &Planned, why: &LeftOut) -> BulkLeftOut {
    BulkLeftOut {
        invoice: planned.invoice.to_string(),
        number: planned.number.to_string(),
        customer: planned.customer.clone(),
        customer_code: planned.customer_code.clone(),
        reason: BulkReason::from(why),
        address: match why {
            LeftOut::AddressRefused(address) => Some(address.clone()),
            _ => None,
        },
    }
}

/// A batch to send.
#[derive(Clone, Debug, Deserialize, Type)]
pub(crate) struct BulkForm {
    /// Ids of the invoices.
    pub(crate) ids: Vec<String>,
    /// Also those that left before.
    pub(crate) again: bool,
    /// The moment of the plan that was agreed to.
    #[specta(type = specta_typescript::Number)]
    pub(crate) mark: i64,
}

impl BulkForm {
    /// The order, for these invoices.
    pub(crate) fn order(&self, invoices: Vec<InvoiceId>) -> BulkOrder {
        BulkOrder {
            invoices,
            again: self.again,
            mark: self.mark,
        }
    }
}

/// Where the mails of a batch stand.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct BulkStanding {
    /// The server accepted so many.
    pub(crate) sent: u32,
    /// So many wait.
    pub(crate) waiting: u32,
    /// So many are leaving right now.
    pub(crate) leaving: u32,
    /// So many were taken back.
    pub(crate) withdrawn: u32,
    /// Those that were refused.
    pub(crate) refused: Vec<MailRow>,
    /// Those that may have arrived.
    pub(crate) unclear: Vec<MailRow>,
    /// Why those that wait did not leave yet.
    pub(crate) trouble: Option<String>,
}

impl From<app::BulkStanding> for BulkStanding {
    fn from(standing: app::BulkStanding) -> Self {
        let few = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let sentence = |trouble: &Trouble| french(message::trouble(trouble));
        Self {
            sent: few(standing.sent),
            waiting: few(standing.waiting),
            leaving: few(standing.leaving),
            withdrawn: few(standing.withdrawn),
            refused: standing.refused.iter().map(MailRow::from).collect(),
            unclear: standing.unclear.iter().map(MailRow::from).collect(),
            trouble: standing.trouble.as_ref().map(sentence),
        }
    }
}
