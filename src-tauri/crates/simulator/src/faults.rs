//! Faults that the next requests to the API meet, in the order in which they were queued.

use std::io;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::{Deserialize, Serialize};

use crate::connection::Connection;
use crate::error::ApiError;
use crate::shared::Shared;

/// An answer of ours is far smaller: a page of 100 payments.
const ANSWER_BYTES: usize = 4 * 1024 * 1024;

/// What goes wrong with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// The work is done; the connection is dropped without an answer.
    #[serde(rename = "lost_answer")]
    LostAnswer,
    /// The connection is dropped before the work.
    #[serde(rename = "reset")]
    Reset,
    /// 429 with `Retry-After: 1` (or what [`crate::Handle::set_retry_after`] says); no work.
    #[serde(rename = "429")]
    TooManyRequests,
    /// 500; no work.
    #[serde(rename = "500")]
    ServerError,
    /// The work is done; half of the answer is sent, then the connection is dropped.
    #[serde(rename = "truncated")]
    Truncated,
    /// The work is done; the answer is 200 with something that is not JSON.
    #[serde(rename = "malformed")]
    Malformed,
    /// The work is done; the answer comes only after [`crate::Options::slow_answer`].
    #[serde(rename = "slow")]
    Slow,
}

/// Lets the next queued fault, if any, happen to this request.
pub(crate) async fn inject(
    State(shared): State<Shared>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
    next: Next,
) -> Response {
    let fault = shared.lock().faults.pop_front();
    match fault {
        None => next.run(request).await,
        Some(Fault::Reset) => drop_connection(&connection),
        Some(Fault::LostAnswer) => {
            next.run(request).await;
            drop_connection(&connection)
        }
        Some(Fault::TooManyRequests) => {
            let error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests.");
            let wait = shared.lock().retry_after.to_string();
            ([(RETRY_AFTER, wait)], error).into_response()
        }
        Some(Fault::ServerError) => {
            ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error.")
                .into_response()
        }
        Some(Fault::Truncated) => truncate(next.run(request).await).await,
        Some(Fault::Malformed) => {
            next.run(request).await;
            let broken = r#"{"object":"payment","id":"pay_"#;
            ([(CONTENT_TYPE, "application/json")], broken).into_response()
        }
        Some(Fault::Slow) => {
            let answer = next.run(request).await;
            let delay = shared.lock().options.slow_answer;
            if shared.wait(delay).await {
                answer
            } else {
                drop_connection(&connection)
            }
        }
    }
}

/// Nothing more leaves on this connection: the answer given here is never sent.
fn drop_connection(connection: &Connection) -> Response {
    connection.cut();
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

/// The full length is announced, half of it is sent.
async fn truncate(answer: Response) -> Response {
    let (mut head, body) = answer.into_parts();
    let Ok(whole) = to_bytes(body, ANSWER_BYTES).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    head.headers
        .insert(CONTENT_LENGTH, HeaderValue::from(whole.len()));
    let half = whole.slice(..whole.len() / 2);
    let body = stream::unfold(Some(half), |half| async move {
        match half {
            Some(half) if !half.is_empty() => {
                Some((Ok::<Bytes, io::Error>(half), Some(Bytes::new())))
            }
            Some(_) => {
                // Lets the server send what it has before the body breaks off.
                tokio::task::yield_now().await;
                Some((Err(io::ErrorKind::ConnectionAborted.into()), None))
            }
            None => None,
        }
    });
    Response::from_parts(head, Body::from_stream(body))
}
