//! The link outbox: create, adopt, take back, replace (`payment-links.md` § 1). The wish is committed
//! before a request leaves; after an unclear outcome the payment is searched for by our UUID.

use acquit_domain::customer::CustomerKind;
use acquit_domain::id::{InvoiceId, LinkId};
use acquit_domain::link::{
    Hosted, LinkEvent, LinkState, LinkStep, PaymentLink, next_step, transition, wish,
};
use acquit_domain::remote::RemotePayment;
use acquit_payplug::{Buyer, BuyerName, Error as E, Misread, NewPayment, accept_payment_url};
use acquit_store::{LinkRow, PaymentForm};
use jiff::SignedDuration;

use super::{FOREGROUND_WAIT, is_current, note_failure};
use crate::ledger::{Account, renew_link, replace_dead_link, turn_link};
use crate::payplug::Remote;
use crate::view::SyncReport;
use crate::{Acquit, Error};

/// Payments asked for on one page while searching.
const SEARCH_PAGE: u32 = 100;
/// PayPlug's clock and ours may differ by so much.
const CLOCK_SKEW_S: i64 = 3_600;
/// Most characters of a payment's description.
const DESCRIPTION_MAX: usize = 80;
/// Steps of one link in one activation: search, create, take back, abort, and one to spare.
const STEPS_MAX: usize = 5;

/// Where a payer returns when the account does not take links that we send ourselves.
const RETURN_URL: &str = "https://www.payplug.com/";

impl Acquit {
    /// Moves every active link towards what its invoice may ask for now.
    pub(super) async fn reconcile_links(
        &self,
        remote: &Remote,
        report: &mut SyncReport,
    ) -> Result<(), Error> {
        self.renew_links()?;
        for row in self.file.read(|reader| reader.active_links())? {
            if let Err(error) = self.advance_link(remote, row.link.id).await {
                let number = self.number_of(row.link.invoice)?;
                if note_failure(report, number, &error) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Wishes for links of invoices whose last link was taken back or paid while something is due:
    /// a crash may have come between the two.
    fn renew_links(&self) -> Result<(), Error> {
        let without = self.file.read(|reader| reader.due_without_link())?;
        for invoice in without {
            self.file.write(|writer| {
                renew_link(writer, &self.parts, &Account::read(writer, invoice)?)
            })?;
        }
        Ok(())
    }

    /// Takes one link as far as it goes.
    async fn advance_link(&self, remote: &Remote, id: LinkId) -> Result<(), Error> {
        for _ in 0..STEPS_MAX {
            let (row, account) = self.file.read(|reader| {
                let row = reader.link(id)?.ok_or(Error::Inconsistent("link"))?;
                let account = Account::read(reader, row.link.invoice)?;
                Ok::<_, Error>((row, account))
            })?;
            let limits = self
                .file
                .read(|reader| reader.current_connection())?
                .map(|row| row.limits);
            match next_step(&row.link, account.standing.payable(), limits.as_ref()) {
                LinkStep::Rest => return Ok(()),
                LinkStep::Refuse(reason) => {
                    return self
                        .file
                        .write(|writer| self.move_link(writer, &row, LinkEvent::Refused(reason)));
                }
                LinkStep::Create(_) => self.ask_for(remote, &row, &account).await?,
                LinkStep::Search => self.search_or_create(remote, &row, &account).await?,
                LinkStep::TakeBack => self
                    .file
                    .write(|writer| self.move_link(writer, &row, LinkEvent::TakenBack))?,
                LinkStep::Abort => self.abort(remote, &row).await?,
            }
        }
        Ok(())
    }

    /// Looks whether an earlier attempt created the payment; adopts it, or creates it now.
    async fn search_or_create(
        &self,
        remote: &Remote,
        row: &LinkRow,
        account: &Account,
    ) -> Result<(), Error> {
        let LinkState::Requested {
            attempted_at: Some(since),
        } = row.link.state
        else {
            return Ok(());
        };
        let oldest = since - SignedDuration::from_secs(CLOCK_SKEW_S);
        let mut page = 0;
        loop {
            let answer = remote.payments(page, SEARCH_PAGE).await?;
            let payments: Vec<&RemotePayment> = answer
                .payments
                .iter()
                .filter_map(|one| one.as_ref().ok())
                .collect();
            if let Some(found) = payments
                .iter()
                .find(|payment| payment.link_id() == Some(row.link.id))
            {
                return self.adopt(remote, row.link.clone(), found);
            }
            // It is there, whatever else is wrong with it: another one would be a second link.
            let ours = |misread: &&Misread| misread.link == Some(row.link.id);
            let mut misread = answer.payments.iter().filter_map(|one| one.as_ref().err());
            if let Some(Misread { field, .. }) = misread.find(ours) {
                return Err(E::NotUnderstood { field }.into());
            }
            let reached = payments
                .last()
                .is_some_and(|payment| payment.created_at < oldest);
            if reached || !answer.has_more {
                break;
            }
            page += 1;
        }
        let limits = self
            .file
            .read(|reader| reader.current_connection())?
            .map(|row| row.limits);
        match wish(account.standing.payable(), limits.as_ref()) {
            LinkStep::Create(_) => self.ask_for(remote, row, account).await,
            LinkStep::Refuse(reason) => self
                .file
                .write(|writer| self.move_link(writer, row, LinkEvent::Refused(reason))),
            _ => Ok(()),
        }
    }

    /// Asks for the payment. The attempt is committed first; when the outcome is unclear the link
    /// stays *requested* and the next activation searches before it asks again.
    async fn ask_for(
        &self,
        remote: &Remote,
        row: &LinkRow,
        account: &Account,
    ) -> Result<(), Error> {
        let mut link = row.link.clone();
        link.amount = account.standing.payable();
        link.state = transition(link.state, LinkEvent::Attempted(self.parts.now()))?;
        self.file
            .write(|writer| writer.update_link(&link, self.parts.now()))?;
        let mut form = self
            .file
            .read(|reader| reader.current_connection())?
            .map(|row| row.form);
        let mut request =
            self.payment_request(&link, account, form.unwrap_or(PaymentForm::SentByOther));
        loop {
            match remote.create(&request).await {
                Ok(created) => return self.adopt(remote, link, &created),
                Err(E::Rejected(no))
                    if no.names("sent_by") && form != Some(PaymentForm::Hosted) =>
                {
                    form = Some(PaymentForm::Hosted);
                    request.form = hosted_form(account);
                    self.file.write(|writer| {
                        writer.set_payment_form(remote.mode, PaymentForm::Hosted)
                    })?;
                }
                Err(E::Rejected(no)) if no.names("billing") && request.with_billing => {
                    request.with_billing = false
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn payment_request(
        &self,
        link: &PaymentLink,
        account: &Account,
        form: PaymentForm,
    ) -> NewPayment {
        let invoice = &account.invoice;
        let buyer = &invoice.buyer;
        let description = format!("Facture {} – {}", invoice.number, invoice.seller.name);
        let name = buyer.name.clone();
        NewPayment {
            link: link.id,
            amount: link.amount,
            invoice_number: invoice.number.to_string(),
            description: description.chars().take(DESCRIPTION_MAX).collect(),
            buyer: Buyer {
                email: buyer.email.as_ref().map(ToString::to_string),
                country: buyer.address.country.to_string(),
                name: match buyer.kind {
                    CustomerKind::Private => BuyerName::Private(name),
                    CustomerKind::Business => BuyerName::Business(name),
                },
            },
            force_3ds: false,
            form: match form {
                PaymentForm::SentByOther => acquit_payplug::PaymentForm::SentByOther,
                PaymentForm::Hosted => hosted_form(account),
            },
            with_billing: true,
        }
    }

    /// Records the payment that PayPlug has for a wish, however it came to be known.
    fn adopt(
        &self,
        remote: &Remote,
        mut link: PaymentLink,
        found: &RemotePayment,
    ) -> Result<(), Error> {
        let url = found.payment_url.as_deref().unwrap_or_default();
        let hosted = Hosted {
            payment: found.id.clone(),
            url: accept_payment_url(url, remote.policy)?,
            mode: remote.mode,
            created_at: found.created_at,
        };
        // An earlier attempt may have asked for another amount: the link is what PayPlug has.
        link.amount = found.amount;
        link.state = transition(link.state, LinkEvent::Opened(hosted))?;
        self.file.write(|writer| {
            let stored = writer.link(link.id)?.ok_or(Error::Inconsistent("link"))?;
            if !matches!(stored.link.state, LinkState::Requested { .. }) {
                return Ok(());
            }
            writer.update_link(&link, self.parts.now())?;
            turn_link(writer, &self.parts, &Account::read(writer, link.invoice)?)
        })
    }

    /// Asks PayPlug to take a payment back. Paid meanwhile? Then it settles as usual.
    async fn abort(&self, current: &Remote, row: &LinkRow) -> Result<(), Error> {
        let hosted = row
            .link
            .state
            .hosted()
            .ok_or(Error::Inconsistent("payment"))?;
        let own;
        let remote = if is_current(current, hosted.mode) {
            current
        } else {
            own = self.remote(hosted.mode).await?;
            &own
        };
        let answer = match remote.abort(&hosted.payment).await {
            Err(E::AlreadyEnded) => remote.payment(&hosted.payment).await?,
            answer => answer?,
        };
        self.absorb(&answer)?;
        self.file.write(|writer| {
            let account = Account::read(writer, row.link.invoice)?;
            renew_link(writer, &self.parts, &account)
        })
    }

    /// Takes the payable link of an invoice back before its net due changes; gives up after 10 s or
    /// when PayPlug cannot be reached, and leaves it *aborting*.
    pub(crate) async fn take_back_link(&self, invoice: InvoiceId) -> Result<(), Error> {
        let taken = self.file.write(|writer| {
            let rows = writer.links_of(invoice)?;
            let Some(row) = rows
                .into_iter()
                .find(|row| matches!(row.link.state, LinkState::Open(_) | LinkState::Aborting(_)))
            else {
                return Ok(None);
            };
            if matches!(row.link.state, LinkState::Open(_)) {
                self.move_link(writer, &row, LinkEvent::TakenBack)?;
            }
            writer.link(row.link.id).map_err(Error::from)
        })?;
        let Some(row) = taken else { return Ok(()) };
        let attempt = async {
            let hosted = row
                .link
                .state
                .hosted()
                .ok_or(Error::Inconsistent("payment"))?;
            let remote = self.remote(hosted.mode).await?;
            let answer = match remote.abort(&hosted.payment).await {
                Err(E::AlreadyEnded) => remote.payment(&hosted.payment).await?,
                answer => answer?,
            };
            self.absorb(&answer)
        };
        match tokio::time::timeout(FOREGROUND_WAIT, attempt).await {
            Ok(Err(error @ Error::Store(_))) => Err(error),
            Ok(Err(error)) => {
                tracing::warn!(code = error.code(), "link stays aborting");
                Ok(())
            }
            Ok(Ok(_)) | Err(_) => Ok(()),
        }
    }

    /// Tries the link outbox for one invoice because something is about to carry the link: a dead
    /// one is replaced. Gives up quietly after 10 s: the paper says what is missing.
    pub(crate) async fn ready_link(&self, invoice: InvoiceId) -> Result<(), Error> {
        let remote = match self.current_remote().await {
            Ok(remote) => remote,
            Err(error) => {
                tracing::debug!(code = error.code(), "no link now");
                return Ok(());
            }
        };
        let attempt = self.in_turn(async {
            self.abort_dead(&remote, invoice).await?;
            let rows = self.file.read(|reader| reader.links_of(invoice))?;
            match rows
                .into_iter()
                .rev()
                .find(|row| row.link.state.is_active())
            {
                Some(row) => self.advance_link(&remote, row.link.id).await,
                None => Ok(()),
            }
        });
        match tokio::time::timeout(FOREGROUND_WAIT, attempt).await {
            Ok(Err(error @ Error::Store(_))) => Err(error),
            Ok(Err(error)) => {
                tracing::warn!(code = error.code(), "link not ready");
                Ok(())
            }
            Ok(Ok(())) | Err(_) => Ok(()),
        }
    }

    /// Before a replacement the dead payment is aborted at PayPlug ("already ended" counts as done).
    async fn abort_dead(&self, current: &Remote, invoice: InvoiceId) -> Result<(), Error> {
        let rows = self.file.read(|reader| reader.links_of(invoice))?;
        let Some(LinkRow {
            link:
                PaymentLink {
                    state: LinkState::Dead(hosted),
                    ..
                },
            ..
        }) = rows.last()
        else {
            return Ok(());
        };
        let own;
        let remote = if is_current(current, hosted.mode) {
            current
        } else {
            own = self.remote(hosted.mode).await?;
            &own
        };
        match remote.abort(&hosted.payment).await {
            Ok(answer) => self.absorb(&answer).map(|_| ())?,
            Err(E::AlreadyEnded) => {
                self.absorb(&remote.payment(&hosted.payment).await?)?;
            }
            Err(error) => return Err(error.into()),
        }
        self.file.write(|writer| {
            replace_dead_link(writer, &self.parts, &Account::read(writer, invoice)?)
        })
    }

    fn number_of(
        &self,
        invoice: InvoiceId,
    ) -> Result<Option<acquit_domain::numbering::DocumentNumber>, Error> {
        Ok(self
            .file
            .read(|reader| reader.document(invoice))?
            .map(|document| document.number))
    }
}

fn hosted_form(account: &Account) -> acquit_payplug::PaymentForm {
    let website = account
        .invoice
        .seller
        .website
        .as_deref()
        .filter(|site| site.starts_with("https://"));
    acquit_payplug::PaymentForm::Hosted {
        return_url: website.unwrap_or(RETURN_URL).to_owned(),
    }
}
