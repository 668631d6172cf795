//! `backup` and `restore`.

use std::path::Path;

use acquit_app::{Acquit, Parts};
use serde::Serialize;

use super::open;
use crate::arguments::Data;
use crate::error::Error;
use crate::output::{Answer, Form, sha256_of};
use crate::words::pick;

#[derive(Serialize)]
struct Document {
    file: String,
    sha256: String,
}

/// Writes a backup.
pub(super) fn back_up(data: &Data, output: &Path, form: Form) -> Result<Answer, Error> {
    open(data)?.back_up(output)?;
    let said = pick(form.lang, "Sauvegarde écrite :", "Backup written:");
    said_of(output, output, said, form)
}

/// Makes a company file of a backup.
pub(super) fn restore(backup: &Path, data: &Data, form: Form) -> Result<Answer, Error> {
    let acquit = Acquit::restore(backup, &data.folder, Parts::system())?;
    let said = pick(form.lang, "Dossier recréé :", "File restored:");
    said_of(acquit.path(), backup, said, form)
}

/// Names the file that was made, and the hash of the backup.
fn said_of(made: &Path, backup: &Path, said: &str, form: Form) -> Result<Answer, Error> {
    let document = Document {
        file: made.display().to_string(),
        sha256: sha256_of(backup)?,
    };
    Ok(Answer::new(form, &document, || {
        format!("{said} {}", document.file)
    }))
}
