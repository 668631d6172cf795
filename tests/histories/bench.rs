//! What all histories of one thread share, so that a history begins in no time: one simulator, and a connected file of each
//! setting to copy.

use std::path::Path;
use std::sync::Arc;

use acquit_app::{Acquit, Keychain, MemoryKeychain, NewCompany, Parts};
use acquit_domain::link::FileNature;
use acquit_simulator::{ClockSource, Handle, Options, Simulator};
use acquit_tests::{START_S, company, customer, fast_folder};
use jiff::Timestamp;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::clock::VirtualClock;

/// What the file is, and with which key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Setting {
    /// A demonstration: the books are kept.
    Demonstration,
    /// A trial with a Test key: nothing reaches the books.
    TrialTest,
    /// A trial with a Live key.
    TrialLive,
}

impl Setting {
    pub(crate) const ALL: [Self; 3] = [Self::Demonstration, Self::TrialTest, Self::TrialLive];

    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Demonstration | Self::TrialTest => "sk_test_history",
            Self::TrialLive => "sk_live_history",
        }
    }
}

/// A connected file with one customer, to be copied.
pub(crate) struct Template {
    setting: Setting,
    /// Its folder.
    pub(crate) folder: TempDir,
    /// What its keychain holds.
    pub(crate) keys: Vec<(String, String)>,
}

/// What all histories of one thread share: the simulator and a file of each setting.
pub(crate) struct Bench {
    simulator: Simulator,
    templates: Vec<Template>,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        let options = Options {
            clock: ClockSource::Fixed(START_S),
            // A refund is never refused because the customers paid too little so far.
            opening_balance: 100_000_000,
            ..Options::default()
        };
        let address = "127.0.0.1:0".parse().unwrap();
        let simulator = Simulator::start(address, options).await.unwrap();
        let mut templates = Vec::new();
        for setting in Setting::ALL {
            templates.push(template(setting, &simulator.base_url()).await);
        }
        Self {
            simulator,
            templates,
        }
    }

    /// The pretended PayPlug of all histories, one after the other.
    pub(crate) fn payplug(&self) -> Handle {
        self.simulator.handle()
    }

    /// Its address.
    pub(crate) fn base(&self) -> String {
        self.simulator.base_url()
    }

    pub(crate) fn template(&self, setting: Setting) -> &Template {
        let mut all = self.templates.iter();
        all.find(|one| one.setting == setting).unwrap()
    }
}

/// A connected file with one customer.
async fn template(setting: Setting, base: &str) -> Template {
    let folder = fast_folder();
    let nature = match setting {
        Setting::Demonstration => FileNature::Demonstration,
        Setting::TrialTest | Setting::TrialLive => FileNature::Real,
    };
    let keychain = Arc::new(MemoryKeychain::default());
    let clock = Arc::new(VirtualClock::at(start()));
    let parts = Parts::set(clock, 1, keychain.clone(), "test");
    let company = NewCompany {
        company: company(),
        logo_path: None,
    };
    let acquit = Acquit::create(folder.path(), company, nature, parts).unwrap();
    acquit.add_customer(customer("Hélène Marchand")).unwrap();
    acquit.connect(setting.key(), Some(base)).await.unwrap();
    drop(acquit);
    let keys = keys_of(folder.path(), keychain.as_ref());
    Template {
        setting,
        folder,
        keys,
    }
}

/// When histories start.
pub(crate) fn start() -> Timestamp {
    Timestamp::from_second(START_S).unwrap()
}

/// The items of a file, in any mode.
pub(crate) fn keys_of(folder: &Path, keychain: &MemoryKeychain) -> Vec<(String, String)> {
    let file: String = sql(folder)
        .query_row("SELECT file_id FROM company", [], |row| row.get(0))
        .unwrap();
    let names = ["demo", "test", "live"].map(|mode| format!("{file}:{mode}"));
    let items = names.into_iter().filter_map(|name| {
        let secret = keychain.get(&name).unwrap()?;
        Some((name, secret.as_str().to_owned()))
    });
    items.collect()
}

/// A look past the code under test.
pub(crate) fn sql(folder: &Path) -> Connection {
    let connection = Connection::open(folder.join(acquit_store::FILE_NAME)).unwrap();
    connection
        .pragma_update(None, "synchronous", "OFF")
        .unwrap();
    connection
}
