//! What somebody must look at: payments at PayPlug that are not here, and payments on which PayPlug
//! and the file disagree. Looking at one changes no money; it is recorded who did.

use acquit_domain::remote::PaymentId;
use acquit_store::{AnomalyRow, Stranger};

use crate::{Acquit, Error};

impl Acquit {
    /// Payments at PayPlug that are not here and nobody dismissed, newest first.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn strangers(&self) -> Result<Vec<Stranger>, Error> {
        Ok(self.file.read(|reader| reader.strangers())?)
    }

    /// Somebody has looked at a stranger. It is shown again only if it is paid later.
    ///
    /// # Errors
    /// [`Error::NothingToResolve`].
    pub fn dismiss_stranger(&self, payment: &PaymentId) -> Result<(), Error> {
        self.file.write(|writer| {
            if !writer.dismiss_stranger(payment, self.parts.now())? {
                return Err(Error::NothingToResolve(payment.to_string()));
            }
            self.audit(writer, "stranger_dismissed", payment)
        })
    }

    /// Payments on which PayPlug and the file disagree and nobody has looked at, oldest first.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn anomalies(&self) -> Result<Vec<AnomalyRow>, Error> {
        Ok(self.file.read(|reader| reader.open_anomalies())?)
    }

    /// Somebody has looked at an anomaly. It is shown again only if PayPlug says something else.
    ///
    /// # Errors
    /// [`Error::NothingToResolve`].
    pub fn resolve_anomaly(&self, code: &str, payment: &str) -> Result<(), Error> {
        self.file.write(|writer| {
            if !writer.resolve_anomaly(code, payment, self.parts.now())? {
                return Err(Error::NothingToResolve(payment.to_owned()));
            }
            self.audit(writer, "anomaly_resolved", &(code, payment))
        })
    }
}
