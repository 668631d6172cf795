//! Reminders: what is proposed this morning, what is chosen of it, and the owner's plan.

use acquit_app::{Chosen, Proposals, ProposedInvoice, ProposedMail};
use acquit_domain::id::InvoiceId;
use acquit_domain::reminder::{Level, ReminderPlan};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{FieldError, InvoiceRow, Money};

/// How firmly a reminder speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReminderLevel {
    /// Before the due date.
    BeforeDue,
    /// It may have been forgotten.
    First,
    /// It was asked for already.
    Second,
    /// The last one before the formal notice.
    Third,
    /// Formal notice.
    FormalNotice,
}

impl From<Level> for ReminderLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::BeforeDue => Self::BeforeDue,
            Level::First => Self::First,
            Level::Second => Self::Second,
            Level::Third => Self::Third,
            Level::FormalNotice => Self::FormalNotice,
        }
    }
}

impl From<ReminderLevel> for Level {
    fn from(level: ReminderLevel) -> Self {
        match level {
            ReminderLevel::BeforeDue => Self::BeforeDue,
            ReminderLevel::First => Self::First,
            ReminderLevel::Second => Self::Second,
            ReminderLevel::Third => Self::Third,
            ReminderLevel::FormalNotice => Self::FormalNotice,
        }
    }
}

/// An invoice of a proposed mail.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct ReminderInvoice {
    /// The invoice.
    pub(crate) row: InvoiceRow,
    /// How firm its reminder is.
    pub(crate) level: ReminderLevel,
    /// Days since its due date; 0 before.
    pub(crate) days_late: i32,
    /// Whether it left for the customer from here in some way.
    pub(crate) was_sent: bool,
}

impl ReminderInvoice {
    fn of(invoice: ProposedInvoice, today: Date) -> Self {
        let summary = invoice.summary;
        Self {
            was_sent: summary.mail.is_some() || summary.has_left,
            level: invoice.level.into(),
            days_late: invoice.days_late,
            row: InvoiceRow::of(summary, today),
        }
    }
}

/// A proposed mail.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct ReminderGroup {
    /// Code of the customer.
    pub(crate) customer_code: String,
    /// Name of the customer.
    pub(crate) customer: String,
    /// As the mildest of its invoices.
    pub(crate) level: ReminderLevel,
    /// Who gets it.
    pub(crate) to: Vec<String>,
    /// What about, oldest due first.
    pub(crate) invoices: Vec<ReminderInvoice>,
    /// What is still to pay of them.
    pub(crate) total: Money,
}

impl ReminderGroup {
    fn of(mail: ProposedMail, today: Date) -> Self {
        Self {
            customer_code: mail.customer.code,
            customer: mail.customer.name,
            level: mail.level.into(),
            to: mail.to.iter().map(ToString::to_string).collect(),
            total: mail.total.into(),
            invoices: mail
                .invoices
                .into_iter()
                .map(|invoice| ReminderInvoice::of(invoice, today))
                .collect(),
        }
    }
}

/// What is proposed this morning.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct RemindersPage {
    /// One mail each.
    pub(crate) groups: Vec<ReminderGroup>,
    /// Whether there is something to send through.
    pub(crate) has_mailbox: bool,
    /// Whether more are due than are shown.
    pub(crate) has_more: bool,
}

impl RemindersPage {
    pub(crate) fn of(proposals: Proposals, has_mailbox: bool, today: Date) -> Self {
        let mails = proposals.mails.into_iter();
        Self {
            groups: mails.map(|mail| ReminderGroup::of(mail, today)).collect(),
            has_mailbox,
            has_more: proposals.has_more,
        }
    }
}

/// A proposed mail that is wanted.
#[derive(Clone, Debug, Deserialize, Type)]
pub(crate) struct ReminderChoice {
    /// Code of the customer.
    pub(crate) customer_code: String,
    /// How firmly it spoke when it was looked at.
    pub(crate) level: ReminderLevel,
    /// Ids of its invoices.
    pub(crate) invoices: Vec<String>,
}

impl ReminderChoice {
    /// The choice with its ids as they were read.
    pub(crate) fn chosen(self, invoices: Vec<InvoiceId>) -> Chosen {
        Chosen {
            customer: self.customer_code,
            level: self.level.into(),
            invoices,
        }
    }
}

/// What became of the mails that were wanted.
#[derive(Clone, Copy, Debug, Serialize, Type)]
pub(crate) struct RemindersSent {
    /// Mails that leave.
    pub(crate) mails: u32,
    /// Invoices that they remind of.
    pub(crate) invoices: u32,
    /// Invoices that were left out.
    pub(crate) left_out: u32,
}

impl From<acquit_app::RemindersSent> for RemindersSent {
    fn from(sent: acquit_app::RemindersSent) -> Self {
        Self {
            mails: count(sent.mails.len()),
            invoices: count(sent.invoices),
            left_out: count(sent.left_out),
        }
    }
}

/// Reminders that are due, in sum.
#[derive(Clone, Copy, Debug, Serialize, Type)]
pub(crate) struct ReminderSums {
    /// Mails.
    pub(crate) mails: u32,
    /// Invoices that they remind of.
    pub(crate) invoices: u32,
    /// What is still to pay of them.
    pub(crate) total: Money,
    /// Days since the oldest due date among them; 0 when nothing is late.
    pub(crate) late_days: i32,
}

impl ReminderSums {
    /// Nothing when nothing is due.
    pub(crate) fn of(sums: acquit_app::ReminderSums) -> Option<Self> {
        (sums.mails > 0).then(|| Self {
            mails: count(sums.mails),
            invoices: count(sums.invoices),
            total: sums.total.into(),
            late_days: sums.days_late,
        })
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// When a level is due, as typed.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
pub(crate) struct ReminderStepForm {
    /// Which level.
    pub(crate) level: ReminderLevel,
    /// Whether it is proposed at all.
    pub(crate) is_on: bool,
    /// Days after the due date; before it for the first level.
    pub(crate) days: String,
}

/// The owner's plan, as typed.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
pub(crate) struct ReminderPlanForm {
    /// One per level, mildest first.
    pub(crate) steps: Vec<ReminderStepForm>,
    /// Yearly rate of late penalties, in percent; blank where it is said in words.
    pub(crate) penalty_rate: String,
}

impl From<&ReminderPlan> for ReminderPlanForm {
    fn from(plan: &ReminderPlan) -> Self {
        let steps = plan.steps().iter().map(|step| ReminderStepForm {
            level: step.level.into(),
            is_on: step.is_on,
            days: step.days.to_string(),
        });
        Self {
            steps: steps.collect(),
            penalty_rate: plan
                .penalty_rate()
                .map(|rate| rate.decimal().replace('.', ","))
                .unwrap_or_default(),
        }
    }
}

/// What saving a plan came to.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct ReminderPlanAnswer {
    /// What cannot be read; nothing when it was kept.
    pub(crate) errors: Vec<FieldError>,
}
