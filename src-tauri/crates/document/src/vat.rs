//! A VAT return (*TVA exigible*): base and VAT due per rate, then every movement behind the figures.

use acquit_domain::Cents;
use acquit_domain::company::Company;
use acquit_domain::date::french_short;
use acquit_domain::money::french_amount;
use acquit_domain::numbering::DocumentNumber;
use acquit_domain::vat::{StandardRate, VatBasis, VatTreatment};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::display::{Page, Role};
use crate::error::Error;
use crate::fonts::width;
use crate::layout::{Canvas, Flow};
use crate::letterhead::{self, Letterhead};
use crate::logo::Logo;
use crate::paper::Marks;
use crate::table::{CARRY_HEIGHT, carry};
use crate::text::{fitted, wrap_some};
use crate::theme::{
    BODY, GUTTER, HEADING, INK, MARGIN, RIGHT, ROW_PADDING, SECOND, Style, THIRD, WIDTH,
};
use crate::{vat_words, words};

/// Between two columns.
const BETWEEN: f32 = 1.5 * GUTTER;
/// Widest a number may be: all other columns stand beside it.
const NUMBER_WIDTH_MAX: f32 = 120.0;
/// Width of the sums per rate.
const SUMS_WIDTH: f32 = 0.5 * WIDTH;
/// Height of a row of one line.
const ROW_HEIGHT: f32 = BODY.leading_pt + 2.0 * ROW_PADDING;

/// VAT that fell due in a period.
#[derive(Clone, Copy, Debug)]
pub struct VatPaper<'a> {
    /// The seller.
    pub company: &'a Company,
    /// The seller's logo.
    pub logo: Option<&'a Logo>,
    /// The period in French: `novembre 2026`.
    pub period: &'a str,
    /// The company's basis.
    pub basis: VatBasis,
    /// The day that it is made.
    pub date: Date,
    /// Dates the PDF itself.
    pub made_at: Timestamp,
    /// What every page must say about the file.
    pub marks: Marks,
    /// What fell due per rate, in the order in which it is printed.
    pub rates: &'a [VatSum],
    /// The list behind, in the order in which it is printed.
    pub lines: &'a [VatLine],
}

/// What fell due at a rate, in cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VatSum {
    /// The rate.
    pub rate: StandardRate,
    /// Base excl. VAT.
    pub base: Cents,
    /// VAT due.
    pub vat: Cents,
}

/// A movement of VAT due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VatLine {
    /// Its day.
    pub date: Date,
    /// Number of the invoice.
    pub document: DocumentNumber,
    /// What names the event, if it is not the invoice.
    pub piece: Option<String>,
    /// Name of the customer.
    pub customer: String,
    /// Why, in French.
    pub cause: &'static str,
    /// Rate, base and VAT.
    pub sum: VatSum,
}

/// The title of the whole.
pub(crate) fn heading(paper: &VatPaper<'_>) -> String {
    vat_words::heading(paper.period)
}

/// Lays the whole return out.
pub(crate) fn pages(paper: &VatPaper<'_>) -> Result<Vec<Page>, Error> {
    let heading = heading(paper);
    let letterhead = Letterhead {
        seller: paper.company,
        logo: paper.logo,
        buyer: None,
        heading: &heading,
        marks: letterhead::marks(paper.marks, &[]),
        reissue: None,
    };
    let texts = [vat_words::basis(paper.basis), vat_words::LEDGER];
    let about = letterhead::subject(vat_words::ABOUT, &texts);
    let mut flow = letterhead.begin(&[words::made_on(paper.date)], about)?;
    let sums = sums(paper.rates);
    flow.need(sums.height);
    flow.put(sums);
    flow.gap(18.0);
    if paper.lines.is_empty() {
        let mut nothing = Canvas::default();
        nothing.part(Role::Paragraph, |canvas| {
            canvas.text(MARGIN, 0.0, WIDTH, BODY, vat_words::NOTHING);
        });
        flow.put(nothing);
    } else {
        list(paper.lines, &mut flow);
    }
    Ok(letterhead.finish(flow))
}

fn rate(rate: StandardRate) -> String {
    words::rate_in_full(VatTreatment::Standard(rate))
}

/// A row of the sums: a name, base and VAT.
struct Sum {
    name: String,
    base: Cents,
    vat: Cents,
    style: Style,
}

/// Base and VAT per rate, and their sums.
fn sums(rates: &[VatSum]) -> Canvas {
    let mut rows: Vec<Sum> = rates
        .iter()
        .map(|sum| Sum {
            name: rate(sum.rate),
            base: sum.base,
            vat: sum.vat,
            style: BODY,
        })
        .collect();
    rows.push(Sum {
        name: vat_words::TOTAL.to_owned(),
        base: rates.iter().map(|sum| sum.base).sum(),
        vat: rates.iter().map(|sum| sum.vat).sum(),
        style: BODY.bold(),
    });
    let right = MARGIN + SUMS_WIDTH;
    let widest = rows
        .iter()
        .map(|row| width(row.style.tabular(), &french_amount(row.vat)));
    let base_right = right - widest.fold(width(HEADING, vat_words::DUE), f32::max) - BETWEEN;
    let mut canvas = Canvas::default();
    canvas.part(Role::Table, |canvas| {
        canvas.part(Role::Row, |canvas| {
            words_at(canvas, MARGIN, vat_words::RATE);
            figures_at(canvas, base_right, words::BASE);
            figures_at(canvas, right, vat_words::DUE);
        });
        let mut top = HEADING.leading_pt + 4.5;
        canvas.rule(MARGIN, right, top, INK);
        for row in &rows {
            let line = top + ROW_PADDING;
            canvas.part(Role::Row, |canvas| {
                canvas.part(Role::RowHeader, |canvas| {
                    canvas.line(MARGIN, line, row.style, &row.name);
                });
                for (edge, amount) in [(base_right, row.base), (right, row.vat)] {
                    canvas.part(Role::Cell, |canvas| {
                        let amount = french_amount(amount);
                        canvas.line_ending(edge, line, row.style.tabular(), &amount);
                    });
                }
            });
            top += ROW_HEIGHT;
            canvas.hairline(MARGIN, right, top);
        }
        canvas.grow(top + 0.3);
    });
    canvas
}

fn words_at(canvas: &mut Canvas, left: f32, text: &str) {
    canvas.part(Role::HeaderCell, |canvas| {
        canvas.line(left, 0.0, HEADING, text);
    });
}

fn figures_at(canvas: &mut Canvas, right: f32, text: &str) {
    canvas.part(Role::HeaderCell, |canvas| {
        canvas.line_ending(right, 0.0, HEADING, text);
    });
}

/// Where the columns of the list stand. Figures end at their edge, words start at theirs.
#[derive(Clone, Copy)]
struct Columns {
    document: f32,
    customer: f32,
    customer_width: f32,
    cause: f32,
    rate: f32,
    base: f32,
}

impl Columns {
    fn measure(lines: &[VatLine]) -> Self {
        let widest = |style: Style, heading: &str, cell: &dyn Fn(&VatLine) -> String| {
            let cells = lines.iter().map(|line| width(style, &cell(line)));
            cells.fold(width(HEADING, heading), f32::max)
        };
        let figures = BODY.tabular();
        let date = widest(figures, vat_words::DATE, &|line| french_short(line.date));
        let number = widest(BODY, vat_words::INVOICE, &|line| line.document.to_string());
        let cause = widest(BODY, vat_words::CAUSE, &|line| line.cause.to_owned());
        let rates = widest(figures, vat_words::RATE, &|line| rate(line.sum.rate));
        let bases = widest(figures, words::BASE, &|line| french_amount(line.sum.base));
        let vats = widest(figures, words::VAT, &|line| french_amount(line.sum.vat));
        let base = RIGHT - vats - BETWEEN;
        let rate = base - bases - BETWEEN;
        let cause = rate - rates - BETWEEN - cause;
        let document = MARGIN + date + BETWEEN;
        let customer = document + number.min(NUMBER_WIDTH_MAX) + BETWEEN;
        Self {
            document,
            customer,
            customer_width: cause - BETWEEN - customer,
            cause,
            rate,
            base,
        }
    }
}

/// The list, with what is carried over where it goes on on the next page.
fn list(lines: &[VatLine], flow: &mut Flow) {
    let columns = Columns::measure(lines);
    let head = head(columns);
    let head_again = head.repeated();
    let mut title = Canvas::default();
    title.part(Role::Heading, |canvas| {
        canvas.line(MARGIN, 0.0, BODY.bold(), vat_words::BEHIND);
    });
    title.grow(BODY.leading_pt + 6.0);
    flow.need(title.height + head.height + 2.0 * ROW_HEIGHT + CARRY_HEIGHT);
    flow.put(title);
    flow.open(Role::Table);
    flow.put(head);
    let mut carried = Cents::ZERO;
    for (index, line) in lines.iter().enumerate() {
        let row = row(line, columns);
        let below = if index + 1 == lines.len() {
            0.0
        } else {
            CARRY_HEIGHT
        };
        if row.height + below > flow.room() && index > 0 {
            flow.put(carry(words::TO_CARRY, carried));
            flow.turn_page();
            flow.put(head_again.clone());
            flow.put(carry(words::CARRIED, carried));
        }
        carried += line.sum.vat;
        flow.put(row);
    }
    flow.close();
}

fn head(columns: Columns) -> Canvas {
    let mut canvas = Canvas::default();
    canvas.part(Role::Row, |canvas| {
        words_at(canvas, MARGIN, vat_words::DATE);
        words_at(canvas, columns.document, vat_words::INVOICE);
        words_at(canvas, columns.customer, vat_words::CUSTOMER);
        words_at(canvas, columns.cause, vat_words::CAUSE);
        figures_at(canvas, columns.rate, vat_words::RATE);
        figures_at(canvas, columns.base, words::BASE);
        figures_at(canvas, RIGHT, words::VAT);
    });
    let bottom = HEADING.leading_pt + 4.5;
    canvas.rule(MARGIN, RIGHT, bottom, INK);
    canvas.grow(bottom + 0.3);
    canvas
}

fn row(line: &VatLine, columns: Columns) -> Canvas {
    let top = ROW_PADDING;
    let mut canvas = Canvas::default();
    canvas.part(Role::Row, |canvas| {
        canvas.part(Role::Cell, |canvas| {
            let date = french_short(line.date);
            canvas.line(MARGIN, top, BODY.tabular(), &date);
        });
        canvas.part(Role::RowHeader, |canvas| {
            let number = line.document.to_string();
            let style = fitted(BODY, &number, NUMBER_WIDTH_MAX);
            canvas.line(columns.document, top, style, &number);
        });
        canvas.part(Role::Cell, |canvas| {
            let names = wrap_some(BODY, &line.customer, columns.customer_width);
            let below = canvas.lines(columns.customer, top, BODY, &names);
            if let Some(piece) = &line.piece {
                let style = fitted(BODY.in_color(THIRD), piece, columns.customer_width);
                canvas.line(columns.customer, below, style, piece);
            }
        });
        canvas.part(Role::Cell, |canvas| {
            canvas.line(columns.cause, top, BODY.in_color(SECOND), line.cause);
        });
        let figures = [
            (columns.rate, rate(line.sum.rate)),
            (columns.base, french_amount(line.sum.base)),
            (RIGHT, french_amount(line.sum.vat)),
        ];
        for (edge, text) in figures {
            canvas.part(Role::Cell, |canvas| {
                canvas.line_ending(edge, top, BODY.tabular(), &text);
            });
        }
    });
    let bottom = canvas.height + ROW_PADDING;
    canvas.hairline(MARGIN, RIGHT, bottom);
    canvas.grow(bottom);
    canvas
}
