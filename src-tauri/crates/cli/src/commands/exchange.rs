//! `sync` (with `--watch`) and `verify`.

use std::collections::BTreeMap;

use acquit_app::message::{self, Lang};
use acquit_app::{Notice, PostReport, SyncReport, Told, UntilAsked, Verification};
use acquit_domain::money::french_euros;
use serde::Serialize;

use super::open;
use super::signals::interrupted;
use crate::arguments::Data;
use crate::error::Error;
use crate::output::{Answer, Form};
use crate::words::{self, pick};

#[derive(Serialize)]
struct SettledDocument {
    invoice: String,
    amount: String,
    payment: String,
}

#[derive(Serialize)]
struct RefundDocument {
    invoice: String,
    amount: String,
    refund: String,
}

#[derive(Serialize)]
struct NoticeDocument<'a> {
    invoice: Option<String>,
    code: &'a str,
    sentence: &'a str,
}

#[derive(Serialize)]
struct SyncDocument<'a> {
    checked: u64,
    requests: u64,
    settled: Vec<SettledDocument>,
    refunds: Vec<RefundDocument>,
    anomalies: Vec<NoticeDocument<'a>>,
    errors: Vec<NoticeDocument<'a>>,
    mails: usize,
}

/// Runs the reconcilers once. Mails need no PayPlug: what waits leaves without it as well.
pub(super) async fn sync(data: &Data, form: Form) -> Result<Answer, Error> {
    let report = open(data)?.sync().await?;
    Ok(reported(&report, form))
}

/// Runs them again and again at the window's pace, until it is interrupted; one report each time.
pub(super) async fn watch(data: &Data, form: Form) -> Result<Answer, Error> {
    let acquit = open(data)?;
    if acquit.connection()?.is_none() {
        return Err(acquit_app::Error::NotConnected.into());
    }
    let mut pace = UntilAsked::new(&acquit, std::future::pending, std::future::pending);
    let tell = |told| {
        if let Told::Ended(pulled) = told {
            let report = pulled.outcome.unwrap_or_else(|error| failed(&error));
            reported(&report, form).print();
        }
    };
    let posted = |posted: &PostReport| {
        let report = SyncReport {
            mails: posted.sent.len(),
            mail_errors: posted.errors.clone(),
            ..SyncReport::default()
        };
        reported(&report, form).print();
    };
    // A run that is cut short gives its turn back and goes on with the next one.
    tokio::select! {
        outcome = interrupted() => outcome?,
        () = acquit.watch(&mut pace, tell) => {}
        () = acquit.keep_posting(std::future::pending, posted) => {}
    }
    Ok(Answer::silent())
}

/// A run that could not begin, as a report: each line of `--watch` has the same form.
fn failed(error: &acquit_app::Error) -> SyncReport {
    SyncReport {
        errors: vec![Notice {
            invoice: None,
            code: error.code().to_owned(),
            sentence: message::sentence(error),
        }],
        ..SyncReport::default()
    }
}

fn reported(report: &SyncReport, form: Form) -> Answer {
    let mut errors = notices(&report.errors, form);
    errors.extend(notices(&report.mail_errors, form));
    let document = SyncDocument {
        checked: report.checked,
        requests: report.requests,
        settled: settled(report),
        refunds: refunds(report),
        anomalies: notices(&report.anomalies, form),
        errors,
        mails: report.mails,
    };
    let told = document.anomalies.iter().chain(&document.errors);
    let remarks = told.map(|notice| notice.sentence.to_owned()).collect();
    Answer::new(form, &document, || sync_text(report, form)).with_remarks(remarks)
}

fn notices(notices: &[Notice], form: Form) -> Vec<NoticeDocument<'_>> {
    let documents = notices.iter().map(|notice| NoticeDocument {
        invoice: notice.invoice.map(|number| number.to_string()),
        code: &notice.code,
        sentence: notice.sentence.in_lang(form.lang),
    });
    documents.collect()
}

fn settled(report: &SyncReport) -> Vec<SettledDocument> {
    let documents = report.settled.iter().map(|settled| SettledDocument {
        invoice: settled.invoice.to_string(),
        amount: settled.amount.decimal(),
        payment: settled.payment.to_string(),
    });
    documents.collect()
}

fn refunds(report: &SyncReport) -> Vec<RefundDocument> {
    let documents = report.refunds.iter().map(|refund| RefundDocument {
        invoice: refund.invoice.to_string(),
        amount: refund.amount.decimal(),
        refund: refund.refund.to_string(),
    });
    documents.collect()
}

fn sync_text(report: &SyncReport, form: Form) -> String {
    let (checked, requests) = (report.checked, report.requests);
    let mut lines = vec![match form.lang {
        Lang::Fr => format!("Liens comparés : {checked} ; requêtes : {requests}."),
        Lang::En => format!("Links compared: {checked}; requests: {requests}."),
    }];
    for settled in &report.settled {
        let paid = pick(form.lang, "payée", "paid");
        lines.push(format!(
            "{} {paid} : {}",
            settled.invoice,
            french_euros(settled.amount)
        ));
    }
    for refund in &report.refunds {
        let refunded = pick(form.lang, "remboursée", "refunded");
        lines.push(format!(
            "{} {refunded} : {}",
            refund.invoice,
            french_euros(refund.amount)
        ));
    }
    if report.mails > 0 {
        let sent = pick(form.lang, "E-mails envoyés", "Mails sent");
        lines.push(format!("{sent} : {}", report.mails));
    }
    lines.join("\n")
}

/// Checks a file; a broken invariant is an answer, and a failure.
pub(super) fn verify(data: &Data, form: Form) -> Result<Answer, Error> {
    let verification = open(data)?.verify()?;
    let Some(broken) = &verification.broken else {
        #[derive(Serialize)]
        struct Document {
            ok: bool,
            checked: BTreeMap<&'static str, u64>,
        }
        let checked = verification.checked.iter().copied().collect();
        return Ok(Answer::new(form, &Document { ok: true, checked }, || {
            verified_text(&verification, form)
        }));
    };
    #[derive(Serialize)]
    struct BreakDocument<'a> {
        invariant: &'a str,
        what: &'a str,
    }
    #[derive(Serialize)]
    struct Document<'a> {
        ok: bool,
        r#break: BreakDocument<'a>,
    }
    let found = BreakDocument {
        invariant: broken.invariant,
        what: &broken.what,
    };
    let sentence = match form.lang {
        Lang::Fr => format!(
            "Le dossier est incohérent ({}) : {}",
            words::invariant(broken.invariant, form.lang),
            words::place(&broken.what, form.lang)
        ),
        Lang::En => format!(
            "The file is inconsistent ({}): {}",
            broken.invariant, broken.what
        ),
    };
    let answer = Answer::new(
        form,
        &Document {
            ok: false,
            r#break: found,
        },
        String::new,
    );
    Ok(answer.failed().with_remarks(vec![sentence]))
}

fn verified_text(verification: &Verification, form: Form) -> String {
    let title = pick(
        form.lang,
        "Dossier vérifié, rien à signaler.",
        "File verified, nothing to report.",
    );
    let counts = verification
        .checked
        .iter()
        .map(|&(name, count)| format!("  {} : {count}", words::checked(name, form.lang)));
    std::iter::once(title.to_owned())
        .chain(counts)
        .collect::<Vec<_>>()
        .join("\n")
}
