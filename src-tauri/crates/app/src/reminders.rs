//! Reminders: proposed as of today from the whole state, sent in one go after a look. Nothing is kept of
//! what was proposed, so that a missed morning is made up for by the next one.

use std::collections::{BTreeMap, BTreeSet};

use acquit_domain::Cents;
use acquit_domain::customer::Customer;
use acquit_domain::date::days_late;
use acquit_domain::id::{CustomerId, InvoiceId, MailId};
use acquit_domain::mail::{Mail, MailState, Recipients};
use acquit_domain::reminder::{Level, ReminderPlan, Tone};
use acquit_domain::text::Email;
use acquit_mail::words::{STATEMENT_NAME, for_reminders};
use acquit_store::{Reader, RemindableRow, ReminderRow, Writer};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::customers::recipients_of;
use crate::ledger::Account;
use crate::letters::Shown;
use crate::lists::{Summary, summaries_by_id};
use crate::view::{Document, InvoiceView};
use crate::{Acquit, Error};

/// Invoices that one mail reminds of at most.
const IN_ONE_MAIL: usize = 20;
/// Invoices that are proposed in one go at most: more are looked at by nobody.
const AT_ONCE: usize = 300;
/// Days that reminders are put off for.
const PAUSE_DAYS: i32 = 7;

/// An invoice that a reminder is due for.
#[derive(Clone, Debug)]
pub struct ProposedInvoice {
    /// What a list says of it.
    pub summary: Summary,
    /// How firm its reminder is.
    pub level: Level,
    /// Days since its due date; 0 before.
    pub days_late: i32,
}

/// One mail that is proposed: what a customer is reminded of.
#[derive(Clone, Debug)]
pub struct ProposedMail {
    /// Whom.
    pub customer: Customer,
    /// Who gets it; nobody where no address is known.
    pub to: Vec<Email>,
    /// How firmly it speaks: as the mildest of its invoices, of which all of it is true.
    pub level: Level,
    /// What about, oldest due first; one at least.
    pub invoices: Vec<ProposedInvoice>,
    /// What is still to pay of them.
    pub total: Cents,
}

/// What is proposed this morning.
#[derive(Clone, Debug, Default)]
pub struct Proposals {
    /// Mails, the oldest due first.
    pub mails: Vec<ProposedMail>,
    /// Whether more are due than can be looked at in one go.
    pub has_more: bool,
}

/// A mail among those that are due: whose, how firm, and which of several.
type Group = (CustomerId, Tone, usize);

/// Reminders that are due, oldest due first.
#[derive(Default)]
struct Due {
    reminders: Vec<(Group, RemindableRow, Level)>,
    has_more: bool,
}

/// Reminders that are due, in sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReminderSums {
    /// Mails.
    pub mails: usize,
    /// Invoices that they remind of.
    pub invoices: usize,
    /// What is still to pay of them.
    pub total: Cents,
    /// Days since the oldest due date among them; 0 when nothing is late.
    pub days_late: i32,
}

/// A proposed mail that the owner wants, by what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Code of the customer.
    pub customer: String,
    /// How firmly it spoke when it was looked at.
    pub level: Level,
    /// Its invoices.
    pub invoices: Vec<InvoiceId>,
}

/// What became of the mails that the owner wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemindersSent {
    /// Mails that leave.
    pub mails: Vec<MailId>,
    /// Invoices that they remind of.
    pub invoices: usize,
    /// Invoices that need no such reminder any more, or whose customer has no address.
    pub left_out: usize,
}

impl Acquit {
    /// The reminders that are due today, each customer's together: what is late in one mail, formal
    /// notices and what is not late yet in mails of their own.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn proposed_reminders(&self) -> Result<Proposals, Error> {
        self.file.read(|reader| self.proposals(reader))
    }

    fn proposals(&self, reader: &Reader<'_>) -> Result<Proposals, Error> {
        let mut groups: BTreeMap<Group, usize> = BTreeMap::new();
        let due = self.due(reader)?;
        let mut proposals = Proposals {
            has_more: due.has_more,
            ..Proposals::default()
        };
        for (group, row, level) in due.reminders {
            let summary = summaries_by_id(reader, &[row.invoice])?.pop();
            let invoice = ProposedInvoice {
                summary: summary.ok_or(Error::Inconsistent("invoice"))?,
                level,
                days_late: days_late(row.due_date, self.parts.today()),
            };
            match groups
                .get(&group)
                .and_then(|at| proposals.mails.get_mut(*at))
            {
                Some(mail) => mail.add(invoice),
                None => {
                    groups.insert(group, proposals.mails.len());
                    let mail = proposed_mail(reader, row.customer, invoice)?;
                    proposals.mails.push(mail);
                }
            }
        }
        Ok(proposals)
    }

    /// What is due today in sum: the first screen asks often, and needs no more.
    pub(crate) fn reminder_sums(&self, reader: &Reader<'_>) -> Result<ReminderSums, Error> {
        let today = self.parts.today();
        let reminders = self.due(reader)?.reminders;
        let mails: BTreeSet<&Group> = reminders.iter().map(|(group, ..)| group).collect();
        let late = reminders
            .iter()
            .map(|(_, row, _)| days_late(row.due_date, today));
        Ok(ReminderSums {
            mails: mails.len(),
            invoices: reminders.len(),
            total: reminders.iter().map(|(_, row, _)| row.remaining).sum(),
            days_late: late.max().unwrap_or(0),
        })
    }

    /// The reminders that are due today, each with the mail that it stands in.
    fn due(&self, reader: &Reader<'_>) -> Result<Due, Error> {
        let today = self.parts.today();
        let plan = reader.reminder_plan()?.unwrap_or_default();
        let mut sizes: BTreeMap<(CustomerId, Tone), usize> = BTreeMap::new();
        let mut due = Due::default();
        for row in reader.remindable(plan.horizon(today), today)? {
            let next = plan.proposed(row.issue_date, row.due_date, &row.past, today);
            let Some(level) = next else { continue };
            // The cached status does not tell that a decision is waited for (`payment-links.md` § 3).
            let standing = Account::read(reader, row.invoice)?.standing;
            if !standing.payable().is_positive() {
                continue;
            }
            if due.reminders.len() == AT_ONCE {
                due.has_more = true;
                break;
            }
            let size = sizes.entry((row.customer, level.tone())).or_insert(0);
            let group = (row.customer, level.tone(), *size / IN_ONE_MAIL);
            *size += 1;
            due.reminders.push((group, row, level));
        }
        Ok(due)
    }

    /// What a proposed mail says now.
    ///
    /// # Errors
    /// [`Error::NothingToRemind`] where none of its invoices needs a reminder any more.
    pub fn preview_reminder(&self, chosen: &Chosen) -> Result<Shown, Error> {
        let mut mails = self.proposed_reminders()?.mails;
        let mail = take(&mut mails, chosen).ok_or(Error::NothingToRemind)?;
        let views: Result<Vec<InvoiceView>, Error> = mail
            .invoices
            .iter()
            .map(|invoice| self.invoice(invoice.summary.id))
            .collect();
        let (subject, body) = self.text_for(for_reminders(mail.level))?;
        let mut shown = self.preview_of(&views?, &recipients(mail.to), &subject, &body, &[])?;
        if carries_statement(mail.level, mail.invoices.len()) {
            shown.attached.push((STATEMENT_NAME.to_owned(), 0));
        }
        Ok(shown)
    }

    /// Queues the mails that the owner wants, all or none. What is not due any more is left out: it was
    /// paid meanwhile, or another program was faster.
    ///
    /// # Errors
    /// [`Error::NoMailbox`], or a failure of the file.
    pub fn send_reminders(&self, chosen: &[Chosen]) -> Result<RemindersSent, Error> {
        if self.from_address()?.is_none() {
            return Err(Error::NoMailbox);
        }
        // Outside of the transaction: texts that are missing are written by one of their own.
        let mut texts = BTreeMap::new();
        for level in Level::ALL {
            texts.insert(level, self.text_for(for_reminders(level))?);
        }
        self.file.write(|writer| {
            let mut sent = RemindersSent::default();
            let mut mails = self.proposals(writer)?.mails;
            for wanted in chosen {
                let still = take(&mut mails, wanted);
                let Some(mail) = still.filter(|mail| !mail.to.is_empty()) else {
                    sent.left_out += wanted.invoices.len();
                    continue;
                };
                let (subject, body) = texts.get(&mail.level).ok_or(Error::Inconsistent("text"))?;
                sent.invoices += mail.invoices.len();
                sent.left_out += wanted.invoices.len().saturating_sub(mail.invoices.len());
                sent.mails
                    .push(self.queue_reminder(writer, mail, subject, body)?);
            }
            Ok(sent)
        })
    }

    fn queue_reminder(
        &self,
        writer: &Writer<'_>,
        proposed: ProposedMail,
        subject: &str,
        body: &str,
    ) -> Result<MailId, Error> {
        let now = self.parts.now();
        let first = proposed.invoices.first();
        let mail = Mail {
            id: MailId::new(self.parts.uuid()),
            invoice: first.ok_or(Error::Inconsistent("reminder"))?.summary.id,
            recipients: recipients(proposed.to),
            subject: subject.to_owned(),
            body: body.to_owned(),
            state: MailState::written(now),
            written_at: now,
        };
        writer.insert_mail(&mail, &[])?;
        for ProposedInvoice { summary, level, .. } in &proposed.invoices {
            let row = ReminderRow {
                invoice: summary.id,
                level: *level,
            };
            writer.insert_reminder(mail.id, row, self.parts.today())?;
        }
        self.audit(writer, "mail_written", &(mail.id, mail.invoice))?;
        Ok(mail.id)
    }

    /// The documents that a mail is about: of a reminder those of which it is still true, oldest due first.
    pub(crate) fn subjects(&self, mail: &Mail) -> Result<Vec<InvoiceView>, Error> {
        if !self.file.read(|reader| reader.is_reminder(mail.id))? {
            return Ok(vec![self.invoice(mail.invoice)?]);
        }
        let reminders = self.file.read(|reader| reader.reminders_of_mail(mail.id))?;
        let mut views = Vec::with_capacity(reminders.len());
        for row in reminders {
            let view = self.invoice(row.invoice)?;
            if still_reminds(&view, row.level, self.parts.today()) {
                views.push(view);
            }
        }
        Ok(views)
    }

    /// Proposes no reminder of some invoices for a week.
    ///
    /// # Errors
    /// [`Error::UnknownInvoice`].
    pub fn postpone_reminders(&self, invoices: &[InvoiceId]) -> Result<(), Error> {
        let until = self.parts.today().saturating_add(PAUSE_DAYS.days());
        self.file.write(|writer| {
            for id in invoices {
                if writer.document(*id)?.is_none() {
                    return Err(Error::UnknownInvoice(id.to_string()));
                }
                writer.pause_reminders(*id, until)?;
            }
            self.audit(writer, "reminders_postponed", &invoices)
        })
    }

    /// When reminders are proposed.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn reminder_plan(&self) -> Result<ReminderPlan, Error> {
        let kept = self.file.read(|reader| reader.reminder_plan())?;
        Ok(kept.unwrap_or_default())
    }

    /// Changes when reminders are proposed.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn set_reminder_plan(&self, plan: &ReminderPlan) -> Result<(), Error> {
        self.file.write(|writer| {
            writer.set_reminder_plan(plan)?;
            self.audit(writer, "reminder_plan_changed", plan)
        })
    }

    /// Whether reminders are proposed for a customer.
    ///
    /// # Errors
    /// [`Error::UnknownCustomer`].
    pub fn is_reminded(&self, code: &str) -> Result<bool, Error> {
        let customer = self.customer(code)?.id;
        Ok(self.file.read(|reader| reader.is_reminded(customer))?)
    }

    /// Proposes reminders for a customer, or no more.
    ///
    /// # Errors
    /// [`Error::UnknownCustomer`].
    pub fn set_reminded(&self, code: &str, is_reminded: bool) -> Result<(), Error> {
        let customer = self.customer(code)?.id;
        self.file.write(|writer| {
            writer.set_reminded(customer, is_reminded)?;
            self.audit(writer, "customer_reminded", &(code, is_reminded))
        })
    }
}

impl ProposedMail {
    fn add(&mut self, invoice: ProposedInvoice) {
        self.invoices.push(invoice);
        self.sum_up();
    }

    fn sum_up(&mut self) {
        self.total = self.invoices.iter().map(|row| row.summary.remaining).sum();
        let mildest = self.invoices.iter().map(|row| row.level).min();
        self.level = mildest.unwrap_or(self.level);
    }
}

/// Whether a reminder carries a statement of account: one of several invoices, and a formal notice.
pub(crate) const fn carries_statement(level: Level, invoices: usize) -> bool {
    invoices > 1 || matches!(level, Level::FormalNotice)
}

/// Whether a reminder of an invoice is true: something is asked for, and what was due soon is not late.
fn still_reminds(view: &InvoiceView, level: Level, today: Date) -> bool {
    let is_early = match &view.document {
        Document::Finalised(document) => today <= view.due_date(document),
        Document::Draft { .. } => false,
    };
    view.standing.payable().is_positive() && (level != Level::BeforeDue || is_early)
}

/// Takes a mail out of those that are proposed, with no other invoice than those that the owner saw.
fn take(mails: &mut Vec<ProposedMail>, chosen: &Chosen) -> Option<ProposedMail> {
    let is_wanted = |invoice: &ProposedInvoice| chosen.invoices.contains(&invoice.summary.id);
    let at = mails.iter().position(|mail| {
        mail.customer.code == chosen.customer
            && mail.level == chosen.level
            && mail.invoices.iter().any(is_wanted)
    })?;
    let mut mail = mails.remove(at);
    mail.invoices.retain(is_wanted);
    mail.sum_up();
    Some(mail)
}

fn proposed_mail(
    reader: &Reader<'_>,
    customer: CustomerId,
    invoice: ProposedInvoice,
) -> Result<ProposedMail, Error> {
    let row = reader.customer(customer)?;
    Ok(ProposedMail {
        customer: row.ok_or(Error::Inconsistent("customer"))?.customer,
        to: recipients_of(reader, customer)?,
        level: invoice.level,
        total: invoice.summary.remaining,
        invoices: vec![invoice],
    })
}

const fn recipients(to: Vec<Email>) -> Recipients {
    Recipients {
        to,
        cc: Vec::new(),
        copy_to_self: false,
    }
}
