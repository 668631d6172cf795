//! What leaves for PayPlug.

use acquit_domain::Cents;
use acquit_payplug::{Buyer, BuyerName, NewPayment, PaymentForm, ReportId};
use jiff::civil::date;
use serde_json::{Value, json};

use crate::support::{self, KEY, LINK, PAYMENT, Seen, Server};

#[tokio::test]
async fn every_request_carries_version_key_and_agent_and_asks_for_json() {
    let server = Server::json(200, &support::account()).await;
    server.client().account().await.unwrap();
    let seen = server.only();
    assert_eq!(
        (seen.method.as_str(), seen.target.as_str()),
        ("GET", "/v1/account")
    );
    assert_eq!(
        seen.header("authorization"),
        Some(format!("Bearer {KEY}").as_str())
    );
    assert_eq!(seen.header("payplug-version"), Some("2019-08-06"));
    assert_eq!(seen.header("accept"), Some("application/json"));
    let agent = concat!("Acquit/", env!("CARGO_PKG_VERSION"));
    assert_eq!(seen.header("user-agent"), Some(agent));
    assert_eq!(seen.body, "");
}

async fn created(request: &NewPayment) -> Seen {
    let server = Server::json(201, &support::payment()).await;
    server.client().create_payment(request).await.unwrap();
    server.only()
}

#[tokio::test]
async fn a_payment_is_asked_for_as_a_link_that_we_send() {
    let seen = created(&support::new_payment()).await;
    assert_eq!(
        (seen.method.as_str(), seen.target.as_str()),
        ("POST", "/v1/payments")
    );
    assert_eq!(seen.header("content-type"), Some("application/json"));
    let expected = json!({
        "amount": 124_850,
        "currency": "EUR",
        "billing": { "last_name": "Odile Marchais", "email": "odile.marchais@client.example",
            "country": "FR" },
        "hosted_payment": { "sent_by": "OTHER" },
        "description": "Facture F-2026-00042 – Dupont Plomberie",
        "metadata": { "acquit_link": LINK, "invoice": "F-2026-00042" },
    });
    assert_eq!(seen.json(), expected);
}

#[tokio::test]
async fn a_business_is_named_as_such_and_may_have_no_address() {
    let buyer = Buyer {
        email: None,
        country: "BE".to_owned(),
        name: BuyerName::Business("Chantiers réunis".to_owned()),
    };
    let seen = created(&NewPayment {
        buyer,
        ..support::new_payment()
    })
    .await;
    let expected = json!({ "company_name": "Chantiers réunis", "country": "BE" });
    assert_eq!(seen.json()["billing"], expected);
}

#[tokio::test]
async fn the_other_form_has_pages_to_return_to() {
    let form = PaymentForm::Hosted {
        return_url: "https://www.payplug.com/".to_owned(),
    };
    let request = NewPayment {
        form,
        force_3ds: true,
        with_billing: false,
        ..support::new_payment()
    };
    let body = created(&request).await.json();
    let pages = json!({ "return_url": "https://www.payplug.com/",
        "cancel_url": "https://www.payplug.com/" });
    assert_eq!(body["hosted_payment"], pages);
    assert_eq!(body["force_3ds"], true);
    assert_eq!(body.get("billing"), None);
}

#[tokio::test]
async fn texts_are_cut_by_characters_and_too_long_an_address_is_left_out() {
    let long = "é".repeat(300);
    let buyer = Buyer {
        email: Some(format!("{long}@client.example")),
        country: "FR".to_owned(),
        name: BuyerName::Private(long.clone()),
    };
    let request = NewPayment {
        description: long.clone(),
        invoice_number: long,
        buyer,
        ..support::new_payment()
    };
    let body = created(&request).await.json();
    let length = |value: &Value| value.as_str().unwrap().chars().count();
    assert_eq!(length(&body["description"]), 80);
    assert_eq!(length(&body["metadata"]["invoice"]), 100);
    assert_eq!(length(&body["billing"]["last_name"]), 100);
    assert_eq!(body["billing"].get("email"), None);
}

#[tokio::test]
async fn reads_name_their_page() {
    let list =
        json!({ "object": "list", "page": 0, "per_page": 50, "has_more": false, "data": [] });
    let server = Server::json(200, &list).await;
    server.client().payments(0, 50).await.unwrap();
    assert_eq!(server.only().target, "/v1/payments?page=0&per_page=50");

    let server = Server::json(200, &support::payment()).await;
    server
        .client()
        .payment(&support::payment_id())
        .await
        .unwrap();
    assert_eq!(server.only().target, format!("/v1/payments/{PAYMENT}"));
}

#[tokio::test]
async fn an_abort_says_aborted() {
    let answer = support::with(
        &support::payment(),
        "failure",
        Some(json!({ "code": "aborted" })),
    );
    let server = Server::json(200, &answer).await;
    let payment = server.client().abort(&support::payment_id()).await.unwrap();
    assert!(payment.failure.unwrap().is_abort());
    let seen = server.only();
    assert_eq!(
        (seen.method, seen.target),
        ("PATCH".to_owned(), format!("/v1/payments/{PAYMENT}"))
    );
    assert_eq!(seen.body, r#"{"aborted":true}"#);
}

#[tokio::test]
async fn a_refund_of_the_whole_has_no_body_and_one_of_a_part_says_how_much() {
    let server = Server::json(201, &support::refund()).await;
    let client = server.client();
    let id = support::payment_id();
    let refund = client.refund(&id, None, &[]).await.unwrap();
    assert_eq!(refund.amount, Cents::new(15_000));
    assert_eq!(refund.metadata["reason"], "Remise commerciale");
    assert_eq!(refund.wish_id(), None, "made by somebody else");
    let metadata = [("reason".to_owned(), "Remise commerciale".to_owned())];
    client
        .refund(&id, Some(Cents::new(15_000)), &metadata)
        .await
        .unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].method, "POST");
    assert_eq!(seen[0].target, format!("/v1/payments/{PAYMENT}/refunds"));
    assert_eq!(
        (seen[0].body.as_str(), seen[0].header("content-length")),
        ("", Some("0"))
    );
    let expected = json!({ "amount": 15_000, "metadata": { "reason": "Remise commerciale" } });
    assert_eq!(seen[1].json(), expected);

    let list = json!({ "object": "list", "data": [support::refund()] });
    let server = Server::json(200, &list).await;
    assert_eq!(server.client().refunds(&id).await.unwrap(), [refund]);
    assert_eq!(
        server.only().target,
        format!("/v1/payments/{PAYMENT}/refunds")
    );
}

#[tokio::test]
async fn a_refund_carries_the_uuid_of_its_wish_there_and_back() {
    let wish = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let mut answer = support::refund();
    answer["metadata"] = json!({ "acquit_refund": wish });
    let server = Server::json(201, &answer).await;
    let metadata = [("acquit_refund".to_owned(), wish.to_owned())];
    let made = server
        .client()
        .refund(&support::payment_id(), Some(Cents::new(15_000)), &metadata)
        .await
        .unwrap();
    assert_eq!(made.wish_id(), wish.parse().ok());
    assert!(made.wish_id().is_some());
    let sent = json!({ "amount": 15_000, "metadata": { "acquit_refund": wish } });
    assert_eq!(server.only().json(), sent);
}

#[tokio::test]
async fn a_report_is_asked_for_by_days_and_read_by_id() {
    let report = json!({ "id": "ar_4WbNz6YkTq1vXhRm8PdLcS", "object": "accounting_report",
        "is_live": false, "temporary_url": null, "file_available_until": null,
        "start_date": "2026-09-01", "end_date": "2026-09-30", "notification_url": null });
    let server = Server::json(201, &report).await;
    let client = server.client();
    let asked = client
        .request_report(date(2026, 9, 1), date(2026, 9, 30))
        .await
        .unwrap();
    assert_eq!(asked.url, None);
    let id = ReportId::parse("ar_4WbNz6YkTq1vXhRm8PdLcS").unwrap();
    assert_eq!(client.report(&id).await.unwrap(), asked);
    let seen = server.seen();
    assert_eq!(
        (seen[0].method.as_str(), seen[0].target.as_str()),
        ("POST", "/v1/accounting_reports")
    );
    assert_eq!(
        seen[0].json(),
        json!({ "start_date": "2026-09-01", "end_date": "2026-09-30" })
    );
    assert_eq!(
        seen[1].target,
        "/v1/accounting_reports/ar_4WbNz6YkTq1vXhRm8PdLcS"
    );
}
