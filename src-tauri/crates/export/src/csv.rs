//! CSV for people: semicolons, decimal comma, UTF-8 with its mark so that spreadsheets show accents.

use acquit_domain::date::french_short;

use crate::clean::{comma, one_line};
use crate::{ExportEntry, Mark};

const COLUMNS: [&str; 14] = [
    "Journal",
    "Libellé du journal",
    "N° d’écriture",
    "Date",
    "Compte",
    "Libellé du compte",
    "Compte client",
    "Client",
    "Pièce",
    "Libellé",
    "Débit",
    "Crédit",
    "Lettrage",
    "Date de lettrage",
];

/// The first line, after the byte order mark.
pub(crate) fn header() -> String {
    format!("\u{feff}{}\r\n", COLUMNS.join(";"))
}

/// The lines of an entry.
pub(crate) fn rows(export: &ExportEntry, mark: Mark) -> String {
    let entry = &export.entry;
    let mut rows = String::new();
    for (place, line) in entry.lines().iter().enumerate() {
        let letter = export.letters.get(place).and_then(Option::as_ref);
        let auxiliary = line.auxiliary.as_ref();
        let fields = [
            export.journal_code.clone(),
            entry.journal().label().to_owned(),
            export.number.to_string(),
            french_short(entry.date()),
            line.account.clone(),
            line.account_label.clone(),
            auxiliary
                .map(|auxiliary| auxiliary.code.clone())
                .unwrap_or_default(),
            auxiliary
                .map(|auxiliary| auxiliary.label.clone())
                .unwrap_or_default(),
            entry.piece().to_owned(),
            mark.on(entry.label()),
            comma(line.debit),
            comma(line.credit),
            letter.map(|letter| letter.code.clone()).unwrap_or_default(),
            letter
                .map(|letter| french_short(letter.date))
                .unwrap_or_default(),
        ];
        rows.push_str(&fields.map(|field| cell(&field)).join(";"));
        rows.push_str("\r\n");
    }
    rows
}

/// A cell: what a spreadsheet would run as a formula gets an apostrophe first, separators are
/// quoted.
pub(crate) fn cell(text: &str) -> String {
    let text = one_line(text);
    let safe = if runs(&text) {
        format!("'{text}")
    } else {
        text.into_owned()
    };
    if safe.contains([';', '"']) {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}

/// Whether the first sign that shows starts a formula: the four of every spreadsheet, and the
/// full-width and small forms that East Asian settings take for them.
fn runs(text: &str) -> bool {
    let seen = text.trim_start_matches(|character| is_unseen(character) || character == ' ');
    seen.starts_with([
        '=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫', '−',
    ])
}

/// Marks without a width, behind which a formula could hide.
const fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn nothing_typed_by_a_customer_runs_in_a_spreadsheet() {
        for (typed, written) in [
            (
                "=HYPERLINK(\"http://x\")",
                "\"'=HYPERLINK(\"\"http://x\"\")\"",
            ),
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+33 6 12 34 56 78", "'+33 6 12 34 56 78"),
            ("-1+1", "'-1+1"),
            (" \t@SUM(1)", "'@SUM(1)"),
            ("\r=1+1", "'=1+1"),
            ("\n\u{a0}\u{3000}=1+1", "'=1+1"),
            ("\u{200b}\u{feff} =1+1", "'\u{200b}\u{feff} =1+1"),
            ("＝1+1", "'＝1+1"),
            ("﹫SUM(1)", "'﹫SUM(1)"),
            ("−1+1", "'−1+1"),
        ] {
            assert_eq!(cell(typed), written, "{typed:?}");
        }
    }

    #[test]
    fn ordinary_texts_stay_as_they_are() {
        for text in ["Œillet – 12,50", "12-34", "a = b", "’Abc", "", "0,00"] {
            assert_eq!(cell(text), text);
        }
        assert_eq!(cell("Dupont; Fils"), "\"Dupont; Fils\"");
        assert_eq!(cell("Dit \"Jojo\""), "\"Dit \"\"Jojo\"\"\"");
        assert_eq!(cell("Deux\r\nlignes"), "Deux lignes");
    }
}
