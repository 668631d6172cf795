//! A canvas that grows downwards, and the flow of its pieces over pages.

use crate::display::{Area, Item, Page, Role, Turn};
use crate::fonts::{self, Run, shape};
use crate::text::wrap;
use crate::theme::{HAIRLINE, LINE, MARGIN_TOP, Rgb, Style};

/// Items laid out from a top of zero, and how high they are. Placed on a page as a whole.
#[derive(Clone, Debug, Default)]
pub(crate) struct Canvas {
    pub(crate) items: Vec<Item>,
    /// Lies below everything else on the page, a watermark too.
    backdrop: Vec<Item>,
    pub(crate) height: f32,
}

impl Canvas {
    /// Opens a part, draws inside, closes it.
    pub(crate) fn part(&mut self, role: Role, draw: impl FnOnce(&mut Self)) {
        self.items.push(opening(role));
        draw(self);
        self.items.push(Item::Close);
    }

    /// The same once more on a further page: whoever has it read out hears it only once.
    pub(crate) fn repeated(&self) -> Self {
        let items = [opening(Role::Artifact)].into_iter();
        let items = items.chain(self.items.iter().cloned()).chain([Item::Close]);
        Self {
            items: items.collect(),
            backdrop: self.backdrop.clone(),
            height: self.height,
        }
    }

    /// A part that a reader who does not see it is told about.
    pub(crate) fn described(&mut self, role: Role, alternate: &str, draw: impl FnOnce(&mut Self)) {
        self.items.push(Item::Open {
            role,
            alternate: Some(alternate.to_owned()),
        });
        draw(self);
        self.items.push(Item::Close);
    }

    /// One line whose top is at `top`; gives back its right end.
    pub(crate) fn line(&mut self, left: f32, top: f32, style: Style, text: &str) -> f32 {
        let run = shape(style, text);
        let right = left + run.width_pt;
        self.run(left, top, run);
        right
    }

    /// One line that ends at `right`; gives back its left end.
    pub(crate) fn line_ending(&mut self, right: f32, top: f32, style: Style, text: &str) -> f32 {
        let run = shape(style, text);
        let left = right - run.width_pt;
        self.run(left, top, run);
        left
    }

    /// One line with its middle at `middle`.
    pub(crate) fn line_centred(&mut self, middle: f32, top: f32, style: Style, text: &str) {
        let run = shape(style, text);
        self.run(middle - run.width_pt / 2.0, top, run);
    }

    fn run(&mut self, left: f32, top: f32, run: Run) {
        let baseline = top + fonts::baseline(&run.style);
        self.grow(top + run.style.leading_pt);
        if !run.glyphs.is_empty() {
            self.items.push(Item::Text {
                left,
                baseline,
                run,
            });
        }
    }

    /// Lines below each other; gives back where they end.
    pub(crate) fn lines<S: AsRef<str>>(
        &mut self,
        left: f32,
        top: f32,
        style: Style,
        lines: &[S],
    ) -> f32 {
        let mut top = top;
        for line in lines {
            self.line(left, top, style, line.as_ref());
            top += style.leading_pt;
        }
        top
    }

    /// A text wrapped at `width`; gives back where it ends.
    pub(crate) fn text(
        &mut self,
        left: f32,
        top: f32,
        width: f32,
        style: Style,
        text: &str,
    ) -> f32 {
        let lines = wrap(style, text, width);
        self.lines(left, top, style, &lines)
    }

    /// A filled panel.
    pub(crate) fn panel(&mut self, area: Area, radius: f32, fill: Rgb) {
        self.grow(area.bottom());
        self.items.push(Item::Panel {
            area,
            radius,
            fill: Some(fill),
            outline: None,
        });
    }

    /// A tint below everything else.
    pub(crate) fn backdrop(&mut self, area: Area, radius: f32, fill: Rgb) {
        self.grow(area.bottom());
        self.backdrop.push(Item::Panel {
            area,
            radius,
            fill: Some(fill),
            outline: None,
        });
    }

    /// A frame around nothing.
    pub(crate) fn frame(&mut self, area: Area, radius: f32, color: Rgb, thickness: f32) {
        self.items.push(Item::Panel {
            area,
            radius,
            fill: None,
            outline: Some((color, thickness)),
        });
    }

    /// A pale line.
    pub(crate) fn hairline(&mut self, left: f32, right: f32, at: f32) {
        self.rule(left, right, at, LINE);
    }

    /// A line in a colour.
    pub(crate) fn rule(&mut self, left: f32, right: f32, at: f32, color: Rgb) {
        self.items.push(Item::Rule {
            left,
            right,
            at,
            thickness: HAIRLINE,
            color,
        });
    }

    /// Makes room down to `bottom`.
    pub(crate) fn grow(&mut self, bottom: f32) {
        self.height = self.height.max(bottom);
    }

    /// Puts another canvas at `top`.
    pub(crate) fn place(&mut self, top: f32, other: Self) {
        self.grow(top + other.height);
        self.items
            .extend(other.items.into_iter().map(|item| lowered(item, top)));
        self.backdrop
            .extend(other.backdrop.into_iter().map(|item| lowered(item, top)));
    }
}

const fn opening(role: Role) -> Item {
    Item::Open {
        role,
        alternate: None,
    }
}

/// The same item, lower by `by` points.
fn lowered(item: Item, by: f32) -> Item {
    let lower = |area: Area| Area {
        top: area.top + by,
        ..area
    };
    match item {
        Item::Text {
            left,
            baseline,
            run,
        } => Item::Text {
            left,
            baseline: baseline + by,
            run,
        },
        Item::Panel {
            area,
            radius,
            fill,
            outline,
        } => Item::Panel {
            area: lower(area),
            radius,
            fill,
            outline,
        },
        Item::Rule {
            left,
            right,
            at,
            thickness,
            color,
        } => Item::Rule {
            left,
            right,
            at: at + by,
            thickness,
            color,
        },
        Item::Logo { area } => Item::Logo { area: lower(area) },
        Item::Qr { area, modules } => Item::Qr {
            area: lower(area),
            modules,
        },
        Item::Link {
            area,
            url,
            contents,
        } => Item::Link {
            area: lower(area),
            url,
            contents,
        },
        Item::Turned { turn, items } => Item::Turned {
            turn: Turn {
                y: turn.y + by,
                ..turn
            },
            items: items.into_iter().map(|item| lowered(item, by)).collect(),
        },
        structure @ (Item::Open { .. } | Item::Close) => structure,
    }
}

/// Pages being filled from the top.
pub(crate) struct Flow {
    pages: Vec<Canvas>,
    top: f32,
    bottom: f32,
    continuation: Canvas,
}

impl Flow {
    /// Starts on a first page. `continuation` heads every further page; nothing goes below `bottom`.
    pub(crate) fn new(continuation: Canvas, bottom: f32) -> Self {
        Self {
            pages: vec![Canvas::default()],
            top: MARGIN_TOP,
            bottom,
            continuation,
        }
    }

    /// Room left on this page.
    pub(crate) fn room(&self) -> f32 {
        self.bottom - self.top
    }

    /// Room on a page that is only headed.
    pub(crate) fn fresh_room(&self) -> f32 {
        self.bottom - MARGIN_TOP - self.continuation.height
    }

    /// Whether nothing but its head stands on this page.
    pub(crate) fn is_fresh(&self) -> bool {
        self.pages.len() > 1 && self.room() >= self.fresh_room() - 0.01
    }

    /// Puts a piece below the last one. The caller has checked the room.
    pub(crate) fn put(&mut self, piece: Canvas) {
        let (top, height) = (self.top, piece.height);
        self.page().place(top, piece);
        self.top += height;
    }

    /// Puts a piece so that it ends at the bottom of the page.
    pub(crate) fn put_at_bottom(&mut self, piece: Canvas) {
        self.top = self.bottom - piece.height;
        self.put(piece);
    }

    /// Begins a part that may go on over pages.
    pub(crate) fn open(&mut self, role: Role) {
        self.page().items.push(opening(role));
    }

    /// Ends the part that was opened last.
    pub(crate) fn close(&mut self) {
        self.page().items.push(Item::Close);
    }

    /// Leaves a gap.
    pub(crate) fn gap(&mut self, height: f32) {
        self.top += height;
    }

    /// Goes to a new page.
    pub(crate) fn turn_page(&mut self) {
        self.pages.push(Canvas::default());
        self.top = MARGIN_TOP;
        let head = self.continuation.clone();
        self.put(head);
    }

    /// Goes to a new page where fewer than `height` points are left.
    pub(crate) fn need(&mut self, height: f32) {
        if height > self.room() && !self.is_fresh() {
            self.turn_page();
        }
    }

    fn page(&mut self) -> &mut Canvas {
        let last = self.pages.len() - 1;
        &mut self.pages[last]
    }

    /// The pages, each behind its watermark and above its foot.
    pub(crate) fn finish(
        self,
        behind: &[Item],
        foot: impl Fn(usize, usize) -> Canvas,
    ) -> Vec<Page> {
        let count = self.pages.len();
        let pages = self.pages.into_iter().enumerate();
        pages
            .map(|(index, page)| {
                let mut whole = Canvas::default();
                whole.place(0.0, page);
                whole.place(self.bottom, foot(index + 1, count));
                Page {
                    items: [whole.backdrop, behind.to_vec(), whole.items].concat(),
                }
            })
            .collect()
    }
}
