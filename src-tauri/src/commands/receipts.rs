//! Cheques, transfers and cash; and the check of payments by hand.

use tauri::{AppHandle, State};

use super::{Answer, invoice_id};
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

/// Asks PayPlug now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pull_now(desk: State<'_, Desk>) -> Answer<()> {
    desk.session()?.wake.notify_one();
    Ok(())
}
