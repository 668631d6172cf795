//! `account`: a statement is imported, shown beside the books, and what is proposed is booked.

use crate::common::{Office, done, run};
use serde_json::json;

const STATEMENT: &str = "Date;Type;Libellé;Montant;Référence
01/10/2026;Facture;Facture PayPlug de septembre;-89,84;INV-2026-09
19/10/2026;Virement;Virement vers la banque;-2 000,00;
21/10/2026;Geste commercial;Avoir;5,00;x1
";
const OCTOBER: [&str; 4] = ["--from", "2026-10-01", "--to", "2026-10-31"];

#[test]
fn a_statement_is_imported_shown_and_booked_once() {
    let office = Office::of("company.json");
    let account = |words: &[&str]| {
        let (first, rest) = words.split_first().unwrap();
        done(&[&["account", first, "--data", &office.data], rest].concat())
    };
    let file = office.file("octobre.csv", STATEMENT.as_bytes());
    let imported = account(&["import", &file]);
    assert_eq!(imported["imported"], true);
    assert_eq!(
        (&imported["lines"], &imported["not_understood"]),
        (&json!(3), &json!(1))
    );
    assert_eq!(account(&["import", &file])["imported"], false);
    let shown = account(&[&["show"][..], &OCTOBER].concat());
    assert_eq!(shown["account"], "512700");
    assert_eq!(
        shown["statement"],
        json!({"opening": "0.00", "closing": "-2089.84"})
    );
    assert_eq!(shown["ledger"]["closing"], "0.00");
    assert_eq!(shown["not_understood"][0]["reason"], "unknown_kind");
    let first = &shown["differences"][0];
    assert_eq!(
        (&first["cause"], &first["amount"]),
        (&json!("invoice_not_booked"), &json!("-89.84"))
    );
    assert_eq!(
        first["entry"][1],
        json!({"account": "445660", "debit": "14.97", "credit": "0.00"})
    );
    let accept = [&["accept"][..], &OCTOBER].concat();
    assert_eq!(account(&accept), json!({"accepted": 2}));
    assert_eq!(account(&accept), json!({"accepted": 0}));
    let shown = account(&[&["show"][..], &OCTOBER].concat());
    assert_eq!(shown["ledger"]["closing"], "-2089.84");
    assert_eq!(shown["differences"], json!([]));
    let transfer = &shown["in_transit"][0]["reference"];
    assert_eq!(transfer, "VIR-2026-10-19");
    let arrived = account(&["arrived", "VIR-2026-10-19", "--date", "2026-10-21"]);
    assert_eq!(arrived[0]["arrived"], "2026-10-21");
    assert_eq!(
        done(&["verify", "--data", &office.data])["checked"]["account_movements"],
        2
    );
}

#[test]
fn movements_are_recorded_by_hand_shown_before_and_reversed() {
    let office = Office::of("company.json");
    let account = |words: &[&str]| {
        let mut typed = vec!["account"];
        typed.extend(words);
        typed.extend(["--data", &office.data, "--json"]);
        run(&typed)
    };
    let said = |words: &[&str]| {
        let run = account(words);
        assert_eq!(run.code, 0, "{run:?}");
        run.json()
    };
    let invoice = [
        "record",
        "invoice",
        "FA-2026-09",
        "--net",
        "74.38",
        "--vat",
        "14.88",
        "--date",
        "2026-10-02",
    ];
    let shown = said(&[&invoice[..], &["--preview"]].concat());
    assert_eq!(shown["recorded"], false);
    let entry = &shown["entries"][0];
    assert_eq!(
        (&entry["journal"], &entry["date"]),
        (&json!("PP"), &json!("2026-10-02"))
    );
    assert_eq!(entry["label"], "Facture PayPlug FA-2026-09");
    assert_eq!(
        entry["lines"],
        json!([
            {"account": "627800", "debit": "74.38", "credit": "0.00"},
            {"account": "445660", "debit": "14.88", "credit": "0.00"},
            {"account": "512700", "debit": "0.00", "credit": "89.26"}
        ])
    );
    assert_eq!(said(&invoice)["entries"][0], *entry);
    let recorded = ("movement_recorded".to_owned(), Some("number".to_owned()));
    assert_eq!(account(&invoice).refusal(), recorded);
    said(&[
        "record",
        "fee",
        "CB-1",
        "--amount",
        "-18.00",
        "--vat",
        "-3.00",
        "--date",
        "2026-10-06",
    ]);
    said(&[
        "record",
        "transfer",
        "VIR-1",
        "--amount",
        "500.00",
        "--date",
        "2026-10-09",
    ]);
    done(&[
        "account",
        "arrived",
        "VIR-1",
        "--date",
        "2026-10-12",
        "--data",
        &office.data,
    ]);

    let reverse = [
        "reverse",
        "transfer",
        "VIR-1",
        "--reason",
        "Saisi deux fois",
    ];
    let reversed = said(&reverse);
    assert_eq!(reversed["entries"].as_array().unwrap().len(), 2);
    assert_eq!(
        reversed["entries"][0]["label"],
        "Annulation Virement PayPlug VIR-1"
    );
    let again = ("movement_reversed".to_owned(), Some("movement".to_owned()));
    assert_eq!(account(&reverse).refusal(), again);
    let unknown = account(&["reverse", "fee", "VIR-1", "--reason", "Non"]);
    assert_eq!(unknown.refusal().0, "unknown_movement");
    assert_eq!(
        account(&["reverse", "gift", "VIR-1", "--reason", "Non"]).code,
        2
    );
    assert_eq!(account(&["reverse", "fee", "CB-1"]).code, 2);
    let shown = said(&["show", "--from", "2026-10-01", "--to", "2026-10-31"]);
    assert_eq!(shown["ledger"]["closing"], "-71.26");
    assert_eq!(shown["rows"][0]["piece"], "FA-2026-09");
    assert_eq!(shown["rows"].as_array().unwrap().len(), 2);
    done(&["verify", "--data", &office.data]);
}

#[test]
fn unknown_columns_are_asked_for_and_said() {
    let office = Office::of("company.json");
    let file = office.file(
        "a.csv",
        b"Quand,Quoi,Combien\n2026-10-05,Virement,-500.00\n",
    );
    let asked = run(&["account", "import", "--data", &office.data, &file, "--json"]);
    assert_eq!(asked.code, 1);
    assert!(
        asked.output.contains("\"header\":\"Quand\""),
        "{}",
        asked.output
    );
    let told = [
        "account",
        "import",
        "--data",
        &office.data,
        &file,
        "--columns",
        "date,kind,amount",
    ];
    assert_eq!(done(&told)["lines"], 1);
    let wrong = run(&[
        "account",
        "import",
        "--data",
        &office.data,
        &file,
        "--columns",
        "day",
        "--json",
    ]);
    assert_eq!(wrong.code, 2);
}

/// Nobody connected an account: what the statement says is what is recorded.
#[test]
fn a_payment_without_invoice_is_attached_once() {
    let office = Office::of("company.json");
    let data = office.data.as_str();
    let line = json!({ "description": "Travaux", "quantity": "1", "unit_price": "240.00", "vat_rate": "10" });
    let draft = json!({ "customer": "CL-0001", "lines": [line] });
    let draft = office.file("draft.json", draft.to_string().as_bytes());
    let added = done(&["invoice", "add", "--data", data, &draft]);
    let id = added["id"].as_str().unwrap();
    let finalised = done(&["invoice", "finalise", "--data", data, id]);
    let number = finalised["number"].as_str().unwrap();
    let statement =
        "Date;Type;Libellé;Montant;Référence\n05/10/2026;Paiement;Dépannage;264,00;pay_1portal\n";
    let file = office.file("octobre.csv", statement.as_bytes());
    done(&["account", "import", "--data", data, &file]);
    let refused = |payment: &str| {
        let attach = [
            "payment", "attach", "--data", data, payment, number, "--json",
        ];
        let refused = run(&attach);
        let (code, field) = refused.refusal();
        (refused.code, code, field)
    };
    let expected =
        |code: i32, word: &str, field: &str| (code, word.to_owned(), Some(field.to_owned()));
    assert_eq!(refused("pay_2"), expected(1, "unknown_payment", "payment"));
    let attach = ["payment", "attach", "--data", data, "pay_1portal", number];
    let settled = done(&attach);
    assert_eq!(
        (&settled["status"], &settled["remaining"]),
        (&json!("settled"), &json!("0.00"))
    );
    let receipt = &settled["receipts"][0];
    assert_eq!(
        (
            &receipt["date"],
            &receipt["amount"],
            &receipt["transaction"]
        ),
        (
            &json!("2026-10-05"),
            &json!("264.00"),
            &json!("pay_1portal")
        )
    );
    assert_eq!(
        refused("pay_1portal"),
        expected(1, "already_received", "payment")
    );
    assert_eq!(refused("2"), expected(2, "unknown_choice", "paiement"));
    let shown = done(&[&["account", "show", "--data", data][..], &OCTOBER].concat());
    assert_eq!(shown["differences"], json!([]));
    assert_eq!(done(&["verify", "--data", data])["ok"], true);
}
