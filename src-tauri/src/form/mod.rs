//! Reads what people type, in French, field by field: every error at once, each with its path.

mod account;
mod deductions;
mod draft;
mod lines;
mod mail;
mod money_back;
mod movement;
mod numbering;
mod party;
mod reminder;
mod settling;
mod text;

use acquit_app::message::rule;
use acquit_app::rule_code;
use acquit_domain::Rule;

use crate::dto::FieldError;

pub(crate) use account::line_answer;
pub(crate) use draft::{ReadDraft, draft, form_of, kept_form, receipt};
pub(crate) use lines::{comma, line_of, new_line, shown_percent};
pub(crate) use mail::{mail, mailbox};
pub(crate) use money_back::{amount, chargeback, optional_date};
pub(crate) use movement::{movement, movement_field};
pub(crate) use numbering::{first_number, pattern};
pub(crate) use party::{company, customer};
pub(crate) use reminder::reminder_plan;
pub(crate) use settling::{adjustment, slip};
pub(crate) use text::FieldKind;
pub(crate) use text::{date, field};

/// Errors gathered while a form is read.
#[derive(Default)]
pub(crate) struct Errors(Vec<FieldError>);

impl Errors {
    /// The value, or nothing and an error at `field`.
    fn take<T>(&mut self, field: &str, outcome: Result<T, Rule>) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(broken) => {
                self.note(field, &broken);
                None
            }
        }
    }

    /// Like [`Errors::take`], with a sentence that fits the field better than the rule's.
    fn take_saying<T>(
        &mut self,
        field: &str,
        outcome: Result<T, Rule>,
        sentence: &str,
    ) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(broken) => {
                self.0.push(FieldError {
                    sentence: sentence.to_owned(),
                    ..field_error(field, &broken)
                });
                None
            }
        }
    }

    /// Nothing for a blank text, else the value or an error.
    fn optional<T>(
        &mut self,
        field: &str,
        typed: &str,
        read: impl FnOnce(&str) -> Result<T, Rule>,
    ) -> Option<T> {
        if typed.trim().is_empty() {
            None
        } else {
            self.take(field, read(typed))
        }
    }

    fn note(&mut self, field: &str, broken: &Rule) {
        self.0.push(field_error(field, broken));
    }

    /// What was read, if nothing was wrong.
    fn judge<T>(self, read: Option<T>) -> Result<T, Vec<FieldError>> {
        match read {
            Some(read) if self.0.is_empty() => Ok(read),
            _ => Err(self.0),
        }
    }
}

/// A broken rule as a field shows it.
pub(crate) fn field_error(field: &str, broken: &Rule) -> FieldError {
    FieldError {
        field: field.to_owned(),
        code: rule_code(broken).to_owned(),
        sentence: sentence(broken),
    }
}

/// The sentence of a broken rule; dates and numbers are written here as people write them.
pub(crate) fn sentence(broken: &Rule) -> String {
    match broken {
        Rule::NotADate => "Ce n’est pas une date : écrivez-la ainsi, 18/11/2026.".to_owned(),
        Rule::NotADecimal => {
            "Ce n’est pas un nombre : écrivez par exemple 1\u{a0}250,50.".to_owned()
        }
        broken => rule(broken).fr,
    }
}
