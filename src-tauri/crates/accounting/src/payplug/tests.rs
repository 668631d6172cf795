//! Refunds, chargebacks and lost debts, with amounts worked out by hand.

use super::{chargeback, chargeback_won, lost_debt, refund};
use crate::Chart;
use crate::entry::{Entry, Journal};
use crate::receipts::{receipt, vat_due, vat_transfer};
use crate::tests::{
    DAY, account, any_invoice, card_receipt, chargeback_of, content, facts, finalised_as, invoice,
    invoice_on, line, refund_of, spec_content,
};
use acquit_domain::Cents;
use acquit_domain::invoice::credit::{Taken, split};
use acquit_domain::invoice::{DraftKind, Finalised, Nature, NatureTotal, Operation};
use acquit_domain::vat::{StandardRate, VatBasis, VatTreatment};
use jiff::civil::date;
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use std::collections::BTreeMap;

/// 1 000.00 at 10 % and 500.00 at 20 %: VAT 100.00 and 100.00, 1 700.00 incl. VAT.
fn two_rates() -> Finalised {
    let at = |price, rate| line("1", price, VatTreatment::Standard(rate), Nature::Works);
    let lines = vec![
        at("1000.00", StandardRate::Intermediate),
        at("500.00", StandardRate::Normal),
    ];
    invoice(content(Operation::Services, lines))
}

/// Moves VAT from what was due with `before` received to what is due with `after`.
fn moved(document: &Finalised, lost: &[NatureTotal], before: i64, after: i64) -> Option<Entry> {
    let due = |received: i64| vat_due(document, Taken { notes: &[], lost }, Cents::new(received));
    let chart = Chart::default();
    vat_transfer(document, &due(before), &due(after), DAY, &chart).unwrap()
}

fn lost(document: &Finalised, cents: i64) -> Vec<NatureTotal> {
    split(document, Taken::default(), Cents::new(cents)).unwrap()
}

#[test]
fn a_refund_is_the_receipt_the_other_way_round() {
    let (chart, document) = (Chart::default(), invoice(spec_content()));
    let received = card_receipt(&document, 207_362);
    let given_back = refund_of(&received, 50_000, date(2026, 11, 20));
    let entry = refund(&given_back, &received, &document, &chart, &account())
        .unwrap()
        .unwrap();
    assert_eq!(entry.journal(), Journal::Payplug);
    assert_eq!(
        (entry.date(), entry.piece_date()),
        (date(2026, 11, 20), date(2026, 11, 20))
    );
    assert_eq!(entry.piece(), "re_5iHMDxy4ABR4YBVW4UscIn");
    assert_eq!(
        entry.label(),
        "Remboursement carte PayPlug F-2026-00042 Hélène Marchand"
    );
    assert_eq!(
        facts(&entry),
        [
            ("411000", "CMARCHAND", 50_000, 0),
            ("512700", "", 0, 50_000)
        ]
    );

    let whole = refund_of(&received, 207_362, DAY);
    let back = refund(&whole, &received, &document, &chart, &account())
        .unwrap()
        .unwrap();
    let forth = receipt(&received, &document, &chart, &account())
        .unwrap()
        .unwrap();
    let balance = |name: &str| -> Cents {
        let lines = back.lines().iter().chain(forth.lines());
        lines
            .filter(|line| line.account == name)
            .map(|line| line.debit - line.credit)
            .sum()
    };
    assert_eq!(
        (balance("411000"), balance("512700")),
        (Cents::ZERO, Cents::ZERO)
    );
}

#[test]
fn a_refund_and_a_chargeback_take_the_vat_back_in_proportion() {
    let document = two_rates();
    // 340.00 of 1 700.00 go back, a fifth: 20.00 of each rate.
    let refunded = moved(&document, &[], 170_000, 136_000).unwrap();
    let back = |cents: i64| {
        [
            ("445742", "", 0, cents),
            ("445712", "", cents, 0),
            ("445741", "", 0, cents),
            ("445711", "", cents, 0),
        ]
    };
    assert_eq!(facts(&refunded), back(2_000));
    // The bank takes the other 1 360.00: the remaining 80.00 of each.
    let charged_back = moved(&document, &[], 136_000, 0).unwrap();
    assert_eq!(facts(&charged_back), back(8_000));
}

#[test]
fn a_chargeback_takes_the_money_off_the_payplug_account_and_a_won_one_brings_it_again() {
    let (chart, document) = (Chart::default(), two_rates());
    let received = card_receipt(&document, 170_000);
    let taken = chargeback_of(&received, 136_000, date(2026, 12, 4));
    let entry = chargeback(&taken, &received, &document, &chart, &account())
        .unwrap()
        .unwrap();
    assert_eq!(entry.journal(), Journal::Payplug);
    assert_eq!(entry.date(), date(2026, 12, 4));
    assert_eq!(entry.piece(), "pay_5iHMDxy4ABR4YBVW4UscIn");
    assert_eq!(
        entry.label(),
        "Contestation carte PayPlug F-2026-00042 Hélène Marchand"
    );
    assert_eq!(
        facts(&entry),
        [
            ("411000", "CMARCHAND", 136_000, 0),
            ("512700", "", 0, 136_000)
        ]
    );
    let day = date(2027, 1, 15);
    let won = chargeback_won(&taken, day, &received, &document, &chart, &account())
        .unwrap()
        .unwrap();
    assert_eq!((won.journal(), won.date()), (Journal::Payplug, day));
    assert_eq!(
        won.label(),
        "Contestation gagnée carte PayPlug F-2026-00042 Hélène Marchand"
    );
    assert_eq!(
        facts(&won),
        [
            ("411000", "CMARCHAND", 0, 136_000),
            ("512700", "", 136_000, 0)
        ]
    );
}

#[test]
fn a_lost_debt_leaves_the_customer_and_takes_its_vat_along() {
    let document = two_rates();
    // 1 360.00 of 1 700.00: 880.00 of 1 100.00 at 10 %, 480.00 of 600.00 at 20 %.
    let parts = lost(&document, 136_000);
    let entry = lost_debt(
        &document,
        Taken::default(),
        &parts,
        DAY,
        &Chart::default(),
        &account(),
    )
    .unwrap()
    .unwrap();
    assert_eq!(entry.journal(), Journal::Miscellaneous);
    assert_eq!(entry.label(), "Créance perdue F-2026-00042 Hélène Marchand");
    assert_eq!(
        facts(&entry),
        [
            ("654000", "", 120_000, 0),
            ("445742", "", 8_000, 0),
            ("445741", "", 8_000, 0),
            ("411000", "CMARCHAND", 0, 136_000),
        ]
    );
    // Of the 340.00 that are left, the VAT falls due with the money: 20.00 of each rate.
    assert_eq!(moved(&document, &parts, 0, 0), None);
    let paid = moved(&document, &parts, 0, 34_000).unwrap();
    assert_eq!(
        facts(&paid),
        [
            ("445742", "", 2_000, 0),
            ("445712", "", 0, 2_000),
            ("445741", "", 2_000, 0),
            ("445711", "", 0, 2_000),
        ]
    );
}

/// The example of `accounting.md` § 2: the card brought the net due, all of it is lost; what is left
/// is the retention with its VAT, 11.69.
#[test]
fn the_retention_outlives_a_lost_card_payment() {
    let document = invoice(spec_content());
    let parts = lost(&document, 207_362);
    let entry = lost_debt(
        &document,
        Taken::default(),
        &parts,
        DAY,
        &Chart::default(),
        &account(),
    )
    .unwrap()
    .unwrap();
    assert_eq!(
        facts(&entry),
        [
            ("654000", "", 185_151, 0),
            ("445742", "", 14_820, 0),
            ("445741", "", 7_391, 0),
            ("411000", "CMARCHAND", 0, 207_362),
        ]
    );
    let retention = moved(&document, &parts, 0, 10_914).unwrap();
    assert_eq!(
        facts(&retention),
        [
            ("445742", "", 780, 0),
            ("445712", "", 0, 780),
            ("445741", "", 389, 0),
            ("445711", "", 0, 389),
        ]
    );
}

#[test]
fn vat_that_fell_due_with_the_invoice_comes_back_from_where_it_is() {
    let debits = invoice_on(two_rates().content, VatBasis::OnInvoice);
    let parts = lost(&debits, 170_000);
    let entry = lost_debt(
        &debits,
        Taken::default(),
        &parts,
        DAY,
        &Chart::default(),
        &account(),
    )
    .unwrap()
    .unwrap();
    assert_eq!(
        facts(&entry),
        [
            ("654000", "", 150_000, 0),
            ("445712", "", 10_000, 0),
            ("445711", "", 10_000, 0),
            ("411000", "CMARCHAND", 0, 170_000),
        ]
    );
}

/// 300.00 + 30.00 of a deposit, of which 110.00 are gone: nothing was sold, so nothing is lost.
#[test]
fn a_lost_part_of_a_deposit_leaves_the_deposits() {
    let intermediate = VatTreatment::Standard(StandardRate::Intermediate);
    let lines = vec![line("1", "300.00", intermediate, Nature::Works)];
    let content = content(Operation::Services, lines);
    let deposit = finalised_as(DraftKind::Deposit, 1, content, VatBasis::OnReceipt).unwrap();
    let parts = lost(&deposit, 11_000);
    let entry = lost_debt(
        &deposit,
        Taken::default(),
        &parts,
        DAY,
        &Chart::default(),
        &account(),
    );
    assert_eq!(
        facts(&entry.unwrap().unwrap()),
        [
            ("419100", "", 10_000, 0),
            ("445742", "", 1_000, 0),
            ("411000", "CMARCHAND", 0, 11_000),
        ]
    );
}

proptest! {
    /// The invoice, a lost part and the receipt of the rest: no VAT waits any more, and what is
    /// collected is the VAT of the rest.
    #[test]
    fn after_a_lost_part_the_rest_brings_exactly_the_rest_of_the_vat(document in any_invoice(), share in 1_i64..1_000) {
        let amount = document.totals.net_due.share(share, 1_000);
        if !amount.is_positive() {
            return Ok(());
        }
        let (chart, parts) = (Chart::default(), lost(&document, amount.get()));
        let sale = crate::sales::invoice(&document, &chart, &account()).unwrap();
        let gone = lost_debt(&document, Taken::default(), &parts, DAY, &chart, &account()).unwrap();
        let rest = (document.totals.gross - amount).get();
        let paid = moved(&document, &parts, 0, rest);
        let mut balances: BTreeMap<String, Cents> = BTreeMap::new();
        for entry in [sale, gone, paid].iter().flatten() {
            for line in entry.lines() {
                *balances.entry(line.account.clone()).or_default() += line.credit - line.debit;
            }
        }
        let sum = |prefix: &str| -> Cents {
            let accounts = balances.iter().filter(|(account, _)| account.starts_with(prefix));
            accounts.map(|(_, balance)| *balance).sum()
        };
        if rest > 0 {
            for (account, balance) in balances.iter().filter(|(account, _)| account.starts_with("44574")) {
                prop_assert!(balance.is_zero(), "{} {:?}", account, balance);
            }
        }
        let vat_lost: Cents = parts.iter().map(|part| part.vat).sum();
        prop_assert_eq!(sum("44571") + sum("44574"), document.totals.vat - vat_lost);
        prop_assert_eq!(-sum("654"), amount - vat_lost);
    }
}
