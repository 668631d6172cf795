//! Wrong usage in plain French: what clap found, said by us.

use std::error::Error as _;
use std::ffi::OsString;

use acquit_app::message::Sentence;
use acquit_app::{Format, Journal};
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::arguments::BadValue;
use crate::error::Error;

/// Words that later versions will know, with the command that they belong to.
const LATER: &[(&str, Option<&str>)] = &[("xml", Some("invoice"))];
/// Formats of `cli.md` that later versions will write.
const LATER_FORMATS: &[&str] = &[
    "cegid",
    "quadra",
    "sage",
    "ciel",
    "ebp",
    "isacompta",
    "pennylane",
];
/// Reads an export format.
///
/// # Errors
/// [`BadValue::LaterFormat`] for those of later versions, [`BadValue::Choice`] for any other.
pub(crate) fn format(text: &str) -> Result<Format, BadValue> {
    match Format::from_code(text) {
        Some(format) => Ok(format),
        None if LATER_FORMATS.contains(&text) => Err(BadValue::LaterFormat),
        None => Err(BadValue::Choice(
            Format::ALL.iter().map(|format| format.code()).collect(),
        )),
    }
}

/// Reads the code of a journal.
///
/// # Errors
/// [`BadValue::Choice`].
pub(crate) fn journal(text: &str) -> Result<Journal, BadValue> {
    let codes = || Journal::ALL.iter().map(|journal| journal.code()).collect();
    Journal::from_code(text).ok_or_else(|| BadValue::Choice(codes()))
}

/// Says what clap refused.
pub(crate) fn refused(error: &clap::Error, typed: &[OsString]) -> Error {
    let argument = context(error, ContextKind::InvalidArg);
    let command = context(error, ContextKind::InvalidSubcommand);
    let later_word = [&argument, &command]
        .into_iter()
        .find(|word| is_later(word, typed));
    match (error.kind(), later_word) {
        (ErrorKind::InvalidSubcommand | ErrorKind::UnknownArgument, Some(word)) => later(word),
        (ErrorKind::InvalidSubcommand, None) => wrong(
            "unknown_command",
            None,
            format!("La commande « {command} » n’existe pas : voyez acquit-cli --help."),
            format!("There is no command “{command}”: see acquit-cli --help."),
        ),
        (ErrorKind::UnknownArgument, None) => wrong(
            "unknown_option",
            option(&argument).filter(|_| argument.starts_with('-')),
            format!("« {argument} » n’est pas admis ici : voyez acquit-cli --help."),
            format!("“{argument}” is not accepted here: see acquit-cli --help."),
        ),
        (ErrorKind::MissingRequiredArgument, _) => missing(&argument),
        (ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand, _) => {
            wrong(
                "missing_command",
                None,
                "Il manque une commande : voyez acquit-cli --help.".to_owned(),
                "A command is missing: see acquit-cli --help.".to_owned(),
            )
        }
        (ErrorKind::ArgumentConflict, _) if is_other(error, &argument) => {
            let other = context(error, ContextKind::PriorArg);
            wrong(
                "conflicting_options",
                option(&argument),
                format!("{argument} ne va pas avec {other} : choisissez l’un des deux."),
                format!("{argument} does not go with {other}: choose one of them."),
            )
        }
        (ErrorKind::ArgumentConflict, _) => wrong(
            "option_twice",
            option(&argument),
            format!("{argument} est donné deux fois."),
            format!("{argument} is given twice."),
        ),
        (ErrorKind::InvalidUtf8, _) => wrong(
            "not_utf8",
            None,
            "Un argument n’est pas encodé en UTF-8.".to_owned(),
            "An argument is not encoded in UTF-8.".to_owned(),
        ),
        _ => bad_value(error, &argument, &context(error, ContextKind::InvalidValue)),
    }
}

/// An option that has to be there.
pub(crate) fn missing(argument: &str) -> Error {
    wrong(
        "missing_option",
        option(argument),
        format!("Il manque {argument}."),
        format!("{argument} is missing."),
    )
}

/// An option that what is asked for has no use for.
pub(crate) fn needless(argument: &str) -> Error {
    wrong(
        "needless_option",
        option(argument),
        format!("{argument} ne sert à rien ici : enlevez cette option."),
        format!("{argument} has no use here: leave it out."),
    )
}

/// Whether an argument is in the way of another one, and not only given twice.
fn is_other(error: &clap::Error, argument: &str) -> bool {
    let prior = context(error, ContextKind::PriorArg);
    !prior.is_empty() && prior != argument
}

fn context(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    }
}

fn wrong(code: &'static str, field: Option<String>, fr: String, en: String) -> Error {
    Error::Usage {
        code,
        field,
        sentence: Sentence { fr, en },
    }
}

/// A value that an option does not take.
fn bad_value(error: &clap::Error, argument: &str, value: &str) -> Error {
    let field = option(argument);
    match error
        .source()
        .and_then(|source| source.downcast_ref::<BadValue>())
    {
        Some(BadValue::Rule(rule)) => {
            let field = field.unwrap_or_default();
            Error::Value(acquit_domain::Error {
                rule: rule.clone(),
                field,
            })
        }
        Some(BadValue::LaterFormat) => later(value),
        Some(BadValue::NotLoopback) => wrong(
            "not_loopback",
            field,
            format!("« {value} » n’est pas une adresse locale : écrivez par exemple 127.0.0.1:0."),
            format!("“{value}” is not a loopback address: write for instance 127.0.0.1:0."),
        ),
        Some(BadValue::OutOfRange { least, most }) => wrong(
            "out_of_range",
            field,
            format!(
                "« {value} » n’est pas admis pour {argument} : écrivez un nombre de {least} à {most}."
            ),
            format!(
                "“{value}” is not accepted for {argument}: write a number from {least} to {most}."
            ),
        ),
        Some(BadValue::Choice(words)) => wrong(
            "unknown_choice",
            field,
            format!(
                "« {value} » n’est pas admis pour {argument} : choisissez {}.",
                words.join(", ")
            ),
            format!(
                "“{value}” is not accepted for {argument}: choose {}.",
                words.join(", ")
            ),
        ),
        None if value.is_empty() => wrong(
            "missing_value",
            field,
            format!("Il manque la valeur de {argument}."),
            format!("The value of {argument} is missing."),
        ),
        None => wrong(
            "invalid_value",
            field,
            format!("« {value} » n’est pas admis pour {argument}."),
            format!("“{value}” is not accepted for {argument}."),
        ),
    }
}

/// Whether a word belongs to a later version of the command typed.
fn is_later(word: &str, typed: &[OsString]) -> bool {
    let typed_command = |command: &str| typed.iter().any(|argument| argument == command);
    LATER
        .iter()
        .any(|(later, command)| *later == word && command.is_none_or(typed_command))
}

fn later(word: &str) -> Error {
    wrong(
        "not_in_this_version",
        option(word).filter(|_| word.starts_with('-')),
        format!("« {word} » n’existe pas encore dans cette version d’Acquit."),
        format!("“{word}” does not exist yet in this version of Acquit."),
    )
}

/// The name of an option without dashes and value, of a value without brackets: `--api-base <URL>`
/// becomes `api_base`.
fn option(argument: &str) -> Option<String> {
    let first = argument.split([' ', '=', ',']).next().unwrap_or_default();
    let name = first
        .trim_start_matches('-')
        .trim_matches(['<', '>', '[', ']']);
    (!name.is_empty()).then(|| name.replace('-', "_").to_lowercase())
}
