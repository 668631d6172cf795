//! Mails about invoices: written, queued, looked at, decided upon.

use acquit_app::{Document, Error, FormOf, InvoiceView, NewMail, message};
use acquit_domain::id::{InvoiceId, MailId};
use acquit_domain::link::LinkState;
use acquit_domain::text::Email;
use tauri::{AppHandle, State};
use tauri_plugin_opener::OpenerExt;

use super::library::library;
use super::{Answer, at_the_desk, invoice_id};
use crate::background::tell_changed;
use crate::dto::{
    Composer, FieldError, InvoiceRow, MailAnswer, MailForm, MailPage, MailPreview, MailProposal,
    eml_name,
};
use crate::events::Source;
use crate::failure::Failure;
use crate::form::{self, field_error};
use crate::state::{Desk, Session};

/// The id of a mail as the window sends it back.
pub(super) fn mail_id(text: &str) -> Answer<MailId> {
    text.parse().map_err(|_| Error::UnknownMail.into())
}

/// The mail of an invoice as its composer opens it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compose_mail(desk: State<'_, Desk>, id: String) -> Answer<Composer> {
    let id = invoice_id(&id)?;
    at_the_desk(&desk.session()?, move |session| composer(session, id)).await
}

fn composer(session: &Session, id: InvoiceId) -> Answer<Composer> {
    let acquit = &session.acquit;
    let proposed = acquit.compose(id)?;
    let kept = acquit.kept_form(&FormOf::Mail(id))?;
    let kept = kept.and_then(|body| serde_json::from_str(&body).ok());
    let form = kept.unwrap_or_else(|| form_of(proposed.mail));
    let view = acquit.invoice(id)?;
    Ok(Composer {
        row: InvoiceRow::of(acquit.summary(id)?, acquit.today()),
        form,
        proposals: proposed
            .proposals
            .into_iter()
            .map(MailProposal::from)
            .collect(),
        library: library(session)?,
        pdf: proposed.pdf,
        from: proposed.from.map(|(_, address)| address.to_string()),
        no_link: no_link(&view),
        is_demonstration: session.is_demonstration(),
    })
}

/// A mail as it can be typed on.
fn form_of(mail: NewMail) -> MailForm {
    let listed = |emails: &[Email]| {
        let emails: Vec<&str> = emails.iter().map(Email::as_str).collect();
        emails.join(", ")
    };
    MailForm {
        to: listed(&mail.recipients.to),
        cc: listed(&mail.recipients.cc),
        copy_to_self: mail.recipients.copy_to_self,
        subject: mail.subject,
        body: mail.body,
        files: mail.files.iter().map(ToString::to_string).collect(),
    }
}

/// Why no link goes with a mail of an invoice that is still to be paid.
fn no_link(view: &InvoiceView) -> Option<String> {
    let Document::Finalised(document) = &view.document else {
        return None;
    };
    if !document.is_invoice() || !view.standing.payable().is_positive() {
        return None;
    }
    match view.link.as_ref().map(|link| &link.state) {
        Some(LinkState::Refused { reason }) => Some(message::refusal(*reason).fr),
        _ => None,
    }
}

/// Keeps what is typed of a mail.
#[tauri::command]
#[specta::specta]
pub(crate) async fn keep_mail(desk: State<'_, Desk>, id: String, form: MailForm) -> Answer<()> {
    let id = invoice_id(&id)?;
    at_the_desk(&desk.session()?, move |session| {
        let body =
            serde_json::to_string(&form).map_err(|_| Failure::from(Error::Inconsistent("form")))?;
        Ok(session.acquit.keep_form(&FormOf::Mail(id), &body)?)
    })
    .await
}

/// What the customer will see, and what cannot be sent like that.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_mail(
    desk: State<'_, Desk>,
    id: String,
    form: MailForm,
) -> Answer<MailPreview> {
    let id = invoice_id(&id)?;
    at_the_desk(&desk.session()?, move |session| {
        let read = form::mail(id, &form);
        let mut errors = read.errors;
        match session.acquit.preview_mail(&read.mail) {
            Ok(shown) => Ok(MailPreview::of(shown, errors)),
            Err(Error::Broken(broken)) => {
                errors.push(field_error(&broken.field, &broken.rule));
                Ok(MailPreview {
                    errors,
                    ..MailPreview::default()
                })
            }
            Err(error) => Err(error.into()),
        }
    })
    .await
}

/// Queues a mail; nothing is queued when something cannot be read.
#[tauri::command]
#[specta::specta]
pub(crate) async fn send_mail(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
    form: MailForm,
) -> Answer<MailAnswer> {
    let id = invoice_id(&id)?;
    let session = desk.session()?;
    let answer = at_the_desk(&session, move |session| {
        let read = form::mail(id, &form);
        if !read.errors.is_empty() {
            return Ok(answer(read.errors));
        }
        judged(session.acquit.queue_mail(read.mail).map(drop))
    })
    .await?;
    if answer.is_done {
        session.post.notify_one();
        tell_changed(&app, Source::User);
    }
    Ok(answer)
}

fn answer(errors: Vec<FieldError>) -> MailAnswer {
    MailAnswer {
        is_done: errors.is_empty(),
        errors,
    }
}

fn judged(outcome: Result<(), Error>) -> Answer<MailAnswer> {
    super::library::refused(outcome).map(answer)
}

/// Opens the mail in the person's own mail program.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_mail_elsewhere(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
    form: MailForm,
) -> Answer<MailAnswer> {
    let id = invoice_id(&id)?;
    let session = desk.session()?;
    let read = form::mail(id, &form);
    if !read.errors.is_empty() {
        return Ok(answer(read.errors));
    }
    let name = eml_name(&session.acquit.compose(id)?.pdf);
    let prepared = match session.acquit.mail_elsewhere(read.mail).await {
        Ok(prepared) => prepared,
        Err(error) => return judged(Err(error)),
    };
    // A folder of its own: another program may still have the one before open.
    let stamp = session.acquit.now().as_millisecond().to_string();
    let folder = desk.documents("E-mails").join(stamp);
    let path = folder.join(name);
    std::fs::create_dir_all(&folder).map_err(|source| Failure::io(&folder, source))?;
    std::fs::write(&path, &prepared.bytes).map_err(|source| Failure::io(&path, source))?;
    let opened = app
        .opener()
        .open_path(path.display().to_string(), None::<&str>);
    if let Err(error) = opened {
        tracing::warn!(%error, "no mail program opened");
        return Err(Failure::new(
            "no_mail_program",
            &format!(
                "Aucune messagerie ne s’est ouverte. Le message est prêt dans {} : ouvrez-le de là.",
                path.display()
            ),
        ));
    }
    session.acquit.opened_elsewhere(prepared)?;
    tell_changed(&app, Source::User);
    Ok(answer(Vec::new()))
}

/// A short text with the link, for a telephone.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sms_text(desk: State<'_, Desk>, id: String) -> Answer<String> {
    let id = invoice_id(&id)?;
    Ok(desk.session()?.acquit.sms_text(id).await?)
}

/// One mail, as it was written.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mail(desk: State<'_, Desk>, id: String) -> Answer<MailPage> {
    let id = mail_id(&id)?;
    at_the_desk(&desk.session()?, move |session| {
        Ok(MailPage::from(session.acquit.mail(id)?))
    })
    .await
}

/// Tries a mail again at once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn retry_mail(app: AppHandle, desk: State<'_, Desk>, id: String) -> Answer<()> {
    let id = mail_id(&id)?;
    moved(app, desk, move |session| {
        Ok(session.acquit.retry_mail(id)?)
    })
    .await
}

/// Takes a mail back that has not left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn withdraw_mail(app: AppHandle, desk: State<'_, Desk>, id: String) -> Answer<()> {
    let id = mail_id(&id)?;
    moved(app, desk, move |session| {
        Ok(session.acquit.withdraw_mail(id)?)
    })
    .await
}

/// What became of a mail whose outcome is unclear.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settle_mail(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
    has_arrived: bool,
) -> Answer<()> {
    let id = mail_id(&id)?;
    moved(app, desk, move |session| {
        Ok(session.acquit.settle_mail(id, has_arrived)?)
    })
    .await
}

async fn moved(
    app: AppHandle,
    desk: State<'_, Desk>,
    change: impl FnOnce(&Session) -> Answer<()> + Send + 'static,
) -> Answer<()> {
    let session = desk.session()?;
    at_the_desk(&session, change).await?;
    session.post.notify_one();
    tell_changed(&app, Source::User);
    Ok(())
}
