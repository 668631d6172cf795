//! Export batches: had again byte for byte, undone, and never exported twice, whatever stops in between;
//! through the services, on a real file.

mod again;
mod crashes;
mod pdfs;
mod random;
mod undone;

use std::path::{Path, PathBuf};

use acquit_app::{Acquit, EarlierExport, Error, ExportSummary, Format, NewReceipt};
use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::link::FileNature;
use acquit_domain::receipt::PaymentMeans;
use acquit_tests::World;
use jiff::civil::Date;
use rusqlite::Connection;

/// The name that the norm wants, so that nothing is warned of.
pub(crate) const FEC: &str = "812345676FEC20261231.txt";
pub(crate) const DAY_S: i64 = 86_400;

pub(crate) async fn world(seed: u64) -> World {
    World::unconnected(seed, FileNature::Demonstration).await
}

/// A day after all.
pub(crate) fn all() -> Date {
    "2099-12-31".parse().unwrap()
}

pub(crate) async fn by_cheque(
    world: &World,
    id: InvoiceId,
    cents: i64,
    overpayment: bool,
) -> Result<(), Error> {
    let cheque = NewReceipt {
        amount: Cents::new(cents),
        means: PaymentMeans::Cheque,
        date: None,
        overpayment,
    };
    world.acquit.add_receipt(id, cheque).await.map(|_| ())
}

/// A folder for files, and what is written into it.
pub(crate) struct Cabinet(tempfile::TempDir);

impl Cabinet {
    pub(crate) fn open() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The names of all files there are.
    pub(crate) fn names(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// Exports everything as a FEC; what was told, and the bytes.
pub(crate) fn exported(acquit: &Acquit, file: &Path) -> (ExportSummary, Vec<u8>) {
    let summary = acquit.export(Format::Fec, all(), None, file).unwrap();
    (summary, std::fs::read(file).unwrap())
}

/// Writes a batch again; its bytes.
pub(crate) fn again(acquit: &Acquit, batch: u64) -> Vec<u8> {
    let cabinet = Cabinet::open();
    let file = cabinet.path(FEC);
    let summary = acquit.export_again(batch, &file).unwrap();
    assert_eq!(summary.batch, batch);
    assert_eq!(cabinet.names(), [FEC], "nothing else is left");
    std::fs::read(file).unwrap()
}

pub(crate) fn batches(acquit: &Acquit) -> Vec<EarlierExport> {
    acquit.exports().unwrap()
}

/// Nothing is broken, checked offline.
pub(crate) fn holds(acquit: &Acquit) {
    let found = acquit.verify().unwrap();
    assert!(found.broken.is_none(), "{:?}", found.broken);
}

/// A look into the file past the code under test.
pub(crate) fn raw(world: &World) -> Connection {
    Connection::open(world.acquit.path()).unwrap()
}

/// How many records of a kind the audit chain holds.
pub(crate) fn records(world: &World, kind: &str) -> u64 {
    raw(world)
        .query_row(
            "SELECT COUNT(*) FROM audit WHERE kind = ?1",
            [kind],
            |row| row.get(0),
        )
        .unwrap()
}

/// The letter column (EcritureLet) of each line of a FEC.
pub(crate) fn letters(fec: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(fec).unwrap();
    let lines = text.lines().skip(1);
    lines
        .map(|line| line.split('\t').nth(13).unwrap().to_owned())
        .collect()
}
