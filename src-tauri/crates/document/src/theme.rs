//! The look of the paper (`invoice-paper.html`): sizes in points, colours, type.

use crate::fonts::Face;

/// A colour in sRGB.
pub type Rgb = [u8; 3];

/// Width of A4 in points.
pub const PAGE_WIDTH_PT: f32 = 595.276;
/// Height of A4 in points.
pub const PAGE_HEIGHT_PT: f32 = 841.89;

pub(crate) const MARGIN: f32 = 42.0;
pub(crate) const MARGIN_TOP: f32 = 34.5;
pub(crate) const MARGIN_BOTTOM: f32 = 25.5;
pub(crate) const RIGHT: f32 = PAGE_WIDTH_PT - MARGIN;
pub(crate) const WIDTH: f32 = PAGE_WIDTH_PT - 2.0 * MARGIN;

/// Left edge of the buyer's address: inside the window of a French envelope.
pub(crate) const BUYER_LEFT: f32 = RIGHT - 226.5;
/// Between the columns of the table.
pub(crate) const GUTTER: f32 = 7.5;
/// Above and below the text of a row.
pub(crate) const ROW_PADDING: f32 = 3.4;
pub(crate) const HAIRLINE: f32 = 0.6;

pub(crate) const INK: Rgb = [0x1f, 0x1d, 0x1a];
pub(crate) const SECOND: Rgb = [0x57, 0x52, 0x4a];
pub(crate) const THIRD: Rgb = [0x6c, 0x67, 0x5d];
pub(crate) const LINE: Rgb = [0xdd, 0xd8, 0xce];
pub(crate) const ACCENT: Rgb = [0x23, 0x50, 0x9e];
pub(crate) const WHITE: Rgb = [0xff, 0xff, 0xff];
pub(crate) const ASKING: Rgb = [0xf4, 0xf6, 0xfa];
pub(crate) const SETTLED: Rgb = [0xee, 0xf6, 0xf1];
pub(crate) const NEUTRAL: Rgb = [0xf6, 0xf4, 0xef];
pub(crate) const STAMP_SETTLED: Rgb = [0x1b, 0x65, 0x43];
pub(crate) const STAMP_CANCELLED: Rgb = [0x8f, 0x2d, 0x1f];
pub(crate) const LATE: Rgb = [0xa0, 0x35, 0x20];
pub(crate) const WARNING: Rgb = [0x9a, 0x4a, 0x0c];
/// Behind the text: pale enough to read through.
pub(crate) const WATERMARK: Rgb = [0xf1, 0xed, 0xe6];

/// How a text is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// The face.
    pub face: Face,
    /// Size in points.
    pub size_pt: f32,
    /// Height of a line in points.
    pub leading_pt: f32,
    /// Extra space after each glyph, in thousandths of an em.
    pub tracking: i16,
    /// Figures of one width, for columns.
    pub tabular: bool,
    /// Colour.
    pub color: Rgb,
}

impl Style {
    const fn new(face: Face, size_pt: f32, leading_pt: f32) -> Self {
        Self {
            face,
            size_pt,
            leading_pt,
            tracking: 0,
            tabular: false,
            color: INK,
        }
    }

    const fn tracked(self, tracking: i16) -> Self {
        Self { tracking, ..self }
    }

    pub(crate) const fn in_color(self, color: Rgb) -> Self {
        Self { color, ..self }
    }

    pub(crate) const fn tabular(self) -> Self {
        Self {
            tabular: true,
            ..self
        }
    }

    /// The same, smaller.
    pub(crate) const fn scaled(self, by: f32) -> Self {
        Self {
            size_pt: self.size_pt * by,
            ..self
        }
    }

    pub(crate) const fn bold(self) -> Self {
        Self {
            face: Face::SemiBold,
            ..self
        }
    }
}

pub(crate) const COMPANY: Style = Style::new(Face::SemiBold, 12.0, 15.0).tracked(-10);
pub(crate) const TITLE: Style = Style::new(Face::SemiBold, 15.0, 18.0).tracked(-14);
pub(crate) const BODY: Style = Style::new(Face::Regular, 8.6, 12.0);
pub(crate) const ADDRESS: Style = Style::new(Face::Regular, 9.4, 13.5);
pub(crate) const HEADING: Style = Style::new(Face::Regular, 7.9, 10.5).in_color(THIRD);
pub(crate) const AMOUNT: Style = Style::new(Face::SemiBold, 24.0, 30.0).tracked(-22);
pub(crate) const AMOUNT_SETTLED: Style = Style::new(Face::SemiBold, 19.5, 24.0).tracked(-20);
pub(crate) const BUTTON: Style = Style::new(Face::SemiBold, 9.4, 13.5).in_color(WHITE);
pub(crate) const CAPTION: Style = Style::new(Face::Regular, 7.9, 10.5).in_color(SECOND);
pub(crate) const LEGAL: Style = Style::new(Face::Regular, 7.0, 9.45).in_color(SECOND);
pub(crate) const STAMP: Style = Style::new(Face::Bold, 22.5, 25.5).tracked(45);
pub(crate) const STAMP_DATE: Style = Style::new(Face::Regular, 8.6, 12.0);
pub(crate) const WATERMARK_TEXT: Style = Style::new(Face::Bold, 96.0, 96.0)
    .tracked(40)
    .in_color(WATERMARK);
