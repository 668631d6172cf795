//! Accounts with sound defaults (PCG; `accounting.md` § 1), so that a new company exports at once.

use acquit_domain::invoice::Nature;
use acquit_domain::receipt::PaymentMeans;
use acquit_domain::vat::StandardRate;

use crate::entry::{Journal, Place};

/// The accounts that entries use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// Customers, collective.
    pub customers: String,
    /// Retentions held by customers.
    pub retention: String,
    /// Other deductions, *compte prorata*.
    pub other_deductions: String,
    /// Deposits of customers, until the invoice that takes them off.
    pub deposits: String,
    /// Works sold.
    pub works: String,
    /// Services sold.
    pub services: String,
    /// Goods sold.
    pub goods: String,
    /// VAT collected, without the digit of the rate.
    pub vat_due: String,
    /// VAT awaiting receipt, without the digit of the rate.
    pub vat_awaiting: String,
    /// The PayPlug account.
    pub payplug: String,
    /// The bank account.
    pub bank: String,
    /// Cheques to deposit.
    pub cheques: String,
    /// Cash.
    pub cash: String,
    /// Debts given up as lost.
    pub lost_debts: String,
    /// What customers paid beyond what they owed, kept for them.
    pub customer_credit: String,
    /// PayPlug's fees.
    pub fees: String,
    /// Deductible VAT on PayPlug's fees.
    pub vat_on_fees: String,
    /// Money on its way from PayPlug to the bank.
    pub in_transit: String,
    /// Small differences missing, given up.
    pub small_losses: String,
    /// Small differences too much, kept.
    pub small_gains: String,
}

impl Default for Chart {
    fn default() -> Self {
        Self {
            customers: "411000".to_owned(),
            retention: "411700".to_owned(),
            other_deductions: "467000".to_owned(),
            deposits: "419100".to_owned(),
            works: "704000".to_owned(),
            services: "706000".to_owned(),
            goods: "707000".to_owned(),
            vat_due: "44571".to_owned(),
            vat_awaiting: "44574".to_owned(),
            payplug: "512700".to_owned(),
            bank: "512000".to_owned(),
            cheques: "511200".to_owned(),
            cash: "530000".to_owned(),
            lost_debts: "654000".to_owned(),
            customer_credit: "419700".to_owned(),
            fees: "627800".to_owned(),
            vat_on_fees: "445660".to_owned(),
            in_transit: "580000".to_owned(),
            small_losses: "658000".to_owned(),
            small_gains: "758000".to_owned(),
        }
    }
}

impl Chart {
    /// The collective account of customers.
    #[must_use]
    pub fn customers(&self) -> Place {
        Place::new(&self.customers, "Clients")
    }

    /// Retentions.
    #[must_use]
    pub fn retention(&self) -> Place {
        Place::new(&self.retention, "Clients – Retenues de garantie")
    }

    /// Other deductions.
    #[must_use]
    pub fn other_deductions(&self) -> Place {
        Place::new(
            &self.other_deductions,
            "Compte prorata et autres déductions",
        )
    }

    /// Deposits.
    #[must_use]
    pub fn deposits(&self) -> Place {
        Place::new(&self.deposits, "Clients – Avances et acomptes reçus")
    }

    /// Sales of a nature.
    #[must_use]
    pub fn sale(&self, nature: Nature) -> Place {
        match nature {
            Nature::Works => Place::new(&self.works, "Travaux"),
            Nature::Services => Place::new(&self.services, "Prestations de services"),
            Nature::Goods => Place::new(&self.goods, "Ventes de marchandises"),
        }
    }

    /// VAT collected at a rate.
    #[must_use]
    pub fn vat_due(&self, rate: StandardRate) -> Place {
        let (digit, name) = rate_words(rate);
        Place::new(
            &format!("{}{digit}", self.vat_due),
            &format!("TVA collectée {name}"),
        )
    }

    /// VAT awaiting receipt at a rate.
    #[must_use]
    pub fn vat_awaiting(&self, rate: StandardRate) -> Place {
        let (digit, name) = rate_words(rate);
        Place::new(
            &format!("{}{digit}", self.vat_awaiting),
            &format!("TVA en attente d’encaissement {name}"),
        )
    }

    /// Journal and account that money of a means comes into.
    #[must_use]
    pub fn money(&self, means: PaymentMeans) -> (Journal, Place) {
        match means {
            PaymentMeans::CardPayplug => (Journal::Payplug, self.payplug()),
            PaymentMeans::Cheque => (Journal::Bank, self.cheques()),
            PaymentMeans::Cash => (Journal::Cash, Place::new(&self.cash, "Caisse")),
            PaymentMeans::Transfer
            | PaymentMeans::DirectDebit
            | PaymentMeans::CardTerminal
            | PaymentMeans::Other => (Journal::Bank, self.bank()),
        }
    }

    /// Debts given up as lost.
    #[must_use]
    pub fn lost_debts(&self) -> Place {
        Place::new(&self.lost_debts, "Pertes sur créances irrécouvrables")
    }

    /// The PayPlug account.
    #[must_use]
    pub fn payplug(&self) -> Place {
        Place::new(&self.payplug, "PayPlug")
    }

    /// The bank account.
    #[must_use]
    pub fn bank(&self) -> Place {
        Place::new(&self.bank, "Banque")
    }

    /// Cheques to deposit.
    #[must_use]
    pub fn cheques(&self) -> Place {
        Place::new(&self.cheques, "Chèques à encaisser")
    }

    /// What customers paid beyond what they owed, kept for them.
    #[must_use]
    pub fn customer_credit(&self) -> Place {
        Place::new(&self.customer_credit, "Clients – Avoirs à valoir")
    }

    /// PayPlug's fees.
    #[must_use]
    pub fn fees(&self) -> Place {
        Place::new(&self.fees, "Commissions PayPlug")
    }

    /// Deductible VAT on PayPlug's fees.
    #[must_use]
    pub fn vat_on_fees(&self) -> Place {
        Place::new(&self.vat_on_fees, "TVA déductible sur services")
    }

    /// Money on its way from PayPlug to the bank.
    #[must_use]
    pub fn in_transit(&self) -> Place {
        Place::new(&self.in_transit, "Virements internes")
    }

    /// Small differences missing, given up.
    #[must_use]
    pub fn small_losses(&self) -> Place {
        Place::new(&self.small_losses, "Écarts de règlement (charges)")
    }

    /// Small differences too much, kept.
    #[must_use]
    pub fn small_gains(&self) -> Place {
        Place::new(&self.small_gains, "Écarts de règlement (produits)")
    }
}

/// Last digit of the account and name of a rate.
const fn rate_words(rate: StandardRate) -> (&'static str, &'static str) {
    match rate {
        StandardRate::Normal => ("1", "20 %"),
        StandardRate::Intermediate => ("2", "10 %"),
        StandardRate::Reduced => ("3", "5,5 %"),
        StandardRate::Special => ("4", "2,1 %"),
    }
}

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
        let account = |place: Place| place.account;
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
            assert_eq!((journal, place.account.as_str()), expected, "{means:?}");
        }
    }
}
