//! Each fault, once, on the next request.

use std::time::{Duration, Instant};

use acquit_simulator::{Fault, Options};
use reqwest::Method;
use serde_json::json;

use crate::bench::{Bench, asked, options};

/// Sends a creation that meets the fault; gives what the client sees.
async fn create_under(bench: &Bench, fault: Fault) -> reqwest::Result<(u16, String)> {
    bench.handle.push_faults(vec![fault]);
    let request = bench
        .request(Method::POST, "/v1/payments")
        .json(&asked(1_000));
    let answer = request.send().await?;
    let status = answer.status().as_u16();
    Ok((status, answer.text().await?))
}

#[tokio::test]
async fn a_lost_answer_does_the_work_and_says_nothing() {
    let bench = Bench::start().await;
    assert!(create_under(&bench, Fault::LostAnswer).await.is_err());
    assert_eq!(bench.handle.payments().len(), 1);
    bench.create(2_000).await;
}

#[tokio::test]
async fn a_reset_does_nothing_and_says_nothing() {
    let bench = Bench::start().await;
    assert!(create_under(&bench, Fault::Reset).await.is_err());
    assert!(bench.handle.payments().is_empty());
    bench.create(2_000).await;
}

#[tokio::test]
async fn too_many_requests_says_when_to_come_back() {
    let bench = Bench::start().await;
    bench.handle.push_faults(vec![Fault::TooManyRequests]);
    let reply = bench.post("/v1/payments", asked(1_000)).await;
    reply.is_error(429);
    assert_eq!(reply.headers["Retry-After"], "1");
    assert!(bench.handle.payments().is_empty());
}

#[tokio::test]
async fn a_server_error_does_nothing() {
    let bench = Bench::start().await;
    bench.handle.push_faults(vec![Fault::ServerError]);
    bench.post("/v1/payments", asked(1_000)).await.is_error(500);
    assert!(bench.handle.payments().is_empty());
}

#[tokio::test]
async fn a_truncated_answer_announces_more_than_it_sends() {
    let bench = Bench::start().await;
    bench.handle.push_faults(vec![Fault::Truncated]);
    let request = bench
        .request(Method::POST, "/v1/payments")
        .json(&asked(1_000));
    let mut answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let announced = answer.content_length().unwrap();
    let mut received = 0;
    let ended = loop {
        match answer.chunk().await {
            Ok(Some(chunk)) => received += chunk.len() as u64,
            other => break other,
        }
    };
    assert!(ended.is_err(), "the body breaks off");
    assert_eq!(received, announced / 2);
    assert_eq!(bench.handle.payments().len(), 1);
}

#[tokio::test]
async fn a_malformed_answer_is_200_and_no_json() {
    let bench = Bench::start().await;
    let (status, text) = create_under(&bench, Fault::Malformed).await.unwrap();
    assert_eq!(status, 200);
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_err());
    assert_eq!(bench.handle.payments().len(), 1);
}

#[tokio::test]
async fn a_slow_answer_comes_after_its_delay() {
    let slow_answer = Duration::from_millis(60);
    let bench = Bench::with(Options {
        slow_answer,
        ..options()
    })
    .await;
    let start = Instant::now();
    let (status, _) = create_under(&bench, Fault::Slow).await.unwrap();
    assert_eq!(status, 201);
    assert!(start.elapsed() >= slow_answer);
}

#[tokio::test]
async fn stopping_cuts_a_slow_answer_whose_work_was_done() {
    let slow_answer = Duration::from_secs(3_600);
    let bench = Bench::with(Options {
        slow_answer,
        ..options()
    })
    .await;
    bench.handle.push_faults(vec![Fault::Slow]);
    let request = bench
        .request(Method::POST, "/v1/payments")
        .json(&asked(1_000));
    let answer = tokio::spawn(request.send());
    while bench.handle.payments().is_empty() {
        tokio::task::yield_now().await;
    }
    bench.simulator.stop().await;
    assert!(answer.await.unwrap().is_err());
}

#[tokio::test]
async fn the_default_delay_is_longer_than_a_client_waits() {
    assert!(Options::default().slow_answer > Duration::from_secs(10));
}

#[tokio::test]
async fn faults_are_met_in_their_order_by_requests_to_the_api_only() {
    let bench = Bench::start().await;
    bench
        .handle
        .push_faults(vec![Fault::ServerError, Fault::TooManyRequests]);
    assert_eq!(bench.get("/test").await.status, 200);
    assert_eq!(bench.get("/_simulator/requests").await.status, 200);
    assert_eq!(bench.get("/pay/test/unknown").await.status, 404);
    assert_eq!(bench.handle.pending_faults().len(), 2);
    assert_eq!(bench.get("/v1/account").await.status, 500);
    assert_eq!(bench.get("/v1/account").await.status, 429);
    assert_eq!(bench.get("/v1/account").await.status, 200);
    bench.handle.push_faults(vec![Fault::Reset]);
    bench.handle.clear_faults();
    assert_eq!(bench.get("/v1/account").await.status, 200);
}

#[tokio::test]
async fn faults_are_queued_over_http_by_their_names() {
    let bench = Bench::start().await;
    let all = json!([
        "lost_answer",
        "reset",
        "429",
        "500",
        "truncated",
        "malformed",
        "slow"
    ]);
    let reply = bench
        .post("/_simulator/faults", json!({ "next": all }))
        .await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json()["next"], all);
    assert_eq!(
        bench.handle.pending_faults(),
        [
            Fault::LostAnswer,
            Fault::Reset,
            Fault::TooManyRequests,
            Fault::ServerError,
            Fault::Truncated,
            Fault::Malformed,
            Fault::Slow
        ]
    );
    bench
        .post("/_simulator/faults", json!({ "next": ["500", "flood"] }))
        .await
        .is_error(400);
    assert_eq!(
        bench.handle.pending_faults().len(),
        7,
        "a bad list queues nothing"
    );
}
