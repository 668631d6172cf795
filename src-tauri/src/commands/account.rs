//! *Comptabilité › Compte PayPlug*: statements beside books, and what resolves their differences.

use acquit_app::{Acquit, BankImported, Entry, Error, Mapping, Meaning, MovementKind, VatPeriod};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tauri::{AppHandle, State};

use super::{Answer, at_the_desk};
use crate::background::tell_changed;
use crate::dto::{
    AccountPage, BankImport, FieldError, LineAnswerForm, MovementAnswer, MovementEntry,
    MovementForm, StatementImport,
};
use crate::events::Source;
use crate::failure::Failure;
use crate::form;
use crate::state::Desk;

/// Longest file that is taken in, as base64.
const BASE64_MAX: usize = 14_000_000;

/// Lines that are booked at once.
const LINES_MAX: usize = 1_000;

/// The account in a month, `2026-10`; empty for that of today.
#[tauri::command]
#[specta::specta]
pub(crate) async fn payplug_account(desk: State<'_, Desk>, month: String) -> Answer<AccountPage> {
    at_the_desk(&desk.session()?, move |session| {
        let acquit = &session.acquit;
        let month = month_of(acquit, &month)?;
        let (from, to) = month.days();
        Ok(AccountPage::of(
            acquit.account(from, to)?,
            month,
            acquit.today(),
        ))
    })
    .await
}

/// Imports a statement of the PayPlug account; the window hands the file over whole, with the meaning of its columns
/// where that was asked for.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_account_statement(
    app: AppHandle,
    desk: State<'_, Desk>,
    name: String,
    base64: String,
    meanings: Option<Vec<String>>,
) -> Answer<StatementImport> {
    let (bytes, mapping) = (decoded(&base64)?, mapping(meanings)?);
    let import = at_the_desk(&desk.session()?, move |session| {
        let imported = session.acquit.import_statement(&bytes, &name, mapping)?;
        Ok(StatementImport::from(imported))
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(import)
}

/// Finds the transfers that arrived on a statement of the bank.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_bank_statement(
    app: AppHandle,
    desk: State<'_, Desk>,
    base64: String,
    meanings: Option<Vec<String>>,
) -> Answer<BankImport> {
    let (bytes, mapping) = (decoded(&base64)?, mapping(meanings)?);
    let import = at_the_desk(&desk.session()?, move |session| {
        let imported = session.acquit.import_bank_statement(&bytes, mapping)?;
        Ok(match imported {
            BankImported::Columns(columns) => BankImport {
                columns: columns.into_iter().map(Into::into).collect(),
                arrived: Vec::new(),
            },
            BankImported::Done(arrived) => BankImport {
                columns: Vec::new(),
                arrived: arrived.into_iter().map(Into::into).collect(),
            },
        })
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(import)
}

/// Fetches PayPlug's report of a month, up to today.
#[tauri::command]
#[specta::specta]
pub(crate) async fn fetch_account_report(
    app: AppHandle,
    desk: State<'_, Desk>,
    month: String,
) -> Answer<StatementImport> {
    let session = desk.session()?;
    let (from, to) = month_of(&session.acquit, &month)?.days();
    let to = to.min(session.acquit.today());
    let imported = session.acquit.fetch_report(from, to).await?;
    tell_changed(&app, Source::User);
    Ok(imported.into())
}

/// Books what is proposed for these lines, all or nothing; their count.
#[tauri::command]
#[specta::specta]
pub(crate) async fn accept_account_lines(
    app: AppHandle,
    desk: State<'_, Desk>,
    lines: Vec<u32>,
) -> Answer<u32> {
    if lines.len() > LINES_MAX {
        return Err(Failure::unknown_word("lines"));
    }
    let session = desk.session()?;
    let count = at_the_desk(&session, move |session| {
        let lines: Vec<u64> = lines.into_iter().map(u64::from).collect();
        let count = session.acquit.accept_proposals(&lines)?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    })
    .await?;
    session.wake.notify_one();
    tell_changed(&app, Source::User);
    Ok(count)
}

/// Notes what somebody says about a line. What cannot be read comes back field by field.
#[tauri::command]
#[specta::specta]
pub(crate) async fn answer_account_line(
    app: AppHandle,
    desk: State<'_, Desk>,
    line: u32,
    form: LineAnswerForm,
) -> Answer<Vec<FieldError>> {
    let session = desk.session()?;
    let answer = match form::line_answer(&form, session.acquit.today()) {
        Ok(answer) => answer,
        Err(errors) => return Ok(errors),
    };
    let errors = at_the_desk(&session, move |session| {
        refused(session.acquit.answer_line(line.into(), answer))
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(errors)
}

/// Records by hand that a transfer arrived on a day.
#[tauri::command]
#[specta::specta]
pub(crate) async fn transfer_arrived(
    app: AppHandle,
    desk: State<'_, Desk>,
    reference: String,
    date: String,
) -> Answer<Vec<FieldError>> {
    let session = desk.session()?;
    let on = match form::date(&date, session.acquit.today()) {
        Ok(on) => on,
        Err(rule) => return Ok(vec![form::field_error("date", &rule)]),
    };
    let errors = at_the_desk(&session, move |session| {
        let arrived = session.acquit.record_transfer_arrival(&reference, on);
        refused(arrived.map(|_| ()))
    })
    .await?;
    tell_changed(&app, Source::User);
    Ok(errors)
}

/// Shows the entry of a movement that somebody types, and records it once that is confirmed. What cannot be, comes back
/// field by field.
#[tauri::command]
#[specta::specta]
pub(crate) async fn record_account_movement(
    app: AppHandle,
    desk: State<'_, Desk>,
    form: MovementForm,
    confirmed: bool,
) -> Answer<MovementAnswer> {
    let session = desk.session()?;
    let new = match form::movement(&form, session.acquit.today()) {
        Ok(new) => new,
        Err(errors) => return Ok(wrong(errors)),
    };
    let answer = at_the_desk(&session, move |session| {
        let acquit = &session.acquit;
        let made = acquit.propose_movement(new.clone()).and_then(|entry| {
            if confirmed {
                acquit.record_movement(new)?;
            }
            Ok(vec![entry])
        });
        made_entries(made, |field| form::movement_field(&form.kind, field))
    })
    .await?;
    if confirmed && answer.errors.is_empty() {
        tell_changed(&app, Source::User);
    }
    Ok(answer)
}

/// Shows the entries that reverse a movement, `invoice`, `fee` or `transfer`, and records them with a reason once that is
/// confirmed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reverse_account_movement(
    app: AppHandle,
    desk: State<'_, Desk>,
    kind: String,
    piece: String,
    reason: String,
    confirmed: bool,
) -> Answer<MovementAnswer> {
    let kind = MovementKind::from_code(&kind).ok_or_else(|| Failure::unknown_word("kind"))?;
    let answer = at_the_desk(&desk.session()?, move |session| {
        let made = if confirmed {
            session.acquit.reverse_movement(kind, &piece, &reason)
        } else {
            session.acquit.propose_reversal(kind, &piece)
        };
        // Whatever is not about the reason has no field in that dialog.
        match made {
            Err(Error::Broken(broken)) if broken.field != "reason" => {
                Err(Error::Broken(broken).into())
            }
            made => made_entries(made, |field| field),
        }
    })
    .await?;
    if confirmed && answer.errors.is_empty() {
        tell_changed(&app, Source::User);
    }
    Ok(answer)
}

/// Entries, or what a service refused, field by field.
fn made_entries(
    made: Result<Vec<Entry>, Error>,
    named: impl Fn(&str) -> &str,
) -> Answer<MovementAnswer> {
    match made {
        Ok(entries) => Ok(MovementAnswer {
            errors: Vec::new(),
            entries: entries.iter().map(MovementEntry::from).collect(),
        }),
        Err(Error::Broken(broken)) => {
            let field = named(&broken.field);
            Ok(wrong(vec![form::field_error(field, &broken.rule)]))
        }
        Err(error) => Err(error.into()),
    }
}

fn wrong(errors: Vec<FieldError>) -> MovementAnswer {
    MovementAnswer {
        errors,
        entries: Vec::new(),
    }
}

/// What a service refused, field by field.
fn refused(outcome: Result<(), Error>) -> Answer<Vec<FieldError>> {
    match outcome {
        Ok(()) => Ok(Vec::new()),
        Err(Error::Broken(broken)) => Ok(vec![form::field_error(&broken.field, &broken.rule)]),
        Err(error) => Err(error.into()),
    }
}

/// A month, and no other period.
fn month_of(acquit: &Acquit, code: &str) -> Answer<VatPeriod> {
    if code.is_empty() {
        return Ok(VatPeriod::month_of(acquit.today()));
    }
    let period = VatPeriod::parse(code).ok();
    let month = period.filter(|period| VatPeriod::month_of(period.days().0) == *period);
    month.ok_or_else(|| Failure::unknown_word("month"))
}

fn decoded(base64: &str) -> Answer<Vec<u8>> {
    if base64.len() > BASE64_MAX {
        return Err(Failure::unknown_word("statement"));
    }
    STANDARD
        .decode(base64)
        .map_err(|_| Failure::unknown_word("statement"))
}

fn mapping(meanings: Option<Vec<String>>) -> Answer<Option<Mapping>> {
    let Some(words) = meanings else {
        return Ok(None);
    };
    let meanings: Option<Vec<Meaning>> =
        words.iter().map(|word| Meaning::from_code(word)).collect();
    let meanings = meanings.ok_or_else(|| Failure::unknown_word("meanings"))?;
    Ok(Some(Mapping(meanings)))
}
