//! Contracts from their deposit to their final invoice, credit notes with lines, and corrections:
//! through the services, the client, HTTP and the simulator.

mod contract;
mod put_right;

use acquit_app::{Document, InvoiceView, Kind, NewInvoice, NewKind, NewReceipt};
use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::{Deduction, DeductionKind, DeductionValue, Finalised, Item};
use acquit_domain::quantity::Percent;
use acquit_domain::receipt::{PaymentMeans, Status};
use acquit_domain::vat::StandardRate;
pub(crate) use acquit_tests::books::{accounts, balances, holds};
use acquit_tests::{World, invoice};

const CARD: &str = "4242424242424242";

/// A draft to be, of one line at 10 %, that names other documents by their numbers.
pub(crate) fn draft(kind: Kind, price: &str, refers_to: &[&InvoiceView]) -> NewInvoice {
    let numbers = refers_to.iter().map(|view| paper(view).number.to_string());
    NewInvoice {
        kind: NewKind {
            kind,
            refers_to: numbers.collect(),
        },
        ..invoice(&[(price, StandardRate::Intermediate)])
    }
}

/// The same works, as far as they have come.
pub(crate) fn done(mut draft: NewInvoice, progress: &str) -> NewInvoice {
    for item in &mut draft.content.items {
        if let Item::Line(line) = item {
            line.progress = Some(Percent::parse(progress).unwrap());
        }
    }
    draft
}

pub(crate) fn holding_back(mut draft: NewInvoice, percent: &str) -> NewInvoice {
    draft.content.deductions = vec![Deduction::new(
        DeductionKind::Retention,
        DeductionValue::Percent(Percent::parse(percent).unwrap()),
    )];
    draft
}

pub(crate) fn paper(view: &InvoiceView) -> &Finalised {
    match &view.document {
        Document::Finalised(document) => document,
        Document::Draft { .. } => panic!("still a draft"),
    }
}

pub(crate) async fn issued(world: &World, draft: NewInvoice) -> InvoiceView {
    let id = world.acquit.add_invoice(draft).unwrap().id;
    world.acquit.issue(id).await.unwrap()
}

/// The code of what a draft is refused for, with its field.
pub(crate) fn refused(world: &World, draft: NewInvoice) -> (String, String) {
    let error = world.acquit.add_invoice(draft).unwrap_err();
    let field = error.field().unwrap_or_default().to_owned();
    (error.code().to_owned(), field)
}

pub(crate) fn view(world: &World, id: InvoiceId) -> InvoiceView {
    world.acquit.invoice(id).unwrap()
}

/// The customer pays the open link, which asks for so much.
pub(crate) async fn by_card(world: &World, id: InvoiceId, asked: i64) {
    world.acquit.sync().await.unwrap();
    let link = view(world, id).link.unwrap();
    assert_eq!((link.state.code(), link.amount), ("open", cents(asked)));
    world.payplug.pay(&world.payment(id), CARD).unwrap();
    world.acquit.sync().await.unwrap();
    assert_eq!(view(world, id).standing.status, Status::Settled);
}

pub(crate) async fn by_cheque(world: &World, id: InvoiceId, amount: i64) {
    let cheque = NewReceipt {
        amount: cents(amount),
        means: PaymentMeans::Cheque,
        date: None,
        overpayment: false,
    };
    let after = world.acquit.add_receipt(id, cheque).await.unwrap();
    assert_eq!(after.standing.status, Status::Settled);
}

pub(crate) fn cents(amount: i64) -> Cents {
    Cents::new(amount)
}
