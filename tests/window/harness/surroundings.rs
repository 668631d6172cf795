//! What a window needs around it: a screen and a session bus of its own, with nothing else on them.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::process::Running;

/// An X server without a monitor.
pub(crate) struct Screen {
    /// For `DISPLAY`.
    pub(crate) display: String,
    _server: Running,
}

impl Screen {
    /// Starts one of so many pixels; returns when it accepts windows.
    pub(crate) fn start(width: u32, height: u32) -> Result<Screen, String> {
        let size = format!("{width}x{height}x24");
        // The server picks a free number itself and writes it when it is ready.
        let mut server = Running::start("Xvfb", |command| {
            command
                .args(["-displayfd", "1", "-screen", "0", &size])
                .args(["-nolisten", "tcp", "-noreset"])
                .stdout(Stdio::piped())
                .stderr(Stdio::null());
        })?;
        match server.first_line()? {
            number if number.is_empty() => Err("Xvfb ended at once".to_owned()),
            number => Ok(Screen {
                display: format!(":{number}"),
                _server: server,
            }),
        }
    }
}

impl Screen {
    /// What is on the screen, as a PNG. The driver's own pictures never come on some versions of WebKitGTK.
    pub(crate) fn picture(&self) -> Result<Vec<u8>, String> {
        let output = Command::new("import")
            .args(["-display", &self.display, "-window", "root"])
            .args(["-define", "png:exclude-chunks=date,time", "png:-"])
            .output()
            .map_err(|error| format!("import, of the package imagemagick: {error}"))?;
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }
}

/// A session bus that starts nothing: no portal, no keychain and no accessibility bus wakes up behind our back.
pub(crate) struct Bus {
    /// For `DBUS_SESSION_BUS_ADDRESS`.
    pub(crate) address: String,
    _daemon: Running,
}

impl Bus {
    /// Starts one whose socket lies in a folder; returns when it accepts connections.
    pub(crate) fn start(folder: &Path) -> Result<Bus, String> {
        let settings = folder.join("bus.conf");
        let socket = folder.join("bus.sock");
        let text = format!(
            r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"#,
            socket.display()
        );
        fs::write(&settings, text).map_err(|error| format!("{}: {error}", settings.display()))?;
        let mut daemon = Running::start("dbus-daemon", |command| {
            command
                .arg(format!("--config-file={}", settings.display()))
                .args(["--nofork", "--nopidfile", "--print-address=1"])
                .stdout(Stdio::piped())
                .stderr(Stdio::null());
        })?;
        match daemon.first_line()? {
            address if address.is_empty() => Err("dbus-daemon ended at once".to_owned()),
            address => Ok(Bus {
                address,
                _daemon: daemon,
            }),
        }
    }
}
