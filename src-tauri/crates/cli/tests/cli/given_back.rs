//! Credit notes for a part, chargebacks and decisions as an outside program sees them, without
//! PayPlug; `online.rs` has them with a card.

use crate::common::{Office, done, real_json, run};
use serde_json::{Value, json};

/// A finalised invoice of 2 182.76 incl. VAT, 109.14 held back.
fn finalised(office: &Office) -> Value {
    let mut invoice = real_json("01-salle-de-bain.json");
    let fields = invoice.as_object_mut().unwrap();
    fields.remove("issue_date");
    fields.remove("due_date");
    let file = office.file("invoice.json", invoice.to_string().as_bytes());
    let draft = done(&["invoice", "add", "--data", &office.data, &file]);
    let id = draft["id"].as_str().unwrap();
    done(&["invoice", "finalise", "--data", &office.data, id])
}

fn refusal(arguments: &[&str]) -> (i32, String) {
    let run = run(&[arguments, &["--json"]].concat());
    (run.code, run.refusal().0)
}

#[test]
fn a_credit_note_for_a_part_is_printed_and_lowers_what_is_due() {
    let office = Office::of("company.json");
    let data = office.data.as_str();
    let invoice = finalised(&office);
    let number = invoice["number"].as_str().unwrap();
    assert_eq!(invoice["refund_wishes"], json!([]));
    assert_eq!(invoice["chargebacks"], json!([]));
    assert_eq!(invoice["undecided"], "0.00");
    assert_eq!(invoice["creditable"], invoice["totals"]["net_due"]);

    let part = [
        "invoice", "credit", "--data", data, number, "--amount", "100.00",
    ];
    let note = done(&part);
    assert_eq!(note["kind"], "credit_note");
    assert_eq!(note["refers_to"], json!([number]));
    assert_eq!(note["totals"]["gross"], "100.00");
    assert_eq!(note["totals"]["net_due"], "100.00");
    let wording = format!("Avoir partiel sur la facture {number}");
    let described = note["lines"][0]["description"].as_str().unwrap();
    assert!(described.starts_with(&wording), "{described}");
    let cents = |value: &Value| -> i64 {
        let text = value.as_str().unwrap().replace('.', "");
        text.parse().unwrap()
    };
    let after = done(&["invoice", "show", "--data", data, number]);
    assert_eq!(
        cents(&after["remaining"]),
        cents(&invoice["remaining"]) - 10_000
    );
    assert_eq!(after["credited_by"], json!([note["number"]]));

    let over = [
        "invoice",
        "credit",
        "--data",
        data,
        number,
        "--amount",
        "999999.00",
    ];
    assert_eq!(refusal(&over), (1, "more_than_creditable".to_owned()));
    let nothing = ["invoice", "credit", "--data", data, number, "--amount", "0"];
    assert_eq!(refusal(&nothing), (2, "not_positive".to_owned()));
    let without = ["invoice", "credit", "--data", data, number];
    assert_eq!(refusal(&without), (2, "missing_option".to_owned()));

    let rest = done(&["invoice", "cancel", "--data", data, number]);
    assert_eq!(
        cents(&rest["totals"]["gross"]),
        cents(&invoice["totals"]["gross"]) - 10_000
    );
    assert!(
        !rest["warnings"].to_string().contains("retention"),
        "{rest}"
    );
    let shown = done(&["invoice", "show", "--data", data, number]);
    assert_eq!(
        (&shown["status"], &shown["remaining"]),
        (&json!("cancelled"), &json!("0.00"))
    );
    assert_eq!(done(&["verify", "--data", data])["ok"], true);
}

#[test]
fn what_needs_a_card_payment_says_so() {
    let office = Office::of("company.json");
    let data = office.data.as_str();
    let invoice = finalised(&office);
    let id = invoice["id"].as_str().unwrap();
    let no_card = (1, "no_card_receipt".to_owned());
    assert_eq!(
        refusal(&["invoice", "chargeback", "--data", data, id]),
        no_card
    );
    assert_eq!(refusal(&["invoice", "refund", "--data", data, id]), no_card);
    let withdraw = ["invoice", "refund", "--data", data, id, "--withdraw"];
    assert_eq!(refusal(&withdraw), (1, "refund_left".to_owned()));
    let close = ["invoice", "chargeback-close", "--data", data, id, "lost"];
    assert_eq!(refusal(&close), (1, "unknown_chargeback".to_owned()));
    for (choice, code) in [
        ("collect-again", "nothing_to_decide"),
        ("credit", "nothing_to_decide"),
        ("write-off", "no_lost_chargeback"),
    ] {
        let decide = ["invoice", "decide", "--data", data, id, choice];
        assert_eq!(refusal(&decide), (1, code.to_owned()));
    }
    let unknown = ["invoice", "decide", "--data", data, id, "forget"];
    assert_eq!(refusal(&unknown), (2, "unknown_choice".to_owned()));
    let unknown = ["invoice", "chargeback-close", "--data", data, id, "drawn"];
    assert_eq!(refusal(&unknown), (2, "unknown_choice".to_owned()));
    let in_words = run(&["invoice", "decide", "--data", data, id, "credit"]);
    assert!(
        in_words.errors.contains("Rien n’attend de décision"),
        "{in_words:?}"
    );
}

/// Of 2 182.76 incl. VAT 109.14 are held back: released, they are due besides.
#[test]
fn a_retention_is_printed_released_once_and_due() {
    let office = Office::of("company.json");
    let data = office.data.as_str();
    let invoice = finalised(&office);
    let number = invoice["number"].as_str().unwrap();
    let retention = &invoice["retention"];
    assert_eq!(retention["amount"], "109.14");
    assert_eq!(retention["bond"], false);
    assert_eq!(retention["released_on"], Value::Null);
    assert_eq!(
        retention["release_on"],
        invoice["deductions"][0]["release_on"]
    );

    let released = done(&["invoice", "release", "--data", data, number]);
    assert_eq!(released["remaining"], "2182.76");
    assert_eq!(released["totals"]["net_due"], "2073.62");
    assert!(released["retention"]["released_on"].is_string());
    let again = refusal(&["invoice", "release", "--data", data, number]);
    assert_eq!(again, (1, "already_released".to_owned()));
    let verified = done(&["verify", "--data", data]);
    assert_eq!(verified["checked"]["releases"], 1);
}

#[test]
fn what_left_is_listed_and_given_again_as_it_left() {
    let office = Office::of("company.json");
    let data = office.data.as_str();
    let number = finalised(&office)["number"].as_str().unwrap().to_owned();
    let list = ["invoice", "renditions", "--data", data, &number];
    assert_eq!(done(&list), json!([]));
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (first, second, third) = (at("1.pdf"), at("2.pdf"), at("3.pdf"));
    let pdf = ["invoice", "pdf", "--data", data, &number, "-o"];
    let told = done(&[&pdf[..], &[&first]].concat());
    done(&[&pdf[..], &[&second, "--duplicate"]].concat());
    let left = done(&list);
    assert_eq!(left[0]["sha256"], told["sha256"]);
    assert_eq!(
        (&left[0]["way"], &left[1]["way"]),
        (&json!("file"), &json!("file"))
    );
    assert_eq!(left[0]["marks"], json!(["original"]));
    assert_eq!(left[1]["marks"], json!(["duplicate"]));
    let sha256 = told["sha256"].as_str().unwrap();
    done(&[&pdf[..], &[&third, "--rendition", sha256]].concat());
    assert_eq!(
        std::fs::read(&first).unwrap(),
        std::fs::read(&third).unwrap()
    );
    assert_eq!(done(&list).as_array().unwrap().len(), 2, "it left before");
    let unknown = "0".repeat(64);
    let refused = refusal(&[&pdf[..], &[&third, "--rendition", &unknown]].concat());
    assert_eq!(refused, (1, "unknown_rendition".to_owned()));
}
