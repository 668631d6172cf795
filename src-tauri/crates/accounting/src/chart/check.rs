//! What a chart must be (PCG classes, lengths, accounts told apart), and what is wrong with one.

use std::collections::BTreeMap;

use super::{Account, AccountNumber, Chart, ChartProposal, JournalCode, Plan, Use};
use crate::entry::Journal;

/// Longest name of an account.
pub const LABEL_MAX: usize = 60;

/// A field of the books' settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChartField {
    /// Number of an account.
    Account(Use),
    /// Name of an account.
    Label(Use),
    /// Code of a journal.
    Journal(Journal),
}

impl ChartField {
    /// Stable word: `customers`, `customers_label`, `journal_ve` …
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Account(one) => one.code(),
            Self::Label(one) => format!("{}_label", one.code()),
            Self::Journal(journal) => format!("journal_{}", journal.code().to_ascii_lowercase()),
        }
    }
}

/// What a field breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChartRule {
    /// Nothing was typed.
    Missing,
    /// Not three digits, then digits or capitals, ten at most.
    NotAnAccount,
    /// Of another class of the plan (PCG) than its use.
    WrongClass(&'static [&'static str]),
    /// The account serves a use already that must be told apart.
    Shared(Use),
    /// The account served another use in entries that are booked.
    UsedOtherwise(Use),
    /// The accountant's plan does not have it.
    NotInPlan,
    /// The name is too long or has signs that cannot be written.
    Label,
    /// Not two to five digits or capitals.
    NotAJournal,
    /// Another journal has the code.
    JournalTaken(Journal),
}

/// A field with what it breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartFault {
    /// Which field.
    pub field: ChartField,
    /// What it breaks.
    pub rule: ChartRule,
}

impl Chart {
    /// A chart of what was typed; names that are left blank are those of the plan, or the usual ones.
    ///
    /// # Errors
    /// Every field at fault, in the order of the uses.
    pub fn new(proposal: &ChartProposal, plan: Option<&Plan>) -> Result<Self, Vec<ChartFault>> {
        let mut faults = Vec::new();
        let mut accounts: BTreeMap<Use, Account> = BTreeMap::new();
        for one in Use::all() {
            match account(one, proposal, plan, &accounts) {
                Ok(Some(account)) => {
                    accounts.insert(one, account);
                }
                Ok(None) => {}
                Err(fault) => faults.push(fault),
            }
        }
        let journals = journals(proposal, &mut faults);
        if faults.is_empty() {
            Ok(Self {
                accounts,
                journals,
                auxiliaries: proposal.auxiliaries,
            })
        } else {
            Err(faults)
        }
    }
}

/// The account of a use, `known` being those before it.
fn account(
    one: Use,
    proposal: &ChartProposal,
    plan: Option<&Plan>,
    known: &BTreeMap<Use, Account>,
) -> Result<Option<Account>, ChartFault> {
    let at = |rule| ChartFault {
        field: ChartField::Account(one),
        rule,
    };
    let blank = (String::new(), String::new());
    let (number, label) = proposal.accounts.get(&one).unwrap_or(&blank);
    if number.trim().is_empty() {
        return if one.is_optional() {
            Ok(None)
        } else {
            Err(at(ChartRule::Missing))
        };
    }
    let number = AccountNumber::parse(number).ok_or_else(|| at(ChartRule::NotAnAccount))?;
    let begins = |class: &&str| number.as_str().starts_with(*class);
    if !one.classes().iter().any(begins) {
        return Err(at(ChartRule::WrongClass(one.classes())));
    }
    let same = known.iter().filter(|(_, account)| account.number == number);
    let (shared, apart): (Vec<_>, Vec<_>) = same.partition(|(other, _)| one.may_share(**other));
    if let Some((other, _)) = apart.first() {
        return Err(at(ChartRule::Shared(**other)));
    }
    let in_plan = plan.map(|plan| plan.label(&number));
    if in_plan == Some(None) {
        return Err(at(ChartRule::NotInPlan));
    }
    // One account has one name, whatever it serves.
    if let Some((_, first)) = shared.first() {
        return Ok(Some((*first).clone()));
    }
    let typed = label.trim();
    let label = if typed.is_empty() {
        let named = in_plan.flatten().filter(|label| !label.is_empty());
        named.map_or_else(|| one.default_label(), str::to_owned)
    } else {
        typed.to_owned()
    };
    if label.chars().count() > LABEL_MAX || label.chars().any(char::is_control) {
        return Err(ChartFault {
            field: ChartField::Label(one),
            rule: ChartRule::Label,
        });
    }
    Ok(Some(Account { number, label }))
}

fn journals(
    proposal: &ChartProposal,
    faults: &mut Vec<ChartFault>,
) -> BTreeMap<Journal, JournalCode> {
    let mut codes: BTreeMap<Journal, JournalCode> = BTreeMap::new();
    for journal in Journal::ALL {
        let typed = proposal.journals.get(&journal).map_or("", String::as_str);
        let rule = match JournalCode::parse(typed) {
            None if typed.trim().is_empty() => ChartRule::Missing,
            None => ChartRule::NotAJournal,
            Some(code) => match codes.iter().find(|(_, other)| **other == code) {
                Some((taken, _)) => ChartRule::JournalTaken(*taken),
                None => {
                    codes.insert(journal, code);
                    continue;
                }
            },
        };
        let field = ChartField::Journal(journal);
        faults.push(ChartFault { field, rule });
    }
    codes
}

/// Accounts that served another use under an `earlier` chart: the sums of an account say one thing only,
/// over the whole file.
#[must_use]
pub fn against_earlier(chart: &Chart, earlier: &[Chart]) -> Vec<ChartFault> {
    let mut faults = Vec::new();
    for (one, account) in chart.accounts() {
        let before = earlier.iter().flat_map(Chart::accounts);
        let other = before
            .filter(|(_, then)| then.number == account.number)
            .map(|(then, _)| then)
            .find(|then| !one.may_share(*then));
        if let Some(then) = other {
            faults.push(ChartFault {
                field: ChartField::Account(one),
                rule: ChartRule::UsedOtherwise(then),
            });
        }
    }
    faults
}

#[cfg(test)]
mod tests;
