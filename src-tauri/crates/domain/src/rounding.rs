//! The only rounding in the workspace: half away from zero, as French invoices do (*arrondi commercial*).

/// Divides `numerator` by `denominator` and rounds half away from zero.
///
/// `denominator` must be positive; every caller passes a constant power of ten or a checked total.
#[must_use]
pub const fn divide_half_away(numerator: i128, denominator: i128) -> i128 {
    debug_assert!(denominator > 0, "a positive denominator");
    let half = denominator / 2;
    // An odd denominator has no exact half, so the truncated half decides correctly there too.
    if numerator >= 0 {
        (numerator + half) / denominator
    } else {
        (numerator - half) / denominator
    }
}

#[cfg(test)]
mod tests {
    use super::divide_half_away;
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    #[test]
    fn a_half_goes_away_from_zero() {
        assert_eq!(divide_half_away(25, 10), 3);
        assert_eq!(divide_half_away(-25, 10), -3);
        assert_eq!(divide_half_away(24, 10), 2);
        assert_eq!(divide_half_away(-24, 10), -2);
        assert_eq!(divide_half_away(1, 3), 0);
        assert_eq!(divide_half_away(2, 3), 1);
        assert_eq!(divide_half_away(7, 1), 7);
    }

    proptest! {
        #[test]
        fn the_error_is_at_most_half_a_unit_and_signs_mirror(n in -10_i128.pow(18)..10_i128.pow(18), d in 1_i128..1_000_000_000) {
            let rounded = divide_half_away(n, d);
            prop_assert!((rounded * d - n).abs() * 2 <= d);
            prop_assert_eq!(divide_half_away(-n, d), -rounded);
        }
    }
}
