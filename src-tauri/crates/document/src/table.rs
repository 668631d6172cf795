//! The lines of a document: columns as wide as what stands in them, rows that break over pages
//! with what is carried over.

use acquit_domain::Cents;
use acquit_domain::invoice::{Item, Line};
use acquit_domain::money::french_amount;
use acquit_domain::quantity::Percent;

use crate::display::Role;
use crate::fonts::width;
use crate::layout::{Canvas, Flow};
use crate::paper::View;
use crate::text::{wrap, wrap_some};
use crate::theme::{BODY, GUTTER, HEADING, INK, MARGIN, RIGHT, ROW_PADDING, SECOND, Style, THIRD};
use crate::words;

/// Widest a unit is before it wraps.
const UNIT_WIDTH_MAX: f32 = 54.0;
const UNIT_WIDTH_MIN: f32 = 31.0;
/// Height of a row that says what is carried over.
pub(crate) const CARRY_HEIGHT: f32 = BODY.leading_pt + 2.0 * ROW_PADDING;

/// Where the columns stand. Figures end at their edge, words start at theirs.
#[derive(Clone, Copy, Debug)]
struct Columns {
    description: f32,
    quantity: f32,
    /// Left edge and width; none where no line has a unit.
    unit: Option<(f32, f32)>,
    price: f32,
    /// None under the franchise: there is no VAT to speak of.
    vat: Option<f32>,
    total: f32,
    /// Whether the amounts are those of works that go on: each line says how far it has come.
    so_far: bool,
}

/// One line of a description, and what follows it more quietly.
struct Said {
    style: Style,
    text: String,
    aside: String,
}

/// A charged line in words.
struct Words {
    description: Vec<Said>,
    quantity: String,
    unit: Vec<String>,
    price: String,
    vat: String,
    total: String,
}

enum Kind {
    Section(Vec<String>),
    Line(Words),
    Comment(Vec<String>),
    Subtotal { label: Vec<String>, amount: String },
}

/// One row and the sum of the lines down to it.
struct Row {
    kind: Kind,
    carried: Cents,
}

/// Lays the table out. `keep` points below its last line stay on the same page as that line.
pub(crate) fn flow(view: &View<'_>, flow: &mut Flow, keep: f32) {
    let columns = Columns::measure(view);
    let rows = rows(view, &columns);
    let head = head(&columns);
    let head_again = head.repeated();
    flow.need(head.height + 4.0 * CARRY_HEIGHT);
    flow.open(Role::Table);
    flow.put(head.clone());
    let page_room = flow.fresh_room() - head.height - 2.0 * CARRY_HEIGHT;
    let mut rest: f32 = rows.iter().map(Row::height).sum();
    for (index, row) in rows.iter().enumerate() {
        // A heading stays with its first line, the last line with its subtotal and the totals.
        let group = group_height(&rows[index..], keep).min(page_room);
        let fits = rest + keep <= flow.room() || group + CARRY_HEIGHT <= flow.room();
        let splits = row.height() > page_room && flow.room() > page_room / 4.0;
        if !fits && !splits && index > 0 {
            let carried = rows[index - 1].carried;
            flow.put(carry(words::TO_CARRY, carried));
            flow.turn_page();
            flow.put(head_again.clone());
            flow.put(carry(words::CARRIED, carried));
        }
        let rooms = (flow.room() - CARRY_HEIGHT, page_room);
        for (part, piece) in row.split(rooms, &columns).into_iter().enumerate() {
            if part > 0 {
                flow.turn_page();
                flow.put(head_again.clone());
            }
            flow.put(piece);
        }
        rest -= row.height();
    }
    flow.close();
}

/// Height of the first row with all that must not be parted from it.
fn group_height(rows: &[Row], keep: f32) -> f32 {
    let mut height = 0.0;
    for (index, row) in rows.iter().enumerate() {
        height += row.height();
        let last = index + 1 == rows.len();
        if last {
            return height + keep;
        }
        let next_is_subtotal = matches!(rows[index + 1].kind, Kind::Subtotal { .. });
        if !matches!(row.kind, Kind::Section(_)) && !next_is_subtotal {
            return height;
        }
    }
    height
}

impl Columns {
    fn measure(view: &View<'_>) -> Self {
        let lines = || view.content.items.iter().filter_map(Item::line);
        let figures = BODY.tabular();
        let widest = |heading: &str, words: &dyn Fn(&Line) -> String| {
            let cells = lines().map(|line| width(figures, &words(line)));
            cells.fold(width(HEADING, heading), f32::max)
        };
        let so_far = lines().any(|line| line.progress.is_some());
        let total_heading = if so_far { words::SO_FAR } else { words::NET };
        let total_width = lines().map(|line| width(figures, &french_amount(line.amount())));
        let total_width = total_width
            .fold(width(HEADING, total_heading), f32::max)
            .max(46.0);
        let price_width =
            widest(words::PRICE, &|line| words::unit_price(line.unit_price)).max(44.0);
        let quantity_width = widest(words::QUANTITY, &|line| words::quantity(line.quantity));
        let has_unit = lines().any(|line| line.unit.is_some());
        let has_vat = !view.seller.franchise;
        let total = RIGHT;
        let mut left = total - total_width - 1.6 * GUTTER;
        let vat = has_vat.then_some(left);
        if has_vat {
            left -= widest(words::VAT, &|line| words::rate(line.vat)).max(30.0) + GUTTER;
        }
        let price = left;
        left -= price_width + GUTTER;
        let unit = has_unit.then(|| {
            let wanted = widest(words::UNIT, &|line| line.unit.clone().unwrap_or_default());
            let unit_width = wanted.clamp(UNIT_WIDTH_MIN, UNIT_WIDTH_MAX);
            (left - unit_width, unit_width)
        });
        let quantity = unit.map_or(left, |(unit_left, _)| unit_left - 0.8 * GUTTER);
        let description = quantity - quantity_width.max(24.0) - 1.4 * GUTTER - MARGIN;
        Self {
            description,
            quantity,
            unit,
            price,
            vat,
            total,
            so_far,
        }
    }

    /// How many there are: description, quantity, price and total always.
    fn count(&self) -> u8 {
        4 + u8::from(self.unit.is_some()) + u8::from(self.vat.is_some())
    }
}

fn head(columns: &Columns) -> Canvas {
    let mut canvas = Canvas::default();
    canvas.part(Role::Row, |canvas| {
        let mut word = |right: Option<f32>, left: f32, text: &str| {
            canvas.part(Role::HeaderCell, |canvas| match right {
                Some(right) => {
                    canvas.line_ending(right, 0.0, HEADING, text);
                }
                None => {
                    canvas.line(left, 0.0, HEADING, text);
                }
            });
        };
        word(None, MARGIN, words::DESCRIPTION);
        word(Some(columns.quantity), 0.0, words::QUANTITY);
        if let Some((left, _)) = columns.unit {
            word(None, left, words::UNIT);
        }
        word(Some(columns.price), 0.0, words::PRICE);
        if let Some(vat) = columns.vat {
            word(Some(vat), 0.0, words::VAT);
        }
        let total = if columns.so_far {
            words::SO_FAR
        } else {
            words::NET
        };
        word(Some(columns.total), 0.0, total);
    });
    let bottom = HEADING.leading_pt + 4.5;
    canvas.rule(MARGIN, RIGHT, bottom, INK);
    canvas.grow(bottom + 0.3);
    canvas
}

/// What is carried over to the next page, or from the one before.
pub(crate) fn carry(label: &str, amount: Cents) -> Canvas {
    let mut canvas = Canvas::default();
    let style = BODY.in_color(SECOND);
    canvas.part(Role::Artifact, |canvas| {
        let amount = french_amount(amount);
        let left = canvas.line_ending(RIGHT, ROW_PADDING, style.tabular(), &amount);
        canvas.line_ending(left - 2.0 * GUTTER, ROW_PADDING, style, label);
    });
    canvas.grow(CARRY_HEIGHT);
    canvas
}

fn rows(view: &View<'_>, columns: &Columns) -> Vec<Row> {
    let mut rows = Vec::with_capacity(view.content.items.len() + 8);
    let mut carried = Cents::ZERO;
    // Title and sum of the section that is open, and whether it has a line.
    let mut section: Option<(&str, Cents, bool)> = None;
    let whole = RIGHT - MARGIN;
    for item in &view.content.items {
        let kind = match item {
            Item::Section { title } => {
                rows.extend(subtotal(section, columns, carried));
                section = Some((title, Cents::ZERO, false));
                Kind::Section(wrap(BODY.bold(), title, whole))
            }
            Item::Comment { text } => Kind::Comment(wrap(BODY, text, whole)),
            Item::Line(line) => {
                let amount = line.amount();
                carried += amount;
                if let Some((_, sum, charged)) = &mut section {
                    *sum += amount;
                    *charged = true;
                }
                Kind::Line(Words::of(line, amount, columns))
            }
        };
        rows.push(Row { kind, carried });
    }
    rows.extend(subtotal(section, columns, carried));
    rows
}

fn subtotal(
    section: Option<(&str, Cents, bool)>,
    columns: &Columns,
    carried: Cents,
) -> Option<Row> {
    let (title, sum, charged) = section?;
    let amount = french_amount(sum);
    let room = columns.total - MARGIN - width(BODY.tabular(), &amount) - 2.0 * GUTTER;
    let label = wrap(BODY, &words::subtotal(title), room.min(400.0));
    charged.then_some(Row {
        kind: Kind::Subtotal { label, amount },
        carried,
    })
}

impl Words {
    fn of(line: &Line, amount: Cents, columns: &Columns) -> Self {
        let mut description = Vec::new();
        for (index, paragraph) in line.description.split('\n').enumerate() {
            let style = if index == 0 {
                BODY
            } else {
                BODY.in_color(THIRD)
            };
            let lines = wrap(style, paragraph, columns.description);
            let said = |text| Said {
                style,
                text,
                aside: String::new(),
            };
            description.extend(lines.into_iter().map(said));
        }
        if !line.discount.is_zero() {
            add_discount(
                &mut description,
                &words::line_discount(line.discount),
                columns.description,
            );
        }
        if columns.so_far {
            let done = line.progress.unwrap_or(Percent::HUNDRED);
            let said = words::progress(done, line.agreed());
            for text in wrap(BODY, &said, columns.description) {
                description.push(Said::quiet(text));
            }
        }
        let unit = line.unit.as_deref().unwrap_or("");
        Self {
            description,
            quantity: words::quantity(line.quantity),
            unit: columns
                .unit
                .map_or_else(Vec::new, |(_, wide)| wrap_some(BODY, unit, wide)),
            price: words::unit_price(line.unit_price),
            vat: words::rate(line.vat),
            total: french_amount(amount),
        }
    }

    fn line_count(&self) -> usize {
        self.description.len().max(self.unit.len()).max(1)
    }

    /// The lines `from..to` of the description.
    fn describe(&self, canvas: &mut Canvas, from: usize, to: usize, top: f32) {
        let shown = self.description.iter().skip(from).take(to - from);
        for (index, said) in shown.enumerate() {
            let end = canvas.line(MARGIN, below(top, index), said.style, &said.text);
            canvas.line(end, below(top, index), BODY.in_color(THIRD), &said.aside);
        }
    }

    /// The cells beside the description, of a row that begins with `count` lines.
    fn figures(&self, canvas: &mut Canvas, columns: &Columns, count: usize, top: f32) {
        let figure = |canvas: &mut Canvas, right: f32, text: &str| {
            canvas.part(Role::Cell, |canvas| {
                canvas.line_ending(right, top, BODY.tabular(), text);
            });
        };
        figure(canvas, columns.quantity, &self.quantity);
        if let Some((left, _)) = columns.unit {
            canvas.part(Role::Cell, |canvas| {
                let shown = &self.unit[..count.min(self.unit.len())];
                canvas.lines(left, top, BODY, shown);
            });
        }
        figure(canvas, columns.price, &self.price);
        if let Some(vat) = columns.vat {
            figure(canvas, vat, &self.vat);
        }
        figure(canvas, columns.total, &self.total);
    }
}

impl Said {
    fn quiet(text: String) -> Self {
        Self {
            style: BODY.in_color(THIRD),
            text,
            aside: String::new(),
        }
    }
}

/// Says the discount of a line behind its description, or below where there is no room.
fn add_discount(description: &mut Vec<Said>, discount: &str, room: f32) {
    let behind = format!(", {discount}");
    match description.last_mut() {
        Some(last) if width(last.style, &last.text) + width(BODY, &behind) <= room => {
            last.aside = behind;
        }
        _ => description.push(Said::quiet(discount.to_owned())),
    }
}

/// Top of the line `index` below `top`.
#[expect(
    clippy::cast_precision_loss,
    reason = "a page has fewer than a hundred lines"
)]
fn below(top: f32, index: usize) -> f32 {
    top + index as f32 * BODY.leading_pt
}

impl Row {
    fn line_count(&self) -> usize {
        match &self.kind {
            Kind::Section(lines) | Kind::Comment(lines) => lines.len(),
            Kind::Subtotal { label, .. } => label.len(),
            Kind::Line(words) => words.line_count(),
        }
    }

    fn padding(&self) -> (f32, f32) {
        match self.kind {
            Kind::Section(_) => (7.5, ROW_PADDING),
            Kind::Subtotal { .. } => (ROW_PADDING, 1.5),
            Kind::Line(_) | Kind::Comment(_) => (ROW_PADDING, ROW_PADDING),
        }
    }

    fn height(&self) -> f32 {
        let (above, beneath) = self.padding();
        below(above, self.line_count()) + beneath
    }

    /// The row in one piece where a page can hold it, else in as many as it takes: a description
    /// may be longer than a page. `rooms`: on this page, and on each further one.
    fn split(&self, (here, further): (f32, f32), columns: &Columns) -> Vec<Canvas> {
        let count = self.line_count();
        if self.height() <= further {
            return vec![self.draw(columns, 0, count)];
        }
        let mut pieces = Vec::new();
        let mut from = 0;
        let mut left = here;
        while from < count {
            let (above, beneath) = self.padding();
            let mut to = from + 1;
            while to < count && below(above, to + 1 - from) + beneath <= left {
                to += 1;
            }
            pieces.push(self.draw(columns, from, to));
            from = to;
            left = further;
        }
        pieces
    }

    /// The lines `from..to` of the row; figures stand beside the first.
    fn draw(&self, columns: &Columns, from: usize, to: usize) -> Canvas {
        let (top, beneath) = self.padding();
        let mut canvas = Canvas::default();
        if from == 0 {
            canvas.part(Role::Row, |canvas| {
                canvas.part(self.first_cell(columns), |canvas| {
                    self.text(canvas, columns, (from, to), top);
                });
                self.other_cells(canvas, columns, to, top);
            });
        } else {
            canvas.part(Role::Rest, |canvas| {
                self.text(canvas, columns, (from, to), top);
            });
        }
        let height = below(top, to - from) + beneath;
        canvas.grow(height);
        if !matches!(self.kind, Kind::Subtotal { .. }) {
            canvas.hairline(MARGIN, RIGHT, height);
        }
        canvas
    }

    fn first_cell(&self, columns: &Columns) -> Role {
        match self.kind {
            Kind::Section(_) | Kind::Comment(_) => Role::WideCell(columns.count()),
            Kind::Subtotal { .. } => Role::WideCell(columns.count() - 1),
            Kind::Line(_) => Role::Cell,
        }
    }

    /// The lines `from..to` of the first cell.
    fn text(&self, canvas: &mut Canvas, columns: &Columns, (from, to): (usize, usize), top: f32) {
        match &self.kind {
            Kind::Section(lines) => {
                canvas.lines(MARGIN, top, BODY.bold(), &lines[from..to]);
            }
            Kind::Comment(lines) => {
                canvas.lines(MARGIN, top, BODY.in_color(SECOND), &lines[from..to]);
            }
            Kind::Subtotal { label, amount } => {
                let style = BODY.in_color(SECOND);
                let amount_left = columns.total - width(style.tabular(), amount);
                let right = columns
                    .vat
                    .unwrap_or(columns.price)
                    .min(amount_left - 2.0 * GUTTER);
                for (index, text) in label[from..to].iter().enumerate() {
                    canvas.line_ending(right, below(top, index), style, text);
                }
            }
            Kind::Line(words) => words.describe(canvas, from, to, top),
        }
    }

    fn other_cells(&self, canvas: &mut Canvas, columns: &Columns, count: usize, top: f32) {
        match &self.kind {
            Kind::Section(_) | Kind::Comment(_) => {}
            Kind::Subtotal { amount, .. } => canvas.part(Role::Cell, |canvas| {
                let style = BODY.in_color(SECOND).tabular();
                canvas.line_ending(columns.total, top, style, amount);
            }),
            Kind::Line(words) => words.figures(canvas, columns, count, top),
        }
    }
}
