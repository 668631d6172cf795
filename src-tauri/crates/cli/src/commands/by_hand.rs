//! `account record` and `account reverse`: movements of the PayPlug account by hand, with the entries that they make.

use acquit_app::{Entry, MovementKind};
use acquit_domain::date::french_short;
use acquit_domain::money::french_euros;
use serde::Serialize;

use super::open;
use crate::arguments::{Record, Reverse};
use crate::error::Error;
use crate::output::{Answer, Form};

#[derive(Serialize)]
struct LineDocument {
    account: String,
    debit: String,
    credit: String,
}

#[derive(Serialize)]
struct EntryDocument {
    journal: &'static str,
    date: String,
    piece: String,
    label: String,
    lines: Vec<LineDocument>,
}

/// What was recorded, or would be.
#[derive(Serialize)]
struct Document {
    recorded: bool,
    entries: Vec<EntryDocument>,
}

/// Records a movement, or shows the entry that it would make.
pub(super) fn record(command: Record, form: Form) -> Result<Answer, Error> {
    let acquit = open(&command.which().data)?;
    let is_recorded = !command.which().preview;
    let new = command.movement(acquit.today());
    let entry = acquit.propose_movement(new.clone())?;
    if is_recorded {
        acquit.record_movement(new)?;
    }
    Ok(told(&[entry], is_recorded, form))
}

/// Reverses a movement.
pub(super) fn reverse(command: &Reverse, form: Form) -> Result<Answer, Error> {
    let acquit = open(&command.data)?;
    let kind: MovementKind = command.kind;
    let entries = acquit.reverse_movement(kind, &command.piece, &command.reason)?;
    Ok(told(&entries, true, form))
}

fn told(entries: &[Entry], recorded: bool, form: Form) -> Answer {
    let documents = entries.iter().map(|entry| EntryDocument {
        journal: entry.journal().code(),
        date: entry.date().to_string(),
        piece: entry.piece().to_owned(),
        label: entry.label().to_owned(),
        lines: entry
            .lines()
            .iter()
            .map(|line| LineDocument {
                account: line.account.clone(),
                debit: line.debit.decimal(),
                credit: line.credit.decimal(),
            })
            .collect(),
    });
    let document = Document {
        recorded,
        entries: documents.collect(),
    };
    Answer::new(form, &document, || {
        let texts: Vec<String> = entries.iter().map(text).collect();
        texts.join("\n")
    })
}

/// For people who read a terminal: what happens, then each line of the entry.
fn text(entry: &Entry) -> String {
    let mut lines = vec![format!("{} {}", french_short(entry.date()), entry.label())];
    lines.extend(entry.lines().iter().map(|line| {
        let (side, amount) = if line.debit.is_zero() {
            ("C", line.credit)
        } else {
            ("D", line.debit)
        };
        format!("  {side} {:<8} {}", line.account, french_euros(amount))
    }));
    lines.join("\n")
}
