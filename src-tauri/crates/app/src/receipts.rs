//! Receipts of other means than PayPlug.

use acquit_domain::id::{InvoiceId, ReceiptId};
use acquit_domain::receipt::{PaymentMeans, Receipt};
use acquit_domain::{Error as Broken, Rule};
use acquit_store::Reader;

use crate::ledger::{Account, open_day, renew_link};
use crate::view::{InvoiceView, NewReceipt};
use crate::{Acquit, Error};

impl Acquit {
    /// Records a cheque, a transfer, cash … on an invoice. A payable link is taken back first (10 s
    /// at most); if the customer paid it meanwhile, that payment is recorded and this receipt is
    /// judged against what is still due.
    ///
    /// # Errors
    /// Nothing or less, a date in the future or in a closed period, a means that is never typed, or more than the net due
    /// without `overpayment`.
    pub async fn add_receipt(&self, id: InvoiceId, new: NewReceipt) -> Result<InvoiceView, Error> {
        self.file
            .read(|reader| self.check_receipt(reader, &Account::read(reader, id)?, &new))?;
        self.take_back_link(id).await?;
        self.file.write(|writer| {
            let before = Account::read(writer, id)?;
            self.check_receipt(writer, &before, &new)?;
            let receipt = Receipt {
                id: ReceiptId::new(self.parts.uuid()),
                invoice: id,
                date: new.date.unwrap_or_else(|| self.parts.today()),
                amount: new.amount,
                means: new.means,
                payplug: None,
            };
            let after = self.record_receipt(writer, &before, &receipt)?;
            renew_link(writer, &self.parts, &after)
        })?;
        self.invoice(id)
    }

    fn check_receipt(
        &self,
        reader: &Reader<'_>,
        account: &Account,
        new: &NewReceipt,
    ) -> Result<(), Error> {
        if new.means == PaymentMeans::CardPayplug {
            return Err(Broken::at("means", Rule::UnknownChoice).into());
        }
        if !new.amount.is_positive() {
            return Err(Broken::at("amount", Rule::NotPositive).into());
        }
        if let Some(date) = new.date.filter(|date| *date > self.parts.today()) {
            return Err(Broken::at("date", Rule::IssuedInFuture { date }).into());
        }
        open_day(
            reader,
            new.date.unwrap_or_else(|| self.parts.today()),
            "date",
        )?;
        let remaining = account.standing.remaining;
        if new.amount > remaining && !new.overpayment {
            return Err(Broken::at("amount", Rule::MoreThanNetDue { remaining }).into());
        }
        Ok(())
    }
}
