//! `invoice add`, `finalise`, `show`, `cancel`, `list`, `pdf`, `refund`, `credit`, `chargeback`,
//! `chargeback-close`, `decide`.

use std::path::Path;

use acquit_app::{Asked, InvoiceFilter, InvoiceView, NewChargeback};
use acquit_domain::given_back::Choice;
use acquit_domain::receipt::{ChargebackOutcome, Status};
use jiff::civil::Date;
use serde::Serialize;

use super::open;
use crate::arguments::{Data, Invoice, Which};
use crate::error::Error;
use crate::output::invoice::invoice;
use crate::output::{Answer, Form, sha256, text, write_file};
use crate::{input, words};

/// Runs a command on invoices.
pub(super) async fn run(command: Invoice, form: Form) -> Result<Answer, Error> {
    match command {
        Invoice::Add { data, file } => add(&data, &file, form),
        Invoice::Finalise(which) => {
            let acquit = open(&which.data)?;
            Ok(shown(&acquit.finalise(acquit.resolve(&which.id)?)?, form))
        }
        Invoice::Show(which) => {
            let acquit = open(&which.data)?;
            Ok(shown(&acquit.invoice(acquit.resolve(&which.id)?)?, form))
        }
        Invoice::Cancel(which) => {
            let acquit = open(&which.data)?;
            Ok(shown(
                &acquit.cancel(acquit.resolve(&which.id)?).await?,
                form,
            ))
        }
        Invoice::List {
            data,
            status,
            limit,
            after,
        } => list(&data, status, limit, after.as_deref(), form),
        Invoice::Pdf { which, output } => pdf(&which, &output, form).await,
        Invoice::Refund {
            which,
            withdraw: true,
            ..
        } => withdraw_refund(&which, form),
        Invoice::Refund { which, amount, .. } => {
            let acquit = open(&which.data)?;
            Ok(shown(
                &acquit.refund(acquit.resolve(&which.id)?, amount).await?,
                form,
            ))
        }
        Invoice::Credit { which, amount } => {
            let acquit = open(&which.data)?;
            let note = acquit.credit(acquit.resolve(&which.id)?, amount).await?;
            Ok(shown(&note, form))
        }
        Invoice::Chargeback {
            which,
            payment,
            amount,
            date,
        } => {
            let acquit = open(&which.data)?;
            let new = NewChargeback {
                payment,
                amount,
                date,
            };
            let view = acquit.record_chargeback(acquit.resolve(&which.id)?, new)?;
            Ok(shown(&view, form))
        }
        Invoice::ChargebackClose {
            which,
            outcome,
            date,
        } => close_chargeback(&which, outcome, date, form),
        Invoice::Decide { which, choice } => decide(&which, choice, form),
    }
}

/// What becomes of money that went back.
fn decide(which: &Which, choice: Choice, form: Form) -> Result<Answer, Error> {
    let acquit = open(&which.data)?;
    let id = acquit.resolve(&which.id)?;
    let view = match choice {
        Choice::CollectAgain => acquit.collect_again(id)?,
        Choice::Credit => acquit.credit_given_back(id)?,
        Choice::WriteOff => acquit.write_off_lost(id)?,
    };
    Ok(shown(&view, form))
}

/// An invoice as the answer of a command.
pub(super) fn shown(view: &InvoiceView, form: Form) -> Answer {
    Answer::new(form, &invoice(view, form.lang), || {
        text::invoice(view, form.lang)
    })
}

/// Takes back the refund that is under way; the service says why where it cannot be.
fn withdraw_refund(which: &Which, form: Form) -> Result<Answer, Error> {
    let acquit = open(&which.data)?;
    let id = acquit.resolve(&which.id)?;
    let wishes = acquit.invoice(id)?.refund_wishes;
    let wish = wishes
        .iter()
        .rfind(|wish| wish.state.is_open())
        .ok_or(acquit_app::Error::RefundLeft)?;
    Ok(shown(&acquit.withdraw_refund(id, wish.id)?, form))
}

/// Closes the oldest dispute that is open; without one, the service says why not.
fn close_chargeback(
    which: &Which,
    outcome: ChargebackOutcome,
    date: Option<Date>,
    form: Form,
) -> Result<Answer, Error> {
    let acquit = open(&which.data)?;
    let id = acquit.resolve(&which.id)?;
    let chargebacks = acquit.invoice(id)?.chargebacks;
    let found = chargebacks
        .iter()
        .find(|one| one.outcome.is_none())
        .or(chargebacks.last())
        .ok_or(acquit_app::Error::UnknownChargeback)?;
    let view = acquit.close_chargeback(id, found.chargeback.id, outcome, date)?;
    Ok(shown(&view, form))
}

fn add(data: &Data, file: &Path, form: Form) -> Result<Answer, Error> {
    let acquit = open(data)?;
    let draft = input::invoice(file, acquit.company()?.franchise)?;
    Ok(shown(&acquit.add_invoice(draft)?, form))
}

fn list(
    data: &Data,
    status: Option<Status>,
    limit: u32,
    after: Option<&str>,
    form: Form,
) -> Result<Answer, Error> {
    let acquit = open(data)?;
    let after = after.map(|id| acquit.resolve(id)).transpose()?;
    let views = acquit.invoices(&InvoiceFilter {
        asked: status.map_or(Asked::All, Asked::Status),
        limit,
        after,
        ..InvoiceFilter::default()
    })?;
    let documents: Vec<_> = views.iter().map(|view| invoice(view, form.lang)).collect();
    Ok(Answer::new(form, &documents, || {
        views
            .iter()
            .map(|view| text::row(view, form.lang))
            .collect::<Vec<_>>()
            .join("\n")
    }))
}

async fn pdf(which: &Which, output: &Path, form: Form) -> Result<Answer, Error> {
    #[derive(Serialize)]
    struct Document {
        file: String,
        sha256: String,
    }
    let acquit = open(&which.data)?;
    let bytes = acquit.pdf(acquit.resolve(&which.id)?).await?;
    write_file(output, &bytes)?;
    let document = Document {
        file: output.display().to_string(),
        sha256: sha256(&bytes),
    };
    Ok(Answer::new(form, &document, || {
        format!(
            "{} {}",
            words::pick(form.lang, "PDF écrit :", "PDF written:"),
            document.file
        )
    }))
}
