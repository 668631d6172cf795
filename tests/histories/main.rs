//! Deterministic histories over the real file, client, HTTP and simulator, held against a plain model. One seed is one history,
//! always the same: both clocks stand still until moved, one process runs at a time, and whatever happens happens at logical
//! points: before a request is carried out, before it is answered, before a transaction is committed, after it.
//!
//! `ACQUIT_SEED=17` plays one history again, `ACQUIT_CRASH=5` with it one crash of a base history. `ACQUIT_HISTORIES` and
//! `ACQUIT_BASES` say how many are played (`cargo xtask soak`).

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![expect(clippy::print_stdout, reason = "figures are told")]

mod acts;
mod bench;
mod books;
mod clock;
mod crash;
mod draw;
mod history;
mod holds;
mod model;
mod points;
mod run;
mod summary;
mod world;

use std::time::Instant;

use crate::bench::Bench;
use crate::draw::Weather;
use crate::history::History;
use crate::points::Counts;

/// Random histories in one run of the tests.
const HISTORIES: u64 = 2_000;
/// Base histories of which every point is tried.
const BASES: u64 = 50;
/// Seeds of base histories begin here.
const FIRST_BASE: u64 = 1_000_000;
/// What owners decide on accounts, as the log of a history has it.
const DECISIONS: [&str; 7] = [
    "adjustment: Kept",
    "adjustment: Returned",
    "adjustment: SetOff",
    "adjustment: Missing",
    "adjustment: TooMuch",
    "command: Release",
    "command: Deposit",
];
/// Acts of a random history, besides the first invoice.
const ACTS: u32 = 14;
/// Each part is a test of its own, so that they run side by side.
const PARTS: u64 = 4;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Runs something beside a simulator of its own, on one thread.
fn beside<T>(work: impl AsyncFnOnce(&Bench) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async { work(&Bench::new().await).await })
}

/// The seeds of one part: those of a whole run, or the one that is played again.
fn seeds(from: u64, count: u64, part: u64) -> Vec<u64> {
    let all = from..from + count;
    match number("ACQUIT_SEED") {
        Some(one) => Some(one)
            .filter(|one| one % PARTS == part && (*one >= FIRST_BASE) == (from == FIRST_BASE))
            .into_iter()
            .collect(),
        None => all.filter(|seed| seed % PARTS == part).collect(),
    }
}

/// A random history to its end.
async fn random(bench: &Bench, seed: u64) -> History {
    let mut history = History::new(bench, seed).await;
    for _ in 0..ACTS {
        let act = history.draw(Weather::Any);
        history.play(act).await;
    }
    history.settle().await;
    history.exports_again();
    history
}

fn play_histories(part: u64) {
    let start = Instant::now();
    let seeds = seeds(0, number("ACQUIT_HISTORIES").unwrap_or(HISTORIES), part);
    let (deaths, done) = beside(async |bench| {
        let (mut deaths, mut done) = (Counts::default(), [0; DECISIONS.len()]);
        for seed in &seeds {
            let history = random(bench, *seed).await;
            history.plain.deaths.0.iter().for_each(|(kind, count)| {
                *deaths.0.entry(*kind).or_default() += count;
            });
            for (count, command) in done.iter_mut().zip(DECISIONS) {
                *count += history.done(command);
            }
        }
        (deaths, done)
    });
    // A few hundred histories have everything in them.
    let is_tame = seeds.len() > 300 && done.contains(&0);
    assert!(!is_tame, "{DECISIONS:?} were done {done:?} times");
    let seconds = start.elapsed().as_secs();
    println!(
        "figures: histories={} {deaths} seconds={seconds}",
        seeds.len()
    );
}

fn play_crashes(part: u64) {
    let start = Instant::now();
    let seeds = seeds(FIRST_BASE, number("ACQUIT_BASES").unwrap_or(BASES), part);
    let only = number("ACQUIT_CRASH");
    let points = beside(async |bench| {
        let mut points = Counts::default();
        for seed in &seeds {
            let counts = crash::every_point(bench, *seed, only).await;
            counts.0.iter().for_each(|(kind, count)| {
                *points.0.entry(*kind).or_default() += count;
            });
        }
        points
    });
    let seconds = start.elapsed().as_secs();
    println!("figures: bases={} {points} seconds={seconds}", seeds.len());
}

#[test]
fn histories_part_1() {
    play_histories(0);
}

#[test]
fn histories_part_2() {
    play_histories(1);
}

#[test]
fn histories_part_3() {
    play_histories(2);
}

#[test]
fn histories_part_4() {
    play_histories(3);
}

#[test]
fn every_crash_point_part_1() {
    play_crashes(0);
}

#[test]
fn every_crash_point_part_2() {
    play_crashes(1);
}

#[test]
fn every_crash_point_part_3() {
    play_crashes(2);
}

#[test]
fn every_crash_point_part_4() {
    play_crashes(3);
}

/// The same seed tells the same history, point by point.
/// A line of the log without the port, which the system gives anew each time.
fn portless(line: &str) -> String {
    let (before, after) = line.split_once("127.0.0.1:").unwrap_or((line, ""));
    format!(
        "{before}{}",
        after.trim_start_matches(|one: char| one.is_ascii_digit())
    )
}

#[test]
fn one_seed_is_one_history() {
    let tell = |seed| {
        beside(async |bench| {
            let history = random(bench, seed).await;
            (
                history
                    .plain
                    .log
                    .iter()
                    .map(|line| portless(line))
                    .collect::<Vec<_>>(),
                history.summary(summary::Order::Same),
            )
        })
    };
    for seed in [3, 5, 17, 40] {
        assert_eq!(tell(seed), tell(seed), "seed {seed}");
    }
}
