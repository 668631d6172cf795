//! What the law wants at the foot, decided by the content, in two even columns.

use acquit_domain::company::Company;
use acquit_domain::customer::CustomerKind;
use acquit_domain::invoice::{DeductionKind, Item, Line, Nature, Operation};
use acquit_domain::vat::{StandardRate, VatBasis, VatTreatment};

use crate::display::Role;
use crate::fonts::width;
use crate::layout::Canvas;
use crate::paper::{Kind, View};
use crate::text::{wrap, wrap_indented};
use crate::theme::{INK, LEGAL, LINE, MARGIN, RIGHT, WIDTH};
use crate::words;

const BETWEEN_COLUMNS: f32 = 21.0;
const COLUMN_WIDTH: f32 = (WIDTH - BETWEEN_COLUMNS) / 2.0;
const BETWEEN_MENTIONS: f32 = 1.6;

/// A mention: what it is about, then what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mention {
    pub(crate) lead: &'static str,
    pub(crate) text: String,
}

impl Mention {
    pub(crate) fn new(lead: &'static str, text: impl Into<String>) -> Self {
        Self {
            lead,
            text: text.into(),
        }
    }
}

/// Every mention that this document needs. `bank`: bank details are not already in the payment
/// block.
pub(crate) fn mentions(view: &View<'_>, bank: bool) -> Vec<Mention> {
    let mut mentions = Vec::new();
    if bank && view.kind != Kind::Credit {
        mentions.extend(bank_details(view).map(|text| Mention::new(words::BY_TRANSFER, text)));
    }
    mentions.extend(terms(view));
    mentions.extend(untaxed(view));
    mentions.extend(certifications(view));
    let retention = view.totals.retention().is_positive() && view.kind != Kind::Credit;
    if retention
        && view
            .content
            .deductions
            .iter()
            .any(|one| one.kind == DeductionKind::Retention)
    {
        mentions.push(Mention::new(words::RETENTION, words::RETENTION_RELEASE));
    }
    mentions.extend(insurance(view.seller));
    mentions
}

/// IBAN, BIC and what to quote; none without an IBAN.
pub(crate) fn bank_details(view: &View<'_>) -> Option<String> {
    let iban = view.seller.iban.as_ref()?;
    let mut parts = vec![format!("IBAN\u{a0}{}", words::grouped(iban.as_str(), &[4]))];
    parts.extend(
        view.seller
            .bic
            .as_ref()
            .map(|bic| format!("BIC\u{a0}{bic}")),
    );
    parts.extend(view.number.map(words::bank_reference));
    Some(format!("{}.", parts.join(", ")))
}

/// Terms of payment (C. com. art. L441-9) and when VAT falls due.
fn terms(view: &View<'_>) -> Option<Mention> {
    if view.kind == Kind::Credit {
        return None;
    }
    let mut sentences = vec![words::NO_EARLY_DISCOUNT];
    if view.buyer.kind == CustomerKind::Business {
        sentences.push(words::LATE_PAYMENT);
    }
    if view.charges_vat() && view.content.operation != Operation::Goods {
        sentences.push(match view.seller.vat_basis {
            VatBasis::OnReceipt => words::VAT_ON_RECEIPT,
            VatBasis::OnInvoice => words::VAT_ON_INVOICE,
        });
    }
    Some(Mention::new(words::TERMS, sentences.join(" ")))
}

/// Why no VAT is charged, with the text of the law (CGI ann. II art. 242 nonies A, I-12° and 13°).
fn untaxed(view: &View<'_>) -> Vec<Mention> {
    if view.seller.franchise {
        return vec![Mention::new(words::FRANCHISE, "")];
    }
    let seller = view
        .seller
        .vat_number
        .as_ref()
        .map(|number| number.as_str());
    let buyer = view.buyer.vat_number.as_ref().map(|number| number.as_str());
    let both = || words::both_vat_numbers(seller, buyer);
    let mention = |treatment| match treatment {
        VatTreatment::ReverseCharge => {
            let french = view.buyer.address.country.as_str() == "FR";
            let law = if french {
                words::REVERSE_CHARGE_BUILDING
            } else {
                words::REVERSE_CHARGE_ABROAD
            };
            Some(Mention::new(
                words::REVERSE_CHARGE,
                format!("{law}{}", both()),
            ))
        }
        VatTreatment::IntraCommunity => {
            let text = format!("{}{}", words::INTRA_COMMUNITY_MORE, both());
            Some(Mention::new(words::INTRA_COMMUNITY, text))
        }
        VatTreatment::Export => Some(Mention::new(words::EXPORT, words::EXPORT_MORE)),
        VatTreatment::OutOfScope => {
            Some(Mention::new(words::OUT_OF_SCOPE, words::OUT_OF_SCOPE_MORE))
        }
        VatTreatment::Exempt => Some(Mention::new(words::EXEMPT, "")),
        VatTreatment::Standard(_) => None,
    };
    view.totals
        .by_rate
        .iter()
        .filter_map(|rate| mention(rate.treatment))
        .collect()
}

/// The client's certification for works at a lower rate, in place of the former forms.
fn certifications(view: &View<'_>) -> Vec<Mention> {
    if view.buyer.kind != CustomerKind::Private || view.kind == Kind::Credit {
        return Vec::new();
    }
    let works_at = |rate| {
        let lowered =
            |line: &Line| line.nature == Nature::Works && line.vat == VatTreatment::Standard(rate);
        view.content
            .items
            .iter()
            .filter_map(Item::line)
            .any(lowered)
    };
    let ten = works_at(StandardRate::Intermediate);
    let reduced = works_at(StandardRate::Reduced);
    let mut mentions = Vec::new();
    if ten {
        mentions.push(Mention::new("TVA 10\u{a0}%", words::certification(false)));
    }
    if reduced {
        let text = if ten {
            words::certification_energy_too().to_owned()
        } else {
            words::certification(true)
        };
        mentions.push(Mention::new("TVA 5,5\u{a0}%", text));
    }
    mentions
}

/// Loi 96-603 art. 22-2: insurance, insurer's address, area covered.
fn insurance(company: &Company) -> Option<Mention> {
    let insurance = company.insurance.as_ref()?;
    let mut text = insurance.insurer.clone();
    if let Some(policy) = &insurance.policy {
        text.push_str(&format!(", contrat\u{a0}{policy}"));
    }
    if let Some(contact) = &insurance.contact {
        text.push_str(&format!(", {contact}"));
    }
    if let Some(area) = &insurance.area {
        text.push_str(&format!("\u{a0}; garantie\u{a0}: {area}"));
    }
    text.push('.');
    Some(Mention::new(words::INSURANCE, text))
}

/// Draws the mentions below a line, in two columns of about the same height.
pub(crate) fn draw(mentions: &[Mention]) -> Canvas {
    let mut canvas = Canvas::default();
    if mentions.is_empty() {
        return canvas;
    }
    canvas.rule(MARGIN, RIGHT, 0.3, LINE);
    let heights: Vec<f32> = mentions
        .iter()
        .map(|mention| draw_mention(mention, 0.0).height)
        .collect();
    let left_column = even_split(&heights);
    let (mut left_top, mut right_top) = (7.0, 7.0);
    for (mention, at_left) in mentions.iter().zip(left_column) {
        let (left, top) = if at_left {
            (MARGIN, &mut left_top)
        } else {
            (MARGIN + COLUMN_WIDTH + BETWEEN_COLUMNS, &mut right_top)
        };
        let drawn = draw_mention(mention, left);
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

fn draw_mention(mention: &Mention, left: f32) -> Canvas {
    let mut canvas = Canvas::default();
    let strong = LEGAL.bold().in_color(INK);
    canvas.part(Role::Paragraph, |canvas| {
        let colon = if mention.text.is_empty() {
            "."
        } else {
            "\u{a0}: "
        };
        let lead = wrap(strong, mention.lead, COLUMN_WIDTH);
        let top = canvas.lines(left, 0.0, strong, &lead) - LEGAL.leading_pt;
        let last = lead.last().map_or("", String::as_str);
        let end = canvas.line(left + width(strong, last), top, LEGAL, colon);
        if !mention.text.is_empty() {
            let lines = wrap_indented(LEGAL, &mention.text, COLUMN_WIDTH, end - left);
            let mut lines = lines.iter();
            canvas.line(end, top, LEGAL, lines.next().map_or("", String::as_str));
            let rest: Vec<&String> = lines.collect();
            canvas.lines(left, top + LEGAL.leading_pt, LEGAL, &rest);
        }
    });
    canvas
}
