//! The key goes to PayPlug and nowhere else.

use std::fmt::Debug;
use std::process::Command;

use acquit_payplug::{
    BaseAddress, Client, Error, ReportId, ReportUrl, SecretKey, Timeouts, UrlPolicy,
};
use jiff::civil::date;
use serde_json::{Value, json};

use crate::support::{
    self, KEY, Raw, Reply, Server, client, impatient, new_payment, payment_id, raw,
};

fn assert_silent(what: &(impl Debug + ?Sized)) {
    let printed = format!("{what:?}{what:#?}");
    assert!(!printed.contains("planted"), "{printed}");
}

fn assert_silent_error(error: &impl std::error::Error) {
    assert_silent(error);
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text} {cause} {cause:?}");
        source = cause.source();
    }
    assert!(
        !text.contains("planted") && !text.contains("127.0.0.1"),
        "{text}"
    );
}

/// A server that sends the key back wherever it can.
fn echoes() -> Vec<Reply> {
    let details: Value = json!({ "amount": KEY, KEY: { KEY: "x" }, "k": [KEY] });
    let error =
        json!({ "object": "error", "message": format!("Bearer {KEY}"), "details": details });
    let mut replies: Vec<Reply> = [400, 401, 403, 404, 409, 422, 429, 500, 503]
        .map(|status| Reply::json(status, &error).with("retry-after", KEY))
        .into();
    replies.push(Reply::new(302, KEY).with("location", format!("http://127.0.0.1:1/{KEY}")));
    replies.push(Reply::new(200, KEY));
    replies.push(Reply::json(200, &json!({ "object": KEY, "id": KEY })));
    replies.push(Reply::json(
        200,
        &json!({ "id": KEY, "amount": KEY, "data": KEY }),
    ));
    replies
}

#[tokio::test]
async fn no_type_and_no_error_prints_the_key() {
    let key = SecretKey::parse(KEY).unwrap();
    assert_silent(&key);
    assert!(!key.to_string().contains("planted"));
    assert_silent_error(&SecretKey::parse("pk_test_planted").unwrap_err());
    assert_silent_error(&BaseAddress::loopback("http://planted:1").unwrap_err());
    for reply in echoes() {
        let client = Server::start([reply]).await.client();
        assert_silent(&client);
        let id = payment_id();
        assert_silent_error(&client.account().await.unwrap_err());
        assert_silent_error(&client.create_payment(&new_payment()).await.unwrap_err());
        assert_silent_error(&client.payment(&id).await.unwrap_err());
        assert_silent_error(&client.payments(0, 10).await.unwrap_err());
        assert_silent_error(&client.abort(&id).await.unwrap_err());
        assert_silent_error(&client.refund(&id, None, &[]).await.unwrap_err());
        assert_silent_error(&client.refunds(&id).await.unwrap_err());
        let day = date(2026, 9, 1);
        assert_silent_error(&client.request_report(day, day).await.unwrap_err());
        let report = ReportId::parse("ar_1").unwrap();
        assert_silent_error(&client.report(&report).await.unwrap_err());
    }
    for behaviour in [Raw::Reset, Raw::Close(KEY.into()), Raw::Stall(Vec::new())] {
        let client = impatient(&raw(behaviour));
        assert_silent_error(&client.create_payment(&new_payment()).await.unwrap_err());
    }
    assert_silent(&client("http://127.0.0.1:1"));
    let url = ReportUrl::accept("https://store.example/planted?planted", UrlPolicy::Payplug);
    assert_silent(&url.unwrap());
}

#[tokio::test]
async fn a_failure_to_connect_prints_no_address() {
    let error = client("http://127.0.0.1:1").account().await.unwrap_err();
    assert_silent_error(&error);
    assert_eq!(error, Error::Unreachable);
}

/// Tells a started copy that it stands behind a proxy.
const INSIDE: &str = "ACQUIT_PROXY_TEST_INSIDE";

/// The proxy is read from the environment once a process, so the test starts itself again in one
/// where every request that obeys it fails.
#[tokio::test]
async fn no_proxy_sees_a_request_to_loopback() {
    if std::env::var_os(INSIDE).is_none() {
        let output = Command::new(std::env::current_exe().unwrap())
            .args([
                "secrecy::no_proxy_sees_a_request_to_loopback",
                "--exact",
                "--nocapture",
            ])
            .env(INSIDE, "1")
            .envs(
                [
                    "HTTP_PROXY",
                    "http_proxy",
                    "HTTPS_PROXY",
                    "https_proxy",
                    "ALL_PROXY",
                    "all_proxy",
                ]
                .map(|name| (name, "http://127.0.0.1:1")),
            )
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && printed.contains("1 passed"),
            "{printed}"
        );
        return;
    }
    let server = Server::json(200, &support::account()).await;
    // The environment works: a client that obeys it does not get through.
    assert!(
        reqwest::get(&server.address)
            .await
            .unwrap_err()
            .is_connect()
    );
    assert!(server.client().account().await.is_ok());
    let files = Server::start([Reply::new(200, "x")]).await;
    let url = ReportUrl::accept(&files.address, UrlPolicy::Loopback).unwrap();
    assert_eq!(server.client().download(&url, &mut Vec::new()).await, Ok(1));
}

/// Nothing here is a certificate that anybody signed, so PayPlug's client must not accept it.
#[tokio::test]
async fn a_server_that_cannot_prove_who_it_is_gets_no_request() {
    let key = SecretKey::parse("sk_live_planted").unwrap();
    let client = Client::new(&BaseAddress::payplug(), key, Timeouts::default()).unwrap();
    assert!(client.is_live());
    let server = Server::json(200, &support::account()).await;
    let address = server.address.replace("http://", "https://");
    let url = ReportUrl::accept(&address, UrlPolicy::Payplug).unwrap();
    let found = client.download(&url, &mut Vec::new()).await;
    assert_eq!(found, Err(Error::Unreachable));
    assert!(server.seen().is_empty());
}
