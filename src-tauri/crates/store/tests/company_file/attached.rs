//! Payments that somebody ties to an invoice: where they are known from, what they could pay, and that each is there
//! once.

use acquit_accounting::statement::{Kept, LineKind, Source, StatementLine};
use acquit_domain::Cents;
use acquit_domain::link::{Hosted, LinkOrigin, LinkState, Mode, PaymentLink};
use acquit_domain::receipt::{Movements, standing};
use acquit_domain::remote::PaymentId;
use acquit_store::{Error, StatementRow, Stranger};
use jiff::civil::date;

use crate::numbers::place;
use crate::{NOW, document, filled, link};

fn payment() -> PaymentId {
    PaymentId::parse("pay_portal").unwrap()
}

fn attached(number: u128) -> PaymentLink {
    PaymentLink {
        origin: LinkOrigin::Attached,
        ..link(
            number,
            LinkState::Paid(Hosted {
                payment: payment(),
                url: String::new(),
                mode: Mode::Live,
                created_at: NOW,
            }),
        )
    }
}

#[test]
fn an_attached_payment_stands_beside_the_link_of_its_invoice_and_is_there_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let stranger = Stranger {
        payment: payment(),
        mode: Mode::Live,
        amount: Cents::new(11_000),
        is_paid: true,
        created_at: NOW,
        paid_at: Some(NOW),
        description: None,
        seen_at: NOW,
    };
    let noted: Result<_, Error> = file.write(|writer| {
        writer.insert_link(&link(1, LinkState::Requested { attempted_at: None }))?;
        writer.upsert_stranger(&stranger)
    });
    noted.unwrap();
    let strangers = || file.read(|reader| reader.strangers()).unwrap();
    assert_eq!(strangers(), std::slice::from_ref(&stranger));
    file.write(|writer| writer.insert_link(&attached(2)))
        .unwrap();
    let found = file.read(|reader| reader.link_of_payment(&payment()));
    assert_eq!(found.unwrap().unwrap().link, attached(2));
    let asked = file.read(|reader| reader.links_of(document(1).id)).unwrap();
    assert_eq!(asked[0].link.origin, LinkOrigin::Asked);
    // It is listed no more, and what was seen of it stays.
    assert!(strangers().is_empty());
    let seen = file.read(|reader| reader.stranger(&payment())).unwrap();
    assert_eq!(seen, Some(stranger));
    let twice = file.write(|writer| writer.insert_link(&attached(3)));
    assert!(matches!(twice, Err(Error::Constraint(_))), "{twice:?}");
}

#[test]
fn a_payment_is_found_on_statements_by_its_id() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let day = date(2026, 11, 20);
    let row = StatementRow {
        seq: 0,
        name: "novembre.csv".to_owned(),
        source: Source::Portal,
        sha256: "a".to_owned(),
        first: day,
        last: day,
        opening: None,
        breaks: Vec::new(),
        imported_at: NOW,
    };
    let line = |key: &str, about: Option<PaymentId>| {
        Kept::Line(StatementLine {
            place: 2,
            key: key.to_owned(),
            date: day,
            kind: LineKind::Payment,
            amount: Cents::new(11_000),
            vat: None,
            id: None,
            payment: about.map(|about| about.to_string()),
            label: "Dépannage".to_owned(),
            balance: None,
        })
    };
    let written: Result<_, Error> = file.write(|writer| {
        let statement = writer.insert_statement(&row)?;
        writer.insert_statement_entry(statement, &line("a", None))?;
        writer.insert_statement_entry(statement, &line("b", Some(payment())))?;
        writer.insert_statement_entry(statement, &line("c", PaymentId::parse("pay_other")))
    });
    written.unwrap();
    let found = file.read(|reader| reader.statement_entries_of(&payment()));
    let found: Vec<_> = found.unwrap().into_iter().map(|row| row.kept).collect();
    assert_eq!(found, [line("b", Some(payment()))]);
}

#[test]
fn invoices_that_ask_for_just_that_amount_come_first() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let enlist = |counter: u32, received: i64, words: &str| {
        let document = document(counter);
        let movements = Movements {
            received: Cents::new(received),
            ..Movements::default()
        };
        let stands = standing(document.totals.net_due, movements);
        let written: Result<_, Error> =
            file.write(|writer| writer.insert_document(&document, place(counter), &stands, words));
        written.unwrap();
        document.id
    };
    let whole = document(1).id;
    let partly = enlist(2, 4_000, "F-2026-00002 Marchand");
    let newest = enlist(3, 0, "F-2026-00003 Marchand");
    enlist(4, 11_000, "F-2026-00004 Marchand");
    let owing = |cents: i64, words: &str, limit: u32| {
        let rows = file.read(|reader| reader.owing(Cents::new(cents), words, limit));
        let rows = rows.unwrap().into_iter();
        rows.map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(owing(7_000, "", 10), [partly, newest, whole]);
    assert_eq!(owing(11_000, "", 10), [newest, whole, partly]);
    assert_eq!(owing(1, "", 2), [newest, partly]);
    assert_eq!(owing(1, "œillet", 10), [whole]);
    assert_eq!(owing(7_000, "marchand", 10), [partly, newest]);
}
