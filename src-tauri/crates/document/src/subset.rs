//! The faces of one document: only the glyphs that it shows, renumbered, each with one text.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use printpdf::{Codepoint, FontMetrics, FontType, ParsedFont, PdfFontMetricsStub};
use subsetter::GlyphRemapper;

use crate::display::{Item, Page};
use crate::error::Error;
use crate::fonts::{self, Face, Run};

/// The subsets of all faces that some pages show.
pub(crate) fn subsets(pages: &[Page]) -> BTreeMap<Face, Subset> {
    let mut faces = BTreeMap::new();
    for page in pages {
        collect(&page.items, &mut faces);
    }
    for (face, subset) in &mut faces {
        subset.finish(*face);
    }
    faces
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

/// The glyphs of a face that the document shows, renumbered, each with one text.
#[derive(Default)]
pub(crate) struct Subset {
    remapper: GlyphRemapper,
    /// By the face's own id. A glyph shared by two characters copies out as the lower one.
    texts: BTreeMap<u16, String>,
    /// Width in thousandths of an em; by new id.
    widths: BTreeMap<u16, u16>,
}

impl Subset {
    fn add(&mut self, run: &Run) {
        for (index, glyph) in run.glyphs.iter().enumerate() {
            let text = run.text_of(index);
            debug_assert!(!text.is_empty(), "each character is one glyph");
            match self.texts.entry(glyph.id) {
                Entry::Vacant(entry) => {
                    entry.insert(text.to_owned());
                    self.remapper.remap(glyph.id);
                }
                Entry::Occupied(mut known) if text < known.get().as_str() => {
                    text.clone_into(known.get_mut());
                }
                Entry::Occupied(_) => {}
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
    pub(crate) fn font(&self, face: Face) -> Result<ParsedFont, Error> {
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

    /// Every glyph once, with the text that is copied out for it.
    pub(crate) fn glyphs(&self) -> Vec<Codepoint> {
        let known = self.texts.iter().map(|(old, text)| Codepoint {
            gid: self.remapper.get(*old).unwrap_or(0),
            offset: 0.0,
            cid: Some(text.clone()),
        });
        known.collect()
    }

    /// Number of a glyph in the subset, and its width there in thousandths of an em.
    pub(crate) fn code(&self, glyph: u16) -> (u16, u16) {
        let code = self.remapper.get(glyph).unwrap_or(0);
        (code, self.widths.get(&code).copied().unwrap_or(0))
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
