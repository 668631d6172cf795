//! Renditions that left: kept by hash, told in order, the same bytes again, and a changed one is found.

use acquit_app::{Mark, Sha256Hex, Way};
use acquit_domain::id::InvoiceId;
use acquit_tests::{World, invoice};

use super::decided::{broken, plant};
use super::{holds, settle};

async fn leaves(world: &World, id: InvoiceId, duplicate: bool) -> (Sha256Hex, Vec<u8>) {
    let printed = world.acquit.printed(id, duplicate).await.unwrap();
    world.acquit.rendition_left(&printed, Way::File).unwrap();
    (printed.sha256, printed.bytes)
}

fn marks(world: &World, id: InvoiceId) -> Vec<Vec<Mark>> {
    let left = world.acquit.renditions_of(id).unwrap().into_iter();
    left.map(|rendition| rendition.marks).collect()
}

#[tokio::test]
async fn each_rendition_that_left_is_kept_as_it_left() {
    let world = World::trial(311, "sk_live_renditions").await;
    let id = world.issue(200).id;
    world.acquit.sync().await.unwrap();
    let (first, asked) = leaves(&world, id, false).await;
    let (again, _) = leaves(&world, id, false).await;
    assert_eq!(first, again, "nothing happened in between");
    let (duplicate, _) = leaves(&world, id, true).await;
    assert_ne!(first, duplicate);
    settle(&world, id).await;
    let (settled, _) = leaves(&world, id, false).await;
    assert_eq!(
        marks(&world, id),
        [
            vec![Mark::Original, Mark::Trial],
            vec![Mark::Original, Mark::Trial],
            vec![Mark::Duplicate, Mark::Trial],
            vec![Mark::Settled, Mark::Trial],
        ]
    );
    let left = world.acquit.renditions_of(id).unwrap();
    let hashes: Vec<_> = left.iter().map(|one| one.sha256.clone()).collect();
    assert_eq!(hashes, [first.clone(), again, duplicate, settled]);
    assert_eq!(world.acquit.rendition(&first).unwrap(), asked);
    // What is only made, and never written, has not left.
    world.acquit.printed(id, true).await.unwrap();
    assert_eq!(marks(&world, id).len(), 4);
    let unknown = Sha256Hex::of_digest(&[7; 32]);
    let refused = world.acquit.rendition(&unknown).unwrap_err();
    assert_eq!(refused.code(), "unknown_rendition");
    holds(&world);
}

#[tokio::test]
async fn a_draft_is_provisional_and_has_no_duplicate() {
    let world = World::demonstration(312).await;
    let lines = [("100", acquit_domain::vat::StandardRate::Normal)];
    let id = world.acquit.add_invoice(invoice(&lines)).unwrap().id;
    leaves(&world, id, false).await;
    assert_eq!(
        marks(&world, id),
        [[Mark::Provisional, Mark::Demonstration]]
    );
    let refused = world.acquit.printed(id, true).await.unwrap_err();
    assert_eq!(refused.code(), "still_a_draft");
    holds(&world);
}

#[tokio::test]
async fn a_kept_rendition_that_was_changed_is_found_and_not_given_out() {
    let world = World::demonstration(313).await;
    let id = world.issue(200).id;
    let (sha256, _) = leaves(&world, id, false).await;
    holds(&world);
    plant(
        &world,
        "DROP TRIGGER renditions_frozen_update; UPDATE renditions SET bytes = x'255044462d'",
    );
    let refused = world.acquit.rendition(&sha256).unwrap_err();
    assert_eq!(refused.code(), "changed_rendition");
    assert_eq!(broken(&world), "4 renditions");
}
