//! What the window is told when something fails: a stable code, one sentence that says what to do,
//! and a reference to copy for whoever helps.

use acquit_app::{Error, message};
use serde::Serialize;
use specta::Type;

/// A failure as the window shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub(crate) struct Failure {
    /// Stable code.
    pub(crate) code: String,
    /// What happened and what to do, in French.
    pub(crate) sentence: String,
    /// The field at fault, where there is one.
    pub(crate) field: Option<String>,
    /// What to tell whoever helps.
    pub(crate) reference: String,
}

impl Failure {
    /// A failure of the window itself.
    pub(crate) fn new(code: &str, sentence: &str) -> Self {
        Self {
            code: code.to_owned(),
            sentence: sentence.to_owned(),
            field: None,
            reference: reference(code),
        }
    }

    /// No company is open: the window asked too early, or for a closed one.
    pub(crate) fn no_company() -> Self {
        Self::new(
            "no_company",
            "Aucune entreprise n’est ouverte : fermez Acquit et rouvrez-le.",
        )
    }

    /// A word that the window itself sent is unknown.
    pub(crate) fn unknown_word(field: &str) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..Self::new(
                "unknown_choice",
                "Ce choix n’existe pas : choisissez dans la liste.",
            )
        }
    }

    /// A file or folder of the computer.
    pub(crate) fn io(path: &std::path::Path, source: std::io::Error) -> Self {
        Self::from(Error::Io {
            path: path.to_owned(),
            source,
        })
    }
}

fn reference(code: &str) -> String {
    format!("{code} · Acquit {}", env!("CARGO_PKG_VERSION"))
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        // The chain of causes goes to the log; it may name paths, never a key.
        tracing::warn!(?error, code = error.code(), "a command failed");
        Self {
            code: error.code().to_owned(),
            sentence: message::sentence(&error).fr,
            field: error.field().map(str::to_owned),
            reference: reference(error.code()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Failure;
    use acquit_app::Error;

    #[test]
    fn a_failure_says_what_to_do_and_can_be_named() {
        let failure = Failure::from(Error::NotConnected);
        assert_eq!(failure.code, "not_connected");
        assert!(failure.sentence.contains("Paramètres"));
        assert!(failure.reference.starts_with("not_connected · Acquit "));
        let failure = Failure::from(Error::UnknownCustomer("CL-9".to_owned()));
        assert_eq!(failure.field.as_deref(), Some("customer"));
    }
}
