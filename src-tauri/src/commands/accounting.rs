//! *Comptabilité*: exports for the accountant.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use acquit_app::{
    Error, ExportSummary, Format, Journal, PdfProgress, WithPdfs, fec_file_name, pdfs_file_name,
};
use jiff::civil::Date;
use tauri::{AppHandle, State};
use tauri_plugin_opener::OpenerExt;
use tauri_specta::Event;

use super::customers::STATEMENTS;
use super::invoices::browser_failure;
use super::{Answer, at_the_desk};
use crate::background::tell_changed;
use crate::dto::{EarlierBatch, ExportPlan, ExportPreview, Exported};
use crate::events::{ExportProgress, Source};
use crate::failure::Failure;
use crate::form;
use crate::state::{Desk, Session};

/// What is asked for, read.
struct Plan {
    until: Date,
    journal: Option<Journal>,
    format: Format,
    pdfs: bool,
}

fn read(plan: &ExportPlan, today: Date) -> Answer<Plan> {
    let until = form::date(&plan.until, today)
        .map_err(|rule| Failure::from(Error::Broken(acquit_domain::Error::at("until", rule))))?;
    let journal = match plan.journal.as_str() {
        "" => None,
        code => Some(Journal::from_code(code).ok_or_else(|| Failure::unknown_word("journal"))?),
    };
    let format = Format::from_code(&plan.format).ok_or_else(|| Failure::unknown_word("format"))?;
    Ok(Plan {
        until,
        journal,
        format,
        pdfs: plan.pdfs,
    })
}

/// Where an export goes: a folder of its own for each batch, and in it the name that the norm wants for
/// a FEC.
fn target(
    session: &Session,
    folder: &Path,
    (format, until): (Format, Date),
    batch: u64,
) -> Answer<PathBuf> {
    let company = session.acquit.company()?;
    let name = match format {
        Format::Fec => fec_file_name(&company.siren(), company.fiscal_year_end.holding(until)),
        Format::Csv => format!("ecritures-{until}.csv"),
    };
    Ok(folder.join(format!("Lot {batch}")).join(name))
}

/// Writes into the folder of a batch, made for it; what stops leaves no empty folder behind.
fn write_below_folder(
    path: &Path,
    write: impl FnOnce() -> Result<ExportSummary, Error>,
) -> Answer<ExportSummary> {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder).map_err(|source| Failure::io(folder, source))?;
    write().map_err(|error| {
        // It goes only where it is empty: what is in it belongs to somebody.
        let _not_empty_is_fine = std::fs::remove_dir(folder);
        error.into()
    })
}

/// Writes an export with the ZIP of its invoices beside it; the window hears how far it is, and may stop it.
fn write_with_pdfs(
    app: &AppHandle,
    session: &Session,
    path: &Path,
    write: impl FnOnce(&WithPdfs<'_>) -> Result<ExportSummary, Error>,
) -> Answer<ExportSummary> {
    session.stop_export.store(false, Ordering::Relaxed);
    let told = |progress: PdfProgress| {
        if session.stop_export.load(Ordering::Relaxed) {
            return ControlFlow::Break(());
        }
        tell_progress(app, progress);
        ControlFlow::Continue(())
    };
    let zip = path.with_file_name(pdfs_file_name(path, session.acquit.nature()?));
    let pdfs = WithPdfs {
        file: &zip,
        told: &told,
    };
    write_below_folder(path, || write(&pdfs))
}

fn tell_progress(app: &AppHandle, progress: PdfProgress) {
    let count = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let progress = ExportProgress {
        done: count(progress.done),
        all: count(progress.all),
    };
    if let Err(error) = progress.emit(app) {
        tracing::warn!(%error, "the window does not hear how far the export is");
    }
}

/// What an export would take.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_export(
    desk: State<'_, Desk>,
    plan: ExportPlan,
) -> Answer<ExportPreview> {
    let folder = desk.documents("Comptabilité");
    at_the_desk(&desk.session()?, move |session| {
        let plan = read(&plan, session.acquit.today())?;
        let preview = session.acquit.export_preview(plan.until, plan.journal)?;
        let path = target(session, &folder, (plan.format, plan.until), preview.batch)?;
        let name = path.file_name().unwrap_or_default();
        let folder = path.parent().unwrap_or(&folder);
        Ok(ExportPreview::of(
            preview,
            plan.until,
            name.to_string_lossy().into_owned(),
            folder.display().to_string(),
        ))
    })
    .await
}

/// Writes the export and records it as a batch.
#[tauri::command]
#[specta::specta]
pub(crate) async fn write_export(
    app: AppHandle,
    desk: State<'_, Desk>,
    plan: ExportPlan,
) -> Answer<Exported> {
    let folder = desk.documents("Comptabilité");
    let told = app.clone();
    let exported = at_the_desk(&desk.session()?, move |session| {
        let plan = read(&plan, session.acquit.today())?;
        let (acquit, until, journal) = (&session.acquit, plan.until, plan.journal);
        let batch = acquit.export_preview(until, journal)?.batch;
        let path = target(session, &folder, (plan.format, until), batch)?;
        let summary = if plan.pdfs {
            write_with_pdfs(&told, session, &path, |pdfs| {
                acquit.export_with_pdfs(plan.format, until, journal, &path, pdfs)
            })
        } else {
            write_below_folder(&path, || acquit.export(plan.format, until, journal, &path))
        };
        Ok(Exported::from(summary?))
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(exported)
}

/// Stops the export whose PDFs are being written: nothing of it is left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn stop_export(desk: State<'_, Desk>) -> Answer<()> {
    desk.session()?.stop_export.store(true, Ordering::Relaxed);
    Ok(())
}

/// Earlier batches, newest first, the undone ones too.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_exports(desk: State<'_, Desk>) -> Answer<Vec<EarlierBatch>> {
    at_the_desk(&desk.session()?, |session| {
        let exports = session.acquit.exports()?;
        Ok(exports.into_iter().map(EarlierBatch::from).collect())
    })
    .await
}

/// Writes the file of an earlier batch again, and the ZIP of its invoices if one went along, into the folder of
/// that batch. Their names are worked out and not read from the file, which somebody may have changed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn rewrite_export(
    app: AppHandle,
    desk: State<'_, Desk>,
    batch: u32,
) -> Answer<Exported> {
    let folder = desk.documents("Comptabilité");
    at_the_desk(&desk.session()?, move |session| {
        let batch = u64::from(batch);
        let exports = session.acquit.exports()?.into_iter();
        let mut rows = exports.map(|export| export.batch);
        let row = rows
            .find(|row| row.batch == batch)
            .ok_or(Error::UnknownBatch(batch))?;
        let format =
            Format::from_code(&row.format).ok_or_else(|| Failure::unknown_word("format"))?;
        let path = target(session, &folder, (format, row.until), batch)?;
        let acquit = &session.acquit;
        let summary = if row.pdfs > 0 {
            write_with_pdfs(&app, session, &path, |pdfs| {
                acquit.export_again_with_pdfs(batch, &path, pdfs)
            })
        } else {
            write_below_folder(&path, || acquit.export_again(batch, &path))
        };
        Ok(Exported::from(summary?))
    })
    .await
}

/// Undoes the latest batch: the next export takes its entries again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undo_export(app: AppHandle, desk: State<'_, Desk>, batch: u32) -> Answer<()> {
    at_the_desk(&desk.session()?, move |session| {
        session.acquit.undo_export(u64::from(batch))?;
        Ok(())
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(())
}

/// Shows one of Acquit's own folders in the file manager.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_folder(
    app: AppHandle,
    desk: State<'_, Desk>,
    subject: String,
) -> Answer<()> {
    if !["Comptabilité", "Factures", STATEMENTS].contains(&subject.as_str()) {
        return Err(Failure::unknown_word("subject"));
    }
    let folder = desk.documents(&subject);
    std::fs::create_dir_all(&folder).map_err(|source| Failure::io(&folder, source))?;
    app.opener()
        .open_path(folder.display().to_string(), None::<&str>)
        .map_err(|error| browser_failure(&error))
}
