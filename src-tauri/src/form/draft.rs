//! Reads a draft and a receipt.

use acquit_app::{Kind, NewInvoice, NewKind, NewReceipt};
use acquit_domain::company::Company;
use acquit_domain::invoice::{Content, Draft, Item, LINES_MAX, Operation};
use acquit_domain::limits::{CODE_MAX, REFERENCE_MAX, SITE_MAX, TEXT_MAX, TITLE_MAX};
use acquit_domain::quantity::Percent;
use acquit_domain::receipt::PaymentMeans;
use acquit_domain::text::{multi_line, single_line};
use acquit_domain::{Cents, Rule};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::deductions::{ReadDeductions, deductions, shown};
use super::lines::{Reading, amounts, is_blank, item, line_of, percent, shown_percent};
use super::text::{date, number};
use super::{Errors, field_error};
use crate::dto::{FieldError, InvoiceForm, LineForm, LineKind, ReceiptForm};

/// A draft as far as it could be read.
pub(crate) struct ReadDraft {
    /// The draft, or what stands in its way.
    pub(crate) draft: Result<NewInvoice, Vec<FieldError>>,
    /// Amount of each line of the form that can be read, and subtotals beside headings.
    pub(crate) line_amounts: Vec<Option<Cents>>,
    /// For each item of the draft, the line of the form it comes from: blank lines are left out.
    pub(crate) places: Vec<usize>,
    /// For each deduction of the draft, the field it comes from.
    deduction_places: Vec<String>,
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
    let taken_off = if may_deduct(form) {
        deductions(&mut errors, form, today)
    } else {
        ReadDeductions::default()
    };
    let lines = read_lines(&mut errors, form, company);
    let read = customer.map(|customer| NewInvoice {
        kind: kind(form),
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
            items: lines.items,
            discount: discount.unwrap_or(Percent::ZERO),
            deductions: taken_off.deductions,
        },
    });
    ReadDraft {
        draft: errors.judge(read),
        line_amounts: lines.amounts,
        places: lines.places,
        deduction_places: taken_off.places,
    }
}

struct ReadLines {
    items: Vec<Item>,
    amounts: Vec<Option<Cents>>,
    places: Vec<usize>,
}

fn read_lines(errors: &mut Errors, form: &InvoiceForm, company: &Company) -> ReadLines {
    let reading = Reading {
        company,
        with_progress: kind_word(form) == Kind::Progress,
    };
    if form.lines.len() > LINES_MAX {
        errors.note("lines", &Rule::TooManyLines { most: LINES_MAX });
    }
    let lines = form.lines.iter().take(LINES_MAX).enumerate();
    let read: Vec<Option<Item>> = lines
        .map(|(index, line)| {
            let says = !is_blank(line);
            says.then(|| item(errors, line, index, &reading)).flatten()
        })
        .collect();
    let says_something = |line: &LineForm| line.kind == LineKind::Line && !is_blank(line);
    if !form.lines.iter().any(says_something) {
        errors.note("lines", &Rule::NoLine);
    }
    let amounts = amounts(&form.lines, &read);
    let (mut items, mut places) = (Vec::new(), Vec::new());
    for (index, item) in read.into_iter().enumerate() {
        if let Some(item) = item {
            items.push(item);
            places.push(index);
        }
    }
    ReadLines {
        items,
        amounts,
        places,
    }
}

/// What the draft is to become. Documents are named only where a kind takes them off or credits them:
/// what was ticked before another kind was chosen waits in the form.
fn kind(form: &InvoiceForm) -> NewKind {
    let kind = kind_word(form);
    let refers_to = match kind {
        Kind::Invoice | Kind::Deposit => Vec::new(),
        Kind::Progress | Kind::Final | Kind::CreditNote => form.refers_to.clone(),
    };
    NewKind { kind, refers_to }
}

/// The kind that a form says; an invoice where it says nothing.
fn kind_word(form: &InvoiceForm) -> Kind {
    let mut all = Kind::ALL.into_iter();
    all.find(|kind| kind.code() == form.kind)
        .unwrap_or_default()
}

/// Deposits and credit notes ask for, or give back, what they say in full.
fn may_deduct(form: &InvoiceForm) -> bool {
    !matches!(kind_word(form), Kind::Deposit | Kind::CreditNote)
}

fn operation(word: &str) -> Operation {
    match word {
        "goods" => Operation::Goods,
        "both" => Operation::Both,
        _ => Operation::Services,
    }
}

/// The form of a draft that was accepted before, as a person would have typed it.
pub(crate) fn form_of(draft: &Draft, customer_code: &str) -> InvoiceForm {
    let content = &draft.content;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let day = |date: Option<Date>| {
        date.map_or_else(String::new, |date| date.strftime("%d/%m/%Y").to_string())
    };
    let shown = shown(&content.deductions);
    let refers_to = draft.kind.refers_to().iter();
    InvoiceForm {
        kind: draft.kind.code().to_owned(),
        refers_to: refers_to.map(ToString::to_string).collect(),
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
        retention_percent: shown.retention,
        retention_release: day(shown.release_on),
        retention_bond: shown.bond,
        deductions: shown.others,
        lines: content.items.iter().map(line_of).collect(),
    }
}

/// The form that was kept as text. One of before the kinds was an invoice that took nothing else off; one of before
/// retentions had a day and a bond names neither.
pub(crate) fn kept_form(body: &str) -> Option<InvoiceForm> {
    let mut body: Value = serde_json::from_str(body).ok()?;
    let fields = body.as_object_mut()?;
    for (name, before) in [
        ("kind", json!("invoice")),
        ("refers_to", json!([])),
        ("deductions", json!([])),
        ("retention_release", json!("")),
        ("retention_bond", json!(false)),
    ] {
        fields.entry(name).or_insert(before);
    }
    for line in fields.get_mut("lines")?.as_array_mut()? {
        line.as_object_mut()?.entry("progress").or_insert(json!(""));
    }
    serde_json::from_value(body).ok()
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
        if let Some((index, rest)) = indexed(field, "lines")
            && let Some(place) = self.places.get(index)
        {
            let rest = rest.replace(".vat_rate", ".vat");
            return field_error(&format!("lines[{place}]{rest}"), rule);
        }
        if let Some((index, _)) = indexed(field, "deductions")
            && let Some(place) = self.deduction_places.get(index)
        {
            return field_error(place, rule);
        }
        field_error(field, rule)
    }
}

/// Index and rest of a field such as `lines[2].quantity`.
fn indexed<'a>(field: &'a str, list: &str) -> Option<(usize, &'a str)> {
    let rest = field.strip_prefix(list)?.strip_prefix('[')?;
    let (index, rest) = rest.split_once(']')?;
    Some((index.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::{draft, form_of, kept_form};
    use crate::dto::{CompanyForm, DeductionForm, InvoiceForm, LineForm};
    use crate::form::company;
    use acquit_domain::Rule;
    use acquit_domain::company::Company;
    use acquit_domain::id::InvoiceId;
    use acquit_domain::invoice::{Draft, DraftKind};
    use jiff::Timestamp;
    use jiff::civil::date;

    const SOMEBODY: &str = "00000000-0000-0000-0000-000000000001";

    fn ferrand() -> Company {
        let ferrand = CompanyForm {
            name: "Ferrand".to_owned(),
            siret: "81234567600017".to_owned(),
            line1: "14 rue du Port-Neuf".to_owned(),
            postcode: "37540".to_owned(),
            city: "Saint-Cyr-sur-Loire".to_owned(),
            ..CompanyForm::default()
        };
        company(&ferrand, None).unwrap().company
    }

    fn line(progress: &str) -> LineForm {
        LineForm {
            description: "Pose".to_owned(),
            unit_price: "1000".to_owned(),
            vat: "20".to_owned(),
            progress: progress.to_owned(),
            ..LineForm::default()
        }
    }

    fn form(kind: &str) -> InvoiceForm {
        InvoiceForm {
            kind: kind.to_owned(),
            customer: "CL-0001".to_owned(),
            refers_to: vec![SOMEBODY.to_owned()],
            retention_percent: "5".to_owned(),
            lines: vec![LineForm::default(), line("40")],
            ..InvoiceForm::default()
        }
    }

    #[test]
    fn each_kind_reads_what_belongs_to_it() {
        let read = |kind: &str| {
            let read = draft(&form(kind), &ferrand(), date(2026, 11, 24));
            let new = read.draft.unwrap();
            let progress = new.content.items[0].line().unwrap().progress;
            let named = new.kind.refers_to.len();
            (named, new.content.deductions.len(), progress.is_some())
        };
        assert_eq!(read("invoice"), (0, 1, false));
        assert_eq!(read("deposit"), (0, 0, false));
        assert_eq!(read("progress"), (1, 1, true));
        assert_eq!(read("final"), (1, 1, false));
        assert_eq!(read("credit_note"), (1, 0, false));
    }

    #[test]
    fn a_draft_is_shown_as_it_was_typed() {
        let typed = InvoiceForm {
            deductions: vec![DeductionForm {
                kind: "prorata".to_owned(),
                is_amount: false,
                value: "1,5".to_owned(),
            }],
            lines: vec![LineForm {
                quantity: "1".to_owned(),
                nature: "works".to_owned(),
                ..line("40")
            }],
            operation: "services".to_owned(),
            ..form("progress")
        };
        let new = draft(&typed, &ferrand(), date(2026, 11, 24)).draft.unwrap();
        let before: InvoiceId = SOMEBODY.parse().unwrap();
        let stored = Draft {
            kind: DraftKind::Progress {
                follows: vec![before],
            },
            id: before,
            customer: SOMEBODY.parse().unwrap(),
            issue_date: None,
            due_date: None,
            content: new.content,
            created_at: Timestamp::UNIX_EPOCH,
        };
        let shown = InvoiceForm {
            lines: vec![LineForm {
                unit_price: form_of(&stored, "CL-0001").lines[0].unit_price.clone(),
                ..typed.lines[0].clone()
            }],
            ..typed
        };
        assert_eq!(form_of(&stored, "CL-0001"), shown);
    }

    #[test]
    fn what_the_services_refuse_is_told_at_its_field() {
        let typed = InvoiceForm {
            deductions: vec![
                DeductionForm::default(),
                DeductionForm {
                    is_amount: true,
                    value: "10".to_owned(),
                    ..DeductionForm::default()
                },
            ],
            ..form("progress")
        };
        let read = draft(&typed, &ferrand(), date(2026, 11, 24));
        let place = |field| read.place(field, &Rule::NotPositive).field;
        assert_eq!(place("lines[0].vat_rate"), "lines[1].vat");
        assert_eq!(place("lines[0].progress"), "lines[1].progress");
        assert_eq!(place("deductions[0].percent"), "retention_percent");
        assert_eq!(place("deductions[1].amount"), "deductions[1].value");
        assert_eq!(place("deductions"), "deductions");
        assert_eq!(place("refers_to[0]"), "refers_to[0]");
    }

    #[test]
    fn text_of_before_the_kinds_can_still_be_read() {
        let mut body = serde_json::to_value(form("invoice")).unwrap();
        let fields = body.as_object_mut().unwrap();
        let later = ["retention_release", "retention_bond"];
        for new in ["kind", "refers_to", "deductions"].into_iter().chain(later) {
            fields.remove(new).unwrap();
        }
        for line in fields["lines"].as_array_mut().unwrap() {
            line.as_object_mut().unwrap().remove("progress").unwrap();
        }
        let read = kept_form(&body.to_string()).unwrap();
        assert_eq!(read.kind, "invoice");
        assert_eq!(read.retention_percent, "5");
        assert_eq!(read.lines.len(), 2);
        assert!(kept_form("{}").is_none());
        let now = serde_json::to_string(&form("progress")).unwrap();
        assert_eq!(kept_form(&now), Some(form("progress")));
    }
}
