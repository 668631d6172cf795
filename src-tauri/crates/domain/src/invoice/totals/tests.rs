//! Totals: the example of the contract, the limits, and what holds for any content.

use std::collections::BTreeMap;

use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

use super::{NatureTotal, Totals, by_nature, totals};
use crate::error::{Error, Rule};
use crate::invoice::{Content, Deduction, DeductionKind, DeductionValue, Item, Line, Nature};
use crate::money::Cents;
use crate::quantity::Percent;
use crate::tests::{INTERMEDIATE, NORMAL, any_content, content, line, retention, spec_content};
use crate::vat::VatTreatment;

fn fixed(kind: DeductionKind, cents: i64) -> Deduction {
    let value = DeductionValue::Amount(Cents::new(cents));
    Deduction::new(kind, value)
}

fn of_nature(nature: Nature, line: Line) -> Line {
    Line { nature, ..line }
}

fn refusal(content: &Content) -> (String, Rule) {
    let Error { field, rule } = totals(content).unwrap_err();
    (field, rule)
}

/// Net, VAT, total, deductions, net due.
fn sums(totals: &Totals) -> [String; 5] {
    let Totals {
        net,
        vat,
        gross,
        deducted,
        net_due,
        ..
    } = *totals;
    [net, vat, gross, deducted, net_due].map(Cents::decimal)
}

fn parts(content: &Content) -> Vec<(Nature, i64, i64)> {
    let found = by_nature(content, &totals(content).unwrap());
    found
        .into_iter()
        .map(|part| (part.nature, part.base.get(), part.vat.get()))
        .collect()
}

#[test]
fn the_example_of_the_contract_adds_up() {
    let found = totals(&spec_content()).unwrap();
    assert_eq!(
        sums(&found),
        ["1948.96", "233.80", "2182.76", "109.14", "2073.62"]
    );
    assert_eq!(found.lines, [48_000, 107_996, 38_900].map(Cents::new));
    assert_eq!(
        (found.retention(), found.deposits),
        (Cents::new(10_914), Cents::ZERO)
    );
    let by_rate: Vec<_> = found
        .by_rate
        .iter()
        .map(|rate| (rate.treatment, rate.base.get(), rate.vat.get()))
        .collect();
    assert_eq!(
        by_rate,
        [(INTERMEDIATE, 155_996, 15_600), (NORMAL, 38_900, 7_780)]
    );
}

#[test]
fn vat_is_rounded_once_a_rate_not_once_a_line() {
    let three = content(vec![line("1", "0.33", NORMAL); 3]);
    assert_eq!(sums(&totals(&three).unwrap())[..2], ["0.99", "0.20"]);
}

#[test]
fn a_discount_on_the_whole_is_taken_rate_by_rate() {
    let lines = vec![
        line("1", "100.05", NORMAL),
        line("1", "50.05", INTERMEDIATE),
    ];
    let discount = Percent::parse("10").unwrap();
    let found = totals(&Content {
        discount,
        ..content(lines)
    })
    .unwrap();
    let by_rate: Vec<_> = found
        .by_rate
        .iter()
        .map(|rate| [rate.lines, rate.discount, rate.base, rate.vat].map(Cents::get))
        .collect();
    assert_eq!(
        by_rate,
        [[5_005, 501, 4_504, 450], [10_005, 1_001, 9_004, 1_801]]
    );
    assert_eq!(
        (found.discount, found.net),
        (Cents::new(1_502), Cents::new(13_508))
    );
}

#[test]
fn deductions_lower_what_is_asked_and_never_the_base() {
    let deductions = vec![
        retention("5"),
        fixed(DeductionKind::Prorata, 2_400),
        fixed(DeductionKind::Other, 100),
        fixed(DeductionKind::Other, 50),
    ];
    let content = Content {
        deductions,
        ..content(vec![line("1", "1000.00", NORMAL)])
    };
    let found = totals(&content).unwrap();
    assert_eq!(
        sums(&found),
        ["1000.00", "200.00", "1200.00", "85.50", "1114.50"]
    );
    assert_eq!(found.deductions_of(DeductionKind::Other), Cents::new(150));
    assert_eq!(
        found.deductions_of(DeductionKind::Prorata),
        Cents::new(2_400)
    );
}

#[test]
fn deductions_may_take_all_and_not_a_cent_more() {
    let asking = |cents| {
        let deductions = vec![fixed(DeductionKind::Other, cents)];
        Content {
            deductions,
            ..content(vec![line("1", "100.00", NORMAL)])
        }
    };
    assert_eq!(totals(&asking(12_000)).unwrap().net_due, Cents::ZERO);
    assert_eq!(
        refusal(&asking(12_001)),
        ("deductions".to_owned(), Rule::DeductionsExceedTotal)
    );
}

#[test]
fn what_is_taken_back_may_not_exceed_the_rest_of_its_rate() {
    let with = |back: &str| {
        let mut content = content(vec![
            line("2", "50.00", NORMAL),
            line(back, "50.00", NORMAL),
        ]);
        content.items.insert(
            0,
            Item::Section {
                title: "Lot 1".to_owned(),
            },
        );
        content
            .items
            .push(Item::Line(line("9", "50.00", INTERMEDIATE)));
        content
    };
    assert_eq!(totals(&with("-2")).unwrap().net, Cents::new(45_000));
    // The field counts sections too, as the input does.
    assert_eq!(
        refusal(&with("-2.0002")),
        ("lines[2].quantity".to_owned(), Rule::NegativeBase)
    );
}

#[test]
fn nothing_goes_beyond_a_hundred_million_euros() {
    let too_large = |field: &str| (field.to_owned(), Rule::TooLarge);
    let one = |price: &str| {
        content(vec![
            line("1", "1.00", NORMAL),
            line("1", price, VatTreatment::Exempt),
        ])
    };
    assert_eq!(
        totals(&one("99999998.80")).unwrap().gross,
        Cents::new(10_000_000_000)
    );
    assert_eq!(refusal(&one("99999998.81")), too_large("lines"));
    assert_eq!(
        refusal(&one("100000000.01")),
        too_large("lines[1].quantity")
    );
    let halves = content(vec![line("1", "50000000.01", VatTreatment::Exempt); 2]);
    assert_eq!(refusal(&halves), too_large("lines"));
    let back = content(vec![line("-9", "99999999.00", VatTreatment::Exempt)]);
    assert_eq!(refusal(&back), too_large("lines[0].quantity"));
}

#[test]
fn each_nature_has_its_part_of_a_rate() {
    let lines = vec![
        of_nature(Nature::Works, line("1", "100.00", NORMAL)),
        of_nature(Nature::Goods, line("1", "50.00", NORMAL)),
        of_nature(Nature::Works, line("1", "10.00", NORMAL)),
        of_nature(Nature::Services, line("1", "7.00", INTERMEDIATE)),
    ];
    let expected = [
        (Nature::Services, 700, 70),
        (Nature::Works, 11_000, 2_200),
        (Nature::Goods, 5_000, 1_000),
    ];
    assert_eq!(parts(&content(lines)), expected);
}

#[test]
fn what_is_taken_back_alone_counts_with_its_rate() {
    let lines = vec![
        of_nature(Nature::Works, line("1", "100.00", NORMAL)),
        of_nature(Nature::Goods, line("-1", "40.00", NORMAL)),
    ];
    assert_eq!(parts(&content(lines)), [(Nature::Works, 6_000, 1_200)]);
}

#[test]
fn a_rate_of_nothing_has_no_part() {
    let lines = vec![line("1", "40.00", NORMAL), line("-1", "40.00", NORMAL)];
    assert_eq!(parts(&content(lines)), []);
}

proptest! {
    #[test]
    fn parts_add_up_to_the_totals(content in any_content()) {
        let Ok(found) = totals(&content) else { return Ok(()) };
        let sum = |part: fn(&super::RateTotal) -> Cents| -> Cents { found.by_rate.iter().map(part).sum() };
        prop_assert_eq!(found.lines.iter().copied().sum::<Cents>(), sum(|rate| rate.lines));
        prop_assert_eq!(found.net, sum(|rate| rate.base));
        prop_assert_eq!(found.vat, sum(|rate| rate.vat));
        prop_assert_eq!(found.discount, sum(|rate| rate.discount));
        prop_assert_eq!(found.net, sum(|rate| rate.lines) - found.discount);
        prop_assert_eq!(found.gross, found.net + found.vat);
        prop_assert_eq!(found.deducted, found.deductions.iter().map(|one| one.amount).sum());
        prop_assert_eq!(found.net_due, found.gross - found.deducted);
        prop_assert!(!found.net_due.is_negative());
        for rate in &found.by_rate {
            prop_assert!(!rate.base.is_negative() && !rate.discount.is_negative());
            // Half a cent at most between the VAT and the exact product.
            let exact = i128::from(rate.base.get()) * i128::from(rate.treatment.basis_points());
            prop_assert!((i128::from(rate.vat.get()) * 10_000 - exact).abs() * 2 <= 10_000);
        }
        let treatments: Vec<_> = found.by_rate.iter().map(|rate| rate.treatment).collect();
        prop_assert!(treatments.is_sorted_by(|one, next| one < next), "each rate once: {:?}", treatments);
    }

    #[test]
    fn natures_share_each_rate_to_the_cent(content in any_content()) {
        let Ok(found) = totals(&content) else { return Ok(()) };
        let parts = by_nature(&content, &found);
        for rate in &found.by_rate {
            let own: Vec<&NatureTotal> = parts.iter().filter(|part| part.treatment == rate.treatment).collect();
            prop_assert_eq!(own.iter().map(|part| part.base).sum::<Cents>(), rate.base);
            prop_assert_eq!(own.iter().map(|part| part.vat).sum::<Cents>(), rate.vat);
        }
        for part in &parts {
            prop_assert!(!part.base.is_negative() && !part.vat.is_negative());
            prop_assert!(part.base.is_positive(), "no VAT without a base: {:?}", part);
        }
    }

    #[test]
    fn without_discount_a_nature_has_exactly_its_lines(content in any_content()) {
        let content = Content { discount: Percent::ZERO, deductions: Vec::new(), ..content };
        let mut sums: BTreeMap<(VatTreatment, Nature), Cents> = BTreeMap::new();
        for line in content.items.iter().filter_map(Item::line) {
            *sums.entry((line.vat, line.nature)).or_default() += line.amount();
        }
        let Ok(found) = totals(&content) else { return Ok(()) };
        if sums.values().all(|sum| !sum.is_negative()) {
            sums.retain(|_, sum| sum.is_positive());
            let parts = by_nature(&content, &found).into_iter().map(|part| ((part.treatment, part.nature), part.base));
            prop_assert_eq!(parts.collect::<BTreeMap<_, _>>(), sums);
        }
    }
}
