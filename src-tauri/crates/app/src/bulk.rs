//! Many invoices sent at once: what will happen is told before anything leaves, and a batch that is
//! asked for twice leaves once. Each mail goes the way of any other from there.

use std::collections::BTreeSet;

use acquit_domain::id::{InvoiceId, MailId};
use acquit_domain::invoice::Finalised;
use acquit_domain::limits::BULK_MAX;
use acquit_domain::link::{Mode, PaymentLink};
use acquit_domain::mail::{MailEvent, MailState, Recipients, Trouble};
use acquit_domain::numbering::DocumentNumber;
use acquit_domain::receipt::Status;
use acquit_domain::text::Email;
use acquit_store::Writer;

use crate::customers::recipients_of;
use crate::letters::{Wording, is_test, may_leave};
use crate::sending::views;
use crate::view::{Document, InvoiceView};
use crate::{Acquit, Error, MailView, NewMail};

/// Why an invoice stays out of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// The customer has no address.
    NoAddress,
    /// The server refused the customer's address before.
    AddressRefused(String),
    /// A mail of it waits already.
    Waiting,
    /// Whether its mail arrived is not known: that comes first.
    Unclear,
    /// It is cancelled.
    Cancelled,
    /// Its link was made with a Test key: the customer could not pay.
    TestLink,
}

/// What a batch will do with one invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Foreseen {
    /// It is sent.
    Ready {
        /// To whom.
        to: Vec<Email>,
    },
    /// It left before: it is sent only when that is wanted.
    Again {
        /// To whom.
        to: Vec<Email>,
    },
    /// It is not sent.
    LeftOut(LeftOut),
}

/// One invoice of a batch.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Which invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: DocumentNumber,
    /// Name of its customer.
    pub customer: String,
    /// Code of its customer.
    pub customer_code: String,
    /// What will happen.
    pub foreseen: Foreseen,
}

/// What a batch will do.
#[derive(Clone, Debug)]
pub struct BulkPlan {
    /// Its invoices, in the order given.
    pub invoices: Vec<Planned>,
    /// Whether there is something to send through.
    pub has_mailbox: bool,
    /// The moment of the plan: what was written about an invoice since leaves it out.
    pub mark: i64,
}

/// A batch to send.
#[derive(Clone, Debug)]
pub struct BulkOrder {
    /// Which invoices.
    pub invoices: Vec<InvoiceId>,
    /// Also those that left before.
    pub again: bool,
    /// The moment of the plan that was agreed to.
    pub mark: i64,
}

/// Where the mails of a batch stand.
#[derive(Clone, Debug, Default)]
pub struct BulkStanding {
    /// The server accepted so many.
    pub sent: usize,
    /// So many wait.
    pub waiting: usize,
    /// So many are leaving right now.
    pub leaving: usize,
    /// So many were taken back.
    pub withdrawn: usize,
    /// Those that were refused.
    pub refused: Vec<MailView>,
    /// Those that may have arrived.
    pub unclear: Vec<MailView>,
    /// Why those that wait did not leave yet.
    pub trouble: Option<Trouble>,
}

/// What the mails of an invoice so far mean for one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    Nothing,
    Left,
    Waits,
    Unclear,
}

impl Acquit {
    /// What sending these invoices at once will do.
    ///
    /// # Errors
    /// [`Error::NotABatch`], [`Error::UnknownInvoice`], [`Error::StillADraft`].
    pub fn bulk_plan(&self, invoices: &[InvoiceId]) -> Result<BulkPlan, Error> {
        checked_batch(invoices)?;
        // Before anything is looked at: what comes meanwhile counts as new.
        let mark = self.file.read(|reader| reader.mail_mark())?;
        let mut planned = Vec::with_capacity(invoices.len());
        for id in invoices {
            planned.push(self.foreseen(*id)?.0);
        }
        Ok(BulkPlan {
            invoices: planned,
            has_mailbox: self.from_address()?.is_some(),
            mark,
        })
    }

    /// Queues one mail for each invoice that can leave, all or none. What changed since the plan is
    /// looked at again in the transaction that writes: no invoice leaves twice.
    ///
    /// # Errors
    /// As [`Self::bulk_plan`]; [`Error::NoMailbox`]; a rule that the saved text breaks, by its field.
    pub fn queue_bulk(&self, order: &BulkOrder) -> Result<Vec<MailId>, Error> {
        checked_batch(&order.invoices)?;
        if self.from_address()?.is_none() {
            return Err(Error::NoMailbox);
        }
        let now = self.parts.now();
        let mut ready = Vec::with_capacity(order.invoices.len());
        for id in &order.invoices {
            if let Some(new) = self.foreseen(*id)?.1 {
                ready.push(self.written(new, MailState::written(now))?);
            }
        }
        self.file.write(|writer| {
            let mut queued = Vec::with_capacity(ready.len());
            for (mail, files) in &ready {
                if !still_leaves(writer, mail.invoice, order)? {
                    continue;
                }
                writer.insert_mail(mail, files)?;
                self.audit(writer, "mail_written", &(mail.id, mail.invoice))?;
                queued.push(mail.id);
            }
            Ok(queued)
        })
    }

    /// Where the mails of a batch stand.
    ///
    /// # Errors
    /// [`Error::NotABatch`], [`Error::UnknownMail`].
    pub fn bulk_standing(&self, mails: &[MailId]) -> Result<BulkStanding, Error> {
        checked_batch(mails)?;
        self.file.read(|reader| {
            let mut standing = BulkStanding::default();
            for id in mails {
                let row = reader.mail(*id)?.ok_or(Error::UnknownMail)?;
                match &row.mail.state {
                    MailState::Refused(_) => standing.refused.extend(views(reader, vec![row])?),
                    MailState::Unclear => standing.unclear.extend(views(reader, vec![row])?),
                    state => standing.count(state),
                }
            }
            Ok(standing)
        })
    }

    /// Takes back all mails of a batch that still wait, at once. What left or was refused stays so.
    ///
    /// # Errors
    /// As [`Self::bulk_standing`].
    pub fn stop_bulk(&self, mails: &[MailId]) -> Result<(), Error> {
        checked_batch(mails)?;
        self.file.write(|writer| {
            for id in mails {
                let row = writer.mail(*id)?.ok_or(Error::UnknownMail)?;
                if matches!(row.mail.state, MailState::Queued { .. }) {
                    self.move_mail(writer, &row.mail, MailEvent::Withdrawn)?;
                }
            }
            Ok(())
        })
    }

    /// What a batch will do with an invoice, and the mail that it would write.
    fn foreseen(&self, id: InvoiceId) -> Result<(Planned, Option<NewMail>), Error> {
        let view = self.invoice(id)?;
        let Document::Finalised(document) = &view.document else {
            return Err(Error::StillADraft);
        };
        let judged = self.judged(&view, document)?;
        let planned = |foreseen| Planned {
            invoice: id,
            number: document.number,
            customer: document.buyer.name.clone(),
            customer_code: document.buyer.code.clone(),
            foreseen,
        };
        let (new, before) = match judged {
            Ok(ready) => ready,
            Err(why) => return Ok((planned(Foreseen::LeftOut(why)), None)),
        };
        let to = new.recipients.to.clone();
        let foreseen = match before {
            Before::Left => Foreseen::Again { to },
            _ => Foreseen::Ready { to },
        };
        Ok((planned(foreseen), Some(new)))
    }

    /// The mail of an invoice and whether one left before, or why there is none to write.
    fn judged(
        &self,
        view: &InvoiceView,
        document: &Finalised,
    ) -> Result<Result<(NewMail, Before), LeftOut>, Error> {
        let (known, states) = self.file.read(|reader| {
            let known = recipients_of(reader, document.buyer.id)?;
            let mails = reader.mails_of(document.id)?.into_iter();
            let states: Vec<MailState> = mails.map(|row| row.mail.state).collect();
            Ok::<_, Error>((known, states))
        })?;
        if view.standing.status == Status::Cancelled {
            return Ok(Err(LeftOut::Cancelled));
        }
        let before = before(&states);
        match before {
            Before::Waits => return Ok(Err(LeftOut::Waiting)),
            Before::Unclear => return Ok(Err(LeftOut::Unclear)),
            Before::Nothing | Before::Left => {}
        }
        let mut new = self.compose(document.id)?.mail;
        match addressed(new.recipients, refused_address(&states), known) {
            Ok(recipients) => new.recipients = recipients,
            Err(why) => return Ok(Err(why)),
        }
        if self.withholds_link(view, &new.recipients)? {
            return Ok(Err(LeftOut::TestLink));
        }
        Ok(Ok((new, before)))
    }

    /// Whether the link of an invoice to be paid would stay behind, as it was made with a Test key.
    fn withholds_link(&self, view: &InvoiceView, recipients: &Recipients) -> Result<bool, Error> {
        let Some(link) = view.link.as_ref().filter(|link| is_test(link)) else {
            return Ok(false);
        };
        let mode = self.connection()?.map(|connection| connection.mode);
        // A Live key replaces it before it leaves.
        if mode == Some(Mode::Live) || !view.standing.payable().is_positive() {
            return Ok(false);
        }
        self.would_not_leave(link, recipients)
    }

    fn would_not_leave(&self, link: &PaymentLink, recipients: &Recipients) -> Result<bool, Error> {
        let from = match self.from_address()? {
            Some(from) => from,
            None => self.company_address()?,
        };
        let wording = Wording {
            recipients,
            subject: "",
            body: "",
            from: (&from.0, &from.1),
        };
        Ok(!may_leave(link, &wording, &self.company()?))
    }
}

impl BulkStanding {
    fn count(&mut self, state: &MailState) {
        match state {
            MailState::Sent | MailState::Elsewhere => self.sent += 1,
            MailState::HandingOver => self.leaving += 1,
            MailState::Withdrawn => self.withdrawn += 1,
            MailState::Queued { trouble, .. } => {
                self.waiting += 1;
                self.trouble = self.trouble.take().or_else(|| trouble.clone());
            }
            // Listed one by one.
            MailState::Refused(_) | MailState::Unclear => {}
        }
    }
}

/// A batch has something in it, not too much, and each only once.
fn checked_batch<Id: Ord>(ids: &[Id]) -> Result<(), Error> {
    let distinct: BTreeSet<&Id> = ids.iter().collect();
    if ids.is_empty() || ids.len() > BULK_MAX || distinct.len() < ids.len() {
        return Err(Error::NotABatch);
    }
    Ok(())
}

/// What the mails of an invoice mean for one more. What was taken back or refused means nothing.
fn before(states: &[MailState]) -> Before {
    let any = |is_so: fn(&MailState) -> bool| states.iter().any(is_so);
    if any(|state| matches!(state, MailState::Queued { .. } | MailState::HandingOver)) {
        return Before::Waits;
    }
    if any(|state| *state == MailState::Unclear) {
        return Before::Unclear;
    }
    if any(|state| matches!(state, MailState::Sent | MailState::Elsewhere)) {
        return Before::Left;
    }
    Before::Nothing
}

/// The address that the latest mail was refused for; the states are newest first.
fn refused_address(states: &[MailState]) -> Option<&str> {
    match states.first() {
        Some(MailState::Refused(trouble)) => trouble.address.as_deref(),
        _ => None,
    }
}

/// To whom a mail goes. Nobody looks at each mail of a batch: it does not go to an address that was
/// refused, but to those that are `known` of the customer since.
fn addressed(
    proposed: Recipients,
    refused: Option<&str>,
    known: Vec<Email>,
) -> Result<Recipients, LeftOut> {
    let is_refused = |email: &Email| Some(email.as_str()) == refused;
    if !proposed.seen().any(is_refused) {
        return match proposed.to.is_empty() {
            true => Err(LeftOut::NoAddress),
            false => Ok(proposed),
        };
    }
    if let Some(email) = known.iter().find(|email| is_refused(email)) {
        return Err(LeftOut::AddressRefused(email.to_string()));
    }
    if known.is_empty() {
        return Err(LeftOut::NoAddress);
    }
    Ok(Recipients {
        to: known,
        cc: Vec::new(),
        copy_to_self: proposed.copy_to_self,
    })
}

/// Whether an invoice may leave in this transaction as it was planned.
fn still_leaves(writer: &Writer<'_>, id: InvoiceId, order: &BulkOrder) -> Result<bool, Error> {
    if writer.has_mail_since(id, order.mark)? {
        return Ok(false);
    }
    let listed = writer.listed(id)?.ok_or(Error::Inconsistent("list"))?;
    if listed.status == Status::Cancelled {
        return Ok(false);
    }
    let mails = writer.mails_of(id)?.into_iter();
    let states: Vec<MailState> = mails.map(|row| row.mail.state).collect();
    Ok(match before(&states) {
        Before::Nothing => true,
        Before::Left => order.again,
        Before::Waits | Before::Unclear => false,
    })
}

#[cfg(test)]
mod tests {
    use super::{Before, BulkStanding, LeftOut, addressed, before, checked_batch, refused_address};
    use acquit_domain::mail::{MailState, Recipients, Trouble};
    use acquit_domain::text::Email;
    use jiff::Timestamp;

    fn email(text: &str) -> Email {
        Email::parse(text).unwrap()
    }

    fn to(text: &str) -> Recipients {
        Recipients {
            to: vec![email(text)],
            cc: Vec::new(),
            copy_to_self: true,
        }
    }

    fn refused(address: Option<&str>) -> MailState {
        MailState::Refused(Trouble {
            code: "mail_recipient_refused".to_owned(),
            address: address.map(str::to_owned),
        })
    }

    #[test]
    fn a_batch_holds_something_and_each_once() {
        assert!(checked_batch::<u32>(&[]).is_err());
        assert!(checked_batch(&[1, 2, 1]).is_err());
        let many: Vec<u32> = (0..501).collect();
        assert!(checked_batch(&many).is_err());
        assert!(checked_batch(&many[1..]).is_ok());
    }

    #[test]
    fn what_waits_or_is_unclear_comes_before_what_left() {
        let waits = MailState::written(Timestamp::UNIX_EPOCH);
        assert_eq!(before(&[]), Before::Nothing);
        assert_eq!(
            before(&[refused(None), MailState::Withdrawn]),
            Before::Nothing
        );
        assert_eq!(before(&[refused(None), MailState::Sent]), Before::Left);
        assert_eq!(before(&[MailState::Elsewhere]), Before::Left);
        assert_eq!(before(&[MailState::Sent, waits]), Before::Waits);
        assert_eq!(
            before(&[MailState::Sent, MailState::HandingOver]),
            Before::Waits
        );
        assert_eq!(
            before(&[MailState::Sent, MailState::Unclear]),
            Before::Unclear
        );
    }

    #[test]
    fn a_refused_address_gives_way_to_the_one_of_today() {
        let states = [refused(Some("a@x.example")), MailState::Sent];
        let old = refused_address(&states);
        assert_eq!(old, Some("a@x.example"));
        let today = addressed(to("a@x.example"), old, vec![email("b@x.example")]);
        assert_eq!(today, Ok(to("b@x.example")));
        let same = addressed(to("a@x.example"), old, vec![email("a@x.example")]);
        assert_eq!(same, Err(LeftOut::AddressRefused("a@x.example".to_owned())));
        let none = addressed(to("a@x.example"), old, Vec::new());
        assert_eq!(none, Err(LeftOut::NoAddress));
        // Somebody wrote to another one since.
        let other = addressed(to("c@x.example"), old, vec![email("a@x.example")]);
        assert_eq!(other, Ok(to("c@x.example")));
        let nobody = Recipients {
            to: Vec::new(),
            ..to("a@x.example")
        };
        assert_eq!(addressed(nobody, None, Vec::new()), Err(LeftOut::NoAddress));
    }

    #[test]
    fn what_waits_tells_the_first_reason() {
        let waits = |code: Option<&str>| MailState::Queued {
            tries: 0,
            next_at: Timestamp::UNIX_EPOCH,
            since: Timestamp::UNIX_EPOCH,
            trouble: code.map(|code| Trouble {
                code: code.to_owned(),
                address: None,
            }),
        };
        let mut standing = BulkStanding::default();
        for state in [
            waits(None),
            waits(Some("mail_unreachable")),
            waits(Some("mail_later")),
            MailState::HandingOver,
            MailState::Sent,
            MailState::Withdrawn,
        ] {
            standing.count(&state);
        }
        let counts = [
            standing.waiting,
            standing.leaving,
            standing.sent,
            standing.withdrawn,
        ];
        assert_eq!(counts, [3, 1, 1, 1]);
        let code = standing.trouble.map(|trouble| trouble.code);
        assert_eq!(code.as_deref(), Some("mail_unreachable"));
    }
}
