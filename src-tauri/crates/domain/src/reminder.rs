//! Reminders (*relances*): which one an invoice is due for on a day, and what late payment costs a
//! professional.

use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::customer::CustomerKind;
use crate::error::{At, Error, Rule};
use crate::money::Cents;
use crate::quantity::Percent;

/// Days that lie between two reminders of one invoice at least, whatever was missed.
pub const GAP_DAYS: i32 = 7;
/// The most days before or after the due date that a level may stand at.
pub const DAYS_MAX: u16 = 365;
/// Flat compensation for recovery costs, per invoice (C. com. art. D441-5).
pub const RECOVERY_FEE: Cents = Cents::new(4_000);

/// How firmly a reminder speaks, from the mildest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Before the due date: nothing is late.
    BeforeDue,
    /// It may have been forgotten.
    First,
    /// It was asked for already.
    Second,
    /// The last one before the formal notice.
    Third,
    /// *Mise en demeure* (C. civ. art. 1344).
    FormalNotice,
}

/// What may stand together in one mail, which says the mildest of what its invoices are due for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tone {
    /// Nothing is late.
    Early,
    /// Something is late.
    Late,
    /// The last word before a formal notice is said of nothing else.
    Last,
    /// A formal notice names nothing but what it is about.
    Formal,
}

impl Level {
    /// All of them, mildest first.
    pub const ALL: [Self; 5] = [
        Self::BeforeDue,
        Self::First,
        Self::Second,
        Self::Third,
        Self::FormalNotice,
    ];

    /// The stable word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::BeforeDue => "before_due",
            Self::First => "first",
            Self::Second => "second",
            Self::Third => "third",
            Self::FormalNotice => "formal_notice",
        }
    }

    /// The level with a stable word.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }

    /// With which others it may share a mail.
    #[must_use]
    pub const fn tone(self) -> Tone {
        match self {
            Self::BeforeDue => Tone::Early,
            Self::First | Self::Second => Tone::Late,
            Self::Third => Tone::Last,
            Self::FormalNotice => Tone::Formal,
        }
    }
}

/// When a level is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which level.
    pub level: Level,
    /// Whether it is proposed at all.
    pub is_on: bool,
    /// Days after the due date; before it for [`Level::BeforeDue`].
    pub days: u16,
}

/// A reminder that an invoice had: how firm, on which day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Past {
    /// Its level.
    pub level: Level,
    /// The day it was written.
    pub day: Date,
}

/// When reminders are proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReminderPlan {
    steps: [Step; 5],
    /// Yearly rate of late penalties; none says it in words (three times the legal interest).
    penalty_rate: Option<Percent>,
}

impl Default for ReminderPlan {
    /// +7, +15, +30, formal notice at +45; nothing before the due date.
    fn default() -> Self {
        let days = [5, 7, 15, 30, 45];
        let mut steps = Level::ALL.map(|level| Step {
            level,
            is_on: level != Level::BeforeDue,
            days: 0,
        });
        for (step, days) in steps.iter_mut().zip(days) {
            step.days = days;
        }
        Self {
            steps,
            penalty_rate: None,
        }
    }
}

impl ReminderPlan {
    /// A plan from one entry per level, mildest first: `(is_on, days)`.
    ///
    /// # Errors
    /// [`Rule::TooLarge`] at `steps.<level>` beyond [`DAYS_MAX`]; [`Rule::NotLater`] where a level does
    /// not come after the milder ones that are proposed; [`Rule::NotPositive`] at `penalty_rate`.
    pub fn new(entries: [(bool, u16); 5], penalty_rate: Option<Percent>) -> Result<Self, Error> {
        let mut last = None;
        let mut steps = Self::default().steps;
        for (step, (is_on, days)) in steps.iter_mut().zip(entries) {
            let field = format!("steps.{}", step.level.code());
            if days > DAYS_MAX {
                return Err(Rule::TooLarge).at(&field);
            }
            if step.level != Level::BeforeDue && is_on {
                if days == 0 || last.is_some_and(|last| days <= last) {
                    return Err(Rule::NotLater).at(&field);
                }
                last = Some(days);
            }
            (step.is_on, step.days) = (is_on, days);
        }
        if penalty_rate.is_some_and(Percent::is_zero) {
            return Err(Rule::NotPositive).at("penalty_rate");
        }
        Ok(Self {
            steps,
            penalty_rate,
        })
    }

    /// When each level is due, mildest first.
    #[must_use]
    pub const fn steps(&self) -> &[Step; 5] {
        &self.steps
    }

    /// Yearly rate of late penalties.
    #[must_use]
    pub const fn penalty_rate(&self) -> Option<Percent> {
        self.penalty_rate
    }

    /// The last due date that anything could be proposed for on a day.
    #[must_use]
    pub fn horizon(&self, today: Date) -> Date {
        let early = self.steps.iter().filter(|step| step.is_on);
        let early = early.filter(|step| step.level == Level::BeforeDue);
        let days = early.map(|step| i64::from(step.days)).max().unwrap_or(0);
        today.saturating_add(Span::new().days(days))
    }

    /// The reminder that an invoice is due for on a day: the next level after those it had, one at a
    /// time, so that nobody is given formal notice who was not asked kindly before; and not within
    /// [`GAP_DAYS`] of the last, so that missed days are caught up once. Nobody is told beforehand what the
    /// invoice itself told them within these days.
    #[must_use]
    pub fn proposed(&self, issued: Date, due: Date, past: &[Past], today: Date) -> Option<Level> {
        let had = past.iter().map(|past| past.level).max();
        let next = self.steps.iter().find(|step| {
            step.is_on && Some(step.level) > had && !(step.level == Level::BeforeDue && today > due)
        })?;
        let days = Span::new().days(i64::from(next.days));
        let from = match next.level {
            Level::BeforeDue => due.saturating_sub(days).max(rested(issued)),
            _ => due.saturating_add(days),
        };
        let last = past.iter().map(|past| past.day).max();
        let is_rested = last.is_none_or(|last| today >= rested(last));
        (today >= from && is_rested).then_some(next.level)
    }
}

/// From when on an invoice may be spoken of again.
fn rested(last: Date) -> Date {
    last.saturating_add(Span::new().days(GAP_DAYS))
}

/// What late payment adds to an invoice of a professional (C. com. art. L441-10): penalties at a yearly
/// rate, where it is known, and the flat compensation. Consumers owe neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LateCosts {
    /// Penalties from the day after the due date to today.
    pub penalties: Cents,
    /// Compensation for recovery costs.
    pub compensation: Cents,
}

/// What an invoice that is `days` late costs its customer besides `due`.
#[must_use]
pub fn late_costs(
    kind: CustomerKind,
    due: Cents,
    days: i32,
    yearly_rate: Option<Percent>,
) -> LateCosts {
    if kind == CustomerKind::Private || days <= 0 || !due.is_positive() {
        return LateCosts::default();
    }
    LateCosts {
        penalties: yearly_rate.map_or(Cents::ZERO, |rate| rate.a_year_of(due, days)),
        compensation: RECOVERY_FEE,
    }
}

#[cfg(test)]
mod tests;
