//! The VAT return and what was cashed as CSV for people: semicolons, decimal comma, UTF-8 with its mark.

use acquit_accounting::vat_return::{CashedRow, Cause, Listed, VatReturn};
use acquit_domain::Cents;
use acquit_domain::date::french_short;
use acquit_domain::vat::{StandardRate, VatTreatment};

use crate::Mark;
use crate::clean::comma;
use crate::csv::cell;

/// A cause in French.
#[must_use]
pub const fn cause_words(cause: Cause) -> &'static str {
    match cause {
        Cause::Issued => "Facture",
        Cause::Receipt => "Règlement",
        Cause::Refund => "Remboursement",
        Cause::Chargeback => "Contestation",
        Cause::ChargebackWon => "Contestation gagnée",
        Cause::CreditNote => "Avoir",
        Cause::LostDebt => "Créance perdue",
        Cause::Released => "Retenue libérée",
        Cause::Kept => "Trop-perçu gardé",
        Cause::SetOff => "Compensation",
        Cause::SmallDifference => "Écart de règlement",
    }
}

/// A rate in French, in per cent: `5,5`.
#[must_use]
pub fn rate_words(rate: StandardRate) -> String {
    let decimal = VatTreatment::Standard(rate).rate_decimal();
    decimal.replace('.', ",")
}

/// A VAT return: the rows behind it, in the order of the return, then a line for each rate and one for all.
#[must_use]
pub fn return_csv(found: &VatReturn, mark: Mark) -> String {
    let mut text = header(&[
        "Date",
        "Pièce",
        "Facture",
        "Client",
        "Cause",
        "Taux %",
        "Base HT",
        "TVA exigible",
    ]);
    for listed in &found.rows {
        let row = &listed.row;
        line(
            &mut text,
            &[
                french_short(row.date),
                cell(&row.piece),
                cell(&listed.document.to_string()),
                cell(&listed.customer),
                cell(&mark.on(cause_words(row.cause))),
                rate_words(row.rate),
                comma(row.base),
                comma(row.vat),
            ],
        );
    }
    let sums = found.rates.iter();
    let sums = sums.map(|sum| (rate_words(sum.rate), sum.base, sum.vat));
    let whole: Cents = found.rates.iter().map(|sum| sum.base).sum();
    for (rate, base, vat) in sums.chain([(String::new(), whole, found.total())]) {
        let words = cell(&mark.on(if rate.is_empty() {
            "Total"
        } else {
            "Total du taux"
        }));
        let blank = String::new;
        let cells = [blank(), blank(), blank(), blank(), words, rate];
        let amounts = [comma(base), comma(vat)];
        line(&mut text, &[&cells[..], &amounts].concat());
    }
    text
}

/// What was cashed incl. VAT, a column for each rate.
#[must_use]
pub fn payments_csv(rows: &[Listed<CashedRow>], mark: Mark) -> String {
    let rates: Vec<StandardRate> = StandardRate::ALL.into_iter().rev().collect();
    let columns: Vec<String> = rates
        .iter()
        .map(|rate| format!("TTC à {} %", rate_words(*rate)))
        .collect();
    let mut headings = vec!["Date", "Pièce", "Facture", "Client", "Cause"];
    headings.extend(columns.iter().map(String::as_str));
    headings.push("Total TTC");
    let mut text = header(&headings);
    for listed in rows {
        let row = &listed.row;
        let mut cells = vec![
            french_short(row.date),
            cell(&row.piece),
            cell(&listed.document.to_string()),
            cell(&listed.customer),
            cell(&mark.on(cause_words(row.cause))),
        ];
        for rate in &rates {
            cells.push(comma(row.by_rate.get(rate).copied().unwrap_or_default()));
        }
        cells.push(comma(row.by_rate.values().copied().sum()));
        line(&mut text, &cells);
    }
    text
}

/// The first line, after the byte order mark.
fn header(columns: &[&str]) -> String {
    format!("\u{feff}{}\r\n", columns.join(";"))
}

fn line(text: &mut String, cells: &[String]) {
    text.push_str(&cells.join(";"));
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use acquit_accounting::vat_return::{CashedRow, Cause, Listed, Period, VatReturn, VatRow};
    use acquit_domain::Cents;
    use acquit_domain::vat::StandardRate;
    use jiff::civil::date;

    use super::{cause_words, payments_csv, return_csv};
    use crate::Mark;

    fn listed<T>(customer: &str, row: T) -> Listed<T> {
        Listed {
            document: "F-2026-00042".parse().unwrap(),
            customer: customer.to_owned(),
            row,
        }
    }

    fn row(cause: Cause, rate: StandardRate, base: i64, vat: i64) -> VatRow {
        VatRow {
            date: date(2026, 11, 2),
            piece: "pay_1".to_owned(),
            cause,
            rate,
            base: Cents::new(base),
            vat: Cents::new(vat),
        }
    }

    #[test]
    fn a_return_lists_its_rows_and_their_sums() {
        let rows = [
            listed(
                "=Dupont; Fils",
                row(Cause::Receipt, StandardRate::Reduced, 200_000, 11_000),
            ),
            listed(
                "Hélène Marchand",
                row(Cause::Refund, StandardRate::Normal, -5, -1),
            ),
        ];
        let found = VatReturn::new(Period::parse("2026-11").unwrap(), rows);
        let text = return_csv(&found, Mark::None);
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(
            lines,
            [
                "\u{feff}Date;Pièce;Facture;Client;Cause;Taux %;Base HT;TVA exigible",
                "02/11/2026;pay_1;F-2026-00042;\"'=Dupont; Fils\";Règlement;5,5;2000,00;110,00",
                "02/11/2026;pay_1;F-2026-00042;Hélène Marchand;Remboursement;20;-0,05;-0,01",
                ";;;;Total du taux;20;-0,05;-0,01",
                ";;;;Total du taux;5,5;2000,00;110,00",
                ";;;;Total;;1999,95;109,99",
                "",
            ]
        );
        let trial = return_csv(&found, Mark::Trial);
        assert!(trial.contains(";ESSAI Règlement;"), "{trial}");
    }

    #[test]
    fn what_was_cashed_has_a_column_for_each_rate() {
        let cashed = CashedRow {
            date: date(2026, 11, 2),
            piece: "pay_1".to_owned(),
            cause: Cause::Receipt,
            by_rate: BTreeMap::from([
                (StandardRate::Intermediate, Cents::new(163_016)),
                (StandardRate::Normal, Cents::new(44_346)),
            ]),
        };
        let text = payments_csv(&[listed("Hélène Marchand", cashed)], Mark::Demonstration);
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(
            lines,
            [
                "\u{feff}Date;Pièce;Facture;Client;Cause;TTC à 20 %;TTC à 10 %;TTC à 5,5 %;TTC à 2,1 %;Total TTC",
                "02/11/2026;pay_1;F-2026-00042;Hélène Marchand;DEMONSTRATION Règlement;443,46;1630,16;0,00;0,00;2073,62",
                "",
            ]
        );
    }

    #[test]
    fn every_cause_is_told_apart_in_french() {
        let words: std::collections::BTreeSet<&str> =
            Cause::ALL.into_iter().map(cause_words).collect();
        assert_eq!(words.len(), Cause::ALL.len());
    }
}
