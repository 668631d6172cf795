//! Fees, monthly invoices and transfers of the PayPlug account: each with its entry and audit record in one transaction.

use acquit_accounting::Entry;
use acquit_accounting::closing::Dated;
use acquit_accounting::movements::{Movement, MovementKind, arrived, left};
use acquit_domain::limits::PIECE_MAX;
use acquit_domain::text::single_line;
use acquit_domain::{At, Cents, Error as Broken, Rule};
use acquit_store::{MovementRow, Reader, Writer};
use jiff::civil::Date;

use super::{NewMovement, NewPayplugInvoice, NewStatementFee, NewTransfer, TransferView};
use crate::files::company_on;
use crate::ledger::{late, open_day, store};
use crate::{Acquit, Error};

impl Acquit {
    /// The entry that recording a movement by hand would make, which is not recorded.
    ///
    /// # Errors
    /// As for [`Self::record_movement`].
    pub fn propose_movement(&self, new: NewMovement) -> Result<Entry, Error> {
        let (movement, field) = new.movement();
        self.file.read(|reader| {
            let movement = self.checked_movement(reader, movement, field)?;
            by_hand(reader, movement.date)?;
            let entry = left(&movement, &reader.chart_now()?)?;
            entry.ok_or(Error::Inconsistent("entry of a movement"))
        })
    }

    /// Records a movement of the account by hand (`accounting.md` § 2). Under the franchise its VAT is a fee like the rest.
    ///
    /// # Errors
    /// No number or reference, or that of another movement of its kind; an amount that is zero, or below where it is no
    /// fee; VAT beyond it; a date in the future or in a closed period.
    pub fn record_movement(&self, new: NewMovement) -> Result<Movement, Error> {
        let (movement, field) = new.movement();
        self.file
            .write(|writer| self.book(writer, movement, None, field))
    }

    /// Records PayPlug's monthly invoice.
    ///
    /// # Errors
    /// As for [`Self::record_movement`].
    pub fn record_payplug_invoice(&self, new: NewPayplugInvoice) -> Result<Movement, Error> {
        self.record_movement(NewMovement::Invoice(new))
    }

    /// Records a fee that has a statement line of its own, such as that of a chargeback.
    ///
    /// # Errors
    /// As for [`Self::record_movement`].
    pub fn record_statement_fee(&self, new: NewStatementFee) -> Result<Movement, Error> {
        self.record_movement(NewMovement::Fee(new))
    }

    /// Records a transfer that left the PayPlug account for the bank.
    ///
    /// # Errors
    /// As for [`Self::record_movement`].
    pub fn record_transfer_left(
        &self,
        reference: &str,
        date: Date,
        amount: Cents,
    ) -> Result<TransferView, Error> {
        let movement = self.record_movement(NewMovement::Transfer(NewTransfer {
            reference: reference.to_owned(),
            date,
            amount,
        }))?;
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
                let id = writer.late_id(movement.kind, &movement.piece)?;
                self.dated(writer, &id, movement.date)?
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
        reader: &Reader<'_>,
        movement: Movement,
        field: &str,
    ) -> Result<Movement, Error> {
        let piece = single_line(&movement.piece, PIECE_MAX).at(field)?;
        if piece.is_empty() {
            return Err(Broken::at(field, Rule::Empty).into());
        }
        if reader.movement(movement.kind, &piece)?.is_some() {
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
        let vat = if company_on(reader, date)?.franchise {
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

impl NewMovement {
    /// The movement, and the field that its piece was typed in.
    fn movement(self) -> (Movement, &'static str) {
        match self {
            Self::Invoice(new) => {
                let movement = Movement {
                    kind: MovementKind::Invoice,
                    piece: new.number,
                    date: new.date,
                    amount: new.net + new.vat,
                    vat: new.vat,
                };
                (movement, "number")
            }
            Self::Fee(new) => {
                let movement = Movement {
                    kind: MovementKind::Fee,
                    piece: new.line,
                    date: new.date,
                    amount: new.amount,
                    vat: new.vat,
                };
                (movement, "line")
            }
            Self::Transfer(new) => {
                let movement = Movement {
                    kind: MovementKind::Transfer,
                    piece: new.reference,
                    date: new.date,
                    amount: new.amount,
                    vat: Cents::ZERO,
                };
                (movement, "reference")
            }
        }
    }
}

/// What somebody dates is booked on that day, or refused.
fn by_hand(reader: &Reader<'_>, date: Date) -> Result<Dated, Error> {
    open_day(reader, date, "date")?;
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
