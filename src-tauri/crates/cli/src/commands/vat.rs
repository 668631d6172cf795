//! `vat`: VAT due of a period with the list behind it, and what was cashed for e-reporting.

use std::collections::BTreeMap;
use std::path::Path;

use acquit_app::{CashedRow, Listed, VatReturn, VatRow, cause_words};
use acquit_domain::date::french_short;
use acquit_domain::money::french_euros;
use acquit_domain::vat::{StandardRate, VatBasis, VatTreatment};
use serde::Serialize;

use super::open;
use crate::arguments::Vat;
use crate::error::Error;
use crate::output::{Answer, Form, write_file};
use crate::words::pick;

/// What is printed as JSON.
#[derive(Serialize)]
struct ReturnDocument {
    period: PeriodDocument,
    basis: VatBasis,
    rates: Vec<RateDocument>,
    rows: Vec<RowDocument>,
    total: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    payments: Option<Vec<PaymentDocument>>,
    files: Vec<String>,
}

#[derive(Serialize)]
struct PeriodDocument {
    from: String,
    to: String,
}

#[derive(Serialize)]
struct RateDocument {
    rate: String,
    base: String,
    vat: String,
}

#[derive(Serialize)]
struct RowDocument {
    date: String,
    piece: String,
    document: String,
    customer: String,
    cause: &'static str,
    rate: String,
    base: String,
    vat: String,
}

#[derive(Serialize)]
struct PaymentDocument {
    date: String,
    piece: String,
    document: String,
    customer: String,
    cause: &'static str,
    by_rate: BTreeMap<String, String>,
}

/// Prints the return, and writes the files that are asked for.
pub(super) fn run(asked: &Vat, form: Form) -> Result<Answer, Error> {
    let acquit = open(&asked.data)?;
    let found = acquit.vat_return(asked.period)?;
    let mut files = Vec::new();
    let mut keep = |path: &Path, bytes: Vec<u8>| {
        write_file(path, &bytes)?;
        files.push(path.display().to_string());
        Ok::<_, Error>(())
    };
    if let Some(path) = &asked.csv {
        keep(path, acquit.vat_csv(&found)?)?;
    }
    if let Some(path) = &asked.pdf {
        keep(path, acquit.vat_pdf(&found)?)?;
    }
    let mut payments = None;
    if let Some(path) = &asked.payments {
        let (from, to) = asked.period.days();
        let rows = acquit.payments_to_report(from, to)?;
        keep(path, acquit.payments_csv(&rows)?)?;
        payments = Some(rows.iter().map(payment).collect());
    }
    let (from, to) = found.period.days();
    let document = ReturnDocument {
        period: PeriodDocument {
            from: from.to_string(),
            to: to.to_string(),
        },
        basis: acquit.vat_basis()?,
        rates: found
            .rates
            .iter()
            .map(|sum| RateDocument {
                rate: rate(sum.rate),
                base: sum.base.decimal(),
                vat: sum.vat.decimal(),
            })
            .collect(),
        rows: found.rows.iter().map(row).collect(),
        total: found.total().decimal(),
        payments,
        files,
    };
    Ok(Answer::new(form, &document, || {
        text(&found, &document.files, form)
    }))
}

fn rate(rate: StandardRate) -> String {
    VatTreatment::Standard(rate).rate_decimal()
}

fn row(listed: &Listed<VatRow>) -> RowDocument {
    let row = &listed.row;
    RowDocument {
        date: row.date.to_string(),
        piece: row.piece.clone(),
        document: listed.document.to_string(),
        customer: listed.customer.clone(),
        cause: row.cause.code(),
        rate: rate(row.rate),
        base: row.base.decimal(),
        vat: row.vat.decimal(),
    }
}

fn payment(listed: &Listed<CashedRow>) -> PaymentDocument {
    let row = &listed.row;
    let by_rate = row.by_rate.iter();
    PaymentDocument {
        date: row.date.to_string(),
        piece: row.piece.clone(),
        document: listed.document.to_string(),
        customer: listed.customer.clone(),
        cause: row.cause.code(),
        by_rate: by_rate
            .map(|(of, amount)| (rate(*of), amount.decimal()))
            .collect(),
    }
}

/// For people who read a terminal: sums per rate, the list, the files.
fn text(found: &VatReturn, files: &[String], form: Form) -> String {
    let due = pick(form.lang, "TVA exigible", "VAT due");
    let (from, to) = found.period.days();
    let mut lines = vec![format!(
        "{due} {} – {} : {}",
        french_short(from),
        french_short(to),
        french_euros(found.total())
    )];
    let base = pick(form.lang, "base HT", "base excl. VAT");
    lines.extend(found.rates.iter().map(|sum| {
        let (rate, amount) = (rate(sum.rate), french_euros(sum.base));
        format!("  {rate} % : {} ({base} {amount})", french_euros(sum.vat))
    }));
    lines.extend(found.rows.iter().map(|listed| {
        let row = &listed.row;
        format!(
            "  {} {:<13} {} · {} · {} % : {}",
            french_short(row.date),
            listed.document.to_string(),
            listed.customer,
            pick_cause(row, form),
            rate(row.rate),
            french_euros(row.vat),
        )
    }));
    let written = pick(form.lang, "Fichier écrit :", "File written:");
    lines.extend(files.iter().map(|file| format!("{written} {file}")));
    lines.join("\n")
}

fn pick_cause(row: &VatRow, form: Form) -> &'static str {
    pick(form.lang, cause_words(row.cause), row.cause.code())
}
