//! `invoice add`, `finalise`, `show`, `cancel`, `duplicate`, `correct`, `next`, `final`, `list`, `pdf`, `xml`,
//! `renditions`, `release`, `send`, `refund`, `credit`, `chargeback`, `chargeback-close`, `decide`.

use std::path::Path;

use acquit_app::{
    Acquit, Asked, InvoiceFilter, InvoiceView, MailState, MailView, NewChargeback, Sha256Hex, Way,
};
use acquit_domain::given_back::Choice;
use acquit_domain::id::InvoiceId;
use acquit_domain::receipt::{ChargebackOutcome, Status};
use jiff::civil::Date;

use super::{open, written_pdf, written_xml};
use crate::arguments::{Addresses, Data, Invoice, Which};
use crate::error::Error;
use crate::input;
use crate::output::invoice::invoice;
use crate::output::retention::{rendition, rendition_text};
use crate::output::{Answer, Form, mail, text};
use crate::words::pick;

/// Runs a command on invoices.
pub(super) async fn run(command: Invoice, form: Form) -> Result<Answer, Error> {
    match command {
        Invoice::Add { data, file } => add(&data, &file, form),
        Invoice::Finalise(which) => finalise(&which, form).await,
        Invoice::Show(which) => found(&which, form, |_, id| Ok(id)),
        Invoice::Cancel(which) => cancel(&which, form).await,
        Invoice::Duplicate(which) => found(&which, form, Acquit::duplicate),
        Invoice::Next(which) => found(&which, form, Acquit::next_situation),
        Invoice::Final(which) => found(&which, form, Acquit::final_invoice),
        Invoice::Correct(which) => correct(&which, form).await,
        Invoice::List {
            data,
            status,
            limit,
            after,
        } => list(&data, status, limit, after.as_deref(), form),
        Invoice::Pdf {
            which,
            output,
            rendition: Some(sha256),
            ..
        } => left_before(&which, &sha256, &output, form),
        Invoice::Pdf {
            which,
            output,
            duplicate,
            ..
        } => pdf(&which, duplicate, &output, form).await,
        Invoice::Renditions(which) => renditions(&which, form),
        Invoice::Release { which, date } => release(&which, date, form),
        Invoice::Xml { which, output } => xml(&which, &output, form),
        Invoice::Send { which, to } => send(&which, to, form).await,
        Invoice::Refund {
            which,
            withdraw: true,
            ..
        } => withdraw_refund(&which, form),
        Invoice::Refund { which, amount, .. } => {
            let acquit = open(&which.data)?;
            let view = acquit.refund(acquit.resolve(&which.id)?, amount).await?;
            shown(&acquit, &view, form)
        }
        Invoice::Credit { which, amount } => {
            let acquit = open(&which.data)?;
            let note = acquit.credit(acquit.resolve(&which.id)?, amount).await?;
            shown(&acquit, &note, form)
        }
        Invoice::Chargeback {
            which,
            payment,
            amount,
            date,
        } => {
            let new = NewChargeback {
                payment,
                amount,
                date,
            };
            record_chargeback(&which, new, form)
        }
        Invoice::ChargebackClose {
            which,
            outcome,
            date,
        } => close_chargeback(&which, outcome, date, form),
        Invoice::Decide { which, choice } => decide(&which, choice, form),
    }
}

async fn finalise(which: &Which, form: Form) -> Result<Answer, Error> {
    let acquit = open(&which.data)?;
    let view = acquit.issue(acquit.resolve(&which.id)?).await?;
    shown(&acquit, &view, form)
}

async fn cancel(which: &Which, form: Form) -> Result<Answer, Error> {
    let acquit = open(&which.data)?;
    let note = acquit.cancel(acquit.resolve(&which.id)?).await?;
    shown(&acquit, &note, form)
}

async fn correct(which: &Which, form: Form) -> Result<Answer, Error> {
    let acquit = open(&which.data)?;
    let draft = acquit.correct(acquit.resolve(&which.id)?).await?;
    shown(&acquit, &acquit.invoice(draft)?, form)
}

/// An invoice, or a draft made from it.
fn found(
    which: &Which,
    form: Form,
    make: impl FnOnce(&Acquit, InvoiceId) -> Result<InvoiceId, acquit_app::Error>,
) -> Result<Answer, Error> {
    let acquit = open(&which.data)?;
    let id = make(&acquit, acquit.resolve(&which.id)?)?;
    shown(&acquit, &acquit.invoice(id)?, form)
}

fn record_chargeback(which: &Which, new: NewChargeback, form: Form) -> Result<Answer, Error> {
    let acquit = open(&which.data)?;
    let view = acquit.record_chargeback(acquit.resolve(&which.id)?, new)?;
    shown(&acquit, &view, form)
}

/// What was held back is due.
fn release(which: &Which, date: Option<Date>, form: Form) -> Result<Answer, Error> {
    let acquit = open(&which.data)?;
    let view = acquit.release_retention(acquit.resolve(&which.id)?, date)?;
    shown(&acquit, &view, form)
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
    shown(&acquit, &view, form)
}

/// An invoice as the answer of a command.
pub(super) fn shown(acquit: &Acquit, view: &InvoiceView, form: Form) -> Result<Answer, Error> {
    let mails = mails_of(acquit, view.id)?;
    Ok(Answer::new(form, &invoice(view, &mails, form.lang), || {
        text::invoice(view, &mails, form.lang)
    }))
}

/// The mails of an invoice, newest first; those that wait as they would leave now.
fn mails_of(acquit: &Acquit, id: InvoiceId) -> Result<Vec<MailView>, Error> {
    let mails = acquit.mails_of(id)?.into_iter().map(|view| {
        if view.shown.is_some() {
            return view;
        }
        acquit.mail(view.mail.id).unwrap_or(view)
    });
    Ok(mails.collect())
}

/// Writes a mail and sends what waits. A mail that goes on waiting is no failure.
async fn send(which: &Which, to: Option<Addresses>, form: Form) -> Result<Answer, Error> {
    let acquit = open(&which.data)?;
    let id = acquit.resolve(&which.id)?;
    let mut new = acquit.compose(id)?.mail;
    if let Some(Addresses(to)) = to {
        new.recipients.to = to;
    }
    let written = acquit.queue_mail(new)?;
    acquit.post_all().await?;
    let state = acquit.mail(written)?.mail.state;
    let remarks = match &state {
        MailState::Sent | MailState::Elsewhere => Vec::new(),
        MailState::Queued { .. } | MailState::HandingOver => vec![waits(&state, form)],
        MailState::Refused(_) | MailState::Unclear | MailState::Withdrawn => {
            let trouble = mail::trouble(&state).ok_or(acquit_app::Error::MailLeft)?;
            return Err(Error::NotMailed(trouble));
        }
    };
    Ok(shown(&acquit, &acquit.invoice(id)?, form)?.with_remarks(remarks))
}

/// Why a mail waits: without a reason of its own, another program is sending.
fn waits(state: &MailState, form: Form) -> String {
    mail::sentence(state).map_or_else(
        || {
            pick(
                form.lang,
                "Un autre programme envoie des e-mails en ce moment : celui-ci est gardé et part au prochain envoi.",
                "Another program is sending mails right now: this one is kept and leaves with the next.",
            )
            .to_owned()
        },
        |sentence| sentence.in_lang(form.lang).to_owned(),
    )
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
    shown(&acquit, &acquit.withdraw_refund(id, wish.id)?, form)
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
    shown(&acquit, &view, form)
}

fn add(data: &Data, file: &Path, form: Form) -> Result<Answer, Error> {
    let acquit = open(data)?;
    let draft = input::invoice(file, acquit.company()?.franchise)?;
    shown(&acquit, &acquit.add_invoice(draft)?, form)
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
    let mails = views.iter().map(|view| mails_of(&acquit, view.id));
    let mails = mails.collect::<Result<Vec<_>, Error>>()?;
    let documents: Vec<_> = views
        .iter()
        .zip(&mails)
        .map(|(view, mails)| invoice(view, mails, form.lang))
        .collect();
    Ok(Answer::new(form, &documents, || {
        views
            .iter()
            .map(|view| text::row(view, form.lang))
            .collect::<Vec<_>>()
            .join("\n")
    }))
}

async fn pdf(which: &Which, duplicate: bool, output: &Path, form: Form) -> Result<Answer, Error> {
    let acquit = open(&which.data)?;
    let printed = acquit
        .printed(acquit.resolve(&which.id)?, duplicate)
        .await?;
    let answer = written_pdf(output, &printed.bytes, form)?;
    acquit.rendition_left(&printed, Way::File)?;
    Ok(answer)
}

/// Writes a rendition of a document exactly as it left.
fn left_before(
    which: &Which,
    sha256: &Sha256Hex,
    output: &Path,
    form: Form,
) -> Result<Answer, Error> {
    let acquit = open(&which.data)?;
    let left = acquit.renditions_of(acquit.resolve(&which.id)?)?;
    if left.iter().all(|rendition| rendition.sha256 != *sha256) {
        return Err(acquit_app::Error::UnknownRendition.into());
    }
    written_pdf(output, &acquit.rendition(sha256)?, form)
}

/// What left of a document, oldest first.
fn renditions(which: &Which, form: Form) -> Result<Answer, Error> {
    let acquit = open(&which.data)?;
    let left = acquit.renditions_of(acquit.resolve(&which.id)?)?;
    let documents: Vec<_> = left.iter().map(rendition).collect();
    Ok(Answer::new(form, &documents, || {
        let lines = left.iter().map(|left| rendition_text(left, form.lang));
        lines.collect::<Vec<_>>().join("\n")
    }))
}

fn xml(which: &Which, output: &Path, form: Form) -> Result<Answer, Error> {
    let acquit = open(&which.data)?;
    let bytes = acquit.invoice_xml(acquit.resolve(&which.id)?)?;
    written_xml(output, &bytes, form)
}
