//! What only a simulation does with the pretended account: play from a remembered state, follow requests, and let PayPlug say
//! what it should not.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::announce::{Moment, Onward, Watcher};
use crate::error::Error;
use crate::handle::{Handle, PaymentSnapshot};
use crate::model::{Mode, NewPayment, Outcome};
use crate::state::State;
use crate::{ClockSource, Options};

/// Everything that a simulator remembered at one moment.
#[derive(Debug, Clone)]
pub struct Memory(Box<State>);

impl Handle {
    /// What the simulator remembers now.
    pub fn remember(&self) -> Memory {
        Memory(Box::new(self.shared().lock().clone()))
    }

    /// Goes back to what it remembered.
    pub fn recall(&self, memory: &Memory) {
        *self.shared().lock() = State::clone(&memory.0);
    }

    /// Forgets everything: an account as on its first day, at this instant (unix seconds), with the ids of this seed.
    pub fn begin_again(&self, seed: u64, at: i64) {
        let mut state = self.shared().lock();
        let options = Options {
            seed,
            clock: ClockSource::Fixed(at),
            ..state.options.clone()
        };
        *state = State::new(options);
    }

    /// From now on each request under `/v1` is announced, with its method and route, at both moments.
    pub fn watch_requests(&self, decide: impl Fn(Moment, &str) -> Onward + Send + Sync + 'static) {
        self.shared().set_watcher(Watcher::new(decide));
    }

    /// Lets every request that is held go on; or, if `goes_on` is not set, be lost with its connection.
    pub fn release_held(&self, goes_on: bool) {
        self.shared().release(goes_on);
    }

    /// A payment by another program with the same keys: what it carries is not ours to choose.
    ///
    /// # Errors
    /// Outside the account's bounds.
    pub fn plant(
        &self,
        mode: Mode,
        amount: i64,
        metadata: &BTreeMap<String, String>,
    ) -> Result<PaymentSnapshot, Error> {
        let pairs: Map<String, Value> = metadata
            .iter()
            .map(|(key, value)| (key.clone(), Value::from(value.as_str())))
            .collect();
        let mut state = self.shared().lock();
        state.check_amount(amount)?;
        let asked = NewPayment {
            amount,
            metadata: Some(pairs),
            ..NewPayment::default()
        };
        let id = state.create(mode, asked);
        drop(state);
        self.payment(&id)
    }

    /// The payer's money arrives although the payment had failed or was aborted.
    ///
    /// # Errors
    /// Unknown payment or card; one that was paid.
    pub fn pay_late(&self, id: &str, card: &str) -> Result<PaymentSnapshot, Error> {
        let mut state = self.shared().lock();
        let payment = state.payment_mut(id)?;
        if matches!(payment.outcome, Outcome::Failed(_)) {
            payment.outcome = Outcome::Pending;
        }
        drop(state);
        self.pay(id, card)
    }

    /// From now on the API says of a payment that it belongs to this mode, whatever is true; `None`: the truth.
    ///
    /// # Errors
    /// Unknown payment.
    pub fn misreport_mode(&self, id: &str, told: Option<Mode>) -> Result<(), Error> {
        self.shared().lock().payment_mut(id)?.told_mode = told;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr};

    use crate::{Mode, Options, Simulator};

    async fn start() -> Simulator {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Simulator::start(address, Options::default()).await.unwrap()
    }

    #[tokio::test]
    async fn what_was_remembered_comes_back_and_goes_on_the_same_way() {
        let simulator = start().await;
        let handle = simulator.handle();
        handle.begin_again(7, 1_800_000_000);
        let first = handle.create_in_portal(1_000).unwrap();
        let memory = handle.remember();
        let second = handle.create_in_portal(2_000).unwrap();
        handle.pay(&first.id, "4242424242424242").unwrap();
        handle.recall(&memory);
        assert_eq!(handle.payments(), [first]);
        assert_eq!(handle.create_in_portal(2_000).unwrap(), second);
        handle.begin_again(7, 1_800_000_000);
        assert!(handle.payments().is_empty());
    }

    #[tokio::test]
    async fn a_failed_payment_can_be_paid_late_and_once() {
        let simulator = start().await;
        let handle = simulator.handle();
        let id = handle.create_in_portal(1_000).unwrap().id;
        handle.leave(&id).unwrap();
        assert!(handle.pay(&id, "4242424242424242").is_err());
        assert!(handle.pay_late(&id, "4242424242424242").unwrap().is_paid);
        assert!(handle.pay_late(&id, "4242424242424242").is_err());
    }

    #[tokio::test]
    async fn a_planted_payment_carries_what_it_was_given() {
        let simulator = start().await;
        let handle = simulator.handle();
        let metadata = [("link".to_owned(), "x".to_owned())].into();
        let planted = handle.plant(Mode::Live, 1_000, &metadata).unwrap();
        assert!(planted.is_live && planted.metadata == metadata);
        assert!(handle.plant(Mode::Live, 1, &metadata).is_err());
    }
}
