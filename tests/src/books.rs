//! What a company file's books come to, and whether anything in the file is broken.

use std::collections::BTreeMap;

use acquit_app::Format;

use crate::World;

/// Nothing is broken, checked offline.
pub fn holds(world: &World) {
    let found = world.acquit.verify().unwrap();
    assert!(found.broken.is_none(), "{:?}", found.broken);
}

/// Debit less credit of each account that is not even, in cents, from the FEC of everything.
#[must_use]
pub fn balances(world: &World) -> BTreeMap<String, i64> {
    let folder = tempfile::tempdir().unwrap();
    let fec = folder.path().join("812345676FEC20261231.txt");
    let until = "2099-12-31".parse().unwrap();
    world.acquit.export(Format::Fec, until, None, &fec).unwrap();
    let mut balances = BTreeMap::new();
    for line in std::fs::read_to_string(fec).unwrap().lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let amount = |column: usize| -> i64 { columns[column].replace(',', "").parse().unwrap() };
        *balances.entry(columns[4].to_owned()).or_insert(0) += amount(11) - amount(12);
    }
    balances.retain(|_, balance| *balance != 0);
    balances
}

/// Accounts and what they come to, as a test writes them.
#[must_use]
pub fn accounts(expected: &[(&str, i64)]) -> BTreeMap<String, i64> {
    let pairs = expected.iter();
    pairs
        .map(|(account, balance)| ((*account).to_owned(), *balance))
        .collect()
}
