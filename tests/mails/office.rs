//! The post office: a real SMTP server in a process of its own, with certificates of an authority that only these tests trust,
//! failing by script, and keeping what it accepted.

use std::cell::Cell;
use std::fs;
use std::io::{BufRead, BufReader, Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use acquit_app::{NewMailbox, Roots, Security, Server};
use acquit_domain::text::Email;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::{Value, json};
use tempfile::TempDir;
use zeroize::Zeroizing;

/// Whose mailbox it is.
pub(crate) const ADDRESS: &str = "contact@ferrand.example";
/// The password of its account: accents, and what has a meaning in SMTP and in JSON.
pub(crate) const PASSWORD: &str = "Été à “Tours” \\ 4\"2, 5f3c9a7e11d84b02";

/// How the server encrypts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tls {
    Implicit,
    Explicit,
    None,
}

/// What the server shows to prove who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    Good,
    OtherName,
    OtherAuthority,
}

/// Who may log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    Account,
    NoLogin,
}

/// The running server; killed when dropped.
pub(crate) struct PostOffice {
    server: Child,
    folder: TempDir,
    port: u16,
    tls: Tls,
    authority: String,
    generation: Cell<u32>,
    /// How many messages were thrown away: the server counts on.
    thrown_away: Cell<usize>,
}

/// One message that the server accepted.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    /// As it came.
    pub(crate) raw: Vec<u8>,
    /// `from`, `to`, `tls`, `user`.
    pub(crate) envelope: Value,
    /// What Python's e-mail package makes of it (`tests/smtp/read.py`).
    pub(crate) read: Value,
}

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A text of `tests/smtp`.
fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("smtp")
        .join(name)
}

fn python() -> Command {
    Command::new(std::env::var("ACQUIT_JUDGES_PYTHON").expect("set by `cargo xtask test`"))
}

/// The addresses of an envelope, in its order.
pub(crate) fn texts(list: &Value) -> Vec<&str> {
    let list = list.as_array().unwrap().iter();
    list.map(|text| text.as_str().unwrap()).collect()
}

pub(crate) fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

impl PostOffice {
    pub(crate) fn start(tls: Tls) -> Self {
        Self::start_as(tls, Proof::Good, Door::Account)
    }

    pub(crate) fn start_as(tls: Tls, proof: Proof, door: Door) -> Self {
        let folder = acquit_tests::fast_folder();
        let authority = authority();
        let place = |name: &str| folder.path().join(name);
        let names: &[&str] = match proof {
            Proof::OtherName => &["smtp.autre.example"],
            Proof::Good | Proof::OtherAuthority => &["localhost", "127.0.0.1"],
        };
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(names)
            .unwrap()
            .signed_by(&key, &authority)
            .unwrap();
        fs::write(place("certificate.pem"), certificate.pem()).unwrap();
        fs::write(place("key.pem"), key.serialize_pem()).unwrap();
        fs::create_dir(place("mails")).unwrap();
        let mut command = python();
        command.arg(script("server.py")).args(match tls {
            Tls::Implicit => ["--tls", "implicit"],
            Tls::Explicit => ["--tls", "starttls"],
            Tls::None => ["--tls", "none"],
        });
        for (option, name) in [
            ("--certificate", "certificate.pem"),
            ("--key", "key.pem"),
            ("--script", "script.json"),
            ("--mails", "mails"),
        ] {
            command.arg(option).arg(place(name));
        }
        if door == Door::Account {
            command.args(["--user", ADDRESS, "--password", PASSWORD]);
        }
        // Its standard input stays open as long as this process lives: the server ends with it.
        let mut server = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(server.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let port = line.trim().strip_prefix("listening on ").unwrap();
        let trusted = match proof {
            Proof::OtherAuthority => self::authority(),
            Proof::Good | Proof::OtherName => authority,
        };
        Self {
            port: port.parse().unwrap(),
            server,
            folder,
            tls,
            authority: trusted.pem(),
            generation: Cell::new(0),
            thrown_away: Cell::new(0),
        }
    }

    /// From now on, what happens to the next messages.
    pub(crate) fn rules(&self, rules: &Value) {
        self.generation.set(self.generation.get() + 1);
        let script = json!({ "rules": rules, "generation": self.generation.get() });
        let draft = self.folder.path().join("script.draft");
        fs::write(&draft, script.to_string()).unwrap();
        fs::rename(draft, self.folder.path().join("script.json")).unwrap();
    }

    /// One rule: what happens to the next message.
    pub(crate) fn rule(&self, at: &str, action: Value) {
        self.rules(&json!([{ "at": at, "do": action }]));
    }

    /// Whose certificates are trusted: this office's authority.
    pub(crate) fn roots(&self) -> Roots {
        Roots::with(self.authority.clone().into_bytes())
    }

    /// The authority's certificate.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The server as a mailbox names it.
    pub(crate) fn server(&self) -> Server {
        Server {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            security: match self.tls {
                Tls::Implicit => Security::Tls,
                Tls::Explicit => Security::StartTls,
                Tls::None => Security::Plain,
            },
        }
    }

    /// The mailbox of its account.
    pub(crate) fn mailbox(&self) -> NewMailbox {
        NewMailbox {
            address: email(ADDRESS),
            name: "Ferrand Plomberie Chauffage".to_owned(),
            server: self.server(),
            login: ADDRESS.to_owned(),
            password: Zeroizing::new(PASSWORD.to_owned()),
        }
    }

    /// Files of the messages accepted so far, in their order.
    fn files(&self) -> Vec<PathBuf> {
        let folder = fs::read_dir(self.folder.path().join("mails")).unwrap();
        let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|end| end == "eml"));
        files.sort();
        files
    }

    /// How many messages were accepted so far.
    pub(crate) fn count(&self) -> usize {
        self.files().len()
    }

    /// Whether so many messages were accepted so far; quicker than counting them.
    pub(crate) fn has_taken(&self, count: usize) -> bool {
        let number = self.thrown_away.get() + count;
        let file = format!("mails/{number:04}.eml");
        count == 0 || self.folder.path().join(file).exists()
    }

    /// Message-IDs of what was accepted so far, without brackets: the id of a mail, and its domain.
    pub(crate) fn ids(&self) -> Vec<String> {
        let id = |path: &PathBuf| {
            let raw = fs::read(path).unwrap();
            let text = String::from_utf8_lossy(&raw);
            let mut lines = text
                .lines()
                .map_while(|line| (!line.is_empty()).then_some(line));
            let line = lines.find_map(|line| line.strip_prefix("Message-ID: <"));
            line.unwrap().strip_suffix('>').unwrap().to_owned()
        };
        self.files().iter().map(id).collect()
    }

    /// Everything that was accepted so far, read back.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.files().into_iter().map(Mail::read).collect()
    }

    /// The one message that was accepted.
    pub(crate) fn only_mail(&self) -> Mail {
        let mut mails = self.mails();
        assert_eq!(mails.len(), 1, "{:?}", self.ids());
        mails.remove(0)
    }

    /// Throws away what was accepted so far.
    pub(crate) fn empty(&self) {
        for path in self.files() {
            self.thrown_away.set(self.thrown_away.get() + 1);
            fs::remove_file(path.with_extension("json")).unwrap();
            fs::remove_file(path).unwrap();
        }
    }

    /// Waits until the server has seen the end of every connection: nothing that left can still arrive.
    pub(crate) async fn at_rest(&self) {
        let port = format!(":{:04X}", self.port);
        super::until("the server is at rest", || {
            let table = fs::read_to_string("/proc/net/tcp").unwrap();
            // Columns: number, own address, the other's, state (01 established, 08 closed by the other alone).
            !table.lines().any(|line| {
                let columns: Vec<&str> = line.split_whitespace().collect();
                columns[1].ends_with(&port) && matches!(columns[3], "01" | "08")
            })
        })
        .await;
    }
}

impl Drop for PostOffice {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

impl Mail {
    /// A message that reached no server, laid down in a folder and read back.
    pub(crate) fn opened(folder: &Path, bytes: &[u8]) -> Self {
        let path = folder.join("message.eml");
        fs::write(&path, bytes).unwrap();
        fs::write(path.with_extension("json"), "null").unwrap();
        Self::read(path)
    }

    fn read(path: PathBuf) -> Self {
        let output = python().arg(script("read.py")).arg(&path).output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let envelope = fs::read_to_string(path.with_extension("json")).unwrap();
        Self {
            raw: fs::read(&path).unwrap(),
            envelope: serde_json::from_str(&envelope).unwrap(),
            read: serde_json::from_slice(&output.stdout).unwrap(),
        }
    }

    /// A decoded header.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.read["headers"][name].as_str().unwrap_or_default()
    }

    pub(crate) fn text(&self) -> &str {
        self.read["text"].as_str().unwrap()
    }

    pub(crate) fn links(&self) -> Vec<&str> {
        texts(&self.read["links"])
    }

    /// Whether an address is anywhere in its words, as text or as a link.
    pub(crate) fn names(&self, address: &str) -> bool {
        let html = self.read["html"].as_str().unwrap();
        self.text().contains(address) || html.contains(address)
    }

    /// Everybody whom the server was told.
    pub(crate) fn recipients(&self) -> Vec<&str> {
        texts(&self.envelope["to"])
    }

    /// Name, kind and disposition of each attached file.
    pub(crate) fn attached(&self) -> Vec<[&str; 3]> {
        let files = self.read["attachments"].as_array().unwrap().iter();
        files
            .map(|file| {
                ["name", "type", "disposition"].map(|key| file[key].as_str().unwrap_or_default())
            })
            .collect()
    }

    /// The message as a file, wherever it came from.
    fn file(&self) -> Stdio {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&self.raw).unwrap();
        file.rewind().unwrap();
        file.into()
    }

    /// The sender's name as RFC 2047 alone decodes it: Python's reader of addresses takes the blanks between the parts of a
    /// long word for blanks of the name (https://github.com/python/cpython/issues/79728).
    pub(crate) fn sender(&self) -> String {
        const DECODE: &str = "
import email, sys
from email.header import decode_header, make_header
sender = email.message_from_binary_file(sys.stdin.buffer)['From']
sys.stdout.buffer.write(str(make_header(decode_header(sender))).encode())
";
        let output = python()
            .args(["-c", DECODE])
            .stdin(self.file())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    /// The content of an attached file, taken out by Python.
    pub(crate) fn attachment(&self, name: &str) -> Vec<u8> {
        const TAKE_OUT: &str = "
import email, email.policy, sys
message = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)
for part in message.walk():
    if part.get_filename() == sys.argv[1]:
        sys.stdout.buffer.write(part.get_payload(decode=True))
";
        let output = python()
            .args(["-c", TAKE_OUT, name])
            .stdin(self.file())
            .output()
            .unwrap();
        assert!(output.status.success() && !output.stdout.is_empty());
        output.stdout
    }

    /// What every message must be: without a defect that Python sees, and within what any server takes.
    pub(crate) fn is_sound(&self) {
        let read = &self.read;
        assert_eq!(read["defects"], json!([]), "{read}");
        assert_eq!(read["bare_newlines"], json!(0), "{read}");
        assert_eq!(read["is_ascii_headers"], json!(true), "{read}");
        assert!(read["longest_line"].as_u64().unwrap() <= 998, "{read}");
    }
}
