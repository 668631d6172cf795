//! The embedded faces: parsed once a process, shaped and measured with harfrust.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::LazyLock;

use harfrust::{
    Buffer, Direction, Feature, GlyphId, Script, ShapeOptions, ShapePlan, ShaperFont, Tag,
};

use crate::text;
use crate::theme::Style;

/// A face of Inter (SIL Open Font License 1.1, `fonts/OFL.txt`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Face {
    /// Weight 400.
    Regular,
    /// Weight 600.
    SemiBold,
    /// Weight 700.
    Bold,
}

impl Face {
    /// Every face.
    pub const ALL: [Self; 3] = [Self::Regular, Self::SemiBold, Self::Bold];

    /// Its PostScript name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Regular => "Inter-Regular",
            Self::SemiBold => "Inter-SemiBold",
            Self::Bold => "Inter-Bold",
        }
    }

    /// The OpenType file.
    #[must_use]
    pub const fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("../fonts/Inter-Regular.otf"),
            Self::SemiBold => include_bytes!("../fonts/Inter-SemiBold.otf"),
            Self::Bold => include_bytes!("../fonts/Inter-Bold.otf"),
        }
    }

    const fn index(self) -> usize {
        match self {
            Self::Regular => 0,
            Self::SemiBold => 1,
            Self::Bold => 2,
        }
    }

    fn loaded(self) -> &'static Loaded {
        &LOADED[self.index()]
    }

    fn with_shaper<T>(self, read: impl FnOnce(&ShaperFont<'static, 'static>) -> T) -> T {
        SHAPERS.with(|shapers| read(&shapers[self.index()]))
    }
}

/// Vertical measures of a face, in font units.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Metrics {
    pub(crate) units_per_em: u16,
    pub(crate) ascender: i16,
    pub(crate) descender: i16,
    /// Left, bottom, right, top.
    pub(crate) bounds: [i16; 4],
    pub(crate) weight: u16,
}

struct Loaded {
    metrics: Metrics,
    plans: [Plan; 2],
}

/// Plans are dear to make and depend on nothing but the face and the features.
struct Plan {
    features: Vec<Feature>,
    plan: ShapePlan,
}

thread_local! {
    // A view on the parsed face: cheap to make, and not made to be shared between threads.
    static SHAPERS: [ShaperFont<'static, 'static>; 3] = [0, 1, 2].map(|index| ShaperFont::new(&PARSED[index]));
    static KNOWN: RefCell<Known> = RefCell::default();
}

/// Longest text that is remembered, in bytes.
const KNOWN_BYTES_MAX: usize = 160;
/// Most texts that are remembered.
const KNOWN_MAX: usize = 4_096;

/// What shaping depends on besides the text: face, tabular figures, tracking.
type Setting = (Face, bool, i16);

/// Texts shaped before. The seller, the headings, the mentions of the law stand on every invoice, and
/// most texts are measured before they are drawn.
#[derive(Default)]
struct Known {
    shaped: HashMap<Setting, HashMap<Box<str>, Rc<Shaped>>>,
    count: usize,
}

impl Known {
    fn find(&self, setting: Setting, dirty: &str) -> Option<Rc<Shaped>> {
        self.shaped.get(&setting)?.get(dirty).cloned()
    }

    fn keep(&mut self, setting: Setting, dirty: &str, shaped: &Rc<Shaped>) {
        if dirty.len() > KNOWN_BYTES_MAX {
            return;
        }
        if self.count >= KNOWN_MAX {
            *self = Self::default();
        }
        self.count += 1;
        let of_setting = self.shaped.entry(setting).or_default();
        of_setting.insert(dirty.into(), Rc::clone(shaped));
    }
}

/// A text cleaned and shaped, of no size yet.
struct Shaped {
    text: String,
    glyphs: Vec<Glyph>,
    /// Sum of the advances, in font units.
    advance: i32,
}

static PARSED: LazyLock<[harfrust::Font; 3]> = LazyLock::new(|| Face::ALL.map(parse));
static LOADED: LazyLock<[Loaded; 3]> =
    LazyLock::new(|| [0, 1, 2].map(|index| load(&PARSED[index])));

#[expect(
    clippy::expect_used,
    reason = "the faces are compiled in and every test reads them"
)]
fn parse(face: Face) -> harfrust::Font {
    harfrust::Font::new(face.bytes(), 0).expect("a valid face")
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "tables hold these measures as 16 bits"
)]
#[expect(clippy::cast_sign_loss, reason = "a weight is 1 … 1000")]
fn load(font: &'static harfrust::Font) -> Loaded {
    let found = font.metrics();
    let line = found.hhea_line.as_ref();
    let metrics = Metrics {
        units_per_em: font.units_per_em(),
        ascender: line.map_or(0, |line| line.ascender.to_f64() as i16),
        descender: line.map_or(0, |line| line.descender.to_f64() as i16),
        bounds: [
            found.bounds.x_min,
            found.bounds.y_min,
            found.bounds.x_max,
            found.bounds.y_max,
        ]
        .map(|bound| bound.to_f64() as i16),
        weight: font.default_attributes().weight.value() as u16,
    };
    // One character, one glyph: Inter's contextual forms would turn “90 x 120” into another sign,
    // and what is copied out of the PDF would no longer be what was typed.
    let base = [(b"kern", 1), (b"calt", 0), (b"liga", 0), (b"clig", 0)];
    let plan = |tabular: bool| {
        let mut features: Vec<Feature> = base
            .iter()
            .map(|(tag, value)| Feature::new(Tag::new(tag), *value, ..))
            .collect();
        if tabular {
            features.push(Feature::new(Tag::new(b"tnum"), 1, ..));
        }
        let plan = ShapePlan::new(
            font,
            Direction::LeftToRight,
            Some(Script::LATIN),
            None,
            &features,
        );
        Plan { features, plan }
    };
    Loaded {
        metrics,
        plans: [plan(false), plan(true)],
    }
}

/// One glyph of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glyph {
    /// Its id in the face.
    pub id: u16,
    /// Advance of the pen in font units, kerning and tracking included.
    pub advance: i32,
    /// Where its character starts in the run's text, in bytes.
    pub start: usize,
}

/// A shaped text on one line.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// How it is set.
    pub style: Style,
    /// What it says: NFC, without controls, only characters that the face has.
    pub text: String,
    /// Its glyphs, left to right.
    pub glyphs: Vec<Glyph>,
    /// Width in points.
    pub width_pt: f32,
}

impl Run {
    /// The text of the glyph at `index`.
    #[must_use]
    pub fn text_of(&self, index: usize) -> &str {
        let from = self.glyphs[index].start;
        let to = self
            .glyphs
            .get(index + 1)
            .map_or(self.text.len(), |next| next.start);
        self.text.get(from..to).unwrap_or("")
    }

    /// Top of capitals and accents above the baseline, in points.
    #[must_use]
    pub fn ascent_pt(&self) -> f32 {
        let metrics = metrics(self.style.face);
        f32::from(metrics.ascender) * self.style.size_pt / f32::from(metrics.units_per_em)
    }

    /// Depth below the baseline, in points, above zero.
    #[must_use]
    pub fn descent_pt(&self) -> f32 {
        let metrics = metrics(self.style.face);
        -f32::from(metrics.descender) * self.style.size_pt / f32::from(metrics.units_per_em)
    }
}

/// The measures of a face.
pub(crate) fn metrics(face: Face) -> Metrics {
    face.loaded().metrics
}

/// Whether a face has a glyph of its own for a character.
pub(crate) fn has(face: Face, character: char) -> bool {
    face.with_shaper(|shaper| shaper.nominal_glyph(u32::from(character)).is_some())
}

/// Width of one glyph without kerning, in font units.
pub(crate) fn natural_advance(face: Face, glyph: u16) -> u16 {
    let glyph = GlyphId::new(u32::from(glyph));
    let advance = face.with_shaper(|shaper| shaper.glyph_h_advance(glyph));
    u16::try_from(advance).unwrap_or(0)
}

/// Distance from the top of a line to its baseline: the text stands in the middle of its leading.
pub(crate) fn baseline(style: &Style) -> f32 {
    let metrics = metrics(style.face);
    let scale = style.size_pt / f32::from(metrics.units_per_em);
    let (ascent, descent) = (f32::from(metrics.ascender), -f32::from(metrics.descender));
    (style.leading_pt - (ascent + descent) * scale) / 2.0 + ascent * scale
}

/// Cleans, shapes and measures a text.
pub(crate) fn shape(style: Style, dirty: &str) -> Run {
    let shaped = shaped(&style, dirty);
    Run {
        style,
        text: shaped.text.clone(),
        glyphs: shaped.glyphs.clone(),
        width_pt: width_pt(&style, &shaped),
    }
}

/// Width of a text on one line, in points.
pub(crate) fn width(style: Style, text: &str) -> f32 {
    width_pt(&style, &shaped(&style, text))
}

fn width_pt(style: &Style, shaped: &Shaped) -> f32 {
    let em = i32::from(metrics(style.face).units_per_em);
    points(shaped.advance, em, style.size_pt)
}

fn shaped(style: &Style, dirty: &str) -> Rc<Shaped> {
    let setting = (style.face, style.tabular, style.tracking);
    if let Some(known) = KNOWN.with_borrow(|known| known.find(setting, dirty)) {
        return known;
    }
    let shaped = Rc::new(shape_anew(style, dirty));
    KNOWN.with_borrow_mut(|known| known.keep(setting, dirty, &shaped));
    shaped
}

fn shape_anew(style: &Style, dirty: &str) -> Shaped {
    let text = text::clean(style.face, dirty);
    let loaded = style.face.loaded();
    let plan = &loaded.plans[usize::from(style.tabular)];
    let mut buffer = Buffer::new();
    buffer.push_str(&text);
    buffer.set_direction(Direction::LeftToRight);
    buffer.set_script(Some(Script::LATIN));
    let options = ShapeOptions::new()
        .plan(Some(&plan.plan))
        .features(&plan.features);
    // The only error is a plan made for another font or direction.
    let outcome = style
        .face
        .with_shaper(|shaper| harfrust::shape(shaper, &mut buffer, options));
    debug_assert!(outcome.is_ok(), "a plan of this face");
    let em = i32::from(loaded.metrics.units_per_em);
    let tracking = i32::from(style.tracking) * em / 1000;
    let count = buffer.glyph_infos().len();
    let mut glyphs = Vec::with_capacity(count);
    for (index, (info, position)) in buffer
        .glyph_infos()
        .iter()
        .zip(buffer.glyph_positions())
        .enumerate()
    {
        let spaced = if index + 1 < count { tracking } else { 0 };
        glyphs.push(Glyph {
            id: u16::try_from(info.glyph_id).unwrap_or(0),
            advance: position.x_advance + spaced,
            start: info.cluster as usize,
        });
    }
    Shaped {
        advance: glyphs.iter().map(|glyph| glyph.advance).sum(),
        text,
        glyphs,
    }
}

/// Font units to points.
#[expect(
    clippy::cast_precision_loss,
    reason = "a line has far fewer than 2^24 units"
)]
pub(crate) fn points(units: i32, units_per_em: i32, size_pt: f32) -> f32 {
    units as f32 * size_pt / units_per_em as f32
}
