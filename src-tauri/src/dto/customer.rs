//! Customers: rows, the form, the page of one.

use acquit_domain::customer::{Civility, Contact, Customer, CustomerKind};
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{InvoiceRow, MailRow, Money, OnlinePayment};

/// A row of the list.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct CustomerRow {
    /// Code.
    pub(crate) code: String,
    /// Name.
    pub(crate) name: String,
    /// Whether professional.
    pub(crate) is_business: bool,
    /// Postcode and town.
    pub(crate) city: String,
    /// E-mail.
    pub(crate) email: Option<String>,
    /// Telephone.
    pub(crate) phone: Option<String>,
    /// Still to pay.
    pub(crate) due: Money,
}

impl CustomerRow {
    pub(crate) fn of(customer: Customer, due: Money) -> Self {
        Self {
            code: customer.code,
            name: customer.name,
            is_business: customer.kind == CustomerKind::Business,
            city: format!("{} {}", customer.address.postcode, customer.address.city),
            email: customer.email.map(|email| email.as_str().to_owned()),
            phone: customer.phone,
            due,
        }
    }
}

/// A customer as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub(crate) struct CustomerForm {
    /// Name.
    pub(crate) name: String,
    /// `private` or `business`.
    pub(crate) kind: String,
    /// First line of the address.
    pub(crate) line1: String,
    /// Second line.
    pub(crate) line2: String,
    /// Postcode.
    pub(crate) postcode: String,
    /// Town.
    pub(crate) city: String,
    /// Country, two letters.
    pub(crate) country: String,
    /// SIREN.
    pub(crate) siren: String,
    /// VAT number.
    pub(crate) vat_number: String,
    /// E-mail.
    pub(crate) email: String,
    /// Telephone.
    pub(crate) phone: String,
    /// People there.
    pub(crate) contacts: Vec<ContactForm>,
}

/// A contact as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub(crate) struct ContactForm {
    /// `mrs`, `mr`, `both`, or nothing.
    pub(crate) civility: String,
    /// Name.
    pub(crate) name: String,
    /// What they do there.
    pub(crate) role: String,
    /// E-mail.
    pub(crate) email: String,
    /// Telephone.
    pub(crate) phone: String,
    /// Whether mails go to them.
    pub(crate) gets_mails: bool,
}

impl ContactForm {
    /// Nobody has typed anything of it yet.
    pub(crate) fn is_blank(&self) -> bool {
        let typed = [&self.name, &self.role, &self.email, &self.phone];
        self.civility.is_empty()
            && !self.gets_mails
            && typed.iter().all(|text| text.trim().is_empty())
    }
}

impl From<&Contact> for ContactForm {
    fn from(contact: &Contact) -> Self {
        Self {
            civility: text(contact.civility.map(Civility::code)),
            name: text(contact.name.as_deref()),
            role: text(contact.role.as_deref()),
            email: text(contact.email.as_ref().map(|email| email.as_str())),
            phone: text(contact.phone.as_deref()),
            gets_mails: contact.gets_mails,
        }
    }
}

/// What a field holds: nothing is an empty text.
fn text(value: Option<&str>) -> String {
    value.unwrap_or_default().to_owned()
}

impl CustomerForm {
    pub(crate) fn of(customer: &Customer, contacts: &[Contact]) -> Self {
        let address = &customer.address;
        Self {
            name: customer.name.clone(),
            kind: match customer.kind {
                CustomerKind::Private => "private",
                CustomerKind::Business => "business",
            }
            .to_owned(),
            line1: address.line1.clone(),
            line2: text(address.line2.as_deref()),
            postcode: address.postcode.clone(),
            city: address.city.clone(),
            country: address.country.as_str().to_owned(),
            siren: text(customer.siren.as_ref().map(|siren| siren.as_str())),
            vat_number: text(customer.vat_number.as_ref().map(|number| number.as_str())),
            email: text(customer.email.as_ref().map(|email| email.as_str())),
            phone: text(customer.phone.as_deref()),
            contacts: contacts.iter().map(ContactForm::from).collect(),
        }
    }
}

/// A customer's page.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct CustomerPage {
    /// Code; none for a new customer.
    pub(crate) code: Option<String>,
    /// As typed.
    pub(crate) form: CustomerForm,
    /// Their invoices, newest first.
    pub(crate) invoices: Vec<InvoiceRow>,
    /// Their online payments, the one that changed last first.
    pub(crate) payments: Vec<OnlinePayment>,
    /// Still to pay.
    pub(crate) due: Money,
    /// Their mails, newest first.
    pub(crate) mails: Vec<MailRow>,
    /// Whether reminders are proposed for them.
    pub(crate) is_reminded: bool,
}
