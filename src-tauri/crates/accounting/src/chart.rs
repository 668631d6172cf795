//! Accounts with sound defaults (PCG; `accounting.md` § 1), so that a new company exports at once; each
//! can be set, and a chart that is wrong cannot be made.

mod check;
mod number;
mod plan;
mod uses;

use std::collections::BTreeMap;

use acquit_domain::invoice::Nature;
use acquit_domain::numbering::DocumentNumber;
use acquit_domain::receipt::PaymentMeans;
use acquit_domain::vat::{StandardRate, VatTreatment};
use serde::{Deserialize, Serialize};

pub use self::check::{ChartFault, ChartField, ChartRule, LABEL_MAX, against_earlier};
pub use self::number::{
    AccountNumber, JOURNAL_MAX, JOURNAL_MIN, JournalCode, NUMBER_MAX, NUMBER_MIN,
};
pub use self::plan::{Plan, PlanFault, PlanLine, PlanRead};
pub use self::uses::Use;
use crate::entry::{Journal, Place};

/// Whether each customer has an account of their own under the collective one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuxiliaryMode {
    /// One account per customer: `C` and letters of the name.
    #[default]
    PerCustomer,
    /// All customers on the collective account.
    Collective,
}

/// One account of a chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its number (FEC CompteNum).
    pub number: AccountNumber,
    /// Its name (FEC CompteLib).
    pub label: String,
}

/// A chart as it is typed: nothing of it is checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartProposal {
    /// Number and name of each account; a blank name stands for the usual one, a blank number of a use
    /// that needs none for none.
    pub accounts: BTreeMap<Use, (String, String)>,
    /// Code of each journal.
    pub journals: BTreeMap<Journal, String>,
    /// Customers' own accounts, or one for all.
    pub auxiliaries: AuxiliaryMode,
}

/// The accounts that entries use, and how they are written. Every use that needs an account has one of
/// its class; no account serves uses that must be told apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "ChartProposal", try_from = "ChartProposal")]
pub struct Chart {
    accounts: BTreeMap<Use, Account>,
    journals: BTreeMap<Journal, JournalCode>,
    auxiliaries: AuxiliaryMode,
}

impl Default for Chart {
    fn default() -> Self {
        let needed = Use::all().into_iter().filter(|one| !one.is_optional());
        let account = |one: Use| {
            let number = AccountNumber::parse(&one.default_number())?;
            let label = one.default_label();
            Some((one, Account { number, label }))
        };
        let code = |journal: Journal| Some((journal, JournalCode::parse(journal.code())?));
        Self {
            accounts: needed.filter_map(account).collect(),
            journals: Journal::ALL.into_iter().filter_map(code).collect(),
            auxiliaries: AuxiliaryMode::default(),
        }
    }
}

impl From<Chart> for ChartProposal {
    fn from(chart: Chart) -> Self {
        let typed = |account: Account| (account.number.into(), account.label);
        let accounts = chart.accounts.into_iter();
        let journals = chart.journals.into_iter();
        Self {
            accounts: accounts
                .map(|(one, account)| (one, typed(account)))
                .collect(),
            journals: journals
                .map(|(journal, code)| (journal, code.into()))
                .collect(),
            auxiliaries: chart.auxiliaries,
        }
    }
}

/// A chart in a file that breaks a rule: the file was not written by Acquit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a chart: {0:?}")]
pub struct NotAChart(Vec<ChartFault>);

impl TryFrom<ChartProposal> for Chart {
    type Error = NotAChart;

    fn try_from(proposal: ChartProposal) -> Result<Self, NotAChart> {
        Self::new(&proposal, None).map_err(NotAChart)
    }
}

/// The charts that an entry reads. What meets something booked earlier goes where that went: the
/// document's side reads the chart under which the document was booked, money that goes back that of its
/// receipt, a deposit that is taken off that of the deposit. Only what is new reads the chart as of now.
#[derive(Clone, Copy, Debug)]
pub struct Charts<'a> {
    /// Under which the document was booked.
    pub document: &'a Chart,
    /// For money and losses: as of now, or of the receipt whose money goes back.
    pub counterpart: &'a Chart,
    /// Under which the deposits were booked that the document takes off; the document's for others.
    pub deposits: &'a [(DocumentNumber, Chart)],
}

impl<'a> Charts<'a> {
    /// The account that a deposit was booked on.
    #[must_use]
    pub fn deposit(&self, number: DocumentNumber) -> Place {
        let known = self.deposits.iter().find(|(one, _)| *one == number);
        known.map_or(self.document, |(_, chart)| chart).deposits()
    }
}

impl<'a> From<&'a Chart> for Charts<'a> {
    fn from(chart: &'a Chart) -> Self {
        Self {
            document: chart,
            counterpart: chart,
            deposits: &[],
        }
    }
}

impl Chart {
    /// The account of a use; none for a use that has none of its own.
    #[must_use]
    pub fn account(&self, use_of: Use) -> Option<&Account> {
        self.accounts.get(&use_of)
    }

    /// Every account with its use.
    pub fn accounts(&self) -> impl Iterator<Item = (Use, &Account)> {
        self.accounts.iter().map(|(one, account)| (*one, account))
    }

    /// Code of a journal (FEC JournalCode).
    #[must_use]
    pub fn journal_code(&self, journal: Journal) -> &str {
        let code = self.journals.get(&journal);
        code.map_or(journal.code(), JournalCode::as_str)
    }

    /// Customers' own accounts, or one for all.
    #[must_use]
    pub const fn auxiliaries(&self) -> AuxiliaryMode {
        self.auxiliaries
    }

    /// Where a line of a use goes; every use that is asked for here has an account ([`Chart::new`]).
    fn place(&self, use_of: Use) -> Place {
        match self.accounts.get(&use_of) {
            Some(account) => Place::new(account.number.as_str(), &account.label),
            None => Place::new(&use_of.default_number(), &use_of.default_label()),
        }
    }

    /// Where a line goes that names its customer, if customers have accounts of their own.
    fn of_customers(&self, use_of: Use) -> Place {
        let place = self.place(use_of);
        match self.auxiliaries {
            AuxiliaryMode::PerCustomer => place,
            AuxiliaryMode::Collective => place.for_all(),
        }
    }

    /// The collective account of customers.
    #[must_use]
    pub fn customers(&self) -> Place {
        self.of_customers(Use::Customers)
    }

    /// What a chargeback took back: 416000 by setting, else the customers' account.
    #[must_use]
    pub fn disputed(&self) -> Place {
        if self.accounts.contains_key(&Use::Disputed) {
            self.of_customers(Use::Disputed)
        } else {
            self.customers()
        }
    }

    /// Retentions.
    #[must_use]
    pub fn retention(&self) -> Place {
        self.of_customers(Use::Retention)
    }

    /// Other deductions.
    #[must_use]
    pub fn other_deductions(&self) -> Place {
        self.place(Use::OtherDeductions)
    }

    /// Deposits.
    #[must_use]
    pub fn deposits(&self) -> Place {
        self.place(Use::Deposits)
    }

    /// Sales of a nature, whatever their rate.
    #[must_use]
    pub fn sale(&self, nature: Nature) -> Place {
        self.place(Use::Sale(nature))
    }

    /// Sales of a nature at a rate or treatment: on its own account where it has one.
    #[must_use]
    pub fn sale_at(&self, nature: Nature, treatment: VatTreatment) -> Place {
        let own = Use::SaleAt(nature, treatment);
        if self.accounts.contains_key(&own) {
            self.place(own)
        } else {
            self.sale(nature)
        }
    }

    /// VAT collected at a rate.
    #[must_use]
    pub fn vat_due(&self, rate: StandardRate) -> Place {
        self.place(Use::VatDue(rate))
    }

    /// VAT awaiting receipt at a rate.
    #[must_use]
    pub fn vat_awaiting(&self, rate: StandardRate) -> Place {
        self.place(Use::VatAwaiting(rate))
    }

    /// Journal and account that money of a means comes into.
    #[must_use]
    pub fn money(&self, means: PaymentMeans) -> (Journal, Place) {
        match means {
            PaymentMeans::CardPayplug => (Journal::Payplug, self.payplug()),
            PaymentMeans::Cheque => (Journal::Bank, self.cheques()),
            PaymentMeans::Cash => (Journal::Cash, self.place(Use::Cash)),
            PaymentMeans::Transfer
            | PaymentMeans::DirectDebit
            | PaymentMeans::CardTerminal
            | PaymentMeans::Other => (Journal::Bank, self.bank()),
        }
    }

    /// Debts given up as lost.
    #[must_use]
    pub fn lost_debts(&self) -> Place {
        self.place(Use::LostDebts)
    }

    /// The PayPlug account.
    #[must_use]
    pub fn payplug(&self) -> Place {
        self.place(Use::Payplug)
    }

    /// The bank account.
    #[must_use]
    pub fn bank(&self) -> Place {
        self.place(Use::Bank)
    }

    /// Cheques to deposit.
    #[must_use]
    pub fn cheques(&self) -> Place {
        self.place(Use::Cheques)
    }

    /// What customers paid beyond what they owed, kept for them.
    #[must_use]
    pub fn customer_credit(&self) -> Place {
        self.of_customers(Use::CustomerCredit)
    }

    /// PayPlug's fees.
    #[must_use]
    pub fn fees(&self) -> Place {
        self.place(Use::Fees)
    }

    /// Deductible VAT on PayPlug's fees.
    #[must_use]
    pub fn vat_on_fees(&self) -> Place {
        self.place(Use::VatOnFees)
    }

    /// Money on its way from PayPlug to the bank.
    #[must_use]
    pub fn in_transit(&self) -> Place {
        self.place(Use::InTransit)
    }

    /// Small differences missing, given up.
    #[must_use]
    pub fn small_losses(&self) -> Place {
        self.place(Use::SmallLosses)
    }

    /// Small differences too much, kept.
    #[must_use]
    pub fn small_gains(&self) -> Place {
        self.place(Use::SmallGains)
    }
}

#[cfg(test)]
mod across;
#[cfg(test)]
mod tests {
    use super::Chart;
    use crate::entry::{Journal, Place};
    use acquit_domain::invoice::Nature;
    use acquit_domain::receipt::PaymentMeans;
    use acquit_domain::vat::StandardRate;

    #[test]
    fn a_new_company_has_the_accounts_of_the_specification() {
        let chart = Chart::default();
        let account = |place: Place| place.account().to_owned();
        assert_eq!(account(chart.customers()), "411000");
        assert_eq!(account(chart.retention()), "411700");
        assert_eq!(account(chart.other_deductions()), "467000");
        assert_eq!(account(chart.deposits()), "419100");
        assert_eq!(account(chart.payplug()), "512700");
        assert_eq!(account(chart.lost_debts()), "654000");
        assert_eq!(account(chart.customer_credit()), "419700");
        assert_eq!(account(chart.fees()), "627800");
        assert_eq!(account(chart.vat_on_fees()), "445660");
        assert_eq!(account(chart.in_transit()), "580000");
        assert_eq!(account(chart.small_losses()), "658000");
        assert_eq!(account(chart.small_gains()), "758000");
        let sales = [Nature::Works, Nature::Services, Nature::Goods];
        assert_eq!(
            sales.map(|nature| account(chart.sale(nature))),
            ["704000", "706000", "707000"]
        );
        let falling = [
            StandardRate::Normal,
            StandardRate::Intermediate,
            StandardRate::Reduced,
            StandardRate::Special,
        ];
        assert_eq!(
            falling.map(|rate| account(chart.vat_due(rate))),
            ["445711", "445712", "445713", "445714"]
        );
        assert_eq!(
            falling.map(|rate| account(chart.vat_awaiting(rate))),
            ["445741", "445742", "445743", "445744"]
        );
    }

    #[test]
    fn money_comes_into_the_journal_of_its_means() {
        let chart = Chart::default();
        for means in PaymentMeans::ALL {
            let expected = match means {
                PaymentMeans::CardPayplug => (Journal::Payplug, "512700"),
                PaymentMeans::Cheque => (Journal::Bank, "511200"),
                PaymentMeans::Cash => (Journal::Cash, "530000"),
                PaymentMeans::Transfer
                | PaymentMeans::DirectDebit
                | PaymentMeans::CardTerminal
                | PaymentMeans::Other => (Journal::Bank, "512000"),
            };
            let (journal, place) = chart.money(means);
            assert_eq!((journal, place.account()), expected, "{means:?}");
        }
    }
}
