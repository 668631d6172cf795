//! The settings of the books while documents are open: accounts, journals, customers' own accounts, the
//! accountant's plan, and the basis of VAT that changes on a day; through the services, on a real file.

mod accounts;
mod basis;
mod disputes;
mod plan;
mod random;

use std::collections::BTreeMap;
use std::path::Path;

use acquit_app::chart::{AuxiliaryMode, Chart, ChartProposal, Use};
use acquit_app::{Acquit, Format, InvoiceView, Kind, NewInvoice, NewKind, NewReceipt};
use acquit_domain::Cents;
use acquit_domain::id::InvoiceId;
use acquit_domain::receipt::PaymentMeans;
use acquit_domain::vat::StandardRate;
use acquit_tests::{World, invoice};
use jiff::civil::Date;

pub(crate) const FEC: &str = "812345676FEC20261231.txt";
pub(crate) const CARD: &str = "4242424242424242";
pub(crate) const DAY_S: i64 = 86_400;

/// Every usual account with one more digit.
pub(crate) fn moved(digit: u8) -> ChartProposal {
    let mut proposal = ChartProposal::from(Chart::default());
    for (number, label) in proposal.accounts.values_mut() {
        *number = format!("{number}{digit}");
        label.clear();
    }
    proposal
}

pub(crate) fn with(mut proposal: ChartProposal, one: Use, number: &str) -> ChartProposal {
    let account = (number.to_owned(), String::new());
    proposal.accounts.insert(one, account);
    proposal
}

pub(crate) fn collective(mut proposal: ChartProposal) -> ChartProposal {
    proposal.auxiliaries = AuxiliaryMode::Collective;
    proposal
}

pub(crate) async fn by_cheque(world: &World, id: InvoiceId, cents: i64) -> InvoiceView {
    let cheque = NewReceipt {
        amount: Cents::new(cents),
        means: PaymentMeans::Cheque,
        date: None,
        overpayment: false,
    };
    world.acquit.add_receipt(id, cheque).await.unwrap()
}

/// The customer pays the open link.
pub(crate) async fn by_card(world: &World, id: InvoiceId) {
    world.acquit.sync().await.unwrap();
    world.payplug.pay(&world.payment(id), CARD).unwrap();
    world.acquit.sync().await.unwrap();
}

/// Issues a document of one line at 10 % that names another.
pub(crate) async fn issued(
    world: &World,
    kind: Kind,
    price: &str,
    refers_to: &[String],
) -> InvoiceView {
    let draft = NewInvoice {
        kind: NewKind {
            kind,
            refers_to: refers_to.to_vec(),
        },
        ..invoice(&[(price, StandardRate::Intermediate)])
    };
    let id = world.acquit.add_invoice(draft).unwrap().id;
    world.acquit.issue(id).await.unwrap()
}

pub(crate) fn holds(world: &World) {
    let found = world.acquit.verify().unwrap();
    assert!(found.broken.is_none(), "{:?}", found.broken);
}

/// A day after all.
pub(crate) fn all() -> Date {
    "2099-12-31".parse().unwrap()
}

/// The columns of each line of a FEC of everything that is new.
pub(crate) fn exported(acquit: &Acquit, file: &Path) -> Vec<Vec<String>> {
    acquit.export(Format::Fec, all(), None, file).unwrap();
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text.lines().skip(1);
    lines
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect()
}

/// Debit less credit of each account that is not even, in cents.
pub(crate) fn balances(rows: &[Vec<String>]) -> BTreeMap<String, i64> {
    let mut balances = BTreeMap::new();
    for row in rows {
        let amount = |column: usize| -> i64 { row[column].replace(',', "").parse().unwrap() };
        *balances.entry(row[4].clone()).or_insert(0) += amount(11) - amount(12);
    }
    balances.retain(|_, balance| *balance != 0);
    balances
}

/// The balances of a FEC of everything.
pub(crate) fn books(world: &World) -> BTreeMap<String, i64> {
    let folder = tempfile::tempdir().unwrap();
    balances(&exported(&world.acquit, &folder.path().join(FEC)))
}

pub(crate) fn expected(pairs: &[(&str, i64)]) -> BTreeMap<String, i64> {
    let pairs = pairs.iter();
    pairs
        .map(|(account, balance)| ((*account).to_owned(), *balance))
        .collect()
}
