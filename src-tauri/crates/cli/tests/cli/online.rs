//! The whole loop with the binary: a real keychain daemon, the simulator in a process of its own, a
//! customer who pays. The test starts itself again on a session bus of its own.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;

use crate::common::{Office, RunningSimulator, done, real_json, run, run_with};
use crate::keychain::beside_a_keychain;
use serde_json::Value;

const KEY: &str = "sk_live_PlantedKey42";

#[test]
fn an_invoice_gets_itself_paid_recorded_and_booked() {
    if beside_a_keychain("online::an_invoice_gets_itself_paid_recorded_and_booked") {
        the_loop();
    }
}

/// Posts to the simulator's control, as any HTTP client would.
fn control(base: &str, path: &str, body: &str) {
    let host = base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let length = body.len();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
}

fn draft(office: &Office) -> Value {
    let mut invoice = real_json("01-salle-de-bain.json");
    let fields = invoice.as_object_mut().unwrap();
    fields.remove("issue_date");
    fields.remove("due_date");
    let file = office.file("invoice.json", invoice.to_string().as_bytes());
    done(&["invoice", "add", "--data", &office.data, &file])
}

fn the_loop() {
    let simulator = RunningSimulator::start();
    let office = Office::of("company.json");
    let data = office.data.as_str();

    let refused = run(&["sync", "--data", data, "--json"]);
    assert_eq!(
        (refused.code, refused.refusal().0.as_str()),
        (1, "not_connected")
    );
    // Finalised before anything is connected: the wish waits.
    let draft = draft(&office);
    let id = draft["id"].as_str().unwrap();
    let finalised = done(&["invoice", "finalise", "--data", data, id]);
    assert_eq!(finalised["link"]["state"], "refused");
    assert_eq!(finalised["link"]["reason"], "not_connected");
    // A trial is not for a file that holds a finalised document.
    let arguments = [
        "connect",
        "--data",
        data,
        "--api-base",
        &simulator.base,
        "--json",
    ];
    let late = run_with(&arguments, KEY.as_bytes());
    assert_eq!((late.code, late.refusal().0.as_str()), (1, "file_in_use"));

    let office = Office::of("company.json");
    let data = office.data.as_str();
    let wrong = run_with(
        &[
            "connect",
            "--data",
            data,
            "--api-base",
            &simulator.base,
            "--json",
        ],
        b"sk_live_wrong\n",
    );
    assert_eq!((wrong.code, wrong.refusal().0.as_str()), (1, "key_refused"));
    let connected = run_with(
        &[
            "connect",
            "--data",
            data,
            "--api-base",
            &simulator.base,
            "--json",
        ],
        KEY.as_bytes(),
    );
    assert_eq!(connected.code, 0, "{connected:?}");
    assert_eq!(connected.json()["mode"], "live");

    paid(&office, &simulator);
    disputed(&office, &simulator);
    strange(&office, &simulator);
    booked(&office);
    withdrawn(&office, simulator);
    no_trace_of_the_key(office.folder.path());
}

fn paid(office: &Office, simulator: &RunningSimulator) {
    let data = office.data.as_str();
    let draft = draft(office);
    let id = draft["id"].as_str().unwrap();
    let finalised = done(&["invoice", "finalise", "--data", data, id]);
    assert_eq!(finalised["link"]["state"], "requested");
    done(&["sync", "--data", data]);
    let open = done(&["invoice", "show", "--data", data, id]);
    assert_eq!(open["link"]["state"], "open");
    let payment = open["link"]["payment"].as_str().unwrap();
    control(
        &simulator.base,
        &format!("/_simulator/payments/{payment}/pay"),
        r#"{"card":"4242424242424242"}"#,
    );
    let report = done(&["sync", "--data", data]);
    assert_eq!(report["settled"].as_array().unwrap().len(), 1, "{report}");
    let settled = done(&["invoice", "show", "--data", data, id]);
    assert_eq!(settled["status"], "settled");
    assert_eq!(settled["remaining"], "0.00");
    assert_eq!(settled["receipts"][0]["transaction"], payment);
    assert_eq!(settled["link"]["url"], open["link"]["url"]);
    // What it logs names its requests and not its key.
    let log = run(&["sync", "--data", data, "--verbose"]);
    assert!(log.errors.contains("asking PayPlug"), "{log:?}");
    assert!(!format!("{log:?}").contains("PlantedKey42"), "{log:?}");
    // Seeing it again changes nothing; giving it back does.
    assert!(
        done(&["sync", "--data", data])["settled"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let refunded = done(&["invoice", "refund", "--data", data, id]);
    assert_eq!(refunded["link"]["state"], "refunded");
    assert_eq!(
        refunded["receipts"][0]["refunded"],
        settled["receipts"][0]["amount"]
    );
    assert_eq!(refunded["refund_wishes"][0]["state"], "done");
    assert_eq!(refunded["undecided"], settled["receipts"][0]["amount"]);
    let again = done(&["invoice", "decide", "--data", data, id, "collect-again"]);
    assert_eq!(again["undecided"], "0.00");
    assert_eq!(again["link"]["state"], "requested");
}

/// Another invoice: refused by the balance, disputed, lost, written off.
fn disputed(office: &Office, simulator: &RunningSimulator) {
    let data = office.data.as_str();
    let draft = draft(office);
    let id = draft["id"].as_str().unwrap();
    done(&["invoice", "finalise", "--data", data, id]);
    done(&["sync", "--data", data]);
    let open = done(&["invoice", "show", "--data", data, id]);
    let payment = open["link"]["payment"].as_str().unwrap();
    let path = |act: &str| format!("/_simulator/payments/{payment}/{act}");
    control(
        &simulator.base,
        &path("pay"),
        r#"{"card":"4242424242424242"}"#,
    );
    done(&["sync", "--data", data]);
    control(&simulator.base, &path("chargeback"), "{}");
    // The bank took the money: the account does not hold it any more.
    let refused = run(&["invoice", "refund", "--data", data, id, "--json"]);
    assert_eq!(
        (refused.code, refused.refusal().0.as_str()),
        (1, "refund_refused")
    );
    assert!(refused.errors.contains("solde"), "{refused:?}");
    let disputed = done(&["invoice", "chargeback", "--data", data, id]);
    assert_eq!(disputed["link"]["state"], "disputed");
    assert_eq!(disputed["refund_wishes"][0]["state"], "refused");
    assert_eq!(disputed["undecided"], disputed["totals"]["net_due"]);
    assert_eq!(disputed["chargebacks"][0]["outcome"], Value::Null);
    let lost = done(&["invoice", "chargeback-close", "--data", data, id, "lost"]);
    assert_eq!(lost["chargebacks"][0]["outcome"], "lost");
    let gone = done(&["invoice", "decide", "--data", data, id, "write-off"]);
    assert_eq!(
        (&gone["remaining"], &gone["undecided"]),
        (&Value::from("0.00"), &Value::from("0.00"))
    );
}

/// A payment that was made in the portal.
fn strange(office: &Office, simulator: &RunningSimulator) {
    let data = office.data.as_str();
    control(
        &simulator.base,
        "/_simulator/payments",
        r#"{"amount":4200}"#,
    );
    done(&["sync", "--data", data]);
    let strangers = done(&["payment", "strangers", "--data", data]);
    assert_eq!(strangers.as_array().unwrap().len(), 1, "{strangers}");
    assert_eq!(strangers[0]["amount"], "42.00");
    assert_eq!(strangers[0]["is_paid"], false);
    let text = run(&["payment", "strangers", "--data", data]).output;
    let payment = strangers[0]["payment"].as_str().unwrap();
    assert!(
        text.contains(payment) && text.contains("pas payé"),
        "{text}"
    );
}

/// PayPlug goes away: the refund that is asked for stays here, and can be taken back.
fn withdrawn(office: &Office, simulator: RunningSimulator) {
    let data = office.data.as_str();
    let draft = draft(office);
    let id = draft["id"].as_str().unwrap();
    done(&["invoice", "finalise", "--data", data, id]);
    done(&["sync", "--data", data]);
    let open = done(&["invoice", "show", "--data", data, id]);
    let payment = open["link"]["payment"].as_str().unwrap();
    control(
        &simulator.base,
        &format!("/_simulator/payments/{payment}/pay"),
        r#"{"card":"4242424242424242"}"#,
    );
    done(&["sync", "--data", data]);
    drop(simulator);
    let waits = run(&["invoice", "refund", "--data", data, id, "--json"]);
    assert_eq!(
        (waits.code, waits.refusal().0.as_str()),
        (1, "refund_waits")
    );
    let withdraw = ["invoice", "refund", "--data", data, id, "--withdraw"];
    let taken_back = done(&withdraw);
    assert_eq!(taken_back["refund_wishes"][0]["state"], "withdrawn");
    assert_eq!(taken_back["status"], "settled");
    let again = run(&[&withdraw[..], &["--json"]].concat());
    assert_eq!((again.code, again.refusal().0.as_str()), (1, "refund_left"));
    assert_eq!(done(&["verify", "--data", data])["ok"], true);
}

fn booked(office: &Office) {
    let data = office.data.as_str();
    let fec = office.folder.path().join("812345676FEC20261231.txt");
    let path = fec.display().to_string();
    let batch = done(&[
        "export",
        "fec",
        "--data",
        data,
        "--until",
        "2099-12-31",
        "-o",
        &path,
    ]);
    assert_eq!(batch["debit"], batch["credit"]);
    let judge = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../tests/judges/judge_fec.py"
    );
    let verdict = Command::new("python3")
        .arg(judge)
        .arg(&fec)
        .output()
        .unwrap();
    assert!(
        verdict.status.success(),
        "{}",
        String::from_utf8_lossy(&verdict.stdout)
    );
    let written = std::fs::read_to_string(&fec).unwrap();
    assert!(
        written
            .lines()
            .skip(1)
            .all(|line| line.split('\t').nth(10).unwrap().starts_with("ESSAI "))
    );
    let again = run(&[
        "export",
        "fec",
        "--data",
        data,
        "--until",
        "2099-12-31",
        "-o",
        &path,
        "--json",
    ]);
    assert_eq!(
        (again.code, again.refusal().0.as_str()),
        (1, "nothing_to_export")
    );
    assert_eq!(done(&["verify", "--data", data])["ok"], true);
}

fn no_trace_of_the_key(folder: &std::path::Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            no_trace_of_the_key(&path);
        } else {
            let bytes = std::fs::read(&path).unwrap();
            let planted = b"PlantedKey42";
            assert!(
                !bytes.windows(planted.len()).any(|window| window == planted),
                "{}",
                path.display()
            );
        }
    }
}
