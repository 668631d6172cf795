//! Where a mailbox sends through, and how it is trusted.

use std::fmt;
use std::net::IpAddr;

use lettre::transport::smtp::client::{Certificate, CertificateStore, TlsParameters};
use zeroize::Zeroizing;

use crate::Error;

/// How the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// From the first byte (port 465; RFC 8314).
    Tls,
    /// After a first word in the clear (port 587).
    StartTls,
    /// Not at all: only to this computer.
    Plain,
}

impl Security {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Tls, Self::StartTls, Self::Plain];

    /// The stable word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Tls => "tls",
            Self::StartTls => "starttls",
            Self::Plain => "plain",
        }
    }
}

/// A server that takes mails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: Security,
}

impl Server {
    /// Whether it is this computer, by a literal address: a name could lead elsewhere.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.host
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
    }
}

/// Who sends.
pub struct Login {
    /// Name of the account, mostly the address.
    pub user: String,
    /// Its password.
    pub password: Zeroizing<String>,
}

impl fmt::Debug for Login {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Login").finish_non_exhaustive()
    }
}

/// Whose certificates are trusted: those that the system trusts, and one more where a test has its own.
#[derive(Clone, Debug, Default)]
pub struct Roots {
    more: Option<Vec<u8>>,
}

impl Roots {
    /// The system's, and the authority of this certificate (PEM).
    #[must_use]
    pub const fn with(pem: Vec<u8>) -> Self {
        Self { more: Some(pem) }
    }

    /// How the connection to `host` is verified: always in full.
    pub(crate) fn verifying(&self, host: &str) -> Result<TlsParameters, Error> {
        let mut tls =
            TlsParameters::builder(host.to_owned()).certificate_store(CertificateStore::Default);
        if let Some(pem) = &self.more {
            let authority = Certificate::from_pem(pem).map_err(|_| Error::BadCertificate)?;
            tls = tls.add_root_certificate(authority);
        }
        tls.build_rustls().map_err(|_| Error::BadCertificate)
    }
}

#[cfg(test)]
mod tests {
    use super::{Login, Security, Server};
    use zeroize::Zeroizing;

    #[test]
    fn only_literal_addresses_are_this_computer() {
        let is_loopback = |host: &str| {
            Server {
                host: host.to_owned(),
                port: 25,
                security: Security::Plain,
            }
            .is_loopback()
        };
        assert!(is_loopback("127.0.0.1") && is_loopback("::1"));
        assert!(!is_loopback("localhost") && !is_loopback("192.168.1.2"));
    }

    #[test]
    fn a_login_prints_nothing() {
        let login = Login {
            user: "planted-user".to_owned(),
            password: Zeroizing::new("planted-password".to_owned()),
        };
        assert!(!format!("{login:?}").contains("planted"));
    }
}
