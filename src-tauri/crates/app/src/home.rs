//! What the owner sees first: what is owed, what came in, what asks for a decision.

use std::collections::BTreeSet;

use acquit_domain::Cents;
use acquit_domain::mail::{LINK_PENDING, Mail, MailState};
use acquit_domain::receipt::Receipt;
use acquit_store::{AnomalyRow, Outstanding, ReceivedSums};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::lists::{Summary, summaries_by_id};
use crate::reminders::ReminderSums;
use crate::{Acquit, Error};

/// Payments and expected invoices shown.
const SHOWN: u32 = 6;
/// Expected invoices are looked for over so many days.
const SOON_DAYS: i32 = 14;

/// A mail that waits so long is told, whatever it waits for.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24);

/// Something that only the owner can decide.
#[derive(Clone, Debug)]
pub enum Decision {
    /// PayPlug and the file disagree on a payment.
    Anomaly {
        /// Both sides.
        anomaly: AnomalyRow,
        /// The invoice, where one is concerned.
        invoice: Option<Box<Summary>>,
    },
    /// Money was given back: is the invoice still to be paid (`payment-links.md` § 3)?
    AfterRefund(Box<Summary>),
    /// The customer's card was refused, and nothing came since.
    Refused {
        /// The invoice.
        invoice: Box<Summary>,
        /// PayPlug's code.
        outcome: String,
        /// When it was seen.
        at: jiff::Timestamp,
    },
    /// The retention of an invoice was to be released by now.
    Retention {
        /// The invoice.
        invoice: Box<Summary>,
        /// How much is held back.
        amount: Cents,
        /// When it was to be released.
        release_on: Date,
    },
    /// A mail that did not leave, and needs the owner; or one that may have arrived.
    Mail {
        /// The invoice.
        invoice: Box<Summary>,
        /// The mail.
        mail: Box<Mail>,
        /// When that was seen.
        at: jiff::Timestamp,
    },
}

/// The first screen.
#[derive(Clone, Debug)]
pub struct Home {
    /// Still to come in.
    pub outstanding: Outstanding,
    /// Came in this month.
    pub received: ReceivedSums,
    /// The last payments, newest first, each with its invoice.
    pub last_payments: Vec<(Receipt, Summary)>,
    /// Outstanding invoices that fall due next.
    pub soon: Vec<Summary>,
    /// Until when `soon` looks.
    pub soon_until: Date,
    /// What asks for a decision.
    pub decisions: Vec<Decision>,
    /// Reminders that are due today, and can be sent after a look.
    pub reminders: ReminderSums,
}

impl Acquit {
    /// The first screen as of now.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn home(&self) -> Result<Home, Error> {
        let today = self.parts.today();
        let soon_until = today.saturating_add(SOON_DAYS.days());
        self.file.read(|reader| {
            let mut last_payments = Vec::new();
            for row in reader.last_receipts(SHOWN)? {
                let invoice = summaries_by_id(reader, &[row.receipt.invoice])?.pop();
                last_payments.push((row.receipt, invoice.ok_or(Error::Inconsistent("receipt"))?));
            }
            let soon = reader.due_between(today, soon_until, SHOWN)?;
            Ok(Home {
                outstanding: reader.outstanding(today)?,
                received: reader.received_between(today.first_of_month(), today.last_of_month())?,
                last_payments,
                soon: summaries_by_id(reader, &soon)?,
                soon_until,
                decisions: decisions(reader, self.parts.now(), today)?,
                reminders: self.reminder_sums(reader)?,
            })
        })
    }
}

fn decisions(
    reader: &acquit_store::Reader<'_>,
    now: Timestamp,
    today: Date,
) -> Result<Vec<Decision>, Error> {
    let mut decisions = Vec::new();
    for anomaly in reader.open_anomalies()? {
        let concerned: Vec<_> = anomaly.invoice.into_iter().collect();
        let invoice = summaries_by_id(reader, &concerned)?.pop().map(Box::new);
        decisions.push(Decision::Anomaly { anomaly, invoice });
    }
    for summary in summaries_by_id(reader, &reader.refunded_outstanding()?)? {
        let account = crate::ledger::Account::read(reader, summary.id)?;
        if account.standing.awaits_decision {
            decisions.push(Decision::AfterRefund(Box::new(summary)));
        }
    }
    for (id, attempt) in reader.refused_outstanding()? {
        let invoice = summaries_by_id(reader, &[id])?.pop();
        decisions.push(Decision::Refused {
            invoice: Box::new(invoice.ok_or(Error::Inconsistent("attempt"))?),
            outcome: attempt.outcome,
            at: attempt.at,
        });
    }
    decisions.extend(retentions(reader, today)?);
    let mut told = BTreeSet::new();
    for row in reader.mails_in_trouble()? {
        // What keeps all mails from leaving is told once.
        if !asks_for_owner(&row.mail.state, now) || !is_news(&row.mail.state, &mut told) {
            continue;
        }
        let invoice = summaries_by_id(reader, &[row.mail.invoice])?.pop();
        decisions.push(Decision::Mail {
            invoice: Box::new(invoice.ok_or(Error::Inconsistent("mail"))?),
            mail: Box::new(row.mail),
            at: row.changed_at,
        });
    }
    Ok(decisions)
}

/// Retentions that were to be released by now.
fn retentions(reader: &acquit_store::Reader<'_>, today: Date) -> Result<Vec<Decision>, Error> {
    let ids = reader.retentions_to_release(today)?;
    let mut found = Vec::with_capacity(ids.len());
    for invoice in summaries_by_id(reader, &ids)? {
        if let Some((amount, release_on)) = reader.retention_noted(invoice.id)? {
            found.push(Decision::Retention {
                invoice: Box::new(invoice),
                amount,
                release_on,
            });
        }
    }
    Ok(found)
}

fn is_news(state: &MailState, told: &mut BTreeSet<String>) -> bool {
    match (state, state.trouble()) {
        (MailState::Queued { .. }, Some(trouble)) => told.insert(trouble.code.clone()),
        _ => true,
    }
}

/// Whether a mail goes on only with its owner's help. What waits for the network, for the server or for
/// its link goes on by itself; after a day its owner knows all the same.
fn asks_for_owner(state: &MailState, now: Timestamp) -> bool {
    match state {
        MailState::Refused(_) | MailState::Unclear => true,
        MailState::Queued { trouble, since, .. } => trouble.as_ref().is_some_and(|trouble| {
            let goes_on = matches!(
                trouble.code.as_str(),
                LINK_PENDING | "mail_later" | "mail_unreachable"
            );
            !goes_on || now.duration_since(*since) >= PATIENCE
        }),
        _ => false,
    }
}
