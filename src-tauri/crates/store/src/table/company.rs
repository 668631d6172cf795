//! The company, and the PayPlug accounts that it is connected to.

use acquit_domain::company::Company;
use acquit_domain::id::FileId;
use acquit_domain::link::{FileNature, Mode};
use acquit_domain::remote::{AccountLimits, AccountPermissions};
use jiff::Timestamp;
use rusqlite::Row;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::migrate::Step;
use crate::rows::{instant, json, text, to_json, to_word, word};
use crate::{Reader, Writer};

pub(crate) const STEPS: &[Step] = &[Step {
    id: "2026-11-23-10-company",
    sql: "CREATE TABLE migrations (
            id TEXT PRIMARY KEY,
            applied_at INTEGER NOT NULL
          ) STRICT, WITHOUT ROWID;
          CREATE TABLE company (
            singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
            file_id TEXT NOT NULL,
            nature TEXT NOT NULL CHECK (nature IN ('real', 'trial', 'demonstration')),
            body TEXT NOT NULL,
            logo BLOB,
            created_at INTEGER NOT NULL
          ) STRICT;
          -- What a file is for is decided once: a trial never becomes real (payment-links.md section 3).
          CREATE TRIGGER company_nature BEFORE UPDATE OF nature, file_id ON company
            WHEN NEW.file_id <> OLD.file_id OR (NEW.nature <> OLD.nature AND NOT (OLD.nature = 'real' AND NEW.nature = 'trial'))
            BEGIN SELECT RAISE(ABORT, 'frozen: company'); END;
          CREATE TABLE connections (
            mode TEXT PRIMARY KEY CHECK (mode IN ('demo', 'test', 'live')),
            limits TEXT NOT NULL,
            form TEXT NOT NULL CHECK (form IN ('sent_by_other', 'hosted')),
            current INTEGER NOT NULL CHECK (current IN (0, 1)),
            connected_at INTEGER NOT NULL
          ) STRICT, WITHOUT ROWID;",
}, Step {
    id: "2026-11-25-10-kept-keys",
    sql: "ALTER TABLE company ADD COLUMN force_3ds INTEGER NOT NULL DEFAULT 0 CHECK (force_3ds IN (0, 1));
          -- Whether the key still lies in the keychain, so that links of its mode are read with it.
          ALTER TABLE connections ADD COLUMN kept INTEGER NOT NULL DEFAULT 1 CHECK (kept IN (0, 1));
          ALTER TABLE connections ADD COLUMN permissions TEXT NOT NULL DEFAULT '{}';",
}];

/// The company of a file.
#[derive(Clone, Debug)]
pub struct CompanyRow {
    /// Identity of the file (names its keychain items).
    pub file_id: FileId,
    /// What the file is for.
    pub nature: FileNature,
    /// The company as of now.
    pub company: Company,
    /// Its logo's bytes.
    pub logo: Option<Vec<u8>>,
}

/// Which form of payment the account takes (`payment-links.md` § 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentForm {
    /// `hosted_payment.sent_by = "OTHER"`: a link that we send ourselves.
    SentByOther,
    /// A plain hosted page with return addresses.
    Hosted,
}

/// A PayPlug account that is or was connected in one mode.
#[derive(Clone, Debug)]
pub struct ConnectionRow {
    /// Mode of its key.
    pub mode: Mode,
    /// What the account allows.
    pub limits: AccountLimits,
    /// Which form it takes.
    pub form: PaymentForm,
    /// What PayPlug has opened for it.
    pub permissions: AccountPermissions,
    /// Whether new links are made with it.
    pub is_current: bool,
    /// Whether its key is still in the keychain.
    pub is_kept: bool,
    /// When it was connected.
    pub connected_at: Timestamp,
}

fn connection(row: &Row<'_>) -> rusqlite::Result<ConnectionRow> {
    Ok(ConnectionRow {
        mode: word(row, "mode")?,
        limits: json(row, "limits")?,
        form: word(row, "form")?,
        permissions: json(row, "permissions")?,
        is_current: row.get("current")?,
        is_kept: row.get("kept")?,
        connected_at: instant(row, "connected_at")?,
    })
}

impl Reader<'_> {
    /// The company of the file, if it was set.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn company(&self) -> Result<Option<CompanyRow>, Error> {
        self.first(
            "SELECT file_id, nature, body, logo FROM company",
            [],
            |row| {
                Ok(CompanyRow {
                    file_id: text(row, "file_id")?,
                    nature: word(row, "nature")?,
                    company: json(row, "body")?,
                    logo: row.get("logo")?,
                })
            },
        )
    }

    /// The account that new links are made with.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn current_connection(&self) -> Result<Option<ConnectionRow>, Error> {
        self.first(
            "SELECT * FROM connections WHERE current = 1",
            [],
            connection,
        )
    }

    /// Whether 3-D Secure is always asked for, or left to PayPlug.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn force_3ds(&self) -> Result<bool, Error> {
        let found = self.first("SELECT force_3ds FROM company", [], |row| row.get(0))?;
        Ok(found.unwrap_or(false))
    }

    /// Every account that was ever connected.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn connections(&self) -> Result<Vec<ConnectionRow>, Error> {
        self.all("SELECT * FROM connections ORDER BY mode", [], connection)
    }
}

impl Writer<'_> {
    /// Sets the company of a new file.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn insert_company(&self, row: &CompanyRow, now: Timestamp) -> Result<(), Error> {
        self.execute(
            "INSERT INTO company (singleton, file_id, nature, body, logo, created_at) VALUES (1, ?1, ?2, ?3, ?4, ?5)",
            (row.file_id.to_string(), to_word(&row.nature)?, to_json(&row.company)?, &row.logo, now.as_microsecond()),
        )?;
        Ok(())
    }

    /// Changes the company; finalised documents keep the one they were issued by.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn update_company(&self, company: &Company, logo: Option<&[u8]>) -> Result<(), Error> {
        self.execute(
            "UPDATE company SET body = ?1, logo = ?2",
            (to_json(company)?, logo),
        )?;
        Ok(())
    }

    /// Takes the current connection back: its key is no longer kept, and nothing is asked of PayPlug
    /// with it any more.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn disconnect(&self) -> Result<(), Error> {
        self.execute(
            "UPDATE connections SET current = 0, kept = 0 WHERE current = 1",
            [],
        )?;
        Ok(())
    }

    /// Records that the key of a mode was found to be gone from the keychain.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn forget_key(&self, mode: Mode) -> Result<(), Error> {
        self.execute(
            "UPDATE connections SET kept = 0 WHERE mode = ?1 AND current = 0",
            [to_word(&mode)?],
        )?;
        Ok(())
    }

    /// Marks a real file as a trial, for ever.
    ///
    /// # Errors
    /// [`Error::Frozen`] for a file of another nature.
    pub fn mark_trial(&self) -> Result<(), Error> {
        self.execute("UPDATE company SET nature = 'trial'", [])?;
        Ok(())
    }

    /// Connects an account: its key is kept, and new links are made with it from now on.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_connection(&self, row: &ConnectionRow) -> Result<(), Error> {
        self.execute("UPDATE connections SET current = 0", [])?;
        self.execute(
            "INSERT INTO connections (mode, limits, permissions, form, current, kept, connected_at)
             VALUES (?1, ?2, ?3, ?4, 1, 1, ?5)
             ON CONFLICT (mode) DO UPDATE SET limits = ?2, permissions = ?3, form = ?4, current = 1, kept = 1,
               connected_at = ?5",
            (
                to_word(&row.mode)?,
                to_json(&row.limits)?,
                to_json(&row.permissions)?,
                to_word(&row.form)?,
                row.connected_at.as_microsecond(),
            ),
        )?;
        Ok(())
    }

    /// Records what an account allows now.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_account(
        &self,
        mode: Mode,
        limits: &AccountLimits,
        permissions: &AccountPermissions,
    ) -> Result<(), Error> {
        self.execute(
            "UPDATE connections SET limits = ?2, permissions = ?3 WHERE mode = ?1",
            (to_word(&mode)?, to_json(limits)?, to_json(permissions)?),
        )?;
        Ok(())
    }

    /// Records whether 3-D Secure is always asked for.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_force_3ds(&self, force: bool) -> Result<(), Error> {
        self.execute("UPDATE company SET force_3ds = ?1", [force])?;
        Ok(())
    }

    /// Remembers which form the account takes.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn set_payment_form(&self, mode: Mode, form: PaymentForm) -> Result<(), Error> {
        self.execute(
            "UPDATE connections SET form = ?2 WHERE mode = ?1",
            (to_word(&mode)?, to_word(&form)?),
        )?;
        Ok(())
    }
}
