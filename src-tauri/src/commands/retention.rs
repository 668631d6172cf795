//! The release of a retention, and the renditions of a document that left.

use acquit_app::{Document, Sha256Hex};
use tauri::{AppHandle, State};
use tauri_plugin_opener::OpenerExt;

use super::invoices::browser_failure;
use super::{Answer, at_the_desk, invoice_id, write_below};
use crate::background::tell_changed;
use crate::events::Source;
use crate::failure::Failure;
use crate::state::Desk;

/// Characters of a hash in the name of a file: enough to tell renditions apart.
const HASH_SHOWN: usize = 8;

/// Releases the retention of an invoice today: it is due, and a link for it is asked for in the
/// background.
#[tauri::command]
#[specta::specta]
pub(crate) async fn release_retention(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
) -> Answer<()> {
    let id = invoice_id(&id)?;
    let session = desk.session()?;
    at_the_desk(&session, move |session| {
        session.acquit.release_retention(id, None)?;
        Ok(())
    })
    .await?;
    session.wake.notify_one();
    tell_changed(&app, Source::User);
    Ok(())
}

/// Opens a rendition that left, exactly as it left, in the program that shows PDFs.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_rendition(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
    sha256: String,
) -> Answer<()> {
    let id = invoice_id(&id)?;
    let Ok(sha256) = Sha256Hex::parse(&sha256) else {
        return Err(Failure::unknown_word("sha256"));
    };
    let folder = desk.documents("Factures").join("Exemplaires remis");
    let path = at_the_desk(&desk.session()?, move |session| {
        let bytes = session.acquit.rendition(&sha256)?;
        let short: String = sha256.as_str().chars().take(HASH_SHOWN).collect();
        let name = match session.acquit.invoice(id)?.document {
            Document::Finalised(document) => format!("{} ({short}).pdf", document.number),
            Document::Draft { .. } => format!("Brouillon-{id} ({short}).pdf"),
        };
        write_below(&folder, &name, &bytes)
    })
    .await?;
    app.opener()
        .open_path(path, None::<&str>)
        .map_err(|error| browser_failure(&error))
}
