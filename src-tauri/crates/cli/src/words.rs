//! The words of the command line for statuses, means of payment and links, in French and English.

use acquit_app::message::Lang;
use acquit_domain::receipt::{PaymentMeans, Status};

/// Picks the French or the English word.
pub(crate) const fn pick(lang: Lang, fr: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Fr => fr,
        Lang::En => en,
    }
}

/// A status as people say it.
pub(crate) const fn status(status: Status, lang: Lang) -> &'static str {
    match status {
        Status::Draft => pick(lang, "brouillon", "draft"),
        Status::Finalised => pick(lang, "à encaisser", "to be paid"),
        Status::PartlyPaid => pick(lang, "payée en partie", "partly paid"),
        Status::Settled => pick(lang, "acquittée", "settled"),
        Status::Cancelled => pick(lang, "annulée par avoir", "cancelled"),
    }
}

/// A means of payment as people say it.
pub(crate) const fn means(means: PaymentMeans, lang: Lang) -> &'static str {
    match means {
        PaymentMeans::CardPayplug => pick(lang, "carte (PayPlug)", "card (PayPlug)"),
        PaymentMeans::Cheque => pick(lang, "chèque", "cheque"),
        PaymentMeans::Transfer => pick(lang, "virement", "transfer"),
        PaymentMeans::Cash => pick(lang, "espèces", "cash"),
        PaymentMeans::DirectDebit => pick(lang, "prélèvement", "direct debit"),
        PaymentMeans::CardTerminal => pick(lang, "carte (terminal)", "card (terminal)"),
        PaymentMeans::Other => pick(lang, "autre moyen", "other means"),
    }
}

/// The state of a link (`cli.md`) as people say it.
pub(crate) fn link_state(code: &str, lang: Lang) -> &'static str {
    match code {
        "requested" => pick(lang, "demandé", "requested"),
        "open" => pick(lang, "ouvert au paiement", "open"),
        "aborting" => pick(lang, "en cours de retrait", "being taken back"),
        "aborted" => pick(lang, "retiré", "taken back"),
        "dead" => pick(
            lang,
            "refusé par PayPlug, ne peut plus être payé",
            "failed, cannot be paid any more",
        ),
        "refused" => pick(lang, "pas de lien", "no link"),
        "paid" => pick(lang, "payé", "paid"),
        "paid_test" => pick(lang, "payé (test)", "paid (test)"),
        "partly_refunded" => pick(lang, "remboursé en partie", "partly refunded"),
        "refunded" => pick(lang, "remboursé", "refunded"),
        "disputed" => pick(
            lang,
            "contesté par la banque du client",
            "disputed by the customer’s bank",
        ),
        _ => pick(lang, "état inconnu", "unknown state"),
    }
}
