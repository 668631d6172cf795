//! What must hold after every event of a random year, and at its end.

use std::collections::BTreeMap;

use acquit_app::{Document, Format};
use acquit_domain::Cents;
use acquit_domain::receipt::Status;
use acquit_store::CompanyFile;
use acquit_tests::books::holds;
use jiff::Timestamp;
use jiff::civil::Date;

use super::Year;
use crate::year::found::{CUSTOMERS, Found, PAYPLUG};
use crate::year::player::Player;

const MANY: u32 = 100_000;

/// A sum and of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sums(Cents, u32);

impl Sums {
    fn add(&mut self, amount: Cents) {
        self.0 += amount;
        self.1 += 1;
    }
}

/// The entries so far, read past the services.
pub(super) struct Ledger {
    file: CompanyFile,
    last: i64,
    /// Customers by their codes, with the codes of their accounts.
    auxiliaries: BTreeMap<String, String>,
    /// What each account of a customer comes to (411000).
    owed: BTreeMap<String, Cents>,
    /// What came in by card and otherwise, less what went back, by month.
    received: BTreeMap<Date, (Cents, Cents)>,
}

impl Ledger {
    pub(super) fn of(player: &Player) -> Self {
        let file = CompanyFile::open(&player.world.path(), Timestamp::UNIX_EPOCH).unwrap();
        let customers = file.read(|reader| reader.customers(0, MANY)).unwrap();
        let pairs = customers.into_iter();
        Self {
            file,
            last: 0,
            auxiliaries: pairs
                .map(|(_, row)| (row.customer.code, row.auxiliary))
                .collect(),
            owed: BTreeMap::new(),
            received: BTreeMap::new(),
        }
    }

    /// Takes in what was booked since.
    fn go_on(&mut self) {
        let new = self
            .file
            .read(|reader| reader.entries_after(self.last, MANY));
        for stored in new.unwrap() {
            self.last = stored.seq;
            let (lines, month) = (stored.entry.lines(), stored.entry.date().first_of_month());
            let is_of_customer = lines.iter().any(|line| line.account == CUSTOMERS[0]);
            for line in lines {
                let moved = line.debit - line.credit;
                let (card, other) = self.received.entry(month).or_default();
                match &*line.account {
                    account if account == CUSTOMERS[0] => {
                        let code = line.auxiliary.as_ref().unwrap().code.clone();
                        *self.owed.entry(code).or_default() += moved;
                    }
                    PAYPLUG if is_of_customer => *card += moved,
                    account if is_of_customer && ["51", "53"].contains(&&account[..2]) => {
                        *other += moved;
                    }
                    _ => {}
                }
            }
        }
    }

    fn owed_by(&self, customer: &str) -> Cents {
        let owed = self.owed.get(&self.auxiliaries[customer]);
        owed.copied().unwrap_or_default()
    }
}

impl Year {
    /// After every event: each customer owes what his invoices say, and the home screen says what they and
    /// the receipts come to.
    pub(super) fn holds(&mut self) {
        self.ledger.go_on();
        let today = self.player.world.acquit.today();
        let (mut owed, mut due, mut late) = (BTreeMap::new(), Sums::default(), Sums::default());
        for (view, paper) in self.views.iter().zip(&self.papers) {
            let standing = view.standing;
            let of_customer: &mut Cents = owed.entry(paper.customer.as_str()).or_default();
            *of_customer += standing.remaining - standing.customer_credit;
            let Document::Finalised(document) = &view.document else {
                self.fail("still a draft")
            };
            if standing.remaining.is_positive() && standing.status != Status::Cancelled {
                due.add(standing.remaining);
                if view.due_date(document) < today {
                    late.add(standing.remaining);
                }
            }
        }
        for (customer, owed) in owed {
            let booked = self.ledger.owed_by(customer);
            if booked != owed {
                self.fail(&format!(
                    "{customer} owes {owed:?}, and {booked:?} in the books"
                ));
            }
        }
        let home = self.player.world.acquit.home().unwrap();
        let said = &home.outstanding;
        let both = (
            Sums(said.due, said.due_count),
            Sums(said.late, said.late_count),
        );
        if both != (due, late) {
            self.fail(&format!("home says {said:?}, not {due:?} and {late:?}"));
        }
        let came = self.ledger.received.get(&today.first_of_month());
        let came = came.copied().unwrap_or_default();
        if (home.received.card, home.received.other) != came {
            self.fail(&format!("home says {:?}, not {came:?}", home.received));
        }
    }

    /// Once all is settled and every retention released, no customer owes anything, and no VAT waits.
    pub(super) fn nothing_waits(&self) {
        let found = self.player.world.acquit.verify().unwrap();
        if let Some(broken) = found.broken {
            self.fail(&format!("{broken:?}"));
        }
        let balances = Found::read(&self.player).balances();
        let accounts = balances["end"]["accounts"].as_object().unwrap();
        for (account, balance) in accounts {
            let is_open = ["411", "416", "44574", "5112", "580"];
            if account.starts_with("580") && self.by_report {
                continue;
            }
            if is_open.iter().any(|open| account.starts_with(open)) {
                self.fail(&format!("{balance} is left on {account}"));
            }
        }
        if self.by_report {
            return;
        }
        let payplug = accounts.get("512700").and_then(|one| one.as_str());
        let payplug = payplug.map_or(Cents::ZERO, |one| Cents::parse(one).unwrap());
        if payplug.get() != self.balance {
            self.fail(&format!("{payplug:?} at PayPlug, not {}", self.balance));
        }
    }

    /// Undone and exported again, a year is the same year.
    pub(super) fn undone_and_exported_again(&self) {
        let acquit = &self.player.world.acquit;
        let folder = tempfile::tempdir().unwrap();
        let written = |name: &str| {
            let path = folder.path().join(name);
            let until = "2099-12-31".parse().unwrap();
            acquit.export(Format::Fec, until, None, &path).unwrap();
            std::fs::read(path).unwrap()
        };
        let undo = || {
            let exports = acquit.exports().unwrap();
            let latest = exports.iter().find(|one| one.can_be_undone)?;
            acquit.undo_export(latest.batch.batch).unwrap();
            Some(())
        };
        // What was exported before.
        while undo().is_some() {}
        let first = written("812345676FEC20261231.txt");
        undo();
        assert_eq!(
            written("812345676FEC20261231.txt"),
            first,
            "seed {}",
            self.seed
        );
        holds(&self.player.world);
    }
}
