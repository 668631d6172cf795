//! What the PayPlug account moves besides payments: the monthly invoice, fees of the statement, transfers to the bank.

use acquit_tests::World;
use serde_json::Value;

/// Plays one of these events.
pub(crate) fn event(_world: &World, _event: &Value) {}

/// Entries of anything but these events.
pub(crate) fn known(entries: &Value) -> Value {
    let own = |piece: &str| {
        piece.starts_with("PP-") || piece.starts_with("VIR-") || piece.ends_with("-FRAIS")
    };
    let entries = entries.as_array().unwrap().iter();
    entries
        .filter(|entry| !own(entry["piece"].as_str().unwrap()))
        .cloned()
        .collect()
}
