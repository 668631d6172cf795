//! The seller: legal identity, bank details, VAT position.

use serde::{Deserialize, Serialize};

use crate::text::{Bic, Country, Email, Iban, Siren, Siret, VatNumber};
use crate::vat::VatBasis;

/// A postal address (BG-5, BG-8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// First line (BT-35).
    pub line1: String,
    /// Second line (BT-36).
    pub line2: Option<String>,
    /// Postcode (BT-38).
    pub postcode: String,
    /// Town (BT-37).
    pub city: String,
    /// Country (BT-40).
    pub country: Country,
}

/// The compulsory professional insurance (loi 96-603 art. 22-2; C. assur. L243-2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Insurance {
    /// Name of the insurer.
    pub insurer: String,
    /// How to reach the insurer.
    pub contact: Option<String>,
    /// Contract number.
    pub policy: Option<String>,
    /// Geographic cover.
    pub area: Option<String>,
}

/// Day and month of the end of the fiscal year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiscalYearEnd {
    /// 1 … 12.
    pub month: i8,
    /// 1 … 31; 29 February counts as the last day of February.
    pub day: i8,
}

impl Default for FiscalYearEnd {
    fn default() -> Self {
        Self { month: 12, day: 31 }
    }
}

impl FiscalYearEnd {
    /// The end of the fiscal year that holds `date`.
    #[must_use]
    pub fn holding(self, date: jiff::civil::Date) -> jiff::civil::Date {
        let this_year = self.in_year(date.year());
        if date <= this_year {
            this_year
        } else {
            self.in_year(date.year() + 1)
        }
    }

    fn in_year(self, year: i16) -> jiff::civil::Date {
        let month = jiff::civil::Date::new(year, self.month, 1).unwrap_or(jiff::civil::Date::MAX);
        let last = month.last_of_month();
        jiff::civil::Date::new(year, self.month, self.day.min(last.day())).unwrap_or(last)
    }
}

/// The seller (BG-4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// Name (BT-27).
    pub name: String,
    /// SIRET (BT-29).
    pub siret: Siret,
    /// Postal address (BG-5).
    pub address: Address,
    /// Legal form, such as `SARL` or `EI`.
    pub legal_form: Option<String>,
    /// VAT number (BT-31); none only under the franchise.
    pub vat_number: Option<VatNumber>,
    /// E-mail (BT-43).
    pub email: Option<Email>,
    /// Telephone (BT-42).
    pub phone: Option<String>,
    /// Web site.
    pub website: Option<String>,
    /// IBAN for transfers (BT-84).
    pub iban: Option<Iban>,
    /// BIC (BT-86).
    pub bic: Option<Bic>,
    /// When VAT on services falls due.
    pub vat_basis: VatBasis,
    /// *Franchise en base* (CGI art. 293 B): no VAT is charged.
    pub franchise: bool,
    /// Professional insurance.
    pub insurance: Option<Insurance>,
    /// Share capital, as printed (`10 000 €`).
    pub capital: Option<String>,
    /// Register, as printed (`RCS Tours 812 345 676`).
    pub register: Option<String>,
    /// Days from issue to due date.
    pub payment_days: u16,
    /// End of the fiscal year.
    pub fiscal_year_end: FiscalYearEnd,
}

impl Company {
    /// The SIREN (BT-30).
    #[must_use]
    pub fn siren(&self) -> Siren {
        self.siret.siren()
    }
}

#[cfg(test)]
mod tests {
    use super::FiscalYearEnd;
    use jiff::civil::date;

    #[test]
    fn a_date_belongs_to_the_year_that_ends_next() {
        let december = FiscalYearEnd::default();
        assert_eq!(december.holding(date(2026, 11, 3)), date(2026, 12, 31));
        let june = FiscalYearEnd { month: 6, day: 30 };
        assert_eq!(june.holding(date(2026, 7, 1)), date(2027, 6, 30));
        assert_eq!(june.holding(date(2026, 6, 30)), date(2026, 6, 30));
        let february = FiscalYearEnd { month: 2, day: 29 };
        assert_eq!(february.holding(date(2026, 3, 1)), date(2027, 2, 28));
        assert_eq!(february.holding(date(2028, 2, 29)), date(2028, 2, 29));
    }
}
