//! Random histories over the real file, client, HTTP and simulator, held against a plain model:
//! each paid payment is recorded once, never a second payable link, `verify` clean after each step,
//! whatever is lost, repeated, reordered or cut off.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::collections::BTreeMap;

use acquit_app::{Error, InvoiceView, NewReceipt};
use acquit_domain::Cents;
use acquit_domain::id::{InvoiceId, ReceiptId};
use acquit_domain::link::LinkState;
use acquit_domain::receipt::{PaymentMeans, Status};
use acquit_simulator::{Fault, PaymentSnapshot};
use acquit_store::CompanyFile;
use acquit_tests::{World, crash_after};
use jiff::Timestamp;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

const HISTORIES: u64 = 2_000;
const STEPS: u32 = 14;

/// What the plain model knows: what was asked, and what came by other means than cards.
#[derive(Default)]
struct Model {
    invoices: BTreeMap<InvoiceId, Expected>,
}

struct Expected {
    number: String,
    asked: i64,
    cheques: i64,
    cancelled: bool,
}

struct History {
    seed: u64,
    world: World,
    model: Model,
    dice: ChaCha20Rng,
    log: Vec<String>,
}

impl History {
    async fn new(seed: u64) -> Self {
        Self {
            seed,
            world: World::demonstration(seed).await,
            model: Model::default(),
            dice: ChaCha20Rng::seed_from_u64(seed),
            log: Vec::new(),
        }
    }

    async fn play(mut self) {
        self.issue();
        for _ in 0..STEPS {
            self.step().await;
            self.holds();
        }
        self.world.payplug.clear_faults();
        for _ in 0..3 {
            let report = self
                .world
                .acquit
                .sync()
                .await
                .unwrap_or_else(|error| self.fail(&format!("{error:?}")));
            if !report.errors.is_empty() {
                self.fail(&format!("PayPlug is well, and yet: {:?}", report.errors));
            }
        }
        self.holds();
        self.converged();
        self.refuses_a_second_receipt();
    }

    async fn step(&mut self) {
        match self.dice.random_range(0..100) {
            0..10 => self.issue(),
            10..32 => self.customer_acts(),
            32..40 => self.push_fault(),
            40..48 => self.cheque().await,
            48..52 => self.cancel().await,
            52..58 => self.carry().await,
            58..62 => self.give_back().await,
            62..66 => self.portal_refund(),
            66..70 => self.pass_time(),
            70..84 => self.sync_and_crash().await,
            84..90 => self.two_handles().await,
            _ => self.sync().await,
        }
    }

    fn issue(&mut self) {
        let euros = self.dice.random_range(1..900);
        let view = self.world.issue(euros);
        let acquit_app::Document::Finalised(document) = &view.document else {
            self.fail("not finalised")
        };
        let asked = document.totals.net_due.get();
        let number = document.number.to_string();
        self.note(format!("issue {number} {asked}"));
        self.model.invoices.insert(
            view.id,
            Expected {
                number,
                asked,
                cheques: 0,
                cancelled: false,
            },
        );
    }

    /// A customer does something on a page that is still open, perhaps one kept from long ago.
    fn customer_acts(&mut self) {
        let open: Vec<String> = self
            .world
            .payplug
            .payments()
            .into_iter()
            .filter(payable)
            .map(|one| one.id)
            .collect();
        let Some(id) = open.choose(&mut self.dice).cloned() else {
            return;
        };
        let payplug = &self.world.payplug;
        let outcome = match self.dice.random_range(0..10) {
            0..6 => payplug.pay(&id, "4242424242424242"),
            6 => payplug.refuse(&id, "insufficient_funds", false),
            7 => payplug.leave(&id),
            _ => payplug.refuse(&id, "card_declined", true),
        };
        let told = match outcome {
            Ok(after) => format!(
                "customer {id} paid={} failure={:?}",
                after.is_paid, after.failure_code
            ),
            Err(error) => format!("customer {id} {error}"),
        };
        self.note(told);
    }

    fn push_fault(&mut self) {
        let faults = [
            Fault::LostAnswer,
            Fault::Reset,
            Fault::ServerError,
            Fault::Truncated,
            Fault::Malformed,
        ];
        let count = self.dice.random_range(1..4);
        let chosen: Vec<Fault> = (0..count)
            .filter_map(|_| faults.choose(&mut self.dice).copied())
            .collect();
        self.note(format!("faults {chosen:?}"));
        self.world.payplug.push_faults(chosen);
    }

    async fn cheque(&mut self) {
        let Some(id) = self.any_invoice() else { return };
        let remaining = self.view(id).standing.remaining.get();
        let amount = self.dice.random_range(1..=remaining.max(1) + 300);
        let overpayment = self.dice.random_bool(0.3);
        let new = NewReceipt {
            amount: Cents::new(amount),
            means: PaymentMeans::Cheque,
            date: None,
            overpayment,
        };
        let outcome = self
            .maybe_crash(self.world.acquit.add_receipt(id, new))
            .await;
        self.note(format!("cheque {amount} on {id}: {}", word(&outcome)));
        self.after_crash(&outcome);
        // Whatever the outcome said, the file tells whether the cheque is in it.
        let cheques = self.cheques_of(id);
        if matches!(outcome, Some(Ok(_))) && cheques != self.model.invoices[&id].cheques + amount {
            self.fail("a cheque that was taken is not there");
        }
        if let Some(expected) = self.model.invoices.get_mut(&id) {
            expected.cheques = cheques;
        }
    }

    async fn cancel(&mut self) {
        let Some(id) = self.any_invoice() else { return };
        let outcome = self.maybe_crash(self.world.acquit.cancel(id)).await;
        self.note(format!("cancel {id}: {}", word(&outcome)));
        self.after_crash(&outcome);
        let cancelled = self.view(id).standing.status == Status::Cancelled;
        if let Some(expected) = self.model.invoices.get_mut(&id) {
            expected.cancelled = cancelled;
        }
    }

    /// Paper is made: a dead link is replaced.
    async fn carry(&mut self) {
        let Some(id) = self.any_invoice() else { return };
        let outcome = self.maybe_crash(self.world.acquit.pdf(id)).await;
        self.note(format!("pdf {id}: {}", word(&outcome)));
        self.after_crash(&outcome);
    }

    async fn give_back(&mut self) {
        let Some(id) = self.any_invoice() else { return };
        let outcome = self.maybe_crash(self.world.acquit.refund(id, None)).await;
        self.note(format!("refund {id}: {}", word(&outcome)));
        self.after_crash(&outcome);
    }

    fn portal_refund(&mut self) {
        let paid: Vec<PaymentSnapshot> = self
            .world
            .payplug
            .payments()
            .into_iter()
            .filter(|one| one.is_paid && one.amount - one.amount_refunded >= 10)
            .collect();
        let Some(one) = paid.choose(&mut self.dice) else {
            return;
        };
        let left = one.amount - one.amount_refunded;
        let amount = self.dice.random_range(10..=left);
        let outcome = self.world.payplug.refund(&one.id, amount);
        self.note(format!(
            "portal refund {} {amount}: {}",
            one.id,
            outcome.is_ok()
        ));
    }

    fn pass_time(&mut self) {
        let seconds = *[60, 3_600, 86_400, 3 * 86_400]
            .choose(&mut self.dice)
            .unwrap();
        self.world.advance(seconds);
        self.note(format!("{seconds} s pass"));
    }

    async fn sync(&mut self) {
        let outcome = self.world.acquit.sync().await;
        self.note(format!(
            "sync: {:?}",
            outcome
                .as_ref()
                .map(|report| (report.checked, report.errors.len()))
        ));
        if let Err(error) = outcome {
            self.fail(&format!("sync: {error:?}"));
        }
    }

    async fn sync_and_crash(&mut self) {
        let polls = self.dice.random_range(1..60);
        let outcome = crash_after(polls, self.world.acquit.sync()).await;
        self.note(format!("sync, {polls} polls: {}", word(&outcome)));
        self.world.restart();
    }

    /// Two processes on one file take turns.
    async fn two_handles(&mut self) {
        let other = self.world.another_handle();
        let (one, two) = tokio::join!(self.world.acquit.sync(), other.sync());
        self.note(format!("two at once: {} {}", one.is_ok(), two.is_ok()));
    }

    async fn maybe_crash<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        let mut dice = ChaCha20Rng::seed_from_u64(self.seed ^ self.log.len() as u64);
        let polls = if dice.random_bool(0.4) {
            dice.random_range(1..30)
        } else {
            u32::MAX
        };
        crash_after(polls, future).await
    }

    fn after_crash<T>(&mut self, outcome: &Option<T>) {
        if outcome.is_none() {
            self.world.restart();
        }
    }

    fn any_invoice(&mut self) -> Option<InvoiceId> {
        let ids: Vec<InvoiceId> = self.model.invoices.keys().copied().collect();
        ids.choose(&mut self.dice).copied()
    }

    fn view(&self, id: InvoiceId) -> InvoiceView {
        self.world
            .acquit
            .invoice(id)
            .unwrap_or_else(|error| self.fail(&format!("{error:?}")))
    }

    fn cheques_of(&self, id: InvoiceId) -> i64 {
        let view = self.view(id);
        let cheques = view
            .receipts
            .iter()
            .filter(|row| row.receipt.payplug.is_none());
        cheques.map(|row| row.receipt.amount.get()).sum()
    }

    /// What must be true after every step, even right after a crash.
    fn holds(&self) {
        let verification = self
            .world
            .acquit
            .verify()
            .unwrap_or_else(|error| self.fail(&format!("{error:?}")));
        if let Some(found) = verification.broken {
            self.fail(&format!("verify: {found:?}"));
        }
        let mut open: BTreeMap<String, u32> = BTreeMap::new();
        for payment in self.world.payplug.payments().into_iter().filter(payable) {
            *open.entry(payment.metadata["invoice"].clone()).or_default() += 1;
        }
        if let Some((number, count)) = open.iter().find(|(_, count)| **count > 1) {
            self.fail(&format!("{number} can be paid on {count} pages at once"));
        }
    }

    /// What must be true once everything could be heard: each paid payment is in exactly one
    /// receipt, and what is still to pay is what a plain sum says.
    fn converged(&self) {
        let payments = self.world.payplug.payments();
        for (id, expected) in &self.model.invoices {
            let view = self.view(*id);
            let ours: Vec<&PaymentSnapshot> = payments
                .iter()
                .filter(|one| one.metadata["invoice"] == expected.number)
                .collect();
            let mut paid: Vec<(String, i64, i64)> = ours
                .iter()
                .filter(|one| one.is_paid)
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
            let received: i64 =
                paid.iter().map(|one| one.1 - one.2).sum::<i64>() + expected.cheques;
            let credited = if expected.cancelled {
                expected.asked
            } else {
                0
            };
            let balance = expected.asked - credited - received;
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
    }

    /// One page of the right amount where something may be asked for, none elsewhere.
    fn link_is_right(&self, view: &InvoiceView, payments: &[&PaymentSnapshot]) {
        let open: Vec<i64> = payments
            .iter()
            .filter(|one| payable(one))
            .map(|one| one.amount)
            .collect();
        let wanted = view.standing.payable().get();
        let dead = matches!(
            view.link.as_ref().map(|link| &link.state),
            Some(LinkState::Dead(_))
        );
        let right = if dead || wanted < 99 {
            open.is_empty()
        } else {
            open == [wanted]
        };
        if !right {
            self.fail(&format!(
                "{}: wanted {wanted}, open {open:?}, link {:?}",
                view.id, view.link
            ));
        }
    }

    /// The database itself refuses a second receipt of a payment, whoever tries.
    fn refuses_a_second_receipt(&self) {
        let rows = self
            .model
            .invoices
            .keys()
            .flat_map(|id| self.view(*id).receipts);
        let Some(row) = rows.into_iter().find(|row| row.receipt.payplug.is_some()) else {
            return;
        };
        let file = CompanyFile::open(&self.world.path(), Timestamp::UNIX_EPOCH).unwrap();
        let twice = acquit_domain::receipt::Receipt {
            id: ReceiptId::new(uuid::Uuid::from_u128(u128::from(self.seed) + 1)),
            ..row.receipt
        };
        let outcome: Result<(), acquit_store::Error> =
            file.write(|writer| writer.insert_receipt(&twice, Cents::ZERO, Timestamp::UNIX_EPOCH));
        if !outcome.is_err_and(|error| error.is_constraint("receipts.payment")) {
            self.fail("a payment was recorded twice");
        }
    }

    fn note(&mut self, line: String) {
        self.log.push(line);
    }

    fn fail(&self, what: &str) -> ! {
        panic!("seed {}: {what}\n{}", self.seed, self.log.join("\n"))
    }
}

fn payable(payment: &PaymentSnapshot) -> bool {
    !payment.is_paid && payment.failure_code.is_none() && !payment.is_aborted
}

fn word<T>(outcome: &Option<Result<T, Error>>) -> String {
    match outcome {
        None => "cut off".to_owned(),
        Some(Ok(_)) => "done".to_owned(),
        Some(Err(error)) => format!("refused {}", error.code()),
    }
}

/// `ACQUIT_SEED=17` plays one history again.
fn play(seeds: impl Iterator<Item = u64>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let one: Option<u64> = std::env::var("ACQUIT_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    for seed in seeds.filter(|seed| one.is_none_or(|one| one == *seed)) {
        runtime.block_on(async { History::new(seed).await.play().await });
    }
}

#[test]
fn every_paid_payment_is_recorded_once_even_seeds() {
    play((0..HISTORIES).step_by(2));
}

#[test]
fn every_paid_payment_is_recorded_once_odd_seeds() {
    play((1..HISTORIES).step_by(2));
}
