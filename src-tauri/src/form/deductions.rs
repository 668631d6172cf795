//! Reads what is taken off the net due: the retention has a field of its own, all else a row of a list.

use acquit_domain::invoice::{Deduction, DeductionKind, DeductionValue};
use acquit_domain::quantity::Percent;
use acquit_domain::{Cents, Rule};
use jiff::civil::Date;

use super::Errors;
use super::lines::{comma, percent, shown_percent};
use super::text::{date, number};
use crate::dto::{DeductionForm, InvoiceForm};

/// Deductions as they are read, and the field of the form that each comes from.
#[derive(Default)]
pub(super) struct ReadDeductions {
    pub(super) deductions: Vec<Deduction>,
    pub(super) places: Vec<String>,
}

/// Reads the retention and the other deductions; a row without a figure says nothing.
pub(super) fn deductions(errors: &mut Errors, form: &InvoiceForm, today: Date) -> ReadDeductions {
    let mut read = ReadDeductions::default();
    if let Some(retention) = read_retention(errors, form, today) {
        read.deductions.push(retention);
        read.places.push("retention_percent".to_owned());
    }
    for (index, row) in form.deductions.iter().enumerate() {
        let field = format!("deductions[{index}].value");
        let value = errors.optional(&field, &row.value, |typed| value(row, typed));
        if let Some(value) = value {
            let kind = kind(&row.kind);
            read.deductions.push(Deduction::new(kind, value));
            read.places.push(field);
        }
    }
    read
}

/// The retention, with its day or the bond that stands in for it.
fn read_retention(errors: &mut Errors, form: &InvoiceForm, today: Date) -> Option<Deduction> {
    let held = percent(errors, "retention_percent", &form.retention_percent);
    let release_on = errors.optional("retention_release", &form.retention_release, |typed| {
        date(typed, today)
    });
    let held = held.filter(|percent| *percent != Percent::ZERO);
    if release_on.is_some() && (held.is_none() || form.retention_bond) {
        errors.note("retention_release", &Rule::OnlyForRetention);
    }
    held.map(|percent| Deduction {
        release_on,
        bond: form.retention_bond,
        ..Deduction::new(DeductionKind::Retention, DeductionValue::Percent(percent))
    })
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

/// Deductions as a person would have typed them.
pub(super) struct Shown {
    /// The retention, in per cent.
    pub(super) retention: String,
    /// When it is to be released.
    pub(super) release_on: Option<Date>,
    /// Whether a bond stands in for it.
    pub(super) bond: bool,
    /// All else, a row each.
    pub(super) others: Vec<DeductionForm>,
}

/// The retention's fields and the other rows.
pub(super) fn shown(deductions: &[Deduction]) -> Shown {
    let place = deductions.iter().position(|one| retention(one).is_some());
    let held = place.map(|place| &deductions[place]);
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
    Shown {
        retention: held
            .and_then(retention)
            .map_or_else(String::new, shown_percent),
        release_on: held.and_then(|held| held.release_on),
        bond: held.is_some_and(|held| held.bond),
        others: rows.collect(),
    }
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
    use jiff::civil::{Date, date};

    const TODAY: Date = date(2026, 11, 24);

    fn percent(kind: DeductionKind, decimal: &str) -> Deduction {
        let value = DeductionValue::Percent(Percent::parse(decimal).unwrap());
        Deduction::new(kind, value)
    }

    fn amount(kind: DeductionKind, cents: i64) -> Deduction {
        let value = DeductionValue::Amount(Cents::new(cents));
        Deduction::new(kind, value)
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
        let typed = shown(&stored);
        assert_eq!(typed.retention, "5");
        let expected = [
            row("prorata", false, "1,5"),
            row("retention", true, "100,00"),
            row("retention", false, "2"),
            row("other", true, "25,00"),
        ];
        assert_eq!(typed.others, expected);
        let mut errors = Errors::default();
        let read = deductions(&mut errors, &form(&typed.retention, typed.others), TODAY);
        assert_eq!(read.deductions, stored);
        assert!(errors.judge(Some(())).is_ok());
    }

    #[test]
    fn the_release_and_the_bond_of_the_retention_are_read_and_shown() {
        let again = |stored: Deduction| {
            let typed = shown(&[stored]);
            let release = typed.release_on;
            let day = release.map_or_else(String::new, |day| day.strftime("%d/%m/%Y").to_string());
            let form = InvoiceForm {
                retention_release: day,
                retention_bond: typed.bond,
                ..form(&typed.retention, typed.others)
            };
            let mut errors = Errors::default();
            let read = deductions(&mut errors, &form, TODAY);
            assert!(errors.judge(Some(())).is_ok());
            assert_eq!(read.deductions, [stored]);
        };
        let held = percent(DeductionKind::Retention, "5");
        again(Deduction {
            release_on: Some(date(2027, 6, 30)),
            ..held
        });
        again(Deduction { bond: true, ..held });
        let without = InvoiceForm {
            retention_release: "30/06/2027".to_owned(),
            ..form("", Vec::new())
        };
        let mut errors = Errors::default();
        deductions(&mut errors, &without, TODAY);
        let errors = errors.judge(Some(())).unwrap_err();
        assert_eq!(errors[0].field, "retention_release");
    }

    #[test]
    fn what_cannot_be_taken_off_is_told_at_its_row() {
        let rows = vec![
            row("prorata", false, ""),
            row("other", true, "-5"),
            row("other", false, "101"),
        ];
        let mut errors = Errors::default();
        let read = deductions(&mut errors, &form("0", rows), TODAY);
        assert!(read.deductions.is_empty());
        let errors = errors.judge(Some(())).unwrap_err();
        let told: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(told, ["deductions[1].value", "deductions[2].value"]);
    }
}
