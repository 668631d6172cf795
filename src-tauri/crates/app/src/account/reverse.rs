//! A movement that was recorded wrongly is reversed by a new event: the inverse of its entries, and it may be booked anew.

use acquit_accounting::Entry;
use acquit_accounting::movements::{MovementKind, reversed};
use acquit_domain::limits::REASON_MAX;
use acquit_domain::text::single_line;
use acquit_domain::{At, Error as Broken, Rule};
use acquit_store::{MovementRow, Reader};
use jiff::civil::Date;

use crate::ledger::{closed, store};
use crate::{Acquit, Error};

impl Acquit {
    /// The entries that reversing a movement would make, which are not recorded.
    ///
    /// # Errors
    /// As for [`Self::reverse_movement`].
    pub fn propose_reversal(&self, kind: MovementKind, piece: &str) -> Result<Vec<Entry>, Error> {
        self.file.read(|reader| {
            let row = standing(reader, kind, piece)?;
            Ok(undone(reader, &row)?.1)
        })
    }

    /// Reverses a movement that was recorded wrongly, each entry on the first open day not before its own. A transfer that
    /// has arrived goes back with its arrival. Its piece and its statement line may be booked again then.
    ///
    /// # Errors
    /// [`Error::UnknownMovement`]; [`Rule::MovementReversed`] for one that was reversed and not recorded again; no reason.
    pub fn reverse_movement(
        &self,
        kind: MovementKind,
        piece: &str,
        reason: &str,
    ) -> Result<Vec<Entry>, Error> {
        let reason = single_line(reason, REASON_MAX).at("reason")?;
        if reason.is_empty() {
            return Err(Broken::at("reason", Rule::Empty).into());
        }
        self.file.write(|writer| {
            let row = standing(writer, kind, piece)?;
            let (on, entries) = undone(writer, &row)?;
            writer.insert_movement_reversal(row.seq, on, &reason, self.parts.now())?;
            for entry in &entries {
                store(writer, &self.parts, None, Some(entry.clone()))?;
            }
            let body = (&row.movement, on, &reason);
            self.audit(writer, "account_movement_reversed", &body)?;
            Ok(entries)
        })
    }
}

/// A movement that was recorded and not reversed.
fn standing(reader: &Reader<'_>, kind: MovementKind, piece: &str) -> Result<MovementRow, Error> {
    if let Some(row) = reader.movement(kind, piece)? {
        return Ok(row);
    }
    if reader.was_reversed(kind, piece)? {
        return Err(Broken::at("movement", Rule::MovementReversed).into());
    }
    Err(Error::UnknownMovement(piece.to_owned()))
}

/// The inverse of a movement's entries, that of the PayPlug account first, and the day of that one.
fn undone(reader: &Reader<'_>, row: &MovementRow) -> Result<(Date, Vec<Entry>), Error> {
    let left = entry_after(reader, row, row.after_entry)?;
    let arrived = row
        .arrived_after
        .map(|after| entry_after(reader, row, after))
        .transpose()?;
    let closed = closed(reader)?;
    let inverse = |entry: &Entry| reversed(entry, closed.dated(entry.date()).on);
    let first = inverse(&left);
    let on = first.date();
    let entries = std::iter::once(first).chain(arrived.as_ref().map(inverse));
    Ok((on, entries.collect()))
}

/// The entry that was recorded after another: that of the movement. It is mirrored as it was booked, so that the accounts
/// of then are met, whatever the chart says now.
fn entry_after(reader: &Reader<'_>, row: &MovementRow, after: i64) -> Result<Entry, Error> {
    let next = reader.entries_after(after, 1)?.into_iter().next();
    let entry = next.map(|stored| stored.entry);
    entry
        .filter(|entry| entry.piece() == row.movement.piece)
        .ok_or(Error::Inconsistent("entry of a movement"))
}
