//! Credit notes: a finalised invoice is never changed, it is credited.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{DocumentKind, Finalised};
use crate::error::{Error, Rule};
use crate::id::InvoiceId;
use crate::money::Cents;
use crate::numbering::DocumentNumber;

/// The credit note that takes an invoice back in full: same content, same amounts, the seller and
/// the buyer as they were (BG-3 cites the invoice).
///
/// # Errors
/// [`Rule::NotAnInvoice`] for a credit note, [`Rule::AlreadyCancelled`] when `credited` says that
/// something was credited before.
pub fn full_credit_note(
    invoice: &Finalised,
    credited: Cents,
    already_cancelled: bool,
    id: InvoiceId,
    number: DocumentNumber,
    issue_date: Date,
    finalised_at: Timestamp,
) -> Result<Finalised, Error> {
    if !invoice.is_invoice() {
        return Err(Error::at("id", Rule::NotAnInvoice));
    }
    if already_cancelled || credited.is_positive() {
        return Err(Error::at("id", Rule::AlreadyCancelled));
    }
    Ok(Finalised {
        id,
        kind: DocumentKind::CreditNote {
            credits: invoice.reference(),
        },
        number,
        issue_date,
        due_date: issue_date,
        finalised_at,
        ..invoice.clone()
    })
}
