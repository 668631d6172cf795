//! What the law wants on a document and the data lack. Warns, stops nothing (`cli.md`).

mod printable;
mod seller;

use std::borrow::Cow;

use jiff::Span;
use jiff::civil::Date;

use super::line::{DeductionKind, Nature, Operation};
use super::{Content, Item, Line, Totals};
use crate::company::Company;
use crate::customer::{Customer, CustomerKind};
use crate::quantity::Percent;
use crate::vat::{StandardRate, VatTreatment};

pub use printable::{Printed, unprintable};

/// Something missing, and the field that would mend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// No professional insurance while works are sold (loi 96-603 art. 22-2).
    Insurance,
    /// No legal form (C. com. art. R123-238; “EI” for sole traders).
    LegalForm,
    /// A sole trader without “EI” beside the name (C. com. art. R526-27).
    SoleTrader,
    /// A company with shares without its capital (C. com. art. L223-1, L224-1, L227-1).
    Capital,
    /// No register with its town (C. com. art. R123-237).
    Register,
    /// No bank details: a customer without card cannot pay.
    BankDetails,
    /// A professional customer without SIREN (242 nonies A).
    CustomerSiren,
    /// The customer owes the tax, or the goods go to another state of the Union, without the
    /// customer's VAT number (242 nonies A, 3° and 5°).
    CustomerVatNumber,
    /// The same without the seller's VAT number.
    SellerVatNumber,
    /// A private person who would owe the tax: only a taxable person can (CGI art. 283, 262 ter).
    PrivateOwesTax,
    /// No e-mail address: the link cannot be sent.
    CustomerEmail,
    /// Works at a lower rate without the premises that the rate belongs to (CGI art. 279-0 bis and
    /// 278-0 bis A; place of the works: arrêté 83-50/A).
    SiteAddress,
    /// Works at a lower rate for a professional, whose certification is not printed by itself
    /// (CGI art. 279-0 bis, 3).
    Certification,
    /// Reverse charge of building works on an invoice of goods only (CGI art. 283, 2 nonies).
    ReverseChargeOfGoods,
    /// A retention above 5 % (loi 71-584 art. 1).
    RetentionAboveFivePercent,
    /// A professional gets more time than C. com. art. L441-10 lets.
    LongTerm,
    /// A character that paper cannot show: a question mark would stand in its place.
    Unprintable {
        /// Where it was typed.
        at: Printed,
        /// The first of them there.
        character: char,
    },
}

impl Missing {
    /// Stable code of the warning.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Insurance => "insurance_missing",
            Self::LegalForm => "legal_form_missing",
            Self::SoleTrader => "sole_trader_not_named",
            Self::Capital => "capital_missing",
            Self::Register => "register_missing",
            Self::BankDetails => "bank_details_missing",
            Self::CustomerSiren => "customer_siren_missing",
            Self::CustomerVatNumber => "customer_vat_number_missing",
            Self::SellerVatNumber => "seller_vat_number_missing",
            Self::PrivateOwesTax => "private_customer_owes_tax",
            Self::CustomerEmail => "customer_email_missing",
            Self::SiteAddress => "site_address_missing",
            Self::Certification => "certification_missing",
            Self::ReverseChargeOfGoods => "reverse_charge_of_goods",
            Self::RetentionAboveFivePercent => "retention_above_five_percent",
            Self::LongTerm => "due_beyond_sixty_days",
            Self::Unprintable { .. } => "character_not_printable",
        }
    }

    /// The field that mends it, as in the inputs of `cli.md`.
    #[must_use]
    pub fn field(self) -> Cow<'static, str> {
        let field = match self {
            Self::Insurance => "company.insurance",
            Self::LegalForm | Self::SoleTrader => "company.legal_form",
            Self::Capital => "company.capital",
            Self::Register => "company.register",
            Self::BankDetails => "company.iban",
            Self::CustomerSiren => "customer.siren",
            Self::CustomerVatNumber => "customer.vat_number",
            Self::SellerVatNumber => "company.vat_number",
            Self::PrivateOwesTax => "customer.kind",
            Self::CustomerEmail => "customer.email",
            Self::SiteAddress => "site_address",
            Self::Certification => "notes",
            Self::ReverseChargeOfGoods => "operation",
            Self::RetentionAboveFivePercent => "deductions",
            Self::LongTerm => "due_date",
            Self::Unprintable { at, .. } => return at.field(),
        };
        Cow::Borrowed(field)
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
    let found = of_seller(company, content)
        .into_iter()
        .chain(of_customer(company, customer, content))
        .chain(of_content(customer, content, totals));
    found
        .filter_map(|(is_missing, what)| is_missing.then_some(what))
        .collect()
}

/// Whether a professional gets more time than the law lets: 60 days from the issue date, or 45 days
/// and the end of a month, counted in either order (C. com. art. L441-10, I).
#[must_use]
pub fn long_term(customer: &Customer, issue: Date, due: Date) -> Option<Missing> {
    let after = |date: Date, days: i64| date.saturating_add(Span::new().days(days));
    let latest = after(issue, 60)
        .max(after(issue, 45).last_of_month())
        .max(after(issue.last_of_month(), 45));
    let is_long = customer.kind == CustomerKind::Business && due > latest;
    is_long.then_some(Missing::LongTerm)
}

type Finding = (bool, Missing);

fn of_seller(company: &Company, content: &Content) -> [Finding; 6] {
    [
        (
            any_line(content, is_works) && company.insurance.is_none(),
            Missing::Insurance,
        ),
        (company.legal_form.is_none(), Missing::LegalForm),
        (seller::hides_a_sole_trader(company), Missing::SoleTrader),
        (
            seller::names_its_capital(company) && company.capital.is_none(),
            Missing::Capital,
        ),
        (company.register.is_none(), Missing::Register),
        (company.iban.is_none(), Missing::BankDetails),
    ]
}

fn of_customer(company: &Company, customer: &Customer, content: &Content) -> [Finding; 5] {
    let business = customer.kind == CustomerKind::Business;
    let french = customer.address.country.as_str() == "FR";
    let both_numbers = any_line(content, |line| {
        matches!(
            line.vat,
            VatTreatment::ReverseCharge | VatTreatment::IntraCommunity
        )
    });
    [
        (
            business && french && customer.siren.is_none(),
            Missing::CustomerSiren,
        ),
        (both_numbers && !business, Missing::PrivateOwesTax),
        (
            both_numbers && business && customer.vat_number.is_none(),
            Missing::CustomerVatNumber,
        ),
        (
            both_numbers && company.vat_number.is_none(),
            Missing::SellerVatNumber,
        ),
        (customer.email.is_none(), Missing::CustomerEmail),
    ]
}

fn of_content(customer: &Customer, content: &Content, totals: &Totals) -> [Finding; 4] {
    let lower_rate = any_line(content, |line| {
        let rates = [StandardRate::Intermediate, StandardRate::Reduced];
        is_works(line) && rates.map(VatTreatment::Standard).contains(&line.vat)
    });
    let reverse_charge = any_line(content, |line| line.vat == VatTreatment::ReverseCharge);
    let five_percent = Percent::parse("5").unwrap_or_default().of(totals.gross);
    [
        (
            lower_rate && content.site_address.is_none(),
            Missing::SiteAddress,
        ),
        (
            lower_rate && customer.kind == CustomerKind::Business && !is_certified(content),
            Missing::Certification,
        ),
        (
            reverse_charge && content.operation == Operation::Goods,
            Missing::ReverseChargeOfGoods,
        ),
        (
            totals.deductions_of(DeductionKind::Retention) > five_percent,
            Missing::RetentionAboveFivePercent,
        ),
    ]
}

fn any_line(content: &Content, test: fn(&Line) -> bool) -> bool {
    content.items.iter().filter_map(Item::line).any(test)
}

fn is_works(line: &Line) -> bool {
    line.nature == Nature::Works
}

/// Whether the notes say what a customer certifies: other words than the official ones are accepted
/// if they name the dwelling (BOI-LETTRE-000280).
fn is_certified(content: &Content) -> bool {
    content.notes.as_deref().is_some_and(|notes| {
        let notes = notes.to_lowercase();
        ["habitation", "logement"]
            .iter()
            .any(|word| notes.contains(word))
    })
}

#[cfg(test)]
mod tests;
