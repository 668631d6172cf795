//! What this process remembers of its reading: when each payment was last looked at, when PayPlug's
//! whole list was last compared, and whose turn it is. Lost with the process: then everything is due.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use acquit_domain::link::Mode;
use acquit_domain::remote::PaymentId;
use jiff::Timestamp;

/// The memory of one open file.
#[derive(Default)]
pub(crate) struct Reads {
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    payments: HashMap<PaymentId, Timestamp>,
    compared: HashMap<Mode, Timestamp>,
    accounts: HashMap<Mode, Timestamp>,
    turn: Option<(String, Timestamp)>,
}

impl Reads {
    /// A payment was just looked at.
    pub(super) fn note_payment(&self, payment: &PaymentId, now: Timestamp) {
        self.lock().payments.insert(payment.clone(), now);
    }

    /// When each of these payments was last looked at; what is remembered of others goes.
    pub(super) fn payments_of<'a>(
        &self,
        watched: impl Iterator<Item = &'a PaymentId>,
    ) -> HashMap<PaymentId, Timestamp> {
        let watched: BTreeSet<&PaymentId> = watched.collect();
        let mut memory = self.lock();
        memory
            .payments
            .retain(|payment, _| watched.contains(payment));
        memory.payments.clone()
    }

    /// All that PayPlug has of a mode was just compared.
    pub(super) fn note_comparison(&self, mode: Mode, now: Timestamp) {
        self.lock().compared.insert(mode, now);
    }

    /// When that last was.
    pub(super) fn compared_at(&self, mode: Mode) -> Option<Timestamp> {
        self.lock().compared.get(&mode).copied()
    }

    /// The account of a mode was just read.
    pub(crate) fn note_account(&self, mode: Mode, now: Timestamp) {
        self.lock().accounts.insert(mode, now);
    }

    /// When it last was.
    pub(super) fn account_at(&self, mode: Mode) -> Option<Timestamp> {
        self.lock().accounts.get(&mode).copied()
    }

    /// Whose turn it is, and since when the lease says so; `None` when the turn ends.
    pub(super) fn set_turn(&self, turn: Option<(String, Timestamp)>) {
        self.lock().turn = turn;
    }

    /// Who holds the turn in this process.
    pub(super) fn turn(&self) -> Option<(String, Timestamp)> {
        self.lock().turn.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
