//! *Paramètres › Comptabilité*.

use acquit_app::chart::{Chart, ChartProposal};
use acquit_app::{Acquit, Error};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tauri::{AppHandle, State};

use super::{Answer, at_the_desk};
use crate::background::tell_changed;
use crate::dto::{
    BasisWord, BooksAnswer, BooksForm, BooksPage, FieldError, PlanAnswer, chart_errors,
};
use crate::events::Source;
use crate::failure::Failure;
use crate::form;
use crate::state::Desk;

/// Longest plan that is taken in, as base64.
const BASE64_MAX: usize = 6_000_000;

/// How the books are kept.
#[tauri::command]
#[specta::specta]
pub(crate) async fn books(desk: State<'_, Desk>) -> Answer<BooksPage> {
    at_the_desk(&desk.session()?, |session| page(&session.acquit)).await
}

/// Sets accounts and journals for the entries to come, or says what is wrong with each.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_books(
    app: AppHandle,
    desk: State<'_, Desk>,
    form: BooksForm,
) -> Answer<BooksAnswer> {
    let proposal = form
        .proposal()
        .ok_or_else(|| Failure::unknown_word("accounts"))?;
    keep_chart(&app, &desk, proposal).await
}

/// Goes back to the usual accounts and journals.
#[tauri::command]
#[specta::specta]
pub(crate) async fn usual_books(app: AppHandle, desk: State<'_, Desk>) -> Answer<BooksAnswer> {
    keep_chart(&app, &desk, Chart::default().into()).await
}

/// Changes the basis of VAT from a day on, or says why not.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_vat_basis(
    app: AppHandle,
    desk: State<'_, Desk>,
    basis: BasisWord,
    from: String,
) -> Answer<BooksAnswer> {
    save(&app, &desk, move |acquit| {
        let from = match form::date(&from, acquit.today()) {
            Ok(from) => from,
            Err(rule) => return Ok(vec![form::field_error("from", &rule)]),
        };
        match acquit.set_vat_basis(basis.into(), from) {
            Ok(()) => Ok(Vec::new()),
            Err(Error::Broken(broken)) => Ok(vec![form::field_error(&broken.field, &broken.rule)]),
            Err(error) => Err(error.into()),
        }
    })
    .await
}

/// Takes in the accountant's plan; the window hands the file over whole.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_plan(
    app: AppHandle,
    desk: State<'_, Desk>,
    base64: String,
) -> Answer<PlanAnswer> {
    if base64.len() > BASE64_MAX {
        return Err(Error::NotAPlan(acquit_app::chart::PlanFault::TooLong).into());
    }
    let bytes = STANDARD
        .decode(base64)
        .map_err(|_| Failure::unknown_word("plan"))?;
    let answer = at_the_desk(&desk.session()?, move |session| {
        let import = session.acquit.import_plan(&bytes)?;
        Ok(PlanAnswer::of(import, page(&session.acquit)?))
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(answer)
}

/// Goes without the accountant's plan.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forget_plan(app: AppHandle, desk: State<'_, Desk>) -> Answer<BooksPage> {
    let page = at_the_desk(&desk.session()?, |session| {
        session.acquit.forget_plan()?;
        page(&session.acquit)
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(page)
}

async fn keep_chart(
    app: &AppHandle,
    desk: &State<'_, Desk>,
    proposal: ChartProposal,
) -> Answer<BooksAnswer> {
    save(app, desk, move |acquit| {
        match acquit.set_bookkeeping(&proposal) {
            Ok(()) => Ok(Vec::new()),
            Err(Error::WrongChart(faults)) => Ok(chart_errors(&faults)),
            Err(error) => Err(error.into()),
        }
    })
    .await
}

async fn save(
    app: &AppHandle,
    desk: &State<'_, Desk>,
    keep: impl FnOnce(&Acquit) -> Answer<Vec<FieldError>> + Send + 'static,
) -> Answer<BooksAnswer> {
    let answer = at_the_desk(&desk.session()?, move |session| {
        let errors = keep(&session.acquit)?;
        let page = page(&session.acquit)?;
        Ok(BooksAnswer { errors, page })
    })
    .await?;
    if answer.errors.is_empty() {
        tell_changed(app, Source::User);
    }
    Ok(answer)
}

fn page(acquit: &Acquit) -> Answer<BooksPage> {
    Ok(acquit.bookkeeping()?.into())
}
