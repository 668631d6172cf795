//! Cheques, transfers and cash; and the check of payments by hand.

use tauri::{AppHandle, State};

use super::{Answer, at_the_desk, invoice_id};
use crate::background::tell_changed;
use crate::dto::{FieldError, ReceiptForm};
use crate::events::Source;
use crate::form;
use crate::state::Desk;

/// Records a receipt. What cannot be read comes back field by field, and nothing is recorded.
#[tauri::command]
#[specta::specta]
pub(crate) async fn add_receipt(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
    form: ReceiptForm,
) -> Answer<Vec<FieldError>> {
    let id = invoice_id(&id)?;
    let session = desk.session()?;
    let new = match form::receipt(&form, session.acquit.today()) {
        Ok(new) => new,
        Err(errors) => return Ok(errors),
    };
    match session.acquit.add_receipt(id, new).await {
        Ok(_) => {}
        Err(acquit_app::Error::Broken(broken)) if broken.field != "id" => {
            return Ok(vec![form::field_error(&broken.field, &broken.rule)]);
        }
        Err(error) => return Err(error.into()),
    }
    session.wake.notify_one();
    tell_changed(&app, Source::User);
    Ok(Vec::new())
}

/// Asks PayPlug now, and the mail server for what met it out of reach: somebody asks, or the network is
/// back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pull_now(desk: State<'_, Desk>) -> Answer<()> {
    let session = desk.session()?;
    session.wake.notify_one();
    at_the_desk(&session, |session| Ok(session.acquit.network_is_back()?)).await?;
    session.post.notify_one();
    Ok(())
}
