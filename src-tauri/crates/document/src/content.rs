//! The content of one page as PDF operators (ISO 32000-1, 8 and 9), each thing marked as a part of the
//! structure or as an artifact. Written by hand: printpdf's way takes several times as long and as
//! many bytes.

use std::collections::BTreeMap;

use crate::display::{Area, Brush, Item, Modules, Role, Turn};
use crate::file::literal;
use crate::fonts::{self, Face, Run};
use crate::qr::dark_runs;
use crate::subset::Subset;
use crate::tags::{Artifact, Place, Tree};
use crate::theme::{PAGE_HEIGHT_PT, Rgb};

/// Name of the logo among the resources.
pub(crate) const LOGO: &str = "Logo";
/// Handle of a circle's quarter as a cubic curve.
const KAPPA: f32 = 0.552_284_8;
/// How far a glyph may stand from its place, in thousandths of an em: a fiftieth of a point in running
/// text. What would be nearer is not corrected, which keeps texts in few pieces.
const ASTRAY_MAX: f32 = 2.5;

/// Draws a page; gives back its content stream.
pub(crate) fn content(items: &[Item], faces: &BTreeMap<Face, Subset>, tree: &mut Tree) -> Vec<u8> {
    let mut pen = Pen {
        faces,
        tree,
        out: Operators::default(),
        fill: None,
        marked: None,
    };
    pen.draw_all(items);
    pen.end_mark();
    pen.out.bytes
}

/// Draws what a page shows.
struct Pen<'a> {
    faces: &'a BTreeMap<Face, Subset>,
    tree: &'a mut Tree,
    out: Operators,
    /// The colour that fills now.
    fill: Option<Rgb>,
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
        match place {
            Place::Element(element) => {
                let (tag, mcid) = self.tree.mark(element);
                self.out.text(&format!("/{tag} <</MCID {mcid}>> BDC\n"));
            }
            Place::Artifact(artifact) => self.out.artifact(artifact),
        }
        self.marked = Some(place);
    }

    fn end_mark(&mut self) {
        if self.marked.take().is_some() {
            self.out.text("EMC\n");
        }
    }

    fn filling(&mut self, color: Rgb) {
        if self.fill != Some(color) {
            self.out.color(color, "rg");
            self.fill = Some(color);
        }
    }
}

impl Brush for Pen<'_> {
    fn panel(&mut self, area: Area, radius: f32, fill: Option<Rgb>, outline: Option<(Rgb, f32)>) {
        self.decoration();
        if let Some(color) = fill {
            self.filling(color);
            self.out.ring(area, radius);
            self.out.text("f\n");
        }
        if let Some((color, thickness)) = outline {
            self.out.outlining(color, thickness);
            self.out.ring(area, radius);
            self.out.text("S\n");
        }
    }

    fn rule(&mut self, left: f32, right: f32, at: f32, thickness: f32, color: Rgb) {
        self.decoration();
        self.out.outlining(color, thickness);
        self.out.point(left, at, "m");
        self.out.point(right, at, "l");
        self.out.text("S\n");
    }

    fn logo(&mut self, area: Area) {
        self.tree.bound(area);
        self.content();
        self.out.text("q\n");
        self.out
            .placed(area, area.bottom(), (area.width, area.height));
        self.out.text(&format!("/{LOGO} Do\nQ\n"));
    }

    /// One shape for all modules, one unit each: no hairlines between neighbours.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a code has at most 177 modules a side"
    )]
    fn code(&mut self, area: Area, modules: &Modules) {
        self.tree.bound(area);
        self.content();
        self.filling([0, 0, 0]);
        let module = area.width / modules.side as f32;
        self.out.text("q\n");
        self.out.placed(area, area.top, (module, -module));
        for (row, column, length) in dark_runs(modules) {
            self.out.text(&format!("{column} {row} {length} 1 re\n"));
        }
        self.out.text("f\nQ\n");
    }

    fn turned(&mut self, turn: Turn, items: &[Item]) {
        // The page's axis goes up: clockwise to the eye is negative here.
        let (sine, cosine) = (-turn.degrees).to_radians().sin_cos();
        let (x, y) = (turn.x, PAGE_HEIGHT_PT - turn.y);
        let (across, up) = (x - x * cosine + y * sine, y - x * sine - y * cosine);
        // Marked sequences lie wholly inside or outside what is turned.
        self.end_mark();
        self.out.text(&format!(
            "q\n{cosine:.6} {sine:.6} {minus:.6} {cosine:.6} ",
            minus = -sine
        ));
        self.out.numbers(&[across, up], "cm");
        self.draw_all(items);
        self.end_mark();
        self.out.text("Q\n");
        self.fill = None;
    }

    fn text(&mut self, left: f32, baseline: f32, run: &Run) {
        let Some(subset) = self.faces.get(&run.style.face) else {
            return;
        };
        self.content();
        self.filling(run.style.color);
        self.out.text(&format!("BT\n/{} ", run.style.face.name()));
        self.out.numbers(&[run.style.size_pt], "Tf");
        self.out.point(left, baseline, "Td");
        self.out.glyphs(run, subset);
        self.out.text("ET\n");
    }

    fn link(&mut self) {
        self.tree.link();
    }

    fn open(&mut self, role: Role, alternate: Option<&str>) {
        self.tree.open(role, alternate);
    }

    fn close(&mut self) {
        self.tree.close();
    }
}

/// Operators and their operands as text.
#[derive(Default)]
struct Operators {
    bytes: Vec<u8>,
}

impl Operators {
    fn text(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// At most three decimals: thousandths of a point are more than any printer shows.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "positions on a page, in thousandths"
    )]
    fn number(&mut self, value: f32) {
        let thousandths = (value * 1000.0).round() as i32;
        if thousandths < 0 {
            self.text("-");
        }
        let thousandths = thousandths.unsigned_abs();
        let (whole, mut rest) = (thousandths / 1000, thousandths % 1000);
        self.whole(whole);
        if rest > 0 {
            self.text(".");
        }
        let mut place = 100;
        while rest > 0 {
            self.whole(rest / place);
            rest %= place;
            place /= 10;
        }
    }

    fn whole(&mut self, number: u32) {
        if number >= 10 {
            self.whole(number / 10);
        }
        let digit = char::from_digit(number % 10, 10).unwrap_or('0');
        self.text(digit.encode_utf8(&mut [0; 4]));
    }

    fn numbers(&mut self, values: &[f32], operator: &str) {
        for value in values {
            self.number(*value);
            self.text(" ");
        }
        self.text(operator);
        self.text("\n");
    }

    /// A point on the page, whose axis goes up.
    fn point(&mut self, left: f32, top: f32, operator: &str) {
        self.numbers(&[left, PAGE_HEIGHT_PT - top], operator);
    }

    /// Units of this size from the left edge of an area on.
    fn placed(&mut self, area: Area, origin: f32, (across, up): (f32, f32)) {
        let (x, y) = (area.left, PAGE_HEIGHT_PT - origin);
        self.numbers(&[across, 0.0, 0.0, up, x, y], "cm");
    }

    fn color(&mut self, color: Rgb, operator: &str) {
        self.numbers(&color.map(|part| f32::from(part) / 255.0), operator);
    }

    fn outlining(&mut self, color: Rgb, thickness: f32) {
        self.color(color, "RG");
        self.numbers(&[thickness], "w");
    }

    /// Heads and feet are artifacts of pagination by name (ISO 14289-1, 7.8).
    fn artifact(&mut self, artifact: Artifact) {
        match artifact.pagination() {
            None => self.text("/Artifact BMC\n"),
            Some(subtype) => self.text(&format!(
                "/Artifact <</Type /Pagination /Subtype /{subtype}>> BDC\n"
            )),
        }
    }

    /// The outline of a rectangle, its corners rounded.
    fn ring(&mut self, area: Area, radius: f32) {
        let (left, top, right, bottom) = (area.left, area.top, area.right(), area.bottom());
        if radius <= 0.0 {
            self.point(left, top, "m");
            self.point(right, top, "l");
            self.point(right, bottom, "l");
            self.point(left, bottom, "l");
            return self.text("h\n");
        }
        let bend = radius * (1.0 - KAPPA);
        self.point(left + radius, top, "m");
        self.point(right - radius, top, "l");
        self.curve(
            (right - bend, top),
            (right, top + bend),
            (right, top + radius),
        );
        self.point(right, bottom - radius, "l");
        self.curve(
            (right, bottom - bend),
            (right - bend, bottom),
            (right - radius, bottom),
        );
        self.point(left + radius, bottom, "l");
        self.curve(
            (left + bend, bottom),
            (left, bottom - bend),
            (left, bottom - radius),
        );
        self.point(left, top + radius, "l");
        self.curve((left, top + bend), (left + bend, top), (left + radius, top));
        self.text("h\n");
    }

    /// A cubic curve: two handles and its end.
    fn curve(&mut self, one: (f32, f32), other: (f32, f32), end: (f32, f32)) {
        let points = [one, other, end].map(|(left, top)| [left, PAGE_HEIGHT_PT - top]);
        self.numbers(points.as_flattened(), "c");
    }

    /// The glyphs with the numbers between them that carry kerning, tracking and what rounded widths
    /// leave over, so that the pen is where the layout says to within [`ASTRAY_MAX`].
    fn glyphs(&mut self, run: &Run, subset: &Subset) {
        let em = i32::from(fonts::metrics(run.style.face).units_per_em);
        let mut ahead = 0.0;
        let last = run.glyphs.len().saturating_sub(1);
        self.text("[(");
        for (index, glyph) in run.glyphs.iter().enumerate() {
            let (code, width) = subset.code(glyph.id);
            // Half as long as in hexadecimal.
            literal(&mut self.bytes, &code.to_be_bytes());
            ahead += f32::from(width) - fonts::points(glyph.advance, em, 1000.0);
            if index < last && ahead.abs() >= ASTRAY_MAX {
                let corrected = ahead.round();
                self.text(&format!("){corrected}("));
                ahead -= corrected;
            }
        }
        self.text(")] TJ\n");
    }
}

#[cfg(test)]
mod tests {
    use super::Operators;

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        let written = |value: f32| {
            let mut out = Operators::default();
            out.number(value);
            String::from_utf8(out.bytes).unwrap()
        };
        for (value, expected) in [
            (0.0, "0"),
            (-0.0001, "0"),
            (841.89, "841.89"),
            (-2.137, "-2.137"),
            (0.05, "0.05"),
            (0.001, "0.001"),
            (10.1004, "10.1"),
            (-0.5, "-0.5"),
        ] {
            assert_eq!(written(value), expected);
        }
    }
}
