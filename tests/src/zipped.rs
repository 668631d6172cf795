//! Reads a ZIP of stored files by its directory, as a program does that wrote none of it.

use std::collections::BTreeMap;

fn number(bytes: &[u8], at: usize, length: usize) -> usize {
    let digits = bytes[at..at + length].iter().rev();
    digits.fold(0, |sum, byte| sum * 256 + usize::from(*byte))
}

/// The files of a ZIP by name.
#[must_use]
pub fn unzipped(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let end = bytes.len() - 22;
    assert_eq!(&bytes[end..end + 4], b"PK\x05\x06", "the last record");
    let mut at = number(bytes, end + 16, 4);
    let mut files = BTreeMap::new();
    for _ in 0..number(bytes, end + 10, 2) {
        assert_eq!(&bytes[at..at + 4], b"PK\x01\x02");
        assert_eq!(number(bytes, at + 10, 2), 0, "stored, not packed");
        let length = number(bytes, at + 24, 4);
        let (name, extra) = (number(bytes, at + 28, 2), number(bytes, at + 30, 2));
        let head = number(bytes, at + 42, 4);
        let called = String::from_utf8(bytes[at + 46..at + 46 + name].to_vec()).unwrap();
        let from = head + 30 + number(bytes, head + 26, 2) + number(bytes, head + 28, 2);
        files.insert(called, bytes[from..from + length].to_vec());
        at += 46 + name + extra;
    }
    assert_eq!(at, end);
    files
}
