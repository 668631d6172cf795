//! The list of online payments: every fate of a link in its part, found by its words, one page after the other.

use acquit_app::{NewChargeback, PaymentFilter, PaymentLine, PaymentPart};
use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::receipt::ChargebackOutcome;
use acquit_domain::vat::StandardRate;
use acquit_tests::{World, customer, invoice};

/// One invoice for each fate, in the order of their links.
struct Fates {
    refused: InvoiceId,
    left: InvoiceId,
    paid: InvoiceId,
    given_back: InvoiceId,
    open: InvoiceId,
    too_much: InvoiceId,
}

async fn fates(world: &World) -> Fates {
    let issue = |euros| world.issue(euros).id;
    let fates = Fates {
        refused: issue(100),
        left: issue(200),
        paid: issue(300),
        given_back: issue(400),
        open: issue(500),
        too_much: issue(30_000),
    };
    world.acquit.sync().await.unwrap();
    let payplug = &world.payplug;
    let pay = |id| payplug.pay(&world.payment(id), "4242424242424242").unwrap();
    world.advance(60);
    payplug
        .refuse(&world.payment(fates.refused), "insufficient_funds", true)
        .unwrap();
    payplug.leave(&world.payment(fates.left)).unwrap();
    pay(fates.paid);
    pay(fates.given_back);
    world.acquit.sync().await.unwrap();
    world.advance(60);
    payplug
        .refund(&world.payment(fates.given_back), 2_000)
        .unwrap();
    world.acquit.sync().await.unwrap();
    fates
}

fn asked(world: &World, filter: &PaymentFilter) -> Vec<PaymentLine> {
    world.acquit.payments(filter).unwrap()
}

fn invoices(lines: &[PaymentLine]) -> Vec<InvoiceId> {
    lines.iter().map(|line| line.link.invoice).collect()
}

fn part(part: PaymentPart) -> PaymentFilter {
    PaymentFilter {
        part,
        ..PaymentFilter::default()
    }
}

fn words(words: &str) -> PaymentFilter {
    PaymentFilter {
        words: words.to_owned(),
        ..PaymentFilter::default()
    }
}

#[tokio::test]
async fn every_fate_is_in_its_part_and_counted_there() {
    let world = World::demonstration(1).await;
    let fates = fates(&world).await;
    let of = |asked_part| asked(&world, &part(asked_part));
    let refused = of(PaymentPart::Refused);
    assert!(invoices(&refused).contains(&fates.refused));
    assert_eq!(refused[0].attempts[0].outcome, "insufficient_funds");
    let left = of(PaymentPart::Abandoned);
    assert_eq!(left[0].attempts[0].outcome, "timeout");
    assert!(invoices(&left).contains(&fates.left));
    let paid = of(PaymentPart::Paid);
    assert_eq!(invoices(&paid), [fates.paid]);
    let card = paid[0].card.clone().unwrap();
    assert_eq!(
        (card.brand.unwrap(), card.last4.unwrap()),
        ("Visa".into(), "4242".into())
    );
    let given_back = of(PaymentPart::Refunded);
    assert_eq!(invoices(&given_back), [fates.given_back]);
    assert_eq!(given_back[0].given_back, Cents::new(2_000));
    assert!(invoices(&of(PaymentPart::Pending)).contains(&fates.open));
    assert_eq!(of(PaymentPart::Disputed).len(), 0);
    let all = of(PaymentPart::All);
    assert!(invoices(&all).contains(&fates.too_much));
    let counts = world.acquit.payment_counts().unwrap();
    let lengths = [
        (counts.all, PaymentPart::All),
        (counts.pending, PaymentPart::Pending),
        (counts.refused, PaymentPart::Refused),
        (counts.abandoned, PaymentPart::Abandoned),
        (counts.paid, PaymentPart::Paid),
        (counts.refunded, PaymentPart::Refunded),
        (counts.disputed, PaymentPart::Disputed),
    ];
    for (count, asked_part) in lengths {
        assert_eq!(count as usize, of(asked_part).len(), "{asked_part:?}");
    }
}

#[tokio::test]
async fn a_payment_is_found_by_customer_invoice_card_and_transaction() {
    let world = World::demonstration(2).await;
    let fates = fates(&world).await;
    world
        .acquit
        .add_customer(customer("Garage Petitjean"))
        .unwrap();
    let mut other = invoice(&[("50", StandardRate::Intermediate)]);
    other.customer = "CL-0002".to_owned();
    let other = world.acquit.add_invoice(other).unwrap();
    let other = world.acquit.finalise(other.id).unwrap().id;
    world.acquit.sync().await.unwrap();
    assert_eq!(invoices(&asked(&world, &words("petitjean"))), [other]);
    let by_code = PaymentFilter {
        customer: Some("CL-0002".to_owned()),
        ..PaymentFilter::default()
    };
    assert_eq!(invoices(&asked(&world, &by_code)), [other]);
    let nobody = PaymentFilter {
        customer: Some("CL-9999".to_owned()),
        ..PaymentFilter::default()
    };
    assert_eq!(
        world.acquit.payments(&nobody).unwrap_err().code(),
        "unknown_customer"
    );
    for typed in ["4242", "visa", "Visa •• 4242", " VISA  4242 "] {
        let found = invoices(&asked(&world, &words(typed)));
        assert_eq!(found.len(), 2, "{typed}");
        assert!(found.contains(&fates.paid), "{typed}");
    }
    let transaction = world.payment(fates.open);
    assert_eq!(invoices(&asked(&world, &words(&transaction))), [fates.open]);
    let number = asked(&world, &words(&transaction))[0].number.to_string();
    assert!(invoices(&asked(&world, &words(&number))).contains(&fates.open));
    assert_eq!(asked(&world, &words("\" OR 1")).len(), 0);
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap_or_a_double() {
    let world = World::demonstration(3).await;
    fates(&world).await;
    let whole = asked(&world, &PaymentFilter::default());
    let mut pieces = Vec::new();
    let mut after = None;
    loop {
        let page = asked(
            &world,
            &PaymentFilter {
                limit: 2,
                after,
                ..PaymentFilter::default()
            },
        );
        let Some(last) = page.last() else { break };
        after = Some(last.link.id);
        pieces.extend(page.iter().map(|line| line.link.id));
    }
    let ids: Vec<_> = whole.iter().map(|line| line.link.id).collect();
    assert_eq!(pieces, ids);
}

#[tokio::test]
async fn a_test_payment_is_listed_without_a_receipt() {
    let world = World::trial(4, "sk_test_trial").await;
    let id = world.issue(100).id;
    world.acquit.sync().await.unwrap();
    let payment = world.payment(id);
    world.payplug.pay(&payment, "4242424242424242").unwrap();
    world.acquit.sync().await.unwrap();
    let lines = asked(&world, &part(PaymentPart::Paid));
    assert_eq!(invoices(&lines), [id]);
    assert_eq!(lines[0].link.state.code(), "paid_test");
    assert_eq!(lines[0].remaining, Cents::new(11_000));
    assert!(lines[0].card.is_none());
    assert!(world.acquit.invoice(id).unwrap().receipts.is_empty());
}

#[tokio::test]
async fn a_dispute_is_listed_with_what_the_bank_took_and_leaves_when_it_is_won() {
    let world = World::demonstration(5).await;
    let id = world.issue(100).id;
    world.acquit.sync().await.unwrap();
    world
        .payplug
        .pay(&world.payment(id), "4242424242424242")
        .unwrap();
    world.acquit.sync().await.unwrap();
    let dispute = world
        .acquit
        .record_chargeback(id, NewChargeback::default())
        .unwrap();
    let lines = asked(&world, &part(PaymentPart::Disputed));
    assert_eq!(invoices(&lines), [id]);
    assert_eq!(lines[0].given_back, Cents::new(11_000));
    let dispute = dispute.chargebacks[0].chargeback.id;
    world
        .acquit
        .close_chargeback(id, dispute, ChargebackOutcome::Won, None)
        .unwrap();
    assert_eq!(asked(&world, &part(PaymentPart::Disputed)).len(), 0);
    let lines = asked(&world, &part(PaymentPart::Paid));
    assert_eq!(lines[0].given_back, Cents::ZERO);
}

#[tokio::test]
async fn a_link_that_replaces_one_the_customer_holds_says_so_until_it_leaves() {
    let world = World::demonstration(6).await;
    let id = world.issue(100).id;
    world.acquit.sync().await.unwrap();
    world.acquit.carried(id).unwrap();
    let first = world.payment(id);
    world.payplug.refuse(&first, "card_declined", true).unwrap();
    world.acquit.sync().await.unwrap();
    world.acquit.prepare_link(id).await.unwrap();
    let open = asked(&world, &part(PaymentPart::Pending));
    assert_eq!(invoices(&open), [id]);
    assert!(open[0].to_send_again);
    let mark = world.acquit.event_mark().unwrap();
    world.acquit.sync().await.unwrap();
    assert_eq!(world.acquit.event_mark().unwrap(), mark, "nothing new");
    world.acquit.carried(id).unwrap();
    assert!(!asked(&world, &part(PaymentPart::Pending))[0].to_send_again);
}
