//! A trial file of the real program beside a simulator in this process, customers who act, and work
//! to do.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;
use serde_json::{Value, json};

use acquit_simulator::{Handle, Options, PaymentSnapshot, Simulator};

use super::books::Books;
use super::wire::Wire;
use crate::common::{Office, done, run_with};

/// With a Live key the payments of a trial count as receipts.
const KEY: &[u8] = b"sk_live_killed";
const CARD: &str = "4242424242424242";

/// What the program is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Work {
    Sync,
    Receipt,
    Finalise,
    Cancel,
    Refund,
}

impl Work {
    pub(crate) fn asks_payplug(self) -> bool {
        self != Self::Finalise
    }

    /// About how many requests it sends.
    pub(crate) fn requests_at_most(self) -> usize {
        match self {
            Self::Sync => 6,
            Self::Refund => 4,
            Self::Receipt | Self::Cancel | Self::Finalise => 1,
        }
    }
}

/// One run of the program.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) work: Work,
    pub(crate) arguments: Vec<String>,
    /// The invoice's id or number; empty where there is none.
    pub(crate) invoice: String,
    /// Decimal text; each cheque and each refund has an amount that no other has.
    pub(crate) amount: String,
}

/// The file, the simulator, and what is known from outside.
pub(crate) struct Bench {
    pub(crate) office: Office,
    pub(crate) payplug: Handle,
    pub(crate) wire: Wire,
    pub(crate) books: Books,
    pub(crate) rng: ChaCha20Rng,
    invoices: Vec<String>,
    amounts: u32,
    // Serves as long as it lives.
    _simulator: Simulator,
    _runtime: tokio::runtime::Runtime,
}

impl Bench {
    /// A connected trial file with a few invoices.
    pub(crate) fn start(seed: u64) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let options = Options {
            seed,
            opening_balance: 10_000_000,
            ..Options::default()
        };
        let simulator = runtime
            .block_on(Simulator::start("127.0.0.1:0".parse().unwrap(), options))
            .unwrap();
        let wire = Wire::to(&simulator.base_url());
        let office = Office::of("company.json");
        let connect = ["connect", "--data", &office.data, "--api-base", &wire.base];
        let connected = run_with(&connect, KEY);
        assert_eq!(connected.code, 0, "{connected:?}");
        let mut bench = Self {
            office,
            payplug: simulator.handle(),
            wire,
            books: Books::default(),
            rng: ChaCha20Rng::seed_from_u64(seed),
            invoices: Vec::new(),
            amounts: 0,
            _simulator: simulator,
            _runtime: runtime,
        };
        for _ in 0..3 {
            bench.invoice();
        }
        bench
    }

    /// Adds a draft; its id.
    pub(crate) fn draft(&mut self) -> String {
        let price = format!("{}.00", self.rng.random_range(100..900));
        let invoice = json!({ "customer": "CL-0001", "lines": [
            { "description": "Plomberie", "quantity": "1", "unit_price": price, "vat_rate": "10" },
        ] });
        let file = self
            .office
            .file("invoice.json", invoice.to_string().as_bytes());
        let draft = done(&["invoice", "add", "--data", &self.office.data, &file]);
        let id = draft["id"].as_str().unwrap().to_owned();
        self.invoices.push(id.clone());
        id
    }

    /// Adds and finalises an invoice; its id.
    pub(crate) fn invoice(&mut self) -> String {
        let id = self.draft();
        done(&["invoice", "finalise", "--data", &self.office.data, &id]);
        self.books.expect_finalised(std::slice::from_ref(&id));
        id
    }

    /// A cheque on an invoice, of an amount that no other receipt has.
    pub(crate) fn cheque(&mut self, id: &str) -> Task {
        let amount = self.own_amount(10);
        self.task(Work::Receipt, id, &amount)
    }

    fn own_amount(&mut self, euros: u32) -> String {
        self.amounts += 1;
        let cents = euros * 100 + self.amounts;
        format!("{}.{:02}", cents / 100, cents % 100)
    }

    fn task(&self, work: Work, invoice: &str, amount: &str) -> Task {
        let data = self.office.data.as_str();
        let arguments: Vec<&str> = match work {
            Work::Sync => vec!["sync", "--data", data],
            Work::Finalise => vec!["invoice", "finalise", "--data", data, invoice],
            Work::Cancel => vec!["invoice", "cancel", "--data", data, invoice],
            Work::Refund => vec![
                "invoice", "refund", "--data", data, invoice, "--amount", amount,
            ],
            Work::Receipt => vec![
                "receipt", "add", "--data", data, invoice, "--amount", amount, "--means", "cheque",
            ],
        };
        Task {
            work,
            arguments: arguments.into_iter().map(str::to_owned).collect(),
            invoice: invoice.to_owned(),
            amount: amount.to_owned(),
        }
    }

    /// Something to do, chosen by chance; it is noted as asked for.
    pub(crate) fn next_task(&mut self) -> (Work, Task) {
        let work = match self.rng.random_range(0..100) {
            0..45 => Work::Sync,
            45..63 => Work::Receipt,
            63..79 => Work::Finalise,
            79..87 => Work::Cancel,
            _ => Work::Refund,
        };
        let invoice = match work {
            Work::Sync => String::new(),
            Work::Finalise => self.draft(),
            Work::Receipt | Work::Cancel => self.payable_or_any(),
            Work::Refund => self.any(),
        };
        let amount = match work {
            Work::Receipt => self.own_amount(10),
            Work::Refund => self.own_amount(5),
            _ => String::new(),
        };
        let task = self.task(work, &invoice, &amount);
        self.books.asked(&task);
        (work, task)
    }

    fn any(&mut self) -> String {
        self.invoices[self.rng.random_range(0..self.invoices.len())].clone()
    }

    /// Mostly the number of an invoice whose link has to be taken back.
    fn payable_or_any(&mut self) -> String {
        let mut payments = self.payplug.payments();
        payments.retain(is_payable);
        if payments.is_empty() || self.rng.random_bool(0.2) {
            return self.any();
        }
        let payment = &payments[self.rng.random_range(0..payments.len())];
        payment.metadata["invoice"].clone()
    }

    /// Customers pay, are refused, leave; the owner gives money back in the portal.
    pub(crate) fn customers_act(&mut self) {
        for payment in self.payplug.payments() {
            let chance = self.rng.random_range(0..100);
            if is_payable(&payment) {
                let id = payment.id.as_str();
                match chance {
                    0..25 => self.payplug.pay(id, CARD).map(|_| ()),
                    25..28 => self.payplug.refuse(id, "card_declined", true).map(|_| ()),
                    28..30 => self.payplug.leave(id).map(|_| ()),
                    _ => Ok(()),
                }
                .unwrap();
            } else if payment.is_paid
                && chance < 2
                && payment.amount - payment.amount_refunded > 500
            {
                self.payplug.refund(&payment.id, 500).unwrap();
                self.books.refund_in_the_portal(&payment, 500);
            }
        }
    }

    /// Synchronises until there is nothing new.
    pub(crate) fn settles_down(&self) {
        for _ in 0..10 {
            let before = self.payplug.payments().len();
            let report = done(&["sync", "--data", &self.office.data]);
            for error in report["errors"].as_array().unwrap() {
                assert!(self.is_expected(error), "{report}");
            }
            assert_eq!(report["anomalies"], json!([]), "{report}");
            let quiet = |name: &str| report[name].as_array().unwrap().is_empty();
            if quiet("settled") && quiet("refunds") && self.payplug.payments().len() == before {
                return;
            }
        }
        panic!("it never settles down");
    }

    /// A refund whose process was killed ends when the owner gave money of that invoice back in the portal
    /// meanwhile; nothing else may fail.
    fn is_expected(&self, error: &Value) -> bool {
        let payments = self.payplug.payments();
        let mut of_invoice = payments
            .iter()
            .filter(|payment| error["invoice"] == payment.metadata["invoice"].as_str());
        error["code"] == "refund_refused"
            && of_invoice.any(|payment| self.books.was_refunded_in_the_portal(&payment.id))
    }

    /// `verify` finds no break.
    pub(crate) fn is_whole(&self) {
        let verified = done(&["verify", "--data", &self.office.data]);
        assert_eq!(verified["ok"], true, "{verified}");
    }

    /// The file holds what the simulator, the acknowledged commands and the law of numbers say.
    pub(crate) fn is_as_it_should_be(&self) {
        self.is_whole();
        let data = self.office.data.as_str();
        let listed = done(&["invoice", "list", "--limit", "1000", "--data", data]);
        let documents: &Vec<Value> = listed.as_array().unwrap();
        let payments = self.payplug.payments();
        self.books.agree(documents, &payments);
        let receipts = |document: &Value| document["receipts"].as_array().unwrap().len();
        eprintln!(
            "{} documents, {} receipts, {} payments at PayPlug, {} of them paid",
            documents.len(),
            documents.iter().map(receipts).sum::<usize>(),
            payments.len(),
            payments.iter().filter(|payment| payment.is_paid).count(),
        );
    }
}

/// Whether somebody could still pay it.
pub(crate) fn is_payable(payment: &PaymentSnapshot) -> bool {
    !payment.is_paid && payment.failure_code.is_none()
}
