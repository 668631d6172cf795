//! Many invoices sent at once.

use acquit_domain::id::{InvoiceId, MailId};
use tauri::{AppHandle, State};

use super::mails::mail_id;
use super::{Answer, at_the_desk, invoice_id};
use crate::background::tell_changed;
use crate::dto::{BulkForm, BulkPlan, BulkStanding};
use crate::events::Source;
use crate::state::Desk;

pub(super) fn invoice_ids(texts: &[String]) -> Answer<Vec<InvoiceId>> {
    texts.iter().map(|text| invoice_id(text)).collect()
}

fn mail_ids(texts: &[String]) -> Answer<Vec<MailId>> {
    texts.iter().map(|text| mail_id(text)).collect()
}

/// What sending these invoices at once will do.
#[tauri::command]
#[specta::specta]
pub(crate) async fn bulk_plan(desk: State<'_, Desk>, ids: Vec<String>) -> Answer<BulkPlan> {
    let ids = invoice_ids(&ids)?;
    at_the_desk(&desk.session()?, move |session| {
        Ok(BulkPlan::from(session.acquit.bulk_plan(&ids)?))
    })
    .await
}

/// Queues one mail for each invoice that can leave; the ids of the mails.
#[tauri::command]
#[specta::specta]
pub(crate) async fn send_bulk(
    app: AppHandle,
    desk: State<'_, Desk>,
    form: BulkForm,
) -> Answer<Vec<String>> {
    let order = form.order(invoice_ids(&form.ids)?);
    let session = desk.session()?;
    let mails = at_the_desk(&session, move |session| {
        Ok(session.acquit.queue_bulk(&order)?)
    })
    .await?;
    session.post.notify_one();
    tell_changed(&app, Source::User);
    Ok(mails.iter().map(ToString::to_string).collect())
}

/// Where the mails of a batch stand.
#[tauri::command]
#[specta::specta]
pub(crate) async fn bulk_standing(
    desk: State<'_, Desk>,
    mails: Vec<String>,
) -> Answer<BulkStanding> {
    let mails = mail_ids(&mails)?;
    at_the_desk(&desk.session()?, move |session| {
        Ok(BulkStanding::from(session.acquit.bulk_standing(&mails)?))
    })
    .await
}

/// Takes back all mails of a batch that still wait; where the batch stands then.
#[tauri::command]
#[specta::specta]
pub(crate) async fn stop_bulk(
    app: AppHandle,
    desk: State<'_, Desk>,
    mails: Vec<String>,
) -> Answer<BulkStanding> {
    let mails = mail_ids(&mails)?;
    let session = desk.session()?;
    let standing = at_the_desk(&session, move |session| {
        session.acquit.stop_bulk(&mails)?;
        Ok(BulkStanding::from(session.acquit.bulk_standing(&mails)?))
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(standing)
}
