//! The preview in the window is the PDF: both are drawn and compared as pictures.

use acquit_document::{Paper, display_list, render, svg};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use crate::fixtures::{after, bathroom, card, cheque, invoice, logo, paper, run, saved};
use crate::structure::long_job;
use jiff::civil::date;

/// Dots an inch of both pictures: a 1280-pixel window shows no more.
const DPI: u32 = 96;
/// Two renderers smooth edges differently, and by a fraction of a pixel elsewhere on another processor: pictures are compared
/// in blocks of so many pixels, about a letter of the smallest type …
const BLOCK: usize = 8;
/// … and a block differs when its mean grey is off by more than this (of 255).
const GREY: i32 = 20;
/// Most blocks in ten thousand that may differ: 1 was seen, and 25 when one short line is missing.
pub(crate) const BLOCKS_PER_TEN_THOUSAND: usize = 4;
/// With a bitmap, which the two renderers scale differently along its edges: 7 were seen, and 25 without it.
const BLOCKS_WITH_LOGO: usize = 12;

/// Mean grey of each block, row by row.
pub(crate) struct Picture {
    columns: usize,
    greys: Vec<i32>,
}

fn blocks(width: usize, height: usize, grey: impl Fn(usize, usize) -> i32) -> Picture {
    let (columns, rows) = (width / BLOCK, height / BLOCK);
    let mut greys = Vec::with_capacity(columns * rows);
    for row in 0..rows {
        for column in 0..columns {
            let sum: i32 = (0..BLOCK * BLOCK)
                .map(|place| grey(column * BLOCK + place % BLOCK, row * BLOCK + place / BLOCK))
                .sum();
            greys.push(sum / i32::try_from(BLOCK * BLOCK).unwrap());
        }
    }
    Picture { columns, greys }
}

fn grey_of(rgb: &[u8]) -> i32 {
    (i32::from(rgb[0]) * 3 + i32::from(rgb[1]) * 6 + i32::from(rgb[2])) / 10
}

fn drawn(svg: &str) -> Picture {
    let tree = Tree::from_str(svg, &Options::default()).unwrap();
    #[expect(clippy::cast_precision_loss, reason = "96")]
    let scale = DPI as f32 / 72.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a page"
    )]
    let side = |points: f32| (points * scale).ceil() as u32;
    let mut pixels = Pixmap::new(side(tree.size().width()), side(tree.size().height())).unwrap();
    resvg::render(
        &tree,
        Transform::from_scale(scale, scale),
        &mut pixels.as_mut(),
    );
    let width = pixels.width() as usize;
    let data = pixels.data();
    blocks(width, pixels.height() as usize, |x, y| {
        grey_of(&data[(y * width + x) * 4..])
    })
}

/// A page as poppler draws it: width, height, greys row by row.
pub(crate) fn drawn_page(name: &str, pdf: &[u8], page: usize) -> (usize, usize, Vec<u8>) {
    let path = saved(name, pdf);
    let target = path.with_extension(format!("{page}"));
    let number = page.to_string();
    run(
        "pdftoppm",
        &[
            "-r",
            &DPI.to_string(),
            "-png",
            "-singlefile",
            "-f",
            &number,
            "-l",
            &number,
            path.to_str().unwrap(),
            target.to_str().unwrap(),
        ],
    );
    read_png(&std::fs::read(format!("{}.png", target.display())).unwrap())
}

/// Width, height and greys of a PNG, whatever its colours and depth are.
pub(crate) fn read_png(bytes: &[u8]) -> (usize, usize, Vec<u8>) {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().unwrap();
    let mut data = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut data).unwrap();
    let samples = info.color_type.samples();
    let greys = data.chunks(samples).map(|pixel| match pixel {
        [red, green, blue, ..] => u8::try_from(grey_of(&[*red, *green, *blue])).unwrap(),
        _ => pixel[0],
    });
    (info.width as usize, info.height as usize, greys.collect())
}

pub(crate) fn picture((width, height, greys): &(usize, usize, Vec<u8>)) -> Picture {
    blocks(*width, *height, |x, y| i32::from(greys[y * width + x]))
}

fn printed(name: &str, pdf: &[u8], page: usize) -> Picture {
    picture(&drawn_page(name, pdf, page))
}

/// Differing blocks in ten thousand.
pub(crate) fn difference(one: &Picture, other: &Picture) -> usize {
    assert_eq!(one.columns, other.columns, "pictures of one width");
    let pairs = one.greys.iter().zip(&other.greys);
    let off = pairs
        .filter(|(one, other)| (*one - *other).abs() > GREY)
        .count();
    off * 10_000 / one.greys.len()
}

fn assert_equal(name: &str, paper: &Paper<'_>) -> usize {
    let pages = display_list(paper).unwrap();
    let pdf = render(paper).unwrap();
    for (index, page) in pages.iter().enumerate() {
        let preview = drawn(&svg(page, paper.logo).unwrap());
        let found = difference(&preview, &printed(name, &pdf, index + 1));
        let most = match paper.logo {
            Some(_) => BLOCKS_WITH_LOGO,
            None => BLOCKS_PER_TEN_THOUSAND,
        };
        assert!(
            found <= most,
            "{name}, page {}: {found} of 10,000 blocks differ",
            index + 1
        );
    }
    pages.len()
}

#[test]
fn the_preview_shows_what_the_pdf_shows() {
    let bathroom = invoice(bathroom());
    assert_eq!(assert_equal("preview-link", &paper(&bathroom)), 1);
    let picture = logo();
    let with_logo = Paper {
        logo: Some(&picture),
        ..paper(&bathroom)
    };
    assert_equal("preview-logo", &with_logo);
    let gross = bathroom.totals.net_due.get();
    let receipts = [
        cheque(date(2026, 11, 19), 10_000),
        card(date(2026, 11, 20), gross - 10_000),
    ];
    let settled = Paper {
        standing: Some(after(&bathroom, gross)),
        receipts: &receipts,
        ..paper(&bathroom)
    };
    assert_equal("preview-settled", &settled);
    assert!(assert_equal("preview-long", &paper(&long_job())) > 1);
}

#[test]
fn the_comparison_sees_a_missing_logo() {
    let bathroom = invoice(bathroom());
    let picture = logo();
    let with_logo = Paper {
        logo: Some(&picture),
        ..paper(&bathroom)
    };
    let pages = display_list(&with_logo).unwrap();
    let pdf = printed("preview-logo-compare", &render(&with_logo).unwrap(), 1);
    let whole = svg(&pages[0], Some(&picture)).unwrap();
    let from = whole.find("<image").unwrap();
    let to = from + whole[from..].find("/>").unwrap() + "/>".len();
    let without = format!("{}{}", &whole[..from], &whole[to..]);
    assert!(difference(&drawn(&without), &pdf) > BLOCKS_WITH_LOGO);
}

#[test]
fn the_comparison_sees_a_missing_line_and_a_shifted_page() {
    let bathroom = invoice(bathroom());
    let paper = paper(&bathroom);
    let pages = display_list(&paper).unwrap();
    let pdf = printed("preview-compare", &render(&paper).unwrap(), 1);
    let whole = svg(&pages[0], None).unwrap();
    assert!(difference(&drawn(&whole), &pdf) <= BLOCKS_PER_TEN_THOUSAND);

    let from = whole.rfind("<g fill").unwrap();
    let to = from + whole[from..].find("</g>").unwrap() + "</g>".len();
    let without = format!("{}{}", &whole[..from], &whole[to..]);
    assert!(difference(&drawn(&without), &pdf) > BLOCKS_PER_TEN_THOUSAND);

    let shifted = whole.replace("viewBox=\"0 0", "viewBox=\"1.5 0");
    assert!(difference(&drawn(&shifted), &pdf) > BLOCKS_PER_TEN_THOUSAND);
}
