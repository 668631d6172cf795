//! Customer accounts: `C` and letters of the name, made unique.

use unicode_normalization::UnicodeNormalization;

/// Longest code, its number included: short enough for every target's account length.
const LENGTH_MAX: usize = 10;
/// Letters taken of the name, so that a one-digit number still fits.
const LETTERS_MAX: usize = LENGTH_MAX - 2;

/// A code for a customer's account that is not taken yet: `CMARCHAN`, `CMARCHAN2` …
pub fn auxiliary_code(name: &str, mut is_taken: impl FnMut(&str) -> bool) -> String {
    let letters: String = name
        .nfkd()
        .flat_map(folded)
        .filter(char::is_ascii_uppercase)
        .take(LETTERS_MAX)
        .collect();
    let stem = format!(
        "C{}",
        if letters.is_empty() {
            "LIENT"
        } else {
            &letters
        }
    );
    let mut code = stem.clone();
    let mut number = 1_u32;
    while is_taken(&code) && number < u32::MAX {
        number += 1;
        let digits = number.to_string();
        let kept = stem.chars().take(LENGTH_MAX.saturating_sub(digits.len()));
        code = kept.chain(digits.chars()).collect();
    }
    code
}

/// Plain capitals for a letter; the few that do not decompose are spelled out.
fn folded(letter: char) -> impl Iterator<Item = char> {
    letter.to_uppercase().flat_map(|upper| {
        let spelled = match upper {
            'Œ' => "OE",
            'Æ' => "AE",
            'Ø' => "O",
            'Ł' => "L",
            'Đ' | 'Ð' => "D",
            _ => "",
        };
        let itself = spelled.is_empty().then_some(upper);
        spelled.chars().chain(itself)
    })
}

#[cfg(test)]
mod tests {
    use super::{LENGTH_MAX, auxiliary_code};
    use proptest::prelude::{prop_assert, proptest};
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_short_plain_and_unique() {
        let mut taken = BTreeSet::new();
        for (name, expected) in [
            ("Hélène Marchand", "CHELENEMA"),
            ("Hélène Martin", "CHELENEMA2"),
            ("HÉLÈNE MARIN", "CHELENEMA3"),
            ("L’Œillet & Fils", "CLOEILLET"),
            ("SCI 3 Suisses", "CSCISUISS"),
            ("Łukasz Strauß", "CLUKASZST"),
            ("李", "CLIENT"),
            ("株式会社", "CLIENT2"),
            ("Ôb", "COB"),
        ] {
            let code = auxiliary_code(name, |code| taken.contains(code));
            assert_eq!(code, expected, "{name}");
            taken.insert(code);
        }
    }

    #[test]
    fn a_hundred_namesakes_keep_within_the_length() {
        let mut taken = BTreeSet::new();
        for _ in 0..120 {
            let code = auxiliary_code("Dupont-Lavoisier", |code| taken.contains(code));
            assert!(code.len() <= LENGTH_MAX, "{code}");
            assert!(taken.insert(code));
        }
        assert!(taken.contains("CDUPONT120"), "{taken:?}");
    }

    proptest! {
        #[test]
        fn any_name_gives_an_account_that_targets_take(name in ".{0,40}") {
            let code = auxiliary_code(&name, |_| false);
            prop_assert!(code.len() > 1 && code.len() <= LENGTH_MAX);
            prop_assert!(code.starts_with('C') && code.bytes().all(|byte| byte.is_ascii_uppercase()));
        }
    }
}
