//! The operating system's keychain: the only place where Acquit keeps a secret.
//!
//! One item is one text, composed by `app` (PayPlug's base address and key travel in one item, so
//! that a changed file cannot send a key elsewhere). No kernel keyring, mock or file ever stands in
//! for the keychain: where none answers, the caller gets [`Error::NoService`].

mod error;
mod memory;
mod system;

pub use error::Error;
pub use memory::MemoryKeychain;
pub use system::{Patience, SystemKeychain};
use zeroize::Zeroizing;

/// Under which service every item of Acquit stands in the keychain.
pub const SERVICE: &str = "fr.acquit";

/// Greatest length of a secret, in bytes of UTF-8: Windows' Credential Manager keeps 2 560 at most,
/// so that a file moved between systems never meets a narrower keychain.
pub const SECRET_MAX_BYTES: usize = 2_560;

/// Greatest length of an account name, in bytes.
pub const ACCOUNT_MAX_BYTES: usize = 200;

/// Secrets by account name (file id and mode, composed by `app`).
///
/// The calls block, for as long as the user takes to answer the system's question: from
/// asynchronous code they belong in `tokio::task::spawn_blocking`.
pub trait Keychain: Send + Sync {
    /// The secret of an account; `None` where there is none.
    ///
    /// # Errors
    /// Why the keychain did not tell.
    fn get(&self, account: &str) -> Result<Option<Zeroizing<String>>, Error>;

    /// Keeps a secret, in place of an earlier one.
    ///
    /// # Errors
    /// Why the keychain did not take it.
    fn set(&self, account: &str, secret: &str) -> Result<(), Error>;

    /// Forgets a secret; that there is none is fine.
    ///
    /// # Errors
    /// Why the keychain did not forget it.
    fn delete(&self, account: &str) -> Result<(), Error>;
}

/// The bounds that hold for every keychain, so that none accepts what another refuses.
fn check(account: &str, secret: Option<&str>) -> Result<(), Error> {
    let named = (1..=ACCOUNT_MAX_BYTES).contains(&account.len())
        && account.bytes().all(|byte| byte.is_ascii_graphic());
    if !named {
        return Err(Error::BadAccount);
    }
    match secret {
        Some(secret) if secret.is_empty() || secret.len() > SECRET_MAX_BYTES => {
            Err(Error::BadLength)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{ACCOUNT_MAX_BYTES, Error, SECRET_MAX_BYTES, check};

    #[test]
    fn account_names_and_secrets_are_bounded() {
        assert_eq!(check("0198c0de-live", Some("x")), Ok(()));
        assert_eq!(check(&"a".repeat(ACCOUNT_MAX_BYTES), None), Ok(()));
        for bad in ["", "a b", "a\n", "é", &"a".repeat(ACCOUNT_MAX_BYTES + 1)] {
            assert_eq!(check(bad, None), Err(Error::BadAccount), "{bad}");
        }
        assert_eq!(check("a", Some("")), Err(Error::BadLength));
        assert_eq!(check("a", Some(&"x".repeat(SECRET_MAX_BYTES))), Ok(()));
        assert_eq!(
            check("a", Some(&"x".repeat(SECRET_MAX_BYTES + 1))),
            Err(Error::BadLength)
        );
    }
}
