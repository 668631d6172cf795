//! Mails about invoices: written, queued, looked at, decided upon. Nothing here waits for the network,
//! but for a link that somebody wants to carry away at once.

use acquit_domain::Rule;
use acquit_domain::id::{InvoiceId, MailFileId, MailId};
use acquit_domain::invoice::Finalised;
use acquit_domain::limits::ATTACHED_MAX_BYTES;
use acquit_domain::link::FileNature;
use acquit_domain::mail::{Mail, MailEvent, MailState, Recipients};
use acquit_domain::numbering::DocumentNumber;
use acquit_domain::text::Email;
use acquit_mail::words;
use acquit_store::{MailRow, Reader, Writer};
use jiff::Timestamp;

use crate::customers::{Proposal, proposals_for, recipients_of};
use crate::files::company_of;
use crate::letters::{Shown, Wording, is_test, listed, pdf_name, usable_url};
use crate::library::{checked_words, too_heavy};
use crate::mailbox::message_id;
use crate::renditions::{Printed, keep_with_mail};
use crate::view::{Document, InvoiceView};
use crate::{Acquit, Error, FormOf};

/// Mails of a customer that a page shows.
const OF_CUSTOMER: u32 = 50;

/// A mail to send.
#[derive(Clone, Debug)]
pub struct NewMail {
    /// About which finalised document.
    pub invoice: InvoiceId,
    /// To whom.
    pub recipients: Recipients,
    /// Subject, with variables.
    pub subject: String,
    /// Body, with variables.
    pub body: String,
    /// What goes with it, besides the PDF.
    pub files: Vec<MailFileId>,
}

/// A mail that nobody has written yet, as it is proposed.
#[derive(Clone, Debug)]
pub struct Composition {
    /// As it would leave.
    pub mail: NewMail,
    /// Addresses to propose: those of the contacts, the customer's, and those used before.
    pub proposals: Vec<Proposal>,
    /// Who would send it: name and address.
    pub from: Option<(String, Email)>,
    /// Name of the PDF.
    pub pdf: String,
}

/// A mail and where it stands.
#[derive(Clone, Debug)]
pub struct MailView {
    /// The mail.
    pub mail: Mail,
    /// Number of its document.
    pub number: DocumentNumber,
    /// When its state last changed.
    pub changed_at: Timestamp,
    /// What the customer sees, from the moment it leaves.
    pub shown: Option<Shown>,
}

/// A mail that the person's own mail program is about to open.
#[derive(Debug)]
pub struct PreparedMail {
    /// What the program opens.
    pub bytes: Vec<u8>,
    new: NewMail,
    shown: Shown,
    message_id: String,
    view: InvoiceView,
    carried: Vec<Printed>,
}

impl Acquit {
    /// The mail that is proposed for a finalised document: to whoever gets the customer's mails, with the
    /// saved text for documents of its kind, and what goes with every invoice.
    ///
    /// # Errors
    /// [`Error::UnknownInvoice`], [`Error::StillADraft`].
    pub fn compose(&self, invoice: InvoiceId) -> Result<Composition, Error> {
        let view = self.invoice(invoice)?;
        let Document::Finalised(document) = &view.document else {
            return Err(Error::StillADraft);
        };
        let (subject, body) = self.proposed_text(document.is_invoice())?;
        let customer = document.buyer.id;
        let (to, proposals) = self.file.read(|reader| {
            let to = recipients_of(reader, customer)?;
            Ok::<_, Error>((to, proposals_for(reader, customer)?))
        })?;
        let always = self.mail_files()?.into_iter().filter(|file| file.is_always);
        let anew = NewMail {
            invoice,
            recipients: Recipients {
                to,
                cc: Vec::new(),
                copy_to_self: false,
            },
            subject,
            body,
            files: always.map(|file| file.id).collect(),
        };
        Ok(Composition {
            mail: self.refused_before(invoice)?.unwrap_or(anew),
            proposals,
            from: self.from_address()?,
            pdf: pdf_name(&view)?,
        })
    }

    /// The latest mail of a document, if it was refused: what is written in its place begins with it.
    fn refused_before(&self, invoice: InvoiceId) -> Result<Option<NewMail>, Error> {
        self.file.read(|reader| {
            let latest = reader.mails_of(invoice)?.into_iter().next();
            let Some(mail) = latest.map(|row| row.mail) else {
                return Ok(None);
            };
            // A reminder goes its own way: its words are for no other mail.
            if !matches!(mail.state, MailState::Refused(_)) || reader.is_reminder(mail.id)? {
                return Ok(None);
            }
            let listed = reader.mail_files()?;
            let files = reader.files_of_mail(mail.id)?.into_iter();
            let still = files.filter(|id| listed.iter().any(|file| file.id == *id));
            Ok(Some(NewMail {
                invoice,
                recipients: mail.recipients,
                subject: mail.subject,
                body: mail.body,
                files: still.collect(),
            }))
        })
    }

    /// Subject and body of the text for invoices or for credit notes.
    fn proposed_text(&self, is_invoice: bool) -> Result<(String, String), Error> {
        self.text_for(if is_invoice {
            words::FOR_INVOICES
        } else {
            words::FOR_CREDIT_NOTES
        })
    }

    /// Who sends mails: the mailbox; in a demonstration the company itself.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn from_address(&self) -> Result<Option<(String, Email)>, Error> {
        if self.nature()? == FileNature::Demonstration {
            return self.company_address().map(Some);
        }
        let mailbox = self.mailbox()?;
        Ok(mailbox.map(|mailbox| (mailbox.name, mailbox.address)))
    }

    /// The company's own address, or one that reaches nobody.
    pub(crate) fn company_address(&self) -> Result<(String, Email), Error> {
        let company = self.company()?;
        let nobody = || Email::parse("entreprise@acquit.invalid");
        let address = company.email.map_or_else(nobody, Ok);
        let address = address.map_err(|_| Error::Inconsistent("address"))?;
        Ok((company.name, address))
    }

    /// What the customer would see now.
    ///
    /// # Errors
    /// A rule, by its field (`to`, `subject`, `body`, `files`).
    pub fn preview_mail(&self, new: &NewMail) -> Result<Shown, Error> {
        let view = self.invoice(new.invoice)?;
        let (subject, body) = self.checked(new)?;
        self.preview_of(&[view], &new.recipients, &subject, &body, &new.files)
    }

    /// What a customer would see now of a mail about some documents.
    pub(crate) fn preview_of(
        &self,
        views: &[InvoiceView],
        recipients: &Recipients,
        subject: &str,
        body: &str,
        files: &[MailFileId],
    ) -> Result<Shown, Error> {
        let from = match self.from_address()? {
            Some(from) => from,
            None => self.company_address()?,
        };
        let wording = Wording {
            recipients,
            subject,
            body,
            from: (&from.0, &from.1),
        };
        let names = views.iter().map(|view| Ok((pdf_name(view)?, 0)));
        let mut attached = names.collect::<Result<Vec<_>, Error>>()?;
        self.file.read(|reader| {
            for id in files {
                let row = reader.mail_file(*id)?.ok_or(Error::UnknownMailPart)?;
                attached.push((row.name, row.size));
            }
            Ok::<_, Error>(())
        })?;
        self.shown(views, &wording, attached)
    }

    /// Queues a mail; the outbox sends it.
    ///
    /// # Errors
    /// A rule, by its field; [`Error::NoMailbox`] when nothing could ever send it.
    pub fn queue_mail(&self, new: NewMail) -> Result<MailId, Error> {
        if self.from_address()?.is_none() {
            return Err(Error::NoMailbox);
        }
        let now = self.parts.now();
        self.insert_mail(new, MailState::written(now))
    }

    fn insert_mail(&self, new: NewMail, state: MailState) -> Result<MailId, Error> {
        let (mail, files) = self.written(new, state)?;
        self.file.write(|writer| {
            if writer.document(mail.invoice)?.is_none() {
                return Err(Error::StillADraft);
            }
            writer.insert_mail(&mail, &files)?;
            self.audit(writer, "mail_written", &(mail.id, mail.invoice))
        })?;
        self.drop_form(&FormOf::Mail(mail.invoice))?;
        Ok(mail.id)
    }

    /// A mail as the outbox takes it, and what goes with it.
    ///
    /// # Errors
    /// A rule, by its field; [`Error::NoAddress`].
    pub(crate) fn written(
        &self,
        new: NewMail,
        state: MailState,
    ) -> Result<(Mail, Vec<MailFileId>), Error> {
        let (subject, body) = self.checked(&new)?;
        if new.recipients.to.is_empty() {
            return Err(Error::NoAddress);
        }
        let mail = Mail {
            id: MailId::new(self.parts.uuid()),
            invoice: new.invoice,
            recipients: new.recipients,
            subject,
            body,
            state,
            written_at: self.parts.now(),
        };
        Ok((mail, new.files))
    }

    /// Checks what is written and what goes with it.
    fn checked(&self, new: &NewMail) -> Result<(String, String), Error> {
        if matches!(self.invoice(new.invoice)?.document, Document::Draft { .. }) {
            return Err(Error::StillADraft);
        }
        if new.recipients.seen().count() > acquit_domain::limits::RECIPIENTS_MAX {
            let most = acquit_domain::limits::RECIPIENTS_MAX;
            return Err(acquit_domain::Error::at("cc", Rule::TooManyRecipients { most }).into());
        }
        let words = checked_words(&new.subject, &new.body)?;
        let heavy = self.file.read(|reader| {
            let mut sum = 0_u64;
            for id in &new.files {
                let row = reader.mail_file(*id)?.ok_or(Error::UnknownMailPart)?;
                sum = sum.saturating_add(row.size);
            }
            Ok::<_, Error>(sum > ATTACHED_MAX_BYTES)
        })?;
        if heavy {
            return Err(too_heavy().into());
        }
        Ok(words)
    }

    /// The mail as a file that the person's own mail program opens for sending. Nothing is recorded
    /// before [`Self::opened_elsewhere`].
    ///
    /// # Errors
    /// A rule, by its field.
    pub async fn mail_elsewhere(&self, new: NewMail) -> Result<PreparedMail, Error> {
        if new.recipients.to.is_empty() {
            return Err(Error::NoAddress);
        }
        let view = self.prepare_link(new.invoice).await?;
        let (subject, body) = self.checked(&new)?;
        let from = match self.from_address()? {
            Some(from) => from,
            None => self.company_address()?,
        };
        let recipients = new.recipients.clone();
        let wording = Wording {
            recipients: &recipients,
            subject: &subject,
            body: &body,
            from: (&from.0, &from.1),
        };
        let view = self.leaving(view, &wording)?;
        let (carried, attachments) = self.attachments(std::slice::from_ref(&view), &new.files)?;
        let shown = self.shown(std::slice::from_ref(&view), &wording, listed(&attachments))?;
        let id = message_id(&self.parts.uuid().to_string(), &from.1);
        let bytes = self.message(&shown, &wording, &id, &attachments, true)?;
        Ok(PreparedMail {
            bytes,
            new,
            shown,
            message_id: id,
            view,
            carried,
        })
    }

    /// Records that a prepared mail was opened in the person's own mail program. It counts as carried:
    /// what happens there is not known here.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn opened_elsewhere(&self, prepared: PreparedMail) -> Result<(), Error> {
        let mail = self.insert_mail(prepared.new, MailState::Elsewhere)?;
        let (shown, message_id) = (&prepared.shown, &prepared.message_id);
        self.file.write(|writer| {
            keep_shown(writer, mail, shown, message_id)?;
            keep_with_mail(writer, mail, &prepared.carried)?;
            Ok::<_, Error>(writer.carried_left(mail, self.parts.now())?)
        })?;
        self.left_with(&prepared.view)
    }

    /// The mails of an invoice, newest first.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn mails_of(&self, invoice: InvoiceId) -> Result<Vec<MailView>, Error> {
        self.file
            .read(|reader| views(reader, reader.mails_of(invoice)?))
    }

    /// The mails of a customer, newest first.
    ///
    /// # Errors
    /// [`Error::UnknownCustomer`].
    pub fn mails_of_customer(&self, code: &str) -> Result<Vec<MailView>, Error> {
        self.file.read(|reader| {
            let row = reader.customer_by_code(code)?;
            let row = row.ok_or_else(|| Error::UnknownCustomer(code.to_owned()))?;
            views(
                reader,
                reader.mails_of_customer(row.customer.id, OF_CUSTOMER)?,
            )
        })
    }

    /// One mail; before it left, with what the customer would see now.
    ///
    /// # Errors
    /// [`Error::UnknownMail`].
    pub fn mail(&self, id: MailId) -> Result<MailView, Error> {
        let mut view = self.file.read(|reader| {
            let row = reader.mail(id)?.ok_or(Error::UnknownMail)?;
            views(reader, vec![row])?.pop().ok_or(Error::UnknownMail)
        })?;
        if view.shown.is_none() {
            let files = self.file.read(|reader| reader.files_of_mail(id))?;
            let mail = &view.mail;
            let mut about = self.subjects(mail)?;
            if about.is_empty() {
                // It reminds of what is paid: its first invoice says so.
                about.push(self.invoice(mail.invoice)?);
            }
            let (subject, body) = (&mail.subject, &mail.body);
            view.shown = Some(self.preview_of(&about, &mail.recipients, subject, body, &files)?);
        }
        Ok(view)
    }

    /// Tries a mail again at once.
    ///
    /// # Errors
    /// [`Error::UnknownMail`], [`Error::MailLeft`] when it was sent, or its outcome is not known.
    pub fn retry_mail(&self, id: MailId) -> Result<(), Error> {
        let now = self.parts.now();
        self.file.write(|writer| {
            let row = writer.mail(id)?.ok_or(Error::UnknownMail)?;
            if row.mail.state == MailState::Unclear {
                return Err(Error::MailLeft);
            }
            self.move_mail(writer, &row.mail, MailEvent::TriedAgain(now))
        })
    }

    /// Takes a mail back that has not left.
    ///
    /// # Errors
    /// [`Error::UnknownMail`], [`Error::MailLeft`].
    pub fn withdraw_mail(&self, id: MailId) -> Result<(), Error> {
        self.decide_mail(id, MailEvent::Withdrawn)
    }

    /// What became of a mail whose outcome is not known: it arrived, or it is to be sent again.
    ///
    /// # Errors
    /// [`Error::UnknownMail`], [`Error::MailLeft`] when its outcome is known.
    pub fn settle_mail(&self, id: MailId, has_arrived: bool) -> Result<(), Error> {
        let now = self.parts.now();
        self.file.write(|writer| {
            let row = writer.mail(id)?.ok_or(Error::UnknownMail)?;
            if row.mail.state != MailState::Unclear {
                return Err(Error::MailLeft);
            }
            let event = if has_arrived {
                MailEvent::Arrived
            } else {
                MailEvent::TriedAgain(now)
            };
            self.move_mail(writer, &row.mail, event)
        })
    }

    fn decide_mail(&self, id: MailId, event: MailEvent) -> Result<(), Error> {
        self.file.write(|writer| {
            let row = writer.mail(id)?.ok_or(Error::UnknownMail)?;
            self.move_mail(writer, &row.mail, event)
        })
    }

    /// Moves a mail and records it.
    pub(crate) fn move_mail(
        &self,
        writer: &Writer<'_>,
        mail: &Mail,
        event: MailEvent,
    ) -> Result<(), Error> {
        let state = mail.state.after(event).map_err(|_| Error::MailLeft)?;
        writer.set_mail_state(mail.id, &state, self.parts.now())?;
        match state {
            MailState::Withdrawn => writer.void_reminders(mail.id)?,
            MailState::Sent => writer.carried_left(mail.id, self.parts.now())?,
            _ => {}
        }
        match state {
            // Waiting is no event; everything else is.
            MailState::Queued { .. } => Ok(()),
            state => self.audit(writer, "mail_state", &(mail.id, state.code())),
        }
    }

    /// Thanks the customer of an invoice that a card payment has just settled, once, where the owner
    /// wants it; the stamped PDF goes with it. To whoever got the invoice last, else to whoever gets the
    /// customer's mails.
    pub(crate) fn thank(&self, writer: &Writer<'_>, invoice: &Finalised) -> Result<(), Error> {
        let Some(text) = writer.thanks_text()? else {
            return Ok(());
        };
        let has_sender =
            writer.mailbox()?.is_some() || company_of(writer)?.nature == FileNature::Demonstration;
        if !has_sender || writer.is_thanked(invoice.id)? {
            return Ok(());
        }
        // A mail that never arrived went to a wrong address.
        let mut before = writer.mails_of(invoice.id)?.into_iter();
        let sent = before.find(|row| row.mail.state == MailState::Sent);
        let to = match sent {
            Some(row) => row.mail.recipients.to,
            None => recipients_of(writer, invoice.buyer.id)?,
        };
        if to.is_empty() {
            return Ok(());
        }
        let now = self.parts.now();
        let mail = Mail {
            id: MailId::new(self.parts.uuid()),
            invoice: invoice.id,
            recipients: Recipients {
                to,
                cc: Vec::new(),
                copy_to_self: false,
            },
            subject: text.subject,
            body: text.body,
            state: MailState::written(now),
            written_at: now,
        };
        writer.insert_thanks(&mail)?;
        self.audit(writer, "mail_written", &(mail.id, mail.invoice))
    }

    /// Mails that wait are due at once: what held them up has changed.
    pub(crate) fn wake_mails(&self, writer: &Writer<'_>) -> Result<(), Error> {
        self.wake_those(writer, |_| true)
    }

    /// The network may be back: mails that met a server out of reach are due at once.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn network_is_back(&self) -> Result<(), Error> {
        let is_there = self.file.read(|reader| reader.next_mail_at())?.is_some();
        if !is_there {
            return Ok(());
        }
        self.file
            .write(|writer| self.wake_those(writer, |code| code == "mail_unreachable"))
    }

    fn wake_those(
        &self,
        writer: &Writer<'_>,
        is_meant: impl Fn(&str) -> bool,
    ) -> Result<(), Error> {
        let now = self.parts.now();
        for row in writer.mails_in_trouble()? {
            let MailState::Queued { trouble, .. } = &row.mail.state else {
                continue;
            };
            if trouble.as_ref().is_some_and(|why| is_meant(&why.code)) {
                self.move_mail(writer, &row.mail, MailEvent::TriedAgain(now))?;
            }
        }
        Ok(())
    }

    /// Takes back what waits to be sent about an invoice that is cancelled: it would ask for money. What
    /// is written about it afterwards is meant.
    pub(crate) fn withdraw_waiting(
        &self,
        writer: &Writer<'_>,
        invoice: InvoiceId,
    ) -> Result<(), Error> {
        for row in writer.waiting_mails_of(invoice)? {
            self.move_mail(writer, &row.mail, MailEvent::Withdrawn)?;
        }
        Ok(())
    }

    /// A short text with the link, for a telephone; the link is made or replaced for it (10 s at most).
    ///
    /// # Errors
    /// [`Error::UnknownInvoice`], [`Error::NoLink`] where there is none that a customer may have.
    pub async fn sms_text(&self, invoice: InvoiceId) -> Result<String, Error> {
        let view = self.prepare_link(invoice).await?;
        let Document::Finalised(document) = &view.document else {
            return Err(Error::StillADraft);
        };
        let url = match &view.link {
            Some(link) => usable_url(link, &view).filter(|_| !is_test(link)),
            None => None,
        };
        let url = url.ok_or(Error::NoLink)?;
        let company = self.company()?.name;
        let amount = view.standing.payable();
        Ok(words::sms(&company, document.number, amount, url))
    }
}

/// Keeps what the customer sees, and the Message-ID.
pub(crate) fn keep_shown(
    writer: &Writer<'_>,
    id: MailId,
    shown: &Shown,
    message_id: &str,
) -> Result<(), Error> {
    let text = serde_json::to_string(shown).map_err(acquit_store::Error::from)?;
    Ok(writer.set_mail_shown(id, &text, message_id)?)
}

/// Mails as they are looked at.
pub(crate) fn views(reader: &Reader<'_>, rows: Vec<MailRow>) -> Result<Vec<MailView>, Error> {
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let document = reader.document(row.mail.invoice)?;
        let shown = row.shown.as_deref().map(serde_json::from_str).transpose();
        views.push(MailView {
            number: document.ok_or(Error::Inconsistent("mail"))?.number,
            shown: shown.map_err(acquit_store::Error::from)?,
            changed_at: row.changed_at,
            mail: row.mail,
        });
    }
    Ok(views)
}
