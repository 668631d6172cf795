//! What somebody says about a line of a statement, as typed.

use acquit_app::{Answer, LineKind};
use acquit_domain::{Cents, Rule};
use jiff::civil::Date;

use super::Errors;
use super::text::{date, number};
use crate::dto::{FieldError, LineAnswerForm};

/// Reads an answer: what the line is, with day and amount, or why it is left.
pub(crate) fn line_answer(form: &LineAnswerForm, today: Date) -> Result<Answer, Vec<FieldError>> {
    let mut errors = Errors::default();
    if form.choice == "set_aside" {
        let reason = form.reason.clone();
        return Ok(Answer::SetAside { reason });
    }
    let kind = LineKind::from_code(&form.choice).ok_or(Rule::UnknownChoice);
    let kind = errors.take("choice", kind);
    let date = errors.take("date", date(&form.date, today));
    let amount = if form.amount.trim().is_empty() {
        Err(Rule::Empty)
    } else {
        Cents::parse(&number(&form.amount))
    };
    let amount = errors.take("amount", amount);
    let read = (|| {
        Some(Answer::Is {
            kind: kind?,
            date: date?,
            amount: amount?,
        })
    })();
    errors.judge(read)
}

#[cfg(test)]
mod tests {
    use super::line_answer;
    use crate::dto::LineAnswerForm;
    use acquit_app::{Answer, LineKind};
    use acquit_domain::Cents;
    use jiff::civil::date;

    fn form(choice: &str, day: &str, amount: &str) -> LineAnswerForm {
        LineAnswerForm {
            choice: choice.to_owned(),
            date: day.to_owned(),
            amount: amount.to_owned(),
            reason: "Titre".to_owned(),
        }
    }

    #[test]
    fn an_answer_is_read_as_people_type_it() {
        let today = date(2026, 11, 23);
        let read = line_answer(&form("fee", "21/10/2026", "−1\u{202f}250,50 €"), today).unwrap();
        let expected = Answer::Is {
            kind: LineKind::Fee,
            date: date(2026, 10, 21),
            amount: Cents::new(-125_050),
        };
        assert_eq!(read, expected);
        let reason = "Titre".to_owned();
        let aside = line_answer(&form("set_aside", "", ""), today);
        assert_eq!(aside.unwrap(), Answer::SetAside { reason });
        let errors = line_answer(&form("gift", "31/02/2026", ""), today).unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["choice", "date", "amount"]);
    }
}
