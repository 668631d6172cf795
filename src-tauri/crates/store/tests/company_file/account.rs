//! The PayPlug account: statements, their lines and movements are rows that are only added, each once.

use acquit_accounting::movements::{Movement, MovementKind};
use acquit_accounting::statement::{
    Answer, Kept, LineKind, Mapping, Meaning, Reason, Source, StatementLine, Unread,
};
use acquit_domain::Cents;
use acquit_store::{CompanyFile, Error, FILE_NAME, StatementRow};
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
    drop(file);
    let connection = Connection::open(folder.path().join(FILE_NAME)).unwrap();
    for (table, column) in [
        ("statements", "name"),
        ("statement_entries", "body"),
        ("statement_answers", "body"),
        ("statement_mappings", "body"),
        ("account_movements", "amount"),
        ("transfer_arrivals", "date"),
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
