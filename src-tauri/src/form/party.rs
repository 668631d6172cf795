//! Reads a company and a customer.

use std::path::PathBuf;

use acquit_app::{NewCompany, NewCustomer};
use acquit_domain::Rule;
use acquit_domain::company::{Address, Company, FiscalYearEnd, Insurance};
use acquit_domain::customer::{Civility, Contact, ContactFault, CustomerKind, contact_faults};
use acquit_domain::limits::{
    ADDRESS_LINE_MAX, CONTACTS_MAX, MENTION_MAX, NAME_MAX, PAYMENT_DAYS_DEFAULT, PAYMENT_DAYS_MAX,
    PHONE_MAX, POSTCODE_MAX, ROLE_MAX,
};
use acquit_domain::text::{Bic, Country, Email, Iban, Siren, Siret, VatNumber, single_line};
use acquit_domain::vat::VatBasis;
use jiff::civil::Date;

use super::Errors;
use super::text::compact;
use crate::dto::{CompanyForm, ContactForm, CustomerForm, FieldError};

/// Reads a company; its VAT number follows from the SIRET when none is typed.
pub(crate) fn company(
    form: &CompanyForm,
    logo_path: Option<PathBuf>,
) -> Result<NewCompany, Vec<FieldError>> {
    let mut errors = Errors::default();
    let name = errors.take("name", single_line(&form.name, NAME_MAX));
    let siret = errors.take("siret", required(&form.siret, Siret::parse));
    let address = address(
        &mut errors,
        &form.line1,
        &form.line2,
        &form.postcode,
        &form.city,
        "FR",
    );
    let vat_number = errors.optional("vat_number", &form.vat_number, |typed| {
        VatNumber::parse(&compact(typed))
    });
    let mention = |errors: &mut Errors, field: &str, typed: &str| {
        errors.optional(field, typed, |typed| single_line(typed, MENTION_MAX))
    };
    let legal_form = mention(&mut errors, "legal_form", &form.legal_form);
    let website = mention(&mut errors, "website", &form.website);
    let capital = mention(&mut errors, "capital", &form.capital);
    let register = mention(&mut errors, "register", &form.register);
    let email = errors.optional("email", &form.email, |typed| Email::parse(typed.trim()));
    let phone = errors.optional("phone", &form.phone, |typed| single_line(typed, PHONE_MAX));
    let iban = errors.optional("iban", &form.iban, |typed| Iban::parse(&compact(typed)));
    let bic = errors.optional("bic", &form.bic, |typed| Bic::parse(&compact(typed)));
    let insurance = insurance(&mut errors, form);
    let payment_days = payment_days(&mut errors, &form.payment_days);
    let fiscal_year_end = fiscal_year_end(&mut errors, &form.fiscal_year_end);
    let vat_basis = match form.vat_basis.as_str() {
        "on_invoice" => VatBasis::OnInvoice,
        _ => VatBasis::OnReceipt,
    };
    let read = (|| {
        let siret = siret?;
        Some(NewCompany {
            company: Company {
                name: name?,
                address: address?,
                legal_form,
                vat_number: vat_number
                    .or_else(|| (!form.franchise).then(|| siret.siren().vat_number())),
                email,
                phone,
                website,
                iban,
                bic,
                vat_basis,
                franchise: form.franchise,
                insurance,
                capital,
                register,
                payment_days: payment_days?,
                fiscal_year_end: fiscal_year_end?,
                siret,
            },
            logo_path,
        })
    })();
    errors.judge(read)
}

/// Reads a customer.
pub(crate) fn customer(form: &CustomerForm) -> Result<NewCustomer, Vec<FieldError>> {
    let mut errors = Errors::default();
    let name = errors.take("name", single_line(&form.name, NAME_MAX));
    let kind = errors.take(
        "kind",
        match form.kind.as_str() {
            "private" => Ok(CustomerKind::Private),
            "business" => Ok(CustomerKind::Business),
            _ => Err(Rule::UnknownChoice),
        },
    );
    let address = address(
        &mut errors,
        &form.line1,
        &form.line2,
        &form.postcode,
        &form.city,
        if form.country.trim().is_empty() {
            "FR"
        } else {
            &form.country
        },
    );
    let siren = errors.optional("siren", &form.siren, |typed| Siren::parse(&compact(typed)));
    let vat_number = errors.optional("vat_number", &form.vat_number, |typed| {
        VatNumber::parse(&compact(typed))
    });
    let email = errors.optional("email", &form.email, |typed| Email::parse(typed.trim()));
    let phone = errors.optional("phone", &form.phone, |typed| single_line(typed, PHONE_MAX));
    let contacts = contacts(&mut errors, &form.contacts);
    let read = (|| {
        Some(NewCustomer {
            code: None,
            name: name?,
            kind: kind?,
            address: address?,
            siren,
            vat_number,
            email,
            phone,
            contacts,
        })
    })();
    errors.judge(read)
}

/// Reads the contacts that can be read; a row in which nothing is typed is none.
fn contacts(errors: &mut Errors, forms: &[ContactForm]) -> Vec<Contact> {
    let mut rows = Vec::new();
    let mut contacts = Vec::new();
    for (row, form) in forms.iter().enumerate() {
        if form.is_blank() {
            continue;
        }
        if let Some(contact) = contact(errors, row, form) {
            rows.push(row);
            contacts.push(contact);
        }
    }
    for ContactFault { index, field, rule } in contact_faults(&contacts) {
        if let Some(row) = rows.get(index) {
            errors.note(&format!("contacts[{row}].{field}"), &rule);
        }
    }
    if contacts.len() > CONTACTS_MAX {
        let most = CONTACTS_MAX;
        errors.note("contacts", &Rule::TooManyContacts { most });
    }
    contacts
}

/// A contact of which every field can be read.
fn contact(errors: &mut Errors, row: usize, form: &ContactForm) -> Option<Contact> {
    let before = errors.0.len();
    let at = |field: &str| format!("contacts[{row}].{field}");
    let line = |most: usize| move |typed: &str| single_line(typed, most);
    let contact = Contact {
        civility: errors.optional(&at("civility"), &form.civility, Civility::parse),
        name: errors.optional(&at("name"), &form.name, line(NAME_MAX)),
        role: errors.optional(&at("role"), &form.role, line(ROLE_MAX)),
        email: errors.optional(&at("email"), &form.email, |typed| {
            Email::parse(typed.trim())
        }),
        phone: errors.optional(&at("phone"), &form.phone, line(PHONE_MAX)),
        gets_mails: form.gets_mails,
    };
    (errors.0.len() == before).then_some(contact)
}

fn required<T>(typed: &str, read: impl FnOnce(&str) -> Result<T, Rule>) -> Result<T, Rule> {
    match compact(typed) {
        blank if blank.is_empty() => Err(Rule::Empty),
        text => read(&text),
    }
}

fn address(
    errors: &mut Errors,
    line1: &str,
    line2: &str,
    postcode: &str,
    city: &str,
    country: &str,
) -> Option<Address> {
    let line1 = errors.take("line1", single_line(line1, ADDRESS_LINE_MAX));
    let line2 = errors.optional("line2", line2, |typed| single_line(typed, ADDRESS_LINE_MAX));
    let postcode = errors.take("postcode", single_line(postcode, POSTCODE_MAX));
    let city = errors.take("city", single_line(city, ADDRESS_LINE_MAX));
    let country = errors.take("country", Country::parse(&compact(country)));
    Some(Address {
        line1: line1?,
        line2,
        postcode: postcode?,
        city: city?,
        country: country?,
    })
}

/// Without an insurer the other fields say nothing.
fn insurance(errors: &mut Errors, form: &CompanyForm) -> Option<Insurance> {
    let mut mention = |field: &str, typed: &str| {
        errors.optional(field, typed, |typed| single_line(typed, MENTION_MAX))
    };
    let contact = mention("insurance_contact", &form.insurance_contact);
    let policy = mention("insurance_policy", &form.insurance_policy);
    let area = mention("insurance_area", &form.insurance_area);
    let insurer = mention("insurer", &form.insurer);
    if insurer.is_none()
        && form.insurer.trim().is_empty()
        && (contact.is_some() || policy.is_some() || area.is_some())
    {
        errors.note("insurer", &Rule::Empty);
    }
    Some(Insurance {
        insurer: insurer?,
        contact,
        policy,
        area,
    })
}

fn payment_days(errors: &mut Errors, typed: &str) -> Option<u16> {
    let read = read_payment_days(typed);
    let sentence = "Écrivez un nombre de jours, par exemple 30.";
    errors.take_saying("payment_days", read, sentence)
}

fn read_payment_days(typed: &str) -> Result<u16, Rule> {
    let typed = typed.trim().trim_end_matches("jours").trim();
    if typed.is_empty() {
        return Ok(PAYMENT_DAYS_DEFAULT);
    }
    match typed.parse::<u16>() {
        Ok(days) if days <= PAYMENT_DAYS_MAX => Ok(days),
        Ok(_) => Err(Rule::TooLarge),
        Err(_) => Err(Rule::NotADecimal),
    }
}

fn fiscal_year_end(errors: &mut Errors, typed: &str) -> Option<FiscalYearEnd> {
    let read = read_fiscal_year_end(typed);
    errors.take_saying(
        "fiscal_year_end",
        read,
        "Écrivez le jour et le mois : 31/12.",
    )
}

/// `31/12`; 29 February is accepted and means the last day of February.
fn read_fiscal_year_end(typed: &str) -> Result<FiscalYearEnd, Rule> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(FiscalYearEnd::default());
    }
    let (day, month) = typed.split_once('/').ok_or(Rule::NotADate)?;
    let number = |part: &str| part.parse::<i8>().map_err(|_| Rule::NotADate);
    let (day, month) = (number(day)?, number(month)?);
    // A leap year, so that 29 February passes.
    Date::new(2028, month, day)
        .map(|_| FiscalYearEnd { month, day })
        .map_err(|_| Rule::NotADate)
}

#[cfg(test)]
mod tests {
    use super::{company, customer};
    use crate::dto::{CompanyForm, ContactForm, CustomerForm};
    use acquit_domain::customer::Civility;

    fn ferrand() -> CompanyForm {
        CompanyForm {
            name: "Ferrand".to_owned(),
            siret: "812 345 676 00017".to_owned(),
            line1: "14 rue du Port-Neuf".to_owned(),
            postcode: "37540".to_owned(),
            city: "Saint-Cyr-sur-Loire".to_owned(),
            ..CompanyForm::default()
        }
    }

    #[test]
    fn a_company_needs_little_and_gets_sound_defaults() {
        let read = company(&ferrand(), None).unwrap().company;
        assert_eq!(read.vat_number.unwrap().as_str(), "FR19812345676");
        assert_eq!((read.payment_days, read.fiscal_year_end.month), (30, 12));
        let written = CompanyForm::from(&company(&ferrand(), None).unwrap().company);
        let again = company(&written, None).unwrap().company;
        assert_eq!(again, company(&ferrand(), None).unwrap().company);
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let form = CompanyForm {
            siret: "123".to_owned(),
            iban: "FR00".to_owned(),
            payment_days: "400".to_owned(),
            fiscal_year_end: "31/13".to_owned(),
            insurance_policy: "37".to_owned(),
            ..CompanyForm::default()
        };
        let errors = company(&form, None).unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        let expected = [
            "name",
            "siret",
            "line1",
            "postcode",
            "city",
            "iban",
            "insurer",
            "payment_days",
            "fiscal_year_end",
        ];
        assert_eq!(fields, expected);
        assert!(errors.iter().all(|error| !error.sentence.is_empty()));
        let said = |field: &str| {
            let found = errors.iter().find(|error| error.field == field).unwrap();
            found.sentence.as_str()
        };
        assert_eq!(
            said("payment_days"),
            "Écrivez un nombre de jours, par exemple 30."
        );
        assert_eq!(
            said("fiscal_year_end"),
            "Écrivez le jour et le mois : 31/12."
        );
    }

    #[test]
    fn a_customer_is_french_unless_said_otherwise() {
        let mut form = CustomerForm {
            name: "Hélène".to_owned(),
            kind: "private".to_owned(),
            line1: "1".to_owned(),
            postcode: "37000".to_owned(),
            city: "Tours".to_owned(),
            ..CustomerForm::default()
        };
        assert_eq!(customer(&form).unwrap().address.country.as_str(), "FR");
        form.kind = "robot".to_owned();
        form.email = "nowhere".to_owned();
        let errors = customer(&form).unwrap_err();
        assert_eq!(errors.len(), 2);
    }

    fn syndic(contacts: Vec<ContactForm>) -> CustomerForm {
        CustomerForm {
            name: "Syndic".to_owned(),
            kind: "business".to_owned(),
            line1: "1".to_owned(),
            postcode: "37000".to_owned(),
            city: "Tours".to_owned(),
            contacts,
            ..CustomerForm::default()
        }
    }

    fn petitjean() -> ContactForm {
        ContactForm {
            civility: "mrs".to_owned(),
            name: " Petitjean ".to_owned(),
            email: "c.petitjean@syndic.example".to_owned(),
            gets_mails: true,
            ..ContactForm::default()
        }
    }

    #[test]
    fn contacts_are_read_and_a_blank_row_is_none() {
        let form = syndic(vec![ContactForm::default(), petitjean()]);
        let read = customer(&form).unwrap().contacts;
        let [contact] = read.as_slice() else {
            panic!("{read:?}");
        };
        assert_eq!(contact.civility, Some(Civility::Mrs));
        assert_eq!(contact.name.as_deref(), Some("Petitjean"));
        assert_eq!((contact.role.as_deref(), contact.gets_mails), (None, true));
        let again = ContactForm::from(contact);
        assert_eq!(customer(&syndic(vec![again])).unwrap().contacts, read);
    }

    #[test]
    fn each_contact_is_refused_at_its_own_fields() {
        let form = syndic(vec![
            petitjean(),
            ContactForm::default(),
            ContactForm {
                civility: "dr".to_owned(),
                email: "nowhere".to_owned(),
                ..petitjean()
            },
            ContactForm {
                role: "Comptabilité".to_owned(),
                ..ContactForm::default()
            },
            petitjean(),
            ContactForm {
                email: " ".to_owned(),
                ..petitjean()
            },
        ]);
        let errors = customer(&form).unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        let expected = [
            "contacts[2].civility",
            "contacts[2].email",
            "contacts[3].name",
            "contacts[4].email",
            "contacts[5].email",
        ];
        assert_eq!(fields, expected);
        assert!(errors.iter().all(|error| error.sentence.ends_with('.')));
        let many = (0..21).map(|number| ContactForm {
            email: format!("p{number}@syndic.example"),
            ..petitjean()
        });
        let errors = customer(&syndic(many.collect())).unwrap_err();
        assert_eq!((errors.len(), errors[0].field.as_str()), (1, "contacts"));
    }
}
