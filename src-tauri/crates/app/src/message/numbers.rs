//! The sentences of numbers, their patterns and counters.

use acquit_domain::numbering::{DocumentNumber, NumberRule, Series};

use super::Sentence;

/// The sentence of a broken rule of numbering.
pub(super) fn of_numbers(rule: &NumberRule) -> Sentence {
    match rule {
        NumberRule::Character(wrong) => Sentence::new(
            format!(
                "« {wrong} » n’est pas permis dans un numéro : des lettres sans accent, des chiffres, et + - _ /."
            ),
            format!(
                "“{wrong}” is not allowed in a number: letters without accents, digits, and + - _ /."
            ),
        ),
        NumberRule::Beginning => Sentence::new(
            "Commencez le modèle par une lettre ou un chiffre.",
            "Begin the pattern with a letter or a digit.",
        ),
        NumberRule::TooLong { most } => Sentence::new(
            format!(
                "Numéro trop long : {most} caractères au plus, quand le compteur est au plus haut."
            ),
            format!("Number too long: {most} characters at most, with the highest counter."),
        ),
        NumberRule::UnknownPart(word) => Sentence::new(
            format!(
                "Acquit ne connaît pas {{{word}}} : écrivez {{AAAA}}, {{AA}}, {{MM}} ou {{NNNNN}}."
            ),
            format!("{{{word}}} is no part of a pattern: {{AAAA}}, {{AA}}, {{MM}} or {{NNNNN}}."),
        ),
        NumberRule::NotOneCounter => Sentence::new(
            "Il faut un compteur, et un seul : écrivez par exemple {NNNNN} là où le numéro augmente.",
            "Exactly one counter is needed, such as {NNNNN}.",
        ),
        NumberRule::RepeatedDate => Sentence::new(
            "L’année et le mois ne s’écrivent qu’une fois dans un modèle.",
            "Year and month are written once in a pattern.",
        ),
        NumberRule::NotACounter { most } => Sentence::new(
            format!("Indiquez un nombre de 1 à {most}, par exemple 43."),
            format!("Give a number from 1 to {most}, such as 43."),
        ),
        NumberRule::Begun => Sentence::new(
            "Un document est déjà numéroté dans cette série et cette période : le premier numéro ne peut plus changer.",
            "A document is numbered in this series and period: the first number is settled.",
        ),
        NumberRule::LikeAnotherSeries(other) => like(*other),
        NumberRule::Given(number) => given(number),
    }
}

fn given(number: &DocumentNumber) -> Sentence {
    Sentence::new(
        format!(
            "Ce modèle pourrait donner une seconde fois le numéro {number}, déjà porté par un document : changez-en une lettre."
        ),
        format!(
            "This pattern could give {number} again, which a document has: change a letter of it."
        ),
    )
}

fn like(other: Series) -> Sentence {
    let (fr, en) = series(other);
    Sentence::new(
        format!(
            "Ce modèle pourrait donner le même numéro que {fr} : commencez-le par une autre lettre."
        ),
        format!("This pattern could give the same number as {en}: begin it with another letter."),
    )
}

/// The documents of a series, inside a sentence.
const fn series(series: Series) -> (&'static str, &'static str) {
    match series {
        Series::Invoice => ("vos factures", "your invoices"),
        Series::CreditNote => ("vos avoirs", "your credit notes"),
        Series::Deposit => ("vos factures d’acompte", "your deposit invoices"),
    }
}
