//! What the law wants at the foot, decided by the content, in two even columns.

use crate::display::Role;
use crate::fonts::width;
use crate::layout::Canvas;
use crate::mentions::{self, Id, Mention};
use crate::paper::View;
use crate::text::{wrap, wrap_indented};
use crate::theme::{INK, LEGAL, LINE, MARGIN, RIGHT, WIDTH};

const BETWEEN_COLUMNS: f32 = 21.0;
const COLUMN_WIDTH: f32 = (WIDTH - BETWEEN_COLUMNS) / 2.0;
const BETWEEN_MENTIONS: f32 = 1.6;

/// The mentions above the foot. `bank`: bank details are not already in the payment block.
pub(crate) fn mentions(view: &View<'_>, bank: bool) -> Vec<Mention> {
    let mut mentions = mentions::mentions(view);
    mentions.retain(|mention| mention.is_in_columns() && (bank || mention.id != Id::BankDetails));
    mentions
}

/// Neighbours about the same thing as one paragraph each.
fn paragraphs(mentions: &[Mention]) -> Vec<(&'static str, String)> {
    let mut paragraphs: Vec<(&'static str, String)> = Vec::new();
    for mention in mentions {
        match paragraphs.last_mut() {
            Some((lead, text)) if *lead == mention.lead => {
                text.push(' ');
                text.push_str(&mention.text);
            }
            _ => paragraphs.push((mention.lead, mention.text.clone())),
        }
    }
    paragraphs
}

/// Draws the mentions below a line, in two columns of about the same height.
pub(crate) fn draw(mentions: &[Mention]) -> Canvas {
    let mut canvas = Canvas::default();
    if mentions.is_empty() {
        return canvas;
    }
    canvas.rule(MARGIN, RIGHT, 0.3, LINE);
    let paragraphs = paragraphs(mentions);
    let heights: Vec<f32> = paragraphs
        .iter()
        .map(|(lead, text)| draw_mention(lead, text, 0.0).height)
        .collect();
    let left_column = even_split(&heights);
    let (mut left_top, mut right_top) = (7.0, 7.0);
    for ((lead, text), at_left) in paragraphs.iter().zip(left_column) {
        let (left, top) = if at_left {
            (MARGIN, &mut left_top)
        } else {
            (MARGIN + COLUMN_WIDTH + BETWEEN_COLUMNS, &mut right_top)
        };
        let drawn = draw_mention(lead, text, left);
        let height = drawn.height;
        canvas.place(*top, drawn);
        *top += height + BETWEEN_MENTIONS;
    }
    canvas
}

/// Which of a few heights go left so that both columns end as evenly as can be; the first does.
fn even_split(heights: &[f32]) -> Vec<bool> {
    let choices = 1_u32 << heights.len().saturating_sub(1).min(16);
    let at_left = |choice: u32, index: usize| index == 0 || choice >> (index - 1) & 1 == 0;
    let taller = |choice: &u32| -> f32 {
        let mut columns = [0.0_f32; 2];
        for (index, height) in heights.iter().enumerate() {
            columns[usize::from(!at_left(*choice, index))] += height + BETWEEN_MENTIONS;
        }
        columns[0].max(columns[1])
    };
    let best = (0..choices)
        .min_by(|a, b| taller(a).total_cmp(&taller(b)))
        .unwrap_or(0);
    (0..heights.len())
        .map(|index| at_left(best, index))
        .collect()
}

fn draw_mention(lead: &str, text: &str, left: f32) -> Canvas {
    let mut canvas = Canvas::default();
    let strong = LEGAL.bold().in_color(INK);
    canvas.part(Role::Paragraph, |canvas| {
        let colon = if text.is_empty() { "." } else { "\u{a0}: " };
        let lead = wrap(strong, lead, COLUMN_WIDTH);
        let top = canvas.lines(left, 0.0, strong, &lead) - LEGAL.leading_pt;
        let last = lead.last().map_or("", String::as_str);
        let end = canvas.line(left + width(strong, last), top, LEGAL, colon);
        if !text.is_empty() {
            let lines = wrap_indented(LEGAL, text, COLUMN_WIDTH, end - left);
            let mut lines = lines.iter();
            canvas.line(end, top, LEGAL, lines.next().map_or("", String::as_str));
            let rest: Vec<&String> = lines.collect();
            canvas.lines(left, top + LEGAL.leading_pt, LEGAL, &rest);
        }
    });
    canvas
}
