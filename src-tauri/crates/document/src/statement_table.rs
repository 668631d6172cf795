//! The lines of a statement: columns as wide as what stands in them, one row for each invoice, and
//! what is carried over where the table goes on on the next page.

use acquit_domain::Cents;
use acquit_domain::date::french_short;
use acquit_domain::money::{french_amount, french_euros};
use acquit_domain::statement::Owed;

use crate::display::{Area, Item, Role};
use crate::error::Error;
use crate::fonts::{baseline, width};
use crate::layout::{Canvas, Flow};
use crate::qr::check_url;
use crate::statement::{StatementLine, StatementLink};
use crate::table::{CARRY_HEIGHT, carry};
use crate::text::{fitted, wrap_some};
use crate::theme::{
    ACCENT, BODY, GUTTER, HEADING, INK, LATE, MARGIN, RIGHT, ROW_PADDING, Style, THIRD,
};
use crate::words;

/// Between two columns.
const BETWEEN: f32 = 1.5 * GUTTER;
/// Widest a number may be: all other columns stand beside it.
const NUMBER_WIDTH_MAX: f32 = 120.0;
/// Between a text and the line below it.
const UNDERLINE: f32 = 1.6;

/// Where the columns stand. Figures and due dates end at their edge, words start at theirs.
#[derive(Clone, Copy, Debug)]
struct Columns {
    issued: f32,
    due: f32,
    title: f32,
    title_width: f32,
    gross: f32,
    lowered: f32,
    /// Heading of what lowered the totals.
    lowered_heading: &'static str,
}

/// Lays the table out. `keep` points below its last line stay on the same page as that line.
pub(crate) fn flow(lines: &[StatementLine], flow: &mut Flow, keep: f32) -> Result<(), Error> {
    let columns = Columns::measure(lines);
    let head = head(&columns);
    let head_again = head.repeated();
    flow.open(Role::Table);
    flow.put(head);
    let mut carried = Cents::ZERO;
    for (index, line) in lines.iter().enumerate() {
        let row = row(line, &columns)?;
        let below = if index + 1 == lines.len() {
            keep
        } else {
            CARRY_HEIGHT
        };
        if row.height + below > flow.room() && index > 0 {
            flow.put(carry(words::TO_CARRY, carried));
            flow.turn_page();
            flow.put(head_again.clone());
            flow.put(carry(words::CARRIED, carried));
        }
        carried += line.owed.remaining;
        flow.put(row);
    }
    flow.close();
    Ok(())
}

impl Columns {
    fn measure(lines: &[StatementLine]) -> Self {
        let widest = |style: Style, heading: &str, words: &dyn Fn(&Owed) -> String| {
            let cells = lines.iter().map(|line| width(style, &words(&line.owed)));
            cells.fold(width(HEADING, heading), f32::max)
        };
        let amounts = |heading: &str, amount: fn(&Owed) -> Cents| {
            widest(BODY.tabular(), heading, &|owed| french_amount(amount(owed)))
        };
        let deducts = lines.iter().any(|line| !line.owed.deducted.is_zero());
        let lowered_heading = if deducts {
            words::PAID_OR_DEDUCTED
        } else {
            words::PAID
        };
        let number = widest(BODY, words::NUMBER, &|owed| owed.number.to_string());
        let number = number.min(NUMBER_WIDTH_MAX);
        let figures = BODY.tabular();
        let issue_date = widest(figures, words::ISSUED, &|owed| {
            french_short(owed.issue_date)
        });
        let due_date = widest(figures, words::DUE, &|owed| french_short(owed.due_date));
        let remaining = amounts(words::STILL_DUE, |owed| owed.remaining);
        let lowered = RIGHT - remaining.max(width(BODY, words::PAY_LINE)) - BETWEEN;
        let gross = lowered - amounts(lowered_heading, |owed| owed.lowered) - BETWEEN;
        let issued = MARGIN + number + BETWEEN;
        let due = issued + issue_date + BETWEEN + due_date;
        let title = due + BETWEEN;
        Self {
            issued,
            due,
            title,
            title_width: gross - amounts(words::INCL_VAT, |owed| owed.gross) - BETWEEN - title,
            gross,
            lowered,
            lowered_heading,
        }
    }
}

fn head(columns: &Columns) -> Canvas {
    let mut canvas = Canvas::default();
    canvas.part(Role::Row, |canvas| {
        let words_at = |canvas: &mut Canvas, left: f32, text: &str| {
            canvas.part(Role::HeaderCell, |canvas| {
                canvas.line(left, 0.0, HEADING, text);
            });
        };
        let figures_at = |canvas: &mut Canvas, right: f32, text: &str| {
            canvas.part(Role::HeaderCell, |canvas| {
                canvas.line_ending(right, 0.0, HEADING, text);
            });
        };
        words_at(canvas, MARGIN, words::NUMBER);
        words_at(canvas, columns.issued, words::ISSUED);
        figures_at(canvas, columns.due, words::DUE);
        words_at(canvas, columns.title, words::SUBJECT);
        figures_at(canvas, columns.gross, words::INCL_VAT);
        figures_at(canvas, columns.lowered, columns.lowered_heading);
        figures_at(canvas, RIGHT, words::STILL_DUE);
    });
    let bottom = HEADING.leading_pt + 4.5;
    canvas.rule(MARGIN, RIGHT, bottom, INK);
    canvas.grow(bottom + 0.3);
    canvas
}

fn row(line: &StatementLine, columns: &Columns) -> Result<Canvas, Error> {
    if let Some(link) = &line.link {
        check_url(&link.url)?;
    }
    let owed = &line.owed;
    let (top, below) = (ROW_PADDING, ROW_PADDING + BODY.leading_pt);
    let mut canvas = Canvas::default();
    canvas.part(Role::Row, |canvas| {
        let figure = |canvas: &mut Canvas, right: f32, style: Style, text: &str| {
            canvas.part(Role::Cell, |canvas| {
                canvas.line_ending(right, top, style.tabular(), text);
            });
        };
        canvas.part(Role::RowHeader, |canvas| {
            let number = owed.number.to_string();
            let style = fitted(BODY, &number, NUMBER_WIDTH_MAX);
            canvas.line(MARGIN, top, style, &number);
        });
        canvas.part(Role::Cell, |canvas| {
            let date = french_short(owed.issue_date);
            canvas.line(columns.issued, top, BODY.tabular(), &date);
        });
        canvas.part(Role::Cell, |canvas| {
            let date = french_short(owed.due_date);
            canvas.line_ending(columns.due, top, BODY.tabular(), &date);
            if owed.days_late > 0 {
                let late = words::days_late(owed.days_late);
                canvas.line_ending(columns.due, below, BODY.in_color(LATE), &late);
            }
        });
        title(canvas, owed, columns, top);
        figure(canvas, columns.gross, BODY, &french_amount(owed.gross));
        figure(canvas, columns.lowered, BODY, &french_amount(owed.lowered));
        canvas.part(Role::Cell, |canvas| {
            let remaining = french_amount(owed.remaining);
            canvas.line_ending(RIGHT, top, BODY.bold().tabular(), &remaining);
            if let Some(link) = &line.link {
                pay(canvas, owed, link, below);
            }
        });
    });
    let bottom = canvas.height + ROW_PADDING;
    canvas.hairline(MARGIN, RIGHT, bottom);
    canvas.grow(bottom);
    Ok(canvas)
}

/// What the works are about, and what was taken off besides payments.
fn title(canvas: &mut Canvas, owed: &Owed, columns: &Columns, top: f32) {
    let text = owed.title.as_deref().unwrap_or_default();
    canvas.part(Role::Cell, |canvas| {
        let lines = wrap_some(BODY, text, columns.title_width);
        let bottom = canvas.lines(columns.title, top, BODY, &lines);
        if !owed.deducted.is_zero() {
            let style = BODY.in_color(THIRD);
            let deducted = words::deducted(&french_euros(owed.deducted));
            canvas.text(columns.title, bottom, columns.title_width, style, &deducted);
        }
    });
}

/// The words that lead to the payment page, underlined: no colour is the only sign.
fn pay(canvas: &mut Canvas, owed: &Owed, link: &StatementLink, top: f32) {
    let style = BODY.in_color(ACCENT);
    let contents = words::pay_invoice(owed.number, &french_euros(owed.remaining));
    canvas.described(Role::Link, &contents, |canvas| {
        let left = canvas.line_ending(RIGHT, top, style, words::PAY_LINE);
        canvas.rule(left, RIGHT, top + baseline(&style) + UNDERLINE, ACCENT);
        canvas.items.push(Item::Link {
            area: Area::new(left, top, RIGHT - left, style.leading_pt),
            url: link.url.clone(),
            contents: contents.clone(),
        });
    });
}
