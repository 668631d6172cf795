//! Documents of a random year: invoices of any content, credit notes for an amount, with lines, and for all.

use acquit_domain::receipt::Status;
use serde_json::{Value, json};

use super::{Paper, Year};

const RATES: [&str; 6] = ["20", "20", "10", "10", "5.5", "2.1"];
const NATURES: [&str; 4] = ["works", "works", "services", "goods"];
const OPERATIONS: [&str; 4] = ["services", "services", "goods", "both"];

/// Cents as the input form writes them.
pub(super) fn decimal(cents: i64) -> String {
    acquit_domain::Cents::new(cents).decimal()
}

impl Year {
    /// A finalised document, remembered for what may follow.
    pub(super) fn document(
        &mut self,
        series: &'static str,
        kind: &'static str,
        mut fields: Value,
        contract: Option<usize>,
    ) -> Value {
        let number = self.number(series);
        fields["kind"] = json!(kind);
        fields["issue_date"] = json!(self.day.to_string());
        if kind != "credit_note" {
            self.papers.push(Paper {
                number: number.clone(),
                customer: fields["customer"].as_str().unwrap().to_owned(),
                kind,
                lines: fields["lines"].as_array().unwrap().clone(),
                takes_deposit: false,
                contract,
                is_taken: false,
                has_notes: false,
                has_lost: false,
            });
        }
        self.today("document", json!({ "number": number, "document": fields }))
    }

    pub(super) fn customer(&mut self) -> String {
        format!("CL-{:04}", self.roll(1, 12))
    }

    pub(super) fn some_lines(&mut self, most: i64) -> Vec<Value> {
        (0..self.roll(1, most)).map(|_| self.line()).collect()
    }

    fn line(&mut self) -> Value {
        let quantity = self.one_of(&["1", "1", "3", "14.5", "0.75"]).unwrap();
        let (price, rate) = (self.roll(400, 90_000), self.one_of(&RATES).unwrap());
        let nature = self.one_of(&NATURES).unwrap();
        let mut line = json!({
            "description": "Plomberie", "quantity": quantity, "unit_price": decimal(price),
            "nature": nature, "vat_rate": rate,
        });
        if self.chance(20) {
            line["discount_percent"] = json!(self.one_of(&["5", "12.5", "33.33"]));
        }
        line
    }

    /// A direct invoice; once in a while its last line is owed the tax by the customer.
    pub(super) fn invoice(&mut self) -> Value {
        let mut lines = self.some_lines(4);
        if self.chance(6) {
            let last = lines.last_mut().unwrap().as_object_mut().unwrap();
            last.remove("vat_rate");
            last.insert("vat_category".to_owned(), json!("AE"));
        }
        let mut fields = json!({
            "customer": self.customer(), "lines": lines, "operation": self.one_of(&OPERATIONS),
        });
        if self.chance(20) {
            fields["discount_percent"] = json!(self.one_of(&["2", "2.5", "7.77"]));
        }
        if self.chance(30) {
            fields["deductions"] = self.deductions();
        }
        self.document("F", "invoice", fields, None)
    }

    pub(super) fn deductions(&mut self) -> Value {
        let mut deductions = vec![json!({ "kind": "retention", "percent": "5" })];
        if self.chance(25) {
            deductions.push(json!({ "kind": "prorata", "percent": "1.5" }));
        }
        if self.chance(10) {
            deductions.remove(0);
            deductions.push(json!({ "kind": "other", "amount": decimal(self.roll(1, 300)) }));
        }
        json!(deductions)
    }

    /// A credit note for an amount, or one with a line.
    pub(super) fn credit(&mut self) -> Option<Value> {
        let free = self.those(|paper, view| {
            !paper.takes_deposit
                && !paper.is_taken
                && paper.kind != "deposit"
                && view.undecided.is_zero()
                && view.creditable.get() > 500
        });
        let place = self.one_of(&free)?;
        if self.papers[place].kind == "invoice" && self.chance(40) {
            return self.credit_with_a_line(place);
        }
        let most = self.view(place).creditable.get() - 200;
        let amount = self.roll(1, most);
        let number = self.number("A");
        self.papers[place].has_notes = true;
        let invoice = self.papers[place].number.clone();
        let fields = json!({ "number": number, "invoice": invoice, "amount": decimal(amount) });
        Some(self.today("credit", fields))
    }

    /// Up to half of one line, without what the whole was discounted by.
    fn credit_with_a_line(&mut self, place: usize) -> Option<Value> {
        if self.papers[place].has_notes || self.papers[place].has_lost {
            return None;
        }
        let view = self.view(place).clone();
        let acquit_app::Document::Finalised(document) = &view.document else {
            return None;
        };
        let lines = self.papers[place].lines.clone();
        let which = usize::try_from(self.roll(0, lines.len() as i64 - 1)).unwrap();
        let worth = document.totals.lines[which].get();
        // Still less than is due now, VAT and all.
        if worth < 200 || worth > view.creditable.get() {
            return None;
        }
        let price = self.roll(1, worth / 2);
        let mut line = json!({
            "description": "Repris", "quantity": "1", "unit_price": decimal(price),
            "nature": lines[which]["nature"],
        });
        for field in ["vat_rate", "vat_category"] {
            if let Some(value) = lines[which].get(field) {
                line[field] = value.clone();
            }
        }
        self.papers[place].has_notes = true;
        let paper = &self.papers[place];
        let fields = json!({
            "customer": paper.customer, "refers_to": [paper.number], "lines": [line],
        });
        Some(self.document("A", "credit_note", fields, None))
    }

    /// A credit note for all of an invoice that nothing was credited of, and that nothing took off.
    pub(super) fn cancel(&mut self) -> Option<Value> {
        let free = self.those(|paper, view| {
            let may_be_taken = paper.contract.is_some() && paper.kind == "progress";
            !paper.has_notes
                && !paper.has_lost
                && !paper.is_taken
                && !may_be_taken
                && view.undecided.is_zero()
                && view.chargebacks.is_empty()
                && view.standing.status != Status::Cancelled
        });
        let place = self.one_of(&free)?;
        if self.view(place).standing.status == Status::Settled && self.chance(70) {
            return None;
        }
        self.papers[place].has_notes = true;
        self.reopen(place);
        let (number, invoice) = (self.number("A"), self.papers[place].number.clone());
        Some(self.today("cancel", json!({ "number": number, "invoice": invoice })))
    }

    pub(super) fn vat_basis(&mut self) -> Option<Value> {
        let basis = self.one_of(&["on_receipt", "on_invoice"])?;
        Some(self.today("vat_basis", json!({ "basis": basis })))
    }
}
