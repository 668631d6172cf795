//! A random year whose fees and transfers are the simulator's own: read from its accounting report, proposed, and booked.

use acquit_app::Resolution;
use acquit_simulator::Mode;
use jiff::civil::date;

use super::Year;
use crate::year::player::OPENING_BALANCE;

impl Year {
    /// What PayPlug's account came to over the year, in cents.
    fn their_balance(&self) -> i64 {
        self.player.world.payplug.account(Mode::Live).balance - OPENING_BALANCE
    }

    /// A transfer at PayPlug, of something that is free.
    pub(super) fn transfer_at_payplug(&mut self) {
        let blocked = self.player.world.payplug.account(Mode::Live).blocked;
        let free = self.their_balance() - blocked;
        if free > 10_000 {
            let amount = self.roll(1_000, free);
            self.player.world.payplug.transfer(amount).unwrap();
            self.balance -= amount;
        }
    }

    /// The report so far is fetched, and all that it proposes is booked.
    pub(super) async fn reconcile(&self) {
        let acquit = &self.player.world.acquit;
        let (from, to) = (date(2026, 1, 1), acquit.today());
        acquit.fetch_report(from, to).await.unwrap();
        loop {
            let view = acquit.account(from, to).unwrap();
            let differences = view.differences.iter();
            let proposed =
                differences.filter(|one| matches!(one.resolution, Resolution::Entries(_)));
            let lines: Vec<u64> = proposed.filter_map(|one| one.line).collect();
            if lines.is_empty() {
                return;
            }
            acquit.accept_proposals(&lines).unwrap();
        }
    }

    /// Once the report of the whole year is booked, the books have the simulator's balance.
    pub(super) async fn has_the_balance(&mut self) {
        self.player.world.advance(2 * 86_400);
        self.reconcile().await;
        let acquit = &self.player.world.acquit;
        let view = acquit.account(date(2026, 1, 1), acquit.today()).unwrap();
        if !view.differences.is_empty() {
            self.fail(&format!("{:?}", view.differences));
        }
        let (booked, theirs) = (view.ledger.closing.get(), self.their_balance());
        if booked != theirs {
            self.fail(&format!("{booked} on 512700, {theirs} at PayPlug"));
        }
        let told = view.statement.map(|statement| statement.closing.get());
        if told != Some(theirs + OPENING_BALANCE) && told != Some(theirs) {
            self.fail(&format!("the report says {told:?}, not {theirs}"));
        }
    }
}
