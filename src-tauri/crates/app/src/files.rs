//! Making and opening company files.

use std::fs;
use std::path::Path;

use acquit_document::{LOGO_BYTES_MAX, Logo};
use acquit_domain::company::Company;
use acquit_domain::id::FileId;
use acquit_domain::link::FileNature;
use acquit_store::{Boundary, CompanyFile, CompanyRow};
use jiff::civil::Date;

use crate::bookkeeping::basis_from;
use crate::view::NewCompany;
use crate::{Acquit, Error, Parts};

impl Acquit {
    /// Makes a company file in `folder`.
    ///
    /// # Errors
    /// A logo that cannot be read, a folder that holds a file already, or a failure of the disk.
    /// Nothing is left behind.
    pub fn create(
        folder: &Path,
        new: NewCompany,
        nature: FileNature,
        parts: Parts,
    ) -> Result<Self, Error> {
        let logo = new.logo_path.as_deref().map(read_logo).transpose()?;
        let file = CompanyFile::create(folder, parts.now())?;
        let row = CompanyRow {
            file_id: FileId::new(parts.uuid()),
            nature,
            company: new.company,
            logo,
        };
        let now = parts.now();
        file.write(|writer| {
            writer.insert_company(&row, now)?;
            let body = format!("{}\n{}", row.file_id, row.company.siret).into_bytes();
            writer.append_audit(parts.actor(), "file_created", body, now)
        })?;
        Ok(Self {
            file,
            parts,
            reads: crate::background::Reads::default(),
        })
    }

    /// Opens the company file of `folder`.
    ///
    /// # Errors
    /// No file there, a damaged one, or one written by a newer version.
    pub fn open(folder: &Path, parts: Parts) -> Result<Self, Error> {
        let file = CompanyFile::open(folder, parts.now())?;
        let acquit = Self {
            file,
            parts,
            reads: crate::background::Reads::default(),
        };
        acquit.company_row()?;
        Ok(acquit)
    }

    /// Calls `observer` at both ends of each transaction that changes something, for a simulation (see
    /// [`CompanyFile::observe`]); `false` if somebody observes already.
    pub fn observe_transactions(&self, observer: Box<dyn Fn(Boundary) + Send + Sync>) -> bool {
        self.file.observe(observer)
    }

    /// Nothing of this file need last, if it lies in the computer's memory (see
    /// [`CompanyFile::forget_durability`]).
    ///
    /// # Errors
    /// A failure of the file.
    pub fn forget_durability(&self) -> Result<bool, Error> {
        Ok(self.file.forget_durability()?)
    }

    /// The company as of now.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn company(&self) -> Result<Company, Error> {
        let today = self.parts.today();
        self.file.read(|reader| company_on(reader, today))
    }

    /// Changes the company: documents to come are issued by it as it is now. With a path, its logo
    /// is read anew. Another basis of VAT holds from today on, or from the day of the last document (see
    /// [`Acquit::set_vat_basis`]).
    ///
    /// # Errors
    /// A logo that cannot be read.
    pub fn update_company(&self, new: NewCompany) -> Result<(), Error> {
        let logo = new.logo_path.as_deref().map(read_logo).transpose()?;
        self.file.write(|writer| {
            let before = company_of(writer)?;
            let logo = logo.or(before.logo);
            let (today, basis) = (self.parts.today(), new.company.vat_basis);
            if company_on(writer, today)?.vat_basis != basis {
                self.date_vat_basis(writer, basis, basis_from(writer, today)?)?;
            }
            writer.update_company(&new.company, logo.as_deref())?;
            self.audit(writer, "company_changed", &new.company)
        })
    }

    /// The company's logo as it was read.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn logo(&self) -> Result<Option<Vec<u8>>, Error> {
        self.company_row().map(|row| row.logo)
    }

    /// Path of the company file.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// What the file is for.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn nature(&self) -> Result<FileNature, Error> {
        self.company_row().map(|row| row.nature)
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> jiff::Timestamp {
        self.parts.now()
    }

    /// Today in France.
    #[must_use]
    pub fn today(&self) -> jiff::civil::Date {
        self.parts.today()
    }

    pub(crate) fn company_row(&self) -> Result<CompanyRow, Error> {
        self.file.read(company_of)
    }
}

/// The company of an open file; a file without one was left by a crash while it was made.
pub(crate) fn company_of(reader: &acquit_store::Reader<'_>) -> Result<CompanyRow, Error> {
    reader.company()?.ok_or(Error::Inconsistent("company"))
}

/// The company as it issues documents on a day: the basis of VAT is that of the day.
pub(crate) fn company_on(reader: &acquit_store::Reader<'_>, day: Date) -> Result<Company, Error> {
    let company = company_of(reader)?.company;
    let vat_basis = reader.vat_basis_on(day)?.unwrap_or(company.vat_basis);
    Ok(Company {
        vat_basis,
        ..company
    })
}

fn read_logo(path: &Path) -> Result<Vec<u8>, Error> {
    let io = |source| Error::Io {
        path: path.to_owned(),
        source,
    };
    if fs::metadata(path).map_err(io)?.len() > LOGO_BYTES_MAX as u64 {
        let most = LOGO_BYTES_MAX;
        return Err(Error::UnreadableLogo(
            acquit_document::Error::LogoTooHeavy { most },
        ));
    }
    let bytes = fs::read(path).map_err(io)?;
    Logo::read(&bytes).map_err(Error::UnreadableLogo)?;
    Ok(bytes)
}
