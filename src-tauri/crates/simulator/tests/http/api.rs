//! The routes under `/v1`, as a client sees them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::bench::{Bench, START, VISA, asked, id_of, options, send};

#[tokio::test]
async fn a_new_payment_looks_like_the_sample_of_the_reference() {
    let bench = Bench::start().await;
    let payment = bench.create(286_690).await;
    let id = id_of(&payment);
    assert!(id.starts_with("pay_") && id.len() == 26);
    let url = payment["hosted_payment"]["payment_url"].as_str().unwrap();
    let page = format!("{}/pay/test/{}?t=", bench.simulator.base_url(), &id[4..]);
    assert!(url.starts_with(&page) && url.len() > page.len(), "{url}");
    let expected = json!({
        "id": id, "object": "payment", "is_live": false, "amount": 286_690, "amount_refunded": 0,
        "currency": "EUR", "created_at": START, "description": "Facture F-2026-00147",
        "is_paid": false, "paid_at": null, "is_refunded": false, "is_3ds": null,
        "save_card": false,
        "card": { "last4": null, "country": null, "exp_year": null, "exp_month": null,
                  "brand": null, "id": null, "metadata": null },
        "hosted_payment": { "payment_url": url, "return_url": null, "cancel_url": null,
                            "paid_at": null, "sent_by": "OTHER" },
        "notification": { "url": null, "response_code": null },
        "metadata": { "invoice": "F-2026-00147", "tenant": 7, "urgent": true },
        "failure": null, "installment_plan_id": null, "authorization": null,
        "refundable_after": null, "refundable_until": null, "integration": null,
        "billing": { "title": "mrs", "first_name": "Hélène", "last_name": "Marchand",
                     "address1": null, "address2": null, "company_name": null,
                     "postcode": "37000", "city": null, "state": null, "country": "FR",
                     "email": "helene@client.example", "mobile_phone_number": null,
                     "landline_phone_number": null, "language": null },
        "shipping": { "title": null, "first_name": null, "last_name": null, "address1": null,
                      "address2": null, "company_name": null, "postcode": null, "city": null,
                      "state": null, "country": null, "email": null,
                      "mobile_phone_number": null, "landline_phone_number": null,
                      "language": null, "delivery_type": null },
    });
    assert_eq!(payment, expected);
    assert_eq!(bench.read(&id).await, expected);
}

#[tokio::test]
async fn a_paid_payment_shows_card_instants_and_refund_window() {
    let bench = Bench::start().await;
    let id = bench.id(286_690).await;
    bench.handle.advance_clock(3_600).unwrap();
    bench.handle.pay(&id, "5017670000001800").unwrap();
    let payment = bench.read(&id).await;
    let paid_at = START + 3_600;
    assert_eq!(payment["is_paid"], true);
    assert_eq!(payment["is_3ds"], true);
    assert_eq!(payment["paid_at"], paid_at);
    assert_eq!(payment["hosted_payment"]["paid_at"], paid_at);
    assert_eq!(payment["refundable_after"], paid_at);
    assert_eq!(payment["refundable_until"], paid_at + 180 * 86_400);
    assert_eq!(payment["card"]["last4"], "1800");
    assert_eq!(payment["card"]["brand"], "Mastercard");
    assert_eq!(payment["card"]["exp_year"], 2031);
    assert_eq!(payment["failure"], Value::Null);
}

#[tokio::test]
async fn each_documented_failure_is_shown_with_its_message() {
    let bench = Bench::start().await;
    for (code, message) in [
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
    ] {
        let id = bench.id(1_000).await;
        bench.handle.refuse(&id, code, true).unwrap();
        let payment = bench.read(&id).await;
        assert_eq!(
            payment["failure"],
            json!({ "code": code, "message": message })
        );
        assert_eq!(payment["is_paid"], false);
    }
    let id = bench.id(1_000).await;
    assert!(bench.handle.refuse(&id, "card_stolen", true).is_err());
}

#[tokio::test]
async fn an_invalid_request_is_400_and_names_the_field() {
    let bench = Bench::start().await;
    let reply = bench.post("/v1/payments", asked(98)).await.is_error(400);
    assert!(reply["details"]["amount"].is_string());
    let mut request = asked(1_000);
    request["billing"]["postcode"] = json!("1");
    let reply = bench.post("/v1/payments", request).await.is_error(400);
    assert!(reply["details"]["billing"]["postcode"].is_string());
    let broken = bench
        .request(Method::POST, "/v1/payments")
        .body("{\"amount\":");
    send(broken).await.is_error(400);
    assert!(bench.handle.payments().is_empty(), "nothing was created");
}

#[tokio::test]
async fn a_feature_that_the_account_lacks_is_403() {
    let bench = Bench::start().await;
    let mut request = asked(1_000);
    request["save_card"] = json!(true);
    let reply = bench.post("/v1/payments", request).await.is_error(403);
    assert_eq!(reply["details"], "Access to this feature is not available.");
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_413() {
    let bench = Bench::start().await;
    let request = bench
        .request(Method::POST, "/v1/payments")
        .body("x".repeat(64 * 1024 + 1));
    send(request).await.is_error(413);
}

#[tokio::test]
async fn keys_are_accepted_by_their_form_and_refused_by_their_words() {
    let bench = Bench::start().await;
    let address = format!("{}/v1/account", bench.simulator.base_url());
    let plain = || bench.client.get(&address);
    send(plain()).await.is_error(401);
    for header in [
        "Bearer sk_test_wrong",
        "Bearer sk_live_1revoked2",
        "Bearer pk_test_abc",
        "Bearer sk_test_",
        "Bearer",
        "Basic sk_test_abc",
        "sk_test_abc",
    ] {
        send(plain().header("Authorization", header))
            .await
            .is_error(401);
    }
    for (key, is_live) in [("sk_test_a", false), ("sk_live_4FZ", true)] {
        let account = send(plain().bearer_auth(key)).await;
        assert_eq!(account.status, 200);
        assert_eq!(account.json()["is_live"], is_live);
    }
}

#[tokio::test]
async fn the_account_gives_country_currencies_bounds_and_permissions() {
    let bench = Bench::start().await;
    let account = bench.get("/v1/account").await.json();
    assert_eq!(account["object"], "account");
    assert_eq!(account["country"], "FR");
    assert!(account["id"].is_string());
    assert_eq!(account["configuration"]["currencies"], json!(["EUR"]));
    assert_eq!(account["configuration"]["min_amounts"]["EUR"], 99);
    assert_eq!(account["configuration"]["max_amounts"]["EUR"], 2_000_000);
    assert_eq!(account["permissions"]["use_live_mode"], true);
    assert_eq!(account["permissions"]["can_save_cards"], false);
}

#[tokio::test]
async fn the_test_route_needs_no_key() {
    let bench = Bench::start().await;
    let address = format!("{}/test", bench.simulator.base_url());
    let reply = send(bench.client.get(address)).await;
    assert_eq!(reply.status, 200);
    assert!(reply.json().is_object());
}

#[tokio::test]
async fn test_and_live_are_two_worlds() {
    let bench = Bench::start().await;
    let test = bench.id(1_000).await;
    let live = |method, path: &str| {
        let address = format!("{}{path}", bench.simulator.base_url());
        bench
            .client
            .request(method, address)
            .bearer_auth("sk_live_bench")
    };
    let of_test = format!("/v1/payments/{test}");
    send(live(Method::GET, &of_test)).await.is_error(404);
    let abort = live(Method::PATCH, &of_test).json(&json!({ "aborted": true }));
    send(abort).await.is_error(404);
    send(live(Method::POST, &format!("{of_test}/refunds")))
        .await
        .is_error(404);
    let created = send(live(Method::POST, "/v1/payments").json(&asked(2_000)))
        .await
        .json();
    assert_eq!(created["is_live"], true);
    let url = created["hosted_payment"]["payment_url"].as_str().unwrap();
    assert!(url.contains("/pay/") && !url.contains("/pay/test/"));
    bench
        .get(&format!("/v1/payments/{}", id_of(&created)))
        .await
        .is_error(404);
    let listed = bench.get("/v1/payments").await.json();
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn without_a_version_the_payer_is_a_customer() {
    let bench = Bench::start().await;
    let id = bench.id(1_000).await;
    let address = format!("{}/v1/payments/{id}", bench.simulator.base_url());
    let plain = bench.client.get(&address).bearer_auth("sk_test_bench");
    let legacy = send(plain).await.json();
    assert_eq!(legacy["customer"]["email"], "helene@client.example");
    assert!(legacy.get("billing").is_none() && legacy.get("shipping").is_none());
    let plain = bench.client.get(&address).bearer_auth("sk_test_bench");
    let june = send(plain.header("PayPlug-Version", "2019-06-14"))
        .await
        .json();
    assert_eq!(june["billing"]["email"], "helene@client.example");
    assert!(june.get("customer").is_none());
}

#[tokio::test]
async fn both_forms_of_the_abort_work_and_a_second_one_is_an_error() {
    let bench = Bench::start().await;
    for form in ["aborted", "abort"] {
        let id = bench.id(1_000).await;
        let path = format!("/v1/payments/{id}");
        let aborted = bench.patch(&path, json!({ form: true })).await;
        assert_eq!(aborted.status, 200);
        assert_eq!(aborted.json()["failure"]["code"], "aborted");
        let again = bench
            .patch(&path, json!({ form: true }))
            .await
            .is_error(409);
        assert_eq!(again["message"], "The payment was already aborted.");
        assert!(
            bench.handle.pay(&id, VISA).is_err(),
            "an aborted payment is never paid"
        );
    }
}

#[tokio::test]
async fn a_paid_or_failed_payment_cannot_be_aborted() {
    let bench = Bench::start().await;
    let (paid, failed) = (bench.id(1_000).await, bench.id(1_000).await);
    bench.handle.pay(&paid, VISA).unwrap();
    bench.handle.leave(&failed).unwrap();
    for id in [&paid, &failed] {
        bench
            .patch(&format!("/v1/payments/{id}"), json!({ "aborted": true }))
            .await
            .is_error(400);
    }
    assert_eq!(bench.read(&paid).await["is_paid"], true);
    assert_eq!(bench.read(&failed).await["failure"]["code"], "timeout");
}

#[tokio::test]
async fn nothing_else_can_be_changed() {
    let bench = Bench::start().await;
    let path = format!("/v1/payments/{}", bench.id(1_000).await);
    for body in [
        json!({}),
        json!({"aborted": false}),
        json!({"amount": 5}),
        json!([]),
    ] {
        bench.patch(&path, body).await.is_error(400);
    }
    bench
        .patch("/v1/payments/pay_0", json!({}))
        .await
        .is_error(404);
}

#[tokio::test]
async fn lists_are_paged_from_zero_newest_first() {
    let bench = Bench::start().await;
    let mut ids = Vec::new();
    for n in 0..23 {
        ids.insert(0, bench.id(1_000 + n).await);
    }
    let mut seen = Vec::new();
    for page in 0..3 {
        let list = bench.get(&format!("/v1/payments?page={page}")).await.json();
        assert_eq!(list["object"], "list");
        assert_eq!(
            (&list["page"], &list["per_page"]),
            (&json!(page), &json!(10))
        );
        assert_eq!(list["has_more"], page < 2);
        seen.extend(list["data"].as_array().unwrap().iter().map(id_of));
    }
    assert_eq!(seen, ids);
    let empty = bench.get("/v1/payments?page=3").await.json();
    assert_eq!(
        (&empty["data"], &empty["has_more"]),
        (&json!([]), &json!(false))
    );
    let exact = bench.get("/v1/payments?per_page=23").await.json();
    assert_eq!(exact["has_more"], false);
    let first = bench.get("/v1/payments?").await.json();
    assert_eq!(
        first["data"].as_array().unwrap().len(),
        10,
        "an empty query is no error"
    );
}

#[tokio::test]
async fn a_page_is_at_most_100_long_and_says_how_long_it_is() {
    let bench = Bench::start().await;
    for n in 0..101 {
        bench.handle.create_in_portal(1_000 + n).unwrap();
    }
    let list = bench.get("/v1/payments?per_page=1000").await.json();
    assert_eq!(list["per_page"], 100);
    assert_eq!(list["data"].as_array().unwrap().len(), 100);
    assert_eq!(list["has_more"], true);
    for query in ["page=-1", "page=x", "per_page=0", "per_page=1.5"] {
        bench
            .get(&format!("/v1/payments?{query}"))
            .await
            .is_error(400);
    }
}

#[tokio::test]
async fn an_unknown_thing_is_404_and_a_wrong_method_405() {
    let bench = Bench::start().await;
    let id = bench.id(1_000).await;
    for path in [
        "/v1/payments/pay_0000000000000000000000",
        "/v1/payments/pay_0000000000000000000000/refunds",
        "/v1/accounting_reports/ar_0000000000000000000000",
        "/v1/unknown",
        "/",
    ] {
        bench.get(path).await.is_error(404);
    }
    bench
        .get(&format!("/v1/payments/{id}/refunds/re_0"))
        .await
        .is_error(404);
    let delete = bench.request(Method::DELETE, &format!("/v1/payments/{id}"));
    send(delete).await.is_error(405);
    bench.post("/v1/account", json!({})).await.is_error(405);
}

#[tokio::test]
async fn refunds_are_partial_or_whole_and_add_up() {
    let bench = Bench::start().await;
    let id = bench.id(10_000).await;
    bench.handle.pay(&id, VISA).unwrap();
    let path = format!("/v1/payments/{id}/refunds");
    let part = json!({ "amount": 2_500, "metadata": { "reason": "Remise" } });
    let part = bench.post(&path, part).await;
    assert_eq!(part.status, 201);
    let part = part.json();
    assert_eq!(
        part,
        json!({ "id": part["id"], "payment_id": id, "object": "refund", "is_live": false,
                "amount": 2_500, "currency": "EUR", "created_at": START,
                "metadata": { "reason": "Remise" } })
    );
    assert!(id_of(&part).starts_with("re_"));
    let payment = bench.read(&id).await;
    assert_eq!(payment["amount_refunded"], 2_500);
    assert_eq!(
        (&payment["is_refunded"], &payment["is_paid"]),
        (&json!(false), &json!(true))
    );

    let rest = send(bench.request(Method::POST, &path)).await;
    assert_eq!(rest.status, 201, "an empty body refunds what is left");
    assert_eq!(rest.json()["amount"], 7_500);
    let payment = bench.read(&id).await;
    assert_eq!(payment["amount_refunded"], 10_000);
    assert_eq!(payment["is_refunded"], true);
    send(bench.request(Method::POST, &path)).await.is_error(400);

    let list = bench.get(&path).await.json();
    assert_eq!(list["object"], "list");
    assert_eq!(list["data"], json!([rest.json(), part]));
    let read = bench.get(&format!("{path}/{}", id_of(&part))).await.json();
    assert_eq!(read, part);
}

#[tokio::test]
async fn a_refund_keeps_its_bounds() {
    let bench = Bench::start().await;
    let id = bench.id(1_000).await;
    let path = format!("/v1/payments/{id}/refunds");
    bench
        .post(&path, json!({ "amount": 100 }))
        .await
        .is_error(400);
    bench.handle.pay(&id, VISA).unwrap();
    for amount in [json!(9), json!(1_001), json!(-10), json!(10.5), json!("10")] {
        let reply = bench
            .post(&path, json!({ "amount": amount }))
            .await
            .is_error(400);
        assert!(reply["details"]["amount"].is_string());
    }
    let bad = json!({ "amount": 10, "metadata": { "k": null } });
    bench.post(&path, bad).await.is_error(400);
    assert_eq!(bench.post(&path, json!({ "amount": 10 })).await.status, 201);
    bench.handle.advance_clock(180 * 86_400 + 1).unwrap();
    bench
        .post(&path, json!({ "amount": 10 }))
        .await
        .is_error(400);
}

#[tokio::test]
async fn a_refund_needs_the_balance() {
    let bench = Bench::start().await;
    let id = bench.id(10_000).await;
    bench.handle.pay(&id, VISA).unwrap();
    bench.handle.transfer(5_000).unwrap();
    let path = format!("/v1/payments/{id}/refunds");
    let reply = bench.post(&path, json!({})).await.is_error(400);
    assert!(reply["message"].as_str().unwrap().contains("balance"));
    assert_eq!(
        bench.post(&path, json!({ "amount": 5_000 })).await.status,
        201
    );
}

#[tokio::test]
async fn the_same_seed_gives_the_same_ids_and_pages() {
    let paths = |url: &Value| {
        url.as_str()
            .unwrap()
            .split_once("/pay/")
            .unwrap()
            .1
            .to_owned()
    };
    let mut seen = Vec::new();
    for seed in [7, 7, 8] {
        let bench = Bench::with(acquit_simulator::Options { seed, ..options() }).await;
        let payment = bench.create(1_000).await;
        seen.push((
            id_of(&payment),
            paths(&payment["hosted_payment"]["payment_url"]),
        ));
    }
    assert_eq!(seen[0], seen[1]);
    assert_ne!(seen[0], seen[2]);
}

#[tokio::test]
async fn an_account_without_other_refuses_it_by_name_and_takes_a_return_url() {
    let options = acquit_simulator::Options {
        accepts_sent_by_other: false,
        ..options()
    };
    let bench = Bench::with(options).await;
    let reply = bench.post("/v1/payments", asked(1_000)).await.is_error(400);
    assert!(reply["details"]["hosted_payment"]["sent_by"].is_string());
    let mut plain = asked(1_000);
    plain["hosted_payment"] = json!({ "return_url": "https://ferrand.example/" });
    assert_eq!(bench.post("/v1/payments", plain).await.status, 201);
}
