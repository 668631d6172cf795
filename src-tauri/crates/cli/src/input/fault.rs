//! What the form of an input breaks, with the sentence that says so and what to write instead.

use acquit_app::message::Sentence;
use acquit_app::rule_code;
use acquit_domain::Rule;

use crate::error::broken_rule;

/// What a field should have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A text in quotes.
    Text,
    /// A decimal number in quotes.
    Decimal,
    /// A date in quotes.
    Date,
    /// A whole number without quotes.
    WholeNumber,
    /// `true` or `false`.
    Boolean,
    /// A list in square brackets.
    List,
    /// An object in braces.
    Object,
}

impl Shape {
    const fn french(self) -> &'static str {
        match self {
            Self::Text => "un texte entre guillemets",
            Self::Decimal => "un nombre décimal entre guillemets, par exemple \"1250.00\"",
            Self::Date => "une date entre guillemets, par exemple \"2026-11-02\"",
            Self::WholeNumber => "un nombre entier sans guillemets, par exemple 30",
            Self::Boolean => "true ou false, sans guillemets",
            Self::List => "une liste entre crochets [ ]",
            Self::Object => "un objet entre accolades { }",
        }
    }

    const fn english(self) -> &'static str {
        match self {
            Self::Text => "a text in quotes",
            Self::Decimal => "a decimal number in quotes, such as \"1250.00\"",
            Self::Date => "a date in quotes, such as \"2026-11-02\"",
            Self::WholeNumber => "a whole number without quotes, such as 30",
            Self::Boolean => "true or false, without quotes",
            Self::List => "a list in square brackets [ ]",
            Self::Object => "an object in braces { }",
        }
    }
}

/// What is wrong with a file or a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The file cannot be opened or read.
    FileNotReadable {
        /// Its path, as given.
        path: String,
    },
    /// More bytes than any document needs.
    FileTooLarge {
        /// Most bytes read.
        most: usize,
    },
    /// Not UTF-8.
    NotUtf8,
    /// Not one JSON document.
    NotJson {
        /// Line where reading stopped, from 1.
        line: usize,
        /// Column where reading stopped.
        column: usize,
    },
    /// Nested beyond any document.
    TooDeep,
    /// A key that means nothing there.
    Unknown {
        /// Those that do.
        known: &'static [&'static str],
    },
    /// A key that must be there.
    Missing,
    /// The same key twice.
    Duplicate,
    /// Another type of value.
    WrongType {
        /// The type expected.
        expected: Shape,
    },
    /// A number where a decimal string belongs.
    NumberNotText,
    /// A word outside the list.
    Choice {
        /// The words accepted.
        allowed: &'static [&'static str],
    },
    /// A whole number outside its bounds.
    OutOfRange {
        /// Least.
        least: i64,
        /// Greatest.
        most: i64,
    },
    /// Not a day of the year as `MM-DD`.
    NotADayOfYear,
    /// A field of charged lines on a section or a comment.
    NotOnThisLine,
    /// A rule of the domain.
    Rule(Rule),
}

impl Fault {
    /// Stable code, for programs.
    fn code(&self) -> &'static str {
        match self {
            Self::FileNotReadable { .. } => "file_not_readable",
            Self::FileTooLarge { .. } => "file_too_large",
            Self::NotUtf8 => "not_utf8",
            Self::NotJson { .. } => "not_json",
            Self::TooDeep => "too_deep",
            Self::Unknown { .. } => "unknown_field",
            Self::Missing => "missing_field",
            Self::Duplicate => "duplicate_field",
            Self::WrongType { .. } => "wrong_type",
            Self::NumberNotText => "number_not_string",
            Self::Choice { .. } => "unknown_choice",
            Self::OutOfRange { .. } => "out_of_range",
            Self::NotADayOfYear => "not_a_day_of_year",
            Self::NotOnThisLine => "not_on_this_line",
            Self::Rule(rule) => rule_code(rule),
        }
    }

    /// What follows “Le fichier” or “Le champ … ”, in French and English.
    fn predicate(&self) -> Result<(String, String), &Rule> {
        Ok(match self {
            Self::Rule(rule) => return Err(rule),
            Self::Unknown { known } => (
                format!("est inconnu ; champs admis ici : {}", known.join(", ")),
                format!("is unknown; fields accepted here: {}", known.join(", ")),
            ),
            Self::WrongType { expected } => (
                format!("doit être {}", expected.french()),
                format!("must be {}", expected.english()),
            ),
            Self::Choice { allowed } => (
                format!("doit valoir {}", allowed.join(" ou ")),
                format!("must be {}", allowed.join(" or ")),
            ),
            Self::OutOfRange { least, most } => (
                format!("doit être compris entre {least} et {most}"),
                format!("must lie between {least} and {most}"),
            ),
            Self::FileTooLarge { most } => (
                format!("est trop grand : {} Mo au plus", most / 1_000_000),
                format!("is too large: {} MB at most", most / 1_000_000),
            ),
            Self::FileNotReadable { path } => (
                format!("« {path} » ne peut pas être lu : vérifiez son nom et vos droits"),
                format!("“{path}” cannot be read: check its name and your rights"),
            ),
            Self::NotJson { line, column } => (
                format!(
                    "n’est pas du JSON correct : la lecture s’arrête ligne {line}, colonne {column}"
                ),
                format!("is not valid JSON: reading stops at line {line}, column {column}"),
            ),
            fixed => {
                let (fr, en) = fixed.fixed_predicate();
                (fr.to_owned(), en.to_owned())
            }
        })
    }

    const fn fixed_predicate(&self) -> (&'static str, &'static str) {
        match self {
            Self::NotUtf8 => (
                "n’est pas encodé en UTF-8 : enregistrez-le en UTF-8",
                "is not encoded in UTF-8: save it as UTF-8",
            ),
            Self::TooDeep => (
                "imbrique trop de niveaux de listes ou d’objets",
                "nests too many levels of lists or objects",
            ),
            Self::Missing => ("est obligatoire et manque", "is required and missing"),
            Self::Duplicate => ("est écrit deux fois", "is written twice"),
            Self::NumberNotText => (
                "doit être un nombre décimal entre guillemets, par exemple \"14.5\", et non un nombre nu",
                "must be a decimal number in quotes, such as \"14.5\", not a bare number",
            ),
            Self::NotADayOfYear => (
                "doit être un jour de l’année au format MM-JJ, par exemple \"12-31\"",
                "must be a day of the year as MM-DD, such as \"12-31\"",
            ),
            Self::NotOnThisLine => (
                "n’a pas de sens sur une section ou un commentaire : retirez-le",
                "means nothing on a section or a comment: remove it",
            ),
            Self::FileNotReadable { .. }
            | Self::FileTooLarge { .. }
            | Self::NotJson { .. }
            | Self::Unknown { .. }
            | Self::WrongType { .. }
            | Self::Choice { .. }
            | Self::OutOfRange { .. }
            | Self::Rule(_) => ("est refusé", "is refused"),
        }
    }
}

/// An input refused: why, and which field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field:?}: {fault:?}")]
pub(crate) struct Refused {
    /// Why.
    pub(crate) fault: Fault,
    /// Path of the field at fault (`lines[2].vat_rate`).
    pub(crate) field: Option<String>,
}

impl Refused {
    /// A fault of a field.
    pub(crate) fn at(field: impl Into<String>, fault: Fault) -> Self {
        Self {
            fault,
            field: Some(field.into()),
        }
    }

    /// A rule of the domain that a field breaks.
    pub(crate) fn rule(field: impl Into<String>, rule: Rule) -> Self {
        Self::at(field, Fault::Rule(rule))
    }

    /// Stable code, for programs.
    pub(crate) fn code(&self) -> &'static str {
        self.fault.code()
    }

    /// One plain sentence: what is wrong, and what to write instead.
    pub(crate) fn sentence(&self) -> Sentence {
        match self.fault.predicate() {
            Err(rule) => {
                let field = self.field.clone().unwrap_or_default();
                broken_rule(&acquit_domain::Error {
                    rule: rule.clone(),
                    field,
                })
            }
            Ok((fr, en)) => match &self.field {
                None => Sentence {
                    fr: format!("Le fichier {fr}."),
                    en: format!("The file {en}."),
                },
                Some(field) => Sentence {
                    fr: format!("Le champ « {field} » {fr}."),
                    en: format!("The field “{field}” {en}."),
                },
            },
        }
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self { fault, field: None }
    }
}
