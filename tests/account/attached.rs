//! Payments that nobody asked for here: made in the portal, listed as strangers, tied to an invoice by somebody, and from
//! then on payments of that invoice like any other.

use acquit_app::{
    Attachable, DifferenceCause, EntryFilter, Error, InvoiceView, NewChargeback, ReadEntry,
    RowState,
};
use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::link::FileNature;
use acquit_domain::receipt::Status;
use acquit_domain::remote::PaymentId;
use acquit_simulator::Mode;
use acquit_tests::World;
use acquit_tests::books::{accounts, balances, holds};
use jiff::civil::{Date, date};

use super::{CARD, DAY_S, FROM, adds_up, causes, statement};

const NOVEMBER: Date = date(2026, 11, 30);

/// A payment of so much that somebody made and a customer paid in the portal.
fn portal(world: &World, cents: i64) -> PaymentId {
    let made = world.payplug.create_in_portal(cents).unwrap();
    world.payplug.pay(&made.id, CARD).unwrap();
    PaymentId::parse(&made.id).unwrap()
}

/// An invoice of 264.00 at 10 % with its link open at PayPlug.
async fn asked(world: &World) -> InvoiceId {
    let id = world.issue(240).id;
    sync(world).await;
    id
}

async fn sync(world: &World) {
    let report = world.acquit.sync().await.unwrap();
    assert!(report.errors.is_empty(), "{:?}", report.errors);
}

fn view(world: &World, id: InvoiceId) -> InvoiceView {
    world.acquit.invoice(id).unwrap()
}

fn entries(world: &World) -> Vec<ReadEntry> {
    let all = EntryFilter {
        limit: 1_000,
        ..EntryFilter::default()
    };
    world.acquit.entries(&all).unwrap()
}

fn code<T: std::fmt::Debug>(refused: Result<T, Error>) -> &'static str {
    refused.unwrap_err().code()
}

/// What each choice comes to: number of the invoice, what is left of it, what is too much.
fn choices(found: &Attachable) -> Vec<(String, i64, i64)> {
    let choices = found.invoices.iter();
    choices
        .map(|choice| {
            let number = choice.invoice.number.map(|number| number.to_string());
            let (left, credit) = (choice.foreseen.left, choice.foreseen.credit);
            (number.unwrap_or_default(), left.get(), credit.get())
        })
        .collect()
}

#[tokio::test]
async fn a_payment_of_the_portal_settles_the_invoice_that_somebody_chooses() {
    let world = World::demonstration(601).await;
    let id = asked(&world).await;
    let asked_for = world.payment(id);
    world.issue(1_000);
    sync(&world).await;
    let payment = portal(&world, 26_400);
    world.advance(DAY_S);
    sync(&world).await;
    assert_eq!(world.acquit.strangers().unwrap()[0].payment, payment);
    let to = world.acquit.today();
    statement(world.acquit.fetch_report(FROM, to).await.unwrap());
    let before = world.acquit.account(FROM, to).unwrap();
    let without = [(DifferenceCause::PaymentWithoutInvoice, 26_400)];
    assert_eq!(causes(&before), without);
    assert_eq!(before.differences[0].unasked, Some(payment.clone()));

    // The one that asks for just that comes first.
    let found = world.acquit.attachable(&payment, "", 10).unwrap();
    assert_eq!(
        (found.amount, found.paid_on),
        (Cents::new(26_400), date(2026, 11, 23))
    );
    assert_eq!(
        choices(&found),
        [
            ("F-2026-00001".to_owned(), 0, 0),
            ("F-2026-00002".to_owned(), 83_600, 0)
        ]
    );
    let found = world.acquit.attachable(&payment, "00002", 10).unwrap();
    assert_eq!(choices(&found).len(), 1);

    let after = world.acquit.attach_payment(&payment, id).await.unwrap();
    holds(&world);
    assert_eq!(after.standing.status, Status::Settled);
    let receipt = &after.receipts[0].receipt;
    assert_eq!(
        (receipt.amount, receipt.date),
        (Cents::new(26_400), date(2026, 11, 23))
    );
    let source = receipt.payplug.as_ref().unwrap();
    assert_eq!(source.payment, payment);
    assert!(source.card.is_some());
    assert_eq!(after.link.unwrap().state.code(), "paid");
    assert!(world.payplug.payment(&asked_for).unwrap().is_aborted);
    assert!(world.acquit.strangers().unwrap().is_empty());

    let ours: Vec<ReadEntry> = entries(&world)
        .into_iter()
        .filter(|one| one.document.as_ref().is_some_and(|(of, _)| *of == id))
        .collect();
    let of_customer = ours.iter().flat_map(|one| {
        let lines = one.entry.lines().iter().zip(&one.letters);
        lines.filter(|(line, _)| line.account == "411000")
    });
    let letters: Vec<_> = of_customer.map(|(_, letter)| letter.clone()).collect();
    assert_eq!(letters.len(), 2);
    assert!(letters[0].is_some() && letters[0] == letters[1]);

    let account = world.acquit.account(FROM, to).unwrap();
    assert!(account.differences.is_empty(), "{:?}", account.differences);
    assert!(
        account
            .rows
            .iter()
            .all(|row| row.state == RowState::Matched)
    );
    adds_up(&account);
    assert_eq!(
        account.ledger.closing.get(),
        world.payplug.account(Mode::Test).balance
    );
    // Read again and again, it changes nothing.
    sync(&world).await;
    assert!(world.acquit.strangers().unwrap().is_empty());
    assert!(world.acquit.anomalies().unwrap().is_empty());
    assert_eq!(view(&world, id).receipts.len(), 1);
    holds(&world);
    assert_eq!(
        balances(&world),
        accounts(&[
            ("411000", 110_000),
            ("445712", -2_400),
            ("445742", -10_000),
            ("512700", 26_400),
            ("704000", -124_000),
        ])
    );
}

#[tokio::test]
async fn what_is_paid_in_part_or_too_much_is_said_before_and_recorded_so() {
    let world = World::demonstration(602).await;
    let id = asked(&world).await;
    let first = world.payment(id);
    let part = portal(&world, 10_000);
    let foreseen = world.acquit.attachable(&part, "", 10);
    // PayPlug was not read since: the file does not know it yet.
    assert_eq!(code(foreseen), "unknown_payment");
    sync(&world).await;
    let foreseen = world.acquit.attachable(&part, "", 10).unwrap();
    assert_eq!(choices(&foreseen), [("F-2026-00001".to_owned(), 16_400, 0)]);
    let after = world.acquit.attach_payment(&part, id).await.unwrap();
    assert_eq!(
        (after.standing.status, after.standing.remaining),
        (Status::PartlyPaid, Cents::new(16_400))
    );
    holds(&world);
    // A link of what remains takes the place of the other.
    sync(&world).await;
    let link = view(&world, id).link.unwrap();
    assert_eq!(
        (link.state.code(), link.amount),
        ("open", Cents::new(16_400))
    );
    assert!(world.payplug.payment(&first).unwrap().is_aborted);

    let too_much = portal(&world, 20_000);
    sync(&world).await;
    let foreseen = world.acquit.attachable(&too_much, "", 10).unwrap();
    assert_eq!(choices(&foreseen), [("F-2026-00001".to_owned(), 0, 3_600)]);
    let after = world.acquit.attach_payment(&too_much, id).await.unwrap();
    assert_eq!(
        (after.standing.status, after.standing.customer_credit),
        (Status::Settled, Cents::new(3_600))
    );
    sync(&world).await;
    holds(&world);
    assert_eq!(
        balances(&world),
        accounts(&[
            ("411000", -3_600),
            ("445712", -2_400),
            ("512700", 30_000),
            ("704000", -24_000),
        ])
    );
}

#[tokio::test]
async fn money_of_an_attached_payment_goes_back_like_any_other() {
    let world = World::demonstration(603).await;
    let id = asked(&world).await;
    let payment = portal(&world, 26_400);
    // What went back before is recorded with it.
    world.payplug.refund(payment.as_str(), 1_000).unwrap();
    let after = world.acquit.attach_payment(&payment, id).await.unwrap();
    assert_eq!(after.receipts[0].refunded, Cents::new(1_000));
    holds(&world);
    // What goes back in the portal later is seen by the pull.
    world.payplug.refund(payment.as_str(), 4_000).unwrap();
    let report = world.acquit.sync().await.unwrap();
    assert_eq!(report.refunds.len(), 1);
    let found = view(&world, id);
    assert_eq!(found.receipts[0].refunded, Cents::new(5_000));
    assert!(found.standing.awaits_decision);
    assert_eq!(found.link.unwrap().state.code(), "partly_refunded");
    holds(&world);
    // And it is given back from here.
    let refunded = world.acquit.refund(id, Some(Cents::new(400))).await;
    assert_eq!(refunded.unwrap().receipts[0].refunded, Cents::new(5_400));
    let snapshot = world.payplug.payment(payment.as_str()).unwrap();
    assert_eq!(snapshot.amount_refunded, 5_400);
    let taken = NewChargeback {
        payment: Some(payment),
        amount: None,
        date: None,
    };
    let disputed = world.acquit.record_chargeback(id, taken).unwrap();
    let amount = disputed.chargebacks[0].chargeback.amount;
    assert_eq!(amount, Cents::new(21_000));
    holds(&world);
}

#[tokio::test]
async fn what_is_no_stranger_is_refused_and_nothing_is_recorded() {
    let world = World::demonstration(604).await;
    let id = asked(&world).await;
    let other = asked(&world).await;
    let draft = world.acquit.add_invoice(acquit_tests::invoice(&[(
        "10",
        acquit_domain::vat::StandardRate::Normal,
    )]));
    let draft = draft.unwrap().id;
    let before = entries(&world).len();
    let own = PaymentId::parse(&world.payment(id)).unwrap();
    let attach = async |payment: &PaymentId, to: InvoiceId| {
        code(world.acquit.attach_payment(payment, to).await)
    };
    assert_eq!(attach(&own, other).await, "asked_for_here");
    let nobody = PaymentId::parse("pay_nobody").unwrap();
    assert_eq!(attach(&nobody, id).await, "unknown_payment");
    let unpaid = world.payplug.create_in_portal(26_400).unwrap();
    let unpaid = PaymentId::parse(&unpaid.id).unwrap();
    assert_eq!(attach(&unpaid, id).await, "not_paid_yet");
    assert_eq!(attach(&unpaid, draft).await, "still_a_draft");
    assert_eq!(entries(&world).len(), before);
    // None of these took a link back.
    assert_eq!(view(&world, id).link.unwrap().state.code(), "open");

    let payment = portal(&world, 26_400);
    world.acquit.attach_payment(&payment, id).await.unwrap();
    for to in [id, other] {
        assert_eq!(attach(&payment, to).await, "already_received");
    }
    let second = portal(&world, 26_400);
    assert_eq!(attach(&second, id).await, "nothing_left_to_pay");
    assert_eq!(view(&world, id).receipts.len(), 1);
    assert!(view(&world, other).receipts.is_empty());
    holds(&world);
}

#[tokio::test]
async fn two_programs_at_once_give_one_receipt() {
    let mut world = World::demonstration(605).await;
    let (id, other) = (asked(&world).await, asked(&world).await);
    let payment = portal(&world, 26_400);
    let second = world.another_handle();
    let (one, two) = tokio::join!(
        world.acquit.attach_payment(&payment, id),
        second.attach_payment(&payment, other)
    );
    let refused = match (one, two) {
        (Ok(_), Err(error)) | (Err(error), Ok(_)) => error,
        both => panic!("{both:?}"),
    };
    assert_eq!(refused.code(), "already_received");
    let receipts = view(&world, id).receipts.len() + view(&world, other).receipts.len();
    assert_eq!(receipts, 1);
    // The link that was taken back in vain is made again.
    sync(&world).await;
    let open = [id, other].map(|id| view(&world, id).link.unwrap().state.code().to_owned());
    assert!(open.contains(&"open".to_owned()), "{open:?}");
    holds(&world);
}

#[tokio::test]
async fn a_payment_of_a_closed_month_is_booked_on_the_first_open_day() {
    let world = World::demonstration(606).await;
    let id = asked(&world).await;
    let payment = portal(&world, 26_400);
    world.advance(10 * DAY_S);
    let unexported = 1;
    world.acquit.close_period(NOVEMBER, unexported).unwrap();
    let after = world.acquit.attach_payment(&payment, id).await.unwrap();
    assert_eq!(after.receipts[0].receipt.date, date(2026, 11, 23));
    let late: Vec<Date> = entries(&world)
        .iter()
        .map(|one| one.entry.date())
        .filter(|day| *day > NOVEMBER)
        .collect();
    // The receipt, and the VAT that falls due by it.
    assert_eq!(late, [date(2026, 12, 1), date(2026, 12, 1)]);
    holds(&world);
}

#[tokio::test]
async fn a_test_payment_never_touches_the_books() {
    let world = World::trial(607, "sk_test_trial").await;
    let id = asked(&world).await;
    let before = entries(&world).len();
    let payment = portal(&world, 26_400);
    let attach = async || code(world.acquit.attach_payment(&payment, id).await);
    // Whether it was listed before or not.
    assert_eq!(attach().await, "test_payment");
    sync(&world).await;
    assert_eq!(world.acquit.strangers().unwrap().len(), 1);
    assert_eq!(attach().await, "test_payment");
    assert_eq!(
        code(world.acquit.attachable(&payment, "", 10)),
        "test_payment"
    );
    assert!(view(&world, id).receipts.is_empty());
    assert_eq!(entries(&world).len(), before);
    holds(&world);
}

/// Nobody ever connected an account: the statement is all that is known.
#[tokio::test]
async fn a_payment_that_only_a_statement_shows_is_taken_as_the_statement_says() {
    let world = World::unconnected(608, FileNature::Real).await;
    let id = world.issue(240).id;
    let file = "Date;Type;Libellé;Montant;Référence\n\
                23/11/2026;Paiement;Dépannage;264,00;pay_1portal\n\
                23/11/2026;Remboursement;Geste;-5,00;re_1portal\n";
    let imported = world
        .acquit
        .import_statement(file.as_bytes(), "novembre.csv", None);
    assert_eq!(statement(imported.unwrap()).lines, 2);
    let payment = PaymentId::parse("pay_1portal").unwrap();
    let found = world.acquit.attachable(&payment, "marchand", 10).unwrap();
    assert_eq!(found.description.as_deref(), Some("Dépannage"));
    assert_eq!(choices(&found), [("F-2026-00001".to_owned(), 0, 0)]);
    let after = world.acquit.attach_payment(&payment, id).await.unwrap();
    let receipt = &after.receipts[0].receipt;
    assert_eq!(
        (receipt.amount, receipt.date, after.standing.status),
        (Cents::new(26_400), date(2026, 11, 23), Status::Settled)
    );
    holds(&world);
    let account = world.acquit.account(FROM, date(2026, 11, 23)).unwrap();
    assert_eq!(
        causes(&account),
        [(DifferenceCause::BackWithoutInvoice, -500)]
    );
    adds_up(&account);
}

/// Two attempts at one link were both carried out and both paid: the second pays another invoice.
#[tokio::test]
async fn a_second_payment_for_one_link_can_pay_another_invoice() {
    let world = World::demonstration(609).await;
    let (id, other) = (asked(&world).await, asked(&world).await);
    let link = view(&world, id).link.unwrap();
    let twin = world.twin(&link, "sk_test_history").await;
    let first = link.state.hosted().unwrap().payment.to_string();
    for payment in [&first, &twin] {
        world.payplug.pay(payment, CARD).unwrap();
    }
    world.acquit.sync().await.unwrap();
    assert_eq!(world.acquit.anomalies().unwrap()[0].code, "second_payment");
    let twin = PaymentId::parse(&twin).unwrap();
    let after = world.acquit.attach_payment(&twin, other).await.unwrap();
    assert_eq!(after.standing.status, Status::Settled);
    sync(&world).await;
    assert!(world.acquit.anomalies().unwrap().is_empty());
    holds(&world);
}
