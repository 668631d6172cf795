//! What accounts are for, with the classes of the general plan (PCG) that each use takes.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use acquit_domain::invoice::Nature;
use acquit_domain::vat::{StandardRate, VatTreatment};
use serde::{Deserialize, Serialize};

/// What an account is for (`accounting.md` § 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Use {
    /// Customers, collective.
    Customers,
    /// What a chargeback took back; absent where it goes back on [`Use::Customers`].
    Disputed,
    /// Retentions held by customers.
    Retention,
    /// Other deductions, *compte prorata*.
    OtherDeductions,
    /// Deposits of customers, until the invoice that takes them off.
    Deposits,
    /// What customers paid beyond what they owed, kept for them.
    CustomerCredit,
    /// What is sold, by nature.
    Sale(Nature),
    /// What is sold at one rate or treatment, where that has an account of its own.
    SaleAt(Nature, VatTreatment),
    /// VAT collected at a rate.
    VatDue(StandardRate),
    /// VAT awaiting receipt at a rate.
    VatAwaiting(StandardRate),
    /// The PayPlug account.
    Payplug,
    /// The bank account.
    Bank,
    /// Cheques to deposit.
    Cheques,
    /// Cash.
    Cash,
    /// Money on its way from PayPlug to the bank.
    InTransit,
    /// PayPlug's fees.
    Fees,
    /// Deductible VAT on PayPlug's fees.
    VatOnFees,
    /// Debts given up as lost.
    LostDebts,
    /// Small differences missing, given up.
    SmallLosses,
    /// Small differences too much, kept.
    SmallGains,
}

/// Uses whose accounts may be one; every other account has a single use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Sales,
    VatDue,
    VatAwaiting,
    Expenses,
    Own(Use),
}

/// Natures with the words of their codes.
const NATURES: [(Nature, &str); 3] = [
    (Nature::Works, "works"),
    (Nature::Services, "services"),
    (Nature::Goods, "goods"),
];

/// Rates, as the window lists them, with the words of their codes and their names.
const RATES: [(StandardRate, &str, &str); 4] = [
    (StandardRate::Normal, "20", "20 %"),
    (StandardRate::Intermediate, "10", "10 %"),
    (StandardRate::Reduced, "5_5", "5,5 %"),
    (StandardRate::Special, "2_1", "2,1 %"),
];

/// Treatments without a rate, with the words of their codes and their names.
const UNTAXED: [(VatTreatment, &str, &str); 5] = [
    (
        VatTreatment::ReverseCharge,
        "reverse_charge",
        "autoliquidation",
    ),
    (VatTreatment::Exempt, "exempt", "exonérées"),
    (
        VatTreatment::IntraCommunity,
        "intra_community",
        "intracommunautaires",
    ),
    (VatTreatment::Export, "export", "export"),
    (
        VatTreatment::OutOfScope,
        "out_of_scope",
        "hors champ de la TVA",
    ),
];

/// Uses that are neither sales nor VAT by rate: code, default account, default label, classes.
const PLAIN: [(Use, &str, &str, &str, &[&str]); 15] = [
    (Use::Customers, "customers", "411000", "Clients", &["411"]),
    (
        Use::Disputed,
        "disputed",
        "416000",
        "Clients douteux ou litigieux",
        &["416", "411"],
    ),
    (
        Use::Retention,
        "retention",
        "411700",
        "Clients – Retenues de garantie",
        &["411"],
    ),
    (
        Use::OtherDeductions,
        "other_deductions",
        "467000",
        "Compte prorata et autres déductions",
        &["46", "47", "411"],
    ),
    (
        Use::Deposits,
        "deposits",
        "419100",
        "Clients – Avances et acomptes reçus",
        &["419"],
    ),
    (
        Use::CustomerCredit,
        "customer_credit",
        "419700",
        "Clients – Avoirs à valoir",
        &["419"],
    ),
    (Use::Payplug, "payplug", "512700", "PayPlug", &["512"]),
    (Use::Bank, "bank", "512000", "Banque", &["51"]),
    (
        Use::Cheques,
        "cheques",
        "511200",
        "Chèques à encaisser",
        &["511"],
    ),
    (Use::Cash, "cash", "530000", "Caisse", &["53"]),
    (
        Use::InTransit,
        "in_transit",
        "580000",
        "Virements internes",
        &["58"],
    ),
    (Use::Fees, "fees", "627800", "Commissions PayPlug", &["6"]),
    (
        Use::VatOnFees,
        "vat_on_fees",
        "445660",
        "TVA déductible sur services",
        &["4456"],
    ),
    (
        Use::LostDebts,
        "lost_debts",
        "654000",
        "Pertes sur créances irrécouvrables",
        &["6"],
    ),
    (
        Use::SmallLosses,
        "small_losses",
        "658000",
        "Écarts de règlement (charges)",
        &["6"],
    ),
];

/// Small gains, apart from the table for its class alone.
const SMALL_GAINS: (&str, &str, &str, &[&str]) = (
    "small_gains",
    "758000",
    "Écarts de règlement (produits)",
    &["7"],
);

impl Use {
    /// Every use, in the order of the window; those that need no account too.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for (nature, _) in NATURES {
            all.push(Self::Sale(nature));
            let taxed = RATES.map(|(rate, ..)| VatTreatment::Standard(rate));
            let treatments = taxed.into_iter().chain(UNTAXED.map(|(other, ..)| other));
            all.extend(treatments.map(|treatment| Self::SaleAt(nature, treatment)));
        }
        all.extend(RATES.map(|(rate, ..)| Self::VatDue(rate)));
        all.extend(RATES.map(|(rate, ..)| Self::VatAwaiting(rate)));
        all.extend(PLAIN.map(|(use_of, ..)| use_of));
        all.push(Self::SmallGains);
        all
    }

    /// Whether a chart can do without an account for it.
    #[must_use]
    pub const fn is_optional(self) -> bool {
        matches!(self, Self::Disputed | Self::SaleAt(..))
    }

    /// Stable word: `customers`, `sale_works`, `sale_works_10`, `vat_due_5_5` …
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Sale(nature) => format!("sale_{}", nature_word(nature)),
            Self::SaleAt(nature, treatment) => {
                format!(
                    "sale_{}_{}",
                    nature_word(nature),
                    treatment_words(treatment).0
                )
            }
            Self::VatDue(rate) => format!("vat_due_{}", rate_words(rate).0),
            Self::VatAwaiting(rate) => format!("vat_awaiting_{}", rate_words(rate).0),
            other => other.plain().0.to_owned(),
        }
    }

    /// The use with a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        static USES: LazyLock<BTreeMap<String, Use>> = LazyLock::new(|| {
            Use::all()
                .into_iter()
                .map(|one| (one.code(), one))
                .collect()
        });
        USES.get(code).copied()
    }

    /// The account of a new company; that of the nature for a rate without one of its own.
    #[must_use]
    pub fn default_number(self) -> String {
        match self {
            Self::Sale(nature) | Self::SaleAt(nature, _) => match nature {
                Nature::Works => "704000",
                Nature::Services => "706000",
                Nature::Goods => "707000",
            }
            .to_owned(),
            Self::VatDue(rate) => format!("44571{}", digit(rate)),
            Self::VatAwaiting(rate) => format!("44574{}", digit(rate)),
            other => other.plain().1.to_owned(),
        }
    }

    /// What the account is called where nothing was typed.
    #[must_use]
    pub fn default_label(self) -> String {
        let sold = |nature| match nature {
            Nature::Works => "Travaux",
            Nature::Services => "Prestations de services",
            Nature::Goods => "Ventes de marchandises",
        };
        match self {
            Self::Sale(nature) => sold(nature).to_owned(),
            Self::SaleAt(nature, treatment) => {
                format!("{} {}", sold(nature), treatment_words(treatment).1)
            }
            Self::VatDue(rate) => format!("TVA collectée {}", rate_words(rate).1),
            Self::VatAwaiting(rate) => {
                format!("TVA en attente d’encaissement {}", rate_words(rate).1)
            }
            other => other.plain().2.to_owned(),
        }
    }

    /// Beginnings that its account may have (PCG; `french-invoicing.md` § E).
    #[must_use]
    pub const fn classes(self) -> &'static [&'static str] {
        match self {
            Self::Sale(_) | Self::SaleAt(..) => &["70"],
            Self::VatDue(_) => &["4457"],
            Self::VatAwaiting(_) => &["4457", "4458"],
            other => other.plain().3,
        }
    }

    /// Whether one account may serve both uses: two rates of VAT, two natures, two expenses.
    #[must_use]
    pub fn may_share(self, other: Self) -> bool {
        self.family() == other.family()
    }

    const fn family(self) -> Family {
        match self {
            Self::Sale(_) | Self::SaleAt(..) => Family::Sales,
            Self::VatDue(_) => Family::VatDue,
            Self::VatAwaiting(_) => Family::VatAwaiting,
            Self::Fees | Self::LostDebts | Self::SmallLosses => Family::Expenses,
            other => Family::Own(other),
        }
    }

    /// Code, default account, default label and classes of a use that is in [`PLAIN`].
    const fn plain(
        self,
    ) -> (
        &'static str,
        &'static str,
        &'static str,
        &'static [&'static str],
    ) {
        let place = match self {
            Self::Customers => 0,
            Self::Disputed => 1,
            Self::Retention => 2,
            Self::OtherDeductions => 3,
            Self::Deposits => 4,
            Self::CustomerCredit => 5,
            Self::Payplug => 6,
            Self::Bank => 7,
            Self::Cheques => 8,
            Self::Cash => 9,
            Self::InTransit => 10,
            Self::Fees => 11,
            Self::VatOnFees => 12,
            Self::LostDebts => 13,
            Self::SmallLosses => 14,
            _ => return SMALL_GAINS,
        };
        let (_, code, number, label, classes) = PLAIN[place];
        (code, number, label, classes)
    }
}

impl From<Use> for String {
    fn from(value: Use) -> Self {
        value.code()
    }
}

impl TryFrom<String> for Use {
    type Error = String;

    fn try_from(code: String) -> Result<Self, String> {
        Self::from_code(&code).ok_or_else(|| format!("unknown use: {code}"))
    }
}

const fn nature_word(nature: Nature) -> &'static str {
    match nature {
        Nature::Works => NATURES[0].1,
        Nature::Services => NATURES[1].1,
        Nature::Goods => NATURES[2].1,
    }
}

/// Word of the code and name of a rate.
const fn rate_words(rate: StandardRate) -> (&'static str, &'static str) {
    let (_, word, name) = match rate {
        StandardRate::Normal => RATES[0],
        StandardRate::Intermediate => RATES[1],
        StandardRate::Reduced => RATES[2],
        StandardRate::Special => RATES[3],
    };
    (word, name)
}

const fn treatment_words(treatment: VatTreatment) -> (&'static str, &'static str) {
    let (_, word, name) = match treatment {
        VatTreatment::Standard(rate) => return rate_words(rate),
        VatTreatment::ReverseCharge => UNTAXED[0],
        VatTreatment::Exempt => UNTAXED[1],
        VatTreatment::IntraCommunity => UNTAXED[2],
        VatTreatment::Export => UNTAXED[3],
        VatTreatment::OutOfScope => UNTAXED[4],
    };
    (word, name)
}

/// Last digit of a rate's default accounts.
const fn digit(rate: StandardRate) -> &'static str {
    match rate {
        StandardRate::Normal => "1",
        StandardRate::Intermediate => "2",
        StandardRate::Reduced => "3",
        StandardRate::Special => "4",
    }
}

#[cfg(test)]
mod tests {
    use super::{PLAIN, Use};
    use std::collections::BTreeSet;

    #[test]
    fn each_use_has_a_code_that_names_it_alone() {
        let all = Use::all();
        let codes: BTreeSet<String> = all.iter().map(|one| one.code()).collect();
        assert_eq!(codes.len(), all.len());
        for one in all {
            assert_eq!(Use::from_code(&one.code()), Some(one));
        }
        assert_eq!(Use::from_code("sale"), None);
    }

    #[test]
    fn the_table_is_in_the_order_that_it_is_read_in() {
        for (one, code, number, label, classes) in PLAIN {
            assert_eq!(one.plain(), (code, number, label, classes), "{one:?}");
        }
    }

    #[test]
    fn defaults_are_of_the_classes_of_their_use() {
        for one in Use::all() {
            let number = one.default_number();
            let fits = one.classes().iter().any(|class| number.starts_with(class));
            assert!(fits, "{one:?} {number}");
        }
    }
}
