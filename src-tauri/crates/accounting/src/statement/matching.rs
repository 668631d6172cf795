//! Statement beside books: what is in both, what is in one alone and why.

use std::collections::{BTreeMap, BTreeSet};

use acquit_domain::Cents;
use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{LineKind, StatementLine};

/// Days by which statement and books may date one movement apart where no id ties them.
const DAYS_APART: i32 = 7;

/// A line of a statement with its place in the file of the company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its sequence.
    pub line: u64,
    /// What it says.
    pub says: StatementLine,
}

/// A movement of the account that the books have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// What it is.
    pub kind: LineKind,
    /// Piece of its entry: PayPlug's id of the payment or refund, or a reference.
    pub piece: String,
    /// PayPlug's id of the payment that it is about.
    pub payment: Option<String>,
    /// Its day.
    pub date: Date,
    /// What it changes the balance by, in cents with its sign.
    pub amount: Cents,
    /// The line of a statement that it was booked from.
    pub line: Option<u64>,
}

/// Where a difference comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// PayPlug's monthly invoice is not booked.
    InvoiceNotBooked,
    /// A fee is not booked.
    FeeNotBooked,
    /// A transfer to the bank is not booked.
    TransferNotBooked,
    /// A chargeback of a payment that is here is not booked.
    ChargebackNotBooked,
    /// A dispute that was won is not booked.
    ChargebackWonNotBooked,
    /// PayPlug was not read since the payment or refund was made.
    NotPulled,
    /// The payment belongs to no invoice here: it was asked for in the portal or by another program.
    PaymentWithoutInvoice,
    /// Money of a payment that belongs to no invoice here went back.
    BackWithoutInvoice,
    /// The movement goes the other way than its kind does.
    WrongWay,
    /// Statement and books say different amounts.
    AmountDiffers,
    /// The books date it outside the days looked at, or the statement does.
    OtherPeriod,
    /// No statement covers its day.
    NotCovered,
    /// Statements cover its day and do not show it.
    NotOnStatement,
}

/// What the rule must be told about payments and days.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// PayPlug's ids of the payments that have a receipt here.
    pub received: BTreeSet<String>,
    /// PayPlug's ids of the payments that have a link here, received or not.
    pub linked: BTreeSet<String>,
    /// Spans of days that statements cover.
    pub covered: Vec<(Date, Date)>,
}

/// Places in the two lists: every line and every known movement is in exactly one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciliation {
    /// In both; amounts are equal.
    pub matched: Vec<(usize, usize)>,
    /// In both; amounts differ.
    pub differing: Vec<(usize, usize)>,
    /// Only on a statement.
    pub not_booked: Vec<(usize, Cause)>,
    /// Only in the books.
    pub not_listed: Vec<(usize, Cause)>,
}

/// Matches lines of statements with the movements of the books: by the line that a movement was booked from, by PayPlug's
/// id, by payment, kind and amount, then by kind, amount and day.
#[must_use]
pub fn reconcile(lines: &[Listed], known: &[Known], context: &Context) -> Reconciliation {
    let mut pairing = Pairing::new(lines, known);
    pairing.by(
        |listed| Some(Tie::Line(listed.line)),
        |known| known.line.map(Tie::Line),
    );
    pairing.by(
        |listed| tie_of_id(listed.says.kind, listed.says.id.as_deref()),
        |known| tie_of_id(known.kind, Some(&known.piece)),
    );
    pairing.by(
        |listed| {
            tie_of_payment(
                listed.says.kind,
                listed.says.payment.as_deref(),
                listed.says.amount,
            )
        },
        |known| tie_of_payment(known.kind, known.payment.as_deref(), known.amount),
    );
    pairing.by_day();
    pairing.outcome(context)
}

/// What ties a line to a movement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tie {
    Line(u64),
    Id(LineKind, String),
    Payment(LineKind, String, Cents),
}

/// Ids of one kind alone: a chargeback has the payment's piece.
fn tie_of_id(kind: LineKind, id: Option<&str>) -> Option<Tie> {
    match kind {
        LineKind::Chargeback | LineKind::ChargebackWon => None,
        _ => Some(Tie::Id(kind, id?.to_owned())),
    }
}

fn tie_of_payment(kind: LineKind, payment: Option<&str>, amount: Cents) -> Option<Tie> {
    match kind {
        LineKind::Fee | LineKind::Invoice | LineKind::Transfer => None,
        _ => Some(Tie::Payment(kind, payment?.to_owned(), amount)),
    }
}

struct Pairing<'a> {
    lines: &'a [Listed],
    known: &'a [Known],
    /// For each line, the movement that it was matched with.
    of_line: Vec<Option<usize>>,
    /// Whether each movement was matched.
    taken: Vec<bool>,
}

impl<'a> Pairing<'a> {
    fn new(lines: &'a [Listed], known: &'a [Known]) -> Self {
        Self {
            lines,
            known,
            of_line: vec![None; lines.len()],
            taken: vec![false; known.len()],
        }
    }

    /// Matches, in their order, lines and movements that have a tie in common.
    fn by(
        &mut self,
        of_line: impl Fn(&Listed) -> Option<Tie>,
        of_known: impl Fn(&Known) -> Option<Tie>,
    ) {
        let mut free: BTreeMap<Tie, Vec<usize>> = BTreeMap::new();
        for (at, known) in self.known.iter().enumerate().rev() {
            if let (false, Some(tie)) = (self.taken[at], of_known(known)) {
                free.entry(tie).or_default().push(at);
            }
        }
        for (at, listed) in self.lines.iter().enumerate() {
            if self.of_line[at].is_some() {
                continue;
            }
            let found = of_line(listed).and_then(|tie| free.get_mut(&tie)?.pop());
            if let Some(found) = found {
                self.pair(at, found);
            }
        }
    }

    /// Fees, invoices and transfers have no id in common: the nearest day decides, of the same kind and amount. What was
    /// booked from another line stays with it.
    fn by_day(&mut self) {
        let mut free: BTreeMap<(LineKind, Cents), Vec<usize>> = BTreeMap::new();
        for (at, known) in self.known.iter().enumerate() {
            if !self.taken[at] && known.line.is_none() && known.payment.is_none() {
                free.entry((known.kind, known.amount)).or_default().push(at);
            }
        }
        let mut near: Vec<(i32, usize, usize)> = Vec::new();
        for (at, listed) in self.lines.iter().enumerate() {
            let says = &listed.says;
            if self.of_line[at].is_none() {
                let same = free.get(&(says.kind, says.amount)).into_iter().flatten();
                let apart =
                    |other: &usize| (days_apart(says.date, self.known[*other].date), at, *other);
                near.extend(same.map(apart).filter(|(days, ..)| *days <= DAYS_APART));
            }
        }
        near.sort_unstable();
        for (_, at, other) in near {
            if self.of_line[at].is_none() && !self.taken[other] {
                self.pair(at, other);
            }
        }
    }

    fn pair(&mut self, line: usize, known: usize) {
        self.of_line[line] = Some(known);
        self.taken[known] = true;
    }

    fn outcome(self, context: &Context) -> Reconciliation {
        let mut outcome = Reconciliation::default();
        for (at, listed) in self.lines.iter().enumerate() {
            match self.of_line[at] {
                Some(other) if self.known[other].amount == listed.says.amount => {
                    outcome.matched.push((at, other))
                }
                Some(other) => outcome.differing.push((at, other)),
                None => outcome
                    .not_booked
                    .push((at, not_booked(&listed.says, context))),
            }
        }
        for (at, known) in self.known.iter().enumerate() {
            if !self.taken[at] {
                let covered = context
                    .covered
                    .iter()
                    .any(|(from, to)| (*from..=*to).contains(&known.date));
                let cause = if covered {
                    Cause::NotOnStatement
                } else {
                    Cause::NotCovered
                };
                outcome.not_listed.push((at, cause));
            }
        }
        outcome
    }
}

fn days_apart(one: Date, other: Date) -> i32 {
    one.since(other)
        .map_or(i32::MAX, |span| span.get_days().abs())
}

/// Why a line has no counterpart.
fn not_booked(line: &StatementLine, context: &Context) -> Cause {
    let comes_in = line.amount.is_positive();
    let payment = line.payment.as_ref();
    let is_in = |set: &BTreeSet<String>| payment.is_some_and(|payment| set.contains(payment));
    match line.kind {
        LineKind::Invoice => Cause::InvoiceNotBooked,
        LineKind::Fee => Cause::FeeNotBooked,
        LineKind::Transfer if !comes_in => Cause::TransferNotBooked,
        LineKind::Payment if comes_in && is_in(&context.linked) => Cause::NotPulled,
        LineKind::Payment if comes_in => Cause::PaymentWithoutInvoice,
        LineKind::Refund if !comes_in && is_in(&context.linked) => Cause::NotPulled,
        LineKind::Chargeback if !comes_in && is_in(&context.received) => Cause::ChargebackNotBooked,
        LineKind::ChargebackWon if comes_in && is_in(&context.received) => {
            Cause::ChargebackWonNotBooked
        }
        LineKind::Refund | LineKind::Chargeback if !comes_in => Cause::BackWithoutInvoice,
        LineKind::ChargebackWon if comes_in => Cause::BackWithoutInvoice,
        _ => Cause::WrongWay,
    }
}

/// The spans of days from `from` to `to` that none of the spans covers.
#[must_use]
pub fn missing_days(covered: &[(Date, Date)], from: Date, to: Date) -> Vec<(Date, Date)> {
    let day = Span::new().days(1);
    let mut spans: Vec<(Date, Date)> = covered.to_vec();
    spans.sort_unstable();
    let (mut missing, mut next) = (Vec::new(), from);
    for (first, last) in spans {
        if first > to || next > to {
            break;
        }
        if first > next
            && let Ok(before) = first.checked_sub(day)
        {
            missing.push((next, before));
        }
        if last >= next {
            next = last.checked_add(day).unwrap_or(Date::MAX);
        }
    }
    if next <= to {
        missing.push((next, to));
    }
    missing
}

#[cfg(test)]
mod tests;
