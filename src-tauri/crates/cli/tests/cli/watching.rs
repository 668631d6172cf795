//! `sync --watch` as a person runs it: one report a line until Ctrl-C, and what a customer pays
//! meanwhile is recorded. The test starts itself again on a session bus of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use crate::common::{Office, RunningSimulator, binary, done, real_json, run_with};
use crate::keychain::beside_a_keychain;
use serde_json::Value;

#[test]
fn a_watch_reports_line_by_line_until_it_is_interrupted() {
    if beside_a_keychain("watching::a_watch_reports_line_by_line_until_it_is_interrupted") {
        watched();
    }
}

/// Ended when dropped, should the test fail.
struct Watching(Child);

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Watching {
    fn start(data: &str, more: &[&str]) -> Self {
        let arguments = [&["sync", "--watch", "--data", data], more].concat();
        let started = binary().args(arguments).stdout(Stdio::piped()).spawn();
        Self(started.unwrap())
    }

    /// Ctrl-C; the exit code.
    fn interrupt(&mut self) -> Option<i32> {
        let process = self.0.id().to_string();
        let sent = Command::new("kill").args(["-INT", &process]).status();
        assert!(sent.unwrap().success());
        self.0.wait().unwrap().code()
    }
}

fn watched() {
    let simulator = RunningSimulator::start();
    let office = Office::of("company.json");
    let data = office.data.as_str();
    let unconnected = run_with(&["sync", "--watch", "--data", data, "--json"], b"");
    assert_eq!(
        (unconnected.code, unconnected.refusal().0.as_str()),
        (1, "not_connected")
    );
    let base = simulator.base.as_str();
    let connect = ["connect", "--data", data, "--api-base", base, "--json"];
    assert_eq!(run_with(&connect, b"sk_live_watching").code, 0);
    let mut invoice = real_json("01-salle-de-bain.json");
    let fields = invoice.as_object_mut().unwrap();
    fields.remove("issue_date");
    fields.remove("due_date");
    let file = office.file("invoice.json", invoice.to_string().as_bytes());
    let draft = done(&["invoice", "add", "--data", data, &file]);
    let id = draft["id"].as_str().unwrap();
    done(&["invoice", "finalise", "--data", data, id]);

    let mut watching = Watching::start(data, &["--json"]);
    let mut lines = BufReader::new(watching.0.stdout.take().unwrap()).lines();
    let mut report = || -> Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    let first = report();
    assert_eq!(first["errors"], serde_json::json!([]), "{first}");
    assert!(first["requests"].as_u64() > Some(0), "{first}");
    let open = done(&["invoice", "show", "--data", data, id]);
    assert_eq!(open["link"]["state"], "open");
    pay(base, open["link"]["payment"].as_str().unwrap());
    let settled = loop {
        let report = report();
        if report["settled"] != serde_json::json!([]) {
            break report;
        }
    };
    assert_eq!(settled["settled"][0]["payment"], open["link"]["payment"]);
    assert_eq!(watching.interrupt(), Some(0));
    let shown = done(&["invoice", "show", "--data", data, id]);
    assert_eq!(shown["status"], "settled");

    // For people: a sentence a run.
    let mut watching = Watching::start(data, &[]);
    let mut lines = BufReader::new(watching.0.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().starts_with("Liens comparés"));
    assert_eq!(watching.interrupt(), Some(0));
}

/// The customer pays, through the simulator's control.
fn pay(base: &str, payment: &str) {
    let host = base.strip_prefix("http://").unwrap();
    let body = r#"{"card":"4242424242424242"}"#;
    let mut stream = TcpStream::connect(host).unwrap();
    let length = body.len();
    write!(
        stream,
        "POST /_simulator/payments/{payment}/pay HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
}
