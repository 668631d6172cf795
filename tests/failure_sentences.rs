//! Every way in which a customer's try can fail has a sentence of its own, in French and in English.

use std::collections::BTreeSet;
use std::path::Path;

use acquit_app::message;

/// The codes of the reference, § 4.5.
const CODES: [&str; 11] = [
    "processing_error",
    "card_declined",
    "insufficient_funds",
    "3ds_declined",
    "incorrect_number",
    "fraud_suspected",
    "method_unsupported",
    "card_scheme_mismatch",
    "card_expiration_date_prior_to_last_installment_date",
    "aborted",
    "timeout",
];

#[test]
fn each_failure_code_has_a_sentence_of_its_own() {
    let unknown = message::attempt("a_code_of_tomorrow");
    let (mut french, mut english) = (BTreeSet::new(), BTreeSet::new());
    for code in CODES {
        let sentence = message::attempt(code);
        assert_ne!(sentence, unknown, "{code}");
        for text in [&sentence.fr, &sentence.en] {
            assert!(text.ends_with('.') && text.len() > 12, "{code}: {text}");
            assert!(!text.contains('_'), "{code}: {text}");
        }
        assert!(
            french.insert(sentence.fr.clone()),
            "{code}: {}",
            sentence.fr
        );
        assert!(
            english.insert(sentence.en.clone()),
            "{code}: {}",
            sentence.en
        );
    }
    assert!(!unknown.fr.is_empty() && !unknown.en.is_empty());
}

/// Where the reference lies beside the repository, the list above is its own.
#[test]
fn the_codes_are_those_of_the_reference() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/reference/payplug-api.md");
    let Ok(reference) = std::fs::read_to_string(path) else {
        return;
    };
    let section = reference
        .split("### 4.5 ")
        .nth(1)
        .and_then(|rest| rest.split("\n### ").next())
        .unwrap_or_default();
    let documented: Vec<&str> = section
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    assert_eq!(documented, CODES);
}
