//! Payment pages: of a PayPlug that is not what it seems, and of the embedded simulator.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use acquit_domain::link::FileNature;
use acquit_tests::World;
use serde_json::{Value, json};

use super::root;

/// A PayPlug that puts this into each payment; what it was asked to create, in order.
fn crooked(spoilt: Value) -> (String, Arc<Mutex<Vec<Value>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let created = Arc::new(Mutex::new(Vec::new()));
    let asked = Arc::clone(&created);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            answer(stream.unwrap(), &spoilt, &asked);
        }
    });
    (base, created)
}

/// Answers one request and closes.
fn answer(stream: TcpStream, spoilt: &Value, created: &Mutex<Vec<Value>>) {
    let mut reader = BufReader::new(&stream);
    let (mut head, mut length) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap() == 0 {
            return;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head += &line;
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let payment = |asked: &Value| {
        let mut payment = json!({ "id": "pay_7Qd2mXkV9rTz4LbWcN1hYe", "object": "payment",
            "is_live": true, "amount": asked["amount"], "amount_refunded": 0, "currency": "EUR",
            "created_at": acquit_tests::START_S, "is_paid": false, "paid_at": null,
            "metadata": asked["metadata"], "failure": null });
        for (name, value) in spoilt.as_object().unwrap() {
            payment[name] = value.clone();
        }
        payment
    };
    let mut created = created.lock().unwrap();
    let (status, answer) = if head.starts_with("GET /v1/account") {
        (
            200,
            json!({ "object": "account", "is_live": true, "country": "FR" }),
        )
    } else if head.starts_with("POST /v1/payments ") {
        let asked: Value = serde_json::from_slice(&body).unwrap();
        created.push(asked.clone());
        (201, payment(&asked))
    } else {
        let data: Vec<Value> = created.iter().map(payment).collect();
        (
            200,
            json!({ "object": "list", "has_more": false, "data": data }),
        )
    };
    let answer = answer.to_string();
    let length = answer.len();
    write!(
        &stream,
        "HTTP/1.1 {status} OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{answer}"
    )
    .unwrap();
}

fn holds_in(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        holds(&bytes, text)
    })
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn an_address_that_is_not_payplugs_becomes_no_link() {
    for page in [
        "https://secure.payplug.com.evil.example/pay/x",
        "http://127.0.0.1.evil.example/pay/x",
        "http://u:p@127.0.0.1/evil.example",
        "javascript:open('evil.example')",
    ] {
        let spoilt = json!({ "hosted_payment": { "payment_url": page } });
        let (base, created) = crooked(spoilt);
        let world = World::unconnected(61, FileNature::Real).await;
        let connected = world.acquit.connect("sk_live_planted", Some(&base)).await;
        connected.unwrap();
        let id = world.issue(200).id;
        for _ in 0..3 {
            world.advance(60);
            let report = world.acquit.sync().await.unwrap();
            assert!(!report.errors.is_empty(), "{page}");
        }
        assert_eq!(
            created.lock().unwrap().len(),
            1,
            "found again, not asked again"
        );
        let link = world.acquit.invoice(id).unwrap().link.unwrap();
        assert_eq!(link.state.code(), "requested", "{page}");
        assert!(link.state.hosted().is_none());
        assert!(
            !holds(&world.acquit.pdf(id).await.unwrap(), "evil"),
            "{page}"
        );
        assert!(!holds_in(&world.path(), "evil"), "{page}");
    }
}

#[tokio::test]
async fn a_payment_of_ours_that_cannot_be_read_is_not_asked_for_again() {
    for spoilt in [
        json!({ "amount": "220.00" }),
        json!({ "created_at": null }),
        json!({ "id": "?" }),
    ] {
        let (base, created) = crooked(spoilt.clone());
        let world = World::unconnected(62, FileNature::Real).await;
        let connected = world.acquit.connect("sk_live_planted", Some(&base)).await;
        connected.unwrap();
        let id = world.issue(200).id;
        for _ in 0..3 {
            world.advance(60);
            let report = world.acquit.sync().await.unwrap();
            assert!(!report.errors.is_empty(), "{spoilt}");
        }
        assert_eq!(created.lock().unwrap().len(), 1, "{spoilt}");
        let link = world.acquit.invoice(id).unwrap().link.unwrap();
        assert_eq!(link.state.code(), "requested", "{spoilt}");
    }
}

/// What is embedded is started in two places, on a port that the system chooses, without control;
/// the third is the command that is the simulator and nothing else.
#[test]
fn only_a_demonstration_starts_the_simulator() {
    let mut starts = Vec::new();
    collect(&root().join("src-tauri"), &mut starts);
    starts.sort();
    let starts: Vec<&str> = starts.iter().map(String::as_str).collect();
    assert_eq!(
        starts,
        [
            "commands/demo.rs",
            "commands/files.rs",
            "commands/simulator.rs"
        ]
    );
    for (file, command) in [
        ("src-tauri/src/commands/files.rs", "fn open_demonstration("),
        ("src-tauri/crates/cli/src/commands/demo.rs", "fn run("),
    ] {
        let source = fs::read_to_string(root().join(file)).unwrap();
        let body = source.split_once(command).unwrap().1;
        let body = body.split("\n}\n").next().unwrap();
        let port = "SocketAddr::from((Ipv4Addr::LOCALHOST, 0))";
        assert!(
            body.contains(port) && body.contains("Simulator::start(any_port"),
            "{file}"
        );
        assert!(!body.contains("control"), "{file}");
    }
}

/// The product's files that start a simulator, by their last two names.
fn collect(folder: &Path, starts: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir()
            && !["tests", "examples", "simulator", "gen", "target"].contains(&name.as_str())
        {
            collect(&path, starts);
        } else if name.ends_with(".rs")
            && fs::read_to_string(&path)
                .unwrap()
                .contains("Simulator::start(")
        {
            let parent = path.parent().unwrap().file_name().unwrap();
            starts.push(format!("{}/{name}", parent.to_string_lossy()));
        }
    }
}
