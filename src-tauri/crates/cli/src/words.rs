//! The words of the command line for kinds, statuses, means of payment, links, mails, and what is checked,
//! in French and English.

use acquit_app::Kind;
use acquit_app::message::Lang;
use acquit_domain::receipt::{PaymentMeans, Status};

/// Picks the French or the English word.
pub(crate) const fn pick(lang: Lang, fr: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Fr => fr,
        Lang::En => en,
    }
}

/// A kind of document as people say it.
pub(crate) const fn kind(kind: Kind, lang: Lang) -> &'static str {
    match kind {
        Kind::Invoice => pick(lang, "Facture", "Invoice"),
        Kind::Deposit => pick(lang, "Facture d’acompte", "Deposit invoice"),
        Kind::Progress => pick(lang, "Situation", "Progress invoice"),
        Kind::Final => pick(lang, "Facture de solde", "Final invoice"),
        Kind::CreditNote => pick(lang, "Avoir", "Credit note"),
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
            "clos par PayPlug, ne peut plus être payé",
            "closed by PayPlug, cannot be paid any more",
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

/// The state of a mail (`cli.md`) as people say it.
pub(crate) fn mail_state(code: &str, lang: Lang) -> &'static str {
    match code {
        "queued" => pick(lang, "en attente", "waiting"),
        "handing_over" => pick(lang, "envoi en cours", "leaving"),
        "sent" => pick(lang, "envoyé", "sent"),
        "refused" => pick(lang, "refusé", "refused"),
        "unclear" => pick(lang, "peut-être pas arrivé", "may not have arrived"),
        "withdrawn" => pick(lang, "retiré", "taken back"),
        "elsewhere" => pick(
            lang,
            "confié à votre messagerie",
            "left to your own mail program",
        ),
        _ => pick(lang, "état inconnu", "unknown state"),
    }
}

/// What does not agree between PayPlug and the file, from the stable code of an anomaly.
pub(crate) fn anomaly(code: &str, lang: Lang) -> &'static str {
    match code {
        "amount_differs" => pick(
            lang,
            "Le montant n’est pas le même : rien n’est enregistré, vérifiez dans le portail PayPlug.",
            "The amounts differ: nothing is recorded, look in PayPlug’s portal.",
        ),
        "currency_differs" => pick(
            lang,
            "La monnaie n’est pas l’euro : rien n’est enregistré, vérifiez dans le portail PayPlug.",
            "The currency is not the euro: nothing is recorded, look in PayPlug’s portal.",
        ),
        "mode_differs" => pick(
            lang,
            "Le mode (Test ou Live) n’est pas le même : rien n’est enregistré, vérifiez dans le portail PayPlug.",
            "The modes (Test or Live) differ: nothing is recorded, look in PayPlug’s portal.",
        ),
        "metadata_differs" => pick(
            lang,
            "Ce paiement ne porte pas l’identifiant du lien : rien n’est enregistré, vérifiez dans le portail PayPlug.",
            "This payment does not carry the link’s id: nothing is recorded, look in PayPlug’s portal.",
        ),
        "paid_without_date" => pick(
            lang,
            "PayPlug annonce un paiement sans date : rien n’est enregistré, vérifiez dans le portail PayPlug.",
            "PayPlug says paid without a date: nothing is recorded, look in PayPlug’s portal.",
        ),
        "refund_exceeds_payment" => pick(
            lang,
            "PayPlug annonce plus de remboursements que d’argent reçu : vérifiez dans le portail PayPlug.",
            "PayPlug says that more was refunded than received: look in PayPlug’s portal.",
        ),
        "second_payment" => pick(
            lang,
            "Un second paiement porte l’identifiant de ce lien : vérifiez dans le portail PayPlug et remboursez-le s’il est de trop.",
            "A second payment carries this link’s id: look in PayPlug’s portal, and refund it if it is one too many.",
        ),
        _ => pick(
            lang,
            "PayPlug et ce dossier ne sont pas d’accord : vérifiez dans le portail PayPlug.",
            "PayPlug and this file disagree: look in PayPlug’s portal.",
        ),
    }
}

/// What `verify` counts, for people; in JSON the names stay as they are.
pub(crate) fn checked(name: &'static str, lang: Lang) -> &'static str {
    match name {
        "receipts" => pick(lang, "règlements", "receipts"),
        "chargebacks" => pick(lang, "contestations", "chargebacks"),
        "decisions" => pick(lang, "décisions", "decisions"),
        "documents" => pick(lang, "factures et avoirs", "documents"),
        "releases" => pick(lang, "retenues libérées", "released retentions"),
        "renditions" => pick(lang, "exemplaires remis", "renditions that left"),
        "entries" => pick(lang, "écritures", "entries"),
        "batches" => pick(lang, "lots exportés", "export batches"),
        "account_movements" => pick(
            lang,
            "mouvements du compte PayPlug",
            "movements of the PayPlug account",
        ),
        "closings" => pick(lang, "clôtures", "closings"),
        "numbers" => pick(lang, "numéros", "numbers"),
        "audit_records" => pick(lang, "événements au journal", "audit records"),
        "unsigned" => pick(lang, "événements sans signature", "unsigned"),
        _ => name,
    }
}

/// An invariant of `verify`, for people; in JSON the names stay as they are.
pub(crate) fn invariant(name: &'static str, lang: Lang) -> &'static str {
    let french = match name {
        "0 database" => "base de données",
        "1 allocations" => "affectation des règlements",
        "1 net due" => "net à payer",
        "2 payments" => "paiements par carte",
        "2 given back" => "sommes rendues",
        "2 link states" => "états des liens",
        "2 refund wishes" => "demandes de remboursement",
        "3 entries" => "écritures équilibrées",
        "3 letters" => "lettrage",
        "3 export numbers" => "numéros d’écriture exportés",
        "3 export batches" => "lots exportés",
        "3 PayPlug account" => "compte PayPlug",
        "3 VAT on fees" => "TVA sur frais PayPlug",
        "3 transfers" => "virements en cours",
        "3 retentions" => "compte des retenues de garantie",
        "3 closings" => "clôtures",
        "3 late bookings" => "paiements inscrits après leur période",
        "3 closed periods" => "écritures datées après la clôture de leur période",
        "4 renditions" => "exemplaires remis",
        "4 numbers" => "numérotation",
        "4 audit chain" => "journal des événements",
        "4 frozen documents" => "documents finalisés",
        _ => name,
    };
    pick(lang, french, name)
}

/// Where an invariant is broken: a number or an id, after an English word where there is one.
pub(crate) fn place(what: &str, lang: Lang) -> String {
    if lang == Lang::En {
        return what.to_owned();
    }
    let (word, rest) = what.split_once(' ').unwrap_or(("", what));
    let french = match word {
        "entry" => "écriture",
        "batch" => "lot",
        "letter" => "lettre",
        "record" => "événement",
        _ => return what.to_owned(),
    };
    let rest = rest
        .replace(" expected", " attendu")
        .replace(
            " does not follow the one before",
            ", qui ne suit pas le précédent",
        )
        .replace(" was changed", ", qui a été modifié");
    format!("{french} {rest}")
}

#[cfg(test)]
mod tests {
    use super::{anomaly, checked, invariant, link_state, mail_state, place};
    use acquit_app::message::Lang;

    #[test]
    fn a_dead_link_was_closed_and_not_refused() {
        assert_eq!(
            link_state("dead", Lang::Fr),
            "clos par PayPlug, ne peut plus être payé"
        );
    }

    #[test]
    fn every_state_of_a_mail_has_words_of_its_own() {
        let unknown = mail_state("something_new", Lang::Fr);
        for code in [
            "queued",
            "handing_over",
            "sent",
            "refused",
            "unclear",
            "withdrawn",
            "elsewhere",
        ] {
            assert_ne!(mail_state(code, Lang::Fr), unknown, "{code}");
        }
    }

    #[test]
    fn what_verify_finds_is_said_in_french() {
        assert_eq!(checked("receipts", Lang::Fr), "règlements");
        assert_eq!(invariant("1 net due", Lang::Fr), "net à payer");
        assert_eq!(invariant("1 net due", Lang::En), "1 net due");
        for (found, said) in [
            ("F-2026-00001", "F-2026-00001"),
            ("entry 12", "écriture 12"),
            ("batch 3", "lot 3"),
            ("letter AAB", "lettre AAB"),
            ("record 3 expected", "événement 3 attendu"),
            (
                "record 3 does not follow the one before",
                "événement 3, qui ne suit pas le précédent",
            ),
            ("record 3 was changed", "événement 3, qui a été modifié"),
        ] {
            assert_eq!(place(found, Lang::Fr), said);
            assert_eq!(place(found, Lang::En), found);
        }
    }

    #[test]
    fn every_anomaly_has_words_of_its_own() {
        let unknown = anomaly("something_new", Lang::Fr);
        for code in [
            "amount_differs",
            "currency_differs",
            "mode_differs",
            "metadata_differs",
            "paid_without_date",
            "refund_exceeds_payment",
            "second_payment",
        ] {
            assert_ne!(anomaly(code, Lang::Fr), unknown, "{code}");
        }
    }
}
