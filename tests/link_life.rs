//! The life of links over days, through the services, the client, HTTP and the simulator: replaced,
//! carried, taken back, read by age and with the key of their own mode.

use std::time::Duration;

use acquit_app::{InvoiceView, NewReceipt, PaymentForm, SyncReport};
use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::link::{FileNature, LinkState, Mode, RefusalReason};
use acquit_domain::receipt::{PaymentMeans, Status};
use acquit_domain::vat::StandardRate;
use acquit_simulator::{Fault, Options, PaymentSnapshot};
use acquit_tests::scale::tables;
use acquit_tests::{World, invoice};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const CARD: &str = "4242424242424242";

fn view(world: &World, id: InvoiceId) -> InvoiceView {
    world.acquit.invoice(id).unwrap()
}

fn state(world: &World, id: InvoiceId) -> &'static str {
    view(world, id).link.unwrap().state.code()
}

fn to_send_again(world: &World, id: InvoiceId) -> bool {
    view(world, id).link_history.to_send_again
}

/// The pages on which an invoice can be paid now.
fn payable(world: &World) -> Vec<PaymentSnapshot> {
    let mut payments = world.payplug.payments();
    payments.retain(|one| !one.is_paid && one.failure_code.is_none());
    payments
}

async fn sync(world: &World) -> SyncReport {
    let report = world.acquit.sync().await.unwrap();
    assert!(report.errors.is_empty(), "{:?}", report.errors);
    report
}

#[tokio::test]
async fn a_dead_link_is_replaced_once_and_again_only_after_a_day_and_a_carrier() {
    let world = World::trial(1, "sk_live_life").await;
    let id = world.issue(200).id;
    sync(&world).await;
    let first = world.payment(id);
    world.acquit.carried(id).unwrap();
    assert!(!to_send_again(&world, id));
    world.advance(3 * DAY);
    world.payplug.leave(&first).unwrap();
    // Seen dead, and replaced by itself in the same run: the customer must get the new one.
    sync(&world).await;
    let second = world.payment(id);
    assert!(second != first && state(&world, id) == "open");
    assert!(to_send_again(&world, id));
    let dead = view(&world, id).link_history.dead;
    let age = dead[0].died_at.duration_since(dead[0].made_at);
    assert_eq!((dead.len(), age.as_secs()), (1, 3 * DAY));
    assert_eq!(view(&world, id).attempts[0].outcome, "timeout");
    // Nobody carried the new one: it dies, and days pass without a third.
    world.payplug.leave(&second).unwrap();
    for _ in 0..3 {
        sync(&world).await;
        assert_eq!(
            (state(&world, id), world.payment(id)),
            ("dead", second.clone())
        );
        world.advance(DAY);
    }
    // Paper carries a link: there is a new one, and it has left.
    world.acquit.pdf(id).await.unwrap();
    let third = world.payment(id);
    assert!(third != second && state(&world, id) == "open");
    assert!(!to_send_again(&world, id));
    assert_eq!(view(&world, id).link_history.dead.len(), 2);
    // That one dies: it was carried, and the last replacement by itself is days ago.
    world.payplug.leave(&third).unwrap();
    sync(&world).await;
    assert!(state(&world, id) == "open" && to_send_again(&world, id));
    // Carried and dead within the day: not yet; a day later: yes.
    world.acquit.carried(id).unwrap();
    assert!(!to_send_again(&world, id));
    world.payplug.leave(&world.payment(id)).unwrap();
    world.advance(23 * HOUR);
    sync(&world).await;
    assert_eq!(state(&world, id), "dead");
    world.advance(2 * HOUR);
    sync(&world).await;
    assert_eq!(state(&world, id), "open");
    assert_eq!(payable(&world).len(), 1);
    assert!(world.acquit.verify().unwrap().broken.is_none());
}

#[tokio::test]
async fn a_copy_of_a_dead_link_is_a_copy_of_a_new_one() {
    let world = World::trial(2, "sk_live_life").await;
    let id = world.issue(200).id;
    sync(&world).await;
    world.payplug.leave(&world.payment(id)).unwrap();
    sync(&world).await;
    world.payplug.leave(&world.payment(id)).unwrap();
    sync(&world).await;
    assert_eq!(state(&world, id), "dead");
    let ready = world.acquit.prepare_link(id).await.unwrap();
    assert_eq!(ready.link.unwrap().state.code(), "open");
    // Nothing is carried where there is nothing to carry.
    let draft = world
        .acquit
        .add_invoice(invoice(&[("10", StandardRate::Normal)]));
    world.acquit.carried(draft.unwrap().id).unwrap();
    assert_eq!(payable(&world).len(), 1);
}

#[tokio::test]
async fn an_amount_that_changes_closes_the_page_that_the_customer_has_open() {
    let world = World::trial(3, "sk_live_life").await;
    let id = world.issue(200).id;
    sync(&world).await;
    world.acquit.pdf(id).await.unwrap();
    let open_page = world.payment(id);
    let cheque = NewReceipt {
        amount: Cents::new(10_000),
        means: PaymentMeans::Cheque,
        date: None,
        overpayment: false,
    };
    world.acquit.add_receipt(id, cheque).await.unwrap();
    assert!(
        world.payplug.pay(&open_page, CARD).is_err(),
        "the page is closed"
    );
    sync(&world).await;
    let link = view(&world, id).link.unwrap();
    assert_eq!(
        (link.state.code(), link.amount),
        ("open", Cents::new(12_000))
    );
    assert!(to_send_again(&world, id));
    assert!(
        view(&world, id).link_history.dead.is_empty(),
        "taken back is not dead"
    );
    // The rest is paid on the new page.
    world.payplug.pay(&world.payment(id), CARD).unwrap();
    sync(&world).await;
    let view = view(&world, id);
    assert_eq!(
        (view.standing.status, view.receipts.len()),
        (Status::Settled, 2)
    );
}

#[tokio::test]
async fn going_live_replaces_test_links_and_going_back_leaves_live_ones() {
    let world = World::trial(4, "sk_test_life").await;
    let [open, paid, dead] = [200, 300, 400].map(|euros| world.issue(euros).id);
    sync(&world).await;
    world.payplug.pay(&world.payment(paid), CARD).unwrap();
    sync(&world).await;
    world.payplug.leave(&world.payment(dead)).unwrap();
    sync(&world).await;
    world.payplug.leave(&world.payment(dead)).unwrap();
    sync(&world).await;
    assert_eq!(
        [open, paid, dead].map(|id| state(&world, id)),
        ["open", "paid_test", "dead"]
    );
    let test_page = world.payment(open);

    world.connect("sk_live_life").await;
    assert_eq!(state(&world, open), "aborting");
    sync(&world).await;
    assert!(world.payplug.payment(&test_page).unwrap().is_aborted);
    let modes = |world: &World| {
        [open, paid, dead].map(|id| view(world, id).link.unwrap().state.hosted().unwrap().mode)
    };
    assert_eq!([open, paid, dead].map(|id| state(&world, id)), ["open"; 3]);
    assert_eq!(modes(&world), [Mode::Live; 3]);
    assert!(!to_send_again(&world, open), "no customer had a test link");
    let kept = |world: &World| -> Vec<(Mode, bool)> {
        let kept = world.acquit.connections().unwrap();
        kept.iter().map(|one| (one.mode, one.is_current)).collect()
    };
    assert_eq!(kept(&world), [(Mode::Live, true), (Mode::Test, false)]);

    // Back to Test: live links stay payable, are read with the live key, and settle.
    let back = world.acquit.use_mode(Mode::Test).await.unwrap();
    assert!(back.is_current && back.mode == Mode::Test);
    assert_eq!(kept(&world), [(Mode::Live, false), (Mode::Test, true)]);
    sync(&world).await;
    assert_eq!(modes(&world), [Mode::Live; 3]);
    world.payplug.pay(&world.payment(open), CARD).unwrap();
    assert_eq!(sync(&world).await.settled.len(), 1);
    assert_eq!(view(&world, open).standing.status, Status::Settled);
    let in_test = world.issue(500).id;
    sync(&world).await;
    assert_eq!(
        view(&world, in_test)
            .link
            .unwrap()
            .state
            .hosted()
            .unwrap()
            .mode,
        Mode::Test
    );

    // Live again, with a Test key that was taken out of the keychain before: nobody waits for it.
    world.acquit.disconnect().await.unwrap();
    assert_eq!(kept(&world), [(Mode::Live, false)]);
    assert_eq!(
        world.acquit.use_mode(Mode::Test).await.unwrap_err().code(),
        "not_connected"
    );
    world.acquit.use_mode(Mode::Live).await.unwrap();
    sync(&world).await;
    assert_eq!(
        view(&world, in_test)
            .link
            .unwrap()
            .state
            .hosted()
            .unwrap()
            .mode,
        Mode::Live
    );
    assert!(world.acquit.verify().unwrap().broken.is_none());
}

#[tokio::test]
async fn a_revoked_key_says_what_to_do_and_spoils_nothing() {
    let world = World::trial(5, "sk_live_life").await;
    let id = world.issue(200).id;
    sync(&world).await;
    world.payplug.revoke_keys(true);
    let report = world.acquit.sync().await.unwrap();
    assert_eq!(report.errors[0].code, "key_refused");
    assert!(
        report.errors[0]
            .sentence
            .fr
            .contains("collez-la dans Paramètres")
    );
    assert_eq!(
        world.acquit.use_mode(Mode::Live).await.unwrap_err().code(),
        "key_refused"
    );
    assert_eq!(state(&world, id), "open");
    world.payplug.revoke_keys(false);
    sync(&world).await;
}

#[tokio::test]
async fn bounds_that_payplug_changes_take_effect_within_a_day() {
    let world = World::trial(6, "sk_live_life").await;
    let draft = world
        .acquit
        .add_invoice(invoice(&[("0.50", StandardRate::Normal)]));
    let small = world.acquit.finalise(draft.unwrap().id).unwrap().id;
    let large = world.issue(19_000).id;
    let refused = |reason| LinkState::Refused { reason };
    sync(&world).await;
    let states = |world: &World| [small, large].map(|id| view(world, id).link.unwrap().state);
    let at_first = [
        refused(RefusalReason::BelowMinimum),
        refused(RefusalReason::AboveMaximum),
    ];
    assert_eq!(states(&world), at_first);
    world.payplug.set_bounds(30, 5_000_000);
    world.advance(23 * HOUR);
    world.acquit.pull_due().await.unwrap();
    assert_eq!(states(&world), at_first);
    world.advance(2 * HOUR);
    let report = world.acquit.pull_due().await.unwrap();
    assert!(report.errors.is_empty(), "{:?}", report.errors);
    assert_eq!([small, large].map(|id| state(&world, id)), ["open"; 2]);
    let connection = world.acquit.connection().unwrap().unwrap();
    assert_eq!(connection.limits.min_amount, Cents::new(30));
    assert_eq!(connection.permissions.use_live_mode, Some(true));
}

#[tokio::test]
async fn three_d_secure_is_asked_for_when_the_owner_says_so() {
    let world = World::trial(7, "sk_live_life").await;
    let [left, asked] = [20, 30].map(|euros| world.issue(euros).id);
    world.acquit.pdf(left).await.unwrap();
    world.acquit.set_force_3ds(true).unwrap();
    assert!(world.acquit.connection().unwrap().unwrap().force_3ds);
    sync(&world).await;
    let forced = |id| world.payplug.payment(&world.payment(id)).unwrap().force_3ds;
    assert_eq!([left, asked].map(forced), [false, true]);
}

#[tokio::test]
async fn an_account_that_takes_only_hosted_pages_is_remembered_and_shown() {
    let options = Options {
        accepts_sent_by_other: false,
        ..Options::default()
    };
    let world = World::beside(8, FileNature::Real, options).await;
    world.connect("sk_live_life").await;
    let form = |world: &World| world.acquit.connection().unwrap().unwrap().form;
    assert_eq!(form(&world), PaymentForm::SentByOther);
    let id = world.issue(200).id;
    sync(&world).await;
    assert_eq!(
        (state(&world, id), form(&world)),
        ("open", PaymentForm::Hosted)
    );
}

#[tokio::test]
async fn payments_that_are_not_here_are_found_once_and_dismissed() {
    let world = World::trial(9, "sk_live_life").await;
    world.issue(200);
    sync(&world).await;
    let portal = world.payplug.create_in_portal(4_200).unwrap();
    sync(&world).await;
    let strangers = world.acquit.strangers().unwrap();
    assert_eq!(strangers.len(), 1);
    let stranger = &strangers[0];
    assert_eq!(
        (stranger.payment.as_str(), stranger.mode, stranger.amount),
        (portal.id.as_str(), Mode::Live, Cents::new(4_200))
    );
    assert!(!stranger.is_paid && stranger.paid_at.is_none());
    // Seen again, nothing is written; dismissed, it is gone, and the audit chain says so.
    let before = tables(&world.path())["strangers"];
    sync(&world).await;
    assert_eq!(tables(&world.path())["strangers"], before);
    world.acquit.dismiss_stranger(&stranger.payment).unwrap();
    sync(&world).await;
    assert!(world.acquit.strangers().unwrap().is_empty());
    let again = world
        .acquit
        .dismiss_stranger(&stranger.payment)
        .unwrap_err();
    assert_eq!(again.code(), "nothing_to_resolve");
    // Money came in: that is news, by the daily comparison too.
    world.payplug.pay(&portal.id, CARD).unwrap();
    world.acquit.pull_due().await.unwrap();
    assert!(
        world.acquit.strangers().unwrap().is_empty(),
        "compared less than a day ago"
    );
    world.advance(DAY);
    world.acquit.pull_due().await.unwrap();
    let paid = world.acquit.strangers().unwrap();
    assert!(paid.len() == 1 && paid[0].is_paid && paid[0].paid_at.is_some());
    // One that ends without money is of no interest.
    let left = world.payplug.create_in_portal(5_000).unwrap();
    sync(&world).await;
    assert_eq!(world.acquit.strangers().unwrap().len(), 2);
    world.payplug.leave(&left.id).unwrap();
    sync(&world).await;
    assert_eq!(world.acquit.strangers().unwrap().len(), 1);
    let verified = world.acquit.verify().unwrap();
    assert!(verified.broken.is_none(), "{verified:?}");
}

#[tokio::test]
async fn links_are_read_by_age_and_paid_ones_daily() {
    let world = World::trial(10, "sk_live_life").await;
    let id = world.issue(200).id;
    sync(&world).await;
    let asked = async || world.acquit.pull_due().await.unwrap().requests;
    assert_eq!(asked().await, 0, "read a moment ago");
    world.advance(15);
    assert_eq!(world.acquit.next_pull_in().unwrap(), Duration::from_secs(1));
    assert_eq!(asked().await, 1);
    assert_eq!(
        world.acquit.next_pull_in().unwrap(),
        Duration::from_secs(15)
    );
    world.advance(3 * HOUR);
    assert_eq!(asked().await, 1);
    world.advance(HOUR / 15);
    assert_eq!(asked().await, 0, "three hours old: every five minutes");
    // It leaves for the customer: watched closely again.
    world.acquit.carried(id).unwrap();
    assert_eq!(asked().await, 1);
    world.advance(15);
    assert_eq!(asked().await, 1);
    world.payplug.pay(&world.payment(id), CARD).unwrap();
    world.advance(60);
    assert_eq!(world.acquit.pull_due().await.unwrap().settled.len(), 1);
    // Paid: nothing until the day's comparison, which sees the refund made in the portal.
    world.payplug.refund(&world.payment(id), 5_000).unwrap();
    world.advance(12 * HOUR);
    assert_eq!(asked().await, 0);
    world.advance(12 * HOUR);
    let report = world.acquit.pull_due().await.unwrap();
    assert_eq!(report.refunds.len(), 1);
    // The window of refunds is 180 days at this PayPlug. What happens on its last day is seen, also by
    // an application that is opened weeks later; then nobody asks any more.
    world.advance(178 * DAY);
    world.payplug.refund(&world.payment(id), 1_000).unwrap();
    world.advance(20 * DAY);
    let late = world.acquit.pull_due().await.unwrap();
    assert_eq!(late.refunds.len(), 1, "{:?}", late.errors);
    world.advance(31 * DAY);
    assert_eq!(world.acquit.pull_due().await.unwrap().checked, 0);
}

#[tokio::test]
async fn money_on_a_page_that_nobody_watches_any_more_is_recorded_all_the_same() {
    let world = World::trial(16, "sk_live_life").await;
    let id = world.issue(200).id;
    sync(&world).await;
    let first = world.payment(id);
    world.payplug.pay(&first, CARD).unwrap();
    sync(&world).await;
    // Long after the last look at it, PayPlug still tells of a refund.
    world.payplug.refund(&first, 5_000).unwrap();
    world.advance(500 * DAY);
    let report = sync(&world).await;
    assert_eq!(report.refunds.len(), 1);
    assert_eq!(state(&world, id), "partly_refunded");
    assert!(sync(&world).await.refunds.is_empty());
    assert!(world.acquit.verify().unwrap().broken.is_none());
}

#[tokio::test]
async fn a_second_page_that_nobody_paid_is_taken_back() {
    let world = World::trial(17, "sk_live_life").await;
    let id = world.issue(200).id;
    // The request is carried out, its answer is lost, and PayPlug's list does not show it yet: the
    // next one makes a second page. Here somebody else makes it, with the same UUID.
    sync(&world).await;
    let link = view(&world, id).link.unwrap();
    let second = world.twin(&link, "sk_live_life").await;
    assert_eq!(payable(&world).len(), 2);
    let report = sync(&world).await;
    assert!(report.anomalies.is_empty(), "{:?}", report.anomalies);
    let left = payable(&world);
    assert!(left.len() == 1 && left[0].id != second, "{left:?}");
    assert_eq!(state(&world, id), "open");
}

#[tokio::test]
async fn a_test_key_that_is_gone_is_not_asked_for_ever() {
    let world = World::trial(18, "sk_test_life").await;
    let id = world.issue(200).id;
    sync(&world).await;
    world.connect("sk_live_life").await;
    sync(&world).await;
    let link = view(&world, id).link.unwrap();
    assert_eq!(link.state.hosted().unwrap().mode, Mode::Live);
    // Its page of the Test account has ended: what happens there concerns nobody any more.
    world.advance(10 * 60);
    let report = world.acquit.pull_due().await.unwrap();
    assert_eq!((report.checked, report.requests), (1, 1));
    assert!(world.acquit.next_pull_in().unwrap() > Duration::from_secs(1));
}

#[tokio::test]
async fn live_links_without_their_key_are_told() {
    let world = World::trial(19, "sk_live_life").await;
    world.issue(200);
    sync(&world).await;
    world.acquit.disconnect().await.unwrap();
    world.connect("sk_test_life").await;
    let report = world.acquit.sync().await.unwrap();
    let codes: Vec<&str> = report.errors.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["live_links_unread"]);
    // Nothing is due at once that there is no key for.
    assert!(world.acquit.next_pull_in().unwrap() > Duration::from_secs(1));
    world.connect("sk_live_life").await;
    sync(&world).await;
}

#[tokio::test]
async fn bounds_that_make_payplug_refuse_are_read_at_once() {
    let world = World::trial(20, "sk_live_life").await;
    sync(&world).await;
    world.payplug.set_bounds(50_000, 2_000_000);
    let id = world.issue(200).id;
    let report = world.acquit.sync().await.unwrap();
    assert_eq!(report.errors[0].code, "payplug_rejected");
    let reason = RefusalReason::BelowMinimum;
    assert_eq!(
        view(&world, id).link.unwrap().state,
        LinkState::Refused { reason }
    );
    sync(&world).await;
}

#[tokio::test]
async fn a_wish_for_a_link_waits_for_an_account_when_the_account_goes() {
    let world = World::trial(21, "sk_live_life").await;
    let id = world.issue(200).id;
    world.acquit.disconnect().await.unwrap();
    let reason = RefusalReason::NotConnected;
    assert_eq!(
        view(&world, id).link.unwrap().state,
        LinkState::Refused { reason }
    );
    world.connect("sk_live_life").await;
    sync(&world).await;
    assert_eq!(state(&world, id), "open");
}

#[tokio::test]
async fn an_attempt_of_unknown_outcome_is_searched_for_with_the_key_it_was_made_with() {
    let world = World::trial(15, "sk_test_life").await;
    let id = world.issue(200).id;
    // PayPlug makes the payment, its answer is lost, and so is every look for it.
    let lost = [Fault::LostAnswer, Fault::Reset, Fault::Reset];
    world.payplug.push_faults(lost.to_vec());
    let report = world.acquit.sync().await.unwrap();
    assert_eq!(report.errors[0].code, "payplug_unclear");
    assert!(world.payplug.pending_faults().is_empty());
    assert_eq!((state(&world, id), payable(&world).len()), ("requested", 1));
    // The account goes Live meanwhile: the test payment is found with its own key and taken back.
    world.connect("sk_live_life").await;
    sync(&world).await;
    assert_eq!(state(&world, id), "open");
    let open = payable(&world);
    assert!(open.len() == 1 && open[0].is_live, "{open:?}");
    assert_eq!(open[0].id, world.payment(id));
}
