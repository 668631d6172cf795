//! The link outbox: create, adopt, take back, replace (`payment-links.md` § 1). The wish is committed
//! before a request leaves; after an unclear outcome the payment is searched for by our UUID.

use acquit_domain::customer::CustomerKind;
use acquit_domain::id::{InvoiceId, LinkId};
use acquit_domain::link::{
    CurrentAccount, Hosted, LinkEvent, LinkState, LinkStep, Mode, PaymentLink, RefusalReason,
    next_step, transition, wish,
};
use acquit_domain::remote::RemotePayment;
use acquit_payplug::{Buyer, BuyerName, Error as E, Misread, NewPayment, accept_payment_url};
use acquit_store::{LinkRow, PaymentForm};
use jiff::{SignedDuration, Timestamp};

use super::{FOREGROUND_WAIT, is_current, note_failure};
use crate::ledger::{Account, lacks_link, renew_link, turn_link};
use crate::payplug::Remote;
use crate::view::SyncReport;
use crate::{Acquit, Error};

/// Payments asked for on one page while searching.
const SEARCH_PAGE: u32 = 100;
/// So many pages are searched at most: a list without end is no list.
const SEARCH_PAGES_MAX: u32 = 2_000;
/// PayPlug's clock and ours may differ by so much.
const CLOCK_SKEW_S: i64 = 3_600;
/// Most characters of a payment's description.
const DESCRIPTION_MAX: usize = 80;
/// Steps of one link in one activation: search, create, take back, abort, and one to spare.
const STEPS_MAX: usize = 5;

/// Where a payer returns when the account does not take links that we send ourselves.
const RETURN_URL: &str = "https://www.payplug.com/";

impl Acquit {
    /// Moves every link towards what its invoice may ask for now.
    pub(super) async fn reconcile_links(
        &self,
        remote: &Remote,
        report: &mut SyncReport,
    ) -> Result<(), Error> {
        self.renew_links(remote, report).await?;
        for row in self.file.read(|reader| reader.links_to_move(remote.mode))? {
            self.keep_turn()?;
            if let Err(error) = self.advance_link(remote, row.link.id).await
                && self.ends_outbox(remote, &row, &error, report)?
            {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Notes what failed on a link; whether PayPlug is out of reach. The key of another mode may be
    /// of no use any more: that stops nobody else.
    fn ends_outbox(
        &self,
        remote: &Remote,
        row: &LinkRow,
        error: &Error,
        report: &mut SyncReport,
    ) -> Result<bool, Error> {
        let number = self.number_of(row.link.invoice)?;
        let out_of_reach = note_failure(report, number, error);
        let hosted = row.link.state.hosted().map(|hosted| hosted.mode);
        let asked = hosted.or(row.attempted_mode);
        Ok(out_of_reach && asked.is_none_or(|mode| is_current(remote, mode)))
    }

    /// Wishes for links of invoices that have something to pay and whose last link ended: a crash may
    /// have come between the two, the account may have gone Live, or the link died and may be
    /// replaced by itself.
    async fn renew_links(&self, remote: &Remote, report: &mut SyncReport) -> Result<(), Error> {
        for invoice in self.file.read(|reader| reader.due_without_link())? {
            let (lacks, links) = self.file.read(|reader| {
                let account = Account::read(reader, invoice)?;
                Ok::<_, Error>((lacks_link(reader, &account)?, reader.links_of(invoice)?))
            })?;
            if lacks {
                self.file.write(|writer| {
                    renew_link(writer, &self.parts, &Account::read(writer, invoice)?)
                })?;
            } else if let Some(last) = links.last()
                && let Err(error) = self.replace_by_itself(remote, &links).await
                && self.ends_outbox(remote, last, &error, report)?
            {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Takes one link as far as it goes.
    pub(super) async fn advance_link(&self, remote: &Remote, id: LinkId) -> Result<(), Error> {
        for _ in 0..STEPS_MAX {
            let (row, account, connection) = self.file.read(|reader| {
                let row = reader.link(id)?.ok_or(Error::Inconsistent("link"))?;
                let account = Account::read(reader, row.link.invoice)?;
                Ok::<_, Error>((row, account, reader.current_connection()?))
            })?;
            let current = connection.as_ref().map(|row| CurrentAccount {
                mode: row.mode,
                limits: &row.limits,
            });
            match next_step(&row.link, account.standing.payable(), current) {
                LinkStep::Rest => return Ok(()),
                LinkStep::Refuse(reason) => return self.refuse_link(&row, reason),
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

    /// Records that a link is not possible, if that is not what is known already.
    fn refuse_link(&self, row: &LinkRow, reason: RefusalReason) -> Result<(), Error> {
        if row.link.state == (LinkState::Refused { reason }) {
            return Ok(());
        }
        self.file
            .write(|writer| self.move_link(writer, row, LinkEvent::Refused(reason)))
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
        self.let_it_arrive(row.changed_at).await;
        if let Some((asked, found)) = self.search(remote, row, since).await? {
            return self.adopt(asked.as_ref().unwrap_or(remote), row.link.clone(), &found);
        }
        let limits = self
            .file
            .read(|reader| reader.current_connection())?
            .map(|row| row.limits);
        match wish(account.standing.payable(), limits.as_ref()) {
            LinkStep::Create(_) => self.ask_for(remote, row, account).await,
            LinkStep::Refuse(reason) => self.refuse_link(row, reason),
            _ => Ok(()),
        }
    }

    /// Searches the recent payments for the UUID of an attempt, with the key it was made with; the
    /// client of that key comes along where it is another than the current one.
    async fn search(
        &self,
        current: &Remote,
        row: &LinkRow,
        since: Timestamp,
    ) -> Result<Option<(Option<Remote>, RemotePayment)>, Error> {
        let mode = row.attempted_mode.unwrap_or(current.mode);
        let own = match self.own_remote(current, mode).await {
            // What a Test key made brings no money: it may be asked for anew.
            Err(Error::NotConnected) if mode == Mode::Test => return Ok(None),
            own => own?,
        };
        let remote = own.as_ref().unwrap_or(current);
        let oldest = since - SignedDuration::from_secs(CLOCK_SKEW_S);
        let mut page = 0;
        loop {
            self.keep_turn()?;
            let answer = remote.payments(page, SEARCH_PAGE).await?;
            let mut last = None;
            for one in answer.payments {
                match one {
                    Ok(payment) if payment.link_id() == Some(row.link.id) => {
                        return Ok(Some((own, payment)));
                    }
                    Ok(payment) => last = Some(payment.created_at),
                    // It is there, whatever else is wrong with it: another one would be a second link.
                    Err(Misread { link, field, .. }) if link == Some(row.link.id) => {
                        return Err(E::NotUnderstood { field }.into());
                    }
                    Err(_) => {}
                }
            }
            if last.is_some_and(|last| last < oldest) || !answer.has_more {
                return Ok(None);
            }
            page += 1;
            if page == SEARCH_PAGES_MAX {
                return Err(E::NotUnderstood { field: "has_more" }.into());
            }
        }
    }

    /// The client of a mode, where that is not the current one.
    pub(super) async fn own_remote(
        &self,
        current: &Remote,
        mode: Mode,
    ) -> Result<Option<Remote>, Error> {
        if is_current(current, mode) {
            return Ok(None);
        }
        Ok(Some(self.remote(mode).await?.counted_with(current)))
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
        if matches!(link.state, LinkState::Refused { .. }) {
            link.state = transition(link.state, LinkEvent::WishedAgain)?;
        }
        link.state = transition(link.state, LinkEvent::Attempted(self.parts.now()))?;
        let (mut form, force_3ds) = self.file.write(|writer| {
            writer.update_link(&link, self.parts.now())?;
            writer.set_attempted_mode(link.id, remote.mode)?;
            let form = writer.current_connection()?.map(|row| row.form);
            Ok::<_, Error>((form, writer.force_3ds()?))
        })?;
        let mut request =
            self.payment_request(&link, account, form.unwrap_or(PaymentForm::SentByOther));
        request.force_3ds = force_3ds;
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
                Err(error) => {
                    if error.is_ambiguous() {
                        // From now on it may be on its way.
                        let now = self.parts.now();
                        self.file.write(|writer| match writer.link(link.id)? {
                            Some(row) if matches!(row.link.state, LinkState::Requested { .. }) => {
                                writer.update_link(&row.link, now)
                            }
                            _ => Ok(()),
                        })?;
                    }
                    return Err(error.into());
                }
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
        match self.abort_payment(current, hosted).await? {
            Some(answer) => {
                self.absorb(&answer)?;
            }
            None => self
                .file
                .write(|writer| self.move_link(writer, row, LinkEvent::AbortConfirmed))?,
        }
        self.file.write(|writer| {
            let account = Account::read(writer, row.link.invoice)?;
            renew_link(writer, &self.parts, &account)
        })
    }

    /// Aborts a payment with the key of its own mode, and tells how it stands then ("already ended"
    /// counts as done). `None`: nobody can wait for an answer, because a Test key made it that is gone
    /// or was revoked (it can bring no money), or because the key is another account's, which does not
    /// know it; it stays watched, and so the owner hears of it.
    pub(super) async fn abort_payment(
        &self,
        current: &Remote,
        hosted: &Hosted,
    ) -> Result<Option<RemotePayment>, Error> {
        let own = match self.own_remote(current, hosted.mode).await {
            Err(Error::NotConnected) if hosted.mode == Mode::Test => return Ok(None),
            own => own?,
        };
        let remote = own.as_ref().unwrap_or(current);
        match remote.abort(&hosted.payment).await {
            Err(E::AlreadyEnded) => Ok(Some(remote.payment(&hosted.payment).await?)),
            Err(E::Unauthorised) if own.is_some() && hosted.mode == Mode::Test => Ok(None),
            Err(E::NotFound) => Ok(None),
            answer => Ok(Some(answer?)),
        }
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
