//! Reads a draft invoice.

use acquit_app::{Kind, NewInvoice, NewKind};
use acquit_domain::invoice::{
    Content, Deduction, DeductionKind, DeductionValue, Item, LINES_MAX, Line, Nature, Operation,
};
use acquit_domain::limits::{
    CODE_MAX, DEDUCTIONS_MAX, HEADING_MAX, REFERENCE_MAX, SITE_MAX, TEXT_MAX, TITLE_MAX, UNIT_MAX,
};
use acquit_domain::quantity::{Percent, Quantity, UnitPrice};
use acquit_domain::text::single_line;
use acquit_domain::vat::VatTreatment;
use acquit_domain::{Cents, Rule, date, decimal};

use super::fault::{Fault, Refused, Shape};
use super::fields::Fields;
use super::json::Node;

const INVOICE: &[&str] = &[
    "customer",
    "kind",
    "refers_to",
    "issue_date",
    "due_date",
    "operation",
    "title",
    "site_address",
    "customer_reference",
    "notes",
    "lines",
    "discount_percent",
    "deductions",
];
const LINE: &[&str] = &[
    "type",
    "description",
    "quantity",
    "unit",
    "unit_price",
    "discount_percent",
    "nature",
    "vat_category",
    "vat_rate",
    "progress",
];
/// What only a charged line may carry.
const CHARGED: &[&str] = &[
    "quantity",
    "unit",
    "unit_price",
    "discount_percent",
    "nature",
    "vat_category",
    "vat_rate",
    "progress",
];
const DEDUCTION: &[&str] = &["kind", "percent", "amount"];
const KINDS: &[&str] = &["invoice", "deposit", "progress", "final", "credit_note"];
const CATEGORIES: &[&str] = &["S", "AE", "E", "K", "G", "O"];

/// Reads a draft; `franchise` says whether its seller charges no VAT (CGI art. 293 B).
///
/// # Errors
/// The first field at fault.
pub(crate) fn invoice(node: Node, franchise: bool) -> Result<NewInvoice, Refused> {
    let mut fields = Fields::of_document(node, INVOICE)?;
    let customer = fields.required_line("customer", CODE_MAX)?;
    let kind = kind(&mut fields)?;
    Ok(NewInvoice {
        kind,
        customer,
        issue_date: fields.parsed("issue_date", Shape::Date, date::parse)?,
        due_date: fields.parsed("due_date", Shape::Date, date::parse)?,
        content: Content {
            earlier: Vec::new(),
            operation: match fields.choice("operation", &["services", "goods", "both"])? {
                Some("goods") => Operation::Goods,
                Some("both") => Operation::Both,
                _ => Operation::Services,
            },
            title: fields.line("title", TITLE_MAX)?,
            site_address: fields.lines("site_address", SITE_MAX)?,
            customer_reference: fields.line("customer_reference", REFERENCE_MAX)?,
            notes: fields.lines("notes", TEXT_MAX)?,
            items: items(&mut fields, franchise)?,
            discount: percent(&mut fields, "discount_percent")?.unwrap_or(Percent::ZERO),
            deductions: deductions(&mut fields)?,
        },
    })
}

/// What it is to become, and the documents that it names, each by number or id.
fn kind(fields: &mut Fields) -> Result<NewKind, Refused> {
    let word = fields.choice("kind", KINDS)?;
    let kind = Kind::ALL.into_iter().find(|kind| Some(kind.code()) == word);
    let references = fields.list("refers_to")?.unwrap_or_default().into_iter();
    let refers_to = references.map(|(path, node)| match node {
        Node::Text(text) => {
            single_line(&text, REFERENCE_MAX).map_err(|rule| Refused::rule(path, rule))
        }
        _ => Err(Refused::at(
            path,
            Fault::WrongType {
                expected: Shape::Text,
            },
        )),
    });
    Ok(NewKind {
        kind: kind.unwrap_or_default(),
        refers_to: refers_to.collect::<Result<_, _>>()?,
    })
}

fn items(fields: &mut Fields, franchise: bool) -> Result<Vec<Item>, Refused> {
    let found = fields.list("lines")?;
    let nodes = fields.required("lines", found)?;
    if nodes.len() > LINES_MAX {
        return Err(Refused::rule(
            "lines",
            Rule::TooManyLines { most: LINES_MAX },
        ));
    }
    let items: Result<Vec<Item>, Refused> = nodes
        .into_iter()
        .map(|(path, node)| item(node, path, franchise))
        .collect();
    let items = items?;
    if items.iter().any(|item| item.line().is_some()) {
        Ok(items)
    } else {
        Err(Refused::rule("lines", Rule::NoLine))
    }
}

fn item(node: Node, path: String, franchise: bool) -> Result<Item, Refused> {
    let mut fields = Fields::of_object(node, path, LINE)?;
    let kind = fields.choice("type", &["line", "section", "comment"])?;
    if !matches!(kind, None | Some("line")) {
        if let Some(name) = CHARGED.iter().find(|name| fields.has(name)) {
            return Err(Refused::at(fields.path_of(name), Fault::NotOnThisLine));
        }
        let most = if kind == Some("section") {
            HEADING_MAX
        } else {
            TEXT_MAX
        };
        let found = fields.lines("description", most)?;
        let text = fields.required("description", found)?;
        return Ok(match kind {
            Some("section") => Item::Section { title: text },
            _ => Item::Comment { text },
        });
    }
    let description = fields.lines("description", TEXT_MAX)?;
    let description = fields.required("description", description)?;
    Ok(Item::Line(Line {
        description,
        quantity: fields.required_parsed("quantity", Shape::Decimal, Quantity::parse)?,
        unit: fields.line("unit", UNIT_MAX)?,
        unit_price: fields.required_parsed("unit_price", Shape::Decimal, UnitPrice::parse)?,
        discount: percent(&mut fields, "discount_percent")?.unwrap_or(Percent::ZERO),
        vat: vat(&mut fields, franchise)?,
        nature: match fields.choice("nature", &["works", "services", "goods"])? {
            Some("services") => Nature::Services,
            Some("goods") => Nature::Goods,
            _ => Nature::Works,
        },
        progress: percent(&mut fields, "progress")?,
    }))
}

/// Category and rate together: a rate is required with S, "0" or absent with the others. Under the
/// franchise a line is E unless it says otherwise.
fn vat(fields: &mut Fields, franchise: bool) -> Result<VatTreatment, Refused> {
    let category = fields.choice("vat_category", CATEGORIES)?;
    let rate = fields.raw("vat_rate", Shape::Decimal)?;
    let path = fields.path_of("vat_rate");
    if franchise && category.is_none() {
        let hundredths = rate.map_or(Ok(0), |text| decimal::parse(&text, 2));
        return match hundredths {
            Ok(0) => Ok(VatTreatment::Exempt),
            Ok(_) => Err(Refused::rule(path, Rule::VatUnderFranchise)),
            Err(rule) => Err(Refused::rule(path, rule)),
        };
    }
    if rate.is_none() && matches!(category, None | Some("S")) {
        return Err(Refused::at(path, Fault::Missing));
    }
    VatTreatment::new(category, rate.as_deref()).map_err(|rule| Refused::rule(path, rule))
}

fn percent(fields: &mut Fields, name: &str) -> Result<Option<Percent>, Refused> {
    fields.parsed(name, Shape::Decimal, Percent::parse)
}

fn deductions(fields: &mut Fields) -> Result<Vec<Deduction>, Refused> {
    let nodes = fields.list("deductions")?.unwrap_or_default();
    if nodes.len() > DEDUCTIONS_MAX {
        return Err(Refused::rule(
            "deductions",
            Rule::TooManyLines {
                most: DEDUCTIONS_MAX,
            },
        ));
    }
    nodes
        .into_iter()
        .map(|(path, node)| deduction(node, path))
        .collect()
}

fn deduction(node: Node, path: String) -> Result<Deduction, Refused> {
    let mut fields = Fields::of_object(node, path.clone(), DEDUCTION)?;
    let kind = fields.choice("kind", &["retention", "prorata", "other"])?;
    let kind = match fields.required("kind", kind)? {
        "retention" => DeductionKind::Retention,
        "prorata" => DeductionKind::Prorata,
        _ => DeductionKind::Other,
    };
    let percent = percent(&mut fields, "percent")?;
    let amount = fields.parsed("amount", Shape::Decimal, Cents::parse)?;
    let value = match (percent, amount) {
        (Some(percent), None) => DeductionValue::Percent(percent),
        (None, Some(amount)) if amount.is_positive() => DeductionValue::Amount(amount),
        (None, Some(_)) => return Err(Refused::rule(fields.path_of("amount"), Rule::NotPositive)),
        _ => return Err(Refused::rule(path, Rule::PercentOrAmount)),
    };
    Ok(Deduction { kind, value })
}
