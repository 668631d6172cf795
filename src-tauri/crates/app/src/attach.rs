//! Payments that no link asked for: what is known of one, and its tie to an invoice as somebody decides. From then on it
//! is a payment of that invoice like any other: read, refunded, disputed.

use acquit_accounting::statement::LineKind;
use acquit_domain::Cents;
use acquit_domain::attach::{AttachRule, Foreseen, Unasked, foresee};
use acquit_domain::date::paris_day;
use acquit_domain::id::{InvoiceId, LinkId, ReceiptId};
use acquit_domain::link::{FileNature, LinkOrigin, LinkState, Mode, PaymentLink};
use acquit_domain::receipt::{PaymentMeans, Receipt, Status};
use acquit_domain::remote::{PaymentId, RemotePayment};
use acquit_payplug::Error as E;
use acquit_store::{Reader, Stranger, Writer};
use jiff::civil::Date;

use crate::ledger::{Account, renew_link};
use crate::lists::{Summary, summaries_by_id};
use crate::payplug::Remote;
use crate::view::InvoiceView;
use crate::{Acquit, Error};

/// Code of the audit record.
const PAYMENT_ATTACHED: &str = "payment_attached";

/// The code that PayPlug's second payment for one link is listed under.
const SECOND_PAYMENT: &str = "second_payment";

/// A payment that can be tied to an invoice, and the invoices to choose from.
#[derive(Clone, Debug)]
pub struct Attachable {
    /// PayPlug's id.
    pub payment: PaymentId,
    /// How much it brought, in cents.
    pub amount: Cents,
    /// The day it was paid on, in France.
    pub paid_on: Date,
    /// What the payer was shown, or what the statement says.
    pub description: Option<String>,
    /// Invoices with something to pay: those that ask for just this amount first, then the newest.
    pub invoices: Vec<AttachChoice>,
}

/// An invoice that a payment could be tied to.
#[derive(Clone, Debug)]
pub struct AttachChoice {
    /// The invoice.
    pub invoice: Summary,
    /// What would come of it.
    pub foreseen: Foreseen,
}

/// What the file knows of a payment without asking PayPlug.
struct Known {
    /// As it was last seen at PayPlug.
    seen: Option<Stranger>,
    /// As a statement shows it: day, amount and label.
    line: Option<(Date, Cents, String)>,
    /// With which key a payment of a statement was made.
    mode: Mode,
    /// The keys to read it with; one of Test last.
    keys: Vec<Mode>,
}

/// What PayPlug says when it is asked once more.
enum Read {
    /// This, with the key that it was read with.
    Answered(Box<Remote>, Box<RemotePayment>),
    /// It does not have the payment.
    NotThere,
    /// There is no key to ask with.
    NotAsked,
}

impl Acquit {
    /// What the file knows of a payment that no link asked for, and the invoices that it could be tied to whose number,
    /// customer or title hold `words`; at most `limit`. PayPlug is not asked.
    ///
    /// # Errors
    /// [`Error::Unattachable`].
    pub fn attachable(
        &self,
        payment: &PaymentId,
        words: &str,
        limit: u32,
    ) -> Result<Attachable, Error> {
        self.file.read(|reader| {
            refuse_ours(reader, payment)?;
            let known = Known::read(reader, payment)?;
            let found = self.as_known(payment, &known, false)?;
            let rows = reader.owing(found.amount, words, limit)?;
            let ids: Vec<InvoiceId> = rows.iter().map(|row| row.id).collect();
            let invoices = summaries_by_id(reader, &ids)?.into_iter();
            let seen = known.seen.and_then(|seen| seen.description);
            let line = known.line.map(|(.., label)| label);
            Ok(Attachable {
                payment: payment.clone(),
                amount: found.amount,
                paid_on: found.date(),
                description: seen.or(line).filter(|text| !text.trim().is_empty()),
                invoices: invoices
                    .map(|invoice| AttachChoice {
                        foreseen: foresee(found.amount, invoice.remaining),
                        invoice,
                    })
                    .collect(),
            })
        })
    }

    /// Ties a payment that no link asked for to an invoice with something to pay, and records its receipt there with all
    /// that follows from it. The payment is read again at PayPlug where a key is there, else taken as it was last seen or
    /// as a statement shows it. A payable link is taken back first (10 s at most); what was given back of the payment
    /// before is recorded at once, or by the next pull.
    ///
    /// # Errors
    /// [`Error::Unattachable`]; a draft, a credit note, no such invoice; PayPlug out of reach. Nothing is recorded then.
    pub async fn attach_payment(
        &self,
        payment: &PaymentId,
        invoice: InvoiceId,
    ) -> Result<InvoiceView, Error> {
        let known = self.file.read(|reader| {
            refuse_ours(reader, payment)?;
            owing(reader, invoice)?;
            Known::read(reader, payment)
        })?;
        let read = self.read_again(payment, &known).await?;
        let found = match &read {
            Read::Answered(remote, answer) => Unasked::of_remote(answer, remote.mode)?,
            Read::NotThere => self.as_known(payment, &known, true)?,
            Read::NotAsked => self.as_known(payment, &known, false)?,
        };
        self.take_back_link(invoice).await?;
        self.file
            .write(|writer| self.record_attached(writer, found, invoice))?;
        if let Read::Answered(remote, answer) = &read
            && answer.amount_refunded.is_positive()
            && let Err(error) = self.read_refunds(remote, answer).await
        {
            tracing::warn!(code = error.code(), "refunds are left to the pull");
        }
        self.invoice(invoice)
    }

    /// The payment as PayPlug tells it now, with the key that knows it.
    async fn read_again(&self, payment: &PaymentId, known: &Known) -> Result<Read, Error> {
        let mut read = Read::NotAsked;
        for mode in &known.keys {
            let remote = match self.remote(*mode).await {
                // Removed from the keychain by other hands.
                Err(Error::NotConnected) => continue,
                remote => remote?,
            };
            match remote.payment(payment).await {
                Err(E::NotFound) => read = Read::NotThere,
                answer => return Ok(Read::Answered(Box::new(remote), Box::new(answer?))),
            }
        }
        Ok(read)
    }

    async fn read_refunds(&self, remote: &Remote, answer: &RemotePayment) -> Result<(), Error> {
        let refunds = remote.refunds(&answer.id).await?;
        self.absorb_refunds(answer, &refunds)?;
        Ok(())
    }

    /// The payment as the file knows it. What PayPlug was asked for and does not have counts only if a statement shows
    /// it.
    fn as_known(
        &self,
        payment: &PaymentId,
        known: &Known,
        was_asked: bool,
    ) -> Result<Unasked, Error> {
        let seen = known.seen.as_ref().filter(|_| !was_asked);
        match (seen, &known.line) {
            (Some(seen), line) if seen.is_paid || line.is_none() => {
                let paid_at = seen.paid_at.filter(|_| seen.is_paid);
                let (mode, created_at) = (seen.mode, seen.created_at);
                Ok(Unasked::as_seen(
                    payment,
                    mode,
                    seen.amount,
                    created_at,
                    paid_at,
                )?)
            }
            (_, Some((date, amount, _))) => {
                let date = self.passed_day(Some(*date), Date::MIN)?;
                Ok(Unasked::of_line(payment, known.mode, *amount, date)?)
            }
            (_, None) => Err(AttachRule::UnknownPayment.into()),
        }
    }

    /// The payment as a link of the invoice that was paid, its receipt and all that follows: all or nothing, and once.
    fn record_attached(
        &self,
        writer: &Writer<'_>,
        found: Unasked,
        invoice: InvoiceId,
    ) -> Result<(), Error> {
        refuse_ours(writer, &found.source.payment)?;
        refuse_expected(writer, &found)?;
        let before = owing(writer, invoice)?;
        let now = self.parts.now();
        let link = PaymentLink {
            id: LinkId::new(self.parts.uuid()),
            invoice,
            amount: found.amount,
            state: LinkState::Paid(found.hosted),
            wished_at: now,
            origin: LinkOrigin::Attached,
        };
        writer.insert_link(&link)?;
        writer.set_refund_window(link.id, found.refundable_after, found.refundable_until)?;
        let receipt = Receipt {
            id: ReceiptId::new(self.parts.uuid()),
            invoice,
            date: paris_day(found.source.paid_at),
            amount: found.amount,
            means: PaymentMeans::CardPayplug,
            payplug: Some(found.source),
        };
        let after = self.record_receipt(writer, &before, &receipt)?;
        let payment = receipt.payplug.as_ref().map(|source| &source.payment);
        let payment = payment.ok_or(Error::Inconsistent("payment"))?;
        // It was listed as a second payment for one link, if it carries that link's UUID.
        writer.resolve_anomaly(SECOND_PAYMENT, payment.as_str(), now)?;
        self.audit(
            writer,
            PAYMENT_ATTACHED,
            &(payment, invoice, receipt.id, receipt.amount),
        )?;
        if after.standing.status == Status::Settled {
            self.thank(writer, &after.invoice)?;
        }
        renew_link(writer, &self.parts, &after)
    }
}

impl Known {
    fn read(reader: &Reader<'_>, payment: &PaymentId) -> Result<Self, Error> {
        let seen = reader.stranger(payment)?;
        if seen.as_ref().is_some_and(|seen| seen.mode == Mode::Test) {
            return Err(AttachRule::TestPayment.into());
        }
        let lines = reader.statement_entries_of(payment)?.into_iter();
        let mut lines = lines.filter_map(|row| row.kept.movement(row.answer.as_ref()));
        let line = lines.find(|says| says.kind == LineKind::Payment && says.amount.is_positive());
        let nature = reader.nature()?.ok_or(Error::Inconsistent("company"))?;
        let kept = reader.connections()?.into_iter().filter(|row| row.is_kept);
        let mut keys: Vec<Mode> = kept.map(|row| row.mode).collect();
        if let Some(seen) = &seen {
            keys.retain(|mode| *mode == seen.mode);
        }
        keys.sort_by_key(|mode| *mode == Mode::Test);
        Ok(Self {
            line: line.map(|says| (says.date, says.amount, says.label)),
            mode: match nature {
                FileNature::Demonstration => Mode::Demo,
                FileNature::Real | FileNature::Trial => Mode::Live,
            },
            keys,
            seen,
        })
    }
}

/// Refuses a payment that is recorded here, or that a link of ours asked for.
fn refuse_ours(reader: &Reader<'_>, payment: &PaymentId) -> Result<(), Error> {
    let number = |invoice: InvoiceId| {
        let document = reader.document(invoice)?;
        let document = document.ok_or(Error::Inconsistent("document"))?;
        Ok::<_, Error>(document.number)
    };
    if let Some(row) = reader.receipt_of_payment(payment)? {
        let number = number(row.receipt.invoice)?;
        return Err(AttachRule::AlreadyReceived { number }.into());
    }
    if let Some(row) = reader.link_of_payment(payment)? {
        let number = number(row.link.invoice)?;
        return Err(AttachRule::AskedForHere { number }.into());
    }
    Ok(())
}

/// Refuses a payment that carries the UUID of a link which has none yet: the outbox will adopt it. Of a link that has
/// another it is a second payment, which nothing else settles.
fn refuse_expected(reader: &Reader<'_>, found: &Unasked) -> Result<(), Error> {
    let named = match found.names {
        Some(link) => reader.link(link)?,
        None => None,
    };
    let Some(row) = named.filter(|row| row.link.state.hosted().is_none()) else {
        return Ok(());
    };
    let number = Account::read(reader, row.link.invoice)?.invoice.number;
    Err(AttachRule::AskedForHere { number }.into())
}

/// An invoice with something to pay.
fn owing(reader: &Reader<'_>, invoice: InvoiceId) -> Result<Account, Error> {
    let account = Account::read(reader, invoice)?;
    if account.standing.remaining.is_positive() {
        return Ok(account);
    }
    let number = account.invoice.number;
    Err(AttachRule::NothingLeftToPay { number }.into())
}
