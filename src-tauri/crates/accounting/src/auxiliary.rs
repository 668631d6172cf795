//! Customer accounts: `C` and letters of the name, made unique.

use unicode_normalization::UnicodeNormalization;

/// Letters taken of the name: short enough for every target's account length.
const LETTERS_MAX: usize = 8;

/// A code for a customer's account that is not taken yet: `CMARCHAN`, `CMARCHAN2` …
pub fn auxiliary_code(name: &str, mut is_taken: impl FnMut(&str) -> bool) -> String {
    let folded = name.replace(['œ', 'Œ'], "oe").replace(['æ', 'Æ'], "ae").replace('ß', "ss");
    let letters: String = folded
        .nfd()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_uppercase())
        .take(LETTERS_MAX)
        .collect();
    let stem = format!("C{}", if letters.is_empty() { "LIENT" } else { &letters });
    let mut code = stem.clone();
    let mut number = 2_u32;
    while is_taken(&code) && number < u32::MAX {
        code = format!("{stem}{number}");
        number += 1;
    }
    code
}

#[cfg(test)]
mod tests {
    use super::auxiliary_code;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_short_plain_and_unique() {
        let mut taken = BTreeSet::new();
        for (name, expected) in [
            ("Hélène Marchand", "CHELENEMA"),
            ("Hélène Martin", "CHELENEMA2"),
            ("HÉLÈNE MARIN", "CHELENEMA3"),
            ("L’Œillet & Fils", "CLOEILLET"),
            ("株式会社", "CLIENT"),
        ] {
            let code = auxiliary_code(name, |code| taken.contains(code));
            assert_eq!(code, expected, "{name}");
            taken.insert(code);
        }
    }
}
