//! Money that goes back: refunds through their outbox, chargebacks recorded by hand, credit notes for
//! a part, what the owner decides after it, what a statement of account still asks for, retentions
//! that are released, and what is kept of what left; through the services, the client, HTTP and the
//! simulator.

mod decided;
mod refunds;
mod renditions;
mod retention;
mod statements;

use acquit_app::{InvoiceView, RefundWishState};
use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::receipt::Status;
use acquit_domain::vat::StandardRate;
pub(crate) use acquit_tests::books::{accounts, balances, holds};
use acquit_tests::{World, invoice};

pub(crate) const CARD: &str = "4242424242424242";

/// An invoice of one line at 10 %, paid by card.
pub(crate) async fn paid(world: &World, euros: u32) -> InvoiceId {
    let id = world.issue(euros).id;
    settle(world, id).await;
    id
}

/// 1 000.00 at 10 % and 500.00 at 20 %, 1 700.00 incl. VAT, paid by card.
pub(crate) async fn paid_at_two_rates(world: &World) -> InvoiceId {
    let lines = [
        ("1000", StandardRate::Intermediate),
        ("500", StandardRate::Normal),
    ];
    let draft = world.acquit.add_invoice(invoice(&lines)).unwrap();
    let id = world.acquit.finalise(draft.id).unwrap().id;
    settle(world, id).await;
    id
}

/// The customer pays the open link.
pub(crate) async fn settle(world: &World, id: InvoiceId) {
    world.acquit.sync().await.unwrap();
    world.payplug.pay(&world.payment(id), CARD).unwrap();
    world.acquit.sync().await.unwrap();
    assert_eq!(
        world.acquit.invoice(id).unwrap().standing.status,
        Status::Settled
    );
}

pub(crate) fn cents(amount: i64) -> Cents {
    Cents::new(amount)
}

pub(crate) fn view(world: &World, id: InvoiceId) -> InvoiceView {
    world.acquit.invoice(id).unwrap()
}

pub(crate) fn link_state(world: &World, id: InvoiceId) -> &'static str {
    view(world, id).link.unwrap().state.code()
}

/// How often and how much the simulator gave back of a payment.
pub(crate) fn given_back(world: &World, payment: &str) -> (usize, i64) {
    let found = world.payplug.payment(payment).unwrap();
    (found.refunds.len(), found.amount_refunded)
}

pub(crate) fn wish_states(world: &World, id: InvoiceId) -> Vec<RefundWishState> {
    let wishes = view(world, id).refund_wishes;
    wishes.into_iter().map(|wish| wish.state).collect()
}
