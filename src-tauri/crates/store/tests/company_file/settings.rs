//! Charts, plans and bases of VAT: rows that are only added, and which of them counts when.

use acquit_accounting::chart::{Chart, ChartProposal, Plan, Use};
use acquit_accounting::{Entry, Journal, Lines};
use acquit_domain::Cents;
use acquit_domain::vat::VatBasis;
use acquit_store::{CompanyFile, EntryRow, Error, FILE_NAME, VatBasisRow};
use jiff::civil::date;
use rusqlite::Connection;

use crate::{NOW, document, filled};

fn with_bank(number: &str) -> Chart {
    let mut proposal = ChartProposal::from(Chart::default());
    proposal
        .accounts
        .insert(Use::Bank, (number.to_owned(), String::new()));
    Chart::new(&proposal, None).unwrap()
}

fn book(file: &CompanyFile, piece: &str) -> i64 {
    let (chart, day) = (Chart::default(), date(2026, 11, 2));
    let lines = Lines::new()
        .debit(chart.bank(), Cents::new(100))
        .credit(chart.customers(), Cents::new(100));
    let entry = Entry::new(Journal::Bank, day, piece, day, "Essai".to_owned(), lines);
    let row = EntryRow {
        entry: entry.unwrap().unwrap(),
        invoice: Some(document(1).id),
        recorded_on: day,
    };
    let written: Result<_, Error> = file.write(|writer| writer.insert_entry(&row, NOW));
    written.unwrap()
}

fn set(file: &CompanyFile, chart: &Chart) {
    let written: Result<_, Error> = file.write(|writer| writer.insert_chart(chart, NOW));
    written.unwrap();
}

#[test]
fn an_entry_has_the_chart_that_held_when_it_was_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let read = |seq| {
        let chart: Result<_, Error> = file.read(|reader| reader.chart_of_entry(seq));
        chart.unwrap()
    };
    let now = || {
        let chart: Result<_, Error> = file.read(|reader| reader.chart_now());
        chart.unwrap()
    };
    assert_eq!(now(), Chart::default());
    let first = book(&file, "P-1");
    // Two in a row with nothing booked between: the last one counts.
    set(&file, &with_bank("512100"));
    set(&file, &with_bank("512200"));
    let second = book(&file, "P-2");
    set(&file, &with_bank("512300"));
    assert_eq!(read(first), Chart::default());
    assert_eq!(read(second), with_bank("512200"));
    assert_eq!(now(), with_bank("512300"));
    let found: Result<_, Error> = file.read(|reader| {
        let id = document(1).id;
        Ok((
            reader.entry_of_piece(id, "P-2")?,
            reader.entry_of_piece(id, "P-9")?,
            reader.charts()?.len(),
            reader.last_entry()?,
        ))
    });
    assert_eq!(found.unwrap(), (Some(second), None, 3, second));
}

#[test]
fn the_last_plan_counts_until_it_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let plan = |text: &str| Plan::read(text.as_bytes()).unwrap().plan;
    let keep = |plan: Option<&Plan>| {
        let written: Result<_, Error> = file.write(|writer| writer.insert_plan(plan, NOW));
        written.unwrap();
        let read: Result<_, Error> = file.read(|reader| reader.plan());
        read.unwrap().map(|(plan, _)| plan)
    };
    let (first, second) = (plan("411000;Clients"), plan("411000;Clients\n512000;BNP"));
    assert_eq!(keep(Some(&first)), Some(first.clone()));
    assert_eq!(keep(Some(&second)), Some(second));
    assert_eq!(keep(None), None);
}

#[test]
fn the_basis_of_a_day_is_the_last_that_was_set_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let set = |basis, from| {
        let row = VatBasisRow {
            basis,
            from,
            set_at: NOW,
        };
        let written: Result<_, Error> = file.write(|writer| writer.insert_vat_basis(&row));
        written.unwrap();
    };
    let on = |day| {
        let basis: Result<_, Error> = file.read(|reader| reader.vat_basis_on(day));
        basis.unwrap()
    };
    assert_eq!(on(date(2026, 11, 2)), None);
    set(VatBasis::OnReceipt, date(1, 1, 1));
    set(VatBasis::OnInvoice, date(2027, 1, 1));
    assert_eq!(on(date(2026, 12, 31)), Some(VatBasis::OnReceipt));
    assert_eq!(on(date(2027, 1, 1)), Some(VatBasis::OnInvoice));
    // What is set for an earlier day replaces what was to come.
    set(VatBasis::OnReceipt, date(2026, 12, 1));
    assert_eq!(on(date(2027, 6, 1)), Some(VatBasis::OnReceipt));
}

#[test]
fn settings_of_the_books_are_frozen_rows() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    set(&file, &with_bank("512100"));
    let written: Result<_, Error> = file.write(|writer| {
        writer.insert_plan(None, NOW)?;
        writer.insert_vat_basis(&VatBasisRow {
            basis: VatBasis::OnInvoice,
            from: date(2027, 1, 1),
            set_at: NOW,
        })
    });
    written.unwrap();
    drop(file);
    let connection = Connection::open(folder.path().join(FILE_NAME)).unwrap();
    for (table, column) in [
        ("charts", "body"),
        ("plans", "imported_at"),
        ("vat_bases", "set_at"),
    ] {
        for sql in [
            format!("UPDATE {table} SET {column} = {column}"),
            format!("DELETE FROM {table}"),
        ] {
            let refused = connection.execute(&sql, []).unwrap_err().to_string();
            assert!(refused.contains(&format!("frozen: {table}")), "{refused}");
        }
    }
}
