//! Refunds that are asked for here: the wish comes first, and there is never a second refund for it.

use std::pin::pin;

use acquit_app::message::{Lang, sentence};
use acquit_app::{Error, Happened, InvoiceView, RefundWishState};
use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::receipt::Status;
use acquit_simulator::Fault;
use acquit_tests::{World, crash_after};

use super::{accounts, balances, cents, given_back, holds, paid, view, wish_states};

/// Asks for a refund; the faults meet the requests from the one that asks PayPlug for it.
async fn refund_meeting(
    world: &World,
    id: InvoiceId,
    amount: Option<Cents>,
    faults: &[Fault],
) -> Result<InvoiceView, Error> {
    let mut refund = pin!(world.acquit.refund(id, amount));
    let mut queued = false;
    std::future::poll_fn(move |context| {
        let polled = refund.as_mut().poll(context);
        // The attempt is committed before the request leaves: the next one is the refund.
        let attempted = wish_states(world, id).last() == Some(&RefundWishState::Attempted);
        if attempted && !queued {
            queued = true;
            world.payplug.push_faults(faults.to_vec());
        }
        polled
    })
    .await
}

#[tokio::test]
async fn a_payment_goes_back_in_two_parts() {
    let world = World::demonstration(101).await;
    let id = paid(&world, 200).await;
    let payment = world.payment(id);
    let terms = world.acquit.refund_terms(id).unwrap().unwrap();
    assert_eq!(
        (terms.paid, terms.refundable, terms.min),
        (cents(22_000), cents(22_000), cents(10))
    );
    assert!(terms.from.is_some() && terms.until > terms.from);
    assert_eq!(terms.card.unwrap().last4.as_deref(), Some("4242"));

    let first = world.acquit.refund(id, Some(cents(8_000))).await.unwrap();
    assert_eq!(first.link.unwrap().state.code(), "partly_refunded");
    assert_eq!(first.undecided, cents(8_000));
    let terms = world.acquit.refund_terms(id).unwrap().unwrap();
    assert_eq!(terms.refundable, cents(14_000));
    let over = world.acquit.refund(id, Some(cents(14_001))).await;
    assert_eq!(over.unwrap_err().code(), "more_than_refundable");
    let least = world.acquit.refund(id, Some(cents(9))).await.unwrap_err();
    assert_eq!(least.code(), "refund_below_minimum");

    let second = world.acquit.refund(id, None).await.unwrap();
    assert_eq!(second.link.unwrap().state.code(), "refunded");
    assert_eq!(given_back(&world, &payment), (2, 22_000));
    assert_eq!(
        wish_states(&world, id),
        [RefundWishState::Done, RefundWishState::Done]
    );
    let more = world.acquit.refund(id, None).await.unwrap_err();
    assert_eq!(more.code(), "more_than_refundable");
    let told: Vec<i64> = world
        .acquit
        .timeline(id)
        .unwrap()
        .into_iter()
        .filter_map(|event| match event.what {
            Happened::RefundAsked(amount) => Some(amount.get()),
            _ => None,
        })
        .collect();
    assert_eq!(told, [8_000, 14_000]);
    // The sale stands, unpaid; its VAT waits again.
    let sale = [("411000", 22_000), ("445742", -2_000), ("704000", -20_000)];
    assert_eq!(balances(&world), accounts(&sale));
    holds(&world);
}

#[tokio::test]
async fn a_refund_whose_answer_is_lost_is_found_by_its_uuid() {
    let world = World::demonstration(102).await;
    let id = paid(&world, 200).await;
    let payment = world.payment(id);
    let faults = [Fault::LostAnswer];
    let done = refund_meeting(&world, id, Some(cents(5_000)), &faults).await;
    assert_eq!(done.unwrap().receipts[0].refunded, cents(5_000));
    let faults = [Fault::Malformed];
    let done = refund_meeting(&world, id, Some(cents(2_000)), &faults).await;
    assert_eq!(done.unwrap().receipts[0].refunded, cents(7_000));
    assert_eq!(given_back(&world, &payment), (2, 7_000));
    holds(&world);
}

#[tokio::test]
async fn a_refund_in_doubt_outlives_a_restart_and_is_made_once() {
    let mut world = World::demonstration(103).await;
    let id = paid(&world, 200).await;
    let payment = world.payment(id);
    // The answer is lost, and PayPlug cannot be asked what became of it.
    let faults = [Fault::LostAnswer, Fault::Reset, Fault::Reset, Fault::Reset];
    let doubt = refund_meeting(&world, id, Some(cents(5_000)), &faults).await;
    assert_eq!(doubt.unwrap_err().code(), "refund_unclear");
    world.payplug.clear_faults();
    let waiting = view(&world, id);
    assert_eq!(wish_states(&world, id), [RefundWishState::Attempted]);
    assert_eq!(waiting.receipts[0].refunded, Cents::ZERO);
    let again = world.acquit.refund(id, None).await.unwrap_err();
    assert_eq!(again.code(), "refund_under_way");
    let wish = waiting.refund_wishes[0].id;
    let left = world.acquit.withdraw_refund(id, wish).unwrap_err();
    assert_eq!(left.code(), "refund_left");

    world.restart();
    let report = world.acquit.sync().await.unwrap();
    assert_eq!(report.refunds.len(), 1);
    assert_eq!(given_back(&world, &payment), (1, 5_000));
    assert_eq!(wish_states(&world, id), [RefundWishState::Done]);
    assert_eq!(view(&world, id).receipts[0].refunded, cents(5_000));
    assert!(world.acquit.sync().await.unwrap().refunds.is_empty());
    assert_eq!(given_back(&world, &payment), (1, 5_000));
    holds(&world);
}

#[tokio::test]
async fn a_refund_that_payplug_did_not_make_is_made_by_the_next_activation() {
    let world = World::demonstration(104).await;
    let id = paid(&world, 200).await;
    let payment = world.payment(id);
    let doubt = refund_meeting(&world, id, Some(cents(5_000)), &[Fault::ServerError]).await;
    let doubt = doubt.unwrap_err();
    assert_eq!(doubt.code(), "refund_unclear");
    assert!(
        sentence(&doubt)
            .in_lang(Lang::Fr)
            .contains("La demande est gardée")
    );
    assert_eq!(given_back(&world, &payment), (0, 0));
    world.acquit.sync().await.unwrap();
    assert_eq!(given_back(&world, &payment), (1, 5_000));
    assert_eq!(wish_states(&world, id), [RefundWishState::Done]);
    holds(&world);
}

#[tokio::test]
async fn a_refund_cut_off_anywhere_is_made_exactly_once() {
    let mut cut_off = 0;
    for polls in 1..60 {
        let mut world = World::demonstration(500 + u64::from(polls)).await;
        let id = paid(&world, 200).await;
        let payment = world.payment(id);
        let outcome = crash_after(polls, world.acquit.refund(id, Some(cents(5_000)))).await;
        cut_off += u32::from(outcome.is_none());
        world.restart();
        let wished = !view(&world, id).refund_wishes.is_empty();
        world.acquit.sync().await.unwrap();
        let expected = if wished { (1, 5_000) } else { (0, 0) };
        assert_eq!(given_back(&world, &payment), expected, "{polls} polls");
        let recorded = view(&world, id).receipts[0].refunded;
        assert_eq!(recorded, cents(expected.1), "{polls} polls");
        holds(&world);
        if outcome.is_some() {
            break;
        }
    }
    assert!(cut_off > 3, "cut off only {cut_off} times");
}

#[tokio::test]
async fn a_refund_that_the_balance_does_not_cover_is_refused_and_said() {
    let world = World::demonstration(105).await;
    let id = paid(&world, 200).await;
    let payment = world.payment(id);
    world.payplug.transfer(20_000).unwrap();
    let refused = world.acquit.refund(id, None).await.unwrap_err();
    assert_eq!(refused.code(), "refund_refused");
    let said = sentence(&refused);
    assert!(
        said.fr.contains("le solde de votre compte PayPlug"),
        "{}",
        said.fr
    );
    assert!(said.en.contains("balance"), "{}", said.en);
    let code = "payplug_rejected".to_owned();
    assert_eq!(wish_states(&world, id), [RefundWishState::Refused { code }]);
    assert_eq!(view(&world, id).standing.status, Status::Settled);
    // It is over: nothing leaves later by itself, and a smaller one may be asked for.
    world.acquit.sync().await.unwrap();
    assert_eq!(given_back(&world, &payment), (0, 0));
    world.acquit.refund(id, Some(cents(1_000))).await.unwrap();
    assert_eq!(given_back(&world, &payment), (1, 1_000));
    holds(&world);
}

#[tokio::test]
async fn a_key_that_was_revoked_gives_nothing_back_later() {
    let world = World::demonstration(116).await;
    let id = paid(&world, 200).await;
    let payment = world.payment(id);
    world.payplug.revoke_keys(true);
    let refused = world.acquit.refund(id, None).await.unwrap_err();
    assert_eq!(refused.code(), "refund_refused");
    assert!(sentence(&refused).fr.contains("reconnectez PayPlug"));
    let code = "key_refused".to_owned();
    assert_eq!(wish_states(&world, id), [RefundWishState::Refused { code }]);
    world.payplug.revoke_keys(false);
    world.acquit.sync().await.unwrap();
    assert_eq!(given_back(&world, &payment), (0, 0));
    holds(&world);
}

#[tokio::test]
async fn without_network_the_wish_waits_and_can_be_withdrawn() {
    let world = World::demonstration(106).await;
    let id = paid(&world, 200).await;
    let payment = world.payment(id);
    world.payplug.push_faults(vec![Fault::Reset; 8]);
    let waits = world.acquit.refund(id, None).await.unwrap_err();
    assert_eq!(waits.code(), "refund_waits");
    assert_eq!(wish_states(&world, id), [RefundWishState::Requested]);
    let terms = world.acquit.refund_terms(id).unwrap().unwrap();
    assert_eq!(terms.refundable, Cents::ZERO, "the wish counts");
    let wish = view(&world, id).refund_wishes[0].id;
    world.acquit.withdraw_refund(id, wish).unwrap();
    world.payplug.clear_faults();
    world.acquit.sync().await.unwrap();
    assert_eq!(given_back(&world, &payment), (0, 0));

    world.payplug.push_faults(vec![Fault::Reset; 8]);
    let waits = world.acquit.refund(id, Some(cents(3_000))).await;
    assert_eq!(waits.unwrap_err().code(), "refund_waits");
    world.payplug.clear_faults();
    let report = world.acquit.sync().await.unwrap();
    assert_eq!(report.refunds[0].amount, cents(3_000));
    assert_eq!(
        wish_states(&world, id),
        [RefundWishState::Withdrawn, RefundWishState::Done]
    );
    assert_eq!(given_back(&world, &payment), (1, 3_000));
    holds(&world);
}

#[tokio::test]
async fn a_refund_made_in_the_portal_meanwhile_ends_the_wish() {
    let world = World::demonstration(107).await;
    let id = paid(&world, 200).await;
    let payment = world.payment(id);
    world.payplug.refund(&payment, 5_000).unwrap();
    let found = world
        .acquit
        .refund(id, Some(cents(5_000)))
        .await
        .unwrap_err();
    assert_eq!(found.code(), "refund_found");
    assert_eq!(given_back(&world, &payment), (1, 5_000));
    assert_eq!(view(&world, id).receipts[0].refunded, cents(5_000));
    holds(&world);
}

#[tokio::test]
async fn a_refund_made_in_the_portal_also_ends_a_wish_of_unknown_outcome() {
    let world = World::demonstration(115).await;
    let id = paid(&world, 200).await;
    let payment = world.payment(id);
    // The request does not reach PayPlug, and nothing tells so.
    let faults = [Fault::Reset, Fault::Reset, Fault::Reset];
    let unclear = refund_meeting(&world, id, Some(cents(5_000)), &faults).await;
    assert_eq!(unclear.unwrap_err().code(), "refund_unclear");
    world.payplug.clear_faults();
    assert_eq!(given_back(&world, &payment), (0, 0));
    // The owner sees none in the portal and makes it there.
    world.payplug.refund(&payment, 5_000).unwrap();
    let report = world.acquit.sync().await.unwrap();
    assert_eq!(report.errors[0].code, "refund_refused");
    assert_eq!(given_back(&world, &payment), (1, 5_000));
    world.acquit.sync().await.unwrap();
    assert_eq!(given_back(&world, &payment), (1, 5_000));
    holds(&world);
}

#[tokio::test]
async fn a_refund_that_the_pull_saw_first_ends_the_wish_all_the_same() {
    let world = World::demonstration(116).await;
    let id = paid(&world, 200).await;
    let payment = world.payment(id);
    world.payplug.push_faults(vec![Fault::Reset; 8]);
    let waits = world.acquit.refund(id, Some(cents(5_000))).await;
    assert_eq!(waits.unwrap_err().code(), "refund_waits");
    world.payplug.clear_faults();
    world.advance(60);
    world.payplug.refund(&payment, 5_000).unwrap();
    // The outbox meets an error, the pull right after it does not.
    world.payplug.push_faults(vec![Fault::Reset]);
    let seen = world.acquit.sync().await.unwrap();
    assert_eq!((seen.errors.len(), seen.refunds.len()), (1, 1));
    assert_eq!(
        wish_states(&world, id).last(),
        Some(&RefundWishState::Requested)
    );
    let report = world.acquit.sync().await.unwrap();
    assert_eq!(report.errors[0].code, "refund_refused");
    assert_eq!(given_back(&world, &payment), (1, 5_000));
    assert_eq!(view(&world, id).receipts[0].refunded, cents(5_000));
    holds(&world);
}

#[tokio::test]
async fn payplugs_window_is_kept() {
    let world = World::demonstration(108).await;
    let id = paid(&world, 200).await;
    world.advance(400 * 86_400);
    let late = world.acquit.refund(id, None).await.unwrap_err();
    assert_eq!(late.code(), "refund_too_late");
    assert!(view(&world, id).refund_wishes.is_empty());
}
