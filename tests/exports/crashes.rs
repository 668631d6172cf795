//! The program dies while it exports or undoes: no entry is exported twice, and none is lost.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use acquit_app::message::sentence;
use acquit_app::{Acquit, Boundary, Format};
use acquit_tests::World;

use super::{Cabinet, FEC, again, all, batches, exported, holds, records, world};

/// From now on the program dies at one end of the next transaction that changes something.
fn dies_at(acquit: &Acquit, at: Boundary) {
    let dies = move |boundary| assert_ne!(boundary, at, "the program dies here");
    assert!(acquit.observe_transactions(Box::new(dies)));
}

/// Exports until it dies.
fn export_and_die(acquit: &Acquit, at: Boundary, file: &Path) {
    dies_at(acquit, at);
    let export = || acquit.export(Format::Fec, all(), None, file).map(|_| ());
    assert!(catch_unwind(AssertUnwindSafe(export)).is_err());
}

/// The bytes that an export that nothing stops writes in a world of that seed.
async fn undisturbed(seed: u64) -> Vec<u8> {
    let world = issued(seed).await;
    exported(&world.acquit, &Cabinet::open().path(FEC)).1
}

async fn issued(seed: u64) -> World {
    let world = world(seed).await;
    world.issue(200);
    world
}

#[tokio::test]
async fn before_the_commit_nothing_was_exported() {
    let bytes = undisturbed(21).await;
    let mut world = issued(21).await;
    let cabinet = Cabinet::open();
    let file = cabinet.path(FEC);
    export_and_die(&world.acquit, Boundary::BeforeCommit, &file);
    world.restart();
    assert!(batches(&world.acquit).is_empty());
    assert!(!file.exists());
    let (batch, written) = exported(&world.acquit, &file);
    assert_eq!((batch.batch, written), (1, bytes));
    assert_eq!(cabinet.names(), [FEC]);
}

#[tokio::test]
async fn after_the_commit_the_batch_stands_and_its_file_is_had_again() {
    let bytes = undisturbed(22).await;
    let mut world = issued(22).await;
    let cabinet = Cabinet::open();
    let file = cabinet.path(FEC);
    export_and_die(&world.acquit, Boundary::AfterCommit, &file);
    assert!(
        !file.exists(),
        "the file gets its name after the batch is recorded"
    );
    world.restart();
    let nothing = world.acquit.export(Format::Fec, all(), None, &file);
    assert_eq!(nothing.unwrap_err().code(), "nothing_to_export");
    assert_eq!(batches(&world.acquit).len(), 1);
    assert_eq!(again(&world.acquit, 1), bytes);
    holds(&world.acquit);
}

#[tokio::test]
async fn a_file_that_gets_no_name_is_told_and_its_batch_stands() {
    let bytes = undisturbed(25).await;
    let mut world = issued(25).await;
    let cabinet = Cabinet::open();
    let (file, in_the_way) = (cabinet.path(FEC), cabinet.path(FEC));
    // A folder takes the name between the commit and the renaming.
    let observed = world.acquit.observe_transactions(Box::new(move |boundary| {
        if boundary == Boundary::AfterCommit {
            std::fs::create_dir(&in_the_way).unwrap();
        }
    }));
    assert!(observed);
    let told = world.acquit.export(Format::Fec, all(), None, &file);
    let told = told.unwrap_err();
    assert_eq!(told.code(), "export_not_placed");
    let said = sentence(&told).fr;
    assert!(said.contains("Le lot n° 1 est enregistré"), "{said}");
    assert_eq!(cabinet.names(), [FEC], "no draft is left beside the folder");
    world.restart();
    std::fs::remove_dir(&file).unwrap();
    assert_eq!(batches(&world.acquit).len(), 1);
    world.acquit.export_again(1, &file).unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), bytes);
}

#[tokio::test]
async fn what_a_killed_program_left_beside_the_file_is_in_nobodys_way() {
    let world = issued(23).await;
    let cabinet = Cabinet::open();
    let file = cabinet.path(FEC);
    let left = cabinet.path(&format!("{FEC}.lot-1.partial"));
    std::fs::write(&left, b"half a fi").unwrap();
    let (batch, bytes) = exported(&world.acquit, &file);
    assert_eq!(cabinet.names(), [FEC]);
    std::fs::write(&left, b"half a fi").unwrap();
    world.acquit.export_again(batch.batch, &file).unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), bytes);
    assert_eq!(cabinet.names(), [FEC]);
}

#[tokio::test]
async fn an_undoing_is_whole_or_not_at_all() {
    for (at, is_undone) in [
        (Boundary::BeforeCommit, false),
        (Boundary::AfterCommit, true),
    ] {
        let mut world = issued(24).await;
        let (batch, bytes) = exported(&world.acquit, &Cabinet::open().path(FEC));
        dies_at(&world.acquit, at);
        let undo = || world.acquit.undo_export(batch.batch).map(|_| ());
        assert!(catch_unwind(AssertUnwindSafe(undo)).is_err());
        world.restart();
        assert_eq!(records(&world, "export_undone"), u64::from(is_undone));
        holds(&world.acquit);
        let same = if is_undone {
            exported(&world.acquit, &Cabinet::open().path(FEC)).1
        } else {
            again(&world.acquit, batch.batch)
        };
        assert_eq!(same, bytes);
    }
}
