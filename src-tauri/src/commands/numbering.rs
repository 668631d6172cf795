//! *Paramètres › Numérotation*.

use acquit_app::{Acquit, Error};
use tauri::{AppHandle, State};

use super::{Answer, at_the_desk};
use crate::background::tell_changed;
use crate::dto::{FieldError, NumberSeries, NumberingAnswer, NumberingRow};
use crate::events::Source;
use crate::form;
use crate::state::Desk;

/// Every series as it stands today.
#[tauri::command]
#[specta::specta]
pub(crate) async fn numbering(desk: State<'_, Desk>) -> Answer<Vec<NumberingRow>> {
    at_the_desk(&desk.session()?, |session| rows(&session.acquit)).await
}

/// Spells a series otherwise from its next number on, or says why not.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_number_pattern(
    app: AppHandle,
    desk: State<'_, Desk>,
    series: NumberSeries,
    typed: String,
) -> Answer<NumberingAnswer> {
    let read = form::pattern(&typed);
    save(&app, &desk, move |acquit| match read {
        Ok(pattern) => told(acquit.set_pattern(series.into(), &pattern)),
        Err(errors) => Ok(errors),
    })
    .await
}

/// Begins the counter of a series where another program stopped, or says why not.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_first_number(
    app: AppHandle,
    desk: State<'_, Desk>,
    series: NumberSeries,
    typed: String,
) -> Answer<NumberingAnswer> {
    let read = form::first_number(&typed);
    save(&app, &desk, move |acquit| match read {
        Ok(first) => told(acquit.set_numbering_start(series.into(), first)),
        Err(errors) => Ok(errors),
    })
    .await
}

async fn save(
    app: &AppHandle,
    desk: &State<'_, Desk>,
    keep: impl FnOnce(&Acquit) -> Answer<Vec<FieldError>> + Send + 'static,
) -> Answer<NumberingAnswer> {
    let answer = at_the_desk(&desk.session()?, move |session| {
        let errors = keep(&session.acquit)?;
        let rows = rows(&session.acquit)?;
        Ok(NumberingAnswer { errors, rows })
    })
    .await?;
    if answer.errors.is_empty() {
        tell_changed(app, Source::User);
    }
    Ok(answer)
}

fn rows(acquit: &Acquit) -> Answer<Vec<NumberingRow>> {
    let rows = acquit.numbering()?;
    Ok(rows.into_iter().map(NumberingRow::from).collect())
}

/// A broken rule stands beside its field; anything else is a failure.
fn told(kept: Result<(), Error>) -> Answer<Vec<FieldError>> {
    match kept {
        Ok(()) => Ok(Vec::new()),
        Err(Error::Broken(broken)) => Ok(vec![form::field_error(&broken.field, &broken.rule)]),
        Err(error) => Err(error.into()),
    }
}
