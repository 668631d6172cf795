//! What PayPlug says of a payment, field by field.

use std::collections::BTreeMap;

use acquit_domain::Cents;
use acquit_domain::remote::{Card, Failure, RemotePayment};
use acquit_payplug::{Doubt, Error};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::support::{self, Server, link, payment_id, with};

async fn read(answer: &Value) -> Result<RemotePayment, Error> {
    Server::json(200, answer)
        .await
        .client()
        .payment(&payment_id())
        .await
}

fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

#[tokio::test]
async fn a_payment_becomes_facts() {
    let open = read(&support::payment()).await.unwrap();
    let expected = RemotePayment {
        id: payment_id(),
        is_live: false,
        amount: Cents::new(124_850),
        currency: "EUR".to_owned(),
        created_at: instant(1_790_755_200),
        is_paid: false,
        paid_at: None,
        amount_refunded: Cents::ZERO,
        failure: None,
        card: None,
        metadata: BTreeMap::from([
            ("acquit_link".to_owned(), support::LINK.to_owned()),
            ("invoice".to_owned(), "F-2026-00042".to_owned()),
        ]),
        description: Some("Facture F-2026-00042 – Dupont Plomberie".to_owned()),
        payment_url: Some("http://127.0.0.1:4242/pay/x?token=y".to_owned()),
        refundable_after: None,
        refundable_until: None,
    };
    assert_eq!(open, expected);
    assert_eq!(open.link_id(), Some(link()));

    let paid = read(&support::paid()).await.unwrap();
    let card = Card {
        brand: Some("Visa".to_owned()),
        last4: Some("4242".to_owned()),
    };
    let expected = RemotePayment {
        is_paid: true,
        paid_at: Some(instant(1_790_784_613)),
        amount_refunded: Cents::new(15_000),
        card: Some(card),
        refundable_after: Some(instant(1_790_784_613)),
        refundable_until: Some(instant(1_806_336_613)),
        ..expected
    };
    assert_eq!(paid, expected);
}

#[tokio::test]
async fn every_documented_failure_is_read() {
    for code in [
        "processing_error",
        "card_declined",
        "insufficient_funds",
        "3ds_declined",
        "incorrect_number",
        "fraud_suspected",
        "method_unsupported",
        "card_scheme_mismatch",
        "card_expiration_date_prior_to_last_installment_date",
        "aborted",
        "timeout",
    ] {
        let failure = json!({ "code": code, "message": "The card has been rejected." });
        let payment = read(&with(&support::payment(), "failure", Some(failure)))
            .await
            .unwrap();
        assert_eq!(
            payment.failure,
            Some(Failure {
                code: code.to_owned()
            })
        );
    }
}

#[tokio::test]
async fn what_may_be_absent_may_be_absent() {
    for path in [
        "object",
        "description",
        "paid_at",
        "is_refunded",
        "is_3ds",
        "save_card",
        "card",
        "card.last4",
        "hosted_payment.paid_at",
        "notification",
        "metadata",
        "failure",
        "refundable_until",
        "refundable_after",
        "billing",
        "integration",
    ] {
        assert!(
            read(&with(&support::payment(), path, None)).await.is_ok(),
            "{path}"
        );
        let null = with(&support::payment(), path, Some(Value::Null));
        assert!(read(&null).await.is_ok(), "{path} null");
    }
    let unknown = with(
        &support::payment(),
        "new_field",
        Some(json!({ "deep": [1.5, "x"] })),
    );
    assert!(read(&unknown).await.is_ok());
    for path in ["hosted_payment", "hosted_payment.payment_url"] {
        let payment = read(&with(&support::payment(), path, None)).await.unwrap();
        assert_eq!(payment.payment_url, None, "{path}");
    }
    // The inner date stands in for the outer one; a payment without any is the domain's anomaly.
    let inner = with(&support::paid(), "paid_at", None);
    assert_eq!(read(&inner).await.unwrap().paid_at, None);
    let inner = with(&inner, "hosted_payment.paid_at", Some(json!(1_790_784_613)));
    assert_eq!(
        read(&inner).await.unwrap().paid_at,
        Some(instant(1_790_784_613))
    );
}

#[tokio::test]
async fn what_must_be_there_must_be_there() {
    for path in [
        "id",
        "is_live",
        "amount",
        "amount_refunded",
        "currency",
        "created_at",
        "is_paid",
    ] {
        let expected = Err(Error::NotUnderstood { field: path });
        assert_eq!(read(&with(&support::payment(), path, None)).await, expected);
        assert_eq!(
            read(&with(&support::payment(), path, Some(Value::Null))).await,
            expected
        );
    }
    let failure = with(
        &support::payment(),
        "failure",
        Some(json!({ "message": "no" })),
    );
    assert_eq!(
        read(&failure).await,
        Err(Error::NotUnderstood {
            field: "failure.code"
        })
    );
}

/// Values of another type or out of range, by field.
fn wrong_values() -> Vec<(&'static str, Vec<Value>)> {
    let long = |count| json!("a".repeat(count));
    let strange = json!({ "acquit_link": 5 });
    vec![
        ("object", vec![json!("refund"), json!(1)]),
        (
            "id",
            vec![
                json!(""),
                json!("pay_"),
                json!("pay_a/b"),
                json!("re_abc"),
                json!(7),
                long(70),
            ],
        ),
        ("is_live", vec![json!(0), json!("false"), json!({})]),
        ("amount", not_amounts()),
        ("amount_refunded", not_amounts()),
        (
            "currency",
            ["eur", "EURO", "EU", "", "E€"].map(Value::from).into(),
        ),
        ("currency", vec![json!(978)]),
        ("created_at", not_instants()),
        ("is_paid", vec![json!(1), json!("true"), json!([])]),
        ("paid_at", not_instants()),
        ("hosted_payment", vec![json!("x"), json!([])]),
        ("hosted_payment.paid_at", not_instants()),
        (
            "hosted_payment.payment_url",
            vec![json!(1), json!(""), long(501), json!("http://a\nb")],
        ),
        ("failure", vec![json!("aborted"), json!([]), json!(false)]),
        ("card", vec![json!("Visa"), json!(1)]),
        (
            "card.brand",
            vec![json!(1), json!(""), long(101), json!("Vi\u{0}sa")],
        ),
        (
            "card.last4",
            vec![json!(4242), json!("42"), json!("424a"), json!("42424")],
        ),
        (
            "metadata",
            vec![
                json!("x"),
                json!([]),
                strange,
                json!({ "invoice": ["F-1"] }),
            ],
        ),
        ("metadata", vec![json!({ "a": "b".repeat(1_001) })]),
        ("refundable_until", not_instants()),
    ]
}

fn not_amounts() -> Vec<Value> {
    let numbers = [
        json!(-1),
        json!(12.5),
        json!(100.0),
        json!(u64::MAX),
        json!(i64::MAX),
    ];
    [
        numbers.as_slice(),
        &[json!("100"), json!(true), json!([100])],
    ]
    .concat()
}

fn not_instants() -> Vec<Value> {
    let far = [
        -1,
        0,
        946_684_799,
        4_102_444_800,
        1_790_755_200_000,
        i64::MAX,
    ]
    .map(Value::from);
    [
        far.as_slice(),
        &[json!(1.79e9), json!("2026-09-30"), json!(true)],
    ]
    .concat()
}

#[tokio::test]
async fn a_field_of_another_type_or_out_of_range_is_named() {
    for (path, values) in wrong_values() {
        for value in values {
            let answer = with(&support::payment(), path, Some(value.clone()));
            let expected = Err(Error::NotUnderstood { field: path });
            assert_eq!(read(&answer).await, expected, "{path} {value}");
        }
    }
    for code in [
        json!(1),
        json!(""),
        json!("Card declined"),
        json!("é"),
        json!("a".repeat(81)),
    ] {
        let answer = with(
            &support::payment(),
            "failure",
            Some(json!({ "code": code })),
        );
        assert_eq!(
            read(&answer).await,
            Err(Error::NotUnderstood {
                field: "failure.code"
            }),
            "{code}"
        );
    }
}

#[tokio::test]
async fn foreign_metadata_is_text_where_it_can_be() {
    let metadata =
        json!({ "ID Client": 7, "paid": true, "cart": { "a": 1 }, "list": [1], "none": null });
    let payment = read(&with(&support::payment(), "metadata", Some(metadata)))
        .await
        .unwrap();
    let expected = [("ID Client", "7"), ("paid", "true")];
    let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(payment.metadata, BTreeMap::from(expected));
    assert_eq!(payment.link_id(), None);
}

#[tokio::test]
async fn another_payment_than_the_one_asked_for_is_refused() {
    let other = with(&support::payment(), "id", Some(json!("pay_other")));
    assert_eq!(
        read(&other).await,
        Err(Error::NotUnderstood { field: "id" })
    );
    let server = Server::json(200, &other).await;
    let aborted = server.client().abort(&payment_id()).await;
    assert_eq!(
        aborted,
        Err(Error::Ambiguous(Doubt::NotUnderstood { field: "id" }))
    );
}

#[tokio::test]
async fn a_page_elsewhere_is_left_out_of_a_read_and_refused_at_creation() {
    for url in [
        "https://evil.example/pay",
        "http://localhost/pay",
        "https://secure.payplug.com/pay/x",
    ] {
        let answer = with(
            &support::payment(),
            "hosted_payment.payment_url",
            Some(json!(url)),
        );
        assert_eq!(read(&answer).await.unwrap().payment_url, None, "{url}");
        let server = Server::json(201, &answer).await;
        let created = server
            .client()
            .create_payment(&support::new_payment())
            .await;
        let field = "hosted_payment.payment_url";
        assert_eq!(
            created,
            Err(Error::Ambiguous(Doubt::NotUnderstood { field })),
            "{url}"
        );
    }
}

#[tokio::test]
async fn a_created_payment_that_cannot_be_read_is_in_doubt() {
    for (path, value) in [
        ("amount", json!(12.5)),
        ("id", json!("x")),
        ("created_at", json!(0)),
    ] {
        let server = Server::json(201, &with(&support::payment(), path, Some(value))).await;
        let error = server
            .client()
            .create_payment(&support::new_payment())
            .await
            .unwrap_err();
        assert_eq!(
            error,
            Error::Ambiguous(Doubt::NotUnderstood { field: path })
        );
        assert!(error.is_ambiguous() && !error.should_retry());
        assert_eq!(server.seen().len(), 1);
    }
}
