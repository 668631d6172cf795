//! People at a customer's: replaced as a whole, in the order in which they were typed.

use acquit_domain::customer::{Civility, Contact};
use acquit_domain::id::CustomerId;
use acquit_domain::text::Email;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::mistyped;
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-26-20-contacts",
    sql: "CREATE TABLE contacts (
            customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            civility TEXT CHECK (civility IN ('mrs', 'mr', 'both')),
            name TEXT,
            role TEXT,
            email TEXT COLLATE NOCASE CHECK (email IS NOT NULL OR name IS NOT NULL),
            phone TEXT,
            gets_mails INTEGER NOT NULL CHECK (gets_mails IN (0, 1)),
            PRIMARY KEY (customer_id, position),
            UNIQUE (customer_id, email),
            CHECK (email IS NOT NULL OR NOT gets_mails)
          ) STRICT, WITHOUT ROWID;",
}];

fn read(row: &Row<'_>) -> rusqlite::Result<Contact> {
    let civility: Option<String> = row.get("civility")?;
    let civility = civility.map(|code| Civility::parse(&code)).transpose();
    let email: Option<String> = row.get("email")?;
    let email = email.map(|text| Email::parse(&text)).transpose();
    Ok(Contact {
        civility: civility.map_err(|_| mistyped("civility"))?,
        name: row.get("name")?,
        role: row.get("role")?,
        email: email.map_err(|_| mistyped("email"))?,
        phone: row.get("phone")?,
        gets_mails: row.get("gets_mails")?,
    })
}

impl Reader<'_> {
    /// The contacts of a customer, in their order.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn contacts_of(&self, customer: CustomerId) -> Result<Vec<Contact>, Error> {
        self.all(
            "SELECT * FROM contacts WHERE customer_id = ?1 ORDER BY position",
            [customer.to_string()],
            read,
        )
    }
}

impl Writer<'_> {
    /// Replaces all contacts of a customer.
    ///
    /// # Errors
    /// A constraint `contacts.customer_id, contacts.email` when two have one address.
    pub fn set_contacts(&self, customer: CustomerId, contacts: &[Contact]) -> Result<(), Error> {
        self.execute(
            "DELETE FROM contacts WHERE customer_id = ?1",
            [customer.to_string()],
        )?;
        for (position, contact) in (0_i64..).zip(contacts) {
            self.execute(
                "INSERT INTO contacts (customer_id, position, civility, name, role, email, phone, gets_mails)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                (
                    customer.to_string(),
                    position,
                    contact.civility.map(Civility::code),
                    &contact.name,
                    &contact.role,
                    contact.email.as_ref().map(Email::as_str),
                    &contact.phone,
                    contact.gets_mails,
                ),
            )?;
        }
        Ok(())
    }
}
