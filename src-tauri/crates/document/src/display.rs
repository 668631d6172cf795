//! The display list: what a page shows, free of any file format. The PDF and the window's preview
//! draw the same one. Points, from the top left corner.

use std::sync::Arc;

use crate::fonts::Run;
use crate::theme::{PAGE_HEIGHT_PT, PAGE_WIDTH_PT, Rgb};

/// One A4 page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// What it shows, in drawing order.
    pub items: Vec<Item>,
}

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// Left edge in points.
    pub left: f32,
    /// Top edge in points, downwards from the top of the page.
    pub top: f32,
    /// Width in points.
    pub width: f32,
    /// Height in points.
    pub height: f32,
}

impl Area {
    /// A rectangle by its top left corner and its size.
    #[must_use]
    pub const fn new(left: f32, top: f32, width: f32, height: f32) -> Self {
        Self {
            left,
            top,
            width,
            height,
        }
    }

    /// Its right edge.
    #[must_use]
    pub fn right(&self) -> f32 {
        self.left + self.width
    }

    /// Its bottom edge.
    #[must_use]
    pub fn bottom(&self) -> f32 {
        self.top + self.height
    }

    /// The smallest rectangle around this one turned about a point.
    #[must_use]
    pub fn turned(&self, turn: Turn) -> Self {
        let corners = [
            (self.left, self.top),
            (self.right(), self.top),
            (self.right(), self.bottom()),
            (self.left, self.bottom()),
        ]
        .map(|(x, y)| turn.apply(x, y));
        let least =
            |pick: fn(&(f32, f32)) -> f32| corners.iter().map(pick).fold(f32::MAX, f32::min);
        let most = |pick: fn(&(f32, f32)) -> f32| corners.iter().map(pick).fold(f32::MIN, f32::max);
        let (left, top) = (least(|corner| corner.0), least(|corner| corner.1));
        Self::new(
            left,
            top,
            most(|corner| corner.0) - left,
            most(|corner| corner.1) - top,
        )
    }

    /// Whether it lies on an A4 page.
    #[must_use]
    pub fn on_page(&self) -> bool {
        self.left >= 0.0
            && self.top >= 0.0
            && self.right() <= PAGE_WIDTH_PT
            && self.bottom() <= PAGE_HEIGHT_PT
    }
}

/// A rotation about a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turn {
    /// Degrees, clockwise as one looks at the page.
    pub degrees: f32,
    /// The point that stays, from the left.
    pub x: f32,
    /// The point that stays, from the top.
    pub y: f32,
}

impl Turn {
    /// Where a point goes.
    #[must_use]
    pub fn apply(&self, x: f32, y: f32) -> (f32, f32) {
        let (sine, cosine) = self.degrees.to_radians().sin_cos();
        let (across, down) = (x - self.x, y - self.y);
        (
            self.x + across * cosine - down * sine,
            self.y + across * sine + down * cosine,
        )
    }
}

/// What a part of the page is: becomes the structure of a tagged PDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Title of the document.
    Title,
    /// Heading of a part.
    Heading,
    /// Running text.
    Paragraph,
    /// A picture; its alternate text says what it shows.
    Figure,
    /// A table.
    Table,
    /// A row.
    Row,
    /// A heading cell of a column.
    HeaderCell,
    /// A heading cell of a row.
    RowHeader,
    /// A cell.
    Cell,
    /// A cell over so many columns.
    WideCell(u8),
    /// What a page could not hold of the row before: goes on in that row's first cell.
    Rest,
    /// A link with its annotation.
    Link,
    /// Decoration, repetition: not part of what the document says.
    Artifact,
    /// What every further page repeats at its head; not part of what the document says.
    PageHead,
    /// What every page repeats at its foot; not part of what the document says.
    PageFoot,
    /// What lies across every page; not part of what the document says.
    Watermark,
}

/// The modules of a QR code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modules {
    /// Modules a side.
    pub side: usize,
    /// Dark or light, row by row.
    pub dark: Vec<bool>,
}

/// One thing on a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A line of text.
    Text {
        /// Where it starts.
        left: f32,
        /// Where it stands.
        baseline: f32,
        /// What it says.
        run: Run,
    },
    /// A rectangle, filled or outlined.
    Panel {
        /// Where.
        area: Area,
        /// Radius of its corners in points.
        radius: f32,
        /// Colour inside.
        fill: Option<Rgb>,
        /// Colour and width of its outline.
        outline: Option<(Rgb, f32)>,
    },
    /// A horizontal line.
    Rule {
        /// Left end.
        left: f32,
        /// Right end.
        right: f32,
        /// Where its middle lies, from the top.
        at: f32,
        /// Width in points.
        thickness: f32,
        /// Colour.
        color: Rgb,
    },
    /// The logo.
    Logo {
        /// Where.
        area: Area,
    },
    /// A QR code, black on what lies below.
    Qr {
        /// Where; square.
        area: Area,
        /// Its modules.
        modules: Arc<Modules>,
    },
    /// A place that opens an address.
    Link {
        /// Where.
        area: Area,
        /// The address.
        url: String,
        /// What a screen reader says.
        contents: String,
    },
    /// Things turned together.
    Turned {
        /// How.
        turn: Turn,
        /// What.
        items: Vec<Item>,
    },
    /// A part of the structure begins. It may go on over pages: a table, a long text.
    Open {
        /// What it is.
        role: Role,
        /// What stands for it where it cannot be seen.
        alternate: Option<String>,
    },
    /// The part that was opened last ends.
    Close,
}

impl Item {
    /// What it covers; nothing for structure.
    #[must_use]
    pub fn extent(&self) -> Option<Area> {
        match self {
            Self::Text {
                left,
                baseline,
                run,
            } => {
                let (above, below) = (run.ascent_pt(), run.descent_pt());
                Some(Area::new(
                    *left,
                    baseline - above,
                    run.width_pt,
                    above + below,
                ))
            }
            Self::Panel { area, outline, .. } => {
                let half = outline.map_or(0.0, |(_, thickness)| thickness / 2.0);
                let (left, top) = (area.left - half, area.top - half);
                Some(Area::new(
                    left,
                    top,
                    area.width + 2.0 * half,
                    area.height + 2.0 * half,
                ))
            }
            Self::Rule {
                left,
                right,
                at,
                thickness,
                ..
            } => Some(Area::new(
                *left,
                at - thickness / 2.0,
                right - left,
                *thickness,
            )),
            Self::Logo { area } | Self::Qr { area, .. } | Self::Link { area, .. } => Some(*area),
            Self::Turned { turn, items } => {
                let areas = items
                    .iter()
                    .filter_map(Self::extent)
                    .map(|area| area.turned(*turn));
                areas.reduce(|one, other| {
                    let (left, top) = (one.left.min(other.left), one.top.min(other.top));
                    let right = one.right().max(other.right());
                    let bottom = one.bottom().max(other.bottom());
                    Area::new(left, top, right - left, bottom - top)
                })
            }
            Self::Open { .. } | Self::Close => None,
        }
    }
}

/// Draws a list, one thing after another; what says nothing to a kind of picture is left out of it.
pub(crate) trait Brush {
    fn text(&mut self, left: f32, baseline: f32, run: &Run);
    fn panel(&mut self, area: Area, radius: f32, fill: Option<Rgb>, outline: Option<(Rgb, f32)>);
    fn rule(&mut self, left: f32, right: f32, at: f32, thickness: f32, color: Rgb);
    fn logo(&mut self, area: Area);
    fn code(&mut self, area: Area, modules: &Modules);
    fn turned(&mut self, turn: Turn, items: &[Item]);
    fn link(&mut self) {}
    fn open(&mut self, _role: Role, _alternate: Option<&str>) {}
    fn close(&mut self) {}

    fn draw_all(&mut self, items: &[Item]) {
        for item in items {
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
                } => self.panel(*area, *radius, *fill, *outline),
                Item::Rule {
                    left,
                    right,
                    at,
                    thickness,
                    color,
                } => self.rule(*left, *right, *at, *thickness, *color),
                Item::Logo { area } => self.logo(*area),
                Item::Qr { area, modules } => self.code(*area, modules),
                Item::Link { .. } => self.link(),
                Item::Turned { turn, items } => self.turned(*turn, items),
                Item::Open { role, alternate } => self.open(*role, alternate.as_deref()),
                Item::Close => self.close(),
            }
        }
    }
}
