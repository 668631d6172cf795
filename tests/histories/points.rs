//! Logical points: where a process can be stopped. Each request has two, each transaction that changes something has two; their
//! order does not depend on sockets or on how fast the machine is.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use acquit_app::Boundary;
use acquit_simulator::{Moment, Onward};

use crate::clock::Process;

/// Kinds of points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A request left and was not carried out.
    BeforeWork,
    /// It was carried out, its answer was not read.
    BeforeAnswer,
    /// A transaction is complete and not committed.
    BeforeCommit,
    /// It is committed, nothing followed from it yet.
    AfterCommit,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [
        Self::BeforeWork,
        Self::BeforeAnswer,
        Self::BeforeCommit,
        Self::AfterCommit,
    ];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::BeforeWork => "before_work",
            Self::BeforeAnswer => "before_answer",
            Self::BeforeCommit => "before_commit",
            Self::AfterCommit => "after_commit",
        }
    }
}

/// How often something happened at each kind of point.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts(pub(crate) BTreeMap<Kind, u64>);

impl Counts {
    pub(crate) fn add(&mut self, kind: Kind) {
        *self.0.entry(kind).or_default() += 1;
    }

    pub(crate) fn total(&self) -> u64 {
        self.0.values().sum()
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = Kind::ALL.map(|kind| {
            let count = self.0.get(&kind).copied().unwrap_or(0);
            format!("{}={count}", kind.word())
        });
        formatter.write_str(&parts.join(" "))
    }
}

/// What happens at one point.
pub(crate) enum Surprise {
    /// The process dies.
    Crash,
    /// The request is held until the other process was here. At a transaction: at the request after it.
    Hold,
    /// Something else happens in the world, then the process goes on.
    World(Box<dyn FnOnce() + Send>),
}

/// What unwinds a process that dies at a transaction.
pub(crate) struct Death;

#[derive(Default)]
struct Inner {
    running: Option<Process>,
    passed: Vec<(Kind, String)>,
    surprise: Option<(usize, Surprise)>,
    died: Option<Kind>,
    held: bool,
    waker: Option<Waker>,
    /// Runs at the death, while the file is as the dying process leaves it.
    last_look: Option<Box<dyn FnOnce() + Send>>,
    /// Looks at the world before each answer; what it sees wrong.
    look: Option<Arc<dyn Fn() -> Option<String> + Send + Sync>>,
    wrong: Option<String>,
}

/// The points that one process passes, and the surprise that waits at one of them.
#[derive(Clone, Default)]
pub(crate) struct Points(Arc<Mutex<Inner>>);

impl Points {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to count anew, with a surprise at the given point (from 0).
    pub(crate) fn begin(
        &self,
        surprise: Option<(usize, Surprise)>,
        last_look: Box<dyn FnOnce() + Send>,
    ) {
        let mut inner = self.inner();
        inner.passed.clear();
        inner.surprise = surprise;
        inner.died = None;
        inner.held = false;
        inner.last_look = Some(last_look);
    }

    /// What is looked at before each answer.
    pub(crate) fn look_with(&self, look: Arc<dyn Fn() -> Option<String> + Send + Sync>) {
        self.inner().look = Some(look);
    }

    /// Says who runs; `None`: nobody who is counted.
    pub(crate) fn run(&self, process: Option<Process>) {
        self.inner().running = process;
    }

    /// Where the process died, if it did.
    pub(crate) fn died(&self) -> Option<Kind> {
        self.inner().died
    }

    /// Whether a request of the process is held.
    pub(crate) fn held(&self) -> bool {
        self.inner().held
    }

    /// The request goes on.
    pub(crate) fn release(&self) {
        self.inner().held = false;
    }

    /// Kind and place of each point passed so far.
    pub(crate) fn passed(&self) -> Vec<(Kind, String)> {
        self.inner().passed.clone()
    }

    /// What was seen wrong in the middle of things.
    pub(crate) fn wrong(&self) -> Option<String> {
        self.inner().wrong.take()
    }

    /// Whom to wake when something has to be done outside.
    pub(crate) fn wake_by(&self, waker: &Waker) {
        self.inner().waker = Some(waker.clone());
    }

    /// A request of whoever runs is about to be carried out, or answered.
    pub(crate) fn request(&self, moment: Moment, route: &str) -> Onward {
        let kind = match moment {
            Moment::BeforeWork => Kind::BeforeWork,
            Moment::BeforeAnswer => Kind::BeforeAnswer,
        };
        if kind == Kind::BeforeAnswer {
            self.look();
        }
        match self.pass(kind, route) {
            Some(Surprise::Crash) => {
                self.die(kind);
                Onward::Lose
            }
            Some(Surprise::Hold) => {
                let mut inner = self.inner();
                inner.held = true;
                wake(&mut inner);
                Onward::Hold
            }
            Some(Surprise::World(event)) => {
                event();
                Onward::Pass
            }
            None => Onward::Pass,
        }
    }

    /// A transaction of a process is about to be committed, or was.
    pub(crate) fn boundary(&self, process: Process, boundary: Boundary) {
        if self.inner().running != Some(process) {
            return;
        }
        let kind = match boundary {
            Boundary::BeforeCommit => Kind::BeforeCommit,
            Boundary::AfterCommit => Kind::AfterCommit,
        };
        match self.pass(kind, "transaction") {
            Some(Surprise::Crash) => {
                self.die(kind);
                std::panic::resume_unwind(Box::new(Death));
            }
            Some(Surprise::Hold) => {
                let mut inner = self.inner();
                let next = inner.passed.len();
                inner.surprise = Some((next, Surprise::Hold));
            }
            Some(Surprise::World(event)) => event(),
            None => {}
        }
    }

    /// Counts a point of the first process and takes the surprise that waits there.
    fn pass(&self, kind: Kind, place: &str) -> Option<Surprise> {
        let mut inner = self.inner();
        if inner.running != Some(Process::First) || inner.died.is_some() {
            return None;
        }
        let index = inner.passed.len();
        inner.passed.push((kind, place.to_owned()));
        match &inner.surprise {
            Some((at, _)) if *at == index => inner.surprise.take().map(|(_, surprise)| surprise),
            _ => None,
        }
    }

    fn die(&self, kind: Kind) {
        let last_look = self.inner().last_look.take();
        if let Some(last_look) = last_look {
            last_look();
        }
        let mut inner = self.inner();
        inner.died = Some(kind);
        wake(&mut inner);
    }

    fn look(&self) {
        let look = self.inner().look.clone();
        let Some(found) = look.and_then(|look| look()) else {
            return;
        };
        self.inner().wrong.get_or_insert(found);
    }
}

fn wake(inner: &mut Inner) {
    if let Some(waker) = inner.waker.take() {
        waker.wake();
    }
}
