//! What a chart refuses, field by field.

use acquit_domain::invoice::Nature;
use acquit_domain::vat::{StandardRate, VatTreatment};
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use proptest::sample::select;

use super::{ChartFault, ChartField, ChartRule, LABEL_MAX, against_earlier};
use crate::chart::{AuxiliaryMode, Chart, ChartProposal, Plan, Use};
use crate::entry::Journal;

const WORKS_AT_TEN: Use = Use::SaleAt(
    Nature::Works,
    VatTreatment::Standard(StandardRate::Intermediate),
);

/// The usual chart as typed, with some accounts changed.
fn typed(changed: &[(Use, &str, &str)]) -> ChartProposal {
    let mut proposal = ChartProposal::from(Chart::default());
    for (one, number, label) in changed {
        let account = ((*number).to_owned(), (*label).to_owned());
        proposal.accounts.insert(*one, account);
    }
    proposal
}

fn rule(one: Use, number: &str) -> Option<ChartRule> {
    let faults = Chart::new(&typed(&[(one, number, "")]), None).err()?;
    let [fault] = faults.as_slice() else {
        panic!("{faults:?}")
    };
    assert_eq!(fault.field, ChartField::Account(one), "{number}");
    Some(fault.rule.clone())
}

#[test]
fn the_usual_chart_is_a_chart() {
    let usual = Chart::default();
    assert_eq!(Chart::new(&usual.clone().into(), None), Ok(usual.clone()));
    let needed = Use::all().into_iter().filter(|one| !one.is_optional());
    assert!(needed.into_iter().all(|one| usual.account(one).is_some()));
}

#[test]
fn an_account_is_of_the_class_of_its_use() {
    for (one, good, bad) in [
        (Use::Customers, "411100", "401000"),
        (Use::Disputed, "416000", "512900"),
        (Use::Deposits, "4191", "411800"),
        (Use::Sale(Nature::Works), "704900", "654000"),
        (WORKS_AT_TEN, "704010", "44571"),
        (Use::VatDue(StandardRate::Normal), "44571020", "445660"),
        (Use::VatAwaiting(StandardRate::Normal), "445870", "445620"),
        (Use::Payplug, "512800", "467100"),
        (Use::Bank, "514000", "530100"),
        (Use::Cash, "531000", "512300"),
        (Use::Fees, "622000", "758000"),
        (Use::SmallGains, "768000", "658000"),
    ] {
        assert_eq!(rule(one, good), None, "{one:?} {good}");
        let wrong = Some(ChartRule::WrongClass(one.classes()));
        assert_eq!(rule(one, bad), wrong, "{one:?} {bad}");
    }
}

#[test]
fn what_is_no_account_is_refused_and_what_is_needed_is_asked_for() {
    assert_eq!(rule(Use::Customers, "411-1"), Some(ChartRule::NotAnAccount));
    assert_eq!(
        rule(Use::Customers, "41100000001"),
        Some(ChartRule::NotAnAccount)
    );
    assert_eq!(rule(Use::Customers, " "), Some(ChartRule::Missing));
    assert_eq!(rule(Use::Disputed, ""), None);
    assert_eq!(rule(WORKS_AT_TEN, ""), None);
}

#[test]
fn uses_that_must_be_told_apart_have_accounts_of_their_own() {
    assert_eq!(
        rule(Use::Retention, "411000"),
        Some(ChartRule::Shared(Use::Customers))
    );
    assert_eq!(
        rule(Use::Bank, "512700"),
        Some(ChartRule::Shared(Use::Payplug))
    );
    let due = Use::VatDue(StandardRate::Normal);
    let awaiting = Use::VatAwaiting(StandardRate::Reduced);
    assert_eq!(rule(awaiting, "445711"), Some(ChartRule::Shared(due)));
    // One account for all rates is what small files have; its name is that of the first.
    let rates = StandardRate::ALL.map(|rate| (Use::VatDue(rate), "445710", ""));
    let chart = Chart::new(&typed(&rates), None).unwrap();
    let names =
        StandardRate::ALL.map(|rate| chart.account(Use::VatDue(rate)).unwrap().label.clone());
    assert!(names.iter().all(|name| *name == names[3]), "{names:?}");
}

#[test]
fn names_fit_on_a_line() {
    let long = "x".repeat(LABEL_MAX + 1);
    for label in [long.as_str(), "a\tb"] {
        let faults = Chart::new(&typed(&[(Use::Bank, "512000", label)]), None).unwrap_err();
        let fault = ChartFault {
            field: ChartField::Label(Use::Bank),
            rule: ChartRule::Label,
        };
        assert_eq!(faults, [fault]);
    }
}

#[test]
fn journals_have_codes_of_their_own() {
    let mut proposal = typed(&[]);
    proposal.journals.insert(Journal::Bank, "ve".to_owned());
    proposal.journals.insert(Journal::Cash, String::new());
    proposal
        .journals
        .insert(Journal::Miscellaneous, "DIVERS".to_owned());
    let faults = Chart::new(&proposal, None).unwrap_err();
    let of = |journal, rule| ChartFault {
        field: ChartField::Journal(journal),
        rule,
    };
    let expected = [
        of(Journal::Bank, ChartRule::JournalTaken(Journal::Sales)),
        of(Journal::Cash, ChartRule::Missing),
        of(Journal::Miscellaneous, ChartRule::NotAJournal),
    ];
    assert_eq!(faults, expected);
}

#[test]
fn an_imported_plan_names_accounts_and_refuses_others() {
    let usual: Vec<String> = Chart::default()
        .accounts()
        .filter(|(one, _)| *one != Use::Bank)
        .map(|(_, account)| format!("{};Du plan", account.number.as_str()))
        .collect();
    let plan = Plan::read(usual.join("\n").as_bytes()).unwrap().plan;
    let without = Chart::new(&typed(&[(Use::Cash, "530000", "")]), Some(&plan)).unwrap_err();
    let fault = ChartFault {
        field: ChartField::Account(Use::Bank),
        rule: ChartRule::NotInPlan,
    };
    assert_eq!(without, [fault]);
    let plan = Plan::read(format!("{}\n512000;BNP", usual.join("\n")).as_bytes())
        .unwrap()
        .plan;
    let chart = Chart::new(
        &typed(&[(Use::Bank, "512000", ""), (Use::Cash, "530000", "Tiroir")]),
        Some(&plan),
    )
    .unwrap();
    assert_eq!(chart.account(Use::Bank).unwrap().label, "BNP");
    assert_eq!(chart.account(Use::Cash).unwrap().label, "Tiroir");
}

#[test]
fn an_account_keeps_its_use_over_the_years() {
    let moved = Chart::new(&typed(&[(Use::Retention, "411800", "")]), None).unwrap();
    let taken = Chart::new(
        &typed(&[
            (Use::Disputed, "411700", ""),
            (Use::Retention, "411800", ""),
        ]),
        None,
    )
    .unwrap();
    assert_eq!(against_earlier(&moved, &[Chart::default()]), []);
    let fault = ChartFault {
        field: ChartField::Account(Use::Disputed),
        rule: ChartRule::UsedOtherwise(Use::Retention),
    };
    assert_eq!(against_earlier(&taken, &[Chart::default()]), [fault]);
}

proptest! {
    #[test]
    fn whatever_is_typed_a_chart_keeps_its_rules(
        changes in proptest::collection::vec((select(Use::all()), "[0-9]{0,7}|41[0-9]{2,4}|70[0-9]{2}|4457[0-9]{1,3}|51[0-9]{3}", ".{0,8}"), 0..8),
        collective in proptest::bool::ANY,
    ) {
        let mut proposal = ChartProposal::from(Chart::default());
        for (one, number, label) in changes {
            proposal.accounts.insert(one, (number, label));
        }
        if collective {
            proposal.auxiliaries = AuxiliaryMode::Collective;
        }
        let Ok(chart) = Chart::new(&proposal, None) else { return Ok(()) };
        for (one, account) in chart.accounts() {
            let number = account.number.as_str();
            prop_assert!(one.classes().iter().any(|class| number.starts_with(class)));
            for (other, second) in chart.accounts() {
                prop_assert!(account.number != second.number || one.may_share(other));
                prop_assert!(account.number != second.number || account.label == second.label);
            }
        }
        // What is kept is read back as it is.
        prop_assert_eq!(Chart::new(&chart.clone().into(), None), Ok(chart));
    }
}
