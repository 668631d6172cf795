//! Numbers, their patterns and periods; that no number is ever given twice is played through.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::select;

use super::{
    COUNTER_MAX, DocumentNumber, NUMBER_MAX, NumberRule, Numbered, Pattern, Period, Place, Series,
    first_counter, first_gap, following,
};
use crate::error::Rule;

const DAY: Date = date(2026, 11, 26);

fn pattern(text: &str) -> Pattern {
    Pattern::parse(text).unwrap()
}

fn spelled(text: &str, counter: u32) -> String {
    pattern(text).number(DAY, counter).unwrap().to_string()
}

#[test]
fn numbers_follow_each_other_until_the_counter_is_full() {
    let default = Pattern::default_of(Series::Invoice);
    let first = following(Series::Invoice, &default, DAY, 0).unwrap();
    assert_eq!(first.number.to_string(), "F-2026-00001");
    assert_eq!(first.place.period, Period::Year(2026));
    assert_eq!(first.place.counter, 1);
    let last = following(Series::Invoice, &default, DAY, COUNTER_MAX - 1).unwrap();
    assert_eq!(last.number.to_string(), "F-2026-999999");
    assert!(following(Series::Invoice, &default, DAY, COUNTER_MAX).is_err());
    assert!(default.number(DAY, COUNTER_MAX + 1).is_err());
}

#[test]
fn the_default_patterns_are_those_that_programs_rely_on() {
    let numbers = Series::ALL.map(|series| {
        let number = Pattern::default_of(series).number(DAY, 42).unwrap();
        number.to_string()
    });
    assert_eq!(numbers, ["F-2026-00042", "A-2026-00042", "AC-2026-00042"]);
    for series in Series::ALL {
        let default = Pattern::default_of(series);
        assert_eq!(Pattern::parse(&default.text()), Ok(default.clone()));
        for other in Series::ALL.into_iter().filter(|other| *other != series) {
            assert!(default.is_told_apart_from(&Pattern::default_of(other)));
        }
    }
}

#[test]
fn patterns_spell_date_and_counter() {
    assert_eq!(spelled("{AAAA}/{MM}-{NNN}", 7), "2026/11-007");
    assert_eq!(spelled("FA{AA}{MM}{NNNN}", 7), "FA26110007");
    assert_eq!(spelled(" f{aaaa}_{n}+B ", 1234), "f2026_1234+B");
    assert_eq!(spelled("{NNNNNN}", 7), "000007");
    assert_eq!(spelled("{NN}", 12_345), "12345");
}

#[test]
fn a_counter_begins_anew_as_often_as_its_date_is_written() {
    let period = |text: &str| pattern(text).period(DAY);
    assert_eq!(period("F{NNN}"), Period::Endless);
    assert_eq!(period("F{MM}-{NNN}"), Period::Endless);
    assert_eq!(period("F{AA}-{NNN}"), Period::Year(2026));
    assert_eq!(period("F{AAAA}-{NNN}"), Period::Year(2026));
    assert_eq!(period("F{AAAA}{MM}-{NNN}"), Period::Month(2026, 11));
}

#[test]
fn what_is_no_pattern_is_refused_by_its_reason() {
    let broken = |text: &str| Pattern::parse(text).unwrap_err();
    assert_eq!(broken("  "), Rule::Empty);
    assert_eq!(broken("F-{AAAA}"), NumberRule::NotOneCounter.into());
    assert_eq!(broken("F-{N}-{NN}"), NumberRule::NotOneCounter.into());
    assert_eq!(broken("F-{AAAA}-{AA}-{N}"), NumberRule::RepeatedDate.into());
    assert_eq!(broken("F-{MM}{MM}-{N}"), NumberRule::RepeatedDate.into());
    assert_eq!(broken("É-{N}"), NumberRule::Character('É').into());
    assert_eq!(broken("F {N}"), NumberRule::Character(' ').into());
    assert_eq!(broken("F}{N}"), NumberRule::Character('}').into());
    assert_eq!(broken("-{N}"), NumberRule::Beginning.into());
    for word in ["YYYY", "", "NNNNNNN", "NA", "{N"] {
        let refused = broken(&format!("F{{{word}}}{{N}}"));
        assert_eq!(refused, NumberRule::UnknownPart(word.to_owned()).into());
    }
    assert_eq!(
        broken("F{N"),
        NumberRule::UnknownPart("N".to_owned()).into()
    );
    assert!(Pattern::parse(&format!("{}{{N}}", "F".repeat(29))).is_ok());
    let too_long = broken(&format!("{}{{N}}", "F".repeat(30)));
    assert_eq!(too_long, NumberRule::TooLong { most: NUMBER_MAX }.into());
}

#[test]
fn a_number_holds_what_the_norm_allows() {
    let read = |text: &str| text.parse::<DocumentNumber>();
    assert_eq!(read("F-2026-1").unwrap().to_string(), "F-2026-1");
    assert_eq!(read("2026/11-1").unwrap().in_file_name(), "2026-11-1");
    assert_eq!(read(""), Err(Rule::Empty));
    assert_eq!(read("F 1"), Err(NumberRule::Character(' ').into()));
    assert_eq!(read("F\u{0}"), Err(NumberRule::Character('\u{0}').into()));
    assert!(read(&"9".repeat(35)).is_ok());
    let too_long = NumberRule::TooLong { most: 35 }.into();
    assert_eq!(read(&"9".repeat(36)), Err(too_long));
    assert!(read("F-1").unwrap() < read("F-10").unwrap());
    assert!(read("F-10").unwrap() < read("F-2").unwrap());
    let number = read("F-2026-00042").unwrap();
    let json = serde_json::to_string(&number).unwrap();
    assert_eq!(json, "\"F-2026-00042\"");
    assert_eq!(
        serde_json::from_str::<DocumentNumber>(&json).unwrap(),
        number
    );
    assert!(serde_json::from_str::<DocumentNumber>("\"é\"").is_err());
}

#[test]
fn series_that_could_meet_are_not_told_apart() {
    let apart = |one: &str, two: &str| {
        let (one, two) = (pattern(one), pattern(two));
        assert_eq!(one.is_told_apart_from(&two), two.is_told_apart_from(&one));
        one.is_told_apart_from(&two)
    };
    assert!(apart("{AAAA}-{NNNN}", "AV-{AAAA}-{NNNN}"));
    assert!(apart("F-{AAAA}-{NNNN}", "F-{AAAA}-{NNNN}-A"));
    assert!(apart("F-{AAAA}-{NNNN}", "F-{AA}-{NNNN}"));
    assert!(apart("F{N}-A", "F{N}-B"));
    // Their letters differ in size only.
    assert!(!apart("F-{AAAA}-{NNNN}", "f-{AAAA}-{NNNN}"));
    assert!(!apart("F-{AAAA}-{NNNN}", "F-{AAAA}-{NNNNN}"));
    // Digits that stay are digits that the other may count to.
    assert!(!apart("F1{NNN}", "F{NNNN}"));
    assert!(!apart("{N}1", "{NN}"));
    assert!(!apart("F{AAAA}{NNNN}", "F{AA}{NNNN}"));
}

#[test]
fn a_pattern_repeats_no_number_that_another_document_has() {
    let given = "F-2026-00042".parse::<DocumentNumber>().unwrap();
    let place = |series, period, counter| Place {
        series,
        period,
        counter,
    };
    let own = place(Series::Invoice, Period::Year(2026), 42);
    let repeats = |text: &str, series, place| pattern(text).could_repeat(series, &given, place);
    // The pattern that gave it, and one that never gives it.
    assert!(!repeats("F-{AAAA}-{NNNNN}", Series::Invoice, own));
    assert!(!repeats("F-{AAAA}-{NNN}", Series::Invoice, own));
    // The same spelling for another document: of another series, period or counter.
    assert!(repeats("F-{AAAA}-{NNNNN}", Series::CreditNote, own));
    assert!(repeats("F-2026-{NNNNN}", Series::Invoice, own));
    let later = place(Series::Invoice, Period::Year(2026), 43);
    assert!(repeats("F-{AAAA}-{NNNNN}", Series::Invoice, later));
    // 00 is no month.
    assert!(!repeats("F-{AAAA}-{MM}{NNN}", Series::Invoice, own));
}

#[test]
fn a_place_is_told_in_words() {
    let told = |period| {
        let place = Place {
            series: Series::CreditNote,
            period,
            counter: 42,
        };
        place.to_string()
    };
    assert_eq!(told(Period::Endless), "credit_note 42");
    assert_eq!(told(Period::Year(2026)), "credit_note 2026 42");
    assert_eq!(told(Period::Month(2026, 3)), "credit_note 2026-03 42");
}

#[test]
fn gaps_and_repetitions_are_found() {
    assert_eq!(first_gap(1, [1, 2, 3]), None);
    assert_eq!(first_gap(1, [1, 3]), Some(2));
    assert_eq!(first_gap(1, [1, 1]), Some(2));
    assert_eq!(first_gap(1, [2]), Some(1));
    assert_eq!(first_gap(43, [43, 44]), None);
    assert_eq!(first_gap(43, [44]), Some(43));
    assert_eq!(first_gap(43, [42, 43]), Some(43));
}

#[test]
fn the_first_counter_is_one_that_can_be_given() {
    assert_eq!(first_counter(43), Ok(43));
    assert_eq!(first_counter(COUNTER_MAX), Ok(COUNTER_MAX));
    assert!(first_counter(0).is_err() && first_counter(COUNTER_MAX + 1).is_err());
}

#[test]
fn a_series_is_told_by_its_word() {
    for series in Series::ALL {
        assert_eq!(Series::from_code(series.code()), Ok(series));
        let json = serde_json::to_string(&series).unwrap();
        assert_eq!(json, format!("\"{}\"", series.code()));
    }
    assert_eq!(Series::from_code("quote"), Err(Rule::UnknownChoice));
}

/// Patterns with few letters and short counters, so that they come close to each other.
fn any_pattern() -> impl Strategy<Value = Pattern> {
    let part = prop_oneof![
        3 => select(vec!["F", "A", "1", "2", "-", "0"]),
        1 => select(vec!["{AAAA}", "{AA}", "{MM}"]),
        2 => select(vec!["{N}", "{NN}", "{NNN}"]),
    ];
    vec(part, 1..6).prop_filter_map("no pattern", |parts| Pattern::parse(&parts.concat()).ok())
}

fn any_day() -> impl Strategy<Value = Date> {
    select(vec![
        date(2026, 1, 31),
        date(2026, 11, 26),
        date(2026, 12, 1),
        date(2027, 1, 2),
    ])
}

/// A few patterns that owners might go through, most of which meet another.
fn near_pattern() -> impl Strategy<Value = Pattern> {
    let texts = [
        "F{N}",
        "F{NN}",
        "F1{N}",
        "F{N}1",
        "A{N}",
        "A1{N}",
        "F{MM}{N}",
        "F{AA}{N}",
        "F{AA}{MM}{N}",
    ];
    select(texts.map(pattern).to_vec())
}

#[derive(Clone, Debug)]
enum Act {
    Issue(Series, usize),
    Repattern(Series, Pattern),
    Wait,
}

fn any_act() -> impl Strategy<Value = Act> {
    let series = || select(Series::ALL.to_vec());
    prop_oneof![
        4 => (series(), 1_usize..12).prop_map(|(series, count)| Act::Issue(series, count)),
        4 => (series(), near_pattern()).prop_map(|(series, pattern)| Act::Repattern(series, pattern)),
        1 => (series(), any_pattern()).prop_map(|(series, pattern)| Act::Repattern(series, pattern)),
        1 => Just(Act::Wait),
    ]
}

/// What a file knows of its numbers, in few words.
struct Books {
    day: Date,
    patterns: BTreeMap<Series, Pattern>,
    firsts: BTreeMap<(Series, Period), u32>,
    given: Vec<Numbered>,
}

impl Books {
    fn last(&self, series: Series, period: Period) -> u32 {
        let of_it = self.given.iter().map(|one| one.place);
        let last = of_it
            .filter(|place| (place.series, place.period) == (series, period))
            .map(|place| place.counter)
            .max();
        let before_first = self
            .firsts
            .get(&(series, period))
            .map_or(0, |first| first - 1);
        last.unwrap_or(before_first)
    }

    fn next(&self, series: Series) -> Numbered {
        let pattern = &self.patterns[&series];
        let last = self.last(series, pattern.period(self.day));
        following(series, pattern, self.day, last).unwrap()
    }

    /// The rules under which a pattern is taken; the counter goes on.
    fn repattern(&mut self, series: Series, pattern: Pattern) {
        let meets = |(other, theirs): (&Series, &Pattern)| {
            *other != series && !pattern.is_told_apart_from(theirs)
        };
        let repeats = |one: &Numbered| pattern.could_repeat(series, &one.number, one.place);
        if self.patterns.iter().any(meets) || self.given.iter().any(repeats) {
            return;
        }
        let counter = self.next(series).place.counter;
        let period = pattern.period(self.day);
        self.firsts.insert((series, period), counter);
        self.patterns.insert(series, pattern);
    }
}

proptest! {
    #[test]
    fn series_that_are_told_apart_never_meet(one in any_pattern(), two in any_pattern()) {
        let all = |pattern: &Pattern| -> BTreeSet<String> {
            let days = [date(2026, 1, 31), date(2026, 11, 26), date(2012, 12, 1), date(2110, 10, 2)];
            let of_day = |day| (1..130).map(move |counter| pattern.number(day, counter).unwrap());
            days.into_iter().flat_map(of_day).map(|number| number.to_string()).collect()
        };
        if one.is_told_apart_from(&two) {
            prop_assert!(all(&one).is_disjoint(&all(&two)));
        }
    }

    #[test]
    fn a_pattern_knows_its_own_numbers(
        pattern in any_pattern(), day in any_day(), counter in 1_u32..=COUNTER_MAX, other in 1_u32..=COUNTER_MAX,
    ) {
        let number = pattern.number(day, counter).unwrap();
        prop_assert!(number.as_str().len() <= NUMBER_MAX);
        let place = Place { series: Series::Invoice, period: pattern.period(day), counter };
        prop_assert!(!pattern.could_repeat(Series::Invoice, &number, place));
        prop_assert!(pattern.could_repeat(Series::Deposit, &number, place));
        let elsewhere = Place { counter: other, ..place };
        prop_assert_eq!(pattern.could_repeat(Series::Invoice, &number, elsewhere), other != counter);
    }

    #[test]
    fn no_number_is_ever_given_twice(acts in vec(any_act(), 1..60), days in vec(any_day(), 4)) {
        let mut days: Vec<Date> = days;
        days.sort();
        let mut days = days.into_iter();
        let mut books = Books {
            day: days.next().unwrap(),
            patterns: Series::ALL.map(|series| (series, Pattern::default_of(series))).into(),
            firsts: BTreeMap::new(),
            given: Vec::new(),
        };
        for act in acts {
            match act {
                Act::Issue(series, count) => (0..count).for_each(|_| books.given.push(books.next(series))),
                Act::Repattern(series, pattern) => books.repattern(series, pattern),
                Act::Wait => books.day = days.next().unwrap_or(books.day),
            }
        }
        let numbers: BTreeSet<_> = books.given.iter().map(|one| one.number).collect();
        let places: BTreeSet<_> = books.given.iter().map(|one| one.place).collect();
        prop_assert_eq!((numbers.len(), places.len()), (books.given.len(), books.given.len()));
    }

    #[test]
    fn patterns_and_periods_read_back(pattern in any_pattern(), day in any_day(), key in any::<i32>()) {
        prop_assert_eq!(Pattern::parse(&pattern.text()), Ok(pattern.clone()));
        let period = pattern.period(day);
        prop_assert_eq!(Period::from_key(period.key()), Ok(period));
        if let Ok(period) = Period::from_key(key) {
            prop_assert_eq!(period.key(), key);
        }
    }
}
