//! What a test that fails leaves behind: a picture, the page, what the window wrote, and what had been done.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

use super::Desk;

/// Folder of the running test's pictures and remains.
pub(super) fn folder() -> PathBuf {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("test").replace("::", "-");
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("window")
        .join(test);
    fs::create_dir_all(&folder).unwrap();
    folder
}

impl Drop for Desk {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let folder = folder();
            self.leave_remains(&folder);
            eprintln!("what is left of this test: {}", folder.display());
        }
    }
}

impl Desk {
    /// Works while the test unwinds: nothing here may panic, and the runtime can wait for nothing any more.
    fn leave_remains(&self, folder: &std::path::Path) {
        let keep = |name: &str, bytes: &[u8]| {
            if let Err(error) = fs::write(folder.join(name), bytes) {
                eprintln!("{name} could not be kept: {error}");
            }
        };
        keep("steps.txt", self.trail.borrow().join("\n").as_bytes());
        keep("stderr.txt", self.stderr().as_bytes());
        match self.screen.picture() {
            Ok(picture) => keep("failure.png", &picture),
            Err(error) => eprintln!("no picture: {error}"),
        }
        if let Some(page) = self.ask_driver("source") {
            keep("failure.html", page.as_bytes());
        }
    }

    /// One answer of the driver over a connection of its own.
    fn ask_driver(&self, what: &str) -> Option<String> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).ok()?;
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .ok()?;
        let session = &self.session;
        let request = format!("GET /session/{session}/{what} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n");
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        let answer = String::from_utf8_lossy(&answer);
        let (_, body) = answer.split_once("\r\n\r\n")?;
        let body: serde_json::Value = serde_json::from_str(body).ok()?;
        Some(body["value"].as_str()?.to_owned())
    }
}
