//! One history: acts drawn from a seed, one after the other, each followed by what must hold.

use acquit_app::{Acquit, Document, InvoiceView, NewInvoice};
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::{Deduction, DeductionKind, DeductionValue, Item, Nature, Operation};
use acquit_domain::quantity::Percent;
use acquit_domain::receipt::Status;
use acquit_domain::vat::StandardRate;
use acquit_simulator::{Mode, PaymentSnapshot};
use acquit_tests::invoice;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

use crate::acts::{Act, Command, GOOD_CARD, Lock, Meanwhile, Shape, pay};
use crate::bench::{Bench, Setting};
use crate::clock::Process;
use crate::model::{Expected, Model, Outcome, Told};
use crate::points::{Counts, Kind};
use crate::world::{RESTART_S, Saved, World};

const CHARGED_BACK: &str =
    "SELECT COALESCE(SUM(c.amount), 0) FROM chargebacks c JOIN receipts r ON r.id = c.receipt_id
    LEFT JOIN chargeback_outcomes o ON o.chargeback_id = c.id
    WHERE r.invoice_id = ?1 AND COALESCE(o.outcome, '') <> 'won'";
const ADJUSTED: &str =
    "SELECT COALESCE(SUM(amount) FILTER (WHERE target_id = ?1 OR kind = 'missing'), 0)
      - COALESCE(SUM(amount) FILTER (WHERE invoice_id = ?1 AND kind <> 'missing'), 0)
    FROM adjustments WHERE invoice_id = ?1 OR target_id = ?1";
const RELEASED: &str =
    "SELECT COALESCE(SUM(amount), 0) FROM retention_releases WHERE invoice_id = ?1";
const WRITTEN_OFF: &str =
    "SELECT COALESCE(SUM(amount), 0) FROM decisions WHERE invoice_id = ?1 AND choice = 'write_off'";

/// What a run tells when all is well: strangers are seen, and a wish for a refund gives way to one made elsewhere.
fn expected(code: &str) -> bool {
    ["second_payment", "refund_refused"].contains(&code)
}

/// How a command of ours ended: what PayPlug could not do and what must be looked at, by code.
type Answer = Option<Result<Vec<String>, acquit_app::Error>>;

/// What a history remembers besides its world.
#[derive(Clone)]
pub(crate) struct Plain {
    pub(crate) seed: u64,
    pub(crate) setting: Setting,
    pub(crate) model: Model,
    pub(crate) dice: ChaCha20Rng,
    pub(crate) log: Vec<String>,
    /// Where processes died.
    pub(crate) deaths: Counts,
    /// Points passed in the last act.
    pub(crate) passed: Vec<(Kind, String)>,
    /// What to say to play this again.
    pub(crate) again: String,
}

/// A history in its world.
pub(crate) struct History {
    pub(crate) world: World,
    pub(crate) plain: Plain,
}

fn draft_of(euros: u32, shape: Shape) -> NewInvoice {
    let price = euros.to_string();
    let works = (&*price, StandardRate::Intermediate);
    let mut draft = match shape {
        Shape::WithGoods => invoice(&[works, (&*price, StandardRate::Normal)]),
        Shape::Plain | Shape::HeldBack => invoice(&[works]),
    };
    if let (Shape::WithGoods, Some(Item::Line(line))) = (shape, draft.content.items.last_mut()) {
        line.nature = Nature::Goods;
        draft.content.operation = Operation::Both;
    }
    if shape == Shape::HeldBack {
        let twentieth = DeductionValue::Percent(Percent::parse("5").unwrap());
        draft.content.deductions = vec![Deduction::new(DeductionKind::Retention, twentieth)];
    }
    draft
}

/// Settings take turns, the demonstration most often: there the books are kept.
fn setting(seed: u64) -> Setting {
    match seed % 8 {
        3 => Setting::TrialTest,
        5 | 6 => Setting::TrialLive,
        _ => Setting::Demonstration,
    }
}

impl History {
    /// Begins with one invoice.
    pub(crate) async fn new(bench: &Bench, seed: u64) -> Self {
        let setting = setting(seed);
        let plain = Plain {
            seed,
            setting,
            model: Model::default(),
            dice: ChaCha20Rng::seed_from_u64(seed),
            log: vec![format!("{setting:?}")],
            deaths: Counts::default(),
            passed: Vec::new(),
            again: format!("ACQUIT_SEED={seed}"),
        };
        let world = World::new(bench, seed, setting);
        let mut history = Self { world, plain };
        history.watch_pages();
        let euros = history.some_euros();
        let first = Act::Issue {
            euros,
            shape: Shape::Plain,
            meanwhile: None,
        };
        history.play(first).await;
        history
    }

    /// Goes on from a saved moment; `fork` tells several goings-on apart.
    pub(crate) fn load(bench: &Bench, saved: &Saved, plain: &Plain, fork: u64) -> Self {
        let world = World::load(bench, plain.seed ^ (fork << 40), saved);
        let history = Self {
            world,
            plain: plain.clone(),
        };
        history.watch_pages();
        history
    }

    /// Plays an act, and looks whether everything holds.
    pub(crate) async fn play(&mut self, act: Act) {
        self.note(format!("{act:?}"));
        self.plain.passed.clear();
        match act {
            Act::Issue {
                euros,
                shape,
                meanwhile,
            } => self.issue(euros, shape, meanwhile).await,
            Act::Do { command, meanwhile } => {
                self.carry_out(command, meanwhile).await;
            }
            Act::Both {
                first,
                second,
                at,
                first_dies,
            } => self.both(first, second, at, first_dies).await,
            Act::Pays(payment) => pay(&self.world.payplug, &payment),
            Act::PaysLate(payment) => {
                self.world.payplug.pay_late(&payment, GOOD_CARD).ok();
            }
            Act::Refused { payment, is_final } => {
                let code = if is_final {
                    "card_declined"
                } else {
                    "insufficient_funds"
                };
                self.world.payplug.refuse(&payment, code, is_final).ok();
            }
            Act::Leaves(payment) => {
                self.world.payplug.leave(&payment).ok();
            }
            Act::Faults(faults) => self.world.payplug.push_faults(faults),
            Act::PortalRefund { payment, cents } => self.portal_refund(&payment, cents),
            Act::Time(seconds) => self.world.advance(seconds),
            Act::WrongMode(payment) => self.wrong_mode(payment).await,
            Act::RightModes => self.right_modes(),
            Act::Stranger { like, same_mode } => self.stranger(&like, same_mode),
        }
        self.holds();
    }

    async fn issue(&mut self, euros: u32, shape: Shape, meanwhile: Option<(usize, Meanwhile)>) {
        let draft = self.world.acquit().add_invoice(draft_of(euros, shape));
        let id = self.sure(draft).id;
        let command = Command::Finalise(id);
        self.carry_out(command.clone(), meanwhile).await;
        // Whoever finds his invoice still a draft finalises it.
        if matches!(self.view(id).document, Document::Draft { .. }) {
            self.carry_out(command, None).await;
        }
        let view = self.view(id);
        let Document::Finalised(document) = &view.document else {
            self.fail("not finalised")
        };
        let expected = Expected {
            number: document.number.to_string(),
            asked: document.totals.net_due.get(),
            ..Expected::default()
        };
        self.plain.model.invoices.insert(id, expected);
    }

    /// One command by one process.
    pub(crate) async fn carry_out(
        &mut self,
        command: Command,
        meanwhile: Option<(usize, Meanwhile)>,
    ) -> Answer {
        let lock = Lock::default();
        let surprise =
            meanwhile.map(|(at, meanwhile)| (at, meanwhile.surprise(&self.world, &lock)));
        let acquit = self.world.acquit();
        let answer = self.world.run(surprise, command.perform(&acquit)).await;
        if lock.lock().unwrap().take().is_some() {
            self.note("  the file was busy".to_owned());
            // A turn that could not be given back ends by itself.
            self.world.advance(RESTART_S);
        }
        self.after(&[(command, &answer)]);
        answer
    }

    async fn both(&mut self, first: Command, second: Command, at: usize, first_dies: bool) {
        let (one, other) = (self.world.acquit(), self.world.another(Process::Second));
        let (works, goes_on) = (first.perform(&one), second.perform(&other));
        let (done, done_too) = self.world.run_both(at, works, goes_on, first_dies).await;
        self.after(&[(first.clone(), &done), (second.clone(), &done_too)]);
    }

    /// Takes in how commands ended.
    fn after(&mut self, commands: &[(Command, &Answer)]) {
        self.plain.passed = self.world.points.passed();
        if let Some(kind) = self.world.points.died() {
            self.plain.deaths.add(kind);
        }
        let mut outcomes = Vec::new();
        for (command, answer) in commands {
            let outcome = match answer {
                None => Outcome::Unknown,
                Some(Ok(_)) => Outcome::Done,
                Some(Err(_)) => Outcome::Refused,
            };
            let word = match answer {
                None => "died".to_owned(),
                Some(Ok(codes)) => format!("done {codes:?}"),
                Some(Err(error)) => format!("{}: {error:?}", error.code()),
            };
            self.note(format!("  {word}"));
            outcomes.push((command.clone(), outcome));
        }
        let ids: Vec<InvoiceId> = self.plain.model.invoices.keys().copied().collect();
        for id in ids {
            let told = self.told(id);
            if let Err(wrong) = self.plain.model.follow(id, &outcomes, told) {
                self.fail(&wrong);
            }
        }
    }

    fn portal_refund(&mut self, payment: &str, cents: i64) {
        let outcome = self.world.payplug.refund(payment, cents);
        self.note(format!("  {outcome:?}"));
        let of = self.payment(payment).filter(|one| self.is_in_books(one));
        let number = of.and_then(|one| one.metadata.get("invoice").cloned());
        let mut invoices = self.plain.model.invoices.values_mut();
        let invoice = invoices.find(|one| Some(&one.number) == number.as_ref());
        if let (Some(invoice), true) = (invoice, outcome.is_ok()) {
            invoice.portal_refunds += cents;
        }
    }

    fn told(&self, id: InvoiceId) -> Told {
        let view = self.view(id);
        let sum = |query: &str| -> i64 {
            let mut query = self.world.file.prepare_cached(query).unwrap();
            query.query_row([id.to_string()], |row| row.get(0)).unwrap()
        };
        let notes = view.credited_by.iter().map(|number| {
            let note = self.sure(self.acquit().resolve(&number.to_string()));
            match self.view(note).document {
                Document::Finalised(note) => note.totals.net_due.get(),
                Document::Draft { .. } => 0,
            }
        });
        let cheques = view
            .receipts
            .iter()
            .filter(|row| row.receipt.payplug.is_none());
        Told {
            cheques: cheques.map(|row| row.receipt.amount.get()).sum(),
            cancelled: view.standing.status == Status::Cancelled,
            credited: notes.sum(),
            charged_back: sum(CHARGED_BACK),
            written_off: sum(WRITTEN_OFF),
            adjusted: sum(ADJUSTED),
            released: sum(RELEASED),
        }
    }

    /// The customer pays a payment of which PayPlug then tells the wrong mode: nothing is settled with it.
    async fn wrong_mode(&mut self, payment: String) {
        let told = match self.payment(&payment) {
            Some(one) if one.is_live => Mode::Test,
            Some(_) => Mode::Live,
            None => return,
        };
        let payplug = &self.world.payplug;
        payplug.misreport_mode(&payment, Some(told)).unwrap();
        pay(payplug, &payment);
        payplug.clear_faults();
        self.plain.model.wrong_mode.insert(payment.clone());
        let answer = self.carry_out(Command::Sync, None).await;
        let seen = |codes: &Vec<String>| codes.iter().any(|code| code == "mode_differs");
        let new = self.payment(&payment).is_some_and(|one| one.is_paid);
        if new && !answer.is_some_and(|answer| answer.is_ok_and(|codes| seen(&codes))) {
            self.fail(&format!("nobody says that {payment} has the wrong mode"));
        }
    }

    pub(crate) fn right_modes(&mut self) {
        for payment in std::mem::take(&mut self.plain.model.wrong_mode) {
            self.world.payplug.misreport_mode(&payment, None).unwrap();
        }
    }

    fn stranger(&mut self, like: &str, same_mode: bool) {
        let Some(ours) = self.payment(like) else {
            return;
        };
        let mode = if ours.is_live == same_mode {
            Mode::Live
        } else {
            Mode::Test
        };
        let payplug = &self.world.payplug;
        let planted = payplug.plant(mode, ours.amount, &ours.metadata).unwrap();
        pay(payplug, &planted.id);
        self.note(format!("  {}", planted.id));
        self.plain.model.strangers.insert(planted.id);
    }

    fn payment(&self, id: &str) -> Option<PaymentSnapshot> {
        self.world.payplug.payment(id).ok()
    }

    /// PayPlug is well, nobody lies, and everything is compared until nothing is left to do.
    pub(crate) async fn settle(&mut self) {
        self.world.payplug.clear_faults();
        self.right_modes();
        for _ in 0..3 {
            match self.carry_out(Command::Sync, None).await {
                Some(Ok(codes)) if codes.iter().all(|code| expected(code)) => {}
                other => self.fail(&format!("PayPlug is well, and yet: {other:?}")),
            }
        }
        self.holds();
        self.converged();
    }

    pub(crate) fn view(&self, id: InvoiceId) -> InvoiceView {
        self.sure(self.world.acquit().invoice(id))
    }

    /// What cannot fail.
    pub(crate) fn sure<T>(&self, outcome: Result<T, acquit_app::Error>) -> T {
        outcome.unwrap_or_else(|error| self.fail(&format!("{error:?}")))
    }

    /// How often a command was done, by how the log has it.
    pub(crate) fn done(&self, command: &str) -> usize {
        let lines = self.plain.log.windows(2);
        let done = lines.filter(|two| two[0].contains(command) && two[1].starts_with("  done"));
        done.count()
    }

    pub(crate) fn note(&mut self, line: String) {
        self.plain.log.push(line);
    }

    /// Ends the test with the history so far and how to play it again.
    pub(crate) fn fail(&self, what: &str) -> ! {
        let Plain {
            seed, again, log, ..
        } = &self.plain;
        panic!(
            "seed {seed}: {what}\n{}\nplay it again: {again} cargo test -p acquit-tests --test histories",
            log.join("\n")
        )
    }

    /// For what needs the process itself.
    pub(crate) fn acquit(&self) -> std::rc::Rc<Acquit> {
        self.world.acquit()
    }
}
