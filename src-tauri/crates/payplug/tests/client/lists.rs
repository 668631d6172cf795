//! What PayPlug says of several payments, of refunds and of an account.

use acquit_domain::Cents;
use acquit_domain::remote::AccountLimits;
use acquit_payplug::{Doubt, Error, Misread, PaymentPage};
use serde_json::{Value, json};

use crate::support::{self, Server, payment_id, with};

async fn page(answer: &Value, page: u32, per_page: u32) -> Result<PaymentPage, Error> {
    Server::json(200, answer)
        .await
        .client()
        .payments(page, per_page)
        .await
}

#[tokio::test]
async fn one_payment_that_cannot_be_read_spoils_no_other() {
    let broken = with(&support::payment(), "amount", Some(json!(1.5)));
    let nameless = with(&broken, "id", Some(json!(5)));
    let list = json!({ "object": "list", "page": 0, "per_page": 10, "has_more": true,
        "data": [support::payment(), broken, nameless, "x", support::paid()] });
    let page = page(&list, 0, 10).await.unwrap();
    assert!(page.has_more);
    assert_eq!(page.payments.len(), 5);
    assert!(
        page.payments[0]
            .as_ref()
            .is_ok_and(|payment| !payment.is_paid)
    );
    assert_eq!(
        page.payments[1],
        Err(Misread {
            id: Some(payment_id()),
            field: "amount"
        })
    );
    assert_eq!(
        page.payments[2],
        Err(Misread {
            id: None,
            field: "amount"
        })
    );
    assert_eq!(
        page.payments[3],
        Err(Misread {
            id: None,
            field: "data"
        })
    );
    assert!(
        page.payments[4]
            .as_ref()
            .is_ok_and(|payment| payment.is_paid)
    );
}

#[tokio::test]
async fn every_envelope_tells_whether_a_page_follows() {
    let data = |count| Value::from(vec![support::payment(); count]);
    for (envelope, page_number, asked, expected) in [
        (
            json!({ "object": "list", "has_more": true, "data": data(1) }),
            0,
            10,
            true,
        ),
        (
            json!({ "object": "list", "has_more": false, "data": data(10) }),
            0,
            10,
            false,
        ),
        (
            json!({ "object": "list", "has_more": false, "data": [] }),
            9,
            10,
            false,
        ),
        // Old envelope, where `count` is the total.
        (
            json!({ "type": "list", "per_page": 10, "count": 46, "data": data(10) }),
            0,
            10,
            true,
        ),
        (
            json!({ "type": "list", "per_page": 10, "count": 46, "data": data(6) }),
            4,
            10,
            false,
        ),
        // Old envelope, where `count` is the length of the page.
        (
            json!({ "type": "list", "per_page": 10, "count": 10, "data": data(10) }),
            2,
            10,
            true,
        ),
        (
            json!({ "type": "list", "per_page": 10, "count": 3, "data": data(3) }),
            2,
            10,
            false,
        ),
        // PayPlug's page is shorter than the one that was asked for.
        (
            json!({ "type": "list", "per_page": 2, "count": 9, "data": data(2) }),
            0,
            100,
            true,
        ),
        (
            json!({ "type": "list", "per_page": 2, "data": data(2) }),
            0,
            100,
            true,
        ),
        (json!({ "data": data(2) }), 0, 2, true),
        (json!({ "data": data(1) }), 0, 2, false),
        (json!({ "data": [] }), 0, 2, false),
    ] {
        let found = page(&envelope, page_number, asked).await.unwrap();
        assert_eq!(found.has_more, expected, "{envelope}");
    }
}

#[tokio::test]
async fn an_envelope_that_is_no_list_is_named() {
    for (envelope, field) in [
        (json!({ "object": "list", "has_more": false }), "data"),
        (
            json!({ "object": "list", "has_more": false, "data": {} }),
            "data",
        ),
        (json!({ "object": "payment", "data": [] }), "object"),
        (
            json!({ "object": "list", "has_more": "yes", "data": [] }),
            "has_more",
        ),
        (
            json!({ "object": "list", "has_more": true, "data": [] }),
            "has_more",
        ),
        (json!({ "type": "list", "count": -1, "data": [] }), "count"),
        (
            json!({ "type": "list", "per_page": "10", "count": 1, "data": [] }),
            "per_page",
        ),
        (json!([support::payment()]), "body"),
        (json!("x"), "body"),
    ] {
        let found = page(&envelope, 0, 10).await;
        assert_eq!(found, Err(Error::NotUnderstood { field }), "{envelope}");
    }
}

#[tokio::test]
async fn refunds_are_read_to_the_last_or_not_at_all() {
    let second = with(&support::refund(), "id", Some(json!("re_second")));
    let first = support::refund();
    let pages = [
        json!({ "object": "list", "has_more": true, "data": [first, first] }),
        json!({ "object": "list", "has_more": false, "data": [first, second] }),
    ];
    let server = Server::start(pages.map(|page| support::Reply::json(200, &page))).await;
    let refunds = server.client().refunds(&payment_id()).await.unwrap();
    let ids: Vec<&str> = refunds.iter().map(|refund| refund.id.as_str()).collect();
    assert_eq!(ids, ["re_2HsPq8ZvBnK5xRyJt0LcWm", "re_second"]);
    assert_eq!(refunds[0].created_at.as_second(), 1_790_870_000);
    assert!(server.seen()[1].target.ends_with("/refunds?page=1"));

    // A server that never comes to an end.
    let list = json!({ "object": "list", "has_more": true, "data": [support::refund()] });
    let server = Server::json(200, &list).await;
    let endless = server.client().refunds(&payment_id()).await;
    assert_eq!(endless, Err(Error::NotUnderstood { field: "has_more" }));
}

#[tokio::test]
async fn a_refund_that_is_not_ours_or_no_euros_is_named() {
    for (path, value) in [
        ("object", json!("payment")),
        ("id", json!("pay_x")),
        ("id", Value::Null),
        ("payment_id", json!("pay_other")),
        ("payment_id", Value::Null),
        ("is_live", json!(true)),
        ("is_live", Value::Null),
        ("amount", json!(0)),
        ("amount", json!(-5)),
        ("amount", json!(1.5)),
        ("amount", Value::Null),
        ("currency", json!("USD")),
        ("currency", Value::Null),
        ("created_at", json!(0)),
        ("created_at", Value::Null),
    ] {
        let refund = with(&support::refund(), path, Some(value.clone()));
        let list = json!({ "object": "list", "data": [support::refund(), refund] });
        let server = Server::json(200, &list).await;
        let read = server.client().refunds(&payment_id()).await;
        assert_eq!(
            read,
            Err(Error::NotUnderstood { field: path }),
            "{path} {value}"
        );
        let server = Server::json(201, &refund).await;
        let made = server.client().refund(&payment_id(), None, &[]).await;
        let expected = Err(Error::Ambiguous(Doubt::NotUnderstood { field: path }));
        assert_eq!(made, expected, "{path} {value}");
    }
    let server = Server::json(201, &support::refund()).await;
    let made = server
        .client()
        .refund(&payment_id(), Some(Cents::new(10)), &[])
        .await;
    assert_eq!(
        made,
        Err(Error::Ambiguous(Doubt::NotUnderstood { field: "amount" }))
    );
}

#[tokio::test]
async fn an_account_has_bounds_of_its_own_or_the_usual_ones() {
    let read = async |answer: &Value| Server::json(200, answer).await.client().account().await;
    let account = read(&support::account()).await.unwrap();
    assert_eq!(account.id.as_deref(), Some("123456"));
    assert_eq!(
        (account.is_live, account.permissions.use_live_mode),
        (false, Some(false))
    );
    assert_eq!(account.limits.country, "FR");
    assert_eq!(account.limits.currencies, ["EUR"]);
    assert_eq!(account.limits.min_amount, Cents::new(30));
    assert_eq!(account.limits.max_amount, Cents::new(1_500_000));
    assert!(!format!("{account:?}").contains("planted"));

    for path in [
        "configuration",
        "configuration.min_amounts",
        "configuration.min_amounts.EUR",
    ] {
        let account = read(&with(&support::account(), path, None)).await.unwrap();
        assert_eq!(
            account.limits.min_amount,
            AccountLimits::MIN_AMOUNT_DEFAULT,
            "{path}"
        );
    }
    let bare = json!({ "is_live": true, "country": "FR" });
    let account = read(&bare).await.unwrap();
    assert_eq!(account.limits.max_amount, AccountLimits::MAX_AMOUNT_DEFAULT);
    assert_eq!(
        (
            account.is_live,
            account.id,
            account.permissions.use_live_mode
        ),
        (true, None, None)
    );
    for (path, field, value) in [
        ("object", "object", json!("error")),
        ("is_live", "is_live", json!(null)),
        ("country", "country", json!("France")),
        ("country", "country", json!(null)),
        ("id", "id", json!(5)),
        ("configuration", "configuration", json!([])),
        (
            "configuration.currencies",
            "configuration.currencies",
            json!("EUR"),
        ),
        (
            "configuration.currencies",
            "configuration.currencies",
            json!(["euro"]),
        ),
        (
            "configuration.min_amounts.EUR",
            "configuration.min_amounts.EUR",
            json!(0.99),
        ),
        (
            "configuration.min_amounts.EUR",
            "configuration.max_amounts.EUR",
            json!(9_000_000),
        ),
        (
            "configuration.max_amounts",
            "configuration.max_amounts",
            json!(2_000_000),
        ),
        (
            "permissions.use_live_mode",
            "permissions.use_live_mode",
            json!("no"),
        ),
    ] {
        let answer = with(&support::account(), path, Some(value));
        assert_eq!(
            read(&answer).await,
            Err(Error::NotUnderstood { field }),
            "{path}"
        );
    }
}
