//! *Comptabilité › TVA*: VAT due of a period, and its files.

use acquit_app::{Error, VatPeriod};
use acquit_domain::vat::VatTreatment;
use tauri::State;

use super::{Answer, at_the_desk, write_below};
use crate::dto::VatPage;
use crate::failure::Failure;
use crate::state::Desk;

fn read(period: &str) -> Answer<VatPeriod> {
    VatPeriod::parse(period)
        .map_err(|rule| Failure::from(Error::Broken(acquit_domain::Error::at("period", rule))))
}

/// VAT due of a period (empty: the month of today), with the rows of one rate or of all (empty).
#[tauri::command]
#[specta::specta]
pub(crate) async fn vat_return(
    desk: State<'_, Desk>,
    period: String,
    rate: String,
) -> Answer<VatPage> {
    at_the_desk(&desk.session()?, move |session| {
        let period = match period.as_str() {
            "" => VatPeriod::month_of(session.acquit.today()),
            period => read(period)?,
        };
        let rate = match rate.as_str() {
            "" => None,
            rate => {
                let treatment = VatTreatment::new(None, Some(rate)).ok();
                let rate = treatment.and_then(VatTreatment::rate);
                Some(rate.ok_or_else(|| Failure::unknown_word("rate"))?)
            }
        };
        let found = session.acquit.vat_return(period)?;
        Ok(VatPage::of(found, session.acquit.vat_basis()?, rate))
    })
    .await
}

/// Writes `csv`, `pdf` or `payments` of a period below the person's documents; the path of the file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_vat(
    desk: State<'_, Desk>,
    period: String,
    what: String,
) -> Answer<String> {
    let folder = desk.documents("Comptabilité").join("TVA");
    at_the_desk(&desk.session()?, move |session| {
        let (acquit, period) = (&session.acquit, read(&period)?);
        let (name, bytes) = match what.as_str() {
            "csv" => ("TVA exigible", acquit.vat_csv(&acquit.vat_return(period)?)?),
            "pdf" => ("TVA exigible", acquit.vat_pdf(&acquit.vat_return(period)?)?),
            "payments" => {
                let (from, to) = period.days();
                let rows = acquit.payments_to_report(from, to)?;
                ("Encaissements à déclarer", acquit.payments_csv(&rows)?)
            }
            _ => return Err(Failure::unknown_word("what")),
        };
        let ending = if what == "pdf" { "pdf" } else { "csv" };
        write_below(
            &folder,
            &format!("{name} {}.{ending}", period.code()),
            &bytes,
        )
    })
    .await
}
