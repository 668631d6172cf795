//! Fees, monthly invoices and transfers of the PayPlug account: each with its entry and audit record in one transaction.

use acquit_accounting::closing::Dated;
use acquit_accounting::movements::{Movement, MovementKind, arrived, left};
use acquit_domain::limits::PIECE_MAX;
use acquit_domain::text::single_line;
use acquit_domain::{At, Cents, Error as Broken, Rule};
use acquit_store::{MovementRow, Writer};
use jiff::civil::Date;

use super::{NewPayplugInvoice, NewStatementFee, TransferView};
use crate::files::company_on;
use crate::ledger::{late, open_day, store};
use crate::{Acquit, Error};

impl Acquit {
    /// Records PayPlug's monthly invoice (`accounting.md` § 2). Under the franchise its VAT is a fee like the rest.
    ///
    /// # Errors
    /// No number, or that of another invoice; an amount that is zero or below, VAT beyond it; a date in the future.
    pub fn record_payplug_invoice(&self, new: NewPayplugInvoice) -> Result<Movement, Error> {
        let movement = Movement {
            kind: MovementKind::Invoice,
            piece: new.number,
            date: new.date,
            amount: new.net + new.vat,
            vat: new.vat,
        };
        self.file
            .write(|writer| self.book(writer, movement, None, "number"))
    }

    /// Records a fee that has a statement line of its own, such as that of a chargeback.
    ///
    /// # Errors
    /// No reference, or that of another fee; an amount that is zero, VAT beyond it; a date in the future.
    pub fn record_statement_fee(&self, new: NewStatementFee) -> Result<Movement, Error> {
        let movement = Movement {
            kind: MovementKind::Fee,
            piece: new.line,
            date: new.date,
            amount: new.amount,
            vat: new.vat,
        };
        self.file
            .write(|writer| self.book(writer, movement, None, "line"))
    }

    /// Records a transfer that left the PayPlug account for the bank.
    ///
    /// # Errors
    /// No reference, or that of another transfer; an amount that is zero or below; a date in the future.
    pub fn record_transfer_left(
        &self,
        reference: &str,
        date: Date,
        amount: Cents,
    ) -> Result<TransferView, Error> {
        let movement = Movement {
            kind: MovementKind::Transfer,
            piece: reference.to_owned(),
            date,
            amount,
            vat: Cents::ZERO,
        };
        let movement = self
            .file
            .write(|writer| self.book(writer, movement, None, "reference"))?;
        Ok(transfer_view(&movement, None))
    }

    /// Records that a transfer arrived at the bank on a day.
    ///
    /// # Errors
    /// [`Error::UnknownTransfer`]; one that arrived before; a date in the future or before it left.
    pub fn record_transfer_arrival(
        &self,
        reference: &str,
        date: Date,
    ) -> Result<TransferView, Error> {
        self.file
            .write(|writer| self.book_arrival(writer, reference, by_hand(writer, date)?))
    }

    /// Transfers, latest first: those that have not arrived, and the last ones that have.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn transfers(&self, limit: u32) -> Result<Vec<TransferView>, Error> {
        let rows = self.file.read(|reader| reader.transfers(limit))?;
        let view = |row: &MovementRow| transfer_view(&row.movement, row.arrived);
        Ok(rows.iter().map(view).collect())
    }

    /// Records a movement with its entry and audit record; `line` is the statement's line that it is booked from,
    /// on the first open day if its own is closed.
    pub(super) fn book(
        &self,
        writer: &Writer<'_>,
        movement: Movement,
        line: Option<u64>,
        field: &str,
    ) -> Result<Movement, Error> {
        let movement = self.checked_movement(writer, movement, field)?;
        let dated = match line {
            Some(_) => {
                let key = format!("{}:{}", movement.kind.code(), movement.piece);
                self.dated(writer, &key, movement.date)?
            }
            None => by_hand(writer, movement.date)?,
        };
        writer.insert_movement(&movement, line, self.parts.now())?;
        let entry = left(&movement, &writer.chart_now()?)?;
        store(writer, &self.parts, None, late(entry, dated))?;
        self.audit(writer, "account_movement_recorded", &movement)?;
        Ok(movement)
    }

    /// What a movement must be, with the VAT that the company deducts.
    fn checked_movement(
        &self,
        writer: &Writer<'_>,
        movement: Movement,
        field: &str,
    ) -> Result<Movement, Error> {
        let piece = single_line(&movement.piece, PIECE_MAX).at(field)?;
        if piece.is_empty() {
            return Err(Broken::at(field, Rule::Empty).into());
        }
        if writer.movement(movement.kind, &piece)?.is_some() {
            return Err(Broken::at(field, Rule::MovementRecorded).into());
        }
        let may_be_negative = movement.kind == MovementKind::Fee;
        if movement.amount.is_zero() || movement.amount.is_negative() && !may_be_negative {
            return Err(Broken::at("amount", Rule::NotPositive).into());
        }
        let one_way =
            movement.vat.is_zero() || movement.vat.is_negative() == movement.amount.is_negative();
        if !one_way || movement.vat.abs() > movement.amount.abs() {
            return Err(Broken::at("vat", Rule::VatBeyondAmount).into());
        }
        let date = self.passed_day(Some(movement.date), Date::MIN)?;
        let vat = if company_on(writer, date)?.franchise {
            Cents::ZERO
        } else {
            movement.vat
        };
        Ok(Movement {
            piece,
            vat,
            ..movement
        })
    }

    /// Records an arrival with its entry and audit record.
    pub(super) fn book_arrival(
        &self,
        writer: &Writer<'_>,
        reference: &str,
        dated: Dated,
    ) -> Result<TransferView, Error> {
        let row = writer
            .movement(MovementKind::Transfer, reference)?
            .ok_or_else(|| Error::UnknownTransfer(reference.to_owned()))?;
        if row.arrived.is_some() {
            return Err(Broken::at("transfer", Rule::TransferArrived).into());
        }
        let date = self.passed_day(Some(dated.happened), row.movement.date)?;
        writer.insert_arrival(row.seq, date, self.parts.now())?;
        let left_under = writer.chart_of_entry(row.after_entry + 1)?;
        let chart = writer.chart_now()?;
        let entry = arrived(&row.movement, date, &left_under, &chart)?;
        store(writer, &self.parts, None, late(entry, dated))?;
        let reference = &row.movement.piece;
        self.audit(writer, "transfer_arrived", &(reference, date))?;
        Ok(transfer_view(&row.movement, Some(date)))
    }
}

/// What somebody dates is booked on that day, or refused.
fn by_hand(writer: &Writer<'_>, date: Date) -> Result<Dated, Error> {
    open_day(writer, date, "date")?;
    Ok(date.into())
}

pub(super) fn transfer_view(movement: &Movement, arrived: Option<Date>) -> TransferView {
    TransferView {
        reference: movement.piece.clone(),
        date: movement.date,
        amount: movement.amount,
        arrived,
    }
}
