//! Factur-X: the XML word for word, before judges that know nothing of this program, and beside the page.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use acquit_document::{Marks, Paper, PaymentBlock, render, xml};
use acquit_domain::Cents;
use acquit_domain::invoice::{DraftKind, Finalised, Item};
use acquit_domain::money::french_amount;
use acquit_domain::vat::VatTreatment;
use jiff::civil::date;

use crate::fixtures::*;
use crate::invoices::{Row, document, golden, table};
use crate::mentions::business;

pub(crate) fn plain(document: &Finalised) -> String {
    xml(document, Marks::default())
}

/// The texts of every element with this name, in order, as they stand.
pub(crate) fn texts(xml: &str, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in xml.match_indices(&format!("<{name}")) {
        let rest = &xml[at + 1 + name.len()..];
        if !rest.starts_with(['>', ' ']) {
            continue;
        }
        let (start, end) = (rest.find('>').unwrap() + 1, rest.find("</").unwrap());
        let text = rest[start..end].replace("&lt;", "<").replace("&gt;", ">");
        found.push(text.replace("&quot;", "\"").replace("&amp;", "&"));
    }
    found
}

fn text(xml: &str, name: &str) -> Option<String> {
    texts(xml, name).pop()
}

/// Content of the note with a subject code.
pub(crate) fn noted(xml: &str, code: &str) -> Vec<String> {
    let notes = xml.split("<ram:IncludedNote>").skip(1);
    notes
        .filter(|note| {
            note.contains(&format!(
                "<ram:SubjectCode>{code}</ram:SubjectCode></ram:IncludedNote>"
            ))
        })
        .filter(|note| note.find("</ram:IncludedNote>") > note.find("<ram:SubjectCode>"))
        .map(|note| texts(&format!("{note}</"), "ram:Content")[0].clone())
        .collect()
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A document's PDF, the same however often it is made.
fn pdf(name: &str, document: &Finalised) -> Vec<u8> {
    let bytes = render(&paper(document)).unwrap();
    assert!(bytes == render(&paper(document)).unwrap(), "{name} varies");
    bytes
}

/// Runs the outside judges over all of them: the syntax of PDF; then, once, XSD, schematrons of EN 16931 and of the
/// French rules, and how the PDF holds the XML.
fn judge(folder_name: &str, all: &[(String, Vec<u8>)]) {
    let folder = folder(folder_name);
    let paths: Vec<PathBuf> = all
        .iter()
        .map(|(name, bytes)| {
            let path = folder.join(format!("{name}.pdf"));
            std::fs::write(&path, bytes).unwrap();
            run("qpdf", &["--check", path.to_str().unwrap()]);
            path
        })
        .collect();
    let script =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/judges/judge_facturx.py");
    let python = std::env::var_os("ACQUIT_JUDGES_PYTHON").unwrap();
    let judged = Command::new(python)
        .arg(script)
        .args(&paths)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&judged.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&judged.stderr).into_owned();
    assert!(judged.status.success(), "{said}{complaint}");
    let satisfied = said.lines().filter(|line| line.ends_with(" OK")).count();
    assert_eq!(satisfied, all.len(), "{said}");
}

/// Another reading of the norm: everything is understood, nothing is broken.
fn read_back(name: &str, xml: &str) {
    let read = en16931_formats::read(xml.as_bytes()).unwrap();
    assert!(read.entries.is_empty(), "{name}: {:?}", read.entries);
    let report = en16931::validate(&read.invoice);
    let broken: Vec<String> = report.fatal().map(|one| format!("{one:?}")).collect();
    assert_eq!(broken, Vec::<String>::new(), "{name}");
}

/// Amounts of the XML against the totals, to the cent.
fn assert_totals(name: &str, document: &Finalised, xml: &str) {
    let totals = &document.totals;
    let amount = |element: &str| text(xml, element).map(|text| Cents::parse(&text).unwrap());
    let sum = |element: &str| -> Cents {
        let found = texts(xml, element);
        found.iter().map(|text| Cents::parse(text).unwrap()).sum()
    };
    assert_eq!(
        amount("ram:TaxBasisTotalAmount"),
        Some(totals.net),
        "{name}"
    );
    assert_eq!(amount("ram:TaxTotalAmount"), Some(totals.vat), "{name}");
    assert_eq!(amount("ram:GrandTotalAmount"), Some(totals.gross), "{name}");
    let deposits = Some(totals.deposits).filter(|sum| !sum.is_zero());
    assert_eq!(amount("ram:TotalPrepaidAmount"), deposits, "{name}");
    let asked = Some(totals.net_due + totals.deducted);
    assert_eq!(amount("ram:DuePayableAmount"), asked, "{name}");
    assert_eq!(sum("ram:BasisAmount"), totals.net, "{name}");
    assert_eq!(sum("ram:CalculatedAmount"), totals.vat, "{name}");
    // The lines, and their sum (BT-106) after them.
    let lines = texts(xml, "ram:LineTotalAmount");
    let parsed = lines.iter().map(|text| Cents::parse(text).unwrap());
    let twice: Cents = parsed.sum();
    assert_eq!(
        twice.get(),
        2 * (totals.net + totals.discount).get(),
        "{name}"
    );
}

#[test]
fn the_xml_is_word_for_word_what_it_was() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/paper/golden");
    let rewrite = std::env::var_os("UPDATE_GOLDEN").is_some();
    for (name, document) in golden() {
        let path = folder.join(format!("{name}.xml"));
        let found = plain(&document);
        assert_eq!(found, plain(&document.clone()), "{name}");
        if rewrite {
            std::fs::write(&path, &found).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap();
        assert!(
            found == kept,
            "{name} differs: UPDATE_GOLDEN=1 keeps it\n{found}"
        );
    }
}

#[test]
fn judges_accept_every_pair_of_what_may_differ() {
    let rows = table();
    assert!(rows.len() >= 300);
    print_table(&rows);
    let mut all = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let document = row.document();
        let name = format!("{index:03}-{:?}-{:?}-{:?}", row.what, row.vat, row.buyer);
        let xml = plain(&document);
        assert_totals(&name, &document, &xml);
        read_back(&name, &xml);
        let bytes = pdf(&name, &document);
        all.push((name, bytes));
    }
    for (name, document) in golden() {
        let xml = plain(&document);
        assert_totals(name, &document, &xml);
        read_back(name, &xml);
        all.push((name.to_owned(), pdf(name, &document)));
    }
    judge("facturx-table", &all);
}

/// Prints how often each pair comes together; none may be missing.
fn print_table(rows: &[Row]) {
    let columns: Vec<[String; 4]> = rows.iter().map(Row::columns).collect();
    for (left, right) in [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)] {
        let values = |column: usize| -> BTreeSet<&String> {
            columns.iter().map(|row| &row[column]).collect()
        };
        for one in values(left) {
            for other in values(right) {
                let both = |row: &&[String; 4]| &row[left] == one && &row[right] == other;
                let count = columns.iter().filter(both).count();
                eprintln!("{one:>16} × {other:<24} {count}");
                assert!(count > 0, "{one} × {other} is missing");
            }
        }
    }
}

#[test]
fn what_is_deducted_stays_due_in_the_xml_and_is_said() {
    let mut cases = golden().into_iter();
    let (_, document) = cases
        .find(|(name, _)| *name == "business-retention")
        .unwrap();
    let xml = plain(&document);
    let due = text(&xml, "ram:DuePayableAmount").unwrap();
    assert!(document.totals.deducted.is_positive());
    assert_eq!(
        due,
        (document.totals.net_due + document.totals.deducted).decimal()
    );
    let terms = xml
        .split("<ram:SpecifiedTradePaymentTerms>")
        .nth(1)
        .unwrap();
    let said = &texts(terms, "ram:Description")[0];
    let held_back = french_amount(document.totals.retention());
    assert!(
        said.contains("Retenue de garantie 5\u{a0}%") && said.contains(&held_back),
        "{said}"
    );
    assert!(said.contains("18\u{a0}décembre 2026"), "{said}");
    let notes = noted(&xml, "AAI").join("\n");
    assert!(
        notes.contains("à libérer le 18/11/2027") && notes.contains(&held_back),
        "{notes}"
    );
}

#[test]
fn a_consumer_is_told_what_does_not_concern_them_on_paper_and_in_xml() {
    let consumer = plain(&invoice(bathroom()));
    for (code, words) in [
        ("BAR", "B2C"),
        ("PMT", "Sans objet (client particulier)."),
        ("PMD", "Sans objet (client particulier)."),
        ("AAB", "Pas d’escompte pour paiement anticipé."),
        ("REG", "SARL au capital de 10\u{a0}000\u{a0}€"),
        ("ABL", "RCS Tours 812\u{a0}345\u{a0}676"),
    ] {
        assert_eq!(noted(&consumer, code), [words], "{code}");
    }
    let professional = plain(&invoice_of(bathroom(), company(), business()));
    assert_eq!(noted(&professional, "BAR"), ["B2B"]);
    assert!(noted(&professional, "PMT")[0].contains("40\u{a0}€"));
}

#[test]
fn kinds_and_frames_are_those_of_the_norm() {
    let mut found: Vec<(&str, String, String)> = Vec::new();
    for (name, document) in golden() {
        let xml = plain(&document);
        let frame = texts(&xml, "ram:ID")[0].clone();
        found.push((name, texts(&xml, "ram:TypeCode").swap_remove(0), frame));
    }
    let expected = [
        ("consumer", "380", "M1"),
        ("business-retention", "380", "M1"),
        ("subcontractor", "380", "S5"),
        ("franchise", "380", "S1"),
        ("deposit", "386", "M1"),
        ("after-deposit", "380", "S4"),
        ("second-situation", "380", "S1"),
        ("credit-note", "381", "M1"),
        ("credit-of-deposit", "503", "M1"),
    ];
    let expected = expected.map(|(name, kind, frame)| (name, kind.to_owned(), frame.to_owned()));
    assert_eq!(found, expected);
}

#[test]
fn a_document_says_what_the_law_said_on_its_day() {
    let on = |day| document(DraftKind::Invoice, day, bathroom(), &company(), &customer());
    let page = |name: &str, document: &Finalised| text_of(name, &render(&paper(document)).unwrap());
    let (before, after) = (on(date(2025, 2, 15)), on(date(2025, 2, 16)));
    for (name, document, said, unsaid) in [
        ("law-before", &before, "1300-SD", "certifie"),
        ("law-after", &after, "certifie", "1300-SD"),
    ] {
        for text in [page(name, document), plain(document)] {
            assert!(
                text.contains(said) && !text.contains(unsaid),
                "{name}: {text}"
            );
        }
    }
}

#[test]
fn whatever_was_typed_the_xml_is_sound() {
    let strange = "\u{7}\u{1b}\u{0}a]]>&<é \u{202e}txet\u{202c} 漢字 עברית العربية 🛠️\u{fffe}";
    let mut said = bathroom();
    for item in &mut said.items {
        if let Item::Line(line) = item {
            line.description = format!("{strange}\n{}", "Mot. ".repeat(800));
            line.unit = Some(strange.chars().take(20).collect());
        }
    }
    said.title = Some(strange.to_owned());
    said.notes = Some("\u{1}\u{2}".to_owned());
    said.customer_reference = Some("R".repeat(35));
    let mut buyer = business();
    buyer.name = "\u{1}".to_owned();
    buyer.siren = None;
    buyer.code = "Été 2026/1 é".to_owned();
    let many = (0..2_000).map(|index| line(&format!("Poste {index}"), "1.5", "u", "0.335", TEN));
    let all = [
        ("strange", invoice_of(said, company(), buyer)),
        ("many", invoice(content(many.collect()))),
    ];
    let all = all.map(|(name, document)| {
        let xml = plain(&document);
        assert_totals(name, &document, &xml);
        assert!(!xml.contains(['\u{7}', '\u{1b}', '\u{fffe}', '\u{0}']));
        (name.to_owned(), pdf(name, &document))
    });
    judge("facturx-strange", &all);
}

#[test]
fn the_file_that_it_comes_from_is_marked() {
    let document = invoice(bathroom());
    let marks = Marks {
        trial: true,
        demonstration: true,
        duplicate: false,
    };
    let marked = texts(&xml(&document, marks), "ram:Content");
    assert!(marked.contains(&"ESSAI".to_owned()) && marked.contains(&"DÉMONSTRATION".to_owned()));
    assert!(!plain(&document).contains("ESSAI"));
}

/// Without spaces and hyphens, which a line break may add.
fn pressed(text: &str) -> String {
    let kept = text.chars().filter(|one| !one.is_whitespace());
    kept.filter(|one| !matches!(one, '-' | '\u{2011}' | '\u{ad}'))
        .collect()
}

/// What people read of the XML: names, notes, reasons, addresses, identifiers as they stand; amounts and
/// figures as a French reader expects them. Codes are for programs.
fn for_people(document: &Finalised, xml: &str) -> Vec<String> {
    let mut all = Vec::new();
    for name in [
        "ram:Name",
        "ram:Description",
        "ram:Value",
        "ram:Content",
        "ram:Reason",
        "ram:ExemptionReason",
        "ram:Information",
        "ram:PostcodeCode",
        "ram:LineOne",
        "ram:LineTwo",
        "ram:CityName",
        "ram:IBANID",
        "ram:BICID",
        "ram:CompleteNumber",
        "ram:URIID",
        "ram:GlobalID",
        "ram:IssuerAssignedID",
        "ram:BuyerReference",
        "ram:PaymentReference",
    ] {
        all.extend(texts(xml, name));
    }
    all.retain(|text| !["B2C", "B2B", "B2BINT"].contains(&text.as_str()));
    for name in [
        "ram:LineTotalAmount",
        "ram:TaxBasisTotalAmount",
        "ram:GrandTotalAmount",
        "ram:TotalPrepaidAmount",
        "ram:AllowanceTotalAmount",
    ] {
        let amounts = texts(xml, name);
        let amounts = amounts.iter().map(|text| Cents::parse(text).unwrap());
        all.extend(amounts.map(french_amount));
    }
    let taxed = |treatment: VatTreatment| treatment.rate().is_some();
    for rate in document
        .totals
        .by_rate
        .iter()
        .filter(|rate| taxed(rate.treatment))
    {
        all.extend([rate.base, rate.vat].map(french_amount));
    }
    // What earlier situations asked for is taken back as −1 of it, which the page says without a count.
    let taken_back = |figure: &String| !document.content.earlier.is_empty() && figure == "-1";
    let figures = texts(xml, "ram:BilledQuantity");
    for figure in figures.into_iter().filter(|one| !taken_back(one)) {
        all.push(figure.replace('.', ",").replace('-', "\u{2212}"));
    }
    all
}

/// The page shows all that the XML says (FNFE). Not looked for: the amount of a line's discount, which is
/// quantity × price less the total.
#[test]
fn the_page_shows_all_that_the_xml_says() {
    let whole: Vec<(String, Finalised)> = golden()
        .into_iter()
        .map(|(name, document)| (name.to_owned(), document))
        .chain(
            table()
                .iter()
                .enumerate()
                .step_by(7)
                .map(|(index, row)| (format!("row-{index}"), row.document())),
        )
        .collect();
    assert!(whole.len() >= 30, "{}", whole.len());
    for (name, document) in whole {
        let due = Paper {
            payment: PaymentBlock::None,
            ..paper(&document)
        };
        let seen = pressed(&layout_free_text(&name, &render(&due).unwrap()));
        for text in for_people(&document, &plain(&document)) {
            // Two reasons in one group stand apart on the page.
            for part in text.replace("\u{a0}; ", "\n").split('\n') {
                assert!(
                    seen.contains(&pressed(part)),
                    "{name}: {part} is not in {seen}"
                );
            }
        }
    }
}

/// The text of a PDF in the order in which it was written: columns are not mixed.
fn layout_free_text(name: &str, pdf: &[u8]) -> String {
    let path = saved(&format!("facturx-{name}"), pdf);
    run("pdftotext", &["-raw", path.to_str().unwrap(), "-"])
}
