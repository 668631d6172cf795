//! Giving a card payment back.

use acquit_domain::id::InvoiceId;
use acquit_domain::receipt::Receipt;
use acquit_domain::{Cents, Error as Broken, Rule};

use crate::view::InvoiceView;
use crate::{Acquit, Error};

/// Least refund that PayPlug takes (support article 360021318292).
const REFUND_MIN: Cents = Cents::new(10);

impl Acquit {
    /// Gives back the invoice's card receipt, in full or in part. What PayPlug already gave back is
    /// read first, so that an earlier refund whose answer was lost is never made twice.
    ///
    /// # Errors
    /// No card receipt, more than what is left of it, [`Error::RefundFound`] when a refund made
    /// elsewhere turned up (it is recorded), [`Error::RefundUnclear`] when no answer came.
    pub async fn refund(&self, id: InvoiceId, amount: Option<Cents>) -> Result<InvoiceView, Error> {
        let view = self.invoice(id)?;
        let refundable = |view: &InvoiceView| {
            view.receipts
                .iter()
                .find(|row| row.receipt.payplug.is_some() && row.refunded < row.receipt.amount)
                .map(|row| (row.receipt.clone(), row.receipt.amount - row.refunded))
        };
        let card = view
            .receipts
            .iter()
            .any(|row| row.receipt.payplug.is_some());
        let (receipt, left) = match (refundable(&view), card) {
            (Some(found), _) => found,
            (None, true) => {
                return Err(Broken::at(
                    "amount",
                    Rule::MoreThanRefundable {
                        refundable: Cents::ZERO,
                    },
                )
                .into());
            }
            (None, false) => return Err(Error::NoCardReceipt),
        };
        let amount = amount.unwrap_or(left);
        if amount < REFUND_MIN {
            return Err(Broken::at("amount", Rule::NotPositive).into());
        }
        if amount > left {
            return Err(Broken::at("amount", Rule::MoreThanRefundable { refundable: left }).into());
        }
        self.send_refund(&receipt, amount, left).await?;
        self.invoice(id)
    }

    async fn send_refund(
        &self,
        receipt: &Receipt,
        amount: Cents,
        left: Cents,
    ) -> Result<(), Error> {
        let source = receipt.payplug.as_ref().ok_or(Error::NoCardReceipt)?;
        let row = self
            .file
            .read(|reader| reader.link_of_payment(&source.payment))?;
        let mode = row.and_then(|row| row.link.state.hosted().map(|hosted| hosted.mode));
        let remote = self
            .remote(mode.ok_or(Error::Inconsistent("link"))?)
            .await?;
        if self.read_refunds(&remote, &source.payment).await? {
            return Err(Error::RefundFound);
        }
        let asked = (amount != left || amount != receipt.amount).then_some(amount);
        match remote.refund(&source.payment, asked).await {
            Ok(_) => {}
            Err(error) if error.is_ambiguous() => {
                return Err(match self.read_refunds(&remote, &source.payment).await {
                    Ok(true) => return Ok(()),
                    _ => Error::RefundUnclear,
                });
            }
            Err(error) => return Err(error.into()),
        }
        self.read_refunds(&remote, &source.payment).await?;
        Ok(())
    }
}
