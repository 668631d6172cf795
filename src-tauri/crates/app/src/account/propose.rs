//! What would resolve a difference: entries that are shown before they are booked, and booked as they were shown.

use acquit_accounting::Charts;
use acquit_accounting::movements::{Movement, MovementKind, left, vat_in};
use acquit_accounting::payplug::{chargeback as chargeback_entry, chargeback_won};
use acquit_accounting::statement::{Answer, Cause, LineKind, Listed, StatementLine};
use acquit_domain::id::ChargebackId;
use acquit_domain::limits::{PIECE_MAX, REASON_MAX};
use acquit_domain::receipt::{Chargeback, ChargebackOutcome};
use acquit_domain::remote::PaymentId;
use acquit_domain::text::single_line;
use acquit_domain::{At, Cents, Error as Broken, Rule};
use acquit_store::{ChargebackRow, Reader, ReceiptRow, Writer};
use jiff::civil::Date;
use uuid::Uuid;

use super::Resolution;
use super::show::Compared;
use crate::files::company_on;
use crate::ledger::{auxiliary_of, chart_of, chart_of_receipt, closed, late};
use crate::view::NewChargeback;
use crate::{Acquit, Error};

impl Acquit {
    /// Books what is proposed for these lines of statements, all in one transaction; their count.
    ///
    /// # Errors
    /// [`Error::NoProposal`] for a line that nothing is proposed for, or no more; what its booking refuses. Nothing is
    /// booked then.
    pub fn accept_proposals(&self, lines: &[u64]) -> Result<usize, Error> {
        self.file.write(|writer| {
            let mut wanted = lines.to_vec();
            wanted.sort_unstable();
            wanted.dedup();
            for line in &wanted {
                let says = line_of(writer, *line)?.ok_or(Error::NoProposal(*line))?;
                let statements = writer.statements()?;
                let compared = Compared::around(writer, &statements, says.date, says.date)?;
                let found = compared.outcome.not_booked.iter();
                let found = found
                    .map(|(at, cause)| (&compared.lines[*at], *cause))
                    .find(|(listed, _)| listed.line == *line);
                let (listed, cause) = found.ok_or(Error::NoProposal(*line))?;
                self.book_line(writer, listed, cause)?;
            }
            Ok(wanted.len())
        })
    }

    /// Records what somebody says about a line: what it is, or why it is left as it is. Of a line that was understood
    /// only its kind changes. The latest answer counts.
    ///
    /// # Errors
    /// [`Error::UnknownStatementLine`]; [`Rule::MovementRecorded`] for a line that was booked; no reason, no amount, a
    /// day in the future.
    pub fn answer_line(&self, line: u64, answer: Answer) -> Result<(), Error> {
        let answer = match answer {
            Answer::SetAside { reason } => {
                let reason = single_line(&reason, REASON_MAX).at("reason")?;
                if reason.is_empty() {
                    return Err(Broken::at("reason", Rule::Empty).into());
                }
                Answer::SetAside { reason }
            }
            Answer::Is { kind, date, amount } => {
                if amount.is_zero() {
                    return Err(Broken::at("amount", Rule::NotPositive).into());
                }
                let date = self.passed_day(Some(date), Date::MIN)?;
                Answer::Is { kind, date, amount }
            }
        };
        self.file.write(|writer| {
            if writer.statement_entry(line)?.is_none() {
                return Err(Error::UnknownStatementLine(line));
            }
            if writer.is_booked(line)? {
                return Err(Broken::at("line", Rule::MovementRecorded).into());
            }
            writer.insert_statement_answer(line, &answer, self.parts.now())?;
            self.audit(writer, "statement_line_answered", &(line, &answer))
        })
    }

    fn book_line(&self, writer: &Writer<'_>, listed: &Listed, cause: Cause) -> Result<(), Error> {
        let (line, says) = (listed.line, &listed.says);
        if let Some(movement) = movement_of(writer, says)? {
            self.book(writer, movement, Some(line), "line")?;
            return Ok(());
        }
        let receipt = receipt_of(writer, says)?.ok_or(Error::NoProposal(line))?;
        let invoice = receipt.receipt.invoice;
        match cause {
            Cause::ChargebackNotBooked => {
                let new = NewChargeback {
                    payment: receipt.receipt.payplug.map(|source| source.payment),
                    amount: Some(says.amount.abs()),
                    date: Some(closed(writer)?.dated(says.date).on),
                };
                self.book_chargeback(writer, invoice, &new)
            }
            Cause::ChargebackWonNotBooked => {
                let open = open_dispute(writer, &receipt, says.amount)?;
                let id = open.ok_or(Error::NoProposal(line))?.chargeback.id;
                let won = ChargebackOutcome::Won;
                let date = closed(writer)?.dated(says.date).on;
                self.end_chargeback(writer, invoice, id, won, Some(date))
            }
            _ => Err(Error::NoProposal(line)),
        }
    }
}

/// The movement that a line is, with what was answered about it.
fn line_of(reader: &Reader<'_>, line: u64) -> Result<Option<StatementLine>, Error> {
    let row = reader
        .statement_entry(line)?
        .ok_or(Error::UnknownStatementLine(line))?;
    if matches!(row.answer, Some(Answer::SetAside { .. })) {
        return Ok(None);
    }
    Ok(row.kept.movement(row.answer.as_ref()))
}

/// What resolves a line that the books do not have.
pub(super) fn resolution(
    acquit: &Acquit,
    reader: &Reader<'_>,
    listed: &Listed,
    cause: Cause,
) -> Result<Resolution, Error> {
    let says = &listed.says;
    if cause == Cause::NotPulled {
        return Ok(Resolution::Pull);
    }
    // Nothing is booked before its day: a clock that runs late waits.
    if says.date > acquit.parts.today() {
        return Ok(Resolution::Decide);
    }
    let entry = match movement_of(reader, says)? {
        Some(movement) if !matches!(cause, Cause::WrongWay) => {
            let dated = closed(reader)?.dated(movement.date);
            late(left(&movement, &reader.chart_now()?)?, dated)
        }
        Some(_) => None,
        None => dispute_entry(reader, says, cause)?,
    };
    Ok(entry.map_or(Resolution::Decide, |entry| Resolution::Entries(vec![entry])))
}

/// The fee, invoice or transfer that a line is; none for what customers do, and for a transfer that comes in.
fn movement_of(reader: &Reader<'_>, says: &StatementLine) -> Result<Option<Movement>, Error> {
    let kind = match says.kind {
        LineKind::Invoice if says.amount.is_negative() => MovementKind::Invoice,
        LineKind::Fee => MovementKind::Fee,
        LineKind::Transfer if says.amount.is_negative() => MovementKind::Transfer,
        _ => return Ok(None),
    };
    let amount = -says.amount;
    let vat = match kind {
        MovementKind::Transfer => Cents::ZERO,
        _ if company_on(reader, says.date)?.franchise => Cents::ZERO,
        _ => match says.vat {
            Some(vat) if amount.is_negative() => -vat,
            Some(vat) => vat,
            None => vat_in(amount),
        },
    };
    Ok(Some(Movement {
        kind,
        piece: piece_of(reader, says, kind)?,
        date: says.date,
        amount,
        vat,
    }))
}

/// The reference of a line that PayPlug gave none: what it is and its day, with a count where that is taken.
fn piece_of(
    reader: &Reader<'_>,
    says: &StatementLine,
    kind: MovementKind,
) -> Result<String, Error> {
    let own = says.id.as_deref().filter(|id| id.len() <= PIECE_MAX);
    let base = match (own, kind) {
        (Some(id), _) => id.to_owned(),
        (None, MovementKind::Invoice) => format!("FACTURE-{}", says.date),
        (None, MovementKind::Fee) => format!("FRAIS-{}", says.date),
        (None, MovementKind::Transfer) => format!("VIR-{}", says.date),
    };
    let mut piece = base.clone();
    let mut count = 1;
    while reader.movement(kind, &piece)?.is_some() {
        count += 1;
        piece = format!("{base}-{count}");
    }
    Ok(piece)
}

fn receipt_of(reader: &Reader<'_>, says: &StatementLine) -> Result<Option<ReceiptRow>, Error> {
    let payment = says.payment.as_deref().and_then(PaymentId::parse);
    match payment {
        Some(payment) => Ok(reader.receipt_of_payment(&payment)?),
        None => Ok(None),
    }
}

/// A dispute of a payment that has not ended and is about this amount.
fn open_dispute(
    reader: &Reader<'_>,
    receipt: &ReceiptRow,
    amount: Cents,
) -> Result<Option<ChargebackRow>, Error> {
    let rows = reader.chargebacks_of(receipt.receipt.invoice)?;
    Ok(rows.into_iter().find(|row| {
        let of = &row.chargeback;
        row.outcome.is_none() && of.receipt == receipt.receipt.id && of.amount == amount.abs()
    }))
}

/// The entry of a chargeback or of one that was won, as it would be booked.
fn dispute_entry(
    reader: &Reader<'_>,
    says: &StatementLine,
    cause: Cause,
) -> Result<Option<acquit_accounting::Entry>, Error> {
    let Some(row) = receipt_of(reader, says)? else {
        return Ok(None);
    };
    let receipt = &row.receipt;
    let Some(document) = reader.document(receipt.invoice)? else {
        return Ok(None);
    };
    let customer = auxiliary_of(reader, &document)?;
    let own = chart_of(reader, receipt.invoice)?;
    let charts = Charts {
        document: &own,
        counterpart: &chart_of_receipt(reader, receipt)?,
        deposits: &[],
    };
    match cause {
        Cause::ChargebackNotBooked => {
            let taken = Chargeback {
                id: ChargebackId::new(Uuid::nil()),
                receipt: receipt.id,
                date: closed(reader)?.dated(says.date).on,
                amount: says.amount.abs(),
            };
            Ok(chargeback_entry(
                &taken, receipt, &document, charts, &customer,
            )?)
        }
        Cause::ChargebackWonNotBooked => match open_dispute(reader, &row, says.amount)? {
            Some(open) => Ok(chargeback_won(
                &open.chargeback,
                closed(reader)?.dated(says.date).on,
                receipt,
                &document,
                charts,
                &customer,
            )?),
            None => Ok(None),
        },
        _ => Ok(None),
    }
}
