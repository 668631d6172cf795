//! What a played year came to, in the form of the expected files: documents, entries, VAT, the PayPlug account, balances.

use std::collections::BTreeMap;

use acquit_app::VatPeriod;
use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::{DocumentKind, Finalised};
use acquit_domain::receipt::Status;
use acquit_domain::vat::{StandardRate, VatTreatment};
use acquit_store::{CompanyFile, CustomerRow, StoredEntry};
use jiff::Timestamp;
use jiff::civil::date;
use serde_json::{Map, Value, json};

use super::differences::first_difference;
use super::player::Player;

pub(crate) const CUSTOMERS: [&str; 3] = ["411000", "411700", "419700"];
pub(crate) const PAYPLUG: &str = "512700";
const MANY: u32 = 100_000;

/// Lines of an entry added up per account and auxiliary: debit less credit.
type Sums = BTreeMap<(String, Option<String>), Cents>;

/// Everything that an expected file tells.
pub(crate) struct Found<'a> {
    player: &'a Player,
    customers: Vec<CustomerRow>,
    documents: Vec<Finalised>,
    entries: Vec<StoredEntry>,
}

impl<'a> Found<'a> {
    /// Reads a file past the services.
    pub(crate) fn read(player: &'a Player) -> Self {
        let file = CompanyFile::open(&player.world.path(), Timestamp::UNIX_EPOCH).unwrap();
        let read = file.read(|reader| {
            let customers = reader.customers(0, MANY)?.into_iter().map(|(_, row)| row);
            Ok::<_, acquit_store::Error>(Self {
                player,
                customers: customers.collect(),
                documents: reader.documents_after(None, MANY)?,
                entries: reader.entries_after(0, MANY)?,
            })
        });
        read.unwrap()
    }

    /// The first place where the file does not hold what is expected of it, to the cent.
    pub(crate) fn first_difference(&self, expected: &Value) -> Option<String> {
        let months = expected["vat_due"].as_object().unwrap().keys().cloned();
        let of_list = |section: &str| sorted(expected[section].as_array().unwrap().clone());
        let of = |section: &str| expected[section].clone();
        let sections = [
            ("entries", of("entries"), self.entries()),
            ("auxiliaries", of("auxiliaries"), self.auxiliaries()),
            (
                "documents",
                in_one_order(of("documents")),
                in_one_order(self.documents()),
            ),
            ("payplug", of("payplug"), self.payplug()),
            ("balances", of("balances"), self.balances()),
            ("vat_due", of("vat_due"), self.vat_due(months)),
            ("vat_due_rows", of_list("vat_due_rows"), self.vat_due_rows()),
            (
                "payments_to_report",
                of_list("payments_to_report"),
                self.payments_to_report(),
            ),
        ];
        sections.into_iter().find_map(|(section, expected, found)| {
            let difference = first_difference(&expected, &found)?;
            // A document says more than the one field of it that differs.
            let number = difference.split(['.', ':']).nth(1).unwrap_or_default();
            let whole = match (expected.get(number), found.get(number)) {
                (Some(expected), Some(found)) => {
                    format!("\n    expected {expected}\n    found    {found}")
                }
                _ => String::new(),
            };
            Some(format!("{section}{difference}{whole}"))
        })
    }

    /// Accounts of customers.
    fn auxiliaries(&self) -> Value {
        let customers = self.customers.iter();
        let pairs = customers.map(|row| (row.customer.code.clone(), json!(row.auxiliary)));
        Value::Object(pairs.collect())
    }

    /// Each document by its number.
    fn documents(&self) -> Value {
        let documents = self.documents.iter();
        let documents = documents.map(|one| (one.number.to_string(), self.document(one)));
        Value::Object(documents.collect())
    }

    fn document(&self, of: &Finalised) -> Value {
        let totals = &of.totals;
        let by_rate = totals.by_rate.iter().map(|rate| {
            json!({
                "category": rate.treatment.category(), "rate": rate.treatment.rate_decimal(),
                "earlier": rate.earlier.decimal(), "base": rate.base.decimal(), "vat": rate.vat.decimal(),
            })
        });
        let lines = totals.lines.iter().map(|line| line.decimal());
        let mut found = json!({
            "kind": of.kind.code(), "date": of.issue_date.to_string(), "customer": of.buyer.code,
            "lines": lines.collect::<Vec<_>>(), "by_rate": by_rate.collect::<Vec<_>>(),
            "net": totals.net.decimal(), "vat": totals.vat.decimal(), "gross": totals.gross.decimal(),
            "deposits": totals.deposits.decimal(), "deductions": totals.deducted.decimal(),
            "net_due": totals.net_due.decimal(),
        });
        match &of.kind {
            DocumentKind::CreditNote { credits, .. } => {
                found["credits"] = json!(credits.number.to_string());
            }
            _ => found["end"] = self.end(of),
        }
        found
    }

    /// Where an invoice stands after the last event.
    fn end(&self, of: &Finalised) -> Value {
        let view = self.player.world.acquit.invoice(of.id).unwrap();
        let standing = view.standing;
        let released = view.retention.and_then(|retention| retention.released);
        let held = if released.is_some() {
            Cents::ZERO
        } else {
            of.totals.retention() - self.retention_credited(of.id)
        };
        json!({
            "remaining": (standing.remaining - standing.customer_credit).decimal(),
            "held": held.decimal(), "cancelled": standing.status == Status::Cancelled,
        })
    }

    fn retention_credited(&self, id: InvoiceId) -> Cents {
        let notes = self.documents.iter().filter(|note| match &note.kind {
            DocumentKind::CreditNote { credits, .. } => credits.id == id,
            _ => false,
        });
        notes.map(|note| note.totals.retention()).sum()
    }

    /// Entries in order of recording.
    fn entries(&self) -> Value {
        self.entries
            .iter()
            .map(|stored| self.entry(stored))
            .collect()
    }

    fn entry(&self, stored: &StoredEntry) -> Value {
        let entry = &stored.entry;
        let lines = sums_of([stored]).into_iter().map(|((account, auxiliary), sum)| {
            json!({
                "account": account, "auxiliary": auxiliary,
                "debit": sum.at_least_zero().decimal(), "credit": (-sum).at_least_zero().decimal(),
            })
        });
        json!({
            "journal": entry.journal().code(), "date": entry.date().to_string(),
            "piece": self.player.name(entry.piece()), "lines": lines.collect::<Vec<_>>(),
        })
    }

    /// VAT due per month and rate, as the returns of the months say.
    fn vat_due(&self, months: impl IntoIterator<Item = String>) -> Value {
        let months = months.into_iter().map(|month| {
            let period = VatPeriod::parse(&month).unwrap();
            let found = self.player.world.acquit.vat_return(period).unwrap();
            let rates = StandardRate::ALL.into_iter().map(|rate| {
                let mut sums = found.rates.iter();
                let sum = sums.find(|sum| sum.rate == rate).map(|sum| sum.vat);
                (word(rate), json!(sum.unwrap_or_default().decimal()))
            });
            (month, Value::Object(rates.collect()))
        });
        Value::Object(months.collect())
    }

    /// The list behind the returns, over both years.
    fn vat_due_rows(&self) -> Value {
        let period = VatPeriod::parse("2026-01-01..2027-12-31").unwrap();
        let found = self.player.world.acquit.vat_return(period).unwrap();
        let rows = found.rows.iter().map(|listed| {
            let row = &listed.row;
            json!({
                "date": row.date.to_string(), "document": listed.document.to_string(),
                "cause": row.cause.code(), "rate": word(row.rate), "vat": row.vat.decimal(),
            })
        });
        sorted(rows)
    }

    /// What was cashed, for e-reporting.
    fn payments_to_report(&self) -> Value {
        let (from, to) = (date(2026, 1, 1), date(2027, 12, 31));
        let found = self
            .player
            .world
            .acquit
            .payments_to_report(from, to)
            .unwrap();
        let rows = found.iter().map(|listed| {
            let by_rate = listed.row.by_rate.iter();
            let by_rate = by_rate.map(|(rate, cents)| (word(*rate), json!(cents.decimal())));
            json!({
                "date": listed.row.date.to_string(), "document": listed.document.to_string(),
                "cause": listed.row.cause.code(), "by_rate": by_rate.collect::<Map<_, _>>(),
            })
        });
        sorted(rows)
    }

    /// The PayPlug account after each movement, and at the end of each month with one.
    fn payplug(&self) -> Value {
        let (mut balance, mut movements, mut month_ends) = (Cents::ZERO, Vec::new(), Map::new());
        for stored in &self.entries {
            let sums = sums_of([stored]);
            let Some(moved) = sums.get(&(PAYPLUG.to_owned(), None)) else {
                continue;
            };
            balance += *moved;
            let date = stored.entry.date().to_string();
            month_ends.insert(date[..7].to_owned(), json!(balance.decimal()));
            movements.push(json!({
                "date": date, "piece": self.player.name(stored.entry.piece()),
                "amount": moved.decimal(), "balance": balance.decimal(),
            }));
        }
        json!({ "movements": movements, "month_ends": month_ends })
    }

    /// Debit less credit of accounts and of customers, at the end of the year and after the last event.
    pub(crate) fn balances(&self) -> Value {
        let end = date(2026, 12, 31);
        let of_year = self
            .entries
            .iter()
            .filter(|stored| stored.entry.date() <= end);
        json!({ "2026-12-31": balances_of(of_year), "end": balances_of(&self.entries) })
    }
}

fn balances_of<'a>(entries: impl IntoIterator<Item = &'a StoredEntry>) -> Value {
    let mut accounts: BTreeMap<String, Cents> = BTreeMap::new();
    let mut customers = Map::new();
    for ((account, auxiliary), sum) in sums_of(entries) {
        if let Some(auxiliary) = auxiliary {
            let own = customers.entry(&account).or_insert_with(|| json!({}));
            own[auxiliary] = json!(sum.decimal());
        }
        *accounts.entry(account).or_default() += sum;
    }
    let accounts = accounts.into_iter().filter(|(_, sum)| !sum.is_zero());
    let accounts = accounts.map(|(account, sum)| (account, json!(sum.decimal())));
    json!({ "accounts": accounts.collect::<Map<_, _>>(), "customers": customers })
}

/// Lines per account and auxiliary, where customers are told apart; what comes to zero is left out.
fn sums_of<'a>(entries: impl IntoIterator<Item = &'a StoredEntry>) -> Sums {
    let mut sums = Sums::new();
    let entries = entries.into_iter();
    for line in entries.flat_map(|stored| stored.entry.lines()) {
        let auxiliary = line
            .auxiliary
            .as_ref()
            .map(|auxiliary| auxiliary.code.clone());
        let is_of_customers = CUSTOMERS.contains(&line.account.as_str());
        assert_eq!(auxiliary.is_some(), is_of_customers, "{line:?}");
        *sums.entry((line.account.clone(), auxiliary)).or_default() += line.debit - line.credit;
    }
    sums.retain(|_, sum| !sum.is_zero());
    sums
}

fn word(rate: StandardRate) -> String {
    VatTreatment::Standard(rate).rate_decimal()
}

/// Documents whose rates are in one order, and so are the lines that a credit note was split into: which
/// category comes first is a matter of taste.
fn in_one_order(mut documents: Value) -> Value {
    for document in documents.as_object_mut().unwrap().values_mut() {
        let rates = document["by_rate"].as_array_mut().unwrap();
        rates.sort_by_key(Value::to_string);
        if document["kind"] == "credit_note" {
            let lines = document["lines"].as_array_mut().unwrap();
            lines.sort_by_key(Value::to_string);
        }
    }
    documents
}

/// Rows in an order that both sides have: the services sort theirs by date and document.
fn sorted(rows: impl IntoIterator<Item = Value>) -> Value {
    let mut rows: Vec<Value> = rows.into_iter().collect();
    rows.sort_by_key(|row| {
        let place = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let key = ["date", "document", "cause", "rate"].map(place);
        (key, row.to_string())
    });
    Value::Array(rows)
}
