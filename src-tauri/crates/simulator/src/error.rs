//! What the simulator can refuse, and how PayPlug writes a refusal.

use std::net::SocketAddr;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// Why the simulator did not start or did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is reachable from other machines.
    #[error("{0} is not a loopback address: the simulator is never reachable from elsewhere")]
    NotLoopback(SocketAddr),
    /// The address is taken or not allowed.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// What was asked for.
        address: SocketAddr,
        /// The system's reason.
        source: std::io::Error,
    },
    /// No payment has this id, or it lives in the other mode.
    #[error("The payment {0} does not exist.")]
    UnknownPayment(String),
    /// No refund of that payment has this id.
    #[error("The refund {0} does not exist.")]
    UnknownRefund(String),
    /// No report has this id, or it lives in the other mode.
    #[error("The accounting report {0} does not exist.")]
    UnknownReport(String),
    /// Only the documented test cards exist here.
    #[error("The card is not one of the test cards.")]
    UnknownCard,
    /// The code is not in the documented table (reference § 4.5).
    #[error("The failure code {0} is not documented.")]
    UnknownFailureCode(String),
    /// Exact text of the API (reference § 8).
    #[error("The payment was already aborted.")]
    AlreadyAborted,
    /// A paid payment stays paid.
    #[error("The payment was already paid.")]
    AlreadyPaid,
    /// A failed payment never becomes paid (reference § 4.7).
    #[error("The payment has already failed ({0}).")]
    AlreadyFailed(&'static str),
    /// Only a paid payment can be refunded or charged back.
    #[error("The payment is not paid.")]
    NotPaid,
    /// A payment is charged back once.
    #[error("The payment was already charged back.")]
    AlreadyChargedBack,
    /// An amount outside its bounds, all in cents.
    #[error("The amount must be between {min} and {max} cents, not {amount}.")]
    Amount {
        /// What was asked for.
        amount: i64,
        /// The least that is accepted.
        min: i64,
        /// The most that is accepted.
        max: i64,
    },
    /// Nothing is left that could be refunded.
    #[error("The payment is already fully refunded.")]
    FullyRefunded,
    /// Outside `refundable_after … refundable_until`.
    #[error("The payment can no longer be refunded.")]
    RefundWindow,
    /// The account does not hold enough (cents).
    #[error("The balance of the account ({available} cents) does not cover {amount} cents.")]
    InsufficientBalance {
        /// What was asked for.
        amount: i64,
        /// What the account could give.
        available: i64,
    },
    /// The clock goes forward only, and not beyond the year 9000.
    #[error("The clock cannot be advanced by {seconds} seconds.")]
    Clock {
        /// What was asked for.
        seconds: i64,
    },
}

impl Error {
    /// The status with which the API answers (reference § 8).
    fn status(&self) -> StatusCode {
        match self {
            Error::UnknownPayment(_) | Error::UnknownRefund(_) | Error::UnknownReport(_) => {
                StatusCode::NOT_FOUND
            }
            // 409 was added to the documentation on 2024-02-15; PayPlug's own plug-in expects it
            // for a payment that was already aborted.
            Error::AlreadyAborted => StatusCode::CONFLICT,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The request field at fault, where one is.
    fn field(&self) -> Option<&'static str> {
        match self {
            Error::Amount { .. } | Error::FullyRefunded | Error::InsufficientBalance { .. } => {
                Some("amount")
            }
            Error::UnknownCard => Some("card"),
            Error::UnknownFailureCode(_) => Some("code"),
            Error::Clock { .. } => Some("advance_seconds"),
            _ => None,
        }
    }
}

/// An error as the API writes it: `{"object":"error","message":…,"details":…}`.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) message: String,
    pub(crate) details: Value,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> ApiError {
        ApiError {
            status,
            message: message.into(),
            details: json!({}),
        }
    }

    pub(crate) fn with_details(self, details: Value) -> ApiError {
        ApiError { details, ..self }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::BAD_REQUEST, message)
    }

    /// One invalid field.
    pub(crate) fn field(name: &str, text: &str) -> ApiError {
        ApiError::bad_request(INVALID).with_details(json!({ name: text }))
    }
}

/// The sentence over `details`; the real one is not in the reference.
pub(crate) const INVALID: &str = "The request is not valid, see details.";

impl From<Error> for ApiError {
    fn from(error: Error) -> ApiError {
        let details = match error.field() {
            Some(field) => json!({ field: error.to_string() }),
            None => json!({}),
        };
        ApiError::new(error.status(), error.to_string()).with_details(details)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = json!({
            "object": "error",
            "message": self.message,
            "details": self.details,
        });
        (self.status, Json(body)).into_response()
    }
}
