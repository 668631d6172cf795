//! The owner's plan of reminders.

use acquit_domain::Rule;
use acquit_domain::quantity::Percent;
use acquit_domain::reminder::{Level, ReminderPlan};

use super::text::number;
use super::{Errors, field_error};
use crate::dto::{FieldError, ReminderPlanForm};

/// Reads a plan.
///
/// # Errors
/// Every field that cannot be read (`steps.first`, `penalty_rate`); then the first that breaks a rule.
pub(crate) fn reminder_plan(form: &ReminderPlanForm) -> Result<ReminderPlan, Vec<FieldError>> {
    let mut errors = Errors::default();
    let mut entries = [(false, 0); 5];
    for (entry, level) in entries.iter_mut().zip(Level::ALL) {
        let step = form.steps.iter().find(|step| step.level == level.into());
        let Some(step) = step else { continue };
        let field = format!("steps.{}", level.code());
        let typed = step.days.trim();
        // What is off may be blank.
        let days = if typed.is_empty() && !step.is_on {
            Some(0)
        } else {
            errors.take_saying(&field, days(typed), NOT_DAYS)
        };
        *entry = (step.is_on, days.unwrap_or(0));
    }
    let rate = errors.optional("penalty_rate", &form.penalty_rate, |typed| {
        Percent::parse(&number(typed))
    });
    let entries = errors.judge(Some(entries))?;
    ReminderPlan::new(entries, rate)
        .map_err(|broken| vec![field_error(&broken.field, &broken.rule)])
}

const NOT_DAYS: &str = "Indiquez un nombre de jours, par exemple 7.";

fn days(typed: &str) -> Result<u16, Rule> {
    typed.parse().map_err(|_| Rule::NotADecimal)
}

#[cfg(test)]
mod tests {
    use super::reminder_plan;
    use crate::dto::ReminderPlanForm;
    use acquit_domain::quantity::Percent;
    use acquit_domain::reminder::ReminderPlan;

    #[test]
    fn a_plan_is_read_as_it_is_shown() {
        let plan = ReminderPlan::new(
            [(true, 3), (true, 8), (false, 0), (true, 20), (true, 60)],
            Percent::parse("12.15").ok(),
        );
        let plan = plan.unwrap();
        let form = ReminderPlanForm::from(&plan);
        assert_eq!(form.penalty_rate, "12,15");
        assert_eq!(reminder_plan(&form), Ok(plan));
    }

    #[test]
    fn every_field_that_cannot_be_read_is_named() {
        let mut form = ReminderPlanForm::from(&ReminderPlan::default());
        "sept".clone_into(&mut form.steps[1].days);
        "beaucoup".clone_into(&mut form.penalty_rate);
        let fields: Vec<String> = reminder_plan(&form)
            .unwrap_err()
            .into_iter()
            .map(|error| error.field)
            .collect();
        assert_eq!(fields, ["steps.first", "penalty_rate"]);
        let mut form = ReminderPlanForm::from(&ReminderPlan::default());
        "5".clone_into(&mut form.steps[2].days);
        let errors = reminder_plan(&form).unwrap_err();
        assert_eq!(errors[0].field, "steps.second");
        "12,345".clone_into(&mut form.penalty_rate);
        "15".clone_into(&mut form.steps[2].days);
        assert_eq!(reminder_plan(&form).unwrap_err()[0].field, "penalty_rate");
    }
}
