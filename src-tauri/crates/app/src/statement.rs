//! The statement of account (*relevé de compte*) of one customer: what they have still to pay.

use acquit_document::{Statement, StatementLine, StatementLink, render_statement};
use acquit_domain::Cents;
use acquit_domain::adjustment::sums as sums_of;
use acquit_domain::customer::Customer;
use acquit_domain::date::days_late;
use acquit_domain::id::{CustomerId, InvoiceId, MailId};
use acquit_domain::link::FileNature;
use acquit_domain::receipt::ChargebackOutcome;
use acquit_domain::statement::Owed;
use acquit_mail::Attachment;
use acquit_mail::words::STATEMENT_NAME;
use jiff::civil::Date;

use crate::letters::{PDF, is_test, usable_url};
use crate::paper::{logo_of, marks};
use crate::reminders::carries_statement;
use crate::view::{Document, InvoiceView};
use crate::{Acquit, Error};

impl Acquit {
    /// The statement of a customer as of today: the name of its file, and the PDF. The links that it
    /// carries count as left for the customer.
    ///
    /// # Errors
    /// [`Error::UnknownCustomer`], [`Error::NothingOwed`], or [`Error::Paper`].
    pub fn statement(&self, customer_code: &str) -> Result<(String, Vec<u8>), Error> {
        let customer = self.customer(customer_code)?;
        let views = self.owed_by(customer.id)?;
        let pdf = self.statement_with(&customer, &views)?;
        for view in &views {
            if self.shown_link(view)?.is_some() {
                self.left_with(view)?;
            }
        }
        Ok((name_of(&customer, self.parts.today()), pdf))
    }

    /// The statement that goes with a reminder of several invoices, or with a formal notice. It carries the
    /// links of `views`, which leave with the mail, and no other.
    pub(crate) fn statement_with_mail(
        &self,
        mail: MailId,
        views: &[InvoiceView],
    ) -> Result<Option<Attachment>, Error> {
        let reminders = self.file.read(|reader| reader.reminders_of_mail(mail))?;
        let Some(customer) = views.first().and_then(InvoiceView::buyer) else {
            return Ok(None);
        };
        let mildest = reminders.iter().map(|row| row.level).min();
        if !mildest.is_some_and(|level| carries_statement(level, views.len())) {
            return Ok(None);
        }
        let row = self.file.read(|reader| reader.customer(customer))?;
        let customer = row.ok_or(Error::Inconsistent("customer"))?.customer;
        let mut owed = self.owed_by(customer.id)?;
        for view in &mut owed {
            let with_mail = views.iter().find(|with_mail| with_mail.id == view.id);
            view.link = with_mail.and_then(|with_mail| with_mail.link.clone());
        }
        Ok(Some(Attachment {
            name: STATEMENT_NAME.to_owned(),
            media_type: PDF.to_owned(),
            bytes: self.statement_with(&customer, &owed)?,
        }))
    }

    fn statement_with(&self, customer: &Customer, views: &[InvoiceView]) -> Result<Vec<u8>, Error> {
        let row = self.company_row()?;
        let logo = logo_of(&row)?;
        let date = self.parts.today();
        let mut lines = Vec::with_capacity(views.len());
        for view in views {
            let link = self.shown_link(view)?;
            lines.extend(owed(view, date).map(|owed| StatementLine { owed, link }));
        }
        if lines.is_empty() {
            return Err(Error::NothingOwed);
        }
        let statement = Statement {
            company: &row.company,
            logo: logo.as_ref(),
            customer,
            date,
            made_at: self.parts.now(),
            marks: marks(&row),
            lines: &lines,
        };
        render_statement(&statement).map_err(Error::Paper)
    }

    /// The invoices that a customer is asked to pay, soonest due first.
    fn owed_by(&self, customer: CustomerId) -> Result<Vec<InvoiceView>, Error> {
        let ids = self.file.read(|reader| reader.due_of_customer(customer))?;
        let views = ids.into_iter().map(|id: InvoiceId| self.invoice(id));
        views.collect()
    }

    /// The link that a statement carries. One made with a Test key never leaves a real file
    /// (`payment-links.md` § 3); elsewhere it is marked, as on invoices.
    fn shown_link(&self, view: &InvoiceView) -> Result<Option<StatementLink>, Error> {
        let is_real = self.nature()? == FileNature::Real;
        Ok(view.link.as_ref().and_then(|link| {
            let (url, test) = (usable_url(link, view)?, is_test(link));
            (!test || !is_real).then(|| StatementLink {
                url: url.to_owned(),
                test,
            })
        }))
    }
}

fn owed(view: &InvoiceView, today: Date) -> Option<Owed> {
    match &view.document {
        Document::Draft { .. } => None,
        Document::Finalised(document) => {
            let due_date = view.due_date(document);
            let owed = Owed::of(document, &view.standing, kept(view), today)?;
            Some(Owed {
                due_date,
                days_late: days_late(due_date, today),
                ..owed
            })
        }
    }
}

/// What was received and did not go back, with the credit of other invoices.
fn kept(view: &InvoiceView) -> Cents {
    let receipts = view.receipts.iter();
    let received: Cents = receipts.map(|row| row.receipt.amount - row.refunded).sum();
    let taken_back: Cents = view
        .chargebacks
        .iter()
        .filter(|row| !matches!(row.outcome, Some((ChargebackOutcome::Won, _))))
        .map(|row| row.chargeback.amount)
        .sum();
    let adjusted: Vec<_> = view.adjustments.iter().map(|row| row.adjusted).collect();
    let by_decision = sums_of(view.id, &adjusted);
    received - taken_back + by_decision.brought_in - by_decision.taken_out
}

/// The name of the file. A code may hold what no file name can.
fn name_of(customer: &Customer, today: Date) -> String {
    let code: String = customer
        .code
        .chars()
        .map(|letter| {
            if letter.is_alphanumeric() {
                letter
            } else {
                '-'
            }
        })
        .collect();
    format!("Relevé de compte {code} du {today}.pdf")
}

#[cfg(test)]
mod tests {
    use acquit_domain::company::Address;
    use acquit_domain::customer::{Customer, CustomerKind};
    use acquit_domain::id::CustomerId;
    use acquit_domain::text::Country;
    use jiff::civil::date;
    use uuid::Uuid;

    use super::name_of;

    #[test]
    fn a_file_is_named_after_code_and_day_whatever_the_code() {
        let named = |code: &str| {
            let customer = Customer {
                id: CustomerId::new(Uuid::nil()),
                code: code.to_owned(),
                name: "Hélène Marchand".to_owned(),
                kind: CustomerKind::Private,
                address: Address {
                    line1: "8 impasse des Tuiliers".to_owned(),
                    line2: None,
                    postcode: "37000".to_owned(),
                    city: "Tours".to_owned(),
                    country: Country::france(),
                },
                siren: None,
                vat_number: None,
                email: None,
                phone: None,
            };
            name_of(&customer, date(2026, 11, 22))
        };
        assert_eq!(
            named("CL-0001"),
            "Relevé de compte CL-0001 du 2026-11-22.pdf"
        );
        assert_eq!(named("../é:1"), "Relevé de compte ---é-1 du 2026-11-22.pdf");
    }
}
