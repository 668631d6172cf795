//! § 4.6, § 6, § 7.2, § 7.3: lists, refunds, reports, accounts.

use acquit_domain::remote::RemoteRefund;
use acquit_payplug::{Account, Report, ReportId};
use serde_json::{Value, json};

use super::{Row, agrees, fault};
use crate::support::{self, Server, merged, payment_id, with};

/// The documented envelopes of § 4.6, and how many payments they hold.
pub(super) fn pages() -> Vec<Row> {
    let data = |count| Value::from(vec![support::payment(); count]);
    let item = with(&support::payment(), "amount", None);
    vec![
        (
            "4.6",
            "more follow",
            json!({ "object": "list", "page": 0, "per_page": 10, "has_more": true, "data": data(10) }),
            json!({ "has_more": true, "read": 10 }),
        ),
        (
            "4.6",
            "the last page",
            json!({ "object": "list", "page": 4, "per_page": 10, "has_more": false, "data": data(6) }),
            json!({ "has_more": false, "read": 6 }),
        ),
        (
            "4.6",
            "none at all",
            json!({ "object": "list", "page": 0, "per_page": 10, "has_more": false, "data": [] }),
            json!({ "has_more": false, "read": 0 }),
        ),
        (
            "4.6",
            "older: type and count",
            json!({ "type": "list", "page": 0, "per_page": 10, "count": 46, "data": data(10) }),
            json!({ "has_more": true, "read": 10 }),
        ),
        (
            "4.6",
            "older: all of them",
            json!({ "type": "list", "page": 0, "per_page": 10, "count": 3, "data": data(3) }),
            json!({ "has_more": false, "read": 3 }),
        ),
        (
            "4.6",
            "only data is sure",
            json!({ "data": data(3) }),
            json!({ "has_more": false, "read": 3 }),
        ),
        (
            "4.6",
            "data is",
            json!({ "object": "list", "has_more": false }),
            json!({ "fault": "data" }),
        ),
        (
            "4.6",
            "an item of another form",
            json!({ "has_more": false, "data": [support::payment(), item, "x"] }),
            json!({ "read": 1, "misread": ["amount", "data"] }),
        ),
    ]
}

#[tokio::test]
async fn lists_are_read_as_documented() {
    for row in pages() {
        let server = Server::json(200, &row.2).await;
        let found = match server.client().payments(0, 10).await {
            Ok(page) => {
                let misread: Vec<&str> = page
                    .payments
                    .iter()
                    .filter_map(|one| one.as_ref().err().map(|misread| misread.field))
                    .collect();
                let read = page.payments.iter().filter(|one| one.is_ok()).count();
                json!({ "has_more": page.has_more, "read": read, "misread": misread })
            }
            Err(error) => fault(&error),
        };
        agrees(&row, &found);
    }
}

/// § 6: the refund object, made and listed.
pub(super) fn refunds() -> Vec<Row> {
    let refund = |changes: Value| merged(support::refund(), &changes);
    let list = |refund: Value| json!({ "object": "list", "data": [refund] });
    let plain = json!({ "amount": 15_000, "created_at": 1_790_870_000 });
    vec![
        ("6", "a refund", list(refund(json!({}))), plain.clone()),
        (
            "6",
            "only data is proven",
            json!({ "data": [refund(json!({}))] }),
            plain.clone(),
        ),
        (
            "6",
            "metadata null",
            list(refund(json!({ "metadata": null }))),
            plain.clone(),
        ),
        (
            "6",
            "metadata with our UUID",
            list(refund(
                json!({ "metadata": { "acquit_refund": support::LINK } }),
            )),
            plain.clone(),
        ),
        (
            "6",
            "a field of tomorrow",
            list(refund(json!({ "status": "done" }))),
            plain,
        ),
        (
            "6",
            "none",
            json!({ "object": "list", "data": [] }),
            json!({ "count": 0 }),
        ),
        (
            "6",
            "the least amount",
            list(refund(json!({ "amount": 10 }))),
            json!({ "amount": 10 }),
        ),
        (
            "6",
            "never nothing",
            list(refund(json!({ "amount": 0 }))),
            json!({ "fault": "amount" }),
        ),
        (
            "6",
            "id",
            list(refund(json!({ "id": "pay_7Qd2mXkV9rTz4LbWcN1hYe" }))),
            json!({ "fault": "id" }),
        ),
        (
            "6",
            "payment_id",
            list(refund(json!({ "payment_id": "pay_other" }))),
            json!({ "fault": "payment_id" }),
        ),
        (
            "6",
            "object",
            list(refund(json!({ "object": "payment" }))),
            json!({ "fault": "object" }),
        ),
        (
            "6",
            "is_live",
            list(refund(json!({ "is_live": true }))),
            json!({ "fault": "is_live" }),
        ),
        (
            "6",
            "currency",
            list(refund(json!({ "currency": "USD" }))),
            json!({ "fault": "currency" }),
        ),
        (
            "6",
            "created_at",
            list(refund(json!({ "created_at": null }))),
            json!({ "fault": "created_at" }),
        ),
    ]
}

#[tokio::test]
async fn refunds_are_read_as_documented() {
    let told = |refunds: &[RemoteRefund]| {
        let first = refunds.first();
        json!({ "count": refunds.len(), "amount": first.map(|one| one.amount.get()),
            "created_at": first.map(|one| one.created_at.as_second()) })
    };
    for row in refunds() {
        let server = Server::json(200, &row.2).await;
        let read = server.client().refunds(&payment_id()).await;
        agrees(
            &row,
            &read.map_or_else(|error| fault(&error), |read| told(&read)),
        );
    }
}

/// § 7.2: a report, asked for and ready.
pub(super) fn reports() -> Vec<Row> {
    let report = |changes: Value| {
        merged(
            json!({ "id": "ar_4WbNz6YkTq1vXhRm8PdLcS", "object": "accounting_report", "is_live": true,
                "temporary_url": null, "file_available_until": null, "start_date": "2026-09-01",
                "end_date": "2026-09-30", "notification_url": null }),
            &changes,
        )
    };
    let not_ready = json!({ "ready": false, "until": null });
    vec![
        ("7.2", "not ready", report(json!({})), not_ready.clone()),
        (
            "7.2",
            "not ready, written otherwise",
            report(json!({ "temporary_url": "" })),
            not_ready,
        ),
        (
            "7.2",
            "ready for a day",
            report(
                json!({ "temporary_url": "http://127.0.0.1:1/r.csv", "file_available_until": 1_790_841_600 }),
            ),
            json!({ "ready": true, "until": 1_790_841_600 }),
        ),
        (
            "7.2",
            "days are days",
            report(json!({})),
            json!({ "from": "2026-09-01", "to": "2026-09-30" }),
        ),
        (
            "7.2",
            "a single day",
            report(json!({ "end_date": "2026-09-01" })),
            json!({ "to": "2026-09-01" }),
        ),
        (
            "7.2",
            "start_date",
            report(json!({ "start_date": 1_790_841_600 })),
            json!({ "fault": "start_date" }),
        ),
        (
            "7.2",
            "is_live",
            report(json!({ "is_live": null })),
            json!({ "fault": "is_live" }),
        ),
        (
            "7.2",
            "object",
            report(json!({ "object": "error" })),
            json!({ "fault": "object" }),
        ),
        (
            "7.2",
            "id",
            report(json!({ "id": "re_4WbNz6YkTq1vXhRm8PdLcS" })),
            json!({ "fault": "id" }),
        ),
    ]
}

#[tokio::test]
async fn reports_are_read_as_documented() {
    let told = |report: &Report| {
        json!({ "ready": report.url.is_some(), "from": report.from.to_string(),
            "to": report.to.to_string(), "until": report.available_until.map(|at| at.as_second()) })
    };
    let id = ReportId::parse("ar_4WbNz6YkTq1vXhRm8PdLcS").unwrap();
    for row in reports() {
        let server = Server::json(200, &row.2).await;
        let read = server.client().report(&id).await;
        agrees(
            &row,
            &read.map_or_else(|error| fault(&error), |read| told(&read)),
        );
    }
}

/// § 7.3 with § 9: an account and its bounds.
pub(super) fn accounts() -> Vec<Row> {
    let account = |path: &str, value: Value| with(&support::account(), path, Some(value));
    let without = |path: &str| with(&support::account(), path, None);
    vec![
        (
            "7.3",
            "bounds of its own",
            support::account(),
            json!({ "min": 30, "max": 1_500_000 }),
        ),
        (
            "7.3",
            "no bounds",
            without("configuration"),
            json!({ "min": 99, "max": 2_000_000, "currencies": ["EUR"] }),
        ),
        (
            "7.3",
            "no least amount",
            without("configuration.min_amounts"),
            json!({ "min": 99, "max": 1_500_000 }),
        ),
        (
            "7.3",
            "bounds null",
            account("configuration.max_amounts", Value::Null),
            json!({ "max": 2_000_000 }),
        ),
        (
            "7.3",
            "bounds of another currency",
            account("configuration.min_amounts", json!({ "CHF": 50 })),
            json!({ "min": 99 }),
        ),
        (
            "7.3",
            "currencies",
            account("configuration.currencies", json!(["EUR", "CHF"])),
            json!({ "currencies": ["EUR", "CHF"] }),
        ),
        (
            "7.3",
            "no euro",
            account("configuration.currencies", json!(["CHF"])),
            json!({ "currencies": ["CHF"] }),
        ),
        (
            "7.3",
            "country",
            account("country", json!("BE")),
            json!({ "country": "BE" }),
        ),
        (
            "7.3",
            "use_live_mode",
            account("permissions.use_live_mode", json!(true)),
            json!({ "live": true }),
        ),
        (
            "7.3",
            "permissions are not told",
            without("permissions"),
            json!({ "live": null }),
        ),
        (
            "7.3",
            "is_live",
            account("is_live", json!(true)),
            json!({ "is_live": true }),
        ),
        (
            "7.3",
            "methods of payment are ignored",
            account("payment_methods", json!({ "bizum": { "enabled": true } })),
            json!({ "min": 30 }),
        ),
        (
            "7.3",
            "an error is no account",
            json!({ "object": "error", "message": "x" }),
            json!({ "fault": "object" }),
        ),
        (
            "7.3",
            "a bound is no decimal",
            account("configuration.min_amounts.EUR", json!(0.3)),
            json!({ "fault": "configuration.min_amounts.EUR" }),
        ),
    ]
}

#[tokio::test]
async fn accounts_are_read_as_documented() {
    let told = |account: &Account| {
        let limits = &account.limits;
        json!({ "is_live": account.is_live, "live": account.permissions.use_live_mode, "country": limits.country,
            "currencies": limits.currencies, "min": limits.min_amount.get(), "max": limits.max_amount.get() })
    };
    for row in accounts() {
        let server = Server::json(200, &row.2).await;
        let read = server.client().account().await;
        agrees(
            &row,
            &read.map_or_else(|error| fault(&error), |read| told(&read)),
        );
    }
}
