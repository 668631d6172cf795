//! What a statement tells of a month that is closed: booked on the first open day, and said so on both sides of it.

use acquit_app::{DifferenceCause, Error, Resolution};
use acquit_domain::{Cents, Rule};
use acquit_tests::World;
use acquit_tests::books::holds;
use jiff::civil::{Date, date};

use super::{CARD, DAY_S, FROM, adds_up, causes, proposed, statement};

const NOVEMBER: Date = date(2026, 11, 30);
const BOOKED: Date = date(2026, 12, 1);

/// 1 100.00 by card that nobody read of, 500.00 to the bank; fee 13.45, VAT 2.69.
#[tokio::test]
async fn what_a_statement_tells_of_a_closed_month_is_booked_on_the_first_open_day() {
    let world = World::demonstration(65).await;
    let id = world.issue(1_000).id;
    world.acquit.sync().await.unwrap();
    world.payplug.pay(&world.payment(id), CARD).unwrap();
    world.payplug.transfer(50_000).unwrap();
    world.advance(10 * DAY_S);
    let unexported = 1;
    world.acquit.close_period(NOVEMBER, unexported).unwrap();
    let today = world.acquit.today();

    let by_hand = world
        .acquit
        .record_transfer_left("V1", date(2026, 11, 24), Cents::new(100));
    match by_hand {
        Err(Error::Broken(broken)) => assert_eq!(
            (broken.field.as_str(), broken.rule),
            ("date", Rule::PeriodClosed { until: NOVEMBER })
        ),
        other => panic!("{other:?}"),
    }

    statement(world.acquit.fetch_report(FROM, today).await.unwrap());
    world.acquit.sync().await.unwrap();
    let view = world.acquit.account(FROM, today).unwrap();
    let lines = proposed(&view);
    for difference in &view.differences {
        if let Resolution::Entries(entries) = &difference.resolution {
            for entry in entries.iter().filter(|_| difference.date <= NOVEMBER) {
                assert_eq!(entry.date(), BOOKED, "{entry:?}");
            }
        }
    }
    let count = world.acquit.accept_proposals(&lines).unwrap();
    assert!(count >= 1, "{view:?}");
    holds(&world);

    let whole = world.acquit.account(FROM, today).unwrap();
    assert!(whole.differences.is_empty(), "{:?}", whole.differences);
    adds_up(&whole);
    let november = world.acquit.account(FROM, NOVEMBER).unwrap();
    adds_up(&november);
    assert!(!november.differences.is_empty());
    let other_period = |found: &[(DifferenceCause, i64)]| {
        found
            .iter()
            .all(|(cause, _)| *cause == DifferenceCause::OtherPeriod)
    };
    assert!(other_period(&causes(&november)), "{november:?}");
    let december = world.acquit.account(BOOKED, today).unwrap();
    adds_up(&december);
    assert!(other_period(&causes(&december)), "{december:?}");
}
