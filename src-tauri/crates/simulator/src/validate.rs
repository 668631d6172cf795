//! Checks of what is sent to create a payment (reference § 4.2) and of metadata.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::Options;
use crate::address;
use crate::error::{ApiError, INVALID};
use crate::model::{Hosted, NewPayment};

/// What the payer is shown: official plug-ins cut there (reference § 4.2).
const DESCRIPTION_CHARACTERS: usize = 80;
/// Remembered from the reference by several clients, never found in a reachable source; the
/// simulator holds to it because whoever keeps within it is right in any case.
const METADATA_PAIRS: usize = 10;
const METADATA_KEY_CHARACTERS: usize = 20;
const METADATA_VALUE_CHARACTERS: usize = 500;
const URL_CHARACTERS: usize = 2_000;

/// What is wrong, keyed like the request (reference § 8).
#[derive(Debug, Default)]
pub(crate) struct Details(Map<String, Value>);

impl Details {
    /// Notes what is wrong with a field, given as `amount` or `billing.postcode`.
    pub(crate) fn add(&mut self, path: &str, text: &str) {
        match path.split_once('.') {
            None => self.0.insert(path.to_owned(), json!(text)),
            Some((outer, inner)) => {
                let mut inside = match self.0.remove(outer) {
                    Some(Value::Object(inside)) => inside,
                    _ => Map::new(),
                };
                inside.insert(inner.to_owned(), json!(text));
                self.0.insert(outer.to_owned(), Value::Object(inside))
            }
        };
    }

    /// Nothing is wrong, or the answer 400.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(ApiError::bad_request(INVALID).with_details(Value::Object(self.0)))
    }
}

/// The body as a JSON object.
pub(crate) fn object(body: &[u8]) -> Result<Map<String, Value>, ApiError> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(ApiError::bad_request("The body must be a JSON object.")),
        Err(_) => Err(ApiError::bad_request("The body is not valid JSON.")),
    }
}

/// A request to create a payment. `is_legacy`: without a version header, payer data stand in
/// `customer`, and `billing` and `shipping` are not recognised (reference § 3). Unknown fields
/// are ignored.
pub(crate) fn new_payment(
    request: &Map<String, Value>,
    options: &Options,
    is_legacy: bool,
) -> Result<NewPayment, ApiError> {
    refuse_closed_features(request)?;
    let mut details = Details::default();
    let mut new = NewPayment {
        amount: amount(request, options, &mut details),
        description: description(request, &mut details),
        metadata: metadata(request, &mut details),
        notification_url: web_address(request, "notification_url", &mut details, ""),
        force_3ds: flag(request, "force_3ds", &mut details),
        ..NewPayment::default()
    };
    match request.get("currency").map(Value::as_str) {
        None => details.add("currency", "This field is required."),
        Some(Some("EUR")) => {}
        Some(_) => details.add("currency", "The currency must be EUR."),
    }
    if is_legacy {
        new.billing = address::customer(request, &mut details);
        new.shipping = new.billing.clone();
    } else {
        new.billing = address::billing(request, &mut details);
        new.shipping = address::shipping(request, &mut details);
    }
    new.hosted = hosted(request, options, &mut details);
    let payer = if is_legacy { "customer" } else { "billing" };
    let wanted = match new.hosted.sent_by.as_deref() {
        Some("EMAIL") => Some(("email", "email")),
        Some("SMS") if is_legacy => Some(("mobile_phone_number", "phone_number")),
        Some("SMS") => Some(("mobile_phone_number", "mobile_phone_number")),
        _ => None,
    };
    if let Some((kept_as, sent_as)) = wanted
        && new.billing.text(kept_as).is_none()
    {
        details.add(
            &format!("{payer}.{sent_as}"),
            "This field is required to send the link.",
        );
    }
    details.finish()?;
    Ok(new)
}

/// What this account may not do (`permissions` of `GET /v1/account`).
fn refuse_closed_features(request: &Map<String, Value>) -> Result<(), ApiError> {
    let given = |field: &str| request.get(field).is_some_and(|value| !value.is_null());
    let wanted = |field: &str| request.get(field) == Some(&Value::Bool(true));
    let closed = given("authorized_amount")
        || given("payment_method")
        || given("integration")
        || wanted("save_card")
        || wanted("allow_save_card");
    if closed {
        return Err(
            ApiError::new(StatusCode::FORBIDDEN, "You may not use this feature.")
                .with_details(json!("Access to this feature is not available.")),
        );
    }
    Ok(())
}

fn amount(request: &Map<String, Value>, options: &Options, details: &mut Details) -> i64 {
    let (min, max) = (options.min_amount, options.max_amount);
    let text = match request.get("amount") {
        None | Some(Value::Null) => "This field is required.".to_owned(),
        Some(value) => match value.as_i64() {
            None => "The amount must be an integer, in cents.".to_owned(),
            Some(amount) if amount < min => format!("The amount is less than {min} cents."),
            Some(amount) if amount > max => format!("The amount is more than {max} cents."),
            Some(amount) => return amount,
        },
    };
    details.add("amount", &text);
    0
}

fn description(request: &Map<String, Value>, details: &mut Details) -> Option<String> {
    match request.get("description") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) if text.chars().count() <= DESCRIPTION_CHARACTERS => {
            Some(text.clone())
        }
        Some(Value::String(_)) => {
            details.add(
                "description",
                "The description is longer than 80 characters.",
            );
            None
        }
        Some(_) => {
            details.add("description", "The description must be a string.");
            None
        }
    }
}

/// Metadata of a payment or a refund: at most 10 pairs; strings, integers and booleans.
pub(crate) fn metadata(
    request: &Map<String, Value>,
    details: &mut Details,
) -> Option<Map<String, Value>> {
    let pairs = match request.get("metadata") {
        None | Some(Value::Null) => return None,
        Some(Value::Object(pairs)) => pairs,
        Some(_) => {
            details.add("metadata", "The metadata must be an object.");
            return None;
        }
    };
    if pairs.len() > METADATA_PAIRS {
        details.add("metadata", "There are more than 10 metadata.");
        return None;
    }
    for (key, value) in pairs {
        let is_known = match value {
            Value::String(text) => text.chars().count() <= METADATA_VALUE_CHARACTERS,
            Value::Number(number) => number.is_i64() || number.is_u64(),
            Value::Bool(_) => true,
            Value::Null | Value::Array(_) | Value::Object(_) => false,
        };
        if key.is_empty() || key.chars().count() > METADATA_KEY_CHARACTERS {
            details.add("metadata", "A metadata key must have 1 to 20 characters.");
            return None;
        }
        if !is_known {
            let text = "A metadata value must be a string of at most 500 characters, an integer \
                        or a boolean.";
            details.add("metadata", text);
            return None;
        }
    }
    Some(pairs.clone())
}

fn hosted(request: &Map<String, Value>, options: &Options, details: &mut Details) -> Hosted {
    let given = match request.get("hosted_payment") {
        None | Some(Value::Null) => &Map::new(),
        Some(Value::Object(given)) => given,
        Some(_) => {
            details.add("hosted_payment", "This field must be an object.");
            return Hosted::default();
        }
    };
    let sent_by = match given.get("sent_by") {
        None | Some(Value::Null) => None,
        Some(Value::String(way)) if way == "OTHER" && !options.accepts_sent_by_other => {
            details.add(
                "hosted_payment.sent_by",
                "OTHER is not available for this account.",
            );
            return Hosted::default();
        }
        Some(Value::String(way)) if ["EMAIL", "SMS", "OTHER"].contains(&way.as_str()) => {
            Some(way.clone())
        }
        Some(_) => {
            details.add(
                "hosted_payment.sent_by",
                "This field must be EMAIL, SMS or OTHER.",
            );
            return Hosted::default();
        }
    };
    let return_url = web_address(given, "return_url", details, "hosted_payment.");
    let cancel_url = web_address(given, "cancel_url", details, "hosted_payment.");
    if sent_by.is_none() && given.get("return_url").is_none_or(Value::is_null) {
        details.add(
            "hosted_payment.return_url",
            "This field is required without sent_by.",
        );
    }
    Hosted {
        return_url,
        cancel_url,
        sent_by,
    }
}

fn web_address(
    object: &Map<String, Value>,
    field: &str,
    details: &mut Details,
    prefix: &str,
) -> Option<String> {
    match object.get(field) {
        None | Some(Value::Null) => None,
        Some(Value::String(address)) if is_web_address(address) => Some(address.clone()),
        Some(_) => {
            details.add(
                &format!("{prefix}{field}"),
                "This field must be a web address.",
            );
            None
        }
    }
}

fn is_web_address(address: &str) -> bool {
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    let is_plain = address.chars().all(|c| c.is_ascii_graphic());
    is_plain
        && address.len() <= URL_CHARACTERS
        && rest
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '['))
}

fn flag(request: &Map<String, Value>, field: &str, details: &mut Details) -> bool {
    match request.get(field) {
        None | Some(Value::Null) => false,
        Some(Value::Bool(value)) => *value,
        Some(_) => {
            details.add(field, "This field must be a boolean.");
            false
        }
    }
}

#[cfg(test)]
mod tests;
