//! Reads what is taken off the net due: the retention has a field of its own, all else a row of a list.

use acquit_domain::invoice::{Deduction, DeductionKind, DeductionValue};
use acquit_domain::quantity::Percent;
use acquit_domain::{Cents, Rule};

use super::Errors;
use super::lines::{comma, percent, shown_percent};
use super::text::number;
use crate::dto::{DeductionForm, InvoiceForm};

/// Deductions as they are read, and the field of the form that each comes from.
#[derive(Default)]
pub(super) struct ReadDeductions {
    pub(super) deductions: Vec<Deduction>,
    pub(super) places: Vec<String>,
}

/// Reads the retention and the other deductions; a row without a figure says nothing.
pub(super) fn deductions(errors: &mut Errors, form: &InvoiceForm) -> ReadDeductions {
    let mut read = ReadDeductions::default();
    let retention = percent(errors, "retention_percent", &form.retention_percent);
    if let Some(percent) = retention.filter(|percent| *percent != Percent::ZERO) {
        read.deductions.push(Deduction {
            kind: DeductionKind::Retention,
            value: DeductionValue::Percent(percent),
        });
        read.places.push("retention_percent".to_owned());
    }
    for (index, row) in form.deductions.iter().enumerate() {
        let field = format!("deductions[{index}].value");
        let value = errors.optional(&field, &row.value, |typed| value(row, typed));
        if let Some(value) = value {
            let kind = kind(&row.kind);
            read.deductions.push(Deduction { kind, value });
            read.places.push(field);
        }
    }
    read
}

fn value(row: &DeductionForm, typed: &str) -> Result<DeductionValue, Rule> {
    if row.is_amount {
        let amount = Cents::parse(&number(typed))?;
        let positive = amount.is_positive().then_some(amount);
        positive
            .map(DeductionValue::Amount)
            .ok_or(Rule::NotPositive)
    } else {
        Percent::parse(&number(typed)).map(DeductionValue::Percent)
    }
}

fn kind(word: &str) -> DeductionKind {
    match word {
        "retention" => DeductionKind::Retention,
        "prorata" => DeductionKind::Prorata,
        _ => DeductionKind::Other,
    }
}

const fn word(kind: DeductionKind) -> &'static str {
    match kind {
        DeductionKind::Retention => "retention",
        DeductionKind::Prorata => "prorata",
        DeductionKind::Other => "other",
    }
}

/// The retention's field and the other rows, as a person would have typed them.
pub(super) fn shown(deductions: &[Deduction]) -> (String, Vec<DeductionForm>) {
    let place = deductions.iter().position(|one| retention(one).is_some());
    let retention = place.and_then(|place| retention(&deductions[place]));
    let others = deductions
        .iter()
        .enumerate()
        .filter(|(index, _)| Some(*index) != place);
    let rows = others.map(|(_, one)| DeductionForm {
        kind: word(one.kind).to_owned(),
        is_amount: matches!(one.value, DeductionValue::Amount(_)),
        value: match one.value {
            DeductionValue::Percent(percent) => comma(&percent.decimal()),
            DeductionValue::Amount(amount) => comma(&amount.decimal()),
        },
    });
    (
        retention.map_or_else(String::new, shown_percent),
        rows.collect(),
    )
}

fn retention(deduction: &Deduction) -> Option<Percent> {
    match (deduction.kind, deduction.value) {
        (DeductionKind::Retention, DeductionValue::Percent(percent)) => Some(percent),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{deductions, shown};
    use crate::dto::{DeductionForm, InvoiceForm};
    use crate::form::Errors;
    use acquit_domain::Cents;
    use acquit_domain::invoice::{Deduction, DeductionKind, DeductionValue};
    use acquit_domain::quantity::Percent;

    fn percent(kind: DeductionKind, decimal: &str) -> Deduction {
        let value = DeductionValue::Percent(Percent::parse(decimal).unwrap());
        Deduction { kind, value }
    }

    fn amount(kind: DeductionKind, cents: i64) -> Deduction {
        let value = DeductionValue::Amount(Cents::new(cents));
        Deduction { kind, value }
    }

    fn form(retention: &str, rows: Vec<DeductionForm>) -> InvoiceForm {
        InvoiceForm {
            retention_percent: retention.to_owned(),
            deductions: rows,
            ..InvoiceForm::default()
        }
    }

    fn row(kind: &str, is_amount: bool, value: &str) -> DeductionForm {
        DeductionForm {
            kind: kind.to_owned(),
            is_amount,
            value: value.to_owned(),
        }
    }

    #[test]
    fn every_deduction_of_a_draft_can_be_shown_and_read_again() {
        use DeductionKind::{Other, Prorata, Retention};
        let stored = [
            percent(Retention, "5"),
            percent(Prorata, "1.5"),
            amount(Retention, 10_000),
            percent(Retention, "2"),
            amount(Other, 2_500),
        ];
        let (retention, rows) = shown(&stored);
        assert_eq!(retention, "5");
        let expected = [
            row("prorata", false, "1,5"),
            row("retention", true, "100,00"),
            row("retention", false, "2"),
            row("other", true, "25,00"),
        ];
        assert_eq!(rows, expected);
        let mut errors = Errors::default();
        let read = deductions(&mut errors, &form(&retention, rows));
        assert_eq!(read.deductions, stored);
        assert!(errors.judge(Some(())).is_ok());
    }

    #[test]
    fn what_cannot_be_taken_off_is_told_at_its_row() {
        let rows = vec![
            row("prorata", false, ""),
            row("other", true, "-5"),
            row("other", false, "101"),
        ];
        let mut errors = Errors::default();
        let read = deductions(&mut errors, &form("0", rows));
        assert!(read.deductions.is_empty());
        let errors = errors.judge(Some(())).unwrap_err();
        let told: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(told, ["deductions[1].value", "deductions[2].value"]);
    }
}
