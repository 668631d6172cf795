//! The arrival of transfers, read off a statement of the bank.

use acquit_accounting::statement::{Mapping, Source, StatementLine, Table, read, signature};
use acquit_accounting::text_file::decoded;
use acquit_store::MovementRow;
use jiff::civil::Date;

use super::import::columns;
use super::{BankImported, TransferView};
use crate::ledger::closed;
use crate::{Acquit, Error};

/// Days from leaving to arrival: 24 to 48 hours at PayPlug, then what banks take (reference § 12).
const DAYS_MAX: i32 = 7;

/// Transfers that are read to find those on their way.
const TRANSFERS_MAX: u32 = 200;

impl Acquit {
    /// Finds the arrival of transfers on a statement of the bank, by amount and within seven days of leaving; lines that
    /// name PayPlug come first, and where there is one, no other counts. Nothing else of the statement is kept.
    ///
    /// # Errors
    /// [`Error::NotAStatement`], [`Error::WrongColumns`].
    pub fn import_bank_statement(
        &self,
        bytes: &[u8],
        mapping: Option<Mapping>,
    ) -> Result<BankImported, Error> {
        let table = Table::read(&decoded(bytes)).map_err(Error::NotAStatement)?;
        let is_confirmed = mapping.is_some();
        let Some(mapping) = self.meanings(&table, mapping, true)? else {
            return Ok(BankImported::Columns(columns(&table)));
        };
        let statement = read(&table, &mapping, Source::Bank);
        if statement.lines.is_empty() {
            return Ok(BankImported::Columns(columns(&table)));
        }
        let today = self.parts.today();
        let mut arrived = Vec::new();
        self.file.write(|writer| {
            if is_confirmed {
                let signature = signature(&table.headers);
                writer.insert_statement_mapping(&signature, &mapping, self.parts.now())?;
            }
            let rows = writer.transfers(TRANSFERS_MAX)?.into_iter();
            let waiting: Vec<MovementRow> = rows.filter(|row| row.arrived.is_none()).collect();
            for (reference, day) in arrivals(&waiting, &statement.lines) {
                if day <= today {
                    let dated = closed(writer)?.dated(day);
                    arrived.push(self.book_arrival(writer, &reference, dated)?);
                }
            }
            Ok::<(), Error>(())
        })?;
        arrived.sort_by_key(|transfer: &TransferView| transfer.date);
        Ok(BankImported::Done(arrived))
    }
}

/// The day on which each transfer arrived, as far as the lines show it: the oldest transfer takes the first line.
fn arrivals(waiting: &[MovementRow], lines: &[StatementLine]) -> Vec<(String, Date)> {
    let names_payplug = |line: &&StatementLine| line.label.to_lowercase().contains("payplug");
    let named: Vec<&StatementLine> = lines.iter().filter(names_payplug).collect();
    let mut free = if named.is_empty() {
        lines.iter().collect()
    } else {
        named
    };
    free.sort_by_key(|line| line.date);
    let mut oldest: Vec<&MovementRow> = waiting.iter().collect();
    oldest.sort_by_key(|row| (row.movement.date, row.seq));
    let mut found = Vec::new();
    for row in oldest {
        let left = row.movement.date;
        let fits = |line: &&StatementLine| {
            let days = line
                .date
                .since(left)
                .map_or(i32::MAX, |span| span.get_days());
            line.amount == row.movement.amount && (0..=DAYS_MAX).contains(&days)
        };
        if let Some(at) = free.iter().position(fits) {
            let line = free.remove(at);
            found.push((row.movement.piece.clone(), line.date));
        }
    }
    found
}
