//! What the law wants and the data lack.

use super::{Missing, long_term, missing, unprintable};
use crate::company::Company;
use crate::customer::{Customer, CustomerKind};
use crate::invoice::totals::totals;
use crate::invoice::{Content, Item, Nature, Operation};
use crate::tests::{INTERMEDIATE, NORMAL, content, customer, line, retention};
use crate::text::{Country, Siren};
use crate::vat::{StandardRate, VatTreatment};
use jiff::civil::date;

/// A company that says all of itself.
fn company() -> Company {
    Company {
        capital: Some("10 000 €".to_owned()),
        register: Some("RCS Tours 812 345 676".to_owned()),
        ..crate::tests::company()
    }
}

/// A professional with a SIREN and a VAT number.
fn business() -> Customer {
    let siren = Siren::parse("732829320").unwrap();
    Customer {
        kind: CustomerKind::Business,
        vat_number: Some(siren.vat_number()),
        siren: Some(siren),
        ..customer()
    }
}

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
        register: None,
        ..company()
    };
    let expected = [
        "legal_form_missing",
        "register_missing",
        "bank_details_missing",
    ];
    assert_eq!(found(&nameless, &customer(), &works()), expected);
    let poor = Company {
        capital: None,
        ..company()
    };
    assert_eq!(found(&poor, &customer(), &works()), ["capital_missing"]);
    let trader = Company {
        legal_form: Some("Micro-entreprise".to_owned()),
        ..poor
    };
    assert_eq!(
        found(&trader, &customer(), &works()),
        ["sole_trader_not_named"]
    );
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
fn whoever_owes_the_tax_and_the_seller_have_vat_numbers() {
    let numberless = Company {
        vat_number: None,
        ..company()
    };
    let unknown = Customer {
        vat_number: None,
        ..business()
    };
    let intra = content(vec![line("1", "100.00", VatTreatment::IntraCommunity)]);
    let expected = ["customer_vat_number_missing", "seller_vat_number_missing"];
    for content in [reverse_charge(), intra] {
        assert_eq!(found(&numberless, &unknown, &content), expected);
        assert_eq!(found(&company(), &business(), &content), [""; 0]);
    }
    assert_eq!(found(&numberless, &unknown, &works()), [""; 0]);
}

#[test]
fn a_private_person_owes_no_tax() {
    assert_eq!(
        found(&company(), &customer(), &reverse_charge()),
        ["private_customer_owes_tax"]
    );
}

#[test]
fn a_lower_rate_names_the_dwelling() {
    let at = |rate| content(vec![line("1", "100.00", VatTreatment::Standard(rate))]);
    let (ten, reduced) = (at(StandardRate::Intermediate), at(StandardRate::Reduced));
    for content in [&ten, &reduced] {
        assert_eq!(
            found(&company(), &customer(), content),
            ["site_address_missing"]
        );
    }
    let known = Content {
        site_address: Some("31 rue Lakanal, 37000 Tours".to_owned()),
        ..ten.clone()
    };
    assert_eq!(found(&company(), &customer(), &known), [""; 0]);
    // A professional's certification is in no printed text of ours.
    assert_eq!(
        found(&company(), &business(), &known),
        ["certification_missing"]
    );
    let certified = Content {
        notes: Some("Locaux à usage d’habitation achevés depuis plus de deux ans.".to_owned()),
        ..known
    };
    assert_eq!(found(&company(), &business(), &certified), [""; 0]);
    let mut goods = line("1", "100.00", INTERMEDIATE);
    goods.nature = Nature::Goods;
    assert_eq!(
        found(&company(), &customer(), &content(vec![goods])),
        [""; 0]
    );
}

#[test]
fn reverse_charge_is_of_works() {
    let goods = Content {
        operation: Operation::Goods,
        ..reverse_charge()
    };
    assert_eq!(
        found(&company(), &business(), &goods),
        ["reverse_charge_of_goods"]
    );
}

#[test]
fn a_professional_pays_within_sixty_days_or_forty_five_and_the_end_of_a_month() {
    let issued = date(2026, 12, 1);
    // 60 days: 30 January; 45 days, then the end of the month: 31 January; the end of the month,
    // then 45 days: 14 February.
    for due in [date(2027, 1, 30), date(2027, 1, 31), date(2027, 2, 14)] {
        assert_eq!(long_term(&business(), issued, due), None, "{due}");
    }
    let late = date(2027, 2, 15);
    assert_eq!(
        long_term(&business(), issued, late),
        Some(Missing::LongTerm)
    );
    assert_eq!(long_term(&customer(), issued, late), None);
    let end = date(2026, 12, 31);
    assert_eq!(long_term(&business(), end, date(2027, 3, 1)), None);
    assert_eq!(
        long_term(&business(), end, date(2027, 3, 2)),
        Some(Missing::LongTerm)
    );
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

#[test]
fn each_text_that_paper_cannot_show_is_named_with_its_first_such_character() {
    let mut content = works();
    let mut unit = line("1", "1.00", NORMAL);
    unit.unit = Some("m漢".to_owned());
    content.items.extend([
        Item::Section {
            title: "Étage 2".to_owned(),
        },
        Item::Comment {
            text: "voir 字 et 漢".to_owned(),
        },
        Item::Line(unit),
    ]);
    content.notes = Some("merci 漢".to_owned());
    let company = Company {
        register: Some("RCS 漢".to_owned()),
        ..company()
    };
    let mut customer = customer();
    customer.address.line2 = Some("漢".to_owned());
    let lacks = |text: &str| text.chars().find(|one| ['漢', '字'].contains(one));
    let found: Vec<_> = unprintable(&company, &customer, &content, lacks)
        .into_iter()
        .map(|one| (one.code(), one.field().into_owned()))
        .collect();
    let expected = [
        "notes",
        "lines[2].description",
        "lines[3].unit",
        "customer.address.line2",
        "company.register",
    ];
    assert_eq!(
        found,
        expected.map(|field| ("character_not_printable", field.to_owned()))
    );
    assert_eq!(unprintable(&company, &customer, &content, |_| None), []);
}
