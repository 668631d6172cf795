//! `vat`: VAT due of a period with the list behind it, as JSON, CSV and PDF, and what was cashed.

use crate::common::{Office, done, real_json, run};
use serde_json::{Value, json};

/// An invoice of today for one line of works and one of goods: 1 000.00 at 10 %, 500.00 at 20 %.
fn issue(office: &Office) -> Value {
    let mut draft = real_json("09-accents-oe-euro.json");
    draft["issue_date"] = Value::Null;
    draft["due_date"] = Value::Null;
    draft["operation"] = json!("both");
    draft["lines"] = json!([
        {"description": "Pose", "quantity": "1", "unit_price": "1000.00", "vat_rate": "10", "nature": "works"},
        {"description": "Chaudière", "quantity": "1", "unit_price": "500.00", "vat_rate": "20", "nature": "goods"},
    ]);
    for field in ["discount_percent", "deductions"] {
        draft.as_object_mut().unwrap().remove(field);
    }
    let file = office.file("draft.json", draft.to_string().as_bytes());
    let added = done(&["invoice", "add", "--data", &office.data, &file]);
    let id = added["id"].as_str().unwrap();
    done(&["invoice", "finalise", "--data", &office.data, id])
}

fn vat(office: &Office, options: &[&str]) -> Value {
    done(&[&["vat", "--data", &office.data], options].concat())
}

#[test]
fn vat_due_is_told_per_rate_with_the_rows_behind() {
    let office = Office::of("company.json");
    let invoice = issue(&office);
    let (id, date) = (
        invoice["id"].as_str().unwrap(),
        invoice["issue_date"].as_str().unwrap(),
    );
    let month = &date[..7];
    let issued = vat(&office, &["--period", month]);
    assert_eq!(issued["basis"], "on_receipt");
    assert_eq!(
        issued["rates"],
        json!([{"rate": "20", "base": "500.00", "vat": "100.00"}])
    );
    assert_eq!(issued["total"], "100.00");
    done(&[
        "receipt",
        "add",
        "--data",
        &office.data,
        id,
        "--amount",
        "850.00",
        "--means",
        "transfer",
    ]);
    let days = format!("{date}..{date}");
    let found = vat(&office, &["--period", &days]);
    assert_eq!(found["period"], json!({"from": date, "to": date}));
    let number = &invoice["number"];
    let row = |cause: &str, rate: &str, base: &str, vat: &str| {
        json!({
            "date": date, "piece": number, "document": number, "customer": invoice["customer"]["name"],
            "cause": cause, "rate": rate, "base": base, "vat": vat,
        })
    };
    // Half of 1 700.00 came: half of the works' VAT is due, the goods' was due at once.
    let rows = found["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 2, "{found}");
    for (found, mut expected) in rows.iter().zip([
        row("document", "20", "500.00", "100.00"),
        row("receipt", "10", "500.00", "50.00"),
    ]) {
        expected["customer"] = found["customer"].clone();
        assert_eq!(*found, expected);
        assert!(found["customer"].is_string());
    }
    assert_eq!(found["total"], "150.00");
    assert_eq!(
        vat(&office, &["--period", "2001"])["rates"],
        json!([]),
        "another year"
    );
}

#[test]
fn the_return_and_the_payments_are_written_to_files() {
    let office = Office::of("company.json");
    let invoice = issue(&office);
    let date = invoice["issue_date"].as_str().unwrap();
    let id = invoice["id"].as_str().unwrap();
    let add = ["receipt", "add", "--data", &office.data, id];
    done(&[&add[..], &["--amount", "1700.00", "--means", "transfer"]].concat());
    let path = |name: &str| office.folder.path().join(name).display().to_string();
    let (csv, pdf, payments) = (path("tva.csv"), path("tva.pdf"), path("encaissements.csv"));
    let found = vat(
        &office,
        &[
            "--period",
            &date[..4],
            "--csv",
            &csv,
            "--pdf",
            &pdf,
            "--payments",
            &payments,
        ],
    );
    assert_eq!(found["files"], json!([csv, pdf, payments]));
    assert_eq!(
        found["payments"][0]["by_rate"],
        json!({"10": "1100.00"}),
        "goods are not reported by payment"
    );
    let text = std::fs::read_to_string(&csv).unwrap();
    assert!(
        text.starts_with("\u{feff}Date;Pièce;Facture;Client;Cause;Taux %;Base HT;TVA exigible\r\n")
    );
    assert!(text.contains(";Règlement;10;1000,00;100,00\r\n"), "{text}");
    assert!(text.ends_with(";Total;;1500,00;200,00\r\n"), "{text}");
    assert!(std::fs::read(&pdf).unwrap().starts_with(b"%PDF-"));
    let text = std::fs::read_to_string(&payments).unwrap();
    assert!(
        text.contains(";Règlement;0,00;1100,00;0,00;0,00;1100,00\r\n"),
        "{text}"
    );
    // People read it in French.
    let said = run(&["vat", "--data", &office.data, "--period", &date[..4]]).output;
    assert!(
        said.contains("TVA exigible") && said.contains("Règlement"),
        "{said}"
    );
}

#[test]
fn what_is_no_period_is_refused_with_the_forms_that_are() {
    let office = Office::of("company.json");
    for bad in ["2026-13", "2026-T5", "novembre", "2026-02-01..2026-01-01"] {
        let asked = ["vat", "--data", &office.data, "--json", "--period", bad];
        let refused = run(&asked);
        assert_eq!(refused.code, 2, "{refused:?}");
        let (code, field) = refused.refusal();
        assert_eq!(
            (code.as_str(), field.as_deref()),
            ("unknown_choice", Some("period"))
        );
    }
}
