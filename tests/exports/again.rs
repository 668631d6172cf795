//! A batch written again is what the accountant has, or it is refused.

use acquit_app::{Format, Journal};
use acquit_tests::World;

use super::{Cabinet, FEC, again, all, batches, by_cheque, exported, holds, letters, raw, world};

#[tokio::test]
async fn letters_made_since_do_not_change_a_batch() {
    let world = world(1).await;
    let cabinet = Cabinet::open();
    let id = world.issue(200).id;
    let (first, sale) = exported(&world.acquit, &cabinet.path(FEC));
    by_cheque(&world, id, 22_000, false).await.unwrap();
    // Invoice and payment share a letter now, in two batches: neither says it.
    assert_eq!(again(&world.acquit, first.batch), sale);
    let (second, payment) = exported(&world.acquit, &cabinet.path(FEC));
    assert_ne!(payment, sale);
    assert!(letters(&payment).iter().all(String::is_empty));
    // What is lettered whole stays so in its batch, even if more comes in afterwards.
    let other = world.issue(100).id;
    by_cheque(&world, other, 11_000, false).await.unwrap();
    let (third, whole) = exported(&world.acquit, &cabinet.path(FEC));
    assert_eq!(
        letters(&whole)
            .iter()
            .filter(|code| !code.is_empty())
            .count(),
        2
    );
    by_cheque(&world, other, 5_000, true).await.unwrap();
    for (batch, bytes) in [(first, &sale), (second, &payment), (third, &whole)] {
        assert_eq!(again(&world.acquit, batch.batch), *bytes);
    }
    holds(&world.acquit);
}

#[tokio::test]
async fn every_format_and_a_single_journal_are_had_again_under_any_name() {
    let mut world = world(2).await;
    let cabinet = Cabinet::open();
    let id = world.issue(200).id;
    by_cheque(&world, id, 22_000, false).await.unwrap();
    let csv = cabinet.path("ecritures.csv");
    let sales = world
        .acquit
        .export(Format::Csv, all(), Some(Journal::Sales), &csv)
        .unwrap();
    let bytes = std::fs::read(&csv).unwrap();
    world.restart();
    let renamed = cabinet.path("encore.csv");
    let told = world.acquit.export_again(sales.batch, &renamed).unwrap();
    assert_eq!(std::fs::read(&renamed).unwrap(), bytes);
    assert_eq!(
        (told.format, told.journal),
        (Format::Csv, Some(Journal::Sales))
    );
    assert_eq!(
        (told.entries, told.lines, told.debit, told.credit),
        (sales.entries, sales.lines, sales.debit, sales.credit)
    );
    // A FEC under another name is told of again.
    let (rest, _) = exported(&world.acquit, &cabinet.path(FEC));
    assert!(rest.warnings.is_empty());
    let odd = cabinet.path("export.txt");
    let told = world.acquit.export_again(rest.batch, &odd).unwrap();
    assert_eq!(told.warnings.len(), 1, "{:?}", told.warnings);
    let listed = batches(&world.acquit);
    let names: Vec<_> = listed
        .iter()
        .map(|one| (one.batch.batch, one.batch.file_name.as_deref()))
        .collect();
    assert_eq!(names, [(2, Some(FEC)), (1, Some("ecritures.csv"))]);
}

#[tokio::test]
async fn a_batch_that_would_differ_is_refused_and_nothing_is_written() {
    let world = world(3).await;
    let cabinet = Cabinet::open();
    let file = cabinet.path(FEC);
    world.issue(200);
    let (batch, bytes) = exported(&world.acquit, &file);
    tampered(&world);
    let refused = world.acquit.export_again(batch.batch, &file).unwrap_err();
    assert_eq!(refused.code(), "export_changed");
    assert_eq!(cabinet.names(), [FEC]);
    assert_eq!(std::fs::read(&file).unwrap(), bytes, "what was there stays");
}

/// Changes the label of every entry as no program of ours would.
fn tampered(world: &World) {
    raw(world)
        .execute_batch(
            "DROP TRIGGER entries_frozen_update;
             UPDATE entries SET body = json_set(body, '$.label', 'Autre chose');",
        )
        .unwrap();
}

#[tokio::test]
async fn no_batch_and_no_place_are_refused() {
    let world = world(4).await;
    let cabinet = Cabinet::open();
    let file = cabinet.path(FEC);
    let refused = world.acquit.export_again(1, &file).unwrap_err();
    assert_eq!(refused.code(), "unknown_batch");
    world.issue(200);
    // A folder is no file: nothing is recorded, so nothing is lost.
    let folder = cabinet.path("dossier");
    std::fs::create_dir(&folder).unwrap();
    let absent = cabinet.path("absent").join(FEC);
    for nowhere in [&folder, &absent] {
        let refused = world.acquit.export(Format::Fec, all(), None, nowhere);
        assert_eq!(refused.unwrap_err().code(), "file_system");
        assert!(batches(&world.acquit).is_empty());
    }
    let (batch, _) = exported(&world.acquit, &file);
    assert_eq!(batch.batch, 1);
    for nowhere in [&folder, &absent] {
        let refused = world.acquit.export_again(1, nowhere).unwrap_err();
        assert_eq!(refused.code(), "file_system");
    }
    assert_eq!(cabinet.names(), [FEC, "dossier"]);
}
