//! Typed text of the company's and customers' forms that cannot be read yet.

use acquit_domain::id::InvoiceId;
use acquit_store::FormRow;

use crate::{Acquit, Error};

/// Whose form it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormOf {
    /// The company's.
    Company,
    /// A customer's who has no code yet.
    NewCustomer,
    /// The customer's with a code.
    Customer(String),
    /// The mail's of an invoice.
    Mail(InvoiceId),
}

impl FormOf {
    fn subject(&self) -> String {
        match self {
            Self::Company => "company".to_owned(),
            Self::NewCustomer => "customer".to_owned(),
            Self::Customer(code) => format!("customer:{}", code.to_lowercase()),
            Self::Mail(invoice) => format!("mail:{invoice}"),
        }
    }
}

impl Acquit {
    /// The text kept of a form.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn kept_form(&self, of: &FormOf) -> Result<Option<String>, Error> {
        let row = self.file.read(|reader| reader.form(&of.subject()))?;
        Ok(row.map(|row| row.body))
    }

    /// Keeps the text of a form, so that it outlives the window.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn keep_form(&self, of: &FormOf, body: &str) -> Result<(), Error> {
        let row = FormRow {
            subject: of.subject(),
            label: String::new(),
            body: body.to_owned(),
            saved_at: self.parts.now(),
        };
        Ok(self.file.write(|writer| writer.keep_form(&row))?)
    }

    /// Drops the text of a form: it was saved, or given up.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn drop_form(&self, of: &FormOf) -> Result<(), Error> {
        let had = self.file.read(|reader| reader.form(&of.subject()))?;
        if had.is_some() {
            self.file
                .write(|writer| writer.drop_form(&of.subject()))
                .map(|_| ())?;
        }
        Ok(())
    }
}
