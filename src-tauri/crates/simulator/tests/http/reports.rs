//! Accounting reports and their CSV.

use acquit_simulator::Mode;
use reqwest::Method;
use serde_json::{Value, json};

use crate::bench::{Bench, START, VISA, id_of, send};

async fn ask(bench: &Bench, start: &str, end: &str) -> String {
    let asked = json!({ "start_date": start, "end_date": end });
    let reply = bench.post("/v1/accounting_reports", asked).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    id_of(&reply.json())
}

/// Reads until the file is there; gives its address.
async fn file_of(bench: &Bench, id: &str) -> String {
    loop {
        let report = bench
            .get(&format!("/v1/accounting_reports/{id}"))
            .await
            .json();
        if let Some(url) = report["temporary_url"].as_str() {
            return url.to_owned();
        }
    }
}

#[tokio::test]
async fn a_report_is_ready_from_the_second_read_on() {
    let bench = Bench::start().await;
    let asked = json!({ "start_date": "2026-11-01", "end_date": "2026-11-30" });
    let created = bench.post("/v1/accounting_reports", asked).await.json();
    let id = id_of(&created);
    assert!(id.starts_with("ar_"));
    let pending = json!({
        "id": id, "object": "accounting_report", "is_live": false, "temporary_url": null,
        "file_available_until": null, "start_date": "2026-11-01", "end_date": "2026-11-30",
        "notification_url": null,
    });
    assert_eq!(created, pending);
    let path = format!("/v1/accounting_reports/{id}");
    assert_eq!(bench.get(&path).await.json(), pending);
    let ready = bench.get(&path).await.json();
    assert!(
        ready["temporary_url"]
            .as_str()
            .unwrap()
            .starts_with(&bench.simulator.base_url())
    );
    assert_eq!(ready["file_available_until"], START + 86_400);
    assert_eq!(bench.get(&path).await.json(), ready);
}

#[tokio::test]
async fn the_file_lists_the_movements_of_its_days_with_fees_and_metadata() {
    let bench = Bench::start().await;
    let id = bench.id(286_690).await;
    bench.handle.pay(&id, VISA).unwrap();
    bench.handle.refund(&id, 10_000).unwrap();
    bench.handle.transfer(100_000).unwrap();
    bench.handle.advance_clock(31 * 86_400).unwrap();
    let later = bench.id(1_000).await;
    bench.handle.pay(&later, VISA).unwrap();

    let url = file_of(&bench, &ask(&bench, "2026-11-01", "2026-12-01").await).await;
    let answer = bench.client.get(&url).send().await.unwrap();
    assert_eq!(answer.status(), 200, "no key is needed");
    assert_eq!(answer.headers()["Content-Type"], "text/csv; charset=utf-8");
    let text = answer.text().await.unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        r#""payplug_id","date","time","type","amount","currency","total_fees_excl._vat_(€)","payment_id","metadata""#
    );
    let metadata = r#""{""invoice"":""F-2026-00147"",""tenant"":7,""urgent"":true}""#;
    assert_eq!(
        lines[1],
        format!(
            r#""{id}","2026-11-22","19:14:00","payment","2866.90","EUR","34.65","{id}",{metadata}"#
        )
    );
    let types: Vec<&str> = lines[1..]
        .iter()
        .map(|line| line.split("\",\"").nth(3).unwrap())
        .collect();
    assert_eq!(types, ["payment", "refund", "transfer", "invoice"]);
    assert!(lines[2].contains(r#""-100.00","EUR","0.00""#));
    // The fees of November, 34.65 € excl. VAT, debited on 1 December with 20 % VAT.
    assert!(lines[4].contains(r#""2026-12-01","00:00:00","invoice","-41.58","EUR","0.00","","""#));
    assert!(!text.contains(&later), "paid after the last day");

    let balance: i64 = bench
        .handle
        .account(Mode::Test)
        .movements
        .iter()
        .map(|m| m.amount)
        .sum();
    assert_eq!(balance, 286_690 - 10_000 - 100_000 - 4_158 + 1_000);
}

#[tokio::test]
async fn both_days_of_a_report_are_included() {
    let bench = Bench::start().await;
    let id = bench.id(1_000).await;
    bench.handle.pay(&id, VISA).unwrap();
    for (start, end, rows) in [
        ("2026-11-22", "2026-11-22", 1),
        ("2026-11-21", "2026-11-21", 0),
        ("2026-11-23", "2026-11-30", 0),
    ] {
        let url = file_of(&bench, &ask(&bench, start, end).await).await;
        let text = bench
            .client
            .get(&url)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        assert_eq!(text.lines().count(), 1 + rows, "{start} to {end}");
    }
}

#[tokio::test]
async fn a_file_needs_its_token_and_lives_24_hours() {
    let bench = Bench::start().await;
    let url = file_of(&bench, &ask(&bench, "2026-11-01", "2026-11-30").await).await;
    let bare = url.split_once('?').unwrap().0;
    for wrong in [bare.to_owned(), format!("{bare}?t=x")] {
        send(bench.client.get(wrong)).await.is_error(404);
    }
    bench.handle.advance_clock(86_400).unwrap();
    assert_eq!(send(bench.client.get(&url)).await.status, 200);
    bench.handle.advance_clock(1).unwrap();
    send(bench.client.get(&url)).await.is_error(404);
}

#[tokio::test]
async fn a_report_needs_two_days_in_their_order() {
    let bench = Bench::start().await;
    for (start, end, field) in [
        (json!("2026-11-31"), json!("2026-12-01"), "start_date"),
        (json!("2026-11-30"), json!("2026-11-29"), "end_date"),
        (json!("30/11/2026"), json!("2026-11-30"), "start_date"),
        (json!("2026-11-01"), Value::Null, "end_date"),
        (json!(20_261_101), json!("2026-11-30"), "start_date"),
    ] {
        let asked = json!({ "start_date": start, "end_date": end });
        let reply = bench
            .post("/v1/accounting_reports", asked)
            .await
            .is_error(400);
        assert!(reply["details"][field].is_string(), "{reply}");
    }
}

#[tokio::test]
async fn a_report_belongs_to_its_mode() {
    let bench = Bench::start().await;
    let id = ask(&bench, "2026-11-01", "2026-11-30").await;
    let address = format!("{}/v1/accounting_reports/{id}", bench.simulator.base_url());
    send(
        bench
            .client
            .request(Method::GET, address)
            .bearer_auth("sk_live_bench"),
    )
    .await
    .is_error(404);
}
