//! Every real invoice, and files of random ones, through the binary: the PDFs before the outside judges, and one set of totals in
//! the invoice object, on the page, in the XML and in the books.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::{Office, done, real, real_json, run};
use serde_json::{Value, json};

fn tool(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {said}{complaint}"
    );
    said
}

/// The judge of Factur-X is satisfied with each.
fn judge(files: &[PathBuf]) {
    let script =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/judges/judge_facturx.py");
    let python = std::env::var("ACQUIT_JUDGES_PYTHON").unwrap();
    let paths = files.iter().map(|path| path.to_str().unwrap());
    let arguments: Vec<&str> = std::iter::once(script.to_str().unwrap())
        .chain(paths)
        .collect();
    let said = tool(&python, &arguments);
    let satisfied = said.lines().filter(|line| line.ends_with(" OK")).count();
    assert_eq!(satisfied, files.len(), "{said}");
}

/// An amount in cents, from `1234.56` or `1234,56`.
fn cents(text: &str) -> i64 {
    text.replace([',', '.'], "")
        .parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// An amount as a French page shows it, in ordinary spaces.
fn on_paper(cents: i64) -> String {
    let digits = (cents.abs() / 100).to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).unwrap())
        .collect();
    let sign = if cents < 0 { "\u{2212}" } else { "" };
    format!("{sign}{},{:02}", groups.join(" "), cents.abs() % 100)
}

/// The one amount of an element of the XML.
fn amount(xml: &str, element: &str) -> i64 {
    let opening = format!("<ram:{element}");
    let mut found = xml.split(&opening).skip(1);
    let inside = found.next().unwrap_or_else(|| panic!("no {element}"));
    assert!(found.next().is_none(), "one {element}");
    let (from, to) = (inside.find('>').unwrap() + 1, inside.find('<').unwrap());
    cents(&inside[from..to])
}

/// What the sales journal says of a document, debit less credit: customer, held back, deposits, sold, VAT.
#[derive(Debug, Default, PartialEq, Eq)]
struct Booked {
    due: i64,
    deducted: i64,
    deposits: i64,
    sold: i64,
    vat: i64,
}

fn booked(data: &str, folder: &Path) -> BTreeMap<String, Booked> {
    let fec = folder
        .join("812345676FEC20261231.txt")
        .display()
        .to_string();
    done(&[
        "export",
        "fec",
        "--data",
        data,
        "--until",
        "2099-12-31",
        "-o",
        &fec,
    ]);
    let mut books: BTreeMap<String, Booked> = BTreeMap::new();
    for line in std::fs::read_to_string(fec).unwrap().lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        if columns[0] != "VE" {
            continue;
        }
        let of = books.entry(columns[8].to_owned()).or_default();
        let side = match columns[4] {
            "411000" => &mut of.due,
            "411700" | "467000" => &mut of.deducted,
            "419100" => &mut of.deposits,
            account if account.starts_with('7') => &mut of.sold,
            account if account.starts_with("4457") => &mut of.vat,
            other => panic!("{other} in the sales journal"),
        };
        *side += cents(columns[11]) - cents(columns[12]);
    }
    books
}

/// What the sales journal has to say of a document: what was sold and its VAT, less the deposits that it takes off; of a deposit,
/// what is advanced.
fn expected(document: &Value, all: &[(Value, String, String)]) -> Booked {
    let total = |of: &Value, name: &str| cents(of["totals"][name].as_str().unwrap());
    let referred: Vec<&Value> = all
        .iter()
        .map(|(other, ..)| other)
        .filter(|other| {
            let numbers = document["refers_to"].as_array().unwrap();
            numbers.contains(&other["number"])
        })
        .collect();
    let is_note = document["kind"] == "credit_note";
    let sign = if is_note { -1 } else { 1 };
    let is_deposit = |of: &Value| of["kind"] == "deposit";
    let (net, vat) = (total(document, "net"), total(document, "vat"));
    let (sold, vat, deposits) = if is_deposit(document) || is_note && is_deposit(referred[0]) {
        (0, vat, -net)
    } else {
        let taken: Vec<&&Value> = referred
            .iter()
            .filter(|of| !is_note && is_deposit(of))
            .collect();
        let sum = |name: &str| taken.iter().map(|of| total(of, name)).sum::<i64>();
        assert_eq!(sum("gross"), total(document, "deposits"), "{document}");
        (net, vat - sum("vat"), sum("net"))
    };
    Booked {
        due: sign * total(document, "net_due"),
        deducted: sign * total(document, "deductions"),
        deposits: sign * deposits,
        sold: -sign * sold,
        vat: -sign * vat,
    }
}

/// One set of totals everywhere. Gives the PDF of each document.
fn one_set_of_totals(data: &str, folder: &Path) -> Vec<PathBuf> {
    let list = done(&["invoice", "list", "--data", data, "--limit", "1000"]);
    let mut documents = Vec::new();
    let mut files = Vec::new();
    for row in list.as_array().unwrap() {
        let Some(number) = row["number"].as_str() else {
            continue;
        };
        let file = folder.join(format!("{number}.pdf"));
        let path = file.to_str().unwrap();
        done(&["invoice", "pdf", "--data", data, number, "-o", path]);
        tool("qpdf", &["--check", path]);
        let text = tool("pdftotext", &["-layout", path, "-"]).replace(['\u{a0}', '\u{202f}'], " ");
        let xml_file = folder.join(format!("{number}.xml"));
        let xml_path = xml_file.to_str().unwrap();
        done(&["invoice", "xml", "--data", data, number, "-o", xml_path]);
        let xml = std::fs::read_to_string(xml_file).unwrap();
        documents.push((
            done(&["invoice", "show", "--data", data, number]),
            text,
            xml,
        ));
        files.push(file);
    }
    let books = booked(data, folder);
    for (document, text, xml) in &documents {
        let number = document["number"].as_str().unwrap();
        let total = |name: &str| cents(document["totals"][name].as_str().unwrap());
        let [net, vat, gross, deposits, deducted, due] =
            ["net", "vat", "gross", "deposits", "deductions", "net_due"].map(total);
        for shown in [net, gross, due]
            .into_iter()
            .chain((vat != 0).then_some(vat))
        {
            assert!(
                text.contains(&on_paper(shown)),
                "{number}: {} in {text}",
                on_paper(shown)
            );
        }
        assert_eq!(amount(xml, "TaxBasisTotalAmount"), net, "{number}");
        assert_eq!(amount(xml, "TaxTotalAmount"), vat, "{number}");
        assert_eq!(amount(xml, "GrandTotalAmount"), gross, "{number}");
        assert_eq!(amount(xml, "DuePayableAmount"), due + deducted, "{number}");
        assert_eq!(gross, deposits + deducted + due, "{number}");
        if deposits > 0 {
            assert_eq!(amount(xml, "TotalPrepaidAmount"), deposits, "{number}");
            let shown = on_paper(deposits);
            assert!(text.contains(&shown), "{number}: {shown} in {text}");
        }
        let expected = expected(document, &documents);
        match books.get(number) {
            Some(found) => assert_eq!(found, &expected, "{number}"),
            None => assert_eq!(gross, 0, "{number} is not in the books"),
        }
    }
    files
}

#[test]
fn every_real_invoice_has_one_set_of_totals_and_satisfies_the_judges() {
    let mut files = Vec::new();
    let mut offices = Vec::new();
    for company in [
        "company.json",
        "company-franchise.json",
        "company-long-name.json",
    ] {
        let office = Office::of(company);
        let mut count = 0;
        for (name, worked_out) in real_json("expected.json").as_object().unwrap() {
            if worked_out["company"] != company {
                continue;
            }
            let mut draft = real_json(name);
            let fields = draft.as_object_mut().unwrap();
            fields.remove("issue_date");
            fields.remove("due_date");
            let draft = office.file("draft.json", draft.to_string().as_bytes());
            let added = done(&["invoice", "add", "--data", &office.data, &draft]);
            let id = added["id"].as_str().unwrap();
            done(&["invoice", "finalise", "--data", &office.data, id]);
            count += 1;
        }
        if count == 0 {
            continue;
        }
        let folder = office.folder.path().join("papiers");
        std::fs::create_dir(&folder).unwrap();
        files.extend(one_set_of_totals(&office.data, &folder));
        offices.push(office);
    }
    let all = std::fs::read_dir(real("")).unwrap();
    let invoices = all.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_str()
            .unwrap()
            .starts_with(|first: char| first.is_ascii_digit())
    });
    assert_eq!(files.len(), invoices.count());
    judge(&files);
}

#[test]
fn random_files_have_one_set_of_totals_and_satisfy_the_judges() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for seed in ["1", "20261126"] {
        let data = folder.path().join(seed).display().to_string();
        done(&["fill", "--data", &data, "--invoices", "40", "--seed", seed]);
        let papers = folder.path().join(format!("papiers-{seed}"));
        std::fs::create_dir(&papers).unwrap();
        files.extend(one_set_of_totals(&data, &papers));
    }
    assert!(files.len() >= 60, "{}", files.len());
    judge(&files);
}

/// Contracts of random amounts at one or two rates, with deposits, a retention, situations and a final invoice, and credit notes of
/// a deposit and of a situation.
#[test]
fn contracts_have_one_set_of_totals_and_satisfy_the_judges() {
    let office = Office::of("company.json");
    let mut draw = Draw(20_261_127);
    for contract in 0..6 {
        let prices: Vec<(i64, &str)> = ["10", "20", "5.5"][..1 + contract % 3]
            .iter()
            .map(|rate| (200_000 + draw.below(900_000), *rate))
            .collect();
        let lines = |share: Option<&str>| -> Value {
            let line = |(index, (price, rate)): (usize, &(i64, &str))| {
                json!({ "description": format!("Lot {index}"), "quantity": "1", "unit_price": euros(*price),
                    "vat_rate": rate, "progress": share })
            };
            prices.iter().enumerate().map(line).collect()
        };
        let advance = |office: &Office, draw: &mut Draw| {
            let line = |(price, rate): &(i64, &str)| {
                let part = euros(price / 20 + draw.below(price / 20));
                json!({ "description": "Acompte", "quantity": "1", "unit_price": part, "vat_rate": rate })
            };
            let lines: Vec<Value> = prices.iter().map(line).collect();
            issued(office, &json!({ "kind": "deposit", "lines": lines }))
        };
        let (first, second) = (advance(&office, &mut draw), advance(&office, &mut draw));
        let unwanted = advance(&office, &mut draw);
        for deposit in [&first, &second] {
            paid(&office, deposit);
        }
        credited(&office, &unwanted);
        let held = json!([{ "kind": "retention", "percent": "5" }]);
        let situation = issued(
            &office,
            &json!({ "kind": "progress", "refers_to": [first["number"]], "lines": lines(Some("45")), "deductions": held }),
        );
        let next = issued(
            &office,
            &json!({ "kind": "progress", "refers_to": [situation["number"], second["number"]], "lines": lines(Some("80")), "deductions": held }),
        );
        let last = done(&[
            "invoice",
            "final",
            "--data",
            &office.data,
            next["number"].as_str().unwrap(),
        ]);
        done(&[
            "invoice",
            "finalise",
            "--data",
            &office.data,
            last["id"].as_str().unwrap(),
        ]);
        let single = issued(&office, &json!({ "kind": "invoice", "lines": lines(None) }));
        credited(&office, &single);
    }
    let folder = office.folder.path().join("papiers");
    std::fs::create_dir(&folder).unwrap();
    let files = one_set_of_totals(&office.data, &folder);
    assert_eq!(files.len(), 6 * 9);
    judge(&files);
    assert_eq!(done(&["verify", "--data", &office.data])["ok"], true);
}

/// A drawer of numbers, the same each time.
struct Draw(u64);

impl Draw {
    /// From 0 to below `end`.
    fn below(&mut self, end: i64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % end
    }
}

fn euros(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn issued(office: &Office, draft: &Value) -> Value {
    let mut draft = draft.clone();
    draft["customer"] = "CL-0001".into();
    let file = office.file("draft.json", draft.to_string().as_bytes());
    let added = done(&["invoice", "add", "--data", &office.data, &file]);
    done(&[
        "invoice",
        "finalise",
        "--data",
        &office.data,
        added["id"].as_str().unwrap(),
    ])
}

fn paid(office: &Office, invoice: &Value) {
    let (number, due) = (&invoice["number"], &invoice["remaining"]);
    let (number, due) = (number.as_str().unwrap(), due.as_str().unwrap());
    let data = office.data.as_str();
    done(&[
        "receipt", "add", "--data", data, number, "--amount", due, "--means", "transfer",
    ]);
}

fn credited(office: &Office, invoice: &Value) {
    done(&[
        "invoice",
        "cancel",
        "--data",
        &office.data,
        invoice["number"].as_str().unwrap(),
    ]);
}

#[test]
fn a_paper_made_again_has_the_same_bytes() {
    let office = Office::of("company.json");
    let mut draft = real_json("01-salle-de-bain.json");
    draft.as_object_mut().unwrap().remove("issue_date");
    draft.as_object_mut().unwrap().remove("due_date");
    let draft = office.file("draft.json", draft.to_string().as_bytes());
    let added = done(&["invoice", "add", "--data", &office.data, &draft]);
    let id = added["id"].as_str().unwrap();
    done(&["invoice", "finalise", "--data", &office.data, id]);
    let made = ["one.pdf", "two.pdf"].map(|name| {
        let path = office.folder.path().join(name).display().to_string();
        done(&["invoice", "pdf", "--data", &office.data, id, "-o", &path]);
        std::fs::read(path).unwrap()
    });
    assert!(made[0] == made[1]);
}

#[test]
fn what_paper_cannot_show_is_told_before_and_refused_never() {
    let office = Office::of("company.json");
    let mut draft = real_json("01-salle-de-bain.json");
    draft.as_object_mut().unwrap().remove("issue_date");
    draft.as_object_mut().unwrap().remove("due_date");
    draft["lines"][1]["description"] = "Pose 👷🏽 faïence 漢字".into();
    draft["notes"] = "مرحبا".into();
    draft["title"] = "Ελλάδα, Київ, 12 ㎡, « ½ »".into();
    let draft = office.file("draft.json", draft.to_string().as_bytes());
    let added = done(&["invoice", "add", "--data", &office.data, &draft]);
    let told = added["warnings"].as_array().unwrap().iter();
    let told: Vec<(&str, &str)> = told
        .filter(|one| one["code"] == "character_not_printable")
        .map(|one| {
            (
                one["field"].as_str().unwrap(),
                one["sentence"].as_str().unwrap(),
            )
        })
        .collect();
    let fields: Vec<&str> = told.iter().map(|(field, _)| *field).collect();
    assert_eq!(fields, ["notes", "lines[1].description"]);
    assert!(
        told[0].1.contains("« م »") && told[1].1.contains("« 👷 »"),
        "{told:?}"
    );
    let id = added["id"].as_str().unwrap();
    done(&["invoice", "finalise", "--data", &office.data, id]);
    let path = office.folder.path().join("one.pdf").display().to_string();
    done(&["invoice", "pdf", "--data", &office.data, id, "-o", &path]);
    let page = tool("pdftotext", &["-layout", &path, "-"]);
    assert!(
        page.contains("Pose ?? faïence ??") && page.contains("Ελλάδα, Київ"),
        "{page}"
    );
    judge(&[path.into()]);
}

/// 2,000 lines become a paper that the judges accept; more are refused by name, and nothing is written.
#[test]
fn as_many_lines_as_are_allowed_become_a_paper_and_more_are_refused() {
    let office = Office::of("company.json");
    let draft = |count: usize| {
        let line = |index| json!({ "description": format!("Article {index}"), "quantity": "1", "unit_price": "1.00", "vat_rate": "10" });
        let lines: Vec<Value> = (0..count).map(line).collect();
        json!({ "customer": "CL-0001", "lines": lines })
    };
    let many = office.file("many.json", draft(10_000).to_string().as_bytes());
    let before = office.contents();
    let refused = run(&["invoice", "add", "--data", &office.data, &many, "--json"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert_eq!(
        refused.refusal(),
        ("too_many_lines".to_owned(), Some("lines".to_owned()))
    );
    assert_eq!(office.contents(), before);
    let invoice = issued(&office, &draft(2_000));
    assert_eq!(invoice["totals"]["gross"], "2200.00");
    let path = office.folder.path().join("long.pdf");
    let written = path.to_str().unwrap();
    done(&[
        "invoice",
        "pdf",
        "--data",
        &office.data,
        invoice["number"].as_str().unwrap(),
        "-o",
        written,
    ]);
    let page = tool("pdftotext", &["-layout", written, "-"]);
    assert!(page.contains("Article 0") && page.contains("Article 1999"));
    judge(&[path]);
}

#[test]
fn a_logo_too_heavy_or_of_another_kind_is_refused_and_makes_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let heavy = vec![0x42; 50 * 1024 * 1024];
    let entities: String = (1..30)
        .map(|level| format!("<!ENTITY a{level} \"&a{0};&a{0};\">", level - 1))
        .collect();
    let bomb = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY a0 \"a\">{entities}]><svg xmlns=\"http://www.w3.org/2000/svg\"><text>&a29;</text></svg>"
    );
    for (name, bytes) in [
        ("lourd.png", heavy.as_slice()),
        ("bombe.svg", bomb.as_bytes()),
        ("vide.png", b"".as_slice()),
    ] {
        let logo = folder.path().join(name);
        std::fs::write(&logo, bytes).unwrap();
        let mut company: Value = real_json("company.json");
        company["logo_path"] = logo.display().to_string().into();
        let file = folder.path().join("company.json");
        std::fs::write(&file, company.to_string()).unwrap();
        let data = folder.path().join("dossier");
        let (data_path, file) = (data.display().to_string(), file.display().to_string());
        let refused = run(&["init", "--data", &data_path, "--company", &file, "--json"]);
        assert_eq!(refused.code, 1, "{name}: {refused:?}");
        let (code, field) = refused.refusal();
        assert_eq!(
            (code.as_str(), field.as_deref()),
            ("unreadable_logo", Some("logo_path")),
            "{name}"
        );
        assert!(!data.exists(), "{name}");
    }
}
