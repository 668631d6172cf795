//! Accounting reports and their files.

use acquit_payplug::{Error, REPORT_MAX_BYTES, ReportId, ReportUrl, UrlPolicy};
use serde_json::{Value, json};

use crate::support::{Raw, Reply, Server, client, impatient, raw, with};

const ID: &str = "ar_4WbNz6YkTq1vXhRm8PdLcS";

fn report(temporary_url: &str) -> Value {
    json!({ "id": ID, "object": "accounting_report", "is_live": false,
        "temporary_url": temporary_url, "file_available_until": 1_790_841_600,
        "start_date": "2026-09-01", "end_date": "2026-09-30", "notification_url": null })
}

fn url(text: &str) -> ReportUrl {
    ReportUrl::accept(text, UrlPolicy::Loopback).unwrap()
}

#[tokio::test]
async fn a_file_is_downloaded_without_the_key() {
    let csv = "\"metadata\",\"total_fees_excl._vat_(€)\"\n\"{}\",\"1,20\"\n";
    let files = Server::start([Reply::new(200, csv)]).await;
    let api = Server::json(
        200,
        &report(&format!("{}/r.csv?signature=x", files.address)),
    )
    .await;
    let client = api.client();
    let report = client.report(&ReportId::parse(ID).unwrap()).await.unwrap();
    assert!(report.available_until.is_some());
    let mut file = Vec::new();
    let length = client
        .download(&report.url.unwrap(), &mut file)
        .await
        .unwrap();
    assert_eq!(
        (file.as_slice(), length),
        (csv.as_bytes(), csv.len() as u64)
    );
    let seen = files.only();
    assert_eq!(seen.target, "/r.csv?signature=x");
    assert_eq!(seen.header("authorization"), None);
    assert_eq!(seen.header("payplug-version"), None);
    assert!(api.only().header("authorization").is_some());
}

#[tokio::test]
async fn a_report_is_proven_field_by_field() {
    let read = async |answer: &Value| {
        let server = Server::json(200, answer).await;
        server.client().report(&ReportId::parse(ID).unwrap()).await
    };
    let ready = report("http://127.0.0.1:1/r.csv");
    assert!(read(&ready).await.unwrap().url.is_some());
    assert!(read(&report("")).await.unwrap().url.is_none());
    for (path, value) in [
        ("object", json!("payment")),
        ("id", json!("ar_other")),
        ("id", json!("pay_x")),
        ("is_live", json!("no")),
        ("start_date", json!("01/09/2026")),
        ("end_date", json!(null)),
        ("start_date", json!("2026-02-30")),
        ("temporary_url", json!(5)),
        ("temporary_url", json!("https://evil.example/r.csv")),
        ("temporary_url", json!("file:///etc/passwd")),
        ("temporary_url", json!("http://u:p@127.0.0.1:1/r.csv")),
        ("file_available_until", json!("tomorrow")),
    ] {
        let found = read(&with(&ready, path, Some(value.clone()))).await;
        assert_eq!(
            found,
            Err(Error::NotUnderstood { field: path }),
            "{path} {value}"
        );
    }
    assert!(ReportId::parse("ar_").is_none() && ReportId::parse("ar_../x").is_none());
}

#[tokio::test]
async fn a_file_that_is_not_there_or_elsewhere_is_refused() {
    let mut sink = Vec::new();
    for (status, expected) in [
        (401, Error::Unauthorised),
        (403, Error::Forbidden),
        (404, Error::NotFound),
        (204, Error::NotUnderstood { field: "status" }),
        (302, Error::NotUnderstood { field: "status" }),
        (
            503,
            Error::Unavailable {
                status: 503,
                retry_after: None,
            },
        ),
    ] {
        let reply = Reply::new(status, "").with("location", "http://127.0.0.1:1/");
        let files = Server::start([reply]).await;
        let found = files
            .client()
            .download(&url(&files.address), &mut sink)
            .await;
        assert_eq!(found, Err(expected), "{status}");
        assert_eq!(files.seen().len(), 1);
    }
    // An address that was accepted for PayPlug's own API is none for a simulator's.
    let files = Server::start([Reply::new(200, "x")]).await;
    let real = ReportUrl::accept("https://store.example/r.csv", UrlPolicy::Payplug).unwrap();
    assert_eq!(
        files.client().download(&real, &mut sink).await,
        Err(Error::Address)
    );
    assert!(sink.is_empty());
}

const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

#[tokio::test]
async fn a_file_has_at_most_fifty_mebibytes() {
    let announced = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n",
        REPORT_MAX_BYTES + 1
    );
    let address = raw(Raw::Stall(announced.into()));
    let mut written = Counted { bytes: 0 };
    let found = client(&address)
        .download(&url(&address), &mut written)
        .await;
    assert_eq!((found, written.bytes), (Err(Error::TooLarge), 0));

    let address = raw(Raw::Endless(CHUNKED.to_vec()));
    let found = client(&address)
        .download(&url(&address), &mut written)
        .await;
    assert_eq!(found, Err(Error::TooLarge));
    assert!(written.bytes <= REPORT_MAX_BYTES, "{}", written.bytes);
    assert!(
        written.bytes > REPORT_MAX_BYTES / 2,
        "as it comes: {}",
        written.bytes
    );
}

#[tokio::test]
async fn half_a_file_is_an_error() {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf".to_vec();
    let address = raw(Raw::Close(cut.clone()));
    let found = client(&address)
        .download(&url(&address), &mut Vec::new())
        .await;
    assert_eq!(found, Err(Error::Unreachable));
    let address = raw(Raw::Stall(cut));
    let found = impatient(&address)
        .download(&url(&address), &mut Vec::new())
        .await;
    assert_eq!(found, Err(Error::Unreachable));
}

#[tokio::test]
async fn a_full_disk_is_told_apart() {
    let files = Server::start([Reply::new(200, "x".repeat(100))]).await;
    let mut sink = [0; 10];
    let found = files
        .client()
        .download(&url(&files.address), &mut sink.as_mut_slice())
        .await;
    assert_eq!(found, Err(Error::Sink(std::io::ErrorKind::WriteZero)));
}

struct Counted {
    bytes: u64,
}

impl std::io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
