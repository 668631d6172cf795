//! Finalising, cancelling, and what is known of an invoice.

use acquit_accounting::Charts;
use acquit_accounting::sales::{credit_note as credit_note_entry, invoice as sales_entry};
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::credit::{
    Issue, credit_note_of_lines, full_credit_note, partial_credit_note,
};
use acquit_domain::invoice::mentions::{Missing, long_term};
use acquit_domain::invoice::{Draft, DraftKind, Finalised, finalise, issue_date};
use acquit_domain::link::{LinkState, PaymentLink, is_to_send_again};
use acquit_domain::numbering::{DocumentNumber, Numbered, Place, Series};
use acquit_domain::receipt::{Movements, Standing, Status, standing};
use acquit_domain::{Cents, Error as Broken, Rule};
use acquit_payplug::accept_payment_url;
use acquit_store::{LinkRow, Reader, Writer};
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::adjust::adjustment_views;
use crate::drafts::{missing_in, missing_of, refuse_unfinished};
use crate::files::{company_of, company_on};
use crate::ledger::{
    Account, auxiliary_of, chart_of, charts_of_deposits, close_event, open_day, record, renew_link,
};
use crate::lists::list_filter;
use crate::numbering::next_number;
use crate::references::{
    Current, Named, credited, current, references_in, references_of, refuse_deducted,
};
use crate::retention::retention_view;
use crate::view::{
    Attempt, ChargebackView, DeadLink, Document, InvoiceFilter, InvoiceView, LinkHistory,
    ReceiptView, RefundWishView,
};
use crate::{Acquit, Error};

/// Longest page of a list.
pub(crate) const PAGE_MAX: u32 = 1_000;

impl Acquit {
    /// Finalises a draft of any kind: number, document, entries, audit record and the wish for a link, in
    /// one transaction. What its references ask for is read there. No request leaves: before a credit
    /// note lowers what a payable link asks for, [`Acquit::issue`] takes that back.
    ///
    /// # Errors
    /// [`Error::NotADraft`], or a rule of dates, references and content.
    pub fn finalise(&self, id: InvoiceId) -> Result<InvoiceView, Error> {
        self.file.write(|writer| {
            let draft = draft_of(writer, id)?;
            match draft.kind {
                DraftKind::CreditNote { .. } => self.finalise_credit_note(writer, draft),
                _ => self.finalise_invoice(writer, draft),
            }
        })?;
        self.invoice(id)
    }

    /// Finalises a draft of any kind; a credit note first takes the payable link of its invoice back
    /// (10 s at most; when PayPlug cannot be reached it stays *aborting*).
    ///
    /// # Errors
    /// As for [`Acquit::finalise`].
    pub async fn issue(&self, id: InvoiceId) -> Result<InvoiceView, Error> {
        let credited = self.file.read(|reader| {
            let draft = draft_of(reader, id)?;
            let DraftKind::CreditNote { credits } = draft.kind else {
                return Ok(None);
            };
            // A note that is refused takes no link back.
            self.note_of_lines(reader, draft)?;
            Ok::<_, Error>(Some(credits))
        })?;
        if let Some(credited) = credited {
            self.take_back_link(credited).await?;
        }
        self.finalise(id)
    }

    fn finalise_invoice(&self, writer: &Writer<'_>, mut draft: Draft) -> Result<(), Error> {
        let id = draft.id;
        let buyer = writer
            .customer(draft.customer)?
            .ok_or(Error::Inconsistent("customer"))?
            .customer;
        let named = Named::read(writer, &draft.kind)?;
        draft.content.earlier = named.earlier(draft.customer)?;
        if let Some(unpaid) = named.unpaid().into_iter().next() {
            return Err(unpaid.into());
        }
        let (numbered, date) = self.numbered(writer, draft.kind.series(), draft.issue_date)?;
        let company = company_on(writer, date)?;
        let before = draft.content.earlier.iter();
        not_before(date, before.map(|one| one.document.issue_date).max())?;
        let now = self.parts.now();
        let document = finalise(draft, numbered.number, date, company, buyer, now)?;
        let stands = standing(document.totals.net_due, Movements::default());
        self.store_document(writer, &document, numbered.place, stands)?;
        let customer = auxiliary_of(writer, &document)?;
        let (now, deposits) = (writer.chart_now()?, charts_of_deposits(writer, &document)?);
        let charts = Charts {
            document: &now,
            counterpart: &now,
            deposits: &deposits,
        };
        let entry = sales_entry(&document, charts, &customer)?;
        record(writer, &self.parts, id, entry)?;
        renew_link(writer, &self.parts, &Account::read(writer, id)?)
    }

    fn finalise_credit_note(&self, writer: &Writer<'_>, draft: Draft) -> Result<(), Error> {
        let (before, document, place) = self.note_of_lines(writer, draft)?;
        let after = self.book_credit_note(writer, &before, &document, place)?;
        if after.standing.status == Status::Cancelled {
            return self.withdraw_waiting(writer, before.invoice.id);
        }
        renew_link(writer, &self.parts, &after)
    }

    /// The invoice as it stands, and the credit note that a draft would become now, with its place.
    fn note_of_lines(
        &self,
        reader: &Reader<'_>,
        draft: Draft,
    ) -> Result<(Account, Finalised, Place), Error> {
        let DraftKind::CreditNote { credits } = draft.kind else {
            return Err(Error::Inconsistent("credit note"));
        };
        let before = credited(reader, &draft, credits)?;
        let (numbered, date) = self.numbered(reader, Series::CreditNote, draft.issue_date)?;
        not_before(date, Some(before.invoice.issue_date))?;
        let issue = Issue {
            id: draft.id,
            number: numbered.number,
            date,
            at: self.parts.now(),
        };
        let note = credit_note_of_lines(draft, &before.invoice, before.taken(), issue)?;
        Ok((before, note, numbered.place))
    }

    /// Cancels an invoice with a credit note for all that is left of it; a payable link is taken back first (10 s at
    /// most; when PayPlug cannot be reached it stays *aborting*). Returns the credit note.
    ///
    /// # Errors
    /// A draft, a credit note, an invoice already cancelled, partly given up as lost, or taken off by a
    /// later one.
    pub async fn cancel(&self, id: InvoiceId) -> Result<InvoiceView, Error> {
        let (note, ()) = self.cancel_with(id, |_, _| Ok(())).await?;
        self.invoice(note)
    }

    /// Cancels an invoice, and does something more with it in the same transaction. Returns the id of the
    /// credit note with what that gave.
    pub(crate) async fn cancel_with<T>(
        &self,
        id: InvoiceId,
        then: impl FnOnce(&Writer<'_>, &Finalised) -> Result<T, Error>,
    ) -> Result<(InvoiceId, T), Error> {
        let note = InvoiceId::new(self.parts.uuid());
        self.file.read(|reader| {
            let (account, today) = (Account::read(reader, id)?, self.parts.today());
            let next = next_number(reader, Series::CreditNote, today)?.number;
            self.credit_note(reader, &account, None, note, (next, today))
        })?;
        self.take_back_link(id).await?;
        let given = self.file.write(|writer| {
            self.withdraw_waiting(writer, id)?;
            let before = Account::read(writer, id)?;
            self.issue_credit_note(writer, &before, None, note)?;
            then(writer, &before.invoice)
        })?;
        Ok((note, given))
    }

    /// Credits an amount incl. VAT by hand (*avoir partiel*); a payable link is taken back first, as
    /// for a cancellation, and one for the rest is wished for. Returns the credit note.
    ///
    /// # Errors
    /// A draft, a credit note, nothing or more than what is left of the net due.
    pub async fn credit(&self, id: InvoiceId, amount: Cents) -> Result<InvoiceView, Error> {
        let note = InvoiceId::new(self.parts.uuid());
        self.file.read(|reader| {
            let (account, today) = (Account::read(reader, id)?, self.parts.today());
            let next = next_number(reader, Series::CreditNote, today)?.number;
            self.credit_note(reader, &account, Some(amount), note, (next, today))
        })?;
        self.take_back_link(id).await?;
        self.file.write(|writer| {
            let before = Account::read(writer, id)?;
            let after = self.issue_credit_note(writer, &before, Some(amount), note)?;
            renew_link(writer, &self.parts, &after)
        })?;
        self.invoice(note)
    }

    /// Number, document, entries and all that follows of a credit note: for an amount incl. VAT, or
    /// for all that is left of the invoice.
    pub(crate) fn issue_credit_note(
        &self,
        writer: &Writer<'_>,
        before: &Account,
        amount: Option<Cents>,
        id: InvoiceId,
    ) -> Result<Account, Error> {
        let (numbered, date) = self.numbered(writer, Series::CreditNote, None)?;
        let document = self.credit_note(writer, before, amount, id, (numbered.number, date))?;
        self.book_credit_note(writer, before, &document, numbered.place)
    }

    /// Document, entries and all that follows of a credit note.
    fn book_credit_note(
        &self,
        writer: &Writer<'_>,
        before: &Account,
        document: &Finalised,
        place: Place,
    ) -> Result<Account, Error> {
        self.store_document(writer, document, place, settled())?;
        let customer = auxiliary_of(writer, document)?;
        let (invoice, taken) = (&before.invoice, before.taken());
        let (booked, deposits) = (
            chart_of(writer, invoice.id)?,
            charts_of_deposits(writer, document)?,
        );
        let charts = Charts {
            document: &booked,
            counterpart: &booked,
            deposits: &deposits,
        };
        let entry = credit_note_entry(document, invoice, taken, charts, &customer)?;
        record(writer, &self.parts, before.invoice.id, entry)?;
        close_event(writer, &self.parts, before, document.issue_date)
    }

    fn credit_note(
        &self,
        reader: &Reader<'_>,
        account: &Account,
        amount: Option<Cents>,
        id: InvoiceId,
        (number, date): (DocumentNumber, Date),
    ) -> Result<Finalised, Error> {
        refuse_deducted(reader, account.invoice.id, "id")?;
        let issue = Issue {
            id,
            number,
            date,
            at: self.parts.now(),
        };
        let (invoice, taken) = (&account.invoice, account.taken());
        Ok(match amount {
            Some(amount) => partial_credit_note(invoice, taken, amount, issue)?,
            None => full_credit_note(invoice, taken, issue)?,
        })
    }

    /// Number and issue date of the next document of a series.
    fn numbered(
        &self,
        reader: &Reader<'_>,
        series: Series,
        asked: Option<Date>,
    ) -> Result<(Numbered, Date), Error> {
        let date = issue_date(asked, self.parts.today(), reader.last_issue_date(series)?)?;
        open_day(reader, date, "issue_date")?;
        Ok((next_number(reader, series, date)?, date))
    }

    /// Stores a document and chains the hash of its bytes.
    fn store_document(
        &self,
        writer: &Writer<'_>,
        document: &Finalised,
        place: Place,
        standing: Standing,
    ) -> Result<(), Error> {
        let number = document.number.to_string();
        let searchable = searchable(Some(&number), &document.buyer.name, &document.content.title);
        let bytes = writer.insert_document(document, place, &standing, &searchable)?;
        let hash = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>();
        self.audit(writer, DOCUMENT_FINALISED, &(document.id, &number, hash))
    }

    /// The id of an invoice given by id or number.
    ///
    /// # Errors
    /// [`Error::UnknownInvoice`].
    pub fn resolve(&self, id_or_number: &str) -> Result<InvoiceId, Error> {
        let unknown = || Error::UnknownInvoice(id_or_number.to_owned());
        self.file.read(|reader| {
            // Any pattern may have spelled it, and even look like an id: a number is looked up first.
            if let Ok(number) = id_or_number.parse::<DocumentNumber>()
                && let Some(id) = reader.document_id(number)?
            {
                return Ok(id);
            }
            let id: InvoiceId = id_or_number.parse().map_err(|_| unknown())?;
            reader.listed(id)?.map(|row| row.id).ok_or_else(unknown)
        })
    }

    /// Everything known of one invoice or credit note.
    ///
    /// # Errors
    /// [`Error::UnknownInvoice`].
    pub fn invoice(&self, id: InvoiceId) -> Result<InvoiceView, Error> {
        self.file.read(|reader| view(reader, id))
    }

    /// A page of invoices and credit notes, newest first.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn invoices(&self, filter: &InvoiceFilter) -> Result<Vec<InvoiceView>, Error> {
        self.file.read(|reader| {
            let rows = reader.list(&list_filter(filter))?;
            rows.into_iter().map(|row| view(reader, row.id)).collect()
        })
    }
}

/// Kind of the audit record that holds the hash of a document.
pub(crate) const DOCUMENT_FINALISED: &str = "document_finalised";

/// The draft to finalise; text that could not be read yet stops it.
fn draft_of(reader: &Reader<'_>, id: InvoiceId) -> Result<Draft, Error> {
    let draft = reader.draft(id)?;
    refuse_unfinished(reader, id)?;
    match draft {
        Some(draft) => Ok(draft),
        None if reader.document(id)?.is_some() => Err(Error::NotADraft),
        None => Err(Error::UnknownInvoice(id.to_string())),
    }
}

/// A document is not older than what it follows from.
fn not_before(date: Date, earliest: Option<Date>) -> Result<(), Error> {
    match earliest {
        Some(earliest) if date < earliest => {
            Err(Broken::at("issue_date", Rule::BeforeEvent { earliest }).into())
        }
        _ => Ok(()),
    }
}

/// A draft asks for nothing yet.
pub(crate) fn draft_standing(remaining: Cents) -> Standing {
    Standing {
        status: Status::Draft,
        remaining,
        customer_credit: Cents::ZERO,
        awaits_decision: false,
    }
}

/// A credit note asks for nothing: what it gives back counts on its invoice.
fn settled() -> Standing {
    standing(Cents::ZERO, Movements::default())
}

pub(crate) fn searchable(number: Option<&str>, customer: &str, title: &Option<String>) -> String {
    let title = title.as_deref().unwrap_or_default();
    format!("{} {customer} {title}", number.unwrap_or_default())
}

fn draft_view(reader: &Reader<'_>, draft: Draft) -> Result<InvoiceView, Error> {
    let id = draft.id;
    let company = company_of(reader)?.company;
    let customer = reader
        .customer(draft.customer)?
        .ok_or(Error::Inconsistent("customer"))?
        .customer;
    let refers_to = references_of(reader, &draft.kind)?;
    let Current {
        draft,
        totals,
        obstacles,
    } = current(reader, draft)?;
    let missing = missing_of(&company, &customer, &draft, &totals);
    let standing = draft_standing(totals.net_due);
    let document = Document::Draft {
        draft: Box::new(draft),
        customer: Box::new(customer),
        totals,
    };
    Ok(InvoiceView {
        refers_to,
        obstacles,
        ..bare_view(id, document, standing, missing)
    })
}

fn view(reader: &Reader<'_>, id: InvoiceId) -> Result<InvoiceView, Error> {
    if let Some(draft) = reader.draft(id)? {
        return draft_view(reader, draft);
    }
    let document = reader
        .document(id)?
        .ok_or_else(|| Error::UnknownInvoice(id.to_string()))?;
    let mut missing = missing_in(
        &document.seller,
        &document.buyer,
        &document.content,
        &document.totals,
    );
    if !document.is_invoice() {
        // It gives the whole retention back with what is left of the total.
        missing.retain(|one| *one != Missing::RetentionAboveFivePercent);
        return Ok(bare_view(
            id,
            Document::Finalised(Box::new(document)),
            settled(),
            missing,
        ));
    }
    let term = long_term(&document.buyer, document.issue_date, document.due_date);
    missing.extend(term);
    let account = Account::read(reader, id)?;
    let receipts = reader.receipts_of(id)?;
    let attempts = reader.attempts_of(id)?;
    let links = reader.links_of(id)?;
    Ok(InvoiceView {
        standing: account.standing,
        link: shown_link(reader, &links)?,
        link_history: link_history(&links),
        attempts: attempts
            .into_iter()
            .map(|row| Attempt {
                at: row.at,
                outcome: row.outcome,
            })
            .collect(),
        receipts: receipts
            .into_iter()
            .map(|row| ReceiptView {
                receipt: row.receipt,
                refunded: row.refunded,
            })
            .collect(),
        credited_by: account
            .credit_notes
            .iter()
            .map(|note| note.number)
            .collect(),
        adjustments: adjustment_views(reader, id)?,
        refund_wishes: refund_wishes(reader, id)?,
        chargebacks: chargebacks(reader, id)?,
        undecided: account.undecided(),
        creditable: account.creditable(),
        retention: retention_view(reader, &document)?,
        ..bare_view(
            id,
            Document::Finalised(Box::new(document)),
            account.standing,
            missing,
        )
    })
}

/// What the links of an invoice, oldest first, went through.
fn link_history(links: &[LinkRow]) -> LinkHistory {
    let is_open = |row: &LinkRow| matches!(row.link.state, LinkState::Open(_));
    let past: Vec<_> = links.iter().map(LinkRow::past).collect();
    let dead = links.iter().filter_map(|row| match &row.link.state {
        LinkState::Dead(hosted) => Some(DeadLink {
            made_at: hosted.created_at,
            died_at: row.died_at.unwrap_or(row.changed_at),
        }),
        _ => None,
    });
    LinkHistory {
        to_send_again: links.last().is_some_and(is_open) && is_to_send_again(&past),
        dead: dead.collect(),
    }
}

/// The link of an invoice that matters: the one that may still be paid, else the latest that was
/// paid (a dead one may have been, late), else the latest. Its address is accepted once more before anybody sees it: a file
/// that somebody changed must lead no customer astray (`payment-links.md` § 5). One that is not
/// accepted is left empty.
fn shown_link(reader: &Reader<'_>, links: &[LinkRow]) -> Result<Option<PaymentLink>, Error> {
    let newest = |is_it: fn(&LinkState) -> bool| {
        let mut found = links.iter().rev().filter(|row| is_it(&row.link.state));
        found.next()
    };
    let shown = newest(LinkState::is_active)
        .or_else(|| newest(LinkState::was_paid))
        .or_else(|| links.last());
    let Some(mut link) = shown.map(|row| row.link.clone()) else {
        return Ok(None);
    };
    let nature = reader.nature()?.ok_or(Error::Inconsistent("company"))?;
    if let Some(hosted) = link.state.hosted()
        && !hosted.url.is_empty()
        && accept_payment_url(&hosted.url, crate::payplug::policy(nature)).is_err()
    {
        tracing::warn!(link = %link.id, "the address of a page is not PayPlug's");
        link.state = link.state.with_page(String::new());
    }
    Ok(Some(link))
}

fn refund_wishes(reader: &Reader<'_>, id: InvoiceId) -> Result<Vec<RefundWishView>, Error> {
    let rows = reader.refund_wishes_of(id)?.into_iter();
    let views = rows.map(|row| RefundWishView {
        id: row.wish.id.uuid(),
        amount: row.wish.amount,
        wished_at: row.wish.wished_at,
        state: row.wish.state,
    });
    Ok(views.collect())
}

fn chargebacks(reader: &Reader<'_>, id: InvoiceId) -> Result<Vec<ChargebackView>, Error> {
    let rows = reader.chargebacks_of(id)?.into_iter();
    let views = rows.map(|row| ChargebackView {
        chargeback: row.chargeback,
        outcome: row.outcome,
    });
    Ok(views.collect())
}

fn bare_view(
    id: InvoiceId,
    document: Document,
    standing: Standing,
    missing: Vec<Missing>,
) -> InvoiceView {
    let refers_to = match &document {
        Document::Finalised(document) => references_in(document),
        Document::Draft { .. } => Vec::new(),
    };
    InvoiceView {
        id,
        document,
        standing,
        link: None,
        link_history: LinkHistory::default(),
        attempts: Vec::new(),
        receipts: Vec::new(),
        adjustments: Vec::new(),
        credited_by: Vec::new(),
        refund_wishes: Vec::new(),
        chargebacks: Vec::new(),
        undecided: Cents::ZERO,
        creditable: Cents::ZERO,
        retention: None,
        missing,
        refers_to,
        obstacles: Vec::new(),
    }
}
