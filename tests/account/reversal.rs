//! What was recorded wrongly on the PayPlug account: reversed by a new event, and booked anew from its line.

use acquit_app::chart::{Chart, ChartProposal};
use acquit_app::{
    DifferenceCause, Error, MovementKind, NewMovement, NewPayplugInvoice, NewStatementFee,
    NewTransfer, RowState,
};
use acquit_domain::link::FileNature;
use acquit_domain::{Cents, Rule};
use acquit_tests::World;
use acquit_tests::books::{accounts, balances, holds};
use jiff::civil::{Date, date};

use super::{DAY_S, FROM, adds_up, causes, proposed, statement};

const NOVEMBER: Date = date(2026, 11, 30);
const BOOKED: Date = date(2026, 12, 1);
const WHY: &str = "Saisi deux fois";

/// An invoice and a transfer, both in the account that the file of November tells of.
const FILE: &str = "Date;Type;Libellé;Montant;Référence
02/11/2026;Facture;Facture PayPlug d’octobre;-89,84;INV-2026-10
09/11/2026;Virement;Virement vers la banque;-500,00;VIR-9
";

fn invoice(number: &str) -> NewMovement {
    NewMovement::Invoice(NewPayplugInvoice {
        number: number.to_owned(),
        date: date(2026, 11, 1),
        net: Cents::new(7_438),
        vat: Cents::new(1_488),
    })
}

fn fee(line: &str, amount: i64, vat: i64) -> NewMovement {
    NewMovement::Fee(NewStatementFee {
        line: line.to_owned(),
        date: date(2026, 11, 6),
        amount: Cents::new(amount),
        vat: Cents::new(vat),
    })
}

fn transfer(reference: &str) -> NewMovement {
    NewMovement::Transfer(NewTransfer {
        reference: reference.to_owned(),
        date: date(2026, 11, 9),
        amount: Cents::new(500_000),
    })
}

fn rule<T: std::fmt::Debug>(refused: Result<T, Error>) -> (String, Rule) {
    match refused {
        Err(Error::Broken(broken)) => (broken.field, broken.rule),
        other => panic!("{other:?}"),
    }
}

/// Statement beside books over the days of November.
fn november(world: &World) -> acquit_app::AccountView {
    world.acquit.account(FROM, NOVEMBER).unwrap()
}

#[tokio::test]
async fn an_entry_is_shown_as_it_will_be_and_nothing_is_recorded() {
    let world = World::unconnected(91, FileNature::Real).await;
    let acquit = &world.acquit;
    for new in [invoice("FA-1"), fee("F-1", 1_800, 300), transfer("V-1")] {
        let shown = acquit.propose_movement(new.clone()).unwrap();
        assert_eq!(acquit.propose_movement(new.clone()).unwrap(), shown);
        let movement = acquit.record_movement(new.clone()).unwrap();
        assert_eq!(
            (shown.piece(), shown.date()),
            (movement.piece.as_str(), movement.date)
        );
        let (debit, credit) = shown.sums();
        assert_eq!((debit, credit), (movement.amount, movement.amount));
        // What would be refused is not shown either.
        let again = (
            acquit.propose_movement(new.clone()),
            acquit.record_movement(new),
        );
        assert_eq!(rule(again.0), rule(again.1));
    }
    holds(&world);
    let closed = NewMovement::Transfer(NewTransfer {
        reference: "V-2".to_owned(),
        date: date(2026, 10, 31),
        amount: Cents::new(100),
    });
    acquit.close_period(date(2026, 10, 31), 0).unwrap();
    let until = date(2026, 10, 31);
    assert_eq!(
        rule(acquit.propose_movement(closed)),
        ("date".to_owned(), Rule::PeriodClosed { until })
    );
}

#[tokio::test]
async fn each_kind_is_reversed_once_and_its_piece_is_free_again() {
    let world = World::unconnected(92, FileNature::Real).await;
    let acquit = &world.acquit;
    let all = || {
        [
            (MovementKind::Invoice, "FA-1", invoice("FA-1")),
            (MovementKind::Fee, "F-1", fee("F-1", 1_800, 300)),
            (MovementKind::Fee, "F-2", fee("F-2", -600, -100)),
            (MovementKind::Transfer, "V-1", transfer("V-1")),
        ]
    };
    for (_, _, new) in all() {
        acquit.record_movement(new).unwrap();
    }
    acquit
        .record_transfer_arrival("V-1", date(2026, 11, 12))
        .unwrap();
    let booked = balances(&world);
    assert_eq!(booked["512700"], -510_126);
    for (kind, piece, _) in all() {
        let shown = acquit.propose_reversal(kind, piece).unwrap();
        assert_eq!(
            rule(acquit.reverse_movement(kind, piece, " ")),
            ("reason".to_owned(), Rule::Empty)
        );
        assert_eq!(acquit.reverse_movement(kind, piece, WHY).unwrap(), shown);
        // A transfer goes back with its arrival.
        let count = if kind == MovementKind::Transfer { 2 } else { 1 };
        assert_eq!(shown.len(), count, "{shown:?}");
        let gone = ("movement".to_owned(), Rule::MovementReversed);
        assert_eq!(rule(acquit.reverse_movement(kind, piece, WHY)), gone);
        assert_eq!(rule(acquit.propose_reversal(kind, piece)), gone);
        holds(&world);
    }
    let unknown = acquit.reverse_movement(MovementKind::Fee, "FA-1", WHY);
    assert!(matches!(unknown, Err(Error::UnknownMovement(piece)) if piece == "FA-1"));
    // The second batch is the inverse of the first.
    let inverse = booked.iter().map(|(account, sum)| (account.clone(), -sum));
    assert_eq!(balances(&world), inverse.collect());
    let view = november(&world);
    assert_eq!((view.rows.len(), view.ledger.closing), (0, Cents::ZERO));

    assert!(acquit.transfers(10).unwrap().is_empty());
    let arrival = acquit.record_transfer_arrival("V-1", date(2026, 11, 12));
    assert!(matches!(arrival, Err(Error::UnknownTransfer(_))));
    for (_, _, new) in all() {
        acquit.record_movement(new).unwrap();
    }
    assert_eq!(acquit.transfers(10).unwrap()[0].arrived, None);
    acquit
        .record_transfer_arrival("V-1", date(2026, 11, 16))
        .unwrap();
    holds(&world);
    assert_eq!(balances(&world), booked);
    // And once more, under the same piece.
    acquit
        .reverse_movement(MovementKind::Transfer, "V-1", WHY)
        .unwrap();
    holds(&world);
    assert_eq!(
        balances(&world),
        accounts(&[("512000", -500_000), ("512700", 500_000)])
    );
}

/// The accounts change between a movement, its arrival and its reversal: what was booked is met where it is.
#[tokio::test]
async fn a_reversal_meets_the_accounts_of_then() {
    let world = World::unconnected(93, FileNature::Real).await;
    let acquit = &world.acquit;
    let charted = |digit: u8| {
        let mut chart = ChartProposal::from(Chart::default());
        for (number, label) in chart.accounts.values_mut() {
            *number = format!("{number}{digit}");
            label.clear();
        }
        acquit.set_bookkeeping(&chart).unwrap();
    };
    acquit.record_movement(transfer("V-1")).unwrap();
    acquit.record_movement(invoice("FA-1")).unwrap();
    charted(1);
    acquit
        .record_transfer_arrival("V-1", date(2026, 11, 12))
        .unwrap();
    charted(2);
    acquit
        .reverse_movement(MovementKind::Transfer, "V-1", WHY)
        .unwrap();
    acquit
        .reverse_movement(MovementKind::Invoice, "FA-1", WHY)
        .unwrap();
    holds(&world);
    assert_eq!(balances(&world), accounts(&[]));
}

#[tokio::test]
async fn the_line_of_what_was_reversed_is_a_difference_again_and_is_booked_anew() {
    let world = World::unconnected(94, FileNature::Real).await;
    let acquit = &world.acquit;
    let imported = acquit.import_statement(FILE.as_bytes(), "novembre.csv", None);
    assert_eq!(statement(imported.unwrap()).lines, 2);
    acquit
        .accept_proposals(&proposed(&november(&world)))
        .unwrap();
    let before = november(&world);
    assert!(before.differences.is_empty());
    let known = before
        .rows
        .iter()
        .map(|row| row.movement.clone())
        .collect::<Vec<_>>();
    let of = |kind, piece: &str| Some((kind, piece.to_owned()));
    assert_eq!(
        known,
        [
            of(MovementKind::Invoice, "INV-2026-10"),
            of(MovementKind::Transfer, "VIR-9")
        ]
    );

    acquit
        .reverse_movement(MovementKind::Invoice, "INV-2026-10", WHY)
        .unwrap();
    holds(&world);
    let view = november(&world);
    assert_eq!(causes(&view), [(DifferenceCause::InvoiceNotBooked, -8_984)]);
    assert_eq!(
        view.rows.len(),
        2,
        "neither what was reversed nor its reversal: {view:?}"
    );
    assert_eq!(view.ledger.closing, Cents::new(-50_000));
    adds_up(&view);

    let lines = proposed(&view);
    assert_eq!(acquit.accept_proposals(&lines).unwrap(), 1);
    assert!(matches!(
        acquit.accept_proposals(&lines),
        Err(Error::NoProposal(_))
    ));
    holds(&world);
    let view = november(&world);
    assert_eq!(
        (&view.rows, &view.differences),
        (&before.rows, &before.differences)
    );
    assert!(view.rows.iter().all(|row| row.state == RowState::Matched));
    adds_up(&view);
    assert_eq!(
        balances(&world),
        accounts(&[
            ("445660", 1_497),
            ("512700", -58_984),
            ("580000", 50_000),
            ("627800", 7_487)
        ])
    );
}

/// The month is closed when somebody sees the mistake: the reversal is of the first open day, and so is what is booked anew.
#[tokio::test]
async fn what_was_booked_in_a_closed_month_is_reversed_on_the_first_open_day() {
    let world = World::unconnected(95, FileNature::Real).await;
    let acquit = &world.acquit;
    let file =
        "Date;Type;Libellé;Montant;Référence\n06/11/2026;Facture;Facture PayPlug;-18,00;INV-1\n";
    let imported = acquit.import_statement(file.as_bytes(), "novembre.csv", None);
    assert_eq!(statement(imported.unwrap()).lines, 1);
    acquit
        .accept_proposals(&proposed(&november(&world)))
        .unwrap();
    world.advance(10 * DAY_S);
    acquit.close_period(NOVEMBER, 1).unwrap();
    let today = acquit.today();
    let kind = MovementKind::Invoice;
    let shown = acquit.reverse_movement(kind, "INV-1", WHY).unwrap();
    assert_eq!(shown[0].date(), BOOKED);
    holds(&world);

    let whole = acquit.account(FROM, today).unwrap();
    assert_eq!(
        causes(&whole),
        [(DifferenceCause::InvoiceNotBooked, -1_800)]
    );
    adds_up(&whole);
    let view = november(&world);
    assert_eq!(
        causes(&view),
        [
            (DifferenceCause::OtherPeriod, 1_800),
            (DifferenceCause::InvoiceNotBooked, -1_800),
        ]
    );
    adds_up(&view);
    let december = acquit.account(BOOKED, today).unwrap();
    assert_eq!(causes(&december), [(DifferenceCause::OtherPeriod, -1_800)]);
    assert_eq!(december.rows[0].ledger, Some(Cents::new(1_800)));
    assert_eq!(
        (december.rows[0].label.as_str(), &december.rows[0].movement),
        ("annulation de INV-1", &None)
    );

    // Booked anew, late; and both go once more, on one day.
    for _ in 0..2 {
        let lines = proposed(&acquit.account(FROM, today).unwrap());
        acquit.accept_proposals(&lines).unwrap();
        holds(&world);
        let whole = acquit.account(FROM, today).unwrap();
        assert!(whole.differences.is_empty(), "{whole:?}");
        adds_up(&whole);
        let view = november(&world);
        assert_eq!(
            causes(&view),
            [
                (DifferenceCause::OtherPeriod, 1_800),
                (DifferenceCause::OtherPeriod, -1_800)
            ]
        );
        adds_up(&view);
        acquit.reverse_movement(kind, "INV-1", WHY).unwrap();
        holds(&world);
    }
    assert_eq!(balances(&world), accounts(&[]));
}

/// What only claims to be reversed is found: the books still have it.
#[tokio::test]
async fn a_reversal_without_its_entry_is_a_break() {
    let world = World::unconnected(96, FileNature::Real).await;
    world
        .acquit
        .record_movement(fee("F-1", 1_800, 300))
        .unwrap();
    world
        .acquit
        .record_movement(fee("F-2", 1_800, 300))
        .unwrap();
    world
        .acquit
        .reverse_movement(MovementKind::Fee, "F-1", WHY)
        .unwrap();
    holds(&world);
    let raw = rusqlite::Connection::open(world.acquit.path()).unwrap();
    let told: (u64, String) = raw
        .query_row(
            "SELECT COUNT(*), MAX(reason) FROM movement_reversals",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!(told, (1, WHY.to_owned()));
    raw.execute(
        "INSERT INTO movement_reversals VALUES (2, '2026-11-06', 'Sans écriture', 0)",
        [],
    )
    .unwrap();
    let found = world.acquit.verify().unwrap().broken.unwrap();
    assert_eq!(found.invariant, "3 PayPlug account");
}
