//! What a request may say, limit by limit.

use super::*;

fn request() -> Map<String, Value> {
    object(
        br#"{"amount": 124850, "currency": "EUR", "description": "Facture F-2026-00042",
             "hosted_payment": {"sent_by": "OTHER"}, "metadata": {"invoice": "F-2026-00042"},
             "billing": {"email": "odile@client.example", "country": "FR", "postcode": "37000"}}"#,
    )
    .unwrap()
}

/// The request with one field set; `path` like `billing.email`.
fn with(path: &str, value: Value) -> Map<String, Value> {
    let mut request = request();
    match path.split_once('.') {
        None => request.insert(path.to_owned(), value),
        Some((outer, inner)) => {
            let inside = request.entry(outer).or_insert_with(|| json!({}));
            inside
                .as_object_mut()
                .unwrap()
                .insert(inner.to_owned(), value)
        }
    };
    request
}

fn check(request: &Map<String, Value>) -> Result<NewPayment, ApiError> {
    new_payment(request, &Options::default(), false)
}

/// The request is refused with 400 and the field is named in `details`.
#[track_caller]
fn refused(path: &str, value: Value) {
    let error = check(&with(path, value.clone())).expect_err(&format!("{path} = {value}"));
    assert_eq!(error.status, StatusCode::BAD_REQUEST);
    let pointer = format!("/{}", path.replace('.', "/"));
    assert!(
        error
            .details
            .pointer(&pointer)
            .is_some_and(Value::is_string),
        "{:?}",
        error.details
    );
}

#[track_caller]
fn accepted(path: &str, value: Value) -> NewPayment {
    check(&with(path, value.clone())).unwrap_or_else(|error| panic!("{path} = {value}: {error:?}"))
}

#[test]
fn the_amount_is_an_integer_within_the_bounds_of_the_account() {
    for value in [
        json!(98),
        json!(2_000_001),
        json!(0),
        json!(-99),
        json!(99.5),
        json!("99"),
    ] {
        refused("amount", value);
    }
    refused("amount", json!(null));
    refused("amount", json!(true));
    assert_eq!(accepted("amount", json!(99)).amount, 99);
    assert_eq!(accepted("amount", json!(2_000_000)).amount, 2_000_000);
}

#[test]
fn the_bounds_are_those_of_the_options() {
    let options = Options {
        min_amount: 30,
        max_amount: 50,
        ..Options::default()
    };
    assert!(new_payment(&with("amount", json!(30)), &options, false).is_ok());
    assert!(new_payment(&with("amount", json!(51)), &options, false).is_err());
}

#[test]
fn the_currency_is_the_euro() {
    refused("currency", json!("USD"));
    refused("currency", json!("eur"));
    refused("currency", json!(null));
    let mut without = request();
    without.remove("currency");
    assert!(check(&without).is_err());
}

#[test]
fn a_description_has_at_most_80_characters_not_bytes() {
    accepted("description", json!("é".repeat(80)));
    accepted("description", json!(null));
    refused("description", json!("e".repeat(81)));
    refused("description", json!(7));
}

#[test]
fn metadata_are_at_most_10_short_pairs_of_plain_values() {
    let pairs = |count: usize| -> Value {
        (0..count)
            .map(|n| (format!("k{n}"), json!("v")))
            .collect::<Map<_, _>>()
            .into()
    };
    assert_eq!(accepted("metadata", pairs(10)).metadata.unwrap().len(), 10);
    refused("metadata", pairs(11));
    accepted(
        "metadata",
        json!({"tenant": 7, "paid": true, "ID Client": "x"}),
    );
    accepted("metadata", json!({"k": "v".repeat(500)}));
    refused("metadata", json!({"k": "v".repeat(501)}));
    accepted("metadata", json!({"k".repeat(20): "v"}));
    refused("metadata", json!({"k".repeat(21): "v"}));
    refused("metadata", json!({"": "v"}));
    for value in [json!(null), json!(1.5), json!([]), json!({})] {
        refused("metadata", json!({ "k": value }));
    }
    refused("metadata", json!("text"));
}

#[test]
fn the_page_is_reached_by_return_url_or_by_sent_by() {
    refused("hosted_payment.sent_by", json!("FAX"));
    refused("hosted_payment.sent_by", json!(1));
    for way in ["EMAIL", "OTHER"] {
        accepted("hosted_payment.sent_by", json!(way));
    }
    let plain = |value| with("hosted_payment", value);
    assert!(
        check(&plain(
            json!({"return_url": "https://ferrand.example/merci"})
        ))
        .is_ok()
    );
    for value in [
        json!({}),
        json!(null),
        json!({"cancel_url": "https://a.example"}),
    ] {
        let error = check(&plain(value)).unwrap_err();
        assert!(
            error
                .details
                .pointer("/hosted_payment/return_url")
                .is_some()
        );
    }
    refused("hosted_payment.return_url", json!("javascript:alert(1)"));
    refused("hosted_payment.cancel_url", json!("https://"));
    refused("notification_url", json!("ferrand.example"));
}

#[test]
fn an_account_may_refuse_other() {
    let options = Options {
        accepts_sent_by_other: false,
        ..Options::default()
    };
    let error = new_payment(&request(), &options, false).unwrap_err();
    assert!(error.details.pointer("/hosted_payment/sent_by").is_some());
}

#[test]
fn a_link_sent_by_payplug_needs_where_to_send_it() {
    let mut sms = with("hosted_payment", json!({"sent_by": "SMS"}));
    let error = check(&sms).unwrap_err();
    assert!(
        error
            .details
            .pointer("/billing/mobile_phone_number")
            .is_some()
    );
    sms.insert(
        "billing".to_owned(),
        json!({"mobile_phone_number": "+33600000042"}),
    );
    assert!(check(&sms).is_ok());
    let mut mail = with("hosted_payment", json!({"sent_by": "EMAIL"}));
    mail.remove("billing");
    let error = check(&mail).unwrap_err();
    assert!(error.details.pointer("/billing/email").is_some());
}

#[test]
fn billing_is_optional_but_what_it_holds_is_checked() {
    let mut without = request();
    without.remove("billing");
    assert!(check(&without).is_ok());
    refused("billing.email", json!("odile"));
    refused("billing.country", json!("France"));
    refused("billing.country", json!("fr"));
    refused("billing.postcode", json!("3700"));
    refused("billing.postcode", json!("ABCDE"));
    refused("billing.title", json!("dr"));
    refused("billing.first_name", json!("x".repeat(101)));
    refused("billing.mobile_phone_number", json!("0600000042"));
    refused("billing.language", json!("french"));
    refused("billing.city", json!(5));
    accepted("billing.title", json!("mrs"));
    accepted("billing.title", json!(null));
    refused("shipping.delivery_type", json!("PIGEON"));
    accepted("shipping.delivery_type", json!("OTHER"));
    refused("billing", json!("text"));
}

#[test]
fn postcodes_abroad_are_not_french_ones() {
    accepted("billing", json!({"country": "GB", "postcode": "SW1A 1AA"}));
    refused("billing.postcode", json!("1".repeat(17)));
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let mut request = with(
        "billing",
        json!({"email": "x", "postcode": "1", "country": "FR"}),
    );
    request.insert("amount".to_owned(), json!(1));
    let details = check(&request).unwrap_err().details;
    for pointer in ["/amount", "/billing/email", "/billing/postcode"] {
        assert!(details.pointer(pointer).is_some(), "{details}");
    }
}

#[test]
fn features_that_the_account_lacks_are_forbidden() {
    for (field, value) in [
        ("authorized_amount", json!(1_000)),
        ("payment_method", json!("oney_x3_with_fees")),
        ("integration", json!("INTEGRATED_PAYMENT")),
        ("save_card", json!(true)),
        ("allow_save_card", json!(true)),
    ] {
        let error = check(&with(field, value)).unwrap_err();
        assert_eq!(error.status, StatusCode::FORBIDDEN, "{field}");
    }
    accepted("save_card", json!(false));
    refused("force_3ds", json!("yes"));
    assert!(accepted("force_3ds", json!(true)).force_3ds);
}

#[test]
fn unknown_fields_are_ignored() {
    accepted("store_id", json!(3));
    accepted("billing.extra", json!({"a": 1}));
}

#[test]
fn without_a_version_the_payer_stands_in_customer() {
    let mut request = request();
    request.insert("billing".to_owned(), json!({"email": "not looked at"}));
    request.insert(
        "customer".to_owned(),
        json!({"email": "odile@client.example", "phone_number": "+33600000042"}),
    );
    let new = new_payment(&request, &Options::default(), true).unwrap();
    assert_eq!(new.billing.text("email"), Some("odile@client.example"));
    assert_eq!(
        new.billing.text("mobile_phone_number"),
        Some("+33600000042")
    );
    request.insert("customer".to_owned(), json!({"email": "odile"}));
    let error = new_payment(&request, &Options::default(), true).unwrap_err();
    assert!(error.details.pointer("/customer/email").is_some());
}

#[test]
fn a_body_is_a_json_object() {
    for body in ["", "[]", "7", "{", "{\"a\":}"] {
        assert!(object(body.as_bytes()).is_err(), "{body}");
    }
}
