//! Objects as the API writes them (reference § 4.4, § 6, § 7, § 13).

use serde_json::{Value, json};

use crate::Options;
use crate::address::{billing_json, customer_json, shipping_json};
use crate::model::{Mode, Outcome, Payment, Refund, Report};

/// Which form of the payer's data the caller's `PayPlug-Version` gives (reference § 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// No header, or one before 2019-06-14: `customer`.
    Legacy,
    /// `billing` and `shipping`.
    Current,
}

impl Version {
    /// Dates in ISO form compare as text.
    pub(crate) fn of(header: Option<&str>) -> Version {
        match header {
            Some(date) if date >= "2019-06-14" => Version::Current,
            _ => Version::Legacy,
        }
    }
}

/// The page's address: base + `/pay/` (`/pay/test/` in test mode) + the id without `pay_` + the
/// page's token.
pub(crate) fn payment_url(base_url: &str, payment: &Payment) -> String {
    let folder = if payment.mode.is_live() {
        "pay"
    } else {
        "pay/test"
    };
    format!("{base_url}/{folder}/{}?t={}", payment.tail(), payment.token)
}

/// A payment (§ 4.4).
pub(crate) fn payment(
    payment: &Payment,
    base_url: &str,
    options: &Options,
    version: Version,
) -> Value {
    let asked = &payment.asked;
    let refunded = payment.amount_refunded();
    let (paid_at, is_3ds) = match payment.outcome {
        Outcome::Paid { at, is_3ds, .. } => (Some(at), Some(is_3ds)),
        _ => (None, None),
    };
    let window_seconds = i64::from(options.refund_window_days) * 86_400;
    let mut value = json!({
        "id": payment.id,
        "object": "payment",
        "is_live": payment.told_mode.unwrap_or(payment.mode).is_live(),
        "amount": asked.amount,
        "amount_refunded": refunded,
        "currency": "EUR",
        "created_at": payment.created_at,
        "description": asked.description,
        "is_paid": paid_at.is_some(),
        "paid_at": paid_at,
        "is_refunded": paid_at.is_some() && refunded == asked.amount,
        "is_3ds": is_3ds,
        "save_card": false,
        "card": card(payment),
        "hosted_payment": {
            "payment_url": payment_url(base_url, payment),
            "return_url": asked.hosted.return_url,
            "cancel_url": asked.hosted.cancel_url,
            "paid_at": paid_at,
            "sent_by": asked.hosted.sent_by,
        },
        "notification": { "url": asked.notification_url, "response_code": null },
        "metadata": asked.metadata,
        "failure": failure(payment),
        "installment_plan_id": null,
        "authorization": null,
        "refundable_after": paid_at,
        "refundable_until": paid_at.map(|at| at.saturating_add(window_seconds)),
        "integration": null,
    });
    match version {
        Version::Current => {
            value["billing"] = billing_json(&asked.billing);
            value["shipping"] = shipping_json(&asked.shipping);
        }
        Version::Legacy => value["customer"] = customer_json(&asked.billing),
    }
    value
}

fn card(payment: &Payment) -> Value {
    match payment.outcome {
        Outcome::Paid { card, .. } => json!({
            "last4": card.card.last4(),
            "country": "FR",
            "exp_year": card.expiry.year,
            "exp_month": card.expiry.month,
            "brand": card.card.brand,
            "id": null,
            "metadata": null,
        }),
        _ => json!({
            "last4": null,
            "country": null,
            "exp_year": null,
            "exp_month": null,
            "brand": null,
            "id": null,
            "metadata": null,
        }),
    }
}

fn failure(payment: &Payment) -> Value {
    match payment.outcome {
        Outcome::Failed(failure) => json!({ "code": failure.code, "message": failure.message }),
        _ => Value::Null,
    }
}

/// A refund (§ 6).
pub(crate) fn refund(refund: &Refund, of: &Payment) -> Value {
    json!({
        "id": refund.id,
        "payment_id": of.id,
        "object": "refund",
        "is_live": of.mode.is_live(),
        "amount": refund.amount,
        "currency": "EUR",
        "created_at": refund.created_at,
        "metadata": refund.metadata,
    })
}

/// The envelope of a list (§ 4.6): `type` for clients of older fixtures.
pub(crate) fn list(data: Vec<Value>, page: usize, per_page: usize, has_more: bool) -> Value {
    json!({
        "object": "list",
        "type": "list",
        "page": page,
        "per_page": per_page,
        "has_more": has_more,
        "data": data,
    })
}

/// An accounting report (§ 7.2).
pub(crate) fn report(report: &Report, base_url: &str) -> Value {
    let file = report.file.as_ref();
    let temporary_url =
        file.map(|_| format!("{base_url}/reports/{}.csv?t={}", report.id, report.token));
    json!({
        "id": report.id,
        "object": "accounting_report",
        "is_live": report.mode.is_live(),
        "temporary_url": temporary_url,
        "file_available_until": file.map(|file| file.available_until),
        "start_date": report.first_day.to_string(),
        "end_date": report.last_day.to_string(),
        "notification_url": report.notification_url,
    })
}

/// The company's account (§ 7.3).
pub(crate) fn account(mode: Mode, company: &str, options: &Options) -> Value {
    json!({
        "is_live": mode.is_live(),
        "object": "account",
        "id": company,
        "country": "FR",
        "configuration": {
            "currencies": ["EUR"],
            "min_amounts": { "EUR": options.min_amount },
            "max_amounts": { "EUR": options.max_amount },
            "oney": {
                "allowed_countries": [],
                "min_amounts": { "EUR": 10_000 },
                "max_amounts": { "EUR": 300_000 },
            },
        },
        "permissions": {
            "use_live_mode": true,
            "can_save_cards": false,
            "can_use_oney": false,
            "can_create_installment_plan": false,
            "can_create_deferred_payment": false,
            "can_use_integrated_payments": false,
        },
        "payment_methods": {},
    })
}
