//! The lines of a statement, once the meaning of its columns is known. What is not understood is kept with its reason.

use std::collections::BTreeMap;

use acquit_domain::Cents;
use acquit_domain::date::paris_day;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::columns::{Mapping, Meaning, has, plain};
use super::rows::{Record, Table};
use super::{LineKind, StatementLine};

/// Where a statement comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The API's accounting report: its days and times are those of UTC (reference § 7.2).
    Report,
    /// A file of PayPlug's portal: days and times of France.
    Portal,
    /// A statement of the bank: what comes in may be a transfer from PayPlug.
    Bank,
}

/// Why a line was not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It stands before the header: a title, the name of the account.
    BeforeHeader,
    /// Its day cannot be read.
    NoDate,
    /// Its amount cannot be read.
    NoAmount,
    /// Nothing moved.
    Zero,
    /// What it is cannot be told from its words.
    UnknownKind,
    /// It is not in euros.
    OtherCurrency,
    /// It says what another line says.
    Doubled {
        /// Which line, from 1.
        of: u32,
    },
}

/// A line that was not understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// Which line of the file, from 1.
    pub place: u32,
    /// What tells it from every other line of any statement.
    pub key: String,
    /// What it says.
    pub text: String,
    /// Why it was not understood.
    pub reason: Reason,
    /// The day that was read.
    pub date: Option<Date>,
    /// The amount that was read, in cents with its sign.
    pub amount: Option<Cents>,
}

/// A balance that does not follow from the one before: a line is missing there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Break {
    /// The day of the line whose balance does not follow.
    pub date: Date,
    /// Its balance less what it should be, in cents.
    pub amount: Cents,
}

/// A statement as it was read. Each record of the file is in `lines` or in `unread`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// Lines that were understood, in the order of the file.
    pub lines: Vec<StatementLine>,
    /// Lines that were not.
    pub unread: Vec<Unread>,
    /// Where the balance column shows that lines are missing.
    pub breaks: Vec<Break>,
    /// The balance before the movements of a day, in cents, where the statement tells balances.
    pub opening: Option<(Date, Cents)>,
}

/// Reads a statement by the meaning of its columns.
#[must_use]
pub fn read(table: &Table, mapping: &Mapping, source: Source) -> Statement {
    let unsigned = source != Source::Bank && is_unsigned(table, mapping);
    let reader = Columns {
        mapping,
        source,
        unsigned,
    };
    let mut statement = Statement::default();
    for record in &table.before {
        statement
            .unread
            .push(unread(record, Reason::BeforeHeader, None, None));
    }
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for record in &table.records {
        match reader.line(record) {
            Ok(line) => {
                let first = *seen.entry(line.key.clone()).or_insert(record.place);
                if first == record.place {
                    let fee = reader.fee_beside(record, &line);
                    statement.lines.push(line);
                    statement.lines.extend(fee);
                } else {
                    let doubled = Reason::Doubled { of: first };
                    let (date, amount) = (Some(line.date), Some(line.amount));
                    statement.unread.push(unread(record, doubled, date, amount));
                }
            }
            Err(fault) => statement.unread.push(*fault),
        }
    }
    number_repeats(&mut statement.unread);
    (statement.breaks, statement.opening) = balances(&statement.lines);
    statement
}

/// Lines that were not understood and say the same are told apart by their count.
fn number_repeats(unread: &mut [Unread]) {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for line in unread {
        let count = counts.entry(line.key.clone()).or_default();
        *count += 1;
        if *count > 1 {
            line.key = format!("{}#{count}", line.key);
        }
    }
}

fn unread(record: &Record, reason: Reason, date: Option<Date>, amount: Option<Cents>) -> Unread {
    let text = record.text();
    Unread {
        place: record.place,
        key: format!("?{text}"),
        text,
        reason,
        date,
        amount,
    }
}

/// Amounts without signs: none of one column is below zero although something went out.
fn is_unsigned(table: &Table, mapping: &Mapping) -> bool {
    let Some(at) = mapping.at(Meaning::Net).or(mapping.at(Meaning::Amount)) else {
        return false;
    };
    let cells = table
        .records
        .iter()
        .filter_map(|record| record.cells.get(at));
    !cells
        .filter_map(|cell| amount_of(cell))
        .any(Cents::is_negative)
}

struct Columns<'a> {
    mapping: &'a Mapping,
    source: Source,
    unsigned: bool,
}

impl Columns<'_> {
    fn cell<'r>(&self, record: &'r Record, meaning: Meaning) -> &'r str {
        let at = self.mapping.at(meaning);
        at.and_then(|at| record.cells.get(at))
            .map_or("", String::as_str)
    }

    fn optional(&self, record: &Record, meaning: Meaning) -> Option<String> {
        let cell = self.cell(record, meaning);
        (!cell.is_empty()).then(|| cell.to_owned())
    }

    fn line(&self, record: &Record) -> Result<StatementLine, Box<Unread>> {
        let (date, amount) = (self.date(record), self.moved(record));
        let fault = |reason| Box::new(unread(record, reason, date, amount));
        let currency = self.cell(record, Meaning::Currency).to_uppercase();
        if !matches!(currency.as_str(), "" | "EUR" | "€" | "EURO" | "EUROS") {
            return Err(fault(Reason::OtherCurrency));
        }
        let date = date.ok_or_else(|| fault(Reason::NoDate))?;
        let amount = amount.ok_or_else(|| fault(Reason::NoAmount))?;
        if amount.is_zero() {
            return Err(fault(Reason::Zero));
        }
        let kind = self
            .kind(record)
            .ok_or_else(|| fault(Reason::UnknownKind))?;
        let amount = if self.unsigned {
            signed(kind, amount)
        } else {
            amount
        };
        let (id, payment) = self.ids(record);
        let key = match &id {
            Some(id) => format!("{}:{id}", kind.code()),
            None => format!("{}:{}", kind.code(), record.text()),
        };
        Ok(StatementLine {
            place: record.place,
            key,
            date,
            kind,
            amount,
            vat: amount_of(self.cell(record, Meaning::Vat)).map(Cents::abs),
            id,
            payment,
            label: self.label(record),
            balance: amount_of(self.cell(record, Meaning::Balance)),
        })
    }

    /// PayPlug's ids by their form, whichever of the two columns holds them.
    fn ids(&self, record: &Record) -> (Option<String>, Option<String>) {
        let id = self.optional(record, Meaning::Id);
        let payment = self.optional(record, Meaning::Payment);
        let of_payment = |id: &Option<String>| id.as_ref().is_some_and(|id| id.starts_with("pay_"));
        if payment.is_none() && of_payment(&id) {
            return (id.clone(), id);
        }
        (
            id.or_else(|| {
                payment
                    .clone()
                    .filter(|_| self.mapping.at(Meaning::Id).is_none())
            }),
            payment,
        )
    }

    /// What the line says of itself; where nothing is said, what it is. The words of the API's report are for programs: the
    /// payment says more.
    fn label(&self, record: &Record) -> String {
        let meaning = match self.source {
            _ if !self.cell(record, Meaning::Label).is_empty() => Meaning::Label,
            Source::Report => Meaning::Payment,
            Source::Portal | Source::Bank => Meaning::Kind,
        };
        self.cell(record, meaning).chars().take(200).collect()
    }

    fn kind(&self, record: &Record) -> Option<LineKind> {
        if self.source == Source::Bank {
            return Some(LineKind::Transfer);
        }
        let kind = kind_of(self.cell(record, Meaning::Kind));
        let of_label = kind_of(self.cell(record, Meaning::Label));
        match (kind, of_label) {
            // A column may say “debit” of everything, or “chargeback” of its fee.
            (None, known) => known,
            (Some(LineKind::Chargeback), Some(LineKind::Fee)) => Some(LineKind::Fee),
            (known, _) => known,
        }
    }

    /// What moved the account: net of fees where the statement has such a column, and else the amount. The fee then has a
    /// line of its own ([`Self::fee_beside`]).
    fn moved(&self, record: &Record) -> Option<Cents> {
        let amount = |meaning| amount_of(self.cell(record, meaning));
        if self.mapping.at(Meaning::Amount).is_some() {
            return amount(Meaning::Amount);
        }
        if self.mapping.at(Meaning::Net).is_some() {
            return amount(Meaning::Net);
        }
        let (debit, credit) = (amount(Meaning::Debit), amount(Meaning::Credit));
        if debit.is_none() && credit.is_none() {
            return None;
        }
        Some(credit.unwrap_or_default().abs() - debit.unwrap_or_default().abs())
    }

    /// The fee that was taken off at once, where amount and net differ.
    fn fee_beside(&self, record: &Record, line: &StatementLine) -> Option<StatementLine> {
        self.mapping.at(Meaning::Amount)?;
        let net = amount_of(self.cell(record, Meaning::Net))?;
        let net = if self.unsigned {
            signed(line.kind, net)
        } else {
            net
        };
        let amount = net - line.amount;
        if amount.is_zero() {
            return None;
        }
        Some(StatementLine {
            key: format!("fee_of:{}", line.key),
            kind: LineKind::Fee,
            amount,
            id: line.id.as_ref().map(|id| format!("{id}-FRAIS")),
            label: format!("Frais, {}", line.label),
            balance: None,
            ..line.clone()
        })
    }

    fn date(&self, record: &Record) -> Option<Date> {
        let cell = self.cell(record, Meaning::Date);
        if let Ok(instant) = cell.parse::<Timestamp>() {
            return Some(paris_day(instant));
        }
        let date = day_of(cell)?;
        let own = cell.split([' ', 'T']).nth(1).and_then(time_of);
        let time = own.or_else(|| time_of(self.cell(record, Meaning::Time)));
        match (self.source, time) {
            (Source::Report, Some(time)) => in_france(DateTime::from_parts(date, time)),
            _ => Some(date),
        }
    }
}

/// The day in France of a day and time in UTC.
fn in_france(utc: DateTime) -> Option<Date> {
    let instant = TimeZone::UTC.to_timestamp(utc).ok()?;
    Some(paris_day(instant))
}

/// The sign of an amount that has none: payments, disputes won and what comes into the bank are above zero.
fn signed(kind: LineKind, amount: Cents) -> Cents {
    match kind {
        LineKind::Payment | LineKind::ChargebackWon => amount,
        _ => -amount,
    }
}

/// A day at the beginning of a cell: `2026-10-02`, `02/10/2026`, `02-10-26`, `02.10.2026`.
#[must_use]
pub fn day_of(cell: &str) -> Option<Date> {
    let day = cell.split([' ', 'T']).next()?;
    let parts: Vec<&str> = day.split(['/', '-', '.']).collect();
    let [first, second, third] = parts.as_slice() else {
        return None;
    };
    let digits = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit()) && part.len() <= 4;
    if !parts.iter().all(digits) {
        return None;
    }
    let (year, month, day) = match (first.len(), third.len()) {
        (4, _) => (*first, *second, *third),
        (1 | 2, 2 | 4) => (*third, *second, *first),
        _ => return None,
    };
    let year: i16 = year.parse().ok()?;
    let year = if year < 100 { 2000 + year } else { year };
    if !(2000..2200).contains(&year) {
        return None;
    }
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

fn time_of(cell: &str) -> Option<Time> {
    let mut parts = cell.split([':', 'h']);
    let hour = parts.next()?.trim().parse().ok()?;
    let minute = parts.next()?.trim().parse().ok()?;
    let second = match parts.next() {
        Some(second) => second.split('.').next()?.parse().ok()?,
        None => 0,
    };
    Time::new(hour, minute, second, 0).ok()
}

/// An amount in euros with at most two decimals, comma or point, signs before or after it or brackets; blanks, points
/// and commas between thousands. None where the sign between could be either (`1,234`).
#[must_use]
pub fn amount_of(cell: &str) -> Option<Cents> {
    let text: String = cell
        .chars()
        .filter(|sign| !sign.is_whitespace() && *sign != '€' && *sign != '\'')
        .collect();
    let text = text
        .strip_suffix("EUR")
        .or(text.strip_prefix("EUR"))
        .unwrap_or(&text);
    let bracketed = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'));
    let minus = ['-', '−', '–', '—'];
    let before = text.strip_prefix(minus).or(text.strip_suffix(minus));
    let negative = bracketed.is_some() || before.is_some();
    let text = bracketed.or(before).unwrap_or(text);
    let text = text.strip_prefix('+').unwrap_or(text);
    let decimal = decimal_of(text)?;
    let amount = Cents::parse(&decimal).ok()?;
    Some(if negative { -amount } else { amount })
}

/// The plain decimal of an amount without sign.
fn decimal_of(text: &str) -> Option<String> {
    let signs: Vec<char> = text.chars().filter(|sign| !sign.is_ascii_digit()).collect();
    if text.is_empty() || signs.iter().any(|sign| !matches!(sign, ',' | '.')) {
        return None;
    }
    let Some(last) = signs.last() else {
        return Some(text.to_owned());
    };
    let repeated = signs.iter().filter(|sign| *sign == last).count() > 1;
    let (whole, decimals) = if repeated {
        (text, "")
    } else {
        text.rsplit_once(*last)?
    };
    if decimals.len() > 2 || (!repeated && decimals.is_empty()) {
        return None;
    }
    // What stands between thousands leaves groups of three.
    let mut groups = whole.split(['.', ',']);
    let first = groups.next()?;
    if first.is_empty() || groups.clone().next().is_some() && first.len() > 3 {
        return None;
    }
    if groups.any(|group| group.len() != 3) {
        return None;
    }
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    Some(if decimals.is_empty() {
        whole
    } else {
        format!("{whole}.{decimals}")
    })
}

const DISPUTES: &[&str] = &[
    "chargeback",
    "chargebacks",
    "contestation",
    "impaye",
    "litige",
    "contestazione",
    "opposition",
    "dispute",
];
const REFUNDS: &[&str] = &["remboursement", "refund", "rimborso", "refunded"];
const FEES: &[&str] = &[
    "frais",
    "fee",
    "fees",
    "commission",
    "commissions",
    "commissione",
    "commissioni",
    "spese",
];
const WON: &[&str] = &[
    "gagne",
    "gagnee",
    "won",
    "vinta",
    "annule",
    "annulee",
    "annulation",
    "reversal",
    "reversed",
    "storno",
];
const INVOICES: &[&str] = &[
    "facture",
    "invoice",
    "fattura",
    "abonnement",
    "mensuels",
    "mensuel",
    "subscription",
    "abbonamento",
];
const TRANSFERS: &[&str] = &[
    "virement",
    "transfer",
    "bonifico",
    "payout",
    "versement",
    "wire",
    "withdrawal",
    "prelievo",
];
const PAYMENTS: &[&str] = &[
    "paiement",
    "payment",
    "pagamento",
    "encaissement",
    "vente",
    "incasso",
];

/// What a movement is by its words, in French, English or Italian.
fn kind_of(words: &str) -> Option<LineKind> {
    let words = plain(words);
    let says = |list: &[&str]| has(&words, list);
    let dispute = says(DISPUTES);
    let known = [
        (dispute && says(FEES), LineKind::Fee),
        (dispute && says(WON), LineKind::ChargebackWon),
        (dispute, LineKind::Chargeback),
        (says(INVOICES), LineKind::Invoice),
        (says(FEES), LineKind::Fee),
        (says(REFUNDS), LineKind::Refund),
        (says(TRANSFERS), LineKind::Transfer),
        (says(PAYMENTS), LineKind::Payment),
    ];
    known
        .into_iter()
        .find(|(says, _)| *says)
        .map(|(_, kind)| kind)
}

/// Where balances do not follow, and the balance before the first movement. Files go up or down in time: the way with
/// fewer faults is theirs.
fn balances(lines: &[StatementLine]) -> (Vec<Break>, Option<(Date, Cents)>) {
    // What a line moved with the fee taken off it: the balance stands beside the first of both.
    let mut moved: Vec<(Date, Cents, Cents)> = Vec::new();
    for line in lines {
        match (line.balance, moved.last_mut()) {
            (Some(balance), _) => moved.push((line.date, line.amount, balance)),
            (None, Some((_, amount, _))) if line.key.starts_with("fee_of:") => {
                *amount += line.amount
            }
            _ => return (Vec::new(), None),
        }
    }
    let up = breaks(moved.iter());
    let down = breaks(moved.iter().rev());
    let (found, first) = if down.len() < up.len() {
        (down, moved.last())
    } else {
        (up, moved.first())
    };
    (
        found,
        first.map(|(date, amount, balance)| (*date, *balance - *amount)),
    )
}

fn breaks<'a>(moved: impl Iterator<Item = &'a (Date, Cents, Cents)>) -> Vec<Break> {
    let mut found = Vec::new();
    let mut before: Option<Cents> = None;
    for (date, amount, balance) in moved {
        let expected = before.map_or(*balance, |before| before + *amount);
        if expected != *balance {
            found.push(Break {
                date: *date,
                amount: *balance - expected,
            });
        }
        before = Some(*balance);
    }
    found
}

#[cfg(test)]
mod tests;
