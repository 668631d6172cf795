//! A planted key is found nowhere: not in the file, its journal, a PDF, an export, an error text, nor
//! in what any answer prints.

use std::fs;
use std::path::Path;

use acquit_app::{Error, Format, message};
use acquit_tests::World;

/// The part of the key behind its prefix; the prefix alone tells nothing.
const PLANTED: &str = "5f3c9a7e11d84b02a6c4";

/// Files below a folder that hold the planted text.
fn files_with_key(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with_key(&path));
        } else if fs::read(&path)
            .unwrap()
            .windows(PLANTED.len())
            .any(|bytes| bytes == PLANTED.as_bytes())
        {
            found.push(path.display().to_string());
        }
    }
    found
}

fn says_nothing(what: &str, printed: &str) {
    assert!(
        !printed.contains(PLANTED),
        "{what} tells the key: {printed}"
    );
}

#[tokio::test]
async fn a_planted_key_is_found_nowhere() {
    let world = World::demonstration(3).await;
    let key = format!("sk_test_{PLANTED}");
    let connection = world
        .acquit
        .connect(&key, Some(&world.base_url()))
        .await
        .unwrap();
    says_nothing("the connection", &format!("{connection:?}"));

    let invoice = world.issue(350);
    says_nothing(
        "the sync",
        &format!("{:?}", world.acquit.sync().await.unwrap()),
    );
    let pdf = world.acquit.pdf(invoice.id).await.unwrap();
    let out = tempfile::tempdir().unwrap();
    fs::write(out.path().join("invoice.pdf"), pdf).unwrap();
    world
        .payplug
        .pay(&world.payment(invoice.id), "4242424242424242")
        .unwrap();
    says_nothing(
        "the settlement",
        &format!("{:?}", world.acquit.sync().await.unwrap()),
    );
    says_nothing(
        "the invoice",
        &format!("{:?}", world.acquit.invoice(invoice.id).unwrap()),
    );
    let fec = out.path().join("812345676FEC20261231.txt");
    world
        .acquit
        .export(Format::Fec, world.acquit.today(), None, &fec)
        .unwrap();

    assert_eq!(files_with_key(&world.path()), Vec::<String>::new());
    assert_eq!(files_with_key(out.path()), Vec::<String>::new());
}

#[tokio::test]
async fn refused_keys_are_not_repeated_by_their_errors() {
    let world = World::demonstration(4).await;
    let refused: [(String, &str); 6] = [
        (format!("sk_test_wrong{PLANTED}"), "key_refused"),
        (format!("sk_test_revoked{PLANTED}"), "key_refused"),
        (PLANTED.to_owned(), "not_a_key"),
        (format!("pk_test_{PLANTED}"), "not_a_key"),
        (format!("sk_test_{PLANTED}\r\nX-Header: 1"), "not_a_key"),
        (format!("sk_prod_{PLANTED}"), "not_a_key"),
    ];
    for (key, code) in refused {
        let error: Error = world
            .acquit
            .connect(&key, Some(&world.base_url()))
            .await
            .unwrap_err();
        assert_eq!(error.code(), code);
        says_nothing("an error", &format!("{error:?} {error}"));
        let sentence = message::sentence(&error);
        says_nothing("a sentence", &format!("{} {}", sentence.fr, sentence.en));
    }
    // The key that worked before is still the one in use.
    world.issue(120);
    assert!(world.acquit.sync().await.unwrap().errors.is_empty());
}

#[tokio::test]
async fn a_loopback_address_is_a_literal_one() {
    let world = World::demonstration(5).await;
    for address in [
        "http://localhost:8080",
        "http://user@127.0.0.1:8080",
        "https://api.payplug.com",
        "http://10.0.0.1:8080",
        "http://127.0.0.1.example:8080",
        "ftp://127.0.0.1",
        "",
    ] {
        let error = world
            .acquit
            .connect("sk_test_x", Some(address))
            .await
            .unwrap_err();
        assert_eq!(error.code(), "not_loopback", "{address}");
    }
}
