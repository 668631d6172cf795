//! What must hold after every event of a random year, and at its end.

use std::collections::BTreeMap;

use acquit_app::{Document, Format};
use acquit_domain::Cents;
use acquit_domain::receipt::Status;
use acquit_tests::books::holds;

use super::Year;
use crate::found::Found;

/// A sum and of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sums(Cents, u32);

impl Sums {
    fn add(&mut self, amount: Cents) {
        self.0 += amount;
        self.1 += 1;
    }
}

impl Year {
    /// After every event: each customer owes what his invoices say, and the home screen says what they and the receipts come to.
    pub(super) fn holds(&self) {
        let found = Found::read(&self.player);
        let documents = (0..self.papers.len()).map(|place| (self.view(place), &self.papers[place]));
        let today = self.player.world.acquit.today();
        let (mut owed, mut due, mut late) = (BTreeMap::new(), Sums::default(), Sums::default());
        for (view, paper) in documents {
            let standing = view.standing;
            let of_customer: &mut Cents = owed.entry(paper.customer.clone()).or_default();
            *of_customer += standing.remaining - standing.customer_credit;
            let is_due = !standing.remaining.is_zero() && standing.status != Status::Cancelled;
            let Document::Finalised(document) = &view.document else {
                self.fail("still a draft")
            };
            if is_due {
                due.add(standing.remaining);
            }
            if is_due && view.due_date(document) < today {
                late.add(standing.remaining);
            }
        }
        for (customer, owed) in owed {
            let booked = found.owed_by(&customer);
            if booked != owed {
                self.fail(&format!(
                    "{customer} owes {owed:?}, and {booked:?} in the books"
                ));
            }
        }
        let home = self.player.world.acquit.home().unwrap();
        let said = &home.outstanding;
        let said_due = Sums(said.due, said.due_count);
        let said_late = Sums(said.late, said.late_count);
        if (said_due, said_late) != (due, late) {
            self.fail(&format!("home says {said:?}, not {due:?} and {late:?}"));
        }
        let month = (today.first_of_month(), today.last_of_month());
        let came = found.received_between(month.0, month.1);
        if (home.received.card, home.received.other) != came {
            self.fail(&format!("home says {:?}, not {came:?}", home.received));
        }
    }

    /// Once all is settled and every retention released, no customer owes anything, and no VAT waits.
    pub(super) fn nothing_waits(&self) {
        holds(&self.player.world);
        let balances = Found::read(&self.player).balances();
        let accounts = balances["end"]["accounts"].as_object().unwrap();
        for (account, balance) in accounts {
            let is_open = ["411", "416", "44574", "5112", "580"];
            if is_open.iter().any(|open| account.starts_with(open)) {
                self.fail(&format!("{balance} is left on {account}"));
            }
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
