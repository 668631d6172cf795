//! *Paramètres › Messagerie*: the mailbox that mails leave through.

use tauri::{AppHandle, State};

use super::{Answer, at_the_desk};
use crate::background::tell_changed;
use crate::dto::{MailboxAnswer, MailboxForm, MailboxPage};
use crate::events::Source;
use crate::form;
use crate::state::{Desk, Session};

/// *Paramètres › Messagerie*.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mailbox(desk: State<'_, Desk>) -> Answer<MailboxPage> {
    at_the_desk(&desk.session()?, page).await
}

fn page(session: &Session) -> Answer<MailboxPage> {
    let acquit = &session.acquit;
    let mailbox = acquit.mailbox()?;
    Ok(MailboxPage::of(mailbox.as_ref(), &acquit.company()?))
}

/// Checks a mailbox with its server, sends a message to oneself through it, and keeps it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_mailbox(
    app: AppHandle,
    desk: State<'_, Desk>,
    form: MailboxForm,
) -> Answer<MailboxAnswer> {
    let session = desk.session()?;
    let errors = match form::mailbox(&form) {
        Ok(new) => {
            session.acquit.set_mailbox(new).await?;
            session.post.notify_one();
            tell_changed(&app, Source::User);
            Vec::new()
        }
        Err(errors) => errors,
    };
    let page = at_the_desk(&session, page).await?;
    Ok(MailboxAnswer { errors, page })
}

/// Takes the mailbox back: its password leaves the keychain.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forget_mailbox(app: AppHandle, desk: State<'_, Desk>) -> Answer<MailboxPage> {
    let session = desk.session()?;
    session.acquit.forget_mailbox().await?;
    tell_changed(&app, Source::User);
    at_the_desk(&session, page).await
}
