//! Single fields: French numbers and dates, identifiers with blanks.

use acquit_domain::text::{Bic, Email, Iban, Siren, Siret, VatNumber};
use acquit_domain::{Cents, Rule, date as domain_date};
use jiff::civil::Date;

/// A field whose text can be checked by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FieldKind {
    /// An amount in euros.
    Money,
    /// A percentage.
    Percent,
    /// A date.
    Date,
    /// A SIREN.
    Siren,
    /// A SIRET.
    Siret,
    /// A VAT number.
    VatNumber,
    /// An IBAN.
    Iban,
    /// A BIC.
    Bic,
    /// An e-mail address.
    Email,
}

/// Checks one field as typed; a blank one is in order.
pub(crate) fn field(kind: FieldKind, typed: &str, today: Date) -> Result<(), Rule> {
    use acquit_domain::quantity::Percent;
    if typed.trim().is_empty() {
        return Ok(());
    }
    match kind {
        FieldKind::Money => Cents::parse(&number(typed)).map(drop),
        FieldKind::Percent => Percent::parse(&number(typed)).map(drop),
        FieldKind::Date => date(typed, today).map(drop),
        FieldKind::Siren => Siren::parse(&compact(typed)).map(drop),
        FieldKind::Siret => Siret::parse(&compact(typed)).map(drop),
        FieldKind::VatNumber => VatNumber::parse(&compact(typed)).map(drop),
        FieldKind::Iban => Iban::parse(&compact(typed)).map(drop),
        FieldKind::Bic => Bic::parse(&compact(typed)).map(drop),
        FieldKind::Email => Email::parse(typed.trim()).map(drop),
    }
}

/// A French number as the plain decimal that the domain reads: blanks, € and % go, the comma is the
/// decimal point; where there is a comma, points are thousands.
pub(crate) fn number(typed: &str) -> String {
    let kept: String = typed
        .chars()
        .filter(|character| !character.is_whitespace() && !matches!(character, '€' | '%'))
        .map(|character| if character == '−' { '-' } else { character })
        .collect();
    match kept.matches(',').count() {
        0 => kept,
        _ => kept.replace('.', "").replace(',', "."),
    }
}

/// A text without its blanks, in capitals.
pub(crate) fn compact(typed: &str) -> String {
    typed
        .chars()
        .filter(|character| !character.is_whitespace())
        .flat_map(char::to_uppercase)
        .collect()
}

/// A date as typed: `18/11/2026`, `18/11/26`, `18/11` (this year), `18.11.2026` or `2026-11-18`.
///
/// # Errors
/// [`Rule::NotADate`].
pub(crate) fn date(typed: &str, today: Date) -> Result<Date, Rule> {
    let typed = typed.trim();
    if let Ok(date) = domain_date::parse(typed) {
        return Ok(date);
    }
    let parts: Vec<&str> = typed.split(['/', '.', '-', ' ']).collect();
    let digits = |part: &str, most: usize| -> Result<i16, Rule> {
        let plain = !part.is_empty()
            && part.len() <= most
            && part.bytes().all(|byte| byte.is_ascii_digit());
        plain
            .then(|| part.parse().ok())
            .flatten()
            .ok_or(Rule::NotADate)
    };
    let (day, month, year) = match parts[..] {
        [day, month] => (digits(day, 2)?, digits(month, 2)?, today.year()),
        [day, month, year] if year.len() == 2 => {
            (digits(day, 2)?, digits(month, 2)?, 2000 + digits(year, 2)?)
        }
        [day, month, year] if year.len() == 4 => {
            (digits(day, 2)?, digits(month, 2)?, digits(year, 4)?)
        }
        _ => return Err(Rule::NotADate),
    };
    let narrow = |number: i16| i8::try_from(number).map_err(|_| Rule::NotADate);
    let date = Date::new(year, narrow(month)?, narrow(day)?).map_err(|_| Rule::NotADate)?;
    // The domain's own bounds on years hold for typed dates too.
    domain_date::parse(&date.to_string())
}

#[cfg(test)]
mod tests {
    use super::{FieldKind, compact, date, field, number};
    use acquit_domain::{Cents, Rule};
    use jiff::civil::date as day;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (typed, cents) in [
            ("1250", 125_000),
            ("1 250,50 €", 125_050),
            ("1\u{202f}250,5", 125_050),
            ("1.250,50", 125_050),
            ("1250.50", 125_050),
            ("−12,00", -1_200),
        ] {
            assert_eq!(
                Cents::parse(&number(typed)),
                Ok(Cents::new(cents)),
                "{typed}"
            );
        }
        for wrong in ["douze", "1,2,3", "1,234", "1e3", ",", "--1"] {
            assert!(Cents::parse(&number(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        let today = day(2026, 11, 24);
        for typed in [
            "18/11/2026",
            "18/11/26",
            "18/11",
            "18.11.2026",
            "2026-11-18",
            " 18 11 2026 ",
        ] {
            assert_eq!(date(typed, today), Ok(day(2026, 11, 18)), "{typed}");
        }
        assert_eq!(date("1/2", today), Ok(day(2026, 2, 1)));
        for wrong in [
            "31/02/2026",
            "18",
            "18/11/202",
            "aa/bb",
            "18//2026",
            "1/1/0001",
            "+1/2/2026",
        ] {
            assert_eq!(date(wrong, today), Err(Rule::NotADate), "{wrong}");
        }
    }

    #[test]
    fn identifiers_may_have_blanks_and_small_letters() {
        assert_eq!(compact("fr76 1999\u{a0}9000"), "FR7619999000");
        let today = day(2026, 11, 24);
        let fine = |kind, typed| field(kind, typed, today).is_ok();
        assert!(fine(FieldKind::Siret, "812 345 676 00017"));
        assert!(fine(FieldKind::Iban, "FR76 1999 9000 3700 5127 0048 175"));
        assert!(fine(FieldKind::Email, " a@b.example "));
        assert!(fine(FieldKind::Siren, ""));
        assert!(!fine(FieldKind::Siret, "812 345 676 00018"));
        assert!(!fine(FieldKind::Percent, "101"));
        assert!(!fine(FieldKind::Bic, "?"));
    }
}
