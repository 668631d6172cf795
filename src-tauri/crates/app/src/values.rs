//! What the variables of a mail stand for, as of now: one document, or all that a reminder is about.

use acquit_domain::Cents;
use acquit_domain::company::Company;
use acquit_domain::customer::{Contact, Customer};
use acquit_domain::date::{days_late, french_long};
use acquit_domain::invoice::Finalised;
use acquit_domain::money::french_euros;
use acquit_domain::quantity::Percent;
use acquit_domain::reminder::late_costs;
use acquit_domain::template::Variable;
use acquit_mail::words;
use jiff::civil::Date;

use crate::Error;
use crate::view::{Document, InvoiceView};

/// What a mail is about.
pub(crate) struct About<'a> {
    /// Each document with where it stands, oldest due first; one at least.
    documents: Vec<(&'a Finalised, &'a InvoiceView)>,
    first: &'a Finalised,
    company: &'a Company,
    contact: Option<&'a Contact>,
    today: Date,
    penalty_rate: Option<Percent>,
}

impl<'a> About<'a> {
    pub(crate) fn new(
        views: &'a [InvoiceView],
        company: &'a Company,
        contact: Option<&'a Contact>,
        today: Date,
        penalty_rate: Option<Percent>,
    ) -> Result<Self, Error> {
        let mut documents = Vec::with_capacity(views.len());
        for view in views {
            match &view.document {
                Document::Finalised(document) => documents.push((document.as_ref(), view)),
                Document::Draft { .. } => return Err(Error::StillADraft),
            }
        }
        let first = documents.first().ok_or(Error::Inconsistent("mail"))?.0;
        Ok(Self {
            documents,
            first,
            company,
            contact,
            today,
            penalty_rate,
        })
    }

    pub(crate) fn documents(&self) -> &[(&'a Finalised, &'a InvoiceView)] {
        &self.documents
    }

    /// The only document, where there is one.
    fn only(&self) -> Option<&'a Finalised> {
        (self.documents.len() == 1).then_some(self.first)
    }

    /// The customer as the first document says.
    fn buyer(&self) -> &'a Customer {
        &self.first.buyer
    }

    pub(crate) fn value(&self, variable: Variable) -> String {
        let content = self.only().map(|document| &document.content);
        match variable {
            Variable::Civility => self
                .contact
                .and_then(|contact| contact.civility)
                .map(|civility| civility.in_full().to_owned())
                .unwrap_or_default(),
            Variable::Name => self
                .contact
                .and_then(|contact| contact.name.as_ref())
                .unwrap_or(&self.buyer().name)
                .clone(),
            Variable::Number => words::enumerated(&self.numbers()),
            Variable::Title => content
                .and_then(|content| content.title.clone())
                .unwrap_or_default(),
            Variable::Gross => french_euros(self.sum(|document, _| document.totals.gross)),
            Variable::NetDue => french_euros(self.sum(|_, view| view.standing.remaining)),
            Variable::DueDate => french_long(self.oldest_due()),
            Variable::Site => content
                .and_then(|content| content.site_address.as_deref())
                .map(|site| site.replace('\n', ", "))
                .unwrap_or_default(),
            Variable::Company => self.company.name.clone(),
            Variable::Invoices => match self.only() {
                Some(document) => words::one_invoice(document.number, document.issue_date),
                None => words::invoices(&self.numbers()),
            },
            Variable::Late => words::late(days_late(self.oldest_due(), self.today)),
            Variable::LateCosts => self.late_costs(),
            Variable::PaymentLink => String::new(),
        }
    }

    fn numbers(&self) -> Vec<String> {
        let numbers = self.documents.iter();
        numbers
            .map(|(document, _)| document.number.to_string())
            .collect()
    }

    fn sum(&self, amount: impl Fn(&Finalised, &InvoiceView) -> Cents) -> Cents {
        let amounts = self.documents.iter();
        amounts.map(|(document, view)| amount(document, view)).sum()
    }

    fn oldest_due(&self) -> Date {
        let documents = self.documents.iter();
        let dates = documents.map(|(document, view)| view.due_date(document));
        dates.min().unwrap_or(self.first.due_date)
    }

    /// What late payment adds; nothing where nothing is late, or for a private person.
    fn late_costs(&self) -> String {
        let costs = self.documents.iter().map(|(document, view)| {
            let days = days_late(view.due_date(document), self.today);
            let due = view.standing.payable();
            late_costs(document.buyer.kind, due, days, self.penalty_rate)
        });
        let costs: Vec<_> = costs.collect();
        let penalties = costs.iter().map(|costs| costs.penalties).sum();
        let compensation: Cents = costs.iter().map(|costs| costs.compensation).sum();
        if compensation.is_zero() {
            return String::new();
        }
        words::late_costs(self.penalty_rate, penalties, compensation)
    }
}
