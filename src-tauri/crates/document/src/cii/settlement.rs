//! Payment, VAT, discount and totals of the whole (BG-16 … BG-23).

use acquit_domain::Cents;
use acquit_domain::invoice::{Finalised, Reference};
use acquit_domain::text::Iban;

use super::vat::{self, Category};
use super::writer::X;
use super::{allowance, day};
use crate::mentions;
use crate::paper::View;
use crate::words;

/// Countries of the SEPA area (EPC409-09).
const SEPA: &[&str] = &[
    "AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GI",
    "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL",
    "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "SM", "VA",
];

/// Writes the group.
pub(super) fn write(x: &mut X, document: &Finalised, view: &View<'_>) {
    x.within("ram:ApplicableHeaderTradeSettlement", |x| {
        if document.is_invoice() {
            x.element("ram:PaymentReference", &document.number.to_string());
        }
        x.element("ram:InvoiceCurrencyCode", "EUR");
        if let Some(iban) = document
            .seller
            .iban
            .as_ref()
            .filter(|_| document.is_invoice())
        {
            transfer(x, document, iban);
        }
        vat::write(x, document, view);
        let reason = words::discount(
            document.content.discount,
            document.content.continues_situations(),
        );
        for rate in &document.totals.by_rate {
            if !rate.discount.is_zero() {
                let category = Category::of(document, rate.treatment);
                allowance(x, rate.discount, &reason, Some(&category));
            }
        }
        terms(x, document, view);
        totals(x, document);
        let credited = document.kind.credits().into_iter();
        let earlier = document.content.earlier.iter().map(|one| &one.document);
        for reference in credited.chain(earlier) {
            preceding(x, reference);
        }
    });
}

/// BG-16: 58 within SEPA, else 30 (UNTDID 4461).
fn transfer(x: &mut X, document: &Finalised, iban: &Iban) {
    let country = iban.as_str().get(..2).unwrap_or_default();
    let code = if SEPA.contains(&country) { "58" } else { "30" };
    x.within("ram:SpecifiedTradeSettlementPaymentMeans", |x| {
        x.element("ram:TypeCode", code);
        x.element("ram:Information", words::BY_TRANSFER);
        x.within("ram:PayeePartyCreditorFinancialAccount", |x| {
            x.element("ram:IBANID", iban.as_str());
        });
        if let Some(bic) = &document.seller.bic {
            x.within("ram:PayeeSpecifiedCreditorFinancialInstitution", |x| {
                x.element("ram:BICID", bic.as_str());
            });
        }
    });
}

/// BT-20 and BT-9. What is deducted stays in BT-115 and is said here; a credit note says what becomes
/// of it, and has no day to be paid on.
fn terms(x: &mut X, document: &Finalised, view: &View<'_>) {
    let described = match document.kind.credits() {
        Some(credits) => Some(words::credit_explained(credits)),
        None => mentions::deducted(view),
    };
    x.within("ram:SpecifiedTradePaymentTerms", |x| {
        if let Some(described) = &described {
            x.element("ram:Description", described);
        }
        if document.is_invoice() {
            x.within("ram:DueDateDateTime", |x| day(x, "udt", document.due_date));
        }
    });
}

/// BG-22.
fn totals(x: &mut X, document: &Finalised) {
    let totals = &document.totals;
    let lines: Cents = totals
        .by_rate
        .iter()
        .map(|rate| rate.lines - rate.earlier)
        .sum();
    x.within("ram:SpecifiedTradeSettlementHeaderMonetarySummation", |x| {
        x.element("ram:LineTotalAmount", &lines.decimal());
        if !totals.discount.is_zero() {
            x.element("ram:AllowanceTotalAmount", &totals.discount.decimal());
        }
        x.element("ram:TaxBasisTotalAmount", &totals.net.decimal());
        let euros = ("currencyID", "EUR");
        x.with("ram:TaxTotalAmount", euros, &totals.vat.decimal());
        x.element("ram:GrandTotalAmount", &totals.gross.decimal());
        if !totals.deposits.is_zero() {
            x.element("ram:TotalPrepaidAmount", &totals.deposits.decimal());
        }
        let asked = totals.net_due + totals.deducted;
        x.element("ram:DuePayableAmount", &asked.decimal());
    });
}

/// BG-3.
fn preceding(x: &mut X, reference: &Reference) {
    x.within("ram:InvoiceReferencedDocument", |x| {
        x.element("ram:IssuerAssignedID", &reference.number.to_string());
        x.within("ram:FormattedIssueDateTime", |x| {
            day(x, "qdt", reference.issue_date)
        });
    });
}
