//! Movements of the PayPlug account other than receipts.

use acquit_domain::invoice::Finalised;
use acquit_domain::receipt::{Receipt, Refund};

use crate::chart::Chart;
use crate::entry::{AuxiliaryAccount, Entry, Lines};
use crate::error::Error;

/// The entry of a refund: 411 against the account that the money came into (512700). The piece is
/// PayPlug's id of the refund.
///
/// # Errors
/// [`Error::Unbalanced`], which one amount on both sides excludes.
pub fn refund(
    refund: &Refund,
    receipt: &Receipt,
    document: &Finalised,
    chart: &Chart,
    customer: &AuxiliaryAccount,
) -> Result<Option<Entry>, Error> {
    let label = format!(
        "Remboursement carte PayPlug {} {}",
        document.number, document.buyer.name
    );
    let (journal, money) = chart.money(receipt.means);
    let lines = Lines::new()
        .debit(chart.customers().of(customer), refund.amount)
        .credit(money, refund.amount);
    let piece = refund.id.as_str();
    Entry::new(journal, refund.date, piece, refund.date, label, lines)
}

#[cfg(test)]
mod tests {
    use super::refund;
    use crate::Chart;
    use crate::entry::Journal;
    use crate::receipts::receipt;
    use crate::tests::{DAY, account, card_receipt, facts, invoice, refund_of, spec_content};
    use acquit_domain::Cents;
    use jiff::civil::date;

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
}
