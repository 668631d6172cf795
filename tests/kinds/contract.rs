//! A contract of 10 000.00 at 10 %: a deposit, two situations, the final invoice.

use acquit_app::{InvoiceView, Kind};
use acquit_domain::Cents;
use acquit_domain::receipt::Status;
use acquit_tests::{World, customer};

use super::{
    accounts, balances, by_card, by_cheque, cents, done, draft, holding_back, holds, issued, paper,
    refused, view,
};

const WORKS: &str = "10000";

fn asked(view: &InvoiceView) -> [i64; 3] {
    let totals = &paper(view).totals;
    [totals.gross, totals.deposits, totals.net_due].map(Cents::get)
}

#[tokio::test]
async fn a_contract_is_paid_by_card_and_cheque_and_the_books_are_even() {
    let world = World::demonstration(501).await;
    let deposit = issued(&world, draft(Kind::Deposit, "3000", &[])).await;
    assert!(paper(&deposit).number.to_string().starts_with("AC-"));
    by_card(&world, deposit.id, 330_000).await;

    let first = done(draft(Kind::Progress, WORKS, &[&deposit]), "40");
    let first = issued(&world, first).await;
    assert_eq!(asked(&first), [440_000, 330_000, 110_000]);
    by_cheque(&world, first.id, 110_000).await;

    // 7 500.00 altogether, 3 500.00 of them new; 192.50 of 3 850.00 are held back.
    let second = done(draft(Kind::Progress, WORKS, &[&first]), "75");
    let second = issued(&world, holding_back(second, "5")).await;
    assert_eq!(asked(&second), [385_000, 0, 365_750]);
    by_card(&world, second.id, 365_750).await;

    let last = world.acquit.final_invoice(second.id).unwrap();
    let last = world.acquit.issue(last).await.unwrap();
    let numbers: Vec<_> = last.refers_to.iter().map(|one| one.number).collect();
    assert_eq!(numbers, [paper(&first).number, paper(&second).number]);
    // 5 % again, of 2 750.00.
    assert_eq!(asked(&last), [275_000, 0, 261_250]);
    by_card(&world, last.id, 261_250).await;
    holds(&world);

    // 1 000.00 of VAT; 17.50 and 12.50 wait with the 192.50 and 137.50 that are held back.
    let books = [
        ("411700", 33_000),
        ("445712", -97_000),
        ("445742", -3_000),
        ("511200", 110_000),
        ("512700", 957_000),
        ("704000", -1_000_000),
    ];
    assert_eq!(balances(&world), accounts(&books));
    for id in [deposit.id, first.id, second.id, last.id] {
        assert!(!world.acquit.pdf(id).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_deposit_is_taken_off_once_it_is_settled_and_only_once() {
    let world = World::demonstration(502).await;
    let deposit = issued(&world, draft(Kind::Deposit, "3000", &[])).await;
    let free = || world.acquit.deductible("CL-0001").unwrap();
    assert_eq!(
        free()
            .iter()
            .map(|one| (one.id, one.kind, one.gross, one.settled))
            .collect::<Vec<_>>(),
        [(deposit.id, Kind::Deposit, cents(330_000), false)]
    );
    let last = draft(Kind::Final, WORKS, &[&deposit]);
    let waiting = world.acquit.add_invoice(last.clone()).unwrap();
    let codes: Vec<_> = waiting
        .obstacles
        .iter()
        .map(|one| acquit_app::rule_code(&one.rule))
        .collect();
    assert_eq!(codes, ["deposit_unpaid"]);
    let unpaid = world.acquit.issue(waiting.id).await.unwrap_err();
    assert_eq!(unpaid.code(), "deposit_unpaid");
    by_card(&world, deposit.id, 330_000).await;
    assert_eq!(view(&world, waiting.id).obstacles, []);
    let other = world.acquit.add_invoice(last.clone()).unwrap();
    let made = world.acquit.issue(waiting.id).await.unwrap();
    assert!(free().is_empty());

    // The other draft is still there to be looked at, and says why it cannot become an invoice.
    let late = world.acquit.issue(other.id).await.unwrap_err();
    assert_eq!(late.code(), "already_deducted");
    let shown = view(&world, other.id);
    let code = acquit_app::rule_code(&shown.obstacles[0].rule);
    assert_eq!(code, "already_deducted");
    assert_eq!(refused(&world, last).0, "already_deducted");

    for refused in [
        world.acquit.cancel(deposit.id).await.unwrap_err(),
        world
            .acquit
            .credit(deposit.id, cents(100))
            .await
            .unwrap_err(),
        world.acquit.correct(deposit.id).await.unwrap_err(),
    ] {
        assert_eq!(refused.code(), "deducted_by");
    }
    // Once the final invoice is cancelled, the deposit is free again.
    world.acquit.cancel(made.id).await.unwrap();
    assert_eq!(free().len(), 1);
    let again = world.acquit.issue(other.id).await.unwrap();
    assert_eq!(paper(&again).totals.net_due, cents(770_000));
    by_card(&world, again.id, 770_000).await;
    holds(&world);
    let books = [
        ("445712", -100_000),
        ("512700", 1_100_000),
        ("704000", -1_000_000),
    ];
    assert_eq!(balances(&world), accounts(&books));
}

#[tokio::test]
async fn a_deposit_that_is_credited_leaves_nothing_behind() {
    let world = World::demonstration(503).await;
    let deposit = issued(&world, draft(Kind::Deposit, "3000", &[])).await;
    world.acquit.sync().await.unwrap();
    world.acquit.cancel(deposit.id).await.unwrap();
    let gone = view(&world, deposit.id);
    assert_eq!(gone.standing.status, Status::Cancelled);
    let last = draft(Kind::Final, WORKS, &[&deposit]);
    let (code, field) = refused(&world, last);
    assert_eq!(
        (code.as_str(), field.as_str()),
        ("not_deductible", "refers_to[0]")
    );
    assert_eq!(balances(&world), accounts(&[]));
    holds(&world);
}

#[tokio::test]
async fn references_are_of_the_same_customer() {
    let world = World::demonstration(504).await;
    world.acquit.add_customer(customer("Bâti-Loire")).unwrap();
    let deposit = issued(&world, draft(Kind::Deposit, "3000", &[])).await;
    let mut elsewhere = draft(Kind::Final, WORKS, &[&deposit]);
    elsewhere.customer = "CL-0002".to_owned();
    assert_eq!(
        refused(&world, elsewhere).0,
        "reference_of_another_customer"
    );
    let mut unknown = draft(Kind::Final, WORKS, &[]);
    unknown.kind.refers_to = vec!["AC-2026-00099".to_owned()];
    let (code, field) = refused(&world, unknown);
    assert_eq!(
        (code.as_str(), field.as_str()),
        ("unknown_reference", "refers_to[0]")
    );
}
