//! Texts that stand on paper, and the first character of each that paper cannot show.

use std::borrow::Cow;

use super::Missing;
use crate::company::{Address, Company};
use crate::customer::Customer;
use crate::invoice::{Content, Item};

/// Where a printed text is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Printed {
    /// A field that has one name, as in the inputs of `cli.md`.
    Field(&'static str),
    /// The text of a line, a section or a comment, counted from 0.
    Item(usize),
    /// The unit of a line, counted from 0.
    Unit(usize),
}

impl Printed {
    /// The field, as in the inputs of `cli.md`.
    #[must_use]
    pub fn field(self) -> Cow<'static, str> {
        match self {
            Self::Field(name) => Cow::Borrowed(name),
            Self::Item(index) => Cow::Owned(format!("lines[{index}].description")),
            Self::Unit(index) => Cow::Owned(format!("lines[{index}].unit")),
        }
    }
}

/// What paper cannot show, one warning for each text. `lacks` finds the first character of a text that
/// the typefaces lack.
pub fn unprintable(
    company: &Company,
    customer: &Customer,
    content: &Content,
    lacks: impl Fn(&str) -> Option<char>,
) -> Vec<Missing> {
    let texts = of_content(content)
        .chain(of_customer(customer))
        .chain(of_company(company));
    texts
        .filter_map(|(at, text)| {
            lacks(text).map(|character| Missing::Unprintable { at, character })
        })
        .collect()
}

type Text<'a> = (Printed, &'a str);

fn of_content(content: &Content) -> impl Iterator<Item = Text<'_>> {
    let fields = [
        ("title", &content.title),
        ("site_address", &content.site_address),
        ("customer_reference", &content.customer_reference),
        ("notes", &content.notes),
    ];
    present(fields).chain(content.items.iter().enumerate().flat_map(of_item))
}

fn of_item((index, item): (usize, &Item)) -> Vec<Text<'_>> {
    let at = Printed::Item(index);
    match item {
        Item::Line(line) => {
            let unit = line
                .unit
                .as_deref()
                .map(|unit| (Printed::Unit(index), unit));
            [(at, line.description.as_str())]
                .into_iter()
                .chain(unit)
                .collect()
        }
        Item::Section { title: text } | Item::Comment { text } => vec![(at, text.as_str())],
    }
}

fn of_customer(customer: &Customer) -> impl Iterator<Item = Text<'_>> {
    let name = (Printed::Field("customer.name"), customer.name.as_str());
    let [line1, line2, city] = of_address(&customer.address);
    [name]
        .into_iter()
        .chain(line1.map(|text| (Printed::Field("customer.address.line1"), text)))
        .chain(line2.map(|text| (Printed::Field("customer.address.line2"), text)))
        .chain(city.map(|text| (Printed::Field("customer.address.city"), text)))
}

fn of_company(company: &Company) -> impl Iterator<Item = Text<'_>> {
    let name = (Printed::Field("company.name"), company.name.as_str());
    let [line1, line2, city] = of_address(&company.address);
    let fields = [
        ("company.legal_form", &company.legal_form),
        ("company.phone", &company.phone),
        ("company.website", &company.website),
        ("company.capital", &company.capital),
        ("company.register", &company.register),
    ];
    let insurer = company.insurance.as_ref();
    [name]
        .into_iter()
        .chain(line1.map(|text| (Printed::Field("company.address.line1"), text)))
        .chain(line2.map(|text| (Printed::Field("company.address.line2"), text)))
        .chain(city.map(|text| (Printed::Field("company.address.city"), text)))
        .chain(present(fields))
        .chain(insurer.map(|one| {
            (
                Printed::Field("company.insurance.insurer"),
                one.insurer.as_str(),
            )
        }))
}

/// First line, second line, town.
fn of_address(address: &Address) -> [Option<&str>; 3] {
    [
        Some(address.line1.as_str()),
        address.line2.as_deref(),
        Some(address.city.as_str()),
    ]
}

fn present<'a, const N: usize>(
    fields: [(&'static str, &'a Option<String>); N],
) -> impl Iterator<Item = Text<'a>> {
    let of = |(name, text): (&'static str, &'a Option<String>)| {
        text.as_deref().map(|text| (Printed::Field(name), text))
    };
    fields.into_iter().filter_map(of)
}
