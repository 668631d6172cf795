//! § 3 to § 4.7: a payment, field by field and state by state.

use acquit_domain::remote::RemotePayment;
use serde_json::{Value, json};

use super::{Row, agrees, fault};
use crate::support::{self, Server, merged, payment_id, with};

/// Changes of the open payment.
fn open(changes: Value) -> Value {
    merged(support::payment(), &changes)
}

/// Changes of the paid one.
fn paid(changes: Value) -> Value {
    merged(support::paid(), &changes)
}

/// What was read of a payment, by our names.
fn facts(payment: &RemotePayment) -> Value {
    let card = payment.card.as_ref();
    json!({
        "id": payment.id.as_str(),
        "is_live": payment.is_live,
        "amount": payment.amount.get(),
        "currency": payment.currency,
        "created_at": payment.created_at.as_second(),
        "is_paid": payment.is_paid,
        "paid_at": payment.paid_at.map(|at| at.as_second()),
        "amount_refunded": payment.amount_refunded.get(),
        "failure": payment.failure.as_ref().map(|failure| failure.code.as_str()),
        "is_abort": payment.failure.as_ref().map(|failure| failure.is_abort()),
        "card": card.is_some(),
        "brand": card.and_then(|card| card.brand.as_deref()),
        "last4": card.and_then(|card| card.last4.as_deref()),
        "metadata": payment.metadata,
        "payment_url": payment.payment_url,
        "refundable_until": payment.refundable_until.map(|at| at.as_second()),
    })
}

async fn read(answer: &Value) -> Value {
    let server = Server::json(200, answer).await;
    match server.client().payment(&payment_id()).await {
        Ok(payment) => facts(&payment),
        Err(error) => fault(&error),
    }
}

/// Each field of § 4.4: as documented, null where it may be, absent where older answers lack it.
pub(super) fn fields() -> Vec<Row> {
    let absent = |path: &str| with(&support::payment(), path, None);
    let null = |path: &str| with(&support::payment(), path, Some(Value::Null));
    let odd = |path: &str, value: Value| with(&support::payment(), path, Some(value));
    let as_it_was = json!({ "amount": 124_850, "is_paid": false });
    let mut rows: Vec<Row> = vec![
        (
            "4.4",
            "id",
            open(json!({})),
            json!({ "id": support::PAYMENT }),
        ),
        (
            "4.4",
            "id of another kind",
            odd("id", json!("inst_5LmRx2")),
            json!({ "fault": "id" }),
        ),
        (
            "4.4",
            "object is payment",
            odd("object", json!("installment_plan")),
            json!({ "fault": "object" }),
        ),
        (
            "4.4",
            "is_live",
            open(json!({ "is_live": true })),
            json!({ "is_live": true }),
        ),
        (
            "4.4",
            "amount in cents",
            open(json!({ "amount": 1 })),
            json!({ "amount": 1 }),
        ),
        (
            "4.4",
            "amount is absent in a deferred payment",
            absent("amount"),
            json!({ "fault": "amount" }),
        ),
        (
            "4.4",
            "amount is no decimal",
            odd("amount", json!(1248.5)),
            json!({ "fault": "amount" }),
        ),
        (
            "4.4",
            "amount_refunded",
            paid(json!({ "amount_refunded": 1 })),
            json!({ "amount_refunded": 1 }),
        ),
        (
            "4.4",
            "amount_refunded is never null",
            null("amount_refunded"),
            json!({ "fault": "amount_refunded" }),
        ),
        (
            "4.4",
            "currency",
            open(json!({})),
            json!({ "currency": "EUR" }),
        ),
        (
            "4.4",
            "another currency is read, and judged elsewhere",
            odd("currency", json!("CHF")),
            json!({ "currency": "CHF" }),
        ),
        (
            "4.4",
            "created_at in seconds",
            open(json!({})),
            json!({ "created_at": 1_790_755_200 }),
        ),
        (
            "4.4",
            "created_at is no text",
            odd("created_at", json!("2026-09-30")),
            json!({ "fault": "created_at" }),
        ),
        (
            "4.4",
            "is_paid is never null",
            null("is_paid"),
            json!({ "fault": "is_paid" }),
        ),
        (
            "4.4",
            "paid_at",
            paid(json!({})),
            json!({ "paid_at": 1_790_784_613 }),
        ),
        (
            "4.4",
            "hosted_payment.paid_at stands in",
            paid(json!({ "paid_at": null,
            "hosted_payment": { "paid_at": 1_790_784_613 } })),
            json!({ "paid_at": 1_790_784_613 }),
        ),
        (
            "4.4",
            "last4 with its zeros",
            paid(json!({ "card": { "last4": "0042" } })),
            json!({ "last4": "0042", "brand": null }),
        ),
        (
            "4.4",
            "card without number",
            paid(json!({ "card": { "brand": "CB" } })),
            json!({ "last4": null, "brand": "CB" }),
        ),
        (
            "4.4",
            "a card of nulls is no card",
            open(json!({})),
            json!({ "card": false }),
        ),
        (
            "4.4",
            "a saved card's own metadata",
            paid(
                json!({ "card": { "last4": "4242", "id": "card_167oJVCpvtR9j8N85LraL2GA",
            "metadata": { "a": 1 } } }),
            ),
            json!({ "last4": "4242" }),
        ),
        (
            "4.4",
            "hosted_payment is null in one click",
            null("hosted_payment"),
            json!({ "payment_url": null }),
        ),
        (
            "4.4",
            "payment_url",
            open(json!({})),
            json!({ "payment_url": "http://127.0.0.1:4242/pay/x?token=y" }),
        ),
        (
            "4.4",
            "metadata is echoed",
            open(json!({})),
            json!({ "metadata": { "acquit_link": support::LINK, "invoice": "F-2026-00042" } }),
        ),
        (
            "4.4",
            "metadata of numbers and booleans",
            odd("metadata", json!({ "ID Cart": 7, "gift": true })),
            json!({ "metadata": { "ID Cart": "7", "gift": "true" } }),
        ),
        (
            "4.4",
            "failure with details",
            odd(
                "failure",
                json!({ "code": "card_declined", "message": "x", "details": { "code": "05" } }),
            ),
            json!({ "failure": "card_declined" }),
        ),
        (
            "4.4",
            "authorization of a deferred payment",
            odd(
                "authorization",
                json!({ "authorized_amount": 124_850, "authorized_at": 1_790_755_300, "expires_at": 1_791_360_000 }),
            ),
            json!({ "is_paid": false }),
        ),
        (
            "4.4",
            "payment_context of Oney",
            odd(
                "payment_context",
                json!({ "cart": [{ "name": "x", "price": 1 }] }),
            ),
            as_it_was.clone(),
        ),
        (
            "4.4",
            "refundable_until",
            paid(json!({})),
            json!({ "refundable_until": 1_806_336_613 }),
        ),
        (
            "4.4",
            "a field of tomorrow",
            odd("risk", json!({ "score": [0.5] })),
            as_it_was.clone(),
        ),
        (
            "3",
            "the legacy version answers with customer",
            odd(
                "customer",
                json!({ "email": "a@b.example", "first_name": "Odile" }),
            ),
            as_it_was.clone(),
        ),
        (
            "4.3",
            "billing full of nulls",
            odd(
                "billing",
                json!({ "title": null, "email": null, "country": null }),
            ),
            as_it_was.clone(),
        ),
    ];
    for brand in ["Mastercard", "Maestro", "Visa", "CB", "American Express"] {
        let card = json!({ "card": { "last4": "1800", "brand": brand } });
        rows.push(("4.4", "each brand", paid(card), json!({ "brand": brand })));
    }
    let may_be_null = [
        "description",
        "paid_at",
        "is_3ds",
        "metadata",
        "failure",
        "installment_plan_id",
        "authorization",
        "refundable_after",
        "refundable_until",
        "integration",
        "notification",
    ];
    for path in may_be_null {
        rows.push(("4.4", path, null(path), as_it_was.clone()));
        rows.push(("4.4", path, absent(path), as_it_was.clone()));
    }
    for (path, value) in [
        ("save_card", json!(true)),
        ("allow_save_card", json!(true)),
        ("integration", json!("INTEGRATED_PAYMENT")),
        ("installment_plan_id", json!("inst_5LmRx2VtKc9wQzYb7HnDpJ")),
        (
            "notification",
            json!({ "url": "https://a.example", "response_code": 500 }),
        ),
        ("shipping", json!({ "delivery_type": "OTHER" })),
    ] {
        rows.push(("4.4", path, odd(path, value), as_it_was.clone()));
    }
    rows
}

/// The codes of § 4.5 with their documented messages.
const FAILURES: [(&str, &str); 11] = [
    ("processing_error", "Error while processing the card."),
    ("card_declined", "The card has been rejected."),
    (
        "insufficient_funds",
        "Insufficient funds to cover the payment.",
    ),
    (
        "3ds_declined",
        "The 3D Secure authentication request has failed.",
    ),
    ("incorrect_number", "The card number is incorrect."),
    (
        "fraud_suspected",
        "Payment rejected because a fraud has been detected.",
    ),
    (
        "method_unsupported",
        "The payment method is not supported (e.g. e-carte bleue).",
    ),
    (
        "card_scheme_mismatch",
        "The card number does not match with the selected brand.",
    ),
    (
        "card_expiration_date_prior_to_last_installment_date",
        "The card expiration date is prior to the last installment date.",
    ),
    (
        "aborted",
        "Payment has been aborted with the abort feature.",
    ),
    (
        "timeout",
        "The customer has not tried to pay and left the payment page.",
    ),
];

pub(super) fn failures() -> Vec<Row> {
    let failed = |code: &str, message: Value| {
        open(json!({ "failure": { "code": code, "message": message } }))
    };
    let mut rows: Vec<Row> = FAILURES
        .iter()
        .map(|(code, message)| {
            let expected =
                json!({ "failure": code, "is_abort": *code == "aborted", "is_paid": false });
            ("4.5", *code, failed(code, json!(message)), expected)
        })
        .collect();
    rows.push((
        "4.5",
        "a code of tomorrow",
        failed("card_stolen", Value::Null),
        json!({ "failure": "card_stolen" }),
    ));
    rows.push((
        "4.5",
        "no failure code at all",
        open(json!({ "failure": {} })),
        json!({ "fault": "failure.code" }),
    ));
    rows
}

/// The states of § 4.7 and what leads there.
pub(super) fn transitions() -> Vec<Row> {
    let pending = |is_paid: bool| {
        let method =
            json!({ "type": "oney_x3_with_fees", "is_pending": true, "transaction_flow": null });
        let both = json!({ "payment_method": method, "is_paid": is_paid });
        if is_paid { paid(both) } else { open(both) }
    };
    let not_paid = json!({ "is_paid": false, "failure": null });
    let authorized = |expires_at: i64| {
        open(
            json!({ "authorization": { "authorized_amount": 124_850, "authorized_at": 1_790_755_300,
            "expires_at": expires_at } }),
        )
    };
    vec![
        ("4.7", "created", open(json!({})), not_paid.clone()),
        (
            "4.7",
            "created → paid",
            paid(json!({ "amount_refunded": 0 })),
            json!({ "is_paid": true, "amount_refunded": 0 }),
        ),
        (
            "4.7",
            "paid by another method",
            paid(json!({ "payment_method": { "type": "bancontact", "is_pending": false } })),
            json!({ "is_paid": true }),
        ),
        (
            "4.7",
            "created → aborted",
            open(json!({ "failure": { "code": "aborted" } })),
            json!({ "is_abort": true }),
        ),
        (
            "4.7",
            "created → expired",
            open(json!({ "failure": { "code": "timeout" } })),
            json!({ "failure": "timeout", "is_abort": false }),
        ),
        (
            "4.7",
            "paid → partly refunded",
            paid(json!({ "amount_refunded": 15_000, "is_refunded": false })),
            json!({ "is_paid": true, "amount_refunded": 15_000 }),
        ),
        (
            "4.7",
            "paid → refunded",
            paid(json!({ "amount_refunded": 124_850, "is_refunded": true })),
            json!({ "is_paid": true, "amount_refunded": 124_850 }),
        ),
        (
            "4.7",
            "the sum counts, not is_refunded",
            paid(json!({ "amount_refunded": 15_000, "is_refunded": true })),
            json!({ "amount_refunded": 15_000 }),
        ),
        (
            "4.7",
            "Oney still analyses",
            pending(false),
            not_paid.clone(),
        ),
        (
            "4.7",
            "Oney still analyses, whatever is_paid says",
            pending(true),
            not_paid.clone(),
        ),
        (
            "4.7",
            "is_pending is no text",
            open(json!({ "payment_method": { "is_pending": "no" } })),
            json!({ "fault": "payment_method.is_pending" }),
        ),
        (
            "4.7",
            "created → authorized",
            authorized(4_000_000_000),
            not_paid.clone(),
        ),
        (
            "4.7",
            "the authorization expired",
            authorized(1_790_755_400),
            not_paid,
        ),
        (
            "4.7",
            "authorized → paid",
            paid(
                json!({ "authorization": { "authorized_amount": 124_850, "authorized_at": 1_790_755_300 } }),
            ),
            json!({ "is_paid": true }),
        ),
        (
            "4.7",
            "paid → disputed shows nothing",
            paid(json!({})),
            json!({ "is_paid": true, "failure": null }),
        ),
        (
            "4.7",
            "child of an instalment plan",
            paid(json!({ "installment_plan_id": "inst_5LmRx2VtKc9wQzYb7HnDpJ" })),
            json!({ "is_paid": true }),
        ),
    ]
}

#[tokio::test]
async fn payments_are_read_as_documented() {
    for row in [fields(), failures(), transitions()].concat() {
        agrees(&row, &read(&row.2).await);
    }
}
