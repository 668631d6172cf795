//! The input form of `cli.md`, read without the command line's own reader: a company, a customer, a draft.

use acquit_app::{Kind, NewCustomer, NewInvoice, NewKind};
use acquit_domain::Cents;
use acquit_domain::company::{Address, Company, FiscalYearEnd, Insurance};
use acquit_domain::customer::CustomerKind;
use acquit_domain::invoice::{
    Content, Deduction, DeductionKind, DeductionValue, Item, Line, Nature, Operation,
};
use acquit_domain::quantity::{Percent, Quantity, UnitPrice};
use acquit_domain::text::{Bic, Country, Email, Iban, Siren, Siret, VatNumber};
use acquit_domain::vat::{VatBasis, VatTreatment};
use serde_json::Value;

/// A text that may be absent.
fn text(of: &Value, name: &str) -> Option<String> {
    of.get(name).map(|text| text.as_str().unwrap().to_owned())
}

/// A text that is there.
pub(crate) fn needed<'a>(of: &'a Value, name: &str) -> &'a str {
    let found = of.get(name).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("no {name} in {of}"))
}

/// An amount that is there.
pub(crate) fn amount(of: &Value, name: &str) -> Cents {
    Cents::parse(needed(of, name)).unwrap()
}

/// The rows of a list; none where it is absent.
pub(crate) fn list<'a>(of: &'a Value, name: &str) -> &'a [Value] {
    of.get(name)
        .map_or(&[], |rows| rows.as_array().unwrap().as_slice())
}

pub(crate) fn basis(word: &str) -> VatBasis {
    match word {
        "on_receipt" => VatBasis::OnReceipt,
        "on_invoice" => VatBasis::OnInvoice,
        other => panic!("no basis of VAT: {other}"),
    }
}

pub(crate) fn company(of: &Value) -> Company {
    let siret = Siret::parse(needed(of, "siret")).unwrap();
    let insurance = of.get("insurance").map(|insurance| Insurance {
        insurer: needed(insurance, "insurer").to_owned(),
        contact: text(insurance, "contact"),
        policy: text(insurance, "policy"),
        area: text(insurance, "area"),
    });
    let days = of.get("payment_days").and_then(Value::as_u64).unwrap();
    assert_eq!(needed(of, "fiscal_year_end"), "12-31");
    Company {
        name: needed(of, "name").to_owned(),
        address: address(of),
        legal_form: text(of, "legal_form"),
        vat_number: Some(siret.siren().vat_number()),
        email: text(of, "email").map(|email| Email::parse(&email).unwrap()),
        phone: text(of, "phone"),
        website: text(of, "website"),
        iban: text(of, "iban").map(|iban| Iban::parse(&iban).unwrap()),
        bic: text(of, "bic").map(|bic| Bic::parse(&bic).unwrap()),
        vat_basis: basis(needed(of, "vat_basis")),
        franchise: false,
        insurance,
        capital: text(of, "capital"),
        register: text(of, "register"),
        payment_days: u16::try_from(days).unwrap(),
        fiscal_year_end: FiscalYearEnd::default(),
        siret,
    }
}

pub(crate) fn customer(of: &Value) -> NewCustomer {
    NewCustomer {
        code: text(of, "code"),
        name: needed(of, "name").to_owned(),
        kind: match needed(of, "kind") {
            "private" => CustomerKind::Private,
            _ => CustomerKind::Business,
        },
        address: address(of),
        siren: text(of, "siren").map(|siren| Siren::parse(&siren).unwrap()),
        vat_number: text(of, "vat_number").map(|number| VatNumber::parse(&number).unwrap()),
        email: None,
        phone: None,
        contacts: Vec::new(),
    }
}

fn address(of: &Value) -> Address {
    let address = &of["address"];
    Address {
        line1: needed(address, "line1").to_owned(),
        line2: text(address, "line2"),
        postcode: needed(address, "postcode").to_owned(),
        city: needed(address, "city").to_owned(),
        country: Country::parse(needed(address, "country")).unwrap(),
    }
}

/// A draft as it was typed.
pub(crate) fn draft(of: &Value) -> NewInvoice {
    let word = text(of, "kind");
    let mut kinds = Kind::ALL.into_iter();
    let kind = kinds.find(|kind| Some(kind.code()) == word.as_deref());
    let refers_to = list(of, "refers_to").iter();
    NewInvoice {
        kind: NewKind {
            kind: kind.unwrap_or_default(),
            refers_to: refers_to
                .map(|number| number.as_str().unwrap().to_owned())
                .collect(),
        },
        customer: needed(of, "customer").to_owned(),
        issue_date: Some(needed(of, "issue_date").parse().unwrap()),
        due_date: None,
        content: Content {
            earlier: Vec::new(),
            operation: match text(of, "operation").as_deref() {
                Some("goods") => Operation::Goods,
                Some("both") => Operation::Both,
                _ => Operation::Services,
            },
            title: text(of, "title"),
            site_address: None,
            customer_reference: None,
            notes: None,
            items: list(of, "lines").iter().map(line).collect(),
            discount: percent(of, "discount_percent").unwrap_or(Percent::ZERO),
            deductions: list(of, "deductions").iter().map(deduction).collect(),
        },
    }
}

fn percent(of: &Value, name: &str) -> Option<Percent> {
    text(of, name).map(|percent| Percent::parse(&percent).unwrap())
}

fn line(of: &Value) -> Item {
    let (category, rate) = (text(of, "vat_category"), text(of, "vat_rate"));
    Item::Line(Line {
        progress: percent(of, "progress"),
        description: needed(of, "description").to_owned(),
        quantity: Quantity::parse(needed(of, "quantity")).unwrap(),
        unit: text(of, "unit"),
        unit_price: UnitPrice::parse(needed(of, "unit_price")).unwrap(),
        discount: percent(of, "discount_percent").unwrap_or(Percent::ZERO),
        vat: VatTreatment::new(category.as_deref(), rate.as_deref()).unwrap(),
        nature: match text(of, "nature").as_deref() {
            Some("services") => Nature::Services,
            Some("goods") => Nature::Goods,
            _ => Nature::Works,
        },
    })
}

fn deduction(of: &Value) -> Deduction {
    let kind = match needed(of, "kind") {
        "retention" => DeductionKind::Retention,
        "prorata" => DeductionKind::Prorata,
        _ => DeductionKind::Other,
    };
    let value = percent(of, "percent").map_or_else(
        || DeductionValue::Amount(amount(of, "amount")),
        DeductionValue::Percent,
    );
    Deduction::new(kind, value)
}
