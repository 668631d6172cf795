//! Every French word on paper. Texts of the law carry their source; `\u{a0}` is the no-break space
//! that French wants before double punctuation and inside amounts.

use acquit_domain::Cents;
use acquit_domain::adjustment::Adjustment;
use acquit_domain::company::{Address, Company};
use acquit_domain::date::{french_long, french_short};
use acquit_domain::invoice::{
    DeductionKind, DeductionValue, Earlier, EarlierKind, Operation, Reference,
};
use acquit_domain::money::{french_amount, group_thousands};
use acquit_domain::numbering::DocumentNumber;
use acquit_domain::quantity::{Percent, Quantity, UnitPrice};
use acquit_domain::receipt::PaymentMeans;
use acquit_domain::text::Country;
use acquit_domain::vat::VatTreatment;
use jiff::civil::Date;

use crate::countries;
use crate::paper::{Kind, PaperMovement, PaperReceipt};

pub(crate) const SITE: &str = "Chantier";
pub(crate) const SUBJECT: &str = "Objet";
pub(crate) const NOTES: &str = "Remarques";

pub(crate) const DESCRIPTION: &str = "Désignation";
pub(crate) const QUANTITY: &str = "Qté";
pub(crate) const UNIT: &str = "Unité";
pub(crate) const PRICE: &str = "Prix HT";
pub(crate) const VAT: &str = "TVA";
pub(crate) const NET: &str = "Total HT";
/// Above the lines of a situation: what was done from the first on.
pub(crate) const SO_FAR: &str = "Cumul HT";
pub(crate) const BASE: &str = "Base HT";
pub(crate) const VAT_AMOUNT: &str = "Montant";
pub(crate) const TO_CARRY: &str = "À reporter";
pub(crate) const CARRIED: &str = "Report";
/// Where a rate charges nothing: no amount of VAT may be shown (CGI art. 283, 2 nonies).
pub(crate) const NO_AMOUNT: &str = "–";

pub(crate) const STATEMENT: &str = "Relevé de compte";
pub(crate) const NUMBER: &str = "Numéro";
pub(crate) const ISSUED: &str = "Date";
pub(crate) const DUE: &str = "Échéance";
pub(crate) const INCL_VAT: &str = "TTC";
pub(crate) const PAID: &str = "Réglé";
/// The same where something was taken off besides.
pub(crate) const PAID_OR_DEDUCTED: &str = "Réglé, déduit";
pub(crate) const STILL_DUE: &str = "Reste dû";
pub(crate) const PAY_LINE: &str = "Payer par carte";
pub(crate) const TOTAL_DUE_ON: &str = "Total dû au";
pub(crate) const YOUR_ACCOUNT: &str = "Votre compte";
pub(crate) const MAY_HAVE_CROSSED: &str =
    "Un règlement parti ces derniers jours peut ne pas y figurer.";
pub(crate) const PAY_EACH: &str =
    "Par carte\u{a0}: «\u{a0}Payer par carte\u{a0}» ouvre la page de paiement PayPlug.";
pub(crate) const QUOTE_NUMBERS: &str = "en rappelant les numéros des factures";
pub(crate) const AS_ON_INVOICES: &str =
    "Réglez comme indiqué sur chaque facture, en rappelant son numéro.";

pub(crate) const NET_BEFORE_DISCOUNT: &str = "Total HT avant remise";
pub(crate) const GROSS: &str = "Total TTC";
pub(crate) const DONE_SO_FAR: &str = "Travaux réalisés à ce jour HT";
pub(crate) const DONE_SO_FAR_BEFORE_DISCOUNT: &str = "Travaux réalisés à ce jour HT, avant remise";
pub(crate) const NET_DUE: &str = "Net à payer";
pub(crate) const REMAINING: &str = "Reste à payer";
pub(crate) const CREDIT: &str = "Net à votre crédit";

pub(crate) const PAY: &str = "Payer en ligne par carte";
pub(crate) const PAY_HINT: [&str; 2] = ["sans compte ni frais, par", "PayPlug, paiement sécurisé"];
pub(crate) const SCAN: &str = "ou scannez ce code";
pub(crate) const TEST_LINK: &str = "LIEN DE TEST";
pub(crate) const TEST_HINT: &str = "aucun paiement réel";
pub(crate) const LINK_TO_COME: &str = "Lien de paiement à venir";
pub(crate) const NO_LINK_YET: &str =
    "Sans valeur avant son émission\u{a0}: ni numéro, ni lien de paiement.";
pub(crate) const ALREADY_PAID: &str = "Déjà réglé";
/// Above the list where not everything is money received.
pub(crate) const SINCE_ISSUED: &str = "Depuis l’émission";
pub(crate) const FULLY_PAID: &str = "réglée en totalité";
pub(crate) const NOTHING_DUE: &str = "rien à régler";
pub(crate) const CANCELLED_BY: &str = "facture annulée par un avoir";
pub(crate) const OVERPAID: &str = "Trop-perçu à votre crédit";
pub(crate) const STAMP_SETTLED: &str = "ACQUITTÉE";
pub(crate) const STAMP_CANCELLED: &str = "ANNULÉE";
pub(crate) const REISSUE_SETTLED: &str = "Réédition acquittée";
pub(crate) const REISSUE_CANCELLED: &str = "Réédition annulée";

pub(crate) const MARK_TRIAL: &str = "ESSAI";
pub(crate) const MARK_DEMONSTRATION: &str = "DÉMONSTRATION";
pub(crate) const MARK_DUPLICATE: &str = "DUPLICATA";
pub(crate) const MARK_PROVISIONAL: &str = "PROVISOIRE";

pub(crate) const BY_TRANSFER: &str = "Par virement";
/// CGI art. 293 E.
pub(crate) const FRANCHISE: &str = "TVA non applicable, art. 293 B du CGI";
pub(crate) const REVERSE_CHARGE: &str = "Autoliquidation";
pub(crate) const RETENTION: &str = "Retenue de garantie";
/// Loi 71-584, art. 1: a bond stands in for the retention.
pub(crate) const BOND: &str = " remplacée par une caution bancaire";

/// `Situation n° 2 – F-2026-00148`; a draft has no number and says so.
pub(crate) fn heading(kind: Kind, number: Option<DocumentNumber>) -> String {
    let name = match kind {
        Kind::Invoice => "Facture".to_owned(),
        Kind::Deposit => "Facture d’acompte".to_owned(),
        Kind::Progress(which) => format!("Situation n°\u{a0}{which}"),
        Kind::Final => "Facture de solde".to_owned(),
        Kind::Credit => "Avoir".to_owned(),
    };
    match (number, kind) {
        (Some(number), Kind::Progress(_)) => format!("{name} – {number}"),
        (Some(number), _) => format!("{name} {number}"),
        (None, _) => format!("{name} provisoire"),
    }
}

/// How far a line has come, of what was agreed excl. VAT.
pub(crate) fn progress(done: Percent, agreed: Cents) -> String {
    format!(
        "réalisé à {} sur {} HT",
        percentage(done),
        french_amount(agreed)
    )
}

/// A situation or a deposit that is taken off (BG-3), a deposit with its VAT.
pub(crate) fn earlier(earlier: &Earlier) -> String {
    let Reference {
        number, issue_date, ..
    } = &earlier.document;
    let date = french_short(*issue_date);
    match earlier.what {
        EarlierKind::Situation => format!("Situation {number} du {date}"),
        EarlierKind::Deposit if earlier.vat().is_zero() => {
            format!("Acompte {number} du {date}, TTC")
        }
        EarlierKind::Deposit => format!(
            "Acompte {number} du {date}, TTC, dont TVA {}",
            french_amount(earlier.vat())
        ),
    }
}

/// A situation that is taken off, of one of its rates.
pub(crate) fn earlier_at(situation: &Earlier, treatment: VatTreatment) -> String {
    format!("{}, TVA {}", earlier(situation), rate_in_full(treatment))
}

pub(crate) fn issued(date: Date, is_credit: bool) -> String {
    format!(
        "{} le {}",
        if is_credit { "émis" } else { "émise" },
        french_long(date)
    )
}

pub(crate) fn due(date: Date) -> String {
    format!("échéance le {}", french_long(date))
}

pub(crate) fn credited_invoice(credits: &Reference) -> String {
    format!(
        "sur la facture {} du {}",
        credits.number,
        french_long(credits.issue_date)
    )
}

pub(crate) fn credit_explained(credits: &Reference) -> String {
    format!(
        "À déduire de la facture {} du {}, ou à vous rembourser si vous l’avez déjà réglée.",
        credits.number,
        french_long(credits.issue_date)
    )
}

pub(crate) const fn operation(operation: Operation) -> &'static str {
    match operation {
        Operation::Services => "prestations de services",
        Operation::Goods => "livraison de biens",
        Operation::Both => "prestations de services et livraison de biens",
    }
}

pub(crate) fn customer_reference(reference: &str) -> String {
    format!("votre référence\u{a0}: {reference}")
}

pub(crate) const DUE_BEFORE: &str = "avant le";

pub(crate) fn due_in_days(days: u16) -> String {
    match days {
        0 => "à réception".to_owned(),
        1 => "à 1\u{a0}jour".to_owned(),
        _ => format!("à {days}\u{a0}jours"),
    }
}

pub(crate) fn page_of(heading: &str, page: usize, count: usize) -> String {
    format!("{heading} · page {page}/{count}")
}

/// `Sous-total Plomberie` under the heading `2. Plomberie`.
pub(crate) fn subtotal(section: &str) -> String {
    let unnumbered = section.trim_start_matches(|character: char| character.is_ascii_digit());
    let title = match unnumbered.strip_prefix(['.', ')']) {
        Some(title) if unnumbered.len() < section.len() => title.trim_start(),
        _ => section,
    };
    format!(
        "Sous-total {}",
        if title.is_empty() { section } else { title }
    )
}

pub(crate) fn line_discount(percent: Percent) -> String {
    format!("remise {}", percentage(percent))
}

/// The discount of the whole; where earlier situations are taken off first, it says what it is taken of.
pub(crate) fn discount(percent: Percent, of_all_so_far: bool) -> String {
    let of = if of_all_so_far {
        " sur les travaux à ce jour"
    } else {
        ""
    };
    format!("Remise {}{of}", percentage(percent))
}

pub(crate) fn deduction(kind: DeductionKind, value: Option<DeductionValue>) -> String {
    let name = match kind {
        DeductionKind::Retention => RETENTION,
        DeductionKind::Prorata => "Compte prorata",
        DeductionKind::Other => "Autre déduction",
    };
    match value {
        Some(DeductionValue::Percent(percent)) => format!("{name} {}", percentage(percent)),
        Some(DeductionValue::Amount(_)) | None => name.to_owned(),
    }
}

/// Loi 71-584 du 16 juillet 1971, art. 2: where no day is agreed.
pub(crate) const RELEASED_AFTER_A_YEAR: &str = ", à libérer un an après la réception des travaux";

pub(crate) fn to_release(date: Date) -> String {
    format!(", à libérer le {}", french_short(date))
}

pub(crate) fn percentage(percent: Percent) -> String {
    format!("{}\u{a0}%", percent.decimal().replace('.', ","))
}

/// The rate, or why there is none, in a narrow column.
pub(crate) fn rate(treatment: VatTreatment) -> String {
    match treatment {
        VatTreatment::Standard(_) => {
            format!("{}\u{a0}%", treatment.rate_decimal().replace('.', ","))
        }
        VatTreatment::ReverseCharge => "autoliq.".to_owned(),
        VatTreatment::Exempt => "exonéré".to_owned(),
        VatTreatment::IntraCommunity => "intra-UE".to_owned(),
        VatTreatment::Export => "export".to_owned(),
        VatTreatment::OutOfScope => "hors champ".to_owned(),
    }
}

/// The same in the summary, where there is room.
pub(crate) fn rate_in_full(treatment: VatTreatment) -> String {
    match treatment {
        VatTreatment::ReverseCharge => REVERSE_CHARGE.to_owned(),
        VatTreatment::Exempt => "Exonéré".to_owned(),
        VatTreatment::IntraCommunity => "Intra-UE".to_owned(),
        VatTreatment::Export => "Export".to_owned(),
        VatTreatment::OutOfScope => "Hors champ".to_owned(),
        VatTreatment::Standard(_) => rate(treatment),
    }
}

pub(crate) fn quantity(quantity: Quantity) -> String {
    french_decimal(&quantity.decimal())
}

pub(crate) fn unit_price(price: UnitPrice) -> String {
    french_decimal(&price.decimal())
}

/// `-1234.5` as `−1 234,5`.
fn french_decimal(plain: &str) -> String {
    let (sign, unsigned) = match plain.strip_prefix('-') {
        Some(unsigned) => ("\u{2212}", unsigned),
        None => ("", plain),
    };
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, format!(",{fraction}")),
        None => (unsigned, String::new()),
    };
    let grouped = whole
        .parse()
        .map_or_else(|_| whole.to_owned(), group_thousands);
    format!("{sign}{grouped}{fraction}")
}

/// Groups of `sizes` characters with no-break spaces; the last size repeats.
pub(crate) fn grouped(text: &str, sizes: &[usize]) -> String {
    let mut grouped = String::with_capacity(text.len() * 2);
    let (mut group, mut filled) = (0, 0);
    for character in text.chars() {
        if filled == sizes[group] {
            grouped.push('\u{a0}');
            filled = 0;
            group = (group + 1).min(sizes.len() - 1);
        }
        grouped.push(character);
        filled += 1;
    }
    grouped
}

pub(crate) fn siret(company: &Company) -> String {
    format!(
        "SIRET\u{a0}{}",
        grouped(company.siret.as_str(), &[3, 3, 3, 5])
    )
}

pub(crate) fn siren(siren: &str) -> String {
    format!("SIREN\u{a0}{}", grouped(siren, &[3]))
}

pub(crate) fn vat_number(number: &str) -> String {
    format!("TVA\u{a0}{}", grouped(number, &[4, 14]))
}

pub(crate) fn both_vat_numbers(seller: Option<&str>, buyer: Option<&str>) -> String {
    let seller = seller.map(|number| format!(" N° de TVA du prestataire\u{a0}: {number}."));
    let buyer = buyer.map(|number| format!(" N° de TVA du preneur\u{a0}: {number}."));
    seller.into_iter().chain(buyer).collect()
}

pub(crate) fn bank_reference(number: DocumentNumber) -> String {
    format!("en rappelant {number}")
}

pub(crate) fn made_on(date: Date) -> String {
    format!("établi le {}", french_long(date))
}

/// `3 factures à régler, dont 2 en retard`.
pub(crate) fn to_settle(count: usize, late: usize) -> String {
    match (count, late) {
        (1, 0) => "1 facture à régler".to_owned(),
        (1, _) => "1 facture à régler, en retard".to_owned(),
        (_, 0) => format!("{count} factures à régler"),
        _ => format!("{count} factures à régler, dont {late} en retard"),
    }
}

pub(crate) fn days_late(days: i32) -> String {
    match days {
        1 => "1\u{a0}jour de retard".to_owned(),
        _ => format!("{days}\u{a0}jours de retard"),
    }
}

pub(crate) fn deducted(amount: &str) -> String {
    format!("dont {amount} déduits")
}

pub(crate) fn late_part(amount: &str) -> String {
    format!("dont {amount} en retard")
}

pub(crate) fn pay_invoice(number: DocumentNumber, amount: &str) -> String {
    format!("{PAY_LINE}\u{a0}: facture {number}, {amount}")
}

/// `SARL au capital de 10 000 €, RCS Tours 812 345 676, Saint-Cyr-sur-Loire`.
pub(crate) fn legal_identity(company: &Company) -> String {
    let parts: Vec<String> = [
        legal_form(company),
        company.register.clone(),
        Some(company.address.city.clone()),
    ]
    .into_iter()
    .flatten()
    .collect();
    parts.join(", ")
}

/// `SARL au capital de 10 000 €`.
pub(crate) fn legal_form(company: &Company) -> Option<String> {
    match (&company.legal_form, &company.capital) {
        (Some(form), Some(capital)) => Some(format!("{form} au capital de {capital}")),
        (None, Some(capital)) => Some(format!("Capital de {capital}")),
        (Some(_), None) if is_sole_trader(company) => Some(SOLE_TRADER.to_owned()),
        (Some(form), None) => Some(form.clone()),
        (None, None) => None,
    }
}

pub(crate) const SOLE_TRADER: &str = "Entrepreneur individuel (EI)";

pub(crate) fn is_sole_trader(company: &Company) -> bool {
    let form = company
        .legal_form
        .as_deref()
        .unwrap_or("")
        .trim()
        .to_lowercase();
    [
        "ei",
        "entrepreneur individuel",
        "entreprise individuelle",
        "micro-entreprise",
    ]
    .contains(&form.as_str())
}

/// The name, with `EI` beside it for sole traders (C. com. art. R526-27).
pub(crate) fn seller_name(company: &Company) -> String {
    let said = company.name.split_whitespace().any(|word| word == "EI");
    if is_sole_trader(company) && !said {
        format!("{}, EI", company.name)
    } else {
        company.name.clone()
    }
}

/// Postal lines below a name; the country where it is not the other party's.
pub(crate) fn address(address: &Address, other: &Country) -> Vec<String> {
    let mut lines = vec![address.line1.clone()];
    lines.extend(address.line2.clone());
    lines.push(format!("{} {}", address.postcode, address.city));
    if address.country != *other || address.country != Country::france() {
        lines.push(countries::named(address.country.as_str()).to_owned());
    }
    lines
}

/// What the list of receipts says of one.
pub(crate) fn receipt(receipt: &PaperReceipt) -> String {
    let means = match receipt.means {
        PaymentMeans::CardPayplug => "Carte",
        PaymentMeans::Cheque => "Chèque",
        PaymentMeans::Transfer => "Virement",
        PaymentMeans::Cash => "Espèces",
        PaymentMeans::DirectDebit => "Prélèvement",
        PaymentMeans::CardTerminal => "Carte, sur terminal",
        PaymentMeans::Other => "Autre moyen",
    };
    let mut words = match receipt.kind {
        PaperMovement::Received => means.to_owned(),
        PaperMovement::Refunded => "Remboursement".to_owned(),
        PaperMovement::ChargedBack => "Paiement repris par la banque du client".to_owned(),
        PaperMovement::Credited(number) => format!("Avoir {number}"),
        PaperMovement::WrittenOff => "Solde passé en perte".to_owned(),
        PaperMovement::Released { .. } => "Retenue de garantie libérée".to_owned(),
        PaperMovement::Adjusted {
            adjustment,
            is_incoming,
            other,
        } => adjusted(adjustment, is_incoming, other, means),
    };
    if let Some(card) = &receipt.card {
        if let Some(brand) = &card.brand {
            words.push(' ');
            words.push_str(brand);
        }
        if let Some(last4) = &card.last4 {
            words.push_str(" ••\u{a0}");
            words.push_str(last4);
        }
    }
    words
}

/// What the list says of a decision on the account.
fn adjusted(
    adjustment: Adjustment,
    is_incoming: bool,
    other: Option<DocumentNumber>,
    means: &str,
) -> String {
    let of = other.map_or_else(String::new, |number| format!("\u{a0}{number}"));
    match adjustment {
        Adjustment::Returned { .. } => {
            format!("Trop-perçu rendu\u{a0}: {}", means.to_lowercase())
        }
        Adjustment::Kept => "Trop-perçu gardé en avoir à valoir".to_owned(),
        Adjustment::SetOff { .. } if is_incoming => format!("Trop-perçu de la facture{of}"),
        Adjustment::SetOff { .. } => format!("Trop-perçu imputé sur la facture{of}"),
        Adjustment::Missing => "Écart de règlement abandonné".to_owned(),
        Adjustment::TooMuch => "Écart de règlement soldé".to_owned(),
    }
}

pub(crate) fn transaction(number: &str) -> String {
    format!("transaction PayPlug {number}")
}

pub(crate) fn earlier_receipts(count: usize, since: Date, until: Date) -> String {
    format!(
        "{count} mouvements du {} au {}",
        french_short(since),
        french_short(until)
    )
}

/// Below *ACQUITTÉE*.
pub(crate) fn settled_on(receipt: &PaperReceipt) -> String {
    let how = match receipt.means {
        _ if receipt.kind != PaperMovement::Received => ", par compensation",
        PaymentMeans::CardPayplug | PaymentMeans::CardTerminal => ", par carte",
        PaymentMeans::Cheque => ", par chèque",
        PaymentMeans::Transfer => ", par virement",
        PaymentMeans::Cash => ", en espèces",
        PaymentMeans::DirectDebit => ", par prélèvement",
        PaymentMeans::Other => "",
    };
    format!("le {}{how}", french_long(receipt.date))
}

pub(crate) fn pay_link(amount: &str) -> String {
    format!("{PAY}\u{a0}: {amount}")
}

pub(crate) fn qr_code(amount: &str) -> String {
    format!("Code QR du lien de paiement de {amount}")
}

pub(crate) fn logo_of(name: &str) -> String {
    format!("Logo de {name}")
}

pub(crate) fn pdf_subject(heading: &str, issued: Option<Date>, buyer: &str) -> String {
    match issued {
        Some(date) => format!("{heading} du {} pour {buyer}", french_long(date)),
        None => format!("{heading} pour {buyer}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{french_decimal, grouped, subtotal};

    #[test]
    fn figures_read_as_a_french_reader_expects() {
        assert_eq!(french_decimal("-1234.5"), "\u{2212}1\u{202f}234,5");
        assert_eq!(french_decimal("0.125"), "0,125");
        assert_eq!(french_decimal("14"), "14");
    }

    #[test]
    fn a_subtotal_leaves_the_number_of_its_section_out() {
        assert_eq!(subtotal("2. Plomberie"), "Sous-total Plomberie");
        assert_eq!(subtotal("Lot 3. Plâtre"), "Sous-total Lot 3. Plâtre");
        assert_eq!(subtotal("3 salles"), "Sous-total 3 salles");
        assert_eq!(subtotal("4."), "Sous-total 4.");
    }

    #[test]
    fn identifiers_are_grouped_as_people_read_them() {
        assert_eq!(
            grouped("81234567600017", &[3, 3, 3, 5]),
            "812\u{a0}345\u{a0}676\u{a0}00017"
        );
        assert_eq!(grouped("FR7619999", &[4]), "FR76\u{a0}1999\u{a0}9");
    }
}
