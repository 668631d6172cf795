//! The VAT return of a period and what was cashed for e-reporting, read invoice by invoice: each one's
//! events are replayed through the rules that booked them.

use std::collections::BTreeMap;

use acquit_accounting::vat_return::{
    CashedRow, Event, Listed, Moved, Period, Replayed, VatReturn, cashed_between, replay,
};
use acquit_document::{VatLine, VatPaper, VatSum, render_vat};
use acquit_domain::Cents;
use acquit_domain::date::paris_day;
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::Finalised;
use acquit_domain::receipt::{ChargebackOutcome, Receipt};
use acquit_domain::vat::{StandardRate, VatBasis};
use acquit_export::vat::{cause_words, payments_csv, return_csv};
use acquit_store::Reader;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::exports::mark;
use crate::ledger::chart_of;
use crate::paper::{logo_of, marks};
use crate::{Acquit, Error};

impl Acquit {
    /// VAT that fell due in a period, per rate, with the list behind each figure (`accounting.md` § 4).
    /// One invoice is in memory at a time.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn vat_return(&self, period: Period) -> Result<VatReturn, Error> {
        let mut rows = Vec::new();
        self.replayed(period.days(), |invoice, replayed| {
            let of_period = replayed.vat.into_iter();
            let of_period = of_period.filter(|row| period.contains(row.date));
            rows.extend(of_period.map(|row| listed(invoice, row)));
        })?;
        Ok(VatReturn::new(period, rows))
    }

    /// What was cashed from `from` to `to`, both included, incl. VAT per rate, where VAT waits for the
    /// money (CGI art. 290 A).
    ///
    /// # Errors
    /// A failure of the file.
    pub fn payments_to_report(
        &self,
        from: Date,
        to: Date,
    ) -> Result<Vec<Listed<CashedRow>>, Error> {
        let mut rows = Vec::new();
        self.replayed((from, to), |invoice, replayed| {
            let of_period = replayed.cashed.into_iter();
            let of_period = of_period.filter(|row| (from..=to).contains(&row.date));
            rows.extend(of_period.map(|row| listed(invoice, row)));
        })?;
        Ok(cashed_between((from, to), rows))
    }

    /// When VAT on services falls due for what the company issues now.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn vat_basis(&self) -> Result<VatBasis, Error> {
        Ok(self.company_row()?.company.vat_basis)
    }

    /// A VAT return as CSV for people.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn vat_csv(&self, found: &VatReturn) -> Result<Vec<u8>, Error> {
        Ok(return_csv(found, mark(self.nature()?)).into_bytes())
    }

    /// What was cashed as CSV for people.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn payments_csv(&self, rows: &[Listed<CashedRow>]) -> Result<Vec<u8>, Error> {
        Ok(payments_csv(rows, mark(self.nature()?)).into_bytes())
    }

    /// A VAT return as PDF.
    ///
    /// # Errors
    /// [`Error::Paper`], or a failure of the file.
    pub fn vat_pdf(&self, found: &VatReturn) -> Result<Vec<u8>, Error> {
        let row = self.company_row()?;
        let logo = logo_of(&row)?;
        let sum = |rate, base, vat| VatSum { rate, base, vat };
        let rates = found.rates.iter();
        let rates: Vec<VatSum> = rates.map(|one| sum(one.rate, one.base, one.vat)).collect();
        let lines = found.rows.iter().map(|listed| {
            let (row, document) = (&listed.row, listed.document);
            VatLine {
                date: row.date,
                document,
                piece: Some(row.piece.clone()).filter(|piece| *piece != document.to_string()),
                customer: listed.customer.clone(),
                cause: cause_words(row.cause),
                sum: sum(row.rate, row.base, row.vat),
            }
        });
        let lines: Vec<VatLine> = lines.collect();
        let paper = VatPaper {
            company: &row.company,
            logo: logo.as_ref(),
            period: &found.period.french(),
            basis: row.company.vat_basis,
            date: self.parts.today(),
            made_at: self.parts.now(),
            marks: marks(&row),
            rates: &rates,
            lines: &lines,
        };
        render_vat(&paper).map_err(Error::Paper)
    }

    /// Hands each invoice that something happened to in these days over with what its events came to.
    fn replayed(
        &self,
        (from, to): (Date, Date),
        mut take: impl FnMut(&Finalised, Replayed),
    ) -> Result<(), Error> {
        let ids = self.file.read(|reader| reader.documents_moved(from, to))?;
        for id in ids {
            let history = self.file.read(|reader| history(reader, id))?;
            if let Some((invoice, events)) = history {
                take(&invoice, replay(&invoice, &events));
            }
        }
        Ok(())
    }
}

fn listed<T>(invoice: &Finalised, row: T) -> Listed<T> {
    Listed {
        document: invoice.number,
        customer: invoice.buyer.name.clone(),
        row,
    }
}

/// What happened to an invoice, in order of recording; none for a credit note, whose entries are those of
/// what it credits.
fn history(reader: &Reader<'_>, id: InvoiceId) -> Result<Option<(Finalised, Vec<Event>)>, Error> {
    let invoice = reader
        .document(id)?
        .ok_or(Error::Inconsistent("document of an entry"))?;
    if !invoice.is_invoice() {
        return Ok(None);
    }
    let events = events_of(reader, &invoice)?;
    Ok(Some((invoice, events)))
}

fn events_of(reader: &Reader<'_>, invoice: &Finalised) -> Result<Vec<Event>, Error> {
    let (id, number) = (invoice.id, invoice.number.to_string());
    let mut events: Vec<(Timestamp, Event)> = Vec::new();
    let mut note = |at: Timestamp, date: Date, piece: String, what: Moved| {
        events.push((at, Event { date, piece, what }));
    };
    let receipts = reader.receipts_of(id)?;
    for row in &receipts {
        let receipt = &row.receipt;
        let what = Moved::Received(receipt.amount);
        let day = booked_on(reader, &receipt.id.to_string(), receipt.date)?;
        note(row.recorded_at, day, piece(receipt, &number), what);
    }
    // Both queries are in the same order.
    let times = reader.refund_times_of(id)?.into_iter();
    for (refund, (at, _)) in reader.refunds_of(id)?.into_iter().zip(times) {
        let piece = refund.id.to_string();
        let day = booked_on(reader, &piece, refund.date)?;
        note(at, day, piece, Moved::Refunded(refund.amount));
    }
    for row in reader.chargebacks_of(id)? {
        let of = &row.chargeback;
        let mut receipts = receipts.iter().map(|row| &row.receipt);
        let disputed = receipts.find(|receipt| receipt.id == of.receipt);
        let piece = disputed.map_or_else(|| number.clone(), |receipt| piece(receipt, &number));
        let what = Moved::ChargedBack(of.amount);
        note(row.recorded_at, of.date, piece.clone(), what);
        if let (Some((ChargebackOutcome::Won, date)), Some(at)) = (row.outcome, row.closed_at) {
            note(at, date, piece, Moved::ChargebackWon(of.amount));
        }
    }
    for (decision, at) in reader.decisions_of(id)? {
        if !decision.lost.is_empty() {
            note(
                at,
                paris_day(at),
                number.clone(),
                Moved::Lost(decision.lost),
            );
        }
    }
    for document in reader.credit_notes(id)? {
        let (at, date) = (document.finalised_at, document.issue_date);
        let piece = document.number.to_string();
        note(at, date, piece, Moved::Credited(Box::new(document)));
    }
    for row in reader.adjustments_of(id)? {
        let (at, date) = (row.recorded_at, row.adjusted.date);
        note(at, date, number.clone(), Moved::Adjusted(row.adjusted));
    }
    if let Some(row) = reader.retention_release(id)? {
        let what = Moved::Released(row.amount);
        note(row.recorded_at, row.date, number, what);
    }
    // Instants tell what came first; of the same one, the earlier day.
    events.sort_by_key(|(at, event)| (*at, event.date));
    Ok(events.into_iter().map(|(_, event)| event).collect())
}

/// The day of a movement in the books: a later one where its own was closed before it was known.
fn booked_on(reader: &Reader<'_>, movement: &str, happened: Date) -> Result<Date, Error> {
    Ok(reader.booked_late(movement)?.unwrap_or(happened))
}

/// PayPlug's transaction, or the number of the invoice.
fn piece(receipt: &Receipt, number: &str) -> String {
    let source = receipt.payplug.as_ref();
    source.map_or_else(|| number.to_owned(), |source| source.payment.to_string())
}

/// Whether the entries of an invoice hold on the accounts of VAT due (44571x) what its events come to.
pub(crate) fn vat_follows(reader: &Reader<'_>, invoice: &Finalised) -> Result<bool, Error> {
    let chart = chart_of(reader, invoice.id)?;
    let mut sums: BTreeMap<StandardRate, Cents> = BTreeMap::new();
    for row in replay(invoice, &events_of(reader, invoice)?).vat {
        *sums.entry(row.rate).or_default() += row.vat;
    }
    for stored in reader.entries_of(invoice.id)? {
        for line in stored.entry.lines() {
            let mut rates = StandardRate::ALL.into_iter();
            let of = rates.find(|rate| chart.vat_due(*rate).account() == line.account);
            if let Some(rate) = of {
                *sums.entry(rate).or_default() -= line.credit - line.debit;
            }
        }
    }
    Ok(sums.values().all(|left| left.is_zero()))
}
