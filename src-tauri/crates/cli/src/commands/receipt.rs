//! `receipt`: what came by other ways than PayPlug, overpayments and small differences, cheques for the bank.

use acquit_app::{Acquit, NewReceipt};
use acquit_domain::Cents;
use acquit_domain::adjustment::Adjustment;
use acquit_domain::receipt::PaymentMeans;

use super::invoice::shown;
use super::open;
use crate::arguments::{Data, Decision, Receipt};
use crate::error::Error;
use crate::output::settling::{ChequesDocument, SlipDocument, cheques_text, slip_text};
use crate::output::{Answer, Form};
use crate::usage::{missing, needless};

/// Runs a command on receipts.
pub(super) async fn run(command: Receipt, form: Form) -> Result<Answer, Error> {
    match command {
        Receipt::Add {
            which,
            amount,
            means,
            date,
            overpayment,
        } => {
            let acquit = open(&which.data)?;
            let receipt = NewReceipt {
                amount,
                means,
                date,
                overpayment,
            };
            let view = acquit
                .add_receipt(acquit.resolve(&which.id)?, receipt)
                .await?;
            shown(&acquit, &view, form)
        }
        Receipt::Adjust {
            which,
            decision,
            amount,
            means,
            target,
            date,
        } => {
            let acquit = open(&which.data)?;
            let adjustment = adjustment(&acquit, decision, means, target.as_deref())?;
            let id = acquit.resolve(&which.id)?;
            let view = acquit.adjust(id, adjustment, amount, date).await?;
            shown(&acquit, &view, form)
        }
        Receipt::Cheques { data } => cheques(&data, form),
        Receipt::Deposit {
            data,
            receipts,
            reference,
            date,
        } => {
            let slip = open(&data)?.deposit_cheques(&reference, &receipts, date)?;
            Ok(Answer::new(form, &SlipDocument::from(&slip), || {
                slip_text(&slip, form.lang)
            }))
        }
    }
}

/// The decision with what it needs, and nothing that it does not.
fn adjustment(
    acquit: &Acquit,
    decision: Decision,
    means: Option<PaymentMeans>,
    target: Option<&str>,
) -> Result<Adjustment, Error> {
    if means.is_some() && decision != Decision::Returned {
        return Err(needless("--means"));
    }
    if target.is_some() && decision != Decision::SetOff {
        return Err(needless("--target"));
    }
    Ok(match decision {
        Decision::Returned => Adjustment::Returned {
            means: means.ok_or_else(|| missing("--means"))?,
        },
        Decision::Kept => Adjustment::Kept,
        Decision::SetOff => Adjustment::SetOff {
            target: acquit.resolve(target.ok_or_else(|| missing("--target"))?)?,
        },
        Decision::Missing => Adjustment::Missing,
        Decision::TooMuch => Adjustment::TooMuch,
    })
}

fn cheques(data: &Data, form: Form) -> Result<Answer, Error> {
    let cheques = open(data)?.cheques_to_deposit()?;
    let total: Cents = cheques.iter().map(|cheque| cheque.amount).sum();
    Ok(Answer::new(
        form,
        &ChequesDocument::new(&cheques, total),
        || cheques_text(&cheques, total, form.lang),
    ))
}
