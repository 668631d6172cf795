//! The retention (*retenue de garantie*, loi 71-584): what is held back of an invoice, and its release.

use acquit_accounting::retention::released as release_entry;
use acquit_domain::date::due_date;
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::Finalised;
use acquit_domain::invoice::retention::{releasable, retention};
use acquit_domain::{At, Cents};
use acquit_store::{Reader, ReleaseRow};
use jiff::civil::Date;

use crate::ledger::{Account, auxiliary_of, chart_of, close_event, record, renew_link};
use crate::view::{InvoiceView, Released, RetentionView};
use crate::{Acquit, Error};

impl Acquit {
    /// Releases the retention of an invoice on a day, today when none is given: what was held back is
    /// due from then on, and a link for it is wished for (`accounting.md` § 2).
    ///
    /// # Errors
    /// Nothing is held back, it was released before, the invoice is cancelled, a date in the future or
    /// before the invoice.
    pub fn release_retention(
        &self,
        id: InvoiceId,
        date: Option<Date>,
    ) -> Result<InvoiceView, Error> {
        self.file.write(|writer| {
            let before = Account::read(writer, id)?;
            let amount = releasable(&before.invoice, before.taken())?;
            let date = self.day(writer, date, before.invoice.issue_date)?;
            let row = ReleaseRow {
                date,
                amount,
                due_on: due_on(&before, date)?,
                recorded_at: self.parts.now(),
            };
            writer.insert_retention_release(id, &row)?;
            let customer = auxiliary_of(writer, &before.invoice)?;
            let chart = chart_of(writer, id)?;
            let entry = release_entry(&before.invoice, amount, date, &chart, &customer)?;
            record(writer, &self.parts, id, entry)?;
            self.audit(writer, "retention_released", &(id, date, amount))?;
            let after = close_event(writer, &self.parts, &before, date)?;
            renew_link(writer, &self.parts, &after)
        })?;
        self.invoice(id)
    }
}

/// When what is due after a release is to be paid: what was late before stays late; else the usual
/// delay runs from the release.
fn due_on(before: &Account, released_on: Date) -> Result<Date, Error> {
    let invoice = &before.invoice;
    if before.standing.remaining.is_positive() {
        return Ok(invoice.due_date);
    }
    let due = due_date(released_on, invoice.seller.payment_days).at("date")?;
    Ok(due.max(invoice.due_date))
}

/// What is known of the retention of an invoice; none where it has none.
pub(crate) fn retention_view(
    reader: &Reader<'_>,
    invoice: &Finalised,
) -> Result<Option<RetentionView>, Error> {
    let Some(held) = retention(invoice) else {
        return Ok(None);
    };
    let released = reader.retention_release(invoice.id)?;
    Ok(Some(RetentionView {
        amount: held.amount,
        release_on: held.release_on,
        bond: held.bond,
        released: released.map(|row| Released {
            date: row.date,
            due_on: row.due_on,
        }),
    }))
}

/// Whether what is noted of an invoice's retention, and its release, are what its document says.
pub(crate) fn retention_follows(reader: &Reader<'_>, invoice: &Finalised) -> Result<bool, Error> {
    let held = retention(invoice).filter(|held| held.amount.is_positive());
    let said = held.and_then(|held| Some((held.amount, held.release_on?)));
    let release = reader.retention_release(invoice.id)?;
    let of_all = release.is_none_or(|row| said.is_some_and(|(amount, _)| amount == row.amount));
    Ok(of_all && reader.retention_noted(invoice.id)? == said)
}

/// What a document holds back in the books (411700): below zero for the credit note that gives it up.
pub(crate) fn held_back(document: &Finalised) -> Cents {
    let held = document.totals.retention();
    if document.is_invoice() { held } else { -held }
}
