//! Direct control from the same process, and what can be looked at.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::account::Movement;
use crate::error::Error;
use crate::failure::Failure;
use crate::faults::Fault;
use crate::model::{Mode, NewPayment, Outcome, Payment};
use crate::shared::Shared;
use crate::state::State;
use crate::wire::payment_url;

/// Direct control of a running simulator: the operations of the control routes, whether those
/// are served or not. A cheap clone.
#[derive(Debug, Clone)]
pub struct Handle {
    shared: Shared,
}

/// A payment at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentSnapshot {
    /// `pay_…`.
    pub id: String,
    /// In which world it lives.
    pub is_live: bool,
    /// Cents.
    pub amount: i64,
    /// Cents, the sum of the refunds.
    pub amount_refunded: i64,
    /// Whether the payer paid.
    pub is_paid: bool,
    /// Unix seconds.
    pub paid_at: Option<i64>,
    /// Unix seconds.
    pub created_at: i64,
    /// `failure.code`, once the payment has failed for good.
    pub failure_code: Option<String>,
    /// Whether the merchant aborted it.
    pub is_aborted: bool,
    /// What the payer is shown.
    pub description: Option<String>,
    /// The merchant's metadata; integers and booleans as text.
    pub metadata: BTreeMap<String, String>,
    /// The payment page.
    pub payment_url: String,
    /// Refused and abandoned tries, oldest first; the API shows only a final one.
    pub attempts: Vec<AttemptSnapshot>,
    /// Oldest first.
    pub refunds: Vec<RefundSnapshot>,
    /// Whether the payer's bank took the money back; the API shows nothing of it.
    pub is_charged_back: bool,
    /// Whether it was made in the portal.
    pub from_portal: bool,
    /// Whether the merchant asked for 3-D Secure whatever the amount.
    pub force_3ds: bool,
}

/// A payment that the merchant made through the API some time ago.
#[derive(Debug, Clone)]
pub struct EarlierPayment {
    /// Unix seconds; not in the future, nor before the one made last.
    pub created_at: i64,
    /// Cents, within the account's bounds.
    pub amount: i64,
    /// What the payer is shown.
    pub description: Option<String>,
    /// The merchant's metadata.
    pub metadata: BTreeMap<String, String>,
}

/// A refused or abandoned try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptSnapshot {
    /// Unix seconds.
    pub at: i64,
    /// A documented failure code.
    pub code: String,
}

/// A refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundSnapshot {
    /// `re_…`.
    pub id: String,
    /// Cents.
    pub amount: i64,
    /// Unix seconds.
    pub created_at: i64,
}

/// The pretended account of one mode at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountSnapshot {
    /// Cents, signed.
    pub balance: i64,
    /// Cents incl. VAT that wait for the monthly invoice.
    pub blocked: i64,
    /// In the order of their instants.
    pub movements: Vec<Movement>,
}

impl Handle {
    pub(crate) fn new(shared: Shared) -> Handle {
        Handle { shared }
    }

    /// The payer uses this test card: the payment is paid, or refused for good with the card that
    /// is always refused. 3-D Secure is confirmed at once.
    ///
    /// # Errors
    /// Unknown payment or card; a payment that is no longer pending.
    pub fn pay(&self, id: &str, card: &str) -> Result<PaymentSnapshot, Error> {
        self.change(id, |state| state.pay_with(id, card))
    }

    /// A try is refused with a documented code. If `is_final` is not set, the payer may try again
    /// on the same page (`aborted` and `timeout` are always final).
    ///
    /// # Errors
    /// Unknown payment or code; a payment that is no longer pending.
    pub fn refuse(&self, id: &str, code: &str, is_final: bool) -> Result<PaymentSnapshot, Error> {
        let failure =
            Failure::find(code).ok_or_else(|| Error::UnknownFailureCode(code.to_owned()))?;
        self.change(id, |state| state.refuse(id, failure, is_final))
    }

    /// The payer leaves the page without paying: the payment fails with `timeout`.
    ///
    /// # Errors
    /// Unknown payment; a payment that is no longer pending.
    pub fn leave(&self, id: &str) -> Result<PaymentSnapshot, Error> {
        self.change(id, |state| state.leave(id))
    }

    /// A refund made in the portal, in cents, under the rules of the API.
    ///
    /// # Errors
    /// Unknown or unpaid payment, amount out of bounds, window over, balance too low.
    pub fn refund(&self, id: &str, amount: i64) -> Result<RefundSnapshot, Error> {
        let refund = self.shared.lock().refund(id, Some(amount), None)?;
        Ok(RefundSnapshot {
            id: refund.id,
            amount: refund.amount,
            created_at: refund.created_at,
        })
    }

    /// The payer's bank takes back what was not refunded; 18 € are charged.
    ///
    /// # Errors
    /// Unknown, unpaid, fully refunded or already charged back payment.
    pub fn chargeback(&self, id: &str) -> Result<PaymentSnapshot, Error> {
        self.change(id, |state| state.charge_back(id))
    }

    /// Queues faults for the next requests under `/v1`, one each.
    pub fn push_faults(&self, faults: Vec<Fault>) {
        self.shared.lock().faults.extend(faults);
    }

    /// The faults that no request has met yet.
    pub fn pending_faults(&self) -> Vec<Fault> {
        self.shared.lock().faults.iter().copied().collect()
    }

    /// Forgets the faults that no request has met yet.
    pub fn clear_faults(&self) {
        self.shared.lock().faults.clear();
    }

    /// The owner makes new keys in the portal: from now on no former key is good, until `false`.
    pub fn revoke_keys(&self, revoked: bool) {
        self.shared.lock().keys_revoked = revoked;
    }

    /// Moves the clock forward; gives the new instant in unix seconds.
    ///
    /// # Errors
    /// Negative, or beyond the year 9000.
    pub fn advance_clock(&self, seconds: i64) -> Result<i64, Error> {
        self.shared.lock().clock.advance(seconds)
    }

    /// The simulator's instant in unix seconds.
    pub fn now(&self) -> i64 {
        self.shared.lock().now()
    }

    /// A transfer to the company's bank, in cents, in the mode of the last payment made.
    ///
    /// # Errors
    /// Less than one cent, or more than the balance less what is blocked.
    pub fn transfer(&self, amount: i64) -> Result<AccountSnapshot, Error> {
        let mut state = self.shared.lock();
        let mode = state.latest_mode();
        state.transfer(mode, amount)?;
        Ok(account_snapshot(&mut state, mode))
    }

    /// How many requests came in, by method and route, like `GET /v1/payments/{id}`; the control
    /// routes are not counted.
    pub fn requests(&self) -> BTreeMap<String, u64> {
        self.shared.lock().requests.clone()
    }

    /// A payment made by hand in the portal, in cents, in the mode of the last payment made. It
    /// has no metadata; the API shows it like any other.
    ///
    /// # Errors
    /// Outside the account's bounds.
    pub fn create_in_portal(&self, amount: i64) -> Result<PaymentSnapshot, Error> {
        let mut state = self.shared.lock();
        let mode = state.latest_mode();
        let id = state.create_in_portal(mode, amount)?;
        Ok(self.snapshot(state.any_payment(&id)?))
    }

    /// Payments that were made earlier, oldest first: what thousands of requests over months would
    /// have left. They wait to be paid like any other.
    ///
    /// # Errors
    /// An amount outside the account's bounds, or an instant out of order; those before it are made.
    pub fn make_earlier(
        &self,
        mode: Mode,
        earlier: Vec<EarlierPayment>,
    ) -> Result<Vec<PaymentSnapshot>, Error> {
        let mut state = self.shared.lock();
        let mut made = Vec::with_capacity(earlier.len());
        for one in earlier {
            let (min, max) = (state.options.min_amount, state.options.max_amount);
            if !(min..=max).contains(&one.amount) {
                let amount = one.amount;
                return Err(Error::Amount { amount, min, max });
            }
            let last = state.payments().last().map_or(0, |last| last.created_at);
            if !(last..=state.now()).contains(&one.created_at) {
                let seconds = one.created_at;
                return Err(Error::Clock { seconds });
            }
            let metadata = one
                .metadata
                .into_iter()
                .map(|(key, value)| (key, value.into()));
            let asked = NewPayment {
                amount: one.amount,
                description: one.description,
                metadata: Some(metadata.collect()),
                ..NewPayment::default()
            };
            let id = state.create_at(mode, asked, one.created_at);
            made.push(self.snapshot(state.any_payment(&id)?));
        }
        Ok(made)
    }

    /// PayPlug changes what the account may take, in cents.
    pub fn set_bounds(&self, min_amount: i64, max_amount: i64) {
        let mut state = self.shared.lock();
        state.options.min_amount = min_amount;
        state.options.max_amount = max_amount;
    }

    /// How many seconds [`Fault::TooManyRequests`] asks to wait from now on.
    pub fn set_retry_after(&self, seconds: u32) {
        self.shared.lock().retry_after = seconds;
    }

    /// All payments of both modes, oldest first.
    pub fn payments(&self) -> Vec<PaymentSnapshot> {
        self.shared
            .lock()
            .payments()
            .iter()
            .map(|payment| self.snapshot(payment))
            .collect()
    }

    /// One payment, whatever its mode.
    ///
    /// # Errors
    /// No payment has this id.
    pub fn payment(&self, id: &str) -> Result<PaymentSnapshot, Error> {
        Ok(self.snapshot(self.shared.lock().any_payment(id)?))
    }

    /// The account of a mode: balance, blocked fees, movements.
    pub fn account(&self, mode: Mode) -> AccountSnapshot {
        account_snapshot(&mut self.shared.lock(), mode)
    }

    fn change(
        &self,
        id: &str,
        act: impl FnOnce(&mut State) -> Result<(), Error>,
    ) -> Result<PaymentSnapshot, Error> {
        let mut state = self.shared.lock();
        act(&mut state)?;
        Ok(self.snapshot(state.any_payment(id)?))
    }

    fn snapshot(&self, payment: &Payment) -> PaymentSnapshot {
        let (paid_at, failure) = match payment.outcome {
            Outcome::Pending => (None, None),
            Outcome::Paid { at, .. } => (Some(at), None),
            Outcome::Failed(failure) => (None, Some(failure.code)),
        };
        let attempts = payment.attempts.iter().map(|attempt| AttemptSnapshot {
            at: attempt.at,
            code: attempt.failure.code.to_owned(),
        });
        let refunds = payment.refunds.iter().map(|refund| RefundSnapshot {
            id: refund.id.clone(),
            amount: refund.amount,
            created_at: refund.created_at,
        });
        PaymentSnapshot {
            id: payment.id.clone(),
            is_live: payment.mode.is_live(),
            amount: payment.asked.amount,
            amount_refunded: payment.amount_refunded(),
            is_paid: paid_at.is_some(),
            paid_at,
            created_at: payment.created_at,
            failure_code: failure.map(str::to_owned),
            is_aborted: failure == Some(crate::failure::ABORTED.code),
            description: payment.asked.description.clone(),
            metadata: payment
                .asked
                .metadata
                .iter()
                .flatten()
                .map(text_pair)
                .collect(),
            payment_url: payment_url(self.shared.base_url(), payment),
            attempts: attempts.collect(),
            refunds: refunds.collect(),
            is_charged_back: payment.is_charged_back,
            from_portal: payment.asked.from_portal,
            force_3ds: payment.asked.force_3ds,
        }
    }
}

fn text_pair((key, value): (&String, &Value)) -> (String, String) {
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    (key.clone(), text)
}

fn account_snapshot(state: &mut State, mode: Mode) -> AccountSnapshot {
    let account = state.account(mode);
    AccountSnapshot {
        balance: account.balance(),
        blocked: account.blocked(),
        movements: account.movements().to_vec(),
    }
}
