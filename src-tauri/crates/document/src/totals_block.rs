//! VAT summary at the left, totals at the right. Every figure comes from `domain::invoice::totals`.

use acquit_domain::Cents;
use acquit_domain::invoice::{Deduction, Earlier, EarlierKind};
use acquit_domain::money::french_amount;
use acquit_domain::vat::VatTreatment;

use crate::display::Role;
use crate::fonts::width;
use crate::layout::Canvas;
use crate::paper::{Kind, View};
use crate::text::wrap;
use crate::theme::{BODY, GUTTER, HEADING, INK, MARGIN, RIGHT, ROW_PADDING, Style, WIDTH};
use crate::words;

const SUMMARY_WIDTH: f32 = 0.457 * WIDTH;
const BETWEEN: f32 = 30.0;

/// Draws both, side by side.
pub(crate) fn draw(view: &View<'_>) -> Canvas {
    let mut canvas = Canvas::default();
    if !view.seller.franchise {
        canvas.place(0.0, summary(view));
    }
    canvas.place(0.0, totals(view));
    canvas
}

/// Base and VAT per rate (CGI ann. II art. 242 nonies A, I-11°).
fn summary(view: &View<'_>) -> Canvas {
    let right = MARGIN + SUMMARY_WIDTH;
    let rates = &view.totals.by_rate;
    let widest = |amounts: &dyn Fn(usize) -> Cents| {
        let widths =
            (0..rates.len()).map(|index| width(BODY.tabular(), &french_amount(amounts(index))));
        widths.fold(62.0, f32::max)
    };
    let base_right = right - widest(&|index| rates[index].vat) - GUTTER;
    let mut canvas = Canvas::default();
    canvas.part(Role::Table, |canvas| {
        canvas.part(Role::Row, |canvas| {
            let style = Style {
                leading_pt: BODY.leading_pt,
                ..HEADING
            };
            let cell = |canvas: &mut Canvas, right: Option<f32>, text: &str| {
                canvas.part(Role::HeaderCell, |canvas| match right {
                    Some(right) => {
                        canvas.line_ending(right, ROW_PADDING, style, text);
                    }
                    None => {
                        canvas.line(MARGIN, ROW_PADDING, style, text);
                    }
                });
            };
            cell(canvas, None, words::VAT);
            cell(canvas, Some(base_right), words::BASE);
            cell(canvas, Some(right), words::VAT_AMOUNT);
        });
        let mut top = BODY.leading_pt + 2.0 * ROW_PADDING;
        canvas.rule(MARGIN, right, top, INK);
        for rate in rates {
            canvas.part(Role::Row, |canvas| {
                let vat = match rate.treatment.rate() {
                    Some(_) => french_amount(rate.vat),
                    None => words::NO_AMOUNT.to_owned(),
                };
                let figure = |canvas: &mut Canvas, right: f32, text: &str| {
                    canvas.part(Role::Cell, |canvas| {
                        canvas.line_ending(right, top + ROW_PADDING, BODY.tabular(), text);
                    });
                };
                canvas.part(Role::RowHeader, |canvas| {
                    let name = words::rate_in_full(rate.treatment);
                    canvas.line(MARGIN, top + ROW_PADDING, BODY, &name);
                });
                figure(canvas, base_right, &french_amount(rate.base));
                figure(canvas, right, &vat);
            });
            top += BODY.leading_pt + 2.0 * ROW_PADDING;
            canvas.hairline(MARGIN, right, top);
        }
        canvas.grow(top + 0.3);
    });
    canvas
}

/// One row of the totals.
struct Total {
    label: String,
    amount: Option<Cents>,
    strong: bool,
}

impl Total {
    fn new(label: impl Into<String>, amount: Cents) -> Self {
        Self {
            label: label.into(),
            amount: Some(amount),
            strong: false,
        }
    }

    fn strong(self) -> Self {
        Self {
            strong: true,
            ..self
        }
    }
}

fn totals(view: &View<'_>) -> Canvas {
    let left = MARGIN + SUMMARY_WIDTH + BETWEEN;
    let mut canvas = Canvas::default();
    let rows = rows(view);
    canvas.part(Role::Table, |canvas| {
        let mut top = 0.0;
        for (index, row) in rows.iter().enumerate() {
            if index > 0 {
                canvas.hairline(left, RIGHT, top);
            }
            let style = if row.strong { BODY.bold() } else { BODY };
            let amount = row.amount.map(french_amount).unwrap_or_default();
            let room = RIGHT - left - width(style.tabular(), &amount) - GUTTER;
            let label = wrap(style, &row.label, room);
            canvas.part(Role::Row, |canvas| {
                let mut bottom = top;
                let label_cell = match row.amount {
                    Some(_) => Role::RowHeader,
                    None => Role::WideCell(2),
                };
                canvas.part(label_cell, |canvas| {
                    bottom = canvas.lines(left, top + ROW_PADDING, style, &label);
                });
                if row.amount.is_some() {
                    canvas.part(Role::Cell, |canvas| {
                        canvas.line_ending(RIGHT, top + ROW_PADDING, style.tabular(), &amount);
                    });
                }
                top = bottom + ROW_PADDING;
            });
        }
        canvas.hairline(left, RIGHT, top);
        canvas.grow(top + 0.3);
    });
    canvas
}

/// When a retention is to be released, or what stands in for it; a credit note gives up both.
fn held(view: &View<'_>, deduction: &Deduction) -> Option<String> {
    if view.credits.is_some() {
        None
    } else if deduction.bond {
        Some(words::BOND.to_owned())
    } else {
        deduction.release_on.map(words::to_release)
    }
}

/// An earlier situation, in a row for each of its rates, as the XML has it.
fn taken_back(situation: &Earlier) -> Vec<Total> {
    let bases = situation.bases();
    let has_several = bases.len() > 1;
    let row = |(treatment, base): (VatTreatment, Cents)| {
        let label = if has_several {
            words::earlier_at(situation, treatment)
        } else {
            words::earlier(situation)
        };
        Total::new(label, -base)
    };
    bases.into_iter().map(row).collect()
}

fn rows(view: &View<'_>) -> Vec<Total> {
    let totals = view.totals;
    let mut rows = Vec::new();
    let of_kind = |what| {
        let earlier = view.content.earlier.iter();
        earlier.filter(move |one| one.what == what)
    };
    let lines: Cents = totals.by_rate.iter().map(|rate| rate.lines).sum();
    let before: Cents = totals.by_rate.iter().map(|rate| rate.earlier).sum();
    let is_discounted = !view.content.discount.is_zero();
    let continues = view.content.continues_situations();
    // In the order of EN 16931: the sum of the lines (BT-106), earlier situations taken back among them,
    // comes before the discount of the whole.
    if continues {
        let so_far = if is_discounted {
            words::DONE_SO_FAR_BEFORE_DISCOUNT
        } else {
            words::DONE_SO_FAR
        };
        rows.push(Total::new(so_far, lines));
        rows.extend(of_kind(EarlierKind::Situation).flat_map(taken_back));
    }
    if is_discounted {
        rows.push(Total::new(words::NET_BEFORE_DISCOUNT, lines - before));
        let label = words::discount(view.content.discount, continues);
        rows.push(Total::new(label, -totals.discount));
    }
    if view.seller.franchise {
        rows.push(Total::new(words::NET, totals.net).strong());
        rows.push(Total {
            label: words::FRANCHISE.to_owned(),
            amount: None,
            strong: false,
        });
    } else {
        rows.push(Total::new(words::NET, totals.net));
        if view.charges_vat() {
            rows.push(Total::new(words::VAT, totals.vat));
        }
        rows.push(Total::new(words::GROSS, totals.gross).strong());
    }
    let deposits = of_kind(EarlierKind::Deposit);
    rows.extend(deposits.map(|one| Total::new(words::earlier(one), -one.gross())));
    for (index, deduction) in totals.deductions.iter().enumerate() {
        let said = view.content.deductions.get(index);
        let mut label = words::deduction(deduction.kind, said.map(|said| said.value));
        label.extend(said.and_then(|said| held(view, said)));
        rows.push(Total {
            label,
            amount: deduction.amount.is_positive().then(|| -deduction.amount),
            strong: false,
        });
    }
    if totals.net_due != totals.gross {
        let label = if view.kind == Kind::Credit {
            words::CREDIT
        } else {
            words::NET_DUE
        };
        rows.push(Total::new(label, totals.net_due).strong());
    }
    rows
}
