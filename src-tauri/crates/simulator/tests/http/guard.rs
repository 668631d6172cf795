//! Host header, origin, and what stays closed.

use acquit_simulator::{Error, Options, Simulator};
use reqwest::Method;
use serde_json::json;

use crate::bench::{Bench, options, send};

#[tokio::test]
async fn only_our_own_names_with_our_own_port_are_answered() {
    let bench = Bench::start().await;
    let base = bench.simulator.base_url();
    let port = base.rsplit_once(':').unwrap().1;
    for name in ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"] {
        let request = bench.client.get(format!("{base}/test"));
        let reply = send(request.header("Host", format!("{name}:{port}"))).await;
        assert_eq!(reply.status, 200, "{name}");
    }
    for host in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        "127.0.0.1:1".into(),
    ] {
        for path in [
            "/test",
            "/v1/account",
            "/pay/test/x",
            "/_simulator/requests",
        ] {
            let request = bench.request(Method::GET, path).header("Host", &host);
            send(request).await.is_error(421);
        }
    }
}

#[tokio::test]
async fn no_answer_opens_itself_to_other_origins() {
    let bench = Bench::start().await;
    for path in ["/v1/account", "/test", "/assets/page.css"] {
        let request = bench
            .request(Method::GET, path)
            .header("Origin", "https://evil.example");
        let reply = send(request).await;
        assert_eq!(reply.status, 200);
        let opened = reply
            .headers
            .keys()
            .any(|name| name.as_str().starts_with("access-control"));
        assert!(!opened, "{path}");
    }
    let preflight = bench.request(Method::OPTIONS, "/v1/payments");
    send(preflight.header("Origin", "https://evil.example"))
        .await
        .is_error(405);
}

#[tokio::test]
async fn control_is_not_served_unless_asked_for() {
    let bench = Bench::with(Options {
        control: false,
        ..options()
    })
    .await;
    let id = bench.id(1_000).await;
    for path in [
        "faults",
        "clock",
        "transfers",
        "payments",
        &format!("payments/{id}/pay"),
    ] {
        bench
            .post(&format!("/_simulator/{path}"), json!({}))
            .await
            .is_error(404);
    }
    bench.get("/_simulator/requests").await.is_error(404);
}

#[tokio::test]
async fn control_is_not_for_web_pages() {
    let bench = Bench::start().await;
    let request = bench.request(Method::POST, "/_simulator/clock");
    let request = request.header("Origin", "https://evil.example");
    send(request.body(r#"{"advance_seconds":1}"#))
        .await
        .is_error(403);
}

#[tokio::test]
async fn an_address_that_others_can_reach_is_refused() {
    let started = Simulator::start("0.0.0.0:0".parse().unwrap(), Options::default()).await;
    assert!(matches!(started, Err(Error::NotLoopback(_))));
}

#[tokio::test]
async fn a_taken_port_is_an_error_and_a_stopped_one_is_free_again() {
    let bench = Bench::start().await;
    let address = bench
        .simulator
        .base_url()
        .replace("http://", "")
        .parse()
        .unwrap();
    let taken = Simulator::start(address, Options::default()).await;
    assert!(matches!(taken, Err(Error::Bind { .. })));
    bench.get("/test").await;
    bench.simulator.stop().await;
    let again = Simulator::start(address, Options::default()).await;
    assert!(again.is_ok(), "{again:?}");
}

#[tokio::test]
async fn dropping_the_simulator_stops_it() {
    let bench = Bench::start().await;
    let address = format!("{}/test", bench.simulator.base_url());
    drop(bench.simulator);
    loop {
        // Each try is a new connection; the first ones may still be accepted.
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        if client.get(&address).send().await.is_err() {
            break;
        }
    }
}
