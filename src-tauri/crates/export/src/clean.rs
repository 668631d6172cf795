//! Text on its way into a field.

use acquit_domain::Cents;
use acquit_domain::decimal;

/// One line without separators: controls and tabs become spaces, runs of blanks become one.
pub(crate) fn one_line(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `1234,50`: decimal comma, no thousands separator.
pub(crate) fn comma(amount: Cents) -> String {
    decimal::fixed(amount.get(), 2).replace('.', ",")
}
