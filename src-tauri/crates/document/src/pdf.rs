//! Display list to PDF: the only place that knows printpdf. lopdf finishes the file (`finish`).

use std::collections::BTreeMap;

use printpdf::{
    Actions, BorderArray, Codepoint, Color, CurTransMat, DictItem, ExternalStream, ExternalXObject,
    FontId, FontMetrics, FontType, Line, LinePoint, Op, PaintMode, ParsedFont, PdfDocument,
    PdfFont, PdfFontHandle, PdfFontMetricsStub, PdfPage, PdfSaveOptions, Point, Polygon,
    PolygonRing, Pt, TextItem, WindingOrder, XObject, XObjectId, XObjectTransform,
};
use subsetter::GlyphRemapper;

use crate::display::{Area, Item, Modules, Page, Turn};
use crate::error::Error;
use crate::fonts::{self, Face, Run};
use crate::logo::{Logo, Picture};
use crate::qr::dark_runs;
use crate::tags::{self, Artifact, Place, Tree};
use crate::theme::{PAGE_HEIGHT_PT, PAGE_WIDTH_PT, Rgb};

/// Handle of a circle's quarter as a cubic curve.
const KAPPA: f32 = 0.552_284_8;
const LOGO: &str = "Logo";
/// How far a glyph may stand from its place, in thousandths of an em: a fiftieth of a point in running
/// text. What would be nearer is not corrected, which keeps texts in few pieces.
const ASTRAY_MAX: f32 = 2.5;

/// Draws the pages, each thing marked as a part of the structure or as an artifact. What else
/// printpdf leaves out is not there yet.
pub(crate) fn document(pages: &[Page], logo: Option<&Logo>) -> Result<lopdf::Document, Error> {
    let mut pdf = PdfDocument::new("");
    let mut faces = BTreeMap::new();
    for page in pages {
        collect(&page.items, &mut faces);
    }
    for (face, subset) in &mut faces {
        subset.finish(*face);
        let font = PdfFont::new(subset.font(*face)?);
        pdf.resources.fonts.map.insert(font_id(*face), font);
    }
    if let Some(logo) = logo {
        let id = XObjectId(LOGO.to_owned());
        pdf.resources
            .xobjects
            .map
            .insert(id, XObject::External(picture(logo)));
    }
    let mut tree = Tree::new();
    for page in pages {
        tree.turn_page();
        let mut pen = Pen {
            faces: &faces,
            ops: Vec::new(),
            fill: None,
            tree: &mut tree,
            marked: None,
        };
        pen.draw_all(&page.items);
        pen.end_mark();
        pdf.pages.push(sheet(pen.ops));
    }
    let options = PdfSaveOptions {
        optimize: true,
        subset_fonts: false,
        secure: true,
        image_optimization: None,
    };
    let mut warnings = Vec::new();
    let mut document = pdf.to_lopdf_document(&options, &mut warnings);
    let severe = printpdf::PdfParseErrorSeverity::Error;
    let warning = warnings
        .into_iter()
        .find(|warning| warning.severity == severe);
    if let Some(warning) = warning {
        return Err(Error::Writing(warning.msg));
    }
    tags::write(&mut document, &tree)?;
    Ok(document)
}

fn sheet(ops: Vec<Op>) -> PdfPage {
    let mut page = PdfPage::new(printpdf::Mm(210.0), printpdf::Mm(297.0), ops);
    for sides in [&mut page.media_box, &mut page.crop_box, &mut page.trim_box] {
        sides.width = Pt(PAGE_WIDTH_PT);
        sides.height = Pt(PAGE_HEIGHT_PT);
    }
    page
}

fn font_id(face: Face) -> FontId {
    FontId(face.name().to_owned())
}

/// The glyphs of a face that the document shows, renumbered, each with one text.
#[derive(Default)]
struct Subset {
    remapper: GlyphRemapper,
    /// By the face's own id. A glyph shared by two characters copies out as the lower one.
    texts: BTreeMap<u16, String>,
    /// Width in thousandths of an em; by new id.
    widths: BTreeMap<u16, u16>,
}

impl Subset {
    fn add(&mut self, run: &Run) {
        for (index, glyph) in run.glyphs.iter().enumerate() {
            self.remapper.remap(glyph.id);
            let text = run.text_of(index);
            let known = self
                .texts
                .entry(glyph.id)
                .or_insert_with(|| text.to_owned());
            if text < known.as_str() {
                text.clone_into(known);
            }
        }
    }

    fn finish(&mut self, face: Face) {
        let em = fonts::metrics(face).units_per_em;
        for old in self.remapper.remapped_gids() {
            let width = thousandths(fonts::natural_advance(face, old).into(), em);
            let new = self.remapper.get(old).unwrap_or(0);
            self.widths.insert(new, u16::try_from(width).unwrap_or(0));
        }
    }

    /// The font as printpdf takes it: measured in thousandths of an em, because printpdf would cut
    /// off what is beyond them.
    fn font(&self, face: Face) -> Result<ParsedFont, Error> {
        let bytes = subsetter::subset(face.bytes(), 0, &self.remapper)
            .map_err(|error| Error::Writing(error.to_string()))?;
        let metrics = fonts::metrics(face);
        let scaled = |units: i16| {
            let scaled = thousandths(units.into(), metrics.units_per_em);
            i16::try_from(scaled).unwrap_or(0)
        };
        let [x_min, y_min, x_max, y_max] = metrics.bounds.map(scaled);
        Ok(ParsedFont {
            original_bytes: bytes,
            font_index: 0,
            font_name: Some(format!("{}+{}", self.tag(), face.name())),
            codepoint_to_glyph: BTreeMap::new(),
            glyph_widths: self.widths.clone(),
            units_per_em: 1000,
            font_metrics: FontMetrics {
                ascent: scaled(metrics.ascender),
                descent: scaled(metrics.descender),
            },
            font_type: FontType::OpenTypeCFF(()),
            pdf_font_metrics: PdfFontMetricsStub {
                units_per_em: 1000,
                x_min,
                y_min,
                x_max,
                y_max,
                caret_slope_rise: 1,
                caret_slope_run: 0,
                us_weight_class: metrics.weight,
            },
        })
    }

    /// Six capitals that differ with the glyphs (ISO 32000-1, 9.6.4).
    fn tag(&self) -> String {
        let hash = self
            .remapper
            .remapped_gids()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, glyph| {
                (hash ^ u64::from(glyph)).wrapping_mul(0x0100_0000_01b3)
            });
        let letter =
            |place: u32| char::from(b'A' + u8::try_from((hash >> (place * 8)) % 26).unwrap_or(0));
        (0..6).map(letter).collect()
    }
}

/// Font units to thousandths of an em, to the nearest.
fn thousandths(units: i32, units_per_em: u16) -> i32 {
    let em = i32::from(units_per_em).max(1);
    (units * 1000 + em / 2).div_euclid(em)
}

fn collect(items: &[Item], faces: &mut BTreeMap<Face, Subset>) {
    for item in items {
        match item {
            Item::Text { run, .. } => faces.entry(run.style.face).or_default().add(run),
            Item::Turned { items, .. } => collect(items, faces),
            _ => {}
        }
    }
}

/// Writes the operators of one page.
struct Pen<'a> {
    faces: &'a BTreeMap<Face, Subset>,
    ops: Vec<Op>,
    /// The colour that fills now.
    fill: Option<Rgb>,
    tree: &'a mut Tree,
    /// What the marked sequence belongs to that is open now.
    marked: Option<Place>,
}

impl Pen<'_> {
    /// What is drawn next is content, unless the layout says otherwise.
    fn content(&mut self) {
        let place = self.tree.place();
        self.mark(place);
    }

    /// What is drawn next says nothing.
    fn decoration(&mut self) {
        self.mark(Place::Artifact(self.tree.beside()));
    }

    /// Neighbours of one place share a marked sequence.
    fn mark(&mut self, place: Place) {
        if self.marked == Some(place) {
            return;
        }
        self.end_mark();
        self.ops.push(match place {
            Place::Element(element) => {
                let (tag, mcid) = self.tree.mark(element);
                let mcid = DictItem::Int(i64::try_from(mcid).unwrap_or(i64::MAX));
                marking(tag, [("MCID", mcid)])
            }
            Place::Artifact(artifact) => artifact_mark(artifact),
        });
        self.marked = Some(place);
    }

    fn end_mark(&mut self) {
        if self.marked.take().is_some() {
            self.ops.push(Op::EndMarkedContent);
        }
    }

    fn draw_all(&mut self, items: &[Item]) {
        for item in items {
            self.draw(item);
        }
    }

    fn draw(&mut self, item: &Item) {
        match item {
            Item::Text {
                left,
                baseline,
                run,
            } => self.text(*left, *baseline, run),
            Item::Panel {
                area,
                radius,
                fill,
                outline,
            } => {
                self.panel(*area, *radius, *fill, *outline);
            }
            Item::Rule {
                left,
                right,
                at,
                thickness,
                color,
            } => {
                self.decoration();
                self.outline(*color, *thickness);
                let points = vec![corner(*left, *at), corner(*right, *at)];
                self.ops.push(Op::DrawLine {
                    line: Line {
                        points,
                        is_closed: false,
                    },
                });
            }
            Item::Logo { area } => self.logo(*area),
            Item::Qr { area, modules } => self.code(*area, modules),
            Item::Link { area, url, .. } => self.link(*area, url),
            Item::Turned { turn, items } => self.turned(*turn, items),
            Item::Open { role, alternate } => self.tree.open(*role, alternate.as_deref()),
            Item::Close => self.tree.close(),
        }
    }

    /// One shape for all modules: no hairlines between neighbours.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a code has at most 177 modules a side"
    )]
    fn code(&mut self, area: Area, modules: &Modules) {
        let module = area.width / modules.side as f32;
        let rings = dark_runs(modules).into_iter().map(|(row, column, length)| {
            let (left, top) = (column as f32 * module, row as f32 * module);
            let run = Area::new(
                area.left + left,
                area.top + top,
                length as f32 * module,
                module,
            );
            ring(run, 0.0)
        });
        let drawn = polygon(rings.collect(), PaintMode::Fill);
        self.tree.bound(area);
        self.content();
        self.filling([0, 0, 0]);
        self.ops.push(drawn);
    }

    fn link(&mut self, area: Area, url: &str) {
        let rect = printpdf::Rect::from_xywh(
            Pt(rounded(area.left)),
            Pt(rounded(PAGE_HEIGHT_PT - area.bottom())),
            Pt(rounded(area.width)),
            Pt(rounded(area.height)),
        );
        let border = Some(BorderArray::Solid([0.0, 0.0, 0.0]));
        let action = Actions::uri(url.to_owned());
        let link = printpdf::LinkAnnotation::new(rect, action, border, None, None);
        self.tree.link();
        self.ops.push(Op::LinkAnnotation { link });
    }

    fn turned(&mut self, turn: Turn, items: &[Item]) {
        // The page's axis goes up: clockwise to the eye is negative here.
        let (sine, cosine) = (-turn.degrees).to_radians().sin_cos();
        let (x, y) = (turn.x, PAGE_HEIGHT_PT - turn.y);
        let matrix = [
            cosine,
            sine,
            -sine,
            cosine,
            x - x * cosine + y * sine,
            y - x * sine - y * cosine,
        ];
        // Marked sequences lie wholly inside or outside what is turned.
        self.end_mark();
        self.ops.push(Op::SaveGraphicsState);
        self.ops.push(Op::SetTransformationMatrix {
            matrix: CurTransMat::Raw(matrix),
        });
        self.draw_all(items);
        self.end_mark();
        self.ops.push(Op::RestoreGraphicsState);
        self.fill = None;
    }

    fn filling(&mut self, color: Rgb) {
        if self.fill != Some(color) {
            self.ops.push(Op::SetFillColor { col: srgb(color) });
            self.fill = Some(color);
        }
    }

    fn outline(&mut self, color: Rgb, thickness: f32) {
        self.ops.push(Op::SetOutlineColor { col: srgb(color) });
        self.ops.push(Op::SetOutlineThickness { pt: Pt(thickness) });
    }

    fn panel(&mut self, area: Area, radius: f32, fill: Option<Rgb>, outline: Option<(Rgb, f32)>) {
        self.decoration();
        if let Some(color) = fill {
            self.filling(color);
            self.ops
                .push(polygon(vec![ring(area, radius)], PaintMode::Fill));
        }
        if let Some((color, thickness)) = outline {
            self.outline(color, thickness);
            self.ops
                .push(polygon(vec![ring(area, radius)], PaintMode::Stroke));
        }
    }

    fn logo(&mut self, area: Area) {
        self.tree.bound(area);
        self.content();
        self.ops.push(Op::UseXobject {
            id: XObjectId(LOGO.to_owned()),
            transform: XObjectTransform {
                translate_x: Some(Pt(rounded(area.left))),
                translate_y: Some(Pt(rounded(PAGE_HEIGHT_PT - area.bottom()))),
                scale_x: Some(area.width),
                scale_y: Some(area.height),
                dpi: Some(72.0),
                rotate: None,
                no_auto_scale: true,
            },
        });
    }

    fn text(&mut self, left: f32, baseline: f32, run: &Run) {
        let Some(subset) = self.faces.get(&run.style.face) else {
            return;
        };
        self.content();
        self.filling(run.style.color);
        self.ops.push(Op::StartTextSection);
        self.ops.push(Op::SetFont {
            font: PdfFontHandle::External(font_id(run.style.face)),
            size: Pt(run.style.size_pt),
        });
        self.ops.push(Op::SetTextCursor {
            pos: point(left, baseline),
        });
        self.ops.push(Op::ShowText {
            items: vec![TextItem::GlyphIds(codes(run, subset))],
        });
        self.ops.push(Op::EndTextSection);
    }
}

fn marking<const N: usize>(tag: &str, properties: [(&str, DictItem); N]) -> Op {
    let map = properties.into_iter();
    let map = map.map(|(key, value)| (key.to_owned(), value)).collect();
    Op::BeginMarkedContentWithProperties {
        tag: tag.to_owned(),
        properties: DictItem::Dict { map },
    }
}

/// Heads and feet are artifacts of pagination by name (ISO 14289-1, 7.8).
fn artifact_mark(artifact: Artifact) -> Op {
    let tag = "Artifact";
    let name = |name: &str| DictItem::Name(name.as_bytes().to_vec());
    match artifact.pagination() {
        None => Op::BeginMarkedContent {
            tag: tag.to_owned(),
        },
        Some(subtype) => marking(
            tag,
            [("Type", name("Pagination")), ("Subtype", name(subtype))],
        ),
    }
}

/// The glyphs with the numbers between them that carry kerning, tracking and what rounded widths
/// leave over, so that the pen is where the layout says to within [`ASTRAY_MAX`].
fn codes(run: &Run, subset: &Subset) -> Vec<Codepoint> {
    let em = i32::from(fonts::metrics(run.style.face).units_per_em);
    let mut ahead = 0.0;
    let last = run.glyphs.len().saturating_sub(1);
    run.glyphs
        .iter()
        .enumerate()
        .map(|(index, glyph)| {
            let gid = subset.remapper.get(glyph.id).unwrap_or(0);
            let written = subset.widths.get(&gid).copied().map_or(0.0, f32::from);
            ahead += written - fonts::points(glyph.advance, em, 1000.0);
            let mut offset = 0.0;
            if index < last && ahead.abs() >= ASTRAY_MAX {
                offset = ahead.round();
                ahead -= offset;
            }
            Codepoint {
                gid,
                offset,
                cid: subset.texts.get(&glyph.id).cloned(),
            }
        })
        .collect()
}

fn srgb([red, green, blue]: Rgb) -> Color {
    let part = |value: u8| f32::from(value) / 255.0;
    Color::Rgb(printpdf::Rgb {
        r: part(red),
        g: part(green),
        b: part(blue),
        icc_profile: None,
    })
}

/// Thousandths of a point are more than any printer shows, and keep the file small.
fn rounded(value: f32) -> f32 {
    (value * 1000.0).round() / 1000.0
}

fn point(left: f32, top: f32) -> Point {
    Point {
        x: Pt(rounded(left)),
        y: Pt(rounded(PAGE_HEIGHT_PT - top)),
    }
}

fn corner(left: f32, top: f32) -> LinePoint {
    LinePoint {
        p: point(left, top),
        bezier: false,
    }
}

fn handle(left: f32, top: f32) -> LinePoint {
    LinePoint {
        p: point(left, top),
        bezier: true,
    }
}

fn polygon(rings: Vec<PolygonRing>, mode: PaintMode) -> Op {
    Op::DrawPolygon {
        polygon: Polygon {
            rings,
            mode,
            winding_order: WindingOrder::NonZero,
        },
    }
}

/// The outline of a rectangle, its corners rounded.
fn ring(area: Area, radius: f32) -> PolygonRing {
    let (left, top, right, bottom) = (area.left, area.top, area.right(), area.bottom());
    if radius <= 0.0 {
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
        return PolygonRing {
            points: corners.map(|(x, y)| corner(x, y)).to_vec(),
        };
    }
    let bend = radius * (1.0 - KAPPA);
    PolygonRing {
        points: vec![
            corner(left + radius, top),
            corner(right - radius, top),
            handle(right - bend, top),
            handle(right, top + bend),
            corner(right, top + radius),
            corner(right, bottom - radius),
            handle(right, bottom - bend),
            handle(right - bend, bottom),
            corner(right - radius, bottom),
            corner(left + radius, bottom),
            handle(left + bend, bottom),
            handle(left, bottom - bend),
            corner(left, bottom - radius),
            corner(left, top + radius),
            handle(left, top + bend),
            handle(left + bend, top),
            corner(left + radius, top),
        ],
    }
}

/// The logo as an image object, compressed when it was read.
fn picture(logo: &Logo) -> ExternalXObject {
    let (content, filter, colors, opacity) = match logo.picture() {
        Picture::Pixels { rgb, opacity } => (rgb, "FlateDecode", "DeviceRGB", opacity.as_ref()),
        Picture::Jpeg { bytes, gray: true } => (bytes, "DCTDecode", "DeviceGray", None),
        Picture::Jpeg { bytes, gray: false } => (bytes, "DCTDecode", "DeviceRGB", None),
    };
    let mut dict = image(logo, filter, colors);
    if let Some(opacity) = opacity {
        let mask = ExternalStream {
            dict: image(logo, "FlateDecode", "DeviceGray"),
            content: opacity.clone(),
            compress: false,
        };
        dict.insert("SMask".to_owned(), DictItem::Stream { stream: mask });
    }
    let stream = ExternalStream {
        dict,
        content: content.clone(),
        compress: false,
    };
    ExternalXObject {
        stream,
        width: None,
        height: None,
        dpi: None,
    }
}

fn image(logo: &Logo, filter: &str, colors: &str) -> BTreeMap<String, DictItem> {
    let name = |name: &str| DictItem::Name(name.as_bytes().to_vec());
    [
        ("Type", name("XObject")),
        ("Subtype", name("Image")),
        ("Width", DictItem::Int(i64::from(logo.width_px()))),
        ("Height", DictItem::Int(i64::from(logo.height_px()))),
        ("BitsPerComponent", DictItem::Int(8)),
        ("ColorSpace", name(colors)),
        ("Filter", name(filter)),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect()
}
