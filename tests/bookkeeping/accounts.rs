//! Accounts, journals and customers' own accounts that change while invoices are open.

use acquit_app::chart::{Chart, ChartProposal, Use};
use acquit_app::{Error, Journal, Kind};
use acquit_domain::invoice::Nature;
use acquit_domain::vat::{StandardRate, VatTreatment};
use acquit_tests::World;

use super::{
    FEC, all, balances, books, by_card, by_cheque, collective, expected, exported, holds, issued,
    moved, with,
};

#[tokio::test]
async fn what_is_open_is_settled_where_it_was_booked() {
    let mut world = World::demonstration(801).await;
    let (paid, cancelled) = (world.issue(200).id, world.issue(100).id);
    world.acquit.set_bookkeeping(&moved(9)).unwrap();
    // Another program that was open all the time books under the new accounts too.
    let other = world.another_handle();
    by_card(&world, paid).await;
    world.payplug.refund(&world.payment(paid), 22_000).unwrap();
    world.acquit.sync().await.unwrap();
    world.acquit.credit_given_back(paid).unwrap();
    other.cancel(cancelled).await.unwrap();
    let later = world.issue(100).id;
    by_cheque(&world, later, 11_000).await;
    holds(&world);
    let left = [
        ("4457129", -1_000),
        ("5112009", 11_000),
        ("7040009", -10_000),
    ];
    assert_eq!(books(&world), expected(&left));
}

#[tokio::test]
async fn a_deposit_leaves_the_account_that_it_was_booked_on() {
    let world = World::demonstration(802).await;
    let deposit = issued(&world, Kind::Deposit, "3000", &[]).await;
    world.acquit.set_bookkeeping(&moved(8)).unwrap();
    by_cheque(&world, deposit.id, 330_000).await;
    let number = world.acquit.invoice(deposit.id).unwrap();
    let acquit_app::Document::Finalised(paper) = &number.document else {
        panic!("still a draft")
    };
    let last = issued(&world, Kind::Final, "10000", &[paper.number.to_string()]).await;
    world.acquit.set_bookkeeping(&moved(7)).unwrap();
    by_cheque(&world, last.id, 770_000).await;
    holds(&world);
    let left = [
        ("445712", -30_000),
        ("4457128", -70_000),
        ("5112007", 770_000),
        ("5112008", 330_000),
        ("7040008", -1_000_000),
    ];
    assert_eq!(books(&world), expected(&left));
}

#[tokio::test]
async fn a_rate_with_an_account_of_its_own_is_sold_on_it_from_then_on() {
    let world = World::unconnected(803, acquit_domain::link::FileNature::Demonstration).await;
    world.issue(100);
    let ten = VatTreatment::Standard(StandardRate::Intermediate);
    let own = Use::SaleAt(Nature::Works, ten);
    let usual = ChartProposal::from(Chart::default());
    world
        .acquit
        .set_bookkeeping(&with(usual, own, "704 010"))
        .unwrap();
    world.issue(50);
    let books = books(&world);
    assert_eq!((books["704000"], books["704010"]), (-10_000, -5_000));
}

#[tokio::test]
async fn journals_are_written_under_the_code_of_their_time() {
    let world = World::unconnected(804, acquit_domain::link::FileNature::Demonstration).await;
    let folder = tempfile::tempdir().unwrap();
    world.issue(100);
    let mut renamed = ChartProposal::from(Chart::default());
    renamed.journals.insert(Journal::Sales, "vt".to_owned());
    world.acquit.set_bookkeeping(&renamed).unwrap();
    world.issue(50);
    world.issue(50);
    // What is shown before is what is written.
    let shown = || {
        let preview = world.acquit.export_preview(all(), None).unwrap();
        let journals = preview.journals.into_iter();
        journals
            .map(|one| (one.code, one.entries, one.debit.get()))
            .collect::<Vec<_>>()
    };
    let both = [("VE".to_owned(), 1, 11_000), ("VT".to_owned(), 2, 11_000)];
    assert_eq!(shown(), both);
    // A chart that leaves the journal alone makes no third row.
    let moved = with(renamed.clone(), Use::Bank, "512100");
    world.acquit.set_bookkeeping(&moved).unwrap();
    world.issue(50);
    let both = [("VE".to_owned(), 1, 11_000), ("VT".to_owned(), 3, 16_500)];
    assert_eq!(shown(), both);
    let file = folder.path().join(FEC);
    let codes: Vec<String> = exported(&world.acquit, &file)
        .into_iter()
        .map(|row| row[0].clone())
        .collect();
    assert_eq!(codes, [["VE"; 3].as_slice(), &["VT"; 9]].concat());
    assert!(shown().is_empty());
    // Later settings leave what was exported as it is, byte for byte.
    let bytes = std::fs::read(&file).unwrap();
    renamed.journals.insert(Journal::Sales, "FAC".to_owned());
    world.acquit.set_bookkeeping(&renamed).unwrap();
    world.acquit.export_again(1, &file).unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), bytes);
}

#[tokio::test]
async fn one_account_for_all_customers_names_none_and_old_invoices_go_on_naming_theirs() {
    let world = World::unconnected(805, acquit_domain::link::FileNature::Demonstration).await;
    let folder = tempfile::tempdir().unwrap();
    let before = world.issue(100).id;
    let usual = ChartProposal::from(Chart::default());
    world.acquit.set_bookkeeping(&collective(usual)).unwrap();
    let after = world.issue(50).id;
    by_cheque(&world, before, 11_000).await;
    by_cheque(&world, after, 5_500).await;
    let rows = exported(&world.acquit, &folder.path().join(FEC));
    let customers: Vec<(&str, &str)> = rows
        .iter()
        .filter(|row| row[4] == "411000")
        .map(|row| (row[6].as_str(), row[13].as_str()))
        .collect();
    // Each pair is lettered, with and without a customer's own account.
    let own = "CHELENEMA";
    assert_eq!(
        customers,
        [(own, "AAA"), ("", "AAB"), (own, "AAA"), ("", "AAB")]
    );
    assert!(!balances(&rows).contains_key("411000"));
    holds(&world);
}

#[tokio::test]
async fn what_cannot_be_is_refused_field_by_field_and_changes_nothing() {
    let world = World::unconnected(806, acquit_domain::link::FileNature::Demonstration).await;
    world.issue(100);
    let usual = || ChartProposal::from(Chart::default());
    let refused = |proposal: &ChartProposal| match world.acquit.set_bookkeeping(proposal) {
        Err(Error::WrongChart(faults)) => faults
            .iter()
            .map(|fault| fault.field.code())
            .collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let wrong = with(with(usual(), Use::Bank, "401000"), Use::Cash, "");
    assert_eq!(refused(&wrong), ["bank", "cash"]);
    // An account that entries have for something else.
    let taken = with(
        with(usual(), Use::Customers, "411800"),
        Use::Retention,
        "411000",
    );
    assert_eq!(refused(&taken), ["retention"]);
    let books = world.acquit.bookkeeping().unwrap();
    assert_eq!((books.chart, books.since), (Chart::default(), None));
    // The same once more is no change.
    world.acquit.set_bookkeeping(&usual()).unwrap();
    assert_eq!(world.acquit.bookkeeping().unwrap().since, None);
    world.acquit.set_bookkeeping(&moved(5)).unwrap();
    world.acquit.set_bookkeeping(&usual()).unwrap();
    assert_eq!(world.acquit.bookkeeping().unwrap().chart, Chart::default());
    holds(&world);
}
