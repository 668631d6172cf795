//! Invoices: the home screen, the list, the editor, the page of one.

use acquit_app::{Document, Error, InvoiceFilter, InvoiceView, SavedDraft, Way};
use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::link::{FileNature, LinkState};
use tauri::{AppHandle, State};
use tauri_plugin_opener::OpenerExt;

use super::{Answer, at_the_desk, invoice_id, write_below};
use crate::background::tell_changed;
use crate::dto::{
    CustomerChoice, DraftAnswer, DraftForm, Home, InvoiceForm, InvoicePage, InvoiceRow, ListCounts,
    ListPart, ListQuery, NamedDocument,
};
use crate::events::Source;
use crate::failure::Failure;
use crate::form::{self, ReadDraft};
use crate::state::{Desk, Session};

/// The first screen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn home(desk: State<'_, Desk>) -> Answer<Home> {
    at_the_desk(&desk.session()?, |session| {
        let acquit = &session.acquit;
        let is_connected = acquit.connection()?.is_some();
        let documents = acquit.list_counts()?.all;
        Ok(Home::of(
            acquit.home()?,
            acquit.today(),
            documents,
            is_connected,
        ))
    })
    .await
}

/// A page of the list; typed text that never was a draft stands at its top.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_invoices(
    desk: State<'_, Desk>,
    query: ListQuery,
) -> Answer<Vec<InvoiceRow>> {
    let after = query.after.as_deref().map(invoice_id).transpose()?;
    at_the_desk(&desk.session()?, move |session| {
        let today = session.acquit.today();
        let mut rows = Vec::new();
        let wants_drafts = matches!(query.part, ListPart::All | ListPart::Drafts);
        if after.is_none() && wants_drafts && query.words.trim().is_empty() {
            let unfinished = session.acquit.unfinished_drafts()?;
            rows.extend(
                unfinished
                    .into_iter()
                    .map(|(id, form)| InvoiceRow::unfinished(id.to_string(), form.label)),
            );
        }
        let filter = InvoiceFilter {
            asked: query.part.asked(today),
            words: query.words.chars().take(200).collect(),
            limit: query.limit,
            after,
        };
        let summaries = session.acquit.summaries(&filter)?;
        rows.extend(
            summaries
                .into_iter()
                .map(|summary| InvoiceRow::of(summary, today)),
        );
        Ok(rows)
    })
    .await
}

/// Counts beside the saved filters.
#[tauri::command]
#[specta::specta]
pub(crate) async fn invoice_counts(desk: State<'_, Desk>) -> Answer<ListCounts> {
    at_the_desk(&desk.session()?, |session| {
        let mut counts = ListCounts::from(session.acquit.list_counts()?);
        let unfinished = session.acquit.unfinished_drafts()?.len();
        let unfinished = u32::try_from(unfinished).unwrap_or(u32::MAX);
        counts.all = counts.all.saturating_add(unfinished);
        counts.drafts = counts.drafts.saturating_add(unfinished);
        Ok(counts)
    })
    .await
}

/// Everything known of one invoice.
#[tauri::command]
#[specta::specta]
pub(crate) async fn invoice(desk: State<'_, Desk>, id: String) -> Answer<InvoicePage> {
    let id = invoice_id(&id)?;
    at_the_desk(&desk.session()?, move |session| page(session, id)).await
}

fn page(session: &Session, id: InvoiceId) -> Answer<InvoicePage> {
    let acquit = &session.acquit;
    let view = acquit.invoice(id)?;
    let summary = acquit.summary(id)?;
    let events = acquit.timeline(id)?;
    let on_card = match &view.document {
        Document::Finalised(document) if document.is_invoice() => acquit.refund_terms(id)?,
        _ => None,
    };
    let (mails, renditions) = (acquit.mails_of(id)?, acquit.renditions_of(id)?);
    let on_card = on_card.map_or(Cents::ZERO, |terms| terms.refundable);
    let deducted_by = match acquit.deducted_by(id)? {
        Some(number) => {
            let later = acquit.resolve(&number.to_string())?;
            Some(NamedDocument::new(later, &number))
        }
        None => None,
    };
    let page = InvoicePage::of(
        &view,
        summary,
        &events,
        on_card,
        &mails,
        &renditions,
        acquit.today(),
    );
    Ok(page.deducted_in(deducted_by))
}

/// A new draft's id. Nothing is kept before something is typed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn new_draft(desk: State<'_, Desk>) -> Answer<String> {
    Ok(desk.session()?.acquit.new_invoice_id().to_string())
}

/// The draft with an id as the editor opens it: as typed, as accepted, or new.
#[tauri::command]
#[specta::specta]
pub(crate) async fn draft(desk: State<'_, Desk>, id: String) -> Answer<DraftForm> {
    let id = invoice_id(&id)?;
    at_the_desk(&desk.session()?, move |session| {
        let acquit = &session.acquit;
        let (form, answer) = opened(session, id)?;
        let company = acquit.company()?;
        let customers = acquit.customers()?;
        Ok(DraftForm {
            id: id.to_string(),
            answer,
            payment_days: company.payment_days,
            franchise: company.franchise,
            customers: customers.into_iter().map(choice).collect(),
            form,
        })
    })
    .await
}

/// The form of a draft with what follows from it.
fn opened(session: &Session, id: InvoiceId) -> Answer<(InvoiceForm, DraftAnswer)> {
    let acquit = &session.acquit;
    let kept = acquit.draft_form(id)?;
    let typed = kept.as_ref().and_then(|row| form::kept_form(&row.body));
    if let Some(form) = typed {
        let answer = save(session, id, &form)?;
        return Ok((form, answer));
    }
    match acquit.invoice(id) {
        // Text that was kept and cannot be read any more gives way to the draft.
        Ok(view) if kept.is_some() => {
            let form = accepted_form(&view)?;
            let answer = save(session, id, &form)?;
            Ok((form, answer))
        }
        Ok(view) => {
            let form = accepted_form(&view)?;
            let answer = looked_at(session, view, &form)?;
            Ok((form, answer))
        }
        Err(Error::UnknownInvoice(_)) => {
            let form = InvoiceForm {
                kind: "invoice".to_owned(),
                operation: "services".to_owned(),
                lines: vec![form::new_line(&acquit.company()?)],
                ..InvoiceForm::default()
            };
            let amounts = vec![None; form.lines.len()];
            Ok((form, DraftAnswer::refused(Vec::new(), amounts)))
        }
        Err(error) => Err(error.into()),
    }
}

fn accepted_form(view: &InvoiceView) -> Answer<InvoiceForm> {
    match &view.document {
        Document::Draft {
            draft, customer, ..
        } => Ok(form::form_of(draft, &customer.code)),
        Document::Finalised(_) => Err(Error::NotADraft.into()),
    }
}

/// What follows from an accepted draft that is only looked at: nothing is written.
fn looked_at(session: &Session, view: InvoiceView, form: &InvoiceForm) -> Answer<DraftAnswer> {
    let acquit = &session.acquit;
    let Document::Draft { totals, .. } = view.document else {
        return Err(Error::NotADraft.into());
    };
    let read = form::draft(form, &acquit.company()?, acquit.today());
    let mut answer = match &read.draft {
        Ok(_) => {
            let saved = SavedDraft {
                totals,
                missing: view.missing,
                obstacles: view.obstacles,
            };
            accepted(&saved, &read)
        }
        Err(errors) => DraftAnswer::refused(errors.clone(), read.line_amounts),
    };
    // What stands in the file is what is shown.
    answer.saved_at = Some(acquit.now().to_string());
    Ok(answer)
}

/// What follows from an accepted draft, with what still stops finalising it at its fields.
fn accepted(saved: &SavedDraft, read: &ReadDraft) -> DraftAnswer {
    let obstacles = saved.obstacles.iter();
    let obstacles = obstacles.map(|broken| read.place(&broken.field, &broken.rule));
    DraftAnswer::accepted(saved, obstacles.collect(), read.line_amounts.clone())
}

fn choice(customer: acquit_domain::customer::Customer) -> CustomerChoice {
    let address = customer.address;
    CustomerChoice {
        code: customer.code,
        name: customer.name,
        address: format!("{}, {} {}", address.line1, address.postcode, address.city),
        city: address.city,
    }
}

/// Keeps a draft as typed, computes it, and says what cannot be read.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_draft(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
    form: InvoiceForm,
) -> Answer<DraftAnswer> {
    let id = invoice_id(&id)?;
    let answer = at_the_desk(&desk.session()?, move |session| save(session, id, &form)).await?;
    tell_changed(&app, Source::User);
    Ok(answer)
}

/// Saves a draft as typed, or keeps the text that is none yet.
pub(super) fn save(session: &Session, id: InvoiceId, form: &InvoiceForm) -> Answer<DraftAnswer> {
    let acquit = &session.acquit;
    let company = acquit.company()?;
    let mut read = form::draft(form, &company, acquit.today());
    let draft = std::mem::replace(&mut read.draft, Err(Vec::new()));
    let errors = match draft {
        Ok(new) => match acquit.save_draft(id, new) {
            Ok(saved) => {
                let mut answer = accepted(&saved, &read);
                answer.saved_at = Some(acquit.now().to_string());
                return Ok(answer);
            }
            Err(Error::Broken(broken)) => vec![read.place(&broken.field, &broken.rule)],
            Err(error @ Error::UnknownCustomer(_)) => {
                let failure = Failure::from(error);
                vec![crate::dto::FieldError {
                    field: "customer".to_owned(),
                    code: failure.code,
                    sentence: failure.sentence,
                }]
            }
            Err(error) => return Err(error.into()),
        },
        Err(errors) => errors,
    };
    let label = acquit
        .customer(&form.customer)
        .map_or_else(|_| form.title.clone(), |customer| customer.name);
    let body =
        serde_json::to_string(form).map_err(|_| Failure::from(Error::Inconsistent("form")))?;
    acquit.keep_draft_form(id, &label, &body)?;
    let mut answer = DraftAnswer::refused(errors, read.line_amounts);
    answer.saved_at = Some(acquit.now().to_string());
    Ok(answer)
}

/// Deletes a draft.
#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_draft(app: AppHandle, desk: State<'_, Desk>, id: String) -> Answer<()> {
    let id = invoice_id(&id)?;
    at_the_desk(&desk.session()?, move |session| {
        Ok(session.acquit.delete_draft(id)?)
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(())
}

/// Gives a draft its number. Its link is asked for right after, in the background.
#[tauri::command]
#[specta::specta]
pub(crate) async fn finalise_invoice(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
) -> Answer<InvoicePage> {
    let id = invoice_id(&id)?;
    let session = desk.session()?;
    session.acquit.issue(id).await?;
    let finalised = at_the_desk(&session, move |session| page(session, id)).await?;
    session.wake.notify_one();
    tell_changed(&app, Source::User);
    Ok(finalised)
}

/// Cancels an invoice with a full credit note; the credit note's id.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_invoice(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
) -> Answer<String> {
    let id = invoice_id(&id)?;
    let session = desk.session()?;
    let note = session.acquit.cancel(id).await?;
    session.wake.notify_one();
    tell_changed(&app, Source::User);
    Ok(note.id.to_string())
}

/// The pages of a draft or a document as SVG pictures.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_invoice(desk: State<'_, Desk>, id: String) -> Answer<Vec<String>> {
    let id = invoice_id(&id)?;
    at_the_desk(&desk.session()?, move |session| {
        Ok(session.acquit.preview(id)?)
    })
    .await
}

/// Writes the PDF, or a duplicate of it, below the person's documents; its path.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_invoice_pdf(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
    duplicate: bool,
) -> Answer<String> {
    let id = invoice_id(&id)?;
    let session = desk.session()?;
    let printed = session.acquit.printed(id, duplicate).await?;
    let folder = desk.documents("Factures");
    let path = at_the_desk(&session, move |session| {
        let name = match session.acquit.invoice(id)?.document {
            Document::Finalised(document) => document.number.in_file_name(),
            Document::Draft { .. } => format!("Brouillon-{id}"),
        };
        let suffix = if duplicate { " duplicata" } else { "" };
        let path = write_below(&folder, &format!("{name}{suffix}.pdf"), &printed.bytes)?;
        session.acquit.rendition_left(&printed, Way::File)?;
        Ok(path)
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(path)
}

/// Opens an invoice's payment page in the browser. Only an address that was accepted when it came
/// from PayPlug (or the loopback simulator of a demonstration or trial) is stored, and only such
/// an address is opened.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_link(app: AppHandle, desk: State<'_, Desk>, id: String) -> Answer<()> {
    let id = invoice_id(&id)?;
    let session = desk.session()?;
    let url = at_the_desk(&session, move |session| {
        match session.acquit.invoice(id)?.link.map(|link| link.state) {
            Some(LinkState::Open(hosted)) => Ok(hosted.url),
            _ => Err(Failure::new(
                "no_open_link",
                "Cette facture n’a pas de lien de paiement actif.",
            )),
        }
    })
    .await?;
    let is_real = session.acquit.nature()? == FileNature::Real;
    if is_real && !url.starts_with("https://") {
        return Err(Failure::new(
            "address_refused",
            "Cette adresse n’est pas celle de PayPlug : elle n’a pas été ouverte.",
        ));
    }
    app.opener()
        .open_url(url, None::<&str>)
        .map_err(|error| browser_failure(&error))
}

pub(super) fn browser_failure(error: &tauri_plugin_opener::Error) -> Failure {
    tracing::warn!(%error, "the browser did not open");
    Failure::new(
        "no_browser",
        "Le navigateur ne s’est pas ouvert : copiez l’adresse et collez-la dans votre navigateur.",
    )
}
