//! How documents are numbered: read, spelled otherwise, taken over from another program. Numbers
//! themselves are given in the transaction that finalises (`invoicing`), and nowhere else.

use acquit_domain::numbering::{
    COUNTER_MAX, DocumentNumber, NumberRule, Numbered, Pattern, Period, Place, Series,
    first_counter, following,
};
use acquit_domain::{At, Error as Broken};
use acquit_store::{Reader, Writer};
use jiff::civil::Date;

use crate::{Acquit, Error};

/// How a series stands today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesNumbering {
    /// Which series.
    pub series: Series,
    /// How it is spelled from the next number on.
    pub pattern: Pattern,
    /// The number of a document dated today; none once the counter is full.
    pub next: Option<DocumentNumber>,
    /// What its counter counts through.
    pub period: Period,
    /// Where the counter of the period begins.
    pub first: u32,
    /// Whether documents are numbered in the period: where it begins is settled then.
    pub has_begun: bool,
}

impl Acquit {
    /// Every series as it stands today: invoices, credit notes, deposits.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn numbering(&self) -> Result<Vec<SeriesNumbering>, Error> {
        let today = self.parts.today();
        self.file.read(|reader| {
            let all = Series::ALL.into_iter();
            all.map(|series| standing_of(reader, series, today))
                .collect()
        })
    }

    /// Spells a series otherwise from its next number on. The counter goes on, also where it is counted
    /// through another kind of period from now on.
    ///
    /// # Errors
    /// At `pattern`: [`NumberRule::LikeAnotherSeries`], or [`NumberRule::Given`] where it could give a number
    /// again that a document has.
    pub fn set_pattern(&self, series: Series, pattern: &Pattern) -> Result<(), Error> {
        let today = self.parts.today();
        self.file.write(|writer| {
            let before = pattern_of(writer, series)?;
            if before == *pattern {
                return Ok(());
            }
            refuse_repetition(writer, series, pattern)?;
            let counter = last_given(writer, series, before.period(today))? + 1;
            writer.set_pattern(series, pattern)?;
            self.audit(writer, "numbering_pattern_changed", &(series, pattern))?;
            self.carry_on(writer, series, pattern.period(today), counter)
        })
    }

    /// A changed pattern may count through another kind of period: the counter goes on there.
    fn carry_on(
        &self,
        writer: &Writer<'_>,
        series: Series,
        period: Period,
        counter: u32,
    ) -> Result<(), Error> {
        let is_new = writer.last_counter(series, period)?.is_none();
        let is_other = counter != first_of(writer, series, period)?;
        if is_new && is_other && counter <= COUNTER_MAX {
            self.begin_at(writer, series, period, counter)?;
        }
        Ok(())
    }

    /// Begins the counter of a series at `first` in the period of today, where another program gave the
    /// numbers before it.
    ///
    /// # Errors
    /// At `start`: [`NumberRule::NotACounter`], or [`NumberRule::Begun`] once a document has a number of
    /// the series and period.
    pub fn set_numbering_start(&self, series: Series, first: u32) -> Result<(), Error> {
        let first = first_counter(first).at("start")?;
        let today = self.parts.today();
        self.file.write(|writer| {
            let period = pattern_of(writer, series)?.period(today);
            if first == first_of(writer, series, period)? {
                return Ok(());
            }
            if writer.last_counter(series, period)?.is_some() {
                return Err(Broken::at("start", NumberRule::Begun.into()).into());
            }
            self.begin_at(writer, series, period, first)
        })
    }

    fn begin_at(
        &self,
        writer: &Writer<'_>,
        series: Series,
        period: Period,
        first: u32,
    ) -> Result<(), Error> {
        writer.set_numbering_start(series, period, first)?;
        let event = (series, period.key(), first);
        self.audit(writer, "numbering_start_changed", &event)
    }
}

/// The number that follows in a series for a document of a date.
///
/// # Errors
/// [`acquit_domain::Rule::SeriesExhausted`].
pub(crate) fn next_number(
    reader: &Reader<'_>,
    series: Series,
    date: Date,
) -> Result<Numbered, Error> {
    let pattern = pattern_of(reader, series)?;
    let last = last_given(reader, series, pattern.period(date))?;
    Ok(following(series, &pattern, date, last)?)
}

/// A number that is missing, as it would be spelled now; by its place where the pattern counts through
/// another kind of period now, or where no date says how.
pub(crate) fn missing_number(reader: &Reader<'_>, place: Place) -> Result<String, Error> {
    let pattern = pattern_of(reader, place.series)?;
    let first_day = match place.period {
        Period::Endless => None,
        Period::Year(year) => Date::new(year, 1, 1).ok(),
        Period::Month(year, month) => Date::new(year, month, 1).ok(),
    };
    let spelled = first_day
        .filter(|date| pattern.period(*date) == place.period)
        .and_then(|date| pattern.number(date, place.counter).ok());
    Ok(spelled.map_or_else(|| place.to_string(), |number| number.to_string()))
}

/// How a series is spelled now.
fn pattern_of(reader: &Reader<'_>, series: Series) -> Result<Pattern, Error> {
    let kept = reader.pattern(series)?;
    Ok(kept.unwrap_or_else(|| Pattern::default_of(series)))
}

/// Where the counter of a series and period begins.
pub(crate) fn first_of(reader: &Reader<'_>, series: Series, period: Period) -> Result<u32, Error> {
    Ok(reader.numbering_start(series, period)?.unwrap_or(1))
}

/// The last counter of a series and period, be it another program's; 0 when there is none.
fn last_given(reader: &Reader<'_>, series: Series, period: Period) -> Result<u32, Error> {
    match reader.last_counter(series, period)? {
        Some(last) => Ok(last),
        None => Ok(first_of(reader, series, period)?.saturating_sub(1)),
    }
}

/// No two series may ever meet, and no number may come back: not of this series, spelled by an earlier
/// pattern, and not of another.
fn refuse_repetition(reader: &Reader<'_>, series: Series, pattern: &Pattern) -> Result<(), Error> {
    for other in Series::ALL.into_iter().filter(|other| *other != series) {
        if !pattern.is_told_apart_from(&pattern_of(reader, other)?) {
            return Err(Broken::at("pattern", NumberRule::LikeAnotherSeries(other).into()).into());
        }
    }
    let repeated =
        reader.find_number(|number, place| pattern.could_repeat(series, number, place))?;
    match repeated {
        Some(number) => Err(Broken::at("pattern", NumberRule::Given(number).into()).into()),
        None => Ok(()),
    }
}

fn standing_of(reader: &Reader<'_>, series: Series, today: Date) -> Result<SeriesNumbering, Error> {
    let pattern = pattern_of(reader, series)?;
    let period = pattern.period(today);
    let last = last_given(reader, series, period)?;
    let next = following(series, &pattern, today, last);
    Ok(SeriesNumbering {
        series,
        next: next.ok().map(|next| next.number),
        period,
        first: first_of(reader, series, period)?,
        has_begun: reader.last_counter(series, period)?.is_some(),
        pattern,
    })
}
