//! Patterns of numbers, and where counters begin.

use acquit_domain::Rule;
use acquit_domain::numbering::{COUNTER_MAX, NumberRule, Pattern, first_counter};

use super::field_error;
use crate::dto::FieldError;

/// Reads a pattern.
///
/// # Errors
/// The rule that it breaks, at `pattern`.
pub(crate) fn pattern(typed: &str) -> Result<Pattern, Vec<FieldError>> {
    Pattern::parse(typed).map_err(|broken| vec![field_error("pattern", &broken)])
}

/// Reads where a counter begins: digits, with blanks between them if people like.
///
/// # Errors
/// What is no counter, at `start`.
pub(crate) fn first_number(typed: &str) -> Result<u32, Vec<FieldError>> {
    let digits: String = typed.split_whitespace().collect();
    let read = if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        digits.parse().ok()
    } else {
        None
    };
    read.ok_or(Rule::from(NumberRule::NotACounter { most: COUNTER_MAX }))
        .and_then(first_counter)
        .map_err(|broken| vec![field_error("start", &broken)])
}

#[cfg(test)]
mod tests {
    use super::{first_number, pattern};

    #[test]
    fn a_pattern_is_read_or_told_what_it_lacks() {
        assert_eq!(pattern(" F{aa}-{nnn} ").unwrap().text(), "F{AA}-{NNN}");
        let errors = pattern("Fac {NNN}").unwrap_err();
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].field, "pattern");
        assert_eq!(errors[0].code, "number_character");
        assert!(errors[0].sentence.starts_with("« "), "{errors:?}");
        let errors = pattern("FAC-{AAAA}").unwrap_err();
        assert!(errors[0].sentence.contains("{NNNNN}"), "{errors:?}");
    }

    #[test]
    fn a_first_number_is_a_counter() {
        assert_eq!(first_number("43"), Ok(43));
        assert_eq!(first_number(" 1\u{a0}043 "), Ok(1_043));
        assert_eq!(first_number("00043"), Ok(43));
        for typed in ["", "0", "-1", "+43", "F-43", "1000000", "99999999999"] {
            let errors = first_number(typed).unwrap_err();
            assert_eq!(errors[0].field, "start", "{typed}");
            assert_eq!(errors[0].code, "not_a_counter", "{typed}");
        }
    }
}
