//! The sentences of payments that cannot be tied to an invoice.

use acquit_domain::attach::AttachRule;

use super::Sentence;

/// Why a payment cannot be tied, and what to do.
pub(super) fn sentence(rule: &AttachRule) -> Sentence {
    let s = |fr: &str, en: &str| Sentence::new(fr, en);
    match rule {
        AttachRule::UnknownPayment => s(
            "Ce paiement n’est ni chez PayPlug ni sur un relevé : vérifiez son numéro dans le portail PayPlug.",
            "This payment is neither at PayPlug nor on a statement: check its number in PayPlug’s portal.",
        ),
        AttachRule::AlreadyReceived { number } => Sentence::new(
            format!(
                "Ce paiement est déjà le règlement de la facture {number} : il n’est pas enregistré une seconde fois."
            ),
            format!(
                "This payment is the receipt of invoice {number} already: it is not recorded twice."
            ),
        ),
        AttachRule::AskedForHere { number } => Sentence::new(
            format!(
                "Acquit a demandé ce paiement pour la facture {number} : il s’y enregistre de lui-même. Cliquez sur « Vérifier maintenant »."
            ),
            format!(
                "Acquit asked for this payment for invoice {number}: it is recorded there by itself. Have PayPlug checked now."
            ),
        ),
        AttachRule::NotPaidYet => s(
            "Personne n’a encore payé ce paiement : rattachez-le une fois payé.",
            "Nobody has paid this payment yet: attach it once it is paid.",
        ),
        AttachRule::TestPayment => s(
            "C’est un paiement de test : il n’a rien encaissé et n’entre pas dans les comptes. Écartez-le.",
            "This is a test payment: it brought no money and has no place in the books. Dismiss it.",
        ),
        AttachRule::AnotherMode => s(
            "PayPlug donne à ce paiement un autre mode que celui de votre clé : reconnectez la clé de ce compte dans Paramètres › Paiement en ligne.",
            "PayPlug gives this payment another mode than your key’s: connect this account’s key again in the settings.",
        ),
        AttachRule::AnotherCurrency { currency } => Sentence::new(
            format!(
                "Ce paiement est en {currency}, et la comptabilité en euros : enregistrez-le avec votre comptable."
            ),
            format!(
                "This payment is in {currency}, and the books in euros: have your accountant record it."
            ),
        ),
        AttachRule::NoPaidDate => s(
            "PayPlug dit ce paiement payé sans donner de date : rien n’a été enregistré. Réessayez plus tard.",
            "PayPlug says that this payment is paid and gives no date: nothing was recorded. Try again later.",
        ),
        AttachRule::NothingLeftToPay { number } => Sentence::new(
            format!(
                "La facture {number} n’a plus rien à payer : choisissez-en une autre, ou créez la facture de ce paiement."
            ),
            format!(
                "Invoice {number} has nothing left to pay: choose another, or make this payment’s own invoice."
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use acquit_domain::attach::AttachRule;

    use super::sentence;

    #[test]
    fn every_reason_has_a_sentence_and_a_code_of_its_own() {
        let number = || "F-2026-00007".parse().unwrap();
        let rules = [
            AttachRule::UnknownPayment,
            AttachRule::AlreadyReceived { number: number() },
            AttachRule::AskedForHere { number: number() },
            AttachRule::NotPaidYet,
            AttachRule::TestPayment,
            AttachRule::AnotherMode,
            AttachRule::AnotherCurrency {
                currency: "CHF".to_owned(),
            },
            AttachRule::NoPaidDate,
            AttachRule::NothingLeftToPay { number: number() },
        ];
        let (mut french, mut codes) = (BTreeSet::new(), BTreeSet::new());
        for rule in &rules {
            let said = sentence(rule);
            assert!(said.fr.ends_with('.') && said.en.ends_with('.'), "{said:?}");
            french.insert(said.fr);
            codes.insert(<&'static str>::from(rule));
        }
        assert_eq!((french.len(), codes.len()), (rules.len(), rules.len()));
    }
}
