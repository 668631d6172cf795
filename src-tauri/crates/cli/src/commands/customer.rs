//! `customer add`, `list` and `statement`.

use super::{open, written_pdf};
use crate::arguments::Customer;
use crate::error::Error;
use crate::input;
use crate::output::{Answer, Form, party};

/// Runs a command on customers.
pub(super) fn run(command: Customer, form: Form) -> Result<Answer, Error> {
    match command {
        Customer::Add { data, file } => {
            let acquit = open(&data)?;
            let customer = acquit.add_customer(input::customer(&file)?)?;
            Ok(Answer::new(form, &party::customer(&customer), || {
                party::customer_text(&customer)
            }))
        }
        Customer::List { data } => {
            let customers = open(&data)?.customers()?;
            let documents: Vec<_> = customers.iter().map(party::customer).collect();
            Ok(Answer::new(form, &documents, || {
                customers
                    .iter()
                    .map(party::customer_text)
                    .collect::<Vec<_>>()
                    .join("\n")
            }))
        }
        Customer::Statement { data, code, output } => {
            let (_, pdf) = open(&data)?.statement(&code)?;
            written_pdf(&output, &pdf, form)
        }
    }
}
