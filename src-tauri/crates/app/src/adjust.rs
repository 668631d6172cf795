//! Overpayments and small differences: what the owner decides on an invoice's account.

use std::collections::BTreeSet;

use acquit_accounting::adjustments::adjusted as adjustment_entry;
use acquit_domain::adjustment::{Adjusted, Adjustment, SMALL_DIFFERENCE_MAX, Side, check, sums};
use acquit_domain::id::InvoiceId;
use acquit_domain::numbering::DocumentNumber;
use acquit_domain::{Cents, Error as Broken, Rule};
use acquit_store::{Reader, Writer};
use jiff::civil::Date;

use crate::ledger::{Account, auxiliary_of, chart_of, close_event, open_day, record, renew_link};
use crate::view::{AdjustmentView, InvoiceView, SetOffTarget};
use crate::{Acquit, Error};

impl Acquit {
    /// Decides on an overpayment, or gives a small difference up (`accounting.md` § 2), on a day, today
    /// when none is given. A payable link of the invoice whose net due it lowers is taken back first
    /// (10 s at most); if the customer paid it meanwhile, that payment is recorded and the decision is
    /// judged against what is there then.
    ///
    /// # Errors
    /// What [`check`] refuses; a date in the future or before what is decided on.
    pub async fn adjust(
        &self,
        id: InvoiceId,
        adjustment: Adjustment,
        amount: Cents,
        on: Option<Date>,
    ) -> Result<InvoiceView, Error> {
        self.file
            .read(|reader| self.adjustable(reader, id, adjustment, amount, on))?;
        match adjustment {
            Adjustment::SetOff { target } => self.take_back_link(target).await?,
            Adjustment::Missing => self.take_back_link(id).await?,
            Adjustment::Returned { .. } | Adjustment::Kept | Adjustment::TooMuch => {}
        }
        self.file.write(|writer| {
            let found = self.adjustable(writer, id, adjustment, amount, on)?;
            self.record_adjustment(writer, &found)
        })?;
        self.invoice(id)
    }

    /// Invoices of the same customer that an overpayment of this one may pay, soonest due first.
    ///
    /// # Errors
    /// No finalised invoice.
    pub fn set_off_targets(&self, id: InvoiceId) -> Result<Vec<SetOffTarget>, Error> {
        self.file.read(|reader| {
            let source = Account::read(reader, id)?;
            let mut targets = Vec::new();
            for other in reader.due_of_customer(source.invoice.buyer.id)? {
                let account = Account::read(reader, other)?;
                let remaining = account.standing.remaining;
                if other != id && remaining.is_positive() {
                    targets.push(SetOffTarget {
                        id: other,
                        number: account.invoice.number,
                        issue_date: account.invoice.issue_date,
                        title: account.invoice.content.title.clone(),
                        remaining,
                    });
                }
            }
            Ok(targets)
        })
    }

    fn adjustable(
        &self,
        reader: &Reader<'_>,
        id: InvoiceId,
        adjustment: Adjustment,
        amount: Cents,
        on: Option<Date>,
    ) -> Result<Found, Error> {
        let source = Account::read(reader, id)?;
        let target = match adjustment.target() {
            Some(target) => Some(Account::read(reader, target)?),
            None => None,
        };
        let other = target.as_ref().map(side);
        check(adjustment, amount, &side(&source), other.as_ref())?;
        let mut earliest = latest_event(reader, &source)?;
        if let Some(target) = &target {
            earliest = earliest.max(target.invoice.issue_date);
        }
        let date = self.day(reader, on, earliest)?;
        Ok(Found {
            source,
            target,
            adjusted: Adjusted {
                invoice: id,
                adjustment,
                amount,
                date,
            },
        })
    }

    fn record_adjustment(&self, writer: &Writer<'_>, found: &Found) -> Result<(), Error> {
        let (adjusted, source) = (&found.adjusted, &found.source);
        let parts = &self.parts;
        let chart = chart_of(writer, adjusted.invoice)?;
        writer.insert_adjustment(adjusted, parts.now())?;
        let customer = auxiliary_of(writer, &source.invoice)?;
        let entry = adjustment_entry(adjusted, &source.invoice, &chart, &customer)?;
        record(writer, parts, adjusted.invoice, entry)?;
        self.audit(writer, "adjustment_recorded", adjusted)?;
        let accounts = std::iter::once(source).chain(&found.target);
        for before in accounts {
            let after = close_event(writer, parts, before, adjusted.date)?;
            renew_link(writer, parts, &after)?;
        }
        Ok(())
    }
}

/// A decision that fits, and the accounts as they were before it.
struct Found {
    source: Account,
    target: Option<Account>,
    adjusted: Adjusted,
}

fn side(account: &Account) -> Side {
    Side {
        invoice: account.invoice.id,
        customer: account.invoice.buyer.id,
        standing: account.standing,
        small: sums(account.invoice.id, &account.adjusted).small,
    }
}

/// The last day of what made an account what it is: the invoice, its receipts, its credit notes, and
/// what was decided on it.
fn latest_event(reader: &Reader<'_>, account: &Account) -> Result<Date, Error> {
    let receipts = reader.receipts_of(account.invoice.id)?;
    let received = receipts.iter().map(|row| row.receipt.date);
    let credited = account.credit_notes.iter().map(|note| note.issue_date);
    let decided = account.adjusted.iter().map(|one| one.date);
    let all = received.chain(credited).chain(decided);
    Ok(all.fold(account.invoice.issue_date, Date::max))
}

/// The invoices whose accounts set-offs tie to this one, itself among them: they are lettered together.
pub(crate) fn tied_to(
    reader: &Reader<'_>,
    invoice: InvoiceId,
) -> Result<BTreeSet<InvoiceId>, Error> {
    let (mut tied, mut waiting) = (BTreeSet::from([invoice]), vec![invoice]);
    while let Some(next) = waiting.pop() {
        for row in reader.adjustments_of(next)? {
            let Some(target) = row.adjusted.adjustment.target() else {
                continue;
            };
            for end in [row.adjusted.invoice, target] {
                if tied.insert(end) {
                    waiting.push(end);
                }
            }
        }
    }
    Ok(tied)
}

/// What was decided on an invoice's account, and set off against it, with the number of the other end.
pub(crate) fn adjustment_views(
    reader: &Reader<'_>,
    id: InvoiceId,
) -> Result<Vec<AdjustmentView>, Error> {
    let mut views = Vec::new();
    for row in reader.adjustments_of(id)? {
        let adjusted = row.adjusted;
        let other = match adjusted.adjustment.target() {
            Some(target) if target == id => Some(adjusted.invoice),
            target => target,
        };
        views.push(AdjustmentView {
            is_incoming: adjusted.invoice != id,
            other: number_of(reader, other)?,
            adjusted,
            recorded_at: row.recorded_at,
        });
    }
    Ok(views)
}

fn number_of(reader: &Reader<'_>, id: Option<InvoiceId>) -> Result<Option<DocumentNumber>, Error> {
    let Some(id) = id else { return Ok(None) };
    let document = reader.document(id)?.ok_or(Error::Inconsistent("invoice"))?;
    Ok(Some(document.number))
}

/// Whether the adjustments of an invoice are such as could be recorded: small ones small, and credit
/// never with another customer. That they fitted the account is in the standings that follow from them.
pub(crate) fn adjustments_follow(reader: &Reader<'_>, account: &Account) -> Result<bool, Error> {
    let id = account.invoice.id;
    for one in &account.adjusted {
        if one.date < account.invoice.issue_date {
            return Ok(false);
        }
        if let Some(target) = one.adjustment.target().filter(|target| *target != id) {
            let other = reader.document(target)?;
            if other.is_none_or(|other| other.buyer.id != account.invoice.buyer.id) {
                return Ok(false);
            }
        }
    }
    Ok(sums(id, &account.adjusted).small <= SMALL_DIFFERENCE_MAX)
}

impl Acquit {
    /// A day that was given, or today: never in the future, never before what it follows from, never in a closed
    /// period.
    pub(crate) fn day(
        &self,
        reader: &Reader<'_>,
        given: Option<Date>,
        earliest: Date,
    ) -> Result<Date, Error> {
        let date = self.passed_day(given, earliest)?;
        open_day(reader, date, "date")?;
        Ok(date)
    }

    /// The same for what nobody dates: whether its period is closed says only when it is booked.
    pub(crate) fn passed_day(&self, given: Option<Date>, earliest: Date) -> Result<Date, Error> {
        let today = self.parts.today();
        let date = given.unwrap_or(today);
        if date > today {
            return Err(Broken::at("date", Rule::IssuedInFuture { date }).into());
        }
        if date < earliest {
            return Err(Broken::at("date", Rule::BeforeEvent { earliest }).into());
        }
        Ok(date)
    }
}
