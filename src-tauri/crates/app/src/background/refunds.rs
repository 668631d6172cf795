//! The refund outbox: the attempt is committed before a request leaves; after an unclear outcome the
//! refunds of the payment are read and the one with our UUID is adopted, never made twice.

use acquit_domain::id::RefundWishId;
use acquit_domain::receipt::Receipt;
use acquit_domain::refund::{RefundEvent, RefundStep, RefundWish, RefundWishState, next_step};
use acquit_domain::remote::{METADATA_INVOICE, METADATA_REFUND, RemotePayment, RemoteRefund};
use acquit_payplug::Error as E;
use acquit_store::{NoticeKind, NoticeRow, Reader, ReceiptRow};

use super::{is_current, note_failure};
use crate::payplug::Remote;
use crate::refunds::{REFUND_FOUND, mode_of, terms_of};
use crate::view::{Notice, SyncReport};
use crate::{Acquit, Error, message};

impl Acquit {
    /// Takes every open wish for a refund one step further, each with the key of its payment's mode.
    pub(super) async fn reconcile_refunds(
        &self,
        current: &Remote,
        report: &mut SyncReport,
    ) -> Result<(), Error> {
        for row in self.file.read(|reader| reader.open_refund_wishes())? {
            let wish = row.wish;
            let number = self
                .file
                .read(|reader| reader.document(wish.invoice))?
                .map(|document| document.number);
            let before = self.file.read(|reader| reader.refunds_of(wish.invoice))?;
            let outcome = self.advance_with_own_key(current, &wish, report).await;
            for refund in self.file.read(|reader| reader.refunds_of(wish.invoice))? {
                if let (Some(invoice), false) = (number, before.contains(&refund)) {
                    report.refunds.push(crate::view::Refunded {
                        invoice,
                        amount: refund.amount,
                        refund: refund.id,
                    });
                }
            }
            if let Err(error) = outcome {
                if note_failure(report, number, &error) {
                    return Ok(());
                }
            } else if let Some(code) = self.tell_refusal(&wish)? {
                report.errors.push(Notice {
                    invoice: number,
                    sentence: message::refund_refusal(&code),
                    code: "refund_refused".to_owned(),
                });
            }
        }
        Ok(())
    }

    async fn advance_with_own_key(
        &self,
        current: &Remote,
        wish: &RefundWish,
        report: &mut SyncReport,
    ) -> Result<(), Error> {
        let Some((_, receipt)) = self.file.read(|reader| open_wish(reader, wish.id))? else {
            return Ok(());
        };
        let mode = self.file.read(|reader| mode_of(reader, &receipt.receipt))?;
        if is_current(current, mode) {
            return self.advance_refund(current, wish.id).await;
        }
        let own = self.remote(mode).await?;
        let outcome = self.advance_refund(&own, wish.id).await;
        report.requests += own.sent();
        outcome
    }

    /// Tells the owner of a wish that PayPlug refused while nobody looked; its code.
    fn tell_refusal(&self, wish: &RefundWish) -> Result<Option<String>, Error> {
        self.file.write(|writer| {
            let row = writer.refund_wish(wish.id)?;
            let Some(RefundWishState::Refused { code }) = row.map(|row| row.wish.state) else {
                return Ok(None);
            };
            writer.insert_notice(&NoticeRow {
                kind: NoticeKind::RefundRefused,
                invoice: wish.invoice,
                amount: wish.amount,
                at: self.parts.now(),
            })?;
            Ok(Some(code))
        })
    }

    /// Takes one wish as far as it goes now. PayPlug's refunds of the payment are read and recorded
    /// first, whatever the step: ours is found by its UUID, and one made elsewhere ends the wish, as
    /// the owner decided without knowing of it. Should ours have been carried out as well, it is
    /// recorded as soon as it shows.
    pub(crate) async fn advance_refund(
        &self,
        remote: &Remote,
        id: RefundWishId,
    ) -> Result<(), Error> {
        let Some((wish, receipt)) = self.file.read(|reader| open_wish(reader, id))? else {
            return Ok(());
        };
        if next_step(&wish.state) == RefundStep::Search {
            let row = self.file.read(|reader| reader.refund_wish(id))?;
            let since = row.ok_or(Error::Inconsistent("refund"))?.changed_at;
            self.let_it_arrive(since).await;
        }
        let payment = match self.read_back(remote, &wish, &receipt.receipt).await {
            // A key that may not even read will not refund, and nothing has left yet.
            Err(Error::Payplug(error)) if wish.state == RefundWishState::Requested => {
                return match refused(&error) {
                    Some(code) => self.refuse(&wish, code),
                    None => Err(error.into()),
                };
            }
            payment => payment?,
        };
        let Some((wish, _)) = self.file.read(|reader| open_wish(reader, id))? else {
            return Ok(());
        };
        match next_step(&wish.state) {
            RefundStep::Rest => Ok(()),
            RefundStep::Send | RefundStep::Search => self.send_refund(remote, wish, &payment).await,
        }
    }

    fn refuse(&self, wish: &RefundWish, code: &str) -> Result<(), Error> {
        self.file.write(|writer| {
            let Some((wish, _)) = open_wish(writer, wish.id)? else {
                return Ok(());
            };
            let code = code.to_owned();
            self.move_wish(writer, &wish, RefundEvent::Refused { code })
        })
    }

    /// Reads a payment and its refunds; records what is new, and what it means for the wish.
    async fn read_back(
        &self,
        remote: &Remote,
        wish: &RefundWish,
        receipt: &Receipt,
    ) -> Result<RemotePayment, Error> {
        let source = receipt.payplug.as_ref().ok_or(Error::NoCardReceipt)?;
        let payment = remote.payment(&source.payment).await?;
        self.absorb(&payment)?;
        let refunds = if payment.amount_refunded.is_positive() {
            remote.refunds(&source.payment).await?
        } else {
            Vec::new()
        };
        let recorded = self.absorb_refunds(&payment, &refunds)?;
        self.adopt_refund(wish, &refunds)?;
        let is_new = !recorded.is_empty();
        self.file.write(|writer| {
            if let Some(row) = writer.link_of_payment(&payment.id)? {
                let (after, until) = (payment.refundable_after, payment.refundable_until);
                if (after, until) != (row.refundable_after, row.refundable_until) {
                    writer.set_refund_window(row.link.id, after, until)?;
                }
            }
            let Some((wish, _)) = open_wish(writer, wish.id)? else {
                return Ok(());
            };
            // The wish is still open: what became known since it was made is another refund.
            let why_not = if is_new || writer.is_overtaken(wish.id)? {
                Some(REFUND_FOUND)
            } else {
                self.why_not(writer, &wish)?
            };
            match why_not {
                Some(code) => {
                    let code = code.to_owned();
                    self.move_wish(writer, &wish, RefundEvent::Refused { code })
                }
                None => Ok(()),
            }
        })?;
        Ok(payment)
    }

    /// Why a wish cannot be made any more, now that PayPlug's side is known.
    fn why_not(
        &self,
        reader: &Reader<'_>,
        wish: &RefundWish,
    ) -> Result<Option<&'static str>, Error> {
        let Some((_, receipt)) = open_wish(reader, wish.id)? else {
            return Ok(None);
        };
        let terms = terms_of(reader, &receipt)?;
        let broken = terms.check(wish.amount, self.parts.now()).err();
        Ok(broken.map(|broken| crate::rule_code(&broken.rule)))
    }

    /// Ties the wish to the refund that carries its UUID, where that one was recorded before.
    fn adopt_refund(&self, wish: &RefundWish, refunds: &[RemoteRefund]) -> Result<(), Error> {
        let ours = refunds
            .iter()
            .find(|refund| refund.wish_id() == Some(wish.id));
        let Some(ours) = ours else { return Ok(()) };
        self.file.write(|writer| {
            if writer.has_refund(&ours.id)? {
                self.wish_is_done(writer, wish.id, &ours.id, wish.receipt)?;
            }
            Ok(())
        })
    }

    /// Asks PayPlug for the refund. When the outcome is unclear it is looked for at once; where it is
    /// not found the wish stays *attempted*, and the next activation looks again before it asks.
    async fn send_refund(
        &self,
        remote: &Remote,
        wish: RefundWish,
        payment: &RemotePayment,
    ) -> Result<(), Error> {
        let is_first = wish.state == RefundWishState::Requested;
        let number = self.file.write(|writer| {
            let Some((wish, _)) = open_wish(writer, wish.id)? else {
                return Ok(None);
            };
            self.move_wish(writer, &wish, RefundEvent::Attempted)?;
            let document = writer.document(wish.invoice)?;
            Ok::<_, Error>(document.map(|document| document.number.to_string()))
        })?;
        let Some(number) = number else { return Ok(()) };
        let metadata = [
            (METADATA_REFUND.to_owned(), wish.id.to_string()),
            (METADATA_INVOICE.to_owned(), number),
        ];
        match remote.refund(&payment.id, wish.amount, &metadata).await {
            Ok(mut made) => {
                // The answer to our request is our refund, whether it echoes the UUID or not.
                let ours = wish.id.to_string();
                made.metadata
                    .entry(METADATA_REFUND.to_owned())
                    .or_insert(ours);
                self.absorb_refunds(payment, &[made])?;
                Ok(())
            }
            Err(error) if error.is_ambiguous() => {
                // From now on it may be on its way.
                self.file
                    .write(|writer| match open_wish(writer, wish.id)? {
                        Some((wish, _)) => self.move_wish(writer, &wish, RefundEvent::Attempted),
                        None => Ok(()),
                    })?;
                let refunds = remote.refunds(&payment.id).await?;
                self.absorb_refunds(payment, &refunds)?;
                match self.file.read(|reader| open_wish(reader, wish.id))? {
                    Some(_) => Err(error.into()),
                    None => Ok(()),
                }
            }
            Err(error) => {
                if let Some(code) = refused(&error) {
                    return self.refuse(&wish, code);
                }
                if is_first {
                    self.file
                        .write(|writer| match open_wish(writer, wish.id)? {
                            Some((wish, _)) => self.move_wish(writer, &wish, RefundEvent::NotSent),
                            None => Ok(()),
                        })?;
                }
                Err(error.into())
            }
        }
    }
}

/// An open wish and the receipt that it is to reduce.
fn open_wish(
    reader: &Reader<'_>,
    id: RefundWishId,
) -> Result<Option<(RefundWish, ReceiptRow)>, Error> {
    let Some(row) = reader
        .refund_wish(id)?
        .filter(|row| row.wish.state.is_open())
    else {
        return Ok(None);
    };
    let receipts = reader.receipts_of(row.wish.invoice)?;
    let receipt = receipts
        .into_iter()
        .find(|found| found.receipt.id == row.wish.receipt)
        .ok_or(Error::Inconsistent("refund"))?;
    Ok(Some((row.wish, receipt)))
}

/// The code of a definite no; none where the same request may succeed later.
fn refused(error: &E) -> Option<&'static str> {
    match error {
        E::Rejected(_) | E::Forbidden | E::NotFound | E::AlreadyEnded | E::Unauthorised => {
            Some(crate::payplug_code(error))
        }
        _ => None,
    }
}
