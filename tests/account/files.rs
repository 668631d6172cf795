//! Statements as files: known and unknown columns, the same file twice, lines that are not understood.

use acquit_app::{Answer, Error, Imported, LineKind, Mapping, Meaning, Resolution, RowState};
use acquit_domain::link::FileNature;
use acquit_domain::{Cents, Rule};
use acquit_tests::World;
use acquit_tests::books::{accounts, balances, holds};
use jiff::civil::{Date, date};

use super::{adds_up, proposed, statement};

const FRENCH: &[u8] = include_bytes!("../fixtures/statements/francais.csv");
const UNKNOWN: &str = include_str!("../fixtures/statements/inconnu.csv");
const TWO_COLUMNS: &[u8] = include_bytes!("../fixtures/statements/deux-colonnes.csv");
const FROM: Date = date(2026, 10, 1);
const TO: Date = date(2026, 10, 31);

fn set_aside(reason: &str) -> Answer {
    Answer::SetAside {
        reason: reason.to_owned(),
    }
}

#[tokio::test]
async fn a_file_of_the_portal_is_read_once_and_every_line_is_accounted_for() {
    let world = World::unconnected(81, FileNature::Real).await;
    let acquit = &world.acquit;
    let imported = acquit.import_statement(FRENCH, "octobre.csv", None);
    let imported = statement(imported.unwrap());
    assert_eq!(
        (imported.lines, imported.known, imported.not_understood),
        (10, 0, 3)
    );
    assert_eq!((imported.from, imported.to), (FROM, TO));
    let again = acquit
        .import_statement(FRENCH, "autre nom.csv", None)
        .unwrap();
    assert!(matches!(again, Imported::AlreadyThere { name, .. } if name == "octobre.csv"));

    let view = acquit.account(FROM, TO).unwrap();
    let balances_told = view.statement.unwrap();
    assert_eq!(balances_told.opening, Cents::new(241_860));
    assert_eq!(balances_told.closing, Cents::new(33_076));
    assert_eq!(view.ledger.closing, Cents::ZERO);
    assert_eq!((view.rows.len(), view.differences.len()), (7, 7));
    assert!(view.missing_days.is_empty() && view.breaks.is_empty());
    adds_up(&view);

    // The two titles are nothing; the gift is a fee that is given back, and the file's last balance comes out.
    assert_eq!(view.not_understood.len(), 3);
    for unread in &view.not_understood[..2] {
        acquit.answer_line(unread.line, set_aside("Titre")).unwrap();
    }
    let gift = &view.not_understood[2];
    assert_eq!(gift.amount, Some(Cents::new(500)));
    let is_fee = Answer::Is {
        kind: LineKind::Fee,
        date: gift.date.unwrap(),
        amount: gift.amount.unwrap(),
    };
    acquit.answer_line(gift.line, is_fee.clone()).unwrap();
    let view = acquit.account(FROM, TO).unwrap();
    assert!(view.not_understood.is_empty());
    assert_eq!(view.statement.unwrap().closing, Cents::new(33_576));
    adds_up(&view);

    let lines = proposed(&view);
    assert_eq!(acquit.accept_proposals(&lines).unwrap(), 4);
    holds(&world);
    let booked = acquit.answer_line(gift.line, is_fee);
    assert!(matches!(booked, Err(Error::Broken(broken)) if broken.rule == Rule::MovementRecorded));
    // 89.84 and 18.00 out, 5.00 back, VAT 14.97 + 3.00 − 0.83; 2 500.00 on its way.
    assert_eq!(
        balances(&world),
        accounts(&[
            ("445660", 1_714),
            ("512700", -260_284),
            ("580000", 250_000),
            ("627800", 8_570),
        ])
    );
    let view = acquit.account(FROM, TO).unwrap();
    adds_up(&view);
    let matched = view
        .rows
        .iter()
        .filter(|row| row.state == RowState::Matched);
    assert_eq!(matched.count(), 4);
    assert_eq!(view.in_transit[0].reference, "VIR-2026-10-05");
    assert!(
        view.differences
            .iter()
            .all(|one| one.resolution == Resolution::Decide)
    );
    assert!(proposed(&view).is_empty());
}

#[tokio::test]
async fn unknown_columns_are_asked_once() {
    let world = World::unconnected(82, FileNature::Real).await;
    let acquit = &world.acquit;
    let asked = acquit.import_statement(UNKNOWN.as_bytes(), "a.csv", None);
    let Imported::Columns(columns) = asked.unwrap() else {
        panic!("nobody knows these columns")
    };
    let headers: Vec<&str> = columns
        .iter()
        .map(|column| column.header.as_str())
        .collect();
    assert_eq!(headers, ["Quand", "Quoi", "Combien", "Numéro"]);
    assert_eq!(columns[1].examples, ["Paiement", "Virement"]);
    assert!(columns.iter().all(|column| column.guess == Meaning::Other));
    let wrong = Mapping(vec![
        Meaning::Date,
        Meaning::Kind,
        Meaning::Other,
        Meaning::Id,
    ]);
    let refused = acquit.import_statement(UNKNOWN.as_bytes(), "a.csv", Some(wrong));
    assert!(matches!(refused, Err(Error::WrongColumns(_))));
    let told = Mapping(vec![
        Meaning::Date,
        Meaning::Kind,
        Meaning::Amount,
        Meaning::Id,
    ]);
    let done = acquit.import_statement(UNKNOWN.as_bytes(), "a.csv", Some(told));
    assert_eq!(statement(done.unwrap()).lines, 2);
    let next = UNKNOWN.replace("2026-10", "2026-11");
    let done = acquit.import_statement(next.as_bytes(), "b.csv", None);
    assert_eq!(statement(done.unwrap()).lines, 2, "what was told is kept");
    let nothing = acquit.import_statement(b"Bonjour", "c.txt", None);
    assert!(matches!(nothing, Err(Error::NotAStatement(_))));
    holds(&world);
}

#[tokio::test]
async fn doubled_lines_missing_lines_and_missing_days_are_noticed() {
    let world = World::unconnected(83, FileNature::Real).await;
    let acquit = &world.acquit;
    let done = acquit.import_statement(TWO_COLUMNS, "octobre.csv", None);
    assert_eq!(statement(done.unwrap()).not_understood, 1);
    let view = acquit.account(FROM, date(2026, 11, 23)).unwrap();
    assert_eq!(view.breaks, [(date(2026, 10, 12), Cents::new(-5_000))]);
    assert_eq!(view.missing_days, [(date(2026, 11, 1), date(2026, 11, 23))]);
    assert_eq!(view.not_understood.len(), 1);
    let empty = acquit.answer_line(view.not_understood[0].line, set_aside(" "));
    assert!(matches!(empty, Err(Error::Broken(broken)) if broken.field == "reason"));
    let nobody = acquit.answer_line(999, set_aside("x"));
    assert!(matches!(nobody, Err(Error::UnknownStatementLine(999))));
}

/// PayPlug's own report and the portal's file of the same days: a transfer has an id on one of them alone.
#[tokio::test]
async fn two_statements_of_the_same_days_show_each_movement_once() {
    let world = World::unconnected(84, FileNature::Real).await;
    let acquit = &world.acquit;
    let with_ids = "Date;Type;Montant;Référence\n02/10/2026;Paiement;640,00;pay_A1\n05/10/2026;Virement;-500,00;mv_1\n05/10/2026;Virement;-500,00;mv_2\n";
    let done = acquit.import_statement(with_ids.as_bytes(), "a.csv", None);
    assert_eq!(statement(done.unwrap()).known, 0);
    let without = "Date;Type;Libellé;Montant\n02/10/2026;Paiement;Lucas Fabre;640,00\n05/10/2026;Virement;Vers la banque;-500,00\n06/10/2026;Virement;Vers la banque;-500,00\n";
    let done = statement(
        acquit
            .import_statement(without.as_bytes(), "b.csv", None)
            .unwrap(),
    );
    assert_eq!((done.lines, done.known), (3, 2));
    let view = acquit.account(FROM, TO).unwrap();
    assert_eq!(
        view.statement.unwrap().closing,
        Cents::new(64_000 - 150_000)
    );
    assert_eq!(view.rows.len(), 4);
    // Other payments of the same amount and day are other movements.
    let others = with_ids.replace("pay_A1", "pay_A2").replace("mv_", "mw_");
    let done = statement(
        acquit
            .import_statement(others.as_bytes(), "c.csv", None)
            .unwrap(),
    );
    assert_eq!((done.lines, done.known), (3, 2));
}

#[tokio::test]
async fn what_was_set_aside_is_proposed_no_more_until_it_is_said_to_be_something() {
    let world = World::unconnected(85, FileNature::Real).await;
    let acquit = &world.acquit;
    let file = "Date;Type;Montant\n05/10/2026;Virement;-500,00\n06/10/2026;Virement;-300,00\n";
    statement(
        acquit
            .import_statement(file.as_bytes(), "a.csv", None)
            .unwrap(),
    );
    let view = acquit.account(FROM, TO).unwrap();
    let lines = proposed(&view);
    assert_eq!(lines.len(), 2);
    acquit
        .answer_line(lines[0], set_aside("Erreur de PayPlug, rendue en novembre"))
        .unwrap();
    let left = acquit.account(FROM, TO).unwrap();
    assert_eq!(proposed(&left), lines[1..]);
    assert_eq!(left.rows[0].state, RowState::SetAside);
    adds_up(&left);
    assert!(
        matches!(acquit.accept_proposals(&lines), Err(Error::NoProposal(line)) if line == lines[0])
    );
    assert!(acquit.transfers(10).unwrap().is_empty(), "all or nothing");
    let is_transfer = Answer::Is {
        kind: LineKind::Transfer,
        date: date(2026, 10, 5),
        amount: Cents::new(-50_000),
    };
    acquit.answer_line(lines[0], is_transfer).unwrap();
    assert_eq!(acquit.accept_proposals(&lines).unwrap(), 2);
    holds(&world);
}
