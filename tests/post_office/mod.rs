//! A real mail server of the test's own (`tests/smtp/server.py`), with a certificate that only those
//! trust who are told its authority.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::{Value, json};

/// Whom the server lets in.
pub(crate) const ADDRESS: &str = "contact@dupont-plomberie.example";
/// With which password; no output and no file may hold it.
pub(crate) const PASSWORD: &str = "Été \"Pl4nt5f3c9a7e\" à moi";

/// The Python of the judges (set by `cargo xtask test`), with what the servers of the tests are made of.
pub(crate) fn python() -> Command {
    Command::new(std::env::var_os("ACQUIT_JUDGES_PYTHON").unwrap())
}

/// A script of `tests/smtp`, from wherever a crate lies.
fn script(name: &str) -> PathBuf {
    let places = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let mut scripts = places.map(|place| place.join("tests/smtp").join(name));
    scripts.find(|script| script.is_file()).unwrap()
}

/// The server, ended when dropped.
#[derive(Debug)]
pub(crate) struct PostOffice {
    process: Child,
    folder: tempfile::TempDir,
    generation: u32,
    /// Where it listens on 127.0.0.1.
    pub(crate) port: String,
}

impl PostOffice {
    /// Starts it and waits for its first line.
    pub(crate) fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        certify(folder.path());
        let in_folder = |name: &str| folder.path().join(name);
        let mut process = python()
            .arg(script("server.py"))
            .args([
                "--tls",
                "implicit",
                "--user",
                ADDRESS,
                "--password",
                PASSWORD,
            ])
            .arg("--certificate")
            .arg(in_folder("certificate.pem"))
            .arg("--key")
            .arg(in_folder("key.pem"))
            .arg("--script")
            .arg(in_folder("script.json"))
            .arg("--mails")
            .arg(in_folder("mails"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let output = process.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        let port = line.trim().strip_prefix("listening on ").unwrap();
        Self {
            port: port.to_owned(),
            process,
            folder,
            generation: 0,
        }
    }

    /// Whose certificates are to be trusted.
    pub(crate) fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    /// What goes wrong with the next tries, one rule each.
    pub(crate) fn follow(&mut self, rules: &Value) {
        self.generation += 1;
        let script = json!({ "rules": rules, "generation": self.generation });
        std::fs::write(self.folder.path().join("script.json"), script.to_string()).unwrap();
    }

    /// The messages that were accepted, oldest first, each as Python reads it, with its `envelope`.
    pub(crate) fn mails(&self) -> Vec<Value> {
        let folder = std::fs::read_dir(self.folder.path().join("mails")).unwrap();
        let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|kind| kind == "eml"));
        files.sort();
        files.iter().map(|file| read(file)).collect()
    }
}

fn read(file: &Path) -> Value {
    let judged = python().arg(script("read.py")).arg(file).output().unwrap();
    let complained = String::from_utf8_lossy(&judged.stderr);
    assert!(judged.status.success(), "{complained}");
    let mut mail: Value = serde_json::from_slice(&judged.stdout).unwrap();
    let envelope = std::fs::read(file.with_extension("json")).unwrap();
    mail["envelope"] = serde_json::from_slice(&envelope).unwrap();
    mail
}

/// An authority, and the server's certificate from it.
fn certify(folder: &Path) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    for (name, pem) in [
        ("authority.pem", authority.pem()),
        ("certificate.pem", certificate.pem()),
        ("key.pem", key.serialize_pem()),
    ] {
        std::fs::write(folder.join(name), pem).unwrap();
    }
}

impl Drop for PostOffice {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
