//! What the law wants on a document and the data lack. Warns, stops nothing (`cli.md`).

use super::line::{DeductionKind, Nature};
use super::{Content, Item, Totals};
use crate::company::Company;
use crate::customer::{Customer, CustomerKind};
use crate::quantity::Percent;
use crate::vat::VatTreatment;

/// Something missing, and the field that would mend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// No professional insurance while works are sold (loi 96-603 art. 22-2).
    Insurance,
    /// No legal form (C. com. art. R123-238; “EI” for sole traders).
    LegalForm,
    /// No bank details: a customer without card cannot pay.
    BankDetails,
    /// A professional customer without SIREN (242 nonies A).
    CustomerSiren,
    /// Reverse charge without the customer's VAT number (242 nonies A, 5°).
    CustomerVatNumber,
    /// Reverse charge without the seller's VAT number.
    SellerVatNumber,
    /// No e-mail address: the link cannot be sent.
    CustomerEmail,
    /// A retention above 5 % (loi 71-584 art. 1).
    RetentionAboveFivePercent,
}

impl Missing {
    /// Stable code of the warning.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Insurance => "insurance_missing",
            Self::LegalForm => "legal_form_missing",
            Self::BankDetails => "bank_details_missing",
            Self::CustomerSiren => "customer_siren_missing",
            Self::CustomerVatNumber => "customer_vat_number_missing",
            Self::SellerVatNumber => "seller_vat_number_missing",
            Self::CustomerEmail => "customer_email_missing",
            Self::RetentionAboveFivePercent => "retention_above_five_percent",
        }
    }

    /// The field that mends it, as in the inputs of `cli.md`.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Insurance => "company.insurance",
            Self::LegalForm => "company.legal_form",
            Self::BankDetails => "company.iban",
            Self::CustomerSiren => "customer.siren",
            Self::CustomerVatNumber => "customer.vat_number",
            Self::SellerVatNumber => "company.vat_number",
            Self::CustomerEmail => "customer.email",
            Self::RetentionAboveFivePercent => "deductions",
        }
    }
}

/// Lists what is missing, in the order of the document.
#[must_use]
pub fn missing(
    company: &Company,
    customer: &Customer,
    content: &Content,
    totals: &Totals,
) -> Vec<Missing> {
    let any_line =
        |test: fn(&super::Line) -> bool| content.items.iter().filter_map(Item::line).any(test);
    let works = any_line(|line| line.nature == Nature::Works);
    let reverse_charge = any_line(|line| line.vat == VatTreatment::ReverseCharge);
    let five_percent = Percent::parse("5").unwrap_or_default().of(totals.gross);
    let business = customer.kind == CustomerKind::Business;
    let french = customer.address.country.as_str() == "FR";
    [
        (works && company.insurance.is_none(), Missing::Insurance),
        (company.legal_form.is_none(), Missing::LegalForm),
        (company.iban.is_none(), Missing::BankDetails),
        (
            business && french && customer.siren.is_none(),
            Missing::CustomerSiren,
        ),
        (
            reverse_charge && customer.vat_number.is_none(),
            Missing::CustomerVatNumber,
        ),
        (
            reverse_charge && company.vat_number.is_none(),
            Missing::SellerVatNumber,
        ),
        (customer.email.is_none(), Missing::CustomerEmail),
        (
            totals.deductions_of(DeductionKind::Retention) > five_percent,
            Missing::RetentionAboveFivePercent,
        ),
    ]
    .into_iter()
    .filter_map(|(is_missing, what)| is_missing.then_some(what))
    .collect()
}

#[cfg(test)]
mod tests;
