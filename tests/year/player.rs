//! Plays the events of a year through the services, each on its day: what PayPlug dates happens at the simulator and is
//! read by the pull, everything else is what the owner does.

use std::collections::BTreeMap;

use acquit_app::{Document, InvoiceView, NewChargeback, NewReceipt};
use acquit_domain::Cents;
use acquit_domain::adjustment::Adjustment;
use acquit_domain::date::paris_day;
use acquit_domain::id::{ChargebackId, InvoiceId, ReceiptId};
use acquit_domain::link::FileNature;
use acquit_domain::receipt::{ChargebackOutcome, PaymentMeans};
use acquit_domain::remote::PaymentId;
use acquit_simulator::Options;
use acquit_tests::World;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::input;
use super::input::{amount, list, needed};

const CARD: &str = "4242424242424242";

/// What is on the simulator's account before the year, in cents.
pub(crate) const OPENING_BALANCE: i64 = 100_000_000;

/// A year that is being played.
pub(crate) struct Player {
    pub(crate) world: World,
    /// The simulator's ids, and what the events call them.
    names: BTreeMap<String, String>,
    /// Payments of the events: the simulator's id, and the invoice that was paid.
    payments: BTreeMap<String, (String, InvoiceId)>,
    cheques: BTreeMap<String, ReceiptId>,
    chargebacks: BTreeMap<String, (InvoiceId, ChargebackId)>,
    closes: bool,
}

impl Player {
    /// A company file with the customers of a year, connected on its first day.
    pub(crate) async fn new(year: &Value) -> Self {
        let company = input::company(&year["company"]);
        let start = instant("2026-01-02T08:00:00Z").as_second();
        let options = Options {
            // Fees and transfers are recorded, and not made at the simulator.
            opening_balance: OPENING_BALANCE,
            refund_window_days: 400,
            ..Options::default()
        };
        let world = World::founded(company, FileNature::Real, start, options).await;
        world.connect("sk_live_year").await;
        for customer in list(year, "customers") {
            world
                .acquit
                .add_customer(input::customer(customer))
                .unwrap();
        }
        Self {
            world,
            names: BTreeMap::new(),
            payments: BTreeMap::new(),
            cheques: BTreeMap::new(),
            chargebacks: BTreeMap::new(),
            closes: false,
        }
    }

    /// Plays all events in order; `closes` each month on the first day that something happens after it.
    pub(crate) async fn play(year: &Value, closes: bool) -> Self {
        let mut player = Self::new(year).await;
        player.closes = closes;
        for event in list(year, "events") {
            player.wait_for(event);
            player.event(event).await;
        }
        player
    }

    /// What the events call something of the simulator's; anything else keeps its name.
    pub(crate) fn name(&self, piece: &str) -> String {
        let name = self.names.get(piece);
        name.map_or_else(|| piece.to_owned(), Clone::clone)
    }

    /// Time passes: to the instant of what PayPlug dates, else to the first minutes of the day, one second after what came before.
    pub(crate) fn wait_for(&self, event: &Value) {
        let now = self.world.acquit.now();
        let at = match event.get("at") {
            Some(at) => instant(at.as_str().unwrap()),
            None => {
                // Winter time: in summer it is an hour later, the same day.
                let morning = instant(&format!("{}T00:01:00+01:00", day(event)));
                morning.max(now + jiff::SignedDuration::from_secs(1))
            }
        };
        let seconds = at.as_second() - now.as_second();
        assert!(seconds >= 0, "{event} is before {now}");
        self.world.advance(seconds);
        let today = self.world.acquit.today();
        assert_eq!(today, day(event));
        let last_month = today.first_of_month().yesterday().unwrap();
        if self.closes && paris_day(now) <= last_month && last_month.year() == 2026 {
            self.world
                .acquit
                .close_period(last_month, u64::MAX)
                .unwrap();
        }
    }

    pub(crate) async fn event(&mut self, event: &Value) {
        match needed(event, "event") {
            "document" => self.document(event).await,
            "cancel" | "credit" => self.credit(event).await,
            "receipt" => self.receipt(event).await,
            "cheque_deposit" => self.cheque_deposit(event),
            "payment" => self.payment(event).await,
            "refund" => self.refund(event).await,
            "chargeback" => self.chargeback(event),
            "chargeback_won" => self.chargeback_ends(event, ChargebackOutcome::Won),
            "chargeback_lost" => self.chargeback_ends(event, ChargebackOutcome::Lost),
            "collect_again" | "write_off" => self.decision(event),
            "overpayment_returned" | "overpayment_kept" | "set_off" | "difference" => {
                self.adjustment(event).await;
            }
            "retention_released" => {
                let id = self.invoice(event, "invoice");
                self.world.acquit.release_retention(id, None).unwrap();
            }
            "vat_basis" => {
                let basis = input::basis(needed(event, "basis"));
                let today = self.world.acquit.today();
                self.world.acquit.set_vat_basis(basis, today).unwrap();
            }
            _ => super::account::event(&self.world, event),
        }
    }

    fn invoice(&self, event: &Value, name: &str) -> InvoiceId {
        self.world.acquit.resolve(needed(event, name)).unwrap()
    }

    fn view(&self, id: InvoiceId) -> InvoiceView {
        self.world.acquit.invoice(id).unwrap()
    }

    async fn document(&self, event: &Value) {
        let draft = input::draft(&event["document"]);
        let added = self.world.acquit.add_invoice(draft);
        let id = added
            .unwrap_or_else(|error| panic!("{event}: {error:?}"))
            .id;
        let made = self.world.acquit.issue(id).await;
        let made = made.unwrap_or_else(|error| panic!("{event}: {error:?}"));
        assert_eq!(number(&made), needed(event, "number"));
    }

    /// By hand, or as the decision after a refund.
    async fn credit(&self, event: &Value) {
        let (acquit, id) = (&self.world.acquit, self.invoice(event, "invoice"));
        let undecided = self.view(id).undecided;
        if event.get("amount").is_none() {
            acquit.cancel(id).await.unwrap();
        } else if undecided.is_positive() {
            assert_eq!(undecided, amount(event, "amount"), "{event}");
            acquit.credit_given_back(id).unwrap();
        } else {
            acquit.credit(id, amount(event, "amount")).await.unwrap();
        }
        let credited_by = self.view(id).credited_by;
        assert_eq!(
            credited_by.last().unwrap().to_string(),
            needed(event, "number")
        );
    }

    async fn receipt(&mut self, event: &Value) {
        let id = self.invoice(event, "invoice");
        let receipt = NewReceipt {
            amount: amount(event, "amount"),
            means: means(needed(event, "means")),
            date: None,
            overpayment: event.get("overpayment").is_some_and(|word| *word == true),
        };
        let after = self.world.acquit.add_receipt(id, receipt).await;
        let after = after.unwrap_or_else(|error| panic!("{event}: {error:?}"));
        if let Some(cheque) = event.get("cheque") {
            let cheque = cheque.as_str().unwrap().to_owned();
            let receipt = after.receipts.last().unwrap().receipt.id;
            self.cheques.insert(cheque, receipt);
        }
    }

    fn cheque_deposit(&self, event: &Value) {
        let cheques = list(event, "cheques").iter();
        let receipts: Vec<_> = cheques
            .map(|cheque| self.cheques[cheque.as_str().unwrap()])
            .collect();
        let slip = needed(event, "slip");
        let deposited = self.world.acquit.deposit_cheques(slip, &receipts, None);
        deposited.unwrap();
    }

    /// The customer pays the page behind the link, which asks for so much; the pull finds it.
    async fn payment(&mut self, event: &Value) {
        let id = self.invoice(event, "invoice");
        self.sync().await;
        let link = self.view(id).link.unwrap();
        let asked = (link.state.code(), link.amount);
        assert_eq!(asked, ("open", amount(event, "amount")), "{event}");
        let payment = self.world.payment(id);
        self.world.payplug.pay(&payment, CARD).unwrap();
        self.sync().await;
        let name = needed(event, "payment").to_owned();
        self.names.insert(payment.clone(), name.clone());
        self.payments.insert(name, (payment, id));
    }

    async fn refund(&mut self, event: &Value) {
        let (payment, _) = &self.payments[needed(event, "payment")];
        let cents = amount(event, "amount").get();
        let refund = self.world.payplug.refund(payment, cents).unwrap();
        let name = needed(event, "refund").to_owned();
        self.names.insert(refund.id, name);
        self.sync().await;
    }

    async fn sync(&self) {
        let report = self.world.acquit.sync().await.unwrap();
        let said = (report.errors, report.anomalies);
        assert!(said.0.is_empty() && said.1.is_empty(), "{said:?}");
    }

    /// PayPlug's notice is typed.
    fn chargeback(&mut self, event: &Value) {
        let (payment, id) = self.payments[needed(event, "payment")].clone();
        self.world.payplug.chargeback(&payment).unwrap();
        let notice = NewChargeback {
            payment: PaymentId::parse(&payment),
            amount: Some(amount(event, "amount")),
            date: None,
        };
        let after = self.world.acquit.record_chargeback(id, notice).unwrap();
        let chargeback = after.chargebacks.last().unwrap().chargeback.id;
        let name = needed(event, "chargeback").to_owned();
        self.chargebacks.insert(name, (id, chargeback));
    }

    fn chargeback_ends(&self, event: &Value, outcome: ChargebackOutcome) {
        let (id, chargeback) = self.chargebacks[needed(event, "chargeback")];
        let acquit = &self.world.acquit;
        let closed = acquit.close_chargeback(id, chargeback, outcome, None);
        closed.unwrap();
    }

    /// The decision that the home screen asks for: about all that was given back, or lost.
    fn decision(&self, event: &Value) {
        let id = self.invoice(event, "invoice");
        assert_eq!(self.view(id).undecided, amount(event, "amount"), "{event}");
        let decided = match needed(event, "event") {
            "collect_again" => self.world.acquit.collect_again(id),
            _ => self.world.acquit.write_off_lost(id),
        };
        assert_eq!(decided.unwrap().undecided, Cents::ZERO, "{event}");
    }

    async fn adjustment(&self, event: &Value) {
        let (of, adjustment) = match needed(event, "event") {
            "overpayment_returned" => {
                let means = means(needed(event, "means"));
                ("invoice", Adjustment::Returned { means })
            }
            "overpayment_kept" => ("invoice", Adjustment::Kept),
            "set_off" => {
                let target = self.invoice(event, "to");
                ("from", Adjustment::SetOff { target })
            }
            _ if needed(event, "side") == "missing" => ("invoice", Adjustment::Missing),
            _ => ("invoice", Adjustment::TooMuch),
        };
        let (id, cents) = (self.invoice(event, of), amount(event, "amount"));
        let adjusted = self.world.acquit.adjust(id, adjustment, cents, None).await;
        adjusted.unwrap_or_else(|error| panic!("{event}: {error:?}"));
    }
}

/// The day of an event, in France.
pub(crate) fn day(event: &Value) -> Date {
    match event.get("at") {
        Some(at) => paris_day(instant(at.as_str().unwrap())),
        None => needed(event, "on").parse().unwrap(),
    }
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn means(word: &str) -> PaymentMeans {
    let mut all = PaymentMeans::ALL.into_iter();
    all.find(|means| means.code() == word).unwrap()
}

fn number(view: &InvoiceView) -> String {
    match &view.document {
        Document::Finalised(document) => document.number.to_string(),
        Document::Draft { .. } => panic!("still a draft"),
    }
}
