//! One file that holds a whole company, and a company made of it again.

use std::path::Path;

use acquit_store::CompanyFile;

use crate::{Acquit, Error, Parts};

impl Acquit {
    /// Writes a backup: what the company file holds at one moment, checked, in one file that opens
    /// without Acquit (SQLite). Secrets are not in it; they stay in the keychain.
    ///
    /// # Errors
    /// A place that cannot be written, or is the company file itself.
    pub fn back_up(&self, to: &Path) -> Result<(), Error> {
        Ok(self.file.back_up(to)?)
    }

    /// Makes a company file in `folder` of a backup. What happened after the backup is not in it: payments
    /// come again with the next pull, mails that waited are for their owner to decide.
    ///
    /// # Errors
    /// [`Error::DamagedBackup`] for anything but a sound backup, one of a newer version, a folder that holds
    /// a company file. Nothing is left behind then.
    pub fn restore(backup: &Path, folder: &Path, parts: Parts) -> Result<Self, Error> {
        let restored = CompanyFile::restore(backup, folder, parts.now());
        let file = restored.map_err(|error| match error {
            acquit_store::Error::Damaged(_) => Error::DamagedBackup(backup.to_owned()),
            error => error.into(),
        })?;
        let acquit = Self {
            file,
            parts,
            reads: crate::background::Reads::default(),
        };
        let id = acquit.company_row()?.file_id;
        acquit
            .file
            .write(|writer| acquit.audit(writer, "file_restored", &id.to_string()))?;
        Ok(acquit)
    }
}
