//! A secret from standard input: one line, asked for where a person types it.

use std::io::{self, IsTerminal, Read, Write};

use zeroize::Zeroizing;

/// Reads one line, without its end; none when there is nothing, or more than `most` bytes.
pub(crate) fn line(prompt: &str, most: usize) -> Option<Zeroizing<String>> {
    let mut input = io::stdin().lock();
    if io::stdin().is_terminal() {
        let _ = write!(io::stderr(), "{prompt}").and_then(|()| io::stderr().flush());
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(most + 1));
    let mut byte = [0_u8];
    // Never more than a secret's length: a file sent by mistake is not read.
    while bytes.len() <= most && matches!(input.read(&mut byte), Ok(1)) && byte[0] != b'\n' {
        bytes.push(byte[0]);
    }
    let text = std::str::from_utf8(&bytes).ok()?;
    let text = text.strip_suffix('\r').unwrap_or(text);
    (!text.is_empty() && bytes.len() <= most).then(|| Zeroizing::new(text.to_owned()))
}
