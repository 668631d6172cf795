//! Accounting reports: the movements of an account, with fees, as CSV (reference § 7.2).

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use serde_json::{Map, Value};

use crate::account::Movement;
use crate::calendar;
use crate::error::{ApiError, Error};
use crate::model::{Report, ReportFile};
use crate::routes::{Answer, Caller, RequestBody, bytes};
use crate::shared::Shared;
use crate::state;
use crate::validate::{Details, object};
use crate::wire;

/// How long a file can be fetched (reference § 7.2).
const AVAILABLE_SECONDS: i64 = 24 * 3_600;

/// Only `metadata` and the fees are attested; the other names are this simulator's choice.
const HEADER: [&str; 9] = [
    "payplug_id",
    "date",
    "time",
    "type",
    "amount",
    "currency",
    "total_fees_excl._vat_(€)",
    "payment_id",
    "metadata",
];

/// `POST /v1/accounting_reports`
pub(crate) async fn create(
    caller: Caller,
    State(shared): State<Shared>,
    body: RequestBody,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let request = object(&bytes(body)?)?;
    let mut details = Details::default();
    let first_day = day(&request, "start_date", &mut details);
    let last_day = day(&request, "end_date", &mut details);
    if let (Some(first), Some(last)) = (first_day, last_day)
        && last < first
    {
        details.add("end_date", "The end is before the start.");
    }
    details.finish()?;
    let mut state = shared.lock();
    let report = Report {
        id: state.ids.report(),
        mode: caller.mode,
        first_day: first_day.unwrap_or_default(),
        last_day: last_day.unwrap_or_default(),
        notification_url: text(&request, "notification_url"),
        token: state.ids.token(),
        reads: 0,
        file: None,
    };
    let answer = wire::report(&report, shared.base_url());
    state.reports.insert(report.id.clone(), report);
    Ok((StatusCode::CREATED, Json(answer)))
}

fn text(request: &Map<String, Value>, field: &str) -> Option<String> {
    request
        .get(field)
        .and_then(Value::as_str)
        .map(str::to_owned)
}

fn day(
    request: &Map<String, Value>,
    field: &str,
    details: &mut Details,
) -> Option<jiff::civil::Date> {
    let day = text(request, field).and_then(|text| calendar::day(&text));
    if day.is_none() {
        details.add(field, "This field must be a date like 2026-11-30.");
    }
    day
}

/// `GET /v1/accounting_reports/{id}`: the file is ready from the second read on.
pub(crate) async fn read(
    caller: Caller,
    State(shared): State<Shared>,
    Path(id): Path<String>,
) -> Answer {
    let unknown = || Error::UnknownReport(id.clone());
    let mut state = shared.lock();
    let now = state.now();
    let report = state
        .reports
        .get_mut(&id)
        .filter(|report| report.mode == caller.mode);
    let report = report.ok_or_else(unknown)?;
    report.reads = report.reads.saturating_add(1);
    if report.reads >= 2 && report.file.is_none() {
        let (mode, days) = (report.mode, report.first_day..=report.last_day);
        let is_in = |movement: &&Movement| days.contains(&calendar::utc(movement.at).date());
        let account = state.account(mode);
        let movements: Vec<Movement> = account.movements().iter().filter(is_in).cloned().collect();
        let csv = csv(&movements, &state);
        let file = ReportFile {
            csv,
            available_until: now.saturating_add(AVAILABLE_SECONDS),
        };
        state.reports.get_mut(&id).ok_or_else(unknown)?.file = Some(file);
    }
    let report = state.reports.get(&id).ok_or_else(unknown)?;
    Ok(Json(wire::report(report, shared.base_url())))
}

/// The file at `temporary_url`: no key is needed, the token is.
pub(crate) async fn download(
    State(shared): State<Shared>,
    Path(file): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<([(HeaderName, &'static str); 2], String), ApiError> {
    let mut state = shared.lock();
    let now = state.now();
    let found = file
        .strip_suffix(".csv")
        .and_then(|id| state.reports.get(id))
        .filter(|report| query.get("t") == Some(&report.token))
        .and_then(|report| report.file.as_ref())
        .filter(|file| now <= file.available_until);
    match found {
        Some(file) => Ok((
            [
                (CONTENT_TYPE, "text/csv; charset=utf-8"),
                (CACHE_CONTROL, "no-store"),
            ],
            file.csv.clone(),
        )),
        None => Err(ApiError::new(
            StatusCode::NOT_FOUND,
            "This file is no longer available.",
        )),
    }
}

fn csv(movements: &[Movement], state: &state::State) -> String {
    let mut text = row(&HEADER.map(str::to_owned));
    for movement in movements {
        let at = calendar::utc(movement.at);
        let of = movement.payment.as_deref();
        let metadata = of
            .and_then(|id| state.any_payment(id).ok())
            .and_then(|payment| payment.asked.metadata.clone())
            .map(|metadata| Value::Object(metadata).to_string());
        text.push_str(&row(&[
            movement.id.clone(),
            at.date().to_string(),
            at.time().to_string(),
            movement.kind.word().to_owned(),
            euros(movement.amount),
            "EUR".to_owned(),
            euros(movement.fee_excl_vat),
            of.unwrap_or_default().to_owned(),
            metadata.unwrap_or_default(),
        ]));
    }
    text
}

/// A line of quoted fields.
fn row(fields: &[String; 9]) -> String {
    let quoted = fields
        .each_ref()
        .map(|field| format!("\"{}\"", field.replace('"', "\"\"")));
    quoted.join(",") + "\n"
}

/// Cents as a decimal with a dot.
fn euros(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.unsigned_abs();
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cents_are_written_with_two_decimals() {
        assert_eq!(euros(286_690), "2866.90");
        assert_eq!(euros(-5), "-0.05");
        assert_eq!(euros(0), "0.00");
    }

    #[test]
    fn quotes_inside_a_field_are_doubled() {
        let mut fields: [String; 9] = Default::default();
        fields[8] = r#"{"a":"b,c"}"#.to_owned();
        assert!(row(&fields).ends_with("\"{\"\"a\"\":\"\"b,c\"\"}\"\n"));
    }
}
