//! The invoices of a batch go along in one ZIP: all of them and no other, the same bytes each time, and nothing at all
//! where the export does not come to its end.

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use acquit_app::message::sentence;
use acquit_app::{
    Acquit, Boundary, Error, ExportSummary, Format, Journal, PdfProgress, PdfsWritten, WithPdfs,
};
use acquit_tests::zipped::unzipped;
use jiff::civil::date;

use super::{Cabinet, DAY_S, FEC, all, batches, by_cheque, exported, holds, world};

const ZIP: &str = "factures.zip";

fn go_on(_: PdfProgress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn with_pdfs(acquit: &Acquit, file: &Path, zip: &Path) -> Result<ExportSummary, Error> {
    let pdfs = WithPdfs {
        file: zip,
        told: &go_on,
    };
    acquit.export_with_pdfs(Format::Fec, all(), None, file, &pdfs)
}

#[tokio::test]
async fn the_zip_holds_each_document_of_the_batch_and_no_other() {
    let world = world(41).await;
    let cabinet = Cabinet::open();
    world.issue(100);
    exported(&world.acquit, &cabinet.path("avant.txt"));
    let paid = world.issue(200).id;
    let credited = world.issue(300).id;
    by_cheque(&world, paid, 22_000, false).await.unwrap();
    world.acquit.cancel(credited).await.unwrap();
    assert_eq!(
        world.acquit.export_preview(all(), None).unwrap().documents,
        3
    );

    let (file, zip) = (cabinet.path(FEC), cabinet.path(ZIP));
    let summary = with_pdfs(&world.acquit, &file, &zip).unwrap();
    let expected = PdfsWritten {
        file: zip.clone(),
        documents: 3,
    };
    assert_eq!(summary.pdfs, Some(expected));
    let files = unzipped(&std::fs::read(&zip).unwrap());
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["A-2026-00001.pdf", "F-2026-00002.pdf", "F-2026-00003.pdf"]
    );
    for (name, bytes) in &files {
        assert!(bytes.starts_with(b"%PDF-"), "{name}");
    }
    assert_eq!(cabinet.names(), [FEC, "avant.txt", ZIP], "no draft is left");
    let row = &batches(&world.acquit)[0].batch;
    assert_eq!((row.pdf_name.as_deref(), row.pdfs), (Some(ZIP), 3));
    holds(&world.acquit);

    // Had again: the same export, and the same PDFs as long as nothing happens to the invoices.
    let (file_again, zip_again) = (cabinet.path("encore.txt"), cabinet.path("encore.zip"));
    let pdfs = WithPdfs {
        file: &zip_again,
        told: &go_on,
    };
    let again = world
        .acquit
        .export_again_with_pdfs(2, &file_again, &pdfs)
        .unwrap();
    assert_eq!(again.pdfs.map(|pdfs| pdfs.documents), Some(3));
    assert_eq!(
        std::fs::read(&file).unwrap(),
        std::fs::read(&file_again).unwrap()
    );
    assert_eq!(
        std::fs::read(&zip).unwrap(),
        std::fs::read(&zip_again).unwrap()
    );
}

#[tokio::test]
async fn a_batch_without_an_invoice_has_no_zip_and_says_so() {
    let world = world(42).await;
    let id = world.issue(200).id;
    let cabinet = Cabinet::open();
    exported(&world.acquit, &cabinet.path(FEC));
    world.advance(DAY_S);
    by_cheque(&world, id, 22_000, false).await.unwrap();
    let summary = with_pdfs(&world.acquit, &cabinet.path("deux.txt"), &cabinet.path(ZIP)).unwrap();
    assert_eq!(summary.pdfs, None);
    let told: Vec<&str> = summary.warnings.iter().map(|one| one.fr.as_str()).collect();
    assert!(
        told.iter().any(|one| one.contains("pas de ZIP")),
        "{told:?}"
    );
    assert_eq!(cabinet.names(), [FEC, "deux.txt"]);
    assert_eq!(batches(&world.acquit)[0].batch.pdf_name, None);
    // A journal without sales takes none along either.
    world.issue(100);
    let treasury = world
        .acquit
        .export_preview(all(), Some(Journal::Bank))
        .unwrap();
    assert_eq!(treasury.documents, 0);
}

#[tokio::test]
async fn progress_is_told_and_who_stops_it_leaves_nothing() {
    let world = world(43).await;
    for euros in [100, 200, 300] {
        world.issue(euros);
    }
    let cabinet = Cabinet::open();
    let (file, zip) = (cabinet.path(FEC), cabinet.path(ZIP));
    for last in 0..=3 {
        let stop = |progress: PdfProgress| {
            if progress.done == last {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let pdfs = WithPdfs {
            file: &zip,
            told: &stop,
        };
        let stopped = world
            .acquit
            .export_with_pdfs(Format::Fec, all(), None, &file, &pdfs)
            .unwrap_err();
        assert_eq!(stopped.code(), "export_stopped");
        assert!(sentence(&stopped).fr.contains("aucun fichier n’a été créé"));
        assert_eq!(
            cabinet.names(),
            Vec::<String>::new(),
            "stopped after {last}"
        );
        assert!(batches(&world.acquit).is_empty());
    }
    let told = RefCell::new(Vec::new());
    let tell = |progress: PdfProgress| {
        told.borrow_mut().push((progress.done, progress.all));
        ControlFlow::Continue(())
    };
    let pdfs = WithPdfs {
        file: &zip,
        told: &tell,
    };
    let asked = (Format::Fec, date(2026, 11, 30));
    world
        .acquit
        .export_with_pdfs(asked.0, asked.1, None, &file, &pdfs)
        .unwrap();
    assert_eq!(told.into_inner(), [(0, 3), (1, 3), (2, 3), (3, 3)]);
    holds(&world.acquit);
}

#[tokio::test]
async fn an_invoice_that_is_issued_while_the_pdfs_are_made_is_among_them() {
    let mut world = world(44).await;
    world.issue(100);
    let other = world.another_handle();
    let cabinet = Cabinet::open();
    let (file, zip) = (cabinet.path(FEC), cabinet.path(ZIP));
    let first = Cell::new(true);
    let meanwhile = |_: PdfProgress| {
        if first.replace(false) {
            let draft = acquit_tests::invoice(&[("50", acquit_domain::vat::StandardRate::Normal)]);
            let draft = other.add_invoice(draft).unwrap();
            other.finalise(draft.id).unwrap();
        }
        ControlFlow::Continue(())
    };
    let pdfs = WithPdfs {
        file: &zip,
        told: &meanwhile,
    };
    let summary = world
        .acquit
        .export_with_pdfs(Format::Fec, all(), None, &file, &pdfs)
        .unwrap();
    assert_eq!((summary.entries, summary.pdfs.unwrap().documents), (2, 2));
    assert_eq!(unzipped(&std::fs::read(&zip).unwrap()).len(), 2);
}

#[tokio::test]
async fn what_stops_the_export_takes_the_zip_with_it() {
    let mut world = world(45).await;
    world.issue(100);
    let cabinet = Cabinet::open();
    let (file, zip) = (cabinet.path(FEC), cabinet.path(ZIP));
    let same = with_pdfs(&world.acquit, &file, &file).unwrap_err();
    assert_eq!(
        (same.code(), same.field()),
        ("one_file_for_two", Some("pdfs"))
    );
    let nowhere = cabinet.path("absent").join(ZIP);
    assert!(with_pdfs(&world.acquit, &file, &nowhere).is_err());
    assert_eq!(cabinet.names(), Vec::<String>::new());
    assert!(batches(&world.acquit).is_empty());

    let dies = |boundary| assert_ne!(boundary, Boundary::BeforeCommit);
    assert!(world.acquit.observe_transactions(Box::new(dies)));
    let export = || with_pdfs(&world.acquit, &file, &zip).map(|_| ());
    assert!(catch_unwind(AssertUnwindSafe(export)).is_err());
    world.restart();
    assert!(batches(&world.acquit).is_empty());
    assert!(!file.exists() && !zip.exists());

    with_pdfs(&world.acquit, &file, &zip).unwrap();
    let nothing = with_pdfs(&world.acquit, &file, &zip).unwrap_err();
    assert_eq!(nothing.code(), "nothing_to_export");
    assert_eq!(cabinet.names(), [FEC, ZIP], "a refusal removes no file");
    world.acquit.undo_export(1).unwrap();
    let pdfs = WithPdfs {
        file: &zip,
        told: &go_on,
    };
    let undone = world.acquit.export_again_with_pdfs(1, &file, &pdfs);
    assert_eq!(undone.unwrap_err().code(), "batch_undone");
    holds(&world.acquit);
}
