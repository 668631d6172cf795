//! One file for each group of commands; each opens a file, asks one service and words the answer.

mod account;
mod backup;
mod by_hand;
mod close;
mod company;
mod customer;
mod demo;
mod exchange;
mod export;
mod fill;
mod invoice;
mod mailbox;
mod numbering;
mod payment;
mod receipt;
mod signals;
mod simulator;
mod vat;

use std::path::Path;

use acquit_app::demo::MAIL_FOLDER;
use acquit_app::{Acquit, Parts};
use acquit_domain::link::FileNature;
use serde::Serialize;

use crate::arguments::{Command, Data, Settings};
use crate::error::Error;
use crate::output::{Answer, Form, sha256, write_file};
use crate::words::pick;

/// Runs a command.
///
/// # Errors
/// Whatever it refuses or fails at; nothing was written then.
pub(crate) async fn run(command: Command, form: Form) -> Result<Answer, Error> {
    match command {
        Command::Demo { out, seed } => demo::run(&out, seed, form).await,
        Command::Fill {
            data,
            invoices,
            seed,
        } => fill::run(&data, invoices, seed, form).await,
        Command::Simulator {
            listen,
            seed,
            control,
        } => simulator::run(listen, seed, control).await,
        Command::Init { data, company } => company::init(&data, &company, form),
        Command::Connect { data, api_base } => {
            company::connect(&data, api_base.as_deref(), form).await
        }
        Command::Customer(command) => customer::run(command, form),
        Command::Invoice(command) => invoice::run(command, form).await,
        Command::Mailbox(command) => mailbox::run(command, form).await,
        Command::Numbering(command) => numbering::run(command, form),
        Command::Payment(command) => payment::run(command, form).await,
        Command::Settings(Settings::ThreeDSecure { data, choice }) => {
            company::three_d_secure(&data, choice, form)
        }
        Command::Receipt(command) => receipt::run(command, form).await,
        Command::Sync { data, watch: false } => exchange::sync(&data, form).await,
        Command::Sync { data, watch: true } => exchange::watch(&data, form).await,
        Command::Export(export) => export::run(&export, form),
        Command::Close(close) => close::run(&close, form),
        Command::Account(command) => account::run(command, form).await,
        Command::Vat(asked) => vat::run(&asked, form),
        Command::Backup { data, output } => backup::back_up(&data, &output, form),
        Command::Restore { backup, data } => backup::restore(&backup, &data, form),
        Command::Verify { data } => exchange::verify(&data, form),
    }
}

/// Opens the company file of a command. The mails of a demonstration fall into its own folder.
fn open(data: &Data) -> Result<Acquit, Error> {
    let acquit = Acquit::open(&data.folder, Parts::system())?;
    if !matches!(acquit.nature(), Ok(FileNature::Demonstration)) {
        return Ok(acquit);
    }
    drop(acquit);
    let parts = Parts::system().mailing_to(&data.folder.join(MAIL_FOLDER));
    Ok(Acquit::open(&data.folder, parts)?)
}

/// Writes a PDF whole or not at all, and says so.
fn written_pdf(output: &Path, bytes: &[u8], form: Form) -> Result<Answer, Error> {
    let said = pick(form.lang, "PDF écrit :", "PDF written:");
    written(output, bytes, said, form)
}

/// The same for an XML.
fn written_xml(output: &Path, bytes: &[u8], form: Form) -> Result<Answer, Error> {
    let said = pick(form.lang, "XML écrit :", "XML written:");
    written(output, bytes, said, form)
}

fn written(output: &Path, bytes: &[u8], said: &str, form: Form) -> Result<Answer, Error> {
    #[derive(Serialize)]
    struct Document {
        file: String,
        sha256: String,
    }
    write_file(output, bytes)?;
    let document = Document {
        file: output.display().to_string(),
        sha256: sha256(bytes),
    };
    Ok(Answer::new(form, &document, || {
        format!("{said} {}", document.file)
    }))
}
