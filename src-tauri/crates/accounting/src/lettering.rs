//! Lettering (*lettrage*): what ties an invoice's line to the receipts that settle it.

use acquit_domain::Cents;

/// Codes of one and two letters, which are never given: the first code is AAA.
const SHORTER_CODES: u64 = 26 + 26 * 26;

/// The letter code of a sequence that counts from 1: AAA, AAB … ZZZ, AAAA …
#[must_use]
pub fn letter_code(sequence: u64) -> String {
    let mut rest = sequence.max(1).saturating_add(SHORTER_CODES);
    let mut letters = Vec::new();
    while rest > 0 {
        rest -= 1;
        letters.extend(('A'..='Z').nth(usize::try_from(rest % 26).unwrap_or_default()));
        rest /= 26;
    }
    letters.into_iter().rev().collect()
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
    use proptest::prelude::{any, prop_assert, proptest};

    #[test]
    fn codes_go_on_after_the_alphabet() {
        let codes: Vec<String> = [1, 2, 26, 27, 17_576, 17_577]
            .into_iter()
            .map(letter_code)
            .collect();
        assert_eq!(codes, ["AAA", "AAB", "AAZ", "ABA", "ZZZ", "AAAA"]);
    }

    #[test]
    fn an_invoice_and_its_receipts_settle_when_they_add_up() {
        let settled = |sides: &[(i64, i64)]| {
            settles(
                sides
                    .iter()
                    .map(|&(debit, credit)| (Cents::new(debit), Cents::new(credit))),
            )
        };
        assert!(settled(&[(300, 0), (0, 300)]));
        assert!(settled(&[(300, 0), (0, 100), (0, 200)]));
        assert!(settled(&[(300, 0), (0, 300), (300, 0), (0, 300)]));
        assert!(!settled(&[(300, 0), (0, 299)]));
        assert!(!settled(&[(300, 0), (0, 300), (50, 0)]));
        assert!(!settled(&[]), "nothing settles nothing");
        assert!(!settled(&[(0, 0)]), "a line alone has no counterpart");
    }

    proptest! {
        #[test]
        fn each_sequence_has_its_own_code_in_order(one in any::<u64>(), other in any::<u64>()) {
            let (low, high) = (one.min(other).max(1), one.max(other).clamp(2, u64::MAX - 702));
            if low < high {
                let (first, second) = (letter_code(low), letter_code(high));
                prop_assert!((first.len(), &first) < (second.len(), &second), "{first} {second}");
            }
        }
    }
}
