//! What a legal form asks to stand beside the seller's name.

use crate::company::Company;

/// Initials of the forms that name their capital on what they send out (C. com. art. L223-1 for the
/// SARL, L224-1 for the SA, which L227-1 extends to the SAS; L226-1 for the SCA).
const WITH_CAPITAL: [&str; 9] = [
    "SARL", "EURL", "SAS", "SASU", "SA", "SCA", "SELARL", "SELAS", "SCOP",
];

/// The same forms in full; without accents, which capitals often lack.
const WITH_CAPITAL_IN_FULL: [&str; 3] = ["RESPONSABILIT", "PAR ACTIONS", "ANONYME"];

/// What sole traders call their form besides *entrepreneur individuel*.
const SOLE_TRADERS: [&str; 5] = [
    "MICRO",
    "AUTO",
    "AUTOENTREPRENEUR",
    "INDIVIDUELLE",
    "ARTISAN",
];

/// Whether the seller is a company whose capital has to be named.
pub(super) fn names_its_capital(company: &Company) -> bool {
    company.legal_form.as_deref().is_some_and(|form| {
        let in_full = form.to_uppercase();
        let has_initials = words(form)
            .iter()
            .any(|word| WITH_CAPITAL.contains(&word.as_str()));
        has_initials
            || WITH_CAPITAL_IN_FULL
                .iter()
                .any(|part| in_full.contains(part))
    })
}

/// Whether the seller is a sole trader and says so nowhere in the words of the law: “EI” or
/// *entrepreneur individuel* beside the name (C. com. art. R526-27).
pub(super) fn hides_a_sole_trader(company: &Company) -> bool {
    let Some(form) = company.legal_form.as_deref() else {
        return false;
    };
    let is_sole_trader = !names_its_capital(company)
        && words(form)
            .iter()
            .any(|word| SOLE_TRADERS.contains(&word.as_str()) || word.starts_with("MICROENTREPR"));
    is_sole_trader && !says_sole_trader(form) && !says_sole_trader(&company.name)
}

fn says_sole_trader(text: &str) -> bool {
    let words = words(text);
    let pairs = words.windows(2);
    words.iter().any(|word| word == "EI")
        || pairs
            .into_iter()
            .any(|pair| pair[0].starts_with("ENTREPRENEU") && pair[1].starts_with("INDIVIDUEL"))
}

/// Words in capitals; the points of initials go (`S.A.R.L.`), hyphens part.
fn words(text: &str) -> Vec<String> {
    text.replace('.', "")
        .to_uppercase()
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{hides_a_sole_trader, names_its_capital};
    use crate::company::Company;

    fn of_form(form: &str) -> Company {
        Company {
            legal_form: Some(form.to_owned()),
            ..crate::tests::company()
        }
    }

    #[test]
    fn companies_with_shares_name_their_capital() {
        for form in [
            "SARL",
            "S.A.R.L.",
            "sarl unipersonnelle",
            "SASU",
            "SA",
            "Société à responsabilité limitée",
            "Société par actions simplifiée",
            "SOCIETE ANONYME",
        ] {
            assert!(names_its_capital(&of_form(form)), "{form}");
        }
        for form in ["EI", "Micro-entreprise", "SNC", "Association", "SAISON"] {
            assert!(!names_its_capital(&of_form(form)), "{form}");
        }
    }

    #[test]
    fn sole_traders_are_called_so() {
        for form in [
            "Micro-entreprise",
            "micro entrepreneur",
            "Microentreprise",
            "Auto-entrepreneur",
            "Entreprise individuelle",
            "Artisan",
        ] {
            assert!(hides_a_sole_trader(&of_form(form)), "{form}");
        }
        for form in [
            "EI",
            "E.I.",
            "Entrepreneur individuel",
            "Entrepreneuse individuelle",
            "Artisan, EI",
            "SARL",
            "SARL d’artisan",
        ] {
            assert!(!hides_a_sole_trader(&of_form(form)), "{form}");
        }
        let named = Company {
            name: "Julien Ferrand EI".to_owned(),
            ..of_form("Micro-entreprise")
        };
        assert!(!hides_a_sole_trader(&named));
        let nameless = Company {
            legal_form: None,
            ..crate::tests::company()
        };
        assert!(!hides_a_sole_trader(&nameless));
    }
}
