//! What outlives the window besides companies: what was typed of a company that is not made yet.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::dto::CompanyForm;

const FILE: &str = "preferences.json";

/// What is kept.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    new_company: Option<CompanyForm>,
}

/// The kept file.
#[derive(Debug)]
pub(crate) struct Preferences {
    path: PathBuf,
    kept: Kept,
}

impl Preferences {
    /// Reads what was kept; a file that cannot be read counts as empty, it holds nothing dear.
    pub(crate) fn read(folder: &Path) -> Self {
        let path = folder.join(FILE);
        let kept = fs::read(&path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        Self { path, kept }
    }

    /// What was typed of a new company.
    pub(crate) fn new_company(&self) -> Option<CompanyForm> {
        self.kept.new_company.clone()
    }

    /// Keeps what was typed of a new company, or drops it.
    pub(crate) fn set_new_company(&mut self, form: Option<CompanyForm>) -> io::Result<()> {
        if self.kept.new_company == form {
            return Ok(());
        }
        self.kept.new_company = form;
        self.write()
    }

    /// Beside the target first, so that a crash leaves the old file or the new one.
    fn write(&self) -> io::Result<()> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let partial = self.path.with_extension("partial");
        let mut file = fs::File::create(&partial)?;
        serde_json::to_writer(&mut file, &self.kept)?;
        file.flush()?;
        file.sync_all()?;
        fs::rename(&partial, &self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::Preferences;
    use crate::dto::CompanyForm;

    #[test]
    fn typed_text_is_there_at_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let form = CompanyForm {
            name: "Ferrand".to_owned(),
            ..CompanyForm::default()
        };
        let mut preferences = Preferences::read(folder.path());
        assert_eq!(preferences.new_company(), None);
        preferences.set_new_company(Some(form.clone())).unwrap();
        assert_eq!(Preferences::read(folder.path()).new_company(), Some(form));
        std::fs::write(folder.path().join("preferences.json"), "{").unwrap();
        assert_eq!(Preferences::read(folder.path()).new_company(), None);
    }
}
