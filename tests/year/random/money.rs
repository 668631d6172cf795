//! Money of a random year: what comes, what goes back, what the owner decides on it, and the PayPlug account.

use acquit_domain::adjustment::SMALL_DIFFERENCE_MAX;
use acquit_domain::receipt::Status;
use serde_json::{Value, json};

use super::documents::decimal;
use super::{Dispute, Paid, Year};

const MEANS: [&str; 6] = [
    "cheque",
    "cheque",
    "transfer",
    "cash",
    "direct_debit",
    "card_terminal",
];
/// The least and the most of a payment at PayPlug, in cents.
const PAYABLE: std::ops::RangeInclusive<i64> = 99..=2_000_000;

impl Year {
    /// Money by other means: a part, all of it, a few cents less or more, or too much.
    pub(super) fn receipt(&mut self) -> Option<Value> {
        let place = self.one_that_is_due()?;
        let due = self.view(place).standing.remaining.get();
        let amount = match self.roll(0, 9) {
            0..=4 => due,
            5 | 6 => self.roll(1, due),
            7 => (due - self.roll(1, 300)).max(1),
            8 => due + self.roll(1, 300),
            _ => due + self.roll(1_000, 40_000),
        };
        Some(self.received(place, amount, due))
    }

    /// All that is still due of something.
    pub(super) fn last_receipt(&mut self) -> Option<Value> {
        let place = self.one_that_is_due()?;
        let due = self.view(place).standing.remaining.get();
        Some(self.received(place, due, due))
    }

    fn received(&mut self, place: usize, amount: i64, due: i64) -> Value {
        let means = self.one_of(&MEANS).unwrap();
        let invoice = self.papers[place].number.clone();
        let mut fields = json!({ "invoice": invoice, "means": means, "amount": decimal(amount) });
        if amount > due {
            fields["overpayment"] = json!(true);
        }
        if means == "cheque" {
            let cheque = self.serial("");
            fields["cheque"] = json!(cheque);
            self.drawer.push(cheque);
        }
        self.today("receipt", fields)
    }

    fn one_that_is_due(&mut self) -> Option<usize> {
        let due =
            self.those(|_, view| view.standing.payable().is_positive() && view.undecided.is_zero());
        // Old ones and new ones: most are paid while they are new.
        let newest = due.len().saturating_sub(4);
        if self.chance(70) {
            self.one_of(&due[newest..])
        } else {
            self.one_of(&due)
        }
    }

    /// A card on the page of the link.
    pub(super) fn payment(&mut self) -> Option<Value> {
        let place = self.one_that_is_due()?;
        let due = self.view(place).standing.payable().get();
        if !PAYABLE.contains(&due) {
            return None;
        }
        let name = self.serial("pay_");
        self.paid.push(Paid {
            name: name.clone(),
            paper: place,
            left: due,
            was_refunded: false,
        });
        self.names.push((name.clone(), place));
        self.balance += due;
        let invoice = self.papers[place].number.clone();
        let fields = json!({ "payment": name, "invoice": invoice, "amount": decimal(due) });
        Some(self.at_payplug("payment", fields))
    }

    /// Payments that can go back: of papers where nothing else is under way.
    fn that_can_go_back(&self, fits: impl Fn(&Paid) -> bool) -> Vec<usize> {
        let places = 0..self.paid.len();
        let fitting = places.filter(|place| {
            let paid = &self.paid[*place];
            let paper = &self.papers[paid.paper];
            let view = self.view(paid.paper);
            let is_quiet = view.undecided.is_zero() && view.standing.status != Status::Cancelled;
            paid.left >= 10
                && paid.left <= self.balance
                && fits(paid)
                && is_quiet
                && !paper.is_taken
                && !paper.takes_deposit
                && paper.contract.is_none()
        });
        fitting.collect()
    }

    /// A refund in the portal.
    pub(super) fn refund(&mut self) -> Option<Value> {
        let able = self.that_can_go_back(|_| true);
        let place = self.one_of(&able)?;
        let left = self.paid[place].left;
        let amount = if self.chance(30) {
            left
        } else {
            self.roll(10, left)
        };
        let refund = self.serial("re_");
        let paid = &mut self.paid[place];
        (paid.left, paid.was_refunded) = (left - amount, true);
        let payment = paid.name.clone();
        self.balance -= amount;
        let fields = json!({ "refund": refund, "payment": payment, "amount": decimal(amount) });
        Some(self.at_payplug("refund", fields))
    }

    /// The bank takes a whole payment back.
    pub(super) fn chargeback(&mut self) -> Option<Value> {
        let able = self.that_can_go_back(|paid| !paid.was_refunded);
        let place = self.one_of(&able)?;
        let paid = &mut self.paid[place];
        let (paper, amount, payment) = (paid.paper, paid.left, paid.name.clone());
        paid.left = 0;
        let name = self.serial("CB-");
        self.names.push((name.clone(), paper));
        self.disputes.push(Dispute {
            name: name.clone(),
            paper,
            amount,
        });
        self.balance -= amount;
        if self.by_report {
            // With the fee.
            self.balance -= 1_800;
        }
        let fields = json!({ "chargeback": name, "payment": payment, "amount": decimal(amount) });
        Some(self.today("chargeback", fields))
    }

    /// What waits for its end or for the owner: a dispute, a decision, an overpayment, a few cents.
    pub(super) fn follow_up(&mut self) -> Option<Value> {
        let found = self.end_of_dispute();
        let found = found.or_else(|| self.decision());
        let found = found.or_else(|| self.overpayment());
        found.or_else(|| self.few_cents())
    }

    fn end_of_dispute(&mut self) -> Option<Value> {
        if self.disputes.is_empty() {
            return None;
        }
        let Dispute {
            name,
            paper,
            amount,
        } = self.disputes.remove(0);
        // The simulator knows of none that was won.
        let is_won = self.chance(40) && !self.by_report;
        if is_won {
            self.balance += amount;
        } else {
            self.lost.push(paper);
        }
        let event = if is_won {
            "chargeback_won"
        } else {
            "chargeback_lost"
        };
        Some(self.today(event, json!({ "chargeback": name })))
    }

    fn decision(&mut self) -> Option<Value> {
        let waiting = self.those(|_, view| view.undecided.is_positive());
        let place = self.one_of(&waiting)?;
        let (view, paper) = (self.view(place).clone(), &self.papers[place]);
        let undecided = view.undecided;
        let mut fields = json!({ "invoice": paper.number, "amount": undecided.decimal() });
        let is_invoice = paper.kind != "deposit" && !paper.takes_deposit;
        let is_lost = self.lost.contains(&place) && !view.chargebacks.is_empty();
        let is_whole = view.creditable >= undecided;
        if is_lost && is_invoice && is_whole && self.chance(70) {
            self.papers[place].has_lost = true;
            self.lost.retain(|lost| *lost != place);
            return Some(self.today("write_off", fields));
        }
        // One for all of it is a cancellation, with the lines of the invoice.
        if is_invoice && !is_lost && view.creditable > undecided && self.chance(50) {
            fields["number"] = json!(self.number("A"));
            self.papers[place].has_notes = true;
            return Some(self.today("credit", fields));
        }
        self.lost.retain(|lost| *lost != place);
        Some(self.today("collect_again", fields))
    }

    fn overpayment(&mut self) -> Option<Value> {
        let overpaid = self.those(|_, view| view.standing.customer_credit.is_positive());
        let place = self.one_of(&overpaid)?;
        let credit = self.view(place).standing.customer_credit;
        let paper = self.papers[place].clone();
        if credit <= SMALL_DIFFERENCE_MAX && !self.had_small(place) && self.chance(60) {
            let fields =
                json!({ "invoice": paper.number, "side": "too_much", "amount": credit.decimal() });
            return Some(self.today("difference", fields));
        }
        let others = self.those(|other, view| {
            other.customer == paper.customer
                && other.number != paper.number
                && view.standing.payable().is_positive()
                && view.undecided.is_zero()
        });
        if let Some(other) = self.one_of(&others).filter(|_| self.chance(60)) {
            let amount = credit.min(self.view(other).standing.remaining);
            let to = self.papers[other].number.clone();
            let fields = json!({ "from": paper.number, "to": to, "amount": amount.decimal() });
            return Some(self.today("set_off", fields));
        }
        let mut fields = json!({ "invoice": paper.number, "amount": credit.decimal() });
        if self.chance(50) {
            return Some(self.today("overpayment_kept", fields));
        }
        fields["means"] = json!(self.one_of(&["transfer", "cash"]));
        Some(self.today("overpayment_returned", fields))
    }

    /// What is missing is so little that it is given up.
    fn few_cents(&mut self) -> Option<Value> {
        let little = self.those(|_, view| {
            let due = view.standing.payable();
            due.is_positive() && due <= SMALL_DIFFERENCE_MAX && view.undecided.is_zero()
        });
        let place = self
            .one_of(&little)
            .filter(|place| !self.had_small(*place))?;
        let due = self.view(place).standing.remaining.decimal();
        let invoice = self.papers[place].number.clone();
        let fields = json!({ "invoice": invoice, "side": "missing", "amount": due });
        Some(self.today("difference", fields))
    }

    /// What small differences of an invoice come to has an end.
    fn had_small(&self, place: usize) -> bool {
        let adjustments = &self.view(place).adjustments;
        adjustments
            .iter()
            .any(|one| one.adjusted.adjustment.is_small_difference())
    }

    /// Some of the cheques in the drawer, or all of them.
    pub(super) fn cheque_deposit(&mut self) -> Option<Value> {
        if self.drawer.is_empty() {
            return None;
        }
        let all = self.drawer.len() as i64;
        let count = if self.chance(60) {
            all
        } else {
            self.roll(1, all)
        };
        let cheques: Vec<String> = self
            .drawer
            .drain(..usize::try_from(count).unwrap())
            .collect();
        let slip = self.serial("REM-");
        Some(self.today(
            "cheque_deposit",
            json!({ "slip": slip, "cheques": cheques }),
        ))
    }

    pub(super) fn release(&mut self) -> Option<Value> {
        let held = self.those(|_, view| {
            let is_held = view.retention.is_some_and(|retention| retention.is_held());
            is_held && view.standing.status != Status::Cancelled && view.undecided.is_zero()
        });
        let place = self.one_of(&held)?;
        let invoice = self.papers[place].number.clone();
        Some(self.today("retention_released", json!({ "invoice": invoice })))
    }

    /// PayPlug's invoice, a fee of a dispute, a transfer that leaves or arrives: as far as there is money.
    pub(super) fn account(&mut self) -> Option<Value> {
        if self.by_report {
            self.transfer_at_payplug();
            return None;
        }
        if self.in_transit.is_some() {
            return self.arrival();
        }
        match self.roll(0, 9) {
            0..=4 if self.balance > 10_000 => {
                let amount = self.roll(1_000, self.balance);
                self.balance -= amount;
                let transfer = self.serial("VIR-");
                self.in_transit = Some((transfer.clone(), self.day));
                let fields = json!({ "transfer": transfer, "amount": decimal(amount) });
                Some(self.today("transfer_left", fields))
            }
            5..=7 if self.balance > 30_000 => Some(self.payplug_invoice()),
            8 if self.balance > 1_800 => {
                self.balance -= 1_800;
                let line = self.serial("FRAIS-");
                let fields = json!({ "line": line, "amount": "18.00", "vat": "3.00" });
                Some(self.today("statement_fee", fields))
            }
            _ => None,
        }
    }

    fn payplug_invoice(&mut self) -> Value {
        let nets: Vec<i64> = (0..self.roll(1, 5)).map(|_| self.roll(1, 4_000)).collect();
        let net: i64 = nets.iter().sum();
        let vat = (net * 20 + 50) / 100;
        self.balance -= net + vat;
        let lines = nets
            .iter()
            .map(|net| json!({ "what": "Commission", "net": decimal(*net) }));
        let number = self.serial("PP-");
        let fields = json!({
            "number": number, "lines": lines.collect::<Vec<_>>(), "vat": decimal(vat),
            "amount": decimal(net + vat),
        });
        self.today("payplug_invoice", fields)
    }

    /// A transfer is there the day after at the earliest.
    pub(super) fn arrival(&mut self) -> Option<Value> {
        let day = self.day;
        let (transfer, _) = self.in_transit.take_if(|(_, left)| *left < day)?;
        Some(self.today("transfer_arrived", json!({ "transfer": transfer })))
    }
}
