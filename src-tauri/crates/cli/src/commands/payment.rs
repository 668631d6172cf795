//! `payment strangers`, `payment anomalies` and `payment attach`.

use super::invoice::shown;
use super::open;
use crate::arguments::{Data, Payment};
use crate::error::Error;
use crate::output::{Answer, Form, payment};

/// Runs a command on payments that somebody must look at.
pub(super) async fn run(command: Payment, form: Form) -> Result<Answer, Error> {
    match command {
        Payment::Attach {
            data,
            payment,
            invoice,
        } => {
            let acquit = open(&data)?;
            let invoice = acquit.resolve(&invoice)?;
            let view = acquit.attach_payment(&payment, invoice).await?;
            shown(&acquit, &view, form)
        }
        Payment::Strangers { data } => strangers(&data, form),
        Payment::Anomalies { data } => anomalies(&data, form),
    }
}

fn strangers(data: &Data, form: Form) -> Result<Answer, Error> {
    let strangers = open(data)?.strangers()?;
    let documents: Vec<_> = strangers.iter().map(payment::stranger).collect();
    Ok(Answer::new(form, &documents, || {
        payment::strangers_text(&strangers, form.lang)
    }))
}

fn anomalies(data: &Data, form: Form) -> Result<Answer, Error> {
    let acquit = open(data)?;
    let mut found = Vec::new();
    for row in acquit.anomalies()? {
        let summary = row.invoice.map(|id| acquit.summary(id)).transpose()?;
        let number = summary.and_then(|summary| summary.number);
        found.push((row, number));
    }
    let documents: Vec<_> = found
        .iter()
        .map(|(row, number)| payment::anomaly(row, *number, form.lang))
        .collect();
    Ok(Answer::new(form, &documents, || {
        payment::anomalies_text(&found, form.lang)
    }))
}
