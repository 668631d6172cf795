//! FEC (*fichier des écritures comptables*): 18 columns, tabs, UTF-8, decimal comma
//! (LPF art. A47 A-1).

use acquit_domain::text::Siren;
use jiff::civil::Date;

use crate::clean::{comma, one_line};
use crate::{ExportEntry, Mark};

/// Names of the columns, in their order.
const COLUMNS: [&str; 18] = [
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
];

/// Name of the file: SIREN, `FEC`, end of the fiscal year.
#[must_use]
pub fn fec_file_name(siren: &Siren, fiscal_year_end: Date) -> String {
    format!("{siren}FEC{}.txt", compact(fiscal_year_end))
}

/// Whether the norm accepts a file name (`_1`, `_2` where a file was split).
#[must_use]
pub fn is_fec_file_name(name: &str) -> bool {
    let Some((siren, rest)) = name.split_once("FEC") else {
        return false;
    };
    let Some(rest) = rest.strip_suffix(".txt") else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (date, part) = match rest.split_once('_') {
        Some((date, part)) => (date, Some(part)),
        None => (rest, None),
    };
    let is_date = date.len() == 8 && digits(date) && Date::strptime("%Y%m%d", date).is_ok();
    siren.len() == 9 && digits(siren) && is_date && part.is_none_or(digits)
}

fn compact(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

/// The first line.
pub(crate) fn header() -> String {
    format!("{}\r\n", COLUMNS.join("\t"))
}

/// The lines of an entry.
pub(crate) fn rows(export: &ExportEntry, mark: Mark) -> String {
    let entry = &export.entry;
    let (number, label) = (export.number.to_string(), mark.on(entry.label()));
    let [date, piece_date, recorded_on] =
        [entry.date(), entry.piece_date(), export.recorded_on].map(compact);
    let mut rows = String::new();
    for (place, line) in entry.lines().iter().enumerate() {
        let letter = export.letters.get(place).and_then(Option::as_ref);
        let auxiliary = line.auxiliary.as_ref();
        let fields: [&str; 18] = [
            &export.journal_code,
            entry.journal().label(),
            &number,
            &date,
            &line.account,
            &line.account_label,
            auxiliary.map_or("", |auxiliary| &auxiliary.code),
            auxiliary.map_or("", |auxiliary| &auxiliary.label),
            entry.piece(),
            &piece_date,
            &label,
            &comma(line.debit),
            &comma(line.credit),
            letter.map_or("", |letter| &letter.code),
            &letter
                .map(|letter| compact(letter.date))
                .unwrap_or_default(),
            &recorded_on,
            "",
            "",
        ];
        for (place, field) in fields.into_iter().enumerate() {
            if place > 0 {
                rows.push('\t');
            }
            rows.push_str(&one_line(field));
        }
        rows.push_str("\r\n");
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::{fec_file_name, is_fec_file_name};
    use acquit_domain::text::Siren;
    use jiff::civil::date;

    #[test]
    fn the_file_is_named_after_company_and_year() {
        let siren = Siren::parse("812345676").unwrap();
        let name = fec_file_name(&siren, date(2026, 12, 31));
        assert_eq!(name, "812345676FEC20261231.txt");
        assert!(is_fec_file_name(&name));
        assert!(is_fec_file_name("812345676FEC20260630_2.txt"));
    }

    #[test]
    fn other_names_are_not_those_of_the_norm() {
        for name in [
            "",
            "export.txt",
            "812345676FEC20261231",
            "812345676FEC20261231.csv",
            "81234567FEC20261231.txt",
            "8123456760FEC20261231.txt",
            "812345676fec20261231.txt",
            "812345676FEC20261331.txt",
            "812345676FEC2026123.txt",
            "812345676FEC20261231_.txt",
            "812345676FEC20261231_a.txt",
            "a812345676FEC20261231.txt",
            "812345676FEC20261231.txt.txt",
        ] {
            assert!(!is_fec_file_name(name), "{name}");
        }
    }
}
