//! Closing of the books (`accounting.md` § 4): up to a day, for ever, and no entry is dated before it any more.
//!
//! What people date themselves is refused there. What comes by itself is never lost: a card that was paid on a
//! day that was closed before anybody read of it is booked on the first open day.

use acquit_domain::Rule;
use acquit_domain::company::FiscalYearEnd;
use jiff::civil::Date;

/// Up to which day the books are closed; the default is open throughout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Closed {
    until: Option<Date>,
}

/// A day that something happened on, and the day that it is booked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dated {
    /// When it happened.
    pub happened: Date,
    /// The date of its entries: later only where the day was closed before.
    pub on: Date,
}

impl Dated {
    /// Whether it is booked later than it happened.
    #[must_use]
    pub fn is_late(self) -> bool {
        self.on != self.happened
    }
}

/// What is booked on its own day.
impl From<Date> for Dated {
    fn from(day: Date) -> Self {
        Self {
            happened: day,
            on: day,
        }
    }
}

impl Closed {
    /// Closed up to a day, which is closed too.
    #[must_use]
    pub const fn up_to(until: Option<Date>) -> Self {
        Self { until }
    }

    /// The last closed day.
    #[must_use]
    pub const fn until(self) -> Option<Date> {
        self.until
    }

    /// Whether a day is closed.
    #[must_use]
    pub fn holds(self, day: Date) -> bool {
        self.until.is_some_and(|until| day <= until)
    }

    /// Lets a day pass that is open.
    ///
    /// # Errors
    /// [`Rule::PeriodClosed`].
    pub fn check(self, day: Date) -> Result<(), Rule> {
        match self.until {
            Some(until) if day <= until => Err(Rule::PeriodClosed { until }),
            _ => Ok(()),
        }
    }

    /// When what happened by itself is booked: on its own day, or on the first open one.
    #[must_use]
    pub fn dated(self, happened: Date) -> Dated {
        let on = match self.until {
            Some(until) if happened <= until => until.tomorrow().unwrap_or(Date::MAX),
            _ => happened,
        };
        Dated { happened, on }
    }

    /// Closes up to a day, on a day: the end of a month, or that of the fiscal year, of a month that is over.
    ///
    /// # Errors
    /// [`Rule::NotAPeriodEnd`], [`Rule::PeriodNotOver`] for the current month and those to come, or
    /// [`Rule::PeriodClosed`] for what is closed already.
    pub fn closing(self, until: Date, today: Date, year_end: FiscalYearEnd) -> Result<Self, Rule> {
        if until != until.last_of_month() && until != year_end.holding(until) {
            return Err(Rule::NotAPeriodEnd);
        }
        if until >= today.first_of_month() {
            let from = until.last_of_month().tomorrow().unwrap_or(Date::MAX);
            return Err(Rule::PeriodNotOver { from });
        }
        self.check(until)?;
        Ok(Self::up_to(Some(until)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Closed, Dated};
    use crate::{Entry, Journal, Lines, Place};
    use acquit_domain::company::FiscalYearEnd;
    use acquit_domain::{Cents, Rule};
    use jiff::ToSpan;
    use jiff::civil::{Date, date};
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    const OCTOBER: Date = date(2026, 10, 31);
    const TODAY: Date = date(2026, 11, 26);

    fn closed() -> Closed {
        Closed::up_to(Some(OCTOBER))
    }

    #[test]
    fn what_is_closed_is_closed_to_its_last_day() {
        assert!(closed().holds(OCTOBER));
        assert!(!closed().holds(date(2026, 11, 1)));
        assert!(!Closed::default().holds(Date::MIN));
        let refused = Rule::PeriodClosed { until: OCTOBER };
        assert_eq!(closed().check(date(2026, 10, 1)), Err(refused));
        assert_eq!(closed().check(date(2026, 11, 1)), Ok(()));
    }

    #[test]
    fn months_and_fiscal_years_that_are_over_can_be_closed_once_and_in_order() {
        let december = FiscalYearEnd::default();
        let close = |until| closed().closing(until, date(2027, 2, 3), december);
        assert_eq!(
            close(date(2026, 11, 30)),
            Ok(Closed::up_to(Some(date(2026, 11, 30))))
        );
        assert_eq!(
            close(date(2026, 12, 31)),
            Ok(Closed::up_to(Some(date(2026, 12, 31))))
        );
        assert_eq!(close(date(2026, 11, 29)), Err(Rule::NotAPeriodEnd));
        let closed_before = Err(Rule::PeriodClosed { until: OCTOBER });
        assert_eq!(close(OCTOBER), closed_before);
        assert_eq!(close(date(2026, 9, 30)), closed_before);
        let not_over = |from| Err(Rule::PeriodNotOver { from });
        assert_eq!(close(date(2027, 2, 28)), not_over(date(2027, 3, 1)));
        assert_eq!(close(date(2027, 12, 31)), not_over(date(2028, 1, 1)));
        assert_eq!(
            close(date(2027, 1, 31)),
            Ok(Closed::up_to(Some(date(2027, 1, 31))))
        );
    }

    #[test]
    fn a_fiscal_year_may_end_within_a_month() {
        let middle = FiscalYearEnd { month: 10, day: 15 };
        let open = Closed::default();
        let end = date(2026, 10, 15);
        assert_eq!(
            open.closing(end, TODAY, middle),
            Ok(Closed::up_to(Some(end)))
        );
        let other = FiscalYearEnd::default();
        assert_eq!(open.closing(end, TODAY, other), Err(Rule::NotAPeriodEnd));
    }

    fn entry(day: Date) -> Entry {
        let lines = Lines::new()
            .debit(Place::new("512700", "PayPlug"), Cents::new(1_000))
            .credit(Place::new("411000", "Clients"), Cents::new(1_000));
        let label = "Règlement F-2026-00001".to_owned();
        let made = Entry::new(Journal::Payplug, day, "pay_1", day, label, lines);
        made.unwrap().unwrap()
    }

    #[test]
    fn a_late_entry_keeps_its_real_day_in_label_and_piece() {
        let happened = date(2026, 10, 28);
        let late = entry(happened).booked(closed().dated(happened));
        assert_eq!(late.date(), date(2026, 11, 1));
        assert_eq!(late.label(), "Règlement F-2026-00001 (du 28/10/2026)");
        assert_eq!(late.piece_date(), happened);
        assert_eq!(entry(TODAY).booked(closed().dated(TODAY)), entry(TODAY));
    }

    proptest! {
        #[test]
        fn nothing_is_booked_in_a_closed_period_nor_moved_without_need(
            until in proptest::option::of(0_i64..4_000), happened in 0_i64..4_000, later in any::<bool>()
        ) {
            let day = |days: i64| date(2020, 1, 1).checked_add(days.days()).unwrap();
            let closed = Closed::up_to(until.map(day));
            let dated = closed.dated(day(happened));
            prop_assert!(!closed.holds(dated.on));
            prop_assert_eq!(dated.happened, day(happened));
            prop_assert_eq!(dated.is_late(), closed.holds(day(happened)));
            if dated.is_late() {
                prop_assert!(closed.holds(dated.on.yesterday().unwrap()), "the first open day");
            }
            // What is dated once stays there, and closing further never dates anything earlier.
            prop_assert_eq!(closed.dated(dated.on), Dated::from(dated.on));
            let further = Closed::up_to(Some(day(until.unwrap_or(0) + i64::from(later))));
            prop_assert!(further.dated(day(happened)).on >= dated.on);
        }

        #[test]
        fn what_can_be_closed_is_over_and_the_end_of_a_month_or_year(
            days in 0_i64..4_000, today in 0_i64..4_000, month in 1_i8..=12, last in 1_i8..=31
        ) {
            let day = |days: i64| date(2020, 1, 1).checked_add(days.days()).unwrap();
            let (until, today) = (day(days), day(today));
            let year_end = FiscalYearEnd { month, day: last };
            if let Ok(closed) = Closed::default().closing(until, today, year_end) {
                prop_assert!(!closed.holds(today.first_of_month()));
                prop_assert!(until == until.last_of_month() || until == year_end.holding(until));
                prop_assert!(closed.closing(until, today, year_end).is_err());
            }
        }
    }
}
