//! Which addresses may be asked, shown and downloaded (`payment-links.md` § 5).

use std::fmt;
use std::net::SocketAddr;

use url::{Host, Url};

use crate::Error;

/// Where payment pages may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlPolicy {
    /// A real file: `https` on `payplug.com` or a subdomain.
    Payplug,
    /// A demonstration or *essai* file: `http` on a literal loopback address.
    Loopback,
}

/// The address of the API. Kept with the key in one keychain item, so that a changed file cannot
/// send the key elsewhere.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseAddress {
    text: String,
    policy: UrlPolicy,
}

const PAYPLUG: &str = "https://api.payplug.com";

impl BaseAddress {
    /// PayPlug's own.
    #[must_use]
    pub fn payplug() -> Self {
        Self {
            text: PAYPLUG.to_owned(),
            policy: UrlPolicy::Payplug,
        }
    }

    /// A simulator on this machine: `http://127.0.0.1:4242` or `http://[::1]:4242`. A name, another
    /// notation of the address, a user, a path or a query are refused.
    ///
    /// # Errors
    /// [`Error::Address`].
    pub fn loopback(text: &str) -> Result<Self, Error> {
        let socket = text
            .strip_prefix("http://")
            .and_then(|rest| rest.parse::<SocketAddr>().ok())
            .ok_or(Error::Address)?;
        // Without the scope that an IPv6 address may carry.
        let canonical = format!("http://{}", SocketAddr::new(socket.ip(), socket.port()));
        if !socket.ip().is_loopback() || socket.port() == 0 || canonical != text {
            return Err(Error::Address);
        }
        Ok(Self {
            text: canonical,
            policy: UrlPolicy::Loopback,
        })
    }

    /// Reads what [`BaseAddress::as_str`] gave.
    ///
    /// # Errors
    /// [`Error::Address`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text == PAYPLUG {
            Ok(Self::payplug())
        } else {
            Self::loopback(text)
        }
    }

    /// The address, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where the payment pages of this API may be.
    #[must_use]
    pub const fn policy(&self) -> UrlPolicy {
        self.policy
    }
}

impl fmt::Debug for BaseAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "BaseAddress({})", self.text)
    }
}

/// Greatest length of an address taken from an answer, in bytes.
pub(crate) const URL_MAX_BYTES: usize = 500;

/// Accepts a payment page's address before it reaches a PDF, a mail or the opener, in the form that
/// a browser would resolve it to.
///
/// # Errors
/// [`Error::Address`].
pub fn accept_payment_url(url: &str, nature: UrlPolicy) -> Result<String, Error> {
    let parsed = parse(url, URL_MAX_BYTES)?;
    let accepted = match nature {
        UrlPolicy::Payplug => {
            parsed.scheme() == "https"
                && parsed.port().is_none()
                && matches!(parsed.host(), Some(Host::Domain(name)) if is_payplug(name))
        }
        UrlPolicy::Loopback => is_loopback(&parsed),
    };
    if accepted {
        Ok(parsed.into())
    } else {
        Err(Error::Address)
    }
}

/// Accepts the address of an accounting report: any `https`, or loopback where the API is there
/// too.
pub(crate) fn accept_report_url(url: &str, nature: UrlPolicy) -> Result<Url, Error> {
    let parsed = parse(url, REPORT_URL_MAX_BYTES)?;
    let accepted = match nature {
        UrlPolicy::Payplug => parsed.scheme() == "https",
        UrlPolicy::Loopback => is_loopback(&parsed),
    };
    if accepted {
        Ok(parsed)
    } else {
        Err(Error::Address)
    }
}

/// Signed addresses of object stores are long.
pub(crate) const REPORT_URL_MAX_BYTES: usize = 4_096;

/// Refuses what a browser and a person could read differently: blanks and controls that parsers
/// drop, backslashes, a user before the host, and a host that is written with escapes.
fn parse(url: &str, max_bytes: usize) -> Result<Url, Error> {
    let plain = url.len() <= max_bytes
        && url
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let parsed = plain
        .then(|| Url::parse(url).ok())
        .flatten()
        .ok_or(Error::Address)?;
    let authority = url
        .split("://")
        .nth(1)
        .and_then(|rest| rest.split(['/', '?', '#']).next());
    if authority.is_none_or(|authority| authority.is_empty() || authority.contains(['@', '%'])) {
        return Err(Error::Address);
    }
    Ok(parsed)
}

/// `payplug.com` or a subdomain with plain labels, as the parser wrote it.
fn is_payplug(name: &str) -> bool {
    let is_plain = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    name == "payplug.com"
        || name
            .strip_suffix(".payplug.com")
            .is_some_and(|sub| sub.split('.').all(is_plain))
}

/// `http` on an IP address; whichever notation it had, the parsed address carries the canonical
/// one.
fn is_loopback(url: &Url) -> bool {
    url.scheme() == "http"
        && match url.host() {
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            Some(Host::Domain(_)) | None => false,
        }
}

#[cfg(test)]
mod tests {
    use super::{BaseAddress, UrlPolicy, accept_payment_url, accept_report_url};
    use crate::Error;

    #[test]
    fn a_base_address_is_payplug_or_a_literal_loopback_address_with_its_port() {
        assert_eq!(BaseAddress::payplug().as_str(), "https://api.payplug.com");
        for good in [
            "http://127.0.0.1:80",
            "http://127.9.8.7:4242",
            "http://[::1]:4242",
        ] {
            let base = BaseAddress::loopback(good).unwrap();
            assert_eq!((base.as_str(), base.policy()), (good, UrlPolicy::Loopback));
            assert_eq!(BaseAddress::parse(good), Ok(base));
        }
        assert_eq!(
            BaseAddress::parse("https://api.payplug.com"),
            Ok(BaseAddress::payplug())
        );
        for bad in [
            "",
            "127.0.0.1:80",
            "http://localhost:80",
            "http://127.0.0.1",
            "http://127.0.0.1:0",
            "http://127.0.0.1:80/",
            "http://127.0.0.1:80/v1",
            "http://127.0.0.1:80?a=b",
            "http://u@127.0.0.1:80",
            "http://127.1:80",
            "http://2130706433:80",
            "http://10.0.0.1:80",
            "http://0.0.0.0:80",
            "http://[::ffff:127.0.0.1]:80",
            "http://[::]:80",
            "http://[::1%1]:80",
            "https://127.0.0.1:80",
            "HTTP://127.0.0.1:80",
            "http://127.0.0.1:080",
            "http://127.0.0.1.evil.example:80",
            "https://api.payplug.com/",
            "https://api.payplug.com.evil.example",
        ] {
            assert_eq!(BaseAddress::parse(bad), Err(Error::Address), "{bad}");
        }
    }

    #[test]
    fn a_payment_page_is_on_payplug() {
        for good in [
            "https://secure.payplug.com/pay/test/7Qd2mXkV9rTz4LbWcN1hYe",
            "https://www.payplug.com/p/0123",
            "https://payplug.com/x",
            "https://secure.payplug.com:443/x",
            "https://a.b.payplug.com/x",
            "https://secure.payplug.com/x?u=https://evil.example#@evil.example",
            "HTTPS://Secure.PayPlug.com/x",
        ] {
            assert!(
                accept_payment_url(good, UrlPolicy::Payplug).is_ok(),
                "{good}"
            );
            assert!(
                accept_payment_url(good, UrlPolicy::Loopback).is_err(),
                "{good}"
            );
        }
        for bad in [
            "",
            "http://secure.payplug.com/x",
            "https://secure.payplug.com:8443/x",
            "https://payplug.com.evil.example/x",
            "https://evilpayplug.com/x",
            "https://evil.example/secure.payplug.com",
            "https://secure.payplug.com@evil.example/x",
            "https://evil.example\\@secure.payplug.com/x",
            "https://u:p@secure.payplug.com/x",
            "https://@secure.payplug.com/x",
            "https://secure.payplug.com./x",
            "javascript:alert(1)",
            "https:secure.payplug.com",
            "https:///secure.payplug.com",
            "https://secure.pay\tplug.com/x",
            "https://secure.payplug.com/a b",
            " https://secure.payplug.com/x",
            "file:///etc/passwd",
            "https://sécure.payplug.com/x",
            "//secure.payplug.com/x",
            "https://secure.payplug%2ecom/x",
            "https://secure%2epayplug.com/x",
            "https://secure.payplug.com%2f@evil.example/x",
            "https://secure.payplug.com%00.evil.example/x",
            "https://xn--pyplug-cva.com/x",
            "https://secure.payplug.com.xn--vil-9la.example/x",
            "https://secure.payplug.co/x",
            "https://securepayplug.com/x",
            "https://payplug.com.fr/x",
            "https://.payplug.com/x",
            "https://secure..payplug.com/x",
            "https://127.0.0.1/x",
            "https://[::1]/x",
            "https://localhost/x",
            "https://payplug/x",
            "https://secure.payplug.com:0/x",
            "https://secure.payplug.com:80/x",
            "https://secure.payplug.com:99999/x",
            "ftp://secure.payplug.com/x",
            "wss://secure.payplug.com/x",
            "data:text/html,https://secure.payplug.com/x",
            &format!("https://secure.payplug.com/{}", "a".repeat(500)),
        ] {
            assert_eq!(
                accept_payment_url(bad, UrlPolicy::Payplug),
                Err(Error::Address),
                "{bad}"
            );
        }
        assert_eq!(
            accept_payment_url("HTTPS://Secure.PayPlug.com/x", UrlPolicy::Payplug).unwrap(),
            "https://secure.payplug.com/x"
        );
    }

    #[test]
    fn a_demonstrations_payment_page_is_on_loopback() {
        for good in [
            "http://127.0.0.1:4242/pay/x?token=y",
            "http://[::1]:4242/pay/x",
        ] {
            assert_eq!(accept_payment_url(good, UrlPolicy::Loopback).unwrap(), good);
            assert_eq!(
                accept_payment_url(good, UrlPolicy::Payplug),
                Err(Error::Address)
            );
        }
        for bad in [
            "http://localhost:4242/x",
            "https://127.0.0.1:4242/x",
            "http://127.0.0.1.evil.example/x",
            "http://u@127.0.0.1:4242/x",
            "http://192.168.1.1/x",
            "ftp://127.0.0.1/x",
        ] {
            assert_eq!(
                accept_payment_url(bad, UrlPolicy::Loopback),
                Err(Error::Address),
                "{bad}"
            );
        }
    }

    #[test]
    fn a_report_is_https_or_loopback() {
        let signed = format!(
            "https://store.example/r.csv?signature={}",
            "a".repeat(2_000)
        );
        assert!(accept_report_url(&signed, UrlPolicy::Payplug).is_ok());
        assert!(accept_report_url("http://127.0.0.1:1/r.csv", UrlPolicy::Loopback).is_ok());
        for (bad, policy) in [
            ("http://store.example/r.csv", UrlPolicy::Payplug),
            ("http://127.0.0.1:1/r.csv", UrlPolicy::Payplug),
            ("https://u:p@store.example/r.csv", UrlPolicy::Payplug),
            ("https://store.example/r.csv", UrlPolicy::Loopback),
            ("file:///etc/passwd", UrlPolicy::Loopback),
        ] {
            assert_eq!(
                accept_report_url(bad, policy).unwrap_err(),
                Error::Address,
                "{bad}"
            );
        }
    }
}
