//! The books of a history: after every act, once everything could be heard, and as files.

use acquit_app::{Document, Format};
use acquit_domain::Cents;
use acquit_domain::receipt::Status;
use acquit_simulator::{Mode, MovementKind};

use crate::bench::Setting;
use crate::history::History;

/// What is on the customers' account.
const OWED: &str =
    "SELECT COALESCE(SUM(debit - credit), 0) FROM entry_lines WHERE account = '411000'";
/// What is on the PayPlug account.
const AT_PAYPLUG: &str =
    "SELECT COALESCE(SUM(debit - credit), 0) FROM entry_lines WHERE account = '512700'";
/// Entries that do not balance.
const UNBALANCED: &str = "SELECT COUNT(*) FROM (
    SELECT entry FROM entry_lines GROUP BY entry HAVING SUM(debit) <> SUM(credit))";
/// VAT of one invoice that waits, with that of its credit notes.
const WAITING: &str = "SELECT COALESCE(SUM(l.credit - l.debit), 0)
    FROM entry_lines l JOIN entries e ON e.seq = l.entry
    WHERE l.account LIKE '44574%'
      AND (e.invoice_id = ?1 OR e.invoice_id IN (SELECT id FROM documents WHERE credits = ?1))";
/// What customers paid in a month, less what went back to them, by card or else: as booked against their account.
const RECEIVED: &str = "SELECT COALESCE(SUM(l.debit - l.credit), 0)
    FROM entry_lines l JOIN entries e ON e.seq = l.entry
    WHERE substr(e.date, 1, 7) = ?1 AND (l.account LIKE '51%' OR l.account LIKE '53%')
      AND (l.account = '512700') = ?2
      AND EXISTS (SELECT 1 FROM entry_lines c WHERE c.entry = e.seq AND c.account = '411000')";

impl History {
    fn sum(&self, query: &str, of: impl rusqlite::Params) -> i64 {
        let mut query = self.world.file.prepare_cached(query).unwrap();
        query.query_row(of, |row| row.get(0)).unwrap()
    }

    /// After every act: entries balance, the customer owes what the invoices say, and the home screen says what they and the
    /// books come to.
    pub(crate) fn books_hold(&self) {
        if self.sum(UNBALANCED, []) > 0 {
            self.fail("an entry does not balance");
        }
        let today = self.acquit().today();
        let (mut owed, mut due, mut late) = (Cents::ZERO, (Cents::ZERO, 0), (Cents::ZERO, 0));
        for id in self.plain.model.invoices.keys() {
            let view = self.view(*id);
            let standing = view.standing;
            owed += standing.remaining - standing.customer_credit;
            if !matches!(standing.status, Status::Finalised | Status::PartlyPaid) {
                continue;
            }
            due = (due.0 + standing.remaining, due.1 + 1);
            let Document::Finalised(document) = &view.document else {
                self.fail("still a draft")
            };
            if view.due_date(document) < today {
                late = (late.0 + standing.remaining, late.1 + 1);
            }
        }
        let booked = self.sum(OWED, []);
        if booked != owed.get() {
            self.fail(&format!("{booked} on 411000, and {owed:?} by the invoices"));
        }
        let home = self.sure(self.acquit().home());
        let said = &home.outstanding;
        if (said.due, said.due_count, said.late, said.late_count) != (due.0, due.1, late.0, late.1)
        {
            self.fail(&format!("home says {said:?}, not {due:?} and {late:?}"));
        }
        let month = today.to_string()[..7].to_owned();
        let came = [true, false].map(|card| self.sum(RECEIVED, (&month, card)));
        if [home.received.card.get(), home.received.other.get()] != came {
            self.fail(&format!("home says {:?}, not {came:?}", home.received));
        }
    }

    /// Once everything could be heard: what is at PayPlug is what its account says, and no VAT waits for an invoice that is
    /// settled and holds nothing back.
    pub(crate) fn books_are_settled(&self) {
        let taken_back: i64 = self
            .plain
            .model
            .invoices
            .values()
            .map(|one| one.charged_back)
            .sum();
        let (booked, theirs) = (self.sum(AT_PAYPLUG, []), self.moved_at_payplug());
        if booked != theirs - taken_back {
            self.fail(&format!(
                "{booked} on 512700, {theirs} at PayPlug, {taken_back} taken back"
            ));
        }
        for id in self.plain.model.invoices.keys() {
            let view = self.view(*id);
            let holds_back = view.retention.is_some_and(|retention| retention.is_held());
            let is_over = view.standing.status == Status::Cancelled
                || view.standing.remaining.is_zero() && !holds_back;
            let waiting = self.sum(WAITING, [id.to_string()]);
            if is_over && waiting != 0 {
                self.fail(&format!("{id} is settled, and {waiting} of VAT wait"));
            }
        }
    }

    /// What the simulator's account says of payments of ours that count: what came less what went back. Its fees and its own
    /// chargebacks are not in these histories; the banks' are typed.
    fn moved_at_payplug(&self) -> i64 {
        let modes = match self.plain.setting {
            Setting::Demonstration => [Mode::Live, Mode::Test].as_slice(),
            Setting::TrialTest | Setting::TrialLive => &[Mode::Live],
        };
        let accounts = modes.iter().map(|mode| self.world.payplug.account(*mode));
        let movements = accounts.flat_map(|account| account.movements);
        let counts = |payment: Option<&String>| {
            payment.is_some_and(|payment| !self.plain.model.strangers.contains(payment))
        };
        movements
            .filter(|one| matches!(one.kind, MovementKind::Payment | MovementKind::Refund))
            .filter(|one| counts(one.payment.as_ref()))
            .map(|one| one.amount)
            .sum()
    }

    /// All of it as a file, undone, and once more: the same bytes.
    pub(crate) fn exports_again(&self) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("812345676FEC20261231.txt");
        let export = || {
            let until = "2099-12-31".parse().unwrap();
            let written = self.acquit().export(Format::Fec, until, None, &path);
            match written {
                Ok(summary) => Some((summary.batch, std::fs::read(&path).unwrap())),
                Err(error) if error.code() == "nothing_to_export" => None,
                Err(error) => self.fail(&format!("{error:?}")),
            }
        };
        let Some((batch, first)) = export() else {
            return;
        };
        self.sure(self.acquit().undo_export(batch));
        if export().is_none_or(|(_, again)| again != first) {
            self.fail("undone and exported again, it is another file");
        }
        self.holds();
    }
}
