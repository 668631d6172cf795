//! `demo`: the whole loop on an embedded simulator, through the same services as real work.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use acquit_app::SystemClock;
use acquit_app::demo::{self, Demonstration, Payer};
use acquit_domain::remote::PaymentId;
use acquit_simulator::{Handle, Options, Simulator};
use serde::Serialize;

use crate::error::Error;
use crate::output::invoice::{InvoiceDocument, invoice};
use crate::output::{Answer, Form, text};
use crate::words::pick;

/// The documented test card that is always accepted.
const CARD: &str = "4242424242424242";

/// The pretended customers in front of the payment page.
struct Customers {
    simulator: Handle,
    /// The first thing that went wrong there; it would make the demonstration a lie.
    failure: Mutex<Option<acquit_simulator::Error>>,
}

impl Customers {
    fn note<T>(&self, outcome: Result<T, acquit_simulator::Error>) {
        if let Err(error) = outcome {
            let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
            failure.get_or_insert(error);
        }
    }
}

impl Payer for Customers {
    async fn pay(&self, payment: &PaymentId) {
        self.note(self.simulator.pay(payment.as_str(), CARD));
    }

    async fn refuse(&self, payment: &PaymentId, code: &str) {
        self.note(self.simulator.refuse(payment.as_str(), code, true));
    }
}

/// Plays the demonstration into `out`.
pub(super) async fn run(out: &Path, seed: u64, form: Form) -> Result<Answer, Error> {
    let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let options = Options {
        seed,
        ..Options::default()
    };
    let simulator = Simulator::start(any_port, options)
        .await
        .map_err(Error::Simulator)?;
    let customers = Customers {
        simulator: simulator.handle(),
        failure: Mutex::new(None),
    };
    let played = demo::run(
        out,
        seed,
        &simulator.base_url(),
        Arc::new(SystemClock),
        &customers,
    )
    .await;
    simulator.stop().await;
    if let Some(failure) = customers
        .failure
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
    {
        return Err(Error::PretendedCustomer(failure));
    }
    Ok(told(&played?, form))
}

fn told(played: &Demonstration, form: Form) -> Answer {
    #[derive(Serialize)]
    struct Document<'a> {
        invoices: Vec<InvoiceDocument<'a>>,
        files: Vec<String>,
        verify: &'a str,
    }
    let broken = played.verification.broken.as_ref();
    let document = Document {
        invoices: played
            .invoices
            .iter()
            .map(|view| {
                let mails = played.mails.iter();
                let mails = mails.filter(|mail| mail.mail.invoice == view.id);
                invoice(view, mails, form.lang)
            })
            .collect(),
        files: played
            .files
            .iter()
            .map(|file| file.display().to_string())
            .collect(),
        verify: broken.map_or("ok", |broken| &broken.what),
    };
    let answer = Answer::new(form, &document, || {
        let mut lines: Vec<String> = played
            .invoices
            .iter()
            .map(|view| text::row(view, form.lang))
            .collect();
        lines.push(String::new());
        lines.extend(document.files.iter().cloned());
        let verified = pick(form.lang, "Dossier vérifié\u{a0}:", "File verified:");
        lines.push(format!("{verified} {}", document.verify));
        lines.join("\n")
    });
    if broken.is_some() {
        answer.failed()
    } else {
        answer
    }
}
