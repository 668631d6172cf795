//! What a customer reads in a mail, in French, besides what its sender wrote.

use acquit_domain::Cents;
use acquit_domain::company::Company;
use acquit_domain::date::french_long;
use acquit_domain::money::french_euros;
use acquit_domain::numbering::DocumentNumber;
use acquit_domain::quantity::Percent;
use acquit_domain::reminder::Level;
use jiff::civil::Date;

/// A saved text that every company begins with: what it is proposed for, name, subject, body.
pub type DefaultText = (&'static str, &'static str, &'static str, &'static str);

/// Role of the text that is proposed for invoices.
pub const FOR_INVOICES: &str = "invoice";
/// Role of the text that is proposed for credit notes.
pub const FOR_CREDIT_NOTES: &str = "credit_note";

/// The texts that every company begins with.
pub const DEFAULT_TEXTS: [DefaultText; 9] = [
    (
        FOR_INVOICES,
        "Facture",
        "Facture {numéro}, {objet}",
        "Bonjour {civilité} {nom},\n\nVeuillez trouver ci-joint la facture {numéro} d’un montant de {montant}.\n\n{lien de paiement}\n\nUne question ? Répondez simplement à ce message.\n\nBien à vous,\n{entreprise}",
    ),
    (
        "new_link",
        "Nouveau lien de paiement",
        "Facture {numéro}, nouveau lien de paiement",
        "Bonjour {civilité} {nom},\n\nVoici un nouveau lien pour régler la facture {numéro} : il remplace celui que vous avez reçu.\n\n{lien de paiement}\n\nBien à vous,\n{entreprise}",
    ),
    (
        "settled",
        "Facture acquittée",
        "Facture {numéro} acquittée",
        "Bonjour {civilité} {nom},\n\nMerci pour votre règlement. Vous trouverez ci-joint la facture {numéro} acquittée.\n\nBien à vous,\n{entreprise}",
    ),
    (
        FOR_CREDIT_NOTES,
        "Avoir",
        "Avoir {numéro}",
        "Bonjour {civilité} {nom},\n\nVeuillez trouver ci-joint l’avoir {numéro} d’un montant de {montant}.\n\nBien à vous,\n{entreprise}",
    ),
    (
        for_reminders(Level::BeforeDue),
        "Rappel avant l’échéance",
        "Échéance du {échéance} : {numéro}",
        "Bonjour {civilité} {nom},\n\nUn petit mot pour vous rappeler l’échéance du {échéance}, pour {factures}.\n\n{lien de paiement}\n\nSi votre règlement est déjà parti, ne tenez pas compte de ce message.\n\nBien à vous,\n{entreprise}",
    ),
    (
        for_reminders(Level::First),
        "1re relance",
        "Rappel : {net à payer} à régler, {numéro}",
        "Bonjour {civilité} {nom},\n\nSauf erreur de notre part, nous n’avons pas encore reçu votre règlement pour {factures}. Il s’agit sans doute d’un oubli.\n\n{lien de paiement}\n\nSi votre règlement est déjà parti, ne tenez pas compte de ce message.\n\nBien à vous,\n{entreprise}",
    ),
    (
        for_reminders(Level::Second),
        "2e relance",
        "Deuxième rappel : {net à payer} à régler, {numéro}",
        "Bonjour {civilité} {nom},\n\nMalgré notre message précédent, nous attendons toujours votre règlement pour {factures}. Le retard est de {retard}.\n\n{lien de paiement}\n\nUne difficulté ? Répondez à ce message : nous chercherons une solution avec vous.\n\nBien à vous,\n{entreprise}",
    ),
    (
        for_reminders(Level::Third),
        "Dernière relance",
        "Dernier rappel : {net à payer} à régler, {numéro}",
        "Bonjour {civilité} {nom},\n\nMalgré nos rappels, {net à payer} nous restent dus pour {factures}, avec un retard de {retard}. Sans règlement sous huit jours, nous devrons vous mettre en demeure.\n\n{lien de paiement}\n\n{pénalités}\n\nCordialement,\n{entreprise}",
    ),
    (
        for_reminders(Level::FormalNotice),
        "Mise en demeure",
        "Mise en demeure de payer {net à payer}, {numéro}",
        "{civilité} {nom},\n\nNos rappels sont restés sans réponse. Nous vous mettons en demeure de nous payer, sous huit jours, la somme de {net à payer} due pour {factures}.\n\n{lien de paiement}\n\n{pénalités}\n\nÀ défaut, nous saisirons la juridiction compétente. Ce message vaut mise en demeure au sens de l’article 1344 du code civil.\n\n{entreprise}",
    ),
];

/// Role of the text that is proposed for reminders of a level.
#[must_use]
pub const fn for_reminders(level: Level) -> &'static str {
    match level {
        Level::BeforeDue => "reminder_before_due",
        Level::First => "reminder_first",
        Level::Second => "reminder_second",
        Level::Third => "reminder_third",
        Level::FormalNotice => "reminder_formal_notice",
    }
}

/// Over the amount: which invoice, and until when; since when, on a later day.
#[must_use]
pub fn caption(number: DocumentNumber, due: Date, today: Date) -> String {
    let when = if today > due {
        "échue le"
    } else {
        "à payer avant le"
    };
    format!("Facture {number}, {when} {}", french_long(due))
}

/// Things one after the other: `a, b et c`.
#[must_use]
pub fn enumerated(things: &[String]) -> String {
    match things {
        [] => String::new(),
        [only] => only.clone(),
        [before @ .., last] => format!("{} et {last}", before.join(", ")),
    }
}

/// An invoice as one speaks of it.
#[must_use]
pub fn one_invoice(number: DocumentNumber, issued: Date) -> String {
    format!("la facture {number} du {}", french_long(issued))
}

/// Several invoices as one speaks of them.
#[must_use]
pub fn invoices(numbers: &[String]) -> String {
    format!("les factures {}", enumerated(numbers))
}

/// How long an invoice has been due; nothing for one that is not.
#[must_use]
pub fn late(days: i32) -> String {
    match days {
        ..=0 => String::new(),
        1 => "1\u{a0}jour".to_owned(),
        _ => format!("{days}\u{a0}jours"),
    }
}

/// What late payment adds between professionals (C. com. art. L441-10 and D441-5), at a yearly rate where
/// one is known.
#[must_use]
pub fn late_costs(yearly_rate: Option<Percent>, penalties: Cents, compensation: Cents) -> String {
    let penalties = match yearly_rate {
        Some(rate) => format!(
            "{} de pénalités de retard à ce jour (trois fois l’intérêt légal, soit {} par an)",
            french_euros(penalties),
            percentage(rate)
        ),
        None => "des pénalités de retard au taux de trois fois l’intérêt légal".to_owned(),
    };
    format!(
        "S’y ajoutent de plein droit {penalties} et {} d’indemnité forfaitaire pour frais de recouvrement (articles L441-10 et D441-5 du code de commerce).",
        french_euros(compensation)
    )
}

/// `12,15 %`.
#[must_use]
pub fn percentage(percent: Percent) -> String {
    format!("{}\u{a0}%", percent.decimal().replace('.', ","))
}

/// Name of a statement of account that goes with a mail.
pub const STATEMENT_NAME: &str = "Relevé de compte.pdf";

/// On the button.
#[must_use]
pub fn button(amount: Cents) -> String {
    format!("Payer {} par carte", french_euros(amount))
}

/// Under the button.
pub const CARD_NOTE: &str = "Sans compte à créer, sans frais. Carte bancaire, Visa ou Mastercard.";

/// Under the amount where there is no link.
#[must_use]
pub fn transfer_note(company: &Company, number: DocumentNumber) -> String {
    match &company.iban {
        Some(iban) => format!(
            "Par virement : IBAN {}, en rappelant {number}.",
            grouped(iban.as_str())
        ),
        None => format!("Réglez comme indiqué sur la facture, en rappelant {number}."),
    }
}

/// In place of the payment block on an invoice that asks for nothing any more.
#[must_use]
pub fn settled(number: DocumentNumber) -> String {
    format!("La facture {number} est acquittée : vous n’avez plus rien à payer.")
}

/// In place of the payment block on an invoice that a credit note has cancelled.
#[must_use]
pub fn cancelled(number: DocumentNumber) -> String {
    format!("La facture {number} est annulée : elle n’est pas à payer.")
}

/// Name of the PDF.
#[must_use]
pub fn pdf_name(number: DocumentNumber, is_credit_note: bool) -> String {
    let what = if is_credit_note { "Avoir" } else { "Facture" };
    format!("{what} {}.pdf", number.in_file_name())
}

/// A length in bytes, as people read it: `84 Ko`, `2,4 Mo`.
#[must_use]
pub fn size(bytes: u64) -> String {
    let kilo = bytes.div_ceil(1_024).max(1);
    if kilo < 1_024 {
        return format!("{kilo}\u{a0}Ko");
    }
    let tenths = (bytes * 10 + 524_288) / 1_048_576;
    format!("{},{}\u{a0}Mo", tenths / 10, tenths % 10)
}

/// Where the company is, and its telephone.
#[must_use]
pub fn place(company: &Company) -> String {
    match &company.phone {
        Some(phone) => format!("{}, {phone}", company.address.city),
        None => company.address.city.clone(),
    }
}

/// Small print: where the button leads, and who writes.
#[must_use]
pub fn legal(company: &Company, payment_host: Option<&str>) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(host) = payment_host {
        lines.push(format!(
            "Le bouton ouvre {host}, la page de paiement sécurisée de PayPlug. {} ne voit jamais votre numéro de carte.",
            company.name
        ));
    }
    let form = match (&company.legal_form, &company.capital) {
        (Some(form), Some(capital)) => Some(format!("{form} au capital de {capital}")),
        (Some(form), None) => Some(form.clone()),
        (None, _) => None,
    };
    let siret = format!("SIRET {}", company.siret);
    let said = [form, company.register.clone(), Some(siret)];
    lines.push(said.into_iter().flatten().collect::<Vec<_>>().join(", "));
    lines
}

/// Over everything in a demonstration.
pub const DEMONSTRATION: &str = "Démonstration : ce message n’est pas une vraie facture.";
/// Over everything in a trial.
pub const TRIAL: &str = "Essai : ce message n’est pas une vraie facture.";
/// Subject of the message by which a mailbox is checked.
pub const CHECK_SUBJECT: &str = "Votre messagerie est prête dans Acquit";
/// Its words.
pub const CHECK_BODY: &str = "Ce message vient d’Acquit : votre messagerie est bien réglée.\n\nVos factures partiront de cette adresse, et vos clients répondront ici.";

/// A short text for a telephone.
#[must_use]
pub fn sms(company: &str, number: DocumentNumber, amount: Cents, url: &str) -> String {
    format!(
        "{company} : la facture {number} de {} se règle par carte ici : {url}",
        french_euros(amount)
    )
}

/// An identifier in groups of four, as banks print it.
fn grouped(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{
        DEFAULT_TEXTS, enumerated, for_reminders, grouped, late, late_costs, percentage, size,
    };
    use acquit_domain::Cents;
    use acquit_domain::limits::{BODY_MAX, SUBJECT_MAX};
    use acquit_domain::quantity::Percent;
    use acquit_domain::reminder::Level;
    use acquit_domain::template::check;

    #[test]
    fn default_texts_can_be_saved_as_they_are() {
        for (_, name, subject, body) in DEFAULT_TEXTS {
            assert_eq!(check(subject), Ok(()), "{name}");
            assert_eq!(check(body), Ok(()), "{name}");
            assert!(subject.chars().count() <= SUBJECT_MAX && body.chars().count() <= BODY_MAX);
        }
    }

    #[test]
    fn sizes_and_identifiers_read_as_people_write_them() {
        assert_eq!(size(0), "1\u{a0}Ko");
        assert_eq!(size(86_016), "84\u{a0}Ko");
        assert_eq!(size(2_516_582), "2,4\u{a0}Mo");
        assert_eq!(
            grouped("FR7619999000370051270048175"),
            "FR76 1999 9000 3700 5127 0048 175"
        );
    }

    #[test]
    fn every_level_has_its_text_and_the_firm_ones_name_the_costs() {
        for level in Level::ALL {
            let mut texts = DEFAULT_TEXTS.into_iter();
            let (.., body) = texts
                .find(|(role, ..)| *role == for_reminders(level))
                .unwrap();
            assert!(body.contains("{lien de paiement}"), "{level:?}");
            assert_eq!(
                body.contains("{pénalités}"),
                level >= Level::Third,
                "{level:?}"
            );
        }
    }

    #[test]
    fn several_things_days_and_rates_read_as_people_say_them() {
        let things: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
        assert_eq!(enumerated(&things), "a, b et c");
        assert_eq!(enumerated(&things[..1]), "a");
        assert_eq!(
            (late(0), late(1).as_str(), late(24).as_str()),
            (String::new(), "1\u{a0}jour", "24\u{a0}jours")
        );
        let said_as = |rate: &str| percentage(Percent::parse(rate).unwrap());
        assert_eq!(
            (said_as("12.15"), said_as("5.5")),
            ("12,15\u{a0}%".to_owned(), "5,5\u{a0}%".to_owned())
        );
        let said = late_costs(
            Percent::parse("10").ok(),
            Cents::new(2_000),
            Cents::new(8_000),
        );
        assert!(
            said.contains(
                "20,00\u{a0}€ de pénalités de retard à ce jour (trois fois l’intérêt légal, soit 10\u{a0}% par an) et 80,00\u{a0}€"
            ),
            "{said}"
        );
        assert!(
            late_costs(None, Cents::ZERO, Cents::new(4_000)).contains("trois fois l’intérêt légal")
        );
    }
}
