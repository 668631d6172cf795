//! Random histories: each batch that stands is had again at any time, and once all are undone the file
//! exports what its twin exports that never did.

use std::collections::BTreeMap;

use acquit_app::{Format, Journal};
use acquit_domain::id::InvoiceId;
use acquit_tests::World;
use jiff::ToSpan;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

use super::{Cabinet, DAY_S, FEC, again, all, by_cheque, exported, holds, world};

const HISTORIES: u64 = 10;
const ACTS: usize = 30;

/// What can happen, as plain values: printed, they tell how a history went.
#[derive(Clone, Copy, Debug)]
enum Act {
    Issue(u32),
    /// So many percent of what the invoice asks for.
    Pay(usize, i64),
    Cancel(usize),
    NextDay,
    /// Up to so many days ago.
    Export(i64, Option<Journal>),
    Undo,
}

fn drawn(dice: &mut ChaCha20Rng) -> Act {
    let which = dice.random_range(0..1_000);
    match dice.random_range(0..100) {
        0..25 => Act::Issue(dice.random_range(1..900)),
        25..50 => Act::Pay(which, [40, 60, 100, 100, 100, 130][which % 6]),
        50..58 => Act::Cancel(which),
        58..68 => Act::NextDay,
        68..88 => {
            let journals = [None, None, None, Some(Journal::Sales), Some(Journal::Bank)];
            let days = [0, 0, 0, 1, 2][which / 10 % 5];
            Act::Export(days, journals[which % journals.len()])
        }
        _ => Act::Undo,
    }
}

/// One file, and the batches of it that stand.
struct History {
    world: World,
    invoices: Vec<InvoiceId>,
    standing: BTreeMap<u64, Vec<u8>>,
    exports: bool,
}

impl History {
    async fn new(seed: u64, exports: bool) -> Self {
        Self {
            world: world(seed).await,
            invoices: Vec::new(),
            standing: BTreeMap::new(),
            exports,
        }
    }

    /// Carries an act out; the code of what is refused.
    async fn carry_out(&mut self, act: Act) -> Option<&'static str> {
        let outcome = match act {
            Act::Issue(euros) => {
                self.invoices.push(self.world.issue(euros).id);
                Ok(())
            }
            Act::Pay(which, percent) => self.pay(which, percent).await,
            Act::Cancel(which) => match self.one(which) {
                Some(id) => self.world.acquit.cancel(id).await.map(|_| ()),
                None => Ok(()),
            },
            Act::NextDay => {
                self.world.advance(DAY_S);
                Ok(())
            }
            Act::Export(days, journal) => {
                self.export(days, journal);
                Ok(())
            }
            Act::Undo => {
                self.undo();
                Ok(())
            }
        };
        outcome.err().map(|error| error.code())
    }

    fn one(&self, which: usize) -> Option<InvoiceId> {
        let count = self.invoices.len().max(1);
        self.invoices.get(which % count).copied()
    }

    async fn pay(&self, which: usize, percent: i64) -> Result<(), acquit_app::Error> {
        let Some(id) = self.one(which) else {
            return Ok(());
        };
        let due = self.world.acquit.invoice(id)?.standing.remaining.get();
        let asked = if due > 0 { due } else { 5_000 };
        by_cheque(
            &self.world,
            id,
            (asked * percent / 100).max(1),
            percent > 100,
        )
        .await
    }

    fn export(&mut self, days: i64, journal: Option<Journal>) {
        if !self.exports {
            return;
        }
        let cabinet = Cabinet::open();
        let file = cabinet.path(FEC);
        let until = self.world.acquit.today() - days.days();
        match self.world.acquit.export(Format::Fec, until, journal, &file) {
            Ok(summary) => {
                let bytes = std::fs::read(&file).unwrap();
                assert!(self.standing.insert(summary.batch, bytes).is_none());
            }
            Err(error) => {
                assert_eq!(error.code(), "nothing_to_export");
                assert_eq!(cabinet.names(), Vec::<String>::new());
            }
        }
    }

    fn undo(&mut self) {
        if let Some((batch, _)) = self.standing.pop_last() {
            self.world.acquit.undo_export(batch).unwrap();
        }
    }

    /// Each batch that stands is what was written then, and together they hold no entry twice.
    fn holds(&self) {
        let mut numbers = Vec::new();
        for (batch, bytes) in &self.standing {
            assert_eq!(again(&self.world.acquit, *batch), *bytes);
            numbers.extend(entry_numbers(bytes));
        }
        let continuous: Vec<u64> = (1..=numbers.len() as u64).collect();
        assert_eq!(numbers, continuous);
        holds(&self.world.acquit);
    }
}

/// EcritureNum of each entry of a FEC, in the file's order.
fn entry_numbers(fec: &[u8]) -> Vec<u64> {
    let lines = std::str::from_utf8(fec).unwrap().lines().skip(1);
    let mut numbers: Vec<u64> = lines
        .map(|line| line.split('\t').nth(2).unwrap().parse().unwrap())
        .collect();
    numbers.dedup();
    numbers
}

/// A FEC whose letters are named in the order in which they appear: which code a letter got depends on
/// how often lines were lettered before.
fn renamed(fec: &[u8]) -> Vec<String> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let lines = std::str::from_utf8(fec).unwrap().lines();
    let renamed = lines.map(|line| {
        let mut columns: Vec<String> = line.split('\t').map(str::to_owned).collect();
        if !columns[13].is_empty() {
            let next = format!("letter {}", names.len());
            let name = names.entry(columns[13].clone()).or_insert(next);
            columns[13].clone_from(name);
        }
        columns.join("\t")
    });
    renamed.collect()
}

#[tokio::test]
async fn undo_and_export_is_export_in_any_history() {
    let (mut made, mut lettered) = (0, 0);
    for seed in 0..HISTORIES {
        let mut dice = ChaCha20Rng::seed_from_u64(seed);
        let mut history = History::new(seed, true).await;
        let mut twin = History::new(seed, false).await;
        let acts: Vec<Act> = (0..ACTS).map(|_| drawn(&mut dice)).collect();
        for act in &acts {
            let before = history.standing.len();
            let told = history.carry_out(*act).await;
            assert_eq!(told, twin.carry_out(*act).await, "{seed}: {acts:?}");
            made += usize::from(history.standing.len() > before);
            history.holds();
        }
        while !history.standing.is_empty() {
            history.undo();
        }
        history.world.issue(10);
        twin.world.issue(10);
        let cabinet = Cabinet::open();
        let (_, ours) = exported(&history.world.acquit, &cabinet.path(FEC));
        let (_, theirs) = exported(&twin.world.acquit, &cabinet.path(FEC));
        assert_eq!(renamed(&ours), renamed(&theirs), "{seed}: {acts:?}");
        lettered += super::letters(&ours)
            .iter()
            .filter(|code| !code.is_empty())
            .count();
        // And once more: the same bytes, letters included.
        let batch = history.world.acquit.exports().unwrap()[0].batch.batch;
        history.world.acquit.undo_export(batch).unwrap();
        let summary = history
            .world
            .acquit
            .export(Format::Fec, all(), None, &cabinet.path(FEC));
        assert_eq!(summary.unwrap().batch, batch + 1);
        assert_eq!(std::fs::read(cabinet.path(FEC)).unwrap(), ours);
    }
    assert!(
        made > 20 && lettered > 20,
        "{made} exports, {lettered} letters: too tame"
    );
}
