//! What stands on an invoice, a draft or a credit note, and in which order.

use acquit_domain::invoice::Content;
use acquit_domain::rendition::Mark;

use crate::display::{Page, Role};
use crate::error::Error;
use crate::layout::{Canvas, Flow};
use crate::legal;
use crate::letterhead::{self, Letterhead};
use crate::paper::{Kind, Situation, View};
use crate::payment_block;
use crate::table;
use crate::text::wrap;
use crate::theme::{BODY, MARGIN, SECOND, Style, THIRD, WIDTH};
use crate::totals_block;
use crate::words;

/// Lays the whole document out.
pub(crate) fn pages(view: &View<'_>) -> Result<Vec<Page>, Error> {
    let letterhead = Letterhead {
        seller: view.seller,
        logo: view.paper.logo,
        buyer: Some(view.buyer),
        heading: &words::heading(view.kind, view.number),
        marks: marks(view),
        reissue: reissue(view),
    };
    let mut flow = letterhead.begin(&facts(view), works(view.content))?;
    let totals = totals_block::draw(view);
    table::flow(view, &mut flow, totals.height + 10.0);
    close(view, &mut flow, totals)?;
    Ok(letterhead.finish(flow))
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
    let remark_lines = remarks.iter().flat_map(|(_, lines)| lines);
    let remarks_height: f32 = remark_lines.map(|line| line.height).sum();
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
    for (role, lines) in remarks {
        flow.open(role);
        for line in lines {
            flow.need(line.height);
            flow.put(line);
        }
        flow.close();
    }
    flow.need(mentions.height + 9.0);
    flow.put_at_bottom(mentions);
    Ok(())
}

/// Dates, category of operation, references.
fn facts(view: &View<'_>) -> Vec<String> {
    let is_credit = view.kind == Kind::Credit;
    let mut facts = Vec::new();
    facts.extend(view.issue_date.map(|date| words::issued(date, is_credit)));
    match view.credits {
        Some(credits) => facts.push(words::credited_invoice(credits)),
        None if is_credit => {}
        None => facts.extend(view.due_date.map(words::due)),
    }
    facts.push(words::operation(view.content.operation).to_owned());
    let reference = view.content.customer_reference.as_deref();
    facts.extend(reference.map(words::customer_reference));
    facts
}

/// The works.
fn works(content: &Content) -> Canvas {
    let (title, site) = (content.title.as_deref(), content.site_address.as_deref());
    let caption = if site.is_some() {
        words::SITE
    } else {
        words::SUBJECT
    };
    let texts: Vec<&str> = [title, site].into_iter().flatten().collect();
    letterhead::subject(caption, &texts)
}

/// A heading and the paragraphs below it, each line by line, so that they may go on over pages.
fn remarks(content: &Content) -> Vec<(Role, Vec<Canvas>)> {
    let Some(notes) = &content.notes else {
        return Vec::new();
    };
    let line = |style: Style, text: &str| {
        let mut canvas = Canvas::default();
        canvas.line(MARGIN, 0.0, style, text);
        canvas
    };
    let heading = line(BODY.in_color(THIRD), words::NOTES);
    let mut remarks = vec![(Role::Heading, vec![heading])];
    for paragraph in notes.split('\n') {
        let lines = wrap(BODY, paragraph, WIDTH);
        let lines = lines.iter().map(|text| line(BODY.in_color(SECOND), text));
        remarks.push((Role::Paragraph, lines.collect()));
    }
    remarks
}

/// What every page says about the file and the state of the document.
fn marks(view: &View<'_>) -> Vec<&'static str> {
    let others = [
        (view.paper.marks.duplicate, words::MARK_DUPLICATE),
        (view.number.is_none(), words::MARK_PROVISIONAL),
        (view.shows_test_link(), words::TEST_LINK),
    ];
    letterhead::marks(view.paper.marks, &others)
}

/// What a rendition says of itself, for whoever keeps it; never nothing.
pub(crate) fn said_marks(view: &View<'_>) -> Vec<Mark> {
    let marks = view.paper.marks;
    let settled = matches!(view.situation(), Situation::Settled) && view.was_paid();
    let plain = !(settled || marks.duplicate || view.number.is_none());
    let all = [
        (plain, Mark::Original),
        (settled, Mark::Settled),
        (marks.duplicate, Mark::Duplicate),
        (view.number.is_none(), Mark::Provisional),
        (marks.trial, Mark::Trial),
        (marks.demonstration, Mark::Demonstration),
        (view.shows_test_link(), Mark::TestLink),
    ];
    let said = all.into_iter().filter(|(shown, _)| *shown);
    said.map(|(_, mark)| mark).collect()
}

/// What the foot of an invoice says that is printed again once nothing is due.
fn reissue(view: &View<'_>) -> Option<&'static str> {
    match view.situation() {
        Situation::Settled if view.was_paid() => Some(words::REISSUE_SETTLED),
        Situation::Cancelled => Some(words::REISSUE_CANCELLED),
        _ => None,
    }
}
