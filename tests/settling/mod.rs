//! What does not match an invoice, decided on, and cheques taken to the bank: through the services, over a
//! real file, with amounts worked out by hand.

use acquit_app::{InvoiceView, NewReceipt};
use acquit_domain::adjustment::Adjustment;
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::{Deduction, DeductionKind, DeductionValue};
use acquit_domain::link::FileNature;
use acquit_domain::quantity::Percent;
use acquit_domain::receipt::{PaymentMeans, Status};
use acquit_domain::vat::StandardRate;
use acquit_domain::{Cents, Rule};
use acquit_tests::books::{accounts, balances, holds};
use acquit_tests::{World, invoice};

async fn world() -> World {
    World::unconnected(7, FileNature::Real).await
}

/// An invoice of one line at 10 %.
fn issued(world: &World, net: &str) -> InvoiceId {
    let draft = invoice(&[(net, StandardRate::Intermediate)]);
    let id = world.acquit.add_invoice(draft).unwrap().id;
    world.acquit.finalise(id).unwrap().id
}

async fn received(world: &World, id: InvoiceId, cents: i64, means: PaymentMeans) -> InvoiceView {
    let receipt = NewReceipt {
        amount: Cents::new(cents),
        means,
        date: None,
        overpayment: true,
    };
    world.acquit.add_receipt(id, receipt).await.unwrap()
}

async fn decided(world: &World, id: InvoiceId, adjustment: Adjustment, cents: i64) -> InvoiceView {
    let amount = Cents::new(cents);
    let adjusted = world.acquit.adjust(id, adjustment, amount, None).await;
    adjusted.unwrap()
}

async fn refused(world: &World, id: InvoiceId, adjustment: Adjustment, cents: i64) -> Rule {
    let amount = Cents::new(cents);
    match world.acquit.adjust(id, adjustment, amount, None).await {
        Err(acquit_app::Error::Broken(broken)) => broken.rule,
        other => panic!("{other:?}"),
    }
}

/// 1 100.00 incl. VAT; 1 103.00 came; the 100.00 of VAT fell due and no more.
#[tokio::test]
async fn an_overpayment_is_given_back_or_kept() {
    let world = world().await;
    let back = Adjustment::Returned {
        means: PaymentMeans::Transfer,
    };
    for adjustment in [back, Adjustment::Kept] {
        let id = issued(&world, "1000.00");
        received(&world, id, 110_300, PaymentMeans::Transfer).await;
        let credit = Cents::new(300);
        let too_much = refused(&world, id, adjustment, 301).await;
        assert_eq!(too_much, Rule::MoreThanOverpaid { credit });
        let after = decided(&world, id, adjustment, 300).await.standing;
        assert_eq!(
            (after.status, after.customer_credit),
            (Status::Settled, Cents::ZERO)
        );
        holds(&world);
    }
    assert_eq!(
        balances(&world),
        accounts(&[
            ("704000", -200_000),
            ("445712", -20_000),
            ("512000", 220_300),
            ("419700", -300),
        ])
    );
}

/// 93.00 paid too much on one invoice pay part of another of 220.00 incl. VAT: VAT 20.00 × 93 ÷ 220 = 8.45.
#[tokio::test]
async fn an_overpayment_pays_another_invoice_of_the_customer() {
    let world = world().await;
    let (from, target) = (issued(&world, "100.00"), issued(&world, "200.00"));
    received(&world, from, 20_300, PaymentMeans::Transfer).await;
    let targets = world.acquit.set_off_targets(from).unwrap();
    assert_eq!(
        targets.iter().map(|one| one.id).collect::<Vec<_>>(),
        [target]
    );
    let set_off = Adjustment::SetOff { target };
    decided(&world, from, set_off, 9_300).await;
    holds(&world);
    let paid = world.acquit.invoice(target).unwrap().standing;
    assert_eq!(
        (paid.status, paid.remaining),
        (Status::PartlyPaid, Cents::new(12_700))
    );
    assert_eq!(
        balances(&world),
        accounts(&[
            ("411000", 12_700),
            ("704000", -30_000),
            ("445712", -1_845),
            ("445742", -1_155),
            ("512000", 20_300),
        ])
    );
    received(&world, target, 12_700, PaymentMeans::Cash).await;
    holds(&world);
}

/// 3 cents missing of 699.09: all of the VAT is due, and nothing is left on 411.
#[tokio::test]
async fn a_few_cents_are_given_up_and_more_is_not() {
    let world = world().await;
    let id = issued(&world, "635.54");
    received(&world, id, 69_906, PaymentMeans::Cheque).await;
    let settled = decided(&world, id, Adjustment::Missing, 3).await;
    assert_eq!(settled.standing.status, Status::Settled);
    let other = issued(&world, "100.00");
    received(&world, other, 10_000, PaymentMeans::Cheque).await;
    assert!(matches!(
        refused(&world, other, Adjustment::Missing, 1_000).await,
        Rule::NotSmall { .. }
    ));
    received(&world, other, 1_050, PaymentMeans::Cheque).await;
    decided(&world, other, Adjustment::TooMuch, 50).await;
    holds(&world);
    assert_eq!(
        balances(&world),
        accounts(&[
            ("704000", -73_554),
            ("445712", -7_355),
            ("511200", 80_956),
            ("658000", 3),
            ("758000", -50),
        ])
    );
}

#[tokio::test]
async fn a_cheque_goes_to_the_bank_once() {
    let world = world().await;
    for net in ["100.00", "200.00"] {
        let id = issued(&world, net);
        let cents = if net == "100.00" { 11_000 } else { 22_000 };
        received(&world, id, cents, PaymentMeans::Cheque).await;
    }
    let drawer: Vec<_> = world.acquit.cheques_to_deposit().unwrap();
    let receipts: Vec<_> = drawer.iter().map(|cheque| cheque.receipt).collect();
    assert_eq!(receipts.len(), 2);
    let refused = |reference: &str, receipts: &[_]| match world
        .acquit
        .deposit_cheques(reference, receipts, None)
    {
        Err(acquit_app::Error::Broken(broken)) => broken.rule,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused("REM-1", &[]), Rule::NoCheque);
    assert_eq!(
        refused("REM-1", &[receipts[0], receipts[0]]),
        Rule::NoCheque
    );
    assert_eq!(refused(" ", &receipts), Rule::Empty);
    let slip = world
        .acquit
        .deposit_cheques("REM-1", &receipts, None)
        .unwrap();
    assert_eq!((slip.amount, slip.cheques), (Cents::new(33_000), 2));
    assert_eq!(refused("REM-2", &receipts), Rule::NoCheque);
    assert_eq!(refused("REM-1", &receipts), Rule::SlipReferenceTaken);
    holds(&world);
    assert!(world.acquit.cheques_to_deposit().unwrap().is_empty());
    assert_eq!(
        balances(&world),
        accounts(&[("704000", -30_000), ("445712", -3_000), ("512000", 33_000)])
    );
}

/// 1 100.00 incl. VAT, 2 % of *compte prorata*: 22.00 never come, and all VAT is due with 1 078.00.
#[tokio::test]
async fn other_deductions_keep_no_vat_waiting() {
    let world = world().await;
    let mut draft = invoice(&[("1000.00", StandardRate::Intermediate)]);
    draft.content.deductions.push(Deduction {
        kind: DeductionKind::Prorata,
        value: DeductionValue::Percent(Percent::parse("2").unwrap()),
        release_on: None,
        bond: false,
    });
    let id = world.acquit.add_invoice(draft).unwrap().id;
    let id = world.acquit.finalise(id).unwrap().id;
    let paid = received(&world, id, 107_800, PaymentMeans::Transfer).await;
    assert_eq!(paid.standing.status, Status::Settled);
    holds(&world);
    assert_eq!(
        balances(&world),
        accounts(&[
            ("467000", 2_200),
            ("704000", -100_000),
            ("445712", -10_000),
            ("512000", 107_800),
        ])
    );
}
