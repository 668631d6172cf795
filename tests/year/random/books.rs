//! What must hold after every event of a random year, and at its end.

use acquit_app::Format;
use acquit_domain::Cents;
use acquit_tests::books::holds;

use super::Year;
use crate::found::Found;

impl Year {
    /// After every event: what the home screen says is what the invoices and receipts say.
    pub(super) fn holds(&mut self) {
        let event = self.events.last().unwrap();
        if event["event"] == "document" && event["document"]["kind"] != "credit_note" {
            let number = event["document"]["number"].as_str();
            let number = number.or_else(|| event["number"].as_str()).unwrap();
            let id = self.player.world.acquit.resolve(number).unwrap();
            self.papers.last_mut().unwrap().id = id;
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
