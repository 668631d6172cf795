//! What stands on an invoice, a draft or a credit note, and in which order.

use acquit_domain::invoice::Content;

use crate::display::{Area, Item, Page, Role, Turn};
use crate::error::Error;
use crate::fonts::width;
use crate::layout::{Canvas, Flow};
use crate::legal;
use crate::paper::{Situation, View};
use crate::payment_block;
use crate::table;
use crate::text::wrap;
use crate::theme::{
    ADDRESS, BODY, BUYER_LEFT, COMPANY, GUTTER, LEGAL, MARGIN, MARGIN_BOTTOM, PAGE_HEIGHT_PT,
    PAGE_WIDTH_PT, RIGHT, SECOND, Style, THIRD, TITLE, WATERMARK_TEXT, WIDTH,
};
use crate::totals_block;
use crate::words;

/// The largest place of a logo.
const LOGO_WIDTH_MAX: f32 = 112.0;
const LOGO_HEIGHT_MAX: f32 = 34.5;
const AFTER_LOGO: f32 = 10.5;
/// Widest the lines at the right of the head may be.
const TITLE_WIDTH_MAX: f32 = 230.0;
/// Heights that keep a one-page invoice calm, whatever little it says.
const HEAD_HEIGHT_MIN: f32 = 58.0;
const PARTIES_HEIGHT_MIN: f32 = 44.0;

/// Lays the whole document out.
pub(crate) fn pages(view: &View<'_>) -> Result<Vec<Page>, Error> {
    let heading = words::heading(view.number, view.credits.is_some());
    // The widest page number leaves least room beside it: no foot is higher than this one.
    let foot_height = foot(view, &heading, 999, 999).height;
    let bottom = PAGE_HEIGHT_PT - MARGIN_BOTTOM - foot_height;
    let mut flow = Flow::new(continuation(view, &heading), bottom);

    let top = head(view, &heading);
    let parties = parties(view);
    if top.height + parties.height > flow.room() / 2.0 {
        return Err(Error::TooLong { what: "head" });
    }
    flow.put(top);
    flow.gap(24.0);
    flow.put(parties);
    flow.gap(18.0);
    let totals = totals_block::draw(view);
    table::flow(view, &mut flow, totals.height + 10.0);
    close(view, &mut flow, totals)?;
    let marks = watermark(view);
    Ok(flow.finish(&marks, |page, count| foot(view, &heading, page, count)))
}

/// Totals, payment block, remarks and mentions, each whole where a page can hold it.
fn close(view: &View<'_>, flow: &mut Flow, totals: Canvas) -> Result<(), Error> {
    flow.need(totals.height + 10.0);
    flow.gap(10.0);
    flow.put(totals);

    let payment = payment_block::draw(view)?;
    let remarks = remarks(view.content);
    let mentions = legal::draw(&legal::mentions(
        view,
        !payment_block::shows_bank_details(view),
    ));
    let largest = flow.fresh_room();
    if payment.height > largest || mentions.height > largest {
        return Err(Error::TooLong { what: "foot" });
    }
    let remarks_height: f32 = remarks.iter().map(|line| line.height).sum();
    let together = 12.0 + payment.height + 12.0 + remarks_height + 9.0 + mentions.height;
    flow.need(if together <= largest {
        together
    } else {
        12.0 + payment.height
    });
    flow.gap(12.0);
    flow.put(payment);
    if !remarks.is_empty() {
        flow.gap(12.0);
    }
    for line in remarks {
        flow.need(line.height);
        flow.put(line);
    }
    flow.need(mentions.height + 9.0);
    flow.put_at_bottom(mentions);
    Ok(())
}

/// Seller at the left, what the document is at the right.
fn head(view: &View<'_>, heading: &str) -> Canvas {
    let mut canvas = Canvas::default();
    let facts = facts(view);
    let mut widest = width(TITLE, heading);
    for fact in &facts {
        widest = widest.max(width(BODY, fact).min(TITLE_WIDTH_MAX));
    }
    let right_left = RIGHT - widest;
    seller(view, &mut canvas, right_left - 2.0 * GUTTER);
    canvas.part(Role::Title, |canvas| {
        canvas.line_ending(RIGHT, 0.0, TITLE, heading);
    });
    canvas.part(Role::Paragraph, |canvas| {
        let mut top = TITLE.leading_pt;
        for line in facts.iter().flat_map(|fact| wrap(BODY, fact, widest + 0.5)) {
            canvas.line_ending(RIGHT, top, BODY.in_color(SECOND), &line);
            top += BODY.leading_pt;
        }
    });
    canvas.grow(HEAD_HEIGHT_MIN);
    canvas
}

/// Dates, category of operation, references.
fn facts(view: &View<'_>) -> Vec<String> {
    let is_credit = view.credits.is_some();
    let mut facts = Vec::new();
    facts.extend(view.issue_date.map(|date| words::issued(date, is_credit)));
    match view.credits {
        Some(credits) => facts.push(words::credited_invoice(credits)),
        None => facts.extend(view.due_date.map(words::due)),
    }
    facts.push(words::operation(view.content.operation).to_owned());
    let reference = view.content.customer_reference.as_deref();
    facts.extend(reference.map(words::customer_reference));
    facts
}

fn seller(view: &View<'_>, canvas: &mut Canvas, right: f32) {
    let seller = view.seller;
    let mut left = MARGIN;
    if let Some(logo) = view.paper.logo {
        let (wide, high) = logo.fit(LOGO_WIDTH_MAX, LOGO_HEIGHT_MAX);
        canvas.described(Role::Figure, &words::logo_of(&seller.name), |canvas| {
            canvas.items.push(Item::Logo {
                area: Area::new(MARGIN, 1.5, wide, high),
            });
        });
        left += wide + AFTER_LOGO;
    }
    let room = right - left;
    let quiet = BODY.in_color(SECOND);
    canvas.part(Role::Paragraph, |canvas| {
        let mut top = canvas.text(left, 0.0, room, COMPANY, &words::seller_name(seller));
        let address = words::address(&seller.address, &view.buyer.address.country);
        let siret = words::siret(seller);
        let vat = seller
            .vat_number
            .as_ref()
            .map(|number| words::vat_number(number.as_str()));
        let email = seller.email.as_ref().map(ToString::to_string);
        let address: Vec<&str> = address.iter().map(String::as_str).collect();
        let reach = [
            seller.phone.as_deref(),
            email.as_deref(),
            seller.website.as_deref(),
        ];
        let reach: Vec<&str> = reach.into_iter().flatten().collect();
        let identity: Vec<&str> = [Some(siret.as_str()), vat.as_deref()]
            .into_iter()
            .flatten()
            .collect();
        for line in [
            joined(quiet, &address, ", ", room),
            joined(quiet, &reach, " · ", room),
        ]
        .into_iter()
        .chain([joined(quiet, &identity, " · ", room)])
        .flatten()
        {
            top = canvas.text(left, top, room, quiet, &line);
        }
    });
}

/// Parts on one line as far as they fit, else on the next: an e-mail address is never cut.
fn joined(style: Style, parts: &[&str], separator: &str, room: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        let longer = lines.last().map(|line| format!("{line}{separator}{part}"));
        match (longer, lines.last_mut()) {
            (Some(longer), Some(last)) if width(style, &longer) <= room => *last = longer,
            _ => lines.push((*part).to_owned()),
        }
    }
    lines
}

/// The works at the left, the buyer in the window of the envelope.
fn parties(view: &View<'_>) -> Canvas {
    let mut canvas = Canvas::default();
    let content = view.content;
    let (title, site) = (content.title.as_deref(), content.site_address.as_deref());
    if title.is_some() || site.is_some() {
        let caption = if site.is_some() {
            words::SITE
        } else {
            words::SUBJECT
        };
        let room = BUYER_LEFT - MARGIN - 4.0 * GUTTER;
        canvas.part(Role::Paragraph, |canvas| {
            canvas.line(MARGIN, 0.0, BODY.in_color(THIRD), caption);
            let mut top = BODY.leading_pt;
            for text in [title, site].into_iter().flatten() {
                top = canvas.text(MARGIN, top, room, BODY.in_color(SECOND), text);
            }
        });
    }
    let buyer = view.buyer;
    canvas.part(Role::Paragraph, |canvas| {
        let room = RIGHT - BUYER_LEFT;
        let mut top = canvas.text(BUYER_LEFT, 0.0, room, ADDRESS.bold(), &buyer.name);
        for line in words::address(&buyer.address, &view.seller.address.country) {
            top = canvas.text(BUYER_LEFT, top, room, ADDRESS, &line);
        }
        let siren = buyer
            .siren
            .as_ref()
            .map(|siren| words::siren(siren.as_str()));
        let vat = buyer
            .vat_number
            .as_ref()
            .map(|number| words::vat_number(number.as_str()));
        let identity: Vec<&str> = [siren.as_deref(), vat.as_deref()]
            .into_iter()
            .flatten()
            .collect();
        for line in joined(BODY, &identity, " · ", room) {
            top = canvas.text(BUYER_LEFT, top + 1.0, room, BODY.in_color(SECOND), &line);
        }
    });
    canvas.grow(PARTIES_HEIGHT_MIN);
    canvas
}

/// Head of the second page and those after it.
fn continuation(view: &View<'_>, heading: &str) -> Canvas {
    let mut canvas = Canvas::default();
    canvas.part(Role::Artifact, |canvas| {
        let left = canvas.line_ending(RIGHT, 0.0, BODY.bold(), heading);
        let room = left - MARGIN - 2.0 * GUTTER;
        let name = wrap(BODY, &words::seller_name(view.seller), room);
        canvas.line(
            MARGIN,
            0.0,
            BODY.in_color(SECOND),
            name.first().map_or("", String::as_str),
        );
    });
    canvas.grow(BODY.leading_pt + 15.0);
    canvas
}

/// Remarks line by line, so that they may go on over pages.
fn remarks(content: &Content) -> Vec<Canvas> {
    let Some(notes) = &content.notes else {
        return Vec::new();
    };
    let line = |style: Style, text: &str| {
        let mut canvas = Canvas::default();
        canvas.part(Role::Paragraph, |canvas| {
            canvas.line(MARGIN, 0.0, style, text);
        });
        canvas
    };
    let mut lines = vec![line(BODY.in_color(THIRD), words::NOTES)];
    lines.extend(
        wrap(BODY, notes, WIDTH)
            .iter()
            .map(|text| line(BODY.in_color(SECOND), text)),
    );
    lines
}

/// Legal identity at the left, document and page at the right.
fn foot(view: &View<'_>, heading: &str, page: usize, count: usize) -> Canvas {
    let mut canvas = Canvas::default();
    let style = LEGAL.in_color(THIRD);
    canvas.part(Role::Artifact, |canvas| {
        let mut right = marks(view).join(" · ");
        if !right.is_empty() {
            right.push_str(" · ");
        }
        match view.situation() {
            Situation::Settled if view.was_paid() => {
                right.push_str(words::REISSUE_SETTLED);
                right.push_str(" · ");
            }
            Situation::Cancelled => {
                right.push_str(words::REISSUE_CANCELLED);
                right.push_str(" · ");
            }
            _ => {}
        }
        right.push_str(&words::page_of(heading, page, count));
        let left = canvas.line_ending(RIGHT, 7.0, style, &right);
        let room = left - MARGIN - 2.0 * GUTTER;
        canvas.text(
            MARGIN,
            7.0,
            room,
            style,
            &words::legal_identity(view.seller),
        );
    });
    canvas
}

/// What every page says about the file and the state of the document.
fn marks(view: &View<'_>) -> Vec<&'static str> {
    let marks = view.paper.marks;
    let said = [
        (marks.trial, words::MARK_TRIAL),
        (marks.demonstration, words::MARK_DEMONSTRATION),
        (view.number.is_none(), words::MARK_PROVISIONAL),
        (view.shows_test_link(), words::TEST_LINK),
    ];
    said.into_iter()
        .filter_map(|(shown, word)| shown.then_some(word))
        .collect()
}

/// The marks across the page, below everything else, as large as the page allows.
fn watermark(view: &View<'_>) -> Vec<Item> {
    let marks = marks(view);
    if marks.is_empty() {
        return Vec::new();
    }
    let (x, y) = (PAGE_WIDTH_PT / 2.0, PAGE_HEIGHT_PT / 2.0);
    let turn = Turn {
        degrees: -52.0,
        x,
        y,
    };
    let widest = marks
        .iter()
        .map(|mark| width(WATERMARK_TEXT, mark))
        .fold(1.0, f32::max);
    let size_pt = WATERMARK_TEXT.size_pt * (700.0 / widest).min(1.3);
    let style = Style {
        size_pt,
        leading_pt: size_pt * 1.15,
        ..WATERMARK_TEXT
    };
    let mut canvas = Canvas::default();
    for mark in marks {
        let top = canvas.height;
        canvas.line_centred(x, top, style, mark);
    }
    let mut centred = Canvas::default();
    let height = canvas.height;
    centred.place(y - height / 2.0, canvas);
    let turned = Item::Turned {
        turn,
        items: centred.items,
    };
    vec![
        Item::Open {
            role: Role::Artifact,
            alternate: None,
        },
        turned,
        Item::Close,
    ]
}
