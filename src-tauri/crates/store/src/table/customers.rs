//! Customers and their accounting codes.

use acquit_domain::Cents;
use acquit_domain::customer::Customer;
use acquit_domain::id::CustomerId;
use jiff::Timestamp;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{cents, json, text, to_json};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[
    Step {
        id: "2026-11-23-20-customers",
        sql: "CREATE TABLE customers (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            code TEXT NOT NULL UNIQUE COLLATE NOCASE,
            auxiliary TEXT NOT NULL UNIQUE,
            body TEXT NOT NULL,
            created_at INTEGER NOT NULL
          ) STRICT;",
    },
    Step {
        id: "2026-11-26-52-customer-numbers",
        sql: "-- The highest number is asked for with every new customer.
          CREATE INDEX customers_by_number ON customers (CAST(SUBSTR(code, 4) AS INTEGER)) WHERE code GLOB 'CL-[0-9]*';",
    },
];

/// The index on the number serves it: no other customer is looked at.
const NEXT_CODE: &str = "SELECT COALESCE(MAX(CAST(SUBSTR(code, 4) AS INTEGER)), 0) + 1 FROM customers WHERE code GLOB 'CL-[0-9]*'";

/// A customer and the account of theirs under the collective 411.
#[derive(Clone, Debug)]
pub struct CustomerRow {
    /// The customer.
    pub customer: Customer,
    /// Code of the auxiliary account.
    pub auxiliary: String,
}

fn read(row: &Row<'_>) -> rusqlite::Result<CustomerRow> {
    Ok(CustomerRow {
        customer: json(row, "body")?,
        auxiliary: row.get("auxiliary")?,
    })
}

impl Reader<'_> {
    /// The customer with an id.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn customer(&self, id: CustomerId) -> Result<Option<CustomerRow>, Error> {
        self.first(
            "SELECT * FROM customers WHERE id = ?1",
            [id.to_string()],
            read,
        )
    }

    /// The customer with a code, in any case.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn customer_by_code(&self, code: &str) -> Result<Option<CustomerRow>, Error> {
        self.first("SELECT * FROM customers WHERE code = ?1", [code], read)
    }

    /// A page of customers in order of creation, after `after` (a sequence; 0 for the first page),
    /// each with its sequence.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn customers(&self, after: i64, limit: u32) -> Result<Vec<(i64, CustomerRow)>, Error> {
        self.all(
            "SELECT * FROM customers WHERE seq > ?1 ORDER BY seq LIMIT ?2",
            (after, limit),
            |row| Ok((row.get("seq")?, read(row)?)),
        )
    }

    /// What each customer has still to pay; customers who owe nothing are not there.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn due_by_customer(&self) -> Result<Vec<(CustomerId, Cents)>, Error> {
        self.all(
            "SELECT d.customer_id AS id, SUM(l.remaining) AS due
             FROM invoice_list l JOIN documents d ON d.id = l.id
             WHERE l.kind = 'invoice' AND l.status IN ('finalised', 'partly_paid')
             GROUP BY d.customer_id HAVING SUM(l.remaining) > 0",
            [],
            |row| Ok((text(row, "id")?, cents(row, "due")?)),
        )
    }

    /// The number in the next free code of the form `CL-0001`.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn next_customer_code(&self) -> Result<u32, Error> {
        self.one(NEXT_CODE, [], |row| row.get(0))
    }

    /// Whether an auxiliary account exists.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn has_auxiliary(&self, code: &str) -> Result<bool, Error> {
        self.one(
            "SELECT EXISTS (SELECT 1 FROM customers WHERE auxiliary = ?1)",
            [code],
            |row| row.get(0),
        )
    }
}

impl Writer<'_> {
    /// Changes a customer; code and account stay what finalised documents and entries name.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn update_customer(&self, customer: &Customer) -> Result<(), Error> {
        self.execute(
            "UPDATE customers SET body = ?2 WHERE id = ?1",
            (customer.id.to_string(), to_json(customer)?),
        )?;
        Ok(())
    }

    /// Adds a customer.
    ///
    /// # Errors
    /// A constraint `customers.code` when the code is taken.
    pub fn insert_customer(&self, row: &CustomerRow, now: Timestamp) -> Result<(), Error> {
        let customer = &row.customer;
        self.execute(
            "INSERT INTO customers (id, code, auxiliary, body, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            (customer.id.to_string(), &customer.code, &row.auxiliary, to_json(customer)?, now.as_microsecond()),
        )?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, StatementStatus};

    use super::{NEXT_CODE, STEPS};

    /// The next number after so many customers, and what SQLite did to find it.
    fn next(count: u32) -> (u32, i32) {
        let connection = Connection::open_in_memory().unwrap();
        for step in STEPS {
            connection.execute_batch(step.sql).unwrap();
        }
        let put = "INSERT INTO customers (id, code, auxiliary, body, created_at) VALUES (?1, ?1, ?1, '', 0)";
        for number in 1..=count {
            let code = format!("CL-{number:04}");
            connection.execute(put, [code]).unwrap();
        }
        for other in ["MARCHAND", "cl-99999", "CL-X99999"] {
            connection.execute(put, [other]).unwrap();
        }
        let mut statement = connection.prepare(NEXT_CODE).unwrap();
        let found = statement.query_row([], |row| row.get(0)).unwrap();
        (found, statement.get_status(StatementStatus::VmStep))
    }

    #[test]
    fn the_next_code_costs_the_same_among_many_customers() {
        let (few, many) = (next(2), next(10_001));
        assert_eq!((few.0, many.0), (3, 10_002));
        assert_eq!(few.1, many.1);
    }
}
