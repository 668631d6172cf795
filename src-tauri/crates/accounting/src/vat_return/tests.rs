//! What replaying an invoice's events gives, held against the entries that the same events make.

use std::collections::BTreeMap;

use acquit_domain::Cents;
use acquit_domain::adjustment::{Adjusted, Adjustment};
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::credit::{Taken, creditable, partial_credit_note, split};
use acquit_domain::invoice::{
    Content, DeductionKind, DraftKind, Finalised, Nature, NatureTotal, Operation,
};
use acquit_domain::vat::{StandardRate, VatBasis, VatTreatment};
use jiff::ToSpan;
use jiff::civil::Date;
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};
use uuid::Uuid;

use super::{
    CashedRow, Cause, Event, Listed, Moved, Period, RateSum, VatReturn, VatRow, cashed_between,
    replay,
};
use crate::Chart;
use crate::entry::Entry;
use crate::payplug::lost_debt;
use crate::receipts::{vat_due, vat_transfer};
use crate::sales;
use crate::tests::{
    DAY, account, any_invoice, content, credit_note, deduction, finalised_as, invoice, invoice_on,
    issue, line, spec_content,
};
use crate::vat::amounts_of_invoice;

const NORMAL: StandardRate = StandardRate::Normal;
const INTERMEDIATE: StandardRate = StandardRate::Intermediate;

fn event(days: i64, what: Moved) -> Event {
    Event {
        date: DAY + days.days(),
        piece: "pay_1".to_owned(),
        what,
    }
}

fn received(days: i64, cents: i64) -> Event {
    event(days, Moved::Received(Cents::new(cents)))
}

fn adjusted(days: i64, invoice: InvoiceId, adjustment: Adjustment, cents: i64) -> Event {
    event(
        days,
        Moved::Adjusted(Adjusted {
            invoice,
            adjustment,
            amount: Cents::new(cents),
            date: DAY + days.days(),
        }),
    )
}

/// Cause, rate, base and VAT of each row.
fn facts(rows: &[VatRow]) -> Vec<(Cause, StandardRate, i64, i64)> {
    let facts = rows.iter();
    facts
        .map(|row| (row.cause, row.rate, row.base.get(), row.vat.get()))
        .collect()
}

fn cashed(rows: &[CashedRow]) -> Vec<(Cause, Vec<(StandardRate, i64)>)> {
    let by_rate = |row: &CashedRow| {
        let amounts = row.by_rate.iter();
        amounts
            .map(|(rate, amount)| (*rate, amount.get()))
            .collect()
    };
    rows.iter().map(|row| (row.cause, by_rate(row))).collect()
}

fn standard(rate: StandardRate) -> VatTreatment {
    VatTreatment::Standard(rate)
}

#[test]
fn vat_of_services_falls_due_with_the_money_and_the_rest_with_the_retention() {
    let document = invoice(spec_content());
    let events = [
        received(13, 207_362),
        event(38, Moved::Released(Cents::new(10_914))),
        received(42, 10_914),
    ];
    let found = replay(&document, &events);
    assert_eq!(
        facts(&found.vat),
        [
            (Cause::Receipt, INTERMEDIATE, 148_196, 14_820),
            (Cause::Receipt, NORMAL, 36_955, 7_391),
            (Cause::Receipt, INTERMEDIATE, 7_800, 780),
            (Cause::Receipt, NORMAL, 1_945, 389),
        ]
    );
    assert_eq!(found.vat[0].date, DAY + 13.days());
    assert_eq!(found.vat[0].piece, "pay_1");
    // 1 715.96 and 466.80 incl. VAT: 1 630.1619 and 443.4581 of 2 073.62.
    assert_eq!(
        cashed(&found.cashed),
        [
            (
                Cause::Receipt,
                vec![(INTERMEDIATE, 163_016), (NORMAL, 44_346)]
            ),
            (Cause::Receipt, vec![(INTERMEDIATE, 8_580), (NORMAL, 2_334)]),
        ]
    );
}

#[test]
fn vat_of_goods_and_of_the_debits_option_falls_due_with_the_invoice() {
    let works = line("1", "280.00", standard(INTERMEDIATE), Nature::Works);
    let goods = line("1", "341.67", standard(NORMAL), Nature::Goods);
    let mixed = content(Operation::Both, vec![works, goods]);
    let document = invoice(mixed.clone());
    let found = replay(&document, &[received(3, 71_800)]);
    assert_eq!(
        facts(&found.vat),
        [
            (Cause::Issued, NORMAL, 34_167, 6_833),
            (Cause::Receipt, INTERMEDIATE, 28_000, 2_800),
        ]
    );
    assert_eq!(found.vat[0].piece, "F-2026-00042");
    assert_eq!(found.vat[0].date, DAY);
    assert_eq!(
        cashed(&found.cashed),
        [(Cause::Receipt, vec![(INTERMEDIATE, 30_800)])],
        "goods are no payment to report"
    );
    let document = invoice_on(mixed, VatBasis::OnInvoice);
    let found = replay(&document, &[received(3, 71_800)]);
    assert_eq!(
        facts(&found.vat),
        [
            (Cause::Issued, INTERMEDIATE, 28_000, 2_800),
            (Cause::Issued, NORMAL, 34_167, 6_833),
        ]
    );
    assert!(found.cashed.is_empty());
}

#[test]
fn money_that_goes_back_takes_its_vat_along() {
    // F-2026-00013 of the year's fixture: 1 155.38 + 115.54, a refund of 400.00, a cheque of 400.00.
    let works = line("1", "1155.38", standard(INTERMEDIATE), Nature::Works);
    let document = invoice(content(Operation::Services, vec![works]));
    let back = Moved::Refunded(Cents::new(40_000));
    let found = replay(
        &document,
        &[received(1, 127_092), event(2, back), received(3, 40_000)],
    );
    let vat: Vec<_> = facts(&found.vat);
    let vat: Vec<_> = vat.iter().map(|fact| (fact.0, fact.3)).collect();
    assert_eq!(
        vat,
        [
            (Cause::Receipt, 11_554),
            (Cause::Refund, -3_636),
            (Cause::Receipt, 3_636)
        ]
    );
    let base: i64 = facts(&found.vat).iter().map(|fact| fact.2).sum();
    assert_eq!(base, 115_538);
    assert_eq!(
        cashed(&found.cashed)[1],
        (Cause::Refund, vec![(INTERMEDIATE, -40_000)])
    );
}

#[test]
fn a_lost_dispute_gives_up_what_fell_due_with_the_invoice() {
    // F-2026-00017: works 935.55 at 10 % wait, goods 341.67 at 20 % were due at once.
    let lines = vec![
        line("1", "935.55", standard(INTERMEDIATE), Nature::Works),
        line("1", "341.67", standard(NORMAL), Nature::Goods),
    ];
    let document = invoice(content(Operation::Both, lines));
    let gross = document.totals.gross;
    assert_eq!(gross, Cents::new(143_911));
    let lost = split(&document, Taken::default(), gross).unwrap();
    let found = replay(
        &document,
        &[
            event(1, Moved::Received(gross)),
            event(2, Moved::ChargedBack(gross)),
            event(3, Moved::Lost(lost)),
        ],
    );
    assert_eq!(
        facts(&found.vat),
        [
            (Cause::Issued, NORMAL, 34_167, 6_833),
            (Cause::Receipt, INTERMEDIATE, 93_555, 9_356),
            (Cause::Chargeback, INTERMEDIATE, -93_555, -9_356),
            (Cause::LostDebt, NORMAL, -34_167, -6_833),
        ]
    );
    assert_eq!(
        cashed(&found.cashed),
        [
            (Cause::Receipt, vec![(INTERMEDIATE, 102_911)]),
            (Cause::Chargeback, vec![(INTERMEDIATE, -102_911)]),
        ]
    );
}

#[test]
fn set_offs_and_small_differences_make_vat_due_as_money_does() {
    // F-2026-00024: 446.30 + 89.26; 157.24 set off: 26.21 due; four cents are missing at the end.
    let works = line("1", "446.30", standard(NORMAL), Nature::Works);
    let document = invoice(content(Operation::Services, vec![works]));
    let other = InvoiceId::new(Uuid::from_u128(77));
    let target = document.id;
    let found = replay(
        &document,
        &[
            adjusted(1, other, Adjustment::SetOff { target }, 15_724),
            received(2, 37_828),
            adjusted(3, document.id, Adjustment::Missing, 4),
        ],
    );
    assert_eq!(
        facts(&found.vat),
        [
            (Cause::SetOff, NORMAL, 13_105, 2_621),
            (Cause::Receipt, NORMAL, 31_520, 6_304),
            (Cause::SmallDifference, NORMAL, 5, 1),
        ]
    );
    assert_eq!(
        cashed(&found.cashed),
        [
            (Cause::SetOff, vec![(NORMAL, 15_724)]),
            (Cause::Receipt, vec![(NORMAL, 37_828)]),
            (Cause::SmallDifference, vec![(NORMAL, 4)]),
        ]
    );
    // What was paid too much stands above G: kept, given back or set off elsewhere, it moves nothing.
    let returned = Adjustment::Returned {
        means: acquit_domain::receipt::PaymentMeans::Transfer,
    };
    let found = replay(
        &document,
        &[
            received(1, 60_000),
            adjusted(2, document.id, returned, 6_444),
        ],
    );
    assert_eq!(found.vat.len(), 1);
    assert_eq!(found.cashed.len(), 1);
}

#[test]
fn a_deposit_is_due_when_it_is_paid_and_is_not_due_again_with_its_invoice() {
    let deposit_line = line("1", "3000.00", standard(INTERMEDIATE), Nature::Works);
    let deposit = finalised_as(
        DraftKind::Deposit,
        1,
        content(Operation::Services, vec![deposit_line]),
        VatBasis::OnInvoice,
    );
    let deposit = deposit.unwrap();
    let found = replay(&deposit, &[received(1, 330_000)]);
    assert_eq!(
        facts(&found.vat),
        [(Cause::Receipt, INTERMEDIATE, 300_000, 30_000)]
    );
    assert_eq!(
        cashed(&found.cashed),
        [(Cause::Receipt, vec![(INTERMEDIATE, 330_000)])]
    );
    let whole = line("1", "10000.00", standard(INTERMEDIATE), Nature::Works);
    let earlier = vec![acquit_domain::invoice::Earlier {
        document: deposit.reference(),
        what: acquit_domain::invoice::EarlierKind::Deposit,
        parts: acquit_domain::invoice::credit::left(&deposit, Taken::default()),
    }];
    let document = invoice(Content {
        earlier,
        ..content(Operation::Services, vec![whole])
    });
    let found = replay(&document, &[received(2, 770_000)]);
    assert_eq!(
        facts(&found.vat),
        [(Cause::Receipt, INTERMEDIATE, 700_000, 70_000)]
    );
    assert_eq!(
        cashed(&found.cashed),
        [(Cause::Receipt, vec![(INTERMEDIATE, 770_000)])]
    );
}

#[test]
fn what_never_comes_as_money_falls_due_along_with_the_rest() {
    let mut content = spec_content();
    content.deductions = vec![deduction(DeductionKind::Prorata, "1.5")];
    let document = invoice(content);
    let net_due = document.totals.net_due.get();
    let found = replay(&document, &[received(1, net_due)]);
    let total: Cents = found.vat.iter().map(|row| row.vat).sum();
    assert_eq!(total, document.totals.vat);
    let all: Cents = found.cashed[0].by_rate.values().copied().sum();
    assert_eq!(all, document.totals.gross);
}

#[test]
fn a_return_holds_the_rows_of_its_period_and_their_sums() {
    let document = invoice(spec_content());
    let events = [received(13, 207_362), received(42, 10_914)];
    let found = replay(&document, &events);
    let listed = |row: &VatRow| Listed {
        document: document.number,
        customer: document.buyer.name.clone(),
        row: row.clone(),
    };
    let of = |text: &str| {
        let period = Period::parse(text).unwrap();
        VatReturn::new(period, found.vat.iter().map(listed))
    };
    let november = of("2026-11");
    let sum = |rate, base, vat| RateSum {
        rate,
        base: Cents::new(base),
        vat: Cents::new(vat),
    };
    assert_eq!(
        november.rates,
        [
            sum(NORMAL, 36_955, 7_391),
            sum(INTERMEDIATE, 148_196, 14_820)
        ]
    );
    assert_eq!(november.total(), Cents::new(22_211));
    assert_eq!(of("2026-12").total(), Cents::new(1_169));
    assert_eq!(of("2026-T4").total(), document.totals.vat);
    assert_eq!(of("2026").rows.len(), 4);
    assert!(of("2027-01").rates.is_empty());
    let listed = found.cashed.iter().map(|row| Listed {
        document: document.number,
        customer: document.buyer.name.clone(),
        row: row.clone(),
    });
    let december = (Date::constant(2026, 12, 1), Date::constant(2026, 12, 31));
    assert_eq!(cashed_between(december, listed).len(), 1);
}

#[test]
fn every_cause_has_a_word_of_its_own() {
    let codes: std::collections::BTreeSet<&str> = Cause::ALL.into_iter().map(Cause::code).collect();
    assert_eq!(codes.len(), Cause::ALL.len());
}

/// VAT due per day and rate.
type ByDay = BTreeMap<(Date, StandardRate), Cents>;

/// What entries book on 44571x, per day and rate.
fn booked(entries: &[Entry]) -> ByDay {
    let chart = Chart::default();
    let mut sums = ByDay::new();
    for entry in entries {
        for line in entry.lines() {
            let of = |rate: &StandardRate| chart.vat_due(*rate).account() == line.account;
            if let Some(rate) = StandardRate::ALL.into_iter().find(of) {
                *sums.entry((entry.date(), rate)).or_default() += line.credit - line.debit;
            }
        }
    }
    sums.retain(|_, vat| !vat.is_zero());
    sums
}

/// The books of one invoice, as services keep them: each event's entry, then the VAT that follows.
struct Books {
    invoice: Finalised,
    entries: Vec<Entry>,
    events: Vec<Event>,
    notes: Vec<Finalised>,
    lost: Vec<NatureTotal>,
    settling: Cents,
}

impl Books {
    fn new(invoice: Finalised) -> Self {
        let entry = sales::invoice(&invoice, &Chart::default(), &account()).unwrap();
        Self {
            invoice,
            entries: entry.into_iter().collect(),
            events: Vec::new(),
            notes: Vec::new(),
            lost: Vec::new(),
            settling: Cents::ZERO,
        }
    }

    fn taken(&self) -> Taken<'_> {
        Taken {
            notes: &self.notes,
            lost: &self.lost,
            released: Cents::ZERO,
        }
    }

    /// Something happens on the next day: how much of what could be is said in per cent.
    fn happen(&mut self, kind: u8, percent: i64) {
        let date = DAY + i64::try_from(self.events.len() + 1).unwrap().days();
        let before = vat_due(&self.invoice, self.taken(), self.settling);
        let of = |amount: Cents| amount.share(percent, 100);
        let (gross, creditable) = (
            self.invoice.totals.gross,
            creditable(&self.invoice, self.taken()),
        );
        let chart = Chart::default();
        let what = match kind {
            0 | 1 => Moved::Received(of(gross)),
            2 => Moved::Refunded(of(self.settling.at_least_zero())),
            3 => Moved::ChargedBack(of(self.settling.at_least_zero())),
            4 => {
                let mut issue = issue();
                issue.date = date;
                let amount = of(creditable);
                let note = partial_credit_note(&self.invoice, self.taken(), amount, issue);
                let Ok(note) = note else { return };
                let entry =
                    sales::credit_note(&note, &self.invoice, self.taken(), &chart, &account());
                self.entries.extend(entry.unwrap());
                self.notes.push(note.clone());
                Moved::Credited(Box::new(note))
            }
            5 => {
                let Ok(lost) = split(&self.invoice, self.taken(), of(creditable)) else {
                    return;
                };
                let taken = self.taken();
                let entry = lost_debt(&self.invoice, taken, &lost, date, &chart, &account());
                self.entries.extend(entry.unwrap());
                self.lost.extend(&lost);
                Moved::Lost(lost)
            }
            _ => Moved::Adjusted(Adjusted {
                invoice: self.invoice.id,
                adjustment: Adjustment::Missing,
                amount: Cents::new(1 + percent % 3),
                date,
            }),
        };
        self.settling += match &what {
            Moved::Received(amount) => *amount,
            Moved::Refunded(amount) | Moved::ChargedBack(amount) => -*amount,
            Moved::Adjusted(adjusted) => adjusted.amount,
            _ => Cents::ZERO,
        };
        let after = vat_due(&self.invoice, self.taken(), self.settling);
        let entry = vat_transfer(&self.invoice, &before, &after, date, &chart);
        self.entries.extend(entry.unwrap());
        self.events.push(Event {
            date,
            piece: self.invoice.number.to_string(),
            what,
        });
    }
}

fn any_events() -> impl Strategy<Value = Vec<(u8, i64)>> {
    proptest::collection::vec((0_u8..7, 0_i64..=100), 0..9)
}

proptest! {
    #[test]
    fn the_rows_are_what_the_ledger_holds_day_by_day(document in any_invoice(), events in any_events()) {
        let mut books = Books::new(document);
        for (kind, percent) in events {
            books.happen(kind, percent);
        }
        let found = replay(&books.invoice, &books.events);
        let mut sums = ByDay::new();
        for row in &found.vat {
            *sums.entry((row.date, row.rate)).or_default() += row.vat;
        }
        sums.retain(|_, vat| !vat.is_zero());
        prop_assert_eq!(sums, booked(&books.entries));
    }

    #[test]
    fn a_settled_invoice_has_reported_its_parts_to_the_cent(document in any_invoice(), shares in proptest::collection::vec((1_i64..100, any::<bool>()), 0..6)) {
        let mut events = Vec::new();
        let mut paid = Cents::ZERO;
        for (days, (percent, back)) in (1_i64..).zip(shares) {
            if back {
                let amount = paid.share(percent, 100);
                paid -= amount;
                events.push(event(days, Moved::Refunded(amount)));
            } else {
                let amount = (document.totals.gross - paid).share(percent, 100);
                paid += amount;
                events.push(event(days, Moved::Received(amount)));
            }
        }
        let never = document.totals.deductions_of(DeductionKind::Prorata);
        let rest = document.totals.gross - never - paid;
        events.push(event(20, Moved::Received(rest)));
        let found = replay(&document, &events);
        for rate in StandardRate::ALL {
            let amounts = |amount: fn(&NatureTotal) -> Cents| {
                let sums = amounts_of_invoice(&document, Taken::default(), amount);
                sums.get(&standard(rate)).copied().unwrap_or_default()
            };
            let (gross, vat) = (amounts(NatureTotal::gross), amounts(|part| part.vat));
            let rows = found.vat.iter().filter(|row| row.rate == rate);
            let (base_due, vat_due): (Vec<Cents>, Vec<Cents>) = rows.map(|row| (row.base, row.vat)).unzip();
            prop_assert_eq!(vat_due.iter().copied().sum::<Cents>(), vat.awaiting + vat.due);
            if document.totals.gross > never {
                let cashed = found.cashed.iter().filter_map(|row| row.by_rate.get(&rate)).copied();
                prop_assert_eq!(cashed.sum::<Cents>(), gross.awaiting);
            }
            let base = [gross.awaiting - vat.awaiting, gross.due - vat.due];
            let said = [vat.awaiting, vat.due];
            let base: Cents = base.into_iter().zip(said).filter(|(_, vat)| !vat.is_zero()).map(|(base, _)| base).sum();
            prop_assert_eq!(base_due.iter().copied().sum::<Cents>(), base);
        }
    }

    #[test]
    fn nothing_is_reported_beyond_what_came(document in any_invoice(), percent in 0_i64..150) {
        let amount = document.totals.gross.share(percent, 100);
        let found = replay(&document, &[event(1, Moved::Received(amount))]);
        let reported: Cents = found.cashed.iter().flat_map(|row| row.by_rate.values().copied()).sum();
        prop_assert!(reported <= document.totals.gross);
        prop_assert!(found.cashed.iter().all(|row| row.by_rate.values().all(|one| one.is_positive())));
    }
}

#[test]
fn a_full_credit_note_takes_everything_back() {
    for basis in [VatBasis::OnReceipt, VatBasis::OnInvoice] {
        let document = invoice_on(spec_content(), basis);
        let note = credit_note(&document);
        let piece = note.number.to_string();
        let gone = Event {
            date: note.issue_date,
            piece: piece.clone(),
            what: Moved::Credited(Box::new(note)),
        };
        let found = replay(&document, &[received(1, 100_000), gone]);
        let sum = |of: fn(&VatRow) -> Cents| found.vat.iter().map(of).sum::<Cents>();
        assert_eq!(
            (sum(|row| row.vat), sum(|row| row.base)),
            Default::default()
        );
        let last = found.vat.last().unwrap();
        assert_eq!((last.cause, &last.piece), (Cause::CreditNote, &piece));
        let cashed = found.cashed.iter().flat_map(|row| row.by_rate.values());
        assert_eq!(cashed.copied().sum::<Cents>(), Cents::ZERO);
    }
}
