//! Cheques: in the drawer until they are taken to the bank with a deposit slip (`accounting.md` § 2).

use acquit_accounting::cheques::deposited;
use acquit_domain::id::ReceiptId;
use acquit_domain::limits::{SLIP_CHEQUES_MAX, SLIP_REFERENCE_MAX};
use acquit_domain::text::single_line;
use acquit_domain::{At, Cents, Error as Broken, Rule};
use acquit_store::{ChequeRow, Reader, SlipRow};
use jiff::civil::Date;

use crate::ledger::store;
use crate::view::ChequeView;
use crate::{Acquit, Error};

impl Acquit {
    /// Cheques that were not taken to the bank yet, oldest first.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn cheques_to_deposit(&self) -> Result<Vec<ChequeView>, Error> {
        self.file.read(|reader| {
            let mut views = Vec::new();
            for row in reader.cheques_to_deposit()? {
                let document = reader
                    .document(row.invoice)?
                    .ok_or(Error::Inconsistent("invoice"))?;
                views.push(ChequeView {
                    receipt: row.receipt,
                    invoice: row.invoice,
                    number: document.number,
                    customer: document.buyer.name,
                    date: row.date,
                    amount: row.amount,
                });
            }
            Ok(views)
        })
    }

    /// The latest deposit slips, newest first.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn deposit_slips(&self, limit: u32) -> Result<Vec<SlipRow>, Error> {
        Ok(self.file.read(|reader| reader.deposit_slips(limit))?)
    }

    /// Takes cheques to the bank with one slip on a day, today when none is given.
    ///
    /// # Errors
    /// No reference, or that of another slip; no cheque, or one that is none or was deposited before; a
    /// date in the future or before a cheque came.
    pub fn deposit_cheques(
        &self,
        reference: &str,
        receipts: &[ReceiptId],
        on: Option<Date>,
    ) -> Result<SlipRow, Error> {
        let reference = single_line(reference, SLIP_REFERENCE_MAX).at("reference")?;
        if reference.is_empty() {
            return Err(Broken::at("reference", Rule::Empty).into());
        }
        self.file.write(|writer| {
            if writer.has_deposit_slip(&reference)? {
                return Err(Broken::at("reference", Rule::SlipReferenceTaken).into());
            }
            let cheques = chosen(writer, receipts)?;
            let earliest = cheques.iter().map(|cheque| cheque.date).max();
            let date = self.day(writer, on, earliest.unwrap_or(Date::MIN))?;
            let amount: Cents = cheques.iter().map(|cheque| cheque.amount).sum();
            let row = SlipRow {
                reference: reference.clone(),
                date,
                amount,
                cheques: u32::try_from(cheques.len()).unwrap_or(u32::MAX),
                recorded_at: self.parts.now(),
            };
            writer.insert_deposit_slip(&row, receipts)?;
            let entry = deposited(&row.reference, amount, date, &writer.chart_now()?)?;
            store(writer, &self.parts, None, entry)?;
            self.audit(
                writer,
                "cheques_deposited",
                &(&row.reference, date, amount, receipts),
            )?;
            Ok(row)
        })
    }
}

/// The cheques in the drawer that are named, each once.
fn chosen(reader: &Reader<'_>, receipts: &[ReceiptId]) -> Result<Vec<ChequeRow>, Error> {
    let no_cheque = || Broken::at("receipts", Rule::NoCheque);
    if receipts.is_empty() || receipts.len() > SLIP_CHEQUES_MAX {
        return Err(no_cheque().into());
    }
    let mut drawer = reader.cheques_to_deposit()?;
    let mut cheques = Vec::with_capacity(receipts.len());
    for receipt in receipts {
        let place = drawer.iter().position(|row| row.receipt == *receipt);
        // Taken out of the drawer, so that no cheque counts twice.
        cheques.push(drawer.swap_remove(place.ok_or_else(no_cheque)?));
    }
    Ok(cheques)
}
