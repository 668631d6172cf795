//! What the owner decides after money went back (`payment-links.md` § 3): to be paid again, credited,
//! or, after a lost chargeback, given up.

use acquit_accounting::Charts;
use acquit_accounting::payplug::lost_debt;
use acquit_domain::Cents;
use acquit_domain::given_back::{Cause, Choice, Decision, GivenBack, decide};
use acquit_domain::id::InvoiceId;
use acquit_domain::invoice::NatureTotal;
use acquit_domain::invoice::credit::split;
use acquit_domain::receipt::ChargebackOutcome;
use acquit_store::{Reader, Writer};

use crate::ledger::{Account, auxiliary_of, chart_of, close_event, record, renew_link};
use crate::view::InvoiceView;
use crate::{Acquit, Error};

impl Acquit {
    /// *À encaisser de nouveau*: what was given back is due again, and a link is wished for.
    ///
    /// # Errors
    /// Nothing waits for a decision.
    pub fn collect_again(&self, id: InvoiceId) -> Result<InvoiceView, Error> {
        self.file.write(|writer| {
            let before = Account::read(writer, id)?;
            self.decided(writer, &before, Choice::CollectAgain)?;
            let today = self.parts.today();
            let after = close_event(writer, &self.parts, &before, today)?;
            renew_link(writer, &self.parts, &after)
        })?;
        self.invoice(id)
    }

    /// *Avoir*: a credit note takes what was given back off the invoice. Returns the credit note.
    ///
    /// # Errors
    /// Nothing waits for a decision, or nothing is left to credit.
    pub fn credit_given_back(&self, id: InvoiceId) -> Result<InvoiceView, Error> {
        let note = InvoiceId::new(self.parts.uuid());
        self.file.write(|writer| {
            let before = Account::read(writer, id)?;
            let amount = self.decided(writer, &before, Choice::Credit)?.amount;
            let after = self.issue_credit_note(writer, &before, Some(amount), note)?;
            renew_link(writer, &self.parts, &after)
        })?;
        self.invoice(note)
    }

    /// Gives up what a lost chargeback took as a lost debt, with its VAT (`accounting.md` § 2).
    ///
    /// # Errors
    /// No lost chargeback, or nothing of it is still due.
    pub fn write_off_lost(&self, id: InvoiceId) -> Result<InvoiceView, Error> {
        self.file.write(|writer| {
            let before = Account::read(writer, id)?;
            let lost = self.decided(writer, &before, Choice::WriteOff)?.lost;
            let (document, now) = (chart_of(writer, id)?, writer.chart_now()?);
            let charts = Charts {
                document: &document,
                counterpart: &now,
                deposits: &[],
            };
            let today = self.parts.today();
            let customer = auxiliary_of(writer, &before.invoice)?;
            let (invoice, taken) = (&before.invoice, before.taken());
            let entry = lost_debt(invoice, taken, &lost, today, charts, &customer)?;
            record(writer, &self.parts, id, entry)?;
            let after = close_event(writer, &self.parts, &before, today)?;
            renew_link(writer, &self.parts, &after)
        })?;
        self.invoice(id)
    }

    /// Records a decision with its audit record.
    fn decided(
        &self,
        writer: &Writer<'_>,
        account: &Account,
        choice: Choice,
    ) -> Result<Decision, Error> {
        let (remaining, creditable) = (account.standing.remaining, account.creditable());
        let decided = decide(choice, &account.back, remaining, creditable)?;
        let lost = match choice {
            Choice::WriteOff => split(&account.invoice, account.taken(), decided.amount)?,
            Choice::CollectAgain | Choice::Credit => Vec::new(),
        };
        let decision = Decision {
            choice,
            amount: decided.amount,
            movements: decided.movements,
            lost,
        };
        let id = account.invoice.id;
        writer.insert_decision(id, &decision, self.parts.now())?;
        self.audit(writer, "decision_recorded", &(id, &decision))?;
        Ok(decision)
    }
}

/// Whether each decision on an invoice is about refunds and chargebacks that there are, and about no
/// more than they took; a debt is given up only where the chargeback was lost, and to the cent.
pub(crate) fn decisions_follow(reader: &Reader<'_>, account: &Account) -> Result<bool, Error> {
    let lost = Cause::Chargeback(Some(ChargebackOutcome::Lost));
    let follows = |decision: &Decision| {
        let named: Vec<&GivenBack> = account
            .back
            .iter()
            .filter(|back| decision.movements.contains(&back.movement))
            .collect();
        let taken: Cents = named.iter().map(|back| back.amount).sum();
        let given_up: Cents = decision.lost.iter().map(NatureTotal::gross).sum();
        let of_lost = match decision.choice {
            Choice::WriteOff => {
                given_up == decision.amount && named.iter().all(|back| back.cause == lost)
            }
            Choice::CollectAgain | Choice::Credit => decision.lost.is_empty(),
        };
        named.len() == decision.movements.len() && decision.amount <= taken && of_lost
    };
    let decisions = reader.decisions_of(account.invoice.id)?;
    Ok(decisions.iter().all(|(decision, _)| follows(decision))
        && account.movements.decided <= account.movements.given_back)
}

/// What went back of an invoice's receipts with what was decided on it, and what was given up.
pub(crate) fn given_back(
    reader: &Reader<'_>,
    id: InvoiceId,
) -> Result<(Vec<GivenBack>, Vec<NatureTotal>), Error> {
    let decisions: Vec<Decision> = reader
        .decisions_of(id)?
        .into_iter()
        .map(|(decision, _)| decision)
        .collect();
    let choices = |movement: &str| -> Vec<Choice> {
        let concerned = decisions
            .iter()
            .filter(|decision| decision.movements.iter().any(|named| named == movement));
        concerned.map(|decision| decision.choice).collect()
    };
    let refunds = reader
        .refunds_of(id)?
        .into_iter()
        .map(|refund| (refund.id.to_string(), refund.amount, Cause::Refund));
    let chargebacks = reader.chargebacks_of(id)?.into_iter().map(|row| {
        let outcome = row.outcome.map(|(outcome, _)| outcome);
        let of = row.chargeback;
        (of.id.to_string(), of.amount, Cause::Chargeback(outcome))
    });
    let back = refunds
        .chain(chargebacks)
        .map(|(movement, amount, cause)| GivenBack {
            choices: choices(&movement),
            movement,
            amount,
            cause,
        })
        .collect();
    let lost = decisions
        .into_iter()
        .flat_map(|decision| decision.lost)
        .collect();
    Ok((back, lost))
}
