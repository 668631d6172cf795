//! Chargebacks (*contestations*): PayPlug's API shows nothing of them, so the owner records what
//! PayPlug's notice says, and how the dispute ended (`accounting.md` § 2).

use acquit_accounting::Charts;
use acquit_accounting::payplug::{chargeback as chargeback_entry, chargeback_won};
use acquit_domain::id::{ChargebackId, InvoiceId};
use acquit_domain::link::LinkEvent;
use acquit_domain::receipt::{Chargeback, ChargebackOutcome};
use acquit_domain::remote::PaymentId;
use acquit_domain::{Cents, Error as Broken, Rule};
use acquit_store::{NoticeKind, NoticeRow, ReceiptRow, Writer};
use jiff::civil::Date;

use crate::ledger::{Account, auxiliary_of, chart_of, chart_of_receipt, close_event, record};
use crate::refunds::{link_of_receipt, terms_of};
use crate::view::{InvoiceView, NewChargeback};
use crate::{Acquit, Error};

impl Acquit {
    /// Records that the customer's bank took a card payment back: what was not refunded of it, unless
    /// another amount is given. Nothing more is asked for until the owner decides.
    ///
    /// # Errors
    /// No card receipt, or none of the given payment, nothing or more than what is left of it, a date
    /// in the future or before the payment.
    pub fn record_chargeback(
        &self,
        id: InvoiceId,
        new: NewChargeback,
    ) -> Result<InvoiceView, Error> {
        self.file
            .write(|writer| self.book_chargeback(writer, id, &new))?;
        self.invoice(id)
    }

    /// Records how a dispute ended. Won: the money came again. Lost: it stays away; whether the debt
    /// is given up, credited or asked for again is a decision of its own.
    ///
    /// # Errors
    /// [`Error::UnknownChargeback`], one that had ended before, a date in the future or before the
    /// chargeback.
    pub fn close_chargeback(
        &self,
        id: InvoiceId,
        chargeback: ChargebackId,
        outcome: ChargebackOutcome,
        date: Option<Date>,
    ) -> Result<InvoiceView, Error> {
        self.file
            .write(|writer| self.end_chargeback(writer, id, chargeback, outcome, date))?;
        self.invoice(id)
    }

    /// The same inside a transaction.
    pub(crate) fn book_chargeback(
        &self,
        writer: &Writer<'_>,
        id: InvoiceId,
        new: &NewChargeback,
    ) -> Result<(), Error> {
        let before = Account::read(writer, id)?;
        let (row, left) = disputable(writer, id, new.payment.as_ref())?;
        let amount = new.amount.unwrap_or(left);
        if amount > left {
            return Err(Broken::at("amount", Rule::MoreThanReceived { left }).into());
        }
        if !amount.is_positive() {
            return Err(Broken::at("amount", Rule::NotPositive).into());
        }
        let chargeback = Chargeback {
            id: ChargebackId::new(self.parts.uuid()),
            receipt: row.receipt.id,
            date: self.day(writer, new.date, row.receipt.date)?,
            amount,
        };
        writer.insert_chargeback(&chargeback, self.parts.now())?;
        let link = link_of_receipt(writer, &row.receipt)?;
        self.move_link(writer, &link, LinkEvent::Disputed)?;
        let customer = auxiliary_of(writer, &before.invoice)?;
        let document = chart_of(writer, id)?;
        let charts = Charts {
            document: &document,
            counterpart: &chart_of_receipt(writer, &row.receipt)?,
            deposits: &[],
        };
        let invoice = &before.invoice;
        let entry = chargeback_entry(&chargeback, &row.receipt, invoice, charts, &customer)?;
        record(writer, &self.parts, id, entry)?;
        self.audit(writer, "chargeback_recorded", &chargeback)?;
        close_event(writer, &self.parts, &before, chargeback.date)?;
        writer.insert_notice(&NoticeRow {
            kind: NoticeKind::ChargedBack,
            invoice: id,
            amount,
            at: self.parts.now(),
        })?;
        Ok(())
    }

    /// The same inside a transaction.
    pub(crate) fn end_chargeback(
        &self,
        writer: &Writer<'_>,
        id: InvoiceId,
        chargeback: ChargebackId,
        outcome: ChargebackOutcome,
        date: Option<Date>,
    ) -> Result<(), Error> {
        let before = Account::read(writer, id)?;
        let rows = writer.chargebacks_of(id)?;
        let row = rows
            .iter()
            .find(|row| row.chargeback.id == chargeback)
            .ok_or(Error::UnknownChargeback)?;
        if row.outcome.is_some() {
            return Err(Broken::at("id", Rule::ChargebackClosed).into());
        }
        let date = self.day(writer, date, row.chargeback.date)?;
        writer.insert_chargeback_outcome(chargeback, outcome, date, self.parts.now())?;
        if outcome == ChargebackOutcome::Won {
            let still_disputed = rows.iter().any(|other| {
                other.chargeback.id != chargeback
                    && other.chargeback.receipt == row.chargeback.receipt
                    && other.counts()
            });
            self.book_won(writer, &before, &row.chargeback, date, still_disputed)?;
        }
        let body = (chargeback, outcome, date);
        self.audit(writer, "chargeback_closed", &body)?;
        close_event(writer, &self.parts, &before, date)?;
        Ok(())
    }

    /// The money came again: the entry, and the link as its refunds leave it.
    fn book_won(
        &self,
        writer: &Writer<'_>,
        before: &Account,
        chargeback: &Chargeback,
        date: Date,
        still_disputed: bool,
    ) -> Result<(), Error> {
        let id = before.invoice.id;
        let receipts = writer.receipts_of(id)?;
        let row = receipts
            .iter()
            .find(|row| row.receipt.id == chargeback.receipt)
            .ok_or(Error::Inconsistent("chargeback"))?;
        let customer = auxiliary_of(writer, &before.invoice)?;
        let document = chart_of(writer, id)?;
        let charts = Charts {
            document: &document,
            counterpart: &chart_of_receipt(writer, &row.receipt)?,
            deposits: &[],
        };
        let invoice = &before.invoice;
        let entry = chargeback_won(chargeback, date, &row.receipt, invoice, charts, &customer)?;
        record(writer, &self.parts, id, entry)?;
        if still_disputed {
            return Ok(());
        }
        let link = link_of_receipt(writer, &row.receipt)?;
        self.move_link(writer, &link, LinkEvent::DisputeWon)?;
        if row.refunded.is_positive() {
            let in_full = row.refunded == row.receipt.amount;
            self.move_link(writer, &link, LinkEvent::GivenBack { in_full })?;
        }
        Ok(())
    }
}

/// The receipt of a payment, or the latest card receipt with something left, and what is left of it.
fn disputable(
    writer: &Writer<'_>,
    id: InvoiceId,
    payment: Option<&PaymentId>,
) -> Result<(ReceiptRow, Cents), Error> {
    let mut latest = None;
    for row in writer.receipts_of(id)? {
        let Some(source) = &row.receipt.payplug else {
            continue;
        };
        if payment.is_none_or(|payment| source.payment == *payment) {
            let left = terms_of(writer, &row)?.left.at_least_zero();
            if left.is_positive() || latest.is_none() {
                latest = Some((row, left));
            }
        }
    }
    match (latest, payment) {
        (Some(found), _) => Ok(found),
        (None, Some(_)) => Err(Broken::at("payment", Rule::UnknownChoice).into()),
        (None, None) => Err(Error::NoCardReceipt),
    }
}
