//! Online payments as a screen lists them: one line for each link, by what became of it.

use acquit_domain::Cents;
use acquit_domain::id::LinkId;
use acquit_domain::link::{LinkState, PaymentLink, is_to_send_again};
use acquit_domain::numbering::DocumentNumber;
use acquit_domain::remote::Card;
use acquit_store::{LinkRow, PaymentCounts, PaymentPart, PaymentRow, Reader};
use jiff::Timestamp;

use crate::invoicing::PAGE_MAX;
use crate::view::Attempt;
use crate::{Acquit, Error};

/// Which online payments to list, the one that changed last first.
#[derive(Clone, Debug)]
pub struct PaymentFilter {
    /// Which part of the list.
    pub part: PaymentPart,
    /// Only those whose invoice, customer, card or transaction holds these words.
    pub words: String,
    /// Code of the one customer whose payments are asked for.
    pub customer: Option<String>,
    /// At most so many (1 … 1,000).
    pub limit: u32,
    /// Those after this one in the list.
    pub after: Option<LinkId>,
}

impl Default for PaymentFilter {
    fn default() -> Self {
        Self {
            part: PaymentPart::All,
            words: String::new(),
            customer: None,
            limit: PAGE_MAX,
            after: None,
        }
    }
}

/// One online payment.
#[derive(Clone, Debug)]
pub struct PaymentLine {
    /// The link: its invoice, its amount and where it stands.
    pub link: PaymentLink,
    /// When it came to where it stands; of a payment, when PayPlug says it was paid.
    pub at: Timestamp,
    /// Number of the invoice.
    pub number: DocumentNumber,
    /// Code of the customer.
    pub customer_code: String,
    /// Name of the customer, as the invoice says it.
    pub customer: String,
    /// Failed tries on it, oldest first.
    pub attempts: Vec<Attempt>,
    /// The card that paid, where PayPlug tells it.
    pub card: Option<Card>,
    /// How much of it went back so far.
    pub given_back: Cents,
    /// Still to pay on the invoice.
    pub remaining: Cents,
    /// It takes the place of a link that left for the customer, and has not left itself.
    pub to_send_again: bool,
}

impl Acquit {
    /// A page of online payments.
    ///
    /// # Errors
    /// [`Error::UnknownCustomer`], or a failure of the file.
    pub fn payments(&self, filter: &PaymentFilter) -> Result<Vec<PaymentLine>, Error> {
        self.file.read(|reader| {
            let customer = match &filter.customer {
                None => None,
                Some(code) => {
                    let row = reader.customer_by_code(code)?;
                    let row = row.ok_or_else(|| Error::UnknownCustomer(code.clone()))?;
                    Some(row.customer.id)
                }
            };
            let rows = reader.payments(&acquit_store::PaymentFilter {
                part: filter.part,
                words: filter.words.clone(),
                customer,
                after: filter.after,
                limit: filter.limit.clamp(1, PAGE_MAX),
            })?;
            rows.into_iter().map(|row| line(reader, row)).collect()
        })
    }

    /// A value that changes whenever the file tells something new of a link or a payment, whoever
    /// wrote it.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn event_mark(&self) -> Result<[i64; 4], Error> {
        Ok(self.file.read(|reader| reader.event_mark())?)
    }

    /// How many online payments each part of the list has.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn payment_counts(&self) -> Result<PaymentCounts, Error> {
        Ok(self.file.read(|reader| reader.payment_counts())?)
    }
}

fn line(reader: &Reader<'_>, row: PaymentRow) -> Result<PaymentLine, Error> {
    let document = reader
        .document(row.link.link.invoice)?
        .ok_or(Error::Inconsistent("link"))?;
    let listed = reader.listed(row.link.link.invoice)?;
    let paid = row.receipt.as_ref();
    let source = paid.and_then(|paid| paid.receipt.payplug.as_ref());
    let went_back = paid.is_some_and(|paid| paid.refunded.is_positive());
    let at = match source {
        Some(source) if !went_back => source.paid_at,
        _ => row.link.changed_at,
    };
    let to_send_again = match row.link.link.state {
        LinkState::Open(_) => {
            let links = reader.links_of(row.link.link.invoice)?;
            let past: Vec<_> = links.iter().map(LinkRow::past).collect();
            links
                .last()
                .is_some_and(|last| last.link.id == row.link.link.id)
                && is_to_send_again(&past)
        }
        _ => false,
    };
    let mut given_back = paid.map_or(Cents::ZERO, |paid| paid.refunded);
    for dispute in reader.chargebacks_of(row.link.link.invoice)? {
        let is_of_it = paid.is_some_and(|paid| paid.receipt.id == dispute.chargeback.receipt);
        if is_of_it && dispute.counts() {
            given_back += dispute.chargeback.amount;
        }
    }
    Ok(PaymentLine {
        at,
        number: document.number,
        customer_code: document.buyer.code,
        customer: document.buyer.name,
        attempts: row
            .attempts
            .into_iter()
            .map(|attempt| Attempt {
                at: attempt.at,
                outcome: attempt.outcome,
            })
            .collect(),
        card: source.and_then(|source| source.card.clone()),
        given_back,
        to_send_again,
        remaining: listed.map_or(Cents::ZERO, |row| row.remaining),
        link: row.link.link,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::message;

    /// The codes that PayPlug documents for a payment that failed.
    const DOCUMENTED: [&str; 11] = [
        "processing_error",
        "card_declined",
        "insufficient_funds",
        "3ds_declined",
        "incorrect_number",
        "fraud_suspected",
        "method_unsupported",
        "card_scheme_mismatch",
        "card_expiration_date_prior_to_last_installment_date",
        "aborted",
        "timeout",
    ];

    #[test]
    fn every_documented_failure_has_a_sentence_of_its_own() {
        let unknown = message::attempt("something new").fr;
        let told: BTreeSet<String> = DOCUMENTED
            .iter()
            .map(|code| message::attempt(code).fr)
            .collect();
        assert_eq!(told.len(), DOCUMENTED.len());
        assert!(!told.contains(&unknown));
    }
}
