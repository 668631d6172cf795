//! Lines (BG-25): what is charged, then what earlier situations asked for, taken back.

use acquit_domain::Cents;
use acquit_domain::invoice::{EarlierKind, Finalised, Item, Line};
use acquit_domain::quantity::{Percent, line_amount};
use acquit_domain::vat::VatTreatment;

use super::unit;
use super::vat::Category;
use super::writer::X;
use super::{allowance, named};
use crate::words;

/// What one line says.
struct Charged<'a> {
    /// Headings and comments above it (BT-127).
    note: String,
    description: &'a str,
    price: String,
    quantity: String,
    unit: Option<&'a str>,
    treatment: VatTreatment,
    allowances: Vec<(Cents, String)>,
    /// BT-131.
    amount: Cents,
}

/// Writes every line. Gives back headings and comments below the last one.
pub(super) fn write(x: &mut X, document: &Finalised) -> Vec<String> {
    let mut above: Vec<&str> = Vec::new();
    let mut amounts = document.totals.lines.iter();
    let mut number = 0;
    for item in &document.content.items {
        match item {
            Item::Section { title } => above.push(title),
            Item::Comment { text } => above.push(text),
            Item::Line(line) => {
                let amount = amounts.next().copied().unwrap_or_else(|| line.amount());
                number += 1;
                let note = std::mem::take(&mut above).join("\n");
                write_line(x, document, number, &charged(line, amount, note));
            }
        }
    }
    let of_situations = document.content.earlier.iter();
    for earlier in of_situations.filter(|one| one.what == EarlierKind::Situation) {
        let name = words::earlier(earlier);
        for (treatment, base) in earlier.bases() {
            number += 1;
            write_line(x, document, number, &taken_back(&name, treatment, base));
        }
    }
    above.into_iter().map(str::to_owned).collect()
}

fn charged(line: &Line, amount: Cents, note: String) -> Charged<'_> {
    let whole = line_amount(line.quantity, line.unit_price, Percent::ZERO);
    let agreed = line.agreed();
    let mut allowances = vec![(whole - agreed, words::line_discount(line.discount))];
    if let Some(done) = line.progress {
        allowances.push((agreed - amount, words::progress(done, agreed)));
    }
    allowances.retain(|(amount, _)| !amount.is_zero());
    Charged {
        note,
        description: &line.description,
        price: line.unit_price.decimal(),
        quantity: line.quantity.decimal(),
        unit: line.unit.as_deref(),
        treatment: line.vat,
        allowances,
        amount,
    }
}

fn taken_back(name: &str, treatment: VatTreatment, base: Cents) -> Charged<'_> {
    Charged {
        note: String::new(),
        description: name,
        price: base.abs().decimal(),
        quantity: if base.is_negative() { "1" } else { "-1" }.to_owned(),
        unit: None,
        treatment,
        allowances: Vec::new(),
        amount: -base,
    }
}

fn write_line(x: &mut X, document: &Finalised, number: usize, line: &Charged<'_>) {
    let code = line.unit.map_or(Some(unit::ONE), unit::code);
    x.within("ram:IncludedSupplyChainTradeLineItem", |x| {
        x.within("ram:AssociatedDocumentLineDocument", |x| {
            x.element("ram:LineID", &number.to_string());
            if !line.note.is_empty() {
                x.within("ram:IncludedNote", |x| {
                    x.element("ram:Content", &line.note);
                });
            }
        });
        product(x, line, code.is_none());
        x.within("ram:SpecifiedLineTradeAgreement", |x| {
            x.within("ram:NetPriceProductTradePrice", |x| {
                x.element("ram:ChargeAmount", &line.price);
            });
        });
        x.within("ram:SpecifiedLineTradeDelivery", |x| {
            let code = ("unitCode", code.unwrap_or(unit::ONE));
            x.with("ram:BilledQuantity", code, &line.quantity);
        });
        x.within("ram:SpecifiedLineTradeSettlement", |x| {
            Category::of(document, line.treatment).write(x, "ram:ApplicableTradeTax");
            for (amount, reason) in &line.allowances {
                allowance(x, *amount, reason, None);
            }
            x.within("ram:SpecifiedTradeSettlementLineMonetarySummation", |x| {
                x.element("ram:LineTotalAmount", &line.amount.decimal());
            });
        });
    });
}

/// Name and description (BT-153, BT-154); a unit that has no code as an attribute (BG-32).
fn product(x: &mut X, line: &Charged<'_>, unit_in_words: bool) {
    let (first, rest) = match line.description.split_once('\n') {
        Some((first, rest)) => (first, rest.trim()),
        None => (line.description, ""),
    };
    x.within("ram:SpecifiedTradeProduct", |x| {
        x.element("ram:Name", &named(first));
        if !rest.is_empty() {
            x.element("ram:Description", rest);
        }
        if let Some(unit) = line.unit.filter(|_| unit_in_words) {
            x.within("ram:ApplicableProductCharacteristic", |x| {
                x.element("ram:Description", words::UNIT);
                x.element("ram:Value", &named(unit));
            });
        }
    });
}
