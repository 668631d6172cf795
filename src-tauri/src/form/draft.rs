//! Reads a draft and a receipt.

use acquit_app::{NewInvoice, NewReceipt};
use acquit_domain::company::Company;
use acquit_domain::invoice::{
    Content, Deduction, DeductionKind, DeductionValue, Draft, Item, LINES_MAX, Line, Nature,
    Operation,
};
use acquit_domain::limits::{
    CODE_MAX, HEADING_MAX, REFERENCE_MAX, SITE_MAX, TEXT_MAX, TITLE_MAX, UNIT_MAX,
};
use acquit_domain::quantity::{Percent, Quantity, UnitPrice};
use acquit_domain::receipt::PaymentMeans;
use acquit_domain::text::{multi_line, single_line};
use acquit_domain::vat::VatTreatment;
use acquit_domain::{Cents, Rule};
use jiff::civil::Date;

use super::text::{date, number};
use super::{Errors, field_error};
use crate::dto::{FieldError, InvoiceForm, LineForm, LineKind, ReceiptForm};

/// A draft as far as it could be read.
pub(crate) struct ReadDraft {
    /// The draft, or what stands in its way.
    pub(crate) draft: Result<NewInvoice, Vec<FieldError>>,
    /// Amount of each line of the form that can be read.
    pub(crate) line_amounts: Vec<Option<Cents>>,
    /// For each item of the draft, the line of the form it comes from: blank lines are left out.
    pub(crate) places: Vec<usize>,
}

/// Reads a draft; `company` decides which VAT a new line carries.
pub(crate) fn draft(form: &InvoiceForm, company: &Company, today: Date) -> ReadDraft {
    let mut errors = Errors::default();
    let customer = errors.take("customer", single_line(&form.customer, CODE_MAX));
    let title = errors.optional("title", &form.title, |typed| single_line(typed, TITLE_MAX));
    let issue_date = errors.optional("issue_date", &form.issue_date, |typed| date(typed, today));
    let due_date = errors.optional("due_date", &form.due_date, |typed| date(typed, today));
    let site_address = errors.optional("site_address", &form.site_address, |typed| {
        multi_line(typed, SITE_MAX)
    });
    let customer_reference =
        errors.optional("customer_reference", &form.customer_reference, |typed| {
            single_line(typed, REFERENCE_MAX)
        });
    let notes = errors.optional("notes", &form.notes, |typed| multi_line(typed, TEXT_MAX));
    let discount = percent(&mut errors, "discount_percent", &form.discount_percent);
    let retention = percent(&mut errors, "retention_percent", &form.retention_percent);
    let (mut items, mut line_amounts, mut places) = (Vec::new(), Vec::new(), Vec::new());
    if form.lines.len() > LINES_MAX {
        errors.note("lines", &Rule::TooManyLines { most: LINES_MAX });
    }
    for (index, line) in form.lines.iter().take(LINES_MAX).enumerate() {
        let read = if is_blank(line) {
            None
        } else {
            item(&mut errors, line, index, company)
        };
        line_amounts.push(read.as_ref().and_then(|item| item.line().map(Line::amount)));
        if let Some(item) = read {
            items.push(item);
            places.push(index);
        }
    }
    if !form
        .lines
        .iter()
        .any(|line| line.kind == LineKind::Line && !is_blank(line))
    {
        errors.note("lines", &Rule::NoLine);
    }
    let deductions = retention
        .filter(|percent| *percent != Percent::ZERO)
        .map(|percent| Deduction {
            kind: DeductionKind::Retention,
            value: DeductionValue::Percent(percent),
        });
    let read = customer.map(|customer| NewInvoice {
        kind: acquit_app::NewKind::default(),
        customer,
        issue_date,
        due_date,
        content: Content {
            earlier: Vec::new(),
            operation: operation(&form.operation),
            title,
            site_address,
            customer_reference,
            notes,
            items,
            discount: discount.unwrap_or(Percent::ZERO),
            deductions: deductions.into_iter().collect(),
        },
    });
    ReadDraft {
        draft: errors.judge(read),
        line_amounts,
        places,
    }
}

/// A line that says nothing: an empty row waits at the end of the table.
fn is_blank(line: &LineForm) -> bool {
    line.description.trim().is_empty()
        && line.unit_price.trim().is_empty()
        && line.quantity.trim().is_empty()
}

fn percent(errors: &mut Errors, field: &str, typed: &str) -> Option<Percent> {
    errors.optional(field, typed, |typed| Percent::parse(&number(typed)))
}

fn operation(word: &str) -> Operation {
    match word {
        "goods" => Operation::Goods,
        "both" => Operation::Both,
        _ => Operation::Services,
    }
}

fn item(errors: &mut Errors, line: &LineForm, index: usize, company: &Company) -> Option<Item> {
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
    let discount = errors.optional(&at("discount_percent"), &line.discount_percent, |typed| {
        Percent::parse(&number(typed))
    });
    let vat = errors.take(&at("vat"), vat(&line.vat, company));
    Some(Item::Line(Line {
        progress: None,
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
    }))
}

fn vat(word: &str, company: &Company) -> Result<VatTreatment, Rule> {
    match word {
        "" if company.franchise => Ok(VatTreatment::Exempt),
        "AE" | "E" | "K" | "G" | "O" => VatTreatment::new(Some(word), None),
        rate => VatTreatment::new(None, Some(rate)),
    }
}

/// A line to type into.
pub(crate) fn new_line(company: &Company) -> LineForm {
    LineForm {
        vat: if company.franchise { "E" } else { "20" }.to_owned(),
        nature: "works".to_owned(),
        ..LineForm::default()
    }
}

/// The form of a draft that was accepted before, as a person would have typed it.
pub(crate) fn form_of(draft: &Draft, customer_code: &str) -> InvoiceForm {
    let content = &draft.content;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let day = |date: Option<Date>| {
        date.map_or_else(String::new, |date| date.strftime("%d/%m/%Y").to_string())
    };
    let retention = content.deductions.iter().find_map(percentage_retention);
    InvoiceForm {
        customer: customer_code.to_owned(),
        title: text(&content.title),
        issue_date: day(draft.issue_date),
        due_date: day(draft.due_date),
        site_address: text(&content.site_address),
        customer_reference: text(&content.customer_reference),
        notes: text(&content.notes),
        operation: match content.operation {
            Operation::Services => "services",
            Operation::Goods => "goods",
            Operation::Both => "both",
        }
        .to_owned(),
        discount_percent: shown_percent(content.discount),
        retention_percent: retention.map_or_else(String::new, shown_percent),
        lines: content.items.iter().map(line_of).collect(),
    }
}

/// The one kind of deduction that the form has a field for, once.
fn percentage_retention(deduction: &Deduction) -> Option<Percent> {
    match (deduction.kind, deduction.value) {
        (DeductionKind::Retention, DeductionValue::Percent(percent)) => Some(percent),
        _ => None,
    }
}

/// The deductions of a draft as the form says them, with those that it cannot show where they
/// stood in the accepted draft: typing elsewhere must not lose them.
pub(crate) fn with_unshown(stored: &Draft, shown: Vec<Deduction>) -> Vec<Deduction> {
    let deductions = &stored.content.deductions;
    let place = deductions
        .iter()
        .position(|deduction| percentage_retention(deduction).is_some());
    let mut shown = shown.into_iter();
    let mut all = Vec::new();
    for (index, deduction) in deductions.iter().enumerate() {
        if Some(index) == place {
            all.extend(shown.next());
        } else {
            all.push(*deduction);
        }
    }
    all.extend(shown);
    all
}

fn shown_percent(percent: Percent) -> String {
    if percent == Percent::ZERO {
        String::new()
    } else {
        comma(&percent.decimal())
    }
}

fn comma(decimal: &str) -> String {
    decimal.replace('.', ",")
}

fn line_of(item: &Item) -> LineForm {
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
        },
    }
}

/// Reads a receipt.
pub(crate) fn receipt(form: &ReceiptForm, today: Date) -> Result<NewReceipt, Vec<FieldError>> {
    let mut errors = Errors::default();
    let amount = if form.amount.trim().is_empty() {
        Err(Rule::Empty)
    } else {
        Cents::parse(&number(&form.amount))
    };
    let amount = errors.take("amount", amount);
    let means = PaymentMeans::ALL
        .into_iter()
        .find(|means| means.code() == form.means && *means != PaymentMeans::CardPayplug)
        .ok_or(Rule::UnknownChoice);
    let means = errors.take("means", means);
    let date = errors.optional("date", &form.date, |typed| date(typed, today));
    let read = (|| {
        Some(NewReceipt {
            amount: amount?,
            means: means?,
            date,
            overpayment: form.overpayment,
        })
    })();
    errors.judge(read)
}

/// An error that the services found in a draft, at the field of the form it comes from.
impl ReadDraft {
    pub(crate) fn place(&self, field: &str, rule: &Rule) -> FieldError {
        let item = field
            .strip_prefix("lines[")
            .and_then(|rest| rest.split_once(']'))
            .and_then(|(index, rest)| Some((index.parse::<usize>().ok()?, rest)));
        match item.and_then(|(index, rest)| Some((self.places.get(index)?, rest))) {
            Some((place, rest)) => {
                let rest = rest.replace(".vat_rate", ".vat");
                field_error(&format!("lines[{place}]{rest}"), rule)
            }
            None => field_error(field, rule),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{draft, form_of, with_unshown};
    use crate::dto::{CompanyForm, InvoiceForm, LineForm};
    use crate::form::company;
    use acquit_domain::Cents;
    use acquit_domain::invoice::{Deduction, DeductionKind, DeductionValue, Draft};
    use acquit_domain::quantity::Percent;
    use jiff::Timestamp;
    use jiff::civil::date;

    const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

    fn percent(kind: DeductionKind, decimal: &str) -> Deduction {
        let value = DeductionValue::Percent(Percent::parse(decimal).unwrap());
        Deduction { kind, value }
    }

    fn amount(kind: DeductionKind, cents: i64) -> Deduction {
        let value = DeductionValue::Amount(Cents::new(cents));
        Deduction { kind, value }
    }

    /// A draft with these deductions goes into the form and back, its retention as `typed` or else
    /// as shown: the form, the deductions it says, and those with the ones it cannot show.
    fn read_again(
        stored: &[Deduction],
        typed: Option<&str>,
    ) -> (InvoiceForm, Vec<Deduction>, Vec<Deduction>) {
        let ferrand = CompanyForm {
            name: "Ferrand".to_owned(),
            siret: "81234567600017".to_owned(),
            line1: "14 rue du Port-Neuf".to_owned(),
            postcode: "37540".to_owned(),
            city: "Saint-Cyr-sur-Loire".to_owned(),
            ..CompanyForm::default()
        };
        let company = company(&ferrand, None).unwrap().company;
        let today = date(2026, 11, 24);
        let written = InvoiceForm {
            customer: "CL-0001".to_owned(),
            lines: vec![LineForm {
                description: "Pose".to_owned(),
                unit_price: "1000".to_owned(),
                vat: "20".to_owned(),
                ..LineForm::default()
            }],
            ..InvoiceForm::default()
        };
        let mut content = draft(&written, &company, today).draft.unwrap().content;
        content.deductions = stored.to_vec();
        let stored = Draft {
            kind: acquit_domain::invoice::DraftKind::Invoice,
            id: NOBODY.parse().unwrap(),
            customer: NOBODY.parse().unwrap(),
            issue_date: None,
            due_date: None,
            content,
            created_at: Timestamp::UNIX_EPOCH,
        };
        let mut form = form_of(&stored, "CL-0001");
        if let Some(typed) = typed {
            form.retention_percent = typed.to_owned();
        }
        let shown = draft(&form, &company, today).draft.unwrap();
        let shown = shown.content.deductions;
        let all = with_unshown(&stored, shown.clone());
        (form, shown, all)
    }

    #[test]
    fn deductions_that_the_form_cannot_show_are_kept() {
        use DeductionKind::{Other, Prorata, Retention};
        let stored = [
            percent(Prorata, "1.5"),
            percent(Retention, "5"),
            amount(Retention, 10_000),
            percent(Retention, "2"),
            amount(Other, 2_500),
        ];
        let (form, shown, all) = read_again(&stored, None);
        assert_eq!(form.retention_percent, "5");
        assert_eq!(shown, [stored[1]]);
        assert_eq!(all, stored);
    }

    #[test]
    fn the_retention_that_the_form_shows_can_be_changed_taken_off_and_added() {
        use DeductionKind::{Other, Retention};
        let other = amount(Other, 2_500);
        let retention = percent(Retention, "5");
        let (_, _, changed) = read_again(&[retention, other], Some("3"));
        assert_eq!(changed, [percent(Retention, "3"), other]);
        let (_, _, taken_off) = read_again(&[retention, other], Some(""));
        assert_eq!(taken_off, [other]);
        let (_, _, added) = read_again(&[other], Some("5"));
        assert_eq!(added, [other, retention]);
        let (_, _, alone) = read_again(&[retention], None);
        assert_eq!(alone, [retention]);
    }
}
