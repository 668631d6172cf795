//! The sentences of broken rules.

use acquit_domain::Rule;
use acquit_domain::date::french_short;
use acquit_domain::money::french_euros;

use super::Sentence;
use super::numbers::of_numbers;

/// A French sentence and its English twin.
type Twin = (&'static str, &'static str);

const IMPOSSIBLE: Twin = (
    "Cette opération n’est pas possible dans cet état.",
    "Not possible in this state.",
);

/// The sentence of a broken rule.
#[must_use]
pub fn rule(rule: &Rule) -> Sentence {
    match rule {
        Rule::TooManyDecimals { most } => Sentence::new(
            format!("Trop de décimales : {most} au plus."),
            format!("Too many decimals: {most} at most."),
        ),
        Rule::TooLong { most } => Sentence::new(
            format!("Texte trop long : {most} caractères au plus."),
            format!("Text too long: {most} characters at most."),
        ),
        Rule::TooManyLines { most } => Sentence::new(
            format!("Trop de lignes : {most} au plus sur une facture."),
            format!("Too many lines: {most} at most."),
        ),
        Rule::IssuedInFuture { date } => Sentence::new(
            format!("La date du {} est dans le futur.", french_short(*date)),
            format!("The date {date} is in the future."),
        ),
        Rule::IssuedBeforeLast { last } => Sentence::new(
            format!(
                "Le dernier document de cette série est du {} : une date antérieure romprait l’ordre des numéros.",
                french_short(*last)
            ),
            format!(
                "The last document of the series is dated {last}: an earlier date would break the order."
            ),
        ),
        Rule::MoreThanNetDue { remaining } => Sentence::new(
            format!(
                "Le montant dépasse le net à payer ({}) : indiquez un trop-perçu si c’est voulu.",
                french_euros(*remaining)
            ),
            format!(
                "More than the net due ({}): say that it is an overpayment if it is meant.",
                remaining.decimal()
            ),
        ),
        Rule::Number(rule) => of_numbers(rule),
        _ => amount_given_back(rule)
            .or_else(|| of_mails(rule))
            .or_else(|| of_contacts(rule))
            .or_else(|| of_references(rule))
            .or_else(|| super::settling::of_settlements(rule))
            .or_else(|| super::account::of_movements(rule))
            .or_else(|| super::closing::of_closings(rule))
            .unwrap_or_else(|| plain(rule)),
    }
}

/// What a document that follows, takes off or credits others breaks.
fn of_references(rule: &Rule) -> Option<Sentence> {
    Some(match rule {
        Rule::UnknownReference { number } => Sentence::new(
            format!("Aucune facture finalisée ne porte le numéro {number}."),
            format!("No finalised document has the number {number}."),
        ),
        Rule::ReferenceOfAnother { number } => Sentence::new(
            format!(
                "{number} a été faite pour un autre client : choisissez un document du même client."
            ),
            format!("{number} is of another customer."),
        ),
        Rule::NotDeductible { number } => Sentence::new(
            format!(
                "{number} ne peut pas être déduite : seules les situations et les factures d’acompte qui n’ont pas été annulées le peuvent."
            ),
            format!(
                "{number} cannot be taken off: only situations and deposits that were not cancelled can."
            ),
        ),
        Rule::AlreadyDeducted { number, by } => Sentence::new(
            format!("{number} est déjà déduite dans {by} : continuez à partir de celle-ci."),
            format!("{number} is taken off by {by} already."),
        ),
        Rule::DepositUnpaid { number } => Sentence::new(
            format!(
                "L’acompte {number} n’est pas encore réglé : enregistrez son règlement ou annulez-le avant de le déduire."
            ),
            format!("The deposit {number} is not settled: record its receipt or cancel it first."),
        ),
        Rule::DeductedBy { by } => Sentence::new(
            format!("Ce document est déduit dans {by} : annulez d’abord {by}."),
            format!("This document is taken off by {by}: cancel that one first."),
        ),
        _ => return None,
    })
}

/// Rules of mails.
fn of_mails(rule: &Rule) -> Option<Sentence> {
    Some(match rule {
        Rule::OneIsNotAnEmail(typed) => Sentence::new(
            format!(
                "« {typed} » n’est pas une adresse e-mail : écrivez par exemple nom@orange.fr."
            ),
            format!("“{typed}” is not an e-mail address."),
        ),
        Rule::TooManyRecipients { most } => Sentence::new(
            format!("Trop de destinataires : {most} au plus dans un message."),
            format!("Too many recipients: {most} at most."),
        ),
        Rule::UnknownVariable(word) => Sentence::new(
            format!(
                "Acquit ne connaît pas {{{word}}} : choisissez une variable avec le bouton, ou retirez les accolades."
            ),
            format!("{{{word}}} is no variable."),
        ),
        Rule::TooHeavy { most } => {
            let most = acquit_mail::words::size(*most);
            Sentence::new(
                format!(
                    "Pièces jointes trop lourdes : {most} au plus, sinon beaucoup de messageries refusent le message."
                ),
                format!("Too heavy: {most} at most."),
            )
        }
        Rule::NotAPort => Sentence::new(
            "Le port est un nombre, le plus souvent 465 ou 587.",
            "The port is a number from 1 to 65535.",
        ),
        Rule::NotAServer => Sentence::new(
            "Ce n’est pas le nom d’un serveur : recopiez celui que donne votre fournisseur, comme smtp.orange.fr.",
            "Not the name of a server.",
        ),
        Rule::NotEncrypted => Sentence::new(
            "Votre mot de passe partirait en clair : choisissez TLS ou STARTTLS.",
            "The password would travel in the clear: choose TLS or STARTTLS.",
        ),
        _ => return None,
    })
}

/// Rules of a customer's contacts.
fn of_contacts(rule: &Rule) -> Option<Sentence> {
    Some(match rule {
        Rule::TooManyContacts { most } => Sentence::new(
            format!("Trop de contacts : {most} au plus pour un client."),
            format!("Too many contacts: {most} at most."),
        ),
        Rule::NamelessContact => Sentence::new(
            "Indiquez au moins un nom ou une adresse e-mail.",
            "Give a name or an e-mail address.",
        ),
        Rule::EmailOfAnother => Sentence::new(
            "Un autre contact de ce client a déjà cette adresse.",
            "Another contact of this customer has this address.",
        ),
        Rule::MailsWithoutEmail => Sentence::new(
            "Indiquez l’adresse à laquelle envoyer les factures.",
            "Give the address to which invoices are sent.",
        ),
        _ => return None,
    })
}

/// The rules whose sentence holds no value.
fn plain(rule: &Rule) -> Sentence {
    let (fr, en) = identifier(rule)
        .or_else(|| value(rule))
        .or_else(|| document(rule))
        .or_else(|| kinds(rule))
        .or_else(|| retention(rule))
        .or_else(|| given_back(rule))
        .unwrap_or(IMPOSSIBLE);
    Sentence::new(fr, en)
}

/// Amounts and days of what goes back or is taken off.
fn amount_given_back(rule: &Rule) -> Option<Sentence> {
    Some(match rule {
        Rule::MoreThanRefundable { refundable } => Sentence::new(
            format!(
                "Le montant dépasse ce qui peut encore être remboursé ({}).",
                french_euros(*refundable)
            ),
            format!(
                "More than what can still be refunded ({}).",
                refundable.decimal()
            ),
        ),
        Rule::MoreThanCreditable { creditable } => Sentence::new(
            format!(
                "Le montant dépasse ce qui peut encore être crédité de cette facture ({}).",
                french_euros(*creditable)
            ),
            format!(
                "More than what can still be credited of this invoice ({}).",
                creditable.decimal()
            ),
        ),
        Rule::MoreThanReceived { left } => Sentence::new(
            format!(
                "Le montant dépasse ce qui reste du paiement par carte ({}).",
                french_euros(*left)
            ),
            format!(
                "More than what is left of the card payment ({}).",
                left.decimal()
            ),
        ),
        Rule::RefundBelowMinimum { least } => Sentence::new(
            format!(
                "PayPlug ne rembourse pas moins de {} : demandez davantage.",
                french_euros(*least)
            ),
            format!("PayPlug refunds no less than {}.", least.decimal()),
        ),
        Rule::RefundTooEarly { from } => Sentence::new(
            format!(
                "PayPlug ne rembourse ce paiement qu’à partir du {} : attendez jusque-là.",
                french_short(*from)
            ),
            format!("PayPlug refunds this payment only from {from} on."),
        ),
        Rule::RefundTooLate { until } => Sentence::new(
            format!(
                "PayPlug ne rembourse plus ce paiement depuis le {} : remboursez votre client par un autre moyen.",
                french_short(*until)
            ),
            format!("PayPlug refunds this payment no more since {until}: use other means."),
        ),
        Rule::BeforeEvent { earliest } => Sentence::new(
            format!(
                "La date est avant celle de l’opération concernée ({}).",
                french_short(*earliest)
            ),
            format!("The date is before that of what it follows from ({earliest})."),
        ),
        _ => return None,
    })
}

/// What an identifier breaks.
fn identifier(rule: &Rule) -> Option<Twin> {
    Some(match rule {
        Rule::NotASiren => (
            "Ce n’est pas un SIREN : neuf chiffres, dont une clé de contrôle.",
            "Not a SIREN: nine digits with a check digit.",
        ),
        Rule::NotASiret => (
            "Ce n’est pas un SIRET : quatorze chiffres, dont une clé de contrôle.",
            "Not a SIRET: fourteen digits with a check digit.",
        ),
        Rule::NotAVatNumber => (
            "Ce n’est pas un numéro de TVA intracommunautaire, comme FR12345678901.",
            "Not an intra-EU VAT number.",
        ),
        Rule::NotAnIban => (
            "Cet IBAN est faux : vérifiez-le sur votre RIB.",
            "This IBAN is wrong.",
        ),
        Rule::NotABic => (
            "Ce BIC est faux : 8 ou 11 caractères, comme BNPAFRPP.",
            "This BIC is wrong.",
        ),
        Rule::NotAnEmail => (
            "Cette adresse e-mail n’est pas valable.",
            "Not a valid e-mail address.",
        ),
        Rule::NotACountry => (
            "Le pays s’écrit avec deux lettres majuscules, comme FR.",
            "A country is two capital letters, such as FR.",
        ),
        _ => return None,
    })
}

/// What a value breaks.
fn value(rule: &Rule) -> Option<Twin> {
    Some(match rule {
        Rule::NotADecimal => (
            "Ce n’est pas un nombre : écrivez par exemple 1250.00.",
            "Not a number: write 1250.00, for example.",
        ),
        Rule::TooLarge => ("Le montant est trop grand.", "The amount is too large."),
        Rule::Negative => (
            "La valeur ne peut pas être négative : c’est la quantité qui porte le signe.",
            "The value cannot be negative.",
        ),
        Rule::NotPositive => (
            "Le montant doit être supérieur à zéro.",
            "The amount must be above zero.",
        ),
        Rule::NotAPercentage => (
            "Le pourcentage va de 0 à 100.",
            "A percentage goes from 0 to 100.",
        ),
        Rule::Empty => (
            "Ce champ ne peut pas être vide.",
            "This field cannot be empty.",
        ),
        Rule::ControlCharacter => (
            "Le texte contient des caractères invisibles interdits.",
            "The text holds forbidden invisible characters.",
        ),
        Rule::NotAHash => (
            "Ce n’est pas une empreinte SHA-256 : 64 chiffres et lettres de a à f.",
            "Not a SHA-256: 64 hexadecimal digits.",
        ),
        Rule::UnknownChoice => (
            "Cette valeur ne fait pas partie des choix possibles.",
            "Not one of the possible choices.",
        ),
        _ => return None,
    })
}

/// What a document or its dates break.
fn document(rule: &Rule) -> Option<Twin> {
    Some(match rule {
        Rule::UnknownVatRate => (
            "Ce taux de TVA n’existe pas en métropole : 20, 10, 5.5 ou 2.1.",
            "Unknown VAT rate: 20, 10, 5.5 or 2.1.",
        ),
        Rule::RateAgainstCategory => (
            "Le taux ne va pas avec la catégorie de TVA : un taux pour S, aucun (ou 0) pour les autres.",
            "The rate does not fit the VAT category.",
        ),
        Rule::VatUnderFranchise => (
            "L’entreprise est en franchise de TVA : les lignes sont sans TVA (catégorie E).",
            "The company is under the VAT franchise: lines carry no VAT.",
        ),
        Rule::NoLine => (
            "La facture n’a aucune ligne chiffrée : ajoutez-en une.",
            "The invoice has no charged line: add one.",
        ),
        Rule::NegativeBase => (
            "Les quantités négatives dépassent le reste de leur taux de TVA : le total de ce taux serait négatif.",
            "Negative quantities exceed the rest of their VAT rate.",
        ),
        Rule::DeductionsExceedTotal => (
            "Les déductions et les acomptes dépassent le total TTC.",
            "Deductions and deposits exceed the total.",
        ),
        Rule::PercentOrAmount => (
            "Indiquez soit un pourcentage, soit un montant.",
            "Give either a percentage or an amount.",
        ),
        Rule::DueBeforeIssue => (
            "L’échéance est avant la date d’émission.",
            "The due date is before the issue date.",
        ),
        Rule::SeriesExhausted => (
            "Le compteur de cette série est plein (999 999 numéros) : changez le modèle dans Paramètres › Numérotation.",
            "The counter of the series is full: change its pattern in the settings.",
        ),
        Rule::NotAnInvoice => (
            "Cette action ne concerne que les factures, pas les avoirs.",
            "Only invoices allow this, not credit notes.",
        ),
        Rule::AlreadyCancelled => (
            "Cette facture est déjà annulée par un avoir.",
            "This invoice is already cancelled by a credit note.",
        ),
        Rule::NotADate => (
            "Ce n’est pas une date : écrivez AAAA-MM-JJ, comme 2026-11-02.",
            "Not a date: write YYYY-MM-DD.",
        ),
        _ => return None,
    })
}

/// What belongs to one kind of document and not to another, and what an earlier one leaves no room for.
fn kinds(rule: &Rule) -> Option<Twin> {
    Some(match rule {
        Rule::LessThanBefore => (
            "L’avancement est inférieur à ce que les situations précédentes ont déjà facturé : augmentez-le, ou faites un avoir sur la dernière situation.",
            "Less is done than earlier situations asked for.",
        ),
        Rule::DepositBeyondRate => (
            "Un acompte dépasse ce que la facture porte au même taux de TVA : vérifiez les taux, ou faites un avoir sur l’acompte.",
            "A deposit exceeds what the invoice charges at its rate.",
        ),
        Rule::ProgressNotHere => (
            "Un avancement n’a de sens que sur une situation de travaux.",
            "Progress belongs to situations only.",
        ),
        Rule::DeductionNotHere => (
            "Une facture d’acompte ou un avoir ne porte ni retenue de garantie ni autre déduction.",
            "A deposit or a credit note has no deductions.",
        ),
        Rule::ReferenceNotHere => (
            "Ce type de document ne se rattache à aucun autre : retirez les numéros.",
            "This kind of document refers to no other.",
        ),
        Rule::OneReference => (
            "Un avoir se rattache à une seule facture : indiquez son numéro.",
            "A credit note refers to exactly one invoice.",
        ),
        Rule::MoreThanLeftAtRate => (
            "L’avoir reprend plus que ce qui reste de la facture à ce taux de TVA.",
            "The credit note takes back more at a rate than is left of the invoice.",
        ),
        _ => return None,
    })
}

/// What a retention and its release break.
fn retention(rule: &Rule) -> Option<Twin> {
    Some(match rule {
        Rule::OnlyForRetention => (
            "Une date de libération ou une caution bancaire ne concerne que la retenue de garantie, et l’une exclut l’autre : avec une caution, rien n’est retenu.",
            "Only a retention has a release date or a bond, and one excludes the other.",
        ),
        Rule::ReleaseBeforeIssue => (
            "La retenue de garantie ne peut pas être libérée avant la date de la facture.",
            "The retention cannot be released before the invoice is issued.",
        ),
        Rule::NoRetention => (
            "Rien n’est retenu sur cette facture : il n’y a pas de retenue de garantie à libérer.",
            "Nothing is held back of this invoice: there is no retention to release.",
        ),
        Rule::AlreadyReleased => (
            "La retenue de garantie de cette facture est déjà libérée.",
            "The retention of this invoice is already released.",
        ),
        _ => return None,
    })
}

/// What money given back, and decisions after it, break.
fn given_back(rule: &Rule) -> Option<Twin> {
    Some(match rule {
        Rule::RefundUnderWay => (
            "Un remboursement de cette facture est déjà en cours : attendez qu’il soit fait ou retirez-le.",
            "A refund of this invoice is under way: wait for it or withdraw it.",
        ),
        Rule::NotLater => (
            "Cette relance doit venir après les précédentes : indiquez un nombre de jours plus grand.",
            "This reminder must come after the milder ones: type more days.",
        ),
        Rule::NothingToDecide => (
            "Rien n’attend de décision sur cette facture : aucune somme rendue n’est encore due.",
            "Nothing waits for a decision on this invoice.",
        ),
        Rule::NoLostChargeback => (
            "Seule une contestation perdue peut passer en perte : enregistrez d’abord qu’elle est perdue.",
            "Only a lost chargeback can be written off: record first that it was lost.",
        ),
        Rule::ChargebackClosed => (
            "Cette contestation est déjà close.",
            "This chargeback is closed already.",
        ),
        Rule::WrittenOff => (
            "Une partie de cette facture est passée en perte : elle ne peut plus être annulée en entier. Faites un avoir pour le reste.",
            "A part of this invoice was written off: it can no longer be cancelled as a whole. Credit the rest.",
        ),
        _ => return None,
    })
}
