//! The single transaction of `payment-links.md` § 3: what PayPlug says of a payment becomes facts,
//! exactly once, or an anomaly.

use acquit_accounting::Charts;
use acquit_accounting::closing::Dated;
use acquit_accounting::payplug::refund as refund_entry;
use acquit_accounting::receipts::receipt as receipt_entry;
use acquit_domain::Cents;
use acquit_domain::date::paris_day;
use acquit_domain::id::{ReceiptId, RefundWishId};
use acquit_domain::link::{LinkEvent, LinkState, transition};
use acquit_domain::numbering::DocumentNumber;
use acquit_domain::receipt::{PaymentMeans, PayplugSource, Receipt, Refund, Status};
use acquit_domain::refund::{RefundEvent, transition as refund_transition};
use acquit_domain::remote::{RefundId, RemotePayment, RemoteRefund};
use acquit_domain::settlement::{Anomaly, Fact, new_refunds, settle};
use acquit_store::{AnomalyRow, AttemptRow, LinkRow, NoticeKind, NoticeRow, Writer};
use jiff::civil::Date;

use crate::closing::BOOKED_LATE;
use crate::ledger::{
    Account, auxiliary_of, chart_of, chart_of_receipt, close_dated, closed, late, record,
};
use crate::view::{Refunded, Settled};
use crate::{Acquit, Error};

/// What one payment changed.
#[derive(Default)]
pub(crate) struct Absorbed {
    /// A receipt was recorded.
    pub(crate) settled: Option<Settled>,
    /// Refunds must be read one by one.
    pub(crate) refunds_to_read: bool,
    /// Somebody must look.
    pub(crate) anomaly: Option<(DocumentNumber, Anomaly)>,
}

impl Acquit {
    /// Compares a payment with its link and records what is new. A payment that is not ours changes
    /// nothing.
    pub(crate) fn absorb(&self, remote: &RemotePayment) -> Result<Absorbed, Error> {
        self.file.write(|writer| {
            let Some(row) = writer.link_of_payment(&remote.id)? else {
                return self.absorb_second(writer, remote);
            };
            let refunded = writer
                .receipt_of_payment(&remote.id)?
                .map_or(Cents::ZERO, |row| row.refunded);
            match settle(&row.link, remote, refunded) {
                Err(anomaly) => self.record_anomaly(writer, &row, remote, anomaly),
                Ok(facts) => {
                    let mut absorbed = Absorbed::default();
                    for fact in facts {
                        self.record_fact(writer, &row, remote, fact, &mut absorbed)?;
                    }
                    Ok(absorbed)
                }
            }
        })
    }

    /// A payment that carries the UUID of a link which has another payment: two attempts were both
    /// carried out. Nothing is settled with it; where it was paid, somebody must look.
    fn absorb_second(
        &self,
        writer: &Writer<'_>,
        remote: &RemotePayment,
    ) -> Result<Absorbed, Error> {
        let link = match remote.link_id() {
            Some(id) => writer.link(id)?,
            None => None,
        };
        match link.filter(|row| remote.is_paid && row.link.state.hosted().is_some()) {
            Some(row) => {
                let other = remote.id.clone();
                self.record_anomaly(writer, &row, remote, Anomaly::SecondPayment { other })
            }
            None => Ok(Absorbed::default()),
        }
    }

    fn record_fact(
        &self,
        writer: &Writer<'_>,
        row: &LinkRow,
        remote: &RemotePayment,
        fact: Fact,
        absorbed: &mut Absorbed,
    ) -> Result<(), Error> {
        match fact {
            Fact::Received { date, source } => {
                let (after, until) = (remote.refundable_after, remote.refundable_until);
                writer.set_refund_window(row.link.id, after, until)?;
                absorbed.settled = Some(self.record_payment(writer, row, date, source)?);
            }
            Fact::ReceivedInTest => {
                self.move_link(writer, row, LinkEvent::Paid)?;
                self.notify(writer, row, NoticeKind::PaidInTest, row.link.amount)?;
            }
            Fact::Failed(failure) => {
                let is_left = failure.is_left();
                let attempt = AttemptRow {
                    at: self.parts.now(),
                    outcome: failure.code,
                };
                writer.insert_attempt(row.link.id, &attempt)?;
                self.move_link(writer, row, LinkEvent::Failed)?;
                if !is_left {
                    self.notify(writer, row, NoticeKind::Refused, row.link.amount)?;
                }
            }
            Fact::Aborted => self.move_link(writer, row, LinkEvent::AbortConfirmed)?,
            Fact::RefundsToRead => absorbed.refunds_to_read = true,
        }
        Ok(())
    }

    /// Receipt, allocation, entries, audit record, standing, link and notice: all or nothing.
    fn record_payment(
        &self,
        writer: &Writer<'_>,
        row: &LinkRow,
        date: Date,
        source: PayplugSource,
    ) -> Result<Settled, Error> {
        let before = Account::read(writer, row.link.invoice)?;
        let receipt = Receipt {
            id: ReceiptId::new(self.parts.uuid()),
            invoice: row.link.invoice,
            date,
            amount: row.link.amount,
            means: PaymentMeans::CardPayplug,
            payplug: Some(source),
        };
        self.move_link(writer, row, LinkEvent::Paid)?;
        let after = self.record_receipt(writer, &before, &receipt)?;
        let too_much = after.standing.customer_credit > before.standing.customer_credit;
        let kind = if too_much {
            NoticeKind::PaidTooMuch
        } else {
            NoticeKind::Paid
        };
        self.notify(writer, row, kind, receipt.amount)?;
        if after.standing.status == Status::Settled {
            self.thank(writer, &after.invoice)?;
        }
        let payment = receipt
            .payplug
            .map(|source| source.payment)
            .ok_or(Error::Inconsistent("payment"))?;
        Ok(Settled {
            invoice: after.invoice.number,
            amount: receipt.amount,
            payment,
        })
    }

    /// Records a receipt of any means with all that follows from it. A card that was paid on a day that is closed
    /// by now is booked on the first open day; what people date themselves is refused there.
    pub(crate) fn record_receipt(
        &self,
        writer: &Writer<'_>,
        before: &Account,
        receipt: &Receipt,
    ) -> Result<Account, Error> {
        let allocated = receipt.amount.min(before.standing.remaining);
        writer.insert_receipt(receipt, allocated, self.parts.now())?;
        let customer = auxiliary_of(writer, &before.invoice)?;
        let (document, now) = (chart_of(writer, receipt.invoice)?, writer.chart_now()?);
        let charts = Charts {
            document: &document,
            counterpart: &now,
            deposits: &[],
        };
        let dated = match receipt.means {
            PaymentMeans::CardPayplug => {
                self.dated(writer, &receipt.id.to_string(), receipt.date)?
            }
            _ => receipt.date.into(),
        };
        let entry = late(
            receipt_entry(receipt, &before.invoice, charts, &customer)?,
            dated,
        );
        record(writer, &self.parts, receipt.invoice, entry)?;
        self.audit(writer, "receipt_recorded", receipt)?;
        close_dated(writer, &self.parts, before, dated)
    }

    /// Records the refunds of a payment that are not known yet.
    pub(crate) fn absorb_refunds(
        &self,
        payment: &RemotePayment,
        refunds: &[RemoteRefund],
    ) -> Result<Vec<Refunded>, Error> {
        self.file.write(|writer| {
            let Some(row) = writer.link_of_payment(&payment.id)? else {
                return Ok(Vec::new());
            };
            let Some(received) = writer.receipt_of_payment(&payment.id)? else {
                return Ok(Vec::new());
            };
            let mut known = Vec::with_capacity(refunds.len());
            for refund in refunds {
                known.push(writer.has_refund(&refund.id)?);
            }
            let is_known = |refund: &RemoteRefund| {
                refunds
                    .iter()
                    .position(|other| other.id == refund.id)
                    .is_some_and(|place| known[place])
            };
            let mut recorded = Vec::new();
            let mut given_back = received.refunded;
            for remote in new_refunds(refunds, is_known) {
                given_back += remote.amount;
                if given_back > received.receipt.amount || remote.payment != payment.id {
                    let anomaly = Anomaly::RefundExceedsPayment {
                        received: received.receipt.amount,
                        refunded: given_back,
                    };
                    self.record_anomaly(writer, &row, payment, anomaly)?;
                    break;
                }
                let in_full = given_back == received.receipt.amount;
                recorded.push(self.record_refund(writer, &received.receipt, remote, in_full)?);
            }
            Ok(recorded)
        })
    }

    fn record_refund(
        &self,
        writer: &Writer<'_>,
        receipt: &Receipt,
        remote: &RemoteRefund,
        in_full: bool,
    ) -> Result<Refunded, Error> {
        let before = Account::read(writer, receipt.invoice)?;
        let refund = Refund {
            id: remote.id.clone(),
            receipt: receipt.id,
            date: paris_day(remote.created_at),
            amount: remote.amount,
        };
        writer.insert_refund(&refund, self.parts.now())?;
        if let Some(wish) = remote.wish_id() {
            self.wish_is_done(writer, wish, &refund.id, receipt.id)?;
        }
        let row = writer
            .link_of_payment(&remote.payment)?
            .ok_or(Error::Inconsistent("link"))?;
        self.move_link(writer, &row, LinkEvent::GivenBack { in_full })?;
        let customer = auxiliary_of(writer, &before.invoice)?;
        let document = chart_of(writer, receipt.invoice)?;
        let charts = Charts {
            document: &document,
            counterpart: &chart_of_receipt(writer, receipt)?,
            deposits: &[],
        };
        let dated = self.dated(writer, refund.id.as_str(), refund.date)?;
        let entry = refund_entry(&refund, receipt, &before.invoice, charts, &customer)?;
        let entry = late(entry, dated);
        record(writer, &self.parts, receipt.invoice, entry)?;
        self.audit(writer, "refund_recorded", &refund)?;
        let after = close_dated(writer, &self.parts, &before, dated)?;
        self.notify(writer, &row, NoticeKind::Refunded, refund.amount)?;
        Ok(Refunded {
            invoice: after.invoice.number,
            amount: refund.amount,
            refund: refund.id,
        })
    }

    /// Ties a wish of ours to the refund that carries its UUID, by whatever way it came to be known.
    /// A wish that ended otherwise stays as it is: the refund is recorded all the same.
    pub(crate) fn wish_is_done(
        &self,
        writer: &Writer<'_>,
        wish: RefundWishId,
        refund: &RefundId,
        receipt: ReceiptId,
    ) -> Result<(), Error> {
        let Some(row) = writer.refund_wish(wish)? else {
            return Ok(());
        };
        if row.wish.receipt == receipt
            && let Ok(state) = refund_transition(row.wish.state, RefundEvent::Found)
        {
            writer.set_refund_wish(wish, &state, Some(refund), self.parts.now())?;
        }
        Ok(())
    }

    fn record_anomaly(
        &self,
        writer: &Writer<'_>,
        row: &LinkRow,
        remote: &RemotePayment,
        anomaly: Anomaly,
    ) -> Result<Absorbed, Error> {
        let number = Account::read(writer, row.link.invoice)?.invoice.number;
        let side = |amount: Cents, currency: &str, live: bool| {
            let mode = if live { "live" } else { "test" };
            format!("{} {currency}, {mode}", amount.decimal())
        };
        let ours_live = row
            .link
            .state
            .hosted()
            .is_some_and(|hosted| hosted.mode.is_live());
        let is_open = writer.insert_anomaly(&AnomalyRow {
            code: anomaly.code().to_owned(),
            payment: remote.id.to_string(),
            invoice: Some(row.link.invoice),
            ours: side(row.link.amount, "EUR", ours_live),
            theirs: side(remote.amount, &remote.currency, remote.is_live),
            seen_at: self.parts.now(),
        })?;
        Ok(Absorbed {
            anomaly: is_open.then_some((number, anomaly)),
            ..Absorbed::default()
        })
    }

    /// Moves a link as it stands in this transaction.
    pub(crate) fn move_link(
        &self,
        writer: &Writer<'_>,
        row: &LinkRow,
        event: LinkEvent,
    ) -> Result<(), Error> {
        let mut link = writer
            .link(row.link.id)?
            .ok_or(Error::Inconsistent("link"))?
            .link;
        link.state = transition(link.state, event)?;
        if let LinkState::Open(hosted) = &link.state {
            tracing::info!(payment = hosted.payment.as_str(), "link open");
        }
        writer.update_link(&link, self.parts.now())?;
        Ok(())
    }

    fn notify(
        &self,
        writer: &Writer<'_>,
        row: &LinkRow,
        kind: NoticeKind,
        amount: Cents,
    ) -> Result<(), Error> {
        let notice = NoticeRow {
            kind,
            invoice: row.link.invoice,
            amount,
            at: self.parts.now(),
        };
        writer.insert_notice(&notice)?;
        Ok(())
    }

    /// When a movement that PayPlug tells of is booked; noted where that is later than it happened.
    pub(crate) fn dated(
        &self,
        writer: &Writer<'_>,
        movement: &str,
        happened: Date,
    ) -> Result<Dated, Error> {
        let dated = closed(writer)?.dated(happened);
        if dated.is_late() {
            writer.insert_late_booking(movement, happened, dated.on)?;
            self.audit(writer, BOOKED_LATE, &(movement, happened, dated.on))?;
        }
        Ok(dated)
    }

    /// Appends an event to the audit chain with its canonical bytes.
    pub(crate) fn audit(
        &self,
        writer: &Writer<'_>,
        kind: &str,
        event: &impl serde::Serialize,
    ) -> Result<(), Error> {
        let body = serde_json::to_vec(event).map_err(acquit_store::Error::from)?;
        writer.append_audit(self.parts.actor(), kind, body, self.parts.now())?;
        Ok(())
    }
}
