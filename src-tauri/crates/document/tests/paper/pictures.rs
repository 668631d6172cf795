//! Pages as pictures: each looks as it did when somebody last looked at it.

use std::path::{Path, PathBuf};

use acquit_document::{Marks, Paper, Subject, display_list, render};
use jiff::civil::date;

use crate::fixtures::{
    after, bathroom, card, cheque, company, customer, draft, invoice, logo, paper,
};
use crate::invoices::golden;
use crate::preview::{BLOCKS_PER_TEN_THOUSAND, difference, drawn_page, picture, read_png};
use crate::structure::long_job;

fn kept(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/paper/golden");
    folder.join(format!("{name}.png"))
}

/// A small file: sixteen greys are enough for eyes and for the comparison.
fn write_png(path: &Path, (width, height, greys): &(usize, usize, Vec<u8>)) {
    let file = std::fs::File::create(path).unwrap();
    let side = |pixels: usize| u32::try_from(pixels).unwrap();
    let mut encoder = png::Encoder::new(file, side(*width), side(*height));
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Four);
    encoder.set_compression(png::Compression::High);
    let four = |grey: u8| u8::try_from((u16::from(grey) * 15 + 127) / 255).unwrap();
    let rows = greys.chunks(*width).flat_map(|row| {
        row.chunks(2)
            .map(move |pair| four(pair[0]) << 4 | pair.get(1).map_or(0, |grey| four(*grey)))
    });
    let packed: Vec<u8> = rows.collect();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&packed).unwrap();
}

/// Every page of a paper against the pictures that are kept.
fn assert_looks_the_same(name: &str, paper: &Paper<'_>) {
    let rewrite = std::env::var_os("UPDATE_GOLDEN").is_some();
    let pdf = render(paper).unwrap();
    for page in 1..=display_list(paper).unwrap().len() {
        let (name, found) = (
            format!("{name}-{page}"),
            drawn_page(&format!("picture-{name}"), &pdf, page),
        );
        if rewrite {
            write_png(&kept(&name), &found);
        }
        let before = std::fs::read(kept(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let off = difference(&picture(&found), &picture(&read_png(&before)));
        assert!(
            off <= BLOCKS_PER_TEN_THOUSAND,
            "{name}: {off} of 10,000 blocks differ; UPDATE_GOLDEN=1 keeps what is drawn now"
        );
    }
    assert!(
        !kept(&format!(
            "{name}-{}",
            display_list(paper).unwrap().len() + 1
        ))
        .exists(),
        "{name} had more pages"
    );
}

#[test]
fn pages_of_every_kind_look_as_they_did() {
    for (name, document) in golden() {
        assert_looks_the_same(name, &paper(&document));
    }
    assert_looks_the_same("long", &paper(&long_job()));
}

#[test]
fn renditions_look_as_they_did() {
    let (document, logo) = (invoice(bathroom()), logo());
    let asked = document.totals.net_due.get();
    let receipts = [
        cheque(date(2026, 11, 19), 10_000),
        card(date(2026, 11, 20), asked - 10_000),
    ];
    let settled = Paper {
        logo: Some(&logo),
        standing: Some(after(&document, asked)),
        receipts: &receipts,
        ..paper(&document)
    };
    assert_looks_the_same("settled", &settled);
    let marks = Marks {
        trial: true,
        demonstration: true,
        duplicate: true,
    };
    assert_looks_the_same("marked", &Paper { marks, ..settled });
    let (draft, seller, buyer) = (draft(bathroom()), company(), customer());
    let provisional = Subject::Draft {
        draft: &draft,
        totals: &document.totals,
        seller: &seller,
        buyer: &buyer,
    };
    let paper = Paper {
        document: provisional,
        ..paper(&document)
    };
    assert_looks_the_same("provisional", &paper);
}

#[test]
fn another_page_is_no_kept_page() {
    let document = invoice(bathroom());
    let found = drawn_page("picture-other", &render(&paper(&document)).unwrap(), 1);
    let other = read_png(&std::fs::read(kept("franchise-1")).unwrap());
    assert!(difference(&picture(&found), &picture(&other)) > 10 * BLOCKS_PER_TEN_THOUSAND);
}
