//! `close`: a period that is over is closed for ever, and the PDFs of an export go along with it.

use crate::common::{Office, done, real_json, run};
use jiff::civil::Date;
use serde_json::{Value, json};

/// The last day of the month before this one.
fn last_month() -> Date {
    let today = acquit_app::Parts::system().today();
    today.first_of_month().yesterday().unwrap()
}

/// A company with an invoice of the last day of last month.
fn office() -> (Office, Value) {
    let office = Office::of("company.json");
    let mut draft = real_json("09-accents-oe-euro.json");
    draft["issue_date"] = json!(last_month().to_string());
    draft["due_date"] = Value::Null;
    let file = office.file("draft.json", draft.to_string().as_bytes());
    let added = done(&["invoice", "add", "--data", &office.data, &file]);
    let id = added["id"].as_str().unwrap();
    let invoice = done(&["invoice", "finalise", "--data", &office.data, id]);
    (office, invoice)
}

/// Exit status, code and field of a refusal.
fn refusal(office: &Office, arguments: &[&str]) -> (i32, String, Option<String>) {
    let refused = run(&[arguments, &["--data", &office.data, "--json"]].concat());
    let (code, field) = refused.refusal();
    (refused.code, code, field)
}

fn refused(exit: i32, code: &str, field: &str) -> (i32, String, Option<String>) {
    (exit, code.to_owned(), Some(field.to_owned()))
}

#[test]
fn a_month_is_closed_once_and_nothing_is_dated_in_it_any_more() {
    let (office, invoice) = office();
    let until = last_month().to_string();
    assert_eq!(
        done(&["close", "--list", "--data", &office.data]),
        json!([])
    );
    let close = ["close", "--until", until.as_str()];
    let left = refusal(&office, &close);
    assert_eq!(left, refused(1, "unexported_entries", "until"));

    let closed = done(&[&close[..], &["--unexported", "--data", &office.data]].concat());
    assert_eq!(closed["until"], until);
    assert_eq!(closed["unexported"], 1);
    assert!(closed["closed_at"].is_string(), "{closed}");
    assert_eq!(
        done(&["close", "--list", "--data", &office.data]),
        json!([closed])
    );
    assert_eq!(
        refusal(&office, &close),
        refused(1, "period_closed", "until")
    );

    let id = invoice["id"].as_str().unwrap();
    let receipt = [
        "receipt", "add", id, "--amount", "1.00", "--means", "cheque",
    ];
    let late = refusal(&office, &[&receipt[..], &["--date", &until]].concat());
    assert_eq!(late, refused(1, "period_closed", "date"));
    done(&[&receipt[..], &["--data", &office.data]].concat());
    let checked = done(&["verify", "--data", &office.data]);
    assert_eq!(checked["checked"]["closings"], 1);
}

#[test]
fn what_may_not_be_closed_is_refused() {
    let (office, _) = office();
    let middle = last_month().with().day(15).build().unwrap().to_string();
    let running = acquit_app::Parts::system()
        .today()
        .last_of_month()
        .to_string();
    let close = |until: &str| refusal(&office, &["close", "--until", until]);
    assert_eq!(close(&middle), refused(1, "not_a_period_end", "until"));
    assert_eq!(close(&running), refused(1, "period_not_over", "until"));
    assert_eq!(close("demain"), refused(2, "not_a_date", "until"));
    assert_eq!(
        refusal(&office, &["close"]),
        refused(2, "missing_option", "until")
    );
    assert_eq!(
        done(&["close", "--list", "--data", &office.data]),
        json!([])
    );
}

#[test]
fn people_read_what_was_closed() {
    let (office, _) = office();
    let until = last_month();
    let day = until.strftime("%d/%m/%Y").to_string();
    let said = run(&["close", "--list", "--data", &office.data]).output;
    assert_eq!(said.trim_end(), "Aucune clôture pour l’instant.");
    let until = until.to_string();
    let left = run(&["close", "--until", &until, "--data", &office.data]);
    assert_eq!(left.code, 1);
    assert!(
        left.errors.contains("n’a pas encore été exportée"),
        "{left:?}"
    );
    let close = ["close", "--until", &until, "--unexported"];
    let said = run(&[&close[..], &["--data", &office.data]].concat()).output;
    assert!(said.contains(&format!("close jusqu’au {day}")), "{said}");
    let said = run(&["close", "--list", "--data", &office.data]).output;
    assert!(
        said.starts_with(&format!("Jusqu’au {day}, close le ")),
        "{said}"
    );
}

#[test]
fn the_pdfs_of_an_export_go_along_in_a_zip() {
    let (office, invoice) = office();
    let path = |name: &str| office.folder.path().join(name).display().to_string();
    let (csv, zip) = (path("ecritures.csv"), path("factures.zip"));
    let data = ["--data", &office.data];
    let export = ["export", "csv", "--until", "2099-12-31", "-o", &csv];
    let same = refusal(&office, &[&export[..], &["--pdfs", &csv]].concat());
    assert_eq!(same, refused(1, "one_file_for_two", "pdfs"));
    let told = done(&[&export[..], &["--pdfs", &zip], &data].concat());
    assert_eq!(told["pdfs"], json!({"file": zip, "documents": 1}));
    let bytes = std::fs::read(&zip).unwrap();
    let number = invoice["number"].as_str().unwrap();
    let name = format!("{number}.pdf");
    assert_eq!(&bytes[30..30 + name.len()], name.as_bytes());
    assert_eq!(&bytes[30 + name.len()..35 + name.len()], b"%PDF-");
    let list = done(&[&["export", "--list"][..], &data].concat());
    assert_eq!(list[0]["pdfs"], "factures.zip");

    let (csv_again, zip_again) = (path("encore.csv"), path("encore.zip"));
    let again = [
        "export", "--again", "1", "-o", &csv_again, "--pdfs", &zip_again,
    ];
    let told = done(&[&again[..], &data].concat());
    assert_eq!(told["pdfs"]["documents"], 1);
    assert_eq!(std::fs::read(&zip_again).unwrap(), bytes);
    // Nothing of it where nothing is exported.
    let (none, no_zip) = (path("rien.csv"), path("rien.zip"));
    let nothing = [
        "export",
        "csv",
        "--until",
        "2099-12-31",
        "-o",
        &none,
        "--pdfs",
        &no_zip,
    ];
    assert_eq!(refusal(&office, &nothing).1, "nothing_to_export");
    assert!(!std::path::Path::new(&no_zip).exists());
}
