//! Settings: the company, online payment, single fields, and pages outside.

use acquit_app::{Error, FormOf, InvoiceFilter};
use acquit_domain::link::{FileNature, LinkState, Mode};
use tauri::{AppHandle, State};
use tauri_plugin_opener::OpenerExt;
use zeroize::Zeroizing;

use super::invoices::browser_failure;
use super::{Answer, at_the_desk};
use crate::background::tell_changed;
use crate::dto::{CompanyForm, ConnectionPage, FieldError};
use crate::events::Source;
use crate::failure::Failure;
use crate::form::{self, FieldKind};
use crate::state::{Desk, Session};

/// Pages outside that the window may open, and no other.
const PAGES: [(&str, &str); 2] = [
    ("payplug_portal", "https://portal.payplug.com/"),
    ("payplug_sign_up", "https://www.payplug.com/fr/"),
];

/// Checks one field as typed; the sentence to show under it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_field(kind: FieldKind, text: String) -> Answer<Option<String>> {
    let today = acquit_app::Parts::system().today();
    let checked = form::field(kind, &text, today);
    Ok(checked.err().map(|rule| form::sentence(&rule)))
}

/// The company as typed last.
#[tauri::command]
#[specta::specta]
pub(crate) async fn company(desk: State<'_, Desk>) -> Answer<CompanyForm> {
    at_the_desk(&desk.session()?, |session| {
        let kept = session
            .acquit
            .kept_form(&FormOf::Company)?
            .and_then(|body| serde_json::from_str(&body).ok());
        match kept {
            Some(form) => Ok(form),
            None => Ok(CompanyForm::from(&session.acquit.company()?)),
        }
    })
    .await
}

/// Changes the company when all of it can be read; until then the text is kept as typed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_company(
    app: AppHandle,
    desk: State<'_, Desk>,
    form: CompanyForm,
) -> Answer<Vec<FieldError>> {
    let errors = at_the_desk(&desk.session()?, move |session| {
        match form::company(&form, None) {
            Ok(new) => {
                session.acquit.update_company(new)?;
                session.acquit.drop_form(&FormOf::Company)?;
                Ok(Vec::new())
            }
            Err(errors) => {
                let body = serde_json::to_string(&form)
                    .map_err(|_| Failure::from(Error::Inconsistent("form")))?;
                session.acquit.keep_form(&FormOf::Company, &body)?;
                Ok(errors)
            }
        }
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(errors)
}

/// *Paramètres › Paiement en ligne*.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connection(desk: State<'_, Desk>) -> Answer<ConnectionPage> {
    at_the_desk(&desk.session()?, connection_page).await
}

fn connection_page(session: &Session) -> Answer<ConnectionPage> {
    let outstanding = session.acquit.summaries(&InvoiceFilter {
        asked: acquit_app::Asked::Outstanding,
        ..InvoiceFilter::default()
    })?;
    let open = outstanding
        .iter()
        .filter(|row| matches!(row.link, Some(LinkState::Open(_))))
        .count();
    Ok(ConnectionPage::of(
        &session.acquit.connections()?,
        u32::try_from(open).unwrap_or(u32::MAX),
        session.acquit.nature()? == FileNature::Demonstration,
        session.pull(),
    ))
}

/// Goes back to a key that was kept, after PayPlug has confirmed it again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn use_mode(
    app: AppHandle,
    desk: State<'_, Desk>,
    mode: String,
) -> Answer<ConnectionPage> {
    let mode = [Mode::Test, Mode::Live]
        .into_iter()
        .find(|known| known.code() == mode)
        .ok_or_else(|| Failure::unknown_word("mode"))?;
    let session = desk.session()?;
    session.acquit.use_mode(mode).await?;
    session.wake.notify_one();
    tell_changed(&app, Source::User);
    at_the_desk(&session, connection_page).await
}

/// Whether 3-D Secure is asked for each payment, from the next link on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_force_3ds(
    app: AppHandle,
    desk: State<'_, Desk>,
    is_forced: bool,
) -> Answer<()> {
    at_the_desk(&desk.session()?, move |session| {
        Ok(session.acquit.set_force_3ds(is_forced)?)
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(())
}

/// Checks a secret key with PayPlug and keeps it in the keychain; it is never given back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connect(
    app: AppHandle,
    desk: State<'_, Desk>,
    key: String,
) -> Answer<ConnectionPage> {
    let key = Zeroizing::new(key);
    let session = desk.session()?;
    session
        .acquit
        .connect(key.trim(), desk.api_base.as_deref())
        .await?;
    session.wake.notify_one();
    tell_changed(&app, Source::User);
    at_the_desk(&session, connection_page).await
}

/// Takes the connection back: the key leaves the keychain.
#[tauri::command]
#[specta::specta]
pub(crate) async fn disconnect(app: AppHandle, desk: State<'_, Desk>) -> Answer<ConnectionPage> {
    let session = desk.session()?;
    session.acquit.disconnect().await?;
    session.wake.notify_one();
    tell_changed(&app, Source::User);
    at_the_desk(&session, connection_page).await
}

/// Opens one of the known pages outside.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_page(app: AppHandle, page: String) -> Answer<()> {
    let known = PAGES.iter().find(|(name, _)| *name == page);
    let (_, url) = known.ok_or_else(|| Failure::unknown_word("page"))?;
    app.opener()
        .open_url(*url, None::<&str>)
        .map_err(|error| browser_failure(&error))
}
