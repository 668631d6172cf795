//! Closing of the books: up to the end of a month or fiscal year, for ever (`accounting.md` § 4).

use acquit_domain::At;
use acquit_domain::chain::AuditRecord;
use acquit_domain::company::FiscalYearEnd;
use acquit_store::{ClosingRow, MonthSum, Reader};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::files::company_of;
use crate::ledger::closed;
use crate::view::Break;
use crate::{Acquit, Error};

/// Kind of the audit record of a closing.
pub(crate) const PERIOD_CLOSED: &str = "period_closed";
/// Kind of the audit record of what is booked later than it happened.
pub(crate) const BOOKED_LATE: &str = "booked_late";

/// What the audit record of a closing holds.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Body {
    until: Date,
    unexported: u64,
    after_entry: i64,
}

impl From<&ClosingRow> for Body {
    fn from(row: &ClosingRow) -> Self {
        Self {
            until: row.until,
            unexported: row.unexported,
            after_entry: row.after_entry,
        }
    }
}

/// Where a period stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodState {
    /// Not over yet.
    Running,
    /// Over and open; something of it was not exported, or it has no entry.
    Open,
    /// Over and open; every entry of it was exported.
    Exported,
    /// Closed.
    Closed {
        /// When.
        at: Timestamp,
    },
}

/// A month of a fiscal year, or the part of one that the year begins or ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClosingPeriod {
    /// First day.
    pub first: Date,
    /// Last day: up to which it is closed.
    pub last: Date,
    /// Count of its entries.
    pub entries: u64,
    /// Where it stands.
    pub state: PeriodState,
    /// Entries up to its last day that no export has taken: to be told before it is closed.
    pub unexported: u64,
}

/// A fiscal year as its periods stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosingYear {
    /// First day.
    pub first: Date,
    /// Last day.
    pub last: Date,
    /// Its periods in order.
    pub periods: Vec<ClosingPeriod>,
    /// Last day of the fiscal year before, if the books reach there.
    pub previous: Option<Date>,
    /// Last day of the fiscal year after, if the books reach there.
    pub next: Option<Date>,
    /// The last closed day.
    pub closed_until: Option<Date>,
}

impl Acquit {
    /// Every closing of the books, oldest first.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn closings(&self) -> Result<Vec<ClosingRow>, Error> {
        Ok(self.file.read(|reader| reader.closings())?)
    }

    /// The fiscal year that holds a day, period by period.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn closing_year(&self, day: Date) -> Result<ClosingYear, Error> {
        let today = self.parts.today();
        self.file.read(|reader| {
            let year_end = company_of(reader)?.company.fiscal_year_end;
            let closings = reader.closings()?;
            let (first, last) = fiscal_year(year_end, day);
            let (from, to) = reader.entry_span()?.unwrap_or((today, today));
            let mut periods = Vec::new();
            for (first, last) in periods_of(first, last) {
                periods.push(period(reader, &closings, (first, last), today)?);
            }
            let before = first.yesterday().ok().filter(|end| *end >= from.min(today));
            let after = last.tomorrow().ok().filter(|day| *day <= to.max(today));
            Ok(ClosingYear {
                first,
                last,
                periods,
                previous: before,
                next: after.map(|day| year_end.holding(day)),
                closed_until: closings.last().map(|row| row.until),
            })
        })
    }

    /// Closes the books up to a day, for ever: no entry is dated up to it any more. What no export has taken
    /// yet can still be exported; `told` is how many of such entries the person knows of, and agreed to.
    ///
    /// # Errors
    /// At `until`, a day that is neither the end of a month nor of the fiscal year, the current month, or what
    /// is closed already; [`Error::UnexportedEntries`] where there are more than `told`.
    pub fn close_period(&self, until: Date, told: u64) -> Result<ClosingRow, Error> {
        let (now, today) = (self.parts.now(), self.parts.today());
        self.file.write(|writer| {
            let year_end = company_of(writer)?.company.fiscal_year_end;
            closed(writer)?
                .closing(until, today, year_end)
                .at("until")?;
            let count = writer.unexported_count(until)?;
            if count > told {
                return Err(Error::UnexportedEntries { until, count });
            }
            writer.insert_closing(until, count, now)?;
            let rows = writer.closings()?;
            let row = rows.last().copied().ok_or(Error::Inconsistent("closing"))?;
            self.audit(writer, PERIOD_CLOSED, &Body::from(&row))?;
            Ok(row)
        })
    }
}

/// First and last day of the fiscal year that holds a day.
fn fiscal_year(year_end: FiscalYearEnd, day: Date) -> (Date, Date) {
    let last = year_end.holding(day);
    // The end before it lies in the months just before the same day a year ago.
    let year_ago = last.saturating_sub(jiff::Span::new().years(1));
    let before = year_end.holding(year_ago.first_of_month());
    (before.tomorrow().unwrap_or(Date::MIN), last)
}

/// The months from `first` to `last`; those at the ends may be parts.
fn periods_of(first: Date, last: Date) -> Vec<(Date, Date)> {
    let mut periods = Vec::new();
    let mut from = first;
    while from <= last {
        let to = from.last_of_month().min(last);
        periods.push((from, to));
        let Ok(next) = to.tomorrow() else { break };
        from = next;
    }
    periods
}

fn period(
    reader: &Reader<'_>,
    closings: &[ClosingRow],
    (first, last): (Date, Date),
    today: Date,
) -> Result<ClosingPeriod, Error> {
    let sums = reader.entries_by_month(first, last)?;
    let entries = sums.iter().map(|sum: &MonthSum| sum.entries).sum();
    let left: u64 = sums.iter().map(|sum| sum.unexported).sum();
    let closing = closings.iter().find(|row| last <= row.until);
    let state = match closing {
        Some(row) => PeriodState::Closed { at: row.closed_at },
        None if last >= today.first_of_month() => PeriodState::Running,
        None if entries > 0 && left == 0 => PeriodState::Exported,
        None => PeriodState::Open,
    };
    let unexported = match state {
        PeriodState::Open | PeriodState::Exported => reader.unexported_count(last)?,
        PeriodState::Running | PeriodState::Closed { .. } => 0,
    };
    Ok(ClosingPeriod {
        first,
        last,
        entries,
        state,
        unexported,
    })
}

/// What the audit chain says of closings and of what they moved, gathered while it is walked.
#[derive(Debug, Default)]
pub(crate) struct ChainedClosings {
    closings: Vec<Body>,
    late: Vec<(String, Date, Date)>,
}

impl ChainedClosings {
    /// Takes a record in; whether it could be read.
    pub(crate) fn follow(&mut self, record: &AuditRecord) -> bool {
        match record.kind.as_str() {
            PERIOD_CLOSED => taken(&record.body, &mut self.closings),
            BOOKED_LATE => taken(&record.body, &mut self.late),
            _ => true,
        }
    }

    /// The first closing that the chain and the file do not tell alike, or an entry recorded after one and
    /// dated in what it closed.
    pub(crate) fn fault(mut self, reader: &Reader<'_>) -> Result<Option<Break>, Error> {
        let rows: Vec<Body> = reader.closings()?.iter().map(Body::from).collect();
        if rows != self.closings {
            return Ok(Some(Break {
                invariant: "3 closings",
                what: format!("{} / {}", rows.len(), self.closings.len()),
            }));
        }
        let late = reader.late_bookings()?;
        self.late.sort();
        if late != self.late {
            return Ok(Some(Break {
                invariant: "3 late bookings",
                what: format!("{} / {}", late.len(), self.late.len()),
            }));
        }
        let entry = reader.entries_in_closed_periods()?.into_iter().next();
        Ok(entry.map(|entry| Break {
            invariant: "3 closed periods",
            what: format!("entry {entry}"),
        }))
    }
}

/// Reads the body of a record into what was gathered; whether it could be read.
fn taken<T: for<'de> Deserialize<'de>>(body: &[u8], gathered: &mut Vec<T>) -> bool {
    let read = serde_json::from_slice(body).map(|event| gathered.push(event));
    read.is_ok()
}

#[cfg(test)]
mod tests {
    use super::{fiscal_year, periods_of};
    use acquit_domain::company::FiscalYearEnd;
    use jiff::civil::date;

    #[test]
    fn a_fiscal_year_begins_after_the_one_before() {
        let december = FiscalYearEnd::default();
        let year = (date(2026, 1, 1), date(2026, 12, 31));
        for day in [year.0, date(2026, 7, 14), year.1] {
            assert_eq!(fiscal_year(december, day), year);
        }
        let june = FiscalYearEnd { month: 6, day: 30 };
        assert_eq!(
            fiscal_year(june, date(2026, 7, 1)),
            (date(2026, 7, 1), date(2027, 6, 30))
        );
        let february = FiscalYearEnd { month: 2, day: 29 };
        assert_eq!(
            fiscal_year(february, date(2027, 5, 1)),
            (date(2027, 3, 1), date(2028, 2, 29))
        );
        assert_eq!(
            fiscal_year(february, date(2028, 5, 1)),
            (date(2028, 3, 1), date(2029, 2, 28))
        );
        let middle = FiscalYearEnd { month: 10, day: 15 };
        assert_eq!(
            fiscal_year(middle, date(2026, 10, 16)),
            (date(2026, 10, 16), date(2027, 10, 15))
        );
    }

    #[test]
    fn periods_are_months_and_what_a_year_leaves_of_them() {
        let whole = periods_of(date(2026, 1, 1), date(2026, 12, 31));
        assert_eq!(whole.len(), 12);
        assert_eq!(whole[1], (date(2026, 2, 1), date(2026, 2, 28)));
        let cut = periods_of(date(2025, 10, 16), date(2026, 10, 15));
        assert_eq!(cut.len(), 13);
        assert_eq!(cut[0], (date(2025, 10, 16), date(2025, 10, 31)));
        assert_eq!(cut[12], (date(2026, 10, 1), date(2026, 10, 15)));
    }
}
