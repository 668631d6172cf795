//! The real program, killed with `kill -9` at random moments of real work, and several of it on one
//! file at once: a real keychain daemon, PayPlug simulated in the test's own process, and a file
//! with `synchronous=FULL` on a real disk. Afterwards the file is whole and holds exactly what it
//! should.

mod bench;
mod books;
mod victim;
mod wire;

use std::collections::BTreeMap;
use std::time::Duration;

use bench::{Bench, Work};
use rand::RngExt;
use victim::{End, When, run_and_kill};
use wire::Stage;

use crate::common::run;
use crate::keychain::beside_a_keychain;

/// How often the program dies.
const KILLS: usize = 200;
/// How many runs that takes at most: some end before their moment comes.
const RUNS_MAX: usize = 800;
const SEED: u64 = 20_261_125;

#[test]
fn killed_at_any_moment_it_loses_nothing_and_doubles_nothing() {
    if beside_a_keychain("killed::killed_at_any_moment_it_loses_nothing_and_doubles_nothing") {
        two_hundred_deaths();
    }
}

#[test]
fn several_programs_on_one_file_take_turns() {
    if beside_a_keychain("killed::several_programs_on_one_file_take_turns") {
        many_hands();
    }
}

fn two_hundred_deaths() {
    let mut bench = Bench::start(SEED);
    let mut usual: BTreeMap<Work, Duration> = BTreeMap::new();
    let mut deaths: BTreeMap<String, usize> = BTreeMap::new();
    let mut killed = 0;
    for _ in 0..RUNS_MAX {
        if killed == KILLS {
            break;
        }
        bench.customers_act();
        let (work, task) = bench.next_task();
        let longest = usual.get(&work).copied().unwrap_or_default();
        let when = moment(&mut bench, work, longest);
        let arguments: Vec<&str> = task.arguments.iter().map(String::as_str).collect();
        match run_and_kill(&arguments, &bench.wire, when) {
            End::Killed => {
                killed += 1;
                let how = match when {
                    When::After(_) => "by the clock".to_owned(),
                    When::At(_, stage) => format!("{stage:?}"),
                };
                *deaths.entry(format!("{work:?} {how}")).or_default() += 1;
                bench.is_whole();
            }
            End::Finished(ended, took) => {
                usual.insert(work, took.max(longest));
                bench.books.note(&task, &ended);
            }
        }
    }
    eprintln!("killed {killed} times: {deaths:#?}");
    assert_eq!(killed, KILLS, "too few runs lived until their moment");
    bench.settles_down();
    bench.is_as_it_should_be();
}

/// Half of the deaths that can come on the wire come there: it hits better than the clock.
fn moment(bench: &mut Bench, work: Work, longest: Duration) -> When {
    let rng = &mut bench.rng;
    if work.asks_payplug() && rng.random_bool(0.5) {
        let stage = [Stage::Lost, Stage::CarriedOut, Stage::Answered][rng.random_range(0..3)];
        return When::At(rng.random_range(0..work.requests_at_most()), stage);
    }
    let longest = longest.max(Duration::from_millis(60)).as_micros();
    When::After(Duration::from_micros(
        rng.random_range(0..u64::try_from(longest).unwrap()),
    ))
}

fn many_hands() {
    let mut bench = Bench::start(SEED + 1);
    let invoices: Vec<String> = (0..6).map(|_| bench.invoice()).collect();
    bench.settles_down();
    let drafts: Vec<String> = (0..8).map(|_| bench.draft()).collect();
    let cheques: Vec<bench::Task> = invoices.iter().map(|id| bench.cheque(id)).collect();
    let data = bench.office.data.as_str();
    let payplug = &bench.payplug;
    let ended = std::thread::scope(|scope| {
        let syncs = || {
            for _ in 0..4 {
                let open = payplug
                    .payments()
                    .into_iter()
                    .find(|payment| !payment.is_paid && payment.failure_code.is_none());
                if let Some(payment) = open {
                    // Another hand may just have taken it back.
                    payplug.pay(&payment.id, "4242424242424242").ok();
                }
                let done = run(&["sync", "--data", data, "--json"]);
                assert_eq!(done.code, 0, "{done:?}");
                assert_eq!(done.json()["errors"], serde_json::json!([]), "{done:?}");
            }
        };
        scope.spawn(syncs);
        scope.spawn(syncs);
        scope.spawn(|| {
            for id in &drafts {
                let done = run(&["invoice", "finalise", "--data", data, id, "--json"]);
                assert_eq!(done.code, 0, "{done:?}");
            }
        });
        let receipts = scope.spawn(|| {
            let typed = cheques.iter().map(|task| {
                let arguments: Vec<&str> = task.arguments.iter().map(String::as_str).collect();
                run(&[arguments.as_slice(), &["--json"]].concat())
            });
            typed.collect::<Vec<_>>()
        });
        receipts.join().unwrap()
    });
    for (task, ended) in cheques.iter().zip(&ended) {
        bench.books.note(task, ended);
    }
    bench.books.expect_finalised(&drafts);
    bench.settles_down();
    bench.is_as_it_should_be();
}
