//! Sentences about closed periods of the books.

use acquit_domain::Rule;
use acquit_domain::date::french_short;

use super::Sentence;
use crate::Error;

/// What services say about closings.
pub(super) fn service(error: &Error) -> Option<Sentence> {
    match error {
        Error::UnexportedEntries { until, count } => Some(Sentence::new(
            format!(
                "{} jusqu’au {} : exportez d’abord pour votre cabinet, ou confirmez la clôture quand même. Les écritures d’une période close peuvent encore être exportées.",
                not_exported(*count),
                french_short(*until)
            ),
            format!(
                "{count} entries up to {until} were not exported: export them first, or confirm the closing all the same. Entries of a closed period can still be exported."
            ),
        )),
        _ => None,
    }
}

fn not_exported(count: u64) -> String {
    if count == 1 {
        "1\u{a0}écriture n’a pas encore été exportée".to_owned()
    } else {
        format!("{count}\u{a0}écritures n’ont pas encore été exportées")
    }
}

/// What a closing, or a date in what was closed, breaks.
pub(super) fn of_closings(rule: &Rule) -> Option<Sentence> {
    Some(match rule {
        Rule::PeriodClosed { until } => Sentence::new(
            format!(
                "La comptabilité est close jusqu’au {} : choisissez une date postérieure.",
                french_short(*until)
            ),
            format!("The books are closed up to {until}: choose a later date."),
        ),
        Rule::NotAPeriodEnd => Sentence::new(
            "Une période se clôt à la fin d’un mois ou de l’exercice : choisissez ce dernier jour.",
            "A period is closed at the end of a month or of the fiscal year: choose that day.",
        ),
        Rule::PeriodNotOver { from } => Sentence::new(
            format!(
                "Cette période n’est pas terminée : vous pourrez la clore à partir du {}.",
                french_short(*from)
            ),
            format!("This period is not over: it can be closed from {from} on."),
        ),
        _ => return None,
    })
}

/// Entries of a closed period that the accountant has not had yet.
#[must_use]
pub(crate) fn before_closing(count: u64) -> Sentence {
    if count == 1 {
        return Sentence::new(
            "1\u{a0}écriture est d’une période déjà close : elle n’avait pas été exportée avant la clôture, prévenez votre cabinet.",
            "1 entry is of a period that is closed: it was not exported before, tell the accountant.",
        );
    }
    Sentence::new(
        format!(
            "{count}\u{a0}écritures sont d’une période déjà close : elles n’avaient pas été exportées avant la clôture, prévenez votre cabinet."
        ),
        format!(
            "{count} entries are of a period that is closed: they were not exported before, tell the accountant."
        ),
    )
}
