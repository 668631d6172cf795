//! What stands around every document: who writes to whom at its head, the heads of further pages,
//! the foot, and the marks of the file across the page.

use acquit_domain::company::Company;
use acquit_domain::customer::Customer;

use crate::display::{Area, Item, Page, Role, Turn};
use crate::error::Error;
use crate::fonts::width;
use crate::layout::{Canvas, Flow};
use crate::logo::Logo;
use crate::paper::Marks;
use crate::text::{fitted, wrap};
use crate::theme::{
    ADDRESS, BODY, BUYER_LEFT, COMPANY, GUTTER, LEGAL, MARGIN, MARGIN_BOTTOM, PAGE_HEIGHT_PT,
    PAGE_WIDTH_PT, RIGHT, SECOND, Style, THIRD, TITLE, WATERMARK_TEXT,
};
use crate::words;

/// The largest place of a logo.
const LOGO_WIDTH_MAX: f32 = 112.0;
const LOGO_HEIGHT_MAX: f32 = 34.5;
const AFTER_LOGO: f32 = 10.5;
/// Widest the title may be: a number has 35 characters at most, and the company stands beside it.
const HEADING_WIDTH_MAX: f32 = 280.0;
/// Widest the lines at the right of the head may be.
const TITLE_WIDTH_MAX: f32 = 230.0;
/// Heights that keep a one-page document calm, whatever little it says.
const HEAD_HEIGHT_MIN: f32 = 58.0;
const PARTIES_HEIGHT_MIN: f32 = 44.0;

/// What is the same on every page of a document.
pub(crate) struct Letterhead<'a> {
    pub(crate) seller: &'a Company,
    pub(crate) logo: Option<&'a Logo>,
    /// Whom it is for; none for what the seller keeps.
    pub(crate) buyer: Option<&'a Customer>,
    /// What the document is.
    pub(crate) heading: &'a str,
    /// What every page says about the file and the state of the document.
    pub(crate) marks: Vec<&'static str>,
    /// What its foot says besides.
    pub(crate) reissue: Option<&'static str>,
}

impl Letterhead<'_> {
    /// Begins a document. `facts` stand below its title, `subject` at the left of the buyer.
    pub(crate) fn begin(&self, facts: &[String], subject: Canvas) -> Result<Flow, Error> {
        // The widest page number leaves least room beside it: no foot is higher than this one.
        let foot_height = self.foot(999, 999).height;
        let bottom = PAGE_HEIGHT_PT - MARGIN_BOTTOM - foot_height;
        let mut flow = Flow::new(self.continuation(), bottom);
        let top = self.head(facts);
        let mut parties = subject;
        if let Some(buyer) = self.buyer {
            self.address(buyer, &mut parties);
        }
        if top.height + parties.height > flow.room() / 2.0 {
            return Err(Error::TooLong { what: "head" });
        }
        flow.put(top);
        flow.gap(24.0);
        flow.put(parties);
        flow.gap(18.0);
        Ok(flow)
    }

    /// The pages with their marks and feet.
    pub(crate) fn finish(&self, flow: Flow) -> Vec<Page> {
        flow.finish(&self.watermark(), |page, count| self.foot(page, count))
    }

    /// Seller at the left, what the document is at the right.
    fn head(&self, facts: &[String]) -> Canvas {
        let mut canvas = Canvas::default();
        let title = fitted(TITLE, self.heading, HEADING_WIDTH_MAX);
        let mut widest = width(title, self.heading);
        for fact in facts {
            widest = widest.max(width(BODY, fact).min(TITLE_WIDTH_MAX));
        }
        let right_left = RIGHT - widest;
        self.company(&mut canvas, right_left - 2.0 * GUTTER);
        canvas.part(Role::Title, |canvas| {
            canvas.line_ending(RIGHT, 0.0, title, self.heading);
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

    fn company(&self, canvas: &mut Canvas, right: f32) {
        let seller = self.seller;
        let mut left = MARGIN;
        if let Some(logo) = self.logo {
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
            let abroad = self.buyer.map_or(&seller.address, |buyer| &buyer.address);
            let address = words::address(&seller.address, &abroad.country);
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

    /// The buyer in the window of the envelope.
    fn address(&self, buyer: &Customer, canvas: &mut Canvas) {
        canvas.part(Role::Paragraph, |canvas| {
            let room = RIGHT - BUYER_LEFT;
            let mut top = canvas.text(BUYER_LEFT, 0.0, room, ADDRESS.bold(), &buyer.name);
            for line in words::address(&buyer.address, &self.seller.address.country) {
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
    }

    /// Head of the second page and those after it.
    fn continuation(&self) -> Canvas {
        let mut canvas = Canvas::default();
        canvas.part(Role::PageHead, |canvas| {
            let left = canvas.line_ending(RIGHT, 0.0, BODY.bold(), self.heading);
            let room = left - MARGIN - 2.0 * GUTTER;
            let name = wrap(BODY, &words::seller_name(self.seller), room);
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

    /// Legal identity at the left, document and page at the right.
    fn foot(&self, page: usize, count: usize) -> Canvas {
        let mut canvas = Canvas::default();
        let style = LEGAL.in_color(THIRD);
        canvas.part(Role::PageFoot, |canvas| {
            let page = words::page_of(self.heading, page, count);
            let mut said = self.marks.clone();
            said.extend(self.reissue);
            let said: Vec<&str> = said.into_iter().chain([page.as_str()]).collect();
            let left = canvas.line_ending(RIGHT, 7.0, style, &said.join(" · "));
            let room = left - MARGIN - 2.0 * GUTTER;
            let identity = words::legal_identity(self.seller);
            canvas.text(MARGIN, 7.0, room, style, &identity);
        });
        canvas
    }

    /// The marks across the page, below everything else, as large as the page allows.
    fn watermark(&self) -> Vec<Item> {
        if self.marks.is_empty() {
            return Vec::new();
        }
        let (x, y) = (PAGE_WIDTH_PT / 2.0, PAGE_HEIGHT_PT / 2.0);
        let turn = Turn {
            degrees: -52.0,
            x,
            y,
        };
        let widest = self
            .marks
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
        for mark in &self.marks {
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
                role: Role::Watermark,
                alternate: None,
            },
            turned,
            Item::Close,
        ]
    }
}

/// What every page says about the file that a document comes from, then what else is marked.
pub(crate) fn marks(file: Marks, others: &[(bool, &'static str)]) -> Vec<&'static str> {
    let of_file = [
        (file.trial, words::MARK_TRIAL),
        (file.demonstration, words::MARK_DEMONSTRATION),
    ];
    let said = of_file.iter().chain(others);
    said.filter_map(|(shown, word)| shown.then_some(*word))
        .collect()
}

/// What a document is about, at the left of the buyer: a caption and what stands below it.
pub(crate) fn subject(caption: &str, texts: &[&str]) -> Canvas {
    let mut canvas = Canvas::default();
    if texts.is_empty() {
        return canvas;
    }
    let room = BUYER_LEFT - MARGIN - 4.0 * GUTTER;
    canvas.part(Role::Heading, |canvas| {
        canvas.line(MARGIN, 0.0, BODY.in_color(THIRD), caption);
    });
    canvas.part(Role::Paragraph, |canvas| {
        let mut top = BODY.leading_pt;
        for text in texts {
            top = canvas.text(MARGIN, top, room, BODY.in_color(SECOND), text);
        }
    });
    canvas
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
