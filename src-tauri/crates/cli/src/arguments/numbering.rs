//! The command on how documents are numbered.

use acquit_domain::Rule;
use acquit_domain::numbering::{COUNTER_MAX, NumberRule, Pattern, Series, first_counter};
use clap::Args;

use super::{BadValue, Data};

/// How documents are numbered. One thing is changed at a time, so that what is refused changes nothing.
#[derive(Debug, Args)]
pub(crate) struct Numbering {
    /// Which file.
    #[command(flatten)]
    pub(crate) data: Data,
    /// Modèle d’une série (invoice, credit_note ou deposit), par exemple invoice=F-{AAAA}-{NNNNN}
    #[arg(long, value_name = "SÉRIE=MODÈLE", value_parser = to_set, conflicts_with = "start")]
    pub(crate) set: Option<(Series, Pattern)>,
    /// Premier numéro d’une série dont les précédents viennent d’un autre logiciel, par exemple invoice=43
    #[arg(long, value_name = "SÉRIE=N", value_parser = to_start)]
    pub(crate) start: Option<(Series, u32)>,
}

fn to_set(text: &str) -> Result<(Series, Pattern), BadValue> {
    let (series, pattern) = of_series(text)?;
    let pattern = Pattern::parse(pattern).map_err(BadValue::Rule)?;
    Ok((series, pattern))
}

fn to_start(text: &str) -> Result<(Series, u32), BadValue> {
    let (series, number) = of_series(text)?;
    let number = number
        .parse()
        .map_err(|_| Rule::from(NumberRule::NotACounter { most: COUNTER_MAX }))
        .and_then(first_counter);
    Ok((series, number.map_err(BadValue::Rule)?))
}

/// The series before `=`, and what is said of it.
fn of_series(text: &str) -> Result<(Series, &str), BadValue> {
    let (series, said) = text.split_once('=').unwrap_or((text, ""));
    let codes = || Series::ALL.iter().map(|series| series.code()).collect();
    match Series::from_code(series) {
        Ok(series) => Ok((series, said)),
        Err(_) => Err(BadValue::Choice(codes())),
    }
}
