//! What PayPlug refuses, and what happens on the way.

use std::time::{Duration, Instant};

use acquit_domain::Cents;
use acquit_payplug::{Client, Doubt, Error, Rejected};
use serde_json::json;

use crate::support::{
    self, Raw, Reply, Server, client, impatient, new_payment, payment_id, raw, with,
};

fn rejected(status: u16) -> Error {
    Error::Rejected(Rejected {
        status,
        fields: Vec::new(),
    })
}

#[tokio::test]
async fn each_status_has_its_meaning_for_reads_and_for_changes() {
    let unavailable = |status| Error::Unavailable {
        status,
        retry_after: None,
    };
    let failed = |status| {
        Error::Ambiguous(Doubt::Failed {
            status,
            retry_after: None,
        })
    };
    let strange = Error::NotUnderstood { field: "status" };
    let doubt = Error::Ambiguous(Doubt::NotUnderstood { field: "status" });
    let busy = Error::TooManyRequests { retry_after: None };
    for (status, read, change) in [
        (400, rejected(400), rejected(400)),
        (401, Error::Unauthorised, Error::Unauthorised),
        (403, Error::Forbidden, Error::Forbidden),
        (404, Error::NotFound, Error::NotFound),
        (405, rejected(405), rejected(405)),
        (408, unavailable(408), failed(408)),
        (409, rejected(409), rejected(409)),
        (422, rejected(422), rejected(422)),
        (429, busy.clone(), busy),
        (500, unavailable(500), failed(500)),
        (502, unavailable(502), failed(502)),
        (503, unavailable(503), failed(503)),
        (599, unavailable(599), failed(599)),
        (300, strange.clone(), doubt.clone()),
        (304, strange, doubt),
    ] {
        let server = Server::start([Reply::new(status, "")]).await;
        let client = server.client();
        assert_eq!(client.account().await.unwrap_err(), read, "GET {status}");
        assert_eq!(
            client.create_payment(&new_payment()).await.unwrap_err(),
            change,
            "POST {status}"
        );
        assert_eq!(
            client.refund(&payment_id(), None, &[]).await.unwrap_err(),
            change,
            "POST {status}"
        );
        assert_eq!(server.seen().len(), 3, "{status}: asked once each");
        assert!(!(change.is_ambiguous() && change.should_retry()));
        assert_eq!(
            read.should_retry(),
            matches!(status, 408 | 429 | 500..),
            "{status}"
        );
    }
}

#[tokio::test]
async fn a_rejection_names_the_fields_at_fault() {
    let error = json!({ "object": "error", "message": "An invalid value was provided.",
        "details": { "hosted_payment": { "sent_by": "Invalid value." },
            "billing": { "postcode": ["Invalid value."] } } });
    let server = Server::json(400, &error).await;
    let error = server
        .client()
        .create_payment(&new_payment())
        .await
        .unwrap_err();
    assert!(error.names("sent_by") && error.names("billing") && !error.names("amount"));
    let Error::Rejected(rejected) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(
        rejected.fields,
        ["billing.postcode", "hosted_payment.sent_by"]
    );
    assert!(!format!("{error:?} {error}").contains("Invalid value"));
    assert!(!error.is_ambiguous() && !error.should_retry());
}

#[tokio::test]
async fn a_wish_to_wait_is_read() {
    let date = "Wed, 21 Oct 2026 07:28:00 GMT";
    for (status, value, expected) in [
        (429, "3", Some(3)),
        (503, "120", Some(120)),
        (429, "Wed, 21 Oct 2026 07:29:00 GMT", Some(60)),
        (429, "soon", None),
        (503, "99999999", Some(21_600)),
    ] {
        let reply = Reply::new(status, "")
            .with("retry-after", value)
            .with("date", date);
        let client = Server::start([reply]).await.client();
        let expected = expected.map(Duration::from_secs);
        assert_eq!(
            client.account().await.unwrap_err().retry_after(),
            expected,
            "{value}"
        );
        let created = client.create_payment(&new_payment()).await.unwrap_err();
        assert_eq!(created.retry_after(), expected, "{value}");
    }
}

#[tokio::test]
async fn a_refused_abort_is_told_apart_by_reading_the_payment() {
    let open = support::payment();
    let failed = with(&open, "failure", Some(json!({ "code": "card_declined" })));
    let aborted = with(&open, "failure", Some(json!({ "code": "aborted" })));
    for status in [400, 409] {
        for (payment, expected) in [
            (&failed, Error::AlreadyEnded),
            (&aborted, Error::AlreadyEnded),
            (&support::paid(), Error::AlreadyEnded),
            (&open, rejected(status)),
        ] {
            let refusal = json!({ "object": "error", "message": "Whatever it says." });
            let replies = [Reply::json(status, &refusal), Reply::json(200, payment)];
            let server = Server::start(replies).await;
            assert_eq!(
                server.client().abort(&payment_id()).await,
                Err(expected),
                "{status}"
            );
            let methods: Vec<String> = server.seen().into_iter().map(|seen| seen.method).collect();
            assert_eq!(methods, ["PATCH", "GET"]);
        }
    }
    // What cannot be read afterwards is not taken for ended.
    let replies = [Reply::new(409, ""), Reply::new(503, "")];
    let server = Server::start(replies).await;
    let error = server.client().abort(&payment_id()).await.unwrap_err();
    assert_eq!(
        error,
        Error::Unavailable {
            status: 503,
            retry_after: None
        }
    );
    // Another refusal says nothing about the payment.
    let server = Server::start([Reply::new(403, "")]).await;
    assert_eq!(
        server.client().abort(&payment_id()).await,
        Err(Error::Forbidden)
    );
    assert_eq!(server.seen().len(), 1);
    // Paid while it was being aborted: the answer itself tells.
    let server = Server::json(200, &support::paid()).await;
    assert!(server.client().abort(&payment_id()).await.unwrap().is_paid);
}

#[tokio::test]
async fn no_redirect_is_followed() {
    for status in [301, 302, 303, 307, 308] {
        let target = Server::json(200, &support::account()).await;
        let location = format!("{}/v1/account", target.address);
        let server = Server::start([Reply::new(status, "").with("location", location)]).await;
        let read = server.client().account().await;
        assert_eq!(
            read,
            Err(Error::NotUnderstood { field: "status" }),
            "{status}"
        );
        let created = server.client().create_payment(&new_payment()).await;
        let expected = Err(Error::Ambiguous(Doubt::NotUnderstood { field: "status" }));
        assert_eq!(created, expected, "{status}");
        assert!(target.seen().is_empty(), "{status}");
    }
}

#[tokio::test]
async fn a_success_without_an_object_is_not_understood() {
    for body in [
        "",
        "null",
        "[]",
        "\"x\"",
        "{",
        "{\"id\":",
        "<html></html>",
        "\u{feff}{}",
        "{}{}",
    ] {
        let server = Server::start([Reply::new(200, body)]).await;
        let read = server.client().account().await;
        assert_eq!(read, Err(Error::NotUnderstood { field: "body" }), "{body}");
        let created = server.client().create_payment(&new_payment()).await;
        let expected = Err(Error::Ambiguous(Doubt::NotUnderstood { field: "body" }));
        assert_eq!(created, expected, "{body}");
    }
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let server = Server::start([Reply::new(200, deep)]).await;
    assert_eq!(
        server.client().account().await,
        Err(Error::NotUnderstood { field: "body" })
    );
    let server = Server::start([Reply::new(200, vec![b'{', b'"', 0xff, 0xfe, b'"', b'}'])]).await;
    assert_eq!(
        server.client().account().await,
        Err(Error::NotUnderstood { field: "body" })
    );
}

const MIB: usize = 1024 * 1024;

#[tokio::test]
async fn an_answer_about_one_thing_has_at_most_a_mebibyte_and_a_list_four() {
    let padded = |value: &serde_json::Value, length: usize| {
        let text = value.to_string();
        format!("{text}{}", " ".repeat(length - text.len()))
    };
    let account = support::account();
    let list = json!({ "object": "list", "has_more": false, "data": [support::payment()] });
    let fits = Server::start([Reply::new(200, padded(&account, MIB))]).await;
    assert!(fits.client().account().await.is_ok());
    let over = Server::start([Reply::new(200, padded(&account, MIB + 1))]).await;
    assert_eq!(over.client().account().await, Err(Error::TooLarge));
    let fits = Server::start([Reply::new(200, padded(&list, 4 * MIB))]).await;
    assert!(fits.client().payments(0, 100).await.is_ok());
    let over = Server::start([Reply::new(200, padded(&list, 4 * MIB + 1))]).await;
    assert_eq!(over.client().payments(0, 100).await, Err(Error::TooLarge));
    let over = Server::start([Reply::new(201, padded(&support::payment(), MIB + 1))]).await;
    let created = over.client().create_payment(&new_payment()).await;
    assert_eq!(
        created,
        Err(Error::Ambiguous(Doubt::NotUnderstood { field: "body" }))
    );
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let address = raw(Raw::Endless(CHUNKED.into()));
    assert_eq!(client(&address).account().await, Err(Error::TooLarge));
    let address = raw(Raw::Endless(CHUNKED.into()));
    assert_eq!(client(&address).payments(0, 10).await, Err(Error::TooLarge));
}

async fn create(client: &Client) -> Error {
    client.create_payment(&new_payment()).await.unwrap_err()
}

#[tokio::test]
async fn a_broken_connection_leaves_a_change_in_doubt_and_a_read_undone() {
    let broken = || {
        vec![
            Raw::Reset,
            Raw::Close(Vec::new()),
            Raw::Close(b"HTTP/1.1 201 Cre".to_vec()),
            Raw::Close(b"HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{\"id\":".to_vec()),
            Raw::Close(format!("{CHUNKED}5\r\n{{\"id\"\r\n").into()),
            Raw::Close(b"this is no HTTP at all\r\n\r\n".to_vec()),
        ]
    };
    for (number, behaviour) in broken().into_iter().enumerate() {
        let error = create(&client(&raw(behaviour))).await;
        assert_eq!(error, Error::Ambiguous(Doubt::Interrupted), "{number}");
    }
    for (number, behaviour) in broken().into_iter().enumerate() {
        assert_eq!(
            client(&raw(behaviour)).account().await,
            Err(Error::Unreachable),
            "{number}"
        );
    }
    let error = client(&raw(Raw::Close(Vec::new())))
        .abort(&payment_id())
        .await
        .unwrap_err();
    assert_eq!(error, Error::Ambiguous(Doubt::Interrupted));
    let amount = Some(Cents::new(100));
    let error = client(&raw(Raw::Reset))
        .refund(&payment_id(), amount, &[])
        .await
        .unwrap_err();
    assert_eq!(error, Error::Ambiguous(Doubt::Interrupted));
}

#[tokio::test]
async fn a_refusal_counts_though_its_body_does_not_come() {
    let cut = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 500\r\n\r\n{".to_vec();
    assert_eq!(
        create(&client(&raw(Raw::Close(cut.clone())))).await,
        Error::Unauthorised
    );
    assert_eq!(
        create(&impatient(&raw(Raw::Stall(cut)))).await,
        Error::Unauthorised
    );
    let endless = CHUNKED.replace("200 OK", "400 Bad Request");
    assert_eq!(
        create(&client(&raw(Raw::Endless(endless.into())))).await,
        rejected(400)
    );
}

#[tokio::test]
async fn a_slow_answer_is_given_up() {
    let half = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{".to_vec();
    let start = Instant::now();
    for bytes in [Vec::new(), half] {
        let read = impatient(&raw(Raw::Stall(bytes.clone()))).account().await;
        assert_eq!(read, Err(Error::Unreachable));
        let error = create(&impatient(&raw(Raw::Stall(bytes)))).await;
        assert_eq!(error, Error::Ambiguous(Doubt::TimedOut));
    }
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn what_was_never_sent_is_unreachable_and_not_in_doubt() {
    let client = client("http://127.0.0.1:1");
    let error = create(&client).await;
    assert_eq!(error, Error::Unreachable);
    assert!(error.should_retry() && !error.is_ambiguous());
    assert_eq!(client.account().await, Err(Error::Unreachable));
}

#[tokio::test]
async fn calls_can_be_spawned_and_shared() {
    let server = Server::json(200, &support::account()).await;
    let client = std::sync::Arc::new(server.client());
    let calls = (0..8).map(|_| {
        let client = std::sync::Arc::clone(&client);
        tokio::spawn(async move {
            let created = client.create_payment(&new_payment()).await;
            (client.account().await, created)
        })
    });
    for call in calls.collect::<Vec<_>>() {
        let (account, created) = call.await.unwrap();
        assert!(account.is_ok() && created.is_err());
    }
}
