//! The plain model: what was asked for, and what came by other means than cards. Everything else follows from what PayPlug has.

use std::collections::{BTreeMap, BTreeSet};

use acquit_domain::id::InvoiceId;

use crate::acts::Command;

/// What is known of one invoice.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    pub(crate) number: String,
    /// Net due when it was issued, in cents.
    pub(crate) asked: i64,
    /// Cheques taken, in cents.
    pub(crate) cheques: i64,
    /// A full credit note was made.
    pub(crate) cancelled: bool,
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
        let (mut surely, mut perhaps) = (expected.cheques, Vec::new());
        let (mut cancelled, mut perhaps_cancelled) = (expected.cancelled, false);
        for (command, outcome) in commands {
            match (command, outcome) {
                (Command::Cheque { invoice, cents, .. }, Outcome::Done) if *invoice == id => {
                    surely += cents;
                }
                (Command::Cheque { invoice, cents, .. }, Outcome::Unknown) if *invoice == id => {
                    perhaps.push(*cents);
                }
                (Command::Cancel(invoice), Outcome::Done) if *invoice == id => cancelled = true,
                (Command::Cancel(invoice), Outcome::Unknown) if *invoice == id => {
                    perhaps_cancelled = true;
                }
                _ => {}
            }
        }
        let right =
            told.cheques == surely || perhaps.iter().any(|more| told.cheques == surely + more);
        if !right {
            return Err(format!(
                "{}: cheques of {}, expected {surely} and perhaps one of {perhaps:?}",
                expected.number, told.cheques
            ));
        }
        if told.cancelled != cancelled && !(perhaps_cancelled && told.cancelled) {
            return Err(format!(
                "{}: cancelled {}, expected {cancelled}",
                expected.number, told.cancelled
            ));
        }
        expected.cheques = told.cheques;
        expected.cancelled = told.cancelled;
        Ok(())
    }
}
