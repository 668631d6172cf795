//! Everything that ends a command: a refused input, a refusing service, a wrong option.

use std::path::PathBuf;
use std::process::ExitCode;

use acquit_app::Advice;
use acquit_app::message::{Sentence, advice, rule, sentence, trouble};
use acquit_domain::mail::Trouble;

use crate::input::Refused;

/// Refused or failed.
const REFUSED: u8 = 1;
/// Wrong usage.
const USAGE: u8 = 2;

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A file of input is refused.
    #[error(transparent)]
    Input(#[from] Refused),
    /// A service refused or failed.
    #[error(transparent)]
    App(#[from] acquit_app::Error),
    /// The options make no command.
    #[error("usage: {code}")]
    Usage {
        /// Stable code.
        code: &'static str,
        /// The option at fault, without its dashes.
        field: Option<String>,
        /// What is wrong.
        sentence: Sentence,
    },
    /// An option's value breaks a rule of the domain.
    #[error("usage: {0}")]
    Value(acquit_domain::Error),
    /// The file asked for with `-o` cannot be written.
    #[error("cannot write {path}")]
    NotWritable {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Standard input holds no key.
    #[error("no key on standard input")]
    NoKey,
    /// Standard input holds no password.
    #[error("no password on standard input")]
    NoPassword,
    /// The provider of the address lets no program send with a password.
    #[error("the provider takes no passwords")]
    NoPasswordsTaken,
    /// The mail did not leave, or may not have.
    #[error("not mailed: {}", .0.code)]
    NotMailed(Trouble),
    /// The simulator cannot listen there, or broke down.
    #[error("simulator")]
    Simulator(#[source] acquit_simulator::Error),
    /// A pretended customer of the demonstration could not do as told.
    #[error("pretended customer")]
    PretendedCustomer(#[source] acquit_simulator::Error),
    /// The operating system gives no threads or signals.
    #[error("operating system")]
    System(#[source] std::io::Error),
}

impl Error {
    /// Stable code, for programs.
    pub(crate) fn code(&self) -> &str {
        match self {
            Self::Input(refused) => refused.code(),
            Self::App(error) => error.code(),
            Self::Usage { code, .. } => code,
            Self::Value(broken) => acquit_app::rule_code(&broken.rule),
            Self::NotWritable { .. } => "file_not_writable",
            Self::NoKey => "no_key",
            Self::NoPassword => "no_password",
            Self::NoPasswordsTaken => "no_passwords_taken",
            Self::NotMailed(trouble) => &trouble.code,
            Self::Simulator(_) => "simulator_failed",
            Self::PretendedCustomer(_) => "demonstration_failed",
            Self::System(_) => "system_failed",
        }
    }

    /// The field or option at fault.
    pub(crate) fn field(&self) -> Option<&str> {
        match self {
            Self::Input(refused) => refused.field.as_deref(),
            Self::App(acquit_app::Error::NotLoopback) => Some("api_base"),
            Self::App(error) => error.field(),
            Self::Usage { field, .. } => field.as_deref(),
            Self::Value(broken) => Some(&broken.field),
            Self::NoPasswordsTaken => Some("address"),
            Self::NotMailed(trouble) => trouble.address.as_ref().map(|_| "to"),
            _ => None,
        }
    }

    /// One plain sentence.
    pub(crate) fn sentence(&self) -> Sentence {
        match self {
            Self::Input(refused) => refused.sentence(),
            Self::App(acquit_app::Error::Broken(broken)) => broken_rule(broken),
            Self::App(error) => sentence(error),
            Self::Usage { sentence, .. } => sentence.clone(),
            Self::Value(broken) => {
                let option = format!("--{}", broken.field.replace('_', "-"));
                named("Option", "Option", &option, &rule(&broken.rule))
            }
            Self::NotWritable { path, .. } => Sentence {
                fr: format!(
                    "Le fichier « {} » ne peut pas être écrit : vérifiez le dossier et vos droits.",
                    path.display()
                ),
                en: format!(
                    "The file “{}” cannot be written: check the folder and your rights.",
                    path.display()
                ),
            },
            Self::NoKey => Sentence {
                fr: "Aucune clé secrète n’a été lue sur l’entrée standard : envoyez-y la clé sk_test_… ou sk_live_… seule.".to_owned(),
                en: "No secret key was read from standard input: send the key sk_test_… or sk_live_… alone.".to_owned(),
            },
            Self::NoPassword => Sentence {
                fr: "Aucun mot de passe n’a été lu sur l’entrée standard : envoyez-le seul, sur une ligne.".to_owned(),
                en: "No password was read from standard input: send it alone, on one line.".to_owned(),
            },
            Self::NoPasswordsTaken => advice(Advice::NoPasswords),
            Self::NotMailed(why) => trouble(why),
            Self::Simulator(_) => Sentence {
                fr: "Le simulateur n’a pas pu démarrer : cette adresse est peut-être déjà prise.".to_owned(),
                en: "The simulator could not start: this address may already be in use.".to_owned(),
            },
            Self::PretendedCustomer(_) => Sentence {
                fr: "La démonstration s’est interrompue : un client simulé n’a pas pu payer.".to_owned(),
                en: "The demonstration stopped: a pretended customer could not pay.".to_owned(),
            },
            Self::System(_) => Sentence {
                fr: "Le système a refusé une ressource nécessaire au programme.".to_owned(),
                en: "The system refused a resource that the program needs.".to_owned(),
            },
        }
    }

    /// 2 for a wrong option, 1 for everything else.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Usage { .. } | Self::Value(_) | Self::App(acquit_app::Error::NotLoopback) => {
                USAGE
            }
            _ => REFUSED,
        })
    }
}

/// The sentence of a broken rule, with the field where an input has one.
pub(crate) fn broken_rule(broken: &acquit_domain::Error) -> Sentence {
    // These are places in a document, not fields that somebody wrote.
    if matches!(broken.field.as_str(), "" | "id" | "number" | "link") {
        return rule(&broken.rule);
    }
    named("Champ", "Field", &broken.field, &rule(&broken.rule))
}

fn named(fr: &str, en: &str, field: &str, sentence: &Sentence) -> Sentence {
    Sentence::new(
        format!("{fr} « {field} » : {}", inside(&sentence.fr)),
        format!("{en} “{field}”: {}", inside(&sentence.en)),
    )
}

/// A sentence after a colon: without its capital, unless that is an abbreviation's.
fn inside(sentence: &str) -> String {
    let mut characters = sentence.chars();
    match (characters.next(), characters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            format!("{}{}", first.to_lowercase(), &sentence[first.len_utf8()..])
        }
        _ => sentence.to_owned(),
    }
}
