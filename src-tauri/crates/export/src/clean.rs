//! Text on its way into a field.

use std::borrow::Cow;

use acquit_domain::Cents;
use acquit_domain::decimal;

/// One line without separators: controls and tabs become spaces, runs of blanks become one.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    if is_one_line(text) {
        return Cow::Borrowed(text);
    }
    let mut line = String::with_capacity(text.len());
    let is_between = |character: char| character.is_whitespace() || character.is_control();
    for word in text.split(is_between).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    Cow::Owned(line)
}

/// Whether there is nothing to change, as nearly always.
fn is_one_line(text: &str) -> bool {
    // As if a blank stood before: one at the start is too many.
    let mut was_blank = true;
    let mut characters = text.chars();
    let is_fine = characters.all(|character| {
        let is_blank = character == ' ';
        let is_fine = match is_blank {
            true => !was_blank,
            false => !character.is_whitespace() && !character.is_control(),
        };
        was_blank = is_blank;
        is_fine
    });
    is_fine && (!was_blank || text.is_empty())
}

/// `1234,50`: decimal comma, no thousands separator.
pub(crate) fn comma(amount: Cents) -> String {
    decimal::fixed(amount.get(), 2).replace('.', ",")
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::one_line;

    #[test]
    fn blanks_and_controls_become_one_space_and_the_rest_stays() {
        for (typed, written) in [
            ("", ""),
            (" ", ""),
            ("a", "a"),
            ("Œillet – 12,50", "Œillet – 12,50"),
            (" a", "a"),
            ("a ", "a"),
            ("a  b", "a b"),
            ("a\tb\r\nc", "a b c"),
            ("a\u{a0}b", "a b"),
            ("\u{3000}a\u{1}b\u{85}", "a b"),
        ] {
            assert_eq!(one_line(typed), written, "{typed:?}");
            let is_borrowed = matches!(one_line(typed), Cow::Borrowed(_));
            assert_eq!(is_borrowed, typed == written, "{typed:?}");
        }
    }
}
