//! Levels and days, with dates worked out by hand.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::collection;
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use super::{DAYS_MAX, GAP_DAYS, Level, Past, RECOVERY_FEE, ReminderPlan, late_costs};
use crate::customer::CustomerKind;
use crate::date::days_late;
use crate::error::{Error, Rule};
use crate::money::Cents;
use crate::quantity::Percent;

const ISSUED: Date = date(2026, 10, 2);
const DUE: Date = date(2026, 11, 1);

fn all_on() -> ReminderPlan {
    ReminderPlan::new(
        [(true, 5), (true, 7), (true, 15), (true, 30), (true, 45)],
        None,
    )
    .unwrap()
}

fn past(level: Level, day: Date) -> Past {
    Past { level, day }
}

#[test]
fn levels_come_one_after_the_other() {
    let plan = ReminderPlan::default();
    assert_eq!(plan.proposed(ISSUED, DUE, &[], date(2026, 11, 7)), None);
    assert_eq!(
        plan.proposed(ISSUED, DUE, &[], date(2026, 11, 8)),
        Some(Level::First)
    );
    let first = [past(Level::First, date(2026, 11, 8))];
    assert_eq!(plan.proposed(ISSUED, DUE, &first, date(2026, 11, 15)), None);
    assert_eq!(
        plan.proposed(ISSUED, DUE, &first, date(2026, 11, 16)),
        Some(Level::Second)
    );
    let all = Level::ALL.map(|level| past(level, date(2026, 12, 16)));
    assert_eq!(plan.proposed(ISSUED, DUE, &all, date(2027, 12, 16)), None);
}

#[test]
fn what_was_missed_is_caught_up_once_and_kindly() {
    let plan = ReminderPlan::default();
    // Sixty days late and never reminded: kindly first, the next a week later.
    let day = date(2026, 12, 31);
    assert_eq!(plan.proposed(ISSUED, DUE, &[], day), Some(Level::First));
    let first = [past(Level::First, day)];
    assert_eq!(plan.proposed(ISSUED, DUE, &first, date(2027, 1, 6)), None);
    assert_eq!(
        plan.proposed(ISSUED, DUE, &first, date(2027, 1, 7)),
        Some(Level::Second)
    );
}

#[test]
fn nobody_is_told_beforehand_of_what_is_past() {
    let plan = all_on();
    assert_eq!(plan.proposed(ISSUED, DUE, &[], date(2026, 10, 26)), None);
    assert_eq!(
        plan.proposed(ISSUED, DUE, &[], date(2026, 10, 27)),
        Some(Level::BeforeDue)
    );
    assert_eq!(plan.proposed(ISSUED, DUE, &[], DUE), Some(Level::BeforeDue));
    assert_eq!(plan.proposed(ISSUED, DUE, &[], date(2026, 11, 2)), None);
    assert_eq!(
        plan.proposed(ISSUED, DUE, &[], date(2026, 11, 8)),
        Some(Level::First)
    );
    let fresh = |day| plan.proposed(date(2026, 10, 24), DUE, &[], day);
    assert_eq!(fresh(date(2026, 10, 30)), None);
    assert_eq!(fresh(date(2026, 10, 31)), Some(Level::BeforeDue));
    assert_eq!(plan.horizon(DUE), date(2026, 11, 6));
    assert_eq!(ReminderPlan::default().horizon(DUE), DUE);
}

#[test]
fn what_is_off_is_passed_over() {
    let plan = ReminderPlan::new(
        [(false, 5), (true, 7), (false, 3), (false, 1), (true, 20)],
        None,
    )
    .unwrap();
    let first = [past(Level::First, date(2026, 11, 8))];
    assert_eq!(
        plan.proposed(ISSUED, DUE, &first, date(2026, 11, 21)),
        Some(Level::FormalNotice)
    );
}

#[test]
fn a_plan_grows_and_has_bounds() {
    let refused = |entries, field: &str, rule| {
        assert_eq!(
            ReminderPlan::new(entries, None),
            Err(Error::at(field, rule))
        );
    };
    let off = (false, 0);
    refused(
        [off, (true, 7), (true, 7), off, off],
        "steps.second",
        Rule::NotLater,
    );
    refused(
        [off, (true, 0), off, off, off],
        "steps.first",
        Rule::NotLater,
    );
    refused(
        [(true, DAYS_MAX + 1), off, off, off, off],
        "steps.before_due",
        Rule::TooLarge,
    );
    let refused = ReminderPlan::new([off; 5], Some(Percent::ZERO));
    assert_eq!(refused, Err(Error::at("penalty_rate", Rule::NotPositive)));
}

#[test]
fn late_payment_costs_professionals_alone() {
    let due = Cents::new(100_000);
    let rate = Some(Percent::parse("10").unwrap());
    let costs = late_costs(CustomerKind::Business, due, 73, rate);
    // 1,000 € at 10 % for a fifth of a year.
    assert_eq!(
        (costs.penalties, costs.compensation),
        (Cents::new(2_000), RECOVERY_FEE)
    );
    assert_eq!(
        late_costs(CustomerKind::Business, due, 10, None).penalties,
        Cents::ZERO
    );
    let nothing = super::LateCosts::default();
    assert_eq!(late_costs(CustomerKind::Private, due, 73, rate), nothing);
    assert_eq!(late_costs(CustomerKind::Business, due, 0, rate), nothing);
}

proptest! {
    /// Whichever mornings the owner looks and sends: every level once at most, in order, a week apart.
    #[test]
    fn no_level_comes_twice_or_too_soon(mornings in collection::vec(any::<bool>(), 90)) {
        let plan = all_on();
        let mut had: Vec<Past> = Vec::new();
        for (morning, sends) in mornings.into_iter().enumerate() {
            let today = date(2026, 10, 20).saturating_add(i64::try_from(morning).unwrap().days());
            let Some(level) = plan.proposed(ISSUED, DUE, &had, today) else { continue };
            prop_assert_eq!(plan.proposed(ISSUED, DUE, &had, today), Some(level));
            if let Some(last) = had.last() {
                prop_assert!(level > last.level);
                prop_assert!(days_late(last.day, today) >= GAP_DAYS);
            }
            if sends {
                had.push(past(level, today));
            }
        }
    }
}
