//! What must be true: after every act, before every answer, and once everything could be heard.

use std::collections::BTreeMap;
use std::sync::Arc;

use acquit_app::InvoiceView;
use acquit_domain::Cents;
use acquit_domain::id::ReceiptId;
use acquit_domain::link::LinkState;
use acquit_domain::refund::RefundWishState;
use acquit_simulator::{Handle, PaymentSnapshot};
use acquit_store::CompanyFile;
use jiff::Timestamp;
use rusqlite::Connection;

use crate::bench::Setting;
use crate::history::History;
use crate::model::Expected;

/// Whether the customer can pay on its page.
pub(crate) fn payable(payment: &PaymentSnapshot) -> bool {
    !payment.is_paid && payment.failure_code.is_none() && !payment.is_aborted
}

/// An invoice that can be paid on two pages at once. Strangers are paid when they appear, so they do not count.
fn two_pages(payplug: &Handle) -> Option<String> {
    let mut open: BTreeMap<String, u32> = BTreeMap::new();
    for payment in payplug.payments().into_iter().filter(payable) {
        let invoice = payment.metadata.get("invoice").cloned();
        *open.entry(invoice.unwrap_or_default()).or_default() += 1;
    }
    let (number, count) = open.iter().find(|(_, count)| **count > 1)?;
    Some(format!("{number} can be paid on {count} pages at once"))
}

impl History {
    /// Before each answer of PayPlug, nobody can pay twice.
    pub(crate) fn watch_pages(&self) {
        let payplug = self.world.payplug.clone();
        let look = move || two_pages(&payplug);
        self.world.points.look_with(Arc::new(look));
    }

    /// What must be true after every act, even right after a death.
    pub(crate) fn holds(&self) {
        let verification = self.sure(self.acquit().verify());
        if let Some(found) = verification.broken {
            self.fail(&format!("verify: {found:?}"));
        }
        let wrong = self.world.points.wrong();
        if let Some(found) = wrong.or_else(|| two_pages(&self.world.payplug)) {
            self.fail(&found);
        }
        self.allocations_hold(&self.world.file);
        self.receipts_hold(&self.world.file);
        self.books_hold();
    }

    /// No more is set against an invoice than it asked for, and what went back of it.
    fn allocations_hold(&self, file: &Connection) {
        let sum = |query: &str, id: &str| -> i64 {
            let mut query = file.prepare_cached(query).unwrap();
            query.query_row([id], |row| row.get(0)).unwrap()
        };
        for (id, expected) in &self.plain.model.invoices {
            let id = id.to_string();
            let allocated = sum(
                "SELECT COALESCE(SUM(amount), 0) FROM allocations WHERE invoice_id = ?1",
                &id,
            );
            let given_back = sum(
                "SELECT COALESCE(SUM(f.amount), 0) FROM (SELECT receipt_id, amount FROM refunds UNION ALL SELECT receipt_id, amount FROM chargebacks) f JOIN receipts r ON r.id = f.receipt_id WHERE r.invoice_id = ?1",
                &id,
            );
            if allocated > expected.asked + expected.released + given_back {
                self.fail(&format!(
                    "{}: {allocated} is set against {}",
                    expected.number, expected.asked
                ));
            }
        }
    }

    /// No receipt comes from a payment that is not ours, not paid, of another amount, or of which PayPlug says that it belongs to
    /// the other mode; none at all comes from a Test key.
    fn receipts_hold(&self, file: &Connection) {
        let mut rows = file
            .prepare_cached("SELECT payment, amount FROM receipts WHERE payment IS NOT NULL")
            .unwrap();
        let found = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        let found: Vec<(String, i64)> = found.unwrap().map(Result::unwrap).collect();
        let wrong = &self.plain.model.wrong_mode;
        for (payment, cents) in found {
            let theirs = self.world.payplug.payment(&payment);
            let right = theirs
                .is_ok_and(|one| one.is_paid && one.amount == cents && self.is_in_books(&one));
            let ours = !self.plain.model.strangers.contains(&payment);
            if !(right && ours) {
                self.fail(&format!("a receipt of {payment}"));
            }
            if wrong.contains(&payment) {
                self.fail(&format!("{payment} was settled in the wrong mode"));
            }
        }
    }

    /// What must be true once everything could be heard: each paid payment is in exactly one receipt, and what is still to pay
    /// is what a plain sum says.
    pub(crate) fn converged(&self) {
        let payments = self.world.payplug.payments();
        for (id, expected) in &self.plain.model.invoices {
            let view = self.view(*id);
            let ours: Vec<&PaymentSnapshot> = payments
                .iter()
                .filter(|one| one.metadata.get("invoice") == Some(&expected.number))
                .filter(|one| !self.plain.model.strangers.contains(&one.id))
                .collect();
            let received = self.paid_is_recorded(expected, &view, &ours);
            let kept = received + expected.cheques - expected.charged_back + expected.adjusted;
            let asked = expected.asked + expected.released;
            let balance = asked - expected.credited - expected.written_off - kept;
            let standing = view.standing;
            if standing.remaining.get() != balance.max(0)
                || standing.customer_credit.get() != (-balance).max(0)
            {
                self.fail(&format!(
                    "{}: balance {balance}, standing {standing:?}",
                    expected.number
                ));
            }
            self.link_is_right(&view, &ours);
        }
        self.books_are_settled();
        self.refuses_a_second_receipt();
    }

    /// What is paid, and what went back, is recorded. Gives what stays, in cents.
    fn paid_is_recorded(
        &self,
        expected: &Expected,
        view: &InvoiceView,
        payments: &[&PaymentSnapshot],
    ) -> i64 {
        let mut paid: Vec<(String, i64, i64)> = payments
            .iter()
            .filter(|one| one.is_paid && self.is_in_books(one))
            .map(|one| (one.id.clone(), one.amount, one.amount_refunded))
            .collect();
        let mut recorded: Vec<(String, i64, i64)> = view
            .receipts
            .iter()
            .filter_map(|row| {
                let source = row.receipt.payplug.as_ref()?;
                Some((
                    source.payment.to_string(),
                    row.receipt.amount.get(),
                    row.refunded.get(),
                ))
            })
            .collect();
        paid.sort();
        recorded.sort();
        if paid != recorded {
            self.fail(&format!(
                "{}: paid {paid:?}, recorded {recorded:?}",
                expected.number
            ));
        }
        self.refunds_are_wished(expected, view, paid.iter().map(|one| one.2).sum());
        paid.iter().map(|one| one.1 - one.2).sum()
    }

    /// Whether a payment counts: with a Test key it does not, but in a demonstration.
    pub(crate) fn is_in_books(&self, payment: &PaymentSnapshot) -> bool {
        payment.is_live || self.plain.setting == Setting::Demonstration
    }

    /// Each wish for a refund was fulfilled once: what went back is what the portal and the wishes gave back.
    fn refunds_are_wished(&self, expected: &Expected, view: &InvoiceView, refunded: i64) {
        let done = view.refund_wishes.iter();
        let done = done.filter(|wish| wish.state == RefundWishState::Done);
        let wished: i64 = done.map(|wish| wish.amount.get()).sum();
        if refunded != wished + expected.portal_refunds {
            self.fail(&format!(
                "{}: {refunded} went back, {wished} was wished, {} came from the portal",
                expected.number, expected.portal_refunds
            ));
        }
        let waits = view.refund_wishes.iter().find(|wish| {
            matches!(
                wish.state,
                RefundWishState::Requested | RefundWishState::Attempted
            )
        });
        if let Some(wish) = waits {
            self.fail(&format!("{}: {wish:?} still waits", expected.number));
        }
    }

    /// One page of the right amount where something may be asked for, none elsewhere.
    fn link_is_right(&self, view: &InvoiceView, payments: &[&PaymentSnapshot]) {
        let open: Vec<i64> = payments
            .iter()
            .filter(|one| payable(one))
            .map(|one| one.amount)
            .collect();
        let wanted = view.standing.payable().get();
        let none_is_made = matches!(
            view.link.as_ref().map(|link| &link.state),
            Some(LinkState::Dead(_) | LinkState::PaidTest(_))
        );
        let right = if none_is_made || wanted < 99 {
            open.is_empty()
        } else {
            open == [wanted]
        };
        let undecided = view.standing.awaits_decision && !open.is_empty();
        let right = right && !undecided;
        if !right {
            self.fail(&format!(
                "{}: wanted {wanted}, open {open:?}, link {:?}",
                view.id, view.link
            ));
        }
    }

    /// The database itself refuses a second receipt of a payment, whoever tries.
    fn refuses_a_second_receipt(&self) {
        let ids = self.plain.model.invoices.keys();
        let mut rows = ids.flat_map(|id| self.view(*id).receipts);
        let Some(row) = rows.find(|row| row.receipt.payplug.is_some()) else {
            return;
        };
        let file = CompanyFile::open(self.world.folder(), Timestamp::UNIX_EPOCH).unwrap();
        let twice = acquit_domain::receipt::Receipt {
            id: ReceiptId::new(uuid::Uuid::from_u128(u128::from(self.plain.seed) + 1)),
            ..row.receipt
        };
        let outcome: Result<(), acquit_store::Error> =
            file.write(|writer| writer.insert_receipt(&twice, Cents::ZERO, Timestamp::UNIX_EPOCH));
        if !outcome.is_err_and(|error| error.is_constraint("receipts.payment")) {
            self.fail("a payment was recorded twice");
        }
    }
}
