//! A session bus with a real keychain on it, for tests that need one.

use std::process::{Command, Stdio};

/// Unlocks a keychain on the session bus, then becomes what follows.
const UNLOCK: &str = "printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null; exec \"$0\" \"$@\"";
/// Tells a started copy of a test that it stands on a bus of its own.
const INSIDE: &str = "ACQUIT_BUS_TEST_INSIDE";

/// Runs the test `name` again on a session bus of its own with a real keychain, and a home of its
/// own; `true` in that copy, which is where the test does its work.
pub(crate) fn beside_a_keychain(name: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let home = tempfile::tempdir().unwrap();
    let again = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", UNLOCK])
        .arg(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture"])
        .env(INSIDE, "1")
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{error}: `apt-get install dbus gnome-keyring`"));
    let printed = String::from_utf8_lossy(&again.stdout).into_owned();
    let complained = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(
        again.status.success() && printed.contains("1 passed"),
        "{printed}{complained}"
    );
    eprint!("{complained}");
    false
}
