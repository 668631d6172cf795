//! A company and a customer as JSON and as text.

use acquit_domain::company::{Address, Company, Insurance};
use acquit_domain::customer::{Customer, CustomerKind};
use acquit_domain::vat::VatBasis;
use serde::Serialize;

/// A postal address.
#[derive(Debug, Serialize)]
pub(crate) struct AddressDocument<'a> {
    line1: &'a str,
    line2: Option<&'a str>,
    postcode: &'a str,
    city: &'a str,
    country: &'a str,
}

fn address(address: &Address) -> AddressDocument<'_> {
    AddressDocument {
        line1: &address.line1,
        line2: address.line2.as_deref(),
        postcode: &address.postcode,
        city: &address.city,
        country: address.country.as_str(),
    }
}

/// A customer with its code.
#[derive(Debug, Serialize)]
pub(crate) struct CustomerDocument<'a> {
    code: &'a str,
    id: String,
    name: &'a str,
    kind: &'static str,
    address: AddressDocument<'a>,
    siren: Option<&'a str>,
    vat_number: Option<&'a str>,
    email: Option<&'a str>,
    phone: Option<&'a str>,
}

/// A customer as JSON.
pub(crate) fn customer(customer: &Customer) -> CustomerDocument<'_> {
    CustomerDocument {
        code: &customer.code,
        id: customer.id.to_string(),
        name: &customer.name,
        kind: match customer.kind {
            CustomerKind::Private => "private",
            CustomerKind::Business => "business",
        },
        address: address(&customer.address),
        siren: customer.siren.as_ref().map(|siren| siren.as_str()),
        vat_number: customer.vat_number.as_ref().map(|number| number.as_str()),
        email: customer.email.as_ref().map(|email| email.as_str()),
        phone: customer.phone.as_deref(),
    }
}

/// A customer on one line of text.
pub(crate) fn customer_text(customer: &Customer) -> String {
    let address = &customer.address;
    format!(
        "{}  {}, {} {}",
        customer.code, customer.name, address.postcode, address.city
    )
}

#[derive(Debug, Serialize)]
struct InsuranceDocument<'a> {
    insurer: &'a str,
    contact: Option<&'a str>,
    policy: Option<&'a str>,
    area: Option<&'a str>,
}

/// A company with what was filled in for it.
#[derive(Debug, Serialize)]
pub(crate) struct CompanyDocument<'a> {
    name: &'a str,
    siret: &'a str,
    siren: String,
    address: AddressDocument<'a>,
    legal_form: Option<&'a str>,
    vat_number: Option<&'a str>,
    email: Option<&'a str>,
    phone: Option<&'a str>,
    website: Option<&'a str>,
    iban: Option<&'a str>,
    bic: Option<&'a str>,
    vat_basis: &'static str,
    franchise: bool,
    insurance: Option<InsuranceDocument<'a>>,
    capital: Option<&'a str>,
    register: Option<&'a str>,
    payment_days: u16,
    fiscal_year_end: String,
}

/// A company as JSON.
pub(crate) fn company(company: &Company) -> CompanyDocument<'_> {
    CompanyDocument {
        name: &company.name,
        siret: company.siret.as_str(),
        siren: company.siren().to_string(),
        address: address(&company.address),
        legal_form: company.legal_form.as_deref(),
        vat_number: company.vat_number.as_ref().map(|number| number.as_str()),
        email: company.email.as_ref().map(|email| email.as_str()),
        phone: company.phone.as_deref(),
        website: company.website.as_deref(),
        iban: company.iban.as_ref().map(|iban| iban.as_str()),
        bic: company.bic.as_ref().map(|bic| bic.as_str()),
        vat_basis: match company.vat_basis {
            VatBasis::OnReceipt => "on_receipt",
            VatBasis::OnInvoice => "on_invoice",
        },
        franchise: company.franchise,
        insurance: company.insurance.as_ref().map(insurance),
        capital: company.capital.as_deref(),
        register: company.register.as_deref(),
        payment_days: company.payment_days,
        fiscal_year_end: format!(
            "{:02}-{:02}",
            company.fiscal_year_end.month, company.fiscal_year_end.day
        ),
    }
}

fn insurance(insurance: &Insurance) -> InsuranceDocument<'_> {
    InsuranceDocument {
        insurer: &insurance.insurer,
        contact: insurance.contact.as_deref(),
        policy: insurance.policy.as_deref(),
        area: insurance.area.as_deref(),
    }
}
