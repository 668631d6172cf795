//! Drafts: add, change, delete, and the typed text that is no draft yet.

use acquit_domain::company::Company;
use acquit_domain::customer::Customer;
use acquit_domain::date::{due_date, paris_day};
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::mentions::{Missing, long_term, missing, unprintable};
use acquit_domain::invoice::{Content, Draft, Totals};
use acquit_domain::{Error as Broken, Rule};
use acquit_store::{FormRow, Reader, Writer};

use crate::files::company_of;
use crate::invoicing::{draft_standing, searchable};
use crate::references::{Current, refreshed, resolved};
use crate::view::{InvoiceView, NewInvoice};
use crate::{Acquit, Error};

/// First part of the subject of a draft's form.
const SUBJECT: &str = "invoice:";

/// A draft that was accepted, with what follows from it.
#[derive(Clone, Debug)]
pub struct SavedDraft {
    /// Its totals.
    pub totals: Totals,
    /// What the law wants and the data lack.
    pub missing: Vec<Missing>,
    /// What would stop finalising now, with its field.
    pub obstacles: Vec<Broken>,
}

impl Acquit {
    /// An id for a draft to be.
    #[must_use]
    pub fn new_invoice_id(&self) -> InvoiceId {
        InvoiceId::new(self.parts.uuid())
    }

    /// Adds a draft.
    ///
    /// # Errors
    /// An unknown customer, or a rule of the content with its field.
    pub fn add_invoice(&self, new: NewInvoice) -> Result<InvoiceView, Error> {
        let id = self.new_invoice_id();
        self.save_draft(id, new)?;
        self.invoice(id)
    }

    /// Adds or changes the draft with an id; text kept for it is dropped.
    ///
    /// # Errors
    /// [`Error::NotADraft`], an unknown customer or reference, or a rule of the content with its field.
    pub fn save_draft(&self, id: InvoiceId, new: NewInvoice) -> Result<SavedDraft, Error> {
        self.file.write(|writer| {
            refuse_finalised(writer, id)?;
            let company = company_of(writer)?.company;
            let customer = customer_of(writer, &new.customer)?;
            check_dates(&new)?;
            let searchable = searchable(None, &customer.name, &new.content.title);
            let before = writer.draft(id)?;
            let typed = Draft {
                id,
                kind: resolved(writer, &new.kind)?,
                customer: customer.id,
                issue_date: new.issue_date,
                due_date: new.due_date,
                content: new.content,
                created_at: before
                    .as_ref()
                    .map_or_else(|| self.parts.now(), |before| before.created_at),
            };
            let Current {
                draft,
                totals,
                obstacles,
            } = refreshed(writer, typed)?;
            let missing = missing_of(&company, &customer, &draft, &totals);
            let standing = draft_standing(totals.net_due);
            match before {
                None => writer.insert_draft(&draft, &standing, &searchable)?,
                Some(before) if before != draft => {
                    writer.update_draft(&draft, &standing, &searchable)?;
                }
                Some(_) => {}
            }
            writer.drop_form(&subject(id))?;
            Ok(SavedDraft {
                totals,
                missing,
                obstacles,
            })
        })
    }

    /// The draft with an id as it was last accepted.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn accepted_draft(&self, id: InvoiceId) -> Result<Option<Draft>, Error> {
        Ok(self.file.read(|reader| reader.draft(id))?)
    }

    /// Keeps typed text that is no draft yet, so that it outlives the window; until it is one, the
    /// draft cannot be finalised.
    ///
    /// # Errors
    /// [`Error::NotADraft`].
    pub fn keep_draft_form(&self, id: InvoiceId, label: &str, body: &str) -> Result<(), Error> {
        self.file.write(|writer| {
            refuse_finalised(writer, id)?;
            writer.keep_form(&FormRow {
                subject: subject(id),
                label: label.to_owned(),
                body: body.to_owned(),
                saved_at: self.parts.now(),
            })?;
            Ok(())
        })
    }

    /// The typed text kept for a draft.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn draft_form(&self, id: InvoiceId) -> Result<Option<FormRow>, Error> {
        Ok(self.file.read(|reader| reader.form(&subject(id)))?)
    }

    /// Kept texts that never were a draft: they stand in no list yet.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn unfinished_drafts(&self) -> Result<Vec<(InvoiceId, FormRow)>, Error> {
        self.file.read(|reader| {
            let mut unfinished = Vec::new();
            for row in reader.forms_of(SUBJECT)? {
                let id = row.subject.trim_start_matches(SUBJECT).parse();
                if let Ok(id) = id
                    && reader.draft(id)?.is_none()
                {
                    unfinished.push((id, row));
                }
            }
            Ok(unfinished)
        })
    }

    /// Deletes a draft and the text kept for it.
    ///
    /// # Errors
    /// [`Error::NotADraft`], [`Error::UnknownInvoice`].
    pub fn delete_draft(&self, id: InvoiceId) -> Result<(), Error> {
        self.file.write(|writer| {
            refuse_finalised(writer, id)?;
            let form = writer.drop_form(&subject(id))?;
            if writer.delete_draft(id)? || form {
                Ok(())
            } else {
                Err(Error::UnknownInvoice(id.to_string()))
            }
        })
    }
}

/// What the law wants and the data lack, and what paper cannot show of them.
pub(crate) fn missing_in(
    company: &Company,
    customer: &Customer,
    content: &Content,
    totals: &Totals,
) -> Vec<Missing> {
    let mut all = missing(company, customer, content, totals);
    all.extend(unprintable(
        company,
        customer,
        content,
        acquit_document::unprintable,
    ));
    all
}

/// What the law wants and a draft lacks. Without a date it counts as issued on the day it was made: the
/// terms then are the same whenever one looks.
pub(crate) fn missing_of(
    company: &Company,
    customer: &Customer,
    draft: &Draft,
    totals: &Totals,
) -> Vec<Missing> {
    let mut all = missing_in(company, customer, &draft.content, totals);
    let issue = draft
        .issue_date
        .unwrap_or_else(|| paris_day(draft.created_at));
    let due = draft
        .due_date
        .or_else(|| due_date(issue, company.payment_days).ok());
    all.extend(due.and_then(|due| long_term(customer, issue, due)));
    all
}

/// Text that could not be read yet stops finalising: it may be what the invoice is about.
pub(crate) fn refuse_unfinished(reader: &Reader<'_>, id: InvoiceId) -> Result<(), Error> {
    match reader.form(&subject(id))? {
        None => Ok(()),
        Some(_) => Err(Error::UnfinishedDraft),
    }
}

fn refuse_finalised(writer: &Writer<'_>, id: InvoiceId) -> Result<(), Error> {
    match writer.document(id)? {
        None => Ok(()),
        Some(_) => Err(Error::NotADraft),
    }
}

fn customer_of(reader: &Reader<'_>, code: &str) -> Result<Customer, Error> {
    let row = reader.customer_by_code(code)?;
    row.map(|row| row.customer)
        .ok_or_else(|| Error::UnknownCustomer(code.to_owned()))
}

fn check_dates(new: &NewInvoice) -> Result<(), Error> {
    if let (Some(issue), Some(due)) = (new.issue_date, new.due_date)
        && due < issue
    {
        return Err(Broken::at("due_date", Rule::DueBeforeIssue).into());
    }
    Ok(())
}

fn subject(id: InvoiceId) -> String {
    format!("{SUBJECT}{id}")
}
