//! Deposits, situations, final invoices, credit notes with lines and corrections, offline.

use crate::common::{Office, done, run};
use serde_json::{Value, json};

/// The file of a draft about some works at 10 %.
fn works(office: &Office, changes: &Value) -> String {
    let mut draft = json!({
        "customer": "CL-0001",
        "title": "Rénovation",
        "lines": [{ "description": "Travaux", "quantity": "1", "unit_price": "10000.00", "vat_rate": "10" }],
    });
    for (name, value) in changes.as_object().unwrap() {
        draft[name] = value.clone();
    }
    office.file("draft.json", draft.to_string().as_bytes())
}

fn line(price: &str, progress: Option<&str>) -> Value {
    json!([{ "description": "Travaux", "quantity": "1", "unit_price": price, "vat_rate": "10", "progress": progress }])
}

fn add(office: &Office, changes: &Value) -> Value {
    let file = works(office, changes);
    done(&["invoice", "add", "--data", &office.data, &file])
}

fn told(office: &Office, command: &str, which: &Value) -> Value {
    let which = which["number"].as_str().or(which["id"].as_str()).unwrap();
    done(&["invoice", command, "--data", &office.data, which])
}

fn issued(office: &Office, changes: &Value) -> Value {
    let draft = add(office, changes);
    told(office, "finalise", &draft)
}

fn paid(office: &Office, invoice: &Value) {
    let (number, due) = (&invoice["number"], &invoice["remaining"]);
    let (number, due) = (number.as_str().unwrap(), due.as_str().unwrap());
    let data = office.data.as_str();
    let arguments = [
        "receipt", "add", "--data", data, number, "--amount", due, "--means", "cheque",
    ];
    assert_eq!(done(&arguments)["status"], "settled");
}

fn refused(office: &Office, arguments: &[&str]) -> (String, Option<String>) {
    let before = office.contents();
    let run = run(&[arguments, &["--data", &office.data, "--json"]].concat());
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(office.contents(), before);
    run.refusal()
}

fn refused_draft(office: &Office, changes: &Value) -> (String, Option<String>) {
    let file = works(office, changes);
    refused(office, &["invoice", "add", &file])
}

fn verified(office: &Office) {
    assert_eq!(done(&["verify", "--data", &office.data])["ok"], true);
}

#[test]
fn a_contract_goes_from_its_deposit_to_its_final_invoice() {
    let office = Office::of("company.json");
    let deposit = issued(
        &office,
        &json!({ "kind": "deposit", "lines": line("3000.00", None) }),
    );
    let deposit_number = deposit["number"].as_str().unwrap();
    assert!(deposit_number.starts_with("AC-"), "{deposit_number}");
    assert_eq!(
        (&deposit["kind"], &deposit["totals"]["gross"]),
        (&json!("deposit"), &json!("3300.00"))
    );
    let first = add(
        &office,
        &json!({ "kind": "progress", "refers_to": [deposit_number], "lines": line("10000.00", Some("40")) }),
    );
    assert_eq!(first["refers_to"], json!([deposit_number]));
    assert_eq!(first["lines"][0]["progress"], "40");
    let told_before = first["warnings"].as_array().unwrap().iter();
    let unpaid: Vec<&Value> = told_before
        .filter(|one| one["code"] == "deposit_unpaid")
        .collect();
    assert_eq!(unpaid[0]["field"], "refers_to[0]");
    let id = first["id"].as_str().unwrap();
    assert_eq!(
        refused(&office, &["invoice", "finalise", id]),
        ("deposit_unpaid".to_owned(), Some("refers_to[0]".to_owned()))
    );
    paid(&office, &deposit);
    let first = told(&office, "finalise", &first);
    // 4 000.00 + 400.00, less the deposit of 3 300.00.
    for (field, amount) in [
        ("net", "4000.00"),
        ("gross", "4400.00"),
        ("deposits", "3300.00"),
        ("net_due", "1100.00"),
    ] {
        assert_eq!(first["totals"][field], amount, "{field}");
    }
    paid(&office, &first);
    let last = told(&office, "final", &first);
    assert_eq!(
        (&last["kind"], &last["status"]),
        (&json!("final"), &json!("draft"))
    );
    assert_eq!(last["lines"][0]["progress"], Value::Null);
    let last = told(&office, "finalise", &last);
    assert_eq!(last["refers_to"], json!([first["number"]]));
    assert_eq!(
        last["totals"]["by_rate"],
        json!([{ "category": "S", "rate": "10", "earlier": "4000.00", "base": "6000.00", "vat": "600.00" }])
    );
    assert_eq!(last["totals"]["net_due"], "6600.00");
    for taken_off in [&deposit, &first] {
        let number = taken_off["number"].as_str().unwrap();
        let (code, _) = refused(&office, &["invoice", "cancel", number]);
        assert_eq!(code, "deducted_by");
        let again = json!({ "kind": "final", "refers_to": [number] });
        let (code, field) = refused_draft(&office, &again);
        assert_eq!(
            (code.as_str(), field.as_deref()),
            ("already_deducted", Some("refers_to[0]"))
        );
    }
    paid(&office, &last);
    verified(&office);
}

#[test]
fn a_next_situation_goes_on_from_the_one_before() {
    let office = Office::of("company.json");
    let lines = line("10000.00", Some("33.33"));
    let first = issued(&office, &json!({ "kind": "progress", "lines": lines }));
    let next = told(&office, "next", &first);
    assert_eq!(
        (&next["kind"], &next["refers_to"], &next["totals"]["gross"]),
        (
            &json!("progress"),
            &json!([first["number"]]),
            &json!("0.00")
        )
    );
    let (code, _) = refused_draft(
        &office,
        &json!({ "kind": "progress", "refers_to": [first["number"]], "lines": line("10000.00", Some("30")) }),
    );
    assert_eq!(code, "less_than_before");
}

#[test]
fn a_credit_note_with_lines_takes_them_off_its_invoice() {
    let office = Office::of("company.json");
    let invoice = issued(&office, &json!({}));
    let number = &invoice["number"];
    let note = |price: &str| json!({ "kind": "credit_note", "refers_to": [number], "lines": line(price, None) });
    let (code, field) = refused_draft(&office, &note("10000.01"));
    assert_eq!(
        (code.as_str(), field.as_deref()),
        ("more_than_left_at_rate", Some("lines"))
    );
    let made = issued(&office, &note("500.00"));
    assert!(made["number"].as_str().unwrap().starts_with("A-"));
    assert_eq!(
        (&made["kind"], &made["refers_to"], &made["totals"]["gross"]),
        (&json!("credit_note"), &json!([number]), &json!("550.00"))
    );
    let invoice = told(&office, "show", &invoice);
    assert_eq!(
        (&invoice["remaining"], &invoice["credited_by"]),
        (&json!("10450.00"), &json!([made["number"]]))
    );
    let whole = issued(&office, &note("9500.00"));
    assert_eq!(whole["totals"]["vat"], "950.00");
    assert_eq!(told(&office, "show", &invoice)["status"], "cancelled");
    verified(&office);
}

#[test]
fn a_correction_is_a_credit_note_and_the_same_again_as_a_draft() {
    let office = Office::of("company.json");
    let lines = line("10000.00", Some("20"));
    let first = issued(&office, &json!({ "kind": "progress", "lines": lines }));
    let second = told(&office, "next", &first);
    let second = told(&office, "finalise", &second);
    let draft = told(&office, "correct", &second);
    assert_eq!(
        (&draft["kind"], &draft["status"], &draft["number"]),
        (&json!("progress"), &json!("draft"), &Value::Null)
    );
    assert_eq!(draft["refers_to"], json!([first["number"]]));
    assert_eq!(told(&office, "show", &second)["status"], "cancelled");
    let copy = told(&office, "duplicate", &first);
    assert_eq!(
        (&copy["kind"], &copy["refers_to"], &copy["totals"]["net"]),
        (&json!("invoice"), &json!([]), &json!("10000.00"))
    );
    verified(&office);
}

#[test]
fn references_and_fields_belong_to_their_kind() {
    let office = Office::of("company.json");
    let invoice = issued(&office, &json!({}));
    let number = invoice["number"].as_str().unwrap();
    let retention = json!([{ "kind": "retention", "percent": "5" }]);
    for (changes, code, field) in [
        (
            json!({ "refers_to": [number] }),
            "reference_not_here",
            "refers_to",
        ),
        (
            json!({ "kind": "deposit", "refers_to": [number] }),
            "reference_not_here",
            "refers_to",
        ),
        (
            json!({ "kind": "credit_note" }),
            "one_reference",
            "refers_to",
        ),
        (
            json!({ "kind": "credit_note", "refers_to": [number, number] }),
            "one_reference",
            "refers_to",
        ),
        (
            json!({ "kind": "final", "refers_to": [number] }),
            "not_deductible",
            "refers_to[0]",
        ),
        (
            json!({ "kind": "final", "refers_to": ["AC-1999-00001"] }),
            "unknown_reference",
            "refers_to[0]",
        ),
        (
            json!({ "kind": "deposit", "deductions": retention }),
            "deduction_not_here",
            "deductions",
        ),
        (
            json!({ "lines": line("1.00", Some("30")) }),
            "progress_not_here",
            "lines[0].progress",
        ),
        (
            json!({ "customer": "CL-0002", "kind": "credit_note", "refers_to": [number] }),
            "reference_of_another_customer",
            "refers_to[0]",
        ),
    ] {
        let found = refused_draft(&office, &changes);
        assert_eq!(
            found,
            (code.to_owned(), Some(field.to_owned())),
            "{changes}"
        );
    }
}
