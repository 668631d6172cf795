//! What lies between the program and PayPlug: passes requests and answers on, and tells the moment
//! for which somebody lies in wait.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};

/// A moment in the life of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It left the program and never arrives.
    Lost,
    /// PayPlug carried it out, and the answer is not yet under way.
    CarriedOut,
    /// The answer was sent.
    Answered,
}

/// Waits for a moment: `spring` is told, and says when the wire may go on.
struct Trap {
    requests_before: usize,
    stage: Stage,
    spring: Sender<Sender<()>>,
}

/// The wire; it passes requests on as long as the process lives.
pub(crate) struct Wire {
    /// `http://127.0.0.1:PORT`, for `--api-base`.
    pub(crate) base: String,
    trap: Arc<Mutex<Option<Trap>>>,
}

impl Wire {
    /// A wire to a simulator.
    pub(crate) fn to(simulator: &str) -> Self {
        let target = simulator.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let trap = Arc::new(Mutex::new(None));
        let inner = Arc::clone(&trap);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (target, trap) = (target.clone(), Arc::clone(&inner));
                // A program that was killed leaves broken connections behind.
                std::thread::spawn(move || pass_on(stream.unwrap(), &target, &trap).ok());
            }
        });
        Self { base, trap }
    }

    /// Lies in wait for this stage of the request after so many others.
    pub(crate) fn lie_in_wait(
        &self,
        requests_before: usize,
        stage: Stage,
        spring: Sender<Sender<()>>,
    ) {
        *self.trap.lock().unwrap() = Some(Trap {
            requests_before,
            stage,
            spring,
        });
    }

    /// Forgets what it lay in wait for.
    pub(crate) fn forget(&self) {
        *self.trap.lock().unwrap() = None;
    }
}

/// The trap springs here, or counts; whether it sprang.
fn sprung(trap: &Mutex<Option<Trap>>, stage: Stage) -> bool {
    let spring = {
        let mut set = trap.lock().unwrap();
        match set.as_mut() {
            Some(waiting) if waiting.stage == stage && waiting.requests_before == 0 => {
                set.take().map(|trap| trap.spring)
            }
            Some(waiting) if waiting.stage == stage => {
                waiting.requests_before -= 1;
                None
            }
            _ => None,
        }
    };
    let Some(spring) = spring else { return false };
    let (go_on, going_on) = channel();
    spring.send(go_on).is_ok() && going_on.recv().is_ok()
}

/// One request and its answer, on connections of their own.
fn pass_on(
    program: TcpStream,
    target: &str,
    trap: &Mutex<Option<Trap>>,
) -> Result<(), std::io::Error> {
    let mut reader = BufReader::new(&program);
    let mut head = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let name = line.to_ascii_lowercase();
        if let Some(value) = name.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        match name.trim_end() {
            "" => break,
            // The simulator answers to its own name alone.
            own if own.starts_with("host:") => head += &format!("Host: {target}\r\n"),
            _ => head += &line,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    if sprung(trap, Stage::Lost) {
        return Ok(());
    }
    let mut payplug = TcpStream::connect(target)?;
    payplug.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes())?;
    payplug.write_all(&body)?;
    let mut answer = Vec::new();
    payplug.read_to_end(&mut answer)?;
    sprung(trap, Stage::CarriedOut);
    (&program).write_all(&answer)?;
    sprung(trap, Stage::Answered);
    Ok(())
}
