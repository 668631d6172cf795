//! Sentences about the settings of the books.

use acquit_accounting::Journal;
use acquit_accounting::chart::{
    ChartFault, ChartRule, JOURNAL_MAX, JOURNAL_MIN, LABEL_MAX, NUMBER_MAX, PlanFault, Use,
};

use super::Sentence;
use crate::Error;

/// What services say about the settings of the books.
pub(super) fn service(error: &Error) -> Option<Sentence> {
    match error {
        Error::WrongChart(faults) => faults.first().map(chart_fault),
        Error::NotAPlan(PlanFault::NoAccount) => Some(Sentence::new(
            "Aucun compte n’a été trouvé dans ce fichier : demandez au cabinet son plan comptable en CSV, un compte par ligne avec son intitulé.",
            "No account was found in this file: ask the accountant for their chart of accounts as CSV, one account a line with its name.",
        )),
        Error::NotAPlan(PlanFault::TooLong) => Some(Sentence::new(
            "Ce fichier est trop long pour un plan comptable : choisissez-en un autre.",
            "This file is too long for a chart of accounts: choose another.",
        )),
        _ => None,
    }
}

/// What is wrong with a field of the books' settings.
#[must_use]
pub fn chart_fault(fault: &ChartFault) -> Sentence {
    match &fault.rule {
        ChartRule::Missing => Sentence::new(
            "À remplir : les écritures en ont besoin.",
            "To be filled in: entries need it.",
        ),
        ChartRule::NotAnAccount => Sentence::new(
            format!(
                "Un numéro de compte commence par trois chiffres et a {NUMBER_MAX} caractères au plus, chiffres ou lettres."
            ),
            format!(
                "An account number begins with three digits and has {NUMBER_MAX} digits or letters at most."
            ),
        ),
        ChartRule::WrongClass(classes) => Sentence::new(
            format!("Ce compte doit commencer par {}.", classes.join(" ou ")),
            format!("This account must begin with {}.", classes.join(" or ")),
        ),
        ChartRule::Shared(other) => Sentence::new(
            format!(
                "Ce compte sert déjà à « {} » : choisissez-en un autre.",
                named(*other)
            ),
            format!(
                "This account is that of “{}” already: choose another.",
                named(*other)
            ),
        ),
        ChartRule::UsedOtherwise(other) => Sentence::new(
            format!(
                "Des écritures enregistrées ont déjà ce compte pour « {} » : choisissez-en un autre.",
                named(*other)
            ),
            format!(
                "Recorded entries have this account for “{}”: choose another.",
                named(*other)
            ),
        ),
        ChartRule::NotInPlan => Sentence::new(
            "Ce compte n’est pas dans le plan comptable importé : choisissez-en un qui y est, ou demandez au cabinet de l’ouvrir.",
            "This account is not in the imported chart of accounts: choose one that is, or ask the accountant to open it.",
        ),
        ChartRule::Label => Sentence::new(
            format!("Intitulé trop long : {LABEL_MAX} caractères au plus, sur une ligne."),
            format!("The name is too long: {LABEL_MAX} characters at most, on one line."),
        ),
        ChartRule::NotAJournal => Sentence::new(
            format!(
                "Un code de journal a de {JOURNAL_MIN} à {JOURNAL_MAX} lettres sans accent ou chiffres."
            ),
            format!(
                "The code of a journal has {JOURNAL_MIN} to {JOURNAL_MAX} plain letters or digits."
            ),
        ),
        ChartRule::JournalTaken(other) => taken(*other),
    }
}

fn taken(other: Journal) -> Sentence {
    Sentence::new(
        format!(
            "Le journal « {} » a déjà ce code : choisissez-en un autre.",
            other.label()
        ),
        format!(
            "The journal “{}” has this code already: choose another.",
            other.label()
        ),
    )
}

fn named(one: Use) -> String {
    one.default_label()
}

/// An account of an export that the accountant's plan does not have.
#[must_use]
pub fn not_in_plan(account: &str, label: &str) -> Sentence {
    Sentence::new(
        format!(
            "Le compte {account} « {label} » n’est pas dans le plan comptable importé : demandez au cabinet de l’ouvrir, ou choisissez-en un autre pour les écritures à venir dans Paramètres › Comptabilité."
        ),
        format!(
            "Account {account} “{label}” is not in the imported chart of accounts: ask the accountant to open it, or choose another for entries to come in the settings."
        ),
    )
}
