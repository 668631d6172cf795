//! How documents are numbered: taken over from another program, spelled otherwise in the middle of a year,
//! and never twice the same; through the services, on a real file.

use acquit_app::{Acquit, Document, Error, InvoiceView, SeriesNumbering};
use acquit_domain::id::InvoiceId;
use acquit_domain::link::FileNature;
use acquit_domain::numbering::{Pattern, Series};
use acquit_domain::vat::StandardRate;
use acquit_tests::{World, invoice};
use jiff::civil::date;
use rusqlite::Connection;

const DAY_S: i64 = 86_400;

async fn world(seed: u64) -> World {
    World::unconnected(seed, FileNature::Demonstration).await
}

fn number(view: &InvoiceView) -> String {
    match &view.document {
        Document::Finalised(document) => document.number.to_string(),
        Document::Draft { .. } => panic!("{} is a draft", view.id),
    }
}

fn pattern(text: &str) -> Pattern {
    Pattern::parse(text).unwrap()
}

fn repattern(world: &World, series: Series, text: &str) -> Result<(), Error> {
    world.acquit.set_pattern(series, &pattern(text))
}

/// What is told of a series.
fn standing(acquit: &Acquit, series: Series) -> SeriesNumbering {
    let all = acquit.numbering().unwrap();
    all.into_iter().find(|one| one.series == series).unwrap()
}

fn next(acquit: &Acquit, series: Series) -> String {
    standing(acquit, series).next.unwrap().to_string()
}

/// The records that a file's chain holds, once everything else was found in order.
fn verified(acquit: &Acquit) -> u64 {
    let verification = acquit.verify().unwrap();
    assert!(verification.broken.is_none(), "{:?}", verification.broken);
    let records = verification.checked.iter();
    let records = records.filter(|(what, _)| *what == "audit_records");
    records.map(|(_, count)| *count).sum()
}

#[tokio::test]
async fn a_series_goes_on_where_another_program_stopped() {
    let mut world = world(1).await;
    assert_eq!(next(&world.acquit, Series::Invoice), "F-2026-00001");
    world
        .acquit
        .set_numbering_start(Series::Invoice, 43)
        .unwrap();
    assert_eq!(next(&world.acquit, Series::Invoice), "F-2026-00043");
    world.restart();
    let first = world.issue(100);
    assert_eq!(number(&first), "F-2026-00043");
    assert_eq!(number(&world.issue(200)), "F-2026-00044");
    // Credit notes were made here from the first on.
    let note = world.acquit.cancel(first.id).await.unwrap();
    assert_eq!(number(&note), "A-2026-00001");
    let now = standing(&world.acquit, Series::Invoice);
    assert_eq!((now.first, now.has_begun), (43, true));
    let records = verified(&world.acquit);

    // What has begun is settled; to say the same once more is no change.
    let refused = world.acquit.set_numbering_start(Series::Invoice, 50);
    let refused = refused.unwrap_err();
    assert_eq!(refused.code(), "numbering_begun");
    assert_eq!(refused.field(), Some("start"));
    world
        .acquit
        .set_numbering_start(Series::Invoice, 43)
        .unwrap();
    assert_eq!(verified(&world.acquit), records);

    // A new year begins at 1, and may begin elsewhere as well.
    world.advance(60 * DAY_S);
    assert_eq!(next(&world.acquit, Series::Invoice), "F-2027-00001");
    world
        .acquit
        .set_numbering_start(Series::Invoice, 7)
        .unwrap();
    assert_eq!(number(&world.issue(300)), "F-2027-00007");
    assert!(verified(&world.acquit) > records);
}

#[tokio::test]
async fn a_pattern_that_changes_within_the_year_lets_the_counter_go_on() {
    let world = world(2).await;
    let mut issued: Vec<(String, InvoiceId)> = Vec::new();
    let mut issue = |world: &World, expected: &str| {
        assert_eq!(next(&world.acquit, Series::Invoice), expected);
        let view = world.issue(100);
        assert_eq!(number(&view), expected);
        issued.push((expected.to_owned(), view.id));
    };
    issue(&world, "F-2026-00001");
    issue(&world, "F-2026-00002");
    // The same period, spelled otherwise.
    repattern(&world, Series::Invoice, "FA{AA}/{NNN}").unwrap();
    issue(&world, "FA26/003");
    // Months from now on: the counter goes on in this one, and begins anew in the next.
    repattern(&world, Series::Invoice, "M{AAAA}{MM}-{NNN}").unwrap();
    issue(&world, "M202611-004");
    world.advance(10 * DAY_S);
    issue(&world, "M202612-001");
    // Without a date it never begins anew.
    repattern(&world, Series::Invoice, "S{NNNNN}").unwrap();
    issue(&world, "S00002");
    // Back to the first pattern, and to its counter.
    repattern(&world, Series::Invoice, "F-{AAAA}-{NNNNN}").unwrap();
    issue(&world, "F-2026-00004");
    verified(&world.acquit);

    for (number, id) in &issued {
        assert_eq!(world.acquit.resolve(number).unwrap(), *id, "{number}");
        assert_eq!(world.acquit.resolve(&id.to_string()).unwrap(), *id);
    }
    let unknown = world.acquit.resolve("S00003").unwrap_err();
    assert_eq!(unknown.code(), "unknown_invoice");

    // The last date of the series is that of its last document, whatever its pattern was.
    let mut early = invoice(&[("100", StandardRate::Intermediate)]);
    early.issue_date = Some(date(2026, 12, 2));
    let draft = world.acquit.add_invoice(early).unwrap();
    let refused = world.acquit.finalise(draft.id).unwrap_err();
    assert_eq!(refused.code(), "issued_before_last");
}

#[tokio::test]
async fn a_first_number_stays_when_the_pattern_changes_before_any_document() {
    let world = world(3).await;
    world
        .acquit
        .set_numbering_start(Series::Invoice, 43)
        .unwrap();
    for (text, expected) in [
        ("{AAAA}{MM}-{NNNN}", "202611-0043"),
        ("F{NNNN}", "F0043"),
        ("{AAAA}-{NNNN}", "2026-0043"),
    ] {
        repattern(&world, Series::Invoice, text).unwrap();
        assert_eq!(next(&world.acquit, Series::Invoice), expected);
    }
    assert_eq!(number(&world.issue(100)), "2026-0043");
    verified(&world.acquit);
}

#[tokio::test]
async fn a_pattern_that_could_give_a_number_twice_is_refused_and_changes_nothing() {
    let world = world(4).await;
    world.issue(100);
    repattern(&world, Series::Invoice, "G-{AAAA}-{NNNNN}").unwrap();
    let before = (world.acquit.numbering().unwrap(), verified(&world.acquit));
    for (series, text, code) in [
        // What credit notes and deposits are spelled like now.
        (Series::Invoice, "A-{AAAA}-{NNN}", "like_another_series"),
        (Series::Deposit, "a-{AAAA}-{NNNNN}", "like_another_series"),
        (Series::CreditNote, "G-{AAAA}-{N}", "like_another_series"),
        // What the first invoice was spelled like.
        (Series::CreditNote, "F-{AAAA}-{NNNNN}", "number_given"),
        (Series::Invoice, "F-2026-{NNNNN}", "number_given"),
    ] {
        let refused = repattern(&world, series, text).unwrap_err();
        assert_eq!(refused.code(), code, "{text}");
        assert_eq!(refused.field(), Some("pattern"), "{text}");
    }
    let after = (world.acquit.numbering().unwrap(), verified(&world.acquit));
    assert_eq!(after, before);
    // The series' own former pattern gives it no number again.
    repattern(&world, Series::Invoice, "F-{AAAA}-{NNNNN}").unwrap();
    assert_eq!(number(&world.issue(100)), "F-2026-00002");
}

#[tokio::test]
async fn gaps_are_told_from_where_a_counter_begins() {
    let world = world(5).await;
    world
        .acquit
        .set_numbering_start(Series::Invoice, 43)
        .unwrap();
    world.issue(100);
    verified(&world.acquit);
    // Other hands pretend that a number before was given here.
    let file = Connection::open(world.acquit.path()).unwrap();
    file.execute("UPDATE numbering_starts SET first = 42", [])
        .unwrap();
    let broken = world.acquit.verify().unwrap().broken.unwrap();
    assert_eq!(broken.invariant, "4 numbers");
    assert_eq!(broken.what, "F-2026-00042");
    // Once the pattern counts otherwise, the place is told.
    repattern(&world, Series::Invoice, "F{NNN}").unwrap();
    let broken = world.acquit.verify().unwrap().broken.unwrap();
    assert_eq!(broken.what, "invoice 2026 42");
}
