//! Money given back: refunds, chargebacks, the decision after them, credit notes for a part.

use acquit_app::Error;
use acquit_domain::link::LinkState;
use tauri::{AppHandle, State};

use super::{Answer, at_the_desk, invoice_id};
use crate::background::tell_changed;
use crate::dto::{
    ChargebackForm, CreditAnswer, DecisionWord, FieldError, Outcome, RefundAnswer, RefundForm,
    RefundPlan,
};
use crate::events::Source;
use crate::failure::Failure;
use crate::form;
use crate::state::Desk;

/// What can be given back of an invoice that was paid by card.
#[tauri::command]
#[specta::specta]
pub(crate) async fn refund_terms(desk: State<'_, Desk>, id: String) -> Answer<RefundPlan> {
    let id = invoice_id(&id)?;
    at_the_desk(&desk.session()?, move |session| {
        let terms = session.acquit.refund_terms(id)?;
        let terms = terms.ok_or(Error::NoCardReceipt)?;
        Ok(RefundPlan::of(&terms, session.acquit.now()))
    })
    .await
}

/// Gives a card payment back. What cannot be read comes back field by field, and nothing is asked
/// for; what PayPlug has not confirmed yet goes on in the background.
#[tauri::command]
#[specta::specta]
pub(crate) async fn refund_invoice(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
    form: RefundForm,
) -> Answer<RefundAnswer> {
    let id = invoice_id(&id)?;
    let refused = |errors| RefundAnswer {
        errors,
        is_done: false,
    };
    let amount = if form.is_whole {
        None
    } else {
        match form::amount(&form.amount) {
            Ok(amount) => Some(amount),
            Err(errors) => return Ok(refused(errors)),
        }
    };
    let session = desk.session()?;
    let outcome = session.acquit.refund(id, amount).await;
    session.wake.notify_one();
    tell_changed(&app, Source::User);
    match outcome {
        Ok(_) => Ok(RefundAnswer {
            errors: Vec::new(),
            is_done: true,
        }),
        // Kept, and gone on with in the background: the invoice says so.
        Err(Error::RefundWaits | Error::RefundUnclear) => Ok(refused(Vec::new())),
        Err(error) => field_errors(error).map(refused),
    }
}

/// Takes back a refund that no request ever left for.
#[tauri::command]
#[specta::specta]
pub(crate) async fn withdraw_refund(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
    wish: String,
) -> Answer<()> {
    let id = invoice_id(&id)?;
    let wish = parsed(&wish, "wish")?;
    at_the_desk(&desk.session()?, move |session| {
        session.acquit.withdraw_refund(id, wish)?;
        Ok(())
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(())
}

/// Records that the customer's bank took a card payment back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn record_chargeback(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
    form: ChargebackForm,
) -> Answer<Vec<FieldError>> {
    let id = invoice_id(&id)?;
    let errors = at_the_desk(&desk.session()?, move |session| {
        let new = match form::chargeback(&form, session.acquit.today()) {
            Ok(new) => new,
            Err(errors) => return Ok(errors),
        };
        match session.acquit.record_chargeback(id, new) {
            Ok(_) => Ok(Vec::new()),
            Err(error) => field_errors(error),
        }
    })
    .await?;
    told_or_not(&app, &errors);
    Ok(errors)
}

/// Notes how a chargeback ended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn close_chargeback(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
    chargeback: String,
    outcome: Outcome,
    date: String,
) -> Answer<Vec<FieldError>> {
    let id = invoice_id(&id)?;
    let chargeback = parsed(&chargeback, "chargeback")?;
    let session = desk.session()?;
    let errors = at_the_desk(&session, move |session| {
        let date = match form::optional_date(&date, session.acquit.today()) {
            Ok(date) => date,
            Err(errors) => return Ok(errors),
        };
        let closed = session
            .acquit
            .close_chargeback(id, chargeback, outcome.into(), date);
        match closed {
            Ok(_) => Ok(Vec::new()),
            Err(error) => field_errors(error),
        }
    })
    .await?;
    session.wake.notify_one();
    told_or_not(&app, &errors);
    Ok(errors)
}

/// Decides what becomes of money that went back; the credit note's id, where there is one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn decide_invoice(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
    decision: DecisionWord,
) -> Answer<Option<String>> {
    let id = invoice_id(&id)?;
    let session = desk.session()?;
    let note = at_the_desk(&session, move |session| {
        let acquit = &session.acquit;
        Ok(match decision {
            DecisionWord::Credit => Some(acquit.credit_given_back(id)?.id.to_string()),
            DecisionWord::CollectAgain => acquit.collect_again(id).map(|_| None)?,
            DecisionWord::WriteOff => acquit.write_off_lost(id).map(|_| None)?,
        })
    })
    .await?;
    // A new link may be wished for now.
    session.wake.notify_one();
    tell_changed(&app, Source::User);
    Ok(note)
}

/// Credits a part of an invoice.
#[tauri::command]
#[specta::specta]
pub(crate) async fn credit_invoice(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
    amount: String,
) -> Answer<CreditAnswer> {
    let id = invoice_id(&id)?;
    let refused = |errors| CreditAnswer { errors, note: None };
    let amount = match form::amount(&amount) {
        Ok(amount) => amount,
        Err(errors) => return Ok(refused(errors)),
    };
    let session = desk.session()?;
    let outcome = session.acquit.credit(id, amount).await;
    session.wake.notify_one();
    tell_changed(&app, Source::User);
    match outcome {
        Ok(note) => Ok(CreditAnswer {
            errors: Vec::new(),
            note: Some(note.id.to_string()),
        }),
        Err(error) => field_errors(error).map(refused),
    }
}

/// The address of an invoice's payment page because it is about to be copied: a link that PayPlug
/// closed is replaced first, if PayPlug can be reached.
#[tauri::command]
#[specta::specta]
pub(crate) async fn link_to_copy(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
) -> Answer<Option<String>> {
    let id = invoice_id(&id)?;
    let view = desk.session()?.acquit.prepare_link(id).await?;
    tell_changed(&app, Source::User);
    Ok(match view.link.map(|link| link.state) {
        Some(LinkState::Open(hosted)) => Some(hosted.url),
        _ => None,
    })
}

/// The link of an invoice has just left for the customer, on the clipboard.
#[tauri::command]
#[specta::specta]
pub(crate) async fn link_carried(app: AppHandle, desk: State<'_, Desk>, id: String) -> Answer<()> {
    let id = invoice_id(&id)?;
    at_the_desk(&desk.session()?, move |session| {
        Ok(session.acquit.carried(id)?)
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(())
}

/// An identity as the window sends it back.
fn parsed<T: std::str::FromStr>(text: &str, field: &str) -> Answer<T> {
    text.parse().map_err(|_| Failure::unknown_word(field))
}

/// A broken rule of a typed field, to show under it; anything else is a failure.
fn field_errors(error: Error) -> Answer<Vec<FieldError>> {
    match error {
        Error::Broken(broken) if broken.field != "id" => {
            Ok(vec![form::field_error(&broken.field, &broken.rule)])
        }
        error => Err(error.into()),
    }
}

fn told_or_not(app: &AppHandle, errors: &[FieldError]) {
    if errors.is_empty() {
        tell_changed(app, Source::User);
    }
}
