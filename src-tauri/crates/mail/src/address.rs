//! Addresses as servers want them: the host in ASCII (IDNA), the rest as it is.

use acquit_domain::text::Email;
use lettre::Address;

use crate::Error;

/// An address for envelope and headers.
///
/// # Errors
/// [`Error::NotComposed`] when no server could read it.
pub(crate) fn address(email: &Email) -> Result<Address, Error> {
    let (user, host) = email.as_str().rsplit_once('@').ok_or(Error::NotComposed)?;
    let host = url::Host::parse(host).map_err(|_| Error::NotComposed)?;
    Address::new(user, host.to_string()).map_err(|_| Error::NotComposed)
}

/// The host that an address on the web leads to.
#[must_use]
pub fn host_of(url: &str) -> Option<String> {
    url::Url::parse(url).ok()?.host_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::address;
    use acquit_domain::text::Email;

    #[test]
    fn hosts_become_ascii() {
        let of = |text: &str| address(&Email::parse(text).unwrap()).map(|found| found.to_string());
        assert_eq!(of("a@b.example").unwrap(), "a@b.example");
        assert_eq!(
            of("contact@électricité.example").unwrap(),
            "contact@xn--lectricit-93aj.example"
        );
        assert_eq!(of("hélène@b.example").unwrap(), "hélène@b.example");
        assert!(of("a@b c.example").is_ok(), "blanks are typing slips");
        assert!(of("a..b@b.example").is_err());
    }
}
