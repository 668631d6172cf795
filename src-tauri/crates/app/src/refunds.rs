//! Giving a card payment back: the wish, what it may ask for, and how long one waits for it.

use acquit_domain::Cents;
use acquit_domain::id::{InvoiceId, RefundWishId};
use acquit_domain::link::Mode;
use acquit_domain::receipt::Receipt;
use acquit_domain::refund::{
    REFUND_MIN, RefundEvent, RefundWish, RefundWishState, Refundable, transition,
};
use acquit_domain::{Error as Broken, Rule};
use acquit_store::{LinkRow, Reader, ReceiptRow, Writer};
use jiff::Timestamp;
use uuid::Uuid;

use crate::background::FOREGROUND_WAIT;
use crate::view::{InvoiceView, RefundTerms};
use crate::{Acquit, Error};

/// Code of a wish that gave way to a refund made elsewhere.
pub(crate) const REFUND_FOUND: &str = "refund_found";

impl Acquit {
    /// Gives back the invoice's card receipt, in full or in part. The wish is committed first, with
    /// a UUID of ours that travels with the refund; then PayPlug is tried for 10 s. What is not made
    /// by then stays, and the outbox goes on with it: never two refunds for one wish.
    ///
    /// # Errors
    /// No card receipt, a refund under way, more than what is left, outside PayPlug's window, no key:
    /// nothing is wished for then. [`Error::RefundFound`] when a refund made elsewhere turned up (it
    /// is recorded) and [`Error::RefundRefused`] end the wish; after [`Error::RefundWaits`] and
    /// [`Error::RefundUnclear`] it stays.
    pub async fn refund(&self, id: InvoiceId, amount: Option<Cents>) -> Result<InvoiceView, Error> {
        let mode = self.file.read(|reader| {
            let back = BackTo::read(reader, id, self.parts.now())?;
            self.wished(&back, id, amount)?;
            Ok::<_, Error>(back.mode)
        })?;
        let remote = self.remote(mode).await?;
        let wish = self
            .file
            .write(|writer| self.wish_refund(writer, id, amount))?;
        let attempt = self.in_turn(self.advance_refund(&remote, wish));
        match tokio::time::timeout(FOREGROUND_WAIT, attempt).await {
            Ok(Err(error @ Error::Store(_))) => return Err(error),
            Ok(Err(error)) => tracing::warn!(code = error.code(), "the refund waits"),
            Ok(Ok(())) | Err(_) => {}
        }
        let row = self.file.read(|reader| reader.refund_wish(wish))?;
        match row.ok_or(Error::Inconsistent("refund"))?.wish.state {
            RefundWishState::Done => self.invoice(id),
            RefundWishState::Refused { code } if code == REFUND_FOUND => Err(Error::RefundFound),
            RefundWishState::Refused { code } => Err(Error::RefundRefused { code }),
            RefundWishState::Requested => Err(Error::RefundWaits),
            RefundWishState::Attempted => Err(Error::RefundUnclear),
            RefundWishState::Withdrawn => Err(Error::RefundLeft),
        }
    }

    /// Takes back a wish that no request has left for.
    ///
    /// # Errors
    /// [`Error::RefundLeft`] when one may have left, or there is no such wish.
    pub fn withdraw_refund(&self, id: InvoiceId, wish: Uuid) -> Result<InvoiceView, Error> {
        let wish = RefundWishId::new(wish);
        self.file.write(|writer| {
            let row = writer.refund_wish(wish)?.ok_or(Error::RefundLeft)?;
            if row.wish.invoice != id || row.wish.state != RefundWishState::Requested {
                return Err(Error::RefundLeft);
            }
            self.move_wish(writer, &row.wish, RefundEvent::Withdrawn)
        })?;
        self.invoice(id)
    }

    /// What can be given back of an invoice's card payment, and when; none when nothing of it was
    /// paid by card.
    ///
    /// # Errors
    /// A draft, a credit note, or a failure of the file.
    pub fn refund_terms(&self, id: InvoiceId) -> Result<Option<RefundTerms>, Error> {
        let back = match self
            .file
            .read(|reader| BackTo::read(reader, id, self.parts.now()))
        {
            Err(Error::NoCardReceipt) => return Ok(None),
            back => back?,
        };
        let source = back.receipt.payplug.as_ref();
        Ok(Some(RefundTerms {
            paid: back.receipt.amount,
            refundable: back.terms.left.at_least_zero(),
            min: REFUND_MIN,
            from: back.terms.from,
            until: back.terms.until,
            card: source.and_then(|source| source.card.clone()),
        }))
    }

    /// The wish for a refund as of now, checked.
    fn wished(
        &self,
        back: &BackTo,
        invoice: InvoiceId,
        amount: Option<Cents>,
    ) -> Result<RefundWish, Error> {
        if back.is_wished {
            return Err(Broken::at("id", Rule::RefundUnderWay).into());
        }
        let amount = amount.unwrap_or(back.terms.left);
        back.terms.check(amount, self.parts.now())?;
        Ok(RefundWish {
            id: RefundWishId::new(self.parts.uuid()),
            invoice,
            receipt: back.receipt.id,
            amount,
            state: RefundWishState::Requested,
            wished_at: self.parts.now(),
        })
    }

    fn wish_refund(
        &self,
        writer: &Writer<'_>,
        id: InvoiceId,
        amount: Option<Cents>,
    ) -> Result<RefundWishId, Error> {
        let wish = self.wished(&BackTo::read(writer, id, self.parts.now())?, id, amount)?;
        writer.insert_refund_wish(&wish)?;
        let body = (wish.id, wish.invoice, wish.amount);
        self.audit(writer, "refund_wished", &body)?;
        Ok(wish.id)
    }

    /// Moves a wish that ends without a refund, or goes on; with its audit record where it ends.
    pub(crate) fn move_wish(
        &self,
        writer: &Writer<'_>,
        wish: &RefundWish,
        event: RefundEvent,
    ) -> Result<(), Error> {
        let state = transition(wish.state.clone(), event)?;
        writer.set_refund_wish(wish.id, &state, None, self.parts.now())?;
        match &state {
            RefundWishState::Refused { code } => {
                self.audit(writer, "refund_refused", &(wish.id, code))
            }
            RefundWishState::Withdrawn => self.audit(writer, "refund_withdrawn", &wish.id),
            _ => Ok(()),
        }
    }
}

/// The card receipt of an invoice that can be given back, and what PayPlug allows.
struct BackTo {
    receipt: Receipt,
    mode: Mode,
    terms: Refundable,
    is_wished: bool,
}

impl BackTo {
    /// The first card receipt with something left that PayPlug still gives back at `now`, or the last
    /// one.
    fn read(reader: &Reader<'_>, id: InvoiceId, now: Timestamp) -> Result<Self, Error> {
        crate::ledger::Account::read(reader, id)?;
        let mut chosen = None;
        for row in reader.receipts_of(id)? {
            if row.receipt.payplug.is_none() {
                continue;
            }
            let mut terms = terms_of(reader, &row)?;
            terms.left -= reader.wished_back(row.receipt.id)?;
            let is_open = terms.until.is_none_or(|until| now <= until);
            let is_it = is_open && terms.left.is_positive();
            chosen = Some((row.receipt, terms));
            if is_it {
                break;
            }
        }
        let (receipt, terms) = chosen.ok_or(Error::NoCardReceipt)?;
        let wishes = reader.refund_wishes_of(id)?;
        Ok(Self {
            mode: mode_of(reader, &receipt)?,
            is_wished: wishes.iter().any(|row| row.wish.state.is_open()),
            receipt,
            terms,
        })
    }
}

/// The link that a card receipt came through.
pub(crate) fn link_of_receipt(reader: &Reader<'_>, receipt: &Receipt) -> Result<LinkRow, Error> {
    let source = receipt.payplug.as_ref().ok_or(Error::NoCardReceipt)?;
    reader
        .link_of_payment(&source.payment)?
        .ok_or(Error::Inconsistent("link"))
}

/// With which key the payment of a card receipt was made.
pub(crate) fn mode_of(reader: &Reader<'_>, receipt: &Receipt) -> Result<Mode, Error> {
    let link = link_of_receipt(reader, receipt)?.link;
    let hosted = link.state.hosted().ok_or(Error::Inconsistent("link"))?;
    Ok(hosted.mode)
}

/// What can be given back of a card receipt: less its refunds and its chargebacks, in PayPlug's
/// window. Open wishes are not taken off.
pub(crate) fn terms_of(reader: &Reader<'_>, row: &ReceiptRow) -> Result<Refundable, Error> {
    let link = link_of_receipt(reader, &row.receipt)?;
    let chargebacks = reader.chargebacks_of(row.receipt.invoice)?;
    let disputed: Cents = chargebacks
        .iter()
        .filter(|found| found.chargeback.receipt == row.receipt.id && found.counts())
        .map(|found| found.chargeback.amount)
        .sum();
    Ok(Refundable {
        left: row.receipt.amount - row.refunded - disputed,
        from: link.refundable_after,
        until: link.refundable_until,
    })
}
