//! Reminders: proposed, looked at, sent in one go.

use acquit_app::{Chosen, Error};
use acquit_domain::limits::BULK_MAX;
use tauri::{AppHandle, State};

use super::{Answer, at_the_desk, bulk::invoice_ids};
use crate::background::tell_changed;
use crate::dto::{
    MailPreview, ReminderChoice, ReminderPlanAnswer, ReminderPlanForm, RemindersPage, RemindersSent,
};
use crate::events::Source;
use crate::form;
use crate::state::Desk;

fn chosen(choice: ReminderChoice) -> Answer<Chosen> {
    let invoices = invoice_ids(&choice.invoices)?;
    Ok(choice.chosen(invoices))
}

/// What is proposed this morning.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reminders(desk: State<'_, Desk>) -> Answer<RemindersPage> {
    at_the_desk(&desk.session()?, |session| {
        let acquit = &session.acquit;
        let has_mailbox = acquit.from_address()?.is_some();
        let proposals = acquit.proposed_reminders()?;
        Ok(RemindersPage::of(proposals, has_mailbox, acquit.today()))
    })
    .await
}

/// What a proposed mail says now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_reminder(
    desk: State<'_, Desk>,
    choice: ReminderChoice,
) -> Answer<MailPreview> {
    let chosen = chosen(choice)?;
    at_the_desk(&desk.session()?, move |session| {
        Ok(MailPreview::of(
            session.acquit.preview_reminder(&chosen)?,
            Vec::new(),
        ))
    })
    .await
}

/// Queues the mails that are wanted.
#[tauri::command]
#[specta::specta]
pub(crate) async fn send_reminders(
    app: AppHandle,
    desk: State<'_, Desk>,
    choices: Vec<ReminderChoice>,
) -> Answer<RemindersSent> {
    if choices.len() > BULK_MAX {
        return Err(Error::NotABatch.into());
    }
    let chosen = choices
        .into_iter()
        .map(chosen)
        .collect::<Answer<Vec<_>>>()?;
    let session = desk.session()?;
    let sent = at_the_desk(&session, move |session| {
        Ok(session.acquit.send_reminders(&chosen)?)
    })
    .await?;
    session.post.notify_one();
    tell_changed(&app, Source::User);
    Ok(sent.into())
}

/// Proposes no reminder of some invoices for a week.
#[tauri::command]
#[specta::specta]
pub(crate) async fn postpone_reminders(
    app: AppHandle,
    desk: State<'_, Desk>,
    ids: Vec<String>,
) -> Answer<()> {
    let ids = invoice_ids(&ids)?;
    at_the_desk(&desk.session()?, move |session| {
        Ok(session.acquit.postpone_reminders(&ids)?)
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(())
}

/// The owner's plan.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reminder_plan(desk: State<'_, Desk>) -> Answer<ReminderPlanForm> {
    at_the_desk(&desk.session()?, |session| {
        Ok(ReminderPlanForm::from(&session.acquit.reminder_plan()?))
    })
    .await
}

/// Keeps the owner's plan, or says what is wrong with it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_reminder_plan(
    app: AppHandle,
    desk: State<'_, Desk>,
    form: ReminderPlanForm,
) -> Answer<ReminderPlanAnswer> {
    let plan = match form::reminder_plan(&form) {
        Ok(plan) => plan,
        Err(errors) => return Ok(ReminderPlanAnswer { errors }),
    };
    at_the_desk(&desk.session()?, move |session| {
        Ok(session.acquit.set_reminder_plan(&plan)?)
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(ReminderPlanAnswer { errors: Vec::new() })
}

/// Proposes reminders for a customer, or no more.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_reminded(
    app: AppHandle,
    desk: State<'_, Desk>,
    code: String,
    is_reminded: bool,
) -> Answer<()> {
    at_the_desk(&desk.session()?, move |session| {
        Ok(session.acquit.set_reminded(&code, is_reminded)?)
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(())
}
