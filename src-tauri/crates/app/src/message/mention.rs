//! The sentences of what the law wants and the data lack.

use acquit_domain::invoice::mentions::Missing;

use super::Sentence;

/// What the law wants and the data lack.
#[must_use]
pub fn warning(missing: Missing) -> Sentence {
    let (fr, en) = match missing {
        Missing::Unprintable { character, .. } => return unprintable(character),
        Missing::Insurance
        | Missing::LegalForm
        | Missing::SoleTrader
        | Missing::Capital
        | Missing::Register
        | Missing::BankDetails
        | Missing::SellerVatNumber => of_seller(missing),
        Missing::CustomerSiren
        | Missing::CustomerVatNumber
        | Missing::PrivateOwesTax
        | Missing::CustomerEmail => of_customer(missing),
        _ => of_content(missing),
    };
    Sentence::new(fr, en)
}

fn unprintable(character: char) -> Sentence {
    Sentence::new(
        format!(
            "Le caractère « {character} » ne peut pas être imprimé, un « ? » prendrait sa place : écrivez-le autrement."
        ),
        format!(
            "“{character}” cannot be printed, “?” would stand in its place: write it otherwise."
        ),
    )
}

const fn of_seller(missing: Missing) -> (&'static str, &'static str) {
    match missing {
        Missing::Insurance => (
            "L’assurance décennale n’est pas renseignée : la loi la demande sur les factures de travaux.",
            "The professional insurance is missing: the law wants it on invoices of works.",
        ),
        Missing::LegalForm => (
            "La forme juridique manque (EI, SARL, SAS…).",
            "The legal form is missing.",
        ),
        Missing::SoleTrader => (
            "Un entrepreneur individuel fait suivre son nom de « EI » : indiquez-le dans la forme juridique.",
            "A sole trader adds “EI” to the name: say so in the legal form.",
        ),
        Missing::Capital => (
            "Le montant du capital manque : une société l’imprime à côté de son nom.",
            "The share capital is missing: a company prints it beside its name.",
        ),
        Missing::Register => (
            "L’immatriculation manque : RCS et ville, ou RNE pour un artisan.",
            "The register is missing: RCS and town, or RNE for a craftsman.",
        ),
        Missing::BankDetails => (
            "Sans IBAN, le client ne peut pas payer par virement.",
            "Without an IBAN the customer cannot pay by transfer.",
        ),
        _ => (
            "En autoliquidation et en livraison intracommunautaire, votre numéro de TVA est obligatoire.",
            "Under reverse charge and for intra-Community supplies your VAT number is required.",
        ),
    }
}

const fn of_customer(missing: Missing) -> (&'static str, &'static str) {
    match missing {
        Missing::CustomerSiren => (
            "Le SIREN du client professionnel manque.",
            "The professional customer’s SIREN is missing.",
        ),
        Missing::CustomerVatNumber => (
            "En autoliquidation et en livraison intracommunautaire, le numéro de TVA du client est obligatoire.",
            "Under reverse charge and for intra-Community supplies the customer’s VAT number is required.",
        ),
        Missing::PrivateOwesTax => (
            "Un particulier ne peut pas devoir la TVA à votre place : changez la TVA des lignes, ou le type du client.",
            "A private person cannot owe the VAT: change the lines’ VAT, or the kind of customer.",
        ),
        _ => (
            "Le client n’a pas d’adresse e-mail : ajoutez-la dans sa fiche, ou remettez-lui le PDF ou le lien autrement.",
            "The customer has no e-mail address.",
        ),
    }
}

const fn of_content(missing: Missing) -> (&'static str, &'static str) {
    match missing {
        Missing::SiteAddress => (
            "Le taux réduit tient au logement : indiquez l’adresse du chantier.",
            "The lower rate belongs to a dwelling: give the address of the works.",
        ),
        Missing::Certification => (
            "Taux réduit pour un professionnel : recopiez dans les notes ce qu’il certifie (locaux d’habitation de plus de deux ans).",
            "Lower rate for a professional: copy into the notes what they certify (dwelling over two years old).",
        ),
        Missing::ReverseChargeOfGoods => (
            "L’autoliquidation du bâtiment vaut pour des travaux, pas pour une simple livraison de biens : vérifiez la catégorie.",
            "The building reverse charge is for works, not for goods alone: check the operation.",
        ),
        Missing::RetentionAboveFivePercent => (
            "La retenue de garantie dépasse 5 % du TTC, le maximum légal.",
            "The retention is above the legal 5 %.",
        ),
        _ => (
            "L’échéance dépasse le maximum légal entre professionnels : 60 jours, ou 45 jours fin de mois.",
            "Due later than the law lets between professionals: 60 days, or 45 days and the end of the month.",
        ),
    }
}
