//! The accountant's chart of accounts (*plan comptable*): read from the CSV that their program writes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::AccountNumber;
use crate::text_file::decoded;

/// Longest file that is read, in bytes: no plan of a small company comes near.
const BYTES_MAX: usize = 4_000_000;

/// Accounts that the accountant's program knows, with their names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Plan(BTreeMap<AccountNumber, String>);

/// A line that was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanLine {
    /// Which line, from 1.
    pub line: usize,
    /// What it says.
    pub text: String,
}

/// What reading a plan came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRead {
    /// The accounts.
    pub plan: Plan,
    /// Lines that were not understood, in order.
    pub not_understood: Vec<PlanLine>,
}

/// Why a file is no plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanFault {
    /// No line of it names an account.
    #[error("no account in the plan")]
    NoAccount,
    /// Longer than any plan.
    #[error("the plan is too long")]
    TooLong,
}

impl Plan {
    /// Reads `account;label` lines: `;`, `,` or tabs between columns, UTF-8 or Windows-1252, with or
    /// without a header; what comes after the label is left out. Auxiliary accounts and blank lines are
    /// no part of it; an account that is named twice keeps its first label.
    ///
    /// # Errors
    /// [`PlanFault`].
    pub fn read(bytes: &[u8]) -> Result<PlanRead, PlanFault> {
        if bytes.len() > BYTES_MAX {
            return Err(PlanFault::TooLong);
        }
        let text = decoded(bytes);
        let separator = separator(&text);
        let mut accounts = BTreeMap::new();
        let mut not_understood = Vec::new();
        let mut may_be_header = true;
        for (place, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let mut cells = cells(line, separator).into_iter();
            let (number, label) = (cells.next(), cells.next());
            match (number.as_deref().and_then(AccountNumber::parse), label) {
                (Some(number), Some(label)) => {
                    let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
                    accounts.entry(number).or_insert(label);
                }
                _ if may_be_header && is_header(line) => {}
                _ => not_understood.push(PlanLine {
                    line: place + 1,
                    text: line.trim().chars().take(120).collect(),
                }),
            }
            may_be_header = false;
        }
        if accounts.is_empty() {
            return Err(PlanFault::NoAccount);
        }
        Ok(PlanRead {
            plan: Self(accounts),
            not_understood,
        })
    }

    /// The name of an account; none if the plan does not have it.
    #[must_use]
    pub fn label(&self, number: &AccountNumber) -> Option<&str> {
        self.0.get(number).map(String::as_str)
    }

    /// Whether the plan has an account, as entries write it.
    #[must_use]
    pub fn holds(&self, account: &str) -> bool {
        AccountNumber::parse(account).is_some_and(|number| self.0.contains_key(&number))
    }

    /// Its accounts with their names, by number.
    pub fn accounts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(number, label)| (number.as_str(), label.as_str()))
    }
}

/// What stands between columns: the sign that comes first after an account's number on most lines.
fn separator(text: &str) -> char {
    let count = |sign: char| {
        let of_line = |line: &&str| {
            let number = cells(line, sign).into_iter().next();
            line.contains(sign) && number.is_some_and(|cell| AccountNumber::parse(&cell).is_some())
        };
        text.lines().take(500).filter(of_line).count()
    };
    // The semicolon wins a draw: it is what French programs write.
    let counts = [('\t', count('\t')), (',', count(',')), (';', count(';'))];
    counts
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map_or(';', |(sign, _)| sign)
}

/// The cells of a line; quotes keep separators, two quotes stand for one.
fn cells(line: &str, separator: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut signs = line.chars().peekable();
    while let Some(sign) = signs.next() {
        if sign == '"' {
            if quoted && signs.peek() == Some(&'"') {
                signs.next();
            } else {
                quoted = !quoted;
                continue;
            }
        } else if sign == separator && !quoted {
            cells.push(String::new());
            continue;
        }
        if let Some(cell) = cells.last_mut() {
            cell.push(sign);
        }
    }
    cells
}

/// Names of columns: nothing in the line is a figure.
fn is_header(line: &str) -> bool {
    !line.chars().any(|sign| sign.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{Plan, PlanFault, PlanLine};
    use proptest::prelude::{any, prop_assert, proptest};

    fn accounts(bytes: &[u8]) -> Vec<(String, String)> {
        let read = Plan::read(bytes).unwrap();
        let own = |(number, label): (&str, &str)| (number.to_owned(), label.to_owned());
        read.plan.accounts().map(own).collect()
    }

    fn expected(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let own = |&(number, label): &(&str, &str)| (number.to_owned(), label.to_owned());
        pairs.iter().map(own).collect()
    }

    #[test]
    fn any_separator_and_encoding_of_french_programs_is_read() {
        let plan = expected(&[("411000", "Clients"), ("654000", "Pertes sur créances")]);
        let semicolons = "Compte;Intitulé\r\n411000;Clients\r\n654000;Pertes sur créances\r\n";
        assert_eq!(accounts(semicolons.as_bytes()), plan);
        let marked = format!("\u{feff}{semicolons}");
        assert_eq!(accounts(marked.as_bytes()), plan);
        assert_eq!(accounts(semicolons.replace(';', "\t").as_bytes()), plan);
        let commas = "411000,\"Clients\"\n654000,Pertes sur créances,oui";
        assert_eq!(accounts(commas.as_bytes()), plan);
        let windows = b"Compte;Intitul\xe9\r\n411000;Clients\r\n654000;Pertes sur cr\xe9ances\r\n";
        assert_eq!(accounts(windows), plan);
        assert_eq!(
            accounts(b"704000;Main d\x92\x9cuvre \x80\n"),
            expected(&[("704000", "Main d’œuvre €")])
        );
    }

    #[test]
    fn quotes_keep_separators_and_blanks_are_one() {
        let text = "\"606100\";\"Eau; gaz  et \"\"fluides\"\"\"\n606100;Autre\n";
        assert_eq!(
            accounts(text.as_bytes()),
            expected(&[("606100", "Eau; gaz et \"fluides\"")]),
        );
    }

    #[test]
    fn what_is_not_understood_is_listed() {
        let text = "411000;Clients\nDURAND;Client Durand\n\n512000\n4;Tiers\n";
        let read = Plan::read(text.as_bytes()).unwrap();
        let line = |line, text: &str| PlanLine {
            line,
            text: text.to_owned(),
        };
        let listed = [
            line(2, "DURAND;Client Durand"),
            line(4, "512000"),
            line(5, "4;Tiers"),
        ];
        assert_eq!(read.not_understood, listed);
        assert!(read.plan.holds("411000") && !read.plan.holds("512000"));
    }

    #[test]
    fn a_file_without_accounts_is_no_plan() {
        for bytes in [&b""[..], b"Compte;Libelle\n", b"bonjour", b"\xff\xfe\x00"] {
            assert_eq!(Plan::read(bytes), Err(PlanFault::NoAccount));
        }
        let long = vec![b'4'; 4_000_001];
        assert_eq!(Plan::read(&long), Err(PlanFault::TooLong));
    }

    proptest! {
        #[test]
        fn no_bytes_stop_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(read) = Plan::read(&bytes) {
                prop_assert!(read.plan.accounts().count() > 0);
            }
        }
    }
}
