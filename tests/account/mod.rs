//! The PayPlug account to the cent: fees, invoices and transfers, PayPlug's own report over the network, files of the
//! portal and of the bank; through the services, over a real file beside the simulator.

mod attached;
mod closed;
mod files;
mod movements;
mod reversal;

use acquit_app::{
    AccountView, BankImported, DifferenceCause, Error, Imported, LineKind, Resolution, RowState,
};
use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_simulator::Mode;
use acquit_tests::World;
use acquit_tests::books::{accounts, balances, holds};
use jiff::civil::{Date, date};

const CARD: &str = "4242424242424242";
const DAY_S: i64 = 86_400;
const FROM: Date = date(2026, 11, 1);

/// An invoice that the customer paid by card.
async fn paid(world: &World, euros: u32) -> InvoiceId {
    let id = world.issue(euros).id;
    world.acquit.sync().await.unwrap();
    world.payplug.pay(&world.payment(id), CARD).unwrap();
    world.acquit.sync().await.unwrap();
    id
}

fn statement(imported: Imported) -> acquit_app::ImportedStatement {
    match imported {
        Imported::Done(statement) => statement,
        other => panic!("{other:?}"),
    }
}

/// The lines that entries are proposed for.
fn proposed(view: &AccountView) -> Vec<u64> {
    let differences = view.differences.iter();
    differences
        .filter(|one| matches!(one.resolution, Resolution::Entries(_)))
        .filter_map(|one| one.line)
        .collect()
}

fn causes(view: &AccountView) -> Vec<(DifferenceCause, i64)> {
    let differences = view.differences.iter();
    differences
        .map(|one| (one.cause, one.amount.get()))
        .collect()
}

/// Statement less books is the opening's difference and what the differences come to.
fn adds_up(view: &AccountView) {
    let statement = view.statement.unwrap();
    let differences: Cents = view.differences.iter().map(|one| one.amount).sum();
    assert_eq!(
        statement.closing - view.ledger.closing,
        statement.opening - view.ledger.opening + differences
    );
}

/// 1 100.00 and 220.00 by card, fees 13.45 + 2.89 = 16.34 and VAT 3.27; 500.00 to the bank, 220.00 disputed for 18.00.
#[tokio::test]
async fn the_report_of_payplug_and_the_books_agree_to_the_cent() {
    let world = World::demonstration(61).await;
    paid(&world, 1_000).await;
    let second = paid(&world, 200).await;
    world.payplug.transfer(50_000).unwrap();
    world.payplug.chargeback(&world.payment(second)).unwrap();
    world.advance(10 * DAY_S);
    let to = world.acquit.today();
    assert_eq!(to, date(2026, 12, 3));
    let fetched = statement(world.acquit.fetch_report(FROM, to).await.unwrap());
    assert_eq!(
        (fetched.lines, fetched.known, fetched.not_understood),
        (6, 0, 0)
    );
    assert_eq!((fetched.from, fetched.to), (FROM, date(2026, 12, 2)));

    let view = world.acquit.account(FROM, to).unwrap();
    let balance = world.payplug.account(Mode::Test).balance;
    assert_eq!(balance, 56_239);
    assert_eq!(view.statement.unwrap().closing.get(), balance);
    assert_eq!(view.ledger.closing.get(), 132_000);
    assert_eq!(
        causes(&view),
        [
            (DifferenceCause::TransferNotBooked, -50_000),
            (DifferenceCause::ChargebackNotBooked, -22_000),
            (DifferenceCause::FeeNotBooked, -1_800),
            (DifferenceCause::InvoiceNotBooked, -1_961),
        ]
    );
    adds_up(&view);
    let lines = proposed(&view);
    assert_eq!(lines.len(), 4);

    assert_eq!(world.acquit.accept_proposals(&lines).unwrap(), 4);
    holds(&world);
    let view = world.acquit.account(FROM, to).unwrap();
    assert_eq!(view.ledger.closing.get(), balance);
    assert!(view.differences.is_empty(), "{:?}", view.differences);
    assert!(view.rows.iter().all(|row| row.state == RowState::Matched));
    assert_eq!(view.rows.len(), 6);
    let disputed = world.acquit.invoice(second).unwrap();
    assert_eq!(disputed.chargebacks.len(), 1);

    // The same again books nothing twice.
    assert!(matches!(
        world.acquit.accept_proposals(&lines),
        Err(Error::NoProposal(_))
    ));
    assert!(matches!(
        world.acquit.fetch_report(FROM, to).await.unwrap(),
        Imported::AlreadyThere { .. }
    ));
    let other = world.acquit.fetch_report(date(2026, 11, 2), to).await;
    let other = statement(other.unwrap());
    assert_eq!((other.lines, other.known), (6, 6));
    let again = world.acquit.account(FROM, to).unwrap();
    assert_eq!((again.rows, again.statement), (view.rows, view.statement));

    let bank =
        "Date;Libellé;Débit;Crédit\n24/11/2026;LOYER;900,00;\n26/11/2026;VIR PAYPLUG SA;;500,00\n";
    let found = world.acquit.import_bank_statement(bank.as_bytes(), None);
    let BankImported::Done(arrived) = found.unwrap() else {
        panic!("the columns are known")
    };
    assert_eq!(arrived.len(), 1);
    assert_eq!(arrived[0].arrived, Some(date(2026, 11, 26)));
    let found = world.acquit.import_bank_statement(bank.as_bytes(), None);
    assert_eq!(found.unwrap(), BankImported::Done(Vec::new()));
    holds(&world);
    assert_eq!(
        balances(&world),
        accounts(&[
            ("411000", 22_000),
            ("445660", 627),
            ("445712", -10_000),
            ("445742", -2_000),
            ("512000", 50_000),
            ("512700", 56_239),
            ("627800", 3_134),
            ("704000", -120_000),
        ])
    );
}

#[tokio::test]
async fn what_was_not_read_is_read_and_what_is_of_no_invoice_is_for_a_person() {
    let world = World::demonstration(62).await;
    let id = world.issue(1_000).id;
    world.acquit.sync().await.unwrap();
    world.payplug.pay(&world.payment(id), CARD).unwrap();
    let portal = world.payplug.create_in_portal(26_400).unwrap();
    world.payplug.pay(&portal.id, CARD).unwrap();
    world.advance(DAY_S);
    let to = world.acquit.today();
    statement(world.acquit.fetch_report(FROM, to).await.unwrap());
    let view = world.acquit.account(FROM, to).unwrap();
    assert_eq!(
        causes(&view),
        [
            (DifferenceCause::NotPulled, 110_000),
            (DifferenceCause::PaymentWithoutInvoice, 26_400),
        ]
    );
    assert_eq!(view.differences[0].resolution, Resolution::Pull);
    assert_eq!(view.differences[1].resolution, Resolution::Decide);
    assert!(proposed(&view).is_empty());
    let stranger = view.differences[1].line.unwrap();
    assert!(matches!(
        world.acquit.accept_proposals(&[stranger]),
        Err(Error::NoProposal(line)) if line == stranger
    ));
    world.acquit.sync().await.unwrap();
    let reason = "Dépannage encaissé pour un confrère".to_owned();
    let answer = acquit_app::Answer::SetAside { reason };
    world.acquit.answer_line(stranger, answer).unwrap();
    let view = world.acquit.account(FROM, to).unwrap();
    assert_eq!(
        causes(&view),
        [(DifferenceCause::PaymentWithoutInvoice, 26_400)]
    );
    let left = &view.differences[0];
    assert_eq!(
        left.set_aside.as_deref(),
        Some("Dépannage encaissé pour un confrère")
    );
    assert_eq!(view.rows[1].state, RowState::SetAside);
    adds_up(&view);
    holds(&world);
}

/// 1 100.00 disputed and won: both come from the report's words, the second from a file of the portal.
#[tokio::test]
async fn a_dispute_that_was_won_is_proposed_once_it_is_open_here() {
    let world = World::demonstration(63).await;
    let id = paid(&world, 1_000).await;
    let payment = world.payment(id);
    world.payplug.chargeback(&payment).unwrap();
    world.advance(DAY_S);
    let file = format!(
        "Date;Type;Montant;Référence;Référence du paiement\n23/11/2026;Paiement;1100,00;{payment};{payment}\n23/11/2026;Contestation;-1100,00;cb_1;{payment}\n24/11/2026;Contestation gagnée;1100,00;cb_2;{payment}\n"
    );
    let imported = world
        .acquit
        .import_statement(file.as_bytes(), "novembre.csv", None);
    assert_eq!(statement(imported.unwrap()).lines, 3);
    let to = world.acquit.today();
    let view = world.acquit.account(FROM, to).unwrap();
    assert_eq!(
        causes(&view),
        [
            (DifferenceCause::ChargebackNotBooked, -110_000),
            (DifferenceCause::ChargebackWonNotBooked, 110_000),
        ]
    );
    assert_eq!(proposed(&view).len(), 1, "first the dispute, then its end");
    world.acquit.accept_proposals(&proposed(&view)).unwrap();
    holds(&world);
    let view = world.acquit.account(FROM, to).unwrap();
    assert_eq!(proposed(&view).len(), 1);
    world.acquit.accept_proposals(&proposed(&view)).unwrap();
    holds(&world);
    let view = world.acquit.account(FROM, to).unwrap();
    assert!(view.differences.is_empty());
    assert_eq!(view.ledger.closing, Cents::new(110_000));
    let kinds: Vec<LineKind> = view.rows.iter().map(|row| row.kind).collect();
    assert_eq!(
        kinds,
        [
            LineKind::Payment,
            LineKind::Chargeback,
            LineKind::ChargebackWon
        ]
    );
}

#[tokio::test]
async fn the_account_of_a_test_key_stays_out() {
    let world = World::trial(64, "sk_test_trial").await;
    let refused = world.acquit.fetch_report(FROM, world.acquit.today()).await;
    assert!(matches!(refused, Err(Error::TestAccount)));
    let world = World::unconnected(65, acquit_domain::link::FileNature::Real).await;
    let refused = world.acquit.fetch_report(FROM, world.acquit.today()).await;
    assert!(matches!(refused, Err(Error::NotConnected)));
}
