//! The client's reading of PayPlug against the reference, table by table: a row for each documented
//! field, status, transition and limit, with the section it stands in. What a row expects is
//! written as JSON; a row names only what it is about.

mod payments;
mod requests;
mod resources;

use acquit_payplug::Error;
use serde_json::{Value, json};

/// One case: section, what it says, what PayPlug answers, what we read.
type Row = (&'static str, &'static str, Value, Value);

/// Sections of the reference that rows of answers stand for.
const SECTIONS: [&str; 9] = ["3", "4.3", "4.4", "4.5", "4.6", "4.7", "6", "7.2", "7.3"];

/// The field at fault, for rows that expect one.
fn fault(error: &Error) -> Value {
    match error {
        Error::NotUnderstood { field } => json!({ "fault": field }),
        other => json!({ "error": format!("{other:?}") }),
    }
}

/// Every field that a row names is what it expects.
#[track_caller]
fn agrees(row: &Row, found: &Value) {
    let (section, says, _, expected) = row;
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(
            &found[name], value,
            "§ {section}, {says}: {name} in {found}"
        );
    }
}

#[test]
fn every_section_has_rows_and_every_row_a_section() {
    let tables = [
        payments::fields(),
        payments::failures(),
        payments::transitions(),
        resources::pages(),
        resources::refunds(),
        resources::reports(),
        resources::accounts(),
    ]
    .concat();
    for (section, says, _, _) in &tables {
        assert!(SECTIONS.contains(section), "{says}: § {section}");
    }
    for section in SECTIONS {
        assert!(
            tables.iter().any(|row| row.0 == section),
            "§ {section} has no row"
        );
    }
    assert!(tables.len() > 130, "{}", tables.len());
}
