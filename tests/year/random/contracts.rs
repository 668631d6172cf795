//! Contracts of a random year: perhaps a deposit, some situations, a final invoice.

use serde_json::{Value, json};

use super::documents::decimal;
use super::{Paper, Year};

/// Works that are asked for bit by bit.
#[derive(Clone, Debug)]
pub(super) struct Contract {
    customer: String,
    operation: &'static str,
    /// Its lines, each of one piece.
    lines: Vec<Value>,
    deductions: Option<Value>,
    /// Places of its documents.
    deposit: Option<usize>,
    deposit_is_taken: bool,
    situation: Option<usize>,
    last: Option<usize>,
    /// How far the works have come, in percent.
    progress: i64,
}

impl Year {
    /// The next document of a contract, or the first of a new one.
    pub(super) fn contract(&mut self) -> Option<Value> {
        let open: Vec<usize> = (0..self.contracts.len())
            .filter(|place| self.contracts[*place].last.is_none())
            .collect();
        if open.len() < 2 || self.chance(25) {
            return Some(self.new_contract());
        }
        let place = self.one_of(&open)?;
        self.next_of(place)
    }

    fn new_contract(&mut self) -> Value {
        let lines = (0..self.roll(1, 3)).map(|_| {
            let rate = self.one_of(&["20", "10", "10", "5.5"]).unwrap();
            let (price, nature) = (
                self.roll(20_000, 500_000),
                self.one_of(&["works", "works", "goods"]),
            );
            json!({
                "description": "Plomberie", "quantity": "1", "unit_price": decimal(price),
                "vat_rate": rate, "nature": nature,
            })
        });
        let lines: Vec<Value> = lines.collect();
        let contract = Contract {
            customer: self.customer(),
            operation: self.one_of(&["services", "services", "both"]).unwrap(),
            lines,
            deductions: self.chance(50).then(|| self.deductions()),
            deposit: None,
            deposit_is_taken: false,
            situation: None,
            last: None,
            progress: 0,
        };
        self.contracts.push(contract);
        let place = self.contracts.len() - 1;
        if self.chance(60) {
            self.deposit(place)
        } else {
            self.works(place)
        }
    }

    /// A fifth of the price of each line.
    fn deposit(&mut self, place: usize) -> Value {
        let contract = &mut self.contracts[place];
        let lines = contract.lines.iter().map(|line| {
            let mut line = line.clone();
            let price = line["unit_price"].as_str().unwrap();
            let price = acquit_domain::Cents::parse(price).unwrap().get();
            line["unit_price"] = json!(decimal(price / 5));
            line
        });
        let fields = json!({
            "customer": contract.customer, "operation": contract.operation,
            "lines": lines.collect::<Vec<_>>(),
        });
        contract.deposit = Some(self.papers.len());
        self.document("AC", "deposit", fields, Some(place))
    }

    fn next_of(&mut self, place: usize) -> Option<Value> {
        let contract = &self.contracts[place];
        if let Some(deposit) = contract.deposit.filter(|_| !contract.deposit_is_taken) {
            let view = self.view(deposit);
            let standing = view.standing;
            let is_even = standing.remaining == standing.customer_credit;
            let is_settled = is_even && view.undecided.is_zero();
            // An unpaid deposit is paid first, or given up.
            if !is_settled || !view.chargebacks.is_empty() {
                return None;
            }
        }
        Some(self.works(place))
    }

    /// A situation, or the final invoice.
    fn works(&mut self, place: usize) -> Value {
        let progress = self.contracts[place].progress + self.roll(30, 60);
        let (situation, deposit) = self.to_take_off(place);
        let takes = [situation, deposit].into_iter().flatten();
        let numbers: Vec<String> = takes
            .clone()
            .map(|taken| self.papers[taken].number.clone())
            .collect();
        for taken in takes {
            self.papers[taken].is_taken = true;
        }
        let is_last = progress >= 100;
        let paper = self.papers.len();
        let contract = &mut self.contracts[place];
        contract.deposit_is_taken |= deposit.is_some();
        let mut lines = contract.lines.clone();
        if is_last {
            contract.last = Some(paper);
        } else {
            for line in &mut lines {
                line["progress"] = json!(format!("{progress}.5"));
            }
            (contract.situation, contract.progress) = (Some(paper), progress);
        }
        let mut fields = json!({
            "customer": contract.customer, "operation": contract.operation, "lines": lines,
            "refers_to": numbers,
        });
        if let Some(deductions) = &contract.deductions {
            fields["deductions"] = deductions.clone();
        }
        let kind = if is_last { "final" } else { "progress" };
        let event = self.document("F", kind, fields, Some(place));
        self.papers[paper].takes_deposit = deposit.is_some();
        event
    }

    fn to_take_off(&self, place: usize) -> (Option<usize>, Option<usize>) {
        let contract = &self.contracts[place];
        let free = |paper: &usize| !self.papers[*paper].is_taken;
        let deposit = contract.deposit.filter(free);
        (contract.situation.filter(free), deposit)
    }

    /// What a cancelled document took off is free again.
    pub(super) fn reopen(&mut self, cancelled: usize) {
        let Paper { kind, contract, .. } = self.papers[cancelled].clone();
        let Some(contract) = contract.map(|place| &mut self.contracts[place]) else {
            return;
        };
        if kind == "deposit" {
            contract.deposit = None;
            return;
        }
        contract.last = None;
        let deposit = contract
            .deposit
            .filter(|_| self.papers[cancelled].takes_deposit);
        contract.deposit_is_taken &= deposit.is_none();
        for taken in [contract.situation, deposit].into_iter().flatten() {
            self.papers[taken].is_taken = false;
        }
    }
}
