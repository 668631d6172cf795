//! Statement beside books over some days: balances, rows, and every difference with its cause and what resolves it.

use std::collections::{BTreeMap, BTreeSet};

use acquit_accounting::chart::Use;
use acquit_accounting::statement::{
    Answer, Cause, Context, Kept, Known, LineKind, Listed, Reconciliation, missing_days, reconcile,
};
use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::numbering::DocumentNumber;
use acquit_domain::remote::PaymentId;
use acquit_store::{MovementRow, Reader, StatementRow};
use jiff::Span;
use jiff::civil::Date;

use super::propose::resolution;
use super::record::transfer_view;
use super::{AccountRow, AccountView, Balances, Difference, Resolution, RowState, UnreadView};
use crate::bookkeeping::balance_of;
use crate::{Acquit, Error};

/// Days around a span within which counterparts are looked for.
const AROUND: i32 = 15;

/// Transfers that are read to find those on their way.
const TRANSFERS_MAX: u32 = 200;

/// Lines of statements and movements of the books around some days, and how they match.
pub(super) struct Compared {
    pub(super) lines: Vec<Listed>,
    pub(super) known: Vec<Known>,
    pub(super) outcome: Reconciliation,
    /// The days that movements are booked on, where these are later than their own, by their place.
    late: BTreeMap<usize, Date>,
    /// The first day that lines were read of.
    first: Date,
    /// Movements that were reversed: neither they nor their reversals have a line.
    reversed: Vec<(MovementRow, Date)>,
    /// What was said about a line, by its sequence.
    answers: BTreeMap<u64, Answer>,
    /// Customer and invoice of the movements that have one, by their place.
    about: BTreeMap<usize, (String, InvoiceId, DocumentNumber)>,
}

impl Acquit {
    /// The PayPlug account from a day to another, both included.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn account(&self, from: Date, to: Date) -> Result<AccountView, Error> {
        let today = self.parts.today();
        self.file.read(|reader| {
            let statements = reader.statements()?;
            let compared = Compared::around(reader, &statements, from, to)?;
            let before = from.checked_sub(Span::new().days(1)).unwrap_or(from);
            let ledger = Balances {
                opening: balance_of(reader, Use::Payplug, before)?,
                closing: balance_of(reader, Use::Payplug, to)?,
            };
            let spans = spans(&statements);
            let in_span = statements
                .iter()
                .filter(|row| row.first <= to && row.last >= from);
            let waiting = reader.transfers(TRANSFERS_MAX)?.into_iter();
            let in_transit = waiting
                .filter(|row| row.arrived.is_none())
                .map(|row| transfer_view(&row.movement, None));
            let breaks = statements.iter().flat_map(|row| &row.breaks);
            let (rows, differences) = compared.shown(self, reader, from, to)?;
            Ok(AccountView {
                from,
                to,
                account: reader.chart_now()?.payplug().account().to_owned(),
                statement: statement_balances(reader, &statements, from, to)?,
                ledger,
                received_at: in_span.clone().map(|row| row.imported_at).max(),
                rows,
                differences,
                not_understood: not_understood(reader)?,
                missing_days: missing_days(&spans, from, to.min(today)),
                breaks: breaks
                    .filter(|one| (from..=to).contains(&one.date))
                    .map(|one| (one.date, one.amount))
                    .collect(),
                in_transit: in_transit.collect(),
            })
        })
    }
}

fn spans(statements: &[StatementRow]) -> Vec<(Date, Date)> {
    statements.iter().map(|row| (row.first, row.last)).collect()
}

/// Balances as the statements say; none where no statement covers a day of the span. They start from a balance that a
/// statement tells, and else from what the books held before the first day of the first statement.
fn statement_balances(
    reader: &Reader<'_>,
    statements: &[StatementRow],
    from: Date,
    to: Date,
) -> Result<Option<Balances>, Error> {
    if !statements
        .iter()
        .any(|row| row.first <= to && row.last >= from)
    {
        return Ok(None);
    }
    let day = Span::new().days(1);
    let told = statements.iter().find_map(|row| row.opening);
    let (on, balance) = match (told, statements.first()) {
        (Some(told), _) => told,
        (None, Some(first)) => {
            let before = first.first.checked_sub(day).unwrap_or(first.first);
            (first.first, balance_of(reader, Use::Payplug, before)?)
        }
        (None, None) => return Ok(None),
    };
    let before = from.checked_sub(day).unwrap_or(from);
    let opening = if from > on {
        balance + reader.statement_sum(on, before)?
    } else {
        let until = on.checked_sub(day).unwrap_or(on);
        balance - reader.statement_sum(from, until)?
    };
    Ok(Some(Balances {
        opening,
        closing: opening + reader.statement_sum(from, to)?,
    }))
}

fn not_understood(reader: &Reader<'_>) -> Result<Vec<UnreadView>, Error> {
    let rows = reader.statement_entries_unread()?.into_iter();
    Ok(rows
        .filter_map(|row| match row.kept {
            Kept::Unread(unread) => Some(UnreadView {
                line: row.seq,
                statement: row.statement,
                place: unread.place,
                text: unread.text,
                reason: unread.reason,
                date: unread.date,
                amount: unread.amount,
            }),
            Kept::Line(_) => None,
        })
        .collect())
}

impl Compared {
    /// Compares the days around a span.
    pub(super) fn around(
        reader: &Reader<'_>,
        statements: &[StatementRow],
        from: Date,
        to: Date,
    ) -> Result<Self, Error> {
        let around = Span::new().days(AROUND);
        let first = from.checked_sub(around).unwrap_or(from);
        let last = to.checked_add(around).unwrap_or(to);
        let (mut lines, mut answers) = (Vec::new(), BTreeMap::new());
        for row in reader.statement_entries(first, last)? {
            if let Some(says) = row.kept.movement(row.answer.as_ref()) {
                lines.push(Listed {
                    line: row.seq,
                    says,
                });
            }
            if let Some(answer) = row.answer {
                answers.insert(row.seq, answer);
            }
        }
        let (mut known, mut about, mut late) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        let mut add = |one: Known, booked: Date| {
            if booked != one.date {
                late.insert(known.len(), booked);
            }
            known.push(one);
            known.len() - 1
        };
        for row in reader.known_of_customers(first, last)? {
            let place = add(row.known, row.booked);
            about.insert(place, (row.customer, row.invoice, row.number));
        }
        let mut reversed = Vec::new();
        for row in reader.movements_between(first, last)? {
            if let Some(on) = row.reversed {
                reversed.push((row, on));
                continue;
            }
            let one = Known {
                kind: kind_of(row.movement.kind),
                amount: row.movement.effect(),
                date: row.movement.date,
                piece: row.movement.piece,
                payment: None,
                line: row.line,
            };
            add(one, row.booked);
        }
        let context = context(reader, &lines, statements)?;
        let outcome = reconcile(&lines, &known, &context);
        Ok(Self {
            lines,
            known,
            outcome,
            late,
            first,
            reversed,
            answers,
            about,
        })
    }

    /// Rows and differences of the span.
    fn shown(
        &self,
        acquit: &Acquit,
        reader: &Reader<'_>,
        from: Date,
        to: Date,
    ) -> Result<(Vec<AccountRow>, Vec<Difference>), Error> {
        let mut sorted = Shown::default();
        let is_in = |date: Date| (from..=to).contains(&date);
        let outcome = &self.outcome;
        for (line, known) in outcome.matched.iter().chain(&outcome.differing) {
            let (listed, other) = (&self.lines[*line], &self.known[*known]);
            match (is_in(listed.says.date), is_in(self.booked(*known))) {
                (true, true) if listed.says.amount == other.amount => {
                    sorted
                        .rows
                        .push(self.row(Some(*line), Some(*known), RowState::Matched));
                }
                (true, true) => self.differs(
                    &mut sorted,
                    (Some(*line), Some(*known)),
                    Cause::AmountDiffers,
                    Resolution::Decide,
                ),
                (true, false) => self.differs(
                    &mut sorted,
                    (Some(*line), None),
                    Cause::OtherPeriod,
                    Resolution::Nothing,
                ),
                (false, true) => self.differs(
                    &mut sorted,
                    (None, Some(*known)),
                    Cause::OtherPeriod,
                    Resolution::Nothing,
                ),
                (false, false) => {}
            }
        }
        for (line, cause) in &outcome.not_booked {
            let listed = &self.lines[*line];
            if is_in(listed.says.date) {
                let resolution = resolution(acquit, reader, listed, *cause)?;
                self.differs(&mut sorted, (Some(*line), None), *cause, resolution);
            }
        }
        for (known, cause) in &outcome.not_listed {
            if is_in(self.booked(*known)) {
                let (cause, resolution) = match cause {
                    // Booked so late that the lines of its own day were not looked at.
                    _ if self.known[*known].date < self.first => {
                        (Cause::OtherPeriod, Resolution::Nothing)
                    }
                    Cause::NotCovered => (*cause, Resolution::NewerStatement),
                    _ => (*cause, Resolution::Decide),
                };
                self.differs(&mut sorted, (None, Some(*known)), cause, resolution);
            }
        }
        self.add_reversed(&mut sorted, from, to);
        sorted.rows.sort_by_key(|one| (one.date, one.line));
        sorted.differences.sort_by_key(|one| (one.date, one.line));
        Ok((sorted.rows, sorted.differences))
    }

    /// Adds reversed movements and reversals whose counterpart is outside the span. Both in it add up to nothing, and the
    /// account stands as if neither had been: an accountant ticks an entry and its reversal off against each other, and
    /// a bank reconciliation lists what stays open.
    fn add_reversed(&self, shown: &mut Shown, from: Date, to: Date) {
        let is_in = |date: Date| (from..=to).contains(&date);
        for (row, on) in &self.reversed {
            let of = &row.movement;
            let (date, label, ledger) = match (is_in(row.booked), is_in(*on)) {
                (true, false) => (row.booked, of.piece.clone(), of.effect()),
                (false, true) => (*on, format!("annulation de {}", of.piece), -of.effect()),
                _ => continue,
            };
            let kind = kind_of(of.kind);
            shown.differences.push(Difference {
                line: None,
                piece: Some(of.piece.clone()),
                date,
                kind,
                label: label.clone(),
                invoice: None,
                amount: -ledger,
                cause: Cause::OtherPeriod,
                resolution: Resolution::Nothing,
                set_aside: None,
                unasked: None,
            });
            shown.rows.push(AccountRow {
                line: None,
                date,
                kind,
                label,
                invoice: None,
                movement: None,
                statement: None,
                ledger: Some(ledger),
                state: RowState::Waiting,
            });
        }
    }

    /// The day that a movement is booked on.
    fn booked(&self, known: usize) -> Date {
        let late = self.late.get(&known).copied();
        late.unwrap_or(self.known[known].date)
    }

    /// Adds a difference with its row.
    fn differs(
        &self,
        shown: &mut Shown,
        (line, known): (Option<usize>, Option<usize>),
        cause: Cause,
        resolution: Resolution,
    ) {
        let listed = line.map(|at| &self.lines[at]);
        let answer = listed.and_then(|listed| self.answers.get(&listed.line));
        let set_aside = match answer {
            Some(Answer::SetAside { reason }) => Some(reason.clone()),
            _ => None,
        };
        // What was left is not proposed again, until somebody says something else of it.
        let resolution = match resolution {
            Resolution::Entries(_) if set_aside.is_some() => Resolution::Decide,
            other => other,
        };
        let state = match &resolution {
            _ if set_aside.is_some() => RowState::SetAside,
            Resolution::Entries(_) => RowState::Proposed,
            Resolution::Nothing | Resolution::NewerStatement => RowState::Waiting,
            _ => RowState::ToDecide,
        };
        let unasked = listed.filter(|_| cause == Cause::PaymentWithoutInvoice);
        let unasked = unasked.and_then(|listed| listed.says.payment.as_deref());
        let row = self.row(line, known, state);
        let none = Cents::ZERO;
        shown.differences.push(Difference {
            line: row.line,
            piece: known.map(|at| self.known[at].piece.clone()),
            unasked: unasked.and_then(PaymentId::parse),
            date: row.date,
            kind: row.kind,
            label: row.label.clone(),
            invoice: row.invoice,
            amount: row.statement.unwrap_or(none) - row.ledger.unwrap_or(none),
            cause,
            resolution,
            set_aside,
        });
        shown.rows.push(row);
    }

    /// The row of a line and a movement; one of them is there.
    fn row(&self, line: Option<usize>, known: Option<usize>, state: RowState) -> AccountRow {
        let says = line.map(|at| &self.lines[at].says);
        let books = known.map(|at| &self.known[at]);
        let about = known.and_then(|at| self.about.get(&at));
        let (kind, date) = says.map_or_else(
            || {
                books.map_or((LineKind::Payment, Date::MIN), |known| {
                    (known.kind, known.date)
                })
            },
            |says| (says.kind, says.date),
        );
        let label = about.map(|(customer, ..)| customer.clone());
        let label = label.or_else(|| says.map(|says| says.label.clone()));
        let label = label.or_else(|| books.map(|known| known.piece.clone()));
        AccountRow {
            line: line.map(|at| self.lines[at].line),
            date,
            kind,
            label: label.unwrap_or_default(),
            invoice: about.map(|(_, id, number)| (*id, *number)),
            movement: books
                .and_then(|known| Some((movement_kind(known.kind)?, known.piece.clone()))),
            statement: says.map(|says| says.amount),
            ledger: books.map(|known| known.amount),
            state,
        }
    }
}

#[derive(Default)]
struct Shown {
    rows: Vec<AccountRow>,
    differences: Vec<Difference>,
}

const fn kind_of(kind: super::MovementKind) -> LineKind {
    match kind {
        super::MovementKind::Invoice => LineKind::Invoice,
        super::MovementKind::Fee => LineKind::Fee,
        super::MovementKind::Transfer => LineKind::Transfer,
    }
}

/// The kind of a movement that no customer makes.
const fn movement_kind(kind: LineKind) -> Option<super::MovementKind> {
    match kind {
        LineKind::Invoice => Some(super::MovementKind::Invoice),
        LineKind::Fee => Some(super::MovementKind::Fee),
        LineKind::Transfer => Some(super::MovementKind::Transfer),
        _ => None,
    }
}

/// What is known here of the payments that lines are about.
fn context(
    reader: &Reader<'_>,
    lines: &[Listed],
    statements: &[StatementRow],
) -> Result<Context, Error> {
    let payments = lines
        .iter()
        .filter_map(|listed| listed.says.payment.as_deref());
    let payments: BTreeSet<&str> = payments.collect();
    let mut context = Context {
        covered: spans(statements),
        ..Context::default()
    };
    for text in payments {
        let Some(payment) = PaymentId::parse(text) else {
            continue;
        };
        if reader.receipt_of_payment(&payment)?.is_some() {
            context.received.insert(text.to_owned());
        }
        if reader.link_of_payment(&payment)?.is_some() {
            context.linked.insert(text.to_owned());
        }
    }
    Ok(context)
}
