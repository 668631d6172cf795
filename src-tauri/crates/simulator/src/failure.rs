//! The documented reasons of a failed payment (reference § 4.5).

/// One documented failure.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// `failure.code`.
    pub(crate) code: &'static str,
    /// `failure.message`, the documented sentence.
    pub(crate) message: &'static str,
    /// The words on the payment page.
    pub(crate) french: &'static str,
}

const fn failure(code: &'static str, message: &'static str, french: &'static str) -> Failure {
    Failure {
        code,
        message,
        french,
    }
}

pub(crate) static CARD_DECLINED: Failure = failure(
    "card_declined",
    "The card has been rejected.",
    "Carte refusée par la banque",
);
pub(crate) static DECLINED_3DS: Failure = failure(
    "3ds_declined",
    "The 3D Secure authentication request has failed.",
    "Authentification 3-D Secure refusée",
);
pub(crate) static ABORTED: Failure = failure(
    "aborted",
    "Payment has been aborted with the abort feature.",
    "Lien annulé par l’entreprise",
);
pub(crate) static TIMEOUT: Failure = failure(
    "timeout",
    "The customer has not tried to pay and left the payment page.",
    "Page quittée sans payer",
);
static PROCESSING_ERROR: Failure = failure(
    "processing_error",
    "Error while processing the card.",
    "Erreur de traitement",
);
static INSUFFICIENT_FUNDS: Failure = failure(
    "insufficient_funds",
    "Insufficient funds to cover the payment.",
    "Provision insuffisante",
);
static INCORRECT_NUMBER: Failure = failure(
    "incorrect_number",
    "The card number is incorrect.",
    "Numéro de carte incorrect",
);
static FRAUD_SUSPECTED: Failure = failure(
    "fraud_suspected",
    "Payment rejected because a fraud has been detected.",
    "Suspicion de fraude",
);
static METHOD_UNSUPPORTED: Failure = failure(
    "method_unsupported",
    "The payment method is not supported (e.g. e-carte bleue).",
    "Moyen de paiement non accepté",
);
static CARD_SCHEME_MISMATCH: Failure = failure(
    "card_scheme_mismatch",
    "The card number does not match with the selected brand.",
    "Marque de carte incohérente",
);
static EXPIRES_TOO_EARLY: Failure = failure(
    "card_expiration_date_prior_to_last_installment_date",
    "The card expiration date is prior to the last installment date.",
    "Carte expirée avant l’échéance",
);

/// The whole table, in the order of the payment page's list.
pub(crate) static ALL: [&Failure; 11] = [
    &INSUFFICIENT_FUNDS,
    &CARD_DECLINED,
    &DECLINED_3DS,
    &INCORRECT_NUMBER,
    &FRAUD_SUSPECTED,
    &METHOD_UNSUPPORTED,
    &CARD_SCHEME_MISMATCH,
    &EXPIRES_TOO_EARLY,
    &PROCESSING_ERROR,
    &TIMEOUT,
    &ABORTED,
];

impl Failure {
    /// The failure with this code.
    pub(crate) fn find(code: &str) -> Option<&'static Failure> {
        ALL.into_iter().find(|failure| failure.code == code)
    }

    /// An aborted or abandoned payment ends there: no payer can try again on it.
    pub(crate) fn always_final(&self) -> bool {
        *self == ABORTED || *self == TIMEOUT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_and_an_unknown_one_is_not() {
        for failure in ALL {
            assert_eq!(Failure::find(failure.code), Some(failure));
        }
        assert_eq!(Failure::find("card_stolen"), None);
    }
}
