//! Random years: each event is drawn from the dice and from what the file says, played through the services, and written
//! down in the form of the fixtures, so that the script works the same year out.

mod books;
mod contracts;
mod documents;
mod money;
mod oracle;
mod statement;

use std::collections::BTreeMap;

use acquit_app::InvoiceView;
use acquit_domain::date::paris_day;
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, ToSpan};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;
use serde_json::{Value, json};

use crate::year::player::Player;
use books::Ledger;
use contracts::Contract;

/// Years in one run of the tests; `ACQUIT_YEARS` plays more, `ACQUIT_YEAR` one again.
const YEARS: u64 = 6;
/// Each part is a test of its own, so that they run side by side.
const PARTS: u64 = 2;
/// Nothing more happens after it but what settles the year.
const LAST_DAY: Date = date(2026, 12, 20);

/// A document that asks for money, as the dice know it.
#[derive(Clone, Debug)]
struct Paper {
    number: String,
    customer: String,
    kind: &'static str,
    /// Its lines as they were typed.
    lines: Vec<Value>,
    takes_deposit: bool,
    /// Part of a contract: what takes it off may still come.
    contract: Option<usize>,
    /// A later document took it off.
    is_taken: bool,
    has_notes: bool,
    has_lost: bool,
}

/// A card payment, as the dice know it.
#[derive(Clone, Debug)]
struct Paid {
    name: String,
    paper: usize,
    /// What was not given back, in cents.
    left: i64,
    was_refunded: bool,
}

/// A dispute that has not ended.
#[derive(Clone, Debug)]
struct Dispute {
    name: String,
    paper: usize,
    amount: i64,
}

/// A random year that is being played.
struct Year {
    seed: u64,
    player: Player,
    dice: ChaCha20Rng,
    /// Company, customers and what happened so far.
    written: Value,
    events: Vec<Value>,
    day: Date,
    papers: Vec<Paper>,
    /// The same as they were last looked at: after each event that named them.
    views: Vec<InvoiceView>,
    /// Names of payments and disputes, with the papers that they are about.
    names: Vec<(String, usize)>,
    ledger: Ledger,
    contracts: Vec<Contract>,
    paid: Vec<Paid>,
    disputes: Vec<Dispute>,
    /// Debts of which the bank has said that they are lost.
    lost: Vec<usize>,
    drawer: Vec<String>,
    in_transit: Option<(String, Date)>,
    /// What is on the PayPlug account, in cents.
    balance: i64,
    /// Fees and transfers are the simulator's, and read from its report.
    by_report: bool,
    numbers: BTreeMap<&'static str, u32>,
    serial: u32,
}

impl Year {
    async fn new(seed: u64) -> Self {
        let mut dice = ChaCha20Rng::seed_from_u64(seed);
        let mut written = crate::year::fixture("events.json");
        let bases = ["on_receipt", "on_receipt", "on_invoice"];
        written["company"]["vat_basis"] = json!(bases.choose(&mut dice).unwrap());
        let player = Player::new(&written).await;
        let ledger = Ledger::of(&player);
        Self {
            seed,
            player,
            dice,
            written,
            events: Vec::new(),
            day: date(2026, 1, 5),
            papers: Vec::new(),
            views: Vec::new(),
            names: Vec::new(),
            ledger,
            contracts: Vec::new(),
            paid: Vec::new(),
            disputes: Vec::new(),
            lost: Vec::new(),
            drawer: Vec::new(),
            in_transit: None,
            balance: 0,
            by_report: false,
            numbers: BTreeMap::new(),
            serial: 0,
        }
    }

    /// The same, with fees and transfers from the simulator's report. The script cannot know them.
    async fn play_by_report(seed: u64) -> Self {
        let mut year = Self::new(seed).await;
        year.by_report = true;
        year.go().await;
        year.reconcile().await;
        year.settle().await;
        year.has_the_balance().await;
        year
    }

    /// The whole year, then everything that is open is settled; the file and the script agree at both ends.
    async fn play(seed: u64) -> Self {
        let mut year = Self::new(seed).await;
        year.go().await;
        year.agrees("after the year");
        year.settle().await;
        year.agrees("once all is settled");
        year
    }

    async fn go(&mut self) {
        while self.day < LAST_DAY {
            let days = self.roll(0, 3);
            let before = self.day;
            self.day = self.day.saturating_add(days.days());
            if self.by_report && self.day.month() != before.month() {
                self.reconcile().await;
            }
            if let Some(event) = self.draw() {
                self.happen(event).await;
            }
        }
    }

    fn draw(&mut self) -> Option<Value> {
        match self.roll(0, 100) {
            0..18 => Some(self.invoice()),
            18..31 => self.contract(),
            31..36 => self.credit(),
            36..40 => self.cancel(),
            40..56 => self.receipt(),
            56..72 => self.payment(),
            72..76 => self.refund(),
            76..79 => self.chargeback(),
            79..87 => self.follow_up(),
            87..90 => self.cheque_deposit(),
            90..93 => self.release(),
            93..99 => self.account(),
            _ => self.vat_basis(),
        }
    }

    /// Plays an event and looks at what must hold after any.
    async fn happen(&mut self, event: Value) {
        self.player.wait_for(&event);
        self.events.push(event);
        let event = self.events.last().unwrap();
        self.player.event(event).await;
        let event = event.to_string();
        self.day = self.player.world.acquit.today();
        self.look_again(&event);
        self.holds();
    }

    /// Reads the papers that an event names, by their numbers or by their payments.
    fn look_again(&mut self, event: &str) {
        let acquit = &self.player.world.acquit;
        for (place, paper) in self.papers.iter_mut().enumerate() {
            let names = |one: &&(String, usize)| one.1 == place && event.contains(&one.0);
            if !event.contains(&paper.number) && self.names.iter().find(names).is_none() {
                continue;
            }
            let id = acquit.resolve(&paper.number).unwrap();
            let view = acquit.invoice(id).unwrap();
            match self.views.get_mut(place) {
                Some(before) => *before = view,
                None => self.views.push(view),
            }
        }
    }

    /// Everything that is open comes to its end: disputes, decisions, retentions, what is due, what was paid too much, cheques.
    async fn settle(&mut self) {
        self.day = self.day.saturating_add(1.day());
        while let Some(event) = self.next_to_settle() {
            self.happen(event).await;
        }
        self.nothing_waits();
    }

    fn next_to_settle(&mut self) -> Option<Value> {
        self.follow_up()
            .or_else(|| self.release())
            .or_else(|| self.last_receipt())
            .or_else(|| self.cheque_deposit())
            .or_else(|| self.arrival())
    }

    fn roll(&mut self, from: i64, to: i64) -> i64 {
        self.dice.random_range(from..=to)
    }

    fn chance(&mut self, percent: i64) -> bool {
        self.roll(1, 100) <= percent
    }

    fn one_of<T: Clone>(&mut self, choices: &[T]) -> Option<T> {
        choices.choose(&mut self.dice).cloned()
    }

    /// A name that nothing else has.
    fn serial(&mut self, stem: &str) -> String {
        self.serial += 1;
        format!("{stem}{:05}", self.serial)
    }

    /// The number that the next document of a series gets.
    fn number(&mut self, series: &'static str) -> String {
        let counter = self.numbers.entry(series).or_default();
        *counter += 1;
        format!("{series}-2026-{counter:05}")
    }

    /// What the owner does today.
    fn today(&self, event: &str, mut fields: Value) -> Value {
        fields["event"] = json!(event);
        fields["on"] = json!(self.day.to_string());
        fields
    }

    /// What PayPlug dates: some moment of today that is still to come, in UTC; late in the evening it is tomorrow in France.
    fn at_payplug(&mut self, event: &str, mut fields: Value) -> Value {
        let hour = self.one_of(&[7, 10, 15, 19, 23]).unwrap();
        let minute = self.roll(0, 59);
        let drawn = format!("{}T{hour:02}:{minute:02}:30Z", self.day);
        let drawn: Timestamp = drawn.parse().unwrap();
        let now = self.player.world.acquit.now();
        let at = drawn.max(now + SignedDuration::from_secs(60));
        assert!(paris_day(at) >= self.day);
        fields["event"] = json!(event);
        fields["at"] = json!(at.to_string());
        fields
    }

    fn view(&self, paper: usize) -> &InvoiceView {
        &self.views[paper]
    }

    /// Papers that fit, in order.
    fn those(&self, fits: impl Fn(&Paper, &InvoiceView) -> bool) -> Vec<usize> {
        let places = 0..self.papers.len();
        let fitting = places.filter(|place| fits(&self.papers[*place], self.view(*place)));
        fitting.collect()
    }

    /// Ends the test with how to play it again.
    fn fail(&self, what: &str) -> ! {
        let events: Vec<String> = self.events.iter().map(Value::to_string).collect();
        let (seed, events) = (self.seed, events.join("\n"));
        panic!("{events}\nACQUIT_YEAR={seed}: {what}")
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Plays the years of one part.
async fn random_years(part: u64) {
    let all = match number("ACQUIT_YEAR") {
        Some(year) => year..year + 1,
        None => 0..number("ACQUIT_YEARS").unwrap_or(YEARS),
    };
    let is_whole = all.end - all.start >= YEARS;
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for seed in all.filter(|seed| seed % PARTS == part) {
        let year = Year::play(seed).await;
        for event in &year.events {
            let kind = event["event"].as_str().unwrap();
            *kinds.entry(kind.to_owned()).or_default() += 1;
        }
        crate::year::passes_as_fec(&year.player);
        year.undone_and_exported_again();
    }
    for kind in ALL.iter().filter(|_| is_whole) {
        assert!(kinds.contains_key(*kind), "no {kind}: too tame ({kinds:?})");
    }
}

#[tokio::test]
async fn random_years_come_to_what_the_script_works_out_part_1() {
    random_years(0).await;
}

#[tokio::test]
async fn random_years_come_to_what_the_script_works_out_part_2() {
    random_years(1).await;
}

#[tokio::test]
async fn random_years_by_the_report_have_the_simulators_balance() {
    for seed in 100..102 {
        let year = Year::play_by_report(seed).await;
        crate::year::passes_as_fec(&year.player);
    }
}

/// What happens in a year.
const ALL: [&str; 21] = [
    "document",
    "cancel",
    "credit",
    "receipt",
    "cheque_deposit",
    "payment",
    "refund",
    "collect_again",
    "chargeback",
    "chargeback_won",
    "chargeback_lost",
    "write_off",
    "overpayment_returned",
    "overpayment_kept",
    "set_off",
    "difference",
    "retention_released",
    "payplug_invoice",
    "statement_fee",
    "transfer_left",
    "transfer_arrived",
];
