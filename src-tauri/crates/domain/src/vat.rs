//! VAT categories and rates of metropolitan France. An impossible pair cannot be written.

use serde::{Deserialize, Serialize};

use crate::decimal;
use crate::error::Rule;
use crate::money::Cents;

/// A rate of metropolitan France (CGI art. 278, 278-0 bis A, 279, 279-0 bis, 281 quater …).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StandardRate {
    /// 2.1 %.
    Special,
    /// 5.5 %: energy renovation of dwellings.
    Reduced,
    /// 10 %: works in dwellings over two years old.
    Intermediate,
    /// 20 %.
    Normal,
}

impl StandardRate {
    /// Every rate, ascending.
    pub const ALL: [Self; 4] = [
        Self::Special,
        Self::Reduced,
        Self::Intermediate,
        Self::Normal,
    ];

    /// The rate in hundredths of a per cent.
    #[must_use]
    pub const fn basis_points(self) -> u16 {
        match self {
            Self::Special => 210,
            Self::Reduced => 550,
            Self::Intermediate => 1000,
            Self::Normal => 2000,
        }
    }
}

/// VAT category of a line (BT-151, UNTDID 5305) with its rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VatTreatment {
    /// S: taxed at a rate.
    Standard(StandardRate),
    /// AE: the customer owes the tax (*autoliquidation*, CGI art. 283, 2 nonies).
    ReverseCharge,
    /// E: exempt (*franchise en base*, CGI art. 293 B, and other exemptions).
    Exempt,
    /// K: intra-Community supply of goods (CGI art. 262 ter).
    IntraCommunity,
    /// G: export (CGI art. 262).
    Export,
    /// O: outside the scope of VAT (CGI art. 259-1).
    OutOfScope,
}

impl VatTreatment {
    /// From a category code and a rate as written in `cli.md`.
    ///
    /// # Errors
    /// [`Rule::UnknownChoice`] for another category, [`Rule::UnknownVatRate`] for another rate,
    /// [`Rule::RateAgainstCategory`] where they contradict each other.
    pub fn new(category: Option<&str>, rate: Option<&str>) -> Result<Self, Rule> {
        let hundredths = rate.map(|text| decimal::parse(text, 2)).transpose()?;
        let taxed = match category.unwrap_or("S") {
            "S" => None,
            "AE" => Some(Self::ReverseCharge),
            "E" => Some(Self::Exempt),
            "K" => Some(Self::IntraCommunity),
            "G" => Some(Self::Export),
            "O" => Some(Self::OutOfScope),
            _ => return Err(Rule::UnknownChoice),
        };
        match (taxed, hundredths) {
            (Some(treatment), None | Some(0)) => Ok(treatment),
            (Some(_), Some(_)) | (None, None | Some(0)) => Err(Rule::RateAgainstCategory),
            (None, Some(rate)) => StandardRate::ALL
                .into_iter()
                .find(|known| i64::from(known.basis_points()) == rate)
                .map(Self::Standard)
                .ok_or(Rule::UnknownVatRate),
        }
    }

    /// The category code of UNTDID 5305.
    #[must_use]
    pub const fn category(self) -> &'static str {
        match self {
            Self::Standard(_) => "S",
            Self::ReverseCharge => "AE",
            Self::Exempt => "E",
            Self::IntraCommunity => "K",
            Self::Export => "G",
            Self::OutOfScope => "O",
        }
    }

    /// The rate that is charged, if any.
    #[must_use]
    pub const fn rate(self) -> Option<StandardRate> {
        match self {
            Self::Standard(rate) => Some(rate),
            _ => None,
        }
    }

    /// The rate in hundredths of a per cent (0 where nothing is charged).
    #[must_use]
    pub const fn basis_points(self) -> u16 {
        match self {
            Self::Standard(rate) => rate.basis_points(),
            _ => 0,
        }
    }

    /// The rate as in JSON, without trailing zeros: `5.5`, `0`.
    #[must_use]
    pub fn rate_decimal(self) -> String {
        decimal::shortest(i64::from(self.basis_points()), 2)
    }

    /// VAT on a base (BT-117), rounded once.
    #[must_use]
    pub fn vat_on(self, base: Cents) -> Cents {
        base.share(i64::from(self.basis_points()), 10_000)
    }
}

/// When VAT on services falls due (CGI art. 269-2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VatBasis {
    /// When the customer pays (*sur les encaissements*), the rule for services.
    #[default]
    OnReceipt,
    /// When the invoice is issued (*option pour les débits*).
    OnInvoice,
}

#[cfg(test)]
mod tests {
    use super::{StandardRate, VatTreatment};
    use crate::error::Rule;
    use crate::money::Cents;

    #[test]
    fn rate_and_category_must_agree() {
        assert_eq!(
            VatTreatment::new(None, Some("5.5")),
            Ok(VatTreatment::Standard(StandardRate::Reduced))
        );
        assert_eq!(
            VatTreatment::new(Some("S"), Some("20.00")),
            Ok(VatTreatment::Standard(StandardRate::Normal))
        );
        assert_eq!(
            VatTreatment::new(Some("AE"), Some("0")),
            Ok(VatTreatment::ReverseCharge)
        );
        assert_eq!(
            VatTreatment::new(Some("K"), None),
            Ok(VatTreatment::IntraCommunity)
        );
        assert_eq!(
            VatTreatment::new(None, Some("0")),
            Err(Rule::RateAgainstCategory)
        );
        assert_eq!(
            VatTreatment::new(Some("AE"), Some("20")),
            Err(Rule::RateAgainstCategory)
        );
        assert_eq!(
            VatTreatment::new(None, None),
            Err(Rule::RateAgainstCategory)
        );
        assert_eq!(
            VatTreatment::new(None, Some("19.6")),
            Err(Rule::UnknownVatRate)
        );
        assert_eq!(
            VatTreatment::new(Some("Z"), Some("0")),
            Err(Rule::UnknownChoice)
        );
    }

    #[test]
    fn vat_is_rounded_half_away_from_zero() {
        let normal = VatTreatment::Standard(StandardRate::Normal);
        assert_eq!(normal.vat_on(Cents::new(38_900)), Cents::new(7_780));
        let reduced = VatTreatment::Standard(StandardRate::Reduced);
        assert_eq!(reduced.vat_on(Cents::new(10_000)), Cents::new(550));
        assert_eq!(reduced.vat_on(Cents::new(1_010)), Cents::new(56));
        assert_eq!(VatTreatment::Export.vat_on(Cents::new(1_010)), Cents::ZERO);
    }
}
