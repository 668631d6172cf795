//! Deposits, situations and final invoices in the file: who takes off whom, and files from before them.

use acquit_domain::Cents;
use acquit_domain::invoice::{DocumentKind, Earlier, EarlierKind, Finalised};
use acquit_domain::receipt::{Movements, Standing, Status, standing};
use acquit_store::{CompanyFile, Error, FILE_NAME};
use rusqlite::Connection;

use crate::{NOW, customer, document, filled};

fn of(kind: DocumentKind, counter: u32, earlier: &[(&Finalised, EarlierKind)]) -> Finalised {
    let mut made = document(counter);
    made.kind = kind;
    made.content.earlier = earlier
        .iter()
        .map(|(document, what)| Earlier {
            document: document.reference(),
            what: *what,
            parts: Vec::new(),
        })
        .collect();
    made
}

fn keep(file: &CompanyFile, document: &Finalised) -> Result<Vec<u8>, Error> {
    let due = standing(document.totals.net_due, Movements::default());
    file.write(|writer| writer.insert_document(document, &due, ""))
}

fn cancel(file: &CompanyFile, document: &Finalised) {
    let gone = Standing {
        status: Status::Cancelled,
        ..standing(Cents::ZERO, Movements::default())
    };
    let done: Result<(), Error> = file.write(|writer| writer.set_standing(document.id, &gone));
    done.unwrap();
}

#[test]
fn what_is_taken_off_is_known_from_both_ends_until_it_is_cancelled() {
    use EarlierKind::{Deposit, Situation};
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let deposit = of(DocumentKind::Deposit, 2, &[]);
    let first = of(DocumentKind::Progress, 3, &[(&deposit, Deposit)]);
    let second = of(DocumentKind::Progress, 4, &[(&first, Situation)]);
    let free = || -> Vec<_> {
        let read: Result<_, Error> = file.read(|reader| reader.deductible(customer().id));
        read.unwrap()
    };
    let by = |earlier: &Finalised| {
        let read: Result<_, Error> = file.read(|reader| reader.deducted_by(earlier.id));
        read.unwrap()
    };
    keep(&file, &deposit).unwrap();
    assert_eq!((free(), by(&deposit)), (vec![deposit.id], None));
    keep(&file, &first).unwrap();
    keep(&file, &second).unwrap();
    assert_eq!(free(), [second.id]);
    assert_eq!(by(&deposit), Some(first.number));
    assert_eq!(by(&first), Some(second.number));
    cancel(&file, &second);
    assert_eq!((free(), by(&first)), (vec![first.id], None));
    cancel(&file, &first);
    assert_eq!(free(), [deposit.id]);
    let off: Result<_, Error> = file.read(|reader| reader.taken_off_by(second.id));
    assert_eq!(off.unwrap(), [(first.id, Situation)]);
}

#[test]
fn what_two_documents_take_off_is_found() {
    use EarlierKind::{Deposit, Situation};
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let twice = || -> Vec<_> {
        let read: Result<_, Error> = file.read(|reader| reader.taken_off_twice());
        read.unwrap()
    };
    let deposit = of(DocumentKind::Deposit, 2, &[]);
    let first = of(DocumentKind::Progress, 3, &[(&deposit, Deposit)]);
    let second = of(DocumentKind::Progress, 4, &[(&first, Situation)]);
    let last = of(
        DocumentKind::Final,
        5,
        &[(&first, Situation), (&second, Situation)],
    );
    for document in [&deposit, &first, &second, &last] {
        keep(&file, document).unwrap();
    }
    // A chain is taken off whole: that is no second time.
    assert_eq!(twice(), []);
    let other = of(
        DocumentKind::Final,
        6,
        &[(&first, Situation), (&second, Situation)],
    );
    keep(&file, &other).unwrap();
    let mut found = twice();
    found.sort();
    assert_eq!(found, [first.id, second.id]);
    cancel(&file, &other);
    assert_eq!(twice(), []);
    keep(&file, &of(DocumentKind::Final, 7, &[(&deposit, Deposit)])).unwrap();
    assert_eq!(twice(), [deposit.id]);
}

#[test]
fn a_file_from_before_other_kinds_takes_them_and_keeps_every_byte() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = |file: &CompanyFile| {
        let read: Result<_, Error> = file.read(|reader| reader.document_bytes(document(1).id));
        read.unwrap().unwrap()
    };
    let file = filled(folder.path());
    let before = bytes(&file);
    drop(file);
    let raw = Connection::open(folder.path().join(FILE_NAME)).unwrap();
    raw.execute_batch(
        "DROP TABLE taken_off;
         DELETE FROM migrations WHERE id LIKE '%-kinds';
         PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = replace(sql,
           'CHECK (kind IN (''invoice'', ''deposit'', ''progress'', ''final'', ''credit_note''))',
           'CHECK (kind IN (''invoice'', ''credit_note''))') WHERE name = 'documents';
         PRAGMA writable_schema = RESET;",
    )
    .unwrap();
    let old = of(DocumentKind::Deposit, 2, &[]);
    let refused = raw.execute(
        "INSERT INTO documents (id, number, series, year, counter, kind, issue_date, customer_id, net_due, body, finalised_at)
         SELECT 'x', 'x', 'deposit', 2026, 1, 'deposit', issue_date, customer_id, 0, '', 0 FROM documents",
        [],
    );
    assert!(refused.unwrap_err().to_string().contains("CHECK"));
    drop(raw);
    let file = CompanyFile::open(folder.path(), NOW).unwrap();
    assert_eq!(bytes(&file), before);
    keep(&file, &old).unwrap();
    let fault: Result<_, Error> = file.read(|reader| reader.integrity_fault());
    assert_eq!(fault.unwrap(), None);
    drop(file);
    let raw = Connection::open(folder.path().join(FILE_NAME)).unwrap();
    for change in [
        "UPDATE documents SET kind = 'final'",
        "DELETE FROM documents",
    ] {
        let refused = raw.execute(change, []).unwrap_err().to_string();
        assert_eq!(refused, "frozen: documents");
    }
    let indexes: i64 = raw
        .query_row(
            "SELECT COUNT(*) FROM sqlite_schema WHERE tbl_name = 'documents' AND name IN ('documents_credits', 'documents_of_customer')",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(indexes, 2);
}
