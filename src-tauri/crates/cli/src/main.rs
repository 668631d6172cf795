//! `acquit-cli`: the services of Acquit without a window. The contract is `cli.md`.

mod arguments;
mod commands;
mod error;
mod input;
mod output;
mod usage;
mod words;

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use acquit_app::message::Lang;
use clap::Parser;
use clap::error::ErrorKind;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::arguments::Arguments;
use crate::error::Error;
use crate::output::{Answer, Form};

fn main() -> ExitCode {
    let typed: Vec<OsString> = std::env::args_os().collect();
    // Known before parsing, so that wrong usage is told in the form asked for.
    let form = form_of(&typed);
    let arguments = match Arguments::try_parse_from(&typed) {
        Ok(arguments) => arguments,
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
            ) =>
        {
            let help = error.to_string();
            let document = serde_json::json!({ "help": help.trim_end() });
            Answer::new(form, &document, || help.clone()).print();
            return ExitCode::SUCCESS;
        }
        Err(error) => return fail(form, &usage::refused(&error, &typed)),
    };
    let form = Form {
        json: arguments.json,
        lang: arguments.lang,
    };
    if arguments.verbose {
        log_to_standard_error();
    }
    match run(arguments, form) {
        Ok(answer) => {
            answer.print();
            if answer.done {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(error) => fail(form, &error),
    }
}

fn run(arguments: Arguments, form: Form) -> Result<Answer, Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime
        .map_err(Error::System)?
        .block_on(commands::run(arguments.command, form))
}

fn fail(form: Form, error: &Error) -> ExitCode {
    output::print_error(form, error);
    error.exit_code()
}

/// Only our own lines: what libraries log of a request is nobody's business.
fn log_to_standard_error() {
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(false);
    let ours = Targets::new().with_target("acquit", tracing::Level::DEBUG);
    tracing_subscriber::registry()
        .with(lines.with_filter(ours))
        .init();
}

/// `--json` and `--lang` wherever they stand, up to a bare `--`.
fn form_of(typed: &[OsString]) -> Form {
    let options: Vec<&OsString> = typed
        .iter()
        .skip(1)
        .take_while(|argument| *argument != "--")
        .collect();
    let english = options.iter().any(|argument| *argument == "--lang=en")
        || options
            .windows(2)
            .any(|pair| pair[0] == "--lang" && pair[1] == "en");
    Form {
        json: options.iter().any(|argument| *argument == "--json"),
        lang: if english { Lang::En } else { Lang::Fr },
    }
}
