//! The sentences of overpayments, small differences and deposit slips.

use acquit_domain::Rule;
use acquit_domain::money::french_euros;

use super::Sentence;

/// What a decision on an account, or a deposit slip, breaks.
pub(super) fn of_settlements(rule: &Rule) -> Option<Sentence> {
    Some(match rule {
        Rule::MoreThanOverpaid { credit } => Sentence::new(
            format!(
                "Le montant dépasse le trop-perçu ({}) : indiquez ce montant au plus.",
                french_euros(*credit)
            ),
            format!(
                "More than the overpayment ({}): type this amount at most.",
                credit.decimal()
            ),
        ),
        Rule::MoreThanDue { remaining } => Sentence::new(
            format!(
                "Le montant dépasse ce qui reste à payer ({}) : indiquez ce montant au plus.",
                french_euros(*remaining)
            ),
            format!(
                "More than what is still to pay ({}): type this amount at most.",
                remaining.decimal()
            ),
        ),
        Rule::NotSmall { most } => Sentence::new(
            format!(
                "Ce n’est plus un petit écart ({} au plus pour cette facture) : encaissez le reste, ou faites un avoir.",
                french_euros(*most)
            ),
            format!(
                "No small difference ({} at most for this invoice): collect the rest, or credit it.",
                most.decimal()
            ),
        ),
        Rule::NoSetOff => Sentence::new(
            "Un trop-perçu ne s’impute que sur une autre facture du même client qui reste à payer : choisissez-en une.",
            "An overpayment pays only another invoice of the same customer with something to pay: choose one.",
        ),
        Rule::NoCheque => Sentence::new(
            "Choisissez un à 200 chèques qui n’ont pas encore été remis en banque.",
            "Choose one to 200 cheques that were not deposited yet.",
        ),
        Rule::SlipReferenceTaken => Sentence::new(
            "Un autre bordereau de remise porte déjà cette référence : donnez-en une autre.",
            "Another deposit slip has this reference: give another one.",
        ),
        _ => return None,
    })
}
