//! The text of a file that some program wrote: UTF-8 or Windows-1252.

/// The signs of Windows-1252 from 0x80 to 0x9F; the five that mean nothing are the replacement sign.
const WINDOWS_HIGH: [char; 32] = [
    '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž',
    '\u{fffd}', '\u{fffd}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}',
    'ž', 'Ÿ',
];

/// UTF-8 with or without its mark, else Windows-1252, in which no bytes are wrong.
#[must_use]
pub fn decoded(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    bytes
        .iter()
        .map(|&byte| match byte {
            0x80..=0x9f => WINDOWS_HIGH[usize::from(byte - 0x80)],
            _ => char::from(byte),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn both_encodings_say_the_same() {
        assert_eq!(decoded("\u{feff}Reçu 3 €".as_bytes()), "Reçu 3 €");
        assert_eq!(decoded(b"Re\xe7u 3 \x80"), "Reçu 3 €");
    }
}
