//! Chargebacks with an account of their own (416000 by setting).

use acquit_app::NewChargeback;
use acquit_app::chart::{Chart, ChartProposal, Use};
use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::receipt::ChargebackOutcome;
use acquit_tests::World;

use super::{books, by_card, by_cheque, expected, holds, moved, with};

/// An invoice of 110.00 that was paid by card and charged back.
async fn disputed(seed: u64) -> (World, InvoiceId) {
    let world = World::demonstration(seed).await;
    let usual = ChartProposal::from(Chart::default());
    world
        .acquit
        .set_bookkeeping(&with(usual, Use::Disputed, "416000"))
        .unwrap();
    let id = world.issue(100).id;
    by_card(&world, id).await;
    // The accounts change while the dispute is open.
    world.acquit.set_bookkeeping(&moved(3)).unwrap();
    let all = NewChargeback::default();
    world.acquit.record_chargeback(id, all).unwrap();
    holds(&world);
    (world, id)
}

#[tokio::test]
async fn a_dispute_that_is_won_leaves_its_account() {
    let (world, id) = disputed(821).await;
    let open = world.acquit.invoice(id).unwrap().chargebacks[0]
        .chargeback
        .id;
    let won = ChargebackOutcome::Won;
    world.acquit.close_chargeback(id, open, won, None).unwrap();
    holds(&world);
    let left = [("445712", -1_000), ("512700", 11_000), ("704000", -10_000)];
    assert_eq!(books(&world), expected(&left));
}

#[tokio::test]
async fn a_dispute_that_is_lost_and_given_up_leaves_nothing_owed() {
    let (world, id) = disputed(822).await;
    let open = world.acquit.invoice(id).unwrap().chargebacks[0]
        .chargeback
        .id;
    let lost = ChargebackOutcome::Lost;
    world.acquit.close_chargeback(id, open, lost, None).unwrap();
    world.acquit.write_off_lost(id).unwrap();
    holds(&world);
    // A loss is an expense of today's accounts.
    let left = [("6540003", 10_000), ("704000", -10_000)];
    assert_eq!(books(&world), expected(&left));
}

#[tokio::test]
async fn what_is_paid_once_more_is_disputed_no_more() {
    let (world, id) = disputed(823).await;
    world.acquit.collect_again(id).unwrap();
    by_cheque(&world, id, 4_000).await;
    let part = world.acquit.invoice(id).unwrap();
    assert_eq!(part.standing.remaining, Cents::new(7_000));
    by_cheque(&world, id, 7_000).await;
    holds(&world);
    let left = [("445712", -1_000), ("5112003", 11_000), ("704000", -10_000)];
    assert_eq!(books(&world), expected(&left));
}

#[tokio::test]
async fn an_open_dispute_stands_on_its_account() {
    let (world, _) = disputed(824).await;
    let left = [("416000", 11_000), ("445742", -1_000), ("704000", -10_000)];
    assert_eq!(books(&world), expected(&left));
}
