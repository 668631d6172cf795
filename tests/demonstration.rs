//! The demonstration: the whole loop in one go, the same for the same seed, judged from outside.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use acquit_app::demo::{AGE, Demonstration, MAIL_FOLDER, Payer, furnish, run};
use acquit_app::{Document, Happened, InvoiceFilter, InvoiceView, MailState, SetClock};
use acquit_domain::remote::PaymentId;
use acquit_simulator::{ClockSource, Handle, Options, Simulator};
use acquit_tests::START_S;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

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

/// The Python of the judges.
fn python() -> Command {
    Command::new(std::env::var_os("ACQUIT_JUDGES_PYTHON").expect("set by `cargo xtask test`"))
}

/// A mail as Python's e-mail package reads it.
fn read(mail: &Path) -> Value {
    let reader = concat!(env!("CARGO_MANIFEST_DIR"), "/smtp/read.py");
    let read = python().arg(reader).arg(mail).output().unwrap();
    let complained = String::from_utf8_lossy(&read.stderr);
    assert!(read.status.success(), "{}: {complained}", mail.display());
    serde_json::from_slice(&read.stdout).unwrap()
}

/// The mails among the files, by their subjects, in the order in which they were written.
fn mails(files: &[PathBuf]) -> Vec<(String, Value)> {
    let kept = files
        .iter()
        .filter(|file| file.extension().is_some_and(|kind| kind == "eml"));
    let named = kept.map(|file| {
        let mail = read(file);
        (
            mail["headers"]["Subject"].as_str().unwrap().to_owned(),
            mail,
        )
    });
    named.collect()
}

/// SHA-256 of a file, in hexadecimal.
fn sha256(file: &Path) -> String {
    let sum =
        "import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], 'rb').read()).hexdigest())";
    let summed = python().args(["-c", sum]).arg(file).output().unwrap();
    String::from_utf8(summed.stdout).unwrap().trim().to_owned()
}

/// Where an invoice's last link leads.
fn url(demonstration: &Demonstration, number: &str) -> String {
    let found = demonstration
        .invoices
        .iter()
        .find(|view| match &view.document {
            Document::Finalised(document) => document.number.to_string() == number,
            Document::Draft { .. } => false,
        });
    let link = found.unwrap().link.as_ref().unwrap();
    link.state.hosted().unwrap().url.clone()
}

#[tokio::test]
async fn every_mail_says_what_it_is_and_carries_the_paper_of_its_moment() {
    let folder = tempfile::tempdir().unwrap();
    let demonstration = play(folder.path(), 1).await;
    let mails = mails(&demonstration.files);
    for (subject, mail) in &mails {
        assert_eq!(mail["defects"], json!([]), "{subject}");
        assert_eq!(mail["bare_newlines"], 0, "{subject}");
        assert_eq!(
            mail["structure"],
            json!([
                "multipart/mixed",
                ["multipart/alternative", "text/plain", "text/html"],
                "application/pdf"
            ]),
            "{subject}"
        );
        for part in ["text", "html"] {
            let text = mail[part].as_str().unwrap().to_uppercase();
            assert!(text.contains("DÉMONSTRATION"), "{subject}: {part}");
        }
        let to = mail["addresses"]["to"][0]["address"].as_str().unwrap();
        assert!(to.ends_with("@client.example"), "{to}");
    }
    // Which paper each carries, and which link.
    let papers = [
        ("F-2026-00001", "Rénovation", "F-2026-00001", true),
        ("F-2026-00002", "Remplacement", "F-2026-00002", true),
        ("F-2026-00003", "Réfection", "F-2026-00003", true),
        ("F-2026-00004", "Entretien", "F-2026-00004", true),
        ("F-2026-00005", "Évacuations", "F-2026-00005", true),
        ("F-2026-00006", "Mise aux normes", "F-2026-00006", true),
        ("F-2026-00002", "lien", "F-2026-00002-nouveau-lien", true),
        ("F-2026-00003", "lien", "F-2026-00003-nouveau-lien", true),
        ("F-2026-00001", "acquittée", "F-2026-00001-acquittee", false),
        ("F-2026-00004", "acquittée", "F-2026-00004-acquittee", false),
        ("A-2026-00001", "Avoir", "A-2026-00001", false),
    ];
    assert_eq!(mails.len(), papers.len());
    for (number, word, paper, has_link) in papers {
        let is_it = |subject: &str| subject.contains(number) && subject.contains(word);
        let mut found = mails.iter().filter(|(subject, _)| is_it(subject));
        let (_, mail) = found.next().unwrap_or_else(|| panic!("no mail of {paper}"));
        assert!(found.next().is_none(), "{paper}");
        let pdf = folder.path().join(format!("{paper}.pdf"));
        assert_eq!(mail["attachments"].as_array().unwrap().len(), 1, "{paper}");
        assert_eq!(mail["attachments"][0]["sha256"], sha256(&pdf), "{paper}");
        let links = mail["links"].as_array().unwrap();
        assert_eq!(!links.is_empty(), has_link, "{paper}");
        let Some(link) = links.first().and_then(Value::as_str) else {
            assert!(!mail["text"].as_str().unwrap().contains("/pay/"), "{paper}");
            continue;
        };
        assert!(mail["text"].as_str().unwrap().contains(link), "{paper}");
        let is_replaced = matches!(paper, "F-2026-00002" | "F-2026-00003");
        assert_eq!(link == url(&demonstration, number), !is_replaced, "{paper}");
    }
    // Every other PDF would be no invoice: those of the mails stay inside.
    let pdfs = std::fs::read_dir(folder.path()).unwrap().filter(|entry| {
        let path = entry.as_ref().unwrap().path();
        path.extension().is_some_and(|kind| kind == "pdf")
    });
    assert_eq!(pdfs.count(), mails.len());
}

/// The window's demonstration: what was issued was mailed on its day, and one is left to be sent.
#[tokio::test]
async fn the_demonstration_that_a_window_opens_shows_mails_that_left_when_invoices_were_issued() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        clock: ClockSource::Late(AGE.as_secs()),
        ..Options::default()
    };
    let simulator = Simulator::start("127.0.0.1:0".parse().unwrap(), options)
        .await
        .unwrap();
    let customers = Customers(simulator.handle());
    let data = folder.path().join("demonstration");
    let acquit = furnish(&data, &simulator.base_url(), &customers, |seconds| {
        customers.0.advance_clock(seconds).unwrap();
    })
    .await
    .unwrap();
    let invoices = acquit.invoices(&InvoiceFilter::default()).unwrap();
    let mut unsent = Vec::new();
    for view in invoices.iter().rev() {
        let Document::Finalised(document) = &view.document else {
            continue;
        };
        let timeline = acquit.timeline(view.id).unwrap();
        let issued = timeline
            .iter()
            .find(|event| matches!(event.what, Happened::Finalised(_)));
        let mailed = timeline
            .iter()
            .find(|event| matches!(event.what, Happened::Mailed(_, MailState::Sent)));
        match mailed {
            None => unsent.push(document.number.to_string()),
            Some(mailed) => {
                let later = mailed.at.duration_since(issued.unwrap().at);
                assert!(later < SignedDuration::from_hours(1), "{later}");
                assert!(view.link.is_some());
            }
        }
    }
    assert_eq!(unsent, ["F-2026-00005"]);
    let kept = std::fs::read_dir(data.join(MAIL_FOLDER)).unwrap();
    let kept: Vec<PathBuf> = kept.map(|entry| entry.unwrap().path()).collect();
    let mails = mails(&kept);
    assert_eq!(mails.len(), 4);
    for (subject, mail) in mails {
        assert_eq!(mail["links"].as_array().unwrap().len(), 1, "{subject}");
    }
    // The owner sends it: it falls into the same folder.
    let id = invoices
        .iter()
        .find(|view| match &view.document {
            Document::Finalised(document) => unsent.contains(&document.number.to_string()),
            Document::Draft { .. } => false,
        })
        .unwrap()
        .id;
    acquit.queue_mail(acquit.compose(id).unwrap().mail).unwrap();
    let posted = acquit.post().await.unwrap();
    assert_eq!((posted.sent.len(), posted.files.len()), (1, 1));
    assert!(posted.files[0].starts_with(data.join(MAIL_FOLDER)));
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
    let one = play(folders[0].path(), 2).await;
    let again = play(folders[1].path(), 2).await;
    let other = play(folders[2].path(), 3).await;
    assert_eq!(story(&one), story(&again));
    assert_ne!(story(&one), story(&other));
    let names = |played: &Demonstration| -> Vec<_> {
        let names = played.files.iter().map(|file| file.file_name().unwrap());
        names.map(std::ffi::OsStr::to_owned).collect()
    };
    assert_eq!(names(&one), names(&again));
    let told = |played: &Demonstration| -> Vec<(String, Value)> {
        let mails = mails(&played.files).into_iter();
        mails
            .map(|(subject, mail)| (subject, mail["headers"]["To"].clone()))
            .collect()
    };
    assert_eq!(told(&one), told(&again));
    assert_ne!(told(&one), told(&other));
}

#[tokio::test]
async fn a_folder_with_anything_else_in_it_is_left_alone_and_an_earlier_play_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let first = play(folder.path(), 1).await;
    let second = play(folder.path(), 1).await;
    assert_eq!(first.files, second.files);
    // Nothing of the first one is left beside what the second one tells, but the company file.
    let left = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, second.files.len() + 1);
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
