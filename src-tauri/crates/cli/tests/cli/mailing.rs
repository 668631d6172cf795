//! Mails with the binary: a real keychain daemon, a real mail server with a certificate of the test's
//! own authority, and what that server refuses. The tests start themselves again on a session bus of
//! their own.

use std::path::Path;

use crate::common::{Office, Run, RunningSimulator, binary, done, ended, real_json, run_with};
use crate::keychain::beside_a_keychain;
use crate::post_office::{ADDRESS, PASSWORD, PostOffice};
use serde_json::{Value, json};

/// What of the password no output and no file may hold.
const PLANTED: &str = "Pl4nt5f3c9a7e";

#[test]
fn an_invoice_leaves_by_mail_and_what_a_server_refuses_is_told() {
    if beside_a_keychain("mailing::an_invoice_leaves_by_mail_and_what_a_server_refuses_is_told") {
        mailed();
    }
}

#[test]
fn a_mail_carries_its_link_and_a_sync_sends_what_waits() {
    if beside_a_keychain("mailing::a_mail_carries_its_link_and_a_sync_sends_what_waits") {
        with_a_link();
    }
}

/// A company beside a mail server, and the binary that trusts it.
struct Desk {
    office: Office,
    post: PostOffice,
}

impl Desk {
    fn new() -> Self {
        assert!(PASSWORD.contains(PLANTED));
        Self {
            office: Office::of("company.json"),
            post: PostOffice::open(),
        }
    }

    /// Runs a command on the company's file; the password is never told.
    fn run(&self, arguments: &[&str], input: &[u8]) -> Run {
        let mut command = binary();
        command
            .args(arguments)
            .args(["--data", &self.office.data])
            .env("SSL_CERT_FILE", self.post.authority());
        let run = ended(&mut command, input);
        assert!(!format!("{run:?}").contains(PLANTED), "{run:?}");
        run
    }

    fn json(&self, arguments: &[&str]) -> Run {
        self.run(&[arguments, &["--json"]].concat(), b"")
    }

    /// What a command that succeeds prints.
    fn done(&self, arguments: &[&str]) -> Value {
        let run = self.json(arguments);
        assert_eq!((run.code, run.errors.as_str()), (0, ""), "{run:?}");
        run.json()
    }

    /// Code and field of a refusal.
    fn refused(&self, arguments: &[&str]) -> (i32, String, Option<String>) {
        let run = self.json(arguments);
        let (code, field) = run.refusal();
        (run.code, code, field)
    }

    fn set_mailbox(&self, password: &str) -> Run {
        let arguments = [
            "mailbox",
            "set",
            "--address",
            ADDRESS,
            "--host",
            "127.0.0.1",
            "--port",
            &self.post.port,
            "--security",
            "tls",
            "--json",
        ];
        self.run(&arguments, password.as_bytes())
    }

    /// A finalised invoice; its number.
    fn issued(&self) -> String {
        let mut invoice = real_json("01-salle-de-bain.json");
        let fields = invoice.as_object_mut().unwrap();
        fields.remove("issue_date");
        fields.remove("due_date");
        self.issue(&invoice)
    }

    fn issue(&self, invoice: &Value) -> String {
        let file = self
            .office
            .file("invoice.json", invoice.to_string().as_bytes());
        let draft = self.done(&["invoice", "add", &file]);
        let id = draft["id"].as_str().unwrap();
        let finalised = self.done(&["invoice", "finalise", id]);
        assert_eq!(finalised["mails"], json!([]));
        finalised["number"].as_str().unwrap().to_owned()
    }

    /// The newest mail of an invoice.
    fn newest(&self, number: &str) -> Value {
        self.done(&["invoice", "show", number])["mails"][0].clone()
    }
}

fn refusal(code: &str, field: Option<&str>) -> (i32, String, Option<String>) {
    (1, code.to_owned(), field.map(str::to_owned))
}

fn mailed() {
    let mut desk = Desk::new();
    let number = desk.issued();
    let send = ["invoice", "send", &number];
    assert_eq!(desk.refused(&send), refusal("no_mailbox", None));
    assert_eq!(desk.done(&["mailbox", "show"]), Value::Null);
    mailbox(&desk);
    accepted(&desk, &number);
    refused(&mut desk, &number);
    not_written(&desk);
    waiting(&mut desk);
    desk.post.follow(&json!([{ "at": "message", "do": "cut" }]));
    assert_eq!(desk.refused(&send), refusal("mail_unclear", None));
    let unclear = desk.newest(&number);
    assert_eq!(unclear["state"], "unclear");
    let sentence = unclear["sentence"].as_str().unwrap();
    assert!(sentence.contains("peut-être arrivé"), "{sentence}");
    forgotten(desk, &number);
}

/// Set up with a wrong password, without trust, then as it has to be.
fn mailbox(desk: &Desk) {
    let wrong = desk.set_mailbox("motdepasse");
    assert_eq!(
        (wrong.code, wrong.refusal().0.as_str()),
        (1, "mail_login_refused")
    );
    assert!(wrong.errors.contains("refuse le mot de passe"), "{wrong:?}");
    let port = desk.post.port.as_str();
    let elsewhere = ["--host", "127.0.0.1", "--port", port, "--security", "tls"];
    let set = [
        "mailbox",
        "set",
        "--data",
        &desk.office.data,
        "--address",
        ADDRESS,
        "--json",
    ];
    // Without the authority among those that the system trusts.
    let stranger = run_with(&[&set[..], &elsewhere].concat(), PASSWORD.as_bytes());
    assert_eq!(
        (stranger.code, stranger.refusal().0.as_str()),
        (1, "mail_bad_certificate")
    );
    assert_eq!(desk.done(&["mailbox", "show"]), Value::Null);
    assert_eq!(desk.post.mails(), Vec::<Value>::new());

    let kept = desk.set_mailbox(&format!("{PASSWORD}\r\n"));
    assert_eq!((kept.code, kept.errors.as_str()), (0, ""), "{kept:?}");
    let kept = kept.json();
    let checked_at = kept["checked_at"].as_str().unwrap();
    assert!(checked_at.contains('T') && checked_at.contains('+'));
    let expected = json!({
        "address": ADDRESS, "host": "127.0.0.1", "port": port.parse::<u16>().unwrap(),
        "security": "tls", "login": ADDRESS, "checked_at": checked_at,
    });
    assert_eq!(kept, expected);
    assert_eq!(desk.done(&["mailbox", "show"]), expected);
    let said = desk.run(&["mailbox", "show"], b"").output;
    assert!(said.starts_with(&format!("Messagerie {ADDRESS} : serveur 127.0.0.1")));
    let to_itself = desk.post.mails();
    assert_eq!(to_itself.len(), 1);
    assert_eq!(to_itself[0]["envelope"]["to"], json!([ADDRESS]));
    assert_eq!(to_itself[0]["envelope"]["tls"], true);
    assert_eq!(to_itself[0]["addresses"]["from"][0]["address"], ADDRESS);
    // The name that customers read is the company's.
    let company = real_json("company.json")["name"].clone();
    assert_eq!(to_itself[0]["addresses"]["from"][0]["name"], company);
}

fn accepted(desk: &Desk, number: &str) {
    let sent = desk.done(&["invoice", "send", number]);
    assert_eq!(sent["number"], number);
    let mail = &sent["mails"][0];
    assert_eq!(
        (&mail["state"], &mail["sentence"]),
        (&json!("sent"), &Value::Null)
    );
    assert_eq!(mail["to"], json!(["helene.marchand@client.example"]));
    assert_eq!(mail["cc"], json!([]));
    // As the customer reads it, without variables.
    let subject = mail["subject"].as_str().unwrap();
    assert!(subject.contains(number) && subject.ends_with("Rénovation salle de bain"));
    assert_eq!(sent, desk.done(&["invoice", "show", number]));
    let mails = desk.post.mails();
    let read = mails.last().unwrap();
    assert_eq!(read["envelope"]["to"], mail["to"]);
    assert_eq!(read["headers"]["Subject"], subject);
    let id = format!("<{}@", mail["id"].as_str().unwrap());
    assert!(
        read["headers"]["Message-ID"]
            .as_str()
            .unwrap()
            .starts_with(&id)
    );
    assert_eq!(read["attachments"][0]["type"], "application/pdf");
    assert_eq!(read["defects"], json!([]));
    // Nobody is connected to PayPlug: no link, but how to pay otherwise.
    assert_eq!(read["links"], json!([]));
    assert!(read["text"].as_str().unwrap().contains("IBAN"), "{read}");

    let typed = "a@client.example, c@client.example";
    let others = desk.done(&["invoice", "send", number, "--to", typed]);
    let to = json!(["a@client.example", "c@client.example"]);
    assert_eq!(others["mails"][0]["to"], to);
    assert_eq!(others["mails"][1]["id"], mail["id"], "newest first");
    assert_eq!(desk.post.mails().last().unwrap()["envelope"]["to"], to);
    let shown = desk.run(&["invoice", "show", number], b"").output;
    let line = format!("E-mail à a@client.example, c@client.example : envoyé ({subject})");
    assert!(shown.lines().any(|shown| shown.ends_with(&line)), "{shown}");
}

/// An address that the server does not know is refused for good, and the mail stays to be seen.
fn refused(desk: &mut Desk, number: &str) {
    let before = desk.post.mails().len();
    let no = json!({ "at": "rcpt", "do": { "answer": "550 5.1.1 No such user" } });
    desk.post.follow(&json!([no, no]));
    let send = ["invoice", "send", number, "--to", "personne@client.example"];
    assert_eq!(
        desk.refused(&send),
        refusal("mail_recipient_refused", Some("to"))
    );
    let plain = desk.run(&send, b"");
    assert_eq!((plain.code, plain.output.as_str()), (1, ""));
    let sentence = "L’adresse personne@client.example est refusée";
    assert!(plain.errors.starts_with(sentence), "{plain:?}");
    assert_eq!(plain.errors.trim().lines().count(), 1, "{plain:?}");
    let mail = desk.newest(number);
    assert_eq!(mail["state"], "refused");
    assert_eq!(mail["sentence"], plain.errors.trim());
    assert!(mail["subject"].as_str().unwrap().contains(number), "{mail}");
    let shown = desk.run(&["invoice", "show", number], b"").output;
    assert!(
        shown.contains("personne@client.example : refusé"),
        "{shown}"
    );
    assert!(shown.contains(&format!("! {sentence}")), "{shown}");
    assert_eq!(desk.post.mails().len(), before);
}

/// What is refused before anything is written.
fn not_written(desk: &Desk) {
    let address = real_json("company.json")["address"].clone();
    let customer = json!({ "name": "Sans Adresse", "kind": "private", "address": address });
    let file = desk
        .office
        .file("customer.json", customer.to_string().as_bytes());
    let customer = desk.done(&["customer", "add", &file]);
    let mut invoice = real_json("01-salle-de-bain.json");
    invoice["customer"] = customer["code"].clone();
    for date in ["issue_date", "due_date"] {
        invoice.as_object_mut().unwrap().remove(date);
    }
    let file = desk
        .office
        .file("invoice.json", invoice.to_string().as_bytes());
    let draft = desk.done(&["invoice", "add", &file]);
    let number = desk.issue(&invoice);
    let before = (desk.office.contents(), desk.post.mails());
    let draft = draft["id"].as_str().unwrap();
    assert_eq!(
        desk.refused(&["invoice", "send", draft]),
        refusal("still_a_draft", None)
    );
    assert_eq!(
        desk.refused(&["invoice", "send", &number]),
        refusal("no_address", Some("to"))
    );
    assert_eq!((desk.office.contents(), desk.post.mails()), before);
    let sent = desk.done(&["invoice", "send", &number, "--to", "a@client.example"]);
    assert_eq!(sent["mails"][0]["state"], "sent");
}

/// A server that asks to wait: the mail is kept, and the next sync sends it, PayPlug or not.
fn waiting(desk: &mut Desk) {
    let number = desk.issued();
    let later = json!({ "at": "mail", "do": { "answer": "451 4.7.1 Greylisted" } });
    desk.post.follow(&json!([later, later]));
    let kept = desk.json(&["invoice", "send", &number]);
    assert_eq!(kept.code, 0, "{kept:?}");
    let mail = kept.json()["mails"][0].clone();
    assert_eq!(mail["state"], "queued");
    let sentence = mail["sentence"].as_str().unwrap();
    assert!(sentence.contains("demande d’attendre"), "{sentence}");
    assert_eq!(kept.errors.trim(), sentence);
    let before = desk.post.mails().len();
    for state in ["queued", "sent", "sent"] {
        let sync = desk.json(&["sync"]);
        assert_eq!((sync.code, sync.refusal().0.as_str()), (1, "not_connected"));
        assert_eq!(desk.newest(&number)["state"], state);
    }
    assert_eq!(desk.post.mails().len(), before + 1);
}

/// The server goes away, then the mailbox.
fn forgotten(desk: Desk, number: &str) {
    let Desk { office, post } = desk;
    let gone = post.port.clone();
    drop(post);
    let desk = Desk {
        office,
        post: PostOffice::open(),
    };
    assert_ne!(gone, desk.post.port);
    let waits = desk.json(&["invoice", "send", number]);
    assert_eq!(waits.code, 0, "{waits:?}");
    assert!(waits.errors.contains("ne répond pas"), "{waits:?}");
    assert_eq!(waits.json()["mails"][0]["state"], "queued");
    assert_eq!(desk.done(&["mailbox", "forget"]), Value::Null);
    assert_eq!(
        desk.run(&["mailbox", "show"], b"").output,
        "Aucune messagerie\n"
    );
    assert_eq!(
        desk.refused(&["mailbox", "forget"]),
        refusal("no_mailbox", None)
    );
    assert_eq!(
        desk.refused(&["invoice", "send", number]),
        refusal("no_mailbox", None)
    );
    assert_eq!(desk.newest(number)["state"], "queued");
    // Set up anew, what waits leaves with the next run.
    assert_eq!(desk.set_mailbox(PASSWORD).code, 0);
    assert_eq!(desk.json(&["sync"]).refusal().0, "not_connected");
    assert_eq!(desk.newest(number)["state"], "sent");
    assert_eq!(desk.done(&["verify"])["ok"], true);
    no_trace_of_the_password(desk.office.folder.path());
}

fn with_a_link() {
    let mut desk = Desk::new();
    let simulator = RunningSimulator::start();
    let connect = ["connect", "--api-base", &simulator.base, "--json"];
    assert_eq!(desk.run(&connect, b"sk_live_PlantedKey42").code, 0);
    assert_eq!(desk.set_mailbox(PASSWORD).code, 0);
    // The link is made for the mail.
    let number = desk.issued();
    let sent = desk.done(&["invoice", "send", &number]);
    assert_eq!(sent["link"]["state"], "open");
    assert_eq!(sent["mails"][0]["state"], "sent");
    let mails = desk.post.mails();
    let read = mails.last().unwrap();
    assert_eq!(read["links"], json!([sent["link"]["url"]]));
    let url = sent["link"]["url"].as_str().unwrap();
    assert!(read["text"].as_str().unwrap().contains(url), "{read}");
    assert!(
        read["html"].as_str().unwrap().contains("Essai : "),
        "{read}"
    );

    // One waits, one will be refused, one leaves.
    let later = json!({ "at": "mail", "do": { "answer": "451 4.7.1 Greylisted" } });
    let no = json!({ "at": "rcpt", "do": { "answer": "550 5.1.1 No such user" } });
    desk.post.follow(&json!([later, later, later]));
    assert_eq!(desk.json(&["invoice", "send", &number]).code, 0);
    let other = desk.issued();
    assert_eq!(desk.json(&["invoice", "send", &other]).code, 0);
    desk.post.follow(&json!([no]));
    let report = desk.json(&["sync"]);
    assert_eq!(report.code, 0, "{report:?}");
    let document = report.json();
    assert_eq!(document["mails"], 1, "{document}");
    let error = &document["errors"][0];
    assert_eq!(
        (&error["invoice"], &error["code"]),
        (&json!(number), &json!("mail_recipient_refused"))
    );
    assert_eq!(error["sentence"], report.errors.trim());
    assert_eq!(desk.newest(&other)["state"], "sent");
    assert_eq!(desk.newest(&number)["state"], "refused");
    // A mail that waits is no reason to say anything twice.
    let quiet = done(&["sync", "--data", &desk.office.data]);
    assert_eq!((&quiet["mails"], &quiet["errors"]), (&json!(0), &json!([])));
    no_trace_of_the_password(desk.office.folder.path());
}

fn no_trace_of_the_password(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            no_trace_of_the_password(&path);
        } else {
            let bytes = std::fs::read(&path).unwrap();
            let mut windows = bytes.windows(PLANTED.len());
            assert!(
                !windows.any(|window| window == PLANTED.as_bytes()),
                "{}",
                path.display()
            );
        }
    }
}
