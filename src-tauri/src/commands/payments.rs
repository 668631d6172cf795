//! *Paiements en ligne*: every link by what became of it.

use acquit_app::PaymentFilter;
use acquit_domain::remote::PaymentId;
use tauri::{AppHandle, State};

use super::{Answer, at_the_desk};
use crate::background::tell_changed;
use crate::dto::{
    AnomalyLine, InvoiceRow, OnlinePayment, PaymentCounts, PaymentQuery, StrangerLine, ToResolve,
};
use crate::events::Source;
use crate::failure::Failure;
use crate::state::{Desk, Session};

/// Longest text that is searched for.
const WORDS_MAX: usize = 200;

/// A page of online payments, the one that changed last first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_payments(
    desk: State<'_, Desk>,
    query: PaymentQuery,
) -> Answer<Vec<OnlinePayment>> {
    at_the_desk(&desk.session()?, move |session| {
        let lines = session.acquit.payments(&PaymentFilter {
            part: query.part.into(),
            words: query.words.chars().take(WORDS_MAX).collect(),
            // A row that nobody knows (any more) has nothing before it.
            after: query.after.as_deref().and_then(|id| id.parse().ok()),
            limit: query.limit,
            ..PaymentFilter::default()
        })?;
        Ok(lines.into_iter().map(OnlinePayment::of).collect())
    })
    .await
}

/// Counts beside the saved filters.
#[tauri::command]
#[specta::specta]
pub(crate) async fn payment_counts(desk: State<'_, Desk>) -> Answer<PaymentCounts> {
    at_the_desk(&desk.session()?, |session| {
        Ok(PaymentCounts::from(session.acquit.payment_counts()?))
    })
    .await
}

/// What does not agree with PayPlug, and what is at PayPlug but not here.
#[tauri::command]
#[specta::specta]
pub(crate) async fn payments_to_resolve(desk: State<'_, Desk>) -> Answer<ToResolve> {
    at_the_desk(&desk.session()?, |session| {
        let acquit = &session.acquit;
        let today = acquit.today();
        let mut anomalies = Vec::new();
        for row in acquit.anomalies()? {
            let summary = row.invoice.map(|id| acquit.summary(id)).transpose()?;
            let invoice = summary.map(|summary| InvoiceRow::of(summary, today));
            anomalies.push(AnomalyLine::of(row, invoice));
        }
        let strangers = acquit.strangers()?;
        Ok(ToResolve {
            anomalies,
            strangers: strangers.into_iter().map(StrangerLine::from).collect(),
        })
    })
    .await
}

/// How many payments somebody must look at.
pub(super) fn count_to_resolve(session: &Session) -> Answer<u32> {
    let open = session.acquit.anomalies()?.len() + session.acquit.strangers()?.len();
    Ok(u32::try_from(open).unwrap_or(u32::MAX))
}

/// Somebody has looked at what does not agree.
#[tauri::command]
#[specta::specta]
pub(crate) async fn resolve_anomaly(
    app: AppHandle,
    desk: State<'_, Desk>,
    code: String,
    payment: String,
) -> Answer<()> {
    at_the_desk(&desk.session()?, move |session| {
        Ok(session.acquit.resolve_anomaly(&code, &payment)?)
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(())
}

/// A payment that Acquit did not ask for is put aside.
#[tauri::command]
#[specta::specta]
pub(crate) async fn dismiss_stranger(
    app: AppHandle,
    desk: State<'_, Desk>,
    payment: String,
) -> Answer<()> {
    let payment = PaymentId::parse(&payment).ok_or_else(|| Failure::unknown_word("payment"))?;
    at_the_desk(&desk.session()?, move |session| {
        Ok(session.acquit.dismiss_stranger(&payment)?)
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(())
}
