//! What the columns of a statement mean: guessed from their headers, in French, English and Italian, or said by the user.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// The day, alone or with the time.
    Date,
    /// The time.
    Time,
    /// What the movement is.
    Kind,
    /// What is said about it.
    Label,
    /// PayPlug's id of the movement.
    Id,
    /// PayPlug's id of the payment that it is about.
    Payment,
    /// What moved, with its sign or without.
    Amount,
    /// What went out.
    Debit,
    /// What came in.
    Credit,
    /// What moved once fees were taken off it.
    Net,
    /// Fees of the movement; they move the account only where there is a column of [`Meaning::Net`] too.
    Fee,
    /// VAT in the fees, or in the amount of a line that is a fee.
    Vat,
    /// The balance after the movement.
    Balance,
    /// The currency.
    Currency,
    /// Nothing that is used.
    Other,
}

impl Meaning {
    /// Every meaning.
    pub const ALL: [Self; 15] = [
        Self::Date,
        Self::Time,
        Self::Kind,
        Self::Label,
        Self::Id,
        Self::Payment,
        Self::Amount,
        Self::Debit,
        Self::Credit,
        Self::Net,
        Self::Fee,
        Self::Vat,
        Self::Balance,
        Self::Currency,
        Self::Other,
    ];

    /// Its word, between window and services.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Time => "time",
            Self::Kind => "kind",
            Self::Label => "label",
            Self::Id => "id",
            Self::Payment => "payment",
            Self::Amount => "amount",
            Self::Debit => "debit",
            Self::Credit => "credit",
            Self::Net => "net",
            Self::Fee => "fee",
            Self::Vat => "vat",
            Self::Balance => "balance",
            Self::Currency => "currency",
            Self::Other => "other",
        }
    }

    /// The meaning with a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|meaning| meaning.code() == code)
    }
}

/// The meaning of each column, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mapping(pub Vec<Meaning>);

/// Why columns cannot be read so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MappingFault {
    /// Not as many meanings as the file has columns.
    OtherColumns,
    /// No column, or several, with this meaning.
    NotOne(Meaning),
    /// Neither an amount nor what came in and went out.
    NoAmount,
    /// Neither what the movement is nor what is said about it.
    NoKind,
}

impl Mapping {
    /// Where the column with a meaning is.
    #[must_use]
    pub fn at(&self, meaning: Meaning) -> Option<usize> {
        self.0.iter().position(|one| *one == meaning)
    }

    /// Whether a statement with so many columns can be read so: one day, one amount (or what came in and went out), and,
    /// unless `plain`, what each movement is.
    ///
    /// # Errors
    /// [`MappingFault`], the first one.
    pub fn check(&self, columns: usize, plain: bool) -> Result<(), MappingFault> {
        if self.0.len() != columns {
            return Err(MappingFault::OtherColumns);
        }
        let count = |meaning: Meaning| self.0.iter().filter(|one| **one == meaning).count();
        if count(Meaning::Date) != 1 {
            return Err(MappingFault::NotOne(Meaning::Date));
        }
        let twice = Meaning::ALL.into_iter().find(|meaning| {
            let may_repeat = matches!(meaning, Meaning::Other);
            !may_repeat && count(*meaning) > 1
        });
        if let Some(meaning) = twice {
            return Err(MappingFault::NotOne(meaning));
        }
        let amount = count(Meaning::Amount) + count(Meaning::Net);
        let (debit, credit) = (count(Meaning::Debit), count(Meaning::Credit));
        if amount == 0 && debit + credit < 2 || amount > 0 && debit + credit > 0 {
            return Err(MappingFault::NoAmount);
        }
        if !plain && count(Meaning::Kind) + count(Meaning::Label) == 0 {
            return Err(MappingFault::NoKind);
        }
        Ok(())
    }
}

/// The meaning of each header as far as it is known. Of several columns that seem to be the same, ids and labels keep
/// the best one; of amounts and days all stay, which [`Mapping::check`] refuses.
#[must_use]
pub fn guess(headers: &[String]) -> Mapping {
    let plain: Vec<String> = headers.iter().map(|header| plain(header)).collect();
    let mut meanings: Vec<Meaning> = plain.iter().map(|header| meaning(header)).collect();
    for (meaning, better) in [
        (Meaning::Id, "api"),
        (Meaning::Payment, "api"),
        (Meaning::Label, "libelle"),
        (Meaning::Kind, "type"),
        (Meaning::Fee, "total"),
        (Meaning::Time, "heure"),
    ] {
        let places: Vec<usize> = (0..meanings.len())
            .filter(|at| meanings[*at] == meaning)
            .collect();
        let best = places
            .iter()
            .find(|at| plain[**at].contains(better))
            .or(places.first());
        for at in &places {
            if Some(at) != best {
                meanings[*at] = Meaning::Other;
            }
        }
    }
    Mapping(meanings)
}

/// What statements with the same columns have in common: a mapping that was confirmed is kept by it.
#[must_use]
pub fn signature(headers: &[String]) -> String {
    let plain: Vec<String> = headers.iter().map(|header| plain(header)).collect();
    plain.join("|")
}

/// Whether a header is one that statements use.
pub(super) fn recognised(header: &str) -> bool {
    header.len() <= 60 && meaning(&plain(header)) != Meaning::Other
}

/// Small letters without accents, words apart by one blank.
pub(super) fn plain(text: &str) -> String {
    let letters: String = text
        .nfd()
        .filter(|sign| !is_combining_mark(*sign))
        .flat_map(char::to_lowercase)
        .map(|sign| if sign.is_alphanumeric() { sign } else { ' ' })
        .collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether one of `words` is a word of a plain text.
pub(super) fn has(text: &str, words: &[&str]) -> bool {
    text.split(' ').any(|word| words.contains(&word))
}

const FEES: &[&str] = &[
    "frais",
    "fee",
    "fees",
    "commission",
    "commissions",
    "commissione",
    "commissioni",
    "spese",
];
const VAT: &[&str] = &["tva", "vat", "iva"];
const WITHOUT: &[&str] = &[
    "excl",
    "excluding",
    "hors",
    "ht",
    "esclusa",
    "senza",
    "netto",
    "before",
];
const CARD: &[&str] = &["carte", "card", "carta"];
const DATES: &[&str] = &["date", "data", "jour", "giorno", "datetime", "dateheure"];
const TIMES: &[&str] = &["heure", "time", "ora", "orario", "hour"];
const IDS: &[&str] = &[
    "id",
    "identifiant",
    "reference",
    "ref",
    "identificativo",
    "riferimento",
    "identifier",
];
const PAYMENTS: &[&str] = &["paiement", "payment", "pagamento"];

/// The meaning of a plain header.
fn meaning(header: &str) -> Meaning {
    if has(header, &["metadata", "statut", "status", "stato"]) || header.is_empty() {
        return Meaning::Other;
    }
    money(header)
        .or_else(|| moment(header))
        .or_else(|| identity(header))
        .or_else(|| words(header))
        .unwrap_or(Meaning::Other)
}

fn money(header: &str) -> Option<Meaning> {
    let is = |words: &[&str]| has(header, words);
    if is(&["solde", "balance", "saldo"]) {
        return Some(Meaning::Balance);
    }
    if is(VAT) && !is(WITHOUT) {
        return Some(Meaning::Vat);
    }
    // Parts of the fees stand beside their total in the portal's fee detail.
    if is(FEES) && !is(&["variable", "fixe", "fixes", "fixed", "flat", "variables"]) {
        return Some(Meaning::Fee);
    }
    if is(FEES) {
        return None;
    }
    if is(&["net", "netto", "nette"]) {
        return Some(Meaning::Net);
    }
    if is(&[
        "debit", "debits", "addebito", "addebiti", "dare", "uscite", "sortie", "sorties",
    ]) {
        return (!is(CARD)).then_some(Meaning::Debit);
    }
    if is(&[
        "credit",
        "credits",
        "accredito",
        "accrediti",
        "avere",
        "entrate",
        "entree",
        "entrees",
    ]) {
        return (!is(CARD)).then_some(Meaning::Credit);
    }
    let amount = is(&[
        "montant", "amount", "importo", "somme", "lordo", "brut", "gross",
    ]);
    (amount && !is(&["devise", "currency"])).then_some(Meaning::Amount)
}

fn moment(header: &str) -> Option<Meaning> {
    let is = |words: &[&str]| has(header, words);
    if is(DATES) {
        return (!is(&["valeur", "value", "valuta"])).then_some(Meaning::Date);
    }
    if is(TIMES) {
        return Some(Meaning::Time);
    }
    is(&["devise", "currency", "divisa", "valuta", "monnaie"]).then_some(Meaning::Currency)
}

fn identity(header: &str) -> Option<Meaning> {
    if !has(header, IDS)
        || has(
            header,
            &["client", "customer", "cliente", "order", "commande"],
        )
    {
        return None;
    }
    let of_payment = has(header, PAYMENTS);
    Some(if of_payment {
        Meaning::Payment
    } else {
        Meaning::Id
    })
}

fn words(header: &str) -> Option<Meaning> {
    let is = |words: &[&str]| has(header, words);
    if is(CARD) {
        return None;
    }
    if is(&[
        "libelle",
        "description",
        "label",
        "descrizione",
        "causale",
        "motif",
        "intitule",
        "detail",
        "details",
        "commentaire",
    ]) {
        return Some(Meaning::Label);
    }
    is(&[
        "type",
        "tipo",
        "nature",
        "natura",
        "categorie",
        "operation",
        "operazione",
        "mouvement",
        "tipologia",
    ])
    .then_some(Meaning::Kind)
}

#[cfg(test)]
mod tests {
    use super::{Mapping, MappingFault, Meaning, guess};
    use Meaning::{
        Amount, Balance, Credit, Currency, Date, Debit, Fee, Id, Kind, Label, Net, Other, Payment,
        Time, Vat,
    };

    fn guessed(headers: &[&str]) -> Vec<Meaning> {
        let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
        guess(&headers).0
    }

    #[test]
    fn headers_are_known_by_their_meaning_in_three_languages() {
        let report = [
            "payplug_id",
            "date",
            "time",
            "type",
            "amount",
            "currency",
            "total_fees_excl._vat_(€)",
            "payment_id",
            "metadata",
        ];
        assert_eq!(
            guessed(&report),
            [Id, Date, Time, Kind, Amount, Currency, Fee, Payment, Other]
        );
        let french = [
            "Date et heure",
            "Type d’opération",
            "Libellé",
            "Débit",
            "Crédit",
            "Solde",
            "TVA sur frais",
        ];
        assert_eq!(
            guessed(&french),
            [Date, Kind, Label, Debit, Credit, Balance, Vat]
        );
        let italian = [
            "Data",
            "Ora",
            "Tipo",
            "Importo lordo",
            "Commissioni",
            "Importo netto",
            "Saldo",
            "Riferimento",
        ];
        assert_eq!(
            guessed(&italian),
            [Date, Time, Kind, Amount, Fee, Net, Balance, Id]
        );
    }

    #[test]
    fn the_id_of_the_api_is_preferred() {
        let detail = [
            "ID transaction PayPlug",
            "Date",
            "Type",
            "Pays de la carte",
            "Montant",
            "Frais variables",
            "Frais fixes",
            "ID API",
        ];
        assert_eq!(
            guessed(&detail),
            [Other, Date, Kind, Other, Amount, Other, Other, Id]
        );
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let check = |meanings: &[Meaning]| Mapping(meanings.to_vec()).check(meanings.len(), false);
        assert_eq!(check(&[Date, Kind, Amount]), Ok(()));
        assert_eq!(check(&[Date, Label, Debit, Credit]), Ok(()));
        assert_eq!(check(&[Kind, Amount]), Err(MappingFault::NotOne(Date)));
        assert_eq!(
            check(&[Date, Date, Kind, Amount]),
            Err(MappingFault::NotOne(Date))
        );
        assert_eq!(
            check(&[Date, Kind, Amount, Amount]),
            Err(MappingFault::NotOne(Amount))
        );
        assert_eq!(check(&[Date, Kind, Debit]), Err(MappingFault::NoAmount));
        assert_eq!(
            check(&[Date, Kind, Amount, Debit, Credit]),
            Err(MappingFault::NoAmount)
        );
        assert_eq!(check(&[Date, Amount]), Err(MappingFault::NoKind));
        assert_eq!(Mapping(vec![Date, Amount]).check(2, true), Ok(()));
        assert_eq!(
            Mapping(vec![Date]).check(2, true),
            Err(MappingFault::OtherColumns)
        );
    }

    #[test]
    fn each_meaning_is_known_by_its_code() {
        for meaning in Meaning::ALL {
            assert_eq!(Meaning::from_code(meaning.code()), Some(meaning));
        }
        assert_eq!(Meaning::from_code("Date"), None);
    }
}
