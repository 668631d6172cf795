//! Deposits, situations and final invoices; drafts that are made from what is there.

use acquit_app::{Document, Error};
use acquit_domain::id::InvoiceId;
use tauri::{AppHandle, State};

use super::invoices::save;
use super::{Answer, at_the_desk, invoice_id};
use crate::background::tell_changed;
use crate::dto::{DeductibleRow, InvoiceForm, WorksSoFar};
use crate::events::Source;
use crate::form;
use crate::state::{Desk, Session};

/// Situations and deposits of a customer that nothing takes off yet; none of an unknown one, who may
/// still be in the making.
#[tauri::command]
#[specta::specta]
pub(crate) async fn deductible(
    desk: State<'_, Desk>,
    customer: String,
) -> Answer<Vec<DeductibleRow>> {
    at_the_desk(&desk.session()?, move |session| {
        match session.acquit.deductible(&customer) {
            Ok(found) => Ok(found.into_iter().map(Into::into).collect()),
            Err(Error::UnknownCustomer(_)) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    })
    .await
}

/// The works of a situation as far as they had come.
#[tauri::command]
#[specta::specta]
pub(crate) async fn works_so_far(desk: State<'_, Desk>, id: String) -> Answer<WorksSoFar> {
    let id = invoice_id(&id)?;
    at_the_desk(&desk.session()?, move |session| {
        match session.acquit.invoice(id)?.document {
            Document::Finalised(document) => {
                let content = document.content;
                Ok(WorksSoFar {
                    title: content.title.unwrap_or_default(),
                    discount_percent: form::shown_percent(content.discount),
                    lines: content.items.iter().map(form::line_of).collect(),
                })
            }
            Document::Draft { .. } => Err(Error::StillADraft.into()),
        }
    })
    .await
}

/// Makes a draft out of a document off the runtime's threads, and tells the window; the draft's id.
async fn drafted(
    app: &AppHandle,
    desk: &Desk,
    id: &str,
    make: fn(&Session, InvoiceId) -> Answer<InvoiceId>,
) -> Answer<String> {
    let id = invoice_id(id)?;
    let draft = at_the_desk(&desk.session()?, move |session| make(session, id)).await?;
    tell_changed(app, Source::User);
    Ok(draft.to_string())
}

/// A new draft that says the same as a draft or a document; its id.
#[tauri::command]
#[specta::specta]
pub(crate) async fn duplicate_invoice(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
) -> Answer<String> {
    drafted(&app, &desk, &id, duplicated).await
}

fn duplicated(session: &Session, id: InvoiceId) -> Answer<InvoiceId> {
    let acquit = &session.acquit;
    let kept = acquit.draft_form(id)?;
    let typed = kept.and_then(|row| form::kept_form(&row.body));
    let Some(typed) = typed else {
        return Ok(acquit.duplicate(id)?);
    };
    // What is not a draft yet is doubled as it was typed.
    let again = acquit.new_invoice_id();
    let is_deposit = typed.kind == "deposit";
    let kind = if is_deposit { "deposit" } else { "invoice" };
    let form = InvoiceForm {
        kind: kind.to_owned(),
        refers_to: Vec::new(),
        issue_date: String::new(),
        due_date: String::new(),
        ..typed
    };
    save(session, again, &form)?;
    Ok(again)
}

/// The draft of the situation after one; its id.
#[tauri::command]
#[specta::specta]
pub(crate) async fn next_situation(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
) -> Answer<String> {
    drafted(&app, &desk, &id, |session, id| {
        Ok(session.acquit.next_situation(id)?)
    })
    .await
}

/// The draft of the final invoice after a situation or a deposit; its id.
#[tauri::command]
#[specta::specta]
pub(crate) async fn final_invoice(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
) -> Answer<String> {
    drafted(&app, &desk, &id, |session, id| {
        Ok(session.acquit.final_invoice(id)?)
    })
    .await
}

/// Cancels an invoice with a full credit note and says the same again in a draft; the draft's id.
#[tauri::command]
#[specta::specta]
pub(crate) async fn correct_invoice(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
) -> Answer<String> {
    let id = invoice_id(&id)?;
    let session = desk.session()?;
    let draft = session.acquit.correct(id).await?;
    session.wake.notify_one();
    tell_changed(&app, Source::User);
    Ok(draft.to_string())
}
