//! Fees, monthly invoices and transfers that are recorded by hand, with amounts worked out on paper.

use acquit_app::chart::{Chart, ChartProposal};
use acquit_app::{Error, NewCompany, NewPayplugInvoice, NewStatementFee};
use acquit_domain::link::FileNature;
use acquit_domain::{Cents, Rule};
use acquit_tests::books::{accounts, balances, holds};
use acquit_tests::{World, company};
use jiff::civil::date;

fn invoice(number: &str, net: i64, vat: i64) -> NewPayplugInvoice {
    NewPayplugInvoice {
        number: number.to_owned(),
        date: date(2026, 11, 1),
        net: Cents::new(net),
        vat: Cents::new(vat),
    }
}

fn fee(line: &str, amount: i64, vat: i64) -> NewStatementFee {
    NewStatementFee {
        line: line.to_owned(),
        date: date(2026, 11, 6),
        amount: Cents::new(amount),
        vat: Cents::new(vat),
    }
}

fn rule<T: std::fmt::Debug>(refused: Result<T, Error>) -> (String, Rule) {
    match refused {
        Err(Error::Broken(broken)) => (broken.field, broken.rule),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_movement_is_booked_once() {
    let world = World::unconnected(71, FileNature::Real).await;
    let acquit = &world.acquit;
    // 74.38 and 14.88: the VAT of the invoice, where a sum of roundings would be 14.89.
    acquit
        .record_payplug_invoice(invoice("PP-2026-01", 7_438, 1_488))
        .unwrap();
    acquit
        .record_statement_fee(fee("CB-01-FRAIS", 1_800, 300))
        .unwrap();
    acquit
        .record_transfer_left("VIR-01", date(2026, 11, 9), Cents::new(500_000))
        .unwrap();
    holds(&world);
    let recorded = |field: &str| (field.to_owned(), Rule::MovementRecorded);
    let again = acquit.record_payplug_invoice(invoice(" PP-2026-01 ", 1, 0));
    assert_eq!(rule(again), recorded("number"));
    let again = acquit.record_statement_fee(fee("CB-01-FRAIS", 1_800, 300));
    assert_eq!(rule(again), recorded("line"));
    let again = acquit.record_transfer_left("VIR-01", date(2026, 11, 9), Cents::new(500_000));
    assert_eq!(rule(again), recorded("reference"));

    assert_eq!(acquit.transfers(10).unwrap()[0].arrived, None);
    let early = acquit.record_transfer_arrival("VIR-01", date(2026, 11, 8));
    let earliest = date(2026, 11, 9);
    assert_eq!(
        rule(early),
        ("date".to_owned(), Rule::BeforeEvent { earliest })
    );
    let unknown = acquit.record_transfer_arrival("VIR-02", date(2026, 11, 12));
    assert!(matches!(unknown, Err(Error::UnknownTransfer(_))));
    acquit
        .record_transfer_arrival("VIR-01", date(2026, 11, 12))
        .unwrap();
    let twice = acquit.record_transfer_arrival("VIR-01", date(2026, 11, 13));
    assert_eq!(rule(twice).1, Rule::TransferArrived);
    assert_eq!(
        acquit.transfers(10).unwrap()[0].arrived,
        Some(date(2026, 11, 12))
    );
    holds(&world);
    assert_eq!(
        balances(&world),
        accounts(&[
            ("445660", 1_788),
            ("512000", 500_000),
            ("512700", -510_726),
            ("627800", 8_938),
        ])
    );
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_books_nothing() {
    let world = World::unconnected(72, FileNature::Real).await;
    let acquit = &world.acquit;
    let refused = [
        (
            rule(acquit.record_payplug_invoice(invoice(" ", 100, 20))),
            Rule::Empty,
        ),
        (
            rule(acquit.record_payplug_invoice(invoice("A", 0, 0))),
            Rule::NotPositive,
        ),
        (
            rule(acquit.record_payplug_invoice(invoice("A", -100, -20))),
            Rule::NotPositive,
        ),
        (
            rule(acquit.record_statement_fee(fee("A", 100, 101))),
            Rule::VatBeyondAmount,
        ),
        (
            rule(acquit.record_statement_fee(fee("A", 100, -10))),
            Rule::VatBeyondAmount,
        ),
        (
            rule(acquit.record_statement_fee(fee("A", 0, 0))),
            Rule::NotPositive,
        ),
    ];
    for ((field, rule), expected) in refused {
        assert_eq!(rule, expected, "{field}");
    }
    let tomorrow = date(2026, 11, 24);
    let future = acquit.record_transfer_left("VIR", tomorrow, Cents::new(100));
    assert_eq!(rule(future).1, Rule::IssuedInFuture { date: tomorrow });
    holds(&world);
    assert!(acquit.transfers(10).unwrap().is_empty());
    // A fee that PayPlug gives back.
    acquit.record_statement_fee(fee("A", 1_800, 300)).unwrap();
    acquit.record_statement_fee(fee("B", -1_800, -300)).unwrap();
    holds(&world);
    assert_eq!(balances(&world), accounts(&[]));
}

#[tokio::test]
async fn under_the_franchise_no_vat_is_deducted() {
    let world = World::unconnected(73, FileNature::Real).await;
    let mut company = company();
    (company.franchise, company.vat_number) = (true, None);
    let new = NewCompany {
        company,
        logo_path: None,
    };
    world.acquit.update_company(new).unwrap();
    let booked = world
        .acquit
        .record_payplug_invoice(invoice("PP-2026-01", 7_438, 1_488));
    assert_eq!(booked.unwrap().vat, Cents::ZERO);
    holds(&world);
    assert_eq!(
        balances(&world),
        accounts(&[("512700", -8_926), ("627800", 8_926)])
    );
}

/// The accounts change while a transfer is on its way: it leaves the account that it went to.
#[tokio::test]
async fn a_transfer_arrives_where_it_left_for() {
    let world = World::unconnected(74, FileNature::Real).await;
    let acquit = &world.acquit;
    acquit
        .record_transfer_left("VIR-01", date(2026, 11, 9), Cents::new(500_000))
        .unwrap();
    let mut chart = ChartProposal::from(Chart::default());
    for (number, label) in chart.accounts.values_mut() {
        *number = format!("{number}1");
        label.clear();
    }
    acquit.set_bookkeeping(&chart).unwrap();
    acquit
        .record_transfer_arrival("VIR-01", date(2026, 11, 12))
        .unwrap();
    holds(&world);
    assert_eq!(
        balances(&world),
        accounts(&[("512700", -500_000), ("5120001", 500_000)])
    );
}
