//! When VAT on services falls due, from which day on. Append-only: documents keep the basis of the day
//! of their issue.

use acquit_domain::vat::VatBasis;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Row;

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{date, instant, to_word, word};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-26-43-vat-bases",
    sql: "CREATE TABLE vat_bases (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            basis TEXT NOT NULL CHECK (basis IN ('on_receipt', 'on_invoice')),
            applies_from TEXT NOT NULL,
            set_at INTEGER NOT NULL
          ) STRICT;
          CREATE TRIGGER vat_bases_frozen_update BEFORE UPDATE ON vat_bases
            BEGIN SELECT RAISE(ABORT, 'frozen: vat_bases'); END;
          CREATE TRIGGER vat_bases_frozen_delete BEFORE DELETE ON vat_bases
            BEGIN SELECT RAISE(ABORT, 'frozen: vat_bases'); END;",
}];

/// A basis from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VatBasisRow {
    /// The basis.
    pub basis: VatBasis,
    /// The first day that it holds for.
    pub from: Date,
    /// When it was set.
    pub set_at: Timestamp,
}

fn basis(row: &Row<'_>) -> rusqlite::Result<VatBasisRow> {
    Ok(VatBasisRow {
        basis: word(row, "basis")?,
        from: date(row, "applies_from")?,
        set_at: instant(row, "set_at")?,
    })
}

impl Reader<'_> {
    /// Every basis that was set, oldest first.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn vat_bases(&self) -> Result<Vec<VatBasisRow>, Error> {
        self.all("SELECT * FROM vat_bases ORDER BY seq", [], basis)
    }

    /// The basis of documents that are issued on a day: the last one that was set for it. None where no
    /// change was ever dated: the company's.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn vat_basis_on(&self, day: Date) -> Result<Option<VatBasis>, Error> {
        let row = self.first(
            "SELECT * FROM vat_bases WHERE applies_from <= ?1 ORDER BY seq DESC LIMIT 1",
            [day.to_string()],
            basis,
        )?;
        Ok(row.map(|row| row.basis))
    }
}

impl Writer<'_> {
    /// Sets the basis from a day on.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn insert_vat_basis(&self, row: &VatBasisRow) -> Result<(), Error> {
        self.execute(
            "INSERT INTO vat_bases (basis, applies_from, set_at) VALUES (?1, ?2, ?3)",
            (
                to_word(&row.basis)?,
                row.from.to_string(),
                row.set_at.as_microsecond(),
            ),
        )?;
        Ok(())
    }
}
