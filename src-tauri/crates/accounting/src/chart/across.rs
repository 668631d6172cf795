//! Accounts that change while documents are open: what is settled leaves nothing behind on any account
//! but those of sales, collected VAT and money, whatever was changed when.

use std::collections::BTreeMap;

use acquit_domain::Cents;
use acquit_domain::invoice::credit::{Taken, full_credit_note};
use acquit_domain::invoice::{Nature, Operation};
use acquit_domain::receipt::PaymentMeans;
use acquit_domain::vat::{StandardRate, VatTreatment};
use jiff::civil::date;
use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};

use super::{AuxiliaryMode, Chart, ChartProposal, Charts, Use};
use crate::entry::Entry;
use crate::payplug::{
    chargeback, chargeback_won, dispute_moved, lost_debt, refund, still_disputed,
};
use crate::receipts::{receipt, vat_due, vat_transfer};
use crate::tests::{
    account, any_invoice, card_receipt, chargeback_of, content, facts, invoice as booked_invoice,
    issue, line, receipt_of, refund_of,
};

const TEN: VatTreatment = VatTreatment::Standard(StandardRate::Intermediate);

/// A chart with every account moved by a last digit, and those that need none set or not.
fn moved(digit: u8, collective: bool, disputed: bool) -> Chart {
    let mut proposal = ChartProposal::from(Chart::default());
    for (number, label) in proposal.accounts.values_mut() {
        *number = format!("{number}{digit}");
        label.clear();
    }
    let own = Use::SaleAt(Nature::Works, TEN);
    let works = (format!("70401{digit}"), String::new());
    proposal.accounts.insert(own, works);
    if disputed {
        let account = (format!("41600{digit}"), String::new());
        proposal.accounts.insert(Use::Disputed, account);
    }
    if collective {
        proposal.auxiliaries = AuxiliaryMode::Collective;
    }
    Chart::new(&proposal, None).unwrap()
}

fn any_chart() -> impl Strategy<Value = Chart> {
    (0_u8..10, proptest::bool::ANY, proptest::bool::ANY)
        .prop_map(|(digit, collective, disputed)| moved(digit, collective, disputed))
}

/// What is left on each account and customer's account.
fn balances(entries: &[Entry]) -> BTreeMap<(String, String), i64> {
    let mut sums = BTreeMap::new();
    for entry in entries {
        for (account, customer, debit, credit) in facts(entry) {
            *sums
                .entry((account.to_owned(), customer.to_owned()))
                .or_default() += debit - credit;
        }
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

fn charts<'a>(document: &'a Chart, counterpart: &'a Chart) -> Charts<'a> {
    Charts {
        document,
        counterpart,
        deposits: &[],
    }
}

#[test]
fn works_at_a_rate_with_an_account_of_its_own_are_sold_on_it() {
    let normal = VatTreatment::Standard(StandardRate::Normal);
    let lines = vec![
        line("1", "100.00", TEN, Nature::Works),
        line("1", "50.00", normal, Nature::Works),
        line("1", "10.00", TEN, Nature::Goods),
    ];
    let document = booked_invoice(content(Operation::Services, lines));
    let entry = crate::sales::invoice(&document, &moved(1, false, false), &account())
        .unwrap()
        .unwrap();
    let sold: Vec<(&str, i64)> = facts(&entry)
        .into_iter()
        .filter(|(account, ..)| account.starts_with("70"))
        .map(|(account, _, _, credit)| (account, credit))
        .collect();
    let mut sold = sold;
    sold.sort_unstable();
    assert_eq!(
        sold,
        [("7040001", 5_000), ("704011", 10_000), ("7070001", 1_000)]
    );
}

#[test]
fn one_account_for_all_customers_names_none() {
    let document = booked_invoice(crate::tests::spec_content());
    let entry = crate::sales::invoice(&document, &moved(1, true, false), &account())
        .unwrap()
        .unwrap();
    assert!(entry.lines().iter().all(|line| line.auxiliary.is_none()));
}

#[test]
fn a_dispute_stands_on_its_account_until_it_is_paid_or_lost() {
    let (first, second) = (moved(1, false, true), moved(2, false, false));
    let document = booked_invoice(content(
        Operation::Services,
        vec![line("1", "100.00", TEN, Nature::Works)],
    ));
    let owed = document.totals.net_due;
    let paid = card_receipt(&document, owed.get());
    let taken = chargeback_of(&paid, owed.get(), date(2026, 12, 4));
    let entry = chargeback(&taken, &paid, &document, charts(&first, &first), &account())
        .unwrap()
        .unwrap();
    assert_eq!(
        facts(&entry),
        [
            ("416001", "CMARCHAND", 11_000, 0),
            ("5127001", "", 0, 11_000)
        ]
    );
    assert_eq!(still_disputed(owed, owed), owed);
    let back = dispute_moved(
        &document,
        owed,
        still_disputed(owed, Cents::ZERO),
        date(2026, 12, 9),
        &first,
        &account(),
    );
    assert_eq!(
        facts(&back.unwrap().unwrap()),
        [
            ("416001", "CMARCHAND", 0, 11_000),
            ("4110001", "CMARCHAND", 11_000, 0)
        ],
    );
    let lost = acquit_domain::invoice::credit::split(&document, Taken::default(), owed).unwrap();
    let entry = lost_debt(
        &document,
        Taken::default(),
        &lost,
        date(2027, 1, 8),
        charts(&first, &second),
        &account(),
    );
    let entry = entry.unwrap().unwrap();
    assert_eq!(
        facts(&entry),
        [
            ("6540002", "", 10_000, 0),
            ("4457421", "", 1_000, 0),
            ("416001", "CMARCHAND", 0, 11_000)
        ],
    );
    let none = dispute_moved(
        &document,
        owed,
        Cents::ZERO,
        date(2026, 12, 9),
        &second,
        &account(),
    );
    assert_eq!(
        none,
        Ok(None),
        "disputes on the customers' account never move"
    );
}

proptest! {
    #[test]
    fn nothing_is_left_behind_by_what_is_paid_and_given_back(
        document in any_invoice(),
        chart in any_chart(),
        later in any_chart(),
        last in any_chart(),
    ) {
        let (net, day) = (document.totals.net_due, date(2026, 12, 9));
        let due = |received: Cents| vat_due(&document, Taken::default(), received);
        let vat = |before, after| vat_transfer(&document, &due(before), &due(after), day, &chart).unwrap();
        let mut entries = Vec::new();
        let sale = crate::sales::invoice(&document, &chart, &account()).unwrap();
        entries.extend(sale);
        if !net.is_positive() { return Ok(()) }
        let paid = card_receipt(&document, net.get());
        entries.extend(receipt(&paid, &document, charts(&chart, &later), &account()).unwrap());
        entries.extend(vat(Cents::ZERO, net));
        // Disputed and won under other accounts; then given back.
        let taken = chargeback_of(&paid, net.get(), day);
        entries.extend(chargeback(&taken, &paid, &document, charts(&chart, &later), &account()).unwrap());
        entries.extend(chargeback_won(&taken, day, &paid, &document, charts(&chart, &later), &account()).unwrap());
        let given_back = refund_of(&paid, net.get(), day);
        entries.extend(refund(&given_back, &paid, &document, charts(&chart, &later), &account()).unwrap());
        entries.extend(vat(net, Cents::ZERO));
        let note = full_credit_note(&document, Taken::default(), issue()).unwrap();
        entries.extend(crate::sales::credit_note(&note, &document, Taken::default(), &chart, &account()).unwrap());
        prop_assert_eq!(balances(&entries), BTreeMap::new());
        // Paid once more under a third chart, only the customer's line meets what was booked.
        let again = receipt_of(&document, net.get(), PaymentMeans::Cheque);
        let entry = receipt(&again, &document, charts(&chart, &last), &account()).unwrap().unwrap();
        let lines = facts(&entry);
        let (cheques, customers) = (last.cheques(), chart.customers());
        prop_assert_eq!(lines[0].0, cheques.account());
        prop_assert_eq!(lines[1].0, customers.account());
    }

    #[test]
    fn the_disputed_account_holds_no_more_than_is_owed(charged in 0_i64..10_000, owed in -5_000_i64..10_000) {
        let held = still_disputed(Cents::new(charged), Cents::new(owed));
        prop_assert!(!held.is_negative() && held.get() <= charged && held.get() <= owed.max(0));
    }
}
