//! Lists of invoices: read page by page, and searched.

use acquit_domain::receipt::Status;
use acquit_store::{Asked, Error, FILE_NAME, ListFilter};
use jiff::civil::date;
use rusqlite::Connection;

use crate::{as_draft, draft, filled};

#[test]
fn lists_go_page_by_page_without_loss_and_by_index() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let filled: Result<(), Error> = file.write(|writer| {
        (0..250).try_for_each(|number| writer.insert_draft(&draft(number), &as_draft(), "draft"))
    });
    filled.unwrap();
    for (asked, expected) in [
        (Asked::All, 251),
        (Asked::Status(Status::Draft), 250),
        (Asked::Outstanding, 1),
        (Asked::Late(date(2026, 12, 1)), 0),
        (Asked::Late(date(2199, 1, 1)), 1),
        (Asked::Settled, 0),
        (Asked::CreditNotes, 0),
    ] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let filter = ListFilter {
                asked,
                after,
                limit: 60,
                ..ListFilter::default()
            };
            let page: Result<Vec<_>, Error> = file.read(|reader| reader.list(&filter));
            let page = page.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            seen.extend(page.iter().map(|row| row.id));
        }
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((count, seen.len()), (expected, expected), "{asked:?}");
    }
    let raw = Connection::open(folder.path().join(FILE_NAME)).unwrap();
    let plan: String = raw
        .query_row(
            "EXPLAIN QUERY PLAN SELECT id, status, remaining, customer_credit FROM invoice_list
             WHERE status = 'draft' AND seq < 9 ORDER BY seq DESC LIMIT 2",
            [],
            |row| row.get(3),
        )
        .unwrap();
    assert!(
        plan.contains("COVERING INDEX invoice_list_status"),
        "{plan}"
    );
}

#[test]
fn every_word_typed_is_looked_for_whatever_its_accents() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let found = |words: &str| -> usize {
        let filter = ListFilter {
            words: words.to_owned(),
            limit: 10,
            ..ListFilter::default()
        };
        let found: Result<Vec<_>, Error> = file.read(|reader| reader.list(&filter));
        found.unwrap().len()
    };
    for there in [
        "hélène",
        "helene",
        "00001",
        "œillet F-2026",
        " ",
        "hé",
        "F-",
    ] {
        assert_eq!(found(there), 1, "{there}");
    }
    for nothing in [
        "zz",
        "zzz",
        "helene zzz",
        "\"",
        "\" OR \"",
        "hel*ene",
        "NEAR(",
        "a\" OR text:\"hel",
        "%_",
    ] {
        assert_eq!(found(nothing), 0, "{nothing}");
    }
}
