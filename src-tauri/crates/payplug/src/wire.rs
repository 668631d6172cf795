//! JSON as PayPlug writes it: bodies of requests, and fields of answers that are nothing until
//! proven.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use acquit_domain::Cents;
use acquit_domain::remote::{METADATA_INVOICE, METADATA_LINK};

use crate::client::{Buyer, BuyerName, NewPayment, PaymentForm};

/// Longest description that PayPlug shows a payer (reference § 4.2).
const DESCRIPTION_MAX: usize = 80;
/// Longest name that the official plugins send (reference § 4.3).
const NAME_MAX: usize = 100;
/// Longest e-mail address that they send.
const EMAIL_MAX: usize = 255;
/// Longest value of a `metadata` pair of ours; PayPlug's own limit is said to be 500.
const METADATA_MAX: usize = 100;
/// Most `metadata` pairs.
const METADATA_PAIRS_MAX: usize = 10;

/// `POST /v1/payments`.
pub(crate) fn new_payment(request: &NewPayment) -> Value {
    let hosted_payment = match &request.form {
        PaymentForm::SentByOther => json!({ "sent_by": "OTHER" }),
        PaymentForm::Hosted { return_url } => {
            json!({ "return_url": return_url, "cancel_url": return_url })
        }
    };
    let mut body = json!({
        "amount": request.amount.get(),
        "currency": "EUR",
        "hosted_payment": hosted_payment,
        "description": clip(&request.description, DESCRIPTION_MAX),
        "metadata": {
            METADATA_LINK: request.link.to_string(),
            METADATA_INVOICE: clip(&request.invoice_number, METADATA_MAX),
        },
    });
    if request.with_billing {
        body["billing"] = billing(&request.buyer);
    }
    if request.force_3ds {
        body["force_3ds"] = Value::Bool(true);
    }
    body
}

fn billing(buyer: &Buyer) -> Value {
    let mut billing = match &buyer.name {
        BuyerName::Private(name) => json!({ "last_name": clip(name, NAME_MAX) }),
        BuyerName::Business(name) => json!({ "company_name": clip(name, NAME_MAX) }),
    };
    billing["country"] = Value::from(buyer.country.as_str());
    // A clipped address would be somebody else's.
    if let Some(email) = buyer
        .email
        .as_ref()
        .filter(|email| email.chars().count() <= EMAIL_MAX)
    {
        billing["email"] = Value::from(email.as_str());
    }
    billing
}

/// `POST /v1/payments/{id}/refunds`: nothing at all for the whole amount.
pub(crate) fn new_refund(amount: Option<Cents>, metadata: &[(String, String)]) -> Option<Value> {
    let mut body = Map::new();
    if let Some(amount) = amount {
        body.insert("amount".to_owned(), amount.get().into());
    }
    if !metadata.is_empty() {
        let pairs = metadata.iter().take(METADATA_PAIRS_MAX);
        let pairs: Map<String, Value> = pairs
            .map(|(key, value)| (key.clone(), clip(value, METADATA_MAX).into()))
            .collect();
        body.insert("metadata".to_owned(), pairs.into());
    }
    (!body.is_empty()).then(|| body.into())
}

fn clip(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// The path of a field that is missing or has another type or range than documented.
pub(crate) type Fault = &'static str;

/// An object of an answer. Each method takes the whole path of a field, for the error, and looks up
/// its last segment; JSON `null` counts as absent everywhere.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a>(pub(crate) &'a Map<String, Value>);

/// Amounts above this (ten thousand million euros) would let sums overflow one day.
const CENTS_MAX: i64 = 1_000_000_000_000;
/// 2000-01-01 … 2100-01-01, Unix seconds: PayPlug was founded in 2012.
const SECONDS: std::ops::Range<i64> = 946_684_800..4_102_444_800;

impl<'a> Fields<'a> {
    fn value(self, path: Fault) -> Option<&'a Value> {
        let name = path.rsplit('.').next().unwrap_or(path);
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn optional<T>(
        self,
        path: Fault,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Fault> {
        self.value(path)
            .map(|value| read(value).ok_or(path))
            .transpose()
    }

    pub(crate) fn object(self, path: Fault) -> Result<Option<Self>, Fault> {
        self.optional(path, |value| value.as_object().map(Fields))
    }

    pub(crate) fn list(self, path: Fault) -> Result<&'a [Value], Fault> {
        self.value(path)
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .ok_or(path)
    }

    pub(crate) fn boolean(self, path: Fault) -> Result<bool, Fault> {
        self.optional_boolean(path)?.ok_or(path)
    }

    pub(crate) fn optional_boolean(self, path: Fault) -> Result<Option<bool>, Fault> {
        self.optional(path, Value::as_bool)
    }

    /// A text without controls, of 1 … `most` characters.
    pub(crate) fn optional_text(self, path: Fault, most: usize) -> Result<Option<&'a str>, Fault> {
        self.optional(path, |value| {
            let text = value.as_str()?;
            let fits = (1..=most).contains(&text.chars().count());
            (fits && !text.chars().any(char::is_control)).then_some(text)
        })
    }

    pub(crate) fn text(self, path: Fault, most: usize) -> Result<&'a str, Fault> {
        self.optional_text(path, most)?.ok_or(path)
    }

    /// An amount of at least nothing: `Value::as_i64` refuses what is written as a float, as does
    /// any integer beyond 64 bits.
    pub(crate) fn optional_cents(self, path: Fault) -> Result<Option<Cents>, Fault> {
        self.optional(path, |value| {
            value
                .as_i64()
                .filter(|cents| (0..=CENTS_MAX).contains(cents))
                .map(Cents::new)
        })
    }

    pub(crate) fn cents(self, path: Fault) -> Result<Cents, Fault> {
        self.optional_cents(path)?.ok_or(path)
    }

    pub(crate) fn optional_instant(self, path: Fault) -> Result<Option<Timestamp>, Fault> {
        self.optional(path, |value| {
            let seconds = value.as_i64().filter(|seconds| SECONDS.contains(seconds))?;
            Timestamp::from_second(seconds).ok()
        })
    }

    pub(crate) fn instant(self, path: Fault) -> Result<Timestamp, Fault> {
        self.optional_instant(path)?.ok_or(path)
    }

    pub(crate) fn count(self, path: Fault) -> Result<Option<u64>, Fault> {
        self.optional(path, Value::as_u64)
    }

    /// Refuses an object that says to be something else; old answers do not say.
    pub(crate) fn is_a(self, kind: &str) -> Result<(), Fault> {
        match self.value("object") {
            Some(Value::String(found)) if found == kind => Ok(()),
            None => Ok(()),
            Some(_) => Err("object"),
        }
    }
}

/// Most fields at fault that are kept of one rejection.
const FAULTS_MAX: usize = 50;
/// Deepest path that is followed into `details`.
const FAULT_DEPTH_MAX: usize = 6;
/// The fields of requests that the reference names (§ 4.2, 4.3, 6, 7.2). An answer could put
/// anything where it names a field, our key for one: what is not among these is `other`.
const KNOWN_FIELDS: [&str; 41] = [
    "aborted",
    "acquit_link",
    "acquit_refund",
    "address1",
    "address2",
    "allow_save_card",
    "amount",
    "authorized_amount",
    "auto_capture",
    "billing",
    "cancel_url",
    "city",
    "company_name",
    "country",
    "currency",
    "delivery_type",
    "description",
    "email",
    "end_date",
    "first_name",
    "force_3ds",
    "hosted_payment",
    "initiator",
    "integration",
    "invoice",
    "landline_phone_number",
    "language",
    "last_name",
    "metadata",
    "mobile_phone_number",
    "notification_url",
    "payment_context",
    "payment_method",
    "postcode",
    "return_url",
    "save_card",
    "sent_by",
    "shipping",
    "start_date",
    "state",
    "title",
];

/// The paths in `details` of an error (reference § 8). Its texts are PayPlug's own and stay behind.
pub(crate) fn fields_at_fault(body: &[u8]) -> Vec<String> {
    let mut paths = Vec::new();
    if let Ok(Value::Object(error)) = serde_json::from_slice(body)
        && let Some(details) = error.get("details")
    {
        collect(details, "", FAULT_DEPTH_MAX, &mut paths);
    }
    paths
}

fn collect(details: &Value, path: &str, depth: usize, paths: &mut Vec<String>) {
    match details {
        Value::Object(fields) if depth > 0 && !fields.is_empty() => {
            for (name, inner) in fields {
                let name = KNOWN_FIELDS
                    .into_iter()
                    .find(|known| known == name)
                    .unwrap_or("other");
                let dot = if path.is_empty() { "" } else { "." };
                collect(inner, &format!("{path}{dot}{name}"), depth - 1, paths);
            }
        }
        _ if path.is_empty() || paths.len() >= FAULTS_MAX => {}
        _ if paths.iter().any(|known| known == path) => {}
        _ => paths.push(path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Fields, KNOWN_FIELDS, fields_at_fault, new_refund};
    use acquit_domain::Cents;

    fn at_fault(body: &serde_json::Value) -> Vec<String> {
        fields_at_fault(body.to_string().as_bytes())
    }

    #[test]
    fn fields_at_fault_are_paths_without_payplugs_texts() {
        let body = json!({ "object": "error", "message": "no", "details": {
            "billing": { "postcode": "Invalid value.", "city": ["too long"] },
            "hosted_payment": { "sent_by": { } },
            "amount": 5, "bad name\n": "x", "é": "x",
        }});
        let expected = [
            "amount",
            "other",
            "billing.city",
            "billing.postcode",
            "hosted_payment.sent_by",
        ];
        assert_eq!(at_fault(&body), expected);
        assert!(
            at_fault(&json!({ "details": "Access to this feature is not available." })).is_empty()
        );
        assert!(at_fault(&json!({ "message": "sent_by" })).is_empty());
        assert!(at_fault(&json!(["sent_by"])).is_empty());
        assert!(fields_at_fault(b"<html>sent_by</html>").is_empty());
        let many: serde_json::Map<_, _> = (0..1_000)
            .map(|number| (format!("f{number}"), json!({ "city": "x" })))
            .collect();
        assert_eq!(at_fault(&json!({ "details": many })), ["other.city"]);
        let wide: serde_json::Map<_, _> = KNOWN_FIELDS
            .map(|outer| {
                (
                    outer.to_owned(),
                    KNOWN_FIELDS.map(|inner| (inner, 1)).into_iter().collect(),
                )
            })
            .into_iter()
            .collect();
        assert_eq!(at_fault(&json!({ "details": wide })).len(), 50);
        let deep = (0..20).fold(json!("x"), |inner, _| json!({ "city": inner }));
        assert_eq!(
            at_fault(&json!({ "details": deep })),
            ["city.city.city.city.city.city"]
        );
    }

    #[test]
    fn amounts_are_bounded_integers() {
        for (value, expected) in [
            (json!(124_850), Ok(Cents::new(124_850))),
            (json!(0), Ok(Cents::ZERO)),
            (
                json!(1_000_000_000_000_i64),
                Ok(Cents::new(1_000_000_000_000)),
            ),
            (json!(1_000_000_000_001_i64), Err("amount")),
            (json!(-1), Err("amount")),
            (json!(12.0), Err("amount")),
            (json!(12.5), Err("amount")),
            (json!(u64::MAX), Err("amount")),
            (json!("1200"), Err("amount")),
            (json!(true), Err("amount")),
            (json!(null), Err("amount")),
        ] {
            let object = json!({ "amount": value });
            let fields = Fields(object.as_object().unwrap());
            assert_eq!(fields.cents("amount"), expected, "{object}");
        }
        let huge: serde_json::Value =
            serde_json::from_str(r#"{"amount":99999999999999999999999999}"#).unwrap();
        assert_eq!(
            Fields(huge.as_object().unwrap()).cents("amount"),
            Err("amount")
        );
    }

    #[test]
    fn a_full_refund_sends_nothing() {
        assert_eq!(new_refund(None, &[]), None);
        assert_eq!(
            new_refund(Some(Cents::new(1_000)), &[]),
            Some(json!({ "amount": 1_000 }))
        );
        let pairs: Vec<_> = (0..20)
            .map(|n| (format!("k{n}"), "v".repeat(200)))
            .collect();
        let body = new_refund(None, &pairs).unwrap();
        assert_eq!(body["metadata"].as_object().unwrap().len(), 10);
        assert_eq!(body["metadata"]["k0"].as_str().unwrap().len(), 100);
    }
}
