//! Customers: add, change and list.

use std::collections::BTreeMap;

use acquit_accounting::auxiliary_code;
use acquit_domain::Cents;
use acquit_domain::customer::Customer;
use acquit_domain::id::CustomerId;
use acquit_store::CustomerRow;

use crate::view::NewCustomer;
use crate::{Acquit, Error};

/// Customers read at a time.
const PAGE: u32 = 500;

impl Acquit {
    /// Adds a customer, with the next code when none is given and an account of its own.
    ///
    /// # Errors
    /// [`Error::CustomerCodeTaken`].
    pub fn add_customer(&self, new: NewCustomer) -> Result<Customer, Error> {
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
            Ok(row.customer)
        })
    }

    /// Changes a customer. Code and account stay; finalised documents keep what they say.
    ///
    /// # Errors
    /// [`Error::UnknownCustomer`].
    pub fn update_customer(&self, code: &str, new: NewCustomer) -> Result<Customer, Error> {
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
