//! `close`: the books are closed up to a day, for ever; and the closings there were.

use acquit_app::ClosingRow;
use acquit_app::message::Lang;
use acquit_domain::date::{french_short, paris_day, paris_iso};
use serde::Serialize;

use super::open;
use crate::arguments::Close;
use crate::error::Error;
use crate::output::{Answer, Form};
use crate::usage::missing;
use crate::words::pick;

/// A closing.
#[derive(Serialize)]
struct ClosingDocument {
    until: String,
    closed_at: String,
    unexported: u64,
}

impl From<&ClosingRow> for ClosingDocument {
    fn from(row: &ClosingRow) -> Self {
        Self {
            until: row.until.to_string(),
            closed_at: paris_iso(row.closed_at),
            unexported: row.unexported,
        }
    }
}

/// Closes, or lists.
pub(super) fn run(close: &Close, form: Form) -> Result<Answer, Error> {
    let acquit = open(&close.data)?;
    if close.list {
        let rows = acquit.closings()?;
        let documents: Vec<ClosingDocument> = rows.iter().map(ClosingDocument::from).collect();
        return Ok(Answer::new(form, &documents, || listed(&rows, form)));
    }
    let until = close.until.ok_or_else(|| missing("--until"))?;
    // Who gives the option knows that there may be some, however many.
    let told = if close.unexported { u64::MAX } else { 0 };
    let row = acquit.close_period(until, told)?;
    Ok(Answer::new(form, &ClosingDocument::from(&row), || {
        let day = french_short(row.until);
        match form.lang {
            Lang::Fr => {
                format!("Comptabilité close jusqu’au {day} : plus aucune écriture n’y sera datée.")
            }
            Lang::En => {
                format!("Books closed up to {day}: no entry will be dated there any more.")
            }
        }
    }))
}

fn listed(rows: &[ClosingRow], form: Form) -> String {
    if rows.is_empty() {
        return pick(
            form.lang,
            "Aucune clôture pour l’instant.",
            "No closing yet.",
        )
        .to_owned();
    }
    let (until, on) = (
        pick(form.lang, "Jusqu’au", "Up to"),
        pick(form.lang, "close le", "closed on"),
    );
    let line = |row: &ClosingRow| {
        let (day, closed) = (
            french_short(row.until),
            french_short(paris_day(row.closed_at)),
        );
        format!("{until} {day}, {on} {closed}")
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}
