//! The block that gets the invoice paid, or says that it is: amount, button and QR code of the same
//! page, bank details, receipts, stamp.

use acquit_domain::Cents;
use acquit_domain::company::Company;
use acquit_domain::date::{french_long, french_short};
use acquit_domain::money::{french_amount, french_euros};

use crate::display::{Area, Item, Role, Turn};
use crate::error::Error;
use crate::fonts::width;
use crate::layout::Canvas;
use crate::paper::{Link, PaperMovement, PaperReceipt, PaymentBlock, Situation, View};
use crate::qr;
use crate::text::wrap;
use crate::theme::{
    ACCENT, AMOUNT, AMOUNT_SETTLED, ASKING, BODY, BUTTON, CAPTION, GUTTER, MARGIN, NEUTRAL, RIGHT,
    Rgb, SECOND, SETTLED, STAMP, STAMP_CANCELLED, STAMP_DATE, STAMP_SETTLED, THIRD, WARNING, WHITE,
    WIDTH,
};
use crate::words;

const PADDING_ACROSS: f32 = 13.5;
const PADDING_DOWN: f32 = 12.0;
/// Left edge of what stands in the panel.
pub(crate) const LEFT: f32 = MARGIN + PADDING_ACROSS;
const INNER_RIGHT: f32 = RIGHT - PADDING_ACROSS;
const RADIUS: f32 = 4.5;
/// Width of what is said at the left, where something stands at the right.
pub(crate) const SAID_WIDTH: f32 = 294.0;
const QR_SIDE: f32 = 70.5;
const QR_QUIET: f32 = 5.25;
/// Widest what a transfer quotes may be: an amount with its date stands beside it.
const QUOTED_WIDTH_MAX: f32 = 190.0;
const STAMP_DEGREES: f32 = -7.0;
/// More movements than this are summed up, oldest first.
const MOVEMENTS_MAX: usize = 12;

/// Whether the block itself shows the bank details, so that the foot need not.
pub(crate) fn shows_bank_details(view: &View<'_>) -> bool {
    matches!(view.situation(), Situation::Due { link: None, .. })
}

/// Draws the block.
///
/// # Errors
/// [`Error::LinkUnusable`].
pub(crate) fn draw(view: &View<'_>) -> Result<Canvas, Error> {
    Ok(match view.situation() {
        Situation::Due { remaining, link } => due(view, remaining, link)?,
        Situation::Provisional => provisional(view),
        Situation::Credit { credits } => {
            let mut said = Canvas::default();
            asked(&mut said, words::CREDIT, None, view.totals.net_due);
            let explained = words::credit_explained(credits);
            let top = said.height + 3.0;
            let room = WIDTH - 2.0 * PADDING_ACROSS;
            said.part(Role::Paragraph, |said| {
                said.text(LEFT, top, room, BODY.in_color(SECOND), &explained);
            });
            panel(NEUTRAL, said, Canvas::default())
        }
        Situation::Settled => settled(view),
        Situation::Cancelled => {
            let said = nothing_due(view, words::CANCELLED_BY);
            panel(
                NEUTRAL,
                said,
                stamp(words::STAMP_CANCELLED, None, STAMP_CANCELLED),
            )
        }
    })
}

/// A panel around two canvases, each in the middle of the height.
pub(crate) fn panel(color: Rgb, left: Canvas, right: Canvas) -> Canvas {
    let inner = left.height.max(right.height);
    let mut canvas = Canvas::default();
    let area = Area::new(MARGIN, 0.0, WIDTH, inner + 2.0 * PADDING_DOWN);
    canvas.backdrop(area, RADIUS, color);
    for part in [left, right] {
        canvas.place(PADDING_DOWN + (inner - part.height) / 2.0, part);
    }
    canvas
}

/// What is asked, until when, and how much.
pub(crate) fn asked(canvas: &mut Canvas, words: &str, until: Option<&str>, amount: Cents) {
    let quiet = BODY.in_color(SECOND);
    canvas.part(Role::Paragraph, |canvas| {
        let end = canvas.line(LEFT, 0.0, quiet, words);
        if let Some(until) = until {
            canvas.line(end + width(quiet, " "), 0.0, BODY.bold(), until);
        }
    });
    canvas.part(Role::Paragraph, |canvas| {
        canvas.line(LEFT, BODY.leading_pt + 0.8, AMOUNT, &french_euros(amount));
    });
}

fn due(view: &View<'_>, remaining: Cents, link: Option<Link<'_>>) -> Result<Canvas, Error> {
    let mut said = Canvas::default();
    let title = if remaining == view.totals.net_due {
        words::NET_DUE
    } else {
        words::REMAINING
    };
    ask(&mut said, view, title, remaining);
    if !view.paper.receipts.is_empty() {
        let top = said.height + 3.0;
        let only_paid = view
            .paper
            .receipts
            .iter()
            .all(|one| one.kind == PaperMovement::Received);
        let heading = if only_paid {
            words::ALREADY_PAID
        } else {
            words::SINCE_ISSUED
        };
        said.part(Role::Heading, |said| {
            said.line(LEFT, top, CAPTION, heading);
        });
        let top = said.height + 1.0;
        movements(&mut said, view, top);
        said.grow(said.height + 3.0);
    }
    let right = match link {
        Some(link) => {
            button(&mut said, link, remaining);
            code(link, remaining)?
        }
        None => {
            if view.paper.payment == PaymentBlock::Pending {
                let top = said.height + 3.0;
                quietly(&mut said, top, words::LINK_TO_COME);
            }
            let quoted = view.number.map(words::bank_reference);
            bank_details(view.seller, quoted)
        }
    };
    Ok(panel(ASKING, said, right))
}

/// The amount with its due date, or the delay where no date is known yet.
fn ask(canvas: &mut Canvas, view: &View<'_>, title: &str, amount: Cents) {
    match view.asked_until() {
        Some(date) => {
            let title = format!("{title} {}", words::DUE_BEFORE);
            asked(canvas, &title, Some(&french_long(date)), amount);
        }
        None => {
            let delay = words::due_in_days(view.seller.payment_days);
            asked(canvas, title, Some(&delay), amount);
        }
    }
}

fn provisional(view: &View<'_>) -> Canvas {
    let mut said = Canvas::default();
    ask(&mut said, view, words::NET_DUE, view.totals.net_due);
    let top = said.height + 3.0;
    quietly(&mut said, top, words::NO_LINK_YET);
    panel(NEUTRAL, said, Canvas::default())
}

fn quietly(canvas: &mut Canvas, top: f32, text: &str) {
    canvas.part(Role::Paragraph, |canvas| {
        canvas.line(LEFT, top, BODY.in_color(SECOND), text);
    });
}

/// The button, with the address below it as an annotation.
fn button(canvas: &mut Canvas, link: Link<'_>, amount: Cents) {
    let mut top = canvas.height + 5.0;
    if link.test {
        test_notice(canvas, top);
        top = canvas.height + 4.0;
    }
    let height = BUTTON.leading_pt + 12.0;
    let area = Area::new(LEFT, top, width(BUTTON, words::PAY) + 24.0, height);
    let contents = words::pay_link(&french_euros(amount));
    canvas.panel(area, 3.75, ACCENT);
    canvas.part(Role::Paragraph, |canvas| {
        canvas.described(Role::Link, &contents, |canvas| {
            canvas.line(LEFT + 12.0, top + 6.0, BUTTON, words::PAY);
            canvas.items.push(Item::Link {
                area,
                url: link.url.to_owned(),
                contents: contents.clone(),
            });
        });
    });
    let hint_top = top + (height - 2.0 * CAPTION.leading_pt) / 2.0;
    canvas.part(Role::Paragraph, |canvas| {
        canvas.lines(area.right() + 10.5, hint_top, CAPTION, &words::PAY_HINT);
    });
}

/// Says that nothing is really paid by the links of this document.
pub(crate) fn test_notice(canvas: &mut Canvas, top: f32) {
    canvas.part(Role::Paragraph, |canvas| {
        let end = canvas.line(LEFT, top, BODY.bold().in_color(WARNING), words::TEST_LINK);
        canvas.line(end + GUTTER, top, BODY.in_color(WARNING), words::TEST_HINT);
    });
}

/// The QR code of the same address on white, itself a link.
fn code(link: Link<'_>, amount: Cents) -> Result<Canvas, Error> {
    let modules = qr::modules(link.url)?;
    let mut canvas = Canvas::default();
    let side = QR_SIDE + 2.0 * QR_QUIET;
    let scan_width = width(CAPTION, words::SCAN);
    let middle = INNER_RIGHT - side.max(scan_width) / 2.0;
    let white = Area::new(middle - side / 2.0, 0.0, side, side);
    let area = Area::new(white.left + QR_QUIET, QR_QUIET, QR_SIDE, QR_SIDE);
    let contents = words::qr_code(&french_euros(amount));
    canvas.panel(white, 3.0, WHITE);
    canvas.part(Role::Paragraph, |canvas| {
        canvas.described(Role::Link, &contents, |canvas| {
            canvas.described(Role::Figure, &contents, |canvas| {
                canvas.items.push(Item::Qr { area, modules });
            });
            let url = link.url.to_owned();
            canvas.items.push(Item::Link {
                area: white,
                url,
                contents: contents.clone(),
            });
        });
    });
    canvas.part(Role::Paragraph, |canvas| {
        canvas.line_centred(middle, side + 3.75, CAPTION, words::SCAN);
    });
    Ok(canvas)
}

/// Bank details in full size, with what to quote; nothing without an IBAN.
pub(crate) fn bank_details(seller: &Company, quoted: Option<String>) -> Canvas {
    let mut canvas = Canvas::default();
    let Some(iban) = &seller.iban else {
        return canvas;
    };
    let quiet = BODY.in_color(SECOND);
    let mut lines = vec![(
        BODY,
        format!("IBAN\u{a0}{}", words::grouped(iban.as_str(), &[4])),
    )];
    let bic = seller.bic.as_ref();
    lines.extend(bic.map(|bic| (BODY, format!("BIC\u{a0}{bic}"))));
    let quoted = quoted.map(|quoted| wrap(quiet, &quoted, QUOTED_WIDTH_MAX));
    lines.extend(quoted.into_iter().flatten().map(|line| (quiet, line)));
    let widest = lines
        .iter()
        .map(|(style, text)| width(*style, text))
        .fold(0.0, f32::max);
    let left = INNER_RIGHT - widest;
    canvas.part(Role::Heading, |canvas| {
        canvas.line(left, 0.0, BODY.bold(), words::BY_TRANSFER);
    });
    canvas.part(Role::Paragraph, |canvas| {
        for (style, text) in &lines {
            let top = canvas.height + 0.6;
            canvas.line(left, top, *style, text);
        }
    });
    canvas
}

fn settled(view: &View<'_>) -> Canvas {
    let receipts = view.paper.receipts;
    if !view.was_paid() {
        return panel(
            SETTLED,
            nothing_due(view, words::NOTHING_DUE),
            Canvas::default(),
        );
    }
    let said = nothing_due(view, words::FULLY_PAID);
    let paying = receipts.iter().filter(|receipt| receipt.pays());
    let on = paying.max_by_key(|one| one.date).map(words::settled_on);
    panel(
        SETTLED,
        said,
        stamp(words::STAMP_SETTLED, on.as_deref(), STAMP_SETTLED),
    )
}

/// `Net à payer 0,00 €`, why, and what was received.
fn nothing_due(view: &View<'_>, why: &str) -> Canvas {
    let mut canvas = Canvas::default();
    let quiet = BODY.in_color(SECOND);
    // All three on the baseline of the amount.
    let beside = crate::fonts::baseline(&AMOUNT_SETTLED) - crate::fonts::baseline(&quiet);
    canvas.part(Role::Paragraph, |canvas| {
        let end = canvas.line(LEFT, beside, quiet, words::NET_DUE);
        let amount = french_euros(Cents::ZERO);
        let end = canvas.line(end + 10.5, 0.0, AMOUNT_SETTLED, &amount);
        canvas.line(end + 10.5, beside, quiet, why);
    });
    if !view.paper.receipts.is_empty() {
        let top = canvas.height + 4.5;
        movements(&mut canvas, view, top);
    }
    canvas
}

/// One line of the list of movements.
struct Movement {
    date: String,
    words: String,
    amount: Cents,
    transaction: Option<String>,
}

impl Movement {
    fn of(receipt: &PaperReceipt) -> Self {
        Self {
            date: french_short(receipt.date),
            words: words::receipt(receipt),
            amount: receipt.signed(),
            transaction: receipt.transaction.as_deref().map(words::transaction),
        }
    }
}

fn listed(view: &View<'_>) -> Vec<Movement> {
    let receipts = view.paper.receipts;
    let shown = if receipts.len() > MOVEMENTS_MAX {
        MOVEMENTS_MAX - 1
    } else {
        receipts.len()
    };
    let (earlier, recent) = receipts.split_at(receipts.len() - shown);
    let mut list = Vec::with_capacity(shown + 2);
    if let (Some(first), Some(last)) = (earlier.first(), earlier.last()) {
        list.push(Movement {
            date: String::new(),
            words: words::earlier_receipts(earlier.len(), first.date, last.date),
            amount: earlier.iter().map(PaperReceipt::signed).sum(),
            transaction: None,
        });
    }
    list.extend(recent.iter().map(Movement::of));
    let credit = view
        .paper
        .standing
        .map_or(Cents::ZERO, |standing| standing.customer_credit);
    if credit.is_positive() {
        list.push(Movement {
            date: String::new(),
            words: words::OVERPAID.to_owned(),
            amount: credit,
            transaction: None,
        });
    }
    list
}

/// Date, means, amount, and below it PayPlug's transaction number.
fn movements(canvas: &mut Canvas, view: &View<'_>, top: f32) {
    let quiet = BODY.in_color(SECOND);
    let list = listed(view);
    let dates = list
        .iter()
        .map(|movement| width(quiet.tabular(), &movement.date));
    let words_left = LEFT + dates.fold(0.0, f32::max) + 9.0;
    let right = LEFT + SAID_WIDTH;
    canvas.part(Role::Table, |canvas| {
        let mut top = top;
        for (index, movement) in list.iter().enumerate() {
            if index > 0 {
                canvas.hairline(LEFT, right, top);
            }
            top += 2.2;
            canvas.part(Role::Row, |canvas| {
                canvas.part(Role::Cell, |canvas| {
                    canvas.line(LEFT, top, quiet.tabular(), &movement.date);
                });
                let amount = french_amount(movement.amount);
                let room = right - words_left - width(BODY.tabular(), &amount) - GUTTER;
                let lines = wrap(BODY, &movement.words, room);
                let mut bottom = top;
                canvas.part(Role::RowHeader, |canvas| {
                    bottom = canvas.lines(words_left, top, BODY, &lines);
                    if let Some(transaction) = &movement.transaction {
                        let style = BODY.in_color(THIRD);
                        bottom =
                            canvas.text(words_left, bottom, right - words_left, style, transaction);
                    }
                });
                canvas.part(Role::Cell, |canvas| {
                    canvas.line_ending(right, top, BODY.tabular(), &amount);
                });
                top = bottom + 2.2;
            });
        }
        canvas.grow(top);
    });
}

/// A rubber stamp, a little askew.
fn stamp(word: &str, below: Option<&str>, color: Rgb) -> Canvas {
    let (strong, plain) = (STAMP.in_color(color), STAMP_DATE.in_color(color));
    let said = below.map_or(0.0, |below| width(plain, below));
    let wide = width(strong, word).max(said) + 30.0;
    let date_height = if below.is_some() {
        plain.leading_pt
    } else {
        0.0
    };
    let high = 7.0 + strong.leading_pt + date_height + 7.0;
    let turned = Area::new(0.0, 0.0, wide, high).turned(Turn {
        degrees: STAMP_DEGREES,
        x: 0.0,
        y: 0.0,
    });
    let middle = RIGHT - 6.0 - turned.width / 2.0;
    let area = Area::new(
        middle - wide / 2.0,
        (turned.height - high) / 2.0,
        wide,
        high,
    );
    let turn = Turn {
        degrees: STAMP_DEGREES,
        x: middle,
        y: turned.height / 2.0,
    };
    let mut face = Canvas::default();
    face.items.push(Item::Panel {
        area,
        radius: 6.0,
        fill: Some(PALE),
        outline: Some((color, 2.25)),
    });
    let inner = Area::new(area.left + 3.4, area.top + 3.4, wide - 6.8, high - 6.8);
    face.frame(inner, 3.0, color, 0.75);
    face.line_centred(middle, area.top + 7.0, strong, word);
    if let Some(below) = below {
        face.line_centred(
            middle,
            area.top + 7.0 + strong.leading_pt - 1.0,
            plain,
            below,
        );
    }
    let mut canvas = Canvas::default();
    canvas.grow(turned.height);
    canvas.part(Role::Paragraph, |canvas| {
        canvas.items.push(Item::Turned {
            turn,
            items: face.items,
        });
    });
    canvas
}

/// What shines through the stamp.
const PALE: Rgb = [0xfb, 0xfd, 0xfc];
