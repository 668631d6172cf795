//! The plain model: what was asked for, and what came by other means than cards. Everything else follows from what PayPlug has.

use std::collections::{BTreeMap, BTreeSet};

use acquit_domain::adjustment::Adjustment;
use acquit_domain::id::InvoiceId;

use crate::acts::Command;

/// What is known of one invoice.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expected {
    pub(crate) number: String,
    /// Net due when it was issued, in cents.
    pub(crate) asked: i64,
    /// Cheques taken, in cents.
    pub(crate) cheques: i64,
    /// A full credit note was made.
    pub(crate) cancelled: bool,
    /// Credit notes, in cents.
    pub(crate) credited: i64,
    /// What banks took back and did not give again, in cents.
    pub(crate) charged_back: i64,
    /// Debts given up, in cents.
    pub(crate) written_off: i64,
    /// What small differences and set-offs brought in, less what left as an overpayment, in cents.
    pub(crate) adjusted: i64,
    /// What was held back and is released, in cents.
    pub(crate) released: i64,
    /// Refunds made in the portal, in cents.
    pub(crate) portal_refunds: i64,
}

/// What the history did so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    pub(crate) invoices: BTreeMap<InvoiceId, Expected>,
    /// Payments at PayPlug that are not ours, whatever they carry.
    pub(crate) strangers: BTreeSet<String>,
    /// Payments of which PayPlug tells the wrong mode now.
    pub(crate) wrong_mode: BTreeSet<String>,
}

/// What is known of a command's outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It said that it was done.
    Done,
    /// It said that it was not.
    Refused,
    /// It said nothing: the process died.
    Unknown,
}

/// What the file says of one invoice, as far as commands change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) cheques: i64,
    pub(crate) cancelled: bool,
    pub(crate) credited: i64,
    pub(crate) charged_back: i64,
    pub(crate) written_off: i64,
    pub(crate) adjusted: i64,
    pub(crate) released: i64,
}

/// What commands surely, and perhaps, add to a sum.
#[derive(Default)]
struct Sum {
    surely: i64,
    perhaps: Vec<i64>,
}

impl Sum {
    fn add(&mut self, outcome: Outcome, cents: i64) {
        match outcome {
            Outcome::Done => self.surely += cents,
            Outcome::Unknown => self.perhaps.push(cents),
            Outcome::Refused => {}
        }
    }

    fn allows(&self, change: i64) -> bool {
        change == self.surely || self.perhaps.iter().any(|more| change == self.surely + more)
    }
}

impl Model {
    /// Takes in what a command did to an invoice, or says why the file cannot be right.
    pub(crate) fn follow(
        &mut self,
        id: InvoiceId,
        commands: &[(Command, Outcome)],
        told: Told,
    ) -> Result<(), String> {
        let Some(expected) = self.invoices.get_mut(&id) else {
            return Ok(());
        };
        let (mut cheques, mut credits, mut taken) =
            (Sum::default(), Sum::default(), Sum::default());
        let (mut adjusted, mut released) = (Sum::default(), false);
        let (mut cancelled, mut perhaps_cancelled) = (expected.cancelled, false);
        let (mut decided_credit, mut decided_loss) = (false, false);
        for (command, outcome) in commands {
            match command {
                Command::Cheque { invoice, cents, .. } if *invoice == id => {
                    cheques.add(*outcome, *cents);
                }
                Command::Credit { invoice, cents } if *invoice == id => {
                    credits.add(*outcome, *cents);
                    // A credit note for all that was asked is a cancellation.
                    perhaps_cancelled |= *outcome != Outcome::Refused;
                }
                Command::Chargeback { invoice, cents } if *invoice == id => {
                    taken.add(*outcome, *cents);
                }
                Command::CloseChargeback {
                    invoice,
                    cents,
                    won: true,
                    ..
                } if *invoice == id => taken.add(*outcome, -cents),
                Command::Cancel(invoice) if *invoice == id => {
                    cancelled |= *outcome == Outcome::Done;
                    perhaps_cancelled |= *outcome == Outcome::Unknown;
                }
                Command::CreditGivenBack(invoice) if *invoice == id => {
                    decided_credit |= *outcome != Outcome::Refused;
                    perhaps_cancelled |= *outcome != Outcome::Refused;
                }
                Command::WriteOff(invoice) if *invoice == id => {
                    decided_loss |= *outcome != Outcome::Refused;
                }
                Command::Adjust {
                    invoice,
                    adjustment,
                    cents,
                } => {
                    if *invoice == id {
                        let comes_in = *adjustment == Adjustment::Missing;
                        adjusted.add(*outcome, if comes_in { *cents } else { -cents });
                    } else if adjustment.target() == Some(id) {
                        adjusted.add(*outcome, *cents);
                    }
                }
                Command::Release(invoice) if *invoice == id => {
                    released |= *outcome != Outcome::Refused;
                }
                _ => {}
            }
        }
        let credited = if told.cancelled {
            told.credited == expected.asked + told.released
        } else {
            decided_credit || credits.allows(told.credited - expected.credited)
        };
        let right = cheques.allows(told.cheques - expected.cheques)
            && (told.cancelled == cancelled || (perhaps_cancelled && told.cancelled))
            && credited
            && taken.allows(told.charged_back - expected.charged_back)
            && (decided_loss || told.written_off == expected.written_off)
            && adjusted.allows(told.adjusted - expected.adjusted)
            && (released || told.released == expected.released);
        if !right {
            return Err(format!("{expected:?} became {told:?} by {commands:?}"));
        }
        expected.cheques = told.cheques;
        expected.cancelled = told.cancelled;
        expected.credited = told.credited;
        expected.charged_back = told.charged_back;
        expected.written_off = told.written_off;
        expected.adjusted = told.adjusted;
        expected.released = told.released;
        Ok(())
    }
}
