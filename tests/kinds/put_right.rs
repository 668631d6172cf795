//! Credit notes with lines, duplicates and corrections.

use acquit_app::{Document, InvoiceView, Kind};
use acquit_domain::invoice::{Draft, DraftKind};
use acquit_domain::receipt::Status;
use acquit_tests::World;

use super::{accounts, balances, by_card, cents, done, draft, holds, issued, paper, refused, view};

fn as_draft(view: &InvoiceView) -> &Draft {
    match &view.document {
        Document::Draft { draft, .. } => draft,
        Document::Finalised(_) => panic!("finalised"),
    }
}

#[tokio::test]
async fn a_credit_note_with_lines_takes_the_link_back_and_asks_for_the_rest() {
    let world = World::demonstration(511).await;
    let invoice = world.issue(1_000);
    world.acquit.sync().await.unwrap();
    let page = world.payment(invoice.id);
    let note = issued(&world, draft(Kind::CreditNote, "200", &[&invoice])).await;
    assert_eq!(paper(&note).totals.gross, cents(22_000));
    let old = world.payplug.pay(&page, super::CARD);
    assert!(old.is_err(), "the page for the whole is closed");
    by_card(&world, invoice.id, 88_000).await;
    let (code, _) = refused(&world, draft(Kind::CreditNote, "800.01", &[&invoice]));
    assert_eq!(code, "more_than_left_at_rate");
    let books = [("445712", -8_000), ("512700", 88_000), ("704000", -80_000)];
    assert_eq!(balances(&world), accounts(&books));
    holds(&world);
}

#[tokio::test]
async fn a_refused_credit_note_leaves_the_link_open() {
    let world = World::demonstration(512).await;
    let invoice = world.issue(1_000);
    world.acquit.sync().await.unwrap();
    let note = draft(Kind::CreditNote, "600", &[&invoice]);
    let [first, second] = [(); 2].map(|()| world.acquit.add_invoice(note.clone()).unwrap().id);
    world.acquit.issue(first).await.unwrap();
    world.acquit.sync().await.unwrap();
    let page = world.payment(invoice.id);
    let late = world.acquit.issue(second).await.unwrap_err();
    assert_eq!(late.code(), "more_than_left_at_rate");
    let link = view(&world, invoice.id).link.unwrap();
    assert_eq!(link.state.code(), "open");
    assert_eq!(world.payment(invoice.id), page, "the same page is open");
    by_card(&world, invoice.id, 44_000).await;
    holds(&world);
}

#[tokio::test]
async fn a_correction_cancels_and_says_the_same_again() {
    let world = World::demonstration(513).await;
    let deposit = issued(&world, draft(Kind::Deposit, "300", &[])).await;
    by_card(&world, deposit.id, 33_000).await;
    let first = done(draft(Kind::Progress, "1000", &[&deposit]), "50");
    let first = issued(&world, first).await;
    world.acquit.sync().await.unwrap();
    let page = world.payment(first.id);
    let again = view(&world, world.acquit.correct(first.id).await.unwrap());
    let gone = view(&world, first.id);
    assert_eq!(gone.standing.status, Status::Cancelled);
    assert!(world.payplug.pay(&page, super::CARD).is_err());
    let kind = DraftKind::Progress {
        follows: vec![deposit.id],
    };
    let same = as_draft(&again);
    assert_eq!((&same.kind, &same.content), (&kind, &paper(&first).content));
    assert_eq!((same.issue_date, again.obstacles.len()), (None, 0));
    let put_right = world.acquit.issue(again.id).await.unwrap();
    by_card(&world, put_right.id, 22_000).await;
    let twice = world.acquit.correct(first.id).await.unwrap_err();
    assert_eq!(twice.code(), "already_cancelled");
    let books = [("445712", -5_000), ("512700", 55_000), ("704000", -50_000)];
    assert_eq!(balances(&world), accounts(&books));
    holds(&world);
}

#[tokio::test]
async fn a_duplicate_is_free_of_what_the_document_followed() {
    let world = World::demonstration(514).await;
    let first = issued(&world, done(draft(Kind::Progress, "1000", &[]), "50")).await;
    let next = world.acquit.next_situation(first.id).unwrap();
    let next = view(&world, next);
    assert_eq!(
        (next.kind(), next.standing.remaining),
        (Kind::Progress, cents(0))
    );
    for of in [first.id, next.id] {
        let copy = view(&world, world.acquit.duplicate(of).unwrap());
        assert_eq!((copy.kind(), copy.refers_to.len()), (Kind::Invoice, 0));
        assert_eq!(copy.standing.remaining, cents(110_000));
    }
    let deposit = issued(&world, draft(Kind::Deposit, "300", &[])).await;
    let copy = view(&world, world.acquit.duplicate(deposit.id).unwrap());
    assert_eq!(copy.kind(), Kind::Deposit);
    let wrong = world.acquit.next_situation(deposit.id).unwrap_err();
    assert_eq!(wrong.code(), "not_deductible");
    holds(&world);
}
