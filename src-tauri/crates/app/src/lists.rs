//! The list of invoices as a screen shows it: one light row each.

use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::{Content, EarlierKind};
use acquit_domain::link::LinkState;
use acquit_domain::mail::MailState;
use acquit_domain::numbering::DocumentNumber;
use acquit_domain::receipt::Status;
use acquit_store::{Asked, ListCounts, ListFilter, ListRow, Reader};
use jiff::civil::Date;

use crate::files::company_of;
use crate::invoicing::PAGE_MAX;
use crate::view::{InvoiceFilter, Kind};
use crate::{Acquit, Error};

/// What a list says of a draft, an invoice or a credit note.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Identity.
    pub id: InvoiceId,
    /// Number; none for a draft.
    pub number: Option<DocumentNumber>,
    /// Whether it is a credit note.
    pub is_credit_note: bool,
    /// What it is, or is to become.
    pub kind: Kind,
    /// Which situation of its works it is, from 1; none for another kind.
    pub situation: Option<usize>,
    /// Code of the customer.
    pub customer_code: String,
    /// Name of the customer, as the document says it.
    pub customer: String,
    /// What the works are about.
    pub title: Option<String>,
    /// Issue date; of a draft, the one asked for.
    pub issue_date: Option<Date>,
    /// Due date; of a draft, the one asked for.
    pub due_date: Option<Date>,
    /// Total incl. VAT.
    pub gross: Cents,
    /// Still to pay.
    pub remaining: Cents,
    /// Status.
    pub status: Status,
    /// The state of its latest link.
    pub link: Option<LinkState>,
    /// The state of its latest mail.
    pub mail: Option<MailState>,
    /// Whether its link has left for the customer in some way.
    pub has_left: bool,
}

impl Acquit {
    /// A page of the list, newest first.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn summaries(&self, filter: &InvoiceFilter) -> Result<Vec<Summary>, Error> {
        self.file.read(|reader| {
            let rows = reader.list(&list_filter(filter))?;
            rows.into_iter().map(|row| summary(reader, &row)).collect()
        })
    }

    /// What a list says of one invoice.
    ///
    /// # Errors
    /// [`Error::UnknownInvoice`].
    pub fn summary(&self, id: InvoiceId) -> Result<Summary, Error> {
        self.file.read(|reader| {
            let found = summaries_by_id(reader, &[id])?.pop();
            found.ok_or_else(|| Error::UnknownInvoice(id.to_string()))
        })
    }

    /// How many rows each part of the list has.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn list_counts(&self) -> Result<ListCounts, Error> {
        let today = self.parts.today();
        Ok(self.file.read(|reader| reader.list_counts(today))?)
    }

    /// The invoices and drafts of one customer, newest first.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn summaries_of(&self, customer_code: &str) -> Result<Vec<Summary>, Error> {
        self.file.read(|reader| {
            let Some(row) = reader.customer_by_code(customer_code)? else {
                return Err(Error::UnknownCustomer(customer_code.to_owned()));
            };
            let rows = reader.list_of_customer(row.customer.id)?;
            rows.iter().map(|row| summary(reader, row)).collect()
        })
    }
}

pub(crate) fn list_filter(filter: &InvoiceFilter) -> ListFilter {
    ListFilter {
        asked: filter.asked,
        words: filter.words.clone(),
        after: filter.after,
        limit: filter.limit.clamp(1, PAGE_MAX),
    }
}

/// The rows of some invoices, in the order given.
pub(crate) fn summaries_by_id(
    reader: &Reader<'_>,
    ids: &[InvoiceId],
) -> Result<Vec<Summary>, Error> {
    let mut summaries = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(row) = reader.listed(*id)? {
            summaries.push(summary(reader, &row)?);
        }
    }
    Ok(summaries)
}

fn summary(reader: &Reader<'_>, row: &ListRow) -> Result<Summary, Error> {
    if row.status == Status::Draft {
        let draft = reader.draft(row.id)?.ok_or(Error::Inconsistent("draft"))?;
        let customer = reader
            .customer(draft.customer)?
            .ok_or(Error::Inconsistent("customer"))?
            .customer;
        // A company that changed since may refuse what it accepted: the editor says so.
        let totals = draft.content.check(&company_of(reader)?.company);
        return Ok(Summary {
            id: row.id,
            number: None,
            kind: (&draft.kind).into(),
            is_credit_note: false,
            situation: situation((&draft.kind).into(), &draft.content),
            customer_code: customer.code,
            customer: customer.name,
            title: draft.content.title,
            issue_date: draft.issue_date,
            due_date: draft.due_date,
            gross: totals.map_or(row.remaining, |totals| totals.gross),
            remaining: row.remaining,
            status: row.status,
            link: None,
            mail: None,
            has_left: false,
        });
    }
    let document = reader
        .document(row.id)?
        .ok_or(Error::Inconsistent("document"))?;
    let links = reader.links_of(row.id)?;
    let released = reader.retention_release(row.id)?;
    Ok(Summary {
        id: row.id,
        number: Some(document.number),
        kind: (&document.kind).into(),
        is_credit_note: !document.is_invoice(),
        situation: situation((&document.kind).into(), &document.content),
        customer_code: document.buyer.code,
        customer: document.buyer.name,
        title: document.content.title,
        issue_date: Some(document.issue_date),
        due_date: Some(released.map_or(document.due_date, |row| row.due_on)),
        gross: document.totals.gross,
        remaining: row.remaining,
        status: row.status,
        has_left: links.iter().any(|row| row.carried_at.is_some()),
        link: links.into_iter().next_back().map(|row| row.link.state),
        mail: reader.latest_mail_state(row.id)?,
    })
}

/// Which situation of its works a document is: one more than those that it takes off.
fn situation(kind: Kind, content: &Content) -> Option<usize> {
    let before = content.earlier.iter();
    let before = before.filter(|one| one.what == EarlierKind::Situation);
    (kind == Kind::Progress).then(|| before.count() + 1)
}

impl Default for InvoiceFilter {
    fn default() -> Self {
        Self {
            asked: Asked::All,
            words: String::new(),
            limit: PAGE_MAX,
            after: None,
        }
    }
}
