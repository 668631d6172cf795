//! Decimal strings at the edges: exact, without exponent, never a float.

use crate::error::Rule;

/// Most digits before the decimal point: far above any invoice, far below an overflow.
const INTEGER_DIGITS_MAX: usize = 11;

/// Reads `text` (`-?digits[.digits]`) as an integer scaled by `10^scale`.
///
/// # Errors
/// [`Rule::NotADecimal`] for any other form, [`Rule::TooManyDecimals`] beyond `scale` digits after
/// the point, [`Rule::TooLarge`] beyond eleven digits before it.
pub fn parse(text: &str, scale: u32) -> Result<i64, Rule> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((_, "")) => return Err(Rule::NotADecimal),
        Some((whole, fraction)) => (whole, fraction),
        None => (unsigned, ""),
    };
    let digits_only = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits_only(whole) || !digits_only(fraction) {
        return Err(Rule::NotADecimal);
    }
    if fraction.len() > scale as usize {
        return Err(Rule::TooManyDecimals { most: scale });
    }
    if whole.trim_start_matches('0').len() > INTEGER_DIGITS_MAX {
        return Err(Rule::TooLarge);
    }
    let scaled = format!("{whole}{fraction:0<width$}", width = scale as usize);
    let value: i64 = scaled.parse().map_err(|_| Rule::TooLarge)?;
    Ok(if negative { -value } else { value })
}

/// Writes an integer scaled by `10^scale` with exactly `scale` decimals.
#[must_use]
pub fn fixed(value: i64, scale: u32) -> String {
    let unit = 10_u64.pow(scale);
    let sign = if value < 0 { "-" } else { "" };
    let magnitude = value.unsigned_abs();
    if scale == 0 {
        return format!("{sign}{magnitude}");
    }
    format!(
        "{sign}{}.{:0width$}",
        magnitude / unit,
        magnitude % unit,
        width = scale as usize
    )
}

/// Writes an integer scaled by `10^scale` without trailing zeros (`14.5`, `20`).
#[must_use]
pub fn shortest(value: i64, scale: u32) -> String {
    let text = fixed(value, scale);
    if scale == 0 {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{fixed, parse, shortest};
    use crate::error::Rule;
    use proptest::prelude::{prop_assert_eq, proptest};

    #[test]
    fn only_plain_decimals_are_read() {
        assert_eq!(parse("1250.00", 2), Ok(125_000));
        assert_eq!(parse("-0.5", 2), Ok(-50));
        assert_eq!(parse("14.5", 4), Ok(145_000));
        for bad in [
            "", "-", ".5", "5.", "1e3", "+1", "1,5", " 1", "1 000", "NaN", "١", "0x1", "--1",
        ] {
            assert_eq!(parse(bad, 2), Err(Rule::NotADecimal), "{bad}");
        }
        assert_eq!(parse("1.005", 2), Err(Rule::TooManyDecimals { most: 2 }));
        assert_eq!(parse("123456789012", 2), Err(Rule::TooLarge));
    }

    proptest! {
        #[test]
        fn written_then_read_is_the_same(value in -1_000_000_000_000_i64..1_000_000_000_000, scale in 0_u32..7) {
            prop_assert_eq!(parse(&fixed(value, scale), scale).ok(), (value.unsigned_abs() / 10_u64.pow(scale) < 100_000_000_000).then_some(value));
            prop_assert_eq!(parse(&shortest(value, scale), scale).is_ok(), value.unsigned_abs() / 10_u64.pow(scale) < 100_000_000_000);
        }
    }
}
