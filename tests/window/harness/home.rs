//! The folders and the environment of one user who has nothing else on this machine.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A home folder, a folder for sockets, and what the window writes; gone when dropped.
pub(super) struct Home {
    folder: TempDir,
}

impl Home {
    pub(super) fn new() -> Home {
        let home = Home {
            folder: tempfile::Builder::new()
                .prefix("acquit-")
                .tempdir()
                .unwrap(),
        };
        let user = home.user();
        for folder in [
            ".config/gtk-3.0",
            ".local/share",
            ".cache",
            "Documents",
            "Téléchargements",
            "Bureau",
        ] {
            fs::create_dir_all(user.join(folder)).unwrap();
        }
        fs::create_dir(home.sockets()).unwrap();
        // What the specification of XDG_RUNTIME_DIR asks for.
        fs::set_permissions(home.sockets(), fs::Permissions::from_mode(0o700)).unwrap();
        let places = "XDG_DOCUMENTS_DIR=\"$HOME/Documents\"\nXDG_DOWNLOAD_DIR=\"$HOME/Téléchargements\"\n\
            XDG_DESKTOP_DIR=\"$HOME/Bureau\"\n";
        fs::write(user.join(".config/user-dirs.dirs"), places).unwrap();
        // A page that honours “reduce motion” stands still, and pictures have no blinking caret.
        let toolkit = "[Settings]\ngtk-enable-animations=0\ngtk-cursor-blink=0\n";
        fs::write(user.join(".config/gtk-3.0/settings.ini"), toolkit).unwrap();
        home
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn user(&self) -> PathBuf {
        self.folder().join("home")
    }

    pub(super) fn documents(&self) -> PathBuf {
        self.user().join("Documents")
    }

    fn sockets(&self) -> PathBuf {
        self.folder().join("run")
    }

    /// The little program that starts the window: the driver silences what it starts and does not say its process id.
    pub(super) fn start_file(&self) -> PathBuf {
        self.folder().join("start")
    }

    pub(super) fn write_start(&self, program: &Path) {
        let folder = self.folder().display();
        let text = format!(
            "#!/bin/sh\necho $$ > '{folder}/process'\nexec '{}' \"$@\" 2>> '{folder}/stderr'\n",
            program.display()
        );
        fs::write(self.start_file(), text).unwrap();
        fs::set_permissions(self.start_file(), fs::Permissions::from_mode(0o700)).unwrap();
    }

    /// Process id of the window's last start.
    pub(super) fn process_id(&self) -> String {
        fs::read_to_string(self.folder().join("process"))
            .unwrap()
            .trim()
            .to_owned()
    }

    pub(super) fn stderr(&self) -> String {
        let bytes = fs::read(self.folder().join("stderr")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Where the driver's own words go.
    pub(super) fn driver_log(&self) -> File {
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder().join("driver"))
            .unwrap()
    }

    /// Of everything this user starts.
    pub(super) fn environment(&self, display: &str, bus: &str) -> Vec<(String, String)> {
        let user = self.user();
        let place = |path: PathBuf| path.display().to_string();
        [
            ("HOME", place(user.clone())),
            ("XDG_CONFIG_HOME", place(user.join(".config"))),
            ("XDG_DATA_HOME", place(user.join(".local/share"))),
            ("XDG_STATE_HOME", place(user.join(".local/state"))),
            ("XDG_CACHE_HOME", place(user.join(".cache"))),
            ("XDG_RUNTIME_DIR", place(self.sockets())),
            ("DBUS_SESSION_BUS_ADDRESS", bus.to_owned()),
            ("DISPLAY", display.to_owned()),
            ("GDK_BACKEND", "x11".to_owned()),
            ("NO_AT_BRIDGE", "1".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("LANGUAGE", "fr".to_owned()),
            ("TZ", "Europe/Paris".to_owned()),
            ("TAURI_WEBVIEW_AUTOMATION", "true".to_owned()),
            // Without a GPU the default renderer paints late, and pictures are stale.
            ("WEBKIT_DISABLE_DMABUF_RENDERER", "1".to_owned()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .to_vec()
    }
}
