//! Bounded texts and the identifiers printed on French documents.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Rule;

/// A text without control characters, trimmed, with 1 … `most` characters.
///
/// # Errors
/// [`Rule::Empty`], [`Rule::TooLong`] or [`Rule::ControlCharacter`].
pub fn single_line(text: &str, most: usize) -> Result<String, Rule> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(Rule::Empty);
    }
    if trimmed.chars().count() > most {
        return Err(Rule::TooLong { most });
    }
    if trimmed.chars().any(is_forbidden) {
        return Err(Rule::ControlCharacter);
    }
    Ok(trimmed.to_owned())
}

/// Like [`single_line`], but line breaks are kept (as `\n`).
///
/// # Errors
/// [`Rule::Empty`], [`Rule::TooLong`] or [`Rule::ControlCharacter`].
pub fn multi_line(text: &str, most: usize) -> Result<String, Rule> {
    let unified = text.replace("\r\n", "\n").replace('\t', " ");
    let lines: Result<Vec<&str>, Rule> = unified
        .trim()
        .split('\n')
        .map(|line| {
            if line.chars().any(is_forbidden) {
                Err(Rule::ControlCharacter)
            } else {
                Ok(line.trim_end())
            }
        })
        .collect();
    let joined = lines?.join("\n");
    match joined.chars().count() {
        0 => Err(Rule::Empty),
        count if count > most => Err(Rule::TooLong { most }),
        _ => Ok(joined),
    }
}

/// Controls, and the marks that turn the direction of what follows (they could hide an amount).
fn is_forbidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

macro_rules! checked_text {
    ($(#[$doc:meta] $name:ident: $check:ident),+ $(,)?) => {$(
        #[$doc]
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Reads and checks; spaces inside are taken out.
            ///
            /// # Errors
            /// The rule that names this identifier.
            pub fn parse(text: &str) -> Result<Self, Rule> {
                $check(&text.chars().filter(|character| !character.is_whitespace()).collect::<String>()).map(Self)
            }

            /// The checked text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    )+};
}

checked_text! {
    /// SIREN: nine digits with a Luhn check digit (BT-30, BT-47; scheme 0002).
    Siren: check_siren,
    /// SIRET: fourteen digits with a Luhn check digit (BT-29, BT-46; scheme 0009).
    Siret: check_siret,
    /// Intra-EU VAT number (BT-31, BT-48).
    VatNumber: check_vat_number,
    /// IBAN (BT-84).
    Iban: check_iban,
    /// BIC (BT-86).
    Bic: check_bic,
    /// An e-mail address.
    Email: check_email,
    /// Country, ISO 3166-1 alpha-2 (BT-40, BT-55).
    Country: check_country,
}

impl Siret {
    /// The company's SIREN: the first nine digits.
    #[must_use]
    pub fn siren(&self) -> Siren {
        Siren(self.0.chars().take(9).collect())
    }
}

impl Email {
    /// Whether both reach one mailbox: no provider tells small letters from capitals.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.0.to_lowercase() == other.0.to_lowercase()
    }
}

impl Siren {
    /// The French VAT number that belongs to a SIREN: key = (12 + 3 × (SIREN mod 97)) mod 97.
    #[must_use]
    pub fn vat_number(&self) -> VatNumber {
        let number = self
            .0
            .bytes()
            .fold(0_u64, |sum, byte| sum * 10 + u64::from(byte - b'0'));
        VatNumber(format!("FR{:02}{}", (12 + 3 * (number % 97)) % 97, self.0))
    }
}

impl Country {
    /// France.
    #[must_use]
    pub fn france() -> Self {
        Self("FR".to_owned())
    }
}

fn digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Luhn sum divisible by ten (INSEE's check of SIREN and SIRET).
fn luhn(text: &str) -> bool {
    let sum: u32 = text
        .bytes()
        .rev()
        .enumerate()
        .map(|(index, byte)| {
            let digit = u32::from(byte - b'0') * if index % 2 == 1 { 2 } else { 1 };
            if digit > 9 { digit - 9 } else { digit }
        })
        .sum();
    sum.is_multiple_of(10)
}

fn check_siren(text: &str) -> Result<String, Rule> {
    if digits(text, 9) && luhn(text) {
        Ok(text.to_owned())
    } else {
        Err(Rule::NotASiren)
    }
}

fn check_siret(text: &str) -> Result<String, Rule> {
    // La Poste's branches do not follow Luhn: their digits add up to a multiple of five (INSEE).
    let post_office = || {
        text.starts_with("356000000")
            && text
                .bytes()
                .map(|byte| u32::from(byte - b'0'))
                .sum::<u32>()
                .is_multiple_of(5)
    };
    let valid = digits(text, 14) && luhn(&text[..9]) && (luhn(text) || post_office());
    if valid {
        Ok(text.to_owned())
    } else {
        Err(Rule::NotASiret)
    }
}

fn check_vat_number(text: &str) -> Result<String, Rule> {
    let upper = text.to_ascii_uppercase();
    let valid = (4..=14).contains(&upper.len())
        && upper.is_ascii()
        && upper[..2].bytes().all(|byte| byte.is_ascii_uppercase())
        && upper[2..].bytes().all(|byte| byte.is_ascii_alphanumeric());
    let french = !upper.starts_with("FR") || (upper.len() == 13 && digits(&upper[4..], 9));
    if valid && french {
        Ok(upper)
    } else {
        Err(Rule::NotAVatNumber)
    }
}

fn check_iban(text: &str) -> Result<String, Rule> {
    let upper = text.to_ascii_uppercase();
    let shape = (15..=34).contains(&upper.len())
        && upper.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && upper[..2].bytes().all(|byte| byte.is_ascii_uppercase())
        && digits(&upper[2..4], 2)
        && (!upper.starts_with("FR") || upper.len() == 27);
    if !shape {
        return Err(Rule::NotAnIban);
    }
    // ISO 13616: the first four characters move to the end, letters count from 10, mod 97 is 1.
    let rest = upper[4..]
        .bytes()
        .chain(upper[..4].bytes())
        .fold(0_u32, |rest, byte| {
            let value = u32::from(if byte.is_ascii_digit() {
                byte - b'0'
            } else {
                byte - b'A' + 10
            });
            (rest * if value > 9 { 100 } else { 10 } + value) % 97
        });
    if rest == 1 {
        Ok(upper)
    } else {
        Err(Rule::NotAnIban)
    }
}

fn check_bic(text: &str) -> Result<String, Rule> {
    let upper = text.to_ascii_uppercase();
    let valid = matches!(upper.len(), 8 | 11)
        && upper.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && upper[..6].bytes().all(|byte| byte.is_ascii_uppercase());
    if valid { Ok(upper) } else { Err(Rule::NotABic) }
}

fn check_email(text: &str) -> Result<String, Rule> {
    let valid = text.len() <= 254
        && !text
            .chars()
            .any(|character| is_forbidden(character) || "<>()[],;:\\\"".contains(character))
        && text.rsplit_once('@').is_some_and(|(local, host)| {
            !local.is_empty()
                && !local.contains('@')
                && host.contains('.')
                && host.split('.').all(|label| {
                    !label.is_empty() && !label.starts_with('-') && !label.ends_with('-')
                })
        });
    if valid {
        Ok(text.to_owned())
    } else {
        Err(Rule::NotAnEmail)
    }
}

fn check_country(text: &str) -> Result<String, Rule> {
    let valid = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    if valid {
        Ok(text.to_owned())
    } else {
        Err(Rule::NotACountry)
    }
}

#[cfg(test)]
mod tests {
    use super::{Bic, Country, Email, Iban, Siren, Siret, VatNumber, multi_line, single_line};
    use crate::error::Rule;

    #[test]
    fn identifiers_are_checked() {
        assert!(Siret::parse("812 345 676 00017").is_ok());
        assert_eq!(Siret::parse("81234567600018"), Err(Rule::NotASiret));
        assert_eq!(Siret::parse("812345676"), Err(Rule::NotASiret));
        assert!(Siret::parse("35600000049837").is_ok());
        assert!(Siren::parse("812345676").is_ok());
        assert_eq!(Siren::parse("812345677"), Err(Rule::NotASiren));
        assert!(Iban::parse("FR76 1999 9000 3700 5127 0048 175").is_ok());
        assert_eq!(
            Iban::parse("FR7619999000370051270048176"),
            Err(Rule::NotAnIban)
        );
        assert!(Bic::parse("EXMPFRPP").is_ok());
        assert_eq!(Bic::parse("EXMP"), Err(Rule::NotABic));
        assert!(VatNumber::parse("DE123456789").is_ok());
        assert_eq!(VatNumber::parse("FR12"), Err(Rule::NotAVatNumber));
        assert_eq!(Country::parse("France"), Err(Rule::NotACountry));
    }

    #[test]
    fn the_vat_number_follows_from_the_siren() {
        let siren = Siren::parse("732829320").unwrap();
        assert_eq!(siren.vat_number().as_str(), "FR44732829320");
    }

    #[test]
    fn addresses_need_a_name_and_a_host() {
        assert!(Email::parse("helene.marchand+bain@client.example").is_ok());
        for bad in [
            "",
            "a",
            "a@b",
            "a@@b.fr",
            "@b.fr",
            "a@.fr",
            "a@b.fr\r\nBcc: x@y.fr",
            "<a@b.fr>",
        ] {
            assert_eq!(Email::parse(bad), Err(Rule::NotAnEmail), "{bad}");
        }
    }

    #[test]
    fn an_address_is_the_same_in_capitals() {
        let email = |text| Email::parse(text).unwrap();
        let known = email("helene@electricite.example");
        assert!(known.is_same(&email("Helene@Electricite.example")));
        assert!(!known.is_same(&email("helen@electricite.example")));
    }

    #[test]
    fn texts_are_trimmed_and_bounded() {
        assert_eq!(single_line("  Dupont  ", 10), Ok("Dupont".to_owned()));
        assert_eq!(single_line(" \t ", 10), Err(Rule::Empty));
        assert_eq!(single_line("Dupont", 5), Err(Rule::TooLong { most: 5 }));
        assert_eq!(single_line("Du\u{7}pont", 10), Err(Rule::ControlCharacter));
        assert_eq!(
            single_line("\u{202e}00,0001", 20),
            Err(Rule::ControlCharacter)
        );
        assert_eq!(multi_line("a\r\nb", 10), Ok("a\nb".to_owned()));
    }
}
