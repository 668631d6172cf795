//! What a command prints: one JSON document, or a short French text.

mod given_back;
pub(crate) mod invoice;
pub(crate) mod mail;
pub(crate) mod party;
pub(crate) mod payment;
pub(crate) mod retention;
pub(crate) mod settling;
pub(crate) mod text;

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use acquit_app::message::Lang;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::Error;

/// How to print.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    /// One JSON document instead of a text.
    pub(crate) json: bool,
    /// Language of sentences.
    pub(crate) lang: Lang,
}

/// What a command has to say, ready to print.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The JSON document or the text.
    body: String,
    /// Remarks for standard error.
    remarks: Vec<String>,
    /// Whether the command succeeded.
    pub(crate) done: bool,
}

impl Answer {
    /// An answer in the form asked for.
    pub(crate) fn new(
        form: Form,
        document: &impl Serialize,
        text: impl FnOnce() -> String,
    ) -> Self {
        let body = if form.json { json(document) } else { text() };
        Self {
            body,
            remarks: Vec::new(),
            done: true,
        }
    }

    /// Nothing to say.
    pub(crate) const fn silent() -> Self {
        Self {
            body: String::new(),
            remarks: Vec::new(),
            done: true,
        }
    }

    /// An answer that tells of a failure.
    pub(crate) fn failed(self) -> Self {
        Self {
            done: false,
            ..self
        }
    }

    /// Adds remarks for standard error.
    pub(crate) fn with_remarks(self, remarks: Vec<String>) -> Self {
        Self { remarks, ..self }
    }

    /// Prints; a reader that went away is no fault of ours.
    pub(crate) fn print(&self) {
        for line in &self.remarks {
            remark(line);
        }
        if !self.body.is_empty() {
            print_line(&self.body);
        }
    }
}

/// Prints a remark on standard error.
pub(crate) fn remark(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Prints one line at once.
pub(crate) fn print_line(line: &str) {
    let mut output = io::stdout().lock();
    let _ = writeln!(output, "{}", line.trim_end_matches('\n')).and_then(|()| output.flush());
}

/// The JSON document of a refusal; `field` only where one is at fault.
#[derive(Debug, Serialize)]
struct Refusal<'a> {
    code: &'a str,
    sentence: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

/// Prints why a command was refused: the sentence on standard error, the document under `--json`.
pub(crate) fn print_error(form: Form, error: &Error) {
    #[derive(Serialize)]
    struct Document<'a> {
        error: Refusal<'a>,
    }
    let sentence = without_keys(error.sentence().in_lang(form.lang));
    remark(&sentence);
    if form.json {
        let field = error.field().map(without_keys);
        print_line(&json(&Document {
            error: Refusal {
                code: error.code(),
                sentence,
                field,
            },
        }));
    }
}

/// Takes out whatever looks like a PayPlug key: people paste it in the wrong place, and what is
/// printed ends in logs.
fn without_keys(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::with_capacity(text.len());
    while let Some(start) = rest.find("sk_") {
        kept.push_str(&rest[..start]);
        kept.push_str("sk_…");
        let is_key = |character: char| character.is_ascii_alphanumeric() || character == '_';
        let tail = &rest[start..];
        let after = &tail[tail
            .find(|character| !is_key(character))
            .unwrap_or(tail.len())..];
        // “sk_test_…” in our own sentences keeps a single ellipsis.
        rest = after.strip_prefix('…').unwrap_or(after);
    }
    kept.push_str(rest);
    kept
}

fn json(document: &impl Serialize) -> String {
    // Plain structs and texts always serialise; an empty object would still be one document.
    serde_json::to_string(document).unwrap_or_else(|_| "{}".to_owned())
}

/// Writes a file whole or not at all: beside its place first, then renamed.
///
/// # Errors
/// [`Error::NotWritable`].
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let not_writable = |source| Error::NotWritable {
        path: path.to_owned(),
        source,
    };
    let Some(name) = path.file_name() else {
        return Err(not_writable(io::Error::from(io::ErrorKind::InvalidInput)));
    };
    if path.is_dir() {
        return Err(not_writable(io::Error::from(io::ErrorKind::IsADirectory)));
    }
    let mut partial_name = name.to_owned();
    partial_name.push(format!(".{}.partial", std::process::id()));
    let partial = path.with_file_name(partial_name);
    let written = File::create_new(&partial)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&partial, path));
    written.map_err(|source| {
        let _ = fs::remove_file(&partial);
        not_writable(source)
    })
}

/// SHA-256 of a file of any size, in hexadecimal.
///
/// # Errors
/// A failure of the system.
pub(crate) fn sha256_of(path: &Path) -> Result<String, Error> {
    let mut file = File::open(path).map_err(Error::System)?;
    let (mut hasher, mut block) = (Sha256::new(), vec![0_u8; 1 << 16]);
    loop {
        let read = file.read(&mut block).map_err(Error::System)?;
        if read == 0 {
            return Ok(hexadecimal(&hasher.finalize()));
        }
        hasher.update(&block[..read]);
    }
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::without_keys;

    #[test]
    fn no_key_survives_in_what_is_printed() {
        assert_eq!(without_keys("clé sk_live_4eC39HqLyjW ?"), "clé sk_… ?");
        assert_eq!(without_keys("sk_test_a sk_live_b"), "sk_… sk_…");
        assert_eq!(without_keys("la clé sk_test_… seule"), "la clé sk_… seule");
        assert_eq!(without_keys("un bureau"), "un bureau");
    }
}
