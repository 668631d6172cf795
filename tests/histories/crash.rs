//! Every crash point of a base history: the process dies there, comes back, and must reach what the run without the crash reaches
//! (`payment-links.md` § 4, invariant 5).

use crate::acts::{Act, Command, Meanwhile};
use crate::bench::Bench;
use crate::draw::Weather;
use crate::history::{History, Plain};
use crate::points::{Counts, Kind};
use crate::summary::Order;
use crate::world::{RESTART_S, Saved};

/// Acts of a base history, besides the first invoice.
const ACTS: u64 = 12;

/// One moment to go on from.
struct Moment {
    saved: Saved,
    plain: Plain,
}

/// Plays the base history of a seed, and each of its acts again with a crash at each of its points; `only` this one, if given.
pub(crate) async fn every_point(bench: &Bench, seed: u64, only: Option<u64>) -> Counts {
    let mut counts = Counts::default();
    let mut moment = moment(&History::new(bench, seed).await);
    for turn in 1..=ACTS {
        let mut history = History::load(bench, &moment.saved, &moment.plain, turn);
        let act = history.draw(Weather::Calm);
        let before = Moment {
            saved: moment.saved,
            plain: history.plain.clone(),
        };
        history.play(act.clone()).await;
        let passed = history.plain.passed.clone();
        moment = self::moment(&history);
        let points: Vec<usize> = (0..passed.len())
            .filter(|at| can_die(&act, passed[*at].0))
            .collect();
        if points.is_empty() {
            continue;
        }
        history.world.advance(RESTART_S);
        history.settle().await;
        let reached = [Order::Same, Order::Either].map(|order| history.summary(order));
        for at in points {
            counts.add(passed[at].0);
            if only.is_none_or(|only| only == counts.total()) {
                crash(
                    bench,
                    &before,
                    (&act, at, &passed[at]),
                    &reached,
                    counts.total(),
                )
                .await;
            }
        }
    }
    counts
}

fn moment(history: &History) -> Moment {
    Moment {
        saved: history.world.save(),
        plain: history.plain.clone(),
    }
}

/// With two processes, the first dies while a request of it is held.
fn can_die(act: &Act, kind: Kind) -> bool {
    match act {
        Act::Both { .. } => matches!(kind, Kind::BeforeWork | Kind::BeforeAnswer),
        _ => true,
    }
}

/// The same act with a death at one point. Where that alone does not lead to the same, the owner, who got no answer, asked again
/// at once.
async fn crash(
    bench: &Bench,
    before: &Moment,
    (act, at, point): (&Act, usize, &(Kind, String)),
    [same, either]: &[Vec<String>; 2],
    number: u64,
) {
    let mut differences = Vec::new();
    for asked_again in [None, again(act)] {
        let mut history = History::load(bench, &before.saved, &before.plain, ACTS + number);
        history.plain.again = format!("{} ACQUIT_CRASH={number}", history.plain.again);
        history.note(format!("crash {number}: {point:?}"));
        history.play(with_crash(act.clone(), at)).await;
        let is_last = asked_again.is_some();
        let (order, reached) = if is_last {
            (Order::Either, either)
        } else {
            (Order::Same, same)
        };
        if let Some(command) = asked_again {
            history.note(format!("asked again: {command:?}"));
            history.carry_out(command, None).await;
        }
        history.settle().await;
        let found = history.summary(order);
        if found == *reached {
            return;
        }
        differences.push(difference(&found, reached));
        if is_last || again(act).is_none() {
            history.fail(&differences.join("\nand asked again "));
        }
    }
}

fn difference(found: &[String], reached: &[String]) -> String {
    let only = |left: &[String], right: &[String]| {
        let lines: Vec<&String> = left.iter().filter(|line| !right.contains(line)).collect();
        format!("{lines:#?}")
    };
    format!(
        "after a crash {}, without it {}",
        only(found, reached),
        only(reached, found)
    )
}

fn with_crash(act: Act, at: usize) -> Act {
    let meanwhile = Some((at, Meanwhile::Crash));
    match act {
        Act::Issue { euros, shape, .. } => Act::Issue {
            euros,
            shape,
            meanwhile,
        },
        Act::Do { command, .. } => Act::Do { command, meanwhile },
        Act::Both { first, second, .. } => Act::Both {
            first,
            second,
            at,
            first_dies: true,
        },
        other => other,
    }
}

/// What is asked again: what the dead process was to do. An issue is taken up by itself.
fn again(act: &Act) -> Option<Command> {
    match act {
        Act::Both { first, .. } => Some(first.clone()),
        Act::Do { command, .. } => Some(command.clone()),
        _ => None,
    }
}
