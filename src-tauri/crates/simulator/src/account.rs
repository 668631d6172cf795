//! The pretended PayPlug account: what moves it, what is blocked, the monthly invoice
//! (reference § 12).

use crate::calendar::next_month;
use crate::error::Error;

/// What a chargeback costs the merchant, incl. VAT (reference § 12).
pub(crate) const CHARGEBACK_FEE: i64 = 1_800;

/// The VAT on PayPlug's invoice, in hundredths.
const VAT_PERCENT: i64 = 20;

/// What moved the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MovementKind {
    /// A payer paid.
    Payment,
    /// Money went back to a payer.
    Refund,
    /// A payer's bank took the money back.
    Chargeback,
    /// What PayPlug takes for a chargeback, incl. VAT.
    ChargebackFee,
    /// A transfer to the company's bank account.
    Transfer,
    /// The fees of the month before, incl. VAT, debited on the 1st.
    Invoice,
}

impl MovementKind {
    /// The word in the accounting report.
    pub fn word(self) -> &'static str {
        match self {
            MovementKind::Payment => "payment",
            MovementKind::Refund => "refund",
            MovementKind::Chargeback => "chargeback",
            MovementKind::ChargebackFee => "chargeback_fee",
            MovementKind::Transfer => "transfer",
            MovementKind::Invoice => "invoice",
        }
    }
}

/// One movement of the pretended account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// `pay_…` or `re_…` where the API knows the movement, else an id of the portal.
    pub id: String,
    /// Unix seconds.
    pub at: i64,
    /// What it is.
    pub kind: MovementKind,
    /// Signed cents: what the balance changed by.
    pub amount: i64,
    /// Cents excl. VAT, blocked until the invoice of the month; 0 but for payments.
    pub fee_excl_vat: i64,
    /// The payment it belongs to.
    pub payment: Option<String>,
}

/// The account of one mode.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    opening: i64,
    movements: Vec<Movement>,
    fees_of_the_month: i64,
    next_invoice_at: i64,
}

impl Account {
    /// An account that starts at this instant with this balance (cents).
    pub(crate) fn new(opening: i64, now: i64) -> Account {
        Account {
            opening,
            movements: Vec::new(),
            fees_of_the_month: 0,
            next_invoice_at: next_month(now),
        }
    }

    /// Debits every monthly invoice that has come due. Called before any other movement, so that
    /// movements stay in the order of their instants. A month without fees has no invoice.
    pub(crate) fn invoice_until(&mut self, now: i64, mut id: impl FnMut() -> String) {
        while self.next_invoice_at <= now {
            if self.fees_of_the_month > 0 {
                let at = self.next_invoice_at;
                let amount = -with_vat(self.fees_of_the_month);
                self.push(id(), at, MovementKind::Invoice, amount, None);
                self.fees_of_the_month = 0;
            }
            self.next_invoice_at = next_month(self.next_invoice_at);
        }
    }

    /// Credits a payment and blocks its fee: 1.2 % + 0.25 € excl. VAT, half a cent rounded up.
    pub(crate) fn credit_payment(&mut self, payment: &str, at: i64, amount: i64) {
        let fee_excl_vat = (amount * 120 + 5_000) / 10_000 + 25;
        self.fees_of_the_month += fee_excl_vat;
        self.movements.push(Movement {
            id: payment.to_owned(),
            at,
            kind: MovementKind::Payment,
            amount,
            fee_excl_vat,
            payment: Some(payment.to_owned()),
        });
    }

    /// Debits a refund; the fee of the payment is not given back (reference § 6).
    pub(crate) fn debit_refund(&mut self, id: String, payment: &str, at: i64, amount: i64) {
        self.push(id, at, MovementKind::Refund, -amount, Some(payment));
    }

    /// Debits a chargeback and its fee; the balance may become negative.
    pub(crate) fn debit_chargeback(
        &mut self,
        mut id: impl FnMut() -> String,
        payment: &str,
        at: i64,
        amount: i64,
    ) {
        self.push(id(), at, MovementKind::Chargeback, -amount, Some(payment));
        self.push(
            id(),
            at,
            MovementKind::ChargebackFee,
            -CHARGEBACK_FEE,
            Some(payment),
        );
    }

    /// Debits a transfer to the bank: at most the balance less what is blocked.
    pub(crate) fn debit_transfer(
        &mut self,
        id: impl FnOnce() -> String,
        at: i64,
        amount: i64,
    ) -> Result<(), Error> {
        let available = self.balance() - self.blocked();
        if amount < 1 {
            return Err(Error::Amount {
                amount,
                min: 1,
                max: available.max(1),
            });
        }
        if amount > available {
            return Err(Error::InsufficientBalance { amount, available });
        }
        self.push(id(), at, MovementKind::Transfer, -amount, None);
        Ok(())
    }

    /// Cents, signed: opening balance and all movements.
    pub(crate) fn balance(&self) -> i64 {
        self.opening
            + self
                .movements
                .iter()
                .map(|movement| movement.amount)
                .sum::<i64>()
    }

    /// Cents incl. VAT that wait for the next invoice.
    pub(crate) fn blocked(&self) -> i64 {
        with_vat(self.fees_of_the_month)
    }

    /// In the order of their instants.
    pub(crate) fn movements(&self) -> &[Movement] {
        &self.movements
    }

    fn push(&mut self, id: String, at: i64, kind: MovementKind, amount: i64, of: Option<&str>) {
        let payment = of.map(str::to_owned);
        self.movements.push(Movement {
            id,
            at,
            kind,
            amount,
            fee_excl_vat: 0,
            payment,
        });
    }
}

/// VAT is computed once, on the whole invoice (reference § 12); half a cent rounded up.
fn with_vat(excl_vat: i64) -> i64 {
    excl_vat + (excl_vat * VAT_PERCENT + 50) / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOVEMBER_22: i64 = 1_795_392_852;
    const MONTH: i64 = 31 * 86_400;

    fn id() -> String {
        "mv_x".to_owned()
    }

    #[test]
    fn a_payment_is_credited_whole_and_its_fee_is_blocked() {
        let mut account = Account::new(0, NOVEMBER_22);
        account.credit_payment("pay_1", NOVEMBER_22, 286_690);
        assert_eq!(account.balance(), 286_690);
        // 286690 × 1.2 % = 3440.28 → 3440, + 25 = 3465; + 20 % = 4158.
        assert_eq!(account.movements()[0].fee_excl_vat, 3_465);
        assert_eq!(account.blocked(), 4_158);
    }

    #[test]
    fn the_fees_of_a_month_are_debited_in_one_go_on_the_first_of_the_next() {
        let mut account = Account::new(0, NOVEMBER_22);
        account.credit_payment("pay_1", NOVEMBER_22, 286_690);
        account.credit_payment("pay_2", NOVEMBER_22, 100);
        account.invoice_until(NOVEMBER_22 + 60, id);
        assert_eq!(account.movements().len(), 2, "not before the 1st");
        account.invoice_until(NOVEMBER_22 + MONTH, id);
        let invoice = account.movements().last().unwrap();
        assert_eq!(invoice.kind, MovementKind::Invoice);
        assert_eq!(invoice.amount, -with_vat(3_465 + 26));
        assert_eq!(
            crate::calendar::utc(invoice.at).to_string(),
            "2026-12-01T00:00:00"
        );
        assert_eq!(account.blocked(), 0);
        account.invoice_until(NOVEMBER_22 + 3 * MONTH, id);
        assert_eq!(
            account.movements().len(),
            3,
            "a month without fees has no invoice"
        );
    }

    #[test]
    fn a_chargeback_takes_the_amount_and_eighteen_euros() {
        let mut account = Account::new(0, NOVEMBER_22);
        account.credit_payment("pay_1", NOVEMBER_22, 1_000);
        account.debit_chargeback(id, "pay_1", NOVEMBER_22, 1_000);
        assert_eq!(account.balance(), -1_800);
    }

    #[test]
    fn a_transfer_leaves_what_is_blocked() {
        let mut account = Account::new(500, NOVEMBER_22);
        account.credit_payment("pay_1", NOVEMBER_22, 10_000);
        let available = 10_500 - account.blocked();
        assert!(account.debit_transfer(id, NOVEMBER_22, 0).is_err());
        assert!(
            account
                .debit_transfer(id, NOVEMBER_22, available + 1)
                .is_err()
        );
        account.debit_transfer(id, NOVEMBER_22, available).unwrap();
        assert_eq!(account.balance(), account.blocked());
    }
}
