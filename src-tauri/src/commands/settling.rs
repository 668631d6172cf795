//! What is decided about overpayments and small differences; cheques that are taken to the bank.

use tauri::{AppHandle, State};

use super::{Answer, at_the_desk, invoice_id};
use crate::background::tell_changed;
use crate::dto::{AdjustmentForm, ChequesPage, FieldError, SetOffRow, SlipForm};
use crate::events::Source;
use crate::form;
use crate::state::Desk;

/// Slips shown: about a year of them, one a week.
const SLIPS_SHOWN: u32 = 50;

/// Invoices of the same customer that an overpayment could pay.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_off_targets(desk: State<'_, Desk>, id: String) -> Answer<Vec<SetOffRow>> {
    let id = invoice_id(&id)?;
    at_the_desk(&desk.session()?, move |session| {
        let targets = session.acquit.set_off_targets(id)?;
        Ok(targets.into_iter().map(SetOffRow::from).collect())
    })
    .await
}

/// Records what is decided about an overpayment or a small difference. What cannot be read or done comes
/// back field by field, and nothing is recorded.
#[tauri::command]
#[specta::specta]
pub(crate) async fn adjust(
    app: AppHandle,
    desk: State<'_, Desk>,
    id: String,
    form: AdjustmentForm,
) -> Answer<Vec<FieldError>> {
    let id = invoice_id(&id)?;
    let session = desk.session()?;
    let read = match form::adjustment(&form, session.acquit.today()) {
        Ok(read) => read,
        Err(errors) => return Ok(errors),
    };
    let done = session
        .acquit
        .adjust(id, read.adjustment, read.amount, read.on)
        .await;
    match done {
        Ok(_) => {}
        Err(acquit_app::Error::Broken(broken)) if broken.field != "id" => {
            return Ok(vec![form::field_error(&broken.field, &broken.rule)]);
        }
        Err(error) => return Err(error.into()),
    }
    session.wake.notify_one();
    tell_changed(&app, Source::User);
    Ok(Vec::new())
}

/// Cheques that wait to be taken to the bank, and the latest slips.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cheques(desk: State<'_, Desk>) -> Answer<ChequesPage> {
    at_the_desk(&desk.session()?, move |session| {
        let cheques = session.acquit.cheques_to_deposit()?;
        let slips = session.acquit.deposit_slips(SLIPS_SHOWN)?;
        Ok(ChequesPage {
            cheques: cheques.into_iter().map(Into::into).collect(),
            slips: slips.into_iter().map(Into::into).collect(),
        })
    })
    .await
}

/// Takes cheques to the bank with one slip. What cannot be read or done comes back field by field.
#[tauri::command]
#[specta::specta]
pub(crate) async fn deposit_cheques(
    app: AppHandle,
    desk: State<'_, Desk>,
    form: SlipForm,
) -> Answer<Vec<FieldError>> {
    let session = desk.session()?;
    let (receipts, on) = match form::slip(&form, session.acquit.today()) {
        Ok(read) => read,
        Err(errors) => return Ok(errors),
    };
    let errors = at_the_desk(&session, move |session| {
        match session
            .acquit
            .deposit_cheques(&form.reference, &receipts, on)
        {
            Ok(_) => Ok(Vec::new()),
            Err(acquit_app::Error::Broken(broken)) => {
                Ok(vec![form::field_error(&broken.field, &broken.rule)])
            }
            Err(error) => Err(error.into()),
        }
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(errors)
}
