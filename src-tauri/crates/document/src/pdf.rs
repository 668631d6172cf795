//! Display list to PDF: with `subset`, what knows printpdf, which makes the fonts, the pages and the
//! links. What the pages show is `content`, what they mean is `tags`; `finish` and `file` do the rest.

use std::collections::BTreeMap;

use lopdf::Document;
use printpdf::{
    Actions, BorderArray, DictItem, ExternalStream, ExternalXObject, FontId, Op, PdfDocument,
    PdfFont, PdfFontHandle, PdfPage, PdfSaveOptions, Pt, TextItem, XObject, XObjectId,
};

use crate::content::{LOGO, content};
use crate::display::{Area, Item, Page};
use crate::error::Error;
use crate::finish::writing;
use crate::fonts::Face;
use crate::logo::{Logo, Picture};
use crate::subset::{Subset, subsets};
use crate::tags::{self, Tree};
use crate::theme::{PAGE_HEIGHT_PT, PAGE_WIDTH_PT};

/// Draws the pages and says what they mean. What else printpdf leaves out is not there yet.
///
/// # Errors
/// [`Error::Writing`].
pub(crate) fn document(pages: &[Page], logo: Option<&Logo>) -> Result<Document, Error> {
    let mut pdf = PdfDocument::new("");
    let faces = subsets(pages);
    for (face, subset) in &faces {
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
    for (index, page) in pages.iter().enumerate() {
        let mut ops: Vec<Op> = page.items.iter().filter_map(link).collect();
        if index == 0 {
            ops.extend(uses(&faces));
        }
        pdf.pages.push(sheet(ops));
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
    let tree = draw(&mut document, pages, &faces)?;
    tags::write(&mut document, &tree)?;
    Ok(document)
}

/// Puts onto the pages what they show.
fn draw(
    document: &mut Document,
    pages: &[Page],
    faces: &BTreeMap<Face, Subset>,
) -> Result<Tree, Error> {
    let mut tree = Tree::new();
    let ids: Vec<_> = document.page_iter().collect();
    for (id, page) in ids.into_iter().zip(pages) {
        tree.turn_page();
        let drawn = content(&page.items, faces, &mut tree);
        let sheet = document.get_dictionary(id).map_err(writing)?;
        let stream = sheet.get(b"Contents").and_then(lopdf::Object::as_reference);
        let stream = document.get_object_mut(stream.map_err(writing)?);
        let stream = stream.and_then(lopdf::Object::as_stream_mut);
        stream.map_err(writing)?.set_content(drawn);
    }
    Ok(tree)
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

/// Shows every glyph once, from which printpdf learns widths and texts; the content that is drawn
/// takes the place of this.
fn uses(faces: &BTreeMap<Face, Subset>) -> Vec<Op> {
    let mut ops = vec![Op::StartTextSection];
    for (face, subset) in faces {
        ops.push(Op::SetFont {
            font: PdfFontHandle::External(font_id(*face)),
            size: Pt(1.0),
        });
        ops.push(Op::ShowText {
            items: vec![TextItem::GlyphIds(subset.glyphs())],
        });
    }
    ops.push(Op::EndTextSection);
    ops
}

fn link(item: &Item) -> Option<Op> {
    let Item::Link { area, url, .. } = item else {
        return None;
    };
    let border = Some(BorderArray::Solid([0.0, 0.0, 0.0]));
    let action = Actions::uri(url.clone());
    let link = printpdf::LinkAnnotation::new(rect(*area), action, border, None, None);
    Some(Op::LinkAnnotation { link })
}

fn rect(area: Area) -> printpdf::Rect {
    // Thousandths of a point are more than any screen shows.
    let rounded = |value: f32| Pt((value * 1000.0).round() / 1000.0);
    printpdf::Rect::from_xywh(
        rounded(area.left),
        rounded(PAGE_HEIGHT_PT - area.bottom()),
        rounded(area.width),
        rounded(area.height),
    )
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
