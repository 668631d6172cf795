//! A real keychain on a private bus.

use std::io::Write;
use std::process::{Command, Stdio};

use super::process::Running;

/// What the window finds on its bus when it looks for the system's keychain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keychain {
    /// A gnome-keyring-daemon, its keyring open.
    Real,
    /// No keychain service at all.
    None,
}

/// Starts gnome-keyring-daemon; its keyring is made on the first start and opened on each.
pub(super) fn start(environment: &[(String, String)]) -> Running {
    let mut daemon = Running::start("gnome-keyring-daemon", |command| {
        command
            .args(["--foreground", "--unlock", "--components=secrets"])
            .envs(environment.iter().cloned())
            // Without a screen it can ask nothing.
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("GNOME_KEYRING_CONTROL")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
    })
    .unwrap();
    // The password must not be empty: an empty one makes no keyring.
    let mut input = daemon.child.stdin.take().unwrap();
    input.write_all(b"test-password").unwrap();
    daemon
}

/// Whether the default keyring is there and open.
pub(super) fn is_open(bus: &str) -> bool {
    let answer = Command::new("dbus-send")
        .env("DBUS_SESSION_BUS_ADDRESS", bus)
        .args(["--session", "--print-reply"])
        .arg("--dest=org.freedesktop.secrets")
        .arg("/org/freedesktop/secrets/aliases/default")
        .arg("org.freedesktop.DBus.Properties.Get")
        .arg("string:org.freedesktop.Secret.Collection")
        .arg("string:Locked")
        .stderr(Stdio::null())
        .output()
        .unwrap();
    String::from_utf8_lossy(&answer.stdout).contains("boolean false")
}
