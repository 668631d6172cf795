//! Entries (*écritures*): balanced by construction, never edited.

use acquit_domain::Cents;
use acquit_domain::date::french_short;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::closing::Dated;
use crate::error::Error;

/// A journal (`accounting.md` § 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Journal {
    /// VE: sales.
    Sales,
    /// PP: the PayPlug account, a treasury journal.
    Payplug,
    /// BQ: bank.
    Bank,
    /// CA: cash.
    Cash,
    /// OD: everything else.
    Miscellaneous,
}

impl Journal {
    /// Every journal.
    pub const ALL: [Self; 5] = [
        Self::Sales,
        Self::Payplug,
        Self::Bank,
        Self::Cash,
        Self::Miscellaneous,
    ];

    /// Its usual code, which also names it in the file; exports write that of the chart
    /// ([`crate::Chart::journal_code`]).
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sales => "VE",
            Self::Payplug => "PP",
            Self::Bank => "BQ",
            Self::Cash => "CA",
            Self::Miscellaneous => "OD",
        }
    }

    /// Name (FEC JournalLib).
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Sales => "Ventes",
            Self::Payplug => "PayPlug",
            Self::Bank => "Banque",
            Self::Cash => "Caisse",
            Self::Miscellaneous => "Opérations diverses",
        }
    }

    /// The journal with a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|journal| journal.code() == code)
    }
}

/// A customer's own account under the collective one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AuxiliaryAccount {
    /// Code (FEC CompAuxNum).
    pub code: String,
    /// Name (FEC CompAuxLib).
    pub label: String,
}

/// One line: exactly one of debit and credit is above zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryLine {
    /// Account (FEC CompteNum).
    pub account: String,
    /// Its name (FEC CompteLib).
    pub account_label: String,
    /// The customer's own account, on collective ones.
    pub auxiliary: Option<AuxiliaryAccount>,
    /// Debit in cents.
    pub debit: Cents,
    /// Credit in cents.
    pub credit: Cents,
}

/// An account with its name, where a line goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    account: String,
    label: String,
    auxiliary: Option<AuxiliaryAccount>,
    names_customers: bool,
}

impl Place {
    /// A general account.
    #[must_use]
    pub fn new(account: &str, label: &str) -> Self {
        Self {
            account: account.to_owned(),
            label: label.to_owned(),
            auxiliary: None,
            names_customers: true,
        }
    }

    /// The account as one for all customers: no line on it names one.
    #[must_use]
    pub(crate) fn for_all(self) -> Self {
        Self {
            auxiliary: None,
            names_customers: false,
            ..self
        }
    }

    /// A customer's account under a collective one, where customers have accounts of their own.
    #[must_use]
    pub fn of(self, auxiliary: &AuxiliaryAccount) -> Self {
        Self {
            auxiliary: self.names_customers.then(|| auxiliary.clone()),
            ..self
        }
    }

    /// Its account (FEC CompteNum).
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }
}

/// A balanced set of lines in one journal on one date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    journal: Journal,
    date: Date,
    piece: String,
    piece_date: Date,
    label: String,
    lines: Vec<EntryLine>,
}

/// Lines being gathered for an entry. Amounts below zero go to the other side; zeros give no line.
#[derive(Clone, Debug, Default)]
pub struct Lines(Vec<EntryLine>);

impl Lines {
    /// No line yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a debit.
    #[must_use]
    pub fn debit(mut self, place: Place, amount: Cents) -> Self {
        if !amount.is_zero() {
            let Place {
                account,
                label: account_label,
                auxiliary,
                ..
            } = place;
            let (debit, credit) = (amount.at_least_zero(), (-amount).at_least_zero());
            self.0.push(EntryLine {
                account,
                account_label,
                auxiliary,
                debit,
                credit,
            });
        }
        self
    }

    /// Adds a credit.
    #[must_use]
    pub fn credit(self, place: Place, amount: Cents) -> Self {
        self.debit(place, -amount)
    }

    /// The same lines with debit and credit exchanged.
    #[must_use]
    pub fn mirrored(mut self) -> Self {
        for line in &mut self.0 {
            std::mem::swap(&mut line.debit, &mut line.credit);
        }
        self
    }
}

impl Entry {
    /// An entry of these lines; `None` when no line is left (`accounting.md` § 2, zero amounts).
    ///
    /// # Errors
    /// [`Error::Unbalanced`]: an unbalanced entry cannot be constructed.
    pub fn new(
        journal: Journal,
        date: Date,
        piece: &str,
        piece_date: Date,
        label: String,
        lines: Lines,
    ) -> Result<Option<Self>, Error> {
        let entry = Self {
            journal,
            date,
            piece: piece.to_owned(),
            piece_date,
            label,
            lines: lines.0,
        };
        if !entry.is_balanced() {
            let (debit, credit) = entry.sums();
            return Err(Error::Unbalanced {
                piece: entry.piece,
                debit,
                credit,
            });
        }
        Ok((!entry.lines.is_empty()).then_some(entry))
    }

    /// The same entry on the day that it is booked on, where the day that it happened on was closed before it
    /// was known: the label keeps the real day, and so does the piece.
    #[must_use]
    pub fn booked(mut self, dated: Dated) -> Self {
        if dated.is_late() {
            self.date = dated.on;
            self.label = format!("{} (du {})", self.label, french_short(dated.happened));
        }
        self
    }

    /// The same entry with debit and credit exchanged, on a day and with a label of its own: both together move nothing.
    #[must_use]
    pub fn mirrored(&self, on: Date, label: String) -> Self {
        let lines = Lines(self.lines.clone()).mirrored();
        Self {
            date: on,
            label,
            lines: lines.0,
            ..self.clone()
        }
    }

    /// Its journal.
    #[must_use]
    pub const fn journal(&self) -> Journal {
        self.journal
    }

    /// Its date (FEC EcritureDate).
    #[must_use]
    pub const fn date(&self) -> Date {
        self.date
    }

    /// Reference of the piece (FEC PieceRef).
    #[must_use]
    pub fn piece(&self) -> &str {
        &self.piece
    }

    /// Date of the piece (FEC PieceDate).
    #[must_use]
    pub const fn piece_date(&self) -> Date {
        self.piece_date
    }

    /// What happened (FEC EcritureLib).
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Its lines.
    #[must_use]
    pub fn lines(&self) -> &[EntryLine] {
        &self.lines
    }

    /// Sums of debits and credits.
    #[must_use]
    pub fn sums(&self) -> (Cents, Cents) {
        (
            self.lines.iter().map(|line| line.debit).sum(),
            self.lines.iter().map(|line| line.credit).sum(),
        )
    }

    /// Whether debits equal credits; read back from a file this is checked again.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        let (debit, credit) = self.sums();
        debit == credit
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Journal, Lines, Place};
    use crate::Error;
    use acquit_domain::Cents;
    use jiff::civil::{Date, date};
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    const DAY: Date = date(2026, 11, 2);

    fn entry(lines: Lines) -> Result<Option<Entry>, Error> {
        Entry::new(
            Journal::Miscellaneous,
            DAY,
            "P-1",
            DAY,
            "Essai".to_owned(),
            lines,
        )
    }

    fn place(account: &str) -> Place {
        Place::new(account, "Compte")
    }

    #[test]
    fn an_unbalanced_entry_cannot_be_made() {
        let lines = Lines::new()
            .debit(place("411000"), Cents::new(1_000))
            .credit(place("704000"), Cents::new(999));
        let refused = Error::Unbalanced {
            piece: "P-1".to_owned(),
            debit: Cents::new(1_000),
            credit: Cents::new(999),
        };
        assert_eq!(entry(lines), Err(refused));
    }

    #[test]
    fn zero_amounts_give_no_line_and_no_line_gives_no_entry() {
        let nothing = Lines::new()
            .debit(place("411000"), Cents::ZERO)
            .credit(place("704000"), Cents::ZERO);
        assert_eq!(entry(nothing), Ok(None));
    }

    #[test]
    fn an_amount_below_zero_goes_to_the_other_side() {
        let lines = Lines::new()
            .credit(place("411000"), Cents::new(-500))
            .debit(place("704000"), Cents::new(-500));
        let entry = entry(lines).unwrap().unwrap();
        let sides: Vec<(i64, i64)> = entry
            .lines()
            .iter()
            .map(|line| (line.debit.get(), line.credit.get()))
            .collect();
        assert_eq!(sides, [(500, 0), (0, 500)]);
    }

    #[test]
    fn a_journal_is_known_by_its_code() {
        for journal in Journal::ALL {
            assert_eq!(Journal::from_code(journal.code()), Some(journal));
        }
        assert_eq!(Journal::from_code("ve"), None);
    }

    proptest! {
        #[test]
        fn what_balances_is_an_entry_with_one_side_a_line(amounts in proptest::collection::vec(-100_000_i64..100_000, 0..8)) {
            let mut lines = Lines::new();
            for amount in &amounts {
                lines = lines.debit(place("411000"), Cents::new(*amount));
            }
            lines = lines.credit(place("704000"), amounts.iter().copied().map(Cents::new).sum());
            let mirrored = entry(lines.clone().mirrored()).unwrap();
            let made = entry(lines).unwrap();
            prop_assert_eq!(made.is_none(), amounts.iter().all(|amount| *amount == 0));
            for (line, other) in made.iter().flat_map(Entry::lines).zip(mirrored.iter().flat_map(Entry::lines)) {
                prop_assert!(line.debit.is_zero() != line.credit.is_zero());
                prop_assert!(!line.debit.is_negative() && !line.credit.is_negative());
                prop_assert_eq!((line.debit, line.credit), (other.credit, other.debit));
            }
            if let Some(made) = made {
                let (debit, credit) = made.sums();
                prop_assert!(made.is_balanced() && debit == credit && debit.is_positive());
            }
        }
    }
}
