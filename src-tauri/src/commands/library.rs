//! *Paramètres › Textes et pièces jointes*: what mails are written with.

use acquit_app::Error;
use acquit_domain::id::{MailFileId, MailTextId};
use acquit_domain::limits::ATTACHED_MAX_BYTES;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tauri::{AppHandle, State};

use super::{Answer, at_the_desk};
use crate::background::tell_changed;
use crate::dto::{FieldError, MailFile, MailLibrary, MailTextAnswer, MailTextForm};
use crate::events::Source;
use crate::failure::Failure;
use crate::form::field_error;
use crate::state::{Desk, Session};

/// Longest file as base64.
const BASE64_MAX: u64 = ATTACHED_MAX_BYTES / 3 * 4 + 8;

/// Saved texts, variables and files.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mail_library(desk: State<'_, Desk>) -> Answer<MailLibrary> {
    at_the_desk(&desk.session()?, library).await
}

pub(super) fn library(session: &Session) -> Answer<MailLibrary> {
    let acquit = &session.acquit;
    let thanks = acquit.thanks_text()?;
    let (texts, files) = (acquit.mail_texts()?, acquit.mail_files()?);
    Ok(MailLibrary::of(texts, files, thanks.as_ref()))
}

fn unknown() -> Failure {
    Error::UnknownMailPart.into()
}

/// Keeps a saved text; a new one without an id.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_mail_text(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: Option<String>,
    form: MailTextForm,
) -> Answer<MailTextAnswer> {
    let id: Option<MailTextId> = id.map(|id| id.parse()).transpose().map_err(|_| unknown())?;
    let answer = at_the_desk(&desk.session()?, move |session| {
        let kept = session
            .acquit
            .keep_mail_text(id, &form.name, &form.subject, &form.body);
        let errors = refused(kept.map(drop))?;
        let library = library(session)?;
        Ok(MailTextAnswer { errors, library })
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(answer)
}

/// A broken rule as the field shows it; anything else is a failure.
pub(super) fn refused(outcome: Result<(), Error>) -> Answer<Vec<FieldError>> {
    match outcome {
        Ok(()) => Ok(Vec::new()),
        Err(Error::Broken(broken)) => Ok(vec![field_error(&broken.field, &broken.rule)]),
        Err(error) => Err(error.into()),
    }
}

/// Deletes a saved text.
#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_mail_text(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
) -> Answer<MailLibrary> {
    let id: MailTextId = id.parse().map_err(|_| unknown())?;
    changed(app, desk, move |session| {
        Ok(session.acquit.delete_mail_text(id)?)
    })
    .await
}

/// Chooses the text that thanks customers for card payments; none to thank no more.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_thanks_text(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: Option<String>,
) -> Answer<MailLibrary> {
    let id: Option<MailTextId> = id.map(|id| id.parse()).transpose().map_err(|_| unknown())?;
    changed(app, desk, move |session| {
        Ok(session.acquit.set_thanks_text(id)?)
    })
    .await
}

/// Keeps a file that mails can carry.
#[tauri::command]
#[specta::specta]
pub(crate) async fn add_mail_file(
    app: AppHandle,
    desk: State<'_, Desk>,
    name: String,
    base64: String,
    is_always: bool,
) -> Answer<MailFile> {
    let too_long = u64::try_from(base64.len()).is_ok_and(|length| length > BASE64_MAX);
    if too_long {
        let most = ATTACHED_MAX_BYTES;
        let broken = acquit_domain::Error::at("files", acquit_domain::Rule::TooHeavy { most });
        return Err(Error::from(broken).into());
    }
    let bytes = STANDARD.decode(base64).map_err(|_| unknown())?;
    let file = at_the_desk(&desk.session()?, move |session| {
        Ok(session.acquit.add_mail_file(&name, &bytes, is_always)?)
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(MailFile::from(file))
}

/// Whether a file goes with every invoice.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_mail_file_always(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
    is_always: bool,
) -> Answer<MailLibrary> {
    let id: MailFileId = id.parse().map_err(|_| unknown())?;
    changed(app, desk, move |session| {
        Ok(session.acquit.set_mail_file_always(id, is_always)?)
    })
    .await
}

/// Takes a file away; mails that wait with it keep it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_mail_file(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
) -> Answer<MailLibrary> {
    let id: MailFileId = id.parse().map_err(|_| unknown())?;
    changed(app, desk, move |session| {
        Ok(session.acquit.remove_mail_file(id)?)
    })
    .await
}

async fn changed(
    app: AppHandle,
    desk: State<'_, Desk>,
    change: impl FnOnce(&Session) -> Answer<()> + Send + 'static,
) -> Answer<MailLibrary> {
    let now = at_the_desk(&desk.session()?, move |session| {
        change(session)?;
        library(session)
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(now)
}
