//! The commands of `cli.md`, offline: shapes, statuses and files.

use std::path::Path;

use crate::common::{Office, RunningSimulator, done, real, real_json, run, run_with};
use serde_json::{Value, json};

fn add(office: &Office, name: &str) -> Value {
    done(&[
        "invoice",
        "add",
        "--data",
        &office.data,
        &real(name).display().to_string(),
    ])
}

/// The real invoice without its dates, so that it may be issued on any day.
fn add_undated(office: &Office, name: &str) -> Value {
    let mut draft = real_json(name);
    draft["issue_date"] = Value::Null;
    draft["due_date"] = Value::Null;
    let file = office.file("undated.json", draft.to_string().as_bytes());
    done(&["invoice", "add", "--data", &office.data, &file])
}

#[test]
fn every_real_invoice_becomes_a_draft_with_the_amounts_worked_out_by_hand() {
    let expected = real_json("expected.json");
    for company in [
        "company.json",
        "company-franchise.json",
        "company-long-name.json",
    ] {
        let office = Office::of(company);
        let own = expected
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, one)| one["company"] == company);
        for (name, expected) in own {
            let draft = add(&office, name);
            let totals = &draft["totals"];
            for field in ["net", "vat", "gross", "deductions", "net_due"] {
                assert_eq!(totals[field], expected[field], "{name}: {field}");
            }
            assert_eq!(totals["deposits"], "0.00");
            let amounts: Vec<&Value> = draft["lines"]
                .as_array()
                .unwrap()
                .iter()
                .map(|line| &line["amount"])
                .filter(|amount| !amount.is_null())
                .collect();
            assert_eq!(json!(amounts), expected["lines"], "{name}");
            let input = real_json(name);
            for (printed, typed) in draft["lines"]
                .as_array()
                .unwrap()
                .iter()
                .zip(input["lines"].as_array().unwrap())
            {
                let text = typed["description"].as_str().unwrap().trim_end();
                assert_eq!(printed["description"], text, "{name}");
            }
            assert_eq!(
                (&draft["number"], &draft["status"]),
                (&Value::Null, &json!("draft"))
            );
        }
    }
}

#[test]
fn an_invoice_goes_from_draft_to_settled_without_network() {
    let office = Office::of("company.json");
    let data = office.data.as_str();
    let draft = add_undated(&office, "01-salle-de-bain.json");
    let id = draft["id"].as_str().unwrap();
    for field in [
        "number",
        "issue_date",
        "due_date",
        "link",
        "customer_credit",
    ] {
        assert_eq!(draft[field], Value::Null, "{field}");
    }
    for field in ["attempts", "mails", "receipts", "refers_to", "credited_by"] {
        assert_eq!(draft[field], json!([]), "{field}");
    }
    assert_eq!(draft["customer"], "CL-0001");
    assert_eq!(draft["lines"][1]["quantity"], "14.5");
    assert_eq!(draft["lines"][1]["unit_price"], "78.40");
    let by_rate = json!([
        { "category": "S", "rate": "10", "base": "1559.96", "vat": "156.00" },
        { "category": "S", "rate": "20", "base": "389.00", "vat": "77.80" },
    ]);
    assert_eq!(draft["totals"]["by_rate"], by_rate);

    let invoice = done(&["invoice", "finalise", "--data", data, id]);
    let number = invoice["number"].as_str().unwrap();
    assert!(
        number.starts_with("F-") && number.ends_with("-00001"),
        "{number}"
    );
    assert_eq!(invoice["id"], id);
    assert_eq!(invoice["link"]["state"], "refused");
    assert_eq!(invoice["link"]["reason"], "not_connected");
    assert_eq!(invoice["link"]["payment"], Value::Null);
    assert_eq!(
        (&invoice["remaining"], &invoice["status"]),
        (&json!("2073.62"), &json!("finalised"))
    );
    let again = run(&["invoice", "finalise", "--data", data, number, "--json"]);
    assert_eq!((again.code, again.refusal().0.as_str()), (1, "not_a_draft"));
    let unset = run(&["invoice", "send", "--data", data, number, "--json"]);
    assert_eq!((unset.code, unset.refusal().0.as_str()), (1, "no_mailbox"));
    assert_eq!(done(&["invoice", "show", "--data", data, number]), invoice);

    let receipt = [
        "receipt", "add", "--data", data, number, "--means", "transfer", "--amount",
    ];
    let partly = done(&[&receipt[..], &["1000.00"]].concat());
    assert_eq!(
        (&partly["status"], &partly["remaining"]),
        (&json!("partly_paid"), &json!("1073.62"))
    );
    let too_much = run(&[&receipt[..], &["2000.00", "--json"]].concat());
    assert_eq!(too_much.code, 1);
    assert_eq!(
        too_much.refusal(),
        ("more_than_net_due".to_owned(), Some("amount".to_owned()))
    );
    let settled = done(&[&receipt[..], &["1100.00", "--overpayment"]].concat());
    assert_eq!(
        (&settled["status"], &settled["remaining"]),
        (&json!("settled"), &json!("0.00"))
    );
    assert_eq!(settled["customer_credit"], "26.38");
    assert_eq!(settled["totals"]["net_due"], "2073.62");
    assert_eq!(settled["receipts"][1]["means"], "transfer");
    assert_eq!(settled["receipts"][1]["transaction"], Value::Null);
    assert_eq!(settled["receipts"][1]["refunded"], "0.00");
    assert_eq!(done(&["invoice", "show", "--data", data, number]), settled);
    assert_eq!(done(&["verify", "--data", data])["ok"], true);
}

#[test]
fn a_credit_note_refers_to_its_invoice_and_the_list_is_newest_first() {
    let office = Office::of("company.json");
    let data = office.data.as_str();
    let mut numbers = Vec::new();
    for name in [
        "02-entretien-pompe-a-chaleur.json",
        "06-remises.json",
        "11-ligne-a-zero.json",
    ] {
        let id = add_undated(&office, name)["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let invoice = done(&["invoice", "finalise", "--data", data, &id]);
        numbers.push(invoice["number"].as_str().unwrap().to_owned());
    }
    let note = done(&["invoice", "cancel", "--data", data, &numbers[1]]);
    assert_eq!(note["kind"], "credit_note");
    assert!(note["number"].as_str().unwrap().starts_with("A-"));
    assert_eq!(note["refers_to"], json!([numbers[1]]));
    let cancelled = done(&["invoice", "show", "--data", data, &numbers[1]]);
    assert_eq!(
        (&cancelled["status"], &cancelled["credited_by"]),
        (&json!("cancelled"), &json!([note["number"]]))
    );
    let again = run(&["invoice", "cancel", "--data", data, &numbers[1], "--json"]);
    assert_eq!(
        (again.code, again.refusal().0.as_str()),
        (1, "already_cancelled")
    );

    let listed = |options: &[&str]| -> Vec<Value> {
        let list = done(&[&["invoice", "list", "--data", data], options].concat());
        list.as_array()
            .unwrap()
            .iter()
            .map(|one| one["number"].clone())
            .collect()
    };
    let all = listed(&[]);
    assert_eq!(
        all,
        [
            note["number"].clone(),
            json!(numbers[2]),
            json!(numbers[1]),
            json!(numbers[0])
        ]
    );
    assert_eq!(listed(&["--limit", "2"]), all[..2]);
    assert_eq!(listed(&["--limit", "2", "--after", &numbers[2]]), all[2..]);
    assert_eq!(listed(&["--status", "cancelled"]), [json!(numbers[1])]);
    assert_eq!(listed(&["--status", "draft"]), Vec::<Value>::new());
}

#[test]
fn papers_and_exports_are_written_whole_and_told() {
    let office = Office::of("company.json");
    let data = office.data.as_str();
    let id = add_undated(&office, "09-accents-oe-euro.json")["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let number = done(&["invoice", "finalise", "--data", data, &id])["number"]
        .as_str()
        .unwrap()
        .to_owned();
    let pdf = office
        .folder
        .path()
        .join("facture.pdf")
        .display()
        .to_string();
    let told = done(&["invoice", "pdf", "--data", data, &number, "-o", &pdf]);
    let bytes = std::fs::read(&pdf).unwrap();
    assert!(bytes.starts_with(b"%PDF-"));
    assert_eq!(
        (&told["file"], told["sha256"].as_str().unwrap().len()),
        (&json!(pdf), 64)
    );
    let nowhere = office
        .folder
        .path()
        .join("absent/facture.pdf")
        .display()
        .to_string();
    let refused = run(&[
        "invoice", "pdf", "--data", data, &number, "-o", &nowhere, "--json",
    ]);
    assert_eq!(
        (refused.code, refused.refusal().0.as_str()),
        (1, "file_not_writable")
    );

    let written = office.folder.path().join("facture.xml");
    let xml = written.display().to_string();
    let told = done(&["invoice", "xml", "--data", data, &number, "-o", &xml]);
    let read = std::fs::read_to_string(&written).unwrap();
    assert!(read.starts_with("<?xml") && read.contains(&format!("<ram:ID>{number}</ram:ID>")));
    assert_eq!(
        (&told["file"], told["sha256"].as_str().unwrap().len()),
        (&json!(xml), 64)
    );
    let again = office.folder.path().join("encore.xml");
    let twice = again.display().to_string();
    let told_again = done(&["invoice", "xml", "--data", data, &number, "-o", &twice]);
    assert_eq!(told_again["sha256"], told["sha256"]);
    let draft = add_undated(&office, "09-accents-oe-euro.json");
    let draft = draft["id"].as_str().unwrap();
    let none = office.folder.path().join("brouillon.xml");
    let nothing = none.display().to_string();
    let refused = run(&[
        "invoice", "xml", "--data", data, draft, "-o", &nothing, "--json",
    ]);
    assert_eq!(
        (refused.code, refused.refusal().0.as_str()),
        (1, "still_a_draft")
    );
    assert!(!none.exists());

    let statement = office.folder.path().join("releve.pdf");
    let statement = statement.display().to_string();
    let stated = |code: &str, output: &str| {
        run(&[
            "customer",
            "statement",
            "--data",
            data,
            code,
            "-o",
            output,
            "--json",
        ])
    };
    let told = stated("CL-0004", &statement);
    assert_eq!(told.code, 0, "{told:?}");
    assert_eq!(told.json()["file"], json!(statement));
    assert_eq!(told.json()["sha256"].as_str().unwrap().len(), 64);
    let bytes = std::fs::read(&statement).unwrap();
    assert!(bytes.starts_with(b"%PDF-") && bytes.trim_ascii_end().ends_with(b"%%EOF"));
    for (code, output, refusal) in [
        ("CL-0001", &statement, "nothing_owed"),
        ("CL-9999", &statement, "unknown_customer"),
        ("CL-0004", &nowhere, "file_not_writable"),
    ] {
        let refused = stated(code, output);
        assert_eq!((refused.code, refused.refusal().0.as_str()), (1, refusal));
    }
    assert_eq!(std::fs::read(&statement).unwrap(), bytes);

    let csv = office
        .folder
        .path()
        .join("ecritures.csv")
        .display()
        .to_string();
    let arguments = [
        "export",
        "csv",
        "--data",
        data,
        "--until",
        "2099-12-31",
        "--journal",
        "VE",
        "-o",
        &csv,
    ];
    let told = done(&arguments);
    assert_eq!(
        (&told["format"], &told["file"], &told["entries"]),
        (&json!("csv"), &json!(csv), &json!(1))
    );
    assert_eq!(
        (&told["debit"], &told["credit"]),
        (&json!("1312.23"), &json!("1312.23"))
    );
    assert!(Path::new(&csv).exists());
    let again = run(&[&arguments[..], &["--json"]].concat());
    assert_eq!(
        (again.code, again.refusal().0.as_str()),
        (1, "nothing_to_export")
    );
    let names: Vec<String> = std::fs::read_dir(office.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(
        names.iter().all(|name| !name.contains("partial")),
        "{names:?}"
    );
}

#[test]
fn people_read_why_there_is_no_link_and_what_was_checked() {
    let office = Office::of("company.json");
    let data = office.data.as_str();
    let draft = add_undated(&office, "01-salle-de-bain.json");
    let id = draft["id"].as_str().unwrap();
    done(&["invoice", "finalise", "--data", data, id]);
    let shown = run(&["invoice", "show", "--data", data, id]).output;
    let why = "Pas de lien de paiement : aucun compte PayPlug n’est connecté.";
    assert!(shown.lines().any(|line| line == why), "{shown}");
    let verified = run(&["verify", "--data", data]).output;
    assert!(verified.contains("  factures et avoirs : 1"), "{verified}");
    for english in ["receipts", "audit_records", "unsigned"] {
        assert!(!verified.contains(english), "{verified}");
    }
    let checked = done(&["verify", "--data", data])["checked"].clone();
    assert_eq!(checked["documents"], 1);
    assert!(checked["audit_records"].is_u64(), "{checked}");
}

#[test]
fn what_is_to_be_looked_at_and_three_d_secure_need_no_network() {
    let office = Office::of("company.json");
    let data = office.data.as_str();
    for list in ["strangers", "anomalies"] {
        assert_eq!(done(&["payment", list, "--data", data]), json!([]));
        let said = run(&["payment", list, "--data", data]);
        assert_eq!(said.output.lines().count(), 1, "{said:?}");
    }
    for choice in ["always", "always", "payplug"] {
        let set = done(&["settings", "three-d-secure", "--data", data, choice]);
        assert_eq!(set, json!({ "three_d_secure": choice }));
    }
    let said = run(&["settings", "three-d-secure", "--data", data, "always"]);
    assert!(said.output.contains("chaque paiement"), "{said:?}");
    // A change is an event of the audit chain; saying the same again is none.
    let before = done(&["verify", "--data", data])["checked"]["audit_records"].clone();
    done(&["settings", "three-d-secure", "--data", data, "always"]);
    let after = done(&["verify", "--data", data])["checked"]["audit_records"].clone();
    assert_eq!(before, after);
}

#[test]
fn json_is_accepted_anywhere_and_files_may_come_from_standard_input() {
    let office = Office::of("company.json");
    let data = office.data.as_str();
    for arguments in [
        ["--json", "customer", "list", "--data", data],
        ["customer", "--json", "list", "--data", data],
        ["customer", "list", "--data", data, "--json"],
    ] {
        assert_eq!(run(&arguments).json().as_array().unwrap().len(), 9);
    }
    let customer = json!({ "name": "Œuvre", "kind": "private", "address": real_json("company.json")["address"] });
    let added = run_with(
        &["customer", "add", "--data", data, "-", "--json"],
        customer.to_string().as_bytes(),
    );
    assert_eq!(added.json()["code"], "CL-0010", "{added:?}");
    let text = run(&["customer", "list", "--data", data]);
    assert_eq!(text.output.lines().count(), 10);
}

#[test]
fn the_demonstration_mails_every_document_and_goes_on_mailing_into_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().display().to_string();
    let played = done(&["demo", "--out", &out, "--seed", "5"]);
    assert_eq!(played["verify"], "ok");
    let files: Vec<&str> = played["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file.as_str().unwrap())
        .collect();
    let mails = files.iter().filter(|file| file.ends_with(".eml"));
    assert_eq!(mails.count(), 11, "{files:?}");
    assert!(files.iter().all(|file| Path::new(file).is_file()));
    for invoice in played["invoices"].as_array().unwrap() {
        let mails = invoice["mails"].as_array().unwrap();
        assert!(!mails.is_empty(), "{invoice}");
        assert!(
            mails.iter().all(|mail| mail["state"] == "sent"),
            "{invoice}"
        );
    }
    let data = folder.path().join("dossier").display().to_string();
    let newest = &played["invoices"][0];
    let number = newest["number"].as_str().unwrap();
    let again = done(&["invoice", "send", "--data", &data, number]);
    assert_eq!(again["mails"][0]["state"], "sent");
    assert_eq!(again["mails"][1], newest["mails"][0]);
    done(&["invoice", "send", "--data", &data, number]);
    // A title that would be too long for the name of a file.
    let mut draft = real_json("02-entretien-pompe-a-chaleur.json");
    draft["customer"] = played["invoices"][1]["customer"].clone();
    draft["title"] = json!("é".repeat(200));
    for date in ["issue_date", "due_date"] {
        draft.as_object_mut().unwrap().remove(date);
    }
    let file = folder.path().join("facture.json");
    std::fs::write(&file, draft.to_string()).unwrap();
    let file = file.display().to_string();
    let draft = done(&["invoice", "add", "--data", &data, &file]);
    let id = draft["id"].as_str().unwrap();
    let due = done(&["invoice", "finalise", "--data", &data, id])["remaining"].clone();
    // The simulator is gone: a link would be waited for.
    let pay = ["receipt", "add", "--data", &data, id, "--means", "cash"];
    done(&[&pay[..], &["--amount", due.as_str().unwrap()]].concat());
    let long = done(&["invoice", "send", "--data", &data, id]);
    assert_eq!(long["mails"][0]["state"], "sent");
    let kept = folder.path().join("dossier/mails");
    let kept: Vec<_> = std::fs::read_dir(kept).unwrap().collect();
    assert_eq!(kept.len(), 3, "{kept:?}");
    let set = [
        "mailbox",
        "set",
        "--data",
        &data,
        "--address",
        "a@orange.fr",
    ];
    let refused = run_with(&[&set[..], &["--json"]].concat(), b"motdepasse");
    assert_eq!(
        (refused.code, refused.refusal().0.as_str()),
        (1, "not_a_real_file")
    );
}

#[test]
fn the_simulator_says_where_it_listens() {
    let simulator = RunningSimulator::start();
    assert!(
        simulator.base.starts_with("http://127.0.0.1:"),
        "{}",
        simulator.base
    );
}

#[test]
fn a_series_is_spelled_otherwise_and_goes_on_from_another_program() {
    let office = Office::of("company.json");
    let numbering =
        |option: &[&str]| done(&[&["numbering", "--data", &office.data], option].concat());
    let of = |rows: &Value, place: usize| rows[place].clone();
    let rows = numbering(&[]);
    let series: Vec<&Value> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["series"])
        .collect();
    assert_eq!(json!(series), json!(["invoice", "credit_note", "deposit"]));
    assert_eq!(of(&rows, 0)["pattern"], "F-{AAAA}-{NNNNN}");
    assert_eq!(of(&rows, 2)["pattern"], "AC-{AAAA}-{NNNNN}");
    numbering(&["--start", "invoice=43"]);
    let row = of(&numbering(&["--set", "invoice=FAC{NNN}"]), 0);
    assert_eq!(
        row,
        json!({"series": "invoice", "pattern": "FAC{NNN}", "next": "FAC043", "first": 43})
    );
    let draft = add_undated(&office, "01-salle-de-bain.json");
    let id = draft["id"].as_str().unwrap();
    let invoice = done(&["invoice", "finalise", "--data", &office.data, id]);
    assert_eq!(invoice["number"], "FAC043");
    let shown = done(&["invoice", "show", "--data", &office.data, "FAC043"]);
    assert_eq!(shown["id"], id);
    // What is refused: by the file, and by its form.
    for (option, value, code, exit) in [
        ("--start", "invoice=50", "numbering_begun", 1),
        ("--set", "deposit=FAC{N}", "like_another_series", 1),
        ("--set", "deposit=AC-{AAAA}", "not_one_counter", 2),
        ("--start", "deposit=0", "not_a_counter", 2),
        ("--start", "quote=5", "unknown_choice", 2),
    ] {
        let refused = run(&["numbering", "--data", &office.data, option, value, "--json"]);
        assert_eq!(refused.code, exit, "{value}: {refused:?}");
        assert_eq!(refused.refusal().0, code, "{value}");
    }
    let both = ["--set", "invoice=F{N}", "--start", "invoice=2"];
    let refused = run(&[&["numbering", "--data", &office.data, "--json"], &both[..]].concat());
    assert_eq!(refused.code, 2, "{refused:?}");
    assert_eq!(done(&["verify", "--data", &office.data])["ok"], true);
}
