//! The control routes of `cli.md`.

use acquit_simulator::{ClockSource, Mode, MovementKind, Options};
use reqwest::Method;
use serde_json::{Value, json};

use crate::bench::{Bench, START, VISA, asked, id_of, options, send};

#[tokio::test]
async fn paying_refusing_and_leaving_over_http() {
    let bench = Bench::start().await;
    let act = |id: &str, what: &str| format!("/_simulator/payments/{id}/{what}");

    let id = bench.id(1_000).await;
    let paid = bench
        .post(&act(&id, "pay"), json!({ "card": "4242 4242 4242 4242" }))
        .await;
    assert_eq!((paid.status, &paid.json()["is_paid"]), (200, &json!(true)));
    bench
        .post(&act(&id, "pay"), json!({ "card": VISA }))
        .await
        .is_error(400);

    let id = bench.id(1_000).await;
    let soft = json!({ "code": "insufficient_funds", "final": false });
    let soft = bench.post(&act(&id, "refuse"), soft).await;
    assert_eq!((soft.status, &soft.json()["failure"]), (200, &Value::Null));
    assert_eq!(
        bench.handle.payment(&id).unwrap().attempts[0].code,
        "insufficient_funds"
    );
    let hard = json!({ "code": "card_declined", "final": true });
    let hard = bench.post(&act(&id, "refuse"), hard).await;
    assert_eq!(hard.json()["failure"]["code"], "card_declined");
    bench
        .post(&act(&id, "pay"), json!({ "card": VISA }))
        .await
        .is_error(400);

    let id = bench.id(1_000).await;
    let left = send(bench.request(Method::POST, &act(&id, "leave"))).await;
    assert_eq!(left.json()["failure"]["code"], "timeout");
}

#[tokio::test]
async fn control_refuses_what_does_not_exist() {
    let bench = Bench::start().await;
    let id = bench.id(1_000).await;
    let act = |what: &str| format!("/_simulator/payments/{id}/{what}");
    bench
        .post(&act("pay"), json!({ "card": "4111111111111111" }))
        .await
        .is_error(400);
    bench.post(&act("pay"), json!({})).await.is_error(400);
    bench
        .post(&act("refuse"), json!({ "code": "card_stolen" }))
        .await
        .is_error(400);
    bench
        .post(&act("refuse"), json!({ "code": "timeout", "extra": 1 }))
        .await
        .is_error(400);
    bench
        .post("/_simulator/payments/pay_0/pay", json!({ "card": VISA }))
        .await
        .is_error(404);
    assert_eq!(bench.read(&id).await["failure"], Value::Null);
}

#[tokio::test]
async fn a_test_card_does_what_it_stands_for() {
    let bench = Bench::start().await;
    for (card, last4, brand) in [
        (VISA, "4242", "Visa"),
        ("5017670000001800", "1800", "Mastercard"),
        ("378700810990001", "0001", "American Express"),
    ] {
        let id = bench.id(1_000).await;
        bench.handle.pay(&id, card).unwrap();
        let payment = bench.read(&id).await;
        assert_eq!(payment["card"]["last4"], last4);
        assert_eq!(payment["card"]["brand"], brand);
        assert_eq!(
            payment["is_3ds"],
            brand == "American Express",
            "10 € need no 3-D Secure"
        );
    }
    let id = bench.id(1_000).await;
    let refused = bench.handle.pay(&id, "4000000000000051").unwrap();
    assert_eq!(refused.failure_code.as_deref(), Some("card_declined"));
    assert!(!refused.is_paid);
}

#[tokio::test]
async fn refunds_and_chargebacks_made_in_the_portal() {
    let bench = Bench::start().await;
    let id = bench.id(10_000).await;
    bench.handle.pay(&id, VISA).unwrap();
    let path = format!("/_simulator/payments/{id}");
    let refund = bench
        .post(&format!("{path}/refund"), json!({ "amount": 500 }))
        .await;
    assert_eq!(
        (refund.status, &refund.json()["amount"]),
        (200, &json!(500))
    );
    bench
        .post(&format!("{path}/refund"), json!({ "amount": 9_501 }))
        .await
        .is_error(400);
    let before = bench.read(&id).await;
    assert_eq!(before["amount_refunded"], 500);
    let back = send(bench.request(Method::POST, &format!("{path}/chargeback"))).await;
    assert_eq!(back.status, 200);
    assert_eq!(
        bench.read(&id).await,
        before,
        "a chargeback shows nowhere in the payment"
    );
    send(bench.request(Method::POST, &format!("{path}/chargeback")))
        .await
        .is_error(400);
    let account = bench.handle.account(Mode::Test);
    assert_eq!(account.balance, 10_000 - 500 - 9_500 - 1_800);
    let kinds: Vec<_> = account
        .movements
        .iter()
        .map(|movement| movement.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            MovementKind::Payment,
            MovementKind::Refund,
            MovementKind::Chargeback,
            MovementKind::ChargebackFee
        ]
    );
}

#[tokio::test]
async fn a_transfer_takes_what_is_not_blocked() {
    let bench = Bench::start().await;
    let id = bench.id(10_000).await;
    bench.handle.pay(&id, VISA).unwrap();
    // 100 € × 1.2 % + 0.25 € = 1.45 € excl. VAT, 1.74 € incl. VAT.
    assert_eq!(bench.handle.account(Mode::Test).blocked, 174);
    bench
        .post("/_simulator/transfers", json!({ "amount": 9_827 }))
        .await
        .is_error(400);
    let reply = bench
        .post("/_simulator/transfers", json!({ "amount": 9_826 }))
        .await;
    assert_eq!((reply.status, &reply.json()["balance"]), (201, &json!(174)));
    let live = json!({ "amount": 1, "mode": "live" });
    bench
        .post("/_simulator/transfers", live)
        .await
        .is_error(400);
}

#[tokio::test]
async fn a_portal_payment_is_seen_by_the_api_without_metadata_of_ours() {
    let bench = Bench::start().await;
    let reply = bench
        .post("/_simulator/payments", json!({ "amount": 4_200 }))
        .await;
    assert_eq!(reply.status, 201);
    let id = id_of(&reply.json());
    assert_eq!(bench.read(&id).await["metadata"], Value::Null);
    let list = bench.get("/v1/payments").await.json();
    assert_eq!(list["data"][0]["id"], json!(id));
    bench.handle.pay(&id, VISA).unwrap();
    assert!(bench.handle.payment(&id).unwrap().from_portal);
    assert_eq!(bench.handle.account(Mode::Test).balance, 4_200);
    bench
        .post("/_simulator/payments", json!({ "amount": 98 }))
        .await
        .is_error(400);
}

#[tokio::test]
async fn a_portal_payment_lands_in_the_mode_in_use() {
    let bench = Bench::start().await;
    let address = format!("{}/v1/payments", bench.simulator.base_url());
    send(
        bench
            .client
            .post(address)
            .bearer_auth("sk_live_bench")
            .json(&asked(1_000)),
    )
    .await;
    assert!(bench.handle.create_in_portal(2_000).unwrap().is_live);
    let test = bench
        .post(
            "/_simulator/payments",
            json!({ "amount": 99, "mode": "test" }),
        )
        .await;
    assert_eq!(test.json()["is_live"], false);
}

#[tokio::test]
async fn the_clock_is_advanced_over_http_and_never_put_back() {
    let bench = Bench::start().await;
    let reply = bench
        .post("/_simulator/clock", json!({ "advance_seconds": 90 }))
        .await;
    assert_eq!(reply.json(), json!({ "now": START + 90 }));
    assert_eq!(bench.create(1_000).await["created_at"], START + 90);
    for seconds in [json!(-1), json!(i64::MAX), json!("1"), json!(0.5)] {
        bench
            .post("/_simulator/clock", json!({ "advance_seconds": seconds }))
            .await
            .is_error(400);
    }
    assert_eq!(bench.handle.now(), START + 90);
}

#[tokio::test]
async fn the_clock_is_the_systems_unless_told_otherwise() {
    let bench = Bench::with(Options {
        clock: ClockSource::System,
        ..options()
    })
    .await;
    let before = bench.handle.now();
    let created = bench.create(1_000).await["created_at"].as_i64().unwrap();
    assert!((before..=before + 600).contains(&created));
    let after = bench.handle.advance_clock(86_400).unwrap();
    assert!(after >= before + 86_400);
}

#[tokio::test]
async fn requests_are_counted_by_route() {
    let bench = Bench::start().await;
    let id = bench.id(1_000).await;
    bench.read(&id).await;
    bench.read(&id).await;
    bench.get("/v1/payments?page=1").await;
    let counts = bench.get("/_simulator/requests").await.json();
    assert_eq!(
        counts,
        json!({ "POST /v1/payments": 1, "GET /v1/payments/{id}": 2, "GET /v1/payments": 1 })
    );
    assert_eq!(bench.handle.requests()["GET /v1/payments/{id}"], 2);
}

#[tokio::test]
async fn the_handle_shows_all_payments_oldest_first() {
    let bench = Bench::start().await;
    let (first, second) = (bench.id(1_000).await, bench.id(2_000).await);
    bench
        .patch(
            &format!("/v1/payments/{second}"),
            json!({ "aborted": true }),
        )
        .await;
    let payments = bench.handle.payments();
    assert_eq!((&payments[0].id, &payments[1].id), (&first, &second));
    assert_eq!(payments[0].metadata["invoice"], "F-2026-00147");
    assert_eq!(payments[0].metadata["tenant"], "7");
    assert!(payments[1].is_aborted && !payments[0].is_aborted);
    assert_eq!(payments[1].failure_code.as_deref(), Some("aborted"));
}
