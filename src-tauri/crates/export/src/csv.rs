//! CSV for people: semicolons, decimal comma, UTF-8 with its mark so that spreadsheets show accents.

use acquit_domain::date::french_short;

use crate::clean::{comma, one_line};
use crate::{ExportEntry, Mark};

const COLUMNS: [&str; 14] = [
    "Journal", "Libellé du journal", "N° d’écriture", "Date", "Compte", "Libellé du compte",
    "Compte client", "Client", "Pièce", "Libellé", "Débit", "Crédit", "Lettrage", "Date de lettrage",
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
            entry.journal().code().to_owned(),
            entry.journal().label().to_owned(),
            export.number.to_string(),
            french_short(entry.date()),
            line.account.clone(),
            line.account_label.clone(),
            auxiliary.map(|auxiliary| auxiliary.code.clone()).unwrap_or_default(),
            auxiliary.map(|auxiliary| auxiliary.label.clone()).unwrap_or_default(),
            entry.piece().to_owned(),
            mark.on(entry.label()),
            comma(line.debit),
            comma(line.credit),
            letter.map(|letter| letter.code.clone()).unwrap_or_default(),
            letter.map(|letter| french_short(letter.date)).unwrap_or_default(),
        ];
        rows.push_str(&fields.map(|field| cell(&field)).join(";"));
        rows.push_str("\r\n");
    }
    rows
}

/// A cell: what a spreadsheet would run as a formula gets an apostrophe first, separators are
/// quoted.
fn cell(text: &str) -> String {
    let text = one_line(text);
    // The full-width forms are formulas too, in East Asian settings.
    let runs = text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let safe = if runs { format!("'{text}") } else { text };
    if safe.contains([';', '"']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn nothing_typed_by_a_customer_runs_in_a_spreadsheet() {
        assert_eq!(cell("=HYPERLINK(\"http://x\")"), "\"'=HYPERLINK(\"\"http://x\"\")\"");
        assert_eq!(cell(" \t@SUM(1)"), "'@SUM(1)");
        assert_eq!(cell("＝1+1"), "'＝1+1");
        assert_eq!(cell("Dupont; Fils"), "\"Dupont; Fils\"");
        assert_eq!(cell("Œillet – 12,50"), "Œillet – 12,50");
    }
}
