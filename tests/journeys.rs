//! Stories of one invoice each, through the services, the client, HTTP and the simulator.

use acquit_app::{Format, NewReceipt};
use acquit_domain::Cents;
use acquit_domain::link::{FileNature, LinkState, RefusalReason};
use acquit_domain::receipt::{PaymentMeans, Status};
use acquit_domain::vat::StandardRate;
use acquit_simulator::Fault;
use acquit_tests::{World, crash_after, invoice};

fn cheque(cents: i64) -> NewReceipt {
    NewReceipt {
        amount: Cents::new(cents),
        means: PaymentMeans::Cheque,
        date: None,
        overpayment: false,
    }
}

#[tokio::test]
async fn connecting_takes_up_the_wishes_that_had_to_wait() {
    let world = World::unconnected(1, FileNature::Demonstration).await;
    let waiting = world.issue(200);
    let reason = RefusalReason::NotConnected;
    assert_eq!(waiting.link.unwrap().state, LinkState::Refused { reason });
    assert_eq!(
        world.acquit.sync().await.unwrap_err().code(),
        "not_connected"
    );
    world.connect("sk_test_first").await;
    assert_eq!(
        world
            .acquit
            .invoice(waiting.id)
            .unwrap()
            .link
            .unwrap()
            .state
            .code(),
        "requested"
    );
    world.acquit.sync().await.unwrap();
    assert_eq!(
        world
            .acquit
            .invoice(waiting.id)
            .unwrap()
            .link
            .unwrap()
            .state
            .code(),
        "open"
    );
}

#[tokio::test]
async fn the_link_follows_the_amount_and_the_old_page_closes() {
    let world = World::demonstration(2).await;
    let id = world.issue(200).id;
    world.acquit.sync().await.unwrap();
    let old = world.payment(id);
    let after = world.acquit.add_receipt(id, cheque(7_000)).await.unwrap();
    assert_eq!(after.standing.remaining, Cents::new(15_000));
    assert_eq!(after.link.unwrap().state.code(), "requested");
    assert!(world.payplug.payment(&old).unwrap().is_aborted);
    world.acquit.sync().await.unwrap();
    let link = world.acquit.invoice(id).unwrap().link.unwrap();
    assert_eq!(
        (link.state.code(), link.amount),
        ("open", Cents::new(15_000))
    );
}

#[tokio::test]
async fn a_card_that_was_faster_than_the_cheque_is_recorded_and_the_cheque_is_refused() {
    let world = World::demonstration(3).await;
    let id = world.issue(200).id;
    world.acquit.sync().await.unwrap();
    world
        .payplug
        .pay(&world.payment(id), "5017670000001800")
        .unwrap();
    let refused = world
        .acquit
        .add_receipt(id, cheque(22_000))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "more_than_net_due");
    let view = world.acquit.invoice(id).unwrap();
    assert_eq!(
        (view.standing.status, view.receipts.len()),
        (Status::Settled, 1)
    );
    // Meant all the same: it becomes the customer's credit.
    let meant = NewReceipt {
        overpayment: true,
        ..cheque(22_000)
    };
    let view = world.acquit.add_receipt(id, meant).await.unwrap();
    assert_eq!(view.standing.customer_credit, Cents::new(22_000));
    assert!(world.acquit.verify().unwrap().broken.is_none());
}

#[tokio::test]
async fn a_payment_that_slips_through_after_the_cheque_is_never_lost() {
    let world = World::demonstration(4).await;
    let id = world.issue(200).id;
    world.acquit.sync().await.unwrap();
    let payment = world.payment(id);
    // PayPlug cannot be reached while the cheque is typed: the link stays aborting.
    world.payplug.push_faults(vec![Fault::Reset, Fault::Reset]);
    let view = world.acquit.add_receipt(id, cheque(22_000)).await.unwrap();
    assert_eq!(
        (view.standing.status, view.link.unwrap().state.code()),
        (Status::Settled, "aborting")
    );
    world.payplug.clear_faults();
    world.payplug.pay(&payment, "4242424242424242").unwrap();
    world.acquit.sync().await.unwrap();
    let view = world.acquit.invoice(id).unwrap();
    assert_eq!(view.standing.customer_credit, Cents::new(22_000));
    assert_eq!(view.receipts.len(), 2);
}

#[tokio::test]
async fn a_test_payment_never_touches_the_books() {
    let world = World::trial(5, "sk_test_trial").await;
    let id = world.issue(200).id;
    world.acquit.sync().await.unwrap();
    world
        .payplug
        .pay(&world.payment(id), "4242424242424242")
        .unwrap();
    world.acquit.sync().await.unwrap();
    let view = world.acquit.invoice(id).unwrap();
    assert_eq!(view.link.unwrap().state.code(), "paid_test");
    assert_eq!(
        (view.standing.status, view.receipts.len()),
        (Status::Finalised, 0)
    );
    let folder = tempfile::tempdir().unwrap();
    let fec = folder.path().join("812345676FEC20261231.txt");
    world
        .acquit
        .export(Format::Fec, world.acquit.today(), None, &fec)
        .unwrap();
    assert!(!std::fs::read_to_string(fec).unwrap().contains("512700"));
}

#[tokio::test]
async fn amounts_outside_the_accounts_bounds_go_out_without_a_link() {
    let world = World::demonstration(6).await;
    let draft = world
        .acquit
        .add_invoice(invoice(&[("0.50", StandardRate::Normal)]))
        .unwrap();
    let small = world.acquit.finalise(draft.id).unwrap().id;
    let large = world.issue(19_000).id;
    world.acquit.sync().await.unwrap();
    let state = |id| world.acquit.invoice(id).unwrap().link.unwrap().state;
    assert_eq!(
        state(small),
        LinkState::Refused {
            reason: RefusalReason::BelowMinimum
        }
    );
    assert_eq!(
        state(large),
        LinkState::Refused {
            reason: RefusalReason::AboveMaximum
        }
    );
    assert!(!world.acquit.pdf(large).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_refused_card_kills_the_link_which_is_replaced_once_and_then_by_the_next_paper() {
    let world = World::demonstration(7).await;
    let id = world.issue(200).id;
    world.acquit.sync().await.unwrap();
    let refuse = |payment: &str| {
        let refused = world.payplug.refuse(payment, "insufficient_funds", true);
        refused.unwrap();
    };
    let first = world.payment(id);
    refuse(&first);
    world.acquit.sync().await.unwrap();
    let view = world.acquit.invoice(id).unwrap();
    assert_eq!(view.attempts[0].outcome, "insufficient_funds");
    assert_eq!(view.link.unwrap().state.code(), "open");
    let second = world.payment(id);
    assert_ne!(second, first);
    refuse(&second);
    world.acquit.sync().await.unwrap();
    world.acquit.sync().await.unwrap();
    let view = world.acquit.invoice(id).unwrap();
    assert_eq!(view.link.unwrap().state.code(), "dead");
    assert_eq!(
        world.payment(id),
        second,
        "nothing is replaced again before something carries it"
    );
    world.acquit.pdf(id).await.unwrap();
    assert_ne!(world.payment(id), second);
    assert_eq!(
        world.acquit.invoice(id).unwrap().link.unwrap().state.code(),
        "open"
    );
}

#[tokio::test]
async fn a_short_retry_after_is_waited_out() {
    let world = World::demonstration(8).await;
    let id = world.issue(200).id;
    world.payplug.push_faults(vec![Fault::TooManyRequests]);
    let report = world.acquit.sync().await.unwrap();
    assert!(report.errors.is_empty(), "{:?}", report.errors);
    assert_eq!(
        world.acquit.invoice(id).unwrap().link.unwrap().state.code(),
        "open"
    );
}

#[tokio::test]
async fn a_refund_made_in_the_portal_is_recorded_and_nothing_is_asked_again() {
    let world = World::demonstration(9).await;
    let id = world.issue(200).id;
    world.acquit.sync().await.unwrap();
    let payment = world.payment(id);
    world.payplug.pay(&payment, "4242424242424242").unwrap();
    world.acquit.sync().await.unwrap();
    world.payplug.refund(&payment, 10_000).unwrap();
    let report = world.acquit.sync().await.unwrap();
    assert_eq!(report.refunds[0].amount, Cents::new(10_000));
    let view = world.acquit.invoice(id).unwrap();
    assert_eq!(
        (view.standing.remaining, view.standing.status),
        (Cents::new(10_000), Status::PartlyPaid)
    );
    assert_eq!(view.link.unwrap().state.code(), "partly_refunded");
    world.acquit.sync().await.unwrap();
    assert_eq!(
        world.payplug.payments().len(),
        1,
        "no link before somebody decides"
    );
    // Here: the rest, once.
    world.acquit.refund(id, None).await.unwrap();
    let refused = world.acquit.refund(id, None).await.unwrap_err();
    assert_eq!(refused.code(), "more_than_refundable");
    assert_eq!(
        world.payplug.payment(&payment).unwrap().amount_refunded,
        22_000
    );
}

#[tokio::test]
async fn a_second_payment_with_the_uuid_of_a_link_is_shown_and_settles_nothing() {
    let world = World::demonstration(10).await;
    let ids = [200, 210, 220].map(|euros| world.issue(euros).id);
    world.acquit.sync().await.unwrap();
    let link = world.acquit.invoice(ids[0]).unwrap().link.unwrap();
    let second = world.twin(&link, "sk_test_history").await;
    world.payplug.pay(&second, "4242424242424242").unwrap();
    let report = world.acquit.sync().await.unwrap();
    assert_eq!(report.anomalies[0].code, "second_payment");
    assert!(report.settled.is_empty());
    assert_eq!(
        world.acquit.invoice(ids[0]).unwrap().standing.status,
        Status::Finalised
    );
}

#[tokio::test]
async fn a_run_that_is_cut_short_gives_its_turn_back_at_once() {
    let world = World::demonstration(11).await;
    world.issue(200);
    let cut = crash_after(3, world.acquit.sync()).await;
    assert!(cut.is_none(), "cut off while it waited for PayPlug");
    let report = world.acquit.sync().await.unwrap();
    assert!(report.errors.is_empty(), "{:?}", report.errors);
}
