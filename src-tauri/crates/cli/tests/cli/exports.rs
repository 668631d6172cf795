//! `export`: new batches, earlier ones again, the latest one undone, all of them listed.

use crate::common::{Office, done, real_json, run};
use serde_json::{Value, json};

const UNTIL: [&str; 2] = ["--until", "2099-12-31"];

/// A company with one finalised invoice.
fn office() -> Office {
    let office = Office::of("company.json");
    issue(&office);
    office
}

fn issue(office: &Office) {
    let mut draft = real_json("09-accents-oe-euro.json");
    draft["issue_date"] = Value::Null;
    draft["due_date"] = Value::Null;
    let file = office.file("draft.json", draft.to_string().as_bytes());
    let added = done(&["invoice", "add", "--data", &office.data, &file]);
    let id = added["id"].as_str().unwrap();
    done(&["invoice", "finalise", "--data", &office.data, id]);
}

fn path(office: &Office, name: &str) -> String {
    office.folder.path().join(name).display().to_string()
}

/// `export … --data DIR …`.
fn export(office: &Office, options: &[&str]) -> Value {
    done(&[&["export", "--data", &office.data], options].concat())
}

/// The code of a refusal, with the exit status.
fn refusal(office: &Office, options: &[&str]) -> (i32, String) {
    let arguments = [&["export", "--data", &office.data, "--json"], options].concat();
    let refused = run(&arguments);
    (refused.code, refused.refusal().0)
}

fn code(exit: i32, code: &str) -> (i32, String) {
    (exit, code.to_owned())
}

#[test]
fn a_batch_is_listed_had_again_undone_and_made_anew() {
    let office = office();
    assert_eq!(export(&office, &["--list"]), json!([]));
    let fec = path(&office, "812345676FEC20991231.txt");
    let first = export(&office, &[&["fec", "-o", &fec], &UNTIL[..]].concat());
    let bytes = std::fs::read(&fec).unwrap();
    let list = export(&office, &["--list"]);
    let [row] = list.as_array().unwrap().as_slice() else {
        panic!("one batch, not {list}")
    };
    for field in ["batch", "format", "entries", "lines", "debit", "credit"] {
        assert_eq!(row[field], first[field], "{field}");
    }
    assert_eq!(row["file"], "812345676FEC20991231.txt");
    assert_eq!(row["until"], "2099-12-31");
    assert_eq!(
        (&row["journal"], &row["undone_at"]),
        (&Value::Null, &Value::Null)
    );
    assert!(row["created_at"].is_string(), "{row}");

    let again = path(&office, "encore.txt");
    let told = export(&office, &["--again", "1", "-o", &again]);
    assert_eq!(std::fs::read(&again).unwrap(), bytes);
    let expected = json!({
        "batch": 1, "format": "fec", "file": again, "entries": first["entries"],
        "lines": first["lines"], "debit": first["debit"], "credit": first["credit"],
    });
    assert_eq!(told, expected);

    let undone = export(&office, &["--undo", "1"]);
    assert_eq!(
        (&undone["batch"], &undone["entries"]),
        (&json!(1), &first["entries"])
    );
    assert!(undone["undone_at"].is_string(), "{undone}");
    assert_eq!(export(&office, &["--list"]), json!([undone]));
    let second = export(&office, &[&["fec", "-o", &fec], &UNTIL[..]].concat());
    assert_eq!(second["batch"], 2);
    assert_eq!(std::fs::read(&fec).unwrap(), bytes);
    let list = export(&office, &["--list"]);
    let numbers: Vec<&Value> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["batch"])
        .collect();
    assert_eq!(numbers, [2, 1], "newest first");
    assert_eq!(
        done(&["verify", "--data", &office.data])["checked"]["batches"],
        2
    );
}

#[test]
fn a_single_journal_is_listed_with_its_code() {
    let office = office();
    let csv = path(&office, "ventes.csv");
    let options = ["csv", "--journal", "VE", "-o", &csv];
    export(&office, &[&options[..], &UNTIL[..]].concat());
    let row = &export(&office, &["--list"])[0];
    assert_eq!(
        (&row["format"], &row["journal"]),
        (&json!("csv"), &json!("VE"))
    );
    assert_eq!(row["file"], "ventes.csv");
    // People read it in a line each.
    let said = run(&["export", "--list", "--data", &office.data]).output;
    assert_eq!(said.lines().count(), 1, "{said}");
    for part in [
        "Lot 1 · csv VE jusqu’au 31/12/2099",
        "1 écritures",
        "ventes.csv",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let said = run(&["export", "--undo", "1", "--data", &office.data]).output;
    assert!(said.contains("Lot 1 annulé"), "{said}");
    let said = run(&["export", "--list", "--data", &office.data]).output;
    assert!(said.trim_end().ends_with("· annulé"), "{said}");
}

#[test]
fn what_may_not_be_is_refused_and_writes_nothing() {
    let office = office();
    let file = path(&office, "export.csv");
    assert_eq!(
        refusal(&office, &["--again", "1", "-o", &file]),
        code(1, "unknown_batch")
    );
    assert_eq!(refusal(&office, &["--undo", "1"]), code(1, "unknown_batch"));
    for name in ["un.csv", "deux.csv"] {
        let written = path(&office, name);
        export(&office, &[&["csv", "-o", &written], &UNTIL[..]].concat());
        issue(&office);
    }
    let before = (export(&office, &["--list"]), office.contents());
    assert_eq!(
        refusal(&office, &["--undo", "1"]),
        code(1, "not_the_latest_batch")
    );
    let nowhere = path(&office, "absent/export.csv");
    assert_eq!(
        refusal(&office, &["--again", "1", "-o", &nowhere]),
        code(1, "file_system")
    );
    assert_eq!((export(&office, &["--list"]), office.contents()), before);
    export(&office, &["--undo", "2"]);
    assert_eq!(refusal(&office, &["--undo", "2"]), code(1, "batch_undone"));
    assert_eq!(
        refusal(&office, &["--again", "2", "-o", &file]),
        code(1, "batch_undone")
    );
    assert!(!std::path::Path::new(&file).exists());
    let french = run(&["export", "--undo", "2", "--data", &office.data]);
    assert!(
        french.errors.contains("Le lot n° 2 a été annulé"),
        "{french:?}"
    );
    let english = run(&[
        "export",
        "--undo",
        "2",
        "--data",
        &office.data,
        "--lang",
        "en",
    ]);
    assert!(english.errors.contains("Batch 2 was undone"), "{english:?}");
}

#[test]
fn options_that_do_not_go_together_are_wrong_usage() {
    let office = office();
    let file = path(&office, "export.csv");
    for options in [
        &["csv", "--again", "1", "-o", &file][..],
        &["--again", "1", "-o", &file, "--until", "2099-12-31"],
        &["--again", "1", "-o", &file, "--journal", "VE"],
        &["--again", "1", "--undo", "1"],
        &["--undo", "1", "-o", &file],
        &["--undo", "1", "--list"],
        &["csv", "--list"],
        &["--list", "-o", &file],
    ] {
        let found = refusal(&office, options);
        assert_eq!(found, code(2, "conflicting_options"), "{options:?}");
    }
    for (options, expected) in [
        (&["--again", "1"][..], "missing_option"),
        (&["csv", "-o", &file], "missing_option"),
        (&["-o", &file, "--until", "2099-12-31"], "missing_option"),
        (&["--again", "0", "-o", &file], "out_of_range"),
        (&["--undo", "1000000"], "out_of_range"),
    ] {
        assert_eq!(refusal(&office, options), code(2, expected), "{options:?}");
    }
    assert_eq!(export(&office, &["--list"]), json!([]));
}
