//! What a command may reach: the open company, where files go, what was typed before there was one.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use acquit_app::Acquit;
use acquit_simulator::Simulator;
use tauri::async_runtime::JoinHandle;
use tokio::sync::Notify;

use crate::dto::Pull;
use crate::failure::Failure;
use crate::preferences::Preferences;

/// Folder of the owner's company below the application's data.
const COMPANY: &str = "entreprise";
/// Folder of the demonstration company.
const DEMONSTRATION: &str = "demonstration";

/// The open company.
pub(crate) struct Session {
    pub(crate) acquit: Acquit,
    /// Pretends to be PayPlug for the demonstration, as long as it is open.
    simulator: Option<Simulator>,
    /// Asks for a pull at once.
    pub(crate) wake: Notify,
    /// Asks for the mail outbox at once.
    pub(crate) post: Notify,
    /// Stops the export that is being written.
    pub(crate) stop_export: AtomicBool,
    pull: Mutex<Pull>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Session {
    pub(crate) fn new(acquit: Acquit, simulator: Option<Simulator>) -> Self {
        Self {
            acquit,
            simulator,
            wake: Notify::new(),
            post: Notify::new(),
            stop_export: AtomicBool::new(false),
            pull: Mutex::new(Pull::default()),
            tasks: Mutex::new(Vec::new()),
        }
    }

    /// Whether this is the demonstration.
    pub(crate) fn is_demonstration(&self) -> bool {
        self.simulator.is_some()
    }

    /// The status line.
    pub(crate) fn pull(&self) -> Pull {
        lock(&self.pull).clone()
    }

    /// Changes the status line; whether it says something else now.
    pub(crate) fn set_pull(&self, now: Pull) -> bool {
        let mut pull = lock(&self.pull);
        let changed = *pull != now;
        *pull = now;
        changed
    }

    /// Lets a background task end with the session.
    pub(crate) fn adopt(&self, task: JoinHandle<()>) {
        lock(&self.tasks).push(task);
    }

    /// Ends the background tasks.
    pub(crate) fn close(&self) {
        for task in lock(&self.tasks).drain(..) {
            task.abort();
        }
    }
}

/// The whole application.
pub(crate) struct Desk {
    data: PathBuf,
    documents: PathBuf,
    /// A trial's loopback address instead of PayPlug's own.
    pub(crate) api_base: Option<String>,
    session: RwLock<Option<Arc<Session>>>,
    failure: Mutex<Option<Failure>>,
    preferences: Mutex<Preferences>,
}

impl Desk {
    /// The application before a company is open.
    pub(crate) fn new(data: PathBuf, documents: PathBuf, api_base: Option<String>) -> Self {
        let preferences = Preferences::read(&data);
        Self {
            data,
            documents,
            api_base,
            session: RwLock::new(None),
            failure: Mutex::new(None),
            preferences: Mutex::new(preferences),
        }
    }

    /// The open company.
    pub(crate) fn session(&self) -> Result<Arc<Session>, Failure> {
        self.open_session().ok_or_else(Failure::no_company)
    }

    /// The open company, if there is one.
    pub(crate) fn open_session(&self) -> Option<Arc<Session>> {
        self.session
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Opens another company; the one before is closed.
    pub(crate) fn set_session(&self, session: Option<Arc<Session>>) {
        *lock(&self.failure) = None;
        let mut open = self.session.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = std::mem::replace(&mut *open, session) {
            before.close();
        }
    }

    /// Why the owner's company could not be opened.
    pub(crate) fn failure(&self) -> Option<Failure> {
        lock(&self.failure).clone()
    }

    pub(crate) fn set_failure(&self, failure: Failure) {
        *lock(&self.failure) = Some(failure);
    }

    /// What outlives the window besides companies.
    pub(crate) fn preferences(&self) -> MutexGuard<'_, Preferences> {
        lock(&self.preferences)
    }

    /// The application's own data.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// Folder of the owner's company.
    pub(crate) fn company_folder(&self) -> PathBuf {
        self.data.join(COMPANY)
    }

    /// Folder of the demonstration company.
    pub(crate) fn demonstration_folder(&self) -> PathBuf {
        self.data.join(DEMONSTRATION)
    }

    /// Whether the owner has a company of their own.
    pub(crate) fn has_company(&self) -> bool {
        self.company_folder().join("acquit.sqlite").is_file()
    }

    /// Where files for people go, by subject.
    pub(crate) fn documents(&self, subject: &str) -> PathBuf {
        self.documents.join("Acquit").join(subject)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
