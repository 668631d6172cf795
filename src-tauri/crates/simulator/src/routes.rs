//! The API as the reference describes it, and how all routes hang together.

use std::collections::HashMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Path, Query, State};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use axum::{Router, response::IntoResponse};
use serde_json::{Map, Value, json};

use crate::error::{ApiError, Error};
use crate::model::Mode;
use crate::shared::Shared;
use crate::validate::{self, Details};
use crate::wire::{self, Version};
use crate::{announce, control, faults, guard, page, report};

/// No request that the API understands is nearly as long.
const REQUEST_BYTES: usize = 64 * 1024;

/// The page length where none is asked for (reference § 4.6), and the longest one.
const PER_PAGE: usize = 10;
const PER_PAGE_MAX: usize = 100;

pub(crate) type Answer = Result<Json<Value>, ApiError>;
type Created = Result<(StatusCode, Json<Value>), ApiError>;
pub(crate) type RequestBody = Result<Bytes, BytesRejection>;

/// Everything that is served; control routes only where the options ask for them.
pub(crate) fn router(shared: Shared) -> Router {
    let api = Router::new()
        .route("/v1/account", get(account))
        .route("/v1/payments", get(list_payments).post(create_payment))
        .route("/v1/payments/{id}", get(read_payment).patch(change_payment))
        .route(
            "/v1/payments/{id}/refunds",
            get(list_refunds).post(create_refund),
        )
        .route("/v1/payments/{id}/refunds/{refund}", get(read_refund))
        .route("/v1/accounting_reports", post(report::create))
        .route("/v1/accounting_reports/{id}", get(report::read))
        .route_layer(from_fn_with_state(shared.clone(), faults::inject))
        .route_layer(from_fn_with_state(shared.clone(), announce::announce));
    let mut all = api
        .route("/test", get(is_up))
        .route("/reports/{file}", get(report::download))
        .route("/pay/{tail}", get(page::show_live).post(page::act_live))
        .route(
            "/pay/test/{tail}",
            get(page::show_test).post(page::act_test),
        )
        .route_layer(from_fn_with_state(shared.clone(), guard::count))
        .route("/assets/page.css", get(page::style));
    if shared.lock().options.control {
        all = all.merge(control::router().route_layer(from_fn(guard::refuse_browsers)));
    }
    all.fallback(not_found)
        .method_not_allowed_fallback(not_allowed)
        .layer(DefaultBodyLimit::max(REQUEST_BYTES))
        .layer(from_fn_with_state(shared.clone(), guard::check_host))
        .with_state(shared)
}

/// Who calls: the key chooses the mode, the header the version.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(crate) mode: Mode,
    version: Version,
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Caller, ApiError> {
        let is_good = !shared.lock().keys_revoked;
        let mode = mode_of_key(&parts.headers).filter(|_| is_good);
        let mode = mode.ok_or_else(|| {
            ApiError::new(StatusCode::UNAUTHORIZED, "The secret key is not valid.")
                .with_details(json!("Authentication failed."))
        })?;
        let version = parts
            .headers
            .get("PayPlug-Version")
            .and_then(|value| value.to_str().ok());
        Ok(Caller {
            mode,
            version: Version::of(version),
        })
    }
}

/// Any key is good but those that say themselves that they are not.
fn mode_of_key(headers: &HeaderMap) -> Option<Mode> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = header.split_once(' ')?;
    let key = key.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || key.contains("wrong") || key.contains("revoked") {
        return None;
    }
    let is_key = |prefix: &str| {
        key.strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty())
    };
    match (is_key("sk_test_"), is_key("sk_live_")) {
        (true, _) => Some(Mode::Test),
        (_, true) => Some(Mode::Live),
        _ => None,
    }
}

async fn is_up() -> Json<Value> {
    Json(json!({ "object": "test", "is_up": true }))
}

async fn account(caller: Caller, State(shared): State<Shared>) -> Json<Value> {
    let state = shared.lock();
    Json(wire::account(
        caller.mode,
        state.ids.company(),
        &state.options,
    ))
}

async fn create_payment(
    caller: Caller,
    State(shared): State<Shared>,
    body: RequestBody,
) -> Created {
    let request = validate::object(&bytes(body)?)?;
    let mut state = shared.lock();
    let is_legacy = caller.version == Version::Legacy;
    let asked = validate::new_payment(&request, &state.options, is_legacy)?;
    let id = state.create(caller.mode, asked);
    drop(state);
    Ok((StatusCode::CREATED, payment_json(&shared, &caller, &id)?))
}

async fn read_payment(
    caller: Caller,
    State(shared): State<Shared>,
    Path(id): Path<String>,
) -> Answer {
    payment_json(&shared, &caller, &id)
}

fn payment_json(shared: &Shared, caller: &Caller, id: &str) -> Answer {
    let state = shared.lock();
    let payment = state.payment(caller.mode, id)?;
    Ok(Json(wire::payment(
        payment,
        shared.base_url(),
        &state.options,
        caller.version,
    )))
}

async fn list_payments(
    caller: Caller,
    State(shared): State<Shared>,
    Query(query): Query<HashMap<String, String>>,
) -> Answer {
    let page = whole_number(&query, "page", 0, 0)?;
    let per_page = whole_number(&query, "per_page", PER_PAGE, 1)?.min(PER_PAGE_MAX);
    let state = shared.lock();
    let (payments, has_more) = state.page(caller.mode, page, per_page);
    let data = payments
        .into_iter()
        .map(|payment| wire::payment(payment, shared.base_url(), &state.options, caller.version));
    Ok(Json(wire::list(data.collect(), page, per_page, has_more)))
}

fn whole_number(
    query: &HashMap<String, String>,
    name: &str,
    default: usize,
    min: usize,
) -> Result<usize, ApiError> {
    let Some(text) = query.get(name).filter(|text| !text.is_empty()) else {
        return Ok(default);
    };
    let number = text.parse().ok().filter(|number| *number >= min);
    number.ok_or_else(|| ApiError::field(name, &format!("This must be a whole number from {min}.")))
}

/// The only change that this account may make is the abort, in both of its attested forms
/// (reference § 4.1).
async fn change_payment(
    caller: Caller,
    State(shared): State<Shared>,
    Path(id): Path<String>,
    body: RequestBody,
) -> Answer {
    let request = validate::object(&bytes(body)?)?;
    let asks = |field: &str| request.get(field) == Some(&Value::Bool(true));
    if !asks("aborted") && !asks("abort") {
        shared.lock().payment(caller.mode, &id)?;
        let text = "This field must be true: nothing else can be changed.";
        return Err(ApiError::field("aborted", text));
    }
    shared.lock().abort(caller.mode, &id)?;
    payment_json(&shared, &caller, &id)
}

/// An empty body refunds all that is left (reference § 6).
async fn create_refund(
    caller: Caller,
    State(shared): State<Shared>,
    Path(id): Path<String>,
    body: RequestBody,
) -> Created {
    let body = bytes(body)?;
    let request = match body.trim_ascii() {
        [] => Map::new(),
        given => validate::object(given)?,
    };
    let mut state = shared.lock();
    state.payment(caller.mode, &id)?;
    let mut details = Details::default();
    let amount = match request.get("amount") {
        None | Some(Value::Null) => None,
        Some(value) => {
            if !value.is_i64() {
                details.add("amount", "The amount must be an integer, in cents.");
            }
            value.as_i64()
        }
    };
    let metadata = validate::metadata(&request, &mut details);
    details.finish()?;
    let refund = state.refund(&id, amount, metadata)?;
    let payment = state.payment(caller.mode, &id)?;
    Ok((StatusCode::CREATED, Json(wire::refund(&refund, payment))))
}

async fn list_refunds(
    caller: Caller,
    State(shared): State<Shared>,
    Path(id): Path<String>,
) -> Answer {
    let state = shared.lock();
    let payment = state.payment(caller.mode, &id)?;
    let refunds = payment.refunds.iter().rev();
    let data: Vec<Value> = refunds
        .map(|refund| wire::refund(refund, payment))
        .collect();
    Ok(Json(
        json!({ "object": "list", "type": "list", "data": data }),
    ))
}

async fn read_refund(
    caller: Caller,
    State(shared): State<Shared>,
    Path((id, refund)): Path<(String, String)>,
) -> Answer {
    let state = shared.lock();
    let payment = state.payment(caller.mode, &id)?;
    match payment.refunds.iter().find(|known| known.id == refund) {
        Some(found) => Ok(Json(wire::refund(found, payment))),
        None => Err(Error::UnknownRefund(refund).into()),
    }
}

/// The body, or the answer to one that is too long.
pub(crate) fn bytes(body: RequestBody) -> Result<Bytes, ApiError> {
    body.map_err(|rejection| ApiError::new(rejection.status(), "The body cannot be read."))
}

async fn not_found() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "This address does not exist.")
}

async fn not_allowed(method: Method) -> impl IntoResponse {
    let text = format!("The method {method} is not supported here.");
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, text)
}
