//! VAT as EN 16931 sorts it: categories and their breakdown (BG-23).

use acquit_domain::Cents;
use acquit_domain::invoice::{DocumentKind, Finalised, Operation};
use acquit_domain::vat::{VatBasis, VatTreatment};

use super::writer::X;
use crate::mentions;
use crate::paper::View;

const RATE: &str = "ram:RateApplicablePercent";

/// A category (UNTDID 5305) and its rate; none outside the scope of VAT (BR-O-05).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Category {
    pub(super) code: &'static str,
    rate: Option<String>,
}

impl Category {
    /// The category of a treatment on this document. Some ask for numbers of both parties, and one
    /// suffers no other beside it; where that cannot be had, the sale is exempt for the same reason.
    pub(super) fn of(document: &Finalised, treatment: VatTreatment) -> Self {
        let seller = document.seller.vat_number.is_some();
        let buyer = document.buyer.vat_number.is_some();
        let alone = document.totals.by_rate.len() == 1;
        let allowed = match treatment {
            VatTreatment::Standard(_) | VatTreatment::Exempt => true,
            // BR-AE-02
            VatTreatment::ReverseCharge => seller && (buyer || document.buyer.siren.is_some()),
            // BR-IC-02
            VatTreatment::IntraCommunity => seller && buyer,
            // BR-G-02
            VatTreatment::Export => seller,
            // BR-O-11
            VatTreatment::OutOfScope => alone,
        };
        let code = if allowed { treatment.category() } else { "E" };
        let rate = (code != "O").then(|| treatment.rate_decimal());
        Self { code, rate }
    }

    /// Type, category and rate, as lines and allowances say them.
    pub(super) fn write(&self, x: &mut X, element: &str) {
        x.within(element, |x| {
            x.element("ram:TypeCode", "VAT");
            x.element("ram:CategoryCode", self.code);
            self.write_rate(x);
        });
    }

    fn write_rate(&self, x: &mut X) {
        if let Some(rate) = &self.rate {
            x.element(RATE, rate);
        }
    }
}

/// One line of the breakdown.
struct Group {
    category: Category,
    base: Cents,
    vat: Cents,
    reasons: Vec<&'static str>,
    reason_code: Option<&'static str>,
}

/// Writes the breakdown, every figure from the totals.
pub(super) fn write(x: &mut X, document: &Finalised, view: &View<'_>) {
    let due = due_code(document);
    for group in groups(document, view) {
        x.within("ram:ApplicableTradeTax", |x| {
            x.element("ram:CalculatedAmount", &group.vat.decimal());
            x.element("ram:TypeCode", "VAT");
            if !group.reasons.is_empty() {
                x.element("ram:ExemptionReason", &group.reasons.join("\u{a0}; "));
            }
            x.element("ram:BasisAmount", &group.base.decimal());
            x.element("ram:CategoryCode", group.category.code);
            if let Some(code) = group.reason_code {
                x.element("ram:ExemptionReasonCode", code);
            }
            if group.category.code == "S" {
                x.element("ram:DueDateTypeCode", due);
            }
            group.category.write_rate(x);
        });
    }
}

/// Treatments that fall into one category and rate are one group (BR-E-01 …).
fn groups(document: &Finalised, view: &View<'_>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for rate in &document.totals.by_rate {
        let category = Category::of(document, rate.treatment);
        let reason = mentions::untaxed(view, rate.treatment).map(|mention| mention.lead);
        let same = |group: &&mut Group| group.category == category;
        match groups.iter_mut().find(same) {
            Some(group) => {
                group.base += rate.base;
                group.vat += rate.vat;
                group.reasons.extend(reason);
                group.reason_code = None;
            }
            None => groups.push(Group {
                reason_code: reason_code(category.code, document.seller.franchise),
                category,
                base: rate.base,
                vat: rate.vat,
                reasons: reason.into_iter().collect(),
            }),
        }
    }
    groups
}

/// BT-121 (VATEX). Other exemptions have a code for each number of their article, which nobody typed.
fn reason_code(category: &str, franchise: bool) -> Option<&'static str> {
    match category {
        "E" if franchise => Some("VATEX-FR-FRANCHISE"),
        "AE" => Some("VATEX-EU-AE"),
        "K" => Some("VATEX-EU-IC"),
        "G" => Some("VATEX-EU-G"),
        "O" => Some("VATEX-EU-O"),
        _ => None,
    }
}

/// BT-8 (UNTDID 2475), one for the document: 72 where VAT follows the receipts, 5 where it follows the
/// invoice. Services and goods together say 72: their receipts have to be told (CGI art. 290 A), and
/// the page says so too. A deposit is taxed when it is paid (CGI art. 269, 2, a and c), unless debits
/// were chosen.
fn due_code(document: &Finalised) -> &'static str {
    let goods = document.content.operation == Operation::Goods;
    let of_deposit = matches!(
        document.kind,
        DocumentKind::Deposit
            | DocumentKind::CreditNote {
                of_deposit: true,
                ..
            }
    );
    match document.seller.vat_basis {
        VatBasis::OnReceipt if !goods || of_deposit => "72",
        VatBasis::OnInvoice if goods && of_deposit => "72",
        VatBasis::OnReceipt | VatBasis::OnInvoice => "5",
    }
}
