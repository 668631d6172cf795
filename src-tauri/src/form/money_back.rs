//! Reads refunds, chargebacks and credit notes for a part.

use acquit_app::NewChargeback;
use acquit_domain::remote::PaymentId;
use acquit_domain::{Cents, Rule};
use jiff::civil::Date;

use super::Errors;
use super::text::{date, number};
use crate::dto::{ChargebackForm, FieldError};

fn read_amount(typed: &str) -> Result<Cents, Rule> {
    if typed.trim().is_empty() {
        return Err(Rule::Empty);
    }
    Cents::parse(&number(typed))
}

/// An amount by itself, at `amount`.
pub(crate) fn amount(typed: &str) -> Result<Cents, Vec<FieldError>> {
    let mut errors = Errors::default();
    let amount = errors.take("amount", read_amount(typed));
    errors.judge(amount)
}

/// A day by itself, at `date`; nothing when blank.
pub(crate) fn optional_date(typed: &str, today: Date) -> Result<Option<Date>, Vec<FieldError>> {
    let mut errors = Errors::default();
    let day = errors.optional("date", typed, |typed| date(typed, today));
    errors.judge(Some(day))
}

/// A chargeback.
pub(crate) fn chargeback(
    form: &ChargebackForm,
    today: Date,
) -> Result<NewChargeback, Vec<FieldError>> {
    let mut errors = Errors::default();
    let payment = errors.optional("payment", &form.payment, |typed| {
        PaymentId::parse(typed).ok_or(Rule::UnknownChoice)
    });
    let amount = errors.take("amount", read_amount(&form.amount));
    let date = errors.optional("date", &form.date, |typed| date(typed, today));
    let read = amount.map(|amount| NewChargeback {
        payment,
        amount: Some(amount),
        date,
    });
    errors.judge(read)
}

#[cfg(test)]
mod tests {
    use super::{amount, chargeback, optional_date};
    use crate::dto::ChargebackForm;
    use acquit_domain::Cents;
    use jiff::civil::date;

    #[test]
    fn what_is_typed_is_read_or_refused_at_its_field() {
        assert_eq!(amount("1 250,50 €").unwrap(), Cents::new(125_050));
        for wrong in ["", "beaucoup", "1,234"] {
            assert_eq!(amount(wrong).unwrap_err()[0].field, "amount", "{wrong}");
        }
        let today = date(2026, 11, 24);
        assert_eq!(optional_date(" ", today).unwrap(), None);
        assert_eq!(
            optional_date("3/11", today).unwrap(),
            Some(date(2026, 11, 3))
        );
        assert_eq!(optional_date("hier", today).unwrap_err()[0].field, "date");
    }

    #[test]
    fn a_chargeback_names_every_wrong_field_at_once() {
        let form = ChargebackForm {
            payment: "le dernier".to_owned(),
            amount: "tout".to_owned(),
            date: "hier".to_owned(),
        };
        let errors = chargeback(&form, date(2026, 11, 24)).unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["payment", "amount", "date"]);
    }
}
