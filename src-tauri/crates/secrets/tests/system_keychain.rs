//! The system keychain against a real Secret Service daemon, and against none.
//!
//! A test starts itself again where the session bus is what it needs: environment variables of a
//! running process cannot be changed soundly.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what a test's set-up cannot do, fails it"
)]

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use acquit_secrets::{Error, Keychain, Patience, SystemKeychain};

/// Tells a started copy that it stands where the test needs it.
const INSIDE: &str = "ACQUIT_KEYCHAIN_TEST_INSIDE";

fn inside() -> bool {
    std::env::var_os(INSIDE).is_some()
}

/// This test again, as the command that `launcher` ends with, with a home of its own.
fn again(test: &str, home: &Path, mut launcher: Command) -> Output {
    launcher
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env(INSIDE, "1")
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("GNOME_KEYRING_CONTROL")
        .stdin(Stdio::null())
        .output()
        .expect("the launcher starts: `apt-get install dbus gnome-keyring`")
}

fn assert_passed(output: &Output) {
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && printed.contains("1 passed"),
        "{}\n{printed}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A private session bus, a shell line on it, then this test.
fn on_a_private_bus(before: &str) -> Command {
    let mut launcher = Command::new("dbus-run-session");
    launcher.args(["--", "sh", "-c"]);
    launcher.arg(format!("{before}\nexec \"$0\" \"$@\""));
    launcher.arg(std::env::current_exe().unwrap());
    launcher
}

fn home() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().unwrap();
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    home
}

/// The daemon forks once its first keyring is open, so the next line finds it.
const UNLOCKED: &str =
    "printf 'test password' | gnome-keyring-daemon --unlock --components=secrets >/dev/null";

#[test]
fn a_real_daemon_keeps_replaces_and_forgets_a_secret() {
    if !inside() {
        let home = home();
        let name = "a_real_daemon_keeps_replaces_and_forgets_a_secret";
        return assert_passed(&again(name, home.path(), on_a_private_bus(UNLOCKED)));
    }
    let keychain = SystemKeychain::new();
    let (account, other) = ("0198c0de-live", "0198c0de-test");
    assert_eq!(keychain.get(account), Ok(None));
    keychain.delete(account).unwrap();
    keychain.set(account, "{\"key\":\"sk_live_é’\"}").unwrap();
    keychain.set(other, "other").unwrap();
    assert_eq!(
        keychain.get(account).unwrap().unwrap().as_str(),
        "{\"key\":\"sk_live_é’\"}"
    );
    let longest = "x".repeat(acquit_secrets::SECRET_MAX_BYTES);
    keychain.set(account, &longest).unwrap();
    assert_eq!(*keychain.get(account).unwrap().unwrap(), longest);
    keychain.delete(account).unwrap();
    assert_eq!(keychain.get(account), Ok(None));
    assert_eq!(keychain.get(other).unwrap().unwrap().as_str(), "other");
}

/// What another program finds when it asks the daemon itself.
fn found_by_others(service: &str, account: &str) -> String {
    let output = Command::new("dbus-send")
        .args([
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.secrets",
        ])
        .args([
            "/org/freedesktop/secrets",
            "org.freedesktop.Secret.Service.SearchItems",
        ])
        .arg(format!(
            "dict:string:string:service,{service},username,{account}"
        ))
        .output()
        .expect("dbus-send comes with dbus-run-session");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn an_item_stands_under_our_service_and_its_account() {
    if !inside() {
        let home = home();
        let name = "an_item_stands_under_our_service_and_its_account";
        return assert_passed(&again(name, home.path(), on_a_private_bus(UNLOCKED)));
    }
    let keychain = SystemKeychain::new();
    let account = "0198c0de-0000-7000-8000-000000000042:live";
    let is_there = |service: &str, account: &str| {
        found_by_others(service, account).contains("/org/freedesktop/secrets/collection/")
    };
    assert!(!is_there("fr.acquit", account));
    keychain.set(account, "secret").unwrap();
    assert!(is_there("fr.acquit", account));
    assert!(!is_there(
        "fr.acquit",
        "0198c0de-0000-7000-8000-000000000042:test"
    ));
    assert!(!is_there("acquit", account));
    keychain.delete(account).unwrap();
    assert!(!is_there("fr.acquit", account));
}

#[test]
fn it_works_inside_every_kind_of_runtime_and_from_many_threads() {
    if !inside() {
        let home = home();
        let name = "it_works_inside_every_kind_of_runtime_and_from_many_threads";
        return assert_passed(&again(name, home.path(), on_a_private_bus(UNLOCKED)));
    }
    let round = |account: &str| {
        let keychain = SystemKeychain::new();
        keychain.set(account, account).unwrap();
        assert_eq!(keychain.get(account).unwrap().unwrap().as_str(), account);
    };
    let single = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    single.block_on(async { round("single") });
    let multi = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    multi.block_on(async {
        tokio::spawn(async move { round("task") }).await.unwrap();
        tokio::task::spawn_blocking(move || round("blocking"))
            .await
            .unwrap();
    });
    std::thread::scope(|scope| {
        for number in 0..8 {
            scope.spawn(move || round(&format!("thread-{number}")));
        }
    });
}

#[test]
fn a_locked_keychain_without_anybody_to_ask_says_so() {
    let name = "a_locked_keychain_without_anybody_to_ask_says_so";
    if !inside() {
        let home = home();
        // First a session that makes the keyring, then one in which nobody gives the password.
        let made = on_a_private_bus(&format!("{UNLOCKED}\nexport ACQUIT_KEYCHAIN_TEST_FILL=1"));
        assert_passed(&again(name, home.path(), made));
        return assert_passed(&again(name, home.path(), on_a_private_bus("")));
    }
    if std::env::var_os("ACQUIT_KEYCHAIN_TEST_FILL").is_some() {
        return SystemKeychain::new()
            .set("account", "sk_live_planted")
            .unwrap();
    }
    let patience = Patience {
        connect: Duration::from_secs(30),
        answer: Duration::from_secs(30),
    };
    let keychain = SystemKeychain::with_patience(patience);
    let got = keychain.get("account").unwrap_err();
    assert!(matches!(got, Error::Locked | Error::Refused), "{got:?}");
    assert!(!format!("{got:?} {got}").contains("planted"));
    let set = keychain.set("account", "sk_live_planted").unwrap_err();
    assert!(matches!(set, Error::Locked | Error::Refused), "{set:?}");
    assert!(!format!("{set:?} {set}").contains("planted"));
}

#[test]
fn no_session_bus_is_no_service_at_once() {
    let name = "no_session_bus_is_no_service_at_once";
    if !inside() {
        let home = home();
        let mut launcher = Command::new(std::env::current_exe().unwrap());
        launcher.env(
            "DBUS_SESSION_BUS_ADDRESS",
            "unix:path=/nonexistent/acquit/bus",
        );
        return assert_passed(&again(name, home.path(), launcher));
    }
    assert_no_service_at_once();
}

#[test]
fn a_bus_without_secret_service_is_no_service_at_once() {
    let name = "a_bus_without_secret_service_is_no_service_at_once";
    if !inside() {
        let home = home();
        // A bus that can start nothing.
        let configuration = home.path().join("bus.conf");
        let text = format!(
            "<busconfig><type>session</type><listen>unix:dir={}</listen>\
            <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
            <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>",
            home.path().display()
        );
        std::fs::write(&configuration, text).unwrap();
        let mut launcher = Command::new("dbus-run-session");
        launcher.arg("--config-file").arg(&configuration).arg("--");
        launcher.arg(std::env::current_exe().unwrap());
        return assert_passed(&again(name, home.path(), launcher));
    }
    assert_no_service_at_once();
}

fn assert_no_service_at_once() {
    let keychain = SystemKeychain::new();
    let start = Instant::now();
    assert_eq!(keychain.get("account"), Err(Error::NoService));
    assert_eq!(
        keychain.set("account", "sk_live_planted"),
        Err(Error::NoService)
    );
    assert_eq!(keychain.delete("account"), Err(Error::NoService));
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn a_bus_that_accepts_and_says_nothing_hangs_nobody() {
    let name = "a_bus_that_accepts_and_says_nothing_hangs_nobody";
    if !inside() {
        let home = home();
        let path = home.path().join("silent");
        let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
        let mut launcher = Command::new(std::env::current_exe().unwrap());
        launcher.env(
            "DBUS_SESSION_BUS_ADDRESS",
            format!("unix:path={}", path.display()),
        );
        assert_passed(&again(name, home.path(), launcher));
        return drop(listener);
    }
    let patience = Patience {
        connect: Duration::from_millis(200),
        answer: Duration::ZERO,
    };
    let keychain = SystemKeychain::with_patience(patience);
    assert_eq!(keychain.get("account"), Err(Error::NoService));
}
