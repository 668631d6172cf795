//! The tags of the PDFs: what a screen reader is told, in which order, and that nothing is left out;
//! what PDF/A-3a and PDF/UA-1 ask for besides.

use std::path::Path;
use std::process::Command;

use acquit_document::{
    Item, Marks, Page, Paper, PaymentBlock, Role, Statement, Subject, display_list, render,
    render_statement,
};
use acquit_domain::receipt::{Movements, standing};
use jiff::civil::date;
use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::fixtures::*;
use crate::statements;
use crate::structure::{hostile, long_job};
use crate::walker::faults;

/// PDFs of every kind and in every state, by name.
fn everything() -> Vec<(&'static str, Vec<u8>)> {
    let (short, long, hostile) = (invoice(bathroom()), long_job(), hostile());
    let credit = credit_note(&short);
    let logo = logo();
    let asked = short.totals.net_due;
    let receipts = [
        cheque(date(2026, 10, 12), 120_000),
        card(date(2026, 11, 23), asked.get() - 120_000),
    ];
    let marks = Marks {
        trial: true,
        demonstration: true,
        duplicate: false,
    };
    let test = PaymentBlock::Link {
        url: URL,
        test: true,
    };
    let (draft, seller, buyer) = (draft(bathroom()), company(), customer());
    let provisional = Subject::Draft {
        draft: &draft,
        totals: &short.totals,
        seller: &seller,
        buyer: &buyer,
    };
    let cancelled = Movements {
        cancelled: true,
        credited: asked,
        ..Movements::default()
    };
    let due = Paper {
        logo: Some(&logo),
        ..paper(&short)
    };
    let papers = [
        ("tagged-due", due),
        ("tagged-long", paper(&long)),
        ("tagged-hostile", paper(&hostile)),
        (
            "tagged-test",
            Paper {
                payment: test,
                marks,
                ..due
            },
        ),
        (
            "tagged-pending",
            Paper {
                payment: PaymentBlock::Pending,
                ..due
            },
        ),
        (
            "tagged-partly",
            Paper {
                standing: Some(after(&short, 120_000)),
                receipts: &receipts[..1],
                ..due
            },
        ),
        (
            "tagged-settled",
            Paper {
                standing: Some(after(&short, asked.get())),
                receipts: &receipts,
                ..due
            },
        ),
        (
            "tagged-cancelled",
            Paper {
                standing: Some(standing(asked, cancelled)),
                ..due
            },
        ),
        ("tagged-credit", paper(&credit)),
        (
            "tagged-draft",
            Paper {
                document: provisional,
                ..due
            },
        ),
    ];
    let mut files: Vec<_> = papers
        .iter()
        .map(|(name, paper)| (*name, render(paper).unwrap()))
        .collect();
    let (customer, lines) = (customer(), statements::sixty());
    let statement = Statement {
        logo: Some(&logo),
        ..statements::statement(&seller, &customer, &lines)
    };
    files.push(("tagged-statement", render_statement(&statement).unwrap()));
    files
}

#[test]
fn everything_shown_has_one_owner_or_says_nothing() {
    for (name, bytes) in everything() {
        let pdf = Document::load_mem(&bytes).unwrap();
        assert_eq!(faults(&pdf), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn the_layout_puts_every_text_into_a_part() {
    fn texts(items: &[Item], open: &mut Vec<Role>, loose: &mut Vec<String>) {
        for item in items {
            match item {
                Item::Open { role, .. } => open.push(*role),
                Item::Close => assert!(open.pop().is_some(), "closed before opened"),
                Item::Turned { items, .. } => texts(items, open, loose),
                Item::Text { run, .. } => match open.last() {
                    None | Some(Role::Table | Role::Row) => loose.push(run.text.clone()),
                    Some(_) => {}
                },
                _ => {}
            }
        }
    }
    for document in [invoice(bathroom()), long_job(), hostile()] {
        let pages: Vec<Page> = display_list(&paper(&document)).unwrap();
        let (mut open, mut loose) = (Vec::new(), Vec::new());
        for page in &pages {
            texts(&page.items, &mut open, &mut loose);
        }
        assert_eq!((open, loose), (Vec::new(), Vec::new()));
    }
}

/// The elements below an element in reading order, as `TH TD` …
fn outline(pdf: &Document, id: ObjectId, depth: usize, out: &mut Vec<(usize, String)>) {
    let element = pdf.get_dictionary(id).unwrap();
    let name = element.get(b"S").unwrap().as_name().unwrap();
    out.push((depth, String::from_utf8(name.to_vec()).unwrap()));
    if let Ok(kids) = element.get(b"K").and_then(Object::as_array) {
        for kid in kids.iter().filter_map(|kid| kid.as_reference().ok()) {
            outline(pdf, kid, depth + 1, out);
        }
    }
}

fn outline_of(bytes: &[u8]) -> Vec<(usize, String)> {
    let pdf = Document::load_mem(bytes).unwrap();
    let tree = pdf.catalog().unwrap().get(b"StructTreeRoot").unwrap();
    let tree = pdf.get_dictionary(tree.as_reference().unwrap()).unwrap();
    let top = tree.get(b"K").unwrap().as_array().unwrap()[0]
        .as_reference()
        .unwrap();
    let mut out = Vec::new();
    outline(&pdf, top, 0, &mut out);
    out
}

#[test]
fn an_invoice_reads_from_its_seller_to_its_mentions() {
    let document = invoice(bathroom());
    let logo = logo();
    let due = Paper {
        logo: Some(&logo),
        ..paper(&document)
    };
    let outline = outline_of(&render(&due).unwrap());
    let top: Vec<&str> = outline
        .iter()
        .filter(|(depth, _)| *depth == 1)
        .map(|(_, name)| name.as_str())
        .collect();
    let expected = [
        // Logo, seller, title and facts, subject, buyer.
        "Figure", "P", "H1", "P", "H2", "P", "P", // Lines, VAT, totals.
        "Table", "Table", "Table",
        // Asked, amount, button, hint, code, what to do with it.
        "P", "P", "P", "P", "P", "P",
        // Bank details, addresses, terms, penalties, costs of recovery, certification, insurance.
        "P", "P", "P", "P", "P", "P", "P",
    ];
    assert_eq!(top, expected);
}

#[test]
fn a_table_that_breaks_over_pages_stays_one() {
    let document = long_job();
    let paper = paper(&document);
    assert!(display_list(&paper).unwrap().len() >= 3);
    let outline = outline_of(&render(&paper).unwrap());
    let count = |name: &str| outline.iter().filter(|(_, one)| one == name).count();
    assert_eq!(count("Table"), 3, "lines, VAT, totals");
    // Six sections, their ten lines, their comment and their sum; heads of the lines and of the
    // VAT; one rate; net, VAT and total. What is carried over and repeated heads are no rows.
    assert_eq!(count("TR"), 6 * 13 + 1 + 2 + 3);
}

#[test]
fn a_description_longer_than_a_page_stays_one_cell() {
    let endless = "Mot après mot, la description ne finit pas. ".repeat(250);
    let document = invoice(content(vec![line(&endless, "1", "u", "10", TEN)]));
    let paper = paper(&document);
    let bytes = render(&paper).unwrap();
    let pdf = Document::load_mem(&bytes).unwrap();
    assert_eq!(faults(&pdf), Vec::<String>::new());
    let over_pages = pdf.objects.values().filter_map(|object| {
        let element = object.as_dict().ok()?;
        let is_cell = element.get(b"S").and_then(Object::as_name).ok()? == b"TD";
        let kids = element.get(b"K").and_then(Object::as_array).ok()?;
        let elsewhere = kids.iter().filter(|kid| kid.as_dict().is_ok()).count();
        (is_cell && elsewhere > 0).then_some(elsewhere)
    });
    let pages = display_list(&paper).unwrap().len();
    assert!(pages >= 3);
    assert_eq!(
        over_pages.collect::<Vec<_>>(),
        [pages - 2],
        "the last page holds the totals"
    );
}

fn packet_of(pdf: &Document) -> String {
    let metadata = pdf.catalog().unwrap().get(b"Metadata").unwrap();
    let metadata = pdf.get_object(metadata.as_reference().unwrap()).unwrap();
    String::from_utf8(metadata.as_stream().unwrap().content.clone()).unwrap()
}

#[test]
fn every_pdf_says_what_it_keeps_to() {
    for (name, bytes) in everything() {
        let pdf = Document::load_mem(&bytes).unwrap();
        assert_eq!(pdf.version, "1.7");
        let catalog = pdf.catalog().unwrap();
        assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"fr-FR");
        let marked = catalog.get(b"MarkInfo").unwrap().as_dict().unwrap();
        assert!(marked.get(b"Marked").unwrap().as_bool().unwrap());
        let intents = catalog.get(b"OutputIntents").unwrap().as_array().unwrap();
        let intent = intents[0].as_dict().unwrap();
        assert_eq!(intent.get(b"S").unwrap().as_name().unwrap(), b"GTS_PDFA1");
        let profile = intent.get(b"DestOutputProfile").unwrap();
        let profile = pdf.get_object(profile.as_reference().unwrap()).unwrap();
        let profile = profile.as_stream().unwrap();
        assert_eq!(profile.dict.get(b"N").unwrap().as_i64().unwrap(), 3);
        let profile = profile.decompressed_content().unwrap();
        assert_eq!(&profile[36..40], b"acsp", "an ICC profile");
        let packet = packet_of(&pdf);
        for words in [
            "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>",
            "<pdfuaid:part>1</pdfuaid:part>",
            "<pdfaSchema:prefix>fx</pdfaSchema:prefix>",
            "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>",
        ] {
            assert!(packet.contains(words), "{name}: {words} in {packet}");
        }
        let carries_xml = !matches!(name, "tagged-draft" | "tagged-statement");
        assert_eq!(packet.contains("<fx:"), carries_xml, "{name}");
        assert_eq!(catalog.has(b"AF"), carries_xml, "{name}");
        assert_eq!(catalog.has(b"Names"), carries_xml, "{name}");
    }
}

#[test]
fn every_font_is_embedded_and_can_be_copied_out() {
    for (name, bytes) in everything() {
        let pdf = Document::load_mem(&bytes).unwrap();
        let of_type = |kind: &[u8]| {
            let dictionaries = pdf.objects.values().filter_map(|one| one.as_dict().ok());
            let wanted = dictionaries
                .filter(|one| one.get(b"Type").and_then(Object::as_name).ok() == Some(kind));
            wanted.cloned().collect::<Vec<Dictionary>>()
        };
        let fonts = of_type(b"Font");
        assert!((2..=3).contains(&fonts.len()), "{name}: {}", fonts.len());
        for font in fonts {
            let map = font.get(b"ToUnicode").unwrap().as_reference().unwrap();
            let map = pdf.get_object(map).unwrap().as_stream().unwrap();
            let map = String::from_utf8(map.decompressed_content().unwrap()).unwrap();
            assert!(map.contains("beginbfchar") || map.contains("beginbfrange"));
            assert!(
                !map.contains("<0000>\n<") && !map.contains("<FFFD>"),
                "{map}"
            );
        }
        assert!(
            of_type(b"FontDescriptor")
                .iter()
                .all(|one| one.has(b"FontFile3"))
        );
    }
}

/// A fault that is put into a sound PDF, and what a walker says of it.
type Plant = (&'static str, fn(&mut Document), &'static str);

fn first_element(pdf: &mut Document, kind: &[u8]) -> ObjectId {
    let is = |object: &Object| {
        let name = object.as_dict().and_then(|one| one.get(b"S"));
        name.and_then(Object::as_name).ok() == Some(kind)
    };
    let found = pdf.objects.iter().find(|(_, object)| is(object));
    *found.unwrap().0
}

fn without(pdf: &mut Document, kind: &[u8], key: &[u8]) {
    let id = first_element(pdf, kind);
    pdf.get_dictionary_mut(id).unwrap().remove(key).unwrap();
}

/// Changes the operators of the first page.
fn redrawn(pdf: &mut Document, change: impl FnOnce(&mut Vec<Operation>)) {
    let page = pdf.page_iter().next().unwrap();
    let bytes = pdf.get_page_content(page);
    let mut content = Content::decode(&bytes).unwrap();
    change(&mut content.operations);
    let bytes = content.encode().unwrap();
    pdf.change_page_content(page, bytes).unwrap();
}

/// Where the first marked sequence with an MCID begins.
fn first_mark(operations: &[Operation]) -> usize {
    let marks =
        |one: &Operation| one.operator == "BDC" && one.operands[0].as_name().unwrap() == b"P";
    operations.iter().position(marks).unwrap()
}

fn unmark_text(pdf: &mut Document) {
    redrawn(pdf, |operations| {
        let at = first_mark(operations);
        let ends = |one: &Operation| one.operator == "EMC";
        let end = at + operations[at..].iter().position(ends).unwrap();
        operations.remove(end);
        operations.remove(at);
    });
}

fn retag_text(pdf: &mut Document) {
    redrawn(pdf, |operations| {
        let at = first_mark(operations);
        operations[at].operands[0] = Object::Name(b"H1".to_vec());
    });
}

fn swap_owners(pdf: &mut Document) {
    let tree = pdf.catalog().unwrap().get(b"StructTreeRoot").unwrap();
    let tree = pdf.get_dictionary(tree.as_reference().unwrap()).unwrap();
    let parents = tree.get(b"ParentTree").unwrap().as_reference().unwrap();
    let parents = pdf.get_dictionary_mut(parents).unwrap();
    let numbers = parents.get_mut(b"Nums").unwrap().as_array_mut().unwrap();
    numbers[1].as_array_mut().unwrap().swap(1, 2);
}

fn forget_annotation(pdf: &mut Document) {
    let id = first_element(pdf, b"Link");
    let kids = pdf.get_dictionary_mut(id).unwrap().get_mut(b"K").unwrap();
    kids.as_array_mut()
        .unwrap()
        .retain(|kid| kid.as_dict().is_err());
}

fn lose_cell(pdf: &mut Document) {
    let id = first_element(pdf, b"TR");
    let kids = pdf.get_dictionary_mut(id).unwrap().get_mut(b"K").unwrap();
    kids.as_array_mut().unwrap().pop().unwrap();
}

fn hide_annotation(pdf: &mut Document) {
    let is = |object: &Object| object.as_dict().is_ok_and(|one| one.has(b"StructParent"));
    let found = pdf.objects.values_mut().find(|object| is(object)).unwrap();
    found.as_dict_mut().unwrap().set("F", 2);
}

const PLANTS: [Plant; 9] = [
    ("scope", |pdf| without(pdf, b"TH", b"A"), "TH without Scope"),
    (
        "figure",
        |pdf| without(pdf, b"Figure", b"Alt"),
        "Figure without Alt",
    ),
    (
        "link",
        |pdf| without(pdf, b"Link", b"Alt"),
        "Link without alternative text",
    ),
    ("unmarked", unmark_text, "text outside of any mark"),
    ("retagged", retag_text, "is H1 here and P in the tree"),
    (
        "owners",
        swap_owners,
        "has another owner in the parent tree",
    ),
    (
        "annotation",
        forget_annotation,
        "Link without its annotation",
    ),
    ("cell", lose_cell, "Table with rows of"),
    ("hidden", hide_annotation, "a link is not printed"),
];

/// A PDF with a fault: its name, its bytes, and what a walker says of it.
type Planted = (&'static str, Vec<u8>, &'static str);

/// A sound PDF with a logo and links, and the same with each fault.
fn planted() -> (Vec<u8>, Vec<Planted>) {
    let document = invoice(bathroom());
    let logo = logo();
    let sound = render(&Paper {
        logo: Some(&logo),
        ..paper(&document)
    });
    let sound = sound.unwrap();
    let faulty = PLANTS.map(|(name, plant, words)| {
        let mut pdf = Document::load_mem(&sound).unwrap();
        plant(&mut pdf);
        let mut bytes = Vec::new();
        pdf.save_to(&mut bytes).unwrap();
        (name, bytes, words)
    });
    (sound, faulty.to_vec())
}

#[test]
fn the_walker_sees_planted_faults() {
    for (name, bytes, words) in planted().1 {
        let found = faults(&Document::load_mem(&bytes).unwrap());
        assert!(
            found.iter().any(|one| one.contains(words)),
            "{name}: {found:?}"
        );
    }
}

/// What the repository's own judge of tags says, and whether it is satisfied.
fn judge(names: &[(&str, &[u8])]) -> (bool, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/walk_tags.py");
    let python = std::env::var_os("ACQUIT_JUDGES_PYTHON").unwrap();
    let files = names.iter().map(|(name, bytes)| saved(name, bytes));
    let output = Command::new(python).arg(script).args(files).output();
    let output = output.unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(!complaint.contains("Traceback"), "{complaint}");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.success(), printed)
}

pub(crate) fn the_outside_walker_finds_no_fault() {
    let files = everything();
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (*name, bytes.as_slice()))
        .collect();
    let (satisfied, printed) = judge(&files);
    assert!(satisfied, "{printed}");
}

pub(crate) fn the_outside_walker_sees_planted_faults() {
    let (sound, faulty) = planted();
    let (satisfied, printed) = judge(&[("planted-none", &sound)]);
    assert!(satisfied, "{printed}");
    for (name, bytes, words) in faulty {
        let (satisfied, printed) = judge(&[(&format!("planted-{name}"), &bytes)]);
        assert!(!satisfied && printed.contains(words), "{name}: {printed}");
    }
}
