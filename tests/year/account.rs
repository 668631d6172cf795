//! What the PayPlug account moves besides payments: the monthly invoice, fees of the statement, transfers to the bank.

use acquit_app::{NewPayplugInvoice, NewStatementFee};
use acquit_domain::Cents;
use acquit_tests::World;
use jiff::civil::Date;
use serde_json::Value;

use super::input::{amount, list, needed};

/// Plays one of these events today.
pub(crate) fn event(world: &World, event: &Value) {
    let (acquit, date) = (&world.acquit, world.acquit.today());
    match needed(event, "event") {
        "payplug_invoice" => {
            let net: Cents = list(event, "lines")
                .iter()
                .map(|line| amount(line, "net"))
                .sum();
            let vat = amount(event, "vat");
            assert_eq!(net + vat, amount(event, "amount"), "{event}");
            let invoice = NewPayplugInvoice {
                number: needed(event, "number").to_owned(),
                date,
                net,
                vat,
            };
            acquit.record_payplug_invoice(invoice).unwrap();
        }
        "statement_fee" => {
            let fee = NewStatementFee {
                line: needed(event, "line").to_owned(),
                date,
                amount: amount(event, "amount"),
                vat: amount(event, "vat"),
            };
            acquit.record_statement_fee(fee).unwrap();
        }
        "transfer_left" => {
            let transfer = needed(event, "transfer");
            let amount = amount(event, "amount");
            acquit.record_transfer_left(transfer, date, amount).unwrap();
        }
        "transfer_arrived" => {
            let transfer = needed(event, "transfer");
            acquit.record_transfer_arrival(transfer, date).unwrap();
        }
        other => panic!("no such event: {other}"),
    }
}

/// The reconciliation says of each month what was on the account at its end.
pub(crate) fn is_told(world: &World, month_ends: &Value) {
    let mut before = Cents::ZERO;
    for (month, balance) in month_ends.as_object().unwrap() {
        let first: Date = format!("{month}-01").parse().unwrap();
        let found = world.acquit.account(first, first.last_of_month()).unwrap();
        let closing = Cents::parse(balance.as_str().unwrap()).unwrap();
        let told = (found.ledger.opening, found.ledger.closing);
        assert_eq!(told, (before, closing), "{month}");
        before = closing;
    }
}
