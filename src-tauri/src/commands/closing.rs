//! *Comptabilité › Écritures* and *Clôtures*: the journal as it is read, and the periods that are closed for ever.

use acquit_app::{EntryFilter, Error, Journal};
use acquit_domain::date as domain_date;
use jiff::civil::Date;
use tauri::{AppHandle, State};

use super::{Answer, at_the_desk};
use crate::background::tell_changed;
use crate::dto::{ClosingPage, EntryQuery, JournalEntry};
use crate::events::Source;
use crate::failure::Failure;
use crate::form;
use crate::state::Desk;

/// Characters of a filter that are read.
const TYPED_MAX: usize = 200;

/// The code of a journal, or empty for all.
fn journal(code: &str) -> Answer<Option<Journal>> {
    match code {
        "" => Ok(None),
        code => Journal::from_code(code)
            .map(Some)
            .ok_or_else(|| Failure::unknown_word("journal")),
    }
}

/// A day as typed, or none when empty.
fn typed_day(field: &str, typed: &str, today: Date) -> Answer<Option<Date>> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let day = form::date(typed, today);
    day.map(Some).map_err(|rule| Failure {
        sentence: form::sentence(&rule),
        ..Error::Broken(acquit_domain::Error::at(field, rule)).into()
    })
}

/// A day as the window was given it.
fn given_day(field: &str, iso: &str) -> Answer<Date> {
    let day = domain_date::parse(iso);
    day.map_err(|rule| Error::Broken(acquit_domain::Error::at(field, rule)).into())
}

/// A page of the journal, the latest date first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_entries(
    desk: State<'_, Desk>,
    query: EntryQuery,
) -> Answer<Vec<JournalEntry>> {
    at_the_desk(&desk.session()?, move |session| {
        let today = session.acquit.today();
        let after = query.after.as_deref().map(str::parse).transpose();
        let short = |typed: &str| typed.chars().take(TYPED_MAX).collect();
        let filter = EntryFilter {
            journal: journal(&query.journal)?,
            account: short(&query.account),
            from: typed_day("from", &query.from, today)?,
            to: typed_day("to", &query.to, today)?,
            words: short(&query.words),
            after: after.map_err(|_| Failure::unknown_word("after"))?,
            limit: query.limit,
        };
        let entries = session.acquit.entries(&filter)?;
        Ok(entries.into_iter().map(JournalEntry::from).collect())
    })
    .await
}

/// The fiscal year that holds a day (empty: today), period by period.
#[tauri::command]
#[specta::specta]
pub(crate) async fn closing_year(desk: State<'_, Desk>, day: String) -> Answer<ClosingPage> {
    at_the_desk(&desk.session()?, move |session| {
        let day = match day.as_str() {
            "" => session.acquit.today(),
            day => given_day("day", day)?,
        };
        Ok(ClosingPage::from(session.acquit.closing_year(day)?))
    })
    .await
}

/// Closes the books up to a day, for ever. `told` is how many entries that no export has taken the person was
/// told of: where there are more, nothing is closed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn close_period(
    app: AppHandle,
    desk: State<'_, Desk>,
    until: String,
    told: u32,
) -> Answer<()> {
    let until = given_day("until", &until)?;
    at_the_desk(&desk.session()?, move |session| {
        session.acquit.close_period(until, u64::from(told))?;
        Ok(())
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(())
}
