//! What went back, as JSON: refunds that were asked for here, chargebacks.

use acquit_app::message::{self, Lang};
use acquit_app::{InvoiceView, RefundWishState};
use acquit_domain::date::paris_iso;
use serde::Serialize;

/// A refund that was asked for here.
#[derive(Debug, Serialize)]
pub(crate) struct RefundWishDocument<'a> {
    id: String,
    amount: String,
    wished_at: String,
    state: &'static str,
    code: Option<&'a str>,
    sentence: Option<String>,
}

/// A chargeback and how it ended.
#[derive(Debug, Serialize)]
pub(crate) struct ChargebackDocument {
    id: String,
    date: String,
    amount: String,
    outcome: Option<&'static str>,
    closed_on: Option<String>,
}

pub(crate) fn refund_wishes(view: &InvoiceView, lang: Lang) -> Vec<RefundWishDocument<'_>> {
    let documents = view.refund_wishes.iter().map(|wish| {
        let code = match &wish.state {
            RefundWishState::Refused { code } => Some(code.as_str()),
            _ => None,
        };
        RefundWishDocument {
            id: wish.id.to_string(),
            amount: wish.amount.decimal(),
            wished_at: paris_iso(wish.wished_at),
            state: wish.state.code(),
            code,
            sentence: code.map(|code| message::refund_refusal(code).in_lang(lang).to_owned()),
        }
    });
    documents.collect()
}

pub(crate) fn chargebacks(view: &InvoiceView) -> Vec<ChargebackDocument> {
    let documents = view.chargebacks.iter().map(|row| ChargebackDocument {
        id: row.chargeback.id.to_string(),
        date: row.chargeback.date.to_string(),
        amount: row.chargeback.amount.decimal(),
        outcome: row.outcome.map(|(outcome, _)| outcome.code()),
        closed_on: row.outcome.map(|(_, date)| date.to_string()),
    });
    documents.collect()
}
