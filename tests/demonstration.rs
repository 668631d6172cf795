//! The demonstration: the whole loop in one go, the same for the same seed, judged from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use acquit_app::demo::{Demonstration, Payer, run};
use acquit_app::{Document, InvoiceView, SetClock};
use acquit_domain::remote::PaymentId;
use acquit_simulator::{ClockSource, Handle, Options, Simulator};
use acquit_tests::START_S;
use jiff::Timestamp;

struct Customers(Handle);

impl Payer for Customers {
    async fn pay(&self, payment: &PaymentId) {
        self.0.pay(payment.as_str(), "4242424242424242").unwrap();
    }

    async fn refuse(&self, payment: &PaymentId, code: &str) {
        self.0.refuse(payment.as_str(), code, true).unwrap();
    }
}

async fn play(out: &Path, seed: u64) -> Demonstration {
    let options = Options {
        seed,
        clock: ClockSource::Fixed(START_S),
        ..Options::default()
    };
    let simulator = Simulator::start("127.0.0.1:0".parse().unwrap(), options)
        .await
        .unwrap();
    let clock = Arc::new(SetClock::at(Timestamp::from_second(START_S).unwrap()));
    let customers = Customers(simulator.handle());
    run(out, seed, &simulator.base_url(), clock, &customers)
        .await
        .unwrap()
}

/// What must be the same for the same seed: numbers, names, amounts, states.
fn story(
    demonstration: &Demonstration,
) -> Vec<(String, String, i64, &'static str, Option<&'static str>)> {
    let one = |view: &InvoiceView| {
        let Document::Finalised(document) = &view.document else {
            panic!("a draft was left")
        };
        (
            document.number.to_string(),
            document.buyer.name.clone(),
            document.totals.net_due.get(),
            view.standing.status.code(),
            view.link.as_ref().map(|link| link.state.code()),
        )
    };
    demonstration.invoices.iter().map(one).collect()
}

#[tokio::test]
async fn the_loop_ends_with_clean_books_that_the_outside_judge_accepts() {
    let folder = tempfile::tempdir().unwrap();
    let demonstration = play(folder.path(), 1).await;
    assert!(
        demonstration.verification.broken.is_none(),
        "{:?}",
        demonstration.verification
    );
    let states: Vec<(&str, Option<&str>)> = story(&demonstration)
        .iter()
        .rev()
        .map(|one| (one.3, one.4))
        .collect();
    assert_eq!(
        states,
        [
            ("settled", Some("paid")),
            ("finalised", Some("open")),
            ("partly_paid", Some("open")),
            ("settled", Some("paid")),
            ("finalised", Some("refunded")),
            ("cancelled", Some("aborted")),
            ("settled", None),
        ]
    );
    let fec = folder.path().join("812345676FEC20261231.txt");
    let judge = concat!(env!("CARGO_MANIFEST_DIR"), "/judges/judge_fec.py");
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
    for file in &demonstration.files {
        assert!(file.is_file(), "{}", file.display());
    }
    let pdfs = demonstration
        .files
        .iter()
        .filter(|file| file.extension().is_some_and(|kind| kind == "pdf"));
    for pdf in pdfs {
        let check = Command::new("qpdf")
            .arg("--check")
            .arg(pdf)
            .output()
            .unwrap();
        assert!(
            check.status.success(),
            "{}",
            String::from_utf8_lossy(&check.stderr)
        );
    }
}

#[tokio::test]
async fn the_same_seed_tells_the_same_story_and_another_seed_another() {
    let folders = [
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    ];
    let one = story(&play(folders[0].path(), 2).await);
    let again = story(&play(folders[1].path(), 2).await);
    let other = story(&play(folders[2].path(), 3).await);
    assert_eq!(one, again);
    assert_ne!(one, other);
}

#[tokio::test]
async fn a_folder_with_anything_else_in_it_is_left_alone_and_an_earlier_play_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    play(folder.path(), 1).await;
    play(folder.path(), 1).await;
    let other = tempfile::tempdir().unwrap();
    std::fs::write(other.path().join("photo.jpg"), b"mine").unwrap();
    let clock = Arc::new(SetClock::at(Timestamp::from_second(START_S).unwrap()));
    let simulator = Simulator::start("127.0.0.1:0".parse().unwrap(), Options::default())
        .await
        .unwrap();
    let customers = Customers(simulator.handle());
    let refused = run(other.path(), 1, &simulator.base_url(), clock, &customers).await;
    assert_eq!(refused.unwrap_err().code(), "folder_in_use");
    assert!(other.path().join("photo.jpg").is_file());
}
