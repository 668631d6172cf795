//! What happened to one invoice, in order.

use acquit_domain::Cents;
use acquit_domain::given_back::Choice;
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::DocumentKind;
use acquit_domain::link::{LinkOrigin, LinkState, RefusalReason};
use acquit_domain::mail::{MailState, Recipients};
use acquit_domain::numbering::DocumentNumber;
use acquit_domain::receipt::{ChargebackOutcome, Receipt};
use acquit_store::Reader;
use jiff::Timestamp;

use crate::adjust::adjustment_views;
use crate::view::AdjustmentView;
use crate::{Acquit, Error};

/// Something that happened to an invoice.
#[derive(Clone, Debug)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: Happened,
}

/// What can happen to an invoice.
#[derive(Clone, Debug)]
pub enum Happened {
    /// It got its number.
    Finalised(DocumentNumber),
    /// A link that can be paid was made.
    LinkReady(Cents),
    /// A link was not possible.
    LinkRefused(RefusalReason),
    /// A link was taken back.
    LinkWithdrawn(Cents),
    /// A try failed, with PayPlug's code.
    Attempt(String),
    /// Money came in.
    Received(Box<Receipt>),
    /// A payment in Test mode: no money.
    PaidInTest(Cents),
    /// Money went back.
    Refunded(Cents),
    /// A credit note was issued.
    Credited(DocumentNumber),
    /// A refund was asked for here.
    RefundAsked(Cents),
    /// The customer's bank took money back.
    ChargedBack(Cents),
    /// A dispute ended.
    ChargebackClosed(ChargebackOutcome, Cents),
    /// What was given back is to be paid again.
    CollectAgain(Cents),
    /// A debt was given up as lost.
    WrittenOff(Cents),
    /// The retention was released: it is due from then on.
    RetentionReleased(Cents),
    /// An overpayment or a small difference was decided on, or credit of another invoice came.
    Adjusted(Box<AdjustmentView>),
    /// Cheques went to the bank: reference of the slip, and how much of this invoice.
    ChequesDeposited(String, Cents),
    /// A mail left, or did not: to whom, and how it ended.
    Mailed(Recipients, MailState),
}

impl Acquit {
    /// What happened to a finalised document, oldest first; nothing for a draft.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn timeline(&self, id: InvoiceId) -> Result<Vec<Event>, Error> {
        self.file.read(|reader| {
            let Some(document) = reader.document(id)? else {
                return Ok(Vec::new());
            };
            let mut events = vec![Event {
                at: document.finalised_at,
                what: Happened::Finalised(document.number),
            }];
            let mut note = |at, what| events.push(Event { at, what });
            note_mails(reader, id, &mut note)?;
            if matches!(document.kind, DocumentKind::CreditNote { .. }) {
                return Ok(events);
            }
            for row in reader.links_of(id)? {
                let (amount, changed) = (row.link.amount, row.changed_at);
                // What was made elsewhere is told by its receipt.
                let is_ours = row.link.origin == LinkOrigin::Asked;
                if let (Some(hosted), true) = (row.link.state.hosted(), is_ours) {
                    note(
                        hosted.created_at.max(row.link.wished_at),
                        Happened::LinkReady(amount),
                    );
                }
                match row.link.state {
                    LinkState::Refused { reason } => note(changed, Happened::LinkRefused(reason)),
                    LinkState::Aborted(_) => note(changed, Happened::LinkWithdrawn(amount)),
                    LinkState::PaidTest(_) => note(changed, Happened::PaidInTest(amount)),
                    _ => {}
                }
            }
            for attempt in reader.attempts_of(id)? {
                note(attempt.at, Happened::Attempt(attempt.outcome));
            }
            for row in reader.receipts_of(id)? {
                note(row.recorded_at, Happened::Received(Box::new(row.receipt)));
            }
            for (at, amount) in reader.refund_times_of(id)? {
                note(at, Happened::Refunded(amount));
            }
            for row in reader.refund_wishes_of(id)? {
                note(row.wish.wished_at, Happened::RefundAsked(row.wish.amount));
            }
            for row in reader.chargebacks_of(id)? {
                let amount = row.chargeback.amount;
                note(row.recorded_at, Happened::ChargedBack(amount));
                if let (Some((outcome, _)), Some(at)) = (row.outcome, row.closed_at) {
                    note(at, Happened::ChargebackClosed(outcome, amount));
                }
            }
            note_owners_acts(reader, id, &mut note)?;
            for credit_note in reader.credit_notes(id)? {
                note(
                    credit_note.finalised_at,
                    Happened::Credited(credit_note.number),
                );
            }
            events.sort_by_key(|event| event.at);
            Ok(events)
        })
    }
}

/// What the owner decided, the cheques taken to the bank, and the release of the retention.
fn note_owners_acts(
    reader: &Reader<'_>,
    id: InvoiceId,
    note: &mut impl FnMut(Timestamp, Happened),
) -> Result<(), Error> {
    for (decision, at) in reader.decisions_of(id)? {
        match decision.choice {
            Choice::CollectAgain => note(at, Happened::CollectAgain(decision.amount)),
            Choice::WriteOff => note(at, Happened::WrittenOff(decision.amount)),
            // The credit note itself is told with the others.
            Choice::Credit => {}
        }
    }
    for row in adjustment_views(reader, id)? {
        note(row.recorded_at, Happened::Adjusted(Box::new(row)));
    }
    for (slip, own) in reader.deposit_slips_of(id)? {
        note(
            slip.recorded_at,
            Happened::ChequesDeposited(slip.reference, own),
        );
    }
    if let Some(row) = reader.retention_release(id)? {
        note(row.recorded_at, Happened::RetentionReleased(row.amount));
    }
    Ok(())
}

/// Mails that left, or did not; what still waits is no event.
fn note_mails(
    reader: &Reader<'_>,
    id: InvoiceId,
    note: &mut impl FnMut(Timestamp, Happened),
) -> Result<(), Error> {
    for row in reader.mails_of(id)?.into_iter().rev() {
        match row.mail.state {
            MailState::Queued { .. } | MailState::HandingOver | MailState::Withdrawn => {}
            state => note(row.changed_at, Happened::Mailed(row.mail.recipients, state)),
        }
    }
    Ok(())
}
