//! `export`: a new batch, an earlier one again, the latest one undone, all of them listed.

use std::io::{IsTerminal, Write};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use acquit_app::{Acquit, BatchRow, ExportSummary, Format, PdfProgress, WithPdfs};
use acquit_domain::date::{french_short, paris_iso};
use acquit_domain::money::french_euros;
use jiff::civil::Date;
use serde::Serialize;

use super::open;
use super::signals::interrupted;
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pdfs: Option<&'a str>,
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
            pdfs: row.pdf_name.as_deref(),
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
    let Some(file) = &export.pdfs else {
        let summary = match export.again {
            Some(batch) => acquit.export_again(batch, output)?,
            None => {
                let (format, until) = asked(export)?;
                acquit.export(format, until, export.journal, output)?
            }
        };
        return Ok(written(&summary, form));
    };
    let stop = stopped_by_signal();
    let told = |progress| told(progress, &stop, form);
    let pdfs = WithPdfs { file, told: &told };
    let summary = match export.again {
        Some(batch) => acquit.export_again_with_pdfs(batch, output, &pdfs)?,
        None => {
            let (format, until) = asked(export)?;
            acquit.export_with_pdfs(format, until, export.journal, output, &pdfs)?
        }
    };
    Ok(written(&summary, form))
}

fn asked(export: &Export) -> Result<(Format, Date), Error> {
    let format = given(export.format, "FORMAT")?;
    Ok((format, given(export.until, "--until")?))
}

/// Becomes true at Ctrl-C or SIGTERM, so that an export can end without leaving half a file.
fn stopped_by_signal() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let heard = Arc::clone(&stop);
    tokio::spawn(async move {
        if interrupted().await.is_ok() {
            heard.store(true, Ordering::Relaxed);
        }
    });
    stop
}

/// Shows on a terminal how far the PDFs are; nowhere else is a line written over.
fn told(progress: PdfProgress, stop: &AtomicBool, form: Form) -> ControlFlow<()> {
    if stop.load(Ordering::Relaxed) {
        return ControlFlow::Break(());
    }
    let mut errors = std::io::stderr().lock();
    if errors.is_terminal() {
        let PdfProgress { done, all } = progress;
        let end = if done == all { "\n" } else { "" };
        let words = pick(form.lang, "PDF des factures", "PDFs of invoices");
        // Nobody who reads it is no fault of the export's.
        let _ = write!(errors, "\r{words} : {done}/{all}{end}").and_then(|()| errors.flush());
    }
    ControlFlow::Continue(())
}

fn given<T>(value: Option<T>, option: &str) -> Result<T, Error> {
    value.ok_or_else(|| missing(option))
}

/// The ZIP of invoices that went along.
#[derive(Serialize)]
struct PdfsDocument {
    file: String,
    documents: u64,
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
        #[serde(skip_serializing_if = "Option::is_none")]
        pdfs: Option<PdfsDocument>,
    }
    let document = Document {
        batch: summary.batch,
        format: summary.format.code(),
        file: summary.file.display().to_string(),
        entries: summary.entries,
        lines: summary.lines,
        debit: summary.debit.decimal(),
        credit: summary.credit.decimal(),
        pdfs: summary.pdfs.as_ref().map(|pdfs| PdfsDocument {
            file: pdfs.file.display().to_string(),
            documents: pdfs.documents,
        }),
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
        let pdfs = document.pdfs.as_ref().map_or_else(String::new, |pdfs| {
            format!("\n{} : {} PDF", pdfs.file, pdfs.documents)
        });
        format!(
            "{} : {entries} {words}, {lines} {line_words}, {debit}{pdfs}",
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
