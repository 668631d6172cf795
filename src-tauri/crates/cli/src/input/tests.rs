//! Real invoices are read and add up; malformed inputs are refused by the name of the field.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use acquit_app::NewInvoice;
use acquit_domain::company::Company;
use acquit_domain::invoice::LINES_MAX;
use acquit_domain::vat::VatBasis;
use serde_json::Value;

use super::fault::Refused;
use super::{company, invoice, json, party};
use crate::error::Error;

fn real(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../tests/fixtures/real")
        .join(name)
}

fn real_json(name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(real(name)).unwrap()).unwrap()
}

fn read_company(name: &str) -> Company {
    company(&real(name)).unwrap().company
}

fn read_invoice(document: &Value, franchise: bool) -> Result<NewInvoice, Refused> {
    invoice::invoice(json::parse(document.to_string().as_bytes())?, franchise)
}

#[test]
fn real_invoices_add_up_to_what_was_worked_out_by_hand() {
    let expected = real_json("expected.json");
    let expected = expected.as_object().unwrap();
    assert!(expected.len() >= 12);
    for (name, expected) in expected {
        let company = read_company(expected["company"].as_str().unwrap());
        let totals = invoice(&real(name), company.franchise).unwrap();
        let totals = totals
            .content
            .check(&company)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let lines: Vec<String> = totals.lines.iter().map(|amount| amount.decimal()).collect();
        assert_eq!(serde_json::json!(lines), expected["lines"], "{name}");
        for (field, amount) in [
            ("net", totals.net),
            ("vat", totals.vat),
            ("gross", totals.gross),
            ("deductions", totals.deducted),
            ("net_due", totals.net_due),
        ] {
            assert_eq!(
                amount.decimal(),
                expected[field].as_str().unwrap(),
                "{name}: {field}"
            );
        }
        let found: BTreeSet<String> = totals
            .by_rate
            .iter()
            .map(|rate| {
                let (base, vat) = (rate.base.decimal(), rate.vat.decimal());
                format!(
                    "{} {} {base} {vat}",
                    rate.treatment.category(),
                    rate.treatment.rate_decimal()
                )
            })
            .collect();
        let wanted: BTreeSet<String> = expected["by_rate"]
            .as_array()
            .unwrap()
            .iter()
            .map(|rate| {
                let text = |field: &str| rate[field].as_str().unwrap();
                format!(
                    "{} {} {} {}",
                    text("category"),
                    text("rate"),
                    text("base"),
                    text("vat")
                )
            })
            .collect();
        assert_eq!(found, wanted, "{name}");
    }
}

#[test]
fn every_real_customer_is_read() {
    for document in real_json("customers.json").as_array().unwrap() {
        let node = json::parse(document.to_string().as_bytes()).unwrap();
        let customer = party::customer(node).unwrap();
        assert_eq!(Some(customer.name.as_str()), document["name"].as_str());
    }
}

#[test]
fn a_company_is_completed_with_the_defaults_of_the_contract() {
    let minimal = br#"{"name":"Dupont","siret":"812 345 676 00017","vat_basis":null,
        "address":{"line1":"12 rue des Artisans","postcode":"37000","city":"Tours","country":"FR"}}"#;
    let read = |bytes: &[u8]| party::company(json::parse(bytes).unwrap(), Path::new("dossier"));
    let company = read(minimal).unwrap().company;
    assert_eq!(
        company
            .vat_number
            .map(|number| number.to_string())
            .as_deref(),
        Some("FR19812345676")
    );
    assert_eq!(
        (company.payment_days, company.vat_basis),
        (30, VatBasis::OnReceipt)
    );
    assert_eq!(
        (company.fiscal_year_end.month, company.fiscal_year_end.day),
        (12, 31)
    );
    let text = String::from_utf8_lossy(minimal).into_owned();
    let franchise = text.replace(
        r#""vat_basis":null"#,
        r#""franchise":true,"logo_path":"logo.png""#,
    );
    let new = read(franchise.as_bytes()).unwrap();
    assert_eq!(new.company.vat_number, None);
    assert_eq!(
        new.logo_path.as_deref(),
        Some(Path::new("dossier/logo.png"))
    );
}

#[test]
fn null_counts_as_absent() {
    let mut document = real_json("01-salle-de-bain.json");
    for field in [
        "kind",
        "issue_date",
        "due_date",
        "title",
        "operation",
        "deductions",
        "refers_to",
    ] {
        document[field] = Value::Null;
    }
    document["lines"][0]["unit"] = Value::Null;
    document["lines"][0]["vat_category"] = Value::Null;
    let draft = read_invoice(&document, false).unwrap();
    assert_eq!((draft.issue_date, draft.content.title), (None, None));
    assert!(draft.content.deductions.is_empty());
}

#[test]
fn a_document_has_a_greatest_number_of_lines() {
    let mut document = real_json("01-salle-de-bain.json");
    let comment = serde_json::json!({ "type": "comment", "description": "x" });
    let most = LINES_MAX - document["lines"].as_array().unwrap().len();
    document["lines"]
        .as_array_mut()
        .unwrap()
        .extend(vec![comment.clone(); most]);
    assert!(read_invoice(&document, false).is_ok());
    document["lines"].as_array_mut().unwrap().push(comment);
    let refused = read_invoice(&document, false).unwrap_err();
    assert_eq!(
        (refused.code(), refused.field.as_deref()),
        ("too_many_lines", Some("lines"))
    );
}

/// The cases are data, because the binary is held to the same list in `tests/cli/refusals.rs`.
#[test]
fn malformed_inputs_are_refused_by_name_in_plain_french() {
    let cases: Value = serde_json::from_str(include_str!("../../tests/cli/refused.json")).unwrap();
    let cases = cases.as_array().unwrap();
    assert!(cases.len() >= 60);
    for case in cases {
        let error = refusal(case).unwrap_or_else(|| panic!("accepted: {case}"));
        assert_eq!(Some(error.code()), case["code"].as_str(), "{case}");
        assert_eq!(error.field(), case["field"].as_str(), "{case}");
        let sentence = error.sentence();
        let named = error
            .field()
            .is_none_or(|field| sentence.fr.contains(field));
        assert!(named, "the field is not named: {}", sentence.fr);
        assert!(
            sentence.fr.ends_with('.') && sentence.fr != sentence.en,
            "{}",
            sentence.fr
        );
    }
}

fn refusal(case: &Value) -> Option<Error> {
    let (base, franchise) = match case["input"].as_str().unwrap() {
        "company" => (real_json("company.json"), false),
        "customer" => (real_json("customers.json")[0].clone(), false),
        "franchise_invoice" => (real_json("04-franchise-en-base.json"), true),
        _ => (real_json("01-salle-de-bain.json"), false),
    };
    let bytes = match case["text"].as_str() {
        Some(text) => text.as_bytes().to_vec(),
        None => changed(base, case).to_string().into_bytes(),
    };
    let node = match json::parse(&bytes) {
        Ok(node) => node,
        Err(fault) => return Some(Refused::from(fault).into()),
    };
    match case["input"].as_str().unwrap() {
        "company" => party::company(node, Path::new("")).err().map(Error::from),
        "customer" => party::customer(node).err().map(Error::from),
        _ => match invoice::invoice(node, franchise) {
            Err(refused) => Some(refused.into()),
            Ok(draft) => {
                let seller = if franchise {
                    "company-franchise.json"
                } else {
                    "company.json"
                };
                let broken = draft.content.check(&read_company(seller)).err()?;
                Some(Error::App(broken.into()))
            }
        },
    }
}

/// The base with the members of `set` replaced and that of `remove` taken out (JSON pointers).
fn changed(mut base: Value, case: &Value) -> Value {
    for (pointer, value) in case["set"].as_object().into_iter().flatten() {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match base.pointer_mut(parent).unwrap() {
            Value::Array(list) => list[name.parse::<usize>().unwrap()] = value.clone(),
            parent => parent[name] = value.clone(),
        }
    }
    if let Some((parent, name)) = case["remove"]
        .as_str()
        .and_then(|path| path.rsplit_once('/'))
    {
        let parent = base.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        parent.remove(name).unwrap();
    }
    base
}
