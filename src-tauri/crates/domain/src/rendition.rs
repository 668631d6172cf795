//! Renditions of documents that left the house: what exactly somebody was given, and when.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Rule;
use crate::id::InvoiceId;

/// A SHA-256 as 64 hexadecimal digits in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256Hex(String);

impl Sha256Hex {
    /// The digest of 32 bytes.
    #[must_use]
    pub fn of_digest(digest: &[u8]) -> Self {
        Self(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Reads what a person copied: 64 hexadecimal digits, in any case.
    ///
    /// # Errors
    /// [`Rule::NotAHash`].
    pub fn parse(text: &str) -> Result<Self, Rule> {
        let text = text.trim().to_ascii_lowercase();
        let is_one = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_one.then_some(Self(text)).ok_or(Rule::NotAHash)
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sha256Hex {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for Sha256Hex {
    type Err = Rule;
    fn from_str(text: &str) -> Result<Self, Rule> {
        Self::parse(text)
    }
}

/// How a rendition left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Attached to a mail.
    Mail,
    /// Written to a file.
    File,
    /// Handed to a printer.
    Print,
}

impl Way {
    /// The word of the command line.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::File => "file",
            Self::Print => "print",
        }
    }
}

/// What a rendition says of itself across its pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// As it was issued: nothing but what other marks say.
    Original,
    /// *ACQUITTÉE le …*.
    Settled,
    /// *DUPLICATA*.
    Duplicate,
    /// *PROVISOIRE*.
    Provisional,
    /// *ESSAI*.
    Trial,
    /// *DÉMONSTRATION*.
    Demonstration,
    /// *LIEN DE TEST*.
    TestLink,
}

impl Mark {
    /// The word of the command line.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Settled => "settled",
            Self::Duplicate => "duplicate",
            Self::Provisional => "provisional",
            Self::Trial => "trial",
            Self::Demonstration => "demonstration",
            Self::TestLink => "test_link",
        }
    }
}

/// A rendition that left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendition {
    /// The document.
    pub document: InvoiceId,
    /// SHA-256 of its bytes.
    pub sha256: Sha256Hex,
    /// How it left.
    pub way: Way,
    /// What it says of itself; never empty.
    pub marks: Vec<Mark>,
    /// When it left.
    pub left_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::{Mark, Sha256Hex, Way};
    use crate::error::Rule;

    #[test]
    fn a_hash_is_sixty_four_digits_in_any_case() {
        let digits = "0a".repeat(32);
        assert_eq!(Sha256Hex::of_digest(&[10; 32]).as_str(), digits);
        let shouted = Sha256Hex::parse(&format!(" {}\n", digits.to_uppercase()));
        assert_eq!(shouted, Ok(Sha256Hex::of_digest(&[10; 32])));
        for wrong in ["", "0a", &"0g".repeat(32), &"0a".repeat(33)] {
            assert_eq!(Sha256Hex::parse(wrong), Err(Rule::NotAHash), "{wrong}");
        }
    }

    #[test]
    fn words_are_those_that_are_stored() {
        for way in [Way::Mail, Way::File, Way::Print] {
            let stored = serde_json::to_value(way).unwrap();
            assert_eq!(stored, way.code());
        }
        use Mark::{Demonstration, Duplicate, Original, Provisional, Settled, TestLink, Trial};
        for mark in [
            Original,
            Settled,
            Duplicate,
            Provisional,
            Trial,
            Demonstration,
            TestLink,
        ] {
            assert_eq!(serde_json::to_value(mark).unwrap(), mark.code());
        }
    }
}
