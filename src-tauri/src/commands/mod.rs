//! What the window can ask for, one file a subject.
//!
//! Every command checks what it is given here in Rust: the window is a screen, not a judge.

pub(crate) mod account;
pub(crate) mod accounting;
pub(crate) mod attach;
pub(crate) mod bookkeeping;
pub(crate) mod bulk;
pub(crate) mod closing;
pub(crate) mod customers;
pub(crate) mod files;
pub(crate) mod invoices;
pub(crate) mod kinds;
pub(crate) mod library;
pub(crate) mod mailbox;
pub(crate) mod mails;
pub(crate) mod money_back;
pub(crate) mod numbering;
pub(crate) mod payments;
pub(crate) mod receipts;
pub(crate) mod reminders;
pub(crate) mod retention;
pub(crate) mod settings;
pub(crate) mod settling;
pub(crate) mod vat;

use std::path::Path;
use std::sync::Arc;

use acquit_app::Error;
use acquit_domain::id::InvoiceId;
use tauri::async_runtime::spawn_blocking;

use crate::failure::Failure;
use crate::state::Session;

/// What a command answers.
type Answer<T> = Result<T, Failure>;

/// Writes a file of the person's, in one of Acquit's own folders; its path.
fn write_below(folder: &Path, name: &str, bytes: &[u8]) -> Answer<String> {
    std::fs::create_dir_all(folder).map_err(|source| Failure::io(folder, source))?;
    let path = folder.join(name);
    std::fs::write(&path, bytes).map_err(|source| Failure::io(&path, source))?;
    Ok(path.display().to_string())
}

/// The id of an invoice as the window sends it back.
fn invoice_id(text: &str) -> Answer<InvoiceId> {
    text.parse()
        .map_err(|_| Error::UnknownInvoice(text.chars().take(40).collect()).into())
}

/// Runs what waits for the disk off the runtime's threads.
async fn at_the_desk<T: Send + 'static>(
    session: &Arc<Session>,
    work: impl FnOnce(&Session) -> Answer<T> + Send + 'static,
) -> Answer<T> {
    let session = Arc::clone(session);
    let done = spawn_blocking(move || work(&session)).await;
    done.map_err(|_| Failure::from(Error::Inconsistent("task")))?
}
