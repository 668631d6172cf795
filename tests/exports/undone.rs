//! The latest batch is undone: its entries are new again, as if it had never been.

use acquit_app::message::sentence;
use acquit_tests::World;

use super::{
    Cabinet, DAY_S, FEC, again, all, batches, by_cheque, exported, holds, letters, records, world,
};

#[tokio::test]
async fn undone_and_exported_again_it_is_the_same_file() {
    let mut world = world(11).await;
    let cabinet = Cabinet::open();
    let id = world.issue(200).id;
    by_cheque(&world, id, 22_000, false).await.unwrap();
    let (first, bytes) = exported(&world.acquit, &cabinet.path(FEC));
    assert!(letters(&bytes).iter().any(|code| !code.is_empty()));
    let row = world.acquit.undo_export(first.batch).unwrap();
    assert!(row.undone_at.is_some());
    assert_eq!((row.entries, row.debit), (first.entries, first.debit));
    assert_eq!(records(&world, "export_undone"), 1);
    let preview = world.acquit.export_preview(all(), None).unwrap();
    assert_eq!(
        preview.batch,
        first.batch + 1,
        "a batch's number is not given again"
    );
    let free: u64 = preview.journals.iter().map(|sum| sum.entries).sum();
    assert_eq!(free, first.entries);
    world.restart();
    let (second, same) = exported(&world.acquit, &cabinet.path(FEC));
    assert_eq!((second.batch, same), (first.batch + 1, bytes.clone()));
    assert_eq!(again(&world.acquit, second.batch), bytes);
    let told: Vec<_> = batches(&world.acquit)
        .iter()
        .map(|one| {
            let undone = one.batch.undone_at.is_some();
            (one.batch.batch, undone, one.can_be_undone)
        })
        .collect();
    assert_eq!(told, [(2, false, true), (1, true, false)]);
    holds(&world.acquit);
}

#[tokio::test]
async fn what_may_not_be_undone_is_refused_and_changes_nothing() {
    let world = world(12).await;
    let cabinet = Cabinet::open();
    let file = cabinet.path(FEC);
    let code = |batch: u64| world.acquit.undo_export(batch).unwrap_err().code();
    assert_eq!(code(1), "unknown_batch");
    let mut written = Vec::new();
    for euros in [100, 200, 300] {
        world.issue(euros);
        written.push(exported(&world.acquit, &file).1);
    }
    let refused = world.acquit.undo_export(1).unwrap_err();
    assert_eq!(refused.code(), "not_the_latest_batch");
    let said = sentence(&refused).fr;
    assert!(said.contains("annulez d’abord le lot n° 3"), "{said}");
    for (batch, bytes) in (1..).zip(&written) {
        assert_eq!(again(&world.acquit, batch), *bytes);
    }
    assert_eq!(records(&world, "export_undone"), 0);

    // One after the other, from the latest on; each once.
    world.acquit.undo_export(3).unwrap();
    assert_eq!(code(3), "batch_undone");
    let refused = world.acquit.export_again(3, &file).unwrap_err();
    assert_eq!(refused.code(), "batch_undone");
    assert_eq!(code(1), "not_the_latest_batch");
    world.acquit.undo_export(2).unwrap();
    assert_eq!(again(&world.acquit, 1), written[0]);
    let (fourth, _) = exported(&world.acquit, &file);
    assert_eq!((fourth.batch, fourth.entries), (4, 2));
    assert_eq!(records(&world, "export_undone"), 2);
    holds(&world.acquit);
}

/// An invoice that is paid in full, exported, and then paid once more by mistake.
async fn paid_twice(world: &World, with_export: bool) -> Vec<u8> {
    let cabinet = Cabinet::open();
    let id = world.issue(200).id;
    by_cheque(world, id, 22_000, false).await.unwrap();
    if with_export {
        let (batch, bytes) = exported(&world.acquit, &cabinet.path(FEC));
        assert_eq!(
            letters(&bytes)
                .iter()
                .filter(|code| !code.is_empty())
                .count(),
            2
        );
        world.advance(DAY_S);
        by_cheque(world, id, 5_000, true).await.unwrap();
        assert_eq!(again(&world.acquit, batch.batch), bytes);
        world.acquit.undo_export(batch.batch).unwrap();
    } else {
        world.advance(DAY_S);
        by_cheque(world, id, 5_000, true).await.unwrap();
    }
    exported(&world.acquit, &cabinet.path(FEC)).1
}

#[tokio::test]
async fn a_letter_that_only_an_export_kept_goes_with_it() {
    // What an export says stays; once it says nothing more, today's facts decide.
    let (with, without) = (world(13).await, world(13).await);
    let (undone, never) = (
        paid_twice(&with, true).await,
        paid_twice(&without, false).await,
    );
    assert!(letters(&never).iter().all(String::is_empty));
    assert_eq!(undone, never);
    holds(&with.acquit);
}

#[tokio::test]
async fn another_program_sees_the_undoing_and_neither_exports_twice() {
    let mut world = world(14).await;
    let cabinet = Cabinet::open();
    let file = cabinet.path(FEC);
    world.issue(200);
    let other = world.another_handle();
    let (batch, bytes) = exported(&world.acquit, &file);
    let nothing = other.export(acquit_app::Format::Fec, all(), None, &file);
    assert_eq!(nothing.unwrap_err().code(), "nothing_to_export");
    assert_eq!(
        std::fs::read(&file).unwrap(),
        bytes,
        "a refusal removes no file"
    );
    other.undo_export(batch.batch).unwrap();
    let refused = world.acquit.undo_export(batch.batch).unwrap_err();
    assert_eq!(refused.code(), "batch_undone");
    assert_eq!(exported(&world.acquit, &file).1, bytes);
}
