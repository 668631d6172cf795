//! Reads the lines of a draft, and writes them as a person would have typed them.

use acquit_domain::company::Company;
use acquit_domain::invoice::{Item, Line, Nature};
use acquit_domain::limits::{HEADING_MAX, TEXT_MAX, UNIT_MAX};
use acquit_domain::quantity::{Percent, Quantity, UnitPrice};
use acquit_domain::text::{multi_line, single_line};
use acquit_domain::vat::VatTreatment;
use acquit_domain::{Cents, Rule};

use super::Errors;
use super::text::number;
use crate::dto::{LineForm, LineKind};

/// What the lines of a draft are read by.
pub(super) struct Reading<'a> {
    /// Decides which VAT a new line carries.
    pub(super) company: &'a Company,
    /// Whether lines say how far the works have come.
    pub(super) with_progress: bool,
}

/// A line that says nothing: an empty row waits at the end of the table.
pub(super) fn is_blank(line: &LineForm) -> bool {
    line.description.trim().is_empty()
        && line.unit_price.trim().is_empty()
        && line.quantity.trim().is_empty()
}

pub(super) fn percent(errors: &mut Errors, field: &str, typed: &str) -> Option<Percent> {
    errors.optional(field, typed, |typed| Percent::parse(&number(typed)))
}

/// The item that a line says, or nothing and what is wrong with it.
pub(super) fn item(
    errors: &mut Errors,
    line: &LineForm,
    index: usize,
    reading: &Reading<'_>,
) -> Option<Item> {
    let at = |name: &str| format!("lines[{index}].{name}");
    let most = match line.kind {
        LineKind::Section => HEADING_MAX,
        LineKind::Line | LineKind::Comment => TEXT_MAX,
    };
    let description = errors.take(&at("description"), multi_line(&line.description, most));
    match line.kind {
        LineKind::Section => return description.map(|title| Item::Section { title }),
        LineKind::Comment => return description.map(|text| Item::Comment { text }),
        LineKind::Line => {}
    }
    let typed = match line.quantity.trim() {
        "" => "1",
        typed => typed,
    };
    let quantity = errors.take(&at("quantity"), Quantity::parse(&number(typed)));
    let unit = errors.optional(&at("unit"), &line.unit, |typed| {
        single_line(typed, UNIT_MAX)
    });
    let unit_price = if line.unit_price.trim().is_empty() {
        Err(Rule::Empty)
    } else {
        UnitPrice::parse(&number(&line.unit_price))
    };
    let unit_price = errors.take(&at("unit_price"), unit_price);
    let discount = percent(errors, &at("discount_percent"), &line.discount_percent);
    let vat = errors.take(&at("vat"), vat(&line.vat, reading.company));
    let progress = if reading.with_progress {
        percent(errors, &at("progress"), &line.progress)
    } else {
        None
    };
    Some(Item::Line(Line {
        description: description?,
        quantity: quantity?,
        unit,
        unit_price: unit_price?,
        discount: discount.unwrap_or(Percent::ZERO),
        vat: vat?,
        nature: match line.nature.as_str() {
            "services" => Nature::Services,
            "goods" => Nature::Goods,
            _ => Nature::Works,
        },
        progress,
    }))
}

fn vat(word: &str, company: &Company) -> Result<VatTreatment, Rule> {
    match word {
        "" if company.franchise => Ok(VatTreatment::Exempt),
        "AE" | "E" | "K" | "G" | "O" => VatTreatment::new(Some(word), None),
        rate => VatTreatment::new(None, Some(rate)),
    }
}

/// Amounts of the lines of a form, excl. VAT; beside a heading the subtotal of the lines below it, up
/// to the next heading, once all of them can be read.
pub(super) fn amounts(lines: &[LineForm], read: &[Option<Item>]) -> Vec<Option<Cents>> {
    let amount = |item: &Option<Item>| item.as_ref()?.line().map(Line::amount);
    let mut amounts: Vec<Option<Cents>> = read.iter().map(amount).collect();
    for (index, line) in lines.iter().enumerate().take(read.len()) {
        if line.kind == LineKind::Section {
            let below = lines.iter().enumerate().take(read.len()).skip(index + 1);
            let own = below
                .take_while(|(_, line)| line.kind != LineKind::Section)
                .filter(|(_, line)| line.kind == LineKind::Line && !is_blank(line));
            amounts[index] = own.map(|(place, _)| amounts[place]).sum();
        }
    }
    amounts
}

/// A line to type into.
pub(crate) fn new_line(company: &Company) -> LineForm {
    LineForm {
        vat: if company.franchise { "E" } else { "20" }.to_owned(),
        nature: "works".to_owned(),
        ..LineForm::default()
    }
}

/// A percentage as a person would have typed it; nothing for none.
pub(crate) fn shown_percent(percent: Percent) -> String {
    if percent == Percent::ZERO {
        String::new()
    } else {
        comma(&percent.decimal())
    }
}

/// A decimal as people write it in French.
pub(crate) fn comma(decimal: &str) -> String {
    decimal.replace('.', ",")
}

/// A line as a person would have typed it.
pub(crate) fn line_of(item: &Item) -> LineForm {
    match item {
        Item::Section { title } => LineForm {
            kind: LineKind::Section,
            description: title.clone(),
            ..LineForm::default()
        },
        Item::Comment { text } => LineForm {
            kind: LineKind::Comment,
            description: text.clone(),
            ..LineForm::default()
        },
        Item::Line(line) => LineForm {
            kind: LineKind::Line,
            description: line.description.clone(),
            quantity: comma(&line.quantity.decimal()),
            unit: line.unit.clone().unwrap_or_default(),
            unit_price: comma(&line.unit_price.decimal()),
            discount_percent: shown_percent(line.discount),
            vat: match line.vat {
                VatTreatment::Standard(_) => line.vat.rate_decimal(),
                other => other.category().to_owned(),
            },
            nature: match line.nature {
                Nature::Works => "works",
                Nature::Services => "services",
                Nature::Goods => "goods",
            }
            .to_owned(),
            progress: line
                .progress
                .map_or_else(String::new, |progress| comma(&progress.decimal())),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{amounts, is_blank};
    use crate::dto::{LineForm, LineKind};
    use acquit_domain::Cents;
    use acquit_domain::invoice::{Item, Line, Nature};
    use acquit_domain::quantity::{Percent, Quantity, UnitPrice};
    use acquit_domain::vat::{StandardRate, VatTreatment};

    fn row(kind: LineKind) -> LineForm {
        LineForm {
            kind,
            description: "Dépose".to_owned(),
            ..LineForm::default()
        }
    }

    fn charged(price: &str) -> Item {
        Item::Line(Line {
            description: "Dépose".to_owned(),
            quantity: Quantity::parse("1").unwrap(),
            unit: None,
            unit_price: UnitPrice::parse(price).unwrap(),
            discount: Percent::ZERO,
            vat: VatTreatment::Standard(StandardRate::Normal),
            nature: Nature::Works,
            progress: None,
        })
    }

    #[test]
    fn a_heading_shows_the_subtotal_of_its_lines() {
        use LineKind::{Comment, Line, Section};
        let lines = [Line, Section, Line, Comment, Line, Section, Line].map(row);
        let heading = || {
            Some(Item::Section {
                title: "Dépose".to_owned(),
            })
        };
        let read = [
            Some(charged("5")),
            heading(),
            Some(charged("10")),
            Some(Item::Comment {
                text: "Dépose".to_owned(),
            }),
            Some(charged("20")),
            heading(),
            // What cannot be read has no amount, and leaves its heading without one.
            None,
        ];
        let cents = |cents| Some(Cents::new(cents));
        assert_eq!(
            amounts(&lines, &read),
            [
                cents(500),
                cents(3_000),
                cents(1_000),
                None,
                cents(2_000),
                None,
                None
            ]
        );
        assert!(is_blank(&LineForm::default()));
    }
}
