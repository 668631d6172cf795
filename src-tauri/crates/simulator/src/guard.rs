//! What every request passes: the `Host` check and the count by route.

use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::http::header::{HOST, ORIGIN};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::ApiError;
use crate::shared::Shared;

/// Only our own names are answered: a web page whose name was pointed at this machine (DNS
/// rebinding) is not.
pub(crate) async fn check_host(
    State(shared): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    let host = request
        .headers()
        .get(HOST)
        .and_then(|host| host.to_str().ok());
    let is_ours = host.is_some_and(|host| {
        shared
            .hosts()
            .iter()
            .any(|ours| ours.eq_ignore_ascii_case(host))
    });
    if is_ours {
        return next.run(request).await;
    }
    ApiError::new(
        StatusCode::MISDIRECTED_REQUEST,
        "This host is not served here.",
    )
    .into_response()
}

/// The control routes are for programs: a web page in a browser always sends its origin.
pub(crate) async fn refuse_browsers(request: Request, next: Next) -> Response {
    if request.headers().contains_key(ORIGIN) {
        let text = "Control is not available to web pages.";
        return ApiError::new(StatusCode::FORBIDDEN, text).into_response();
    }
    next.run(request).await
}

/// Counts the request under its method and route, like `GET /v1/payments/{id}`.
pub(crate) async fn count(
    State(shared): State<Shared>,
    route: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let key = format!("{} {}", request.method(), route.as_str());
    *shared.lock().requests.entry(key).or_default() += 1;
    next.run(request).await
}
