//! What the law wants and the data lack.

use super::{Missing, missing};
use crate::company::Company;
use crate::customer::{Customer, CustomerKind};
use crate::invoice::totals::totals;
use crate::invoice::{Content, Nature};
use crate::tests::{NORMAL, company, content, customer, line, retention};
use crate::text::{Country, Siren};
use crate::vat::VatTreatment;

fn works() -> Content {
    content(vec![line("1", "100.00", NORMAL)])
}

fn reverse_charge() -> Content {
    content(vec![line("1", "100.00", VatTreatment::ReverseCharge)])
}

fn found(company: &Company, customer: &Customer, content: &Content) -> Vec<&'static str> {
    let totals = totals(content).unwrap();
    missing(company, customer, content, &totals)
        .into_iter()
        .map(Missing::code)
        .collect()
}

#[test]
fn nothing_is_missing_where_all_is_there() {
    assert_eq!(found(&company(), &customer(), &works()), [""; 0]);
}

#[test]
fn works_want_the_insurance_and_nothing_else_does() {
    let uninsured = Company {
        insurance: None,
        ..company()
    };
    assert_eq!(
        found(&uninsured, &customer(), &works()),
        ["insurance_missing"]
    );
    let mut goods = line("1", "100.00", NORMAL);
    goods.nature = Nature::Goods;
    assert_eq!(
        found(&uninsured, &customer(), &content(vec![goods])),
        [""; 0]
    );
}

#[test]
fn the_seller_is_named_in_full() {
    let nameless = Company {
        legal_form: None,
        iban: None,
        ..company()
    };
    let expected = ["legal_form_missing", "bank_details_missing"];
    assert_eq!(found(&nameless, &customer(), &works()), expected);
}

#[test]
fn a_french_business_has_a_siren() {
    let business = Customer {
        kind: CustomerKind::Business,
        ..customer()
    };
    assert_eq!(
        found(&company(), &business, &works()),
        ["customer_siren_missing"]
    );
    let siren = Siren::parse("732829320").ok();
    let known = Customer {
        siren,
        ..business.clone()
    };
    assert_eq!(found(&company(), &known, &works()), [""; 0]);
    let mut abroad = business;
    abroad.address.country = Country::parse("BE").unwrap();
    assert_eq!(found(&company(), &abroad, &works()), [""; 0]);
}

#[test]
fn reverse_charge_wants_both_vat_numbers() {
    let numberless = Company {
        vat_number: None,
        ..company()
    };
    let expected = ["customer_vat_number_missing", "seller_vat_number_missing"];
    assert_eq!(found(&numberless, &customer(), &reverse_charge()), expected);
    assert_eq!(found(&numberless, &customer(), &works()), [""; 0]);
    let vat_number = Some(Siren::parse("732829320").unwrap().vat_number());
    let known = Customer {
        vat_number,
        ..customer()
    };
    assert_eq!(found(&company(), &known, &reverse_charge()), [""; 0]);
}

#[test]
fn a_link_wants_an_address() {
    let silent = Customer {
        email: None,
        ..customer()
    };
    assert_eq!(
        found(&company(), &silent, &works()),
        ["customer_email_missing"]
    );
}

#[test]
fn a_retention_stays_within_five_per_cent() {
    let held = |percents: &[&str]| {
        let deductions = percents.iter().map(|percent| retention(percent)).collect();
        found(
            &company(),
            &customer(),
            &Content {
                deductions,
                ..works()
            },
        )
    };
    assert_eq!(held(&["5"]), [""; 0]);
    assert_eq!(held(&["5.01"]), ["retention_above_five_percent"]);
    assert_eq!(held(&["3", "3"]), ["retention_above_five_percent"]);
}
