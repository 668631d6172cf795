//! Account numbers and codes of journals as every export's target takes them.

use serde::{Deserialize, Serialize};

/// Shortest account number: the three digits of the general plan that a FEC asks for (LPF art. A47 A-1).
pub const NUMBER_MIN: usize = 3;
/// Longest account number.
pub const NUMBER_MAX: usize = 10;
/// Shortest code of a journal.
pub const JOURNAL_MIN: usize = 2;
/// Longest code of a journal.
pub const JOURNAL_MAX: usize = 5;

/// Number of an account: three digits of the plan, then digits or plain capitals; ten at most.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct AccountNumber(String);

impl AccountNumber {
    /// Reads a number as people type it; blanks and points between its digits are left out, letters
    /// become capitals. `None` for anything that is no account number.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let number = without_blanks(typed);
        let digits = number.get(..NUMBER_MIN)?;
        let plain = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
        let fits = number.len() <= NUMBER_MAX
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0')
            && number.bytes().all(plain);
        fits.then_some(Self(number))
    }

    /// The number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<AccountNumber> for String {
    fn from(number: AccountNumber) -> Self {
        number.0
    }
}

impl TryFrom<String> for AccountNumber {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("no account number: {text}"))
    }
}

/// Code of a journal (FEC JournalCode): two to five plain capitals or digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct JournalCode(String);

impl JournalCode {
    /// Reads a code; letters become capitals. `None` for anything that is no code.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let code = without_blanks(typed);
        let plain = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
        let fits = (JOURNAL_MIN..=JOURNAL_MAX).contains(&code.len()) && code.bytes().all(plain);
        fits.then_some(Self(code))
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<JournalCode> for String {
    fn from(code: JournalCode) -> Self {
        code.0
    }
}

impl TryFrom<String> for JournalCode {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("no code of a journal: {text}"))
    }
}

/// Without blanks and points, in capitals.
fn without_blanks(typed: &str) -> String {
    let kept = typed
        .chars()
        .filter(|sign| !sign.is_whitespace() && *sign != '.');
    kept.map(|sign| sign.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::{AccountNumber, JournalCode};
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (typed, number) in [
            ("411000", "411000"),
            (" 704 010 ", "704010"),
            ("512.7", "5127"),
            ("411", "411"),
            ("411clients", "411CLIENTS"),
            ("7\u{a0}04", "704"),
        ] {
            let read = AccountNumber::parse(typed);
            assert_eq!(
                read.as_ref().map(AccountNumber::as_str),
                Some(number),
                "{typed}"
            );
        }
        for typed in [
            "",
            "41",
            "C411",
            "4A1000",
            "411-000",
            "41100000000",
            "011000",
            "4é1",
        ] {
            assert_eq!(AccountNumber::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn codes_of_journals_are_short_and_plain() {
        for (typed, code) in [
            ("ve", "VE"),
            ("BQ1", "BQ1"),
            (" 70 ", "70"),
            ("VENTE", "VENTE"),
        ] {
            let read = JournalCode::parse(typed);
            assert_eq!(
                read.as_ref().map(JournalCode::as_str),
                Some(code),
                "{typed}"
            );
        }
        for typed in ["", "V", "VENTES", "V-E", "É1"] {
            assert_eq!(JournalCode::parse(typed), None, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_plain_and_reads_as_itself(typed in ".{0,14}") {
            if let Some(number) = AccountNumber::parse(&typed) {
                prop_assert!((3..=10).contains(&number.as_str().len()));
                prop_assert!(number.as_str().is_ascii());
                prop_assert_eq!(AccountNumber::parse(number.as_str()), Some(number));
            }
        }
    }
}
