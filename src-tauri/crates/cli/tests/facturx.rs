//! Every real invoice, and files of random ones, through the binary: the PDFs before the outside judges, and one set of totals in
//! the invoice object, on the page, in the XML and in the books.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

#[expect(dead_code, reason = "each test binary uses its part")]
mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{Office, done, real, real_json, run};
use serde_json::Value;

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
        let sign = if document["kind"] == "credit_note" {
            -1
        } else {
            1
        };
        // A sale without deposits: what was sold and its VAT are what is due and held back.
        assert_eq!(deposits, 0, "{number}");
        let expected = Booked {
            due: sign * due,
            deducted: sign * deducted,
            deposits: 0,
            sold: -sign * net,
            vat: -sign * vat,
        };
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
