//! What the owner decides after money went back, chargebacks, and credit notes for a part.

use std::collections::BTreeMap;
use std::process::Command;

use acquit_app::{Decision, Happened, NewChargeback, PaymentFilter};
use acquit_domain::Cents;
use acquit_domain::receipt::{ChargebackOutcome, Status};
use acquit_domain::remote::PaymentId;
use acquit_domain::vat::StandardRate;
use acquit_tests::{World, invoice};

use super::{
    CARD, accounts, balances, cents, holds, link_state, paid, paid_at_two_rates, settle, view,
};

#[tokio::test]
async fn after_a_refund_the_amount_is_asked_for_again_only_by_decision() {
    let world = World::demonstration(109).await;
    let id = paid(&world, 200).await;
    world.payplug.refund(&world.payment(id), 10_000).unwrap();
    world.acquit.sync().await.unwrap();
    let decisions = || world.acquit.home().unwrap().decisions;
    assert!(matches!(&decisions()[..], [Decision::AfterRefund(of)] if of.id == id));
    assert_eq!(view(&world, id).undecided, cents(10_000));
    let none = world.acquit.write_off_lost(id).unwrap_err();
    assert_eq!(none.code(), "no_lost_chargeback");

    let after = world.acquit.collect_again(id).unwrap();
    assert_eq!(after.undecided, Cents::ZERO);
    let link = after.link.unwrap();
    assert_eq!(
        (link.state.code(), link.amount),
        ("requested", cents(10_000))
    );
    assert!(decisions().is_empty());
    let twice = world.acquit.collect_again(id).unwrap_err();
    assert_eq!(twice.code(), "nothing_to_decide");
    settle(&world, id).await;
    assert_eq!(view(&world, id).receipts.len(), 2);
    // All VAT is due again: 20.00 of 220.00.
    let books = [("445712", -2_000), ("512700", 22_000), ("704000", -20_000)];
    assert_eq!(balances(&world), accounts(&books));
    holds(&world);
}

#[tokio::test]
async fn after_a_refund_a_credit_note_closes_that_part() {
    let world = World::demonstration(110).await;
    let id = paid(&world, 200).await;
    world.payplug.refund(&world.payment(id), 10_000).unwrap();
    world.acquit.sync().await.unwrap();
    let note = world.acquit.credit_given_back(id).unwrap();
    let number = match &note.document {
        acquit_app::Document::Finalised(paper) => {
            assert!(!paper.is_invoice());
            assert_eq!(paper.totals.gross, cents(10_000));
            paper.number
        }
        acquit_app::Document::Draft { .. } => panic!("a credit note is final"),
    };
    let after = view(&world, id);
    assert_eq!(after.credited_by, [number]);
    assert_eq!(
        (after.standing.status, after.undecided, after.creditable),
        (Status::Settled, Cents::ZERO, cents(12_000))
    );
    world.acquit.sync().await.unwrap();
    assert_eq!(world.payplug.payments().len(), 1, "nothing is asked for");
    // 120.00 stay: 10.91 of VAT (20.00 less 20.00 × 100 ÷ 220 = 9.09), due.
    let books = [("445712", -1_091), ("512700", 12_000), ("704000", -10_909)];
    assert_eq!(balances(&world), accounts(&books));
    assert!(!world.acquit.pdf(note.id).await.unwrap().is_empty());
    assert!(!world.acquit.pdf(id).await.unwrap().is_empty());
    holds(&world);
}

#[tokio::test]
async fn a_lost_chargeback_is_written_off_with_its_vat() {
    let world = World::demonstration(111).await;
    let id = paid_at_two_rates(&world).await;
    world.payplug.chargeback(&world.payment(id)).unwrap();
    let over = NewChargeback {
        amount: Some(cents(170_001)),
        ..NewChargeback::default()
    };
    let refused = world.acquit.record_chargeback(id, over).unwrap_err();
    assert_eq!(refused.code(), "more_than_received");
    // 680.00 of 1 700.00, two fifths.
    let part = NewChargeback {
        amount: Some(cents(68_000)),
        ..NewChargeback::default()
    };
    let disputed = world.acquit.record_chargeback(id, part).unwrap();
    assert_eq!(disputed.link.unwrap().state.code(), "disputed");
    assert_eq!(disputed.standing.status, Status::PartlyPaid);
    assert_eq!(disputed.undecided, cents(68_000));
    let open = world.acquit.write_off_lost(id).unwrap_err();
    assert_eq!(open.code(), "no_lost_chargeback");
    let left = world.acquit.refund_terms(id).unwrap().unwrap().refundable;
    assert_eq!(left, cents(102_000));
    holds(&world);

    let chargeback = disputed.chargebacks[0].chargeback.id;
    let lost = ChargebackOutcome::Lost;
    world
        .acquit
        .close_chargeback(id, chargeback, lost, None)
        .unwrap();
    let again = world
        .acquit
        .close_chargeback(id, chargeback, ChargebackOutcome::Won, None);
    assert_eq!(again.unwrap_err().code(), "chargeback_closed");
    let gone = world.acquit.write_off_lost(id).unwrap();
    assert_eq!(
        (
            gone.standing.status,
            gone.standing.remaining,
            gone.undecided
        ),
        (Status::Settled, Cents::ZERO, Cents::ZERO)
    );
    assert_eq!(gone.creditable, cents(102_000));
    // 680.00 lost: 440.00 of 1 100.00 with 40.00 of VAT, 240.00 of 600.00 with 40.00: 600.00 excl. VAT.
    let books = [
        ("445711", -6_000),
        ("445712", -6_000),
        ("512700", 102_000),
        ("654000", 60_000),
        ("704000", -150_000),
    ];
    assert_eq!(balances(&world), accounts(&books));
    let cancelled = world.acquit.cancel(id).await.unwrap_err();
    assert_eq!(cancelled.code(), "written_off");
    world.acquit.sync().await.unwrap();
    assert_eq!(world.payplug.payments().len(), 1, "nothing is asked for");
    let happened = world.acquit.timeline(id).unwrap();
    let ends = happened.iter().rev().take(3).map(|event| &event.what);
    assert!(
        ends.clone()
            .any(|what| matches!(what, Happened::WrittenOff(amount) if *amount == cents(68_000)))
    );
    assert!(
        ends.clone()
            .any(|what| matches!(what, Happened::ChargebackClosed(ChargebackOutcome::Lost, _)))
    );
    assert!(!world.acquit.pdf(id).await.unwrap().is_empty());
    holds(&world);
}

#[tokio::test]
async fn a_chargeback_of_the_rest_that_was_won_changes_nothing_in_the_end() {
    let world = World::demonstration(112).await;
    let id = paid_at_two_rates(&world).await;
    world.acquit.refund(id, Some(cents(34_000))).await.unwrap();
    world.acquit.credit_given_back(id).unwrap();
    let settled = view(&world, id).standing;
    // What was not refunded.
    let view_after = world
        .acquit
        .record_chargeback(id, NewChargeback::default())
        .unwrap();
    let chargeback = view_after.chargebacks[0].chargeback.clone();
    assert_eq!(chargeback.amount, cents(136_000));
    assert_eq!(view_after.standing.remaining, cents(136_000));
    let more = world
        .acquit
        .record_chargeback(id, NewChargeback::default())
        .unwrap_err();
    assert_eq!(more.code(), "not_positive");
    world.acquit.sync().await.unwrap();
    let tomorrow = world.acquit.today().tomorrow().unwrap();
    let won = ChargebackOutcome::Won;
    let early = world
        .acquit
        .close_chargeback(id, chargeback.id, won, Some(tomorrow));
    assert_eq!(early.unwrap_err().code(), "date_in_future");
    let after = world
        .acquit
        .close_chargeback(id, chargeback.id, won, None)
        .unwrap();
    assert_eq!(after.standing, settled);
    assert_eq!(after.link.unwrap().state.code(), "partly_refunded");
    // 1 360.00 stay, with 80.00 of VAT at each rate.
    let books = [
        ("445711", -8_000),
        ("445712", -8_000),
        ("512700", 136_000),
        ("704000", -120_000),
    ];
    assert_eq!(balances(&world), accounts(&books));
    holds(&world);
}

#[tokio::test]
async fn a_refund_seen_while_disputed_is_recorded_all_the_same() {
    let world = World::demonstration(113).await;
    let id = paid(&world, 200).await;
    let part = NewChargeback {
        amount: Some(cents(10_000)),
        ..NewChargeback::default()
    };
    world.acquit.record_chargeback(id, part).unwrap();
    world.payplug.refund(&world.payment(id), 5_000).unwrap();
    let report = world.acquit.sync().await.unwrap();
    assert_eq!(report.refunds.len(), 1, "{:?}", report.errors);
    assert_eq!(link_state(&world, id), "disputed");
    assert_eq!(view(&world, id).undecided, cents(15_000));
    holds(&world);
}

#[tokio::test]
async fn a_chargeback_names_the_payment_that_was_taken_back() {
    let world = World::demonstration(117).await;
    let id = paid(&world, 200).await;
    let first = world.payment(id);
    world.acquit.refund(id, Some(cents(5_000))).await.unwrap();
    world.acquit.collect_again(id).unwrap();
    world.acquit.sync().await.unwrap();
    let second = world.payment(id);
    world.payplug.pay(&second, "4242424242424242").unwrap();
    world.acquit.sync().await.unwrap();
    let of = |payment: &str| NewChargeback {
        payment: PaymentId::parse(payment),
        ..NewChargeback::default()
    };
    let unknown = world.acquit.record_chargeback(id, of("pay_0AnotherOne"));
    assert_eq!(unknown.unwrap_err().code(), "unknown_choice");
    let disputed = world.acquit.record_chargeback(id, of(&first)).unwrap();
    assert_eq!(disputed.chargebacks[0].chargeback.amount, cents(17_000));
    assert_eq!(disputed.undecided, cents(17_000));
    let lines = world.acquit.payments(&PaymentFilter::default()).unwrap();
    for (payment, state) in [(&first, "disputed"), (&second, "paid")] {
        let links = lines.iter().map(|line| &line.link.state);
        let mut found = links.filter(|state| state.hosted().unwrap().payment.as_str() == payment);
        assert_eq!(found.next().unwrap().code(), state);
    }
    holds(&world);
}

#[tokio::test]
async fn credit_notes_for_parts_add_up_to_the_cancellation() {
    let world = World::demonstration(114).await;
    let lines = [
        ("1234.56", StandardRate::Intermediate),
        ("789.01", StandardRate::Normal),
        ("55.55", StandardRate::Reduced),
    ];
    let draft = world.acquit.add_invoice(invoice(&lines)).unwrap();
    let asked = world.acquit.finalise(draft.id).unwrap();
    let id = asked.id;
    let net_due = asked.standing.remaining;
    assert_eq!(asked.creditable, net_due);
    world.acquit.sync().await.unwrap();
    let page = world.payment(id);

    let first = world.acquit.credit(id, cents(33_333)).await.unwrap();
    assert!(world.payplug.payment(&page).unwrap().is_aborted);
    let after = view(&world, id);
    assert_eq!(after.standing.remaining, net_due - cents(33_333));
    assert_eq!(after.link.unwrap().state.code(), "requested");
    world.acquit.sync().await.unwrap();
    let link = view(&world, id).link.unwrap();
    assert_eq!(
        (link.state.code(), link.amount),
        ("open", net_due - cents(33_333))
    );
    let over = world.acquit.credit(id, net_due).await.unwrap_err();
    assert_eq!(over.code(), "more_than_creditable");
    world.acquit.credit(id, cents(77)).await.unwrap();
    assert!(!world.acquit.pdf(first.id).await.unwrap().is_empty());
    assert!(!world.acquit.pdf(id).await.unwrap().is_empty());
    holds(&world);

    world.acquit.cancel(id).await.unwrap();
    let after = view(&world, id);
    assert_eq!(after.standing.status, Status::Cancelled);
    assert_eq!(after.credited_by.len(), 3);
    assert_eq!(after.creditable, Cents::ZERO);
    let again = world.acquit.cancel(id).await.unwrap_err();
    assert_eq!(again.code(), "already_cancelled");
    assert_eq!(
        balances(&world),
        BTreeMap::new(),
        "nothing is left in the books"
    );
    holds(&world);
}

#[tokio::test]
async fn a_card_that_was_faster_than_the_credit_note_is_recorded_and_the_excess_is_theirs() {
    let world = World::demonstration(115).await;
    let id = world.issue(200).id;
    world.acquit.sync().await.unwrap();
    world.payplug.pay(&world.payment(id), CARD).unwrap();
    world.acquit.credit(id, cents(2_200)).await.unwrap();
    let after = view(&world, id);
    assert_eq!(
        (after.standing.status, after.standing.customer_credit),
        (Status::Settled, cents(2_200))
    );
    assert_eq!(after.receipts.len(), 1);
    // Giving the excess back asks for no decision.
    let refunded = world.acquit.refund(id, Some(cents(2_200))).await.unwrap();
    assert_eq!(refunded.undecided, Cents::ZERO);
    assert!(!refunded.standing.awaits_decision);
    assert!(world.acquit.home().unwrap().decisions.is_empty());
    holds(&world);
}

/// Changes the file behind the application's back.
pub(crate) fn plant(world: &World, sql: &str) {
    let file = world.path().join("acquit.sqlite");
    let script = "import sqlite3, sys\ndb = sqlite3.connect(sys.argv[1])\ndb.executescript(sys.argv[2])\ndb.commit()";
    let mut python = Command::new("python3");
    let status = python
        .args(["-c", script])
        .arg(file)
        .arg(sql)
        .status()
        .unwrap();
    assert!(status.success(), "{sql}");
}

pub(crate) fn broken(world: &World) -> &'static str {
    let found = world.acquit.verify().unwrap().broken;
    found.map_or("nothing", |found| found.invariant)
}

#[tokio::test]
async fn what_was_planted_into_the_file_is_found() {
    let disputed = |seed| async move {
        let world = World::demonstration(seed).await;
        let id = paid(&world, 200).await;
        world.acquit.refund(id, Some(cents(2_000))).await.unwrap();
        let part = NewChargeback {
            amount: Some(cents(10_000)),
            ..NewChargeback::default()
        };
        world.acquit.record_chargeback(id, part).unwrap();
        world.acquit.collect_again(id).unwrap();
        holds(&world);
        world
    };
    for (seed, sql, expected) in [
        (
            201,
            "UPDATE links SET state = 'partly_refunded' WHERE state = 'disputed'",
            "2 link states",
        ),
        (
            202,
            "INSERT INTO refunds SELECT 're_planted', receipt_id, date, 20001, recorded_at FROM refunds",
            "2 given back",
        ),
        (
            204,
            "INSERT INTO chargebacks SELECT NULL, 'a0000000-0000-4000-8000-000000000000', receipt_id, date, 5000,
               recorded_at FROM chargebacks",
            "1 net due",
        ),
        (
            205,
            "INSERT INTO decisions SELECT NULL, invoice_id, choice, 12000,
               json_set(body, '$.movements', json_array('re_unknown')), recorded_at FROM decisions",
            "1 net due",
        ),
        (
            206,
            "UPDATE invoice_list SET due_date = '2030-01-01' WHERE due_date IS NOT NULL",
            "1 net due",
        ),
        (
            207,
            "INSERT INTO invoice_list (id, kind, due_date, status, remaining, customer_credit)
               VALUES ('a0000000-0000-4000-8000-000000000000', 'invoice', '2026-12-01', 'finalised', 100, 0)",
            "1 net due",
        ),
    ] {
        let world = disputed(seed).await;
        plant(&world, sql);
        assert_eq!(broken(&world), expected, "{sql}");
    }
}
