//! `export`: a new batch, an earlier one again, the latest one undone, all of them listed.

use acquit_app::{Acquit, BatchRow, ExportSummary};
use acquit_domain::date::{french_short, paris_iso};
use acquit_domain::money::french_euros;
use serde::Serialize;

use super::open;
use crate::arguments::Export;
use crate::error::Error;
use crate::output::{Answer, Form};
use crate::usage::missing;
use crate::words::pick;

/// A batch in a list, or one that was undone.
#[derive(Serialize)]
struct BatchDocument<'a> {
    batch: u64,
    format: &'a str,
    journal: Option<&'a str>,
    until: String,
    created_at: String,
    file: Option<&'a str>,
    entries: u64,
    lines: u64,
    debit: String,
    credit: String,
    undone_at: Option<String>,
}

impl<'a> From<&'a BatchRow> for BatchDocument<'a> {
    fn from(row: &'a BatchRow) -> Self {
        Self {
            batch: row.batch,
            format: &row.format,
            journal: row.journal.as_deref(),
            until: row.until.to_string(),
            created_at: paris_iso(row.created_at),
            file: row.file_name.as_deref(),
            entries: row.entries,
            lines: row.lines,
            debit: row.debit.decimal(),
            credit: row.credit.decimal(),
            undone_at: row.undone_at.map(paris_iso),
        }
    }
}

/// Does what the options ask for.
pub(super) fn run(export: &Export, form: Form) -> Result<Answer, Error> {
    let acquit = open(&export.data)?;
    if export.list {
        return list(&acquit, form);
    }
    if let Some(batch) = export.undo {
        return undo(&acquit, batch, form);
    }
    let output = given(export.output.as_deref(), "--output")?;
    let summary = match export.again {
        Some(batch) => acquit.export_again(batch, output)?,
        None => {
            let format = given(export.format, "FORMAT")?;
            let until = given(export.until, "--until")?;
            acquit.export(format, until, export.journal, output)?
        }
    };
    Ok(written(&summary, form))
}

fn given<T>(value: Option<T>, option: &str) -> Result<T, Error> {
    value.ok_or_else(|| missing(option))
}

fn written(summary: &ExportSummary, form: Form) -> Answer {
    #[derive(Serialize)]
    struct Document {
        batch: u64,
        format: &'static str,
        file: String,
        entries: u64,
        lines: u64,
        debit: String,
        credit: String,
    }
    let document = Document {
        batch: summary.batch,
        format: summary.format.code(),
        file: summary.file.display().to_string(),
        entries: summary.entries,
        lines: summary.lines,
        debit: summary.debit.decimal(),
        credit: summary.credit.decimal(),
    };
    let warnings = summary
        .warnings
        .iter()
        .map(|warning| warning.in_lang(form.lang).to_owned());
    let answer = Answer::new(form, &document, || {
        let (entries, lines) = (summary.entries, summary.lines);
        let words = pick(form.lang, "écritures", "entries");
        let line_words = pick(form.lang, "lignes", "lines");
        let debit = french_euros(summary.debit);
        format!(
            "{} : {entries} {words}, {lines} {line_words}, {debit}",
            document.file
        )
    });
    answer.with_remarks(warnings.collect())
}

fn list(acquit: &Acquit, form: Form) -> Result<Answer, Error> {
    let exports = acquit.exports()?;
    let documents: Vec<BatchDocument<'_>> = exports
        .iter()
        .map(|earlier| BatchDocument::from(&earlier.batch))
        .collect();
    Ok(Answer::new(form, &documents, || {
        if exports.is_empty() {
            return pick(form.lang, "Aucun lot pour l’instant.", "No batch yet.").to_owned();
        }
        let lines = exports.iter().map(|earlier| line(&earlier.batch, form));
        lines.collect::<Vec<_>>().join("\n")
    }))
}

/// One batch in a line.
fn line(row: &BatchRow, form: Form) -> String {
    let batch = pick(form.lang, "Lot", "Batch");
    let until = pick(form.lang, "jusqu’au", "until");
    let words = pick(form.lang, "écritures", "entries");
    let journal = row.journal.as_deref().map(|code| format!(" {code}"));
    let file = row.file_name.as_deref().map(|name| format!(" · {name}"));
    let undone = pick(form.lang, " · annulé", " · undone");
    format!(
        "{batch} {} · {}{} {until} {} · {} {words}, {}{}{}",
        row.batch,
        row.format,
        journal.unwrap_or_default(),
        french_short(row.until),
        row.entries,
        french_euros(row.debit),
        file.unwrap_or_default(),
        row.undone_at.map_or("", |_| undone),
    )
}

fn undo(acquit: &Acquit, batch: u64, form: Form) -> Result<Answer, Error> {
    let row = acquit.undo_export(batch)?;
    Ok(Answer::new(form, &BatchDocument::from(&row), || {
        let entries = row.entries;
        match form.lang {
            acquit_app::message::Lang::Fr => format!(
                "Lot {batch} annulé : l’export suivant reprend ses {entries} écritures. Son fichier ne doit plus être chargé."
            ),
            acquit_app::message::Lang::En => format!(
                "Batch {batch} undone: the next export takes its {entries} entries again. Its file must not be loaded any more."
            ),
        }
    }))
}
