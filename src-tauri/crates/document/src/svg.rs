//! One page as an SVG picture for the window: the same display list as the PDF, with text as glyph
//! outlines, so that it needs no font and cannot break lines elsewhere.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::ZlibDecoder;
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider as _};

use crate::display::{Area, Brush, Item, Modules, Page, Turn};
use crate::error::Error;
use crate::fonts::{self, Face, Run};
use crate::logo::{Logo, Picture};
use crate::qr::{dark_runs, modules};
use crate::theme::{PAGE_HEIGHT_PT, PAGE_WIDTH_PT, Rgb};

/// Light modules around a code, which a reader needs (ISO/IEC 18004, 5.3.8).
const QUIET_ZONE: usize = 4;

/// A page as one self-contained SVG text: no reference leaves it but `data:`. The same page gives
/// the same bytes.
///
/// # Errors
/// [`Error::Writing`] when the logo cannot be written: a defect.
pub fn svg(page: &Page, logo: Option<&Logo>) -> Result<String, Error> {
    let mut glyphs = BTreeSet::new();
    collect(&page.items, &mut glyphs);
    let mut pen = Pen {
        body: String::new(),
        logo: logo.map(data_uri).transpose()?,
    };
    pen.draw_all(&page.items);
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\
         <defs>{outlines}</defs><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>{body}</svg>",
        width = number(PAGE_WIDTH_PT),
        height = number(PAGE_HEIGHT_PT),
        outlines = outlines(&glyphs),
        body = pen.body,
    ))
}

/// The QR code of an address: black on white, with its quiet zone, one unit a module.
///
/// # Errors
/// [`Error::LinkUnusable`].
pub fn qr_svg(address: &str) -> Result<String, Error> {
    let modules = modules(address)?;
    let side = modules.side + 2 * QUIET_ZONE;
    let mut path = String::new();
    for (row, column, length) in dark_runs(&modules) {
        let (left, top) = (column + QUIET_ZONE, row + QUIET_ZONE);
        push(
            &mut path,
            format_args!("M{left} {top}h{length}v1h-{length}z"),
        );
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}

/// Writing into a text cannot fail.
fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    let written = text.write_fmt(arguments);
    debug_assert!(written.is_ok(), "a text takes everything");
}

/// At most three decimals, without idle zeros.
fn number(value: f32) -> String {
    let fixed = format!("{value:.3}");
    let short = fixed.trim_end_matches('0').trim_end_matches('.');
    match short {
        "-0" | "" => "0".to_owned(),
        short => short.to_owned(),
    }
}

fn color([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

const fn letter(face: Face) -> char {
    match face {
        Face::Regular => 'r',
        Face::SemiBold => 's',
        Face::Bold => 'b',
    }
}

fn collect(items: &[Item], glyphs: &mut BTreeSet<(Face, u16)>) {
    for item in items {
        match item {
            Item::Text { run, .. } => {
                let face = run.style.face;
                glyphs.extend(run.glyphs.iter().map(|glyph| (face, glyph.id)));
            }
            Item::Turned { items, .. } => collect(items, glyphs),
            _ => {}
        }
    }
}

/// Each glyph of the page once, in font units.
fn outlines(glyphs: &BTreeSet<(Face, u16)>) -> String {
    let mut defined = String::new();
    for face in Face::ALL {
        let Ok(font) = FontRef::new(face.bytes()) else {
            debug_assert!(false, "the faces are compiled in");
            continue;
        };
        let outlines = font.outline_glyphs();
        for (_, id) in glyphs.range((face, 0)..=(face, u16::MAX)) {
            let mut path = Outline(String::new());
            let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
            if let Some(outline) = outlines.get(GlyphId::from(*id)) {
                let drawn = outline.draw(settings, &mut path);
                debug_assert!(drawn.is_ok(), "a glyph of an embedded face");
            }
            push(
                &mut defined,
                format_args!("<path id=\"{}{id}\" d=\"{}\"/>", letter(face), path.0),
            );
        }
    }
    defined
}

/// Collects an outline as path data.
struct Outline(String);

impl Outline {
    fn step(&mut self, operator: char, numbers: &[f32]) {
        self.0.push(operator);
        for (index, value) in numbers.iter().enumerate() {
            if index > 0 {
                self.0.push(' ');
            }
            self.0.push_str(&number(*value));
        }
    }
}

impl OutlinePen for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.step('M', &[x, y]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.step('L', &[x, y]);
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        self.step('Q', &[cx0, cy0, x, y]);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.step('C', &[cx0, cy0, cx1, cy1, x, y]);
    }

    fn close(&mut self) {
        self.0.push('Z');
    }
}

/// Writes what one page shows.
struct Pen {
    body: String,
    logo: Option<String>,
}

impl Pen {
    fn write(&mut self, arguments: std::fmt::Arguments<'_>) {
        push(&mut self.body, arguments);
    }
}

impl Brush for Pen {
    fn text(&mut self, left: f32, baseline: f32, run: &Run) {
        let em = i32::from(fonts::metrics(run.style.face).units_per_em);
        let scale = fonts::points(1, em, run.style.size_pt);
        self.write(format_args!(
            "<g fill=\"{}\" transform=\"translate({} {})scale({scale:.6} -{scale:.6})\">",
            color(run.style.color),
            number(left),
            number(baseline),
        ));
        let mut pen = 0;
        for glyph in &run.glyphs {
            let face = letter(run.style.face);
            self.write(format_args!(
                "<use href=\"#{face}{}\" x=\"{pen}\"/>",
                glyph.id
            ));
            pen += glyph.advance;
        }
        self.body.push_str("</g>");
    }

    fn panel(&mut self, area: Area, radius: f32, fill: Option<Rgb>, outline: Option<(Rgb, f32)>) {
        let fill = fill.map_or_else(|| "none".to_owned(), color);
        let stroke = outline.map_or_else(String::new, |(ink, thickness)| {
            format!(
                " stroke=\"{}\" stroke-width=\"{}\"",
                color(ink),
                number(thickness)
            )
        });
        self.write(format_args!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\" fill=\"{fill}\"{stroke}/>",
            number(area.left),
            number(area.top),
            number(area.width),
            number(area.height),
            number(radius),
        ));
    }

    fn rule(&mut self, left: f32, right: f32, at: f32, thickness: f32, ink: Rgb) {
        self.write(format_args!(
            "<path d=\"M{} {at}H{}\" stroke=\"{}\" stroke-width=\"{}\"/>",
            number(left),
            number(right),
            color(ink),
            number(thickness),
            at = number(at),
        ));
    }

    fn logo(&mut self, area: Area) {
        let Some(logo) = self.logo.clone() else {
            return;
        };
        self.write(format_args!(
            "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" href=\"{logo}\"/>",
            number(area.left),
            number(area.top),
            number(area.width),
            number(area.height),
        ));
    }

    /// One path for all modules: no hairlines between neighbours.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a code has at most 177 modules a side"
    )]
    fn code(&mut self, area: Area, modules: &Modules) {
        let scale = area.width / modules.side as f32;
        self.write(format_args!(
            "<path transform=\"translate({} {})scale({scale:.5})\" shape-rendering=\"crispEdges\" d=\"",
            number(area.left),
            number(area.top),
        ));
        for (row, column, length) in dark_runs(modules) {
            self.write(format_args!("M{column} {row}h{length}v1h-{length}z"));
        }
        self.body.push_str("\"/>");
    }

    fn turned(&mut self, turn: Turn, items: &[Item]) {
        self.write(format_args!(
            "<g transform=\"rotate({} {} {})\">",
            number(turn.degrees),
            number(turn.x),
            number(turn.y)
        ));
        self.draw_all(items);
        self.body.push_str("</g>");
    }
}

fn data_uri(logo: &Logo) -> Result<String, Error> {
    Ok(match logo.picture() {
        Picture::Jpeg { bytes, .. } => format!("data:image/jpeg;base64,{}", STANDARD.encode(bytes)),
        Picture::Pixels { rgb, opacity } => {
            let png = png_of(logo, rgb, opacity.as_deref())
                .map_err(|error| Error::Writing(error.to_string()))?;
            format!("data:image/png;base64,{}", STANDARD.encode(png))
        }
    })
}

fn png_of(logo: &Logo, rgb: &[u8], opacity: Option<&[u8]>) -> std::io::Result<Vec<u8>> {
    let inflated = |bytes: &[u8]| {
        let mut pixels = Vec::new();
        ZlibDecoder::new(bytes).read_to_end(&mut pixels)?;
        Ok::<_, std::io::Error>(pixels)
    };
    let colors = inflated(rgb)?;
    let alphas = match opacity {
        Some(opacity) => inflated(opacity)?,
        None => vec![u8::MAX; colors.len() / 3],
    };
    let pixels: Vec<u8> = colors
        .chunks_exact(3)
        .zip(alphas)
        .flat_map(|(color, alpha)| [color[0], color[1], color[2], alpha])
        .collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, logo.width_px(), logo.height_px());
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{number, qr_svg, svg};
    use crate::display::{Item, Page, Turn};
    use crate::fonts;
    use crate::theme::BODY;

    fn text(left: f32) -> Item {
        Item::Text {
            left,
            baseline: 20.0,
            run: fonts::shape(BODY, "Réglée, 1 200,00 €"),
        }
    }

    #[test]
    fn numbers_are_short() {
        let shown = [0.0, -0.0001, 1.5, 12.3456, -3.0].map(number);
        assert_eq!(shown, ["0", "0", "1.5", "12.346", "-3"]);
    }

    #[test]
    fn a_page_needs_nothing_from_outside_and_is_the_same_each_time() {
        let turn = Turn {
            degrees: -20.0,
            x: 100.0,
            y: 100.0,
        };
        let page = Page {
            items: vec![
                text(10.0),
                Item::Turned {
                    turn,
                    items: vec![text(30.0)],
                },
            ],
        };
        let drawn = svg(&page, None).unwrap();
        assert_eq!(drawn, svg(&page, None).unwrap());
        assert_eq!(drawn.matches("http").count(), 1, "only the namespace");
        let each = |what: &str| drawn.matches(what).count();
        assert_eq!(each("<path id="), fonts_of("Réglée, 1 200,00 €"));
        assert_eq!(each("rotate("), 1);
        assert!(!drawn.contains("NaN"));
    }

    /// Distinct glyphs: distinct characters, as no ligature is on.
    fn fonts_of(words: &str) -> usize {
        let distinct: std::collections::BTreeSet<u16> = fonts::shape(BODY, words)
            .glyphs
            .iter()
            .map(|glyph| glyph.id)
            .collect();
        distinct.len()
    }

    #[test]
    fn the_code_alone_has_its_quiet_zone() {
        let drawn = qr_svg("https://secure.payplug.com/pay/abc").unwrap();
        assert!(drawn.contains("viewBox=\"0 0 3") || drawn.contains("viewBox=\"0 0 4"));
        assert!(
            drawn.contains("M4 4h7"),
            "the finder starts after four light modules"
        );
        assert!(qr_svg("javascript:alert(1)").is_err());
    }
}
