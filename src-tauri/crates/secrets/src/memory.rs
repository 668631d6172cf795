//! Secrets that vanish with the process: demonstration company and tests, chosen by name, never a
//! fallback.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use zeroize::Zeroizing;

use crate::{Error, Keychain, check};

/// A keychain in memory.
#[derive(Default)]
pub struct MemoryKeychain {
    items: Mutex<BTreeMap<String, Zeroizing<String>>>,
}

impl MemoryKeychain {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Each operation is one call on the map: after a panic elsewhere it is still whole.
    fn items(&self) -> MutexGuard<'_, BTreeMap<String, Zeroizing<String>>> {
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keychain for MemoryKeychain {
    fn get(&self, account: &str) -> Result<Option<Zeroizing<String>>, Error> {
        check(account, None)?;
        Ok(self.items().get(account).cloned())
    }

    fn set(&self, account: &str, secret: &str) -> Result<(), Error> {
        check(account, Some(secret))?;
        self.items()
            .insert(account.to_owned(), Zeroizing::new(secret.to_owned()));
        Ok(())
    }

    fn delete(&self, account: &str) -> Result<(), Error> {
        check(account, None)?;
        self.items().remove(account);
        Ok(())
    }
}

impl fmt::Debug for MemoryKeychain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MemoryKeychain")
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::MemoryKeychain;
    use crate::{Error, Keychain};

    #[test]
    fn what_is_kept_is_told_replaced_and_forgotten() {
        let keychain = MemoryKeychain::new();
        assert_eq!(keychain.get("a"), Ok(None));
        keychain.set("a", "one").unwrap();
        keychain.set("a", "two").unwrap();
        keychain.set("b", "other").unwrap();
        assert_eq!(keychain.get("a").unwrap().unwrap().as_str(), "two");
        keychain.delete("a").unwrap();
        keychain.delete("a").unwrap();
        assert_eq!(keychain.get("a"), Ok(None));
        assert_eq!(keychain.get("b").unwrap().unwrap().as_str(), "other");
        assert_eq!(keychain.set("", "x"), Err(Error::BadAccount));
    }

    #[test]
    fn it_prints_no_secret() {
        let keychain = MemoryKeychain::new();
        keychain.set("a", "sk_live_planted").unwrap();
        assert!(!format!("{keychain:?} {keychain:#?}").contains("planted"));
    }
}
