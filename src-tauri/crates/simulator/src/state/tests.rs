//! The pretended account, rule by rule.

use super::*;
use crate::account::MovementKind;
use crate::clock::ClockSource;

const VISA: &str = "4242424242424242";
const START: i64 = 1_795_392_852;

fn state() -> State {
    State::new(Options {
        clock: ClockSource::Fixed(START),
        ..Options::default()
    })
}

fn asked(amount: i64) -> NewPayment {
    NewPayment {
        amount,
        ..NewPayment::default()
    }
}

fn paid(state: &mut State, amount: i64) -> String {
    let id = state.create(Mode::Test, asked(amount));
    state.pay_with(&id, VISA).unwrap();
    id
}

#[test]
fn a_payment_is_paid_at_most_once() {
    let mut state = state();
    let id = paid(&mut state, 1_000);
    assert!(matches!(state.pay_with(&id, VISA), Err(Error::AlreadyPaid)));
    assert!(matches!(state.leave(&id), Err(Error::AlreadyPaid)));
    assert!(matches!(
        state.abort(Mode::Test, &id),
        Err(Error::AlreadyPaid)
    ));
    assert_eq!(state.account(Mode::Test).balance(), 1_000);
}

#[test]
fn an_aborted_payment_is_never_paid() {
    let mut state = state();
    let id = state.create(Mode::Test, asked(1_000));
    state.abort(Mode::Test, &id).unwrap();
    assert!(matches!(
        state.abort(Mode::Test, &id),
        Err(Error::AlreadyAborted)
    ));
    assert!(matches!(
        state.pay_with(&id, VISA),
        Err(Error::AlreadyAborted)
    ));
}

#[test]
fn the_refused_card_fails_the_payment_for_good() {
    let mut state = state();
    let id = state.create(Mode::Test, asked(1_000));
    state.pay_with(&id, "4000 0000 0000 0051").unwrap();
    assert!(matches!(
        state.pay_with(&id, VISA),
        Err(Error::AlreadyFailed("card_declined"))
    ));
    assert_eq!(state.account(Mode::Test).balance(), 0);
}

#[test]
fn a_refusal_that_is_not_final_leaves_the_payment_payable() {
    let mut state = state();
    let id = state.create(Mode::Test, asked(1_000));
    state.refuse(&id, &failure::CARD_DECLINED, false).unwrap();
    let payment = state.any_payment(&id).unwrap();
    assert!(matches!(payment.outcome, Outcome::Pending));
    assert_eq!(payment.attempts.len(), 1);
    state.pay_with(&id, VISA).unwrap();
}

#[test]
fn leaving_is_the_documented_timeout() {
    let mut state = state();
    let id = state.create(Mode::Test, asked(1_000));
    state.leave(&id).unwrap();
    assert!(matches!(
        state.any_payment(&id).unwrap().outcome,
        Outcome::Failed(failure) if failure.code == "timeout"
    ));
}

#[test]
fn an_aborted_payment_cannot_be_tried_again_even_when_asked_for() {
    let mut state = state();
    let id = state.create(Mode::Test, asked(1_000));
    state.refuse(&id, &failure::ABORTED, false).unwrap();
    assert!(matches!(
        state.pay_with(&id, VISA),
        Err(Error::AlreadyAborted)
    ));
}

#[test]
fn refunds_add_up_to_the_payment_and_not_beyond() {
    let mut state = state();
    let id = paid(&mut state, 1_000);
    for amount in [9, 1_001, -5, 0] {
        assert!(matches!(
            state.refund(&id, Some(amount), None),
            Err(Error::Amount { .. })
        ));
    }
    state.refund(&id, Some(400), None).unwrap();
    assert!(matches!(
        state.refund(&id, Some(601), None),
        Err(Error::Amount { max: 600, .. })
    ));
    assert_eq!(state.refund(&id, None, None).unwrap().amount, 600);
    assert!(matches!(
        state.refund(&id, None, None),
        Err(Error::FullyRefunded)
    ));
    assert_eq!(state.account(Mode::Test).balance(), 0);
}

#[test]
fn only_a_paid_payment_is_refunded_and_only_within_its_window() {
    let mut state = state();
    let unpaid = state.create(Mode::Test, asked(1_000));
    assert!(matches!(
        state.refund(&unpaid, None, None),
        Err(Error::NotPaid)
    ));
    let id = paid(&mut state, 1_000);
    state.clock.advance(180 * 86_400).unwrap();
    state.refund(&id, Some(10), None).unwrap();
    state.clock.advance(1).unwrap();
    assert!(matches!(
        state.refund(&id, Some(10), None),
        Err(Error::RefundWindow)
    ));
}

#[test]
fn the_balance_must_cover_a_refund() {
    let mut state = state();
    let id = paid(&mut state, 10_000);
    state.transfer(Mode::Test, 5_000).unwrap();
    assert!(matches!(
        state.refund(&id, None, None),
        Err(Error::InsufficientBalance {
            amount: 10_000,
            available: 5_000
        })
    ));
    state.refund(&id, Some(5_000), None).unwrap();
}

#[test]
fn a_chargeback_happens_once_on_a_paid_payment_and_takes_what_was_not_refunded() {
    let mut state = state();
    let unpaid = state.create(Mode::Test, asked(1_000));
    assert!(matches!(state.charge_back(&unpaid), Err(Error::NotPaid)));
    let id = paid(&mut state, 1_000);
    state.refund(&id, Some(300), None).unwrap();
    state.charge_back(&id).unwrap();
    assert!(matches!(
        state.charge_back(&id),
        Err(Error::AlreadyChargedBack)
    ));
    let movements = state.account(Mode::Test).movements();
    let taken = movements
        .iter()
        .find(|m| m.kind == MovementKind::Chargeback)
        .unwrap();
    assert_eq!(taken.amount, -700);
}

#[test]
fn the_two_modes_are_separate_worlds() {
    let mut state = state();
    let id = paid(&mut state, 1_000);
    assert!(state.payment(Mode::Live, &id).is_err());
    assert!(state.abort(Mode::Live, &id).is_err());
    assert_eq!(state.page(Mode::Live, 0, 10).0.len(), 0);
    assert_eq!(state.account(Mode::Live).balance(), 0);
}

#[test]
fn pages_are_newest_first_and_say_whether_more_follow() {
    let mut state = state();
    let ids: Vec<String> = (0..5)
        .map(|n| state.create(Mode::Test, asked(1_000 + n)))
        .collect();
    let ids_of = |page| {
        let (payments, more) = state.page(Mode::Test, page, 2);
        (
            payments
                .iter()
                .map(|payment| payment.id.clone())
                .collect::<Vec<_>>(),
            more,
        )
    };
    assert_eq!(ids_of(0), (vec![ids[4].clone(), ids[3].clone()], true));
    assert_eq!(ids_of(2), (vec![ids[0].clone()], false));
    assert_eq!(ids_of(3), (vec![], false));
    assert_eq!(ids_of(usize::MAX), (vec![], false));
}

#[test]
fn a_portal_payment_keeps_the_bounds_of_the_account() {
    let mut state = state();
    assert!(matches!(
        state.create_in_portal(Mode::Test, 98),
        Err(Error::Amount { .. })
    ));
    assert!(matches!(
        state.create_in_portal(Mode::Test, 2_000_001),
        Err(Error::Amount { .. })
    ));
    let id = state.create_in_portal(Mode::Test, 99).unwrap();
    assert!(state.any_payment(&id).unwrap().asked.metadata.is_none());
}

#[test]
fn the_invoice_of_the_month_is_debited_when_the_clock_passes_the_first() {
    let mut state = state();
    paid(&mut state, 10_000);
    state.clock.advance(31 * 86_400).unwrap();
    let kinds: Vec<_> = state
        .account(Mode::Test)
        .movements()
        .iter()
        .map(|m| m.kind)
        .collect();
    assert_eq!(kinds, [MovementKind::Payment, MovementKind::Invoice]);
}
