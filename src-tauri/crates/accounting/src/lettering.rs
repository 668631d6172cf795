//! Lettering (*lettrage*): what ties an invoice's line to the receipts that settle it.

use acquit_domain::Cents;

/// The letter code of a sequence: AAA, AAB … ZZZ, AAAA …
#[must_use]
pub fn letter_code(sequence: u64) -> String {
    const ALPHABET: &[u8; 26] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut rest = sequence.saturating_sub(1);
    let mut width = 3_u32;
    while rest >= 26_u64.pow(width) {
        rest -= 26_u64.pow(width);
        width += 1;
    }
    let letters = (0..width).rev().map(|place| {
        let digit = (rest / 26_u64.pow(place)) % 26;
        char::from(ALPHABET[usize::try_from(digit).unwrap_or_default()])
    });
    letters.collect()
}

/// Whether lines (debit, credit) settle each other: at least two that add up to zero.
pub fn settles(lines: impl Iterator<Item = (Cents, Cents)>) -> bool {
    let (mut count, mut balance) = (0_u32, Cents::ZERO);
    for (debit, credit) in lines {
        count += 1;
        balance += debit - credit;
    }
    count >= 2 && balance.is_zero()
}

#[cfg(test)]
mod tests {
    use super::{letter_code, settles};
    use acquit_domain::Cents;

    #[test]
    fn codes_go_on_after_the_alphabet() {
        let codes: Vec<String> = [1, 2, 26, 27, 17_576, 17_577].into_iter().map(letter_code).collect();
        assert_eq!(codes, ["AAA", "AAB", "AAZ", "ABA", "ZZZ", "AAAA"]);
    }

    #[test]
    fn an_invoice_and_its_receipts_settle_when_they_add_up() {
        let cents = Cents::new;
        assert!(settles([(cents(300), Cents::ZERO), (Cents::ZERO, cents(300))].into_iter()));
        assert!(!settles([(cents(300), Cents::ZERO), (Cents::ZERO, cents(299))].into_iter()));
        assert!(!settles(std::iter::empty()));
    }
}
