//! One request, one bounded answer, and what its status means.

use std::time::Duration;

use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, RETRY_AFTER,
};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Map, Value};
use url::Url;

use crate::client::Timeouts;
use crate::error::{Doubt, Rejected};
use crate::{BaseAddress, Error, SecretKey, UrlPolicy, retry, wire};

/// The API's version of which the reference speaks.
const API_VERSION: &str = "2019-08-06";
/// Greatest length of an answer about one thing, in bytes.
pub(crate) const ONE_MAX_BYTES: usize = 1024 * 1024;
/// Greatest length of a page of a list, in bytes.
pub(crate) const LIST_MAX_BYTES: usize = 4 * 1024 * 1024;

/// What is asked.
pub(crate) struct Call<'a> {
    pub(crate) method: Method,
    pub(crate) segments: &'a [&'a str],
    pub(crate) query: &'a [(&'a str, String)],
    pub(crate) body: Option<Value>,
    pub(crate) max_bytes: usize,
}

impl<'a> Call<'a> {
    pub(crate) const fn read(segments: &'a [&'a str]) -> Self {
        Self {
            method: Method::GET,
            segments,
            query: &[],
            body: None,
            max_bytes: ONE_MAX_BYTES,
        }
    }

    pub(crate) const fn change(
        method: Method,
        segments: &'a [&'a str],
        body: Option<Value>,
    ) -> Self {
        Self {
            method,
            segments,
            query: &[],
            body,
            max_bytes: ONE_MAX_BYTES,
        }
    }
}

/// Why no whole answer is there.
enum Lost {
    NotSent,
    TimedOut,
    Interrupted,
    TooLarge,
}

impl From<&reqwest::Error> for Lost {
    fn from(error: &reqwest::Error) -> Self {
        if error.is_connect() || error.is_builder() {
            Self::NotSent
        } else if error.is_timeout() {
            Self::TimedOut
        } else {
            Self::Interrupted
        }
    }
}

struct Answer {
    status: StatusCode,
    retry_after: Option<Duration>,
    body: Vec<u8>,
}

pub(crate) struct Transport {
    http: reqwest::Client,
    base: Url,
    key: SecretKey,
    policy: UrlPolicy,
    timeouts: Timeouts,
}

impl Transport {
    pub(crate) fn new(
        base: &BaseAddress,
        key: SecretKey,
        timeouts: Timeouts,
    ) -> Result<Self, Error> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("Acquit/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.total)
            .redirect(reqwest::redirect::Policy::none())
            // A create request leaves once; what follows a failure is the caller's decision.
            .retry(reqwest::retry::never())
            .referer(false);
        builder = match base.policy() {
            UrlPolicy::Payplug => builder.https_only(true),
            // No TLS there, so no certificates are read; and no TLS elsewhere can succeed.
            UrlPolicy::Loopback => builder.no_proxy().tls_certs_only([]),
        };
        let http = builder.build().map_err(|_| Error::Setup)?;
        let base_url = Url::parse(base.as_str()).map_err(|_| Error::Address)?;
        Ok(Self {
            http,
            base: base_url,
            key,
            policy: base.policy(),
            timeouts,
        })
    }

    pub(crate) const fn is_live(&self) -> bool {
        self.key.is_live()
    }

    pub(crate) const fn policy(&self) -> UrlPolicy {
        self.policy
    }

    /// Asks, and gives the object of a 2xx answer.
    pub(crate) async fn call(&self, call: Call<'_>) -> Result<Map<String, Value>, Error> {
        let changes = call.method != Method::GET;
        let max_bytes = call.max_bytes;
        let url = self.url(call.segments, call.query)?;
        let outcome = match self.send(call, url).await? {
            Ok(response) => bounded(response, max_bytes).await,
            Err(lost) => Err(lost),
        };
        let answer = outcome.map_err(|lost| no_answer(&lost, changes))?;
        if !answer.status.is_success() {
            return Err(refusal(&answer, changes));
        }
        serde_json::from_slice(&answer.body).map_err(|_| not_understood("body", changes))
    }

    /// Asks for a file, without the key, and patiently: it may be long.
    pub(crate) async fn file(&self, url: Url) -> Result<Response, Error> {
        let request = self
            .http
            .get(url)
            .timeout(self.timeouts.total.saturating_mul(12));
        let response = request
            .send()
            .await
            .map_err(|error| no_answer(&Lost::from(&error), false))?;
        if response.status() == StatusCode::OK {
            return Ok(response);
        }
        let answer = Answer {
            status: response.status(),
            retry_after: wait_wish(response.headers()),
            body: Vec::new(),
        };
        Err(refusal(&answer, false))
    }

    async fn send(&self, call: Call<'_>, url: Url) -> Result<Result<Response, Lost>, Error> {
        tracing::debug!(method = %call.method, path = url.path(), "asking PayPlug");
        let body = match &call.body {
            Some(body) => serde_json::to_vec(body).map_err(|_| Error::Setup)?,
            None => Vec::new(),
        };
        let mut request = self
            .http
            .request(call.method.clone(), url)
            .header(AUTHORIZATION, self.key.authorization()?)
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .header("PayPlug-Version", HeaderValue::from_static(API_VERSION));
        if call.method != Method::GET {
            // Said even of an empty body: hyper leaves it out, and some servers then refuse.
            request = request
                .header(CONTENT_TYPE, "application/json")
                .header(CONTENT_LENGTH, body.len())
                .body(body);
        }
        Ok(request.send().await.map_err(|error| Lost::from(&error)))
    }

    /// Path segments are escaped here, so that nothing in them can become another path.
    fn url(&self, segments: &[&str], query: &[(&str, String)]) -> Result<Url, Error> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| Error::Address)?
            .clear()
            .push("v1")
            .extend(segments);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }
}

/// The answer with its body; where the status already says no, a body that does not come whole
/// changes nothing.
async fn bounded(response: Response, max_bytes: usize) -> Result<Answer, Lost> {
    let status = response.status();
    let retry_after = wait_wish(response.headers());
    let body = match body(response, max_bytes).await {
        Err(_) if status.is_client_error() || status.is_server_error() => Vec::new(),
        body => body?,
    };
    Ok(Answer {
        status,
        retry_after,
        body,
    })
}

async fn body(mut response: Response, max_bytes: usize) -> Result<Vec<u8>, Lost> {
    let too_long = |length: u64| u64::try_from(max_bytes).is_ok_and(|most| length > most);
    if response.content_length().is_some_and(too_long) {
        return Err(Lost::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| Lost::from(&error))? {
        if body.len() + chunk.len() > max_bytes {
            return Err(Lost::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn wait_wish(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    retry::retry_after(text(RETRY_AFTER), text(DATE))
}

/// An answer that says yes but cannot be used leaves a change in doubt.
pub(crate) const fn not_understood(field: &'static str, changes: bool) -> Error {
    if changes {
        Error::Ambiguous(Doubt::NotUnderstood { field })
    } else {
        Error::NotUnderstood { field }
    }
}

const fn no_answer(lost: &Lost, changes: bool) -> Error {
    match lost {
        Lost::NotSent => Error::Unreachable,
        Lost::TooLarge if changes => Error::Ambiguous(Doubt::NotUnderstood { field: "body" }),
        Lost::TooLarge => Error::TooLarge,
        Lost::TimedOut if changes => Error::Ambiguous(Doubt::TimedOut),
        Lost::Interrupted if changes => Error::Ambiguous(Doubt::Interrupted),
        Lost::TimedOut | Lost::Interrupted => Error::Unreachable,
    }
}

fn refusal(answer: &Answer, changes: bool) -> Error {
    let (status, retry_after) = (answer.status.as_u16(), answer.retry_after);
    match status {
        401 => Error::Unauthorised,
        403 => Error::Forbidden,
        404 => Error::NotFound,
        429 => Error::TooManyRequests { retry_after },
        // 408 comes from something in between that waited too long, as do 502 to 504.
        408 | 500..=599 if changes => Error::Ambiguous(Doubt::Failed {
            status,
            retry_after,
        }),
        408 | 500..=599 => Error::Unavailable {
            status,
            retry_after,
        },
        400..=499 => Error::Rejected(Rejected {
            status,
            fields: wire::fields_at_fault(&answer.body),
        }),
        _ => not_understood("status", changes),
    }
}
