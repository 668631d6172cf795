//! Links that leave for the customer, and dead ones that make place for new ones
//! (`payment-links.md` § 1): when something is about to carry the link, or by itself, rarely.

use acquit_domain::id::InvoiceId;
use acquit_domain::link::{LinkState, is_outlived, may_replace_by_itself};
use acquit_store::LinkRow;

use super::FOREGROUND_WAIT;
use crate::ledger::{Account, replace_dead_link};
use crate::payplug::Remote;
use crate::view::{InvoiceView, SyncReport};
use crate::{Acquit, Error};

impl Acquit {
    /// The link of an invoice just left for the customer: it was copied, or sent. A PDF counts by
    /// itself. Without an open link nothing left.
    ///
    /// # Errors
    /// [`Error::UnknownInvoice`].
    pub fn carried(&self, id: InvoiceId) -> Result<(), Error> {
        self.left_with(&self.invoice(id)?)
    }

    /// The open link that a view shows has left, if it still is the one.
    pub(crate) fn left_with(&self, view: &InvoiceView) -> Result<(), Error> {
        let Some(link) = &view.link else {
            return Ok(());
        };
        if !matches!(link.state, LinkState::Open(_)) {
            return Ok(());
        }
        self.file.write(|writer| {
            writer.set_carried(link.id, self.parts.now())?;
            Ok(())
        })
    }

    /// Tries the link outbox for one invoice because something is about to carry its link (a copy, a
    /// mail): a dead link is replaced. Gives up quietly after 10 s; the invoice as it stands then
    /// tells what there is to carry.
    ///
    /// # Errors
    /// [`Error::UnknownInvoice`].
    pub async fn prepare_link(&self, id: InvoiceId) -> Result<InvoiceView, Error> {
        self.ready_link(id).await?;
        self.invoice(id)
    }

    /// See [`Self::prepare_link`].
    pub(crate) async fn ready_link(&self, invoice: InvoiceId) -> Result<(), Error> {
        let remote = match self.current_remote().await {
            Ok(remote) => remote,
            Err(error) => {
                tracing::debug!(code = error.code(), "no link now");
                return Ok(());
            }
        };
        let attempt = self.in_turn(async {
            let links = self.file.read(|reader| reader.links_of(invoice))?;
            self.replace_dead(&remote, &links, false).await?;
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

    /// Looks at PayPlug whether the open link of an invoice was paid meanwhile, because somebody is about to
    /// be reminded of it; whether PayPlug could be asked (10 s at most).
    pub(super) async fn look_at_link(&self, view: &InvoiceView) -> Result<bool, Error> {
        let Some(LinkState::Open(hosted)) = view.link.as_ref().map(|link| &link.state) else {
            return Ok(true);
        };
        let look = async {
            let remote = self.remote(hosted.mode).await?;
            let payment = remote.payment(&hosted.payment).await?;
            self.record(&remote, &payment, &mut SyncReport::default())
                .await
        };
        match tokio::time::timeout(FOREGROUND_WAIT, look).await {
            Ok(Err(error @ Error::Store(_))) => Err(error),
            Ok(Err(error)) => {
                tracing::warn!(code = error.code(), "a link was not looked at");
                Ok(false)
            }
            Ok(Ok(())) => Ok(true),
            Err(_) => Ok(false),
        }
    }

    /// Replaces the dead link that ends `links` (all of one invoice, oldest first) where the rule
    /// lets it happen although nothing is about to carry the new one. What a Test key made makes
    /// place for a Live one at once.
    pub(super) async fn replace_by_itself(
        &self,
        current: &Remote,
        links: &[LinkRow],
    ) -> Result<(), Error> {
        let Some(LinkState::Dead(hosted)) = links.last().map(|row| &row.link.state) else {
            return Ok(());
        };
        if is_outlived(hosted.mode, Some(current.mode)) {
            return self.replace_dead(current, links, false).await;
        }
        let past: Vec<_> = links.iter().map(LinkRow::past).collect();
        if !may_replace_by_itself(&past, self.parts.now()) {
            return Ok(());
        }
        self.replace_dead(current, links, true).await
    }

    /// Before a replacement the dead payment is aborted at PayPlug; a payment that came all the same
    /// settles instead.
    async fn replace_dead(
        &self,
        current: &Remote,
        links: &[LinkRow],
        by_itself: bool,
    ) -> Result<(), Error> {
        let Some(row) = links.last() else {
            return Ok(());
        };
        let LinkState::Dead(hosted) = &row.link.state else {
            return Ok(());
        };
        let invoice = row.link.invoice;
        let account = self.file.read(|reader| Account::read(reader, invoice))?;
        if !account.standing.payable().is_positive() {
            return Ok(());
        }
        if let Some(answer) = self.abort_payment(current, hosted).await? {
            self.absorb(&answer)?;
        }
        self.file.write(|writer| {
            let account = Account::read(writer, invoice)?;
            replace_dead_link(writer, &self.parts, &account, by_itself)?;
            // It stays watched for the whole time from now on, not from its death.
            match writer.link(row.link.id)? {
                Some(old) if matches!(old.link.state, LinkState::Dead(_)) => {
                    writer.update_link(&old.link, self.parts.now())?;
                }
                _ => {}
            }
            Ok::<_, Error>(())
        })
    }
}
