//! What the file must hold, known from outside: from what was asked, from what was acknowledged, and
//! from the simulator.

use std::collections::{BTreeMap, BTreeSet};

use acquit_simulator::PaymentSnapshot;
use serde_json::Value;

use super::bench::{Task, Work, is_payable};
use crate::common::Run;

/// Refusals that chance brings about: the customer was faster, or there is nothing to give back.
const REFUSALS: [&str; 10] = [
    "already_cancelled",
    "more_than_net_due",
    "more_than_refundable",
    "no_card_receipt",
    "not_a_draft",
    "not_an_invoice",
    "refund_found",
    // A refund whose process was killed goes on by itself: until then the invoice takes no other.
    "refund_under_way",
    "still_a_draft",
    "unknown_invoice",
];

/// Everything known from outside.
#[derive(Debug, Default)]
pub(crate) struct Books {
    /// Amounts of cheques that may be there, by amount: the invoice, and whether one must be there.
    cheques: BTreeMap<String, (String, bool)>,
    finalised: BTreeSet<String>,
    cancelled: BTreeSet<String>,
    /// Cents that somebody wanted given back, by invoice or by PayPlug's id.
    refunds_here: BTreeMap<String, i64>,
    refunds_there: BTreeMap<String, i64>,
}

impl Books {
    /// From now on this may have happened.
    pub(crate) fn asked(&mut self, task: &Task) {
        match task.work {
            Work::Receipt => {
                let one = (task.invoice.clone(), false);
                self.cheques.entry(task.amount.clone()).or_insert(one);
            }
            Work::Refund => {
                *self.refunds_here.entry(task.invoice.clone()).or_default() += cents(&task.amount);
            }
            Work::Sync | Work::Finalise | Work::Cancel => {}
        }
    }

    /// It ended by itself: done, or refused for a reason that chance explains.
    pub(crate) fn note(&mut self, task: &Task, ended: &Run) {
        self.asked_once(task);
        if ended.code != 0 {
            let (code, _) = ended.refusal();
            assert!(REFUSALS.contains(&code.as_str()), "{task:?} {ended:?}");
            return;
        }
        let id = task.invoice.clone();
        match task.work {
            Work::Receipt => {
                self.cheques.insert(task.amount.clone(), (id, true));
            }
            Work::Finalise => {
                self.finalised.insert(id);
            }
            Work::Cancel => {
                self.cancelled.insert(id);
            }
            Work::Sync => {
                let report = ended.json();
                assert_eq!(report["anomalies"], serde_json::json!([]), "{report}");
            }
            Work::Refund => {}
        }
    }

    /// Refunds add up when asked for; a cheque that was typed elsewhere is known from here on.
    fn asked_once(&mut self, task: &Task) {
        if task.work == Work::Receipt {
            self.asked(task);
        }
    }

    /// These drafts are documents now.
    pub(crate) fn expect_finalised(&mut self, ids: &[String]) {
        self.finalised.extend(ids.iter().cloned());
    }

    /// Whether the owner gave something of a payment back in the portal.
    pub(crate) fn was_refunded_in_the_portal(&self, payment: &str) -> bool {
        self.refunds_there.contains_key(payment)
    }

    /// The owner gave this back in the portal.
    pub(crate) fn refund_in_the_portal(&mut self, payment: &PaymentSnapshot, cents: i64) {
        *self.refunds_there.entry(payment.id.clone()).or_default() += cents;
    }

    /// The file and the simulator say the same, once each.
    pub(crate) fn agree(&self, documents: &[Value], payments: &[PaymentSnapshot]) {
        numbers_follow_each_other(documents);
        self.cards_are_received_once(documents, payments);
        self.cheques_are_received_once(documents);
        self.nothing_is_given_back_twice(documents, payments);
        one_payable_link_each(documents, payments);
        for (ids, expected) in [
            (&self.finalised, None),
            (&self.cancelled, Some("cancelled")),
        ] {
            for id in ids {
                let found = documents.iter().find(|document| is(document, id));
                let status = found.unwrap()["status"].as_str().unwrap();
                assert_ne!(status, "draft", "{id}");
                assert!(expected.is_none_or(|expected| expected == status), "{id}");
            }
        }
    }

    fn cards_are_received_once(&self, documents: &[Value], payments: &[PaymentSnapshot]) {
        let mut received = BTreeMap::new();
        for receipt in receipts(documents).map(|(_, receipt)| receipt) {
            if receipt["means"] == "card_payplug" {
                let id = receipt["transaction"].as_str().unwrap();
                let told =
                    ["amount", "refunded"].map(|name| cents(receipt[name].as_str().unwrap()));
                assert!(received.insert(id, told).is_none(), "{id} twice");
            }
        }
        let paid: BTreeMap<&str, [i64; 2]> = payments
            .iter()
            .filter(|payment| payment.is_paid)
            .map(|one| (one.id.as_str(), [one.amount, one.amount_refunded]))
            .collect();
        assert!(paid.len() > 3, "hardly anybody paid");
        assert_eq!(received, paid);
    }

    fn cheques_are_received_once(&self, documents: &[Value]) {
        let mut found = BTreeSet::new();
        for (document, receipt) in receipts(documents) {
            if receipt["means"] == "cheque" {
                let amount = receipt["amount"].as_str().unwrap();
                let asked = self.cheques.get(amount);
                let (invoice, _) = asked.unwrap_or_else(|| panic!("{amount}: who asked?"));
                assert!(is(document, invoice), "{amount} on another invoice");
                assert!(found.insert(amount), "{amount} twice");
            }
        }
        for (amount, (invoice, acknowledged)) in &self.cheques {
            let there = found.contains(amount.as_str());
            assert!(there || !acknowledged, "{amount} of {invoice} is lost");
        }
    }

    /// At PayPlug, all refunds of an invoice's payments together are what was asked for at most.
    fn nothing_is_given_back_twice(&self, documents: &[Value], payments: &[PaymentSnapshot]) {
        for document in documents {
            let number = document["number"].as_str();
            let of_it = payments
                .iter()
                .filter(|payment| payment.metadata.get("invoice").map(String::as_str) == number);
            let (mut given_back, mut in_the_portal) = (0, 0);
            for payment in of_it {
                given_back += payment.amount_refunded;
                in_the_portal += self.refunds_there.get(&payment.id).copied().unwrap_or(0);
            }
            let wanted = self.refunds_here.iter();
            let here: i64 = wanted
                .filter(|(invoice, _)| is(document, invoice))
                .map(|(_, cents)| cents)
                .sum();
            assert!(given_back <= here + in_the_portal, "{document}");
        }
    }
}

/// Whether this id or number is the document's.
fn is(document: &Value, invoice: &str) -> bool {
    document["id"] == invoice || document["number"] == invoice
}

fn receipts(documents: &[Value]) -> impl Iterator<Item = (&Value, &Value)> {
    documents.iter().flat_map(|document| {
        let receipts = document["receipts"].as_array().unwrap();
        receipts.iter().map(move |receipt| (document, receipt))
    })
}

/// `F-2026-00001 …` without a gap, and credit notes likewise.
fn numbers_follow_each_other(documents: &[Value]) {
    let mut series: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for number in documents.iter().filter_map(|one| one["number"].as_str()) {
        let (name, counter) = number.rsplit_once('-').unwrap();
        series
            .entry(name)
            .or_default()
            .push(counter.parse().unwrap());
    }
    for (name, mut counters) in series {
        counters.sort_unstable();
        let expected: Vec<u32> = (1..).take(counters.len()).collect();
        assert_eq!(counters, expected, "{name}");
    }
}

/// What a customer could still pay is the open link of its invoice.
fn one_payable_link_each(documents: &[Value], payments: &[PaymentSnapshot]) {
    for payment in payments.iter().filter(|payment| is_payable(payment)) {
        let number = payment.metadata.get("invoice").unwrap();
        let document = documents.iter().find(|one| one["number"] == **number);
        let link = &document.unwrap()["link"];
        assert_eq!(link["payment"], *payment.id, "{number}: a second link");
        assert_eq!(link["state"], "open", "{number}");
    }
}

fn cents(decimal: &str) -> i64 {
    decimal.replace('.', "").parse().unwrap()
}
