//! A plumber's year through the services, over a real file and the simulator, to the cent beside what a script worked out
//! from the same events without a line of this program (`fixtures/year/README.md`).

mod account;
mod differences;
mod found;
mod input;
mod player;
mod random;

use std::path::{Path, PathBuf};
use std::process::Command;

use acquit_app::Format;
use acquit_tests::books::holds;
use serde_json::Value;

use found::Found;
use input::list;
use player::Player;

fn fixture(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/year");
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The events of a file; a variant has what is different from the file that it is like.
fn events(name: &str) -> Value {
    let variant = fixture(name);
    let Some(like) = variant.get("like") else {
        return variant;
    };
    let mut year = fixture(like.as_str().unwrap());
    if let Some(Value::Object(company)) = variant.get("company") {
        for (field, value) in company {
            year["company"][field] = value.clone();
        }
    }
    // A day begins with what the variant adds to it.
    let mut events: Vec<Value> = list(&variant, "events").to_vec();
    events.extend_from_slice(list(&year, "events"));
    events.sort_by_key(player::day);
    year["events"] = events.into();
    year
}

/// Plays a year and holds all that it came to against what is expected.
async fn comes_to(events_file: &str, expected_file: &str, closes: bool) {
    let player = Player::play(&events(events_file), closes).await;
    let expected = fixture(expected_file);
    if let Some(difference) = Found::read(&player).first_difference(&expected) {
        panic!("{difference}");
    }
    account::is_told(&player.world, &expected["payplug"]["month_ends"]);
    let closed = player.world.acquit.closings().unwrap().len();
    assert_eq!(closed, if closes { 12 } else { 0 });
    holds(&player.world);
    passes_as_fec(&player);
}

/// The year and the days after it as two files that a tax inspector's program takes; then nothing is left.
fn passes_as_fec(player: &Player) {
    let folder = tempfile::tempdir().unwrap();
    let mut files: Vec<PathBuf> = Vec::new();
    for (until, name) in [
        ("2026-12-31", "812345676FEC20261231.txt"),
        ("2027-12-31", "812345676FEC20271231.txt"),
    ] {
        let path = folder.path().join(name);
        let until = until.parse().unwrap();
        let acquit = &player.world.acquit;
        match acquit.export(Format::Fec, until, None, &path) {
            Ok(_) => files.push(path),
            Err(error) => assert_eq!(error.code(), "nothing_to_export"),
        }
    }
    assert!(!files.is_empty());
    let python = std::env::var_os("ACQUIT_JUDGES_PYTHON").unwrap();
    let judge = concat!(env!("CARGO_MANIFEST_DIR"), "/judges/judge_fec.py");
    let verdict = Command::new(python).arg(judge).args(files).output();
    let verdict = verdict.unwrap();
    let said = String::from_utf8_lossy(&verdict.stdout);
    assert!(verdict.status.success(), "{said}");
    holds(&player.world);
}

#[tokio::test]
async fn a_year_of_vat_on_receipts() {
    comes_to("events.json", "expected.json", false).await;
}

#[tokio::test]
async fn a_year_of_vat_on_invoices() {
    comes_to("events-on-invoice.json", "expected-on-invoice.json", false).await;
}

#[tokio::test]
async fn a_year_whose_basis_of_vat_changes() {
    comes_to(
        "events-basis-changes.json",
        "expected-basis-changes.json",
        false,
    )
    .await;
}

/// Closing each month in passing changes nothing: everything is dated the day it happens.
#[tokio::test]
async fn a_year_whose_months_are_closed() {
    comes_to("events.json", "expected.json", true).await;
}
