//! The PayPlug account: statements, their lines and movements are rows that are only added, each once.

use acquit_accounting::movements::{Movement, MovementKind, arrived, left};
use acquit_accounting::statement::{
    Answer, Kept, LineKind, Mapping, Meaning, Reason, Source, StatementLine, Unread,
};
use acquit_accounting::{Chart, Entry};
use acquit_domain::Cents;
use acquit_store::{CompanyFile, EntryRow, Error, FILE_NAME, StatementRow};
use jiff::civil::{Date, date};
use rusqlite::Connection;

use crate::{NOW, filled};

const DAY: Date = date(2026, 10, 5);
const FIRST: Date = date(2026, 10, 1);
const LAST: Date = date(2026, 10, 31);

fn statement(sha256: &str) -> StatementRow {
    StatementRow {
        seq: 0,
        name: "octobre.csv".to_owned(),
        source: Source::Portal,
        sha256: sha256.to_owned(),
        first: FIRST,
        last: LAST,
        opening: Some((DAY, Cents::new(100))),
        breaks: Vec::new(),
        imported_at: NOW,
    }
}

fn line(key: &str, cents: i64) -> Kept {
    Kept::Line(StatementLine {
        place: 2,
        key: key.to_owned(),
        date: DAY,
        kind: LineKind::Transfer,
        amount: Cents::new(cents),
        vat: None,
        id: None,
        payment: None,
        label: "Virement".to_owned(),
        balance: None,
    })
}

fn unread(key: &str) -> Kept {
    Kept::Unread(Unread {
        place: 3,
        key: key.to_owned(),
        text: "Avoir".to_owned(),
        reason: Reason::UnknownKind,
        date: Some(DAY),
        amount: Some(Cents::new(500)),
    })
}

fn transfer(piece: &str) -> Movement {
    Movement {
        kind: MovementKind::Transfer,
        piece: piece.to_owned(),
        date: DAY,
        amount: Cents::new(50_000),
        vat: Cents::ZERO,
    }
}

/// A file with a statement of two lines, the first of which is booked.
fn with_statement(folder: &std::path::Path) -> CompanyFile {
    let file = filled(folder);
    let written: Result<_, Error> = file.write(|writer| {
        let seq = writer.insert_statement(&statement("a"))?;
        writer.insert_statement_entry(seq, &line("transfer:1", -50_000))?;
        writer.insert_statement_entry(seq, &unread("?Avoir"))?;
        writer.insert_statement_mapping("date|montant", &Mapping(vec![Meaning::Date]), NOW)?;
        let movement = writer.insert_movement(&transfer("VIR-1"), Some(1), NOW)?;
        writer.insert_arrival(movement, date(2026, 10, 7), NOW)
    });
    written.unwrap();
    file
}

fn refused(file: &CompanyFile, write: impl FnOnce(&acquit_store::Writer<'_>) -> Result<(), Error>) {
    let outcome = file.write(write);
    assert!(matches!(outcome, Err(Error::Constraint(_))), "{outcome:?}");
}

#[test]
fn a_statement_a_line_and_a_movement_are_there_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = with_statement(folder.path());
    refused(&file, |writer| {
        writer.insert_statement(&statement("a")).map(drop)
    });
    refused(&file, |writer| {
        writer.insert_statement_entry(1, &line("transfer:1", -1))
    });
    refused(&file, |writer| {
        writer
            .insert_movement(&transfer("VIR-1"), None, NOW)
            .map(drop)
    });
    refused(&file, |writer| {
        writer
            .insert_movement(&transfer("VIR-2"), Some(1), NOW)
            .map(drop)
    });
    refused(&file, |writer| writer.insert_arrival(1, LAST, NOW));
    let read: Result<_, Error> = file.read(|reader| {
        assert!(reader.is_booked(1)? && !reader.is_booked(2)?);
        let row = reader.movement(MovementKind::Transfer, "VIR-1")?.unwrap();
        assert_eq!((row.line, row.arrived), (Some(1), Some(date(2026, 10, 7))));
        assert_eq!(reader.movement(MovementKind::Fee, "VIR-1")?, None);
        let statements = reader.statements()?;
        assert_eq!(
            statements,
            [StatementRow {
                seq: 1,
                ..statement("a")
            }]
        );
        Ok(())
    });
    read.unwrap();
}

#[test]
fn what_was_reversed_may_be_booked_again_from_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = with_statement(folder.path());
    let again = |writer: &acquit_store::Writer<'_>| {
        writer
            .insert_movement(&transfer("VIR-1"), Some(1), NOW)
            .map(drop)
    };
    refused(&file, again);
    refused(&file, |writer| {
        writer.insert_movement_reversal(1, DAY, "", NOW)
    });
    let written: Result<_, Error> = file.write(|writer| {
        let of = MovementKind::Transfer;
        assert_eq!(writer.late_id(of, "VIR-1")?, "2:transfer:VIR-1");
        assert_eq!(writer.late_id(of, "VIR-2")?, "transfer:VIR-2");
        assert!(!writer.was_reversed(of, "VIR-1")?);
        writer.insert_movement_reversal(1, LAST, "Montant faux", NOW)?;
        assert!(writer.was_reversed(of, "VIR-1")?);
        assert_eq!(writer.movement(of, "VIR-1")?, None);
        assert!(!writer.is_booked(1)? && writer.transfers(9)?.is_empty());
        let row = &writer.movements_between(LAST, LAST)?[0];
        assert_eq!((row.booked, row.reversed), (DAY, Some(LAST)));
        assert_eq!(row.arrived_after, Some(0));
        let sums = writer.movement_sums()?;
        let moved = Cents::new(50_000);
        assert_eq!((sums.left, sums.came_back), (moved, moved));
        assert_eq!(sums.in_transit, Cents::ZERO);
        again(writer)
    });
    written.unwrap();
    refused(&file, again);
    refused(&file, |writer| {
        writer.insert_movement_reversal(1, LAST, "Encore", NOW)
    });
    let early = file.write(|writer| {
        writer.insert_movement_reversal(2, LAST, "Encore", NOW)?;
        writer.insert_arrival(2, LAST, NOW)
    });
    assert!(matches!(early, Err(Error::Constraint(_))), "{early:?}");
    let read: Result<_, Error> = file.read(|reader| {
        let row = reader.movement(MovementKind::Transfer, "VIR-1")?.unwrap();
        assert_eq!((row.seq, row.line, row.arrived), (2, Some(1), None));
        let sums = reader.movement_sums()?;
        assert_eq!((sums.count, sums.in_transit), (2, Cents::new(50_000)));
        Ok(())
    });
    read.unwrap();
}

/// The tables as they were before a piece could be booked again, with what they held.
const BEFORE_REVERSALS: &str = "PRAGMA foreign_keys = OFF;
    CREATE TABLE movements_kept AS SELECT * FROM account_movements;
    CREATE TABLE arrivals_kept AS SELECT * FROM transfer_arrivals;
    DROP TABLE movement_reversals; DROP TABLE transfer_arrivals; DROP TABLE account_movements;
    CREATE TABLE account_movements (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL CHECK (kind IN ('invoice', 'fee', 'transfer')),
      piece TEXT NOT NULL, date TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount <> 0), vat INTEGER NOT NULL,
      line INTEGER UNIQUE REFERENCES statement_entries (seq),
      after_entry INTEGER NOT NULL, recorded_at INTEGER NOT NULL, UNIQUE (kind, piece)) STRICT;
    CREATE INDEX account_movements_by_date ON account_movements (date, seq);
    CREATE TRIGGER account_movements_frozen_update BEFORE UPDATE ON account_movements
      BEGIN SELECT RAISE(ABORT, 'frozen: account_movements'); END;
    CREATE TRIGGER account_movements_frozen_delete BEFORE DELETE ON account_movements
      BEGIN SELECT RAISE(ABORT, 'frozen: account_movements'); END;
    CREATE TABLE transfer_arrivals (
      movement INTEGER PRIMARY KEY REFERENCES account_movements (seq),
      date TEXT NOT NULL, recorded_at INTEGER NOT NULL) STRICT;
    CREATE TRIGGER transfer_arrivals_frozen_update BEFORE UPDATE ON transfer_arrivals
      BEGIN SELECT RAISE(ABORT, 'frozen: transfer_arrivals'); END;
    CREATE TRIGGER transfer_arrivals_frozen_delete BEFORE DELETE ON transfer_arrivals
      BEGIN SELECT RAISE(ABORT, 'frozen: transfer_arrivals'); END;
    INSERT INTO account_movements
      SELECT seq, kind, piece, date, amount, vat, line, after_entry, recorded_at FROM movements_kept;
    INSERT INTO transfer_arrivals SELECT movement, date, recorded_at FROM arrivals_kept;
    DROP TABLE movements_kept; DROP TABLE arrivals_kept;
    DELETE FROM migrations WHERE id LIKE '2026-11-27-7%';";

#[test]
fn an_older_file_keeps_its_movements_and_finds_the_entries_of_its_arrivals() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let chart = Chart::default();
    let written: Result<_, Error> = file.write(|writer| {
        let booked = |entry: Option<Entry>| {
            let row = EntryRow {
                entry: entry.unwrap(),
                invoice: None,
                recorded_on: LAST,
            };
            writer.insert_entry(&row, NOW)
        };
        // Two transfers of one amount leave; the second arrives first.
        let (one, two) = (transfer("VIR-1"), transfer("VIR-2"));
        for of in [&one, &two] {
            writer.insert_movement(of, None, NOW)?;
            booked(left(of, &chart).unwrap())?;
        }
        for (seq, of) in [(2, &two), (1, &one)] {
            writer.insert_arrival(seq, LAST, NOW)?;
            booked(arrived(of, LAST, &chart, &chart).unwrap())?;
        }
        Ok(())
    });
    written.unwrap();
    let rows = |file: &CompanyFile| {
        let read: Result<_, Error> = file.read(|reader| reader.movements_between(FIRST, LAST));
        read.unwrap()
    };
    let before = rows(&file);
    assert!(before[1].arrived_after < before[0].arrived_after);
    drop(file);
    let raw = Connection::open(folder.path().join(FILE_NAME)).unwrap();
    raw.execute_batch(BEFORE_REVERSALS).unwrap();
    drop(raw);
    let file = CompanyFile::open(folder.path(), NOW).unwrap();
    assert_eq!(rows(&file), before);
    refused(&file, |writer| writer.insert_arrival(1, LAST, NOW));
    refused(&file, |writer| {
        writer
            .insert_movement(&transfer("VIR-1"), None, NOW)
            .map(drop)
    });
    let written: Result<_, Error> = file.write(|writer| {
        writer.insert_movement_reversal(1, LAST, "Montant faux", NOW)?;
        writer.insert_movement(&transfer("VIR-1"), None, NOW)
    });
    assert_eq!(written.unwrap(), 3);
}

#[test]
fn what_is_said_last_of_a_line_counts() {
    let folder = tempfile::tempdir().unwrap();
    let file = with_statement(folder.path());
    let look = |expected: i64, unread: usize, lines: usize| {
        let read: Result<_, Error> = file.read(|reader| {
            assert_eq!(reader.statement_sum(FIRST, LAST)?, Cents::new(expected));
            assert_eq!(reader.statement_entries_unread()?.len(), unread);
            assert_eq!(reader.statement_entries(FIRST, LAST)?.len(), lines);
            Ok(())
        });
        read.unwrap();
    };
    let say = |answer: Answer| {
        let written: Result<_, Error> =
            file.write(|writer| writer.insert_statement_answer(2, &answer, NOW));
        written.unwrap();
    };
    look(-50_000, 1, 1);
    say(Answer::Is {
        kind: LineKind::Fee,
        date: DAY,
        amount: Cents::new(500),
    });
    look(-49_500, 0, 2);
    say(Answer::SetAside {
        reason: "Titre".to_owned(),
    });
    look(-50_000, 0, 1);
}

#[test]
fn statements_and_movements_are_frozen_rows() {
    let folder = tempfile::tempdir().unwrap();
    let file = with_statement(folder.path());
    let answer = Answer::SetAside {
        reason: "Titre".to_owned(),
    };
    let written: Result<_, Error> =
        file.write(|writer| writer.insert_statement_answer(2, &answer, NOW));
    written.unwrap();
    let written: Result<_, Error> =
        file.write(|writer| writer.insert_movement_reversal(1, LAST, "Montant faux", NOW));
    written.unwrap();
    drop(file);
    let connection = Connection::open(folder.path().join(FILE_NAME)).unwrap();
    for (table, column) in [
        ("statements", "name"),
        ("statement_entries", "body"),
        ("statement_answers", "body"),
        ("statement_mappings", "body"),
        ("account_movements", "amount"),
        ("transfer_arrivals", "date"),
        ("movement_reversals", "reason"),
    ] {
        for sql in [
            format!("UPDATE {table} SET {column} = {column}"),
            format!("DELETE FROM {table}"),
        ] {
            let refused = connection.execute(&sql, []).unwrap_err().to_string();
            assert!(refused.contains(&format!("frozen: {table}")), "{refused}");
        }
    }
}
