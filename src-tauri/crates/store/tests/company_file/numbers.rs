//! Numbers, and where their counters begin, in a real file.

use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::Finalised;
use acquit_domain::numbering::{Numbered, Pattern, Period, Place, Series, following};
use acquit_domain::receipt::{Movements, standing};
use acquit_store::{CompanyFile, Error};
use jiff::civil::{Date, date};
use rusqlite::Connection;
use uuid::Uuid;

use crate::{NOW, document, filled};

/// Where the document with a counter stands.
pub(crate) fn place(counter: u32) -> Place {
    Place {
        series: Series::Invoice,
        period: Period::Year(2026),
        counter,
    }
}

/// Puts a document into the file, at the number that a pattern gives it.
fn put(file: &CompanyFile, id: u32, day: Date, pattern: &str, last: u32) -> Result<Place, Error> {
    let pattern = Pattern::parse(pattern).unwrap();
    let Numbered { number, place } = following(Series::Invoice, &pattern, day, last).unwrap();
    let document = Finalised {
        id: InvoiceId::new(Uuid::from_u128(u128::from(id) + 2_000_000)),
        number,
        issue_date: day,
        ..document(2)
    };
    let due = standing(document.totals.net_due, Movements::default());
    let written: Result<_, Error> =
        file.write(|writer| writer.insert_document(&document, place, &due, ""));
    written.map(|_| place)
}

fn read<T>(file: &CompanyFile, look: impl Fn(&acquit_store::Reader<'_>) -> Result<T, Error>) -> T {
    file.read(|reader| look(reader)).unwrap()
}

#[test]
fn counters_of_years_months_and_what_never_ends_lie_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let put = |id, day, pattern, last| put(&file, id, day, pattern, last).unwrap();
    put(1, date(2026, 12, 2), "F-{AAAA}-{NNNNN}", 1);
    put(2, date(2026, 12, 3), "M{AAAA}{MM}-{NNN}", 2);
    put(3, date(2027, 1, 4), "M{AAAA}{MM}-{NNN}", 0);
    let endless = put(4, date(2027, 1, 5), "N{N}", 7);
    assert_eq!(endless.period, Period::Endless);
    let periods = [
        (Period::Endless, vec![8]),
        (Period::Year(2026), vec![1, 2]),
        (Period::Month(2026, 12), vec![3]),
        (Period::Month(2027, 1), vec![1]),
    ];
    let found = read(&file, |reader| reader.numbered_periods());
    let named = periods.iter().map(|(period, _)| (Series::Invoice, *period));
    assert_eq!(found, named.collect::<Vec<_>>());
    for (period, counters) in periods {
        let of_it = read(&file, |reader| reader.counters(Series::Invoice, period));
        assert_eq!(of_it, counters);
        let last = read(&file, |reader| reader.last_counter(Series::Invoice, period));
        assert_eq!(last, counters.last().copied());
    }
    // The last date is that of the last document, though its period has the smallest key.
    let last = |series| read(&file, |reader| reader.last_issue_date(series));
    assert_eq!(last(Series::Invoice), Some(date(2027, 1, 5)));
    assert_eq!(last(Series::Deposit), None);
    let none = read(&file, |reader| {
        reader.last_counter(Series::Deposit, Period::Year(2026))
    });
    assert_eq!(none, None);
}

#[test]
fn neither_a_place_nor_a_number_is_taken_twice() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let day = date(2026, 12, 2);
    // The place is taken, spelled differently; then the number is, for another place.
    for (pattern, last) in [("G-{AAAA}-{NNNNN}", 0), ("F-2026-{NNNNN}", 0)] {
        let refused = put(&file, 1, day, pattern, last);
        assert!(matches!(refused, Err(Error::Constraint(_))), "{refused:?}");
    }
    put(&file, 1, day, "G-{AAAA}-{NNNNN}", 1).unwrap();
}

#[test]
fn a_number_is_found_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    put(&file, 1, date(2026, 12, 2), "M{AAAA}{MM}-{NNN}", 41).unwrap();
    let at = |wanted: Place| {
        let found = read(&file, |reader| {
            reader.find_number(|_, place| place == wanted)
        });
        found.map(|number| number.to_string())
    };
    assert_eq!(at(place(1)).as_deref(), Some("F-2026-00001"));
    let of_month = Place {
        period: Period::Month(2026, 12),
        ..place(42)
    };
    assert_eq!(at(of_month).as_deref(), Some("M202612-042"));
    assert_eq!(at(place(2)), None);
    let id = read(&file, |reader| {
        reader.document_id("F-2026-00001".parse().unwrap())
    });
    assert_eq!(id, Some(document(1).id));
}

#[test]
fn patterns_and_starts_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let wanted = Pattern::parse("{AAAA}-{NNNN}").unwrap();
    let of_month = Period::Month(2026, 11);
    let written: Result<(), Error> = file.write(|writer| {
        writer.set_pattern(Series::Deposit, &Pattern::default_of(Series::Deposit))?;
        writer.set_pattern(Series::Deposit, &wanted)?;
        writer.set_numbering_start(Series::Deposit, of_month, 12)?;
        writer.set_numbering_start(Series::Deposit, of_month, 43)
    });
    written.unwrap();
    drop(file);
    let file = CompanyFile::open(folder.path(), NOW).unwrap();
    let pattern = |series| read(&file, |reader| reader.pattern(series));
    assert_eq!(pattern(Series::Deposit), Some(wanted));
    assert_eq!(pattern(Series::Invoice), None);
    let start = |series, period| read(&file, |reader| reader.numbering_start(series, period));
    assert_eq!(start(Series::Deposit, of_month), Some(43));
    assert_eq!(start(Series::Deposit, Period::Year(2026)), None);
    assert_eq!(start(Series::CreditNote, of_month), None);
}

#[test]
fn what_other_hands_wrote_is_no_pattern() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let connection = Connection::open(file.path()).unwrap();
    connection
        .execute(
            "INSERT INTO numbering_patterns VALUES ('invoice', 'F-{AAAA}')",
            [],
        )
        .unwrap();
    let found: Result<_, Error> = file.read(|reader| reader.pattern(Series::Invoice));
    assert!(found.is_err(), "{found:?}");
    let refused = connection.execute(
        "INSERT INTO numbering_starts VALUES ('invoice', 2026, 0)",
        [],
    );
    assert!(refused.is_err());
}
