//! `fill`: a file of any size, for measuring.

use acquit_app::{Clock, SystemClock, demo};
use serde::Serialize;

use crate::arguments::Data;
use crate::error::Error;
use crate::output::party::{self, CompanyDocument};
use crate::output::{Answer, Form};
use crate::words::pick;

/// Makes a demonstration file.
pub(super) async fn run(
    data: &Data,
    invoices: u32,
    seed: u64,
    form: Form,
) -> Result<Answer, Error> {
    #[derive(Serialize)]
    struct Document<'a> {
        data: String,
        company: CompanyDocument<'a>,
        invoices: u32,
    }
    let acquit = demo::fill(&data.folder, invoices, seed, SystemClock.now()).await?;
    let company = acquit.company()?;
    let folder = data.folder.display().to_string();
    let document = Document {
        data: folder.clone(),
        company: party::company(&company),
        invoices,
    };
    Ok(Answer::new(form, &document, || {
        let said = pick(form.lang, "factures dans", "invoices in");
        format!("{invoices} {said} {folder}")
    }))
}
