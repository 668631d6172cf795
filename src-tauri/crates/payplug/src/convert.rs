//! Answers into facts of the domain: every field proven, one error per payment.

use std::collections::BTreeMap;

use acquit_domain::Cents;
use acquit_domain::remote::{
    AccountLimits, AccountPermissions, Card, Failure, METADATA_INVOICE, METADATA_LINK,
    METADATA_REFUND, PaymentId, RefundId, RemotePayment, RemoteRefund,
};
use serde_json::{Map, Value};

use crate::address::{URL_MAX_BYTES, accept_payment_url};
use crate::wire::{Fault, Fields};
use crate::{ReportId, ReportUrl, UrlPolicy};
use crate::{address, report::Report};

/// The account behind a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// What the account says of the key's mode.
    pub is_live: bool,
    /// The company's id at PayPlug.
    pub id: Option<String>,
    /// What PayPlug has opened for it.
    pub permissions: AccountPermissions,
    /// Its bounds.
    pub limits: AccountLimits,
}

/// One page of payments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentPage {
    /// The payments, as PayPlug orders them (newest first); one that cannot be read spoils no
    /// other.
    pub payments: Vec<Result<RemotePayment, Misread>>,
    /// Whether another page follows.
    pub has_more: bool,
}

/// A payment of a page that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// Its id, where at least that could be.
    pub id: Option<PaymentId>,
    /// The field at fault.
    pub field: &'static str,
}

type Object = Map<String, Value>;

/// Longest text of which only a label is made.
const LABEL_MAX: usize = 100;
/// Most pairs, and longest key and value, of the `metadata` of anybody's payment.
const METADATA_PAIRS_MAX: usize = 100;
const METADATA_TEXT_MAX: usize = 1_000;

/// Keys that we send: what comes back under them must be a text.
const OURS: [&str; 3] = [METADATA_LINK, METADATA_INVOICE, METADATA_REFUND];

/// A payment. Whether it is the one that was asked for is for the domain to decide; a page address
/// that the policy does not accept is left out, because a payment must settle even so.
pub(crate) fn payment(object: &Object, policy: UrlPolicy) -> Result<RemotePayment, Fault> {
    let fields = Fields(object);
    fields.is_a("payment")?;
    let hosted = fields.object("hosted_payment")?;
    let hosted_paid_at = match hosted {
        Some(hosted) => hosted.optional_instant("hosted_payment.paid_at")?,
        None => None,
    };
    let amount = fields.cents("amount")?;
    let amount_refunded = fields.cents("amount_refunded")?;
    Ok(RemotePayment {
        id: payment_id(fields, "id")?,
        is_live: fields.boolean("is_live")?,
        amount,
        currency: currency(fields)?,
        created_at: fields.instant("created_at")?,
        is_paid: fields.boolean("is_paid")?,
        paid_at: fields.optional_instant("paid_at")?.or(hosted_paid_at),
        amount_refunded,
        failure: failure(fields)?,
        card: card(fields)?,
        metadata: metadata(fields)?,
        description: description(object),
        payment_url: payment_url(hosted, policy)?,
        refundable_after: fields.optional_instant("refundable_after")?,
        refundable_until: fields.optional_instant("refundable_until")?,
    })
}

/// What the payer was shown, cut like a label. Anybody's payment may say anything here, and nothing
/// depends on it: what is no plain text is no reason to refuse a payment.
fn description(object: &Object) -> Option<String> {
    let text = object.get("description")?.as_str()?;
    let plain: String = text
        .chars()
        .filter(|sign| !sign.is_control())
        .take(LABEL_MAX)
        .collect();
    (!plain.trim().is_empty()).then_some(plain)
}

fn payment_id(fields: Fields<'_>, path: Fault) -> Result<PaymentId, Fault> {
    PaymentId::parse(fields.text(path, LABEL_MAX)?).ok_or(path)
}

fn currency(fields: Fields<'_>) -> Result<String, Fault> {
    let code = fields.text("currency", 3)?;
    let valid = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if valid {
        Ok(code.to_owned())
    } else {
        Err("currency")
    }
}

fn payment_url(hosted: Option<Fields<'_>>, policy: UrlPolicy) -> Result<Option<String>, Fault> {
    let Some(hosted) = hosted else {
        return Ok(None);
    };
    let url = hosted.optional_text("hosted_payment.payment_url", URL_MAX_BYTES)?;
    Ok(url.and_then(|url| accept_payment_url(url, policy).ok()))
}

/// Longest failure code; the longest that is documented has 51 characters.
const FAILURE_CODE_MAX: usize = 80;

fn failure(fields: Fields<'_>) -> Result<Option<Failure>, Fault> {
    let Some(failure) = fields.object("failure")? else {
        return Ok(None);
    };
    let code = failure.text("failure.code", FAILURE_CODE_MAX)?;
    let valid = code
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if valid {
        Ok(Some(Failure {
            code: code.to_owned(),
        }))
    } else {
        Err("failure.code")
    }
}

/// An object full of nulls before the payment is no card.
fn card(fields: Fields<'_>) -> Result<Option<Card>, Fault> {
    let Some(card) = fields.object("card")? else {
        return Ok(None);
    };
    let brand = card
        .optional_text("card.brand", LABEL_MAX)?
        .map(str::to_owned);
    let last4 = card.optional_text("card.last4", 4)?.map(str::to_owned);
    let is_last4 =
        |text: &String| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if last4.as_ref().is_some_and(|text| !is_last4(text)) {
        return Err("card.last4");
    }
    let known = brand.is_some() || last4.is_some();
    Ok(known.then_some(Card { brand, last4 }))
}

/// Other programs on the same account write what they like, so only our own two keys must be texts;
/// what is no text, number or boolean is left out.
fn metadata(fields: Fields<'_>) -> Result<BTreeMap<String, String>, Fault> {
    let Some(Fields(pairs)) = fields.object("metadata")? else {
        return Ok(BTreeMap::new());
    };
    if pairs.len() > METADATA_PAIRS_MAX {
        return Err("metadata");
    }
    let mut known = BTreeMap::new();
    for (key, value) in pairs {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Null => continue,
            _ if OURS.contains(&key.as_str()) => return Err("metadata"),
            Value::Number(number) => number.to_string(),
            Value::Bool(boolean) => boolean.to_string(),
            Value::Array(_) | Value::Object(_) => continue,
        };
        if key.chars().count() > METADATA_TEXT_MAX || text.chars().count() > METADATA_TEXT_MAX {
            return Err("metadata");
        }
        known.insert(key.clone(), text);
    }
    Ok(known)
}

/// A page of payments. New answers say `has_more`; old ones a `count` that is the total or the
/// length of the page (reference § 4.6), and then a full page has another one behind it.
pub(crate) fn payment_page(
    object: &Object,
    policy: UrlPolicy,
    page: u32,
    asked_per_page: u32,
) -> Result<PaymentPage, Fault> {
    let (items, has_more) = list(object, page, asked_per_page)?;
    let payments = items
        .iter()
        .map(|item| listed_payment(item, policy))
        .collect();
    Ok(PaymentPage { payments, has_more })
}

fn listed_payment(item: &Value, policy: UrlPolicy) -> Result<RemotePayment, Misread> {
    let Some(object) = item.as_object() else {
        return Err(Misread {
            id: None,
            field: "data",
        });
    };
    payment(object, policy).map_err(|field| Misread {
        id: payment_id(Fields(object), "id").ok(),
        field,
    })
}

/// The items of a list, and whether a page follows.
pub(crate) fn list(
    object: &Object,
    page: u32,
    asked_per_page: u32,
) -> Result<(&[Value], bool), Fault> {
    let fields = Fields(object);
    fields.is_a("list")?;
    let items = fields.list("data")?;
    let length = items.len() as u64;
    let has_more = match fields.optional_boolean("has_more")? {
        // A page that is empty and yet not the last would be asked for without end.
        Some(true) if items.is_empty() => return Err("has_more"),
        Some(has_more) => has_more,
        None => {
            // PayPlug may give shorter pages than asked for: its own length counts.
            let per_page = fields
                .count("per_page")?
                .unwrap_or_else(|| asked_per_page.into());
            let seen = u64::from(page)
                .saturating_mul(per_page)
                .saturating_add(length);
            let total = fields.count("count")?.unwrap_or(0);
            length > 0 && (length >= per_page || seen < total)
        }
    };
    Ok((items, has_more))
}

/// A refund of `of`, made with a key of the same mode.
pub(crate) fn refund(
    object: &Object,
    of: &PaymentId,
    is_live: bool,
) -> Result<RemoteRefund, Fault> {
    let fields = Fields(object);
    fields.is_a("refund")?;
    let payment = payment_id(fields, "payment_id")?;
    if payment != *of {
        return Err("payment_id");
    }
    if fields.boolean("is_live")? != is_live {
        return Err("is_live");
    }
    // The domain counts euros: a refund in anything else must not become one.
    if currency(fields)? != "EUR" {
        return Err("currency");
    }
    let amount = fields.cents("amount")?;
    if !amount.is_positive() {
        return Err("amount");
    }
    Ok(RemoteRefund {
        id: RefundId::parse(fields.text("id", LABEL_MAX)?).ok_or("id")?,
        payment,
        amount,
        created_at: fields.instant("created_at")?,
        metadata: metadata(fields)?,
    })
}

pub(crate) fn account(object: &Object) -> Result<Account, Fault> {
    let fields = Fields(object);
    fields.is_a("account")?;
    let country = fields.text("country", 2)?;
    if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err("country");
    }
    let permissions = match fields.object("permissions")? {
        Some(permissions) => account_permissions(permissions)?,
        None => AccountPermissions::default(),
    };
    Ok(Account {
        is_live: fields.boolean("is_live")?,
        id: fields.optional_text("id", LABEL_MAX)?.map(str::to_owned),
        permissions,
        limits: limits(fields, country)?,
    })
}

fn account_permissions(fields: Fields<'_>) -> Result<AccountPermissions, Fault> {
    let allowed = |path| fields.optional_boolean(path);
    Ok(AccountPermissions {
        use_live_mode: allowed("permissions.use_live_mode")?,
        can_save_cards: allowed("permissions.can_save_cards")?,
        can_use_oney: allowed("permissions.can_use_oney")?,
        can_create_installment_plan: allowed("permissions.can_create_installment_plan")?,
        can_create_deferred_payment: allowed("permissions.can_create_deferred_payment")?,
        can_use_integrated_payments: allowed("permissions.can_use_integrated_payments")?,
    })
}

fn limits(fields: Fields<'_>, country: &str) -> Result<AccountLimits, Fault> {
    let mut limits = AccountLimits {
        country: country.to_owned(),
        currencies: vec!["EUR".to_owned()],
        min_amount: AccountLimits::MIN_AMOUNT_DEFAULT,
        max_amount: AccountLimits::MAX_AMOUNT_DEFAULT,
    };
    let Some(configuration) = fields.object("configuration")? else {
        return Ok(limits);
    };
    if configuration
        .0
        .get("currencies")
        .is_some_and(|listed| !listed.is_null())
    {
        limits.currencies = currencies(configuration.list("configuration.currencies")?)?;
    }
    if let Some(least) = bound(
        configuration,
        "configuration.min_amounts",
        "configuration.min_amounts.EUR",
    )? {
        limits.min_amount = least;
    }
    if let Some(most) = bound(
        configuration,
        "configuration.max_amounts",
        "configuration.max_amounts.EUR",
    )? {
        limits.max_amount = most;
    }
    if limits.min_amount > limits.max_amount {
        return Err("configuration.max_amounts.EUR");
    }
    Ok(limits)
}

fn bound(configuration: Fields<'_>, amounts: Fault, euros: Fault) -> Result<Option<Cents>, Fault> {
    configuration
        .object(amounts)?
        .map_or(Ok(None), |amounts| amounts.optional_cents(euros))
}

fn currencies(listed: &[Value]) -> Result<Vec<String>, Fault> {
    let is_code =
        |code: &&str| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    let codes: Option<Vec<String>> = listed
        .iter()
        .map(|code| code.as_str().filter(is_code).map(str::to_owned))
        .collect();
    codes
        .filter(|codes| codes.len() <= 300)
        .ok_or("configuration.currencies")
}

/// An accounting report.
pub(crate) fn report(object: &Object, policy: UrlPolicy) -> Result<Report, Fault> {
    let fields = Fields(object);
    fields.is_a("accounting_report")?;
    let date = |path| fields.text(path, 10)?.parse().map_err(|_| path);
    // Empty until the file is ready, as `null` is (reference § 7.2).
    let url = match object.get("temporary_url") {
        Some(Value::String(text)) if text.is_empty() => None,
        _ => fields.optional_text("temporary_url", address::REPORT_URL_MAX_BYTES)?,
    };
    Ok(Report {
        id: ReportId::parse(fields.text("id", LABEL_MAX)?).ok_or("id")?,
        is_live: fields.boolean("is_live")?,
        from: date("start_date")?,
        to: date("end_date")?,
        url: url
            .map(|url| ReportUrl::accept(url, policy).map_err(|_| "temporary_url"))
            .transpose()?,
        available_until: fields.optional_instant("file_available_until")?,
    })
}
