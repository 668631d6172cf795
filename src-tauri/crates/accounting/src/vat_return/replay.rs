//! The events of one invoice in order, and what each of them made due and cashed.

use std::collections::BTreeMap;

use acquit_domain::Cents;
use acquit_domain::adjustment::sums;
use acquit_domain::invoice::credit::Taken;
use acquit_domain::invoice::{Finalised, NatureTotal};
use acquit_domain::vat::{StandardRate, VatTreatment};
use jiff::civil::Date;

use super::{CashedRow, Cause, Event, Moved, VatRow};
use crate::receipts::{settling, vat_due};
use crate::vat::{Booked, ByTreatment, amounts_of_invoice};

/// What the events of an invoice came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// VAT that fell due.
    pub vat: Vec<VatRow>,
    /// What was cashed where VAT waits for the money.
    pub cashed: Vec<CashedRow>,
}

/// Replays the events of an invoice, oldest first, through the rules that booked them. VAT that waits at
/// the issue has no row before the first event that moves it: it has no entry either.
#[must_use]
pub fn replay(invoice: &Finalised, events: &[Event]) -> Replayed {
    let mut state = State::issued(invoice);
    let mut replayed = Replayed::default();
    let issued = Place {
        date: invoice.issue_date,
        piece: &invoice.number.to_string(),
        cause: Cause::Issued,
    };
    let now = state.with_document();
    replayed.vat.extend(issued.rows(&mut state.issued, &now));
    state.received = state.by_receipt();
    for event in events {
        state.apply(&event.what);
        let place = Place {
            date: event.date,
            piece: &event.piece,
            cause: Cause::of(&event.what),
        };
        let now = state.with_document();
        replayed.vat.extend(place.rows(&mut state.issued, &now));
        let now = state.by_receipt();
        replayed.vat.extend(place.rows(&mut state.received, &now));
        let now = state.cashed();
        replayed
            .cashed
            .extend(place.cashed(&mut state.reported, now));
    }
    replayed
}

/// Base excl. VAT and VAT at one rate.
#[derive(Clone, Copy, Debug, Default)]
struct Due {
    base: Cents,
    vat: Cents,
}

type ByRate = BTreeMap<StandardRate, Due>;

/// An invoice as its events leave it.
struct State<'a> {
    invoice: &'a Finalised,
    notes: Vec<Finalised>,
    lost: Vec<NatureTotal>,
    released: Cents,
    /// R of `accounting.md` § 2, before it is held between its bounds.
    settling: Cents,
    /// What was said so far of VAT that is due with the document, of VAT that is due by receipts, and of
    /// what was cashed.
    issued: ByRate,
    received: ByRate,
    reported: BTreeMap<StandardRate, Cents>,
}

impl<'a> State<'a> {
    fn issued(invoice: &'a Finalised) -> Self {
        Self {
            invoice,
            notes: Vec::new(),
            lost: Vec::new(),
            released: Cents::ZERO,
            settling: Cents::ZERO,
            issued: ByRate::new(),
            received: ByRate::new(),
            reported: BTreeMap::new(),
        }
    }

    fn apply(&mut self, moved: &Moved) {
        match moved {
            Moved::Received(amount) | Moved::ChargebackWon(amount) => self.settling += *amount,
            Moved::Refunded(amount) | Moved::ChargedBack(amount) => self.settling -= *amount,
            Moved::Credited(note) => self.notes.push((**note).clone()),
            Moved::Lost(parts) => self.lost.extend(parts),
            Moved::Released(amount) => self.released += *amount,
            Moved::Adjusted(adjusted) => {
                let sums = sums(self.invoice.id, std::slice::from_ref(adjusted));
                self.settling += sums.brought_in - sums.taken_out;
            }
        }
    }

    fn taken(&self) -> Taken<'_> {
        Taken {
            notes: &self.notes,
            lost: &self.lost,
            released: self.released,
        }
    }

    /// Base and VAT that the books hold of the invoice now.
    fn held(&self, of: impl Fn(Booked) -> Cents) -> ByRate {
        let amounts = |amount: fn(&NatureTotal) -> Cents| {
            amounts_of_invoice(self.invoice, self.taken(), amount)
        };
        let gross = amounts(NatureTotal::gross);
        let sums = amounts(|part| part.vat).into_iter();
        sums.filter_map(|(treatment, vat)| {
            let gross = gross.get(&treatment).copied().unwrap_or_default();
            let (gross, vat) = (of(gross), of(vat));
            let base = gross - vat;
            Some((treatment.rate()?, Due { base, vat }))
        })
        .collect()
    }

    /// What fell due with the document, less what was taken off it.
    fn with_document(&self) -> ByRate {
        self.held(|booked| booked.due)
    }

    /// What fell due by receipts: VAT by the rule that books it, its base in proportion.
    fn by_receipt(&self) -> ByRate {
        let whole = self.held(|booked| booked.awaiting);
        let due = vat_due(self.invoice, self.taken(), self.settling).into_iter();
        due.map(|(rate, vat)| {
            let all = whole.get(&rate).copied().unwrap_or_default();
            let base = all.base.share(vat.get(), all.vat.get());
            (rate, Due { base, vat })
        })
        .collect()
    }

    /// What came in so far incl. VAT where VAT waits for it: the money over all parts of the document by
    /// largest remainder, the lower rate first, what waits before what does not, then only what waits.
    fn cashed(&self) -> BTreeMap<StandardRate, Cents> {
        let gross = amounts_of_invoice(self.invoice, self.taken(), NatureTotal::gross);
        let parts = in_order(gross);
        let weights: Vec<Cents> = parts
            .iter()
            .map(|(_, amount)| amount.at_least_zero())
            .collect();
        let whole: Cents = weights.iter().copied().sum();
        let (received, asked) = settling(self.invoice, self.taken(), self.settling);
        let came = whole.share(received.get(), asked.get());
        let shares = came.allocate(&weights);
        let mut cashed: BTreeMap<StandardRate, Cents> = BTreeMap::new();
        for ((waiting, _), share) in parts.into_iter().zip(shares) {
            if let Some(rate) = waiting {
                *cashed.entry(rate).or_default() += share;
            }
        }
        cashed
    }
}

/// The parts of a document in the order in which equal remainders are served, each with its rate if its
/// VAT waits.
fn in_order(gross: ByTreatment) -> Vec<(Option<StandardRate>, Cents)> {
    let mut sums: Vec<(VatTreatment, Booked)> = gross.into_iter().collect();
    sums.sort_by_key(|(treatment, _)| (treatment.basis_points(), treatment.category()));
    let parts = sums
        .into_iter()
        .flat_map(|(treatment, booked)| [(treatment.rate(), booked.awaiting), (None, booked.due)]);
    parts.collect()
}

/// Where rows stand.
#[derive(Clone, Copy)]
struct Place<'a> {
    date: Date,
    piece: &'a str,
    cause: Cause,
}

impl Place<'_> {
    /// A row for each rate whose VAT is another than was said so far. A base that moves without its VAT
    /// waits for the next row.
    fn rows(self, said: &mut ByRate, now: &ByRate) -> Vec<VatRow> {
        let mut rows = Vec::new();
        for rate in StandardRate::ALL {
            let before = said.get(&rate).copied().unwrap_or_default();
            let after = now.get(&rate).copied().unwrap_or_default();
            let vat = after.vat - before.vat;
            if vat.is_zero() {
                continue;
            }
            said.insert(rate, after);
            rows.push(VatRow {
                date: self.date,
                piece: self.piece.to_owned(),
                cause: self.cause,
                rate,
                base: after.base - before.base,
                vat,
            });
        }
        rows
    }

    fn cashed(
        self,
        said: &mut BTreeMap<StandardRate, Cents>,
        now: BTreeMap<StandardRate, Cents>,
    ) -> Option<CashedRow> {
        let of = |state: &BTreeMap<StandardRate, Cents>, rate: StandardRate| {
            state.get(&rate).copied().unwrap_or_default()
        };
        let more = StandardRate::ALL
            .into_iter()
            .map(|rate| (rate, of(&now, rate) - of(said, rate)));
        let by_rate: BTreeMap<StandardRate, Cents> =
            more.filter(|(_, amount)| !amount.is_zero()).collect();
        *said = now;
        (!by_rate.is_empty()).then(|| CashedRow {
            date: self.date,
            piece: self.piece.to_owned(),
            cause: self.cause,
            by_rate,
        })
    }
}
