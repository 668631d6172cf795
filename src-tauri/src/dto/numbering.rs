//! How documents are numbered.

use acquit_app::SeriesNumbering;
use acquit_domain::numbering::{Period, Series};
use serde::{Deserialize, Serialize};
use specta::Type;

use super::FieldError;

/// A series of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NumberSeries {
    /// Invoices.
    Invoice,
    /// Credit notes.
    CreditNote,
    /// Deposit invoices.
    Deposit,
}

impl From<Series> for NumberSeries {
    fn from(series: Series) -> Self {
        match series {
            Series::Invoice => Self::Invoice,
            Series::CreditNote => Self::CreditNote,
            Series::Deposit => Self::Deposit,
        }
    }
}

impl From<NumberSeries> for Series {
    fn from(series: NumberSeries) -> Self {
        match series {
            NumberSeries::Invoice => Self::Invoice,
            NumberSeries::CreditNote => Self::CreditNote,
            NumberSeries::Deposit => Self::Deposit,
        }
    }
}

/// How often a counter begins anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NumberPeriod {
    /// Never.
    Endless,
    /// Each year.
    Year,
    /// Each month.
    Month,
}

/// How a series stands.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct NumberingRow {
    /// Which series.
    pub(crate) series: NumberSeries,
    /// How it is spelled, as it is typed.
    pub(crate) pattern: String,
    /// Where its counter begins, as it is typed.
    pub(crate) first: String,
    /// The next number; nothing once the counter is full.
    pub(crate) next: Option<String>,
    /// How often its counter begins anew.
    pub(crate) period: NumberPeriod,
    /// Whether the counter has begun: where it begins is settled then.
    pub(crate) has_begun: bool,
}

impl From<SeriesNumbering> for NumberingRow {
    fn from(standing: SeriesNumbering) -> Self {
        Self {
            series: standing.series.into(),
            pattern: standing.pattern.text(),
            first: standing.first.to_string(),
            next: standing.next.map(|next| next.to_string()),
            period: match standing.period {
                Period::Endless => NumberPeriod::Endless,
                Period::Year(_) => NumberPeriod::Year,
                Period::Month(..) => NumberPeriod::Month,
            },
            has_begun: standing.has_begun,
        }
    }
}

/// What saving a pattern or a first number came to.
#[derive(Clone, Debug, Serialize, Type)]
pub(crate) struct NumberingAnswer {
    /// What cannot be read or is refused; nothing when it was kept.
    pub(crate) errors: Vec<FieldError>,
    /// Every series as it stands then.
    pub(crate) rows: Vec<NumberingRow>,
}
