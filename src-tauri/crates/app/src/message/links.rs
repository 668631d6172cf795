//! What became of a link, a try or a refund, and what PayPlug and the file disagree about.

use acquit_domain::Cents;
use acquit_domain::link::RefusalReason;
use acquit_domain::money::french_euros;
use acquit_domain::settlement::Anomaly;

use super::Sentence;

/// That there is no link, and why.
#[must_use]
pub fn refusal(reason: RefusalReason) -> Sentence {
    let cause = refusal_cause(reason);
    Sentence::new(
        format!("Pas de lien de paiement : {}.", cause.fr),
        format!("No link: {}.", cause.en),
    )
}

/// Why there is no link, as it stands inside a sentence.
#[must_use]
pub fn refusal_cause(reason: RefusalReason) -> Sentence {
    let (fr, en) = match reason {
        RefusalReason::BelowMinimum => (
            "le montant est sous le minimum du compte PayPlug",
            "the amount is below the account’s minimum",
        ),
        RefusalReason::AboveMaximum => (
            "le montant dépasse le maximum du compte PayPlug",
            "the amount is above the account’s maximum",
        ),
        RefusalReason::NotConnected => (
            "aucun compte PayPlug n’est connecté",
            "no PayPlug account is connected",
        ),
        RefusalReason::NotEur => (
            "le compte PayPlug n’accepte pas l’euro",
            "the PayPlug account does not take euros",
        ),
        RefusalReason::NothingDue => ("il n’y a rien à payer", "nothing is due"),
    };
    Sentence::new(fr, en)
}

/// Why a refund that was asked for here was not made, and what to do.
#[must_use]
pub fn refund_refusal(code: &str) -> Sentence {
    let (fr, en) = match code {
        "payplug_rejected" => (
            "PayPlug a refusé le remboursement, rien n’a été rendu : le solde de votre compte PayPlug ne le couvre sans doute pas. Attendez d’autres encaissements ou alimentez le compte, puis demandez-le de nouveau.",
            "PayPlug refused the refund, nothing was given back: the balance of your PayPlug account probably does not cover it. Wait for other payments or top the account up, then ask again.",
        ),
        "not_allowed" => (
            "PayPlug n’autorise pas ce compte à rembourser, rien n’a été rendu : remboursez depuis le portail PayPlug, Acquit l’enregistrera.",
            "PayPlug does not let this account refund, nothing was given back: refund in PayPlug’s portal, Acquit will record it.",
        ),
        "key_refused" => (
            "PayPlug refuse la clé, rien n’a été rendu : reconnectez PayPlug dans Paramètres › Paiement en ligne, puis demandez le remboursement de nouveau.",
            "PayPlug refuses the key, nothing was given back: connect PayPlug again in the settings, then ask for the refund again.",
        ),
        "payment_not_found" => (
            "PayPlug ne connaît plus ce paiement avec cette clé, rien n’a été rendu : vérifiez dans le portail PayPlug.",
            "PayPlug no longer knows this payment with this key, nothing was given back: look in PayPlug’s portal.",
        ),
        "refund_found" => (
            "Un remboursement fait ailleurs a été retrouvé chez PayPlug et enregistré : le vôtre n’a pas été fait. Vérifiez la facture avant de le redemander.",
            "A refund made elsewhere was found at PayPlug and recorded: yours was not made. Look at the invoice before asking again.",
        ),
        "more_than_refundable" => (
            "Il ne reste pas assez de ce paiement pour ce remboursement, rien n’a été rendu : demandez au plus ce qui reste.",
            "Not enough of this payment is left for this refund, nothing was given back: ask for what is left at most.",
        ),
        "refund_too_early" | "refund_too_late" => (
            "PayPlug ne rembourse ce paiement que pendant une période qui n’est pas ouverte aujourd’hui, rien n’a été rendu : remboursez votre client par un autre moyen.",
            "PayPlug refunds this payment only in a period that is not open today, nothing was given back: refund your customer by other means.",
        ),
        _ => (
            "Le remboursement n’a pas été fait, rien n’a été rendu : vérifiez le paiement dans le portail PayPlug avant de le redemander.",
            "The refund was not made, nothing was given back: look at the payment in PayPlug’s portal before asking again.",
        ),
    };
    Sentence::new(fr, en)
}

/// Why a customer's try failed, from PayPlug's code (reference § 4.5).
#[must_use]
pub fn attempt(code: &str) -> Sentence {
    let (fr, en) = match code {
        "processing_error" => (
            "Erreur pendant le traitement de la carte.",
            "Error while processing the card.",
        ),
        "card_declined" => ("La banque a refusé la carte.", "The card was declined."),
        "insufficient_funds" => ("Provision insuffisante.", "Insufficient funds."),
        "3ds_declined" => (
            "L’authentification 3-D Secure a échoué.",
            "3-D Secure authentication failed.",
        ),
        "incorrect_number" => (
            "Le numéro de carte est faux.",
            "The card number is incorrect.",
        ),
        "fraud_suspected" => (
            "Paiement bloqué : fraude suspectée.",
            "Blocked: fraud suspected.",
        ),
        "method_unsupported" => (
            "Ce moyen de paiement n’est pas accepté.",
            "The payment method is not supported.",
        ),
        "card_scheme_mismatch" => (
            "Le numéro ne correspond pas à la marque de carte choisie.",
            "The number does not match the chosen brand.",
        ),
        "card_expiration_date_prior_to_last_installment_date" => (
            "La carte expire avant la dernière échéance.",
            "The card expires before the last instalment.",
        ),
        "aborted" => ("Le paiement a été annulé.", "The payment was aborted."),
        "timeout" => (
            "Le client a quitté la page sans payer.",
            "The customer left the page without paying.",
        ),
        _ => (
            "Le paiement n’a pas abouti.",
            "The payment did not succeed.",
        ),
    };
    Sentence::new(fr, en)
}

/// What differs between PayPlug and us.
#[must_use]
pub fn anomaly(anomaly: &Anomaly) -> Sentence {
    match anomaly {
        Anomaly::AmountDiffers { ours, theirs } => Sentence::new(
            format!(
                "PayPlug annonce {} au lieu de {} : rien n’est enregistré, vérifiez dans le portail.",
                french_euros(*theirs),
                french_euros(*ours)
            ),
            format!(
                "PayPlug says {} instead of {}: nothing is recorded.",
                theirs.decimal(),
                ours.decimal()
            ),
        ),
        Anomaly::CurrencyDiffers { theirs } => Sentence::new(
            format!("PayPlug annonce une autre monnaie ({theirs}) : rien n’est enregistré."),
            format!("PayPlug says another currency ({theirs}): nothing is recorded."),
        ),
        Anomaly::ModeDiffers { .. } => Sentence::new(
            "PayPlug annonce l’autre mode (Test ou Live) : rien n’est enregistré.",
            "PayPlug says the other mode (Test or Live): nothing is recorded.",
        ),
        Anomaly::MetadataDiffers => Sentence::new(
            "Ce paiement ne porte pas l’identifiant de notre lien : rien n’est enregistré.",
            "This payment does not carry our link’s id: nothing is recorded.",
        ),
        Anomaly::PaidWithoutDate => Sentence::new(
            "PayPlug annonce un paiement sans date : rien n’est enregistré.",
            "PayPlug says paid without a date: nothing is recorded.",
        ),
        Anomaly::RefundExceedsPayment { received, refunded } => Sentence::new(
            format!(
                "PayPlug annonce {} remboursés pour {} reçus : vérifiez dans le portail.",
                french_euros(*refunded),
                french_euros(*received)
            ),
            format!(
                "PayPlug says {} refunded of {}.",
                refunded.decimal(),
                received.decimal()
            ),
        ),
        Anomaly::SecondPayment { other } => Sentence::new(
            format!("Un second paiement ({other}) porte l’identifiant de ce lien."),
            format!("A second payment ({other}) carries this link’s id."),
        ),
    }
}

/// One side of an anomaly as it is recorded (`120.00 EUR, live`), as people say it: `120,00 € en
/// réel`. What is recorded in another form stays as it is.
#[must_use]
pub fn side(recorded: &str) -> Sentence {
    let said = recorded.split_once(" EUR, ").and_then(|(amount, mode)| {
        let amount = french_euros(Cents::parse(amount).ok()?);
        match mode {
            "live" => Some(format!("{amount} en réel")),
            "test" => Some(format!("{amount} en test")),
            _ => None,
        }
    });
    Sentence::new(said.unwrap_or_else(|| recorded.to_owned()), recorded)
}
