//! Overpayments, small differences and deposit slips as people type them.

use acquit_domain::adjustment::Adjustment;
use acquit_domain::id::ReceiptId;
use acquit_domain::receipt::PaymentMeans;
use acquit_domain::{Cents, Rule};
use jiff::civil::Date;

use super::Errors;
use super::text::{date, number};
use crate::dto::{AdjustmentForm, FieldError, SlipForm};

/// A decision that could be read.
pub(crate) struct ReadAdjustment {
    /// What is decided.
    pub(crate) adjustment: Adjustment,
    /// How much.
    pub(crate) amount: Cents,
    /// Day; today when none.
    pub(crate) on: Option<Date>,
}

/// Reads a decision.
pub(crate) fn adjustment(
    form: &AdjustmentForm,
    today: Date,
) -> Result<ReadAdjustment, Vec<FieldError>> {
    let mut errors = Errors::default();
    let amount = if form.amount.trim().is_empty() {
        Err(Rule::Empty)
    } else {
        Cents::parse(&number(&form.amount))
    };
    let amount = errors.take("amount", amount);
    let adjustment = match form.choice.as_str() {
        "returned" => {
            let means = means(&form.means).ok_or(Rule::UnknownChoice);
            errors
                .take("means", means)
                .map(|means| Adjustment::Returned { means })
        }
        "kept" => Some(Adjustment::Kept),
        "set_off" => {
            let target = form.target.parse().map_err(|_| Rule::Empty);
            errors
                .take("target", target)
                .map(|target| Adjustment::SetOff { target })
        }
        "missing" => Some(Adjustment::Missing),
        "too_much" => Some(Adjustment::TooMuch),
        _ => errors.take("choice", Err(Rule::UnknownChoice)),
    };
    let on = errors.optional("date", &form.date, |typed| date(typed, today));
    let read = (|| {
        Some(ReadAdjustment {
            adjustment: adjustment?,
            amount: amount?,
            on,
        })
    })();
    errors.judge(read)
}

/// A means that money goes back by; never PayPlug, whose refunds have a way of their own.
fn means(word: &str) -> Option<PaymentMeans> {
    let mut means = PaymentMeans::ALL.into_iter();
    means.find(|means| means.code() == word && *means != PaymentMeans::CardPayplug)
}

/// Reads a deposit slip: the receipts of its cheques, and the day.
pub(crate) fn slip(
    form: &SlipForm,
    today: Date,
) -> Result<(Vec<ReceiptId>, Option<Date>), Vec<FieldError>> {
    let mut errors = Errors::default();
    let receipts: Result<Vec<ReceiptId>, Rule> = form
        .receipts
        .iter()
        .map(|id| id.parse().map_err(|_| Rule::NoCheque))
        .collect();
    let receipts = errors.take("receipts", receipts);
    let on = errors.optional("date", &form.date, |typed| date(typed, today));
    let read = receipts.map(|receipts| (receipts, on));
    errors.judge(read)
}
