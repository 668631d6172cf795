//! How documents are numbered.

use acquit_app::SeriesNumbering;
use serde::Serialize;

use super::open;
use crate::arguments::Numbering;
use crate::error::Error;
use crate::output::{Answer, Form};

#[derive(Serialize)]
struct Row {
    series: &'static str,
    pattern: String,
    next: Option<String>,
    first: u32,
}

impl From<SeriesNumbering> for Row {
    fn from(standing: SeriesNumbering) -> Self {
        Self {
            series: standing.series.code(),
            pattern: standing.pattern.text(),
            next: standing.next.map(|next| next.to_string()),
            first: standing.first,
        }
    }
}

/// Changes a pattern or a first number, if asked to; every series as it stands then.
pub(super) fn run(command: Numbering, form: Form) -> Result<Answer, Error> {
    let acquit = open(&command.data)?;
    if let Some((series, pattern)) = &command.set {
        acquit.set_pattern(*series, pattern)?;
    }
    if let Some((series, first)) = command.start {
        acquit.set_numbering_start(series, first)?;
    }
    let rows: Vec<Row> = acquit.numbering()?.into_iter().map(Row::from).collect();
    Ok(Answer::new(form, &rows, || {
        let lines = rows.iter().map(|row| {
            let next = row.next.as_deref().unwrap_or("–");
            format!("{:<12} {:<24} {next}", row.series, row.pattern)
        });
        lines.collect::<Vec<_>>().join("\n")
    }))
}
