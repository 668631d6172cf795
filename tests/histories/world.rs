//! One file beside one pretended PayPlug; processes on the file live, die and come back; all of it can be saved and played again
//! from there.

use std::cell::{Cell, RefCell};
use std::fs;
use std::path::Path;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use acquit_app::{Acquit, Clock, Keychain, MemoryKeychain, Parts};
use acquit_simulator::{Handle, Memory};
use acquit_tests::{START_S, fast_folder};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::bench::{Bench, Setting, keys_of, sql, start};
use crate::clock::{Process, VirtualClock};
use crate::points::Points;

/// Files of a database.
const FILES: [&str; 2] = ["acquit.sqlite", "acquit.sqlite-wal"];

/// Everything there is at one moment, to be played again from there.
pub(crate) struct Saved {
    folder: TempDir,
    payplug: Memory,
    keys: Vec<(String, String)>,
    now: Timestamp,
}

/// One file, the processes on it, and PayPlug.
pub(crate) struct World {
    /// The process that works.
    acquit: RefCell<Rc<Acquit>>,
    /// The pretended PayPlug.
    pub(crate) payplug: Handle,
    /// What the process passes.
    pub(crate) points: Points,
    base: String,
    clock: VirtualClock,
    keychain: Arc<MemoryKeychain>,
    folder: TempDir,
    /// A look at the file past the code under test.
    pub(crate) file: Connection,
    seed: u64,
    openings: Cell<u64>,
    /// The turn that a dying process had.
    lease: Arc<Mutex<Option<Lease>>>,
}

impl World {
    /// A fresh world.
    pub(crate) fn new(bench: &Bench, seed: u64, setting: Setting) -> Self {
        bench.payplug().begin_again(seed, START_S);
        let template = bench.template(setting);
        Self::at(bench, seed, template.folder.path(), &template.keys, start())
    }

    /// The world as it was saved; `seed` gives the ids of ours from here on.
    pub(crate) fn load(bench: &Bench, seed: u64, saved: &Saved) -> Self {
        bench.payplug().recall(&saved.payplug);
        Self::at(bench, seed, saved.folder.path(), &saved.keys, saved.now)
    }

    fn at(
        bench: &Bench,
        seed: u64,
        from: &Path,
        keys: &[(String, String)],
        now: Timestamp,
    ) -> Self {
        let folder = fast_folder();
        copy(from, folder.path());
        let keychain = Arc::new(MemoryKeychain::default());
        for (name, secret) in keys {
            keychain.set(name, secret).unwrap();
        }
        let clock = VirtualClock::at(now);
        let points = Points::default();
        let followed = points.clone();
        let payplug = bench.payplug();
        payplug.watch_requests(move |moment, route| followed.request(moment, route));
        let opening = Opening {
            folder: folder.path(),
            clock: &clock,
            keychain: &keychain,
            points: &points,
        };
        let acquit = opening.open(seed, Process::First);
        Self {
            acquit: RefCell::new(Rc::new(acquit)),
            payplug,
            points,
            base: bench.base(),
            clock,
            keychain,
            file: sql(folder.path()),
            folder,
            seed,
            openings: Cell::new(0),
            lease: Arc::default(),
        }
    }

    /// Keeps a copy of everything.
    pub(crate) fn save(&self) -> Saved {
        let folder = fast_folder();
        copy(self.folder(), folder.path());
        Saved {
            folder,
            payplug: self.payplug.remember(),
            keys: keys_of(self.folder(), &self.keychain),
            now: self.clock.now(),
        }
    }

    /// Folder of the company file.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Address of the simulator.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// The process that works.
    pub(crate) fn acquit(&self) -> Rc<Acquit> {
        self.acquit.borrow().clone()
    }

    /// Another process on the same file.
    pub(crate) fn another(&self, process: Process) -> Acquit {
        self.openings.set(self.openings.get() + 1);
        let seed = self.seed ^ (self.openings.get() << 32);
        let opening = Opening {
            folder: self.folder(),
            clock: &self.clock,
            keychain: &self.keychain,
            points: &self.points,
        };
        opening.open(seed, process)
    }

    /// Moves both clocks.
    pub(crate) fn advance(&self, seconds: i64) {
        self.move_to(self.clock.now() + SignedDuration::from_secs(seconds));
    }

    pub(crate) fn move_to(&self, now: Timestamp) {
        self.clock.move_to(now);
        let behind = self.clock.now().as_second() - self.payplug.now();
        self.payplug.advance_clock(behind.max(0)).unwrap();
    }

    /// The clock of our side.
    pub(crate) fn clock(&self) -> &VirtualClock {
        &self.clock
    }

    /// What is looked at when a process dies: it gives no turn back.
    pub(crate) fn last_look(&self) -> Box<dyn FnOnce() + Send> {
        let (folder, lease) = (self.folder().to_owned(), self.lease.clone());
        Box::new(move || *lease.lock().unwrap() = lease_of(&folder))
    }

    /// The process comes back after its death, when the turn that it had has ended.
    pub(crate) fn restart(&self) {
        if let Some(lease) = self.lease.lock().unwrap().take() {
            let take =
                "INSERT OR REPLACE INTO leases (name, holder, expires_at) VALUES (?1, ?2, ?3)";
            sql(self.folder()).execute(take, lease).unwrap();
        }
        let again = self.another(Process::First);
        *self.acquit.borrow_mut() = Rc::new(again);
        self.advance(RESTART_S);
    }
}

/// How long a process stays away after its death, in seconds: longer than a turn lasts.
pub(crate) const RESTART_S: i64 = 180;

/// Name, holder and end of a turn.
type Lease = (String, String, i64);

fn lease_of(folder: &Path) -> Option<Lease> {
    let all = "SELECT name, holder, expires_at FROM leases";
    let found = sql(folder).query_row(all, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    found.ok()
}

/// What a process is started with.
struct Opening<'a> {
    folder: &'a Path,
    clock: &'a VirtualClock,
    keychain: &'a Arc<MemoryKeychain>,
    points: &'a Points,
}

impl Opening<'_> {
    fn open(&self, seed: u64, process: Process) -> Acquit {
        let clock = Arc::new(self.clock.clone());
        let parts = Parts::set(clock, seed, self.keychain.clone(), "test");
        let acquit = Acquit::open(self.folder, parts).unwrap();
        acquit.forget_durability().unwrap();
        let points = self.points.clone();
        acquit.observe_transactions(Box::new(move |boundary| points.boundary(process, boundary)));
        acquit
    }
}

fn copy(from: &Path, to: &Path) {
    for name in FILES {
        if from.join(name).is_file() {
            fs::copy(from.join(name), to.join(name)).unwrap();
        }
    }
}
