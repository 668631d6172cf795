//! Reads a company and a customer.

use std::path::Path;

use acquit_app::{NewCompany, NewCustomer};
use acquit_domain::company::{Address, Company, FiscalYearEnd, Insurance};
use acquit_domain::customer::CustomerKind;
use acquit_domain::limits::{
    ADDRESS_LINE_MAX, CODE_MAX, MENTION_MAX, NAME_MAX, PAYMENT_DAYS_DEFAULT, PAYMENT_DAYS_MAX,
    PHONE_MAX, POSTCODE_MAX,
};
use acquit_domain::text::{Bic, Country, Email, Iban, Siren, Siret, VatNumber};
use acquit_domain::vat::VatBasis;
use jiff::civil::Date;

use super::fault::{Fault, Refused, Shape};
use super::fields::Fields;
use super::json::Node;

const COMPANY: &[&str] = &[
    "name",
    "siret",
    "address",
    "legal_form",
    "vat_number",
    "email",
    "phone",
    "website",
    "iban",
    "bic",
    "vat_basis",
    "franchise",
    "insurance",
    "capital",
    "register",
    "logo_path",
    "payment_days",
    "fiscal_year_end",
];
const CUSTOMER: &[&str] = &[
    "code",
    "name",
    "kind",
    "address",
    "siren",
    "vat_number",
    "email",
    "phone",
];
const ADDRESS: &[&str] = &["line1", "line2", "postcode", "city", "country"];
const INSURANCE: &[&str] = &["insurer", "contact", "policy", "area"];

const PATH_MAX: usize = 4_000;

/// Reads a company; a relative `logo_path` counts from `folder`, the folder of the file.
///
/// # Errors
/// The first field at fault.
pub(crate) fn company(node: Node, folder: &Path) -> Result<NewCompany, Refused> {
    let mut fields = Fields::of_document(node, COMPANY)?;
    let name = fields.required_line("name", NAME_MAX)?;
    let siret = fields.required_parsed("siret", Shape::Text, Siret::parse)?;
    let address = address(&mut fields)?;
    let franchise = fields.boolean("franchise")?.unwrap_or(false);
    let vat_number = fields
        .parsed("vat_number", Shape::Text, VatNumber::parse)?
        .or_else(|| (!franchise).then(|| siret.siren().vat_number()));
    let payment_days = fields.whole("payment_days", 0, i64::from(PAYMENT_DAYS_MAX))?;
    Ok(NewCompany {
        company: Company {
            name,
            siret,
            address,
            legal_form: fields.line("legal_form", MENTION_MAX)?,
            vat_number,
            email: fields.parsed("email", Shape::Text, Email::parse)?,
            phone: fields.line("phone", PHONE_MAX)?,
            website: fields.line("website", MENTION_MAX)?,
            iban: fields.parsed("iban", Shape::Text, Iban::parse)?,
            bic: fields.parsed("bic", Shape::Text, Bic::parse)?,
            vat_basis: match fields.choice("vat_basis", &["on_receipt", "on_invoice"])? {
                Some("on_invoice") => VatBasis::OnInvoice,
                _ => VatBasis::OnReceipt,
            },
            franchise,
            insurance: insurance(&mut fields)?,
            capital: fields.line("capital", MENTION_MAX)?,
            register: fields.line("register", MENTION_MAX)?,
            payment_days: payment_days
                .and_then(|days| u16::try_from(days).ok())
                .unwrap_or(PAYMENT_DAYS_DEFAULT),
            fiscal_year_end: fiscal_year_end(&mut fields)?,
        },
        logo_path: fields
            .line("logo_path", PATH_MAX)?
            .map(|path| folder.join(path)),
    })
}

/// Reads a customer.
///
/// # Errors
/// The first field at fault.
pub(crate) fn customer(node: Node) -> Result<NewCustomer, Refused> {
    let mut fields = Fields::of_document(node, CUSTOMER)?;
    let name = fields.required_line("name", NAME_MAX)?;
    let kind = fields.choice("kind", &["private", "business"])?;
    let kind = match fields.required("kind", kind)? {
        "private" => CustomerKind::Private,
        _ => CustomerKind::Business,
    };
    Ok(NewCustomer {
        code: fields.line("code", CODE_MAX)?,
        name,
        kind,
        address: address(&mut fields)?,
        siren: fields.parsed("siren", Shape::Text, Siren::parse)?,
        vat_number: fields.parsed("vat_number", Shape::Text, VatNumber::parse)?,
        email: fields.parsed("email", Shape::Text, Email::parse)?,
        phone: fields.line("phone", PHONE_MAX)?,
        contacts: Vec::new(),
    })
}

fn address(fields: &mut Fields) -> Result<Address, Refused> {
    let found = fields.object("address", ADDRESS)?;
    let mut address = fields.required("address", found)?;
    Ok(Address {
        line1: address.required_line("line1", ADDRESS_LINE_MAX)?,
        line2: address.line("line2", ADDRESS_LINE_MAX)?,
        postcode: address.required_line("postcode", POSTCODE_MAX)?,
        city: address.required_line("city", ADDRESS_LINE_MAX)?,
        country: address.required_parsed("country", Shape::Text, Country::parse)?,
    })
}

fn insurance(fields: &mut Fields) -> Result<Option<Insurance>, Refused> {
    let Some(mut insurance) = fields.object("insurance", INSURANCE)? else {
        return Ok(None);
    };
    Ok(Some(Insurance {
        insurer: insurance.required_line("insurer", MENTION_MAX)?,
        contact: insurance.line("contact", MENTION_MAX)?,
        policy: insurance.line("policy", MENTION_MAX)?,
        area: insurance.line("area", MENTION_MAX)?,
    }))
}

/// `MM-DD`; 29 February is accepted and means the last day of February.
fn fiscal_year_end(fields: &mut Fields) -> Result<FiscalYearEnd, Refused> {
    let Some(text) = fields.raw("fiscal_year_end", Shape::Text)? else {
        return Ok(FiscalYearEnd::default());
    };
    day_of_year(&text)
        .ok_or_else(|| Refused::at(fields.path_of("fiscal_year_end"), Fault::NotADayOfYear))
}

fn day_of_year(text: &str) -> Option<FiscalYearEnd> {
    let (month, day) = text.split_once('-')?;
    let two_digits = |part: &str| {
        (part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse::<i8>().ok())
            .flatten()
    };
    let (month, day) = (two_digits(month)?, two_digits(day)?);
    // A leap year, so that 29 February passes.
    Date::new(2028, month, day)
        .ok()
        .map(|_| FiscalYearEnd { month, day })
}
