//! The security of the exchange (`payment-links.md` § 5, and invariant 6 of § 4): each sentence with
//! the tests that fail when it is not kept. Those that concern one crate stand in that crate; those
//! that only the whole can show are below.

mod changed_files;
mod keychain;
mod pages;

use std::fs;
use std::path::{Path, PathBuf};

/// A sentence of the specification, and its tests by file.
type Promise = (&'static str, &'static [(&'static str, &'static str)]);

const CLIENT: &str = "src-tauri/crates/payplug/tests/client";
const ADDRESS: &str = "src-tauri/crates/payplug/src/address.rs";
const GUARD: &str = "src-tauri/crates/simulator/tests/http/guard.rs";
const SYSTEM: &str = "src-tauri/crates/secrets/tests/system_keychain.rs";

/// § 5, in its own words and in its order. A path without a slash is one of the client's tests.
const EXCHANGE: [Promise; 17] = [
    (
        "No redirects followed",
        &[
            ("failures.rs", "no_redirect_is_followed"),
            (
                "reports.rs",
                "a_file_that_is_not_there_or_elsewhere_is_refused",
            ),
        ],
    ),
    (
        "no proxy for loopback",
        &[("secrecy.rs", "no_proxy_sees_a_request_to_loopback")],
    ),
    (
        "the Authorization header marked sensitive",
        &[(
            "src-tauri/crates/payplug/src/key.rs",
            "it_prints_its_prefix_alone_and_its_header_is_sensitive",
        )],
    ),
    (
        "`payment_url` is accepted only as https on `payplug.com` or a subdomain",
        &[
            (ADDRESS, "a_payment_page_is_on_payplug"),
            (
                "answers.rs",
                "a_page_elsewhere_is_left_out_of_a_read_and_refused_at_creation",
            ),
            (
                "tls.rs",
                "only_a_server_that_proves_to_be_payplug_gets_the_key",
            ),
        ],
    ),
    (
        "(loopback in a demonstration or *essai* file)",
        &[(ADDRESS, "a_demonstrations_payment_page_is_on_loopback")],
    ),
    (
        "before it reaches a PDF, a mail or the opener",
        &[(
            "tests/security/pages.rs",
            "an_address_that_is_not_payplugs_becomes_no_link",
        )],
    ),
    (
        "the opener's allow-list is the same",
        &[(
            "tests/security/changed_files.rs",
            "a_changed_address_of_a_page_is_neither_shown_nor_printed",
        )],
    ),
    (
        "An accounting report's `temporary_url`: https (loopback likewise)",
        &[
            (ADDRESS, "a_report_is_https_or_loopback"),
            ("reports.rs", "a_report_is_proven_field_by_field"),
        ],
    ),
    (
        "no Authorization",
        &[("reports.rs", "a_file_is_downloaded_without_the_key")],
    ),
    (
        "≤ 50 MiB, streamed",
        &[
            ("reports.rs", "a_file_has_at_most_fifty_mebibytes"),
            ("reports.rs", "half_a_file_is_an_error"),
        ],
    ),
    (
        "Base address and key are one keychain item, so that a changed file cannot send a key elsewhere",
        &[
            (
                "tests/security/keychain.rs",
                "address_and_key_are_one_item_named_by_file_and_mode",
            ),
            (
                "tests/security/changed_files.rs",
                "a_changed_file_sends_no_key_elsewhere",
            ),
            (
                "tests/security/changed_files.rs",
                "a_file_that_changes_its_nature_or_its_id_finds_no_key",
            ),
        ],
    ),
    (
        "service `fr.acquit`, account = file id + mode",
        &[
            (SYSTEM, "an_item_stands_under_our_service_and_its_account"),
            (
                "tests/security/keychain.rs",
                "address_and_key_are_one_item_named_by_file_and_mode",
            ),
        ],
    ),
    (
        "never keyutils, mock or a file as a silent fallback",
        &[
            (SYSTEM, "no_session_bus_is_no_service_at_once"),
            (SYSTEM, "a_bus_without_secret_service_is_no_service_at_once"),
            (
                "tests/security/keychain.rs",
                "nothing_can_stand_in_for_the_keychain",
            ),
            (
                "src-tauri/crates/cli/tests/cli/refusals.rs",
                "without_a_keychain_the_key_is_kept_nowhere",
            ),
        ],
    ),
    (
        "The embedded simulator runs only while a demonstration or *essai* file is open",
        &[
            (
                "tests/security/pages.rs",
                "only_a_demonstration_starts_the_simulator",
            ),
            (GUARD, "dropping_the_simulator_stops_it"),
        ],
    ),
    (
        "random loopback port, Host header checked",
        &[
            (
                "tests/security/pages.rs",
                "only_a_demonstration_starts_the_simulator",
            ),
            (GUARD, "an_address_that_others_can_reach_is_refused"),
            (GUARD, "only_our_own_names_with_our_own_port_are_answered"),
        ],
    ),
    (
        "a token per payment page, no CORS",
        &[
            (
                "src-tauri/crates/simulator/tests/http/page.rs",
                "a_page_without_its_token_does_not_exist",
            ),
            (GUARD, "no_answer_opens_itself_to_other_origins"),
        ],
    ),
    (
        "its control routes only with `--control`",
        &[
            (GUARD, "control_is_not_served_unless_asked_for"),
            (GUARD, "control_is_not_for_web_pages"),
        ],
    ),
];

/// Invariant 6.
const SECRECY: [Promise; 1] = [(
    "is found nowhere but in the OS keychain",
    &[
        ("tests/secrets_nowhere.rs", "a_planted_key_is_found_nowhere"),
        (
            "tests/secrets_nowhere.rs",
            "refused_keys_are_not_repeated_by_their_errors",
        ),
        ("secrecy.rs", "no_type_and_no_error_prints_the_key"),
        ("secrecy.rs", "a_failure_to_connect_prints_no_address"),
        (
            "src-tauri/crates/cli/tests/cli/online.rs",
            "an_invoice_gets_itself_paid_recorded_and_booked",
        ),
        (
            "src-tauri/crates/cli/tests/cli/refusals.rs",
            "malformed_and_refused_keys_are_told_apart_and_never_repeated",
        ),
        (
            "tests/window/connecting.rs",
            "a_wrong_key_is_refused_a_good_one_kept_and_a_revoked_one_told",
        ),
    ],
)];

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn every_sentence_has_its_tests() {
    let mut missing = Vec::new();
    for (sentence, tests) in EXCHANGE.iter().chain(&SECRECY) {
        assert!(!tests.is_empty(), "{sentence}");
        for (file, test) in *tests {
            let path = if file.contains('/') {
                (*file).to_owned()
            } else {
                format!("{CLIENT}/{file}")
            };
            let source = fs::read_to_string(root().join(&path)).unwrap_or_default();
            if !is_test(&source, test) {
                missing.push(format!("{sentence}: {path} has no test {test}"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// Whether a function of that name is there and is run as a test.
fn is_test(source: &str, name: &str) -> bool {
    source
        .split_once(&format!("fn {name}("))
        .is_some_and(|(before, _)| {
            let attributes: String = before.chars().rev().take(60).collect();
            let attributes: String = attributes.chars().rev().collect();
            attributes.contains("#[test]") || attributes.contains("#[tokio::test]")
        })
}

/// Where the specification lies beside the repository, the table says all of it and nothing else.
#[test]
fn the_table_says_what_the_specification_says() {
    let path = root().join("../shared/spec/payment-links.md");
    let Ok(specification) = fs::read_to_string(path) else {
        return;
    };
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = one_line(
        specification
            .split("## 5. Security of the exchange")
            .nth(1)
            .unwrap(),
    );
    for (sentence, _) in EXCHANGE {
        assert!(rest.contains(sentence), "{sentence}");
        rest = rest.replacen(sentence, "", 1);
    }
    let left: String = rest.chars().filter(|sign| sign.is_alphanumeric()).collect();
    assert_eq!(left, "", "{rest}");
    let invariants = one_line(&specification);
    assert!(
        SECRECY
            .iter()
            .all(|(sentence, _)| invariants.contains(sentence))
    );
}
