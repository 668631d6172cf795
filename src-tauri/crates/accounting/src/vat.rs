//! VAT of a document in the books: what waits for the receipt, what fell due with the invoice.

use std::collections::BTreeMap;

use acquit_domain::Cents;
use acquit_domain::invoice::credit::{Taken, left};
use acquit_domain::invoice::earlier::parts_of;
use acquit_domain::invoice::{EarlierKind, Finalised, Nature, NatureTotal, Operation};
use acquit_domain::vat::{StandardRate, VatBasis};

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

/// VAT that the books hold of an invoice after what was `taken` off it. The VAT of its deposits is not
/// in it: that fell due with their receipts. It comes off what waits first, then off what fell due
/// with the invoice; what credit notes leave too little of for that is owed back where it waits.
pub(crate) fn of_invoice(invoice: &Finalised, taken: Taken<'_>) -> ByRate {
    let left = left(invoice, taken);
    let mut sums = of_parts(invoice, &left);
    for (rate, vat) in deposits(invoice, taken) {
        let at_rate = |part: &&NatureTotal| part.treatment.rate() == Some(rate);
        let mut cells = left.iter().filter(at_rate);
        let waits = cells.any(|part| awaits_receipt(invoice, part.nature));
        let sum = sums.entry(rate).or_default();
        let due = if waits {
            (vat - sum.awaiting).at_least_zero().min(sum.due)
        } else {
            vat
        };
        sum.due -= due;
        sum.awaiting -= vat - due;
    }
    sums
}

/// VAT of the deposits that an invoice takes off, less what its credit notes gave back.
fn deposits(invoice: &Finalised, taken: Taken<'_>) -> BTreeMap<StandardRate, Cents> {
    let of = |document: &Finalised| -> Vec<NatureTotal> {
        let parts = parts_of(&document.content.earlier, EarlierKind::Deposit);
        parts.copied().collect()
    };
    let mut sums: BTreeMap<StandardRate, Cents> = BTreeMap::new();
    let mut add = |part: NatureTotal, sign: i64| {
        if let Some(rate) = part.treatment.rate() {
            *sums.entry(rate).or_default() += part.vat.share(sign, 1);
        }
    };
    of(invoice).into_iter().for_each(|part| add(part, 1));
    let given_back = taken.notes.iter().flat_map(of);
    given_back.for_each(|part| add(part, -1));
    sums
}
