//! Overpayments, small differences and cheques for the bank, from the command line.

use crate::common::{Office, done, run};
use serde_json::{Value, json};

/// An invoice of one line at 10 %.
fn issued(office: &Office, price: &str) -> String {
    let line =
        json!({ "description": "Travaux", "quantity": "1", "unit_price": price, "vat_rate": "10" });
    let draft = json!({ "customer": "CL-0001", "lines": [line] });
    let file = office.file("draft.json", draft.to_string().as_bytes());
    let added = done(&["invoice", "add", "--data", &office.data, &file]);
    let id = added["id"].as_str().unwrap();
    let finalised = done(&["invoice", "finalise", "--data", &office.data, id]);
    finalised["number"].as_str().unwrap().to_owned()
}

fn receipt(office: &Office, command: &str, arguments: &[&str]) -> Value {
    done(&[&["receipt", command, "--data", &office.data], arguments].concat())
}

fn refused(office: &Office, command: &str, arguments: &[&str]) -> (i32, String, Option<String>) {
    let before = office.contents();
    let run = run(&[
        &["receipt", command, "--data", &office.data, "--json"],
        arguments,
    ]
    .concat());
    assert_eq!(office.contents(), before);
    let (code, field) = run.refusal();
    (run.code, code, field)
}

#[test]
fn an_overpayment_pays_another_invoice_and_both_tell_it() {
    let office = Office::of("company.json");
    let (from, target) = (issued(&office, "100.00"), issued(&office, "200.00"));
    let cheque = ["--means", "cheque", "--overpayment"];
    receipt(
        &office,
        "add",
        &[&[from.as_str(), "--amount", "203.00"], cheque.as_slice()].concat(),
    );
    let set_off = [from.as_str(), "--decision", "set-off", "--amount", "93.00"];
    assert_eq!(
        refused(&office, "adjust", &set_off),
        (2, "missing_option".to_owned(), Some("target".to_owned()))
    );
    let with_means = [
        set_off.as_slice(),
        &["--target", &target, "--means", "cash"],
    ]
    .concat();
    assert_eq!(
        refused(&office, "adjust", &with_means),
        (2, "needless_option".to_owned(), Some("means".to_owned()))
    );
    let too_much = [from.as_str(), "--decision", "kept", "--amount", "93.01"];
    assert_eq!(
        refused(&office, "adjust", &too_much),
        (
            1,
            "more_than_overpaid".to_owned(),
            Some("amount".to_owned())
        )
    );
    let decided = receipt(
        &office,
        "adjust",
        &[set_off.as_slice(), &["--target", &target]].concat(),
    );
    let told = |of: &Value| {
        let row = &of["adjustments"][0];
        assert_eq!(row["kind"], "set_off");
        (row["amount"].clone(), row["other"].clone())
    };
    assert_eq!(told(&decided), (json!("-93.00"), json!(target)));
    assert_eq!(decided["customer_credit"], Value::Null);
    let paid = done(&["invoice", "show", "--data", &office.data, &target]);
    assert_eq!(told(&paid), (json!("93.00"), json!(from)));
    assert_eq!(paid["remaining"], "127.00");
    receipt(
        &office,
        "add",
        &[&target, "--amount", "126.98", "--means", "cash"],
    );
    let missing = [target.as_str(), "--decision", "missing", "--amount", "0.02"];
    let settled = receipt(&office, "adjust", &missing);
    assert_eq!(
        (&settled["status"], &settled["remaining"]),
        (&json!("settled"), &json!("0.00"))
    );
    assert_eq!(done(&["verify", "--data", &office.data])["ok"], true);
}

#[test]
fn cheques_go_to_the_bank_with_one_slip_and_only_once() {
    let office = Office::of("company.json");
    for price in ["100.00", "200.00", "300.00"] {
        let number = issued(&office, price);
        let due = done(&["invoice", "show", "--data", &office.data, &number]);
        let due = due["remaining"].as_str().unwrap();
        receipt(
            &office,
            "add",
            &[&number, "--amount", due, "--means", "cheque"],
        );
    }
    let drawer = receipt(&office, "cheques", &[]);
    assert_eq!(drawer["total"], "660.00");
    let cheques: Vec<&str> = drawer["cheques"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["receipt"].as_str().unwrap())
        .collect();
    let slip = ["--reference", "R-1", cheques[0], cheques[2]];
    let deposited = receipt(&office, "deposit", &slip);
    assert_eq!(
        (&deposited["amount"], &deposited["cheques"]),
        (&json!("440.00"), &json!(2))
    );
    assert_eq!(
        refused(&office, "deposit", &["--reference", "R-2", cheques[0]]),
        (1, "no_cheque".to_owned(), Some("receipts".to_owned()))
    );
    assert_eq!(
        refused(&office, "deposit", &["--reference", "R-1", cheques[1]]),
        (
            1,
            "slip_reference_taken".to_owned(),
            Some("reference".to_owned())
        )
    );
    assert_eq!(receipt(&office, "cheques", &[])["total"], "220.00");
    assert_eq!(done(&["verify", "--data", &office.data])["ok"], true);
}
