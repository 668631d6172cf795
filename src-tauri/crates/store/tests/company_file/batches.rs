//! Export batches in a real file: what they hold, what cannot be changed, and that undoing the latest
//! leaves the file as it was before.

use std::collections::BTreeMap;

use acquit_accounting::{AuxiliaryAccount, Chart, Entry, Journal, Lines};
use acquit_domain::Cents;
use acquit_domain::invoice::Nature;
use acquit_domain::rendition::Sha256Hex;
use acquit_store::{BatchFile, CompanyFile, EntryRow, Error, FILE_NAME, LetterRow, LineRef};
use jiff::civil::{Date, date};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use rusqlite::Connection;

use crate::{NOW, document, filled};

/// The end of every export that takes all.
const ALL: Date = date(2099, 12, 31);

/// Number, sequence and letters of each entry of a batch.
type Held = Vec<(u64, i64, Vec<LetterRow>)>;

fn day(number: i8) -> Date {
    date(2026, 11, number.clamp(1, 30))
}

/// Records a sale (`VE`) or its payment (`BQ`) of 100.00; line 0 of a sale and line 1 of a payment are the
/// customer's.
fn record(file: &CompanyFile, journal: Journal, on: Date) -> i64 {
    let chart = Chart::default();
    let auxiliary = AuxiliaryAccount {
        code: "CHELENE".to_owned(),
        label: "Hélène Œillet".to_owned(),
    };
    let (customer, amount) = (chart.customers().of(&auxiliary), Cents::new(10_000));
    let lines = match journal {
        Journal::Sales => Lines::new()
            .debit(customer, amount)
            .credit(chart.sale(Nature::Works), amount),
        _ => {
            let means = acquit_domain::receipt::PaymentMeans::Transfer;
            let (_, bank) = chart.money(means);
            Lines::new().debit(bank, amount).credit(customer, amount)
        }
    };
    let entry = Entry::new(
        journal,
        on,
        "F-2026-00001",
        on,
        "Plomberie".to_owned(),
        lines,
    );
    let row = EntryRow {
        entry: entry.unwrap().unwrap(),
        invoice: Some(document(1).id),
        recorded_on: on,
    };
    let recorded: Result<i64, Error> = file.write(|writer| writer.insert_entry(&row, NOW));
    recorded.unwrap()
}

fn settle(file: &CompanyFile, sale: i64, payment: i64) -> (u64, [LineRef; 2]) {
    let at = |entry, line| LineRef { entry, line };
    let lines = [at(sale, 0), at(payment, 1)];
    let code: Result<u64, Error> = file.write(|writer| writer.letter(&lines, ALL));
    (code.unwrap(), lines)
}

/// Makes a batch of what is free, as an export does; none where nothing is.
fn export(file: &CompanyFile, until: Date, journal: Option<Journal>) -> Option<u64> {
    let made: Result<Option<u64>, Error> = file.write(|writer| {
        let count = writer.unexported(until, journal)?;
        let Some(batch) = writer.insert_batch("fec", until, journal, NOW)? else {
            return Ok(None);
        };
        let amount = Cents::new(10_000 * i64::try_from(count).unwrap());
        let written = BatchFile {
            name: "812345676FEC20261231.txt".to_owned(),
            sha256: Sha256Hex::of_digest(&[7; 32]),
            entries: count,
            lines: 2 * count,
            debit: amount,
            credit: amount,
        };
        writer.insert_batch_file(batch, &written)?;
        Ok(Some(batch))
    });
    made.unwrap()
}

fn undo(file: &CompanyFile, batch: u64) -> Result<(), Error> {
    file.write(|writer| writer.undo_batch(batch, NOW))
}

fn held(file: &CompanyFile, batch: u64) -> Held {
    let held: Result<Held, Error> = file.read(|reader| {
        let letters = reader.exported_letters(batch, 0, u32::MAX.into())?;
        let of = |entry| letters.iter().filter(move |row| row.at.entry == entry);
        let page = reader.batch_page(batch, 0, 1_000)?.into_iter();
        let held = page.map(|(number, stored)| {
            let letters = of(stored.seq).copied().collect();
            (number, stored.seq, letters)
        });
        Ok(held.collect())
    });
    held.unwrap()
}

fn at_odds(file: &CompanyFile) -> Vec<u64> {
    let found: Result<Vec<u64>, Error> = file.read(|reader| reader.batches_against_entries());
    found.unwrap()
}

#[test]
fn what_a_batch_was_stays_known_when_it_is_undone_and_its_number_is_not_given_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let sale = record(&file, Journal::Sales, day(2));
    let payment = record(&file, Journal::Bank, day(3));
    settle(&file, sale, payment);
    assert_eq!(export(&file, ALL, None), Some(1));
    assert_eq!(export(&file, ALL, None), None, "nothing is exported twice");
    let before = held(&file, 1);
    assert_eq!(before[0].2.len() + before[1].2.len(), 2, "{before:?}");
    let lettered: Result<_, Error> = file.read(|reader| reader.invoices_lettered_in(1));
    assert_eq!(lettered.unwrap(), [document(1).id]);
    undo(&file, 1).unwrap();
    assert_eq!(held(&file, 1), []);
    assert_eq!(export(&file, ALL, None), Some(2));
    assert_eq!(held(&file, 2), before);

    drop(file);
    let file = CompanyFile::open(folder.path(), NOW).unwrap();
    let rows: Result<_, Error> = file.read(|reader| reader.batches());
    let rows = rows.unwrap();
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.batch, row.undone_at.is_some(), row.entries, row.lines))
        .collect();
    assert_eq!(told, [(1, true, 2, 4), (2, false, 2, 4)]);
    assert_eq!(rows[0].debit, Cents::new(20_000));
    assert_eq!(rows[0].file_name, rows[1].file_name);
    let latest: Result<_, Error> = file.read(|reader| reader.latest_batch());
    assert_eq!(latest.unwrap(), Some(2));
    assert_eq!(at_odds(&file), Vec::<u64>::new());
}

#[test]
fn only_the_latest_batch_is_undone_and_only_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    record(&file, Journal::Sales, day(2));
    export(&file, ALL, None).unwrap();
    record(&file, Journal::Bank, day(3));
    export(&file, ALL, None).unwrap();
    let before = [held(&file, 1), held(&file, 2)];
    assert!(matches!(undo(&file, 1), Err(Error::Frozen(_))));
    assert_eq!([held(&file, 1), held(&file, 2)], before);
    undo(&file, 2).unwrap();
    assert!(matches!(undo(&file, 2), Err(Error::Frozen(_))));
    undo(&file, 1).unwrap();
    assert_eq!(at_odds(&file), Vec::<u64>::new());
}

#[test]
fn a_batch_that_stands_cannot_be_changed_even_with_other_tools() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let sale = record(&file, Journal::Sales, day(2));
    let payment = record(&file, Journal::Bank, day(3));
    settle(&file, sale, payment);
    export(&file, ALL, None).unwrap();
    record(&file, Journal::Sales, day(4));
    export(&file, ALL, None).unwrap();
    let before = [held(&file, 1), held(&file, 2)];
    let raw = Connection::open(folder.path().join(FILE_NAME)).unwrap();
    for change in [
        "UPDATE export_batches SET until = '2000-01-01'",
        "UPDATE export_batches SET undone_at = 1 WHERE batch = 1",
        "UPDATE export_batches SET format = 'csv', undone_at = 1 WHERE batch = 2",
        "DELETE FROM export_batches",
        "UPDATE export_files SET name = 'autre.txt'",
        "DELETE FROM export_files",
        "UPDATE exported_entries SET number = number + 10",
        "DELETE FROM exported_entries",
        "UPDATE exported_letters SET code = 99",
        "DELETE FROM exported_letters",
    ] {
        let refused = raw.execute(change, []).unwrap_err().to_string();
        assert!(refused.contains("frozen"), "{change}: {refused}");
    }
    assert_eq!([held(&file, 1), held(&file, 2)], before);
    // Past the triggers it is seen.
    raw.execute_batch(
        "DROP TRIGGER exported_entries_frozen_delete;
         DELETE FROM exported_entries WHERE batch = 2;",
    )
    .unwrap();
    assert_eq!(at_odds(&file), [2]);
}

#[test]
fn batches_of_an_older_version_are_known_by_their_sums() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    record(&file, Journal::Sales, day(2));
    record(&file, Journal::Bank, day(3));
    export(&file, day(2), None).unwrap();
    export(&file, ALL, None).unwrap();
    let before = [held(&file, 1), held(&file, 2)];
    drop(file);
    let raw = Connection::open(folder.path().join(FILE_NAME)).unwrap();
    raw.execute_batch(
        "DROP TABLE export_files; DROP INDEX exported_letters_by_code;
         DROP TRIGGER export_batches_frozen_update; DROP TRIGGER export_batches_frozen_delete;
         DROP TRIGGER exported_entries_frozen_update; DROP TRIGGER exported_entries_frozen_delete;
         DROP TRIGGER exported_letters_frozen_update; DROP TRIGGER exported_letters_frozen_delete;
         DELETE FROM migrations WHERE id LIKE '%-batches';",
    )
    .unwrap();
    drop(raw);
    let file = CompanyFile::open(folder.path(), NOW).unwrap();
    let rows: Result<_, Error> = file.read(|reader| reader.batches());
    for row in rows.unwrap() {
        assert_eq!((row.file_name, row.sha256), (None, None));
        assert_eq!((row.entries, row.lines), (1, 2));
        assert_eq!(
            (row.debit, row.credit),
            (Cents::new(10_000), Cents::new(10_000))
        );
    }
    assert_eq!(at_odds(&file), Vec::<u64>::new());
    assert_eq!([held(&file, 1), held(&file, 2)], before);
    undo(&file, 2).unwrap();
    assert_eq!(export(&file, ALL, None), Some(3));
    assert_eq!(held(&file, 3), before[1]);
}

/// What can happen to entries and batches.
#[derive(Clone, Debug)]
enum Act {
    Record { is_sale: bool, on: i8 },
    Settle,
    Export { until: i8, journal: Option<bool> },
    Undo { is_latest: bool },
}

fn act() -> impl Strategy<Value = Act> {
    let days = 1_i8..=30;
    prop_oneof![
        4 => (any::<bool>(), days.clone()).prop_map(|(is_sale, on)| Act::Record { is_sale, on }),
        3 => Just(Act::Settle),
        2 => (days, proptest::option::of(any::<bool>())).prop_map(|(until, journal)| Act::Export { until, journal }),
        2 => proptest::bool::weighted(0.8).prop_map(|is_latest| Act::Undo { is_latest }),
    ]
}

const fn journal_of(is_sale: bool) -> Journal {
    if is_sale {
        Journal::Sales
    } else {
        Journal::Bank
    }
}

/// The same in plain collections.
#[derive(Default)]
struct Model {
    entries: Vec<(i64, Journal, Date)>,
    letters: BTreeMap<u64, [LineRef; 2]>,
    /// Each batch that stands, with what it held when it was made.
    standing: Vec<(u64, Held)>,
    made: u64,
}

impl Model {
    fn is_free(&self, seq: i64) -> bool {
        let held = self.standing.iter().flat_map(|(_, held)| held);
        held.into_iter().all(|(_, other, _)| *other != seq)
    }

    fn is_loose(&self, seq: i64) -> bool {
        let mut lines = self.letters.values().flatten();
        lines.all(|line| line.entry != seq)
    }

    /// The first entry of a journal that no letter ties.
    fn loose(&self, journal: Journal) -> Option<i64> {
        let mut of_it = self.entries.iter().filter(|(_, one, _)| *one == journal);
        of_it
            .find(|(seq, _, _)| self.is_loose(*seq))
            .map(|(seq, _, _)| *seq)
    }

    /// What an export has to take.
    fn expected(&self, until: Date, journal: Option<Journal>) -> Held {
        let wanted = |one: Journal| journal.is_none_or(|journal| journal == one);
        let taken: Vec<i64> = self
            .entries
            .iter()
            .filter(|(seq, one, on)| wanted(*one) && *on <= until && self.is_free(*seq))
            .map(|(seq, _, _)| *seq)
            .collect();
        let first = 1 + self
            .standing
            .iter()
            .map(|(_, held)| held.len() as u64)
            .sum::<u64>();
        let letters = |seq: i64| -> Vec<LetterRow> {
            let whole = self
                .letters
                .iter()
                .filter(|(_, lines)| lines.iter().all(|line| taken.contains(&line.entry)));
            let of_it = whole.flat_map(|(code, lines)| lines.iter().map(move |at| (*code, *at)));
            of_it
                .filter(|(_, at)| at.entry == seq)
                .map(|(code, at)| LetterRow {
                    at,
                    code,
                    date: ALL,
                })
                .collect()
        };
        let numbered = (first..).zip(&taken);
        numbered
            .map(|(number, seq)| (number, *seq, letters(*seq)))
            .collect()
    }

    fn carry_out(&mut self, file: &CompanyFile, act: &Act) {
        match act {
            Act::Record { is_sale, on } => {
                let (journal, on) = (journal_of(*is_sale), day(*on));
                self.entries.push((record(file, journal, on), journal, on));
            }
            Act::Settle => {
                if let (Some(sale), Some(payment)) =
                    (self.loose(Journal::Sales), self.loose(Journal::Bank))
                {
                    let (code, lines) = settle(file, sale, payment);
                    self.letters.insert(code, lines);
                }
            }
            Act::Export { until, journal } => {
                self.export(file, day(*until), journal.map(journal_of))
            }
            Act::Undo { is_latest: true } => {
                if let Some((batch, _)) = self.standing.pop() {
                    undo(file, batch).unwrap();
                }
            }
            Act::Undo { is_latest: false } => {
                if let [(batch, _), _, ..] = self.standing.as_slice() {
                    assert!(matches!(undo(file, *batch), Err(Error::Frozen(_))));
                }
            }
        }
    }

    /// Exports, undoes, and exports again: the same.
    fn export(&mut self, file: &CompanyFile, until: Date, journal: Option<Journal>) {
        let expected = self.expected(until, journal);
        for undone in [true, false] {
            let Some(batch) = export(file, until, journal) else {
                assert_eq!(expected, []);
                return;
            };
            self.made += 1;
            assert_eq!((batch, held(file, batch)), (self.made, expected.clone()));
            if undone {
                undo(file, batch).unwrap();
            } else {
                self.standing.push((batch, expected.clone()));
            }
        }
    }

    /// Each batch that stands holds what it was made with, whatever happened since.
    fn holds(&self, file: &CompanyFile) {
        for (batch, then) in &self.standing {
            assert_eq!(held(file, *batch), *then);
        }
        assert_eq!(at_odds(file), Vec::<u64>::new());
        let counts: Result<(u64, u64, u64), Error> = file.read(|reader| reader.entry_counts());
        let (entries, exported, last) = counts.unwrap();
        assert_eq!(entries, self.entries.len() as u64);
        assert_eq!(exported, last, "numbers are continuous");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(32) })]

    #[test]
    fn undo_and_export_is_export_in_any_history(acts in proptest::collection::vec(act(), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let file = filled(folder.path());
        file.rush().unwrap();
        let mut model = Model::default();
        for act in &acts {
            model.carry_out(&file, act);
            model.holds(&file);
        }
    }
}
