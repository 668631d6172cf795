//! A desk to sit at: one window of Acquit with its own screen, session bus, keychain, home folder and WebDriver.
//!
//! [`Desk::open`] starts all of it, dropping the desk ends all of it. A test that fails leaves a picture, the page and what the
//! window wrote under `target/tmp/window/<test>/`, and prints where.

mod accessibility;
mod acts;
mod evidence;
mod home;
pub(crate) mod keychain;
mod keys;
pub(crate) mod process;
mod sees;
pub(crate) mod surroundings;

use std::cell::RefCell;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder};
use serde_json::{Value, json};

pub(crate) use acts::named;
use home::Home;
pub(crate) use keychain::Keychain;
use process::Running;
pub(crate) use sees::built_page;
use surroundings::{Bus, Screen};

/// Between two looks at a condition.
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// Every script begins with these words.
const PAGE: &str = include_str!("page.js");

/// What a desk is like.
#[derive(Debug, Clone)]
pub(crate) struct DeskOptions {
    /// Screen and window, in pixels.
    pub(crate) size: (u32, u32),
    /// What answers when the window looks for the system's keychain.
    pub(crate) keychain: Keychain,
    /// Arguments of the window.
    pub(crate) arguments: Vec<String>,
    /// Environment of the window, beside its home.
    pub(crate) environment: Vec<(String, String)>,
    /// How long anything may take to appear.
    pub(crate) patience: Duration,
}

impl Default for DeskOptions {
    fn default() -> Self {
        Self {
            size: (1280, 800),
            keychain: Keychain::None,
            arguments: Vec::new(),
            environment: Vec::new(),
            patience: Duration::from_secs(15),
        }
    }
}

/// One window and what it needs. What it shows and what a person does with it: see `sees.rs` and `acts.rs`.
pub(crate) struct Desk {
    client: Client,
    options: DeskOptions,
    session: String,
    trail: RefCell<Vec<String>>,
    port: u16,
    // Dropped in this order: the driver with the window, the keychain, the bus, the screen, the folders.
    _driver: Running,
    keychain: Option<Running>,
    bus: Bus,
    screen: Screen,
    home: Home,
}

impl Desk {
    /// Opens the window on a fresh home folder and waits for its first words.
    pub(crate) async fn open(options: DeskOptions) -> Desk {
        let home = Home::new();
        let screen = Screen::start(options.size.0, options.size.1).unwrap();
        let bus = Bus::start(home.folder()).unwrap();
        let mut environment = home.environment(&screen.display, &bus.address);
        environment.extend(options.environment.iter().cloned());
        home.write_start(Path::new(env!("CARGO_BIN_EXE_acquit")));
        let (driver, port) = start_driver(&home, &environment).await;
        let keychain = match options.keychain {
            Keychain::Real => {
                Some(open_keychain(&environment, &bus.address, options.patience).await)
            }
            Keychain::None => None,
        };
        let client = connect(port, &home, &options).await;
        let mut desk = Desk {
            client,
            options,
            session: String::new(),
            trail: RefCell::default(),
            port,
            _driver: driver,
            keychain,
            bus,
            screen,
            home,
        };
        desk.settle_in().await;
        desk
    }

    /// Closes the window as a person does, waits until its process is gone, and opens it again on the same home.
    pub(crate) async fn restart(&mut self) {
        self.note("restart");
        if self.is_running() {
            // The window may be gone before the driver can answer.
            self.client.close_window().await.ok();
            wait_until(self.options.patience, async || {
                if self.is_running() {
                    Err("the window is closed, its process still runs".to_owned())
                } else {
                    Ok(())
                }
            })
            .await;
        }
        self.client.clone().close().await.ok();
        self.client = connect(self.port, &self.home, &self.options).await;
        self.settle_in().await;
    }

    /// Kills the window's process on the spot, as a power cut does; [`Desk::restart`] opens it again.
    pub(crate) async fn kill(&self) {
        self.note("kill");
        process::signal("KILL", &self.process_id());
        wait_until(self.options.patience, async || {
            if self.is_running() {
                Err("a killed process still runs".to_owned())
            } else {
                Ok(())
            }
        })
        .await;
    }

    /// Whether the window's process runs.
    pub(crate) fn is_running(&self) -> bool {
        // A process that nobody has waited for yet has ended all the same.
        let status = std::fs::read_to_string(format!("/proc/{}/stat", self.process_id()));
        status.is_ok_and(|text| {
            text.rsplit(") ")
                .next()
                .is_some_and(|rest| !rest.starts_with('Z'))
        })
    }

    /// The keychain service starts, as after its installation.
    pub(crate) async fn start_keychain(&mut self) {
        self.note("start the keychain");
        let environment = self.home.environment("", &self.bus.address);
        self.keychain =
            Some(open_keychain(&environment, &self.bus.address, self.options.patience).await);
    }

    /// The keychain service ends.
    pub(crate) fn end_keychain(&mut self) {
        self.note("end the keychain");
        self.keychain = None;
    }

    /// Everything the window has written to standard error, over all its starts.
    pub(crate) fn stderr(&self) -> String {
        self.home.stderr()
    }

    /// The user's home folder.
    pub(crate) fn home_dir(&self) -> PathBuf {
        self.home.user()
    }

    /// The user's folder for documents.
    pub(crate) fn documents_dir(&self) -> PathBuf {
        self.home.documents()
    }

    /// Another program of the same user, such as `acquit-cli` on the same file.
    pub(crate) fn beside(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.envs(self.home.environment("", &self.bus.address));
        command
    }

    /// The X display the window is on.
    pub(crate) fn display(&self) -> &str {
        &self.screen.display
    }

    /// Process id of the window's last start.
    pub(crate) fn process_id(&self) -> String {
        self.home.process_id()
    }

    /// Remembers what was done, for the report of a failure.
    fn note(&self, what: impl Into<String>) {
        self.trail.borrow_mut().push(what.into());
    }

    /// After each start: the size asked for, ears for complaints of the page, and its first words.
    async fn settle_in(&mut self) {
        self.session = self.client.session_id().await.unwrap().unwrap();
        let (width, height) = self.options.size;
        self.client
            .set_window_rect(0, 0, width, height)
            .await
            .unwrap();
        self.listen().await;
        wait_until(self.options.patience, async || {
            let ready = "return document.readyState === 'complete' && document.body.innerText.trim() !== '' \
                && innerWidth === arguments[0]";
            match self.client.execute(ready, vec![json!(width)]).await {
                Ok(Value::Bool(true)) => Ok(()),
                other => Err(format!("the page is not ready: {other:?}")),
            }
        })
        .await;
    }

    /// Runs a script in the page, which finds its arguments in `a`, `b`, `c` and may wait. For the harness and the checks of it:
    /// a journey clicks and types.
    pub(crate) async fn script(&self, body: &str, arguments: Vec<Value>) -> Result<Value, String> {
        let names = ["a", "b", "c"];
        let names = names.get(..arguments.len()).unwrap().join(", ");
        let comma = if names.is_empty() { "" } else { ", " };
        let text = format!(
            "{PAGE}\nconst [{names}{comma}done] = arguments;\n(async () => {{ {body} }})().then(done, (error) => done({{ thrown: String(error) }}));"
        );
        let answer = self
            .client
            .execute_async(&text, arguments)
            .await
            .map_err(|error| error.to_string())?;
        match answer.get("thrown") {
            Some(thrown) => Err(format!("the script threw {thrown}")),
            None => Ok(answer),
        }
    }
}

/// Asks again and again until there is an answer; a test waits in no other way.
pub(crate) async fn wait_until<T>(
    patience: Duration,
    mut ask: impl AsyncFnMut() -> Result<T, String>,
) -> T {
    let deadline = Instant::now() + patience;
    let mut again = tokio::time::interval(LOOK_EVERY);
    loop {
        again.tick().await;
        match ask().await {
            Ok(answer) => return answer,
            Err(why) if Instant::now() > deadline => panic!("after {patience:?}: {why}"),
            Err(_) => {}
        }
    }
}

/// A WebKitWebDriver that accepts connections, with its port.
async fn start_driver(home: &Home, environment: &[(String, String)]) -> (Running, u16) {
    // Another program may take the free port before the driver does: then the driver ends, and the next port is tried.
    for _ in 0..5 {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let log = home.driver_log();
        let mut driver = Running::start("WebKitWebDriver", |command| {
            command
                .arg(format!("--port={port}"))
                .arg("--host=127.0.0.1")
                .envs(environment.iter().cloned())
                .env_remove("WAYLAND_DISPLAY")
                .stdin(Stdio::null())
                .stdout(log.try_clone().unwrap())
                .stderr(log);
        })
        .unwrap();
        let answers = wait_until(Duration::from_secs(30), async || {
            let ended = driver.child.try_wait().unwrap().is_some();
            match TcpStream::connect((Ipv4Addr::LOCALHOST, port)) {
                _ if ended => Ok(false),
                Ok(_) => Ok(true),
                Err(error) => Err(format!("WebKitWebDriver does not answer: {error}")),
            }
        })
        .await;
        if answers {
            return (driver, port);
        }
    }
    panic!("WebKitWebDriver ended five times");
}

/// A WebDriver session, which starts the window.
async fn connect(port: u16, home: &Home, options: &DeskOptions) -> Client {
    // What tauri-driver would send; there must be no browserName.
    let wanted = json!({ "webkitgtk:browserOptions": { "binary": home.start_file(), "args": options.arguments } });
    let Value::Object(wanted) = wanted else {
        unreachable!()
    };
    let mut builder = ClientBuilder::rustls().unwrap();
    builder.capabilities(wanted);
    let driver = format!("http://127.0.0.1:{port}");
    let session = builder.connect(&driver);
    match tokio::time::timeout(Duration::from_secs(60), session).await {
        Ok(Ok(client)) => client,
        failed => panic!(
            "the window does not open: {failed:?}\nstandard error of the window:\n{}",
            home.stderr()
        ),
    }
}

async fn open_keychain(environment: &[(String, String)], bus: &str, patience: Duration) -> Running {
    let daemon = keychain::start(environment);
    wait_until(patience, async || {
        if keychain::is_open(bus) {
            Ok(())
        } else {
            Err("the keychain does not open".to_owned())
        }
    })
    .await;
    daemon
}
