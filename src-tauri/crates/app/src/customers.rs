//! Customers: add, change and list; their contacts, and who of them gets their mails.

use std::collections::BTreeMap;

use acquit_accounting::auxiliary_code;
use acquit_domain::Cents;
use acquit_domain::customer::{Contact, Customer, check_contacts, contact_at, who_gets_mails};
use acquit_domain::id::CustomerId;
use acquit_domain::mail::Recipients;
use acquit_domain::text::Email;
use acquit_store::{CustomerRow, Reader};

use crate::view::NewCustomer;
use crate::{Acquit, Error};

/// Customers read at a time.
const PAGE: u32 = 500;

/// An address to propose for a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The address.
    pub email: Email,
    /// Whose it is, where the customer's contacts tell.
    pub contact: Option<Contact>,
}

impl Acquit {
    /// Adds a customer, with the next code when none is given and an account of its own.
    ///
    /// # Errors
    /// [`Error::CustomerCodeTaken`], or a rule of contacts, by its field (`contacts[0].email`).
    pub fn add_customer(&self, new: NewCustomer) -> Result<Customer, Error> {
        check_contacts(&new.contacts)?;
        let id = CustomerId::new(self.parts.uuid());
        self.file.write(|writer| {
            let code = match new.code {
                Some(code) if writer.customer_by_code(&code)?.is_some() => {
                    return Err(Error::CustomerCodeTaken(code));
                }
                Some(code) => code,
                None => format!("CL-{:04}", writer.next_customer_code()?),
            };
            // A failed look-up counts as taken: the next try with a digit is harmless.
            let is_taken = |code: &str| writer.has_auxiliary(code).unwrap_or(true);
            let auxiliary = auxiliary_code(&new.name, is_taken);
            let customer = Customer {
                id,
                code,
                name: new.name,
                kind: new.kind,
                address: new.address,
                siren: new.siren,
                vat_number: new.vat_number,
                email: new.email,
                phone: new.phone,
            };
            let row = CustomerRow {
                customer,
                auxiliary,
            };
            writer.insert_customer(&row, self.parts.now())?;
            writer.set_contacts(id, &new.contacts)?;
            Ok(row.customer)
        })
    }

    /// Changes a customer and their contacts. Code and account stay; finalised documents keep what they
    /// say.
    ///
    /// # Errors
    /// [`Error::UnknownCustomer`], or a rule of contacts, by its field (`contacts[0].email`).
    pub fn update_customer(&self, code: &str, new: NewCustomer) -> Result<Customer, Error> {
        check_contacts(&new.contacts)?;
        self.file.write(|writer| {
            let Some(before) = writer.customer_by_code(code)? else {
                return Err(Error::UnknownCustomer(code.to_owned()));
            };
            let customer = Customer {
                id: before.customer.id,
                code: before.customer.code,
                name: new.name,
                kind: new.kind,
                address: new.address,
                siren: new.siren,
                vat_number: new.vat_number,
                email: new.email,
                phone: new.phone,
            };
            writer.update_customer(&customer)?;
            writer.set_contacts(customer.id, &new.contacts)?;
            self.audit(writer, "customer_changed", &customer.code)?;
            Ok(customer)
        })
    }

    /// The customer with a code.
    ///
    /// # Errors
    /// [`Error::UnknownCustomer`].
    pub fn customer(&self, code: &str) -> Result<Customer, Error> {
        let row = self.file.read(|reader| reader.customer_by_code(code))?;
        row.map(|row| row.customer)
            .ok_or_else(|| Error::UnknownCustomer(code.to_owned()))
    }

    /// The contacts of the customer with a code.
    ///
    /// # Errors
    /// [`Error::UnknownCustomer`].
    pub fn contacts(&self, code: &str) -> Result<Vec<Contact>, Error> {
        self.file.read(|reader| {
            let row = reader.customer_by_code(code)?;
            let row = row.ok_or_else(|| Error::UnknownCustomer(code.to_owned()))?;
            Ok(reader.contacts_of(row.customer.id)?)
        })
    }

    /// What each customer has still to pay; those who owe nothing are not there.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn due_by_customer(&self) -> Result<BTreeMap<CustomerId, Cents>, Error> {
        let due = self.file.read(|reader| reader.due_by_customer())?;
        Ok(due.into_iter().collect())
    }

    /// All customers in order of creation.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn customers(&self) -> Result<Vec<Customer>, Error> {
        let mut customers = Vec::new();
        let mut after = 0;
        loop {
            let page = self.file.read(|reader| reader.customers(after, PAGE))?;
            let Some((last, _)) = page.last() else {
                return Ok(customers);
            };
            after = *last;
            customers.extend(page.into_iter().map(|(_, row)| row.customer));
        }
    }
}

/// Who gets the mails of a customer, as of now: an address that was corrected since is the right one.
/// Nobody when no address is known.
pub(crate) fn recipients_of(
    reader: &Reader<'_>,
    customer: CustomerId,
) -> Result<Vec<Email>, Error> {
    let own = reader
        .customer(customer)?
        .and_then(|row| row.customer.email);
    let contacts = reader.contacts_of(customer)?;
    Ok(who_gets_mails(&contacts, own.as_ref()))
}

/// Addresses to propose for a mail to a customer: those of their contacts, their own, and those used
/// before.
pub(crate) fn proposals_for(
    reader: &Reader<'_>,
    customer: CustomerId,
) -> Result<Vec<Proposal>, Error> {
    let contacts = reader.contacts_of(customer)?;
    let own = reader
        .customer(customer)?
        .and_then(|row| row.customer.email);
    let used = reader.addresses_used(customer)?;
    let known = contacts.iter().filter_map(|contact| contact.email.as_ref());
    let others = own.iter().chain(used.iter().flat_map(Recipients::seen));
    let mut proposals: Vec<Proposal> = Vec::new();
    for email in known.chain(others) {
        if proposals.iter().all(|there| !there.email.is_same(email)) {
            proposals.push(Proposal {
                email: email.clone(),
                contact: contact_at(&contacts, email).cloned(),
            });
        }
    }
    Ok(proposals)
}

/// The contact of a customer to whom a mail is written: the one of its first recipient.
pub(crate) fn contact_written_to(
    reader: &Reader<'_>,
    customer: CustomerId,
    recipients: &Recipients,
) -> Result<Option<Contact>, Error> {
    let Some(first) = recipients.to.first() else {
        return Ok(None);
    };
    let contacts = reader.contacts_of(customer)?;
    Ok(contact_at(&contacts, first).cloned())
}
