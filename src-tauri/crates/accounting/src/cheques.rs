//! Deposit slips (*remises de chèques*) as entries.

use acquit_domain::Cents;
use jiff::civil::Date;

use crate::chart::Chart;
use crate::entry::{Entry, Journal, Lines};
use crate::error::Error;

/// The entry of a deposit slip: the bank (512000) against the cheques that waited (511200), all of a
/// slip in one, as the bank's statement shows them. The piece is the slip's reference.
///
/// # Errors
/// [`Error::Unbalanced`], which one amount on both sides excludes.
pub fn deposited(
    reference: &str,
    amount: Cents,
    date: Date,
    chart: &Chart,
) -> Result<Option<Entry>, Error> {
    let lines = Lines::new()
        .debit(chart.bank(), amount)
        .credit(chart.cheques(), amount);
    let label = format!("Remise de chèques {reference}");
    Entry::new(Journal::Bank, date, reference, date, label, lines)
}

#[cfg(test)]
mod tests {
    use super::deposited;
    use crate::chart::Chart;
    use crate::entry::Journal;
    use crate::tests::{DAY, facts};
    use acquit_domain::Cents;

    #[test]
    fn a_slip_takes_all_its_cheques_to_the_bank_in_one_entry() {
        let chart = Chart::default();
        let entry = deposited("BR-0042", Cents::new(194_906), DAY, &chart);
        let entry = entry.unwrap().unwrap();
        assert_eq!((entry.journal(), entry.date()), (Journal::Bank, DAY));
        assert_eq!(entry.piece(), "BR-0042");
        assert_eq!(entry.label(), "Remise de chèques BR-0042");
        assert_eq!(
            facts(&entry),
            [("512000", "", 194_906, 0), ("511200", "", 0, 194_906)]
        );
        assert_eq!(deposited("0", Cents::ZERO, DAY, &chart), Ok(None));
    }
}
