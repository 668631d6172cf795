//! The pretended account's state and every change of it. No HTTP in here.

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde_json::{Map, Value};

use crate::Options;
use crate::account::Account;
use crate::calendar::utc;
use crate::card::{Behaviour, Expiry, TestCard, UsedCard};
use crate::clock::Clock;
use crate::error::Error;
use crate::failure::{self, Failure};
use crate::faults::Fault;
use crate::ids::Ids;
use crate::model::{Attempt, Mode, NewPayment, Outcome, Payment, Refund, Report};

/// The least that can be refunded, in cents (reference § 6).
const MIN_REFUND: i64 = 10;

/// One mode's payments (as places in [`State::payments`], oldest first) and money.
#[derive(Debug)]
struct World {
    payments: Vec<usize>,
    account: Account,
}

/// Everything that the simulator remembers.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) options: Options,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) faults: VecDeque<Fault>,
    /// Every key was taken back in the portal.
    pub(crate) keys_revoked: bool,
    /// Seconds that [`Fault::TooManyRequests`] asks to wait.
    pub(crate) retry_after: u32,
    pub(crate) requests: BTreeMap<String, u64>,
    pub(crate) reports: HashMap<String, Report>,
    payments: Vec<Payment>,
    by_id: HashMap<String, usize>,
    test: World,
    live: World,
    latest_mode: Mode,
}

impl State {
    pub(crate) fn new(options: Options) -> State {
        let mut clock = Clock::new(options.clock);
        let now = clock.now();
        let world = || World {
            payments: Vec::new(),
            account: Account::new(options.opening_balance, now),
        };
        State {
            clock,
            ids: Ids::new(options.seed),
            faults: VecDeque::new(),
            keys_revoked: false,
            retry_after: 1,
            requests: BTreeMap::new(),
            reports: HashMap::new(),
            payments: Vec::new(),
            by_id: HashMap::new(),
            test: world(),
            live: world(),
            latest_mode: Mode::Test,
            options,
        }
    }

    /// Unix seconds; what has come due by then has happened.
    pub(crate) fn now(&mut self) -> i64 {
        let now = self.clock.now();
        for world in [&mut self.test, &mut self.live] {
            world.account.invoice_until(now, || self.ids.movement());
        }
        now
    }

    /// The mode in which the last payment was made; where a control route names none, this one
    /// is meant.
    pub(crate) fn latest_mode(&self) -> Mode {
        self.latest_mode
    }

    /// The account of a mode, up to now.
    pub(crate) fn account(&mut self, mode: Mode) -> &Account {
        self.now();
        match mode {
            Mode::Test => &self.test.account,
            Mode::Live => &self.live.account,
        }
    }

    fn world(&mut self, mode: Mode) -> &mut World {
        match mode {
            Mode::Test => &mut self.test,
            Mode::Live => &mut self.live,
        }
    }

    /// All payments of both modes, oldest first.
    pub(crate) fn payments(&self) -> &[Payment] {
        &self.payments
    }

    /// A payment, whatever its mode.
    pub(crate) fn any_payment(&self, id: &str) -> Result<&Payment, Error> {
        let place = self.by_id.get(id).copied();
        place
            .and_then(|place| self.payments.get(place))
            .ok_or_else(|| Error::UnknownPayment(id.to_owned()))
    }

    /// A payment as a key of this mode sees it: one of the other mode does not exist.
    pub(crate) fn payment(&self, mode: Mode, id: &str) -> Result<&Payment, Error> {
        let payment = self.any_payment(id)?;
        if payment.mode == mode {
            Ok(payment)
        } else {
            Err(Error::UnknownPayment(id.to_owned()))
        }
    }

    fn payment_mut(&mut self, id: &str) -> Result<&mut Payment, Error> {
        let place = self.by_id.get(id).copied();
        place
            .and_then(|place| self.payments.get_mut(place))
            .ok_or_else(|| Error::UnknownPayment(id.to_owned()))
    }

    /// A page of a mode's payments, newest first, and whether more follow.
    pub(crate) fn page(&self, mode: Mode, page: usize, per_page: usize) -> (Vec<&Payment>, bool) {
        let places = match mode {
            Mode::Test => &self.test.payments,
            Mode::Live => &self.live.payments,
        };
        let skipped = page.saturating_mul(per_page);
        let shown = places.iter().rev().skip(skipped).take(per_page);
        let payments = shown
            .filter_map(|place| self.payments.get(*place))
            .collect();
        (payments, places.len() > skipped.saturating_add(per_page))
    }

    /// A new payment; gives its id.
    pub(crate) fn create(&mut self, mode: Mode, asked: NewPayment) -> String {
        let now = self.now();
        self.create_at(mode, asked, now)
    }

    /// A payment that was made at some instant, not before the one made last; gives its id.
    pub(crate) fn create_at(&mut self, mode: Mode, asked: NewPayment, created_at: i64) -> String {
        let payment = Payment {
            id: self.ids.payment(),
            mode,
            created_at,
            asked,
            token: self.ids.token(),
            outcome: Outcome::Pending,
            attempts: Vec::new(),
            in_3ds: None,
            refunds: Vec::new(),
            is_charged_back: false,
        };
        let (id, place) = (payment.id.clone(), self.payments.len());
        self.payments.push(payment);
        self.by_id.insert(id.clone(), place);
        self.world(mode).payments.push(place);
        self.latest_mode = mode;
        id
    }

    /// One made by hand in PayPlug's portal: it has no metadata of the application's.
    pub(crate) fn create_in_portal(&mut self, mode: Mode, amount: i64) -> Result<String, Error> {
        let (min, max) = (self.options.min_amount, self.options.max_amount);
        if !(min..=max).contains(&amount) {
            return Err(Error::Amount { amount, min, max });
        }
        let asked = NewPayment {
            amount,
            from_portal: true,
            ..NewPayment::default()
        };
        Ok(self.create(mode, asked))
    }

    /// The payer's card is accepted.
    pub(crate) fn pay(&mut self, id: &str, card: UsedCard) -> Result<(), Error> {
        let at = self.now();
        let payment = self.pending(id)?;
        let is_3ds = payment.is_3ds(card.card);
        payment.outcome = Outcome::Paid { at, card, is_3ds };
        payment.in_3ds = None;
        let (mode, amount) = (payment.mode, payment.asked.amount);
        self.world(mode).account.credit_payment(id, at, amount);
        Ok(())
    }

    /// What a card leads to without a page: paid, or refused for the card that is always refused.
    pub(crate) fn pay_with(&mut self, id: &str, number: &str) -> Result<(), Error> {
        let card = TestCard::find(number).ok_or(Error::UnknownCard)?;
        if card.behaviour == Behaviour::Declined {
            return self.refuse(id, &failure::CARD_DECLINED, true);
        }
        let expiry = Expiry::usual(utc(self.now()).date());
        self.pay(id, UsedCard { card, expiry })
    }

    /// The card waits for its holder's confirmation.
    pub(crate) fn start_3ds(&mut self, id: &str, card: UsedCard) -> Result<(), Error> {
        self.pending(id)?.in_3ds = Some(card);
        Ok(())
    }

    /// A try failed. Not final: the payer may try again, the payment stays as it was
    /// (reference § 4.7: several tries exist before `failure` is set).
    pub(crate) fn refuse(
        &mut self,
        id: &str,
        failure: &'static Failure,
        is_final: bool,
    ) -> Result<(), Error> {
        let at = self.now();
        let payment = self.pending(id)?;
        payment.attempts.push(Attempt { at, failure });
        payment.in_3ds = None;
        if is_final || failure.always_final() {
            payment.outcome = Outcome::Failed(failure);
        }
        Ok(())
    }

    /// The payer leaves the page without paying: the documented `timeout` failure.
    pub(crate) fn leave(&mut self, id: &str) -> Result<(), Error> {
        self.refuse(id, &failure::TIMEOUT, true)
    }

    /// The merchant aborts the payment.
    pub(crate) fn abort(&mut self, mode: Mode, id: &str) -> Result<(), Error> {
        self.payment(mode, id)?;
        let payment = self.pending(id)?;
        payment.outcome = Outcome::Failed(&failure::ABORTED);
        payment.in_3ds = None;
        Ok(())
    }

    /// The payment, if it can still be paid, fail or be aborted.
    fn pending(&mut self, id: &str) -> Result<&mut Payment, Error> {
        let payment = self.payment_mut(id)?;
        match payment.outcome {
            Outcome::Pending => Ok(payment),
            Outcome::Paid { .. } => Err(Error::AlreadyPaid),
            Outcome::Failed(failure) if *failure == failure::ABORTED => Err(Error::AlreadyAborted),
            Outcome::Failed(failure) => Err(Error::AlreadyFailed(failure.code)),
        }
    }

    /// A refund of a paid payment; no amount: all that is left.
    pub(crate) fn refund(
        &mut self,
        id: &str,
        amount: Option<i64>,
        metadata: Option<Map<String, Value>>,
    ) -> Result<Refund, Error> {
        let now = self.now();
        let window_seconds = i64::from(self.options.refund_window_days) * 86_400;
        let payment = self.any_payment(id)?;
        let mode = payment.mode;
        let Outcome::Paid { at, .. } = payment.outcome else {
            return Err(Error::NotPaid);
        };
        let left = payment.asked.amount - payment.amount_refunded();
        if left == 0 {
            return Err(Error::FullyRefunded);
        }
        if now > at.saturating_add(window_seconds) {
            return Err(Error::RefundWindow);
        }
        let amount = amount.unwrap_or(left);
        if !(MIN_REFUND..=left).contains(&amount) {
            return Err(Error::Amount {
                amount,
                min: MIN_REFUND,
                max: left,
            });
        }
        let available = self.account(mode).balance();
        if amount > available {
            return Err(Error::InsufficientBalance { amount, available });
        }
        let refund = Refund {
            id: self.ids.refund(),
            amount,
            created_at: now,
            metadata,
        };
        self.payment_mut(id)?.refunds.push(refund.clone());
        self.world(mode)
            .account
            .debit_refund(refund.id.clone(), id, now, amount);
        Ok(refund)
    }

    /// The payer's bank takes back what was not refunded. The payment object shows nothing of it
    /// (reference § 4.7).
    pub(crate) fn charge_back(&mut self, id: &str) -> Result<(), Error> {
        let now = self.now();
        let payment = self.payment_mut(id)?;
        if !matches!(payment.outcome, Outcome::Paid { .. }) {
            return Err(Error::NotPaid);
        }
        if payment.is_charged_back {
            return Err(Error::AlreadyChargedBack);
        }
        let amount = payment.asked.amount - payment.amount_refunded();
        if amount == 0 {
            return Err(Error::FullyRefunded);
        }
        payment.is_charged_back = true;
        let world = match payment.mode {
            Mode::Test => &mut self.test,
            Mode::Live => &mut self.live,
        };
        world
            .account
            .debit_chargeback(|| self.ids.movement(), id, now, amount);
        Ok(())
    }

    /// A transfer to the company's bank account.
    pub(crate) fn transfer(&mut self, mode: Mode, amount: i64) -> Result<(), Error> {
        let now = self.now();
        let world = match mode {
            Mode::Test => &mut self.test,
            Mode::Live => &mut self.live,
        };
        world
            .account
            .debit_transfer(|| self.ids.movement(), now, amount)
    }
}

#[cfg(test)]
mod tests;
