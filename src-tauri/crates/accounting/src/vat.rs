//! VAT of a document in the books: what waits for the receipt, what fell due with the invoice.

use std::collections::BTreeMap;

use acquit_domain::Cents;
use acquit_domain::invoice::credit::{Taken, left};
use acquit_domain::invoice::earlier::parts_of;
use acquit_domain::invoice::{EarlierKind, Finalised, Nature, NatureTotal, Operation};
use acquit_domain::vat::{StandardRate, VatBasis, VatTreatment};

/// VAT at one rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Booked {
    /// Waits for the receipt (44574x).
    pub(crate) awaiting: Cents,
    /// Fell due with the invoice (44571x).
    pub(crate) due: Cents,
}

impl Booked {
    pub(crate) fn less(self, other: Self) -> Self {
        Self {
            awaiting: self.awaiting - other.awaiting,
            due: self.due - other.due,
        }
    }
}

/// VAT by rate.
pub(crate) type ByRate = BTreeMap<StandardRate, Booked>;

/// Whether VAT on a nature waits for the receipt (`accounting.md` § 1; CGI art. 269-2): services
/// follow the company's basis, goods fall due with the invoice, mixed documents go line by line. VAT
/// on a deposit always waits.
#[must_use]
pub fn awaits_receipt(document: &Finalised, nature: Nature) -> bool {
    if document.is_of_deposit() {
        return true;
    }
    let goods = match document.content.operation {
        Operation::Services => false,
        Operation::Goods => true,
        Operation::Both => nature == Nature::Goods,
    };
    !goods && document.seller.vat_basis == VatBasis::OnReceipt
}

/// VAT of parts of a document, as they stand.
pub(crate) fn of_parts(document: &Finalised, parts: &[NatureTotal]) -> ByRate {
    let mut sums = ByRate::new();
    for part in parts {
        let Some(rate) = part.treatment.rate() else {
            continue;
        };
        let sum = sums.entry(rate).or_default();
        if awaits_receipt(document, part.nature) {
            sum.awaiting += part.vat;
        } else {
            sum.due += part.vat;
        }
    }
    sums
}

/// An amount of each VAT treatment.
pub(crate) type ByTreatment = BTreeMap<VatTreatment, Booked>;

/// VAT that the books hold of an invoice after what was `taken` off it. The VAT of its deposits is not
/// in it: that fell due with their receipts. It comes off what waits first, then off what fell due
/// with the invoice; what credit notes leave too little of for that is owed back where it waits.
pub(crate) fn of_invoice(invoice: &Finalised, taken: Taken<'_>) -> ByRate {
    let sums = amounts_of_invoice(invoice, taken, |part| part.vat).into_iter();
    sums.filter_map(|(treatment, sum)| Some((treatment.rate()?, sum)))
        .collect()
}

/// The same for any `amount` of a part, of every treatment; where no VAT is charged none waits.
pub(crate) fn amounts_of_invoice(
    invoice: &Finalised,
    taken: Taken<'_>,
    amount: impl Fn(&NatureTotal) -> Cents,
) -> ByTreatment {
    let waits = |part: &NatureTotal| {
        part.treatment.rate().is_some() && awaits_receipt(invoice, part.nature)
    };
    let left = left(invoice, taken);
    let mut sums = ByTreatment::new();
    for part in &left {
        let sum = sums.entry(part.treatment).or_default();
        if waits(part) {
            sum.awaiting += amount(part);
        } else {
            sum.due += amount(part);
        }
    }
    for (treatment, off) in deposits(invoice, taken, amount) {
        let mut cells = left.iter().filter(|part| part.treatment == treatment);
        let some_waits = cells.any(waits);
        let sum = sums.entry(treatment).or_default();
        let due = if some_waits {
            (off - sum.awaiting).at_least_zero().min(sum.due)
        } else {
            off
        };
        sum.due -= due;
        sum.awaiting -= off - due;
    }
    sums
}

/// An amount of the deposits that an invoice takes off, less what its credit notes gave back.
fn deposits(
    invoice: &Finalised,
    taken: Taken<'_>,
    amount: impl Fn(&NatureTotal) -> Cents,
) -> BTreeMap<VatTreatment, Cents> {
    let of = |document: &Finalised| -> Vec<NatureTotal> {
        let parts = parts_of(&document.content.earlier, EarlierKind::Deposit);
        parts.copied().collect()
    };
    let mut sums: BTreeMap<VatTreatment, Cents> = BTreeMap::new();
    for part in of(invoice) {
        *sums.entry(part.treatment).or_default() += amount(&part);
    }
    for part in taken.notes.iter().flat_map(of) {
        *sums.entry(part.treatment).or_default() -= amount(&part);
    }
    sums
}
