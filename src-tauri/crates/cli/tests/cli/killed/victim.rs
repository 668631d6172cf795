//! Running the program and killing it.

use std::io::Read;
use std::process::Stdio;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::wire::{Stage, Wire};
use crate::common::{Run, binary};

/// When to kill.
#[derive(Clone, Copy, Debug)]
pub(crate) enum When {
    /// So long after the start.
    After(Duration),
    /// At this stage of the request after so many others.
    At(usize, Stage),
}

/// How a run ended.
#[derive(Debug)]
pub(crate) enum End {
    /// By itself.
    Finished(Run, Duration),
    /// By `kill -9`.
    Killed,
}

/// Runs the program with `--json` and kills it, if it lives so long.
pub(crate) fn run_and_kill(arguments: &[&str], wire: &Wire, when: When) -> End {
    let start = Instant::now();
    let mut child = binary()
        .args(arguments)
        .arg("--json")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut output, mut errors) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let child = Arc::new(Mutex::new(child));
    let (spring, sprung) = channel();
    let patience = match when {
        When::After(delay) => delay,
        When::At(requests_before, stage) => {
            wire.lie_in_wait(requests_before, stage, spring.clone());
            Duration::from_secs(60)
        }
    };
    let victim = Arc::clone(&child);
    let killer = std::thread::spawn(move || {
        let go_on = match sprung.recv_timeout(patience) {
            Ok(go_on) => Some(go_on),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        victim.lock().unwrap().kill().unwrap();
        // Whoever waits on the wire goes on now that the program is dead.
        if let Some(go_on) = go_on {
            go_on.send(()).unwrap();
        }
    });
    let (mut printed, mut complained) = (String::new(), String::new());
    output.read_to_string(&mut printed).unwrap();
    errors.read_to_string(&mut complained).unwrap();
    // Both pipes are closed: it has ended or is about to, and the killer has nothing left to do.
    wire.forget();
    let status = child.lock().unwrap().wait().unwrap();
    drop(spring);
    killer.join().unwrap();
    match status.code() {
        Some(code) => End::Finished(
            Run {
                code,
                output: printed,
                errors: complained,
            },
            start.elapsed(),
        ),
        None => End::Killed,
    }
}
