//! Drafts that are made from what is there: duplicates, next situations, final invoices, corrections.

use acquit_domain::id::{CustomerId, InvoiceId};
use acquit_domain::invoice::earlier::next_situation;
use acquit_domain::invoice::{
    Content, DeductionValue, DocumentKind, Draft, DraftKind, Finalised, Item,
};
use acquit_domain::{Error as Broken, Rule};
use acquit_store::{Reader, Writer};

use crate::invoicing::{draft_standing, searchable};
use crate::ledger::Account;
use crate::references::refreshed;
use crate::{Acquit, Error};

impl Acquit {
    /// A new draft with the content of a draft or document: without dates and references, and an
    /// invoice, unless it was a deposit.
    ///
    /// # Errors
    /// [`Error::UnknownInvoice`], or a rule that the content breaks by now.
    pub fn duplicate(&self, id: InvoiceId) -> Result<InvoiceId, Error> {
        self.file.write(|writer| {
            let (is_deposit, customer, content) = match writer.draft(id)? {
                Some(draft) => (
                    draft.kind == DraftKind::Deposit,
                    draft.customer,
                    draft.content,
                ),
                None => {
                    let document = finalised(writer, id)?;
                    let is_deposit = document.kind == DocumentKind::Deposit;
                    (is_deposit, document.buyer.id, document.content)
                }
            };
            let kind = if is_deposit {
                DraftKind::Deposit
            } else {
                DraftKind::Invoice
            };
            self.add_draft(writer, self.blank(kind, customer, all_done(content)))
        })
    }

    /// The draft of the situation after one that nothing takes off yet: the same works, as far as they
    /// had come. Deductions of a fixed amount belonged to the one before.
    ///
    /// # Errors
    /// [`Rule::NotDeductible`], [`Rule::AlreadyDeducted`].
    pub fn next_situation(&self, id: InvoiceId) -> Result<InvoiceId, Error> {
        self.file.write(|writer| {
            let situation = finalised(writer, id)?;
            if situation.kind != DocumentKind::Progress {
                let number = situation.number;
                return Err(Broken::at("id", Rule::NotDeductible { number }).into());
            }
            let (kind, customer) = (DraftKind::Invoice, situation.buyer.id);
            let blank = self.blank(kind, customer, situation.content.clone());
            let mut draft = next_situation(&situation, blank);
            keep_shares(&mut draft.content);
            self.add_draft(writer, draft)
        })
    }

    /// The draft of the final invoice after a situation, all of its works done, or after a deposit, whose
    /// lines are a start.
    ///
    /// # Errors
    /// [`Rule::NotDeductible`], [`Rule::AlreadyDeducted`].
    pub fn final_invoice(&self, id: InvoiceId) -> Result<InvoiceId, Error> {
        self.file.write(|writer| {
            let before = finalised(writer, id)?;
            let kind = DraftKind::Final { follows: vec![id] };
            let mut content = all_done(before.content);
            keep_shares(&mut content);
            self.add_draft(writer, self.blank(kind, before.buyer.id, content))
        })
    }

    /// The guided correction: a finalised invoice is never changed, so that a credit note takes all of it
    /// back and a draft says the same again, of the same kind, ready to be put right. Both come in one
    /// transaction; a payable link is taken back first, as for a cancellation. Returns the draft.
    ///
    /// # Errors
    /// As for [`Acquit::cancel`], or a rule that the content breaks by now.
    pub async fn correct(&self, id: InvoiceId) -> Result<InvoiceId, Error> {
        self.cancel_with(id, |writer, invoice| {
            let draft = self.same_again(writer, invoice)?;
            self.add_draft(writer, draft)
        })
        .await
        .map(|(_, draft)| draft)
    }

    /// The draft that a cancelled invoice was once, without its dates.
    fn same_again(&self, reader: &Reader<'_>, invoice: &Finalised) -> Result<Draft, Error> {
        let mut follows = Vec::new();
        // Of a chain of situations the last is named: nothing else takes it off now.
        for earlier in &invoice.content.earlier {
            let id = earlier.document.id;
            if reader.deducted_by(id)?.is_none() {
                follows.push(id);
            }
        }
        let kind = match invoice.kind {
            DocumentKind::Deposit => DraftKind::Deposit,
            DocumentKind::Progress => DraftKind::Progress { follows },
            DocumentKind::Final => DraftKind::Final { follows },
            DocumentKind::Invoice | DocumentKind::CreditNote { .. } => DraftKind::Invoice,
        };
        Ok(self.blank(kind, invoice.buyer.id, invoice.content.clone()))
    }

    fn blank(&self, kind: DraftKind, customer: CustomerId, content: Content) -> Draft {
        Draft {
            id: self.new_invoice_id(),
            kind,
            customer,
            issue_date: None,
            due_date: None,
            content,
            created_at: self.parts.now(),
        }
    }

    fn add_draft(&self, writer: &Writer<'_>, draft: Draft) -> Result<InvoiceId, Error> {
        let customer = writer
            .customer(draft.customer)?
            .ok_or(Error::Inconsistent("customer"))?
            .customer;
        let current = refreshed(writer, draft)?;
        let (draft, standing) = (current.draft, draft_standing(current.totals.net_due));
        let words = searchable(None, &customer.name, &draft.content.title);
        writer.insert_draft(&draft, &standing, &words)?;
        Ok(draft.id)
    }
}

fn finalised(reader: &Reader<'_>, id: InvoiceId) -> Result<Finalised, Error> {
    match reader.document(id)? {
        Some(document) => Ok(document),
        None => Err(Account::read(reader, id)
            .err()
            .unwrap_or(Error::Inconsistent("document"))),
    }
}

/// The same works, all of them, with nothing taken off.
fn all_done(mut content: Content) -> Content {
    for item in &mut content.items {
        if let Item::Line(line) = item {
            line.progress = None;
        }
    }
    content.earlier.clear();
    content
}

/// Keeps the deductions that are a share of any total.
fn keep_shares(content: &mut Content) {
    content
        .deductions
        .retain(|deduction| matches!(deduction.value, DeductionValue::Percent(_)));
}
