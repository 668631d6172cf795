//! The invoice as Factur-X carries it: CII D16B, profile EN 16931, with the rules of French e-invoicing
//! (norme XP Z12-012). Written in the order of the schema; amounts come from the totals alone.
//!
//! It says nothing that the page does not say, and nothing of payment links: it is a function of the
//! frozen document.

mod line;
mod party;
mod settlement;
mod unit;
mod vat;
mod writer;

use acquit_domain::Cents;
use acquit_domain::customer::{Customer, CustomerKind};
use acquit_domain::invoice::{Finalised, Operation};
use acquit_domain::vat::VatTreatment;
use jiff::civil::Date;

use crate::letterhead;
use crate::mentions;
use crate::paper::{Marks, Paper, PaymentBlock, Subject, View};
use crate::words;
use vat::Category;
use writer::X;

const NAMESPACES: &str = "rsm:CrossIndustryInvoice xmlns:rsm=\"urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100\" xmlns:ram=\"urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100\" xmlns:udt=\"urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100\" xmlns:qdt=\"urn:un:unece:uncefact:data:standard:QualifiedDataType:100\"";
/// BT-24.
const PROFILE: &str = "urn:cen.eu:en16931:2017";

/// A note (BG-1): subject code (BT-21) if any, and content (BT-22).
type Noted = (Option<&'static str>, String);

/// A document as Factur-X XML (`factur-x.xml`). The same document gives the same bytes. `marks` say
/// *ESSAI* and *DÉMONSTRATION* here as on every page.
#[must_use]
pub fn xml(document: &Finalised, marks: Marks) -> String {
    let paper = Paper {
        document: Subject::Finalised(document),
        logo: None,
        payment: PaymentBlock::None,
        standing: None,
        marks,
        receipts: &[],
    };
    let view = View::new(&paper);
    let mut lines = X::new_part();
    let below = line::write(&mut lines, document);
    let mut x = X::new();
    x.within(NAMESPACES, |x| {
        context(x, document);
        heading(x, document, &notes(document, &view, &below));
        x.within("rsm:SupplyChainTradeTransaction", |x| {
            x.append(lines);
            agreement(x, document);
            delivery(x, document);
            settlement::write(x, document, &view);
        });
    });
    x.finish()
}

fn context(x: &mut X, document: &Finalised) {
    x.within("rsm:ExchangedDocumentContext", |x| {
        x.within(
            "ram:BusinessProcessSpecifiedDocumentContextParameter",
            |x| {
                x.element("ram:ID", frame(document));
            },
        );
        x.within("ram:GuidelineSpecifiedDocumentContextParameter", |x| {
            x.element("ram:ID", PROFILE);
        });
    });
}

/// BT-23, the frame of invoicing: category of operation, then 4 where deposits are taken off, 5 for a
/// building subcontractor (only services have one), else 1.
fn frame(document: &Finalised) -> &'static str {
    let after_deposits = !document.totals.deposits.is_zero() && !document.is_of_deposit();
    let building = document.buyer.address.country.as_str() == "FR"
        && document
            .totals
            .by_rate
            .iter()
            .any(|rate| rate.treatment == VatTreatment::ReverseCharge);
    match (document.content.operation, after_deposits) {
        (Operation::Services, true) => "S4",
        (Operation::Goods, true) => "B4",
        (Operation::Both, true) => "M4",
        (Operation::Services, false) if building => "S5",
        (Operation::Services, false) => "S1",
        (Operation::Goods, false) => "B1",
        (Operation::Both, false) => "M1",
    }
}

fn heading(x: &mut X, document: &Finalised, notes: &[Noted]) {
    x.within("rsm:ExchangedDocument", |x| {
        x.element("ram:ID", &document.number.to_string());
        x.element("ram:TypeCode", document.kind.type_code());
        x.within("ram:IssueDateTime", |x| day(x, "udt", document.issue_date));
        for (code, content) in notes {
            x.within("ram:IncludedNote", |x| {
                x.element("ram:Content", content);
                if let Some(code) = code {
                    x.element("ram:SubjectCode", code);
                }
            });
        }
    });
}

/// BG-1: how it is to be treated, what every page marks, the mentions, then what was typed.
fn notes(document: &Finalised, view: &View<'_>, below: &[String]) -> Vec<Noted> {
    let content = &document.content;
    let mut notes: Vec<Noted> = Vec::new();
    let treatment = treatment(&document.buyer);
    notes.extend(treatment.map(|code| (Some("BAR"), code.to_owned())));
    let marks = letterhead::marks(view.paper.marks, &[]);
    notes.extend(marks.into_iter().map(|mark| (None, mark.to_owned())));
    for mention in mentions::mentions(view) {
        notes.extend(mention.as_note().map(|(code, text)| (Some(code), text)));
    }
    notes.extend(content.title.clone().map(|title| (None, title)));
    // Typed in one piece: no address in fields (BG-15) could be made of it.
    let site = content.site_address.clone();
    notes.extend(site.map(|site| (Some("DEL"), site)));
    notes.extend(content.notes.clone().map(|remarks| (None, remarks)));
    notes.extend(below.iter().cloned().map(|text| (None, text)));
    notes.retain(|(_, text)| text.chars().any(writer::is_printable));
    notes
}

/// How platforms treat it (BAR; BR-FR-20). A French business without SIREN cannot be reached by them:
/// nothing is said.
fn treatment(buyer: &Customer) -> Option<&'static str> {
    let french = buyer.address.country.as_str() == "FR";
    match buyer.kind {
        CustomerKind::Private => Some("B2C"),
        CustomerKind::Business if buyer.siren.is_some() => Some("B2B"),
        CustomerKind::Business => (!french).then_some("B2BINT"),
    }
}

fn agreement(x: &mut X, document: &Finalised) {
    let reference = document.content.customer_reference.as_deref();
    x.within("ram:ApplicableHeaderTradeAgreement", |x| {
        if let Some(reference) = reference {
            x.element("ram:BuyerReference", &named(reference));
        }
        party::seller(x, document);
        party::buyer(x, document);
        if let Some(reference) = reference {
            x.within("ram:BuyerOrderReferencedDocument", |x| {
                x.element("ram:IssuerAssignedID", &named(reference));
            });
        }
    });
}

/// BG-13. Goods that leave for another member state say when and for where (BR-IC-11, BR-IC-12): no
/// other day is printed, so it is that of issue (CGI ann. II art. 242 nonies A, I-10°).
fn delivery(x: &mut X, document: &Finalised) {
    let leaves = document
        .totals
        .by_rate
        .iter()
        .any(|rate| Category::of(document, rate.treatment).code == "K");
    x.within("ram:ApplicableHeaderTradeDelivery", |x| {
        if leaves {
            x.within("ram:ShipToTradeParty", |x| {
                x.within("ram:PostalTradeAddress", |x| {
                    let country = document.buyer.address.country.as_str();
                    x.element("ram:CountryID", country);
                });
            });
            x.within("ram:ActualDeliverySupplyChainEvent", |x| {
                x.within("ram:OccurrenceDateTime", |x| {
                    day(x, "udt", document.issue_date)
                });
            });
        }
    });
}

/// An allowance on a line (BG-27), or with its category on the whole (BG-20).
fn allowance(x: &mut X, amount: Cents, reason: &str, category: Option<&Category>) {
    x.within("ram:SpecifiedTradeAllowanceCharge", |x| {
        x.within("ram:ChargeIndicator", |x| {
            x.element("udt:Indicator", "false")
        });
        x.element("ram:ActualAmount", &amount.decimal());
        x.element("ram:Reason", reason);
        if let Some(category) = category {
            category.write(x, "ram:CategoryTradeTax");
        }
    });
}

fn day(x: &mut X, prefix: &str, date: Date) {
    let digits = date.strftime("%Y%m%d").to_string();
    x.with(
        &format!("{prefix}:DateTimeString"),
        ("format", "102"),
        &digits,
    );
}

/// A text that must not be empty.
fn named(text: &str) -> String {
    let seen: String = text
        .chars()
        .filter(|one| writer::is_printable(*one))
        .collect();
    let seen = seen.trim();
    if seen.is_empty() {
        words::NO_AMOUNT.to_owned()
    } else {
        seen.to_owned()
    }
}
