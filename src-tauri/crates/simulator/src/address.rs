//! `billing`, `shipping`, and the `customer` of the legacy version (reference § 3, § 4.3).

use serde_json::{Map, Value, json};

use crate::model::{ADDRESS_FIELDS, Address};
use crate::validate::Details;

const DELIVERY_TYPES: [&str; 7] = [
    "BILLING",
    "VERIFIED",
    "NEW",
    "SHIP_TO_STORE",
    "DIGITAL_GOODS",
    "TRAVEL_OR_EVENT",
    "OTHER",
];

/// The fields of the legacy `customer`, and where each is kept.
const CUSTOMER_FIELDS: [(&str, &str); 10] = [
    ("email", "email"),
    ("first_name", "first_name"),
    ("last_name", "last_name"),
    ("address1", "address1"),
    ("address2", "address2"),
    ("postcode", "postcode"),
    ("city", "city"),
    ("country", "country"),
    ("phone_number", "mobile_phone_number"),
    ("language", "language"),
];

/// Checks `billing`.
pub(crate) fn billing(request: &Map<String, Value>, details: &mut Details) -> Address {
    read(request, "billing", &same_names(&ADDRESS_FIELDS), details)
}

/// Checks `shipping`: the fields of `billing` and the way of delivery.
pub(crate) fn shipping(request: &Map<String, Value>, details: &mut Details) -> Address {
    let mut fields = same_names(&ADDRESS_FIELDS);
    fields.push(("delivery_type", "delivery_type"));
    read(request, "shipping", &fields, details)
}

/// Checks the legacy `customer`.
pub(crate) fn customer(request: &Map<String, Value>, details: &mut Details) -> Address {
    read(request, "customer", &CUSTOMER_FIELDS, details)
}

fn same_names(fields: &[&'static str]) -> Vec<(&'static str, &'static str)> {
    fields.iter().map(|field| (*field, *field)).collect()
}

fn read(
    request: &Map<String, Value>,
    name: &str,
    fields: &[(&str, &str)],
    details: &mut Details,
) -> Address {
    let given = match request.get(name) {
        None | Some(Value::Null) => return Address::default(),
        Some(Value::Object(given)) => given,
        Some(_) => {
            details.add(name, "This field must be an object.");
            return Address::default();
        }
    };
    let country = given.get("country").and_then(Value::as_str);
    let mut kept = Map::new();
    for (sent_as, kept_as) in fields {
        match given.get(*sent_as) {
            None | Some(Value::Null) => {}
            Some(Value::String(text)) if is_valid(kept_as, text, country) => {
                kept.insert((*kept_as).to_owned(), json!(text));
            }
            Some(_) => details.add(&format!("{name}.{sent_as}"), "Invalid value."),
        }
    }
    Address(kept)
}

/// Shapes and lengths of § 4.3.
fn is_valid(field: &str, text: &str, country: Option<&str>) -> bool {
    let count = text.chars().count();
    match field {
        "title" => ["mr", "mrs", "miss"].contains(&text),
        "email" => count <= 255 && is_email(text),
        "country" => text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()),
        "language" => text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_lowercase()),
        "postcode" if country == Some("FR") => {
            text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit())
        }
        "postcode" => (1..=16).contains(&count),
        "mobile_phone_number" | "landline_phone_number" => is_e164(text),
        "address1" | "address2" => count <= 255,
        "delivery_type" => DELIVERY_TYPES.contains(&text),
        _ => count <= 100,
    }
}

fn is_email(text: &str) -> bool {
    let Some((name, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let is_plain = |part: &str| {
        !part.is_empty()
            && !part.contains(|c: char| c.is_whitespace() || c.is_control() || c == '@')
    };
    is_plain(name)
        && is_plain(domain)
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
}

fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (6..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0')
    })
}

/// `billing` as answered: every field, `null` where it was not given.
pub(crate) fn billing_json(address: &Address) -> Value {
    Value::Object(
        ADDRESS_FIELDS
            .iter()
            .map(|field| ((*field).to_owned(), json!(address.text(field))))
            .collect(),
    )
}

/// `shipping` as answered.
pub(crate) fn shipping_json(address: &Address) -> Value {
    let mut value = billing_json(address);
    value["delivery_type"] = json!(address.text("delivery_type"));
    value
}

/// The legacy `customer` as answered.
pub(crate) fn customer_json(address: &Address) -> Value {
    let pairs = CUSTOMER_FIELDS.iter();
    Value::Object(
        pairs
            .map(|(sent_as, kept_as)| ((*sent_as).to_owned(), json!(address.text(kept_as))))
            .collect(),
    )
}
