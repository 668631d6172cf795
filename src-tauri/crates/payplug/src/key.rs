//! The secret key of a PayPlug account.

use std::fmt;

use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

use crate::Error;

/// Far above what PayPlug gives out (24 or 32 characters after the prefix).
const MAX_BYTES: usize = 256;

/// A secret key, wiped from memory when dropped; printed as its prefix alone.
pub struct SecretKey {
    text: Zeroizing<String>,
    live: bool,
}

impl SecretKey {
    /// Reads `sk_live_…` or `sk_test_…`, with blanks around it as they come from a paste. Nothing
    /// but the prefix is documented, so the rest only has to fit a header.
    ///
    /// # Errors
    /// [`Error::NotAKey`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let live = text.starts_with("sk_live_");
        let rest = text
            .strip_prefix("sk_live_")
            .or_else(|| text.strip_prefix("sk_test_"));
        let valid = text.len() <= MAX_BYTES
            && rest.is_some_and(|rest| {
                !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic())
            });
        if !valid {
            return Err(Error::NotAKey);
        }
        Ok(Self {
            text: Zeroizing::new(text.to_owned()),
            live,
        })
    }

    /// Whether payments made with it move money.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.live
    }

    /// The key itself, for the keychain item that `app::payplug` composes, and for nothing else.
    #[must_use]
    pub fn reveal_for_keychain(&self) -> &str {
        &self.text
    }

    /// The header that carries it, marked so that no library prints or indexes it.
    pub(crate) fn authorization(&self) -> Result<HeaderValue, Error> {
        let text = Zeroizing::new(format!("Bearer {}", self.text.as_str()));
        let mut value = HeaderValue::from_str(&text).map_err(|_| Error::NotAKey)?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl fmt::Display for SecretKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.live {
            "sk_live_…"
        } else {
            "sk_test_…"
        })
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SecretKey({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::SecretKey;
    use crate::Error;

    #[test]
    fn the_prefix_tells_the_mode() {
        assert!(SecretKey::parse(" sk_live_abc123\n").unwrap().is_live());
        let test = SecretKey::parse("sk_test_ABC").unwrap();
        assert!(!test.is_live());
        assert_eq!(test.reveal_for_keychain(), "sk_test_ABC");
    }

    #[test]
    fn anything_else_is_no_key() {
        let long = format!("sk_live_{}", "a".repeat(256));
        for bad in [
            "",
            "sk_live_",
            "sk_test_",
            "pk_test_abc",
            "SK_LIVE_abc",
            "sk_live_a b",
            "sk_live_é",
            "sk_live_a\r\nX: y",
            &long,
        ] {
            assert_eq!(SecretKey::parse(bad).unwrap_err(), Error::NotAKey, "{bad}");
        }
    }

    #[test]
    fn it_prints_its_prefix_alone_and_its_header_is_sensitive() {
        let key = SecretKey::parse("sk_live_planted0123").unwrap();
        assert_eq!(format!("{key} {key:?}"), "sk_live_… SecretKey(sk_live_…)");
        assert!(!format!("{key:#?}").contains("planted"));
        let header = key.authorization().unwrap();
        assert!(header.is_sensitive());
        assert!(!format!("{header:?}").contains("planted"));
        assert_eq!(header.to_str().unwrap(), "Bearer sk_live_planted0123");
    }
}
