//! The control routes: what happens at PayPlug without the merchant's doing. Unauthenticated,
//! served only where the options ask for it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::error::{ApiError, Error};
use crate::failure::Failure;
use crate::faults::Fault;
use crate::model::Mode;
use crate::routes::{Answer, RequestBody, bytes};
use crate::shared::Shared;
use crate::state;
use crate::wire::{self, Version};

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/_simulator/payments", post(create_in_portal))
        .route("/_simulator/payments/{id}/pay", post(pay))
        .route("/_simulator/payments/{id}/refuse", post(refuse))
        .route("/_simulator/payments/{id}/leave", post(leave))
        .route("/_simulator/payments/{id}/refund", post(refund))
        .route("/_simulator/payments/{id}/chargeback", post(charge_back))
        .route("/_simulator/faults", post(queue_faults))
        .route("/_simulator/clock", post(advance_clock))
        .route("/_simulator/transfers", post(transfer))
        .route("/_simulator/requests", get(requests))
}

/// An empty body is an empty object.
fn parse<T: DeserializeOwned>(body: RequestBody) -> Result<T, ApiError> {
    let body = bytes(body)?;
    let given = if body.trim_ascii().is_empty() {
        b"{}".as_slice()
    } else {
        &body
    };
    serde_json::from_slice(given).map_err(|error| ApiError::bad_request(error.to_string()))
}

fn payment_json(shared: &Shared, state: &state::State, id: &str) -> Answer {
    let payment = state.any_payment(id)?;
    Ok(Json(wire::payment(
        payment,
        shared.base_url(),
        &state.options,
        Version::Current,
    )))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pay {
    card: String,
}

async fn pay(State(shared): State<Shared>, Path(id): Path<String>, body: RequestBody) -> Answer {
    let asked: Pay = parse(body)?;
    let mut state = shared.lock();
    state.pay_with(&id, &asked.card)?;
    payment_json(&shared, &state, &id)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refuse {
    code: String,
    #[serde(rename = "final", default = "yes")]
    is_final: bool,
}

fn yes() -> bool {
    true
}

async fn refuse(State(shared): State<Shared>, Path(id): Path<String>, body: RequestBody) -> Answer {
    let asked: Refuse = parse(body)?;
    let failure = Failure::find(&asked.code).ok_or(Error::UnknownFailureCode(asked.code))?;
    let mut state = shared.lock();
    state.refuse(&id, failure, asked.is_final)?;
    payment_json(&shared, &state, &id)
}

async fn leave(State(shared): State<Shared>, Path(id): Path<String>) -> Answer {
    let mut state = shared.lock();
    state.leave(&id)?;
    payment_json(&shared, &state, &id)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Amount {
    amount: i64,
    mode: Option<ModeName>,
}

/// The world that is meant; without it, the one of the last payment made.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum ModeName {
    Test,
    Live,
}

impl Amount {
    fn mode(&self, state: &state::State) -> Mode {
        match self.mode {
            Some(ModeName::Test) => Mode::Test,
            Some(ModeName::Live) => Mode::Live,
            None => state.latest_mode(),
        }
    }
}

async fn refund(State(shared): State<Shared>, Path(id): Path<String>, body: RequestBody) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Asked {
        amount: Option<i64>,
    }
    let asked: Asked = parse(body)?;
    let mut state = shared.lock();
    let refund = state.refund(&id, asked.amount, None)?;
    Ok(Json(wire::refund(&refund, state.any_payment(&id)?)))
}

async fn charge_back(State(shared): State<Shared>, Path(id): Path<String>) -> Answer {
    let mut state = shared.lock();
    state.charge_back(&id)?;
    payment_json(&shared, &state, &id)
}

async fn create_in_portal(
    State(shared): State<Shared>,
    body: RequestBody,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let asked: Amount = parse(body)?;
    let mut state = shared.lock();
    let mode = asked.mode(&state);
    let id = state.create_in_portal(mode, asked.amount)?;
    Ok((StatusCode::CREATED, payment_json(&shared, &state, &id)?))
}

async fn transfer(
    State(shared): State<Shared>,
    body: RequestBody,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let asked: Amount = parse(body)?;
    let mut state = shared.lock();
    let mode = asked.mode(&state);
    state.transfer(mode, asked.amount)?;
    let balance = state.account(mode).balance();
    let answer = json!({
        "object": "transfer",
        "is_live": mode.is_live(),
        "amount": asked.amount,
        "balance": balance,
    });
    Ok((StatusCode::CREATED, Json(answer)))
}

async fn queue_faults(State(shared): State<Shared>, body: RequestBody) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Asked {
        next: Vec<Fault>,
    }
    let asked: Asked = parse(body)?;
    let mut state = shared.lock();
    state.faults.extend(asked.next);
    Ok(Json(json!({ "next": state.faults })))
}

async fn advance_clock(State(shared): State<Shared>, body: RequestBody) -> Answer {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Asked {
        advance_seconds: i64,
    }
    let asked: Asked = parse(body)?;
    let now = shared.lock().clock.advance(asked.advance_seconds)?;
    Ok(Json(json!({ "now": now })))
}

async fn requests(State(shared): State<Shared>) -> Json<Value> {
    Json(json!(shared.lock().requests))
}
